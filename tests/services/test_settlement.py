"""三地结算: every use in one statement, both sides sign one version, late ones in the next period."""

import random
import threading
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update

from expo_app.errors import Conflict, UserError
from expo_app.model import PaidWay, SettlementStatement, StatementStep, UseState, VoucherStep, VoucherUse
from expo_app.rules.periods import period
from expo_app.services import records, settlement, settlement_acts
from expo_app.services.settlement_acts import Signature, stands
from expo_app.specs import STATEMENTS
from expo_app.specs.settlement import A, B, SettlementBoard, SideState, StatementLine
from expo_app.store.database import Database, open_database
from tests.made_settlement import Fair, make_fair, make_policy, make_use, row_of

JD, SZ, KS, WZ = "310114", "3205", "320583", "3303"
MARCH, MAY, JULY = date(2019, 3, 5), date(2019, 5, 6), date(2019, 7, 8)
_use, _statement = VoucherUse.__table__, SettlementStatement.__table__


@pytest.fixture
def fair(db: Database) -> Fair:
    db.clock = lambda: datetime(2019, 7, 9, 6, 20, tzinfo=UTC)
    with db.transaction() as session:
        return make_fair(session)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "签认.pdf"
    path.write_bytes(b"%PDF-1.4 signed")
    return path


def uses(db: Database, fair: Fair, *given: tuple[str, str, str, date]) -> list[Any]:
    with db.transaction() as session:
        return [make_use(session, fair, *one) for one in given]


def rows(db: Database) -> dict[Any, dict[str, Any]]:
    with db.reading() as session:
        return {row["id"]: dict(row) for row in session.execute(select(_use)).mappings()}


