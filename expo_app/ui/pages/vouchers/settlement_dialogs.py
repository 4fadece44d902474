"""What the settlement asks for: a signature with its scan, a dispute with the uses it is about, a day."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services.settlement_acts import Signature
from expo_app.specs.settlement import A, B, SettlementBoard, SideState, StatementDetail, StatementLine
from expo_app.specs.settlement_words import yuan
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor, LongTextEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import row
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.records.editors import DateEditor

USES_SHOWN = 6
Sides = Sequence[tuple[str, str]]


def sides_of(board: SettlementBoard, line: StatementLine) -> Sides:
    """(a or b, name) of the sides that have not signed this version."""
    pairs = [(name, line.side(name)) for name in ((A,) if line.is_local else (A, B))]
    return [(name, board.name(side.code)) for name, side in pairs if side.state is not SideState.SIGNED]


Act = Callable[[], str]
"""What a verb does, in a worker; the sentence that says it is done."""


class _Asking(Dialog):
    """A dialog whose verb does something that may be refused: it stays open then and says why."""

    def __init__(self, parent: QWidget, title: str, verb: str, note: str = "") -> None:
        super().__init__(parent, title, theme.Width.DIALOG, note=note)
        self._host = parent
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.verb = Button(verb, "primary", clicked=self.press)
        self.add_action(self.verb)

    def press(self) -> None:
        """The verb."""
        try:
            act = self.submit()
        except UserError as error:
            messages.show(self, error)
            return
        self.verb.setEnabled(False)
        jobs.run_job(self._host, self.title.text(), lambda _progress: act(), self._done, self._refused)

    def submit(self) -> Act:
        """What is to be done with what was typed; UserError where that cannot be read."""
        raise NotImplementedError

    def _done(self, words: str) -> None:
        if self._is_there():
            self.keep_typed()
            self.close_with(True)
        messages.show(self._host, words, "ok")

    def _refused(self, error: Exception) -> None:
        if self._is_there():
            self.verb.setEnabled(True)
        if isinstance(error, UserError):
            messages.show(self if self._is_there() else self._host, error)

    def _is_there(self) -> bool:
        """Esc closes it while the work goes on: what came of that is said all the same."""
        return isValid(self) and self.is_open

    def day_of(self, editor: DateEditor, field: FormField) -> date:
        """The day typed; what cannot be read is said beside it."""
        field.clear_problem()
        day = editor.day()
        if day is None:
            words = _("“{text}”不是日期，按“年-月-日”写。").format(text=editor.text())
            field.set_problem(words)
            raise UserError(words, "E-DAY")
        return day


class DayDialog(_Asking):
    """One day, for sending and for paying."""

    def __init__(
        self, parent: QWidget, words: tuple[str, str, str, str], day: date, then: Callable[[date], str]
    ) -> None:
        """`words`: title, sentence, name of the day, verb."""
        title, text, label, verb = words
        super().__init__(parent, title, verb)
        self._then = then
        self.body.addWidget(Label(text, "secondary", wrap=True))
        self.day = DateEditor(usual=day)
        self.day.set_value(day)
        self.field = FormField(label, self.day, required=True)
        self.body.addWidget(self.field)

    def submit(self) -> Act:
        return partial(self._then, self.day_of(self.day, self.field))


class SignDialog(_Asking):
    """登记签认: whose, by whom, when, and the scanned paper."""

    def __init__(
        self, parent: QWidget, board: SettlementBoard, line: StatementLine, today: date,
        then: Callable[[Signature], str],
    ) -> None:  # fmt: skip
        super().__init__(parent, _("登记签认"), _("登记签认"), f"{line.no} · {_('第 {version} 版')}".format(
            version=line.version
        ))  # fmt: skip
        self._line, self._then = line, then
        sides = sides_of(board, line)
        text = _("双方都签认后，这份对账单里的用券即为已结算，不能撤销。每一方的签认都要有扫描件。")
        self.body.addWidget(Label(text, "secondary", wrap=True))
        self.side = Segmented([(key, _("{region}方").format(region=name)) for key, name in sides])
        self.body.addWidget(self.side)
        self.signer = LineEditor()
        self.signer_field = FormField(_("签认人"), self.signer, _("姓名或岗位"), required=True)
        self.day = DateEditor(usual=today)
        self.day.set_value(today)
        self.day_field = FormField(_("签认日期"), self.day, required=True)
        self.paper = LineEditor()
        self.paper_field = FormField(_("扫描件"), self.paper, _("PDF、JPG 或 PNG，最大 20 MB，原样保存"), required=True)
        choose = Button(_("选文件…"), icon="file-line", clicked=self._choose)
        for item in (self.signer_field, self.day_field, self.paper_field):
            self.body.addWidget(item)
        line_of_button = row()
        line_of_button.addWidget(choose)
        line_of_button.addStretch(1)
        self.body.addLayout(line_of_button)

    def _choose(self) -> None:
        kinds = _("扫描件 (*.pdf *.jpg *.jpeg *.png)")
        name, _filter = QFileDialog.getOpenFileName(self, _("选文件…"), self.paper.text(), kinds)
        if name:
            self.paper.set_value(name)
            self.paper_field.clear_problem()

    def submit(self) -> Act:
        path = self.paper.text().strip()
        for line, field in ((self.signer, self.signer_field), (self.paper, self.paper_field)):
            field.clear_problem()
            if not line.text().strip():
                field.set_problem(_("不能为空。"))
        if not path:
            raise UserError(_("签认要有扫描件，没有登记。请选文件。"), "E-ATTACHMENT")
        day = self.day_of(self.day, self.day_field)
        said = Signature(str(self.side.key), self._line.version, self.signer.text(), day, Path(path))
        return partial(self._then, said)


class DisputeDialog(_Asking):
    """记异议: whose, about which uses, in which words. `then(side, words, keys of the uses)`."""

    def __init__(
        self, parent: QWidget, board: SettlementBoard, detail: StatementDetail,
        then: Callable[[str, str, Sequence[uuid.UUID]], str],
    ) -> None:  # fmt: skip
        line = detail.line
        super().__init__(parent, _("记异议"), _("记异议"), line.no)
        self._then = then
        sides = [(name, board.name(line.side(name).code)) for name in ((A,) if line.is_local else (A, B))]
        waits = next((name for name, _region in sides_of(board, line)), A)
        self.side = Segmented([(key, _("{region}方").format(region=name)) for key, name in sides], waits)
        self.body.addWidget(self.side)
        self.words = LongTextEditor()
        self.field = FormField(_("异议内容"), self.words, required=True)
        self.body.addWidget(self.field)
        self.body.addWidget(Label(_("涉及的用券（可不选）"), "caption.bold"))
        columns = (
            Column("no", _("编号"), 110), Column("company", _("企业"), 200, stretch=True),
            Column("share", _("券付"), 110, "number", text=yuan),
        )  # fmt: skip
        rows = [(use.id, use.no, use.company, use.share) for use in detail.uses]
        self.uses = TableModel(columns, rows, checkable=True)
        view = TableView(self.uses, _("涉及的用券（可不选）"))
        view.fit()
        card = TableCard(view)
        card.setFixedHeight(theme.Height.HEADER + theme.Height.ROW * min(max(len(rows), 1), USES_SHOWN) + 4)
        self.body.addWidget(card)
        self.body.addWidget(Label(_("记异议后这一方的签认作废；改好再重出，双方重新签认。"), "fact", wrap=True))

    def submit(self) -> Act:
        keys = [key for key in self.uses.checked if isinstance(key, uuid.UUID)]
        return partial(self._then, str(self.side.key), self.words.toPlainText(), keys)
