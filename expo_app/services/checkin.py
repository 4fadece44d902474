"""A desk at work: scan, admit by hand, overrule, take back.

`rules.verdict.judge` decides; this module gathers what is known in one query, and writes one row in one
transaction. The database arbitrates: the partial unique index lets one admission per attendee, gate and local day
through, on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, literal_column, select, update

from expo_app.damaged import DamagedValue, is_damaged, read_past
from expo_app.errors import UserError
from expo_app.i18n import N_, _, named
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    Desk,
    Direction,
    Exhibitor,
    Gate,
    Method,
    Organisation,
    Person,
    Presence,
    Verdict,
    Ways,
    new_id,
)
from expo_app.model.base import first_id, moment_of
from expo_app.rules import badge_code, verdict
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.verdict import Facts, Holder, Judgement, Limit
from expo_app.services import batches, checkin_arrivals
from expo_app.services.access import require, require_role
from expo_app.services.checkin_desks import (
    DeskFigures,
    Found,
    LastScan,
    Matches,
    Post,
    by_badge_no,
    figures,
    find,
    holder_of,
    last_scans,
    names,
    newest_scan,
    read_post,
    say_here_on,
)
from expo_app.services.checkin_presence import Presences
from expo_app.services.checkin_spool import Kept
from expo_app.services.rehearsal import RehearsalClock
from expo_app.services.steady_clock import SteadyClock
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Actor, Database, DeskConnection
from expo_app.store.engines import insert_into
from expo_app.store.presence import PASSED, place_of

__all__ = [
    "DeskFigures", "Found", "LastScan", "Matches", "OpenDesk", "Post", "Scan", "by_badge_no", "figures", "find",
    "last_scans", "names", "open_desk",
]  # fmt: skip

log = logging.getLogger(__name__)
UNDO_WINDOW = timedelta(minutes=10)
"""How long a desk may take its last scan back."""
POST_AGE = 15.0
"""Seconds after which gate and expo are read again: another computer may have changed them."""
RECENT = 256
"""Readings remembered for telling a bouncing reader from a second visit."""
_POST_TABLES = frozenset(
    {"expo", "gate", "gate_hours", "gate_category", "category", "hall", "room", "desk", "programme_item"}
)
_HOLDER_TABLES = frozenset({"badge", "attendee", "person", "category"})
_scan: Any = CheckIn.__table__
_badge, _attendee = Badge.__table__, Attendee.__table__
_exhibitor = Exhibitor.__table__
_person, _organisation, _category = Person.__table__, Organisation.__table__, Category.__table__
_CATEGORY = ("id", "key", "name", "name_en", "colour", "counts_as", "letter", "valid_days", "opens", "closes")
_newer: Any = _badge.alias("newer")
_presence, _gate = Presence.__table__, Gate.__table__
_first_scan, _first_desk = _scan.alias("first_scan"), Desk.__table__.alias("first_desk")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a desk answers. Times are aware, in the expo's zone; `bounce`: the reader repeated itself, no new row."""

    id: uuid.UUID
    code: str
    verdict: Verdict
    reason: str
    at: datetime
    name: str = ""
    organisation: str = ""
    title: str = ""
    category: CategoryTerm | None = None
    badge_no: str = ""
    attendee_id: uuid.UUID | None = None
    first_at: datetime | None = None
    first_desk: str = ""
    bounce: bool = False
    method: Method = Method.SCAN
    is_printed: bool = False
    direction: Direction = Direction.IN

    @property
    def tone(self) -> str:
        """ok, warn or bad."""
        return verdict.TONES[self.verdict]

    @property
    def lets_in(self) -> bool:
        return self.verdict in verdict.LET_IN


@dataclass(frozen=True, slots=True)
class _Reading:
    """One act at the desk: a code (or a badge number nobody has) read, or a person chosen; neither: no badge code."""

    scan_id: uuid.UUID
    at: datetime
    method: Method = Method.SCAN
    direction: Direction = Direction.IN
    code: str | None = None
    raw: str = ""
    attendee_id: uuid.UUID | None = None
    forced: str = ""
    """A supervisor's reason; the person is admitted whatever the rules say."""


