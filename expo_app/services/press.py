"""发布口径 at work: the figures of a moment, approved versions that never change, what must hold before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import SIGNED_STAGES, Deal, Entry, Expo, PressFigure, PressVersion, new_id
from expo_app.services import numbers
from expo_app.services.access import require
from expo_app.services.record_writer import writing
from expo_app.services.records import kept_trace
from expo_app.services.report_head import read_head
from expo_app.services.statistics import press
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.history import as_of
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs import SPECS
from expo_app.specs.figures import Trace
from expo_app.specs.press import PRIOR, Check, Late, Origin, Press, PressNumber, Version, as_value, label_of, sentence
from expo_app.store.database import Database

PERMISSION = "press.approve"
KEY = 16
"""Bytes of a record's id."""
NAMED = 3
"""So many entries to be checked are named."""


# --- figures and versions ---------------------------------------------------------------------------------------------
def at(db: Database, expo_id: uuid.UUID, moment: datetime) -> Press:
    """The figures at a moment (aware), with the version that published exactly these, if one did."""
    found = press.count(db, expo_id, moment)
    with db.reading() as session:
        published = [_frozen(session, row) for row in _rows(session, expo_id) if row.moment == moment]
    same = next((version for version in published if version.values == found.values), None)
    return replace(found, version=same.version) if same else found


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> Press:
    """What the report says: the figures of `now`, or of the moment chosen in its place."""
    return made(at(db, expo_id, now), db.now())


def made(shown: Press, now: datetime) -> Press:
    """The same figures for a document that is made `now`."""
    return replace(shown, head=replace(shown.head, made=now.astimezone(shown.head.at.tzinfo)))


def versions(db: Database, expo_id: uuid.UUID) -> list[Version]:
    """What was published, newest first."""
    with db.reading() as session:
        zone = session.get_one(Expo, expo_id).zone_info
        return [_version(row, zone) for row in _rows(session, expo_id)]


def published(session: Session, scope: Scope) -> tuple[Press, ...]:
    """Every version as it was approved, oldest first: what the closing report says of it."""
    return tuple(_frozen(session, row) for row in reversed(_rows(session, scope.id)))


def version(db: Database, version_id: uuid.UUID) -> Press:
    """A version as it was approved; Conflict where it went with its expo."""
    with db.reading() as session:
        row = session.get(PressVersion, version_id)
        if row is None:
            raise Conflict(_("这一版已随展会删除，数据未变。请刷新。"), "E-GONE")
        return _frozen(session, row)


def _rows(session: Session, expo_id: uuid.UUID) -> Sequence[PressVersion]:
    query = select(PressVersion).where(PressVersion.expo_id == expo_id).order_by(PressVersion.version_no.desc())
    return session.scalars(query).all()


def _version(row: PressVersion, zone: Any) -> Version:
    return Version(
        row.id, row.version_no, row.moment.astimezone(zone), row.approved_at.astimezone(zone), row.approved_by
    )


def _frozen(session: Session, row: PressVersion) -> Press:
    expo = session.get_one(Expo, row.expo_id)
    table = PressFigure.__table__
    columns = [column for column in table.c if column.name != "records"]
    query = (
        select(*columns, func.octet_length(table.c.records).label("bytes"))
        .where(table.c.version_id == row.id)
        .order_by(table.c.position)
    )
    figures = session.execute(query).all()
    found = tuple(
        PressNumber(
            figure.name, figure.value, figure.words, figure.moment_words, Origin[figure.origin], figure.spec,
            figure.bytes // KEY, figure.amount, figure.amount,
        )
        for figure in figures
        if figure.name != PRIOR
    )  # fmt: skip
    names, prior = (expo.name, expo.name_en), next((one.value for one in figures if one.name == PRIOR), 0)
    return Press(read_head(session, expo, row.moment), found, _version(row, expo.zone_info), names=names, prior=prior)


def approve(db: Database, expo_id: uuid.UUID, moment: datetime) -> Version:
    """核定: keep the figures of a moment, their definitions and records, as the next version, by whom and when.

    UserError where a figure is not what its list comes to.
    """
    require(db, PERMISSION)
    found, keys = press.counted(db, expo_id, moment)
    if wrong := [check.text for check in sums(found) if check.level == "bad"]:
        raise UserError(
            _("{why}没有核定，数据未变。请先查清。").format(why="".join(f"{w}。" for w in wrong)), "E-PRESS"
        )
    with writing(db, PERMISSION, expo_id) as writer:
        version_id, number = new_id(), numbers.draw(writer, f"press {expo_id.hex}")
        row = {
            "id": version_id, "expo_id": expo_id, "version_no": number, "moment": moment, "approved_at": writer.now,
            "approved_by": db.actor.name,
        }  # fmt: skip
        writer.insert(PressVersion.__table__, [row])
        writer.session.execute(
            insert(PressFigure.__table__),
            [
                {
                    "id": new_id(), "version_id": version_id, "position": n, "name": figure.name, "value": figure.value,
                    "amount": figure.amount, "words": figure.words[:400], "moment_words": figure.when[:200],
                    "origin": figure.origin.name, "spec": figure.spec,
                    "records": b"".join(key.bytes for key in keys[figure.name]),
                }
                for n, figure in enumerate(found.numbers)
            ],
        )  # fmt: skip
        if found.prior:
            own = {"version_id": version_id, "position": len(found.numbers), "name": PRIOR, "value": found.prior}
            writer.session.execute(insert(PressFigure.__table__), [{"id": new_id(), **own}])
        zone = found.moment.tzinfo
        return Version(version_id, number, found.moment, writer.now.astimezone(zone), db.actor.name)


