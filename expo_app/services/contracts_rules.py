"""What a save or an import does with a technology contract's registration, and what it may not."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import (
    Deal,
    DealParty,
    DealPatent,
    DealRegistration,
    DealStage,
    DealStep,
    PartyRole,
    Registration,
    new_id,
)
from expo_app.rules.contract_completeness import Contract, findings, open_ones
from expo_app.rules.registry_lists import Lists
from expo_app.services.child_rows import sync_children
from expo_app.services.contracts import read_contracts
from expo_app.services.contracts_lists import lists_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts, write_rows
from expo_app.specs import ORGANISATIONS, Outcome, PlanRow, RecordSpec
from expo_app.specs.contracts import OF_THE_DEAL, PARTY_FIELDS, contradictions, read_patents
from expo_app.specs.deals import OF_LISTS, TERM, chosen_from

ENTERED = ("registration", "registry_no", "registered_on")
SUBMITTED = Registration.SUBMITTED
ANSWERS = (Registration.REGISTERED, Registration.RETURNED)
NOT_HERE = N_("登记簿里没有这份合同。先在成交台账登记签约，类型选技术合同，再登记。")
_party, _step = DealParty.__table__, DealRegistration.__table__


def here(session: Session, spec: RecordSpec) -> RecordSpec:
    """The register with the office's words as the file has them."""
    return chosen_from(lists_of(session), spec)


def as_signed(writer: Writer, drafts: list[Draft]) -> None:
    """A register entry is made by signing a deal, and what that says is changed there, with a reason."""
    for draft in drafts:
        if draft.is_new:
            raise InvalidRecord({"title": _(NOT_HERE)}, draft.row)
        changed = [n for n in OF_THE_DEAL if draft.changed(n)] + [n for n in ("sellers", "buyers") if draft.gives(n)]
        changed += [n for n in TERM if draft.changed(n) and (draft.old or {})[n] is not None]
        if changed:
            words = _("签约的项目在成交台账里改，要写明原因，这里不改。")
            raise InvalidRecord(dict.fromkeys(changed, words), draft.row)
        if _is_entered(draft):
            draft.values["registration"] = Registration.REGISTERED
        if draft.changed("registration"):
            _move_deal(draft)


def _is_entered(draft: Draft) -> bool:
    """Number and date came, and nobody said another state: the office has registered it."""
    came = any(draft.changed(name) and draft.get(name) for name in ("registry_no", "registered_on"))
    return came and all(map(draft.get, ("registry_no", "registered_on"))) and "registration" not in draft.values


def written_beside(writer: Writer, drafts: list[Draft]) -> None:
    """Patents, what is kept of the parties, and a step for every change of the registration."""
    _keep_bodies(writer, drafts)
    for draft in drafts:
        if draft.gives("patents"):
            rows = [{"position": n, **vars(patent)} for n, patent in enumerate(read_patents(draft.virtual["patents"]))]
            sync_children(writer, DealPatent.__table__, "deal_id", draft, rows, ("position",))
        _keep_step(writer, draft)


def _keep_step(writer: Writer, draft: Draft) -> None:
    state: Registration = draft.get("registration")
    said = any(draft.gives(name) for name in ("office_words", "correct_by"))
    if not (draft.changed("registration") or (said and state is Registration.RETURNED)):
        return
    today = writer.facts.today if writer.facts else None
    days = {
        Registration.SUBMITTED: draft.get("submitted_on"), Registration.REGISTERED: draft.get("registered_on"),
        Registration.RETURNED: draft.virtual.get("returned_on") or today, Registration.OPEN: today,
    }  # fmt: skip
    virtual: dict[str, Any] = {} if draft.changed("registration") else _last(writer, draft.record_id)
    virtual |= {name: draft.virtual[name] for name in ("office_words", "correct_by") if name in draft.virtual}
    step = {
        "id": new_id(), "deal_id": draft.record_id, "state": state, "on_date": days[state], "at": writer.now,
        "operator": writer.db.actor.name, "words": virtual.get("office_words") or "",
        "correct_by": virtual.get("correct_by"),
    }  # fmt: skip
    writer.insert(_step, [step])
    if draft.changed("stage"):
        _keep_stage(writer, draft)