_has_newer = (
    select(_newer.c.id)
    .where(_newer.c.attendee_id == _badge.c.attendee_id, _newer.c.revoked_at.is_(None))
    .correlate(_badge)
    .exists()
)  # asked of a revoked badge alone


def _known(root: Any) -> Select[Any]:
    """Holder, badge and the first admission of the day at the gate."""
    joined = (
        root.outerjoin(_person, _person.c.id == _attendee.c.person_id)
        .outerjoin(_category, _category.c.id == _attendee.c.category_id)
        .outerjoin(_organisation, _organisation.c.id == _attendee.c.organisation_id)
        .outerjoin(_exhibitor, _exhibitor.c.id == _attendee.c.exhibitor_id)
        .outerjoin(
            _first_scan,
            and_(
                _first_scan.c.attendee_id == _attendee.c.id,
                _first_scan.c.gate_id == bindparam("gate"),
                _first_scan.c.local_day == bindparam("day"),
                _first_scan.c.verdict == literal_column("'ADMITTED'"),  # spelt out: the partial index answers
                _first_scan.c.undone_at.is_(None),
            ),
        )
        .outerjoin(_first_desk, _first_desk.c.id == _first_scan.c.desk_id)
        .outerjoin(
            _presence,
            and_(
                _presence.c.attendee_id == _attendee.c.id,
                _presence.c.place_id == bindparam("place"),
                _presence.c.day == bindparam("day"),
            ),
        )
    )
    return select(
        _badge.c.id.label("badge_id"),
        _badge.c.revoked_at,
        _badge.c.revoke_reason,
        case((_badge.c.revoked_at.is_(None), False), else_=_has_newer).label("is_replaced"),
        _badge.c.printed_at,
        _attendee.c.id.label("attendee_id"),
        _attendee.c.expo_id,
        *(_category.c[name].label(f"category_{name}") for name in _CATEGORY),
        _attendee.c.state,
        _attendee.c.valid_days,
        _attendee.c.title,
        _attendee.c.badge_no,
        _attendee.c.note,
        _person.c.name,
        _person.c.name_en,
        _organisation.c.name.label("organisation"),
        _organisation.c.name_en.label("organisation_en"),
        _first_scan.c.at.label("first_at"),
        _first_desk.c.name.label("first_desk"),
        _presence.c.is_inside,
        _presence.c.at.label("inside_since"),
        _presence.c.first_at.label("came_first_at"),
        checkin_arrivals.awaited.label("awaited"),
    ).select_from(joined)


_BY_CODE = (
    _known(_badge.outerjoin(_attendee, _attendee.c.id == _badge.c.attendee_id))
    .where(_badge.c.code == bindparam("code"))
    .with_for_update(read=True, of=_badge)  # on a server: nobody revokes it meanwhile, scans do not wait for scans
)
_BY_ATTENDEE = (
    _known(_attendee.outerjoin(_badge, _badge.c.attendee_id == _attendee.c.id))
    .where(_attendee.c.id == bindparam("attendee"))
    .order_by(_badge.c.revoked_at.is_not(None), _badge.c.id.desc())
    .limit(1)
    .with_for_update(read=True, key_share=True, of=_attendee)  # on a server: a merge of this one has ended, or waits
)
_STORED = select(
    _scan.c.verdict, _scan.c.reason, _scan.c.at, _scan.c.attendee_id, _scan.c.method, _scan.c.direction
).where(_scan.c.id == bindparam("scan"))
_OF_A_SCAN = (
    select(
        _scan.c.id,
        _scan.c.at,
        _scan.c.verdict,
        _scan.c.reason,
        _scan.c.method,
        _scan.c.attendee_id,
        _scan.c.direction,
        _scan.c.gate_id,
        place_of.label("place_id"),
    )
    .join(_gate, _gate.c.id == _scan.c.gate_id)
    .where(_scan.c.undone_at.is_(None))
)
_ONE = _OF_A_SCAN.where(_scan.c.id == bindparam("scan"))
_LAST = (
    _OF_A_SCAN.where(_scan.c.desk_id == bindparam("desk"), _scan.c.id >= bindparam("since"))
    .order_by(_scan.c.id.desc())
    .limit(1)
)  # the last one kept: by its key, for clocks are set back


