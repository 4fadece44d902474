"""三地结算, written: statements drawn, sent, signed, disputed, drawn again and paid; each act is one transaction.

Whoever changes uses holds them first, in the order of their keys, and the statement after that, so of two desks that
draw one period each use stands in the statement of one. What a statement says is never changed under a signature.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import DamagedValue, is_damaged
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    PaidWay,
    SettlementStatement,
    StatementPaper,
    StatementStep,
    UseState,
    VoucherStep,
    VoucherUse,
    new_id,
)
from expo_app.rules.paper_kinds import is_scan
from expo_app.rules.periods import Period, exactly
from expo_app.rules.settlement import effective_day, party_name
from expo_app.services.access import require
from expo_app.services.deals_attachments import bytes_of, short_name, shown_copy
from expo_app.services.record_writer import Writer, in_parts, writing
from expo_app.services.settlement import closed_by, in_period, most_months, of_kind, pair_of, sides_of, waits_here
from expo_app.services.voucher_grounds import refuse_other_kind
from expo_app.specs.field_types import clean_text
from expo_app.specs.settlement import A, B, SideState
from expo_app.store.database import Database

SETTLE = "vouchers.settle"
SIGN_DAYS = 7
"""Days a side has to sign by custom."""
_use, _statement = VoucherUse.__table__, SettlementStatement.__table__
_step, _paper, _use_step = StatementStep.__table__, StatementPaper.__table__, VoucherStep.__table__
Row = Mapping[str, Any]


# --- drawing ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Drawn:
    """What 出对账单 made; `refused`: of which pairs it made none, and why, a sentence each."""

    made: tuple[uuid.UUID, ...]
    refused: tuple[str, ...]


def draw(db: Database, expo_id: uuid.UUID | None, text: str) -> Drawn:
    """出对账单 of a period: one of every two regions with uses that wait for it, and a list of each one's own.

    UserError where the period is not over, or nothing waits.
    """
    with writing(db, SETTLE, expo_id) as writer:
        today = writer.today
        period = in_period(text, today)
        if period.until >= today:
            words = _("{period}到 {day} 才结束，没有出对账单，数据未变。结束后再出。")
            raise UserError(words.format(period=period.label, day=period.until.isoformat()), "E-SETTLEMENT")
        waiting = _held(writer, _waiting(writer, period.until))
        rows = _statements(writer)
        closed = closed_by(rows)
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for use in waiting:
            if waits_here(use["issuer_code"], use["payee_code"], use["verified_on"], period, closed):
                groups[pair_of(use["issuer_code"], use["payee_code"])].append(use)
        pairs = sorted(groups, key=lambda pair: (pair[0] == pair[1], pair))
        months = most_months(writer.session, writer.expo, period, sorted({code for pair in pairs for code in pair}))
        refused = {pair: words for pair in pairs if (words := _refusal(pair, period, closed, months))}
        numbers = list(writer.session.scalars(select(_statement.c.statement_no)))
        made = [_draw_one(writer, pair, period, groups[pair], numbers) for pair in pairs if pair not in refused]
        if not made:
            nothing = _("{period}没有待出的用券，没有出对账单，数据未变。").format(period=period.label)
            raise UserError(next(iter(refused.values()), nothing), "E-SETTLEMENT")
        return Drawn(tuple(made), tuple(refused.values()))


def _waiting(writer: Writer, until: date) -> ColumnElement[bool]:
    """Uses verified until a day that stand in no statement."""
    return and_(
        _use.c.statement_id.is_(None), _use.c.state == UseState.VERIFIED, of_kind(_use, writer.expo),
        _use.c.verified_on <= until,
    )  # fmt: skip


def _held(writer: Writer, which: ColumnElement[bool]) -> list[Row]:
    """Uses, whole, held in the order of their keys."""
    query = select(_use).where(which).order_by(_use.c.id).with_for_update()
    return [dict(row) for row in writer.session.execute(query).mappings()]


def _statements(writer: Writer) -> list[Row]:
    """The statements whose periods are taken."""
    query = select(_statement).where(of_kind(_statement, writer.expo)).order_by(_statement.c.period_from)
    return [dict(row) for row in writer.session.execute(query).mappings()]


def _refusal(
    pair: tuple[str, str], period: Period, closed: Mapping[tuple[str, str], Sequence[tuple[date, date]]],
    months: Mapping[str, int],
) -> str:  # fmt: skip
    """Why there can be no statement of a pair, "" where there can."""
    for first, last in closed.get(pair, ()):
        if first <= period.until and last >= period.from_day:
            other = exactly(first, last)
            words = _("{pair}已有 {other}的对账单，与{period}重叠，没有出。按已有的结算期出其余各期。")
            shown = other.label if other else f"{first}–{last}"
            return words.format(pair=_pair_name(pair), other=shown, period=period.label)
    short = min((code for code in pair if code in months), key=lambda code: months[code], default="")
    if short and pair[0] != pair[1] and period.months > months[short]:
        words = _("{region}的办法规定至少每 {n} 个月结算一次，{pair}不能按{period}出，没有出。换短一些的结算期。")
        name = party_name(short)
        return words.format(region=name, n=months[short], pair=_pair_name(pair), period=period.label)
    return ""


def _pair_name(pair: tuple[str, str]) -> str:
    return party_name(pair[0]) if pair[0] == pair[1] else " — ".join(map(party_name, pair))


def _draw_one(
    writer: Writer, pair: tuple[str, str], period: Period, uses: Sequence[Row], numbers: list[str]
) -> uuid.UUID:
    key = new_id()
    row = {
        "id": key, "statement_no": _number(pair, period, numbers), "a_code": pair[0], "b_code": pair[1],
        "period_from": period.from_day, "period_until": period.until, "version": 1, "drawn_at": writer.now,
        "drawn_by": writer.db.actor.name, "sent_on": None, "sign_by": None, "paid_on": None,
        "is_sample": writer.in_sample,
        **{f"{side}_{name}": value for side in (A, B) for name, value in _UNSIGNED.items()},
    }  # fmt: skip
    numbers.append(row["statement_no"])
    writer.insert(_statement, [row])
    writer.update_many(_use, [(use["id"], use, {"statement_id": key}, 0) for use in uses])
    _tell(writer, key, _("生成第 1 版，{n} 笔锁定").format(n=f"{len(uses):,}"))
    return key


_UNSIGNED: Row = {"version": None, "signed_on": None, "signer": "", "dispute": ""}


def _number(pair: tuple[str, str], period: Period, numbers: Iterable[str]) -> str:
    """DZ-19H1-02: the next of the period in the file; BD of a region's own list."""
    head = f"{'BD' if pair[0] == pair[1] else 'DZ'}-{period.text[2:]}-"
    taken = [number.removeprefix(head) for number in numbers if number.startswith(head)]
    return f"{head}{max((int(tail) for tail in taken if tail.isdecimal()), default=0) + 1:02d}"


