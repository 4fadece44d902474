"""What tasks, milestones and complaints get when they are written, and what an import says of payments."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _, in_every_language
from expo_app.model import (
    Achievement,
    ComplaintState,
    Deal,
    DealMilestone,
    Expo,
    Interest,
    MilestoneKind,
    Pitch,
    ProgrammeItem,
)
from expo_app.model import TaskState as State
from expo_app.rules import amounts
from expo_app.services import numbers
from expo_app.services.exhibitors_rules import exhibitors_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, find_by, in_parts, name_recurs, write_rows
from expo_app.services.tenant_rules import link_tenants
from expo_app.specs import EXPOS, ORGANISATIONS, PITCHES, TASKS, PlanRow, RecordSpec

TASK, COMPLAINT = "T", "C"
"""First letters of printed numbers: T-001."""
FILED = ("name", "starts_on", "ends_on", "net_area", "gross_area")
"""What an expo was filed with, beside its venues."""
REGISTERED = N_("专利转让登记")
"""The milestone that the transfer of a patent waits for."""
PATENT_DAY = "patent_registered_on"
"""The same of a deal: one fact, whichever way it comes in."""
_milestone = DealMilestone.__table__


def fill_in_tasks(writer: Writer, drafts: list[Draft]) -> None:
    """A number, who entered it when, the exhibitor or pitch it names, the day it was done."""
    number_new(writer, drafts, "task_no", TASK)
    _link(writer, drafts, "exhibitor", _exhibitors, _("没有参展商“{name}”。"))
    _link(writer, drafts, "pitch", _pitches, _("没有路演项目“{name}”。"))
    link_tenants(writer, drafts)
    _concern_pitches(writer, drafts)
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("created_at", writer.now)
            draft.values.setdefault("created_by", writer.db.actor.name)
            if draft.values.get("done_on") is not None and draft.values.get("state") is None:
                draft.values["state"] = State.DONE
        _end(writer, draft, "state", State.OPEN, "done_on")


def _concern_pitches(writer: Writer, drafts: Sequence[Draft]) -> None:
    """A task that comes of an interest concerns its pitch."""
    came = [draft for draft in drafts if draft.values.get("interest_id") and not draft.gives("pitch")]
    pitches = writer.rows(Interest.__table__, {draft.values["interest_id"] for draft in came})
    for draft in came:
        draft.values["pitch_id"] = pitches[draft.values["interest_id"]]["pitch_id"]


def fill_in_milestones(writer: Writer, drafts: list[Draft]) -> None:
    """Its place among those of its deal; what was paid without a word of the sum was paid as agreed."""
    next_places = _next_places(writer, {d.values["deal_id"] for d in drafts if d.is_new and d.values.get("deal_id")})
    for draft in drafts:
        if draft.is_new and "position" not in draft.values:
            deal = draft.values.get("deal_id")
            draft.values["position"] = next_places.get(deal, 0)
            next_places[deal] = next_places.get(deal, 0) + 1
        if draft.is_new and draft.get("done_on") is None and draft.get("title") in in_every_language(REGISTERED):
            draft.values["done_on"] = writer.session.scalar(
                select(Deal.patent_registered_on).where(Deal.id == draft.get("deal_id"))
            )
        is_paid = draft.get("kind") in (None, MilestoneKind.PAYMENT) and draft.get("done_on") is not None
        if is_paid and draft.changed("done_on") and draft.get("done_amount") is None:
            draft.values["done_amount"] = draft.get("amount")


def registration_of_patents(writer: Writer, drafts: list[Draft]) -> None:
    """The day a transfer was registered at the patent office is the deal's: from then on it holds (专利法 art. 10)."""
    names = ("deal_id", "title", "done_on")
    moved = [draft for draft in drafts if any(map(draft.changed, names))]
    keep_registration(writer, [(draft.old, {name: draft.get(name) for name in names}) for draft in moved])