class OpenDesk:
    """A desk in use. Keeps one connection; call `close` at the end. For one thread at a time.

    `direction`: which way people pass from now on; at first in, or out at a desk that only sees people leave.
    """

    def __init__(self, db: Database, desk_id: uuid.UUID, gate_id: uuid.UUID | None = None) -> None:
        self.db = db
        self._asked = (desk_id, gate_id)
        self._line = db.connection_for_desk()
        with self._line.reading() as session:
            self._post, self._read_at = read_post(session, desk_id, gate_id), time.monotonic()
            self._newest = newest_scan(session)
        if self._newest is not None and self.clock is not None:
            newest = datetime.fromtimestamp(moment_of(self._newest), UTC)
            with suppress(DamagedValue):
                if self._post.starts_on <= newest.astimezone(self._post.zone).date() <= self._post.ends_on:
                    self.clock.suspect(newest)
        self._is_stale = False
        self._presences = Presences(db.is_sqlite)
        self.direction = Direction.IN if self._post.ways.has_in else Direction.OUT
        insert = insert_into(_scan, db.is_sqlite)
        self._insert = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        self._recent: OrderedDict[str, Scan] = OrderedDict()
        self._stop_listening = db.listen(self._on_changed)

    @property
    def clock(self) -> SteadyClock | None:
        """The real clock, which may have a jump to ask about; None while the expo rehearses."""
        return self.db.clock if isinstance(self.db.clock, SteadyClock) else None

    @property
    def post(self) -> Post:
        """Desk, gate and expo as they were read last; asks no database."""
        return self._post

    def refresh(self) -> Post:
        """Desk, gate and expo as they are now. What cannot be read any more stays as it was."""
        if self._is_stale or time.monotonic() - self._read_at > POST_AGE:
            self._is_stale = False  # a change announced meanwhile is read the next time
            with self._line.reading() as session:
                with suppress(DamagedValue):
                    self._post = read_post(session, *self._asked)
                newest = newest_scan(session)
            self._read_at = time.monotonic()
            if self._post.ways is not Ways.BOTH:
                self.direction = Direction.IN if self._post.ways.has_in else Direction.OUT
            self._catch_up(newest)
        return self._post

    def turn(self, direction: Direction) -> None:
        """Scan that way from now on; UserError where this desk does not."""
        ways = self._post.ways
        if not (ways.has_in if direction is Direction.IN else ways.has_out):
            words = _("签到台“{desk}”只管{ways}，没有改。请在“数据与设置”的入口与通道里改方向。")
            raise UserError(words.format(desk=self.post.desk, ways=ways.label), "E-DIRECTION")
        self.direction = direction

    def _catch_up(self, newest: uuid.UUID | None) -> None:
        """What other programs kept meanwhile may be ahead of this one's clocks."""
        if newest is not None and (self._newest is None or newest > self._newest):
            self._newest = newest
        if isinstance(self.db.clock, RehearsalClock):
            self.db.clock.catch_up()

    def new_id(self) -> uuid.UUID:
        """A key for one scan. It sorts behind all earlier ones, though the computer's clock be set back: the order of
        keys is the order of recording.
        """
        self._newest = new_id(after=self._newest)
        return self._newest

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & _POST_TABLES:
            self._is_stale = True
        if tables & _HOLDER_TABLES:
            self._recent = OrderedDict()  # a badge revoked a moment ago is no bounce

    def check_in(
        self, raw: str, at: datetime | None = None, scan_id: uuid.UUID | None = None, direction: Direction | None = None
    ) -> Scan:
        """Judge and keep one reading; returns after the commit. A refusal is an answer, not an exception.

        `at`: the moment, aware (default: now by the database's clock). `direction`: in which they passed, where that
        was before the desk was turned. `scan_id` makes a repeated call harmless: the first answer comes again. Raises
        UserError where something is in the way (`faults.passes`): nothing is kept, call again with the same id.
        """
        code, shown, at = badge_code.normalise(raw), badge_code.clean_raw(raw), self._local(at)
        read, way = code or shown, direction or self.direction
        first = self._recent.get(read)
        is_same_way = first is not None and first.direction is way
        if first is not None and is_same_way and verdict.bounce(first.code, first.at, read, at):
            return first if first.id == scan_id else replace(first, bounce=True)
        scan = self._keep(_Reading(scan_id or self.new_id(), at, direction=way, code=code, raw=shown))
        self._remember(read, scan)
        return scan

    def admit(
        self,
        attendee_id: uuid.UUID,
        at: datetime | None = None,
        scan_id: uuid.UUID | None = None,
        direction: Direction | None = None,
    ) -> Scan:
        """Admit a person found by search; judged like a scan, kept as `manual`. A badge not yet made is no obstacle."""
        key, way = scan_id or self.new_id(), direction or self.direction
        return self._by_hand(_Reading(key, self._local(at), Method.MANUAL, way, attendee_id=attendee_id))

    def repeat(self, scan: Kept) -> Scan:
        """Do what waited: a code, or a person admitted by hand."""
        if scan.attendee_id is not None:
            return self.admit(scan.attendee_id, scan.at, scan.scan_id, scan.direction)
        return self.check_in(scan.raw, scan.at, scan.scan_id, scan.direction)

    def admit_number(self, raw: str, at: datetime | None = None, scan_id: uuid.UUID | None = None) -> Scan:
        """Admit the holder of a badge number, as `admit` does; a well-formed one of nobody is `unknown`."""
        number, shown = badge_code.badge_no(raw), badge_code.clean_raw(raw)
        with self._line.reading() as session:
            holder = holder_of(session.connection(), self._post.expo_id, number) if number else None
        if holder is not None:
            return self.admit(holder, at, scan_id)
        key = scan_id or self.new_id()
        return self._by_hand(_Reading(key, self._local(at), Method.MANUAL, self.direction, code=number, raw=shown))

    def override(
        self, scan: Scan, supervisor: Actor, reason: str, at: datetime | None = None, scan_id: uuid.UUID | None = None
    ) -> Scan:
        """Let a refused, known person in on a supervisor's word; kept as `manual` with name and reason."""
        if scan.verdict not in verdict.OVERRIDABLE or scan.attendee_id is None:
            raise UserError(_("这种情况不能强制放行，未做任何改动。请到登记台补证。"), "E-OVERRIDE")
        require_role(supervisor.role, "checkin.override")
        if not clean_text(reason):
            raise UserError(_("强制放行要写明原因，未做任何改动。"), "E-OVERRIDE")
        text = _("强制放行（{name}）：{reason}").format(name=supervisor.name, reason=clean_text(reason))[:200]
        by_hand = _Reading(scan_id or self.new_id(), self._local(at), Method.MANUAL, attendee_id=scan.attendee_id)
        return self._by_hand(replace(by_hand, forced=text))

    def undo_last(self) -> Scan:
        """Take this desk's last scan back, if it let somebody in: the row stays, marked, and no longer counts."""
        require(self.db, "checkin.scan")
        post, now = self.refresh(), self.db.now()
        with self._line.scan_transaction() as connection:
            since = first_id(time.time() - UNDO_WINDOW.total_seconds())
            row = connection.execute(_LAST, {"desk": post.desk_id, "since": since}).first()
            if row is None or now - row.at > UNDO_WINDOW:
                raise UserError(_("10 分钟内没有可撤销的签到，数据未变。"), "E-UNDO")
            if is_damaged(row.verdict) or verdict.TONES[row.verdict] == "bad":
                raise UserError(_("上一次没有放行，不用撤销，数据未变。"), "E-UNDO")
            at = row.at.astimezone(post.zone)
            self._count_without(connection, row, update(_scan).where(_scan.c.id == row.id).values(undone_at=now))
            known, _whole = _readable(self._look_up(connection, row.attendee_id, at.date()))
        self._recent.clear()
        taken_back = _Reading(row.id, at, row.method, row.direction)
        return _answer(post, taken_back, _told(row.verdict, row.reason), known)

    def forget(self, scan_id: uuid.UUID) -> bool:
        """Take out a scan of which somebody was told that it is not kept, should it have been: the server may have
        finished what it gave no answer to. Whether it had.
        """
        with self._line.scan_transaction() as connection:
            row = connection.execute(_ONE, {"scan": scan_id}).first()
            if row is None:
                return False
            self._count_without(connection, row, _scan.delete().where(_scan.c.id == scan_id))
            return True

    def _count_without(self, connection: Connection, row: Any, act: Any) -> None:
        """Take a scan back by `act`, and what was counted for it."""
        if row.attendee_id is None:
            connection.execute(act)
            return
        day = row.at.astimezone(self._post.zone).date()
        spot = replace(self._post.spot, gate_id=row.gate_id, place_id=row.place_id)  # the desk may stand elsewhere now
        before = self._presences.ways(connection, spot, row.attendee_id, day)
        connection.execute(act)
        self._presences.taken_back(connection, spot, row.attendee_id, day, before)
        if row.verdict is Verdict.ADMITTED:
            checkin_arrivals.leave(self.db, connection, row.attendee_id, row.at)

    def say_here(self, line: DeskConnection) -> None:
        """That this desk is there, written on another connection: whether anything can be written at all."""
        with line.scan_transaction() as connection:
            say_here_on(connection, self._post.desk_id, self.db.now(), self.db.is_sqlite)

    def close(self) -> None:
        """Give the connection back."""
        self._stop_listening()
        self._line.close()

    def local_now(self, at: datetime | None = None) -> datetime:
        """The moment given, else now, in the expo's zone."""
        return self._local(at)

    def _local(self, at: datetime | None) -> datetime:
        return (at or self.db.now()).astimezone(self.post.zone)

    def _remember(self, read: str, scan: Scan) -> None:
        recent = self._recent
        recent[read] = scan
        recent.move_to_end(read)
        if len(recent) > RECENT:
            recent.popitem(last=False)

    def _by_hand(self, reading: _Reading) -> Scan:
        scan = self._keep(reading)
        self._recent.clear()
        return scan

    def _keep(self, reading: _Reading) -> Scan:
        """Judge and keep one reading. One that the program fails to judge is kept too, for the supervisor."""
        require(self.db, "checkin.scan")
        post = self.refresh()
        try:
            return self._judged(post, reading)
        except UserError:
            raise
        except Exception:  # whatever it was, the scan is kept and the next one judged
            log.exception("a scan could not be judged")
        judgement = Judgement(Verdict.DAMAGED, N_("程序没能判断这次扫描，请找主管"))
        with self._line.scan_transaction() as connection:
            connection.execute(self._insert, self._row(post, reading, None, judgement))
        return _answer(post, reading, judgement, None)

    def _judged(self, post: Post, reading: _Reading) -> Scan:
        """One transaction: look up, judge, write. Where the row is not taken, somebody else was first: look again."""
        with self._line.scan_transaction() as connection:
            known, is_whole = _readable(self._first_look(connection, reading))
            limits: tuple[Limit, ...] = ()
            if known is not None and is_whole and reading.direction is Direction.IN and not reading.forced:
                limits = self._presences.limits(connection, post.spot, reading.at.date())
            is_again = False
            while True:
                judgement = _judge(post, known, reading, limits, is_whole, is_again)
                if connection.execute(self._insert, self._row(post, reading, known, judgement)).rowcount:
                    if known is not None and known.attendee_id and judgement.verdict in PASSED:
                        self._passed(connection, post, known, reading, judgement.verdict)
                    if known is not None and known.awaited and _brings(post, judgement.verdict, reading.at.date()):
                        checkin_arrivals.arrive(self.db, connection, known.awaited, reading.at)
                    return _answer(post, reading, judgement, known)
                stored = connection.execute(_STORED, {"scan": reading.scan_id}).first()
                if stored is not None:
                    at = stored.at.astimezone(post.zone)
                    kept = replace(reading, at=at, method=stored.method, direction=stored.direction)
                    known, _whole = _readable(self._look_up(connection, stored.attendee_id, kept.at.date()))
                    return _answer(post, kept, _told(stored.verdict, stored.reason), known)
                # only an admission meets another one, so somebody is known
                is_again = True
                known, is_whole = _readable(self._look_up(connection, known and known.attendee_id, reading.at.date()))

    def _passed(self, connection: Connection, post: Post, known: Any, reading: _Reading, given: Verdict) -> None:
        """Count somebody who passed: in or out, and the first admission of the day."""
        at, way, is_admitted = reading.at, reading.direction, given is Verdict.ADMITTED
        is_first = known.is_inside is not (way is Direction.IN) and self._presences.passed(
            connection, post.spot, known.attendee_id, at, way, is_admitted=is_admitted, is_new=known.is_inside is None
        )
        if is_admitted and not is_first and (known.came_first_at is None or at < known.came_first_at):
            self._presences.first_changed(connection, post.spot, known.attendee_id, at.date(), reading.scan_id)

    def _first_look(self, connection: Connection, reading: _Reading) -> Row[Any] | None:
        day = reading.at.date()
        if reading.attendee_id is not None:
            known = self._look_up(connection, reading.attendee_id, day)
            merged = batches.gone_into(connection, _attendee, reading.attendee_id) if known is None else None
            return self._look_up(connection, merged, day) if merged else known
        if reading.code is None:
            return None
        by_code = {"code": reading.code, **self._where(day)}
        known = connection.execute(_BY_CODE, by_code).first()
        if known is not None and known.attendee_id is None:  # on a server: its holder became another one just now
            known = connection.execute(_BY_CODE, by_code).first()
        return known

    def _look_up(self, connection: Connection, attendee_id: uuid.UUID | None, day: date) -> Row[Any] | None:
        return connection.execute(_BY_ATTENDEE, {"attendee": attendee_id, **self._where(day)}).first()

    def _where(self, day: date) -> dict[str, Any]:
        return {"gate": self._post.gate_id, "place": self._post.spot.place_id, "day": day}

    def _row(self, post: Post, reading: _Reading, known: Row[Any] | None, judgement: Judgement) -> dict[str, Any]:
        shown = reading.code is not None or reading.forced  # who is admitted by name may not have the badge yet
        return {
            "id": reading.scan_id,
            "expo_id": post.expo_id,
            "gate_id": post.gate_id,
            "desk_id": post.desk_id,
            "attendee_id": known.attendee_id if known else None,
            "badge_id": known.badge_id if known and shown else None,
            "at": reading.at,
            "local_day": reading.at.date(),
            "verdict": judgement.verdict,
            "direction": reading.direction,
            "method": reading.method,
            "raw": reading.raw,
            "reason": judgement.text[:200],
            "operator": self.db.actor.name,
        }