def change(db: Database, key: Any, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(update(_use).where(_use.c.id == key).values(**values))


def board(db: Database, fair: Fair, text: str = "2019H1") -> SettlementBoard:
    return settlement.read(db, fair.expo_id, text)


def the_line(db: Database, fair: Fair, a: str = JD, b: str = KS, text: str = "2019H1") -> StatementLine:
    found = [one for one in board(db, fair, text).all_lines if (one.pair.a, one.pair.b) == (a, b)]
    assert len(found) == 1
    return found[0]


def sent(db: Database, fair: Fair, *given: tuple[str, str, str, date]) -> StatementLine:
    uses(db, fair, *given)
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    line = the_line(db, fair)
    settlement_acts.send(db, fair.expo_id, [line.id], date(2019, 7, 20))
    return the_line(db, fair)


def sign(db: Database, fair: Fair, line: StatementLine, side: str, scan: Path, **given: Any) -> bool:
    values = {"version": line.version, "signer": "财政结算岗", "signed_on": date(2019, 7, 9), "paper": scan} | given
    return settlement_acts.sign(db, fair.expo_id, line.id, Signature(side, **values))


def test_a_period_drawn_has_a_statement_of_every_pair_with_uses(db: Database, fair: Fair) -> None:
    keys = uses(
        db, fair, (JD, KS, "81205.00", MARCH), (KS, JD, "164823.50", MAY), (JD, JD, "31200.01", MAY),
        (WZ, SZ, "0.03", MAY), (KS, JD, "10.00", JULY),
    )  # fmt: skip
    drawn = settlement_acts.draw(db, fair.expo_id, "2019H1")
    assert (len(drawn.made), drawn.refused) == (3, ())
    found = board(db, fair)
    shown = [(one.no, one.pair.a, one.pair.b, one.pair.net, one.pair.payer) for one in found.lines]
    assert shown == [("DZ-19H1-01", JD, KS, Decimal("83618.50"), KS), ("DZ-19H1-02", SZ, WZ, Decimal("0.03"), WZ)]
    assert [(one.no, one.pair.a_pays.all.yuan) for one in found.local] == [("BD-19H1-01", Decimal("31200.01"))]
    assert found.check.is_right
    assert found.check.difference == 0
    assert found.pending.count == 0
    in_none = {key for key, row in rows(db).items() if row["statement_id"] is None}
    assert in_none == {keys[4]}
    with pytest.raises(UserError, match="没有待出"):
        settlement_acts.draw(db, fair.expo_id, "2019H1")


def test_what_the_companys_own_region_refunds_stands_beside_the_net(db: Database, fair: Fair) -> None:
    with db.transaction() as session:
        make_use(session, fair, JD, KS, "100.00", MARCH)
        make_use(session, fair, JD, KS, "900.00", MARCH, way=PaidWay.REFUNDED)
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    line = the_line(db, fair)
    assert (line.pair.net, line.pair.payer, line.count) == (Decimal(100), JD, 2)
    assert board(db, fair).settlement.refunded.yuan == Decimal(900)


def test_no_statement_before_the_period_is_over_nor_of_no_period_at_all(db: Database, fair: Fair) -> None:
    uses(db, fair, (JD, KS, "1.00", JULY))
    with pytest.raises(UserError, match="结束"):
        settlement_acts.draw(db, fair.expo_id, "2019H2")
    with pytest.raises(UserError, match="2019H3"):
        settlement_acts.draw(db, fair.expo_id, "2019H3")


def test_nobody_settles_by_a_longer_period_than_the_stricter_region_allows(db: Database, fair: Fair) -> None:
    db.clock = lambda: datetime(2020, 1, 9, tzinfo=UTC)
    with db.transaction() as session:
        make_policy(session, WZ, settle_months=6)
    uses(db, fair, (JD, WZ, "5.00", MARCH), (JD, KS, "7.00", MARCH), (WZ, WZ, "9.00", MARCH))
    drawn = settlement_acts.draw(db, fair.expo_id, "2019")
    assert len(drawn.made) == 2
    assert len(drawn.refused) == 1
    assert "6 个月" in drawn.refused[0]
    assert the_line(db, fair, JD, WZ, "2019").id is None
    assert len(settlement_acts.draw(db, fair.expo_id, "2019H1").made) == 1


def test_periods_of_a_pair_never_overlap(db: Database, fair: Fair) -> None:
    uses(db, fair, (JD, KS, "5.00", MARCH), (JD, KS, "7.00", MAY), (SZ, WZ, "1.00", MAY))
    settlement_acts.draw(db, fair.expo_id, "2019Q1")
    drawn = settlement_acts.draw(db, fair.expo_id, "2019H1")
    assert len(drawn.made) == 1
    assert "重叠" in drawn.refused[0]
    settlement_acts.draw(db, fair.expo_id, "2019Q2")
    whole = board(db, fair, "2019")
    assert [one.no for one in whole.lines if one.pair.b == KS] == ["DZ-19Q1-01", "DZ-19Q2-01"]
    assert whole.settlement.cell(JD, KS).paid.yuan == Decimal(12)
    assert whole.check.is_right
    assert board(db, fair, "2019Q1").wider == (period("2019H1").label,)


def test_what_comes_late_stands_in_the_next_period(db: Database, fair: Fair) -> None:
    uses(db, fair, (JD, KS, "5.00", MARCH))
    settlement_acts.draw(db, fair.expo_id, "2019Q1")
    (late,) = uses(db, fair, (KS, JD, "2.00", MARCH))
    assert board(db, fair, "2019Q1").pending.count == 0
    assert board(db, fair, "2019Q2").pending.yuan == Decimal(2)
    detail = settlement.read_line(db, fair.expo_id, the_line(db, fair, text="2019Q2"))
    assert [use.id for use in detail.uses] == [late]
    settlement_acts.draw(db, fair.expo_id, "2019Q2")
    assert the_line(db, fair, text="2019Q2").pair.payer == KS
    assert board(db, fair, "2019Q1").settlement.paid.yuan == Decimal(5)


def test_both_sign_and_only_then_its_uses_are_settled(db: Database, fair: Fair, scan: Path) -> None:
    line = sent(db, fair, (JD, KS, "5.00", MARCH), (KS, JD, "7.00", MAY))
    assert {side.state for side in line.sides} == {SideState.WAITING}
    assert not sign(db, fair, line, B, scan)
    assert {row["state"] for row in rows(db).values()} == {UseState.VERIFIED}
    assert [side.state for side in the_line(db, fair).sides] == [SideState.WAITING, SideState.SIGNED]
    with pytest.raises(UserError, match="已经签认"):
        sign(db, fair, line, B, scan)
    with pytest.raises(UserError, match="都签认"):
        settlement_acts.pay(db, fair.expo_id, line.id, 1, date(2019, 7, 9))
    assert sign(db, fair, line, A, scan)
    assert {row["state"] for row in rows(db).values()} == {UseState.SETTLED}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(VoucherStep)) == 2
    with pytest.raises(UserError, match="双方已签"):
        settlement_acts.dispute(db, fair.expo_id, line.id, A, 1, "不对")
    with pytest.raises(UserError, match="双方已签"):
        settlement_acts.redraw(db, fair.expo_id, line.id, 1)
    settlement_acts.pay(db, fair.expo_id, line.id, 1, date(2019, 7, 9))
    db.clock = lambda: datetime(2019, 7, 12, tzinfo=UTC)
    with pytest.raises(UserError, match="2019-07-09 付讫"):
        settlement_acts.pay(db, fair.expo_id, line.id, 1, date(2019, 7, 12))
    detail = settlement.read_line(db, fair.expo_id, the_line(db, fair))
    assert detail.line.paid_on == date(2019, 7, 9)
    assert board(db, fair).check.is_right
    assert [(paper.side, paper.version) for paper in detail.papers] == [(B, 1), (A, 1)]
    assert settlement_acts.paper(db, detail.papers[0].id) == ("签认.pdf", b"%PDF-1.4 signed")