def registration_goes(writer: Writer, rows: Iterable[Mapping[str, Any]]) -> None:
    """The same of milestones that were deleted."""
    keep_registration(writer, [(row, None) for row in rows])


def keep_registration(
    writer: Writer, moved: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]
) -> None:
    """The same of milestones as they were and as they are; what takes the day away takes back its own alone."""
    days: dict[uuid.UUID, list[date | None]] = {}
    for turned in moved:
        for at, row in enumerate(turned):
            if row is not None and row["title"] in in_every_language(REGISTERED):
                days.setdefault(row["deal_id"], [None, None])[at] = row["done_on"]
    deal = Deal.__table__
    for key, row in writer.rows(deal, days).items():
        old, new = days[key]
        if new is not None or (old is not None and row[PATENT_DAY] == old):
            writer.update(deal, key, row, {PATENT_DAY: new})


def registered_in_contract(writer: Writer, drafts: list[Draft]) -> None:
    """And the other way round: the day that a contract says is its milestone's."""
    days = {draft.record_id: draft.get(PATENT_DAY) for draft in drafts if draft.changed(PATENT_DAY)}
    named = select(_milestone).where(_milestone.c.title.in_(in_every_language(REGISTERED)))
    for part in in_parts(days):
        for row in writer.session.execute(named.where(_milestone.c.deal_id.in_(part))).mappings().all():
            writer.update(_milestone, row["id"], dict(row), {"done_on": days[row["deal_id"]]})


def fill_in_complaints(writer: Writer, drafts: list[Draft]) -> None:
    """A number, the exhibitor it names, the day it was closed."""
    number_new(writer, drafts, "complaint_no", COMPLAINT)
    _link(writer, drafts, "exhibitor", _exhibitors, _("没有参展商“{name}”。"))
    for draft in drafts:
        _end(writer, draft, "state", ComplaintState.OPEN, "closed_on")


def filed_again(writer: Writer, drafts: list[Draft]) -> None:
    """A filed expo whose name, days, venue or area change is filed again, told to exhibitors and made public: a task.

    上海市会展业条例 art. 22, 25.
    """
    for draft in drafts:
        if draft.is_new or not (draft.old or {}).get("filing_no"):
            continue
        changed = [EXPOS.field(name).title for name in FILED if draft.changed(name)]
        changed += [EXPOS.field("venues").title] if draft.gives("venues") else []
        if changed:
            words = _("变更备案：{what}改了，报主管部门，告知参展商并公布").format(what=_("、").join(changed))
            with writer.within(writer.session.get_one(Expo, draft.record_id)):
                write_rows(writer, TASKS, [(None, {"title": words[:200]}, 0)])


def number(letter: str, n: int) -> str:
    """T-001."""
    return f"{letter}-{n:03d}"


