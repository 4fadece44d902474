"""Step 1: the file, dropped or chosen; and the template for it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services import records
from expo_app.services.words import names_offered
from expo_app.specs import ImportPlan, RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import IconView, Label
from expo_app.ui.kit.panels import Card, clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records import files
from expo_app.ui.records.import_wizard.step import Step
from expo_app.ui.records.import_wizard.work import Work


class DropCard(Card):
    """A place to drop a table file on."""

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.set_colors("bg.subtle", "border.strong")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files.dropped_table(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit(files.dropped_table(event.mimeData().urls()))


class ChooseStep(Step):
    """The drop card, and above it why a file could not be read. `asked` when the person wants to look for one,
    `dropped(path)` when one was dropped.
    """

    asked = Signal()
    dropped = Signal(str)

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        lines = column(self, theme.Space.M)
        self._problem = column()
        lines.addLayout(self._problem)
        drop = DropCard()
        drop.dropped.connect(self.dropped)
        center = Qt.AlignmentFlag.AlignHCenter
        drop.body.addStretch(1)
        drop.body.addWidget(IconView("file-excel-2-line", "text.2", theme.IconSize.EMPTY, "bg.surface"), 0, center)
        drop.body.addWidget(Label(_("把表格拖到这里，或选择文件"), "section"), 0, center)
        drop.body.addWidget(
            Label(_("xlsx、xls、ods、csv；列名、表头、工作表怎样都行，不用先改文件"), "secondary"), 0, center
        )
        self.choose_button = Button(_("选择文件"), "primary", "folder-open-line", clicked=self.asked.emit)
        drop.body.addWidget(self.choose_button, 0, center)
        drop.body.addWidget(Label(_("先看每行会怎样，再决定是否写入；空着的补上，已填的不改"), "caption"), 0, center)
        drop.body.addStretch(1)
        lines.addWidget(drop, 1)

    def show_plan(self, plan: ImportPlan) -> None:
        clear(self._problem)

    def show_problem(self, error: Exception) -> None:
        """Say why the file was not read."""
        clear(self._problem)
        self._problem.addWidget(Banner("bad", str(error)))

    def begin(self) -> bool:
        self.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return True


def save_template(parent: QWidget, context: Context, spec: RecordSpec) -> None:
    """Ask for a place and write an empty table of this kind there."""
    name = files.safe_name(_("{title}导入模板").format(title=spec.label)) + ".xlsx"
    path = files.ask_where(parent, context, _("下载模板"), name, files.excel_kinds())
    if path is None:
        return

    words, here = names_offered(context.db, spec, context.expo_id), records.spec_in(context.db, spec)

    def work(_progress: jobs.Progress) -> Path:
        from expo_app.exchange import excel

        excel.template(here, path, context.usual_day(spec), words)
        return path

    def done(written: Path) -> None:
        action = (_("打开文件夹"), lambda: files.open_folder(written))
        messages.show(parent, _("已存到 {name}").format(name=written.name), "ok", action)

    context.run(_("下载模板"), work, done, parent=parent)