def open_desk(
    db: Database, expo_id: uuid.UUID, desk: str, gate: str = "", direction: Direction | None = None
) -> OpenDesk:
    """Open a desk by its name, at its own gate or another named one, in its direction or the one said; UserError lists
    what there is.
    """
    require(db, "checkin.scan")
    desks, gates = names(db, expo_id)
    if desk not in desks:
        raise UserError(_("没有签到台“{name}”，可用：{names}。").format(name=desk, names="、".join(desks)), "E-DESK")
    if gate and gate not in gates:
        raise UserError(_("没有入口“{name}”，可用：{names}。").format(name=gate, names="、".join(gates)), "E-GATE")
    opened = OpenDesk(db, desks[desk], gates[gate] if gate else None)
    if direction is not None:
        try:
            opened.turn(direction)
        except UserError:
            opened.close()
            raise
    return opened


def _brings(post: Post, given: Verdict, day: date) -> bool:
    """Whether the exhibitor has arrived with whom a scan lets in, where it is to be so."""
    return post.arrives_by_scan and checkin_arrivals.brings(post.place.kind, given, day, post.starts_on, post.ends_on)


def _told(kept: Verdict, reason: str) -> Judgement:
    """A verdict whose reason is a person's words, or was filled in before."""
    return Judgement(kept, "{reason}", {"reason": reason}) if reason else Judgement(kept)


