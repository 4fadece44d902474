"""One editor per field type.

Each has `value()` (plain text, yes/no or a list: what `Field.parse` takes and a draft can keep), `set_value(value)`
(that, or the typed value of the record), and the signals `edited` (by the person) and `left` (focus went elsewhere).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.i18n import Labelled, _
from expo_app.rules.terms import Term, Terms
from expo_app.specs import MISSING, Field, FieldType
from expo_app.specs.field_types import TAG_SEPARATORS
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.buttons import Chip, Segmented, Tick
from expo_app.ui.kit.calendar import Calendar
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.inputs import STAYING, Capitals, LineEditor, LongTextEditor
from expo_app.ui.kit.panels import clear
from expo_app.ui.kit.picker import Options, PickerLine, from_words
from expo_app.ui.records.lines_editor import LinesEditor
from expo_app.ui.records.names_editor import NamesEditor

WAN = Field("", "", type=FieldType.MONEY)
FEW = 3  # up to so many choices stand side by side


class Editor(Protocol):
    """What the form asks of an editor, which is a QWidget too."""

    edited: Signal
    left: Signal

    def value(self) -> Any: ...
    def set_value(self, value: Any) -> None: ...


class MoneyEditor(LineEditor):
    """An amount in its field's unit, 万元, 元 or 千元; the record's value is exact yuan.

    Shown with separators once the focus has left.
    """

    def __init__(self, field: Field = WAN, parent: QWidget | None = None) -> None:
        super().__init__(right=True, parent=parent)
        self.field = field
        self.setPlaceholderText("0.00")
        self.left.connect(self._tidy)

    def set_value(self, value: Any) -> None:
        super().set_value(self.field.display(value) if isinstance(value, Decimal) else value)

    def yuan(self) -> Decimal | None:
        """The amount typed; None when empty or not an amount."""
        try:
            amount: Decimal | None = self.field.parse(self.text())
            return amount
        except ValueError:
            return None

    def _tidy(self) -> None:
        amount = self.yuan()
        if amount is not None:
            self.setText(self.field.display(amount))


def today() -> date:
    """The day of this computer's clock."""
    return datetime.now().astimezone().date()


class DateEditor(LineEditor):
    """A day, typed freely (with -, / or . or nothing between) or from the calendar (Alt+↓).

    `usual`: the day an entry is most likely about, where the calendar opens; today, if none is given. An empty field
    shows how a day is written, never a day: that would look filled in.
    """

    pattern = "yyyy-mm-dd"

    def __init__(self, zone: ZoneInfo | None = None, usual: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.zone = zone
        self.calendar: Calendar | None = None
        self.set_usual(usual or datetime.now(zone or UTC).date())
        self.setPlaceholderText(self.pattern)
        self._open = QAction(_("打开日历"), self)
        self._open.triggered.connect(self.open_calendar)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self._draw_icon()
        theme.notifier().changed.connect(self._draw_icon)

    def _draw_icon(self) -> None:
        self._open.setIcon(icons.icon("calendar-line"))

    def set_usual(self, day: date) -> None:
        """What an entry is most likely about from now on."""
        self.usual = day

    def set_value(self, value: Any) -> None:
        super().set_value(value.isoformat() if isinstance(value, date) else value)

    def day(self) -> date | None:
        """The day typed; None where there is none."""
        try:
            found: date | None = Field("", "", type=FieldType.DATE).parse(self.text())
        except ValueError:
            return None
        return found

    def open_calendar(self) -> None:
        """Show the calendar beside the field, at its day or the usual one."""
        day = self.day() or self.usual
        self.calendar = Calendar(self, QDate(day.year, day.month, day.day))
        self.calendar.chosen.connect(self._on_day)

    def _on_day(self, day: QDate) -> None:
        self.calendar = None
        self.setText(self._with_day(day.toString("yyyy-MM-dd")))
        self.setFocus()
        self.edited.emit()

    def _with_day(self, day: str) -> str:
        return day

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)


class MomentEditor(DateEditor):
    """A moment in the expo's time zone: the day, a blank, hour and minute."""

    pattern = "yyyy-mm-dd hh:mm"

    def set_value(self, value: Any) -> None:
        is_text = value is None or isinstance(value, str)
        LineEditor.set_value(self, value if is_text else Field("", "", type=FieldType.MOMENT).display(value, self.zone))

    def _with_day(self, day: str) -> str:
        parts = self.text().split()
        return f"{day} {parts[1] if len(parts) > 1 else '09:00'}"


