"""新建展会: every problem at once, gone when it is mended; what is typed and how."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget
from pytestqt.qtbot import QtBot

from expo_app import paths
from expo_app.ui.records import editors
from expo_app.ui.window import Window
from expo_app.ui.window.start import NewExpoDialog


@pytest.fixture
def window(main_window: Window) -> Window:
    return main_window


def new_expo(window: Window) -> NewExpoDialog:
    window.show_start()
    box = NewExpoDialog(window)
    box.open()
    return box


def test_a_new_expo_names_every_problem_at_once(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    box = new_expo(window)
    box.form.fill({"name": "第二届", "code": "科交", "starts_on": "2019-11-30", "ends_on": "2019-11-28"})
    box.pin.setText("123456")
    box.file.setText(str(tmp_path))
    qtbot.keyClick(box.form.editor("name"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert box.is_open
    assert [box.form.box(name).problem for name in ("name", "code", "ends_on")] == [
        "", "编号前缀用 2–10 位大写字母或数字，如 EX26。", "结束日期不能早于开始日期。",
    ]  # fmt: skip
    assert [field.problem for field in (box.person_box, box.pin_box, box.file_box)] == [
        "不能为空。", "太容易猜：换一组不连续、不重复的。", "这里已有同名文件，换个名字。",
    ]  # fmt: skip
    box.file.setText("")
    box.submit()
    assert box.file_box.problem == "不能为空。"


def test_a_problem_goes_as_soon_as_it_is_mended(window: Window, qtbot: QtBot) -> None:
    box = new_expo(window)
    box.pin.setText("1234")
    box.submit()
    assert box.pin_box.problem == "太短：至少 6 位。"
    for _n in range(4):
        qtbot.keyClick(box.pin, Qt.Key.Key_Backspace)
    assert (box.pin.text(), box.pin_box.problem) == ("", "")
    qtbot.keyClicks(box.person, "z")
    assert box.person_box.problem == ""


def test_the_code_of_an_expo_is_typed_in_capitals(window: Window, qtbot: QtBot) -> None:
    box = new_expo(window)
    code = box.form.editor("code")
    qtbot.keyClicks(code, "kjh19")
    assert code.text() == "KJH19"
    assert box.file.text().endswith("kjh19.db")
    code.clear()
    qtbot.keyClicks(code, "../con.")
    assert Path(box.file.text()) == paths.data_dir() / "con_.db", "what is typed is a name, no way to another folder"


def test_its_days_begin_today_and_stand_side_by_side(window: Window, qtbot: QtBot) -> None:
    box = new_expo(window)
    starts, ends = box.form.editor("starts_on"), box.form.editor("ends_on")
    assert (starts.usual, ends.usual) == (editors.today(),) * 2
    assert (starts.placeholderText(), ends.placeholderText()) == ("yyyy-mm-dd",) * 2
    assert (starts.text(), ends.text()) == ("", "")
    places = [edge.mapTo(box.form, QPoint(0, 0)) for edge in (box.form.box("starts_on"), box.form.box("ends_on"))]
    assert places[0].y() == places[1].y()
    qtbot.keyClicks(starts, "2030-05-20")
    ends.open_calendar()
    (sheet,) = ends.calendar.findChildren(QCalendarWidget)
    assert (sheet.yearShown(), sheet.monthShown()) == (2030, 5)