def redraw(db: Database, expo_id: uuid.UUID | None, statement_id: uuid.UUID, version: int) -> int:
    """重出: what was taken back goes out of it, what came late into it; both sides sign the new version, its number.

    One that lost its last use stays, with its number, papers and record, and both sign that nothing is owed.
    UserError where nothing changed, or both signed.
    """
    with writing(db, SETTLE, expo_id) as writer:
        row = _found(writer.rows(_statement, [statement_id]), statement_id)
        pair, period = (row["a_code"], row["b_code"]), Period("", row["period_from"], row["period_until"], 0)
        places = or_(
            *(and_(_use.c.issuer_code == one, _use.c.payee_code == other) for one, other in {pair, pair[::-1]})
        )
        late = and_(_waiting(writer, period.until), places)
        uses = _held(writer, or_(_use.c.statement_id == statement_id, late))
        row = _at(writer, statement_id, version)
        _refuse_settled(row)
        others = closed_by(one for one in _statements(writer) if one["id"] != statement_id).get(pair, ())
        outside = [use for use in uses if use["statement_id"] is None]
        come = [use for use in outside if _comes(use["verified_on"], period, others)]
        gone = [use for use in uses if use["statement_id"] and use["state"] is not UseState.VERIFIED]
        if not come and not gone:
            words = _("{no} 里的用券没有变化，没有重出。先改有异议的那几笔；异议不成立的，由该方签认。")
            raise UserError(words.format(no=row["statement_no"]), "E-SETTLEMENT")
        writer.update_many(_use, [(use["id"], use, {"statement_id": None}, 0) for use in gone])
        writer.update_many(_use, [(use["id"], use, {"statement_id": statement_id}, 0) for use in come])
        after = version + 1
        values = {"version": after, "sent_on": None, "sign_by": None, "a_dispute": "", "b_dispute": ""}
        writer.update(_statement, statement_id, row, values)
        words = _("重出第 {version} 版：去掉 {gone} 笔，补入 {come} 笔，双方重新签认")
        _tell(writer, statement_id, words.format(version=after, gone=len(gone), come=len(come)))
        return after


