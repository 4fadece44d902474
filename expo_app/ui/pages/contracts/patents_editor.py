"""The patents of a contract in its form: a card each, with what is wrong with a number and how long the right lasts."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from expo_app.i18n import N_, _
from expo_app.model import PatentKind
from expo_app.rules import patents
from expo_app.rules.contract_completeness import Patent
from expo_app.specs.contracts import EMPTY, MARK, read_patents
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.records.editors import DateEditor, EnumEditor

NUMBERS = ("application_no", "patent_no")
FIELDS = (
    ("kind", N_("种类")), ("title", N_("专利名称")), ("application_no", N_("申请号")), ("patent_no", N_("专利号")),
    ("applicant", N_("申请人")), ("holder", N_("专利权人")), ("filed_on", N_("申请日")),
)  # fmt: skip
PLACES = ((0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 1, 1), (1, 2, 1), (2, 0, 1), (2, 1, 2))
"""Line, column and width of each, in the order in which they are typed."""
ORDER = ("kind", "title", "application_no", "patent_no", "filed_on", "applicant", "holder")


class PatentCard(Card):
    """One patent."""

    edited = Signal()
    removed = Signal(object)

    def __init__(self, today: date) -> None:
        super().__init__(padding=theme.Space.M)
        self._today = today
        choices = [(kind.name, kind.label) for kind in PatentKind]
        editors: dict[str, Any] = {name: LineEditor() for name, _label in FIELDS}
        editors |= {"kind": EnumEditor(choices, optional=False), "filed_on": DateEditor(usual=today)}
        labels = dict(FIELDS)
        self.boxes = {name: FormField(_(labels[name]), editors[name]) for name in ORDER}
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.Space.M)
        grid.setVerticalSpacing(theme.Space.S)
        for name, (line, at, width) in zip(ORDER, PLACES, strict=True):
            grid.addWidget(self.boxes[name], line, at, 1, width, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(at, 1)
            editors[name].edited.connect(partial(self._on_edited, name))
            editors[name].left.connect(partial(self._on_left, name))
        self.body.addLayout(grid)
        foot = row(spacing=theme.Space.S)
        self._term = Label("", "caption", wrap=True)
        foot.addWidget(self._term, 1)
        foot.addWidget(IconButton("delete-bin-line", _("去掉这项专利"), lambda: self.removed.emit(self)))
        self.body.addLayout(foot)

    def editor(self, name: str) -> Any:
        """The editor of one particular."""
        return self.boxes[name].editor

    def set_patent(self, patent: Patent) -> None:
        """Show a patent."""
        for name in ORDER:
            self.editor(name).set_value(getattr(patent, name))
        self._say()

    def text(self) -> str:
        """What was typed, as one line of the patents' text; "" for nothing."""
        typed = {name: str(self.editor(name).value() or "").strip() for name in ORDER}
        if not any(text for name, text in typed.items() if name != "kind"):
            return ""
        typed["kind"] = PatentKind[typed["kind"]].value
        names = [name for name, _label in FIELDS]
        return MARK.join(typed[name].replace(MARK, "，") or EMPTY for name in names)

    def _kind(self) -> PatentKind:
        return PatentKind[self.editor("kind").value()]

    def _on_edited(self, name: str) -> None:
        if name in NUMBERS:  # a number says what kind of patent it is of
            try:
                kind = patents.parse(self.editor(name).value() or "").kind
            except ValueError:
                pass
            else:
                self.editor("kind").set_value(kind)
        self._say()
        self.edited.emit()

    def _on_left(self, name: str) -> None:
        """What is wrong with a number, once it is typed."""
        if name not in NUMBERS:
            return
        text = self.editor(name).value() or ""
        wrong = patents.problem(text, self._kind(), self.editor("filed_on").day()) if text else ""
        if wrong:
            self.boxes[name].set_problem(wrong)
        else:
            self.boxes[name].clear_problem()

    def _say(self) -> None:
        filed = self.editor("filed_on").day()
        if filed is None:
            self._term.setText(_("填申请日，算出期限"))
            return
        until = patents.ends_on(self._kind(), filed)
        words = _("期限 {years} 年，到 {until}，还有 {left}")
        left = patents.left(until, self._today)
        if until < self._today:
            words = _("期限 {years} 年，{until} 已届满")
        self._term.setText(words.format(years=patents.years(self._kind(), filed), until=until.isoformat(), left=left))


class PatentsEditor(QWidget):
    """All patents of a contract; `value()` is their text (`specs.contracts.patents_text`)."""

    edited = Signal()
    left = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self.cards: list[PatentCard] = []
        lines = column(self, theme.Space.S)
        self._body = column(spacing=theme.Space.S)
        lines.addLayout(self._body)
        self._add = Button(_("加一项专利"), "text", "add-line", clicked=lambda: self.add().editor("title").setFocus())
        line = row()
        line.addWidget(self._add)
        line.addStretch(1)
        lines.addLayout(line)

    def add(self, patent: Patent | None = None) -> PatentCard:
        """One more card."""
        card = PatentCard(self._today)
        if patent is not None:
            card.set_patent(patent)
        card.edited.connect(self.edited)
        card.removed.connect(self._remove)
        self.cards.append(card)
        self._body.addWidget(card)
        return card

    def _remove(self, card: PatentCard) -> None:
        self.cards.remove(card)
        self._body.removeWidget(card)
        card.deleteLater()
        self.edited.emit()

    def value(self) -> str:
        return "\n".join(filter(None, (card.text() for card in self.cards)))

    def set_value(self, value: Any) -> None:
        clear(self._body)
        self.cards = []
        try:
            found = read_patents(value or "")
        except ValueError:  # a draft of lines that say too little
            found = []
        for patent in found:
            self.add(patent)
        if not self.cards:
            self.add()

    def go_to_first_gap(self) -> None:
        """The focus into the first number or day that is missing or wrong."""
        for card in self.cards:
            filed = card.editor("filed_on").day()
            for name in ORDER:
                text = card.editor(name).value()
                wrong = name in NUMBERS and text and patents.problem(text, card._kind(), filed)
                if not text or wrong:
                    card.editor(name).setFocus(Qt.FocusReason.OtherFocusReason)
                    return
        self.cards[0].editor("title").setFocus(Qt.FocusReason.OtherFocusReason)

    def setReadOnly(self, read_only: bool) -> None:
        self.setEnabled(not read_only)
