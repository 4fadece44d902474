"""A form made from a spec: sections by `Field.group`, two or three columns, label above, problem below.

A field is checked when the focus leaves it after an edit, all are checked on submit, the first problem gets the focus.
Only `changes()` of an existing record are to be saved: masked phones stay as they are unless typed anew.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QGridLayout, QScrollArea, QSizePolicy, QWidget

from expo_app.i18n import _, language
from expo_app.rules import amounts
from expo_app.rules.form_rows import UNITS, place
from expo_app.rules.regions import at_home_in
from expo_app.rules.terms import Term, Terms, Usual
from expo_app.specs import Field, RecordSpec
from expo_app.specs.records import by_name
from expo_app.ui.kit import theme
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Line, SectionTitle
from expo_app.ui.kit.panels import column
from expo_app.ui.kit.picker import PickerLine
from expo_app.ui.records import editors
from expo_app.ui.records.lines_editor import LinesEditor
from expo_app.ui.records.names_editor import NamesEditor

THIRD, QUARTER = UNITS // 3, UNITS // 4
LookUp = Callable[[str, str], Sequence[tuple[Any, str]]]


def span(field: Field, editor: QWidget) -> int:
    """How many of the twelve units a field takes: all, two thirds, half, a third, or a quarter (metres)."""
    if isinstance(editor, NamesEditor | LinesEditor):
        return UNITS
    if field.type.is_long:
        return UNITS // 2
    if field.width >= 30:
        return UNITS if field.type.is_text else 2 * THIRD
    if field.unit == "m":
        return QUARTER
    if isinstance(editor, editors.SegmentEditor) and editor.sizeHint().width() > theme.Width.PANEL_NARROW:
        return 2 * THIRD
    wide = isinstance(editor, editors.SegmentEditor | editors.TagChips) or field.width >= 20
    return UNITS // 2 if wide else THIRD


def in_order(fields: Sequence[Field]) -> list[Field]:
    """Fields of a section as a form shows them: full lines first, long texts last."""
    return sorted(fields, key=lambda f: 2 if f.type.is_long else 0 if _is_full_line(f) else 1)


def _is_wide(field: Field) -> bool:
    return field.type.is_long or (field.is_words and field.width >= 20)


def _is_full_line(field: Field) -> bool:
    return field.type.is_text and not field.type.is_long and field.width >= 30


class Form(QWidget):
    """Fields of one record.

    `look_up(spec name, text)` → (id, name) pairs serves references; `several` names text fields that hold names of
    a spec joined by 、 ({"sellers": "organisations"}); `offers` gives the words of a TAGS field or those to suggest,
    `terms` those of a vocabulary; `usual` is the day its dates are most likely about. Of several places of one name
    that at `homes` (code prefixes) is meant. `judge(values)` says what is wrong with values beside each other, by
    field; a dialog that knows more than the spec sets another. `spans`: units of twelve that fields take, which then
    stand in the order given, lines closer: all of it is to be seen at once.
    `picked(field, id)` tells that an existing record was chosen. `narrow`: it stands in a panel, two to a line at most.
    """

    edited = Signal(str)
    picked = Signal(str, object)

    def __init__(
        self,
        spec: RecordSpec,
        *,
        zone: ZoneInfo | None = None,
        look_up: LookUp | None = None,
        fields: Sequence[Field] | None = None,
        several: Mapping[str, str] | None = None,
        offers: Mapping[str, Sequence[str]] | None = None,
        terms: Callable[[str], Terms[Term]] | None = None,
        homes: Sequence[str] = (),
        usual: date | None = None,
        narrow: bool = False,
        spans: Mapping[str, int] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.spec, self.zone, self._usual = spec, zone, usual
        self._homes, self._is_narrow = tuple(homes), narrow
        self._look_up, self._several, self._offers = look_up, several or {}, offers or {}
        self._terms, self._spans = terms, spans or {}
        chosen = fields if fields is not None else [f for f in spec.writable if f.in_form]
        self.fields: tuple[Field, ...] = tuple(chosen)
        self._boxes: dict[str, FormField] = {}
        self._edited: set[str] = set()
        self.judge: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda values: spec.contradicted(values, None)
        self._left_out: frozenset[str] = frozenset()
        self._sections: list[tuple[list[QWidget], QGridLayout, list[Field]]] = []
        self._gap = theme.Space.S if spans else theme.Space.M
        self._lines = column(self, self._gap)
        for field in self.fields:
            self._make(field)
        self._arrange()
        self.set_values({})

    # --- making ---

    def source_of(self, field: Field) -> str:
        """The spec whose records a field names: a reference, the name of a parent, or a list of names; else ""."""
        if field.name in self._several:
            return self._several[field.name]
        if field.ref:
            return field.ref
        parent, _dot, attribute = field.name.partition(".")
        link = (self.spec.parents or {}).get(parent)
        return link.spec if link and attribute == by_name(link.spec).natural else ""

    def _make(self, field: Field) -> None:
        source, options, terms = self.source_of(field), None, None
        if source and by_name(source).is_offered and self._terms is not None:
            terms = self._terms(source)
        elif source and self._look_up is not None:
            options = partial(self._look_up, source)
        several = field.name in self._several or bool(field.ref and field.select)  # a computed one
        editor = editors.make(field, self.zone, options, several, self._offers.get(field.name, ()), terms, self._usual)
        box = FormField(field.title, editor, _(field.hint), bool(field.required), _(field.unit))
        policy = box.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        box.setSizePolicy(policy)
        box.setMinimumWidth(1)  # the columns alone say how wide: they line up
        editor.edited.connect(partial(self._on_edited, field))
        editor.left.connect(partial(self._on_left, field))
        if isinstance(editor, PickerLine):
            editor.picked.connect(partial(self._on_picked, field))
        self._boxes[field.name] = box

    def _arrange(self) -> None:
        groups: dict[str, list[Field]] = {}
        for field in self.fields:
            groups.setdefault(field.group, []).append(field)
        needed_first = sorted(groups.items(), key=lambda pair: not any(field.required for field in pair[1]))
        for number, (group, fields) in enumerate(needed_first):
            heads: list[QWidget] = [Line()] if number else []
            heads += [SectionTitle(_(group))] if group else []
            for head in heads:
                self._lines.addWidget(head)
            grid = QGridLayout()
            grid.setHorizontalSpacing(theme.Space.L)
            grid.setVerticalSpacing(self._gap)
            for unit in range(UNITS):
                grid.setColumnStretch(unit, 1)
                grid.setColumnMinimumWidth(unit, 0)
            self._lines.addLayout(grid)
            self._sections.append((heads, grid, fields if self._spans else in_order(fields)))
        self._place_fields()

    def _place_fields(self) -> None:
        for heads, grid, fields in self._sections:
            for field in fields:
                grid.removeWidget(self._boxes[field.name])
            shown = [field for field in fields if self.is_shown(field.name)]
            boxes = [self._boxes[field.name] for field in shown]
            spans = [
                self._spans.get(field.name) or span(field, box.editor) for field, box in zip(shown, boxes, strict=True)
            ]
            if self._is_narrow:
                spans = [UNITS if wide >= UNITS // 2 else UNITS // 2 for wide in spans]
            places = place(spans, [field.is_words for field in shown])
            if shown and _is_wide(shown[-1]):  # no hole beside the last one
                line, unit, _width = places[-1]
                places[-1] = line, unit, UNITS - unit
            for box, (line, unit, width) in zip(boxes, places, strict=True):
                grid.addWidget(box, line, unit, 1, width, Qt.AlignmentFlag.AlignTop)
            for field in fields:
                self._boxes[field.name].setVisible(field in shown)
            for head in heads:
                head.setVisible(bool(shown))

    def leave_out(self, names: Collection[str]) -> None:
        """Fields that do not apply: neither shown, checked nor saved; what was typed comes back with them."""
        if self._left_out != frozenset(names):
            self._left_out = frozenset(names)
            self._place_fields()

    def is_shown(self, name: str) -> bool:
        """Whether a field applies."""
        return name not in self._left_out

    # --- values ---

    def box(self, name: str) -> FormField:
        """Label, editor and words below of a field."""
        return self._boxes[name]

    def editor(self, name: str) -> Any:
        """The editor of a field."""
        return self._boxes[name].editor

    def values(self) -> dict[str, Any]:
        """What every editor holds, as `RecordSpec.clean` takes it; a masked phone says nothing and is left out."""
        shown = [field for field in self.fields if self.is_shown(field.name)]
        held: dict[str, Any] = {field.name: self.editor(field.name).value() for field in shown}
        return {field.name: held[field.name] for field in shown if not field.is_masked(held[field.name])}

    def read(self, name: str) -> Any:
        """What a field holds, parsed; None while it cannot be."""
        with suppress(ValueError):
            return self._parse(self.spec.field(name), self.editor(name).value())
        return None

    def _parse(self, field: Field, value: Any) -> Any:
        with at_home_in(self._homes):
            return field.parse(value, self.zone)

    def changes(self) -> dict[str, Any]:
        """What the person edited."""
        return {name: value for name, value in self.values().items() if name in self._edited}

    def first_missing(self) -> str:
        """The first field, as the form shows them, that must be filled in and is empty; "" when there is none."""
        ordered = (field for _heads, _grid, fields in self._sections for field in fields)
        empty = (f for f in ordered if f.required and self.is_shown(f.name) and not self.editor(f.name).value())
        return next((field.name for field in empty), "")

    def set_values(self, values: Mapping[str, Any], only: Sequence[str] | None = None) -> None:
        """Show a record's values (missing ones: the field's default), as not edited; `only` these fields."""
        for field in self.fields:
            if only is not None and field.name not in only:
                continue
            value = values[field.name] if field.name in values else self._default(field)
            self.editor(field.name).set_value(editors.shown(field, value))
            self._edited.discard(field.name)
            self._boxes[field.name].clear_problem()
            self._say_amount(field)

    def _default(self, field: Field) -> Any:
        if not isinstance(field.default, Usual):
            return field.default
        term = field.default.of(self._terms(field.ref)) if self._terms is not None else None
        return term.name if term else None

    def take(self, kept: Mapping[str, Any]) -> None:
        """Fill in what a form kept for later, also under former names of fields, and words by their key."""
        values = dict(kept)
        for field in self.fields:
            for name in field.was:
                if name in values and field.name not in values:
                    values[field.name] = self._named(field, values[name])
        self.fill(values)

    def _named(self, field: Field, value: Any) -> Any:
        if not field.ref:
            return value
        term = self._terms(field.ref).keyed(str(value).lower()) if self._terms is not None else None
        return term.name if term else self._default(field)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Put words in as if the person had typed them (a draft, a picked record)."""
        for field in self.fields:
            if field.name in values:
                self.editor(field.name).set_value(editors.shown(field, values[field.name]))
                self._on_edited(field)

    @property
    def is_dirty(self) -> bool:
        """Whether the person edited anything."""
        return bool(self._edited)

    def set_read_only(self, read_only: bool) -> None:
        """Show, but do not let edit."""
        for box in self._boxes.values():
            if hasattr(box.editor, "setReadOnly"):
                box.editor.setReadOnly(read_only)
            else:
                box.editor.setEnabled(not read_only)

    # --- what is wrong ---

    def check(self, name: str) -> bool:
        """Check one field and say what is wrong with it; a name that may not be made must be one of the list."""
        field, box = self.spec.field(name), self._boxes[name]
        value = self.editor(name).value()
        try:
            if not field.is_masked(value) or name in self._edited:
                self._parse(field, value)
        except ValueError as problem:
            box.set_problem(str(problem))
            return False
        box.clear_problem()
        return not (field.ref and not field.creates and name in self._edited) or self._check_name(field)

    def check_all(self, edited_only: bool = False) -> bool:
        """Check every field (or those edited) and put the focus on the first problem."""
        names = [f.name for f in self.fields if self.is_shown(f.name) and (not edited_only or f.name in self._edited)]
        wrong = [name for name in names if not self.check(name)]
        wrong += self._check_together(wrong)
        if wrong:
            self.focus(next(f.name for f in self.fields if f.name in wrong))
        return not wrong

    def _check_together(self, wrong: Sequence[str]) -> list[str]:
        """Say what is right by itself and wrong beside the others; the names of those fields."""
        values = {}
        for field in self.fields:
            with suppress(ValueError):  # said beside the field already
                values[field.name] = self._parse(field, self.editor(field.name).value())
        problems = self.judge(values)
        found = [f.name for f in self.fields if f.name in problems and f.name not in wrong and self.is_shown(f.name)]
        for name in found:
            self._boxes[name].set_problem(problems[name])
        return found

    def clear_problems(self) -> None:
        """Say nothing of what was wrong."""
        for box in self._boxes.values():
            box.clear_problem()

    def show_problems(self, problems: Mapping[str, str]) -> dict[str, str]:
        """Say what a service refused beside its fields; what has no field here comes back."""
        own = [field.name for field in self.fields if field.name in problems and self.is_shown(field.name)]
        for name in own:
            self._boxes[name].set_problem(problems[name])
        if own:
            self.focus(own[0])
        return {name: text for name, text in problems.items() if name not in own}

    def focus(self, name: str) -> None:
        """Put the focus into a field and bring it into view."""
        editor = self.editor(name)
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self._boxes[name])

    # --- what happens in the fields ---

    def _on_edited(self, field: Field) -> None:
        self._edited.add(field.name)
        if self._boxes[field.name].problem:
            self.check(field.name)
        self._say_amount(field)
        self.edited.emit(field.name)

    def _on_left(self, field: Field) -> None:
        """A press on a button checks everything itself; words appearing here would move it from under the pointer."""
        is_pressing = QApplication.mouseButtons() and isinstance(QApplication.focusWidget(), QAbstractButton)
        if field.name not in self._edited or is_pressing:
            return
        if self.check(field.name):
            self._check_name(field)

    def _check_name(self, field: Field) -> bool:
        """A name nobody knows: say that it would be made, or that it is missing, which is wrong."""
        editor, source = self.editor(field.name), self.source_of(field)
        if not isinstance(editor, PickerLine | NamesEditor) or not source:
            return True
        try:
            if editor.is_known() or (isinstance(editor, PickerLine) and _is_meant(field, editor)):
                return True
        except ValueError as problem:  # a range that says too little
            self._boxes[field.name].set_problem(str(problem))
            return False
        what = by_name(source).label
        if field.ref and not field.creates:
            self._boxes[field.name].set_problem(_("没有这个{what}，从列表中选一个。").format(what=what))
            return False
        self._boxes[field.name].set_problem(_("没有这个{what}，保存时新建。").format(what=what), "warn")
        return True

    def _on_picked(self, field: Field, record_id: Any, _name: str) -> None:
        self._boxes[field.name].clear_problem()
        if record_id is not None:
            self.picked.emit(field.name, record_id)

    def _say_amount(self, field: Field) -> None:
        """Capitals under an amount (in English the short form), as a cheque has them."""
        editor = self.editor(field.name)
        if not isinstance(editor, editors.MoneyEditor):
            return
        amount = editor.yuan()
        said = amounts.capitals(amount) if language() == "zh_CN" else amounts.in_words(amount)
        self._boxes[field.name].set_hint(said if amount is not None else _(field.hint))


def follow_start(form: Form, name: str) -> None:
    """The calendar for the end of something opens at the day on which it starts, as soon as that is entered."""
    if name == "starts_on" and (day := form.read(name)):
        form.editor("ends_on").set_usual(day)


def _is_meant(field: Field, editor: PickerLine) -> bool:
    """Whether what was typed names known records in other spellings (a901, A1-01~A1-04)."""
    return field.split is not None and field.alike is not None and editor.is_known(field.split, field.alike)