def _readable(known: Row[Any] | None) -> tuple[Any, bool]:
    """What was found, without the values that cannot be read; whether that was all of it."""
    if known is None:
        return None, True
    readable = read_past(known)
    is_all_there = None not in (readable.attendee_id, readable.name, readable.category_id)
    return readable, readable is known and is_all_there


def _judge(
    post: Post, known: Any, reading: _Reading, limits: tuple[Limit, ...], is_whole: bool, is_again: bool
) -> Judgement:
    """`is_whole`: all that is kept of the holder can be read. `is_again`: somebody else admitted them meanwhile."""
    if reading.forced and known is not None:
        is_first = known.first_at is None and not is_again
        return _told(Verdict.ADMITTED if is_first else Verdict.AGAIN, reading.forced)
    is_code = reading.code is not None or reading.attendee_id is not None
    try:
        return verdict.judge(_facts(post, known, reading, limits, is_code) if is_whole else _damaged(post, reading))
    except DamagedValue:
        return verdict.judge(_damaged(post, reading, "place"))


def _damaged(post: Post, reading: _Reading, what: str = "badge") -> Facts:
    return Facts(reading.at, post.starts_on, post.ends_on, damaged=what)


def _facts(post: Post, known: Any, reading: _Reading, limits: tuple[Limit, ...], is_code: bool) -> Facts:
    first_at = known.first_at if known else None
    return Facts(
        now=reading.at,
        expo_starts_on=post.starts_on,
        expo_ends_on=post.ends_on,
        is_code=is_code,
        holder=_holder(post, known) if known else None,
        place=post.place,
        first_at=first_at.astimezone(post.zone) if first_at else None,
        first_desk=(known.first_desk or "") if known else "",
        direction=reading.direction,
        is_inside=known.is_inside if known else None,
        inside_since=known.inside_since.astimezone(post.zone) if known and known.inside_since else None,
        limits=limits,
    )


