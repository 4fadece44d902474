"""Who is interested: 1, 2 or 3 and Enter is enough, a badge fills in the rest; the newest stand below."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import InterestLevel
from expo_app.rules.interest_range import parse_range, range_text, range_words
from expo_app.specs import INTERESTS
from expo_app.specs.roadshow import NEXT_STEPS
from expo_app.specs.roadshow_hall import InterestLine, Sheet
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.kit.picker import PickerLine, from_words
from expo_app.ui.records import state_colours

LEVELS = tuple(InterestLevel)
"""Keys 1, 2, 3."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
Values = Mapping[str, Any]
Save = Callable[[Values, uuid.UUID | None, Values], uuid.UUID]


class InterestCard(Card):
    """`save`(values, id or None, those seen) keeps one; UserError where it is refused. `edited`: something is typed."""

    edited = Signal()

    def __init__(self, context: Context, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(_("意向记录"), _("F4 新的一条"), parent=parent)
        self._save = save
        self.sheet: Sheet | None = None
        self.record_id: uuid.UUID | None = None
        """The interest in the form; None: a new one."""
        self._seen: Values = {}
        self.head = Label("", "fact")
        self.add_head(self.head)
        self.level = Segmented([(level, f"{n} {level.label}") for n, level in enumerate(LEVELS, 1)], InterestLevel.REAL)
        self.level.chosen.connect(self._on_level)
        offered = partial(context.options, "organisations")
        self.lines: dict[str, QLineEdit] = {
            "organisation_id": PickerLine(offered), "contact": LineEditor(), "phone": LineEditor(),
            "range": LineEditor(), "next_step": PickerLine(from_words(lambda: [_(words) for words in NEXT_STEPS])),
        }  # fmt: skip
        self.problem = Label("", "caption", wrap=True)
        self.problem.set_tone("bad")
        self.keep = Button(_("记下"), "primary", "check-line", clicked=self.submit)
        self.new = Button(_("新的一条"), icon="add-line", clicked=self.begin)
        self._listed = QWidget()
        self._rows = column(self._listed, 0)
        self._build()

    def _build(self) -> None:
        self.setFixedWidth(theme.Width.PANEL + theme.Space.XXXL)
        self.body.addWidget(self.level)
        labels = {
            "organisation_id": (_("单位"), ""), "contact": (_("联系人"), ""), "phone": (_("电话"), ""),
            "range": (_("意向金额"), _("50-200、50 以上，万元")), "next_step": (_("下一步"), _("约洽谈、寄资料…")),
        }  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.Space.S)
        for n, (name, line) in enumerate(self.lines.items()):
            label, hint = labels[name]
            line.setAccessibleName(label)
            line.setPlaceholderText(hint)
            line.textEdited.connect(lambda _text: self.edited.emit())
            grid.addWidget(Label(label, "fact"), n, 0)
            grid.addWidget(line, n, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.problem)
        self.problem.hide()
        foot = row(spacing=theme.Space.S)
        foot.addStretch(1)
        foot.addWidget(self.new)
        foot.addWidget(self.keep)
        self.body.addLayout(foot)
        self.body.addWidget(Line())
        self.body.addWidget(scrolled(self._listed), 1)
        self._show_head()

    # --- what there is ---

    def show_sheet(self, sheet: Sheet | None) -> None:
        """The interests of a pitch, the newest on top; the form stays with what is typed in it."""
        if sheet is None or self.sheet is None or sheet.pitch_id != self.sheet.pitch_id:
            self.clear_form()
        self.sheet = sheet
        clear(self._rows)
        for line in sheet.interests if sheet else ():
            who = " · ".join(filter(None, (line.organisation or _("未记单位"), line.contact)))
            parts = (range_words(line.amount_from, line.amount_to), line.next_step, line.recorded_by)
            pill = (line.level.label, state_colours.pill(line.level))
            item = ItemRow(
                who, " · ".join(filter(None, parts)), pill=pill, clicked=partial(self.load, line), below=True
            )
            item.setToolTip(" · ".join(filter(None, (line.number, line.phone))))
            self._rows.addWidget(item)
        self._rows.addStretch(1)
        self._show_head()

    def _show_head(self) -> None:
        found = next((one for one in self.sheet.interests if one.id == self.record_id), None) if self.sheet else None
        count = len(self.sheet.interests) if self.sheet else 0
        self.head.setText(_("改 {no}").format(no=found.number) if found else _("{n} 条").format(n=count))
        self.keep.set_text(_("保存") if found else _("记下"))

    def load(self, line: InterestLine) -> None:
        """One that is there into the form: 1, 2, 3 change it at once. The phone is masked and stays as it is."""
        self.clear_form()
        self.record_id = line.id
        self._seen = {
            "level": line.level, "organisation_id": line.organisation, "contact": line.contact,
            "amount_from": line.amount_from, "amount_to": line.amount_to, "next_step": line.next_step,
        }  # fmt: skip
        self.level.choose(line.level)
        values = {
            "organisation_id": line.organisation, "contact": line.contact, "phone": line.phone,
            "range": range_text(line.amount_from, line.amount_to), "next_step": line.next_step,
        }  # fmt: skip
        for name, text in values.items():
            self.lines[name].setText(text)
        self._show_head()
        self.focus_level()

    @property
    def chosen_level(self) -> InterestLevel:
        """How much whoever's badge is read now is interested: what a new one was given, else the usual."""
        is_new = self.record_id is None and not self._says_who
        return InterestLevel(self.level.key) if is_new else InterestLevel.REAL

    @property
    def _says_who(self) -> bool:
        return any(self.lines[name].text() for name in ("organisation_id", "contact", "phone"))

    def add_who(self, line: InterestLine) -> None:
        """One recorded by a badge into the form, with what was typed of a new one before anybody said whose it is; one
        of somebody else that was begun stays in front."""
        if self.record_id is None and self._says_who:
            return
        level = self.chosen_level
        begun = {name: self.typed[name] for name in ("range", "next_step") if name in self.typed}
        self.load(line)
        for name, text in begun.items():
            self.lines[name].setText(text)
        if level not in (InterestLevel.REAL, line.level):
            self.level.choose(level)
        if begun or self.level.key is not line.level:
            self.submit(stay=True)

    def begin(self) -> None:
        """F4: a new one."""
        self.clear_form()
        self._show_head()
        self.focus_level()
        self.edited.emit()

    def clear_form(self) -> None:
        """An empty form."""
        self.record_id, self._seen = None, {}
        self.level.choose(InterestLevel.REAL)
        for line in self.lines.values():
            line.clear()
            line.setModified(False)
        self._say("")

    def set_editable(self, on: bool) -> None:
        """Whether anything can be recorded."""
        for line in self.lines.values():
            line.setReadOnly(not on)
        for button in (self.keep, self.new):
            button.setEnabled(on)

    def focus_level(self) -> None:
        self.level.button(self.level.key).setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is typed, for the draft ---

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the form of a new one; {} where nothing does."""
        found = {name: line.text() for name, line in self.lines.items() if line.text()}
        if self.record_id is not None or not found:
            return {}
        return {"level": self.level.key.name, **found}  # type: ignore[attr-defined]

    def put_back(self, typed: Mapping[str, str]) -> None:
        """What a draft held."""
        if not typed:
            return
        self.clear_form()
        self.level.choose(next((one for one in LEVELS if one.name == typed.get("level")), InterestLevel.REAL))
        for name, line in self.lines.items():
            line.setText(str(typed.get(name, "")))

    # --- saving ---

    def _on_level(self, _level: object) -> None:
        if self.record_id is not None and self._try({"level": self.level.key}):
            self._seen = {**self._seen, "level": self.level.key}
        self.edited.emit()

    def submit(self, stay: bool = False) -> bool:
        """Enter: keep it; whether it was. `stay`: it is in front still."""
        try:
            low, high = parse_range(self.lines["range"].text())
        except ValueError as error:
            self._say(str(error))
            self.lines["range"].setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        values: dict[str, Any] = {"level": self.level.key, "amount_from": low, "amount_to": high}
        values |= {name: line.text() for name, line in self.lines.items() if name != "range"}
        if self.record_id is not None:
            values = {name: value for name, value in values.items() if self._is_changed(name, value)}
        if not self._try(values):
            return False
        if stay:
            self._seen = {**self._seen, **values}
            return True
        self.clear_form()
        self._show_head()
        self.focus_level()
        self.edited.emit()
        return True

    def _is_changed(self, name: str, value: Any) -> bool:
        """Whether somebody changed it here; of the telephone only what is typed counts: the one shown is masked."""
        return self.lines["phone"].isModified() if name == "phone" else bool(value != self._seen[name])

    def _try(self, values: Values) -> bool:
        seen = {name: self._seen[name] for name in values if name in self._seen}
        try:
            self._save(values, self.record_id, seen)
        except UserError as error:
            self._say(_said(error))
            return False
        self._say("")
        return True

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key() - Qt.Key.Key_1
        if event.key() in ENTER:
            self.submit()
        elif 0 <= key < len(LEVELS) and self.level.isAncestorOf(self.focusWidget() or self):
            self.level.choose(LEVELS[key])
            self.focus_level()
            self._on_level(LEVELS[key])
        else:
            super().keyPressEvent(event)


def _said(error: UserError) -> str:
    """A refusal with the field it is about."""
    if not isinstance(error, InvalidRecord):
        return str(error)
    return "；".join(f"{INTERESTS.field(name).title}：{words}" for name, words in error.problems.items())