def test_nobody_signs_without_a_paper_a_name_or_what_was_sent(
    db: Database, fair: Fair, scan: Path, tmp_path: Path
) -> None:
    uses(db, fair, (JD, KS, "5.00", MARCH))
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    line = the_line(db, fair)
    with pytest.raises(UserError, match="还没有发出"):
        sign(db, fair, line, A, scan)
    settlement_acts.send(db, fair.expo_id, [line.id], date(2019, 7, 20))
    with pytest.raises(UserError, match="读不出来"):
        sign(db, fair, line, A, tmp_path / "没有.pdf")
    for name, data in (("签认.bat", b"%PDF-1.4 echo"), ("程序.pdf", b"MZ echo"), ("签认", b"%PDF-1.4")):
        other = tmp_path / name
        other.write_bytes(data)
        with pytest.raises(UserError, match="不是 PDF、JPG 或 PNG"):
            sign(db, fair, line, A, other)
    with pytest.raises(UserError, match="签认人"):
        sign(db, fair, line, A, scan, signer=" ")
    with pytest.raises(UserError, match="签认日期"):
        sign(db, fair, line, A, scan, signed_on=date(2019, 7, 10))
    assert the_line(db, fair).side(A).state is SideState.WAITING


def test_a_dispute_leads_to_another_version_that_both_sign_again(db: Database, fair: Fair, scan: Path) -> None:
    line = sent(db, fair, (JD, KS, "5.00", MARCH), (KS, JD, "7.00", MAY))
    sign(db, fair, line, B, scan)
    disputed = next(key for key, row in rows(db).items() if row["issuer_code"] == JD)
    settlement_acts.dispute(db, fair.expo_id, line.id, A, 1, "金额不符", [disputed])
    side = the_line(db, fair).side(A)
    assert side.state is SideState.DISPUTED
    assert side.dispute == f"{rows(db)[disputed]['use_no']}：金额不符"
    with pytest.raises(UserError, match="没有变化"):
        settlement_acts.redraw(db, fair.expo_id, line.id, 1)
    change(db, disputed, state=UseState.RETURNED)
    assert not board(db, fair).check.is_right
    assert board(db, fair).check.wrong == (rows(db)[disputed]["use_no"],)
    with pytest.raises(UserError, match="重出"):
        sign(db, fair, line, A, scan)
    (late,) = uses(db, fair, (KS, JD, "1.00", MARCH))
    assert settlement_acts.redraw(db, fair.expo_id, line.id, 1) == 2
    assert rows(db)[disputed]["statement_id"] is None
    assert rows(db)[late]["statement_id"] == line.id
    after = the_line(db, fair)
    assert {side.state for side in after.sides} == {SideState.UNSENT}
    assert after.pair.net == Decimal(8)
    assert board(db, fair).check.is_right
    with pytest.raises(Conflict, match="第 2 版"):
        sign(db, fair, line, A, scan)


