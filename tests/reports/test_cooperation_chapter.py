"""区域协同 in the closing report: vouchers, parks and alliances as their own reports count them, a line each."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from expo_app import i18n
from expo_app.documents.summary import read_closing
from expo_app.model import PaidWay, Park, Tenant, UseState, VoucherUse
from expo_app.reports.summary_chapter import Chapter
from expo_app.services import parks, records, settlement_acts
from expo_app.services.settlement_acts import Signature
from expo_app.services.statistics.scope import scope_of
from expo_app.services.statistics.sharing import read_sharing
from expo_app.specs import AGREEMENTS, ALLIANCES, MEMBERS
from expo_app.specs.report_data import SheetTable
from expo_app.specs.sharing_figures import Sharing
from expo_app.store.database import Database
from tests.factories import make_expo
from tests.made_parks import COUNTED, REPORTED, Parks
from tests.made_settlement import Fair, make_fair, make_use

A, B = "2102", "3702"
MARCH, AUGUST = date(2022, 3, 5), date(2022, 8, 9)
NOW = datetime(2022, 12, 20, 7, tzinfo=UTC)


@dataclass
class Page:
    """What a chapter writes."""

    titles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def chapter(self, text: str, keep: float = 60) -> None:
        self.titles.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def fair(db: Database) -> Fair:
    db.clock = lambda: NOW
    with db.transaction() as session:
        return make_fair(session, (A, B))


def told(db: Database, fair: Fair, now: datetime = NOW) -> Sharing:
    with db.reading() as session:
        return read_sharing(session, replace(scope_of(session, fair.expo_id), at=now))


def the_chapter(db: Database, fair: Fair) -> Chapter | None:
    found = [one for one in read_closing(db, fair.expo_id, NOW).chapters if one.title == "区域协同"]
    return found[0] if found else None


def lines(db: Database, fair: Fair) -> list[str]:
    found, page = the_chapter(db, fair), Page()
    assert found is not None
    found.write(page)  # type: ignore[arg-type]
    assert page.titles == [found.title]
    return page.notes


def sheets(db: Database, fair: Fair) -> dict[str, SheetTable]:
    found = the_chapter(db, fair)
    assert found is not None
    return {one.title: one for one in found.sheets(())}


def use_some(db: Database, fair: Fair) -> None:
    """Three of the first half-year, settled by both, a local one and one that waits."""
    with db.transaction() as session:
        make_use(session, fair, A, B, "1000.01", MARCH)
        make_use(session, fair, B, A, "300.02", MARCH)
        make_use(session, fair, B, A, "50.00", MARCH, way=PaidWay.REFUNDED)
        make_use(session, fair, A, A, "7.00", MARCH)
        make_use(session, fair, A, B, "20000.00", AUGUST)
        make_use(session, fair, A, B, "9.00", MARCH, state=UseState.SUBMITTED, verified_on=None)


def sign_all(db: Database, fair: Fair, tmp_path: Path) -> None:
    drawn = settlement_acts.draw(db, fair.expo_id, "2022H1")
    settlement_acts.send(db, fair.expo_id, drawn.made, date(2022, 12, 27))
    for side in "ab":
        scan = tmp_path / f"{side}.pdf"
        scan.write_bytes(f"%PDF-1.4 {side}".encode())
        given = Signature(side, 1, "结算岗", date(2022, 12, 20), scan)
        settlement_acts.sign(db, fair.expo_id, drawn.made[0], given)


def test_nothing_shared_says_nothing(db: Database, fair: Fair) -> None:
    assert told(db, fair).is_empty
    assert the_chapter(db, fair) is None


def test_vouchers_are_told_to_the_fen_with_what_is_settled(db: Database, fair: Fair, tmp_path: Path) -> None:
    use_some(db, fair)
    before = told(db, fair).vouchers
    assert before is not None
    assert (before.verified.count, before.verified.yuan) == (5, Decimal("21357.03"))
    assert (before.settled.count, before.drawn, before.signed) == (0, 0, 0)
    sign_all(db, fair, tmp_path)
    assert lines(db, fair)[-1] == (
        "核验用券 5 笔（更正各计一笔），券付 21,357.03 元；其中已结算 3 笔，1,350.03 元。"
        "地区之间的对账单 1 份，双方都签的 1 份。"
    )
    rows = {row[1]: row[2] for row in sheets(db, fair)["券、园区、联盟"].rows}
    assert (rows["核验用券（笔）"], rows["券付（元）"], rows["已结算（元）"]) == (
        5,
        Decimal("21357.03"),
        Decimal("1350.03"),
    )


def test_what_was_verified_later_than_the_day_of_the_report_is_not_told(db: Database, fair: Fair) -> None:
    use_some(db, fair)
    found = told(db, fair, datetime(2022, 5, 1, tzinfo=UTC)).vouchers
    assert found is not None
    assert found.verified.yuan == Decimal("1357.03")


def test_samples_are_told_in_a_sample_expo_alone(db: Database, fair: Fair) -> None:
    Parks(db, fair.expo_id)
    use_some(db, fair)
    with db.transaction() as session:
        sample = make_expo(session, is_sample=True).id
        for model in (VoucherUse, Park, Tenant):
            session.execute(update(model).values(is_sample=True))
    assert told(db, fair).is_empty
    found = told(db, replace(fair, expo_id=sample))
    assert found.vouchers is not None
    assert found.tenants is not None
    assert [one.is_sample for one in found.reported] == [True, True]


def test_tenants_are_counted_by_step_as_in_their_own_report_and_reports_stand_apart(db: Database, fair: Fair) -> None:
    Parks(db, fair.expo_id)
    found = told(db, fair)
    assert found.tenants is not None
    assert found.tenants.parks == 1
    steps = {step.name: n for step, n in found.tenants.steps}
    assert steps == {"VISITED": 3, "INTENDED": 3, "SIGNED": 2, "TENANTS": 2, "LANDED": 1, "GRADUATED": 0}
    (card,) = [one for one in parks.read_board(db).parks if one.name == COUNTED]
    own = {step.name: int(amount.value) for step, amount in card.totals.items() if amount}
    assert {name: own[name] for name in steps} == steps
    said = lines(db, fair)
    assert [one for one in said if REPORTED in one] == [
        f"{REPORTED}据报道（2022-12，某报）：走访意向企业 超过 530、入驻企业和团队 46、落地项目 14。",
        f"{REPORTED}据报道（2021-06，某报）：高层次人才 126。",
    ]  # fmt: skip
    words = "走访意向企业 3、意向 3、签约 2、入驻企业和团队 2、落地项目 1、毕业企业 0。"
    assert f"1 个园区按记录计，到过各步的企业（家）：{words}" in said
    assert "报道数各有来源和时间，不与记录相加。" in said
    assert not any(COUNTED in one for one in said)
    both = sheets(db, fair)
    assert next(row[1:4] for row in both["园区报道数"].rows) == ("走访意向企业", "超过", Decimal(530))
    assert {row[0] for row in both["券、园区、联盟"].rows} == {"合作园区"}


def test_a_report_that_is_later_than_the_closing_one_is_not_told(db: Database, fair: Fair) -> None:
    Parks(db, fair.expo_id)
    found = told(db, fair, datetime(2022, 11, 30, tzinfo=UTC))
    assert [one.on for one in found.reported] == ["2021-06"]


def test_members_of_two_bodies_count_once_and_agreements_up_to_the_day(db: Database, fair: Fair) -> None:
    db.clock = lambda: datetime(2023, 6, 1, tzinfo=UTC)
    for name in ("渔港圈", "船舶联盟"):
        records.save(db, ALLIANCES, {"name": name, "kind": "创新圈", "founded": "2018-11"}, expo_id=fair.expo_id)
        for body in (f"{A}检测院", f"{B}检测院"):
            given = {"alliance_id": name, "organisation_id": body, "role": "会员", "since": "2018-11"}
            records.save(db, MEMBERS, given, expo_id=fair.expo_id)
    for title, signed in (("渔港协议", "2021-05"), ("船舶协议", "2023-01")):
        given = {"title": title, "signed": signed, "parties": f"{A}检测院；已签；{signed}\n{B}检测院；已签；{signed}"}
        records.save(db, AGREEMENTS, given, expo_id=fair.expo_id)
    assert lines(db, fair) == ["联盟与共同体 2 个，成员 2 家（每家只计一次），协议 1 份。"]


def test_the_same_in_english(db: Database, fair: Fair) -> None:
    use_some(db, fair)
    Parks(db, fair.expo_id)
    i18n.set_language("en")
    try:
        page = Page()
        found = next(one for one in read_closing(db, fair.expo_id, NOW).chapters if one.title == "Co-operation")
        found.write(page)  # type: ignore[arg-type]
    finally:
        i18n.set_language("zh_CN")
    assert [one.partition(": ")[0] for one in page.notes if "across regions" not in one] == [
        "Voucher uses verified", "Companies that reached each step, counted from the records of parks (1)",
        f"{REPORTED}, as reported (2022-12; 某报)", f"{REPORTED}, as reported (2021-06; 某报)",
        "Reported figures each have their own source and date; they are never added to records.",
    ]  # fmt: skip
