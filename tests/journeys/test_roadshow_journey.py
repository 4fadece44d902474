"""Six results pitched, scored and asked for by keys, two of which become draft deals and one of them a signed one: in
the real window, on an expo set up from nothing. What is asserted was reckoned by hand from what is typed here.
"""

import itertools
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from expo_app import documents
from expo_app.model import Badge, Deal, DealStage, Entry, Interest, InterestLevel, Task
from expo_app.routes import ListRoute
from expo_app.routes.roadshow import RoadshowRoute
from expo_app.services import badges, chain, records
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs import DEALS, INTERESTS
from expo_app.specs.records import by_name
from expo_app.ui.kit import dialog
from expo_app.ui.pages.deals import DealDialog
from expo_app.ui.pages.roadshow.clerk import RoadshowPage
from expo_app.ui.pages.roadshow.lists import InterestsPage, RoadshowLists
from expo_app.ui.parts.chain import ChainStrip
from tests import made_auction as made
from tests.journeys.in_hall import (
    WAN,
    Hall,
    Hand,
    import_list,
    made_hall,  # noqa: F401
    make_report,
    settle,
    sheets_of,
)
from tests.journeys.pages import words_of
from tests.made_roadshow import EXPERTS, INVESTORS, LISTS, RESULTS, SHOW, mean, points
from tests.ui.conftest import qtbot, themed  # noqa: F401

READER = 4.0
"""Milliseconds between two keys of a badge reader."""


def test_from_the_first_pitch_to_a_signed_deal(
    hall: Hall, tmp_path: Path, qtbot: Any, record_property: Callable[[str, object], None],  # noqa: F811
) -> None:  # fmt: skip
    for kind, rows in LISTS.items():
        plan = import_list(qtbot, hall, by_name(kind), made.sheet(tmp_path / f"{kind}.xlsx", rows))
        assert not any(row.problems for row in plan.rows), [row.problems for row in plan.rows]
    badges.issue_all(hall.db, hall.context.expo_id)
    hall.context.navigate(RoadshowRoute())
    settle()
    page, hand = hall.window.frame.page, Hand(hall.window)
    assert isinstance(page, RoadshowPage)
    page.project.click()
    settle()
    assert QApplication.activeWindow() is hall.window
    keys = score_all(page, hand)
    interests(hall, page, hand)
    read_the_board(hall)
    drafts(hall, hand)
    sign_one(hall)
    check_the_chain(hall)
    check_the_sheet(hall, qtbot)
    record_property("keys per score", max(keys))
    assert max(keys) == 3


def score_all(page: RoadshowPage, hand: Hand) -> list[int]:
    """Each pitch begins by F8, two experts say two figures each; how many keys each figure took."""
    keys = []
    for n in range(len(RESULTS)):
        hand.keys("F8")
        assert page.pitch is not None
        assert (page.pitch.title, page.pitch.is_running) == (RESULTS[n], True)
        for expert, said in zip(EXPERTS, points(n), strict=True):
            page.scores.choose_expert(expert)
            hand.keys("F2")
            for each in said:
                before = hand.pressed
                hand.keys(each, "\n")
                keys.append(hand.pressed - before)
        assert page.scores.mean.text() == f"均分 {mean(n):.2f}"
    return keys


def interests(hall: Hall, page: RoadshowPage, hand: Hand) -> None:
    """Three in the last pitch but one: typed, by a badge, by its level alone."""
    hand.keys("PgUp")
    assert page.pitch is not None
    assert page.pitch.title == RESULTS[4]
    hand.keys("F4", "1", "Tab", INVESTORS[0], "Tab", "周舟", "Tab", "13900000001", "Tab", "300", "\n")
    with hall.db.reading() as session:
        code = session.scalars(select(Badge.code)).one()
    usual = hall.window._codes.clock
    began = usual(None) + 5_000  # type: ignore[arg-type]
    beats = itertools.count(began, READER)
    hall.window._codes.clock = lambda _event: next(beats)
    for key in (*code, Qt.Key.Key_Return):
        QTest.keyClick(hand.target, key)
    hall.window._codes.clock = lambda event: usual(event) + 60_000
    settle()
    hand.keys("1")
    before = hand.pressed
    hand.keys("F4", "3", "\n")
    assert hand.pressed - before == 3
    with hall.db.reading() as session:
        found = session.execute(select(Interest.level, Interest.contact, Interest.amount_from, Interest.amount_to)
                                .order_by(Interest.interest_no)).all()  # fmt: skip
    assert [tuple(row) for row in found] == [
        (InterestLevel.STRONG, "周舟", 300 * WAN, 300 * WAN), (InterestLevel.STRONG, "林岚", None, None),
        (InterestLevel.CURIOUS, "", None, None),
    ]  # fmt: skip


def read_the_board(hall: Hall) -> None:
    """The audience saw what runs and what comes next, and never a score or who is interested."""
    told = "\n".join(hall.painted)
    for title in RESULTS:
        assert title in told, title
    for secret in (*EXPERTS, *filter(None, INVESTORS), "周舟", "林岚", "13900000001", "85.00", "84.50"):
        assert secret not in told, secret


