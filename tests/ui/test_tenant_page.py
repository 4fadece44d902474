"""One tenant in the window: chain, states, figures, what is entered there, and what a role may see of it."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from sqlalchemy import update

from expo_app import i18n
from expo_app.documents import tenants as papers
from expo_app.model import Role, Task, TenantState
from expo_app.routes import ListRoute
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.services import tenants
from expo_app.specs import DEALS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.messages import Toast
from expo_app.ui.kit.palette import Palette
from expo_app.ui.kit.placeholders import ErrorState
from expo_app.ui.kit.questions import Question
from expo_app.ui.pages.parks.fill_dialog import FillDialog, jumped, usual_date
from expo_app.ui.pages.parks.step_dialog import StepDialog
from expo_app.ui.pages.parks.tenant import TenantView
from expo_app.ui.pages.parks.tenant_side import support_pill
from expo_app.ui.parts.follow_up import QuickTask
from tests.made_parks import Parks
from tests.ui.clipping import clipped
from tests.ui.conftest import put


@pytest.fixture
def parks(context: Context) -> Parks:
    assert context.expo_id is not None
    return Parks(context.db, context.expo_id)


def opened(context: Context, window: QMainWindow, tenant: uuid.UUID) -> TenantView:
    window.resize(1366, 768)
    made = TenantView(context)
    put(window, made)
    made.open_with(TenantRoute(tenant))
    QApplication.processEvents()
    return made


@pytest.fixture
def page(parks: Parks, context: Context, window: QMainWindow) -> TenantView:
    return opened(context, window, parks.first)


def text_of(page: TenantView, words: str) -> list[str]:
    """The cells of the line of figures that begins so."""
    return next(list(line.cells) for line in page.figures.table.lines if line.cells and line.words.startswith(words))


# --- what it shows ----------------------------------------------------------------------------------------------------
def test_the_chain_tells_what_is_missing_and_how_long_each_step_took(page: TenantView) -> None:
    titles = [tile.title for tile in page.chain.tiles]
    assert titles[:3] == ["补关联", "补关联", "补关联"]
    assert [tile.card.on for tile in page.chain.tiles[3:]] == ["2020-01-08", "2022-06-20"]
    assert page.chain.tiles[4].card.days == 894
    assert [tile.is_last for tile in page.chain.tiles] == [False, False, False, False, True]


def test_states_say_when_and_how_long_and_what_may_come(page: TenantView) -> None:
    rows = page.states.rows
    assert [row.state for row in rows] == [
        TenantState.VISITED, TenantState.SIGNED, TenantState.MOVED_IN, TenantState.LANDED, TenantState.GRADUATED,
    ]  # fmt: skip
    assert rows[-1].line is None
    assert "海边基地" in rows[3].accessibleName()


def test_figures_stand_in_the_order_of_the_form_and_what_is_missing_is_a_dash(page: TenantView) -> None:
    assert text_of(page, "总收入") == ["1,260", "5,480"]
    assert text_of(page, "净利润") == ["−2,310", "—"]
    assert text_of(page, "使用场地面积") == ["180.00", "420.00"]
    names = [line.words for line in page.figures.table.lines]
    assert names.index("从业人员（人）") < names.index("当年申请数（件）")


def test_the_register_is_said_beside_what_the_tenant_reports(page: TenantView) -> None:
    line = next(line for line in page.figures.table.lines if "台账" in line.words)
    assert (line.cells[1], line.tones[1]) == ("0 / 0", "warn")
    assert "2 / —" in line.tips[1]


def test_older_dates_are_a_press_away(page: TenantView, parks: Parks) -> None:
    ends = [date(2018, 12, 31), date(2019, 12, 31), *(date(year, 6, 30) for year in range(2019, 2023))]
    for staff, end in enumerate(ends):
        parks.fill(end, {"staff": staff})
    QApplication.processEvents()
    table = page.figures.table
    first, end = table.span
    assert (end, first > 0) == (len(table.dates), True)
    assert page.figures.earlier.isVisible()
    page.figures.earlier.click()
    assert table.span == (first - 1, end - 1)


def test_money_is_hidden_from_who_may_not_see_it(parks: Parks, context: Context, window: QMainWindow) -> None:
    context.set_actor(Actor(name="现场", role=Role.REGISTRAR))
    page = opened(context, window, parks.first)
    assert text_of(page, "总收入") == ["••••", "••••"]
    assert text_of(page, "从业人员") == ["14", "23"]
    assert not page.fill_button.isEnabled()
    assert [tile.can_link for tile in page.chain.tiles] == [False] * 5


def test_a_tenant_without_figures_is_asked_for_them(parks: Parks, context: Context, window: QMainWindow) -> None:
    page = opened(context, window, parks.second)
    assert page.figures._none.isVisible()
    page.figures._fill.click()
    assert isinstance(dialog.top(page), FillDialog)


def test_one_that_is_gone_says_so_and_leads_back(parks: Parks, context: Context, window: QMainWindow) -> None:
    page = opened(context, window, uuid.uuid4())
    assert isinstance(page._stack.currentWidget(), ErrorState)
    assert not page.print_button.isEnabled()


@pytest.mark.parametrize("size", [(1366, 768), (1440, 900)])
def test_nothing_is_cut_in_english(parks: Parks, context: Context, window: QMainWindow, size: tuple[int, int]) -> None:
    i18n.set_language("en")
    try:
        window.resize(*size)
        page = TenantView(context)
        put(window, page)
        page.open_with(TenantRoute(parks.first))
        QApplication.processEvents()
        assert clipped(page) == []
    finally:
        i18n.set_language("zh_CN")


# --- the chain --------------------------------------------------------------------------------------------------------
def test_a_missing_link_is_chosen_and_the_choice_can_be_taken_back(
    page: TenantView, parks: Parks, context: Context
) -> None:
    deal = parks.deal()
    QTest.mouseClick(page.chain.tiles[2], Qt.MouseButton.LeftButton)
    assert isinstance(dialog.top(page), Palette)
    dialog.top(page).close_with()  # type: ignore[union-attr]
    name = context.options("deals", "")[0][1]
    page.link(page.chain.tiles[2].card)
    picker = dialog.top(page)
    assert isinstance(picker, Palette)
    picker.line.setText(name)
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.chain.tiles[2].card.record_id == deal
    asked: list[Any] = []
    context.navigated.connect(asked.append)
    QTest.mouseClick(page.chain.tiles[2], Qt.MouseButton.LeftButton)
    assert asked == [ListRoute(DEALS, record=deal)]
    page.undo()
    QApplication.processEvents()
    assert page.chain.tiles[2].card.record_id is None


def test_arrows_go_along_the_chain_and_alt_left_back_to_the_park(
    page: TenantView, parks: Parks, context: Context
) -> None:
    asked: list[Any] = []
    context.navigated.connect(asked.append)
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Right)
    assert page.chain.tiles[0].hasFocus()
    QTest.keyClick(page.chain.tiles[0], Qt.Key.Key_Right)
    assert page.chain.tiles[1].hasFocus()
    page.back()
    assert asked == [ParksRoute(parks.counted, "board")]


# --- 记变更 ----------
def test_the_next_state_is_recorded_with_a_partial_day_and_can_be_taken_back(page: TenantView) -> None:
    page.record_step()
    box = dialog.top(page)
    assert isinstance(box, StepDialog)
    box.states.choose(TenantState.GRADUATED)
    box._fit()
    box.day.setText("2022年11月")
    box.submit()
    QApplication.processEvents()
    assert page.shown is not None
    assert (page.shown.state, page.shown.steps[-1].on) == (TenantState.GRADUATED, "2022-11")
    page.undo()
    QApplication.processEvents()
    assert page.shown.state is TenantState.LANDED


def test_leaving_needs_where_to_and_why_and_a_day_that_can_be(page: TenantView) -> None:
    page.record_step()
    box = dialog.top(page)
    assert isinstance(box, StepDialog)
    box.states.choose(TenantState.LEFT)
    box._fit()
    box.submit()
    assert (box.is_open, box._place_field.problem) == (True, "退出要写去向和原因。")
    box.place.setText("外地")
    box.submit()
    assert box._words_field.problem == "退出要写去向和原因。"
    box.words.setText("搬走")
    box.day.setText("2019-01-01")
    box.submit()
    assert box.is_open
    assert "还没有来" in box._day_field.problem
    assert not page.window().findChildren(Toast)
    box.day.setText("2022-12")
    box.submit()
    QApplication.processEvents()
    assert page.shown is not None
    assert page.shown.state is TenantState.LEFT
    page.record_step()
    assert not isinstance(dialog.top(page), StepDialog)


def test_a_correction_goes_back_with_a_reason_and_the_old_line_stays(page: TenantView) -> None:
    page.go_back()
    box = dialog.top(page)
    assert box is not None
    fields = box.findChildren(QLineEdit)
    fields[1].setText("落地还没有开工")
    QTest.keyClick(fields[1], Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.shown is not None
    assert page.shown.state is TenantState.MOVED_IN
    gone = [row for row in page.states.rows if row.line is not None and row.line.is_undone]
    assert TenantState.LANDED in [row.state for row in gone]


# --- 填年度数 ----------
def test_last_years_numbers_are_placeholders_and_never_values(page: TenantView, parks: Parks) -> None:
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    box.day.editor.set_value(date(2022, 6, 30))  # type: ignore[attr-defined]
    box._take_date()
    staff = box.fields["staff"].editor
    assert isinstance(staff, QLineEdit)
    assert (staff.text(), staff.placeholderText()) == ("", "23")
    box.fields["area"].editor.set_value("430")  # type: ignore[attr-defined]
    box.submit()
    QApplication.processEvents()
    shown = tenants.read_tenant(parks.db, parks.first)
    line = {one.name: one.values for one in shown.figures}
    assert shown.dates[-1] == date(2022, 6, 30)
    assert (line["area"][-1], line["staff"][-1]) == (Decimal(430), None)
    page.undo()
    QApplication.processEvents()
    assert len(tenants.read_tenant(parks.db, parks.first).dates) == 2


def test_what_another_filled_in_meanwhile_stays(page: TenantView, parks: Parks) -> None:
    day = date(2021, 12, 31)
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    box.day.editor.set_value(day)  # type: ignore[attr-defined]
    box._take_date()
    box.fields["area"].editor.set_value("430")  # type: ignore[attr-defined]
    parks.fill(day, {"staff": 25, "ip_granted": 3})
    box.submit()
    question = dialog.top(page)
    assert isinstance(question, Question)  # what it earned that year grew more than threefold
    question.close_with(True)
    QApplication.processEvents()
    line = {one.name: one.values[-1] for one in tenants.read_tenant(parks.db, parks.first).figures}
    assert (line["area"], line["staff"], line["ip_granted"]) == (430, 25, 3)


def test_another_date_keeps_what_was_typed_and_takes_nothing_along(page: TenantView, parks: Parks) -> None:
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    box.day.editor.set_value(date(2021, 12, 31))  # type: ignore[attr-defined]
    box._take_date()
    box.fields["area"].editor.set_value("430")  # type: ignore[attr-defined]
    box.day.editor.set_value(date(2022, 6, 30))  # type: ignore[attr-defined]
    box.submit()
    QApplication.processEvents()
    line = {one.name: one.values[-1] for one in tenants.read_tenant(parks.db, parks.first).figures}
    assert (line["area"], line["staff"], line["revenue"]) == (430, None, None)


def filling(page: TenantView, staff: str) -> FillDialog:
    """The form of the figures of 2022-06-30 with so many people typed."""
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    box.day.editor.set_value(date(2022, 6, 30))  # type: ignore[attr-defined]
    box.fields["staff"].editor.set_value(staff)  # type: ignore[attr-defined]
    return box


def test_a_jump_is_asked_about_once(page: TenantView, parks: Parks) -> None:
    box = filling(page, staff="230")
    box.submit()
    question = dialog.top(page)
    assert isinstance(question, Question)
    question.close_with(True)
    QApplication.processEvents()
    assert tenants.read_tenant(parks.db, parks.first).dates[-1] == date(2022, 6, 30)


def test_a_jump_is_judged_by_what_another_filled_in_meanwhile(page: TenantView, parks: Parks) -> None:
    box = filling(page, staff="40")
    parks.fill(date(2021, 12, 31), {"staff": 5})
    box.submit()
    question = dialog.top(page)
    assert isinstance(question, Question)
    assert tenants.read_tenant(parks.db, parks.first).dates[-1] == date(2021, 12, 31)
    question.close_with(False)


def test_what_was_not_saved_is_kept_and_offered_the_next_time(page: TenantView, parks: Parks) -> None:
    box = filling(page, staff="25")
    box.cancel()
    assert not isinstance(dialog.top(page), Question)
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    (take,) = [one for one in box.findChildren(Button) if one.text() == "接着填"]
    take.click()
    assert (box.on_date, box.fields["staff"].editor.value()) == (date(2022, 6, 30), "25")  # type: ignore[attr-defined]
    box.submit()
    QApplication.processEvents()
    assert tenants.read_tenant(parks.db, parks.first).dates[-1] == date(2022, 6, 30)
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    assert "接着填" not in [one.text() for one in box.findChildren(Button)]


def test_what_jumps(page: TenantView) -> None:
    assert [jumped(Decimal(n), Decimal(10)) for n in (30, 31, -31)] == [False, True, True]
    assert (jumped(Decimal(5), Decimal(0)), jumped(Decimal(5), None), jumped(True, False)) == (False, False, False)


def test_the_date_offered_is_the_one_to_be_filled_in(page: TenantView, parks: Parks) -> None:
    assert page.shown is not None
    assert usual_date(page.shown) == date(2022, 6, 30)
    parks.fill(date(2022, 6, 30), {"staff": 31})
    assert usual_date(tenants.read_tenant(parks.db, parks.first)) is None
    assert usual_date(tenants.read_tenant(parks.db, parks.second)) == date(2021, 12, 31)


def test_figures_that_are_there_are_changed_by_opening_their_column(page: TenantView) -> None:
    table = page.figures.table
    QTest.mouseDClick(table, Qt.MouseButton.LeftButton, pos=QPoint(int(table._x(0)) + 20, 10))
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    staff = box.fields["staff"].editor
    assert isinstance(staff, QLineEdit)
    assert (box.on_date, staff.text()) == (date(2020, 12, 31), "14")


def test_what_cannot_be_read_stands_beside_its_field(page: TenantView) -> None:
    page.fill()
    box = dialog.top(page)
    assert isinstance(box, FillDialog)
    box.fields["staff"].editor.set_value("很多")  # type: ignore[attr-defined]
    box.submit()
    assert box.is_open
    assert box.fields["staff"].problem


# --- beside -----------------------------------------------------------------------------------------------------------
def test_supports_say_when_they_run_out(page: TenantView) -> None:
    assert page.shown is not None
    (one,) = page.shown.supports
    assert support_pill(one, page.shown.today) == ("11 天后到期", "warn")
    assert support_pill(one, date(2023, 1, 1)) == ("已到期", "bad")
    assert page.side.supports._sum.whole_text == "合计 216,000.00 元"


def test_n_adds_a_task_of_this_tenant(page: TenantView, parks: Parks) -> None:
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_N)
    box = dialog.top(page)
    assert isinstance(box, QuickTask)
    box.form.fill({"title": "补年度数"})
    box.submit()
    QApplication.processEvents()
    assert {one.title for one in tenants.read_tenant(parks.db, parks.first).tasks} == {"续租谈判", "补年度数"}


# --- paper ------------------------------------------------------------------------------------------------------------
def test_the_file_of_a_tenant_says_all_and_hides_money(parks: Parks, context: Context, tmp_path: Path) -> None:
    def words() -> str:
        path = tmp_path / "file.pdf"
        assert papers.write_file(context.db, parks.first, path, context.expo) == frozenset()
        document = pypdfium2.PdfDocument(path)
        try:
            return "".join(one.get_textpage().get_text_range() for one in document)
        finally:
            document.close()

    with parks.db.transaction() as session:
        session.execute(update(Task).where(Task.title == "续租谈判").values(due_on=None))
    told = words()
    assert all(part in told for part in ("甲储能", "2022-06-20", "5,480", "216,000.00", "续租谈判", "海边基地"))
    assert "07:10" not in told
    assert "2022-12-20 15:10" in told  # by the expo's clock, whatever the computer's zone
    context.set_actor(Actor(name="查阅", role=Role.REGISTRAR))
    if context.may("data.export"):
        assert "5,480" not in words()