def _comes(day: date, period: Period, closed: Sequence[tuple[date, date]]) -> bool:
    return period.from_day <= effective_day(day, closed) <= period.until


def _inside(writer: Writer, statement_id: uuid.UUID) -> list[Row]:
    """The uses of a statement, held by nobody."""
    query = select(_use).where(_use.c.statement_id == statement_id).order_by(_use.c.id)
    return [dict(row) for row in writer.session.execute(query).mappings()]


# --- sending and signing ----------------------------------------------------------------------------------------------
def send(db: Database, expo_id: uuid.UUID | None, statement_ids: Sequence[uuid.UUID], sign_by: date) -> int:
    """发出 to both sides, all of them or none; how many. What was sent already stays as it is.

    UserError where one holds a use that is verified no longer, or the day to sign by is over.
    """
    with writing(db, SETTLE, expo_id) as writer:
        today = writer.today
        if sign_by < today:
            words = _("签认期限 {day} 已经过去，没有发出。改成今天或以后的日期。")
            raise UserError(words.format(day=sign_by.isoformat()), "E-DAY")
        rows = writer.locked(_statement, statement_ids)
        if len(rows) < len(set(statement_ids)):
            raise Conflict(_("有对账单已不在，没有发出，数据未变。请刷新。"), "E-GONE")
        for row in rows.values():
            refuse_other_kind(writer, row, row["statement_no"])
        sent = [row for row in rows.values() if row["sent_on"] is None]
        for row in sent:
            _refuse_wrong(row, _inside(writer, row["id"]))
            writer.update(_statement, row["id"], row, {"sent_on": today, "sign_by": sign_by})
            words = _("发出双方，各 1 份，{day} 到期") if row["a_code"] != row["b_code"] else _("发出，{day} 到期")
            _tell(writer, row["id"], words.format(day=sign_by.isoformat()))
        return len(sent)


@dataclass(frozen=True)
class Signature:
    """签认 of a side (a or b) on the version it saw: who signed, when, and the scan of the signed paper."""

    side: str
    version: int
    signer: str
    signed_on: date
    paper: Path


def sign(db: Database, expo_id: uuid.UUID | None, statement_id: uuid.UUID, signature: Signature) -> bool:
    """登记签认 with its scan; whether both have signed now, and so every use in it is settled.

    UserError without a signer or a scan, before it was sent, or where a use in it is verified no longer; Conflict where
    another version stands by now.
    """
    require(db, SETTLE)
    signer = clean_text(signature.signer)[:60]
    if not signer:
        raise UserError(_("签认要写明签认人，没有登记。"), "E-SETTLEMENT")
    data = _scan(signature.paper)  # before anybody waits for this write
    with writing(db, SETTLE, expo_id) as writer:
        uses = _held(writer, _use.c.statement_id == statement_id)
        row = _at(writer, statement_id, signature.version)
        is_local, side = row["a_code"] == row["b_code"], signature.side
        _refuse_settled(row)
        _refuse_unsent(row)
        if sides_of(row)[(A, B).index(side)].state is SideState.SIGNED:
            raise UserError(_("这一方已经签认过这一版，没有再登记。"), "E-SETTLEMENT")
        today = writer.today
        if signature.signed_on > today or signature.signed_on < row["sent_on"]:
            words = _("签认日期 {day} 应在发出日 {sent} 到今天之间，没有登记。")
            said = words.format(day=signature.signed_on.isoformat(), sent=row["sent_on"].isoformat())
            raise UserError(said, "E-DAY")
        _refuse_wrong(row, uses)
        values: dict[str, Any] = {}
        for who in (A, B) if is_local else (side,):
            values |= {
                f"{who}_version": signature.version, f"{who}_signed_on": signature.signed_on,
                f"{who}_signer": signer, f"{who}_dispute": "",
            }  # fmt: skip
        writer.update(_statement, statement_id, row, values)
        key, name = new_id(), short_name(signature.paper.name)
        scan = {
            "id": key, "statement_id": statement_id, "side": side, "version": signature.version,
            "name": name, "sha256": hashlib.sha256(data).hexdigest(),
            "added_at": writer.now, "added_by": db.actor.name, "data": data,
        }  # fmt: skip
        writer.session.execute(_paper.insert(), [scan])
        writer.note("insert", _paper, key, {column: scan[column] for column in scan.keys() - {"data", "id"}})
        words = _("{region}方签认第 {version} 版，签认人 {who}，凭证 {paper}")
        region = party_name(row[f"{side}_code"])
        said = words.format(region=region, version=signature.version, who=signer, paper=name)
        _tell(writer, statement_id, said)
        is_settled = all(one.state is SideState.SIGNED for one in sides_of({**row, **values}))
        if is_settled:
            _settle(writer, row, uses, today)
        return is_settled


