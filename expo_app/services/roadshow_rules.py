"""What is right of a roadshow's records when they are written or imported: the pitch they name, numbers, points."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import Achievement, Interest, Pitch, PitchComment, PitchScore, ProgrammeItem, ScoreCriterion
from expo_app.services.follow_up_rules import number_new
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import INTERESTS, PITCH_COMMENTS, SCORES, PlanRow, RecordSpec
from expo_app.specs.roadshow import points_problem

PITCHED = (Interest.__table__.c.pitch_id, PitchScore.__table__.c.pitch_id, PitchComment.__table__.c.pitch_id)
"""What hangs on a pitch and is nobody's to lose."""
STAYS = {
    "pitch": N_("已有 {n} 条{what}，没有删除，数据未变。不讲了就记为“已取消”。"),
    "programme_item": N_("里面的路演项目已有 {n} 条{what}，没有删除，数据未变。不办了就把这一场取消。"),
    "score_criterion": N_("已有 {n} 条{what}按它打分，没有删除，数据未变。先删掉这些评分。"),
}
INTEREST = "YX"
"""First letters of an interest's number: YX-001."""
_pitch, _criterion, _score = Pitch.__table__, ScoreCriterion.__table__, PitchScore.__table__
_item = ProgrammeItem.__table__
Named = Mapping[str, Sequence[tuple[uuid.UUID, uuid.UUID, str]]]
"""Pitches by the title of their result: (pitch, item, title of the item) of each."""


def fill_in_interests(writer: Writer, drafts: list[Draft]) -> None:
    """A number, its pitch, and who recorded it when."""
    number_new(writer, drafts, "interest_no", INTEREST)
    link_pitches(writer, drafts)
    for draft in drafts:
        if draft.is_new:
            draft.values["at"] = draft.values.get("at") or writer.now
            draft.values["recorded_by"] = draft.values.get("recorded_by") or writer.db.actor.name


def fill_in_scores(writer: Writer, drafts: list[Draft]) -> None:
    """Its pitch and criterion, who recorded it when; InvalidRecord for more points than the criterion has."""
    link_pitches(writer, drafts)
    _link_criteria(writer, drafts)
    _recorded(writer, drafts)
    for draft in drafts:
        criterion = draft.get("criterion_id")
        if criterion and (draft.changed("points") or draft.changed("criterion_id")):
            row = writer.session.execute(
                select(_criterion.c.name, _criterion.c.maximum).where(_criterion.c.id == criterion)
            ).one()
            if problem := points_problem(draft.get("points"), row.maximum, row.name):
                raise InvalidRecord({"points": problem}, draft.row)


def fill_in_comments(writer: Writer, drafts: list[Draft]) -> None:
    """Its pitch, and who recorded it when."""
    link_pitches(writer, drafts)
    _recorded(writer, drafts)


def fits_scores(writer: Writer, drafts: list[Draft]) -> None:
    """The most points of a criterion are not below those given by it; the criterion stays with its roadshow."""
    for draft in drafts:
        if draft.is_new or not (draft.changed("maximum") or draft.changed("item_id")):
            continue
        most = writer.session.scalar(select(func.max(_score.c.points)).where(_score.c.criterion_id == draft.record_id))
        if most is not None and draft.changed("item_id"):
            raise InvalidRecord({"item_id": _("这一项已有专家打分，不能换到别的场次。")}, draft.row)
        if most is not None and most > (draft.get("maximum") or 0):
            words = _("已有专家打了 {n} 分，满分不能比它低。").format(n=f"{most.normalize():f}")
            raise InvalidRecord({"maximum": words}, draft.row)


def cancelled_or_pitched(writer: Writer, drafts: list[Draft]) -> None:
    """A pitch that began is not cancelled, and one that experts scored stays with the roadshow they scored it in."""
    for draft in drafts:
        if draft.changed("is_cancelled") and draft.get("is_cancelled") and draft.get("started_at"):
            raise InvalidRecord({"is_cancelled": _("已经开讲，不能记为取消。")}, draft.row)
        if draft.is_new or not draft.changed("item_id"):
            continue
        if writer.session.scalar(select(_score.c.id).where(_score.c.pitch_id == draft.record_id).limit(1)):
            words = _("已有专家按这一场的评分项打分，不能换到别的场次。先删掉这些评分。")
            raise InvalidRecord({"item_id": words}, draft.row)


