"""三地结算 in the window: what a period comes to, one statement beside, both signatures, nothing said twice."""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from sqlalchemy import select

from expo_app.model import PaidWay, Role, StatementPaper, UseState, VoucherUse
from expo_app.routes import ListRoute
from expo_app.routes.vouchers import SettlementRoute
from expo_app.services import expos, settlement_acts
from expo_app.settings import Settings
from expo_app.specs import VOUCHER_USES
from expo_app.specs.settlement import SideState
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import PressRow
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import Banner, EmptyState
from expo_app.ui.kit.questions import Question
from expo_app.ui.pages.vouchers import VouchersPage
from expo_app.ui.pages.vouchers.settlement import SettlementFace
from expo_app.ui.pages.vouchers.settlement_dialogs import DayDialog, DisputeDialog, SignDialog
from tests.made_settlement import Fair, make_fair, make_use
from tests.ui.conftest import put

JD, KS, TC, WZ = "310114", "320583", "320585", "3303"
MARCH = date(2019, 3, 5)


@dataclass
class Screen:
    context: Context
    page: VouchersPage
    fair: Fair

    @property
    def face(self) -> SettlementFace:
        face = self.page.face
        assert isinstance(face, SettlementFace)
        return face

    def texts(self) -> list[str]:
        """What the panel says."""
        return [label.text().replace("\u200b", "") for label in self.face.panel.findChildren(Label)]

    def verbs(self) -> list[str]:
        return [button.property("words") or button.text() for button in self.face.panel._footer.findChildren(Button)]

    def check(self) -> str:
        return next(banner.text for banner in self.face.findChildren(Banner) if banner.isVisibleTo(self.face))

    def rows(self) -> list[tuple[Any, ...]]:
        return [row[1:] for row in self.face.view.rows_model.rows()]

    def press(self, words: str) -> None:
        buttons = [one for one in self.page.findChildren(Button) if one.isVisibleTo(self.page)]
        found = [one for one in buttons if words in (one.text(), one.property("words"))]
        found[0].click()


def settle() -> None:
    """Until what was asked is done and shown; no job is given up."""
    for _turn in range(4):
        while jobs.running():
            QTest.qWait(2)
        QTest.qWait(2)


@pytest.fixture
def screen(qapp, db, window, tmp_path):
    with db.transaction() as session:
        fair = make_fair(session)
        for issuer, payee, share in (
            (JD, KS, "81205.00"), (KS, JD, "164823.50"), (KS, TC, "12.00"), (JD, WZ, "0.01"), (JD, JD, "31200.00"),
        ):  # fmt: skip
            make_use(session, fair, issuer, payee, share, MARCH)
        make_use(session, fair, KS, JD, "400.00", MARCH, way=PaidWay.REFUNDED)
    expo = expos.current(db, fair.expo_id)
    db.actor = Actor("周敏", Role.SUPERVISOR)
    context = Context(db, Settings(), expo, window)
    db.clock = lambda: datetime(2019, 7, 9, 6, 20, tzinfo=UTC)
    page = VouchersPage(context)
    put(window, page)
    made = Screen(context, page, fair)
    page.open_with(SettlementRoute("2019H1"))
    settle()
    return made


def drawn(screen: Screen) -> None:
    settlement_acts.draw(screen.context.db, screen.fair.expo_id, "2019H1")
    screen.face.refresh()
    settle()
    settlement_acts.send(
        screen.context.db, screen.fair.expo_id, [line.id for line in screen.face.board.all_lines], date(2019, 7, 20)
    )
    screen.face.refresh()
    settle()


def test_a_period_is_shown_before_it_is_drawn(screen):
    assert [row[:3] for row in screen.rows()] == [
        ("嘉定 — 昆山", "未出", 3), ("嘉定 — 温州", "未出", 1), ("昆山 — 太仓", "未出", 1), ("嘉定（本地）", "未出", 1),
    ]  # fmt: skip
    assert screen.rows()[0][5] == "昆山付 83,618.50"
    assert "待出 5 笔" in screen.check()
    screen.press("出对账单")
    question = dialog.top(screen.page.window())
    assert isinstance(question, Question)
    assert "不能撤销" in question.text
    question.press("verb")
    settle()
    assert [row[1] for row in screen.rows()] == ["DZ-19H1-01", "DZ-19H1-02", "DZ-19H1-03", "BD-19H1-01"]
    assert "每笔只在一份里" in screen.check()