def test_a_statement_that_lost_its_last_use_stays_with_its_number_and_papers(
    db: Database, fair: Fair, scan: Path
) -> None:
    line = sent(db, fair, (JD, KS, "5.00", MARCH))
    sign(db, fair, line, B, scan)
    settlement_acts.dispute(db, fair.expo_id, line.id, A, 1, "不对")
    change(db, next(iter(rows(db))), state=UseState.CANCELLED)
    with pytest.raises(UserError, match="重出"):
        settlement_acts.send(db, fair.expo_id, [line.id], date(2019, 7, 20)) or sign(db, fair, line, A, scan)
    assert settlement_acts.redraw(db, fair.expo_id, line.id, 1) == 2
    detail = settlement.read_line(db, fair.expo_id, the_line(db, fair))
    assert (detail.line.no, detail.line.count, detail.uses) == (line.no, 0, ())
    assert [paper.version for paper in detail.papers] == [1]
    assert board(db, fair).check.is_right
    uses(db, fair, (JD, WZ, "5.00", MARCH))
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    assert the_line(db, fair, JD, WZ).no != line.no
    settlement_acts.send(db, fair.expo_id, [line.id], date(2019, 7, 20))
    again = the_line(db, fair)
    sign(db, fair, again, A, scan)
    assert sign(db, fair, again, B, scan)
    with pytest.raises(UserError, match="没有要付的净额"):
        settlement_acts.pay(db, fair.expo_id, line.id, 2, date(2019, 7, 9))


def test_a_regions_own_list_is_signed_once(db: Database, fair: Fair, scan: Path) -> None:
    uses(db, fair, (JD, JD, "5.00", MARCH))
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    line = the_line(db, fair, JD, JD)
    settlement_acts.send(db, fair.expo_id, [line.id], date(2019, 7, 20))
    assert sign(db, fair, line, A, scan)
    with pytest.raises(UserError, match="没有要付的净额"):
        settlement_acts.pay(db, fair.expo_id, line.id, 1, date(2019, 7, 9))


def test_samples_and_what_is_none_are_never_settled_together(db: Database, fair: Fair) -> None:
    with db.transaction() as session:
        real = make_use(session, fair, JD, KS, "5.00", MARCH)
        made_up = make_use(session, fair, JD, KS, "900.00", MARCH, is_sample=True)
        sample = make_fair(session, (), is_sample=True)
    (theirs,) = settlement_acts.draw(db, sample.expo_id, "2019H1").made
    found = board(db, fair)
    assert (found.pending.yuan, found.check.is_right) == (Decimal(5), True)
    (ours,) = settlement_acts.draw(db, fair.expo_id, "2019H1").made
    assert {key: row["statement_id"] for key, row in rows(db).items()} == {real: ours, made_up: theirs}
    assert [one.no for one in (*board(db, fair).lines, *board(db, sample).lines)] == ["DZ-19H1-02", "DZ-19H1-01"]
    for act in (
        lambda: settlement_acts.redraw(db, sample.expo_id, ours, 1),
        lambda: settlement_acts.send(db, fair.expo_id, [theirs], date(2019, 7, 20)),
    ):
        with pytest.raises(Conflict, match="示例"):
            act()


def test_what_stands_in_a_statement_is_not_taken_back(db: Database, fair: Fair) -> None:
    (key,) = uses(db, fair, (JD, KS, "5.00", MARCH))
    with db.reading() as session:
        stands(session, _use, [{"id": key}])
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    with db.reading() as session, pytest.raises(Conflict, match="DZ-19H1-01"):
        stands(session, _use, [{"id": key}])