def enum_name(value: Any) -> str | None:
    """The name an enum value is kept by, from the member or the name."""
    return value.name if isinstance(value, Labelled) else value or None


class EnumEditor(ComboBox):
    """A choice from (value, words); — stands for none where none is allowed. One no longer offered stays chosen."""

    edited = Signal()
    left = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], optional: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if optional:
            self.addItem(MISSING, None)
        for value, words in choices:
            self.addItem(words, value)
        self.activated.connect(lambda _index: self.edited.emit())

    def value(self) -> str | None:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        name = enum_name(value)
        if name is not None and self.findData(name) < 0:
            self.addItem(name, name)
        self.setCurrentIndex(max(0, self.findData(name)))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.left.emit()


class WordEditor(ComboBox):
    """A choice from words; — stands for none. `offer` changes them; the one chosen stays, offered or not."""

    edited = Signal()
    left = Signal()

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer(words)
        self.activated.connect(lambda _index: self.edited.emit())

    def offer(self, words: Sequence[str]) -> None:
        """Offer these words."""
        chosen, self.offered = self.value(), list(words)
        self.clear()
        self.addItem(MISSING, None)
        for word in words:
            self.addItem(word, word)
        self.set_value(chosen)

    def value(self) -> str | None:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        word = value or None
        if word is not None and self.findData(word) < 0:
            self.addItem(word, word)
        self.setCurrentIndex(self.findData(word))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.left.emit()


class SegmentEditor(Segmented):
    """A choice from two or three, side by side."""

    edited = Signal()
    left = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(list(choices), parent=parent)
        self.chosen.connect(lambda _key: self.edited.emit())
        self._first = choices[0][0]
        self.setFocusProxy(next(iter(self._buttons.values())))

    def value(self) -> str:
        return str(self.key)

    def set_value(self, value: Any) -> None:
        self.choose(enum_name(value) or self._first)


class BoolEditor(Tick):
    """Yes or no."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("是"), parent)
        self.clicked.connect(lambda _on: self.edited.emit())

    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        self.setChecked(bool(value))


class MaybeEditor(WordEditor):
    """Yes, no, or — where nobody said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((_("是"), _("否")), parent)

    def set_value(self, value: Any) -> None:
        super().set_value((_("是") if value else _("否")) if isinstance(value, bool) else value)


class TagsEditor(LineEditor):
    """Words separated by 、."""

    def set_value(self, value: Any) -> None:
        super().set_value(TAG_SEPARATORS[0].join(value) if isinstance(value, list | tuple) else value)


class TagChips(QWidget):
    """Any of a few offered words, as chips (valid days)."""

    edited = Signal()
    left = Signal()

    def __init__(self, offered: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, theme.Space.S)
        self._chips: dict[str, Chip] = {}
        self.set_offered(offered)

    def set_offered(self, words: Sequence[str]) -> None:
        """Offer these; none is chosen where they are others than before."""
        if list(words) != list(self._chips):
            clear(self._flow)
            self._chips.clear()
            for word in words:
                self._add(word)

    def _add(self, word: str) -> None:
        chip = Chip(word, parent=self)
        chip.clicked.connect(lambda _on: self.edited.emit())
        self._flow.addWidget(chip)
        self._chips[word] = chip
        if len(self._chips) == 1:
            self.setFocusProxy(chip)

    def value(self) -> list[str]:
        return [word for word, chip in self._chips.items() if chip.isChecked()]

    def set_value(self, value: Any) -> None:
        wanted = Field("", "", type=FieldType.TAGS).parse(value) or []
        for word in wanted:
            if word not in self._chips:
                self._add(word)
        for word, chip in self._chips.items():
            chip.setChecked(word in wanted)


class TermChips(TagChips):
    """Any words of a vocabulary, as chips; a record without any says that all are meant, and shows so."""

    def __init__(self, terms: Terms[Term], parent: QWidget | None = None) -> None:
        super().__init__([term.label for term in terms.offered], parent)
        self._terms = terms

    def value(self) -> str:  # type: ignore[override]
        chosen = super().value()
        if len(chosen) == len(self._chips):
            return ""
        return TAG_SEPARATORS[0].join(term.name for term in self._terms if term.label in chosen)

    def set_value(self, value: Any) -> None:
        names = Field("", "", type=FieldType.TAGS).parse(value) or [term.name for term in self._terms.offered]
        super().set_value([term.label for name in names if (term := self._terms.called(name))])


