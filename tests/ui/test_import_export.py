"""A file comes in through its plan and can be taken back; a list goes out without overwriting anything."""

import csv
import uuid
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app import documents
from expo_app.errors import InvalidRecord
from expo_app.model import Expo, Role
from expo_app.services import imports, records
from expo_app.specs import ATTENDEES, EXHIBITORS, REGISTRY_CHOICES, REGISTRY_DEADLINES, ImportPlan, Outcome, RecordSpec
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import files
from expo_app.ui.records.export_dialog import ExportDialog
from expo_app.ui.records.import_wizard import DropCard, ImportWizard
from expo_app.ui.records.import_wizard.dialog import ROWS
from tests.factories import make_booth

Shown = Callable[[QWidget], list[tuple[str, str]]]
LINES = (
    ("名单（截至 11 月 20 日）", None, None, None, None),
    ("姓  名", "工作单位", "手机号码", "参会类别", "心情"),
    ("沈华棣", "嘉定氢能动力系统有限公司", 13800005678.0, "嘉宾", "好"),
    ("李雷", "昆山德盈机器人有限公司", "１３９００００１１１１", "观众", None),
    ("韩梅", None, "1370000", "观众", None),
    ("周敏", None, None, "媒体", None),
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """An untidy file: a title row, other words in the header, a phone that is too short, one known person."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in LINES:
        sheet.append(row)
    path = tmp_path / "名单.xlsx"
    book.save(path)
    return path


@pytest.fixture
def known(context: Context) -> uuid.UUID:
    values = {"person.name": "沈华棣", "person.phone": "13800005678", "category_id": "观众"}
    return records.save(context.db, ATTENDEES, values, expo_id=context.expo_id)


def names(context: Context) -> list[str]:
    rows = records.list_rows(context.db, ATTENDEES, context.expo_id, [ATTENDEES.field("person.name")])
    return sorted(row[1] for row in rows)


def planned(wizard: ImportWizard, path: Path, qtbot: QtBot) -> ImportWizard:
    """The wizard at its last step."""
    wizard.open()
    wizard.read(path)
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    wizard.go(ROWS)
    QApplication.processEvents()
    return wizard


def test_from_file_to_rows_and_back(
    context: Context, window: QMainWindow, table: Path, known: uuid.UUID, qtbot: QtBot, shown: Shown
) -> None:
    wizard = planned(ImportWizard(window, context, ATTENDEES, "人员"), table, qtbot)
    step = wizard.rows_step
    counts = {outcome: step.outcomes.chip(outcome).count for outcome in Outcome}
    assert counts == {Outcome.NEW: 3, Outcome.CHANGED: 1, Outcome.SAME: 0, Outcome.INVALID: 0}
    assert {row[1][1]: row[2] for row in step.model.rows()} == {
        3: Outcome.CHANGED, 4: Outcome.NEW, 5: Outcome.NEW, 6: Outcome.NEW,
    }  # fmt: skip
    said = {place[1]: [remark.words for remark in remarks] for place, remarks in step.view.remarks.items()}
    assert any("少 4 位" in words for words in said[5])
    assert said[3] == ["类别 观众（文件里 嘉宾，不改）"]
    assert ["心情" in banner.text for banner in step.findChildren(Banner)] == [False, True]  # the first: no states
    assert names(context) == ["沈华棣"]
    assert wizard.next_button.text() == "导入 4 行"
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    assert names(context) == ["周敏", "李雷", "沈华棣", "韩梅"]
    after = records.get(context.db, ATTENDEES, known)
    assert (after["category_id"], after["organisation_id"]) == ("观众", "嘉定氢能动力系统有限公司")
    assert shown(window) == [("ok", "已导入：新增 3、更新 1")]
    toast = messages.toasts(window)[0]
    next(b for b in toast.findChildren(QWidget) if b.property("kind") == "link").click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: ("ok", "已撤销“导入：新增 3、更新 1”") in shown(window))
    assert names(context) == ["沈华棣"]
    assert records.get(context.db, ATTENDEES, known)["organisation_id"] is None


def test_the_plan_is_as_wide_as_its_words(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = planned(ImportWizard(window, context, ATTENDEES), table, qtbot)
    view, columns = wizard.rows_step.view, wizard.rows_step.model.columns
    cut = {
        column.name for n, column in enumerate(columns) for row in range(wizard.rows_step.model.rowCount())
        if view._delegate.whole_text(wizard.rows_step.model.index(row, n))
    }  # fmt: skip
    assert cut == set()


def test_only_one_outcome_can_be_looked_at(
    context: Context, window: QMainWindow, table: Path, known: uuid.UUID, qtbot: QtBot
) -> None:
    step = planned(ImportWizard(window, context, ATTENDEES), table, qtbot).rows_step
    step.outcomes.chip(Outcome.CHANGED).click()
    assert [row[1][1] for row in step.model.rows()] == [3]
    step.outcomes.chip(None).click()
    assert len(step.model.rows()) == 4


def test_rows_with_remarks_are_saved_with_their_reasons(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard = planned(ImportWizard(window, context, ATTENDEES), table, qtbot)
    wizard.write_correction(tmp_path / "问题行.xlsx")
    qtbot.waitUntil(lambda: not jobs.running())
    QApplication.processEvents()
    sheet = openpyxl.load_workbook(tmp_path / "问题行.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("问题", "姓  名", "工作单位")
    assert [row[1] for row in rows[1:]] == ["韩梅"]
    said = [banner.text for banner in wizard.findChildren(Banner) if "问题行.xlsx" in banner.text]
    assert said == ["问题行.xlsx 里是有问题的 0 行和照常导入但带说明的 1 行，改好后可再导入。"]


def test_a_row_that_is_refused_when_written_is_marked_in_the_plan(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = planned(ImportWizard(window, context, ATTENDEES), table, qtbot)
    step = wizard.rows_step

    def refuse(_db: object, plan: ImportPlan, *_rest: object) -> None:
        raise imports.RowRefused(plan, InvalidRecord({"category_id": "不行。"}, 2))

    monkeypatch.setattr(imports, "apply", refuse)
    wizard.apply()
    qtbot.waitUntil(lambda: step.outcomes.chip(Outcome.INVALID).count == 1)
    place = next(row[0] for row in step.model.rows() if row[2] is Outcome.INVALID)
    assert (place[1], [remark.words for remark in step.view.remarks[place]]) == (4, ["类别：不行。"])
    words = "第 4 行写不进去：类别：不行。没有写入任何数据。改好这一行后再导入。 [E-IMPORT-ROW]"
    assert words in [banner.text for banner in wizard.findChildren(Banner)]
    assert (wizard.next_button.text(), names(context)) == ("导入 3 行", [])


def test_a_file_that_is_no_table_says_why(context: Context, window: QMainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04nothing")
    wizard = ImportWizard(window, context, ATTENDEES)
    wizard.open()
    wizard.read(path)
    qtbot.waitUntil(lambda: bool(wizard.choose_step.findChildren(Banner)))
    assert wizard._pages.currentWidget() is wizard.choose_step
    assert wizard.plan is None
    assert not wizard.next_button.isVisible()


def test_cancelling_while_writing_leaves_everything_as_it_was(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = planned(ImportWizard(window, context, ATTENDEES), table, qtbot)
    real = imports.apply

    def slowly(*given: object) -> object:
        progress = given[-1]
        qtbot_ready.append(True)
        while True:
            progress(1, 3)  # type: ignore[operator]

    qtbot_ready: list[bool] = []
    monkeypatch.setattr(imports, "apply", slowly)
    wizard.apply()
    qtbot.waitUntil(lambda: bool(qtbot_ready))
    wizard.cancel()
    qtbot.waitUntil(lambda: not jobs.running())
    QApplication.processEvents()
    assert wizard.is_open
    assert wizard._pages.currentWidget() is wizard.rows_step
    assert names(context) == []
    monkeypatch.setattr(imports, "apply", real)
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    assert names(context) == ["周敏", "李雷", "沈华棣", "韩梅"]


def test_a_file_can_be_dropped(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = ImportWizard(window, context, ATTENDEES)
    wizard.open()
    drop = wizard.findChild(DropCard)
    assert isinstance(drop, DropCard)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    drop.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, data, left, none))
    qtbot.waitUntil(lambda: wizard.plan is not None)


def test_names_of_files(tmp_path: Path) -> None:
    assert files.safe_name('a/b\\c:d*"?<>|') == "a b c d"
    assert files.safe_name("CON") == "CON_"
    assert files.safe_name("...") == "_"
    assert files.safe_name("con.2018 ") == "con_.2018"
    assert files.safe_name("COM¹") == "COM¹_"
    assert files.safe_name("甲\u202egpj.exe\x85\u200b\n乙\x1b ") == "甲gpj.exe 乙"
    (tmp_path / f".{files.safe_name('𬭚' * 300)}_10.xlsx.{'0' * 8}.4194304.part").touch()
    first = tmp_path / "名单.xlsx"
    assert files.free(first) == first
    first.touch()
    (tmp_path / "名单_2.xlsx").touch()
    assert files.free(first) == tmp_path / "名单_3.xlsx"


@pytest.fixture
def out(context: Context, tmp_path: Path) -> Path:
    """The folder exports go to."""
    folder = tmp_path / "out"
    folder.mkdir()
    context.settings.export_folder = str(folder)
    return folder


def exported(box: ExportDialog, qtbot: QtBot) -> None:
    box.open()
    box.submit()
    qtbot.waitUntil(lambda: not jobs.running())
    QApplication.processEvents()


def test_an_export_holds_what_was_chosen_and_overwrites_nothing(
    context: Context, window: QMainWindow, known: uuid.UUID, out: Path, qtbot: QtBot, shown: Shown
) -> None:
    other = records.save(context.db, ATTENDEES, {"person.name": "李雷"}, expo_id=context.expo_id)
    every = [known, other]
    box = ExportDialog(window, context, ATTENDEES, every, every, [known], "人员")
    assert box.path.value() == str(out / "人员_KJH18.xlsx")
    box._check_all(False)
    assert not box.export_button.isEnabled()
    for name in ("person.name", "person.phone"):
        box.chips[name].click()
    exported(box, qtbot)
    sheet = openpyxl.load_workbook(out / "人员_KJH18.xlsx").active
    assert sheet is not None
    assert list(sheet.iter_rows(values_only=True)) == [("姓名", "手机"), ("沈华棣", "138****5678")]
    assert shown(window) == [("ok", "已导出 1 行：人员_KJH18.xlsx")]
    again = ExportDialog(window, context, ATTENDEES, every, every, [], "人员")
    again.path.set_value(out / "人员_KJH18.xlsx")
    exported(again, qtbot)
    assert sorted(path.name for path in out.iterdir()) == ["人员_KJH18.xlsx", "人员_KJH18_2.xlsx"]


@pytest.mark.parametrize("spec", [REGISTRY_CHOICES, REGISTRY_DEADLINES], ids=lambda spec: spec.name)
def test_a_whole_list_has_what_ships_beside_it_as_without_a_window(
    context: Context, window: QMainWindow, out: Path, qtbot: QtBot, shown: Shown, spec: RecordSpec
) -> None:
    given = {"list": "性质", "name": "自定的性质", "source": "本地规定", "days": 7, "since": "2031-01-01"}
    values = {name: value for name, value in given.items() if name in {field.name for field in spec.fields}}
    own = records.save(context.db, spec, values)
    box = ExportDialog(window, context, spec, [own], [own], [own])
    whole = out / "全部.csv"
    count = documents.export(context.db, context.expo, spec, whole)
    assert count > 2
    assert [button.text() for button in box.rows._buttons.values()] == [f"全部 {count}", "已选 1"]
    box.rows._buttons["every"].click()
    box.kind._buttons["csv"].click()
    path = Path(box.path.text())
    exported(box, qtbot)
    assert path.read_text("utf-8-sig") == whole.read_text("utf-8-sig")
    assert shown(window)[0] == ("ok", f"已导出 {count} 行：{path.name}")
    ticked = ExportDialog(window, context, spec, [own], [own], [own])
    path = Path(ticked.path.text())
    exported(ticked, qtbot)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.max_row == 2


def test_whole_phones_need_a_reason_and_leave_a_trace(
    context: Context, window: QMainWindow, known: uuid.UUID, out: Path, qtbot: QtBot
) -> None:
    box = ExportDialog(window, context, ATTENDEES, [known], [known], [])
    box.kind._buttons["csv"].click()
    box.reveal.setChecked(True)
    box.open()
    box.submit()
    assert box.is_open
    assert box.reason.problem == "不能为空。"
    box.why.setText("保险公司核对")
    exported(box, qtbot)
    (file,) = out.iterdir()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["姓名"], row["手机"]) == ("沈华棣", "13800005678")
    with context.db.reading() as session:
        from expo_app.model import Audit

        logged = [(r.action, r.reason) for r in session.query(Audit).filter(Audit.action == "reveal")]
    assert logged == [("reveal", "保险公司核对")]


def test_who_may_not_reveal_is_not_offered_it(context: Context, window: QMainWindow, known: uuid.UUID) -> None:
    context.db.actor = Actor("吴悠", Role.REGISTRAR)
    box = ExportDialog(window, context, ATTENDEES, [known], [known], [])
    assert not box.reveal.isEnabled()


def test_a_missing_folder_is_said_beside_the_field(context: Context, window: QMainWindow, known: uuid.UUID) -> None:
    box = ExportDialog(window, context, ATTENDEES, [known], [known], [])
    box.open()
    box.path.set_value("/nowhere/at/all.xlsx")
    box.submit()
    assert box.place.problem == "没有这个文件夹，选一个已有的。"
    assert box.is_open


def test_rows_that_go_in_without_something_say_so(
    context: Context, window: QMainWindow, tmp_path: Path, qtbot: QtBot, shown: Shown
) -> None:
    table = tmp_path / "展商.csv"
    table.write_text("展位号,企业名称\nZZ-901,甲公司（示例）\n", encoding="utf-8")
    wizard = planned(ImportWizard(window, context, EXHIBITORS), table, qtbot)
    told = [banner.text for banner in wizard.rows_step.findChildren(Banner)]
    assert len(told) == 1
    assert "展位本展会一个也没有" in told[0]
    assert wizard.next_button.text() == "导入 1 行"


def test_a_wrong_value_is_shown_as_the_file_has_it(
    context: Context, window: QMainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with context.db.transaction() as session:
        make_booth(session, session.get_one(Expo, context.expo_id), "A-001")
    path = tmp_path / "参展商.csv"
    path.write_text(f"参展单位,展位\n嘉定氢能,A-999\n{'长' * 300},A-001\n昆山德盈,A-001\n", "utf-8")
    wizard = planned(ImportWizard(window, context, EXHIBITORS), path, qtbot)
    names_of = [column.name for column in wizard.rows_step.model.columns]
    name, booth = names_of.index("organisation.name"), names_of.index("booths")
    rows = {row[1][1]: row for row in wizard.rows_step.model.rows()}
    assert (rows[2][name], rows[2][booth]) == ("嘉定氢能", "A-999")
    assert rows[3][name] == "长" * 300
    column = wizard.rows_step.model.columns[booth]
    assert column.words(rows[2][booth]) == "A-999"


def test_progress_is_told_in_rows_of_the_file(context: Context, window: QMainWindow) -> None:
    wizard = ImportWizard(window, context, EXHIBITORS)
    wizard._rows_to_write = 20_000
    wizard._on_progress(29_000, 60_000)
    assert wizard._amount.text() == "9,666 / 20,000 行"
    wizard._rows_to_write = 0
    wizard._on_progress(1, 3)
    assert wizard._amount.text() == ""