def test_two_desks_that_draw_one_period_put_each_use_into_one_statement(db: Database, fair: Fair) -> None:
    with db.transaction() as session:
        made = [row_of(fair, one, other, "3.01", MARCH) for one in (JD, SZ, WZ) for other in (JD, SZ, KS)]
        session.execute(_use.insert(), made)
    start, ends = threading.Barrier(2), list[object]()

    def run() -> None:
        own = open_database(db.target, clock=db.clock)
        start.wait(60)
        try:
            ends.append(len(settlement_acts.draw(own, fair.expo_id, "2019H1").made))
        except UserError as refused:
            ends.append(refused.code)
        own.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, ends)) == ["8", "E-SETTLEMENT"]
    found = rows(db)
    assert all(row["statement_id"] is not None for row in found.values())
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(_statement)) == 8
        assert session.scalar(select(func.count()).select_from(StatementStep)) == 8


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_uses_corrections_and_cancellations_adds_up(db: Database, fair: Fair, seed: int) -> None:
    """Against plain dictionaries over the raw rows: to the fen, every use in one statement or none yet."""
    chance = random.Random(seed)  # noqa: S311
    db.clock = lambda: datetime(2021, 1, 9, tzinfo=UTC)
    places, texts = (JD, SZ, KS, WZ), [f"20{year}Q{n}" for year in (19, 20) for n in (1, 2, 3, 4)]
    for text in texts:
        last = period(text).until
        made = []
        for _n in range(150):
            on = last - timedelta(days=chance.randrange(200))
            share = Decimal(chance.randrange(1, 5_000_000)).scaleb(-2)
            way = chance.choice([PaidWay.PAID, PaidWay.PAID, PaidWay.REFUNDED])
            state = chance.choice([UseState.VERIFIED] * 4 + [UseState.SUBMITTED, UseState.CANCELLED])
            made.append(row_of(fair, chance.choice(places), chance.choice(places), share, on, way=way, state=state))
        made += [
            row_of(fair, one["issuer_code"], one["payee_code"], -one["share"] / 100 * chance.choice([0, 100]), last,
                   corrects_id=one["id"], way=one["way"])
            for one in chance.sample([one for one in made if one["state"] is UseState.VERIFIED], 20)
        ]  # fmt: skip
        with db.transaction() as session:
            session.execute(_use.insert(), made)
        settlement_acts.draw(db, fair.expo_id, text)
        inside = [one for one in rows(db).values() if one["statement_id"] is not None]
        for one in chance.sample(inside, 10):
            change(db, one["id"], state=UseState.CANCELLED)
        for line in board(db, fair, text).all_lines:
            if line.wrong:
                settlement_acts.redraw(db, fair.expo_id, line.id, line.version)
    for text in ["2018Q2", "2018Q3", "2018Q4", *texts]:  # what came after its period was drawn for other pairs
        with suppress(UserError):
            settlement_acts.draw(db, fair.expo_id, text)
    wrong_later = [line for text in texts for line in board(db, fair, text).all_lines if line.wrong]
    for line in wrong_later:
        settlement_acts.redraw(db, fair.expo_id, line.id, line.version)
    years, found = ("2018", "2019", "2020"), list(rows(db).values())
    counted = [one for one in found if one["state"] is UseState.VERIFIED]
    assert all(one["statement_id"] is not None for one in counted)
    assert all(one["statement_id"] is None for one in found if one["state"] is not UseState.VERIFIED)
    by_statement: dict[Any, Counter[Any]] = defaultdict(Counter)
    for one in counted:
        key = one["issuer_code"], one["payee_code"], one["way"] is PaidWay.REFUNDED
        by_statement[one["statement_id"]][key] += int(one["share"] * 100)
    lines = [line for year in years for line in board(db, fair, year).all_lines]
    assert len({line.id for line in lines}) == len(lines)
    assert {line.id for line in lines if line.count} == set(by_statement)
    for line in lines:
        expected, pair = by_statement[line.id], line.pair
        assert pair.a_pays.paid.fen == expected[pair.a, pair.b, False]
        assert pair.a_pays.refunded.fen == expected[pair.a, pair.b, True]
        if pair.a != pair.b:
            assert pair.balance == expected[pair.a, pair.b, False] - expected[pair.b, pair.a, False]
    total = sum(sum(one.values()) for one in by_statement.values())
    assert total == sum(int(one["share"] * 100) for one in counted)
    assert all(board(db, fair, year).check.is_right for year in years)


def test_the_list_of_statements_adds_up_as_the_board_does(db: Database, fair: Fair) -> None:
    with db.transaction() as session:
        make_use(session, fair, JD, KS, "900.00", MARCH, way=PaidWay.REFUNDED)
    uses(db, fair, (JD, KS, "5.00", MARCH), (KS, JD, "7.01", MAY), (JD, JD, "31.00", MAY))
    settlement_acts.draw(db, fair.expo_id, "2019H1")
    names = ("statement_no", "uses", "a_pays", "b_pays", "payer", "net")
    found = records.list_rows(db, STATEMENTS, None, [STATEMENTS.field(name) for name in names])
    assert sorted(row[1:7] for row in found) == [
        ("BD-19H1-01", 1, Decimal(31), Decimal(0), None, None),
        ("DZ-19H1-01", 3, Decimal(5), Decimal("7.01"), KS, Decimal("2.01")),
    ]


def test_signing_waits_for_whoever_holds_a_use_of_it(db: Database, fair: Fair, scan: Path) -> None:
    """A use is cancelled by its row, then its statement: whoever signs takes them in that order too."""
    line = sent(db, fair, (JD, KS, "5.00", MARCH))
    settlement_acts.dispute(db, fair.expo_id, line.id, B, 1, "不对")
    taken: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = [name for name in ("voucher_use", "settlement_statement") if f"FROM {name}" in statement]
        if found and "ORDER BY" in statement:
            taken.append(found[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        sign(db, fair, line, A, scan)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert taken[:2] == ["voucher_use", "settlement_statement"]