def drafts(hall: Hall, hand: Hand) -> None:
    """Two of them become draft deals and a task, one key and one dialog each; nothing of it counts."""
    hall.context.navigate(ListRoute(INTERESTS))
    settle()
    lists = hall.window.frame.page
    assert isinstance(lists, RoadshowLists)
    page = lists.shown
    assert isinstance(page, InterestsPage)
    with hall.db.reading() as session:
        ids = dict(session.execute(select(Interest.contact, Interest.id)).all())
    for contact in ("周舟", "林岚"):
        page.view.select_id(ids[contact])
        page.view.setFocus()
        hand.keys("d")
        hand.keys("\n", held=Qt.KeyboardModifier.ControlModifier)
        assert dialog.top(hall.window) is None
    page.view.select_id(ids["林岚"])
    page.view.setFocus()
    hand.keys("t")
    hand.keys("\n", held=Qt.KeyboardModifier.ControlModifier)
    with hall.db.reading() as session:
        deals = session.scalars(select(Deal)).all()
        assert [(deal.stage, deal.entry) for deal in deals] == [(DealStage.INTENT, Entry.DRAFT)] * 2
        assert {deal.amount for deal in deals} == {300 * WAN, None}
        assert session.scalars(select(Task)).one().interest_id == ids["林岚"]
    for contact, investor in (("周舟", INVESTORS[0]), ("林岚", INVESTORS[1])):
        deal = records.get(hall.db, DEALS, deal_of(hall, contact))
        assert (deal["title"], deal["sellers"], deal["buyers"]) == (RESULTS[4], made.OWNERS[4], investor)
    totals = deal_totals(hall.db, hall.context.expo_id)
    assert (totals.signed, totals.intended) == (0, 0)


def deal_of(hall: Hall, contact: str) -> Any:
    with hall.db.reading() as session:
        return session.scalars(select(Interest.deal_id).where(Interest.contact == contact)).one()


def sign_one(hall: Hall) -> None:
    """The draft is completed in the form it was opened in, and counts from then on."""
    hall.context.navigate(ListRoute(DEALS, record=deal_of(hall, "周舟")))
    settle()
    page: Any = hall.window.frame.page
    page.edit(deal_of(hall, "周舟"))
    settle()
    box = dialog.top(hall.window)
    assert isinstance(box, DealDialog)
    box.form.fill({"stage": "SIGNED", "signed_on": "2027-05-13", "tech_amount": "300", "contract_no": "LY-1",
                   "contract_kind": "技术转让", "contract_subkind": "专利权转让"})  # fmt: skip
    QTest.qWait(200)
    settle()
    box.submit()
    settle()
    assert not box.is_open, [one.problem for one in box.form.boxes.values() if one.problem]
    totals = deal_totals(hall.db, hall.context.expo_id)
    assert (totals.signed, totals.signed_amount) == (1, 300 * WAN)


def check_the_chain(hall: Hall) -> None:
    """From whichever record one looks, the same steps: 成果 → 路演 → 意向 → 签约."""
    key, expo = deal_of(hall, "周舟"), hall.context.expo_id
    steps = {link.key: link for link in chain.chain_of(hall.db, expo, "deals", key)}
    assert [one.title for one in steps["result"].records] == [RESULTS[4]]
    assert [steps[name].is_there for name in ("result", "pitch", "interest", "deal")] == [True] * 4
    assert len(steps["interest"].records) == 1  # its own, not its neighbour's
    result = steps["result"].records[0]
    down = {link.key: link for link in chain.chain_of(hall.db, expo, result.spec, result.id)}
    assert (len(down["interest"].records), len(down["deal"].records)) == (3, 2)
    for link in (steps["result"], steps["pitch"], steps["interest"], steps["deal"]):
        record = link.records[0]
        hall.context.navigate(ListRoute(by_name(record.spec), record=record.id))
        settle()
        strip = next(one for one in hall.window.findChildren(ChainStrip) if one.isVisible())
        assert [card.link.key for card in strip.cards][:4] == ["result", "pitch", "interest", "deal"]


def check_the_sheet(hall: Hall, qtbot: Any) -> None:  # noqa: F811
    """The sheet of the evening as PDF and workbook."""
    for ending in ("pdf", "xlsx"):
        make_report(qtbot, hall, "roadshow", ending)
    title = documents.by_name("roadshow").title
    (pdf,), (xlsx,) = hall.out.glob(f"{title}_*.pdf"), hall.out.glob(f"{title}_*.xlsx")
    sheets = sheets_of(xlsx, "路演场次")
    shown = {row["成果"]: Decimal(str(row["得分"])).quantize(Decimal("0.01")) for row in sheets["结果"]}
    assert shown == {name: mean(n) for n, name in enumerate(RESULTS)}
    assert len(sheets["评分"]) == len(RESULTS) * len(EXPERTS) * 2
    assert [row["意向单位"] for row in sheets["意向"]] == [INVESTORS[0], INVESTORS[1], ""]
    (whole,) = [row for row in sheets["各场路演"] if row["路演场次"] == SHOW]
    assert [int(whole[name]) for name in ("路演项目", "有评分", "意向", "已转任务", "已转签约", "已签约")] == [
        6,
        6,
        3,
        1,
        2,
        1,
    ]
    words = words_of(pdf)
    for n, name in enumerate(RESULTS):
        assert name in words, name
        assert f"{mean(n):.2f}" in words, name
    assert "13900000001" not in words
    assert "13900000001" not in repr(sheets)
    assert QApplication.activeWindow() is not None