def _last(writer: Writer, deal_id: uuid.UUID) -> dict[str, Any]:
    query = select(_step).where(_step.c.deal_id == deal_id, _step.c.state == Registration.RETURNED)
    row = writer.session.execute(query.order_by(_step.c.at.desc(), _step.c.id.desc()).limit(1)).first()
    return {"office_words": row.words, "correct_by": row.correct_by} if row else {}


def _move_deal(draft: Draft) -> None:
    """A registered contract is a registered deal; one that no longer is, is a signed one again."""
    is_registered = draft.get("registration") is Registration.REGISTERED
    moves = {(DealStage.SIGNED, True): DealStage.REGISTERED, (DealStage.REGISTERED, False): DealStage.SIGNED}
    if wanted := moves.get((draft.get("stage"), is_registered)):
        draft.values["stage"] = wanted


def _keep_stage(writer: Writer, draft: Draft) -> None:
    """A step in the deal's own history."""
    is_registered = draft.get("stage") is DealStage.REGISTERED
    step = {
        "id": new_id(), "deal_id": draft.record_id, "stage": draft.get("stage"), "entry": draft.get("entry"),
        "at": writer.now, "on_date": draft.get("registered_on") if is_registered else None,
        "operator": writer.db.actor.name, "reason": writer.reason[:200],
    }  # fmt: skip
    writer.insert(DealStep.__table__, [step])


def _keep_bodies(writer: Writer, drafts: Sequence[Draft]) -> None:
    """Code, nature and region belong to the first organisation of a side, and hold for its other contracts too.

    InvalidRecord where two contracts of one list say different things of it.
    """
    told: dict[uuid.UUID, dict[str, tuple[Any, str, int]]] = {}
    for draft in drafts:
        if not any(draft.gives(name) for name in PARTY_FIELDS):
            continue
        first = _first_parties(writer, draft.record_id)
        for name, (role, column) in PARTY_FIELDS.items():
            if not draft.gives(name) or role not in first:
                continue
            said = draft.virtual[name]
            value = "" if said is None and column == "nature" else said
            of = told.setdefault(first[role]["organisation_id"], {})
            if of.get(column, (value,))[0] != value:
                raise InvalidRecord({name: _("名单里另一行对这家单位写的不一样，核对后写成一样的。")}, draft.row)
            of[column] = (value, name, draft.row)
            if column == "nature" and first[role]["nature"]:
                writer.update(_party, first[role]["id"], first[role], {"nature": value}, draft.row)
    for key, columns in told.items():
        values = {column: value for column, (value, _name, _row) in columns.items()}
        row = max(row for _value, _name, row in columns.values())
        try:
            write_rows(writer, ORGANISATIONS, [(key, values, row)])
        except InvalidRecord as refused:
            names = {column: name for column, (_value, name, _row) in columns.items()}
            problems = {names.get(name, name): words for name, words in refused.problems.items()}
            raise InvalidRecord(problems, row) from refused


def _first_parties(writer: Writer, deal_id: uuid.UUID) -> dict[PartyRole, Mapping[str, Any]]:
    query = select(_party).where(_party.c.deal_id == deal_id).order_by(_party.c.position, _party.c.id)
    found: dict[PartyRole, Mapping[str, Any]] = {}
    for row in writer.session.execute(query).mappings():
        found.setdefault(row["role"], dict(row))
    return found


