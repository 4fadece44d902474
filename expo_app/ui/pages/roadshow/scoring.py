"""Experts' points and comments: the expert stays, digits and Enter go on to the next criterion."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.rules.roadshow_scores import Criterion, rounded, total
from expo_app.services.roadshow import OTHERS
from expo_app.specs.roadshow import check_expert
from expo_app.specs.roadshow_hall import Sheet
from expo_app.ui.kit import theme
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.kit.picker import PickerLine, from_words

Keep = Callable[[Callable[[], object], str], None]
"""(act, words) → does it as an act that can be taken back; UserError where it is refused."""


def shown_points(points: Decimal | None) -> str:
    """As they are typed: 30, 90.5."""
    return "" if points is None else f"{points.normalize():f}"


class ScoreCard(Card):
    """`score`(pitch, criterion, expert, points, seen), `comment`(pitch, expert, words, seen) save; `edited`: somebody
    types."""

    edited = Signal()
    done = Signal()
    """The last field was entered: the next expert."""

    def __init__(
        self,
        score: Callable[[uuid.UUID, Criterion, str, str, Mapping[str, Any]], None],
        comment: Callable[[uuid.UUID, str, str, Mapping[str, Any]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("专家评分"), _("数字 + Enter 记一项"), parent=parent)
        self._score, self._comment = score, comment
        self.sheet: Sheet | None = None
        self._lines: dict[Criterion, LineEditor] = {}
        self._seen: dict[uuid.UUID | None, Any] = {}
        """What stood in a line before anybody typed in it, by criterion; None: the comment."""
        self._unsure: set[uuid.UUID | None] = set()
        """Lines whose value another clerk entered meanwhile: Enter alone, not leaving them, writes over it."""
        self.mean = Label("", "strong")
        self.add_head(self.mean)
        self.expert = PickerLine(from_words(lambda: self.sheet.experts if self.sheet else ()))
        self.expert.setAccessibleName(_("专家"))
        self.expert.setPlaceholderText(_("专家姓名"))
        self.expert.setMaxLength(60)
        self.expert.picked.connect(lambda _key, _name: self.choose_expert(self.expert.text()))
        self.expert.returnPressed.connect(lambda: self.choose_expert(self.expert.text(), go_on=True))
        self.expert.editingFinished.connect(self._show_points)
        self.problem = Label("", "caption", wrap=True)
        self.problem.set_tone("bad")
        self.comment = LineEditor()
        self.comment.setAccessibleName(_("点评"))
        self.comment.setPlaceholderText(_("点评，Enter 记下"))
        self.comment.setMaxLength(2000)
        self.comment.editingFinished.connect(self._keep_comment)
        self.comment.returnPressed.connect(self._on_comment)
        self.comment.edited.connect(self.edited)
        self.expert.edited.connect(self.edited)
        for each in (self.expert, self.comment):
            each.installEventFilter(self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.Space.S)
        self._grid.setColumnStretch(0, 1)
        self._given = QWidget()
        self._rows = column(self._given, 0)
        self._build()

    def _build(self) -> None:
        line = row(spacing=theme.Space.S)
        line.addWidget(Label(_("专家"), "fact"))
        line.addWidget(self.expert, 1)
        self.body.addLayout(line)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.comment)
        self.body.addWidget(self.problem)
        self.problem.hide()
        self.body.addWidget(Line())
        self.body.addWidget(scrolled(self._given), 1)

    # --- what there is ---

    def show_sheet(self, sheet: Sheet | None) -> None:
        """The sheet of a pitch; what somebody is typing stays where it is."""
        is_other = sheet is None or self.sheet is None or sheet.pitch_id != self.sheet.pitch_id
        before = self.sheet.criteria if self.sheet else None
        self.sheet = sheet
        criteria = sheet.criteria if sheet else ()
        if before is None or criteria != before:
            self._make_lines(criteria)
        if is_other:
            for line in (*self._lines.values(), self.comment):
                line.setModified(False)
        self._show_points()
        self.mean.setText(_("均分 {mean}").format(mean=sheet.mean.shown) if sheet and sheet.criteria else "")
        self._show_given()

    def _make_lines(self, criteria: tuple[Criterion, ...]) -> None:
        clear(self._grid)
        self._lines = {}
        if not criteria:
            self._grid.addWidget(
                Label(_("这一场还没有评分项。在路演记录里加，点评照样可以记。"), "fact", wrap=True), 0, 0
            )
        for n, criterion in enumerate(criteria):
            most = _("满分 {n}").format(n=criterion.maximum if criterion.maximum is not None else "—")
            weight = _("权重 {n}").format(n=criterion.weight if criterion.weight is not None else "—")
            line = LineEditor(right=True)
            line.setAccessibleName(criterion.name)
            line.setMaximumWidth(theme.Space.XXXL * 3)
            line.installEventFilter(self)
            line.editingFinished.connect(partial(self._keep_points, criterion))
            line.returnPressed.connect(partial(self._go_on, criterion))
            self._lines[criterion] = line
            self._grid.addWidget(Label(criterion.name, wrap=True), n, 0)
            self._grid.addWidget(Label(f"{most} · {weight}", "caption"), n, 1, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(line, n, 2)
            line.show()

    def _show_points(self) -> None:
        """What the chosen expert gave; a line that is being typed in keeps what is in it."""
        given = self._given_by(self.name)
        for criterion, line in self._lines.items():
            if not (line.isModified() and line.hasFocus()):
                line.setText(shown_points(given.get(criterion.id)))
                self._seen[criterion.id] = given.get(criterion.id)
                self._unsure.discard(criterion.id)
        if not (self.comment.isModified() and self.comment.text()):
            self._seen[None] = self._said_by(self.name)
            self._unsure.discard(None)
            self.comment.setText(self._seen[None] or "")

    def _given_by(self, expert: str) -> dict[uuid.UUID, Decimal | None]:
        return {**self.sheet.points.get(expert, {})} if self.sheet else {}

    def _said_by(self, expert: str) -> str | None:
        return self.sheet.comments.get(expert) if self.sheet else None

    def _show_given(self) -> None:
        """Every expert with what they said; a press chooses one."""
        clear(self._rows)
        sheet = self.sheet
        if sheet is None:
            return
        for expert in (name for name in sheet.experts if name in sheet.points or name in sheet.comments):
            points = self._given_by(expert)
            whole = total(sheet.criteria, points)
            each = " + ".join(shown_points(points.get(criterion.id)) or "—" for criterion in sheet.criteria)
            words = "　".join(filter(None, (each if expert in sheet.points else "", sheet.comments.get(expert, ""))))
            figure = f"{rounded(whole):.2f}" if whole is not None else ("—" if expert in sheet.points else "")
            item = ItemRow(expert, words, figure=figure, clicked=partial(self.choose_expert, expert), below=True)
            item.setToolTip(words)
            self._rows.addWidget(item)
        self._rows.addStretch(1)

    # --- typing ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Z in a line where nothing was typed is the page's: the last act goes back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not watched.property("undoAvailable")
            redo = event.matches(QKeySequence.StandardKey.Redo) and not watched.property("redoAvailable")
            if undo or redo:
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    @property
    def name(self) -> str:
        """The expert whose points are typed."""
        return " ".join(self.expert.text().split())

    def first(self) -> QLineEdit:
        """Where typing begins: the expert where none is chosen, else the first criterion without points."""
        if not self.name:
            return self.expert
        empty = (line for line in self._lines.values() if not line.text())
        return next(empty, next(iter(self._lines.values()), self.comment))

    def choose_expert(self, name: str, go_on: bool = True) -> None:
        """From now on points are this expert's."""
        self.expert.setText(name)
        self._show_points()
        if go_on and self.name:
            try:
                check_expert(self.name)
            except ValueError as problem:
                self._say(str(problem))
                self.expert.selectAll()
                return
            self._say("")
            self._focus(self.first())

    def flush(self) -> bool:
        """Save what was typed and not entered yet; False: some of it is refused and stays where it was typed."""
        return all([*map(self._keep_points, self._lines), self._keep_comment()])

    def set_editable(self, on: bool) -> None:
        """Whether anything can be typed."""
        for line in (self.expert, self.comment, *self._lines.values()):
            line.setReadOnly(not on)

    @staticmethod
    def _focus(line: QLineEdit) -> None:
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.selectAll()

    def _keep_points(self, criterion: Criterion) -> bool:
        """Whether what stands in the line is kept."""
        line, text = self._lines[criterion], self._lines[criterion].text().strip()
        if self.sheet is None or not line.isModified():
            return True
        if criterion.id in self._unsure:
            return False
        if text == shown_points(self._given_by(self.name).get(criterion.id)):
            line.setModified(False)
            return True
        seen = {"points": self._seen.get(criterion.id)}
        return self._try(
            line, partial(self._score, self.sheet.pitch_id, criterion, self.name, text, seen), criterion.id
        )

    def _keep_comment(self) -> bool:
        words = self.comment.text().strip()
        if self.sheet is None or not self.comment.isModified():
            return True
        if None in self._unsure:
            return False
        if words == self.sheet.comments.get(self.name, ""):
            self.comment.setModified(False)
            return True
        seen = {"words": self._seen.get(None)}
        return self._try(self.comment, partial(self._comment, self.sheet.pitch_id, self.name, words, seen))

    def _try(self, line: QLineEdit, act: Callable[[], None], key: uuid.UUID | None = None) -> bool:
        """Save; a refusal stands below, and what was typed stays. What another clerk entered first is said once."""
        try:
            act()
        except UserError as error:
            first = next(iter(error.problems.values()), str(error)) if isinstance(error, InvalidRecord) else str(error)
            if error.code == OTHERS:
                self._seen[key] = self._given_by(self.name).get(key) if key else self._said_by(self.name)
                self._unsure.add(key)
                first = _("{problem}仍要改就再按 Enter。").format(problem=error.message)
            self._say(first)
            return False
        line.setModified(False)
        self._say("")
        self._show_points()
        return True

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def _go_on(self, criterion: Criterion) -> None:
        """Enter: the next criterion, behind the last one the comment."""
        self._unsure.discard(criterion.id)
        if not self._keep_points(criterion):
            self._lines[criterion].selectAll()
            return
        lines = list(self._lines.values())
        at = lines.index(self._lines[criterion]) + 1
        self._focus(lines[at] if at < len(lines) else self.comment)

    def _on_comment(self) -> None:
        self._unsure.discard(None)
        if self._keep_comment():
            self._focus(self.expert)
            self.done.emit()