def _holder(post: Post, known: Row[Any]) -> Holder:
    days = known.valid_days
    return Holder(
        state=known.state,
        category=_category_of(known),
        is_revoked=known.revoked_at is not None,
        revoke_reason=known.revoke_reason or "",
        is_replaced=bool(known.is_replaced),
        cancel_reason=known.note if known.state is AttendeeState.CANCELLED else "",
        valid_days=None if days is None else _days(days),
        other_expo="" if known.expo_id == post.expo_id else post.expo_names.get(known.expo_id, "—"),
    )


def _category_of(known: Row[Any]) -> CategoryTerm:
    days = known.category_valid_days
    return CategoryTerm(
        id=known.category_id,
        key=known.category_key,
        name=known.category_name,
        name_en=known.category_name_en,
        colour=known.category_colour,
        counts_as=known.category_counts_as,
        letter=known.category_letter,
        valid_days=None if days is None else _days(days),
        opens=known.category_opens,
        closes=known.category_closes,
    )


def _days(texts: Sequence[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _answer(post: Post, reading: _Reading, judgement: Judgement, known: Any) -> Scan:
    code, at = reading.code or reading.raw, reading.at
    if known is None:
        return Scan(
            reading.scan_id, code, judgement.verdict, judgement.text, at,
            method=reading.method, direction=reading.direction,
        )  # fmt: skip
    first_at, first_desk = known.first_at, known.first_desk or ""
    if judgement.verdict is Verdict.ADMITTED and first_at is None:
        first_at, first_desk = at, post.desk
    return Scan(
        id=reading.scan_id,
        code=code,
        verdict=judgement.verdict,
        reason=judgement.text,
        at=at,
        name=named(known.name or "", known.name_en),
        organisation=named(known.organisation or "", known.organisation_en),
        title=known.title or "",
        category=_category_of(known) if known.category_name is not None else None,
        badge_no=known.badge_no or "",
        attendee_id=known.attendee_id,
        first_at=first_at.astimezone(post.zone) if first_at else None,
        first_desk=first_desk,
        method=reading.method,
        is_printed=known.printed_at is not None,
        direction=reading.direction,
    )