def reviewed(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """The office's sheet brings numbers, dates and states; a contract it alone knows, and other amounts, stay out."""
    lists, deal = lists_of(session), Deal.__table__
    ids = [row.record_id for row in rows if row.record_id]
    there: dict[uuid.UUID, Mapping[str, Any]] = {}
    for part in in_parts(ids):
        query = select(deal.c.id, *(deal.c[name] for name in ENTERED)).where(deal.c.id.in_(part))
        there |= {row["id"]: dict(row) for row in session.execute(query).mappings()}

    def review(row: PlanRow) -> PlanRow:
        if row.outcome is Outcome.NEW:
            return row.refused({"": _(NOT_HERE)})
        if row.outcome is Outcome.INVALID or row.record_id is None:
            return row
        return _noted(spec, _answered(spec, row, there[row.record_id]), lists)

    return _lacking_said(session, spec, tuple(map(review, rows)))


def _lacking_said(session: Session, spec: RecordSpec, rows: Rows) -> Rows:
    """What was handed in is so, whatever is missing here, and that it is missing is said."""
    state = "registration"
    found: dict[uuid.UUID, Contract] = {}
    handed_in = [row.record_id for row in rows if row.record_id and row.changes.get(state, ("", ""))[1] is SUBMITTED]
    for part in in_parts(handed_in):
        found |= read_contracts(session, Deal.__table__.c.id.in_(part))

    def say(row: PlanRow) -> PlanRow:
        if row.record_id not in found or row.outcome is not Outcome.CHANGED:
            return row
        contract = found[row.record_id]
        gaps = open_ones(findings(replace(contract, values={**contract.values, **row.values})))
        names = [one.label for one in gaps if one.field not in row.changes]
        words = _("还缺 {n} 项（{names}），照写已提交；在登记簿里补齐。")
        said = words.format(n=len(names), names=_("、").join(names[:5]) + (_("等") if len(names) > 5 else ""))
        return row.noted(spec.field(state).title, said) if names else row

    return tuple(map(say, rows))


def _noted(spec: RecordSpec, row: PlanRow, lists: Lists) -> PlanRow:
    """Other amounts and parties stay out, words that the office does not know come in, and both are said."""
    for name in (name for name in (*OF_THE_DEAL, *TERM) if name in row.changes):
        field, (old, _new) = spec.field(name), row.changes[name]
        if name in TERM and old is None:
            continue
        words = _("台账里是 {old}，这里不改；要改先到成交台账写明原因。").format(old=field.display(old))
        row = row.without(name).noted(field.title, words)
    for name, of in OF_LISTS.items():
        word = row.changes[name][1] if name in row.changes else None
        if word and word not in lists.names(of):
            words = _("“{word}”不在登记机构的{list}里，照写，登记材料里会提醒。")
            row = row.noted(spec.field(name).title, words.format(word=word, list=of.label))
    return row


def _answered(spec: RecordSpec, row: PlanRow, there: Mapping[str, Any]) -> PlanRow:
    """The office's answer takes the place of what was known; number and day together are one."""
    name = "registration"
    said = row.kept[name][1] if name in row.kept else row.values.get(name)
    came = {"registry_no", "registered_on"} & row.changes.keys()
    if said is None and came and all(row.values.get(one) for one in ("registry_no", "registered_on")):
        said = Registration.REGISTERED
    now, title = there[name], spec.field(name).title
    begins = now is Registration.OPEN  # what every contract begins with, not what somebody said
    is_news = said in ANSWERS or (begins and said is Registration.SUBMITTED)
    if not is_news or is_damaged(now) or now is Registration.REGISTERED or said is now:
        return row
    after = {**{one: None if is_damaged(there[one]) else there[one] for one in ENTERED}, **row.values, name: said}
    if problems := contradictions({one: after[one] for one in ENTERED}):
        why = {header: words for header, words in row.notes.items() if header != title}
        return row.refused({spec.field(one).title: words for one, words in problems.items()} | why)
    return replace(
        row,
        outcome=Outcome.CHANGED,
        values={**row.values, name: said},
        changes={**row.changes, name: (now, said)},
        kept={key: pair for key, pair in row.kept.items() if key != name},
        notes={header: words for header, words in row.notes.items() if header != title},
    )