def test_a_cell_opens_its_pair_with_both_directions(screen):
    drawn(screen)
    matrix = screen.face.matrix
    matrix.setFocus()
    assert matrix.settlement.parties == (JD, KS, TC, WZ)
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    assert matrix.accessibleName() == "嘉定 → 昆山 · 81,205.00 · 1 笔"
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    settle()
    assert screen.face.panel.isVisibleTo(screen.page)
    said = screen.texts()
    assert "对账单 DZ-19H1-01\u3000嘉定 — 昆山" in said
    assert {"83,618.50", "164,823.50", "81,205.00", "400.00", "通用，不进轧差"} <= set(said)
    assert matrix.picked == {JD, KS}


def test_the_panel_of_a_statement_goes_and_comes_with_its_face(screen):
    drawn(screen)
    screen.face.open_pair(JD, KS)
    settle()
    panel = screen.face.panel
    assert panel.isVisible()
    screen.page.show_face("uses")
    assert not panel.isVisible()
    screen.page.show_face("settlement")
    settle()
    assert panel.isVisible()
    panel.closed.emit()
    screen.page.show_face("uses")
    screen.page.show_face("settlement")
    settle()
    assert not panel.isVisible()


def test_a_use_of_a_statement_is_a_way_to_its_record(screen):
    gone = []
    screen.context.navigated.connect(gone.append)
    drawn(screen)
    screen.face.open_pair(JD, KS)
    settle()
    rows = [row for row in screen.face.panel.findChildren(PressRow) if row.isVisible()]
    rows[0].pressed.emit()
    assert gone[0].spec is VOUCHER_USES
    assert gone[0].record in {one.id for one in screen.face.panel.detail.uses}


def test_folding_by_city_is_for_reading(screen):
    drawn(screen)
    screen.face.fold.button(True).click()
    assert screen.face.matrix.settlement.parties == (JD, "3205", WZ)
    screen.face.matrix.press()
    settle()
    assert screen.face.line is None
    assert len(screen.rows()) == 4


def test_both_sides_sign_with_a_scan(screen, tmp_path):
    drawn(screen)
    scan = tmp_path / "签认.pdf"
    scan.write_bytes(b"%PDF-1.4")
    screen.face.open_pair(KS, JD)
    settle()
    for said, rest in (("登记签认", "昆山方"), ("登记昆山签认", "")):
        assert said in screen.verbs()
        screen.press(said)
        box = dialog.top(screen.page.window())
        assert isinstance(box, SignDialog)
        box.verb.click()
        assert dialog.top(screen.page.window()) is box  # no scan, no signature
        assert (box.signer_field.problem, box.paper_field.problem) == ("不能为空。", "不能为空。")
        box.paper.set_value(scan)
        box.verb.click()
        settle()
        assert dialog.top(screen.page.window()) is box  # nobody's name
        assert box.paper_field.problem == ""
        QTest.keyClicks(box.signer, "finance")
        assert box.signer_field.problem == ""  # what is being put right is told no longer
        box.signer.set_value("财政结算岗")
        box.verb.click()
        settle()
        assert dialog.top(screen.page.window()) is None, rest
    line = screen.face.line
    assert line is not None
    assert line.is_settled
    with screen.context.db.reading() as session:
        states = {use.state for use in session.query(VoucherUse) if use.statement_id == line.id}
    assert states == {UseState.SETTLED}
    screen.press("登记付款")
    box = dialog.top(screen.page.window())
    assert isinstance(box, DayDialog)
    box.verb.click()
    settle()
    assert screen.face.line.paid_on == date(2019, 7, 9)
    assert "登记付款" not in screen.verbs()