def trace(db: Database, expo_id: uuid.UUID, shown: Press, name: str) -> Trace:
    """The records behind a figure as it is shown: a version's own list, else that of the moment."""
    if shown.version is not None:
        table = PressFigure.__table__
        with db.reading() as session:
            query = select(table.c.records).where(table.c.version_id == shown.version.id, table.c.name == name)
            kept = session.scalar(query) or b""
        found = [uuid.UUID(bytes=kept[start : start + KEY]) for start in range(0, len(kept), KEY)]
        words = _("发布口径第 {n} 版：{what}").format(n=shown.version.version_no, what=label_of(name))
    else:
        found = press.counted(db, expo_id, shown.moment)[1][name]
        words = _("发布口径 {when}：{what}").format(when=f"{shown.moment:%m-%d %H:%M}", what=label_of(name))
    return kept_trace(SPECS[shown.number(name).spec], words, found)


def trace_of(late: Late) -> Trace:
    """The records that a moment leaves out because they were entered after it."""
    return kept_trace(SPECS[late.spec], _("录入晚于时点"), late.ids)


# --- before it is published -------------------------------------------------------------------------------------------
def sums(shown: Press) -> tuple[Check, ...]:
    """Whether every figure is what its list comes to, and no intention was added."""
    wrong = [number.label for number in shown.numbers if not number.agrees]
    lists = Check("ok", _("五个数都对得上各自的名单"))
    if wrong:
        lists = Check("bad", _("对不上名单：{names}").format(names=_("、").join(wrong)))
    if lost := shown.head.damaged:
        more = _("等") if len(lost) > NAMED else ""
        lists = Check("bad", _("{what}，没有计入").format(what=_("、").join(lost[:NAMED]) + more))
    apart = Check("ok", _("签约和意向没有相加"))
    if shown.both:
        apart = Check("bad", _("{n} 项既算签约又算意向").format(n=f"{shown.both:,}"))
    return lists, apart


def checks(db: Database, expo_id: uuid.UUID, shown: Press) -> tuple[Check, ...]:
    """发布前: what must hold, and what whoever publishes should know."""
    with as_of(db, expo_id, shown.moment) as (session, _unknown):
        waiting = _to_check(session, scope_of(session, expo_id))
    with db.reading() as session:
        now = read_attendance(session, scope_of(session, expo_id)).visits.value
    found = [*sums(shown)]
    if waiting:
        named = _("、").join(number.rpartition("-")[2] for number in waiting[:NAMED])
        named += _("等") if len(waiting) > NAMED else ""
        words = _("{n} 项待核对（{names}）没算进签约").format(n=f"{len(waiting):,}", names=named)
        found.append(Check("warn", words, "deals"))
    if (more := int(now or 0) - (shown.number("visits").value or 0)) > 0:
        found.append(Check("warn", _("时点后又进场 {n} 人次").format(n=f"{more:,}"), "moment"))
    found += [
        Check("warn", _("{what}：{reported}，本展统计 {n}").format(what=n.label, reported=n.reported, n=n.shown))
        for n in shown.numbers
        if n.reported
    ]
    found += [Check("warn", late.text, "now", late) for late in shown.late]
    return (*found, *(Check("warn", text) for text in shown.unknown))


def _to_check(session: Session, scope: Scope) -> list[str]:
    """Numbers of the signed deals that count only when somebody has looked at them, as the session shows them."""
    deal = Deal.__table__
    query = select(deal.c.deal_no).where(scope.own(deal), deal.c.entry == Entry.CHECK, deal.c.stage.in_(SIGNED_STAGES))
    return [number for (number,) in sound(session.execute(query.order_by(deal.c.deal_no)))]


def changed(before: Press, after: Press) -> list[tuple[str, int | Decimal | None, int | Decimal | None]]:
    """What differs between two: (name of `Press.values`, then, now), in their order."""
    old, new = before.values, after.values
    return [(name, old[name], new[name]) for name in new if old[name] != new[name]]


def as_json(db: Database, expo_id: uuid.UUID, now: datetime) -> dict[str, Any]:
    """The figures of a moment for programs; amounts in yuan, exact, as text."""
    shown = read(db, expo_id, now)
    published = versions(db, expo_id)
    return {
        "expo": shown.names[0], "is_sample": shown.head.is_sample, "moment": shown.moment.isoformat(timespec="seconds"),
        "approved": shown.version.version_no if shown.version else None,
        "figures": [as_value(number) for number in shown.numbers],
        "checks": [{"level": check.level, "text": check.text} for check in checks(db, expo_id, shown)],
        "text": {language: sentence(shown, language) for language in ("zh_CN", "en")},
        "versions": [
            {"version": v.version_no, "moment": v.moment.isoformat(timespec="seconds"),
             "approved_at": v.approved_at.isoformat(), "approved_by": v.approved_by}
            for v in published
        ],
    }  # fmt: skip
