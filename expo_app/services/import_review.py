"""What only the database can say of a plan: the rows it would refuse, and what others will notice of the rest.

Each of `REVIEWS` looks at the rows of one kind that would be written and gives them back, some of them refused or
with a note. What a save would refuse is refused here by the same rule.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    Badge,
    Booth,
    Deal,
    DealParty,
    DealStage,
    Entry,
    ItemKind,
    Organisation,
    ProgrammeItem,
)
from expo_app.rules import duplicates
from expo_app.rules.duplicates import DealFacts
from expo_app.services import deals
from expo_app.services.hooks import booth_numbers
from expo_app.services.records import values_of
from expo_app.specs import DEALS, EXHIBITORS, SPECS, ImportPlan, Outcome, PlanRow
from expo_app.specs.floor import state_problem
from expo_app.specs.people import is_in_hand
from expo_app.specs.programme import LOCKED, PLACED, not_a_roadshow
from expo_app.store.database import Database

Rows = tuple[PlanRow, ...]
Review = Callable[[Session, uuid.UUID, str, Rows], Rows]


def review(db: Database, plan: ImportPlan, expo_id: uuid.UUID | None) -> ImportPlan:
    """The plan with rows refused, and others noted, for what there is in the database."""
    rows = plan.rows
    if expo_id is None or plan.spec not in REVIEWS or not any(map(_goes_in, rows)):
        return plan
    with db.reading() as session:
        for look in REVIEWS[plan.spec]:
            rows = look(session, expo_id, plan.spec, rows)
    return replace(plan, rows=rows)


def _goes_in(row: PlanRow) -> bool:
    return row.outcome in (Outcome.NEW, Outcome.CHANGED)


def _title(spec: str, name: str) -> str:
    return SPECS[spec].field(name).title


def _noted(row: PlanRow, header: str, note: str) -> PlanRow:
    return replace(row, notes={**row.notes, header: note})


def _without(row: PlanRow, name: str) -> PlanRow:
    """The row without what it says of one field."""
    values = {key: value for key, value in row.values.items() if key != name}
    changes = {key: change for key, change in row.changes.items() if key != name}
    is_same = row.outcome is Outcome.CHANGED and not changes
    return replace(row, values=values, changes=changes, outcome=Outcome.SAME if is_same else row.outcome)


# --- exhibitors and their booths --------------------------------------------------------------------------------------
def _booths(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """Booths that are somebody else's, or given twice in the file."""
    booth = Booth.__table__
    query = select(booth.c.number, booth.c.exhibitor_id).where(booth.c.expo_id == expo_id)
    holders = dict(session.execute(query).all())
    claimed: dict[str, int] = {}

    def reviewed(row: PlanRow) -> PlanRow:
        value = row.values.get("booths") if _goes_in(row) else None
        problem = _booth_problem(value, row, holders, claimed) if value else ""
        return row.refused({_title(spec, "booths"): problem}) if problem else row

    return tuple(map(reviewed, rows))


def _booth_problem(value: str, row: PlanRow, holders: Mapping[str, uuid.UUID | None], claimed: dict[str, int]) -> str:
    for number in booth_numbers(value):
        if holders.get(number) not in (None, row.record_id):
            return _("展位 {number} 已分给别家，先腾出再分配。").format(number=number)
        if claimed.setdefault(number, row.row) != row.row:
            return _("展位 {number} 与第 {row} 行重复。").format(number=number, row=claimed[number])
    return ""