def number_new(writer: Writer, drafts: Sequence[Draft], name: str, letter: str) -> None:
    """New records get the next numbers of their expo; those given in a file are not drawn again."""
    expo, new = writer.expo, [draft for draft in drafts if draft.is_new]
    if expo is None or not new:
        return
    series, shape = f"{name} {expo.code}", re.compile(rf"{letter}-(\d{{1,9}})")
    given = [int(found[1]) for d in new if d.values.get(name) and (found := shape.fullmatch(d.values[name]))]
    if given:
        numbers.keep_clear(writer, series, max(given))
    unnumbered = [draft for draft in new if not draft.values.get(name)]
    if unnumbered:
        first = numbers.draw(writer, series, len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            draft.values[name] = number(letter, n)


def _end(writer: Writer, draft: Draft, state: str, open_: Any, day: str) -> None:
    """What ends now, and does not say when, ended today; what is taken up again has no end."""
    if not draft.changed(state) or writer.expo is None:
        return
    if draft.get(state) is open_:
        if not draft.is_new:
            draft.values.setdefault(day, None)
    elif draft.get(day) is None:
        draft.values[day] = writer.expo.local_day(writer.now)


def _link(
    writer: Writer,
    drafts: Sequence[Draft],
    name: str,
    known: Callable[[Writer, Collection[str]], Mapping[str, list[uuid.UUID]]],
    unknown: str,
) -> None:
    """What a field names is kept by its key; InvalidRecord for what is not there, or is there more than once."""
    naming = [draft for draft in drafts if draft.gives(name)]
    names = {draft.virtual[name] for draft in naming if draft.virtual[name]}
    found = known(writer, names) if names else {}
    for draft in naming:
        text = draft.virtual[name]
        ids = found.get(text, []) if text else [None]
        if not ids:
            raise InvalidRecord({name: unknown.format(name=text)}, draft.row)
        if len(ids) > 1:
            raise InvalidRecord({name: name_recurs(PITCHES, text)}, draft.row)
        draft.values[f"{name}_id"] = ids[0]


def _exhibitors(writer: Writer, names: Collection[str]) -> Mapping[str, list[uuid.UUID]]:
    bodies = find_by(writer, ORGANISATIONS, ORGANISATIONS.natural, names)
    there = exhibitors_of(writer, bodies.values())
    return {name: [there[body]] for name, body in bodies.items() if body in there}


def _pitches(writer: Writer, names: Collection[str]) -> Mapping[str, list[uuid.UUID]]:
    pitch, item, achievement = Pitch.__table__, ProgrammeItem.__table__, Achievement.__table__
    query = (
        select(achievement.c.title, pitch.c.id)
        .select_from(pitch.join(achievement, achievement.c.id == pitch.c.achievement_id))
        .join(item, item.c.id == pitch.c.item_id)
        .where(item.c.expo_id == (writer.expo.id if writer.expo else None))
    )
    found: dict[str, list[uuid.UUID]] = {}
    for part in in_parts(names):
        for title, key in writer.session.execute(query.where(achievement.c.title.in_(part))):
            found.setdefault(title, []).append(key)
    return found


def _next_places(writer: Writer, deals: Collection[Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for part in in_parts(deals):
        query = select(_milestone.c.deal_id, func.max(_milestone.c.position) + 1).group_by(_milestone.c.deal_id)
        found |= dict(writer.session.execute(query.where(_milestone.c.deal_id.in_(part))).all())
    return found


# --- what a list of payments adds up to -------------------------------------------------------------------------------
def above_amount(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Payments that come to more than their deal go in all the same, and the plan says so."""
    coming: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row.goes_in and row.values.get("amount") is not None:
            coming.setdefault(row.values["deal_id"], {})[row.values["title"]] = row.values["amount"]
    if not coming:
        return rows
    deal = Deal.__table__
    query = (
        select(deal.c.deal_no, deal.c.amount, _milestone.c.title, _milestone.c.amount)
        .select_from(deal.outerjoin(_milestone, _milestone.c.deal_id == deal.c.id))
        .where(deal.c.expo_id == expo_id, deal.c.amount.is_not(None))
    )
    planned: dict[str, dict[str, Decimal]] = {}
    wholes: dict[str, Decimal] = {}
    for part in in_parts(coming):
        for number_, whole, title, amount in session.execute(query.where(deal.c.deal_no.in_(part))):
            wholes[number_] = whole
            planned.setdefault(number_, {}).update({title: amount} if amount is not None else {})
    over = {
        number_: _over(total, wholes[number_])
        for number_, titles in coming.items()
        if number_ in wholes and (total := sum({**planned.get(number_, {}), **titles}.values())) > wholes[number_]
    }

    def reviewed(row: PlanRow) -> PlanRow:
        is_one = row.goes_in and row.values.get("amount") is not None and row.values["deal_id"] in over
        return row.noted(spec.field("amount").title, over[row.values["deal_id"]]) if is_one else row

    return tuple(map(reviewed, rows))


def _over(total: Decimal | int, whole: Decimal) -> str:
    words = _("各笔应付合计 {total}，超过成交额 {whole}，仍照此导入。")
    return words.format(total=amounts.in_words(Decimal(total)), whole=amounts.in_words(whole))
