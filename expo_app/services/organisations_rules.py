"""Who is who: what an import says of organisations by name and credit code."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.i18n import _
from expo_app.model import Deal, DealParty, DealStage, Entry, Organisation
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer
from expo_app.services.words import terms_of, word_keyed
from expo_app.specs import ORGANISATION_KINDS, PlanRow, RecordSpec

USUAL = "enterprise"
"""The key of the kind an organisation is taken for as long as neither somebody nor its name says."""
GOVERNMENT, OF_STATE = "government", re.compile(r"(?:人民政府|管委会|管理委员会|[^电邮]局)$|People's Government")


def usual_kind(writer: Writer, drafts: list[Draft]) -> None:
    """A new organisation is an enterprise unless it is said what it is, or its name is that of an authority."""
    unsaid = [draft for draft in drafts if draft.is_new and draft.values.get("kind_id") is None]
    kinds = {key: word_keyed(writer.session, ORGANISATION_KINDS, key) for key in (USUAL, GOVERNMENT) if unsaid}
    for draft in unsaid:
        is_state = OF_STATE.search(draft.values.get("name") or "")
        draft.values["kind_id"] = (is_state and kinds[GOVERNMENT]) or kinds[USUAL]


def as_provider_says(writer: Writer, drafts: list[Draft]) -> None:
    """A body that a list brings in with its service is of the kind that the list says of it, where it is one."""
    table = Organisation.__table__
    made = {row["id"]: row for row in writer.pending(table)}
    told = [(made[key], draft.get("kind")) for draft in drafts if (key := draft.get("organisation_id")) in made]
    if not told:
        return
    usual = word_keyed(writer.session, ORGANISATION_KINDS, USUAL)
    kinds = terms_of(writer.session, ORGANISATION_KINDS, None)
    for row, said in told:
        if row["kind_id"] == usual and (kind := kinds.called(said)):
            row["kind_id"] = kind.id


def kept_apart(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Names and credit codes: two bodies are never mixed up, and a body that gets another name is said so."""
    prefix = "organisation." if spec.name == "exhibitors" else ""
    name_field, code_field = f"{prefix}name", f"{prefix}credit_code"
    if not any(code_field in row.values for row in rows):
        return rows
    table = Organisation.__table__
    known = session.execute(select(table.c.id, table.c.name, table.c.credit_code)).all()
    by_name, by_code = {row.name: row for row in known}, {row.credit_code: row for row in known if row.credit_code}
    signed = _signed(session)
    claimed: dict[str, tuple[str, int]] = {}

    def reviewed(row: PlanRow) -> PlanRow:
        if not row.goes_in:
            return row
        name, code = row.values.get(name_field), row.values.get(code_field)
        now, of_code = by_name.get(name), by_code.get(code)
        earlier = claimed.setdefault(name, (code, row.row)) if name and code else (code, row.row)
        header = spec.field(code_field).title
        if now and code and of_code not in (None, now):
            words = _("{code} 是“{other}”的，“{name}”是另一家。核对名称和代码。")
            return row.refused({header: words.format(code=code, other=of_code.name, name=name)})
        if now and code and now.credit_code not in (None, code):
            words = _("“{name}”登记的是 {other}，与这一行不同。核对名称和代码。")
            return row.refused({header: words.format(name=name, other=now.credit_code)})
        if earlier[0] != code:
            return row.refused({header: _("与第 {row} 行同名而代码不同。").format(row=earlier[1])})
        if of_code and name and of_code.name != name:
            return row.noted(spec.field(name_field).title, _renamed(of_code.name, name, signed.get(of_code.id, 0)))
        return row

    return tuple(map(reviewed, rows))


def _renamed(old: str, new: str, deals_signed: int) -> str:
    said = _("信用代码是“{old}”的，导入后它改名为“{new}”。").format(old=old, new=new)
    if not deals_signed:
        return said
    then = _("{n} 个已签约项目里的名字也随之改变。").format(n=deals_signed)
    return _("{first}{then}").format(first=said, then=then)


def _signed(session: Session) -> dict[uuid.UUID, int]:
    """How many signed deals each organisation is a party of."""
    party, deal = DealParty.__table__, Deal.__table__
    query = (
        select(party.c.organisation_id, func.count(func.distinct(deal.c.id)))
        .join(deal, deal.c.id == party.c.deal_id)
        .where(deal.c.stage != DealStage.INTENT, deal.c.entry != Entry.VOID)
        .group_by(party.c.organisation_id)
    )
    return dict(session.execute(query).all())
