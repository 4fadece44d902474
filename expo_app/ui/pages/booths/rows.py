"""成排生成展位: numbers, sizes and places of many booths, drawn in their hall before anything is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import N_, _
from expo_app.rules.natural_order import natural_key
from expo_app.services import floor
from expo_app.specs import Field, FieldType
from expo_app.specs.floor_plan import HATCHED, HallPlan, Look, PlanZone
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField, SpinBox
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.parts.plan_items import draw_look
from expo_app.ui.records.undo_list import Act

MARK = 2  # px, the radius of a booth's corners in the preview
METRE = Field("", "", type=FieldType.NUMBER, places=2, required=True)
FINE = Look("", "primary.soft", "primary")
WRONG = Look("", "bad.soft", "bad", HATCHED)


def rows_act(context: Context, rows: floor.Rows, made: floor.Made) -> Act:
    """What the generator did, as one step of undo."""
    db, expo_id, done = context.db, context.expo_id, [made]
    words = _("已生成 {n} 个展位").format(n=len(made.booth_ids))
    if made.passed:
        words = _("{done}，{passed}").format(done=words, passed=passed_over(made.passed))

    def again() -> None:
        if expo_id is not None:
            done[0] = floor.generate(db, expo_id, rows)

    return Act(words, lambda: floor.take_back(db, done[0]), again)


def passed_over(numbers: Sequence[str]) -> str:
    """That these exist and were left as they are; the first three are named."""
    shown = _("、").join(numbers[:3]) + ("…" if len(numbers) > 3 else "")
    return _("跳过已有的 {n} 个：{numbers}").format(n=len(numbers), numbers=shown)


class Preview(QWidget):
    """A hall with what stands in it, and the booths that would be made; those in the way of something are hatched."""

    def __init__(self) -> None:
        super().__init__()
        self.hall: HallPlan | None = None
        self.made: Sequence[dict[str, Any]] = ()
        self.wrong: frozenset[str] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.Width.RAIL)
        self.setAccessibleName(_("预览"))

    def sizeHint(self) -> QSize:
        return QSize(theme.Width.SEARCH, theme.Width.RAIL + theme.Space.XXL)

    def show_rows(self, hall: HallPlan | None, made: Sequence[dict[str, Any]], wrong: frozenset[str]) -> None:
        """Draw `made` in `hall`."""
        self.hall, self.made, self.wrong = hall, made, wrong
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hall is None:
            return
        hall, painter = self.hall, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max([hall.width, *(b["x"] + b["width"] for b in self.made)])
        depth = max([hall.depth, *(b["y"] + b["depth"] for b in self.made)])
        scale = min((self.width() - 2) / width, (self.height() - 2) / depth)
        left = (self.width() - width * scale) / 2

        def at(x: float, y: float, width: float, depth: float) -> QRectF:
            return QRectF(left + x * scale, 1 + y * scale, width * scale, depth * scale)

        painter.setPen(QPen(theme.color("border.strong"), 1))
        painter.setBrush(theme.color("bg.surface"))
        painter.drawRect(at(0, 0, hall.width, hall.depth))
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("bg.subtle"))
        there = [(f.x, f.y, f.width, f.depth) for f in hall.features]
        for place in there + [(b.x, b.y, b.width, b.depth) for b in hall.booths]:
            painter.drawRect(at(*place))
        self._titles(painter, hall, at(0, 0, hall.width, hall.depth), scale)
        for booth in self.made:
            look = WRONG if booth["number"] in self.wrong else FINE
            draw_look(painter, at(booth["x"], booth["y"], booth["width"], booth["depth"]), look, MARK)

    def _titles(self, painter: QPainter, hall: HallPlan, walls: QRectF, scale: float) -> None:
        painter.setFont(theme.font("mark"))
        painter.setPen(theme.color("text.2"))
        drawn = {booth.zone_id for booth in hall.booths}
        for zone in hall.zones:
            if zone.id in drawn:
                place = walls.translated(zone.x * scale, zone.y * scale)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), zone.code)


class RowsDialog(Dialog):
    """Closes with (floor.Rows, floor.Made). What would be made is said and drawn before, and which numbers exist and
    are passed over; what is in the way is warned of, and the button then says that it is done all the same."""

    COUNTS = (("count", N_("个数"), 1, 500), ("per_row", N_("每排"), 1, 100))
    METRES = (
        ("x", N_("左")), ("y", N_("上")), ("width", N_("展位宽")), ("depth", N_("展位深")), ("aisle", N_("走道宽")),
    )  # fmt: skip

    def __init__(self, parent: QWidget, context: Context) -> None:
        super().__init__(parent, _("成排生成展位"), theme.Width.DIALOG)
        self.context = context
        plan = floor.plan(context.db, context.expo_id) if context.expo_id is not None else floor.Plan((), ())
        self._zones: list[tuple[HallPlan, PlanZone]] = sorted(
            ((hall, zone) for hall in plan.halls for zone in hall.zones), key=lambda pair: natural_key(pair[1].code)
        )
        self._taken = [booth.number for hall in plan.halls for booth in (*hall.booths, *hall.lost)]
        self._make_fields()
        self.said = Label("", "secondary", wrap=True)
        self.body.addWidget(self.said)
        self.warnings = column(spacing=theme.Space.XS)
        self.body.addLayout(self.warnings)
        self.preview = Preview()
        self.body.addWidget(self.preview, 1)
        self.show_submit_keys()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.make = Button(_("生成"), "primary", "check-line", clicked=self.submit)
        self.add_action(self.make)
        self.zone.currentIndexChanged.connect(self._suggest)
        self._suggest()

    def _make_fields(self) -> None:
        self.zone = ComboBox()
        for _hall, zone in self._zones:
            self.zone.addItem(f"{zone.code} · {zone.name}", zone.id)
        self.body.addWidget(FormField(_("展区"), self.zone, required=True))
        self._fields: dict[str, SpinBox | LineEditor] = {}
        self._boxes: dict[str, FormField] = {}
        self._usual: dict[str, Any] = {f.name: f.default for f in fields(floor.Rows)} | {"first": ""}
        line = row(spacing=theme.Space.L)
        first = LineEditor()
        self._add(line, "first", N_("起始号"), first)
        first.textEdited.connect(self._say)
        for name, label, least, most in self.COUNTS:
            box = SpinBox(least, most)
            self._add(line, name, label, box)
            box.valueChanged.connect(self._say)
        self.body.addLayout(line)
        line = row(spacing=theme.Space.L)
        for name, label in self.METRES:
            edit = LineEditor()
            self._add(line, name, label, edit, "m")
            edit.textEdited.connect(self._say)
        self.body.addLayout(line)

    def _add(self, line: Any, name: str, label: str, field: SpinBox | LineEditor, unit: str = "") -> None:
        self._fields[name] = field
        _put(field, self._usual[name])
        self._boxes[name] = FormField(_(label), field, unit=unit)
        line.addWidget(self._boxes[name], 1)

    @property
    def chosen(self) -> tuple[HallPlan, PlanZone] | None:
        """The zone chosen and its hall."""
        return self._zones[self.zone.currentIndex()] if self._zones else None

    def _suggest(self) -> None:
        """Where the next rows of the zone would begin; counts and sizes stay as they are."""
        if self.chosen is not None:
            rows = floor.suggested(*self.chosen)
            for name in ("first", "x", "y"):
                self._fields[name].blockSignals(True)
                _put(self._fields[name], getattr(rows, name))
                self._fields[name].blockSignals(False)
        self._say()

    def rows(self) -> floor.Rows:
        """What the fields say; InvalidRecord where a length is no number."""
        values: dict[str, Any] = {}
        problems = {}
        for name, field in self._fields.items():
            try:
                values[name] = _got(name, field)
            except ValueError as problem:
                problems[name] = str(problem)
        if problems:
            raise InvalidRecord(problems)
        return floor.Rows(self.zone.currentData(), **values)

    def _say(self) -> None:
        """What would be made and what is in its way, or why nothing can be."""
        made: list[dict[str, Any]] = []
        problems: Mapping[str, str] = {}
        words = _("还没有展区，先到“展区”里新增。")
        if self.chosen is not None:
            try:
                made, passed = floor.generated(self.rows(), self._taken)
                words = _("将生成 {n} 个展位：{first} 至 {last}。").format(
                    n=len(made), first=made[0]["number"], last=made[-1]["number"]
                )
                words += _("{passed}。").format(passed=passed_over(passed)) if passed else ""
            except InvalidRecord as refused:
                words, problems = "", refused.problems
        for name, box in self._boxes.items():
            box.set_problem(problems[name]) if name in problems else box.clear_problem()
        hall, zone = self.chosen or (None, None)
        found = floor.troubles(made, hall, zone.id) if made and hall and zone else []
        clear(self.warnings)
        for trouble in found:
            self.warnings.addWidget(Banner("warn", trouble.words, small=True))
        wrong = frozenset[str]().union(*(trouble.numbers for trouble in found))
        self.preview.show_rows(hall, made, wrong)
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.make.set_text(_("照样生成") if found else _("生成"))
        self.make.setEnabled(bool(made) and not problems)

    def submit(self) -> None:
        """Make them; a number that somebody took meanwhile is passed over as well, and said."""
        if self.context.expo_id is None:
            return
        try:
            rows = self.rows()
            made = floor.generate(self.context.db, self.context.expo_id, rows)
        except UserError as error:
            clear(self.warnings)
            self.warnings.addWidget(Banner("bad", str(error), small=True))
            return
        self.close_with((rows, made))


def _got(name: str, field: SpinBox | LineEditor) -> Any:
    """What a field holds: a count, a number to begin with, a length; ValueError with a sentence."""
    if isinstance(field, SpinBox):
        return field.value()
    return field.text() if name == "first" else float(METRE.parse(field.text()))


def _put(field: SpinBox | LineEditor, value: Any) -> None:
    if isinstance(field, SpinBox):
        field.setValue(int(value))
    else:
        field.set_value(value if isinstance(value, str) else f"{value:g}")