def _settle(writer: Writer, row: Row, uses: Sequence[Row], today: date) -> None:
    """Both signed: every use in it becomes 已结算."""
    writer.update_many(_use, [(use["id"], use, {"state": UseState.SETTLED}, 0) for use in uses])
    words = _("对账单 {no} 双方已签").format(no=row["statement_no"])
    common = {
        "voucher_id": None, "state": UseState.SETTLED.name, "at": writer.now, "on_date": today,
        "operator": writer.db.actor.name, "opinion": words,
    }  # fmt: skip
    writer.insert(_use_step, [{"id": new_id(), "use_id": use["id"], **common} for use in uses])
    _tell(writer, row["id"], _("双方已签，{n} 笔结算").format(n=f"{len(uses):,}"))


def dispute(
    db: Database, expo_id: uuid.UUID | None, statement_id: uuid.UUID, side: str, version: int, words: str,
    use_ids: Sequence[uuid.UUID] = (),
) -> None:  # fmt: skip
    """记异议 of a side, with the uses it is about; what it signed of this version holds no longer."""
    said = clean_text(words)
    if not said:
        raise UserError(_("异议要写明内容，没有登记。"), "E-SETTLEMENT")
    with writing(db, SETTLE, expo_id) as writer:
        row = _at(writer, statement_id, version)
        _refuse_settled(row)
        _refuse_unsent(row)
        numbers = sorted(use["use_no"] for use in _inside(writer, statement_id) if use["id"] in set(use_ids))
        if numbers:
            said = _("{numbers}：{words}").format(numbers=_("、").join(numbers), words=said)
        values = {f"{side}_dispute": said[:500], f"{side}_version": None, f"{side}_signed_on": None}
        writer.update(_statement, statement_id, row, {**values, f"{side}_signer": ""})
        region = party_name(row[f"{side}_code"])
        _tell(writer, statement_id, _("{region}方有异议：{words}").format(region=region, words=said))


def pay(db: Database, expo_id: uuid.UUID | None, statement_id: uuid.UUID, version: int, paid_on: date) -> None:
    """登记到账: the net of a settled statement was paid on that day; once, and only where something is owed."""
    with writing(db, SETTLE, expo_id) as writer:
        row = _at(writer, statement_id, version)
        if row["paid_on"] is not None:
            words = _("{no} 已于 {day} 付讫，没有再登记，数据未变。")
            raise UserError(words.format(no=row["statement_no"], day=row["paid_on"].isoformat()), "E-SETTLEMENT")
        if not all(one.state is SideState.SIGNED for one in sides_of(row)):
            raise UserError(_("双方还没有都签认，没有登记付款。签认后再登记。"), "E-SETTLEMENT")
        if not _is_owed(row, _inside(writer, statement_id)):
            words = _("{no} 没有要付的净额，没有登记付款，数据未变。")
            raise UserError(words.format(no=row["statement_no"]), "E-SETTLEMENT")
        today, last = writer.today, max(row["a_signed_on"], row["b_signed_on"])
        if paid_on > today or paid_on < last:
            words = _("付款日期 {day} 应在签认日 {signed} 到今天之间，没有登记。")
            raise UserError(words.format(day=paid_on.isoformat(), signed=last.isoformat()), "E-DAY")
        writer.update(_statement, statement_id, row, {"paid_on": paid_on})
        _tell(writer, statement_id, _("轧差付讫，{day}").format(day=paid_on.isoformat()))


def _is_owed(row: Row, uses: Iterable[Row]) -> bool:
    """Whether one region pays the other: 通用 and uses within a region are never owed."""
    a = row["a_code"]
    paid = [use for use in uses if use["way"] is not PaidWay.REFUNDED]
    return a != row["b_code"] and sum(use["share"] if use["issuer_code"] == a else -use["share"] for use in paid) != 0