def test_a_dispute_names_its_uses_and_comes_first(screen):
    drawn(screen)
    screen.face.open_pair(JD, WZ)
    settle()
    screen.press("记异议…")
    box = dialog.top(screen.page.window())
    assert isinstance(box, DisputeDialog)
    box.side.button("b").click()
    box.words.setPlainText("金额不符")
    box.uses.check_all()
    box.verb.click()
    settle()
    assert screen.rows()[0][0] == "嘉定 — 温州"
    assert screen.face.line.side("b").state is SideState.DISPUTED
    assert any("金额不符" in text for text in screen.texts())
    assert "重出" in screen.verbs()


def test_the_uses_that_a_dispute_names_are_ways_to_their_records(screen):
    """They stand under its note in either direction, wherever the list below them ends."""
    with screen.context.db.transaction() as session:
        for number in ("YQ-9", "YQ-91", "YQ-9-1"):
            make_use(session, screen.fair, JD, KS, "5.00", MARCH, use_no=number)
    drawn(screen)
    screen.face.open_pair(JD, KS)
    settle()
    detail = screen.face.panel.detail
    keys = [use.id for use in detail.uses if use.no in ("YQ-9", "YQ-9-1")]
    db, line = screen.context.db, detail.line
    settlement_acts.dispute(db, screen.fair.expo_id, line.id, "b", line.version, "金额不符", keys)
    settle()
    screen.face.refresh()
    settle()
    went = []
    screen.context.navigated.connect(went.append)
    for tab in ("a", "b"):
        screen.face.panel.choose_tab(tab)
        shown = [one for one in screen.face.panel.findChildren(PressRow) if one.isVisibleTo(screen.page)]
        for one in shown[:2]:
            one.pressed.emit()
    assert [route.record for route in went] == keys * 2


def test_a_dispute_opens_on_the_side_that_has_not_signed(screen, tmp_path):
    drawn(screen)
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"%PDF-1.4 a")
    line = next(one for one in screen.face.board.all_lines if (one.pair.a, one.pair.b) == (JD, KS))
    said = settlement_acts.Signature("a", line.version, "沈志高", date(2019, 7, 9), paper)
    settlement_acts.sign(screen.context.db, screen.fair.expo_id, line.id, said)
    screen.face.refresh()
    settle()
    screen.face.open_pair(JD, KS)
    settle()
    screen.press("记异议…")
    box = dialog.top(screen.page.window())
    assert isinstance(box, DisputeDialog)
    assert box.side.key == "b"


def test_whoever_may_not_settle_only_reads(screen):
    drawn(screen)
    screen.context.set_actor(Actor("郑岚", Role.DEALS))
    screen.face.open_pair(JD, WZ)
    settle()
    buttons = [one for one in screen.face.panel.findChildren(Button) if one.text() in ("登记签认", "记异议…")]
    assert buttons
    assert not any(one.isEnabled() for one in buttons)
    assert screen.face.commands() == []


def test_another_period_and_one_without_uses(screen):
    face = screen.face
    face.sizes.button(3).click()
    settle()
    assert face.period.text == "2019Q2"
    (state,) = [one for one in face.findChildren(EmptyState) if one.isVisibleTo(face)]
    assert (state.title.text(), state.text.text()) == (
        "这一期没有用券", "2019 第 2 季度没有用券。更早的结算期还有 6 笔 277,640.51 元没有出对账单。",
    )  # fmt: skip
    assert not face.export_button.isEnabled()
    face.show_period("2019Q1")
    settle()
    assert len(screen.rows()) == 4
    assert face.export_button.isEnabled()
    assert screen.page.place() == SettlementRoute("2019Q1")


def test_the_workbook_is_written_from_the_page(screen, tmp_path: Path):
    drawn(screen)
    path = tmp_path / "对账.xlsx"
    screen.face.acts.write(path)
    settle()
    assert [toast.accessibleName() for toast in messages.toasts(screen.page)] == ["已存为 对账.xlsx"]
    assert path.exists()


