"""The start page: a new expo, a file, the sample; and the files used last."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from expo_app import paths
from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.rules import pins
from expo_app.services import expos, operators
from expo_app.specs import EXPOS
from expo_app.store.database import Actor, open_database, shown
from expo_app.store.placing import remove_parts
from expo_app.ui.kit import icons, jobs, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import files
from expo_app.ui.records.form import Form, follow_start

MARK, SHOWN, SAMPLE_STEPS = 56, 6, 7
HALF = 24  # characters: half a line of the form
ASKED = ("name", "code", "edition_no", "starts_on", "ends_on", "venues", "hosts", "organizers", "theme")


def file_filter() -> str:
    """What the file dialogs offer."""
    return _("展会数据库 (*.db);;所有文件 (*)")


class StartPage(QWidget):
    """`opened(path)` a file was chosen or the sample is there; `made(path, actor)` a new file and who made it."""

    opened = Signal(str)
    made = Signal(str, object)

    def __init__(self, recent: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        center = Qt.AlignmentFlag.AlignHCenter
        lines = column(self, theme.Space.L)
        lines.addStretch(1)
        mark = Label()
        mark.setPixmap(icons.app_icon(MARK))
        lines.addWidget(mark, 0, center)
        lines.addWidget(Label(_("展务台"), "kpi"), 0, center)
        lines.addWidget(Label(_("科技展会从筹备到签约"), "secondary"), 0, center)
        buttons = row(spacing=theme.Space.M)
        buttons.addStretch(1)
        self.sample_button = Button(_("看示例展会"), icon="play-circle-line", clicked=self.make_sample)
        for button in (
            self.sample_button,
            Button(_("打开文件"), icon="folder-open-line", keys="Ctrl+O", clicked=self.choose_file),
            Button(_("新建展会"), "primary", "add-line", "Ctrl+N", clicked=self.make_new),
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        lines.addLayout(buttons)
        lines.addLayout(self._about_sample())
        if recent:
            lines.addWidget(self._recent(recent), 0, center)
        lines.addStretch(2)

    def _about_sample(self) -> QHBoxLayout:
        line = row(spacing=theme.Space.XS)
        line.addStretch(1)
        line.addWidget(Label(_("示例已导入两份不整齐的名单；想在自己的展会里试导入，名单在"), "caption"))
        line.addWidget(Button(_("这个文件夹"), "link", clicked=self.show_tables))
        line.addStretch(1)
        return line

    def _recent(self, recent: Sequence[str]) -> Card:
        card = Card(_("最近打开"))
        card.setFixedWidth(theme.Width.PALETTE)
        for file in recent[:SHOWN]:
            is_there = "://" in file or Path(file).exists()
            said = shown(file)
            detail = said if is_there else _("文件不在原处 · {file}").format(file=file)
            name = said.rpartition("/")[2] if "://" in file else Path(file).name
            card.body.addWidget(ItemRow(name, detail, "database-2-line", clicked=partial(self.opened.emit, file)))
        return card

    def choose_file(self) -> None:
        """Open a file of one's own."""
        path, _filter = QFileDialog.getOpenFileName(self, _("打开展会数据库"), str(paths.data_dir()), file_filter())
        if path:
            self.opened.emit(path)

    def make_new(self) -> None:
        """Ask for the new expo's data and make its file."""
        box = NewExpoDialog(self)
        box.closed.connect(lambda made: self.made.emit(*made) if made else None)
        box.open()

    def make_sample(self) -> None:
        """Build the sample expo in the data folder, or open it where it is there already."""
        target = paths.data_dir() / "sample.db"
        if target.exists():
            self.opened.emit(str(target))
            return
        self.sample_button.setEnabled(False)
        job = jobs.run_job(self, _("准备示例展会"), partial(build_sample, target), self.opened.emit)
        job.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self.sample_button.setEnabled(True)

    @staticmethod
    def show_tables() -> None:
        """Open the folder with the two untidy lists, to try an import with."""
        from expo_app.services import sample

        files.open_folder(paths.resource("sample", sample.FILES[0][1]))


def build_sample(target: Path, progress: Callable[..., Any], attendees: int = 5000) -> str:
    """The whole sample, both lists imported, badges out, the second morning under way: `target` when it is ready."""
    from expo_app import demo  # with all that makes documents

    part = target.with_name(f"{target.stem}-building.db")
    remove_parts(part)
    try:
        db = open_database(part, create=True)
        try:
            number = count()
            demo.fill(db, attendees, demo.Made(), lambda step: progress(next(number), SAMPLE_STEPS, step))
        finally:
            db.close()
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
        part.with_name(f"{part.name}.lock").unlink(missing_ok=True)
    return str(target)