def paper(db: Database, paper_id: uuid.UUID) -> tuple[str, bytes]:
    """A scan as it was put in, for who may hand data out: its name and bytes.

    UserError where its bytes are no longer those, Conflict where it is gone.
    """
    require(db, "data.export")
    with db.reading() as session:
        columns = (_paper.c.name, _paper.c.sha256, _paper.c.data)
        found = session.execute(select(*columns).where(_paper.c.id == paper_id)).first()
    if found is None:
        raise Conflict(_("这份凭证已不在。请刷新。"), "E-GONE")
    name, digest, data = found
    if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != digest:
        words = _("凭证“{name}”与登记时的校验值不符，没有打开，其他数据不受影响。请从备份恢复。")
        raise UserError(words.format(name=name), "E-ATTACHMENT-HASH")
    return name, data


def write_paper(db: Database, paper_id: uuid.UUID) -> Path:
    """A copy of a scan to be looked at. Raises as `paper`."""
    return shown_copy(*paper(db, paper_id))


# --- what holds -------------------------------------------------------------------------------------------------------
def stands(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Hold of the lists of uses: what stands in a statement is not taken back. Conflict."""
    if table.name != _use.name:
        return
    for part in in_parts([row["id"] for row in rows]):
        query = (
            select(_use.c.use_no, _statement.c.statement_no, _use.c.state)
            .join(_statement, _statement.c.id == _use.c.statement_id)
            .where(_use.c.id.in_(part))
            .limit(1)
        )
        if found := session.execute(query).first():
            words = _("{use} 已在对账单 {no} 里，不能撤销，数据未变。要改请登记更正，进下一期。")
            if found[2] is UseState.CANCELLED:
                words = _("{use} 已取消，对账单 {no} 等着重出，这一步不能撤销，数据未变。请按对的金额重新登记。")
            raise Conflict(words.format(use=found[0], no=found[1]), "E-SETTLEMENT")


def _at(writer: Writer, statement_id: uuid.UUID, version: int) -> Row:
    """The statement held, in the version somebody saw."""
    row = _found(writer.locked(_statement, [statement_id]), statement_id)
    refuse_other_kind(writer, row, row["statement_no"])
    if row["version"] != version:
        words = _("{no} 已是第 {version} 版，没有登记。请刷新后看过再登记。")
        raise Conflict(words.format(no=row["statement_no"], version=row["version"]), "E-CHANGED")
    return row


def _found(rows: Mapping[uuid.UUID, Row], statement_id: uuid.UUID) -> Row:
    if (row := rows.get(statement_id)) is None:
        raise Conflict(_("这份对账单已不在，数据未变。请刷新。"), "E-GONE")
    return row


def _refuse_settled(row: Row) -> None:
    if all(one.state is SideState.SIGNED for one in sides_of(row)):
        words = _("{no} 双方已签，不能再改，数据未变。要改请登记更正，进下一期。")
        raise UserError(words.format(no=row["statement_no"]), "E-SETTLEMENT")


def _refuse_unsent(row: Row) -> None:
    if row["sent_on"] is None:
        words = _("{no} 还没有发出，没有登记。请先发出。")
        raise UserError(words.format(no=row["statement_no"]), "E-SETTLEMENT")


def _refuse_wrong(row: Row, uses: Iterable[Row]) -> None:
    """A statement with a use that is verified no longer does not add up: nobody gets it, nobody signs it.

    DamagedValue where what a use is worth cannot be read.
    """
    uses = list(uses)
    for use in uses:
        if is_damaged(use["share"]):
            raise DamagedValue(use["share"].column)
    wrong = [use["use_no"] for use in uses if use["state"] is not UseState.VERIFIED]
    if wrong:
        words = _("{no} 里的 {uses} 已不是已核验，没有登记。请先重出对账单。")
        said = _("、").join(sorted(wrong)[:10])
        raise UserError(words.format(no=row["statement_no"], uses=said), "E-SETTLEMENT")


def _tell(writer: Writer, statement_id: uuid.UUID, words: str) -> None:
    row = {"id": new_id(), "statement_id": statement_id, "at": writer.now, "operator": writer.db.actor.name}
    writer.insert(_step, [{**row, "words": words[:500]}])


def _scan(path: Path) -> bytes:
    """The bytes of a scan: its ending and how it begins say that it is shown, and never run, by whoever opens it."""
    data = bytes_of(path)
    if not is_scan(path.name, data):
        words = _("“{name}”不是 PDF、JPG 或 PNG，没有登记。换成签认页的扫描件。")
        raise UserError(words.format(name=path.name), "E-ATTACHMENT")
    return data