def _mains(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """Co-exhibitors whose main exhibitor there is not, nor comes with a row that goes in."""
    if not any("main" in row.values for row in rows):
        return rows
    named = EXHIBITORS.field("organisation.name")
    there = {row[1] for row in session.execute(EXHIBITORS.query((named,), expo_id))}
    there |= {row.values.get(named.name) for row in rows if row.outcome is not Outcome.INVALID}

    def reviewed(row: PlanRow) -> PlanRow:
        main = row.values.get("main")
        if main is None or main in there or not _goes_in(row):
            return row
        return row.refused({_title(spec, "main"): _("没有参展商“{name}”。").format(name=main)})

    return tuple(map(reviewed, rows))


def _booth_states(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """The state of a booth follows who stands in it: what a file says against that is left out."""
    booth = Booth.__table__
    taken = dict(session.execute(select(booth.c.id, booth.c.exhibitor_id).where(booth.c.expo_id == expo_id)).all())

    def reviewed(row: PlanRow) -> PlanRow:
        if not _goes_in(row) or (row.outcome is Outcome.CHANGED and "state" not in row.changes):
            return row
        problem = state_problem(row.values.get("state"), bool(row.record_id and taken.get(row.record_id)))
        note = _("{reason}其余照常导入。").format(reason=problem)
        return _noted(_without(row, "state"), _title(spec, "state"), note) if problem else row

    return tuple(map(reviewed, rows))


# --- who is who -------------------------------------------------------------------------------------------------------
def _organisations(session: Session, _expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """Names and credit codes: two bodies are never mixed up, and a body that gets another name is said so."""
    prefix = "organisation." if spec == "exhibitors" else ""
    name_field, code_field = f"{prefix}name", f"{prefix}credit_code"
    if not any(code_field in row.values for row in rows):
        return rows
    table = Organisation.__table__
    known = session.execute(select(table.c.id, table.c.name, table.c.credit_code)).all()
    by_name, by_code = {row.name: row for row in known}, {row.credit_code: row for row in known if row.credit_code}
    signed = _signed(session)
    claimed: dict[str, tuple[str, int]] = {}

    def reviewed(row: PlanRow) -> PlanRow:
        if not _goes_in(row):
            return row
        name, code = row.values.get(name_field), row.values.get(code_field)
        now, of_code = by_name.get(name), by_code.get(code)
        earlier = claimed.setdefault(name, (code, row.row)) if name and code else (code, row.row)
        header = _title(spec, code_field)
        if now and code and of_code not in (None, now):
            words = _("{code} 是“{other}”的，“{name}”是另一家。核对名称和代码。")
            return row.refused({header: words.format(code=code, other=of_code.name, name=name)})
        if now and code and now.credit_code not in (None, code):
            words = _("“{name}”登记的是 {other}，与这一行不同。核对名称和代码。")
            return row.refused({header: words.format(name=name, other=now.credit_code)})
        if earlier[0] != code:
            return row.refused({header: _("与第 {row} 行同名而代码不同。").format(row=earlier[1])})
        if of_code and name and of_code.name != name:
            return _noted(row, _title(spec, name_field), _renamed(of_code.name, name, signed.get(of_code.id, 0)))
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


def _badges_in_hand(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """Another name for a number whose badge somebody wears already."""
    if not any("person.name" in row.changes for row in rows):
        return rows
    badge, attendee = Badge.__table__, Attendee.__table__
    query = (
        select(attendee.c.id, attendee.c.badge_no)
        .join(badge, badge.c.attendee_id == attendee.c.id)
        .where(attendee.c.expo_id == expo_id, badge.c.revoked_at.is_(None), is_in_hand())
    )
    in_hand = dict(session.execute(query).all())
    words = _("{no} 的胸卡已由{old}领走，导入后这个号改成{new}，领走的卡照旧有效。换人请用“补发”。")

    def reviewed(row: PlanRow) -> PlanRow:
        if not _goes_in(row) or "person.name" not in row.changes or row.record_id not in in_hand:
            return row
        old, new = row.changes["person.name"]
        note = words.format(no=in_hand[row.record_id], old=old, new=new)
        return _noted(row, _title(spec, "person.name"), note)

    return tuple(map(reviewed, rows))


# --- programme and pitches --------------------------------------------------------------------------------------------
def _locked(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """Items that are locked stay where they are."""
    query = select(ProgrammeItem.id).where(ProgrammeItem.expo_id == expo_id, ProgrammeItem.is_locked)
    locked = set(session.scalars(query))

    def reviewed(row: PlanRow) -> PlanRow:
        moved = next((name for name in PLACED if name in row.changes), "")
        is_refused = _goes_in(row) and moved and row.record_id in locked
        return row.refused({_title(spec, moved): _(LOCKED)}) if is_refused else row

    return tuple(map(reviewed, rows))


def _roadshows(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """Pitches belong to a roadshow."""
    query = select(ProgrammeItem.title).where(ProgrammeItem.expo_id == expo_id, ProgrammeItem.kind != ItemKind.ROADSHOW)
    others = set(session.scalars(query))

    def reviewed(row: PlanRow) -> PlanRow:
        item = row.values.get("item_id")
        is_refused = _goes_in(row) and item in others
        return row.refused({_title(spec, "item_id"): not_a_roadshow(str(item))}) if is_refused else row

    return tuple(map(reviewed, rows))


# --- deals ------------------------------------------------------------------------------------------------------------
def _repeated_deals(session: Session, expo_id: uuid.UUID, spec: str, rows: Rows) -> Rows:
    """A valid entry that may repeat another comes in to be checked: the form would have asked."""
    asked = [row for row in rows if _goes_in(row) and row.values.get("entry") is Entry.VALID]
    asked = [row for row in asked if row.outcome is Outcome.NEW or "entry" in row.changes]
    if not asked:
        return rows
    own = {row.record_id for row in asked if row.record_id}
    there = [fact for fact in deals.read_facts(session, expo_id) if fact.id not in own]
    coming = _facts_of(session, asked)
    number = {id(fact): row.row for fact, row in zip(coming, asked, strict=True)}
    notes: dict[int, str] = {}
    for suspicion in duplicates.pairs([*there, *coming]):
        if id(suspicion.deal) in number:
            notes.setdefault(number[id(suspicion.deal)], _repeats(suspicion, number.get(id(suspicion.other))))

    def reviewed(row: PlanRow) -> PlanRow:
        if row.row not in notes:
            return row
        checked = replace(row, values={**row.values, "entry": Entry.CHECK})
        if row.outcome is Outcome.CHANGED:
            old = row.changes["entry"][0]
            checked = replace(checked, changes={**row.changes, "entry": (old, Entry.CHECK)})
            checked = _without(checked, "entry") if old is Entry.CHECK else checked
        return _noted(checked, _title(spec, "entry"), notes[row.row])

    return tuple(map(reviewed, rows))


def _facts_of(session: Session, rows: Sequence[PlanRow]) -> list[DealFacts]:
    """The deals of these rows as the duplicate check sees them, entered after those that are there."""
    entered = []
    for row in rows:
        there = values_of(session, DEALS, row.record_id, masked=False) if row.record_id else {}
        entered.append((row.record_id, {**there, **row.values}))
    found = deals.facts_of(session, entered)
    return [replace(fact, order=f"~{row.row:09}") for fact, row in zip(found, rows, strict=True)]


def _repeats(suspicion: duplicates.Suspicion, other_row: int | None) -> str:
    other = suspicion.other
    where = _("第 {row} 行").format(row=other_row) if other_row else other.deal_no
    words = _("可能与 {no}「{title}」重复（{why}），按“待核对”导入。")
    return words.format(no=where, title=other.title, why=suspicion.text)


REVIEWS: Mapping[str, tuple[Review, ...]] = {
    "exhibitors": (_organisations, _booths, _mains),
    "organisations": (_organisations,),
    "attendees": (_badges_in_hand,),
    "booths": (_booth_states,),
    "programme": (_locked,),
    "pitches": (_roadshows,),
    DEALS.name: (_repeated_deals,),
}