class NewExpoDialog(Dialog):
    """Name, days and place of the expo, where its file lies, and who is the administrator. Closes with (path,
    administrator at work)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _("新建展会"))
        self._top = column()
        self.body.addLayout(self._top)
        asked = [EXPOS.field(name) for name in ASKED]
        fields = [f if f.name == "name" else replace(f, group="", width=HALF) for f in asked]
        self.form = Form(EXPOS, fields=fields)
        self.form.edited.connect(partial(follow_start, self.form))
        self.body.addWidget(self.form)
        self.person, self.pin, self.file = LineEditor(), LineEditor(), LineEditor()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.person_box = FormField(_("管理员姓名"), self.person, required=True)
        self.pin_box = FormField("PIN", self.pin, _("至少 6 位；留空以后再设"))
        hint = _("整个展会都在这一个文件里，放在本机磁盘上")
        self.file_box = FormField(_("数据库文件"), self.file, hint, required=True)
        self._checks: dict[FormField, Callable[[], str]] = {
            self.person_box: self._wrong_person, self.pin_box: self._wrong_pin, self.file_box: self._wrong_file,
        }  # fmt: skip
        for box in self._checks:
            box.editor.edited.connect(partial(self._recheck, box))  # type: ignore[attr-defined]
        line = row(spacing=theme.Space.L)
        line.addWidget(self.person_box, 1)
        line.addWidget(self.pin_box, 1)
        self.body.addLayout(line)
        place = row()
        place.addWidget(self.file_box, 1)
        place.addWidget(Button(_("选位置"), icon="folder-line", clicked=self._choose), 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(place)
        self.body.addStretch(1)
        self.form.edited.connect(self._on_edited)
        self._suggest("")
        self.show_submit_keys()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("新建"), "primary", "check-line", clicked=self.submit))

    def _on_edited(self, name: str) -> None:
        if name == "code":
            self._suggest(self.form.editor("code").value())

    def _suggest(self, code: str) -> None:
        """A file named by the expo's code, as long as the person has not chosen another."""
        if not self.file.isModified():
            self.file.setText(str(paths.data_dir() / f"{files.safe_name(code.strip().lower() or 'expo')}.db"))

    def _choose(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(self, _("新建数据库文件"), self.file.text(), file_filter())
        if path:
            self.file.setText(path)
            self.file.setModified(True)
            self._recheck(self.file_box)

    # --- what is wrong: every problem at once, each beside its field, gone as soon as it is mended ---

    def _wrong_person(self) -> str:
        return "" if self.person.text().strip() else _("不能为空。")

    def _wrong_pin(self) -> str:
        if not self.pin.text():
            return ""  # it may be set later
        try:
            pins.check_pin(self.pin.text())
        except ValueError as problem:
            return str(problem)
        return ""

    def _wrong_file(self) -> str:
        if not self.file.text().strip():
            return _("不能为空。")
        return _("这里已有同名文件，换个名字。") if os.path.exists(self._path) else ""

    def _check(self, box: FormField) -> bool:
        words = self._checks[box]()
        if words:
            box.set_problem(words)
        else:
            box.clear_problem()
        return not words

    def _recheck(self, box: FormField) -> None:
        if box.problem:
            self._check(box)

    @property
    def _path(self) -> Path:
        return Path(self.file.text().strip()).expanduser()

    def submit(self) -> None:
        """Check everything, then make the file; a file that is there already is never overwritten."""
        right = self.form.check_all()
        wrong = [box for box in self._checks if not self._check(box)]
        if right and wrong:
            wrong[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if right and not wrong:
            self._make(self._path)

    def _make(self, path: Path) -> None:
        try:
            EXPOS.clean(self.form.values())
            paths.own_folder(path.parent)
            actor = self._write(path)
        except InvalidRecord as refused:
            rest = self.form.show_problems(refused.problems)
            if "pin" in rest:
                self.pin_box.set_problem(rest["pin"])
            remove_parts(path)  # it was not there before
        except (UserError, OSError) as error:
            clear(self._top)
            self._top.addWidget(Banner("bad", str(error)))
            remove_parts(path)  # it was not there before
        else:
            self.close_with((str(path), actor))

    def _write(self, path: Path) -> Actor:
        db = open_database(path, create=True)
        try:
            db.actor = operators.create_first(db, self.person.text(), self.pin.text())
            expos.create(db, self.form.values())
            return db.actor
        finally:
            db.close()