def test_what_may_take_long_is_done_beside_the_windows_thread(screen, tmp_path, monkeypatch):
    """Signing settles thousands of uses, and scans are large: nothing of it stops the window."""
    drawn(screen)
    scan = tmp_path / "签认.pdf"
    scan.write_bytes(b"%PDF-1.4")
    here, threads = threading.get_ident(), dict[str, int]()

    def note(name, act, *given):
        threads[name] = threading.get_ident()
        return act(*given)

    for name in ("send", "sign", "dispute", "pay", "write_paper"):
        monkeypatch.setattr(settlement_acts, name, partial(note, name, getattr(settlement_acts, name)))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    screen.face.open_pair(KS, JD)
    settle()
    for words, fill in (
        ("记异议…", lambda box: box.words.setPlainText("不对")),
        ("登记签认", lambda box: (box.paper.set_value(scan), box.signer.set_value("岗"))),
        ("登记昆山签认", lambda box: (box.paper.set_value(scan), box.signer.set_value("岗"))),
        ("登记付款", lambda box: None),
    ):
        screen.press(words)
        box = dialog.top(screen.page.window())
        fill(box)
        box.verb.click()
        settle()
        assert dialog.top(screen.page.window()) is None, words
    screen.face.acts.send(screen.face.line)
    dialog.top(screen.page.window()).verb.click()
    settle()
    with screen.context.db.reading() as session:
        screen.face.acts.open_paper(session.scalars(select(StatementPaper.id)).first())
    settle()
    assert threads.keys() == {"send", "sign", "dispute", "pay", "write_paper"}
    assert here not in threads.values()


def test_a_rule_of_all_regions_is_said_once(screen):
    drawn(screen)
    board, face = screen.face.board, screen.face
    every = dict.fromkeys(board.settlement.parties, 6)
    face._tell_facts(replace(board, most_months=every))
    assert face._rule.whole_text == "至少每 6 个月结算一次：各地"
    face._tell_facts(replace(board, most_months={JD: 6, KS: 6, WZ: 3}))
    assert face._rule.whole_text == (
        "至少每 3 个月结算一次：温州；至少每 6 个月结算一次：嘉定、昆山；其余地区一年一次即可"
    )


def test_what_cannot_be_drawn_is_not_offered(screen):
    """A period that is not over, and one longer than the policies of every region that waits allow."""

    def offered() -> Button:
        return next(one for one in screen.page.findChildren(Button) if one.text() == "出对账单" and one.isVisible())

    face, board = screen.face, screen.face.board
    assert offered().isEnabled()
    face.board = replace(board, most_months=dict.fromkeys((JD, KS, TC, WZ), 3), local=())
    face._show_check(face.board)
    settle()
    assert (offered().isEnabled(), "短一些的结算期" in offered().toolTip()) == (False, True)
    screen.context.db.clock = lambda: datetime(2019, 6, 29, 6, 20, tzinfo=UTC)
    face._show_check(board)
    settle()
    assert (offered().isEnabled(), "2019-06-30" in offered().toolTip()) == (False, True)
    assert face.commands() == []


def test_a_cancelled_use_still_inside_is_said_where_the_amounts_agree(screen):
    drawn(screen)
    line = next(one for one in screen.face.board.all_lines if one.pair.a == KS and one.pair.b == TC)
    with screen.context.db.transaction() as session:
        use = session.scalars(select(VoucherUse).where(VoucherUse.statement_id == line.id)).one()
        use.state, number = UseState.CANCELLED, use.use_no
    screen.face.refresh()
    settle()
    assert screen.check().startswith("金额对得上")
    assert f"1 笔已不是已核验的：{number}" in screen.check()
    screen.face.open_pair(KS, TC)
    settle()
    assert "1 笔合计，连同要去掉的" in screen.texts()


def test_taking_back_says_that_nothing_here_is_taken_back(screen):
    screen.face.undo()
    assert "不能撤销" in messages.toasts(screen.page)[-1].text


def test_a_use_names_the_statement_it_stands_in(screen):
    drawn(screen)
    with screen.context.db.reading() as session:
        use = session.scalars(select(VoucherUse).where(VoucherUse.statement_id.is_not(None))).first()
    screen.page.open_with(ListRoute(VOUCHER_USES, record=use.id))
    settle()
    link = next(one for one in screen.page.findChildren(Button) if one.text().startswith("在对账单 DZ-19H1"))
    went = []
    screen.context.navigated.connect(went.append)
    link.click()
    assert went == [SettlementRoute(statement=use.statement_id)]
