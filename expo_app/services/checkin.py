"""A desk at work: scan, admit by hand, overrule, take back, find a person.

`rules.verdict.judge` decides; this module gathers what is known in one query, and writes one row in one
transaction. The database arbitrates: the partial unique index lets one admission per attendee, gate and local day
through, on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    Desk,
    Expo,
    Gate,
    GateKind,
    ItemState,
    Method,
    Organisation,
    Person,
    ProgrammeItem,
    Verdict,
    new_id,
)
from expo_app.rules import badge_code, verdict
from expo_app.rules.search_key import search_term
from expo_app.rules.verdict import Facts, Holder, Judgement, Place
from expo_app.services.access import require
from expo_app.store.database import Actor, Database

UNDO_WINDOW = timedelta(minutes=10)
"""How long a desk may take its last scan back."""
_GATE_TABLES = frozenset({"expo", "gate", "desk", "programme_item"})
_scan, _badge, _attendee = CheckIn.__table__, Badge.__table__, Attendee.__table__
_person, _organisation = Person.__table__, Organisation.__table__
_first_scan, _first_desk = _scan.alias("first_scan"), Desk.__table__.alias("first_desk")


@dataclass(frozen=True)
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
    category: Category | None = None
    badge_no: str = ""
    attendee_id: uuid.UUID | None = None
    first_at: datetime | None = None
    first_desk: str = ""
    bounce: bool = False
    method: Method = Method.SCAN
    is_printed: bool = False

    @property
    def tone(self) -> str:
        """ok, warn or bad."""
        return verdict.TONES[self.verdict]

    @property
    def lets_in(self) -> bool:
        return self.tone != "bad"


@dataclass(frozen=True)
class Found:
    """A search result; `phone_tail` is all of the phone that a desk sees."""

    attendee_id: uuid.UUID
    name: str
    organisation: str
    title: str
    category: Category
    badge_no: str
    state: AttendeeState
    phone_tail: str


def _known() -> Select[Any]:
    """Badge, holder and the first admission of the day at the gate, by code or by attendee."""
    source = (
        _badge.join(_attendee, _attendee.c.id == _badge.c.attendee_id)
        .join(_person, _person.c.id == _attendee.c.person_id)
        .outerjoin(_organisation, _organisation.c.id == _attendee.c.organisation_id)
        .outerjoin(
            _first_scan,
            and_(
                _first_scan.c.attendee_id == _attendee.c.id,
                _first_scan.c.gate_id == bindparam("gate"),
                _first_scan.c.local_day == bindparam("day"),
                _first_scan.c.verdict == Verdict.ADMITTED,
                _first_scan.c.undone_at.is_(None),
            ),
        )
        .outerjoin(_first_desk, _first_desk.c.id == _first_scan.c.desk_id)
    )
    return select(
        _badge.c.id.label("badge_id"),
        _badge.c.revoked_at,
        _badge.c.revoke_reason,
        _badge.c.printed_at,
        _attendee.c.id.label("attendee_id"),
        _attendee.c.expo_id,
        _attendee.c.category,
        _attendee.c.state,
        _attendee.c.valid_days,
        _attendee.c.title,
        _attendee.c.badge_no,
        _attendee.c.note,
        _person.c.name,
        _organisation.c.name.label("organisation"),
        _first_scan.c.at.label("first_at"),
        _first_desk.c.name.label("first_desk"),
    ).select_from(source)


_BY_CODE = _known().where(_badge.c.code == bindparam("code"))
_BY_ATTENDEE = (
    _known().where(_attendee.c.id == bindparam("attendee")).order_by(_badge.c.revoked_at.is_not(None), _badge.c.id.desc())
)
_INSERT = {
    "sqlite": sqlite.insert(_scan).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_scan).on_conflict_do_nothing(),
}


@dataclass(frozen=True)
class _Post:
    """Where a desk stands: its gate and its expo, read once and again when they change."""

    desk_id: uuid.UUID
    desk: str
    gate_id: uuid.UUID
    gate: str
    place: Place
    expo_id: uuid.UUID
    expo_names: Mapping[uuid.UUID, str]
    zone: ZoneInfo
    starts_on: date
    ends_on: date


class OpenDesk:
    """A desk in use. Keeps one connection; call `close` at the end. For one thread at a time."""

    def __init__(self, db: Database, desk_id: uuid.UUID, gate_id: uuid.UUID | None = None) -> None:
        self.db = db
        self._asked = (desk_id, gate_id)
        self._post: _Post | None = None
        self._line = db.connection_for_desk()
        self._last: Scan | None = None
        self._stop_listening = db.listen(self._on_changed)

    @property
    def post(self) -> _Post:
        """Desk, gate and expo."""
        if self._post is None:
            self._post = _load_post(self.db, *self._asked)
        return self._post

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & _GATE_TABLES:
            self._post = None

    def check_in(self, raw: str, at: datetime | None = None, scan_id: uuid.UUID | None = None) -> Scan:
        """Judge and keep one reading; returns after the commit. A refusal is an answer, not an exception.

        `at`: the moment, aware (default: now by the database's clock). `scan_id` makes a repeated call harmless.
        Raises UserError E-DB-LOCKED when the file was busy for 0.2 s: nothing is kept, try again.
        """
        at = (at or self.db.now()).astimezone(self.post.zone)
        code = badge_code.normalise(raw)
        last = self._last
        if last is not None and code is not None and verdict.bounce(last.code, last.at, code, at):
            return replace(last, bounce=True)
        scan = self._keep(code, badge_code.clean_raw(raw), at, scan_id or new_id(), Method.SCAN)
        self._last = scan
        return scan

    def admit(self, attendee_id: uuid.UUID, at: datetime | None = None) -> Scan:
        """Admit a person found by search; judged like a scan and kept as `manual`."""
        at = (at or self.db.now()).astimezone(self.post.zone)
        self._last = self._keep(None, "", at, new_id(), Method.MANUAL, attendee_id=attendee_id)
        return self._last

    def override(self, scan: Scan, supervisor: Actor, reason: str, at: datetime | None = None) -> Scan:
        """Let a refused, known person in on a supervisor's word; kept with reason and name."""
        if scan.verdict not in verdict.OVERRIDABLE or scan.attendee_id is None:
            raise UserError(_("这种情况不能强制放行，未做任何改动。请到登记台补证。"), "E-OVERRIDE")
        require(_As(self.db, supervisor), "checkin.override")  # type: ignore[arg-type]
        if not reason.strip():
            raise UserError(_("强制放行要写明原因，未做任何改动。"), "E-OVERRIDE")
        at = (at or self.db.now()).astimezone(self.post.zone)
        text = _("强制放行（{name}）：{reason}").format(name=supervisor.name, reason=reason.strip())[:200]
        self._last = self._keep(
            None, "", at, new_id(), Method.MANUAL, attendee_id=scan.attendee_id, forced=Judgement(Verdict.ADMITTED, text)
        )
        return self._last

    def undo_last(self) -> Scan:
        """Take this desk's last scan back: the row stays, marked, and no longer counts."""
        now, post = self.db.now(), self.post
        query = (
            select(_scan.c.id, _scan.c.at, _scan.c.verdict, _scan.c.attendee_id)
            .where(_scan.c.desk_id == post.desk_id, _scan.c.undone_at.is_(None))
            .order_by(_scan.c.at.desc(), _scan.c.id.desc())
            .limit(1)
        )
        with self._line.scan_transaction() as connection:
            row = connection.execute(query).first()
            if row is None or now - row.at > UNDO_WINDOW:
                raise UserError(_("10 分钟内没有可撤销的签到，数据未变。"), "E-UNDO")
            connection.execute(update(_scan).where(_scan.c.id == row.id).values(undone_at=now))
            known = connection.execute(_BY_ATTENDEE, self._where(row.at, attendee=row.attendee_id)).mappings().first()
        self._last = None
        return _answer(row.id, "", Judgement(row.verdict), row.at.astimezone(post.zone), known, post, Method.SCAN)

    def close(self) -> None:
        """Give the connection back."""
        self._stop_listening()
        self._line.close()

    def _where(self, at: datetime, **by: Any) -> dict[str, Any]:
        return {"gate": self.post.gate_id, "day": at.astimezone(self.post.zone).date(), **by}

    def _keep(
        self,
        code: str | None,
        raw: str,
        at: datetime,
        scan_id: uuid.UUID,
        method: Method,
        *,
        attendee_id: uuid.UUID | None = None,
        forced: Judgement | None = None,
    ) -> Scan:
        post = self.post
        with self._line.scan_transaction() as connection:
            known = self._look_up(connection, code, attendee_id, at)
            judgement = forced or verdict.judge(_facts(post, known, at, code is not None or attendee_id is not None))
            row = self._row(scan_id, raw, at, judgement, known, method)
            kept = connection.execute(_INSERT[connection.dialect.name], row).rowcount
            if not kept:
                judgement, known, at = self._already(connection, scan_id, row, known, at, judgement)
        return _answer(scan_id, code or raw, judgement, at, known, post, method)

    def _look_up(
        self, connection: Connection, code: str | None, attendee_id: uuid.UUID | None, at: datetime
    ) -> Mapping[str, Any] | None:
        if attendee_id is not None:
            return connection.execute(_BY_ATTENDEE, self._where(at, attendee=attendee_id)).mappings().first()
        if code is None:
            return None
        return connection.execute(_BY_CODE, self._where(at, code=code)).mappings().first()

    def _row(
        self, scan_id: uuid.UUID, raw: str, at: datetime, judgement: Judgement, known: Mapping[str, Any] | None, method: Method
    ) -> dict[str, Any]:
        post = self.post
        return {
            "id": scan_id,
            "expo_id": post.expo_id,
            "gate_id": post.gate_id,
            "desk_id": post.desk_id,
            "attendee_id": known["attendee_id"] if known else None,
            "badge_id": known["badge_id"] if known else None,
            "at": at,
            "local_day": at.date(),
            "verdict": judgement.verdict,
            "method": method,
            "raw": raw,
            "reason": judgement.text[:200],
            "operator": self.db.actor.name,
        }

    def _already(
        self,
        connection: Connection,
        scan_id: uuid.UUID,
        row: dict[str, Any],
        known: Mapping[str, Any] | None,
        at: datetime,
        judgement: Judgement,
    ) -> tuple[Judgement, Mapping[str, Any] | None, datetime]:
        """The row was not taken: this very scan is kept already, or another desk admitted the person first."""
        same = connection.execute(select(_scan.c.verdict, _scan.c.at).where(_scan.c.id == scan_id)).first()
        zone = self.post.zone
        if same is not None:
            return replace(judgement, verdict=same.verdict), known, same.at.astimezone(zone)
        assert known is not None
        known = connection.execute(_BY_ATTENDEE, self._where(at, attendee=known["attendee_id"])).mappings().first()
        judgement = verdict.judge(_facts(self.post, known, at, True))
        connection.execute(
            _INSERT[connection.dialect.name], row | {"verdict": judgement.verdict, "reason": judgement.text[:200]}
        )
        return judgement, known, at


@dataclass(frozen=True)
class _As:
    """A database seen with another actor, for asking what a supervisor may do."""

    db: Database
    actor: Actor


def _facts(post: _Post, known: Mapping[str, Any] | None, at: datetime, is_code: bool) -> Facts:
    holder = None
    if known is not None:
        days = known["valid_days"]
        holder = Holder(
            state=known["state"],
            category=known["category"],
            is_revoked=known["revoked_at"] is not None,
            revoke_reason=known["revoke_reason"],
            cancel_reason=known["note"] if known["state"] is AttendeeState.CANCELLED else "",
            valid_days=None if days is None else frozenset(map(date.fromisoformat, days)),
            other_expo="" if known["expo_id"] == post.expo_id else post.expo_names.get(known["expo_id"], "—"),
        )
    first_at = known["first_at"] if known else None
    return Facts(
        now=at,
        expo_starts_on=post.starts_on,
        expo_ends_on=post.ends_on,
        is_code=is_code,
        holder=holder,
        place=post.place,
        first_at=first_at.astimezone(post.zone) if first_at else None,
        first_desk=(known["first_desk"] or "") if known else "",
    )


def _answer(
    scan_id: uuid.UUID,
    code: str,
    judgement: Judgement,
    at: datetime,
    known: Mapping[str, Any] | None,
    post: _Post,
    method: Method,
) -> Scan:
    if known is None:
        return Scan(scan_id, code, judgement.verdict, judgement.text, at, method=method)
    first_at, first_desk = known["first_at"], known["first_desk"] or ""
    if judgement.verdict is Verdict.ADMITTED:
        first_at, first_desk = at, post.desk
    return Scan(
        id=scan_id,
        code=code,
        verdict=judgement.verdict,
        reason=judgement.text,
        at=at,
        name=known["name"],
        organisation=known["organisation"] or "",
        title=known["title"],
        category=known["category"],
        badge_no=known["badge_no"],
        attendee_id=known["attendee_id"],
        first_at=first_at.astimezone(post.zone) if first_at else None,
        first_desk=first_desk,
        method=method,
        is_printed=known["printed_at"] is not None,
    )


def _load_post(db: Database, desk_id: uuid.UUID, gate_id: uuid.UUID | None) -> _Post:
    with db.reading() as session:
        desk = session.get(Desk, desk_id)
        if desk is None:
            raise UserError(_("没有这个签到台，请在“数据与设置”里核对。"), "E-DESK")
        gate = session.get_one(Gate, gate_id or desk.gate_id)
        expo = session.get_one(Expo, desk.expo_id)
        items: tuple[tuple[datetime, datetime], ...] = ()
        if gate.kind is GateKind.ROOM:
            query = select(ProgrammeItem.starts_at, ProgrammeItem.ends_at).where(
                ProgrammeItem.expo_id == expo.id,
                ProgrammeItem.room_id == gate.room_id,
                ProgrammeItem.state != ItemState.CANCELLED,
            )
            zone = expo.zone_info
            items = tuple((s.astimezone(zone), e.astimezone(zone)) for s, e in session.execute(query) if s and e)
        names = {row.id: row.name for row in session.execute(select(Expo.id, Expo.name))}
    place = Place(
        kind=gate.kind,
        opens=gate.opens,
        closes=gate.closes,
        categories=None if gate.categories is None else frozenset(Category[name] for name in gate.categories),
        items=items,
    )
    return _Post(
        desk.id, desk.name, gate.id, gate.name, place, expo.id, names, expo.zone_info, expo.starts_on, expo.ends_on
    )


def open_desk(db: Database, expo_id: uuid.UUID, desk: str, gate: str = "") -> OpenDesk:
    """Open a desk by its name, at its own gate or another named one; UserError lists what there is."""
    require(db, "checkin.scan")
    desks, gates = names(db, expo_id)
    if desk not in desks:
        raise UserError(_("没有签到台“{name}”，可用：{names}。").format(name=desk, names="、".join(desks)), "E-DESK")
    if gate and gate not in gates:
        raise UserError(_("没有入口“{name}”，可用：{names}。").format(name=gate, names="、".join(gates)), "E-GATE")
    return OpenDesk(db, desks[desk], gates[gate] if gate else None)


def names(db: Database, expo_id: uuid.UUID) -> tuple[dict[str, uuid.UUID], dict[str, uuid.UUID]]:
    """Desks and gates of an expo: name → id, entrances first."""
    with db.reading() as session:
        desks = session.execute(select(Desk.name, Desk.id).where(Desk.expo_id == expo_id).order_by(Desk.name))
        gates = session.execute(
            select(Gate.name, Gate.id).where(Gate.expo_id == expo_id).order_by(Gate.kind, Gate.name)
        )
        return {n: i for n, i in desks}, {n: i for n, i in gates}


def find(db: Database, expo_id: uuid.UUID, text: str, limit: int = 8) -> list[Found]:
    """People of this expo by one Chinese character, pinyin, initials, phone tail, company or badge number.

    Names that begin with what was typed come first.
    """
    terms = [search_term(term) for term in text.split()]
    if not terms:
        return []
    source = _attendee.join(_person, _person.c.id == _attendee.c.person_id).outerjoin(
        _organisation, _organisation.c.id == _attendee.c.organisation_id
    )
    query = (
        select(
            _attendee.c.id, _person.c.name, _organisation.c.name, _attendee.c.title, _attendee.c.category,
            _attendee.c.badge_no, _attendee.c.state, _person.c.phone,
        )
        .select_from(source)
        .where(_attendee.c.expo_id == expo_id)
        .order_by(_person.c.name.startswith(text.strip(), autoescape=True).desc(), _person.c.search_text.startswith(terms[0], autoescape=True).desc(), _person.c.name, _attendee.c.badge_no)
        .limit(limit)
    )  # fmt: skip
    for term in terms:
        query = query.where(
            or_(
                _person.c.search_text.contains(term, autoescape=True),
                _organisation.c.search_text.contains(term, autoescape=True),
                func.lower(_attendee.c.badge_no).contains(term, autoescape=True),
            )
        )
    with db.reading() as session:
        rows = session.execute(query).all()
    return [Found(r[0], r[1], r[2] or "", r[3], r[4], r[5], r[6], (r[7] or "")[-4:]) for r in rows]


@dataclass(frozen=True)
class DeskFigures:
    """Today at one desk and at the whole expo: persons let in for the first time, and the desk's last minutes."""

    desk: int
    expo: int
    per_minute: float


def figures(db: Database, desk: OpenDesk) -> DeskFigures:
    """Counts for the desk's side column."""
    post, now = desk.post, db.now()
    day = now.astimezone(post.zone).date()
    counted = and_(_scan.c.verdict == Verdict.ADMITTED, _scan.c.undone_at.is_(None), _scan.c.local_day == day)
    people = func.count(func.distinct(_scan.c.attendee_id))
    with db.reading() as session:
        own = session.scalar(select(people).where(counted, _scan.c.desk_id == post.desk_id)) or 0
        gate = Gate.__table__
        entrances = select(gate.c.id).where(gate.c.expo_id == post.expo_id, gate.c.kind == GateKind.ENTRANCE)
        total = session.scalar(
            select(people).where(counted, _scan.c.expo_id == post.expo_id, _scan.c.gate_id.in_(entrances))
        )
        recent = session.scalar(
            select(func.count()).where(_scan.c.desk_id == post.desk_id, _scan.c.at > now - timedelta(minutes=10))
        )
    return DeskFigures(own, total or 0, round((recent or 0) / 10, 1))


def last_scans(db: Database, desk: OpenDesk, limit: int = 5) -> list[tuple[Verdict, str, datetime, bool]]:
    """The desk's newest scans: verdict, name (empty if unknown), moment, taken back or not."""
    query = (
        select(_scan.c.verdict, _person.c.name, _scan.c.at, _scan.c.undone_at)
        .select_from(
            _scan.outerjoin(_attendee, _attendee.c.id == _scan.c.attendee_id).outerjoin(
                _person, _person.c.id == _attendee.c.person_id
            )
        )
        .where(_scan.c.desk_id == desk.post.desk_id)
        .order_by(_scan.c.at.desc(), _scan.c.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        rows = session.execute(query).all()
    return [(r[0], r[1] or "", r[2].astimezone(desk.post.zone), r[3] is not None) for r in rows]