class ChoiceChips(TagChips):
    """Any members of an enum, as chips; its value are their names."""

    def __init__(self, choices: type[Labelled], parent: QWidget | None = None) -> None:
        super().__init__([choice.label for choice in choices], parent)
        self._choices = choices

    def value(self) -> list[str]:
        chosen = super().value()
        return [choice.name for choice in self._choices if choice.label in chosen]

    def set_value(self, value: Any) -> None:
        names = Field("", "", type=FieldType.CHOICES, several=self._choices).parse(value) or []
        super().set_value([self._choices[name].label for name in names])


def make(
    field: Field,
    zone: ZoneInfo | None = None,
    options: Options | None = None,
    several: bool = False,
    offered: Sequence[str] = (),
    terms: Terms[Term] | None = None,
    usual: date | None = None,
) -> Any:
    """The editor for a field. `options` looks records up (for a REF), `offered`: words of TAGS, or to suggest,
    `terms`: words of a vocabulary to choose from; `usual`: the day a date is most likely about.
    """
    if terms is not None and several:
        return TermChips(terms)
    if terms is not None:
        choices = [(term.name, term.label) for term in terms.offered]
        if len(terms) > len(choices):  # a record may have one of those hidden, which a list can take in
            return EnumEditor(choices, _is_optional(field))
        return _chosen_from(choices, _is_optional(field))
    if options is not None:
        return NamesEditor(options) if several and field.type.is_long else PickerLine(options, several)
    if field.suggestions is not None:
        words = (lambda: offered) if offered else field.suggestions
        return WordEditor(field.suggestions()) if field.is_closed else PickerLine(from_words(words))
    if offered and field.type is FieldType.TAGS:
        return TagChips(offered)
    if field.type in DAYS:
        return DAYS[field.type](zone, usual)
    return BY_TYPE.get(field.type, _line)(field, zone)


def _line(field: Field, zone: ZoneInfo | None) -> LineEditor:
    line = LineEditor()
    if field.capitals:
        line.setValidator(Capitals(line))
    return line


def _yes_no(field: Field, zone: ZoneInfo | None) -> BoolEditor | MaybeEditor:
    is_open = field.default is None and not field.required and not field.select
    return MaybeEditor() if is_open else BoolEditor()


def _choice(field: Field, zone: ZoneInfo | None) -> SegmentEditor | EnumEditor:
    return _chosen_from([(choice.name, choice.label) for choice in field.choices or Labelled], _is_optional(field))


def _lines(field: Field, zone: ZoneInfo | None) -> LinesEditor:
    if field.lines is None:
        raise TypeError(f"{field.name} has no lines")
    return LinesEditor(field.lines, lambda cell: _cell(cell, zone), zone)


def _cell(cell: Field, zone: ZoneInfo | None) -> Any:
    """The editor of a cell of a line, where there is no room for choices side by side."""
    if cell.type is FieldType.ENUM:
        return EnumEditor([(choice.name, choice.label) for choice in cell.choices or Labelled], _is_optional(cell))
    return make(cell, zone)


def _is_optional(field: Field) -> bool:
    return not field.required and field.default is None


def _chosen_from(choices: Sequence[tuple[str, str]], optional: bool) -> SegmentEditor | EnumEditor:
    return SegmentEditor(choices) if 0 < len(choices) <= FEW and not optional else EnumEditor(choices, optional)


DAYS = {FieldType.DATE: DateEditor, FieldType.MOMENT: MomentEditor}
BY_TYPE: dict[FieldType, Callable[[Field, ZoneInfo | None], Any]] = {
    FieldType.LONG_TEXT: lambda field, zone: LongTextEditor(),
    FieldType.NUMBER: lambda field, zone: LineEditor(right=True),
    FieldType.MONEY: lambda field, zone: MoneyEditor(field),
    FieldType.YUAN: lambda field, zone: MoneyEditor(field),
    FieldType.THOUSANDS: lambda field, zone: MoneyEditor(field),
    FieldType.BOOL: _yes_no,
    FieldType.ENUM: _choice,
    FieldType.CHOICES: lambda field, zone: ChoiceChips(field.several or Labelled),
    FieldType.TAGS: lambda field, zone: TagsEditor(),
    FieldType.LINES: _lines,
}
"""What a value of a type is entered with; a type that is not here is typed on a line."""


def shown(field: Field, value: Any) -> Any:
    """What an editor of `field` is given for the record's value: formatted text where the field has its own words."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if field.type is FieldType.PHONE and value:
        return field.display(value)
    is_kept = field.type.is_text or isinstance(value, list)  # tags typed before come as one text
    return field.format(value) if is_kept and field.format and value else value