def recorded_stays(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Conflict where what experts and investors said would go with a roadshow, a pitch or a criterion."""
    gone = [row["id"] for row in rows if row.keys() >= set(table.c.keys())]
    of = {_criterion: (_score.c.criterion_id,), _pitch: PITCHED, _item: PITCHED}.get(table, ()) if gone else ()
    for column in of:
        query = select(func.count()).where(column.in_(gone))
        if table is _item:
            query = select(func.count()).where(column.in_(select(_pitch.c.id).where(_pitch.c.item_id.in_(gone))))
        if count := session.scalar(query):
            what = _(next(spec.title for spec in (INTERESTS, SCORES, PITCH_COMMENTS) if spec.table is column.table))
            raise Conflict(_(STAYS[table.name]).format(n=f"{count:,}", what=what), "E-RECORDED")


def _recorded(writer: Writer, drafts: Iterable[Draft]) -> None:
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("at", writer.now)
            draft.values.setdefault("operator", writer.db.actor.name)


# --- the pitch that is meant ------------------------------------------------------------------------------------------
def link_pitches(writer: Writer, drafts: Sequence[Draft]) -> None:
    """`pitch` (and `item`, where one result is pitched twice) become `pitch_id`; InvalidRecord where it is not sure."""
    naming = [draft for draft in drafts if draft.gives("pitch") or (draft.gives("item") and not draft.is_new)]
    if not naming:
        return
    own = _titles(writer.session, [d.get("pitch_id") for d in naming if not d.virtual.get("pitch")])
    said = {id(d): d.virtual.get("pitch") or own.get(d.get("pitch_id"), "") for d in naming}
    known = pitches_named(writer.session, writer.expo.id if writer.expo else None, set(said.values()))
    for draft in naming:
        title, item = said[id(draft)], draft.virtual.get("item")
        found = _those(known, title, item)
        if problem := _unsure(title, found):
            raise InvalidRecord({"pitch": problem}, draft.row)
        draft.values["pitch_id"] = found[0][0]


def pitches_named(session: Session, expo_id: uuid.UUID | None, titles: Collection[str]) -> Named:
    """The pitches of an expo by the title of the result that is pitched."""
    query = (
        select(Achievement.title, Pitch.id, ProgrammeItem.id, ProgrammeItem.title)
        .join(Pitch, Pitch.achievement_id == Achievement.id)
        .join(ProgrammeItem, ProgrammeItem.id == Pitch.item_id)
        .where(ProgrammeItem.expo_id == expo_id)
    )
    found: dict[str, list[tuple[uuid.UUID, uuid.UUID, str]]] = {}
    for part in in_parts(titles):
        for title, pitch, item, held in session.execute(query.where(Achievement.title.in_(part))):
            found.setdefault(title, []).append((pitch, item, held))
    return found


def _those(known: Named, title: str, item: str | None) -> Sequence[tuple[uuid.UUID, uuid.UUID, str]]:
    return [one for one in known.get(title, ()) if not item or one[2] == item]


def _unsure(title: str, found: Sequence[Any]) -> str:
    if not found:
        return _("没有路演项目“{name}”。").format(name=title)
    return _("“{name}”在几个场次里路演，写明路演场次。").format(name=title) if len(found) > 1 else ""


def _titles(session: Session, pitches: Collection[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    query = select(Pitch.id, Achievement.title).join(Achievement, Achievement.id == Pitch.achievement_id)
    found: dict[uuid.UUID | None, str] = {}
    for part in in_parts({key for key in pitches if key}):
        found |= dict(session.execute(query.where(Pitch.id.in_(part))).all())
    return found


def pitches_are_there(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan name a pitch of this expo."""
    named = {row.values["pitch"] for row in rows if row.goes_in and row.values.get("pitch")}
    known = pitches_named(session, expo_id, named)

    def reviewed(row: PlanRow) -> PlanRow:
        title = row.values.get("pitch")
        problem = _unsure(title, _those(known, title, row.values.get("item"))) if row.goes_in and title else ""
        return row.refused({spec.field("pitch").title: problem}) if problem else row

    return tuple(map(reviewed, rows))


# --- the criterion that is meant --------------------------------------------------------------------------------------
def _link_criteria(writer: Writer, drafts: Sequence[Draft]) -> None:
    """`criterion` becomes `criterion_id`: the one of that name in the pitch's roadshow."""
    naming = [draft for draft in drafts if draft.gives("criterion") or draft.changed("pitch_id")]
    items = dict(
        writer.session.execute(
            select(_pitch.c.id, _pitch.c.item_id).where(_pitch.c.id.in_({d.get("pitch_id") for d in naming}))
        ).all()
    )
    known = _criteria(writer.session, items.values())
    names = {row.id: row.name for row in known}
    ids = {(row.item_id, row.name): row.id for row in known}
    for draft in naming:
        name = draft.virtual.get("criterion") or names.get(draft.get("criterion_id")) or _name(writer, draft)
        found = ids.get((items.get(draft.get("pitch_id")), name))
        if found is None:
            raise InvalidRecord({"criterion": _("这一场没有评分项“{name}”。").format(name=name)}, draft.row)
        draft.values["criterion_id"] = found


def _name(writer: Writer, draft: Draft) -> str:
    query = select(_criterion.c.name).where(_criterion.c.id == draft.get("criterion_id"))
    return writer.session.scalar(query) or ""


def _criteria(session: Session, items: Collection[uuid.UUID]) -> Sequence[Row[Any, Any, Any, Any]]:
    query = select(_criterion.c.id, _criterion.c.item_id, _criterion.c.name, _criterion.c.maximum)
    return session.execute(query.where(_criterion.c.item_id.in_(set(items)))).all()


def criteria_are_there(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a plan name a criterion of their pitch's roadshow, and no more points than it has."""
    going = [row for row in rows if row.goes_in and row.values.get("pitch")]
    known = pitches_named(session, expo_id, {row.values["pitch"] for row in going})
    found = _criteria(session, {item for those in known.values() for _key, item, _title in those})
    maxima = {(row.item_id, row.name): row.maximum for row in found}

    def reviewed(row: PlanRow) -> PlanRow:
        those = _those(known, row.values.get("pitch", ""), row.values.get("item"))
        if not row.goes_in or len(those) != 1:
            return row
        name = row.values.get("criterion", "")
        maximum = maxima.get((those[0][1], name))
        if maximum is None:
            return row.refused({spec.field("criterion").title: _("这一场没有评分项“{name}”。").format(name=name)})
        problem = points_problem(row.values.get("points"), maximum, name)
        return row.refused({spec.field("points").title: problem}) if problem else row

    return tuple(map(reviewed, rows))
