"""Step 2: which sheets are read, where their header is, which column goes to which field, in what unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QGridLayout, QLayout, QWidget

from expo_app import plain_text
from expo_app.errors import UserError
from expo_app.exchange import mapping_file
from expo_app.i18n import N_, _
from expo_app.specs import Field, FieldType, ImportPlan, PlanRow, RecordSpec
from expo_app.specs.choices import NO_HEADER, Choices, Header, SheetChoice
from expo_app.specs.plan import ColumnSeen, How, SheetSeen
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, Segmented, Tick
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, Pill
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.kit.placeholders import Banner, EmptyState
from expo_app.ui.records import files
from expo_app.ui.records.import_wizard.grid import SheetGrid, heading, pill_of, place, text_of
from expo_app.ui.records.import_wizard.step import SIDE, SideRow, Step
from expo_app.ui.records.import_wizard.work import Work, columns_open, has_clash

SAMPLES, HEADER_ROWS, PLACES = 5, 12, 8
"""Values of a column shown with what becomes of them; rows offered as header; rows named where some are not read."""
MONEY = ("元", "千元", "万元", "百万元", "亿元")
UNITS = 5
"""Columns whose numbers or dates are shown before and after."""
UNIT_FROM = {
    "": N_("哪里都没有写单位，先按{unit}读，核对一下"), "header": N_("表头写“{unit}”"), "above": N_("表上方写“{unit}”"),
    "format": N_("单元格格式写“{unit}”"), "cells": N_("各格自己写了单位"), "given": N_("指定的"),
}  # fmt: skip
STATES = {"ok": N_("能用"), "warn": N_("需留意"), "bad": N_("要改")}


def options_of(spec: RecordSpec) -> list[tuple[tuple[str, ...], str]]:
    """What a column may go to: nothing, a name with its phone, one field."""
    fields = [field for field in spec.writable if field.in_excel]
    names = {field.name: field for field in fields}
    found: list[tuple[tuple[str, ...], str]] = [((), _("不导入"))]
    for phone in (field for field in fields if field.mask == "phone"):
        naming = names.get(phone.name.removesuffix("phone") + "name")
        if naming is not None:
            words = _("{fields}（拆分）").format(fields=f"{naming.title}＋{phone.title}")
            found.append(((naming.name, phone.name), words))
    for start in (field for field in fields if field.until in names):
        found.append(((start.name, start.until), f"{start.title}＋{names[start.until].title}"))
    return [*found, *(((field.name,), field.title) for field in fields)]


class ColumnsStep(Step):
    """Sheets at the left, the first rows of one with a drop-down per column, below what becomes of them."""

    keys = (("Alt+↓", N_("换字段")), ("Alt+←→", N_("换列")), ("Ctrl+PgDn", N_("下一张表")), ("H", N_("表头行")))

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._name = ""
        self._drawn: Any = None
        self._headers: list[Header] = []
        self._are_several = False
        outer = row(self, theme.Space.L)
        outer.addWidget(self._make_side())
        outer.addWidget(Line(vertical=True))
        self._empty = EmptyState("table-line", _("这个文件里没有像名单的表"), _("勾选左边的表，或点上一步换文件。"))
        self._main = self._make_main()
        outer.addWidget(self._main, 1)
        outer.addWidget(self._empty, 1)
        for keys, act in (
            ("Alt+Left", lambda: self.grid.move_to(self.grid.current - 1)),
            ("Alt+Right", lambda: self.grid.move_to(self.grid.current + 1)),
            ("Alt+Down", self._open_box), ("Ctrl+PgUp", partial(self.move_sheet, -1)),
            ("Ctrl+PgDown", partial(self.move_sheet, 1)), ("H", self._open_header),
        ):  # fmt: skip
            self.on_keys(keys, act)

    # --- parts ---

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(SIDE)
        lines = column(side, theme.Space.S)
        head = row()
        head.addWidget(Label(_("工作表"), "section"))
        head.addStretch(1)
        self._counted = Label("", "fact")
        head.addWidget(self._counted)
        lines.addLayout(head)
        inner = QWidget()
        self._sheets = column(inner, 0)
        self._sheets.setAlignment(Qt.AlignmentFlag.AlignTop)
        lines.addWidget(scrolled(inner), 1)
        lines.addWidget(Line())
        self.alike = Tick(_("全部按同一方式读"))
        self.alike.setChecked(True)
        self.remembers = Tick(_("记住这套对应"))
        self.remembers.clicked.connect(lambda on: self._decide(uses_memory=on))
        self._alike_note, self._memory_note = Label("", "fact", wrap=True), Label("", "fact", wrap=True)
        for widget in (self.alike, self._alike_note, self.remembers, self._memory_note):
            lines.addWidget(widget)
        both = row(spacing=0)
        both.addWidget(Button(_("保存对应…"), "link", clicked=self._save_mapping))
        both.addWidget(Button(_("套用对应文件…"), "link", clicked=self._open_mapping))
        both.addStretch(1)
        lines.addLayout(both)
        self._known = column()
        lines.addLayout(self._known)
        return side

    def _make_main(self) -> QWidget:
        main = QWidget()
        lines = column(main, theme.Space.M)
        head = row()
        self._title, self._fact = Label("", "section"), ElidedLabel("", "fact")
        head.addWidget(self._title)
        head.addWidget(self._fact, 1)
        head.addWidget(Label(_("表头在"), "secondary"))
        self.header_box = ComboBox()
        self.header_box.setAccessibleName(_("表头在"))
        self.header_box.activated.connect(lambda at: self._set_header(self._headers[at]))
        head.addWidget(self.header_box)
        self.auto_button = Button(_("恢复自动"), "text", "arrow-go-back-line", clicked=self._go_auto)
        head.addWidget(self.auto_button)
        lines.addLayout(head)
        self.grid = SheetGrid(options_of(self.work.spec))
        self.grid.chosen.connect(self._set_fields)
        self.grid.headed.connect(self._on_headed)
        self.grid.moved.connect(lambda _at: self._show_column())
        frame = Card(padding=0)
        frame.set_padding(1, 1)
        frame.body.addWidget(self.grid)
        lines.addWidget(frame)
        held = QWidget()
        self._cards = cards = row(held, theme.Space.M)
        self._chosen, self._units, self._left = column(), column(), column()
        for layout, stretch in ((self._chosen, 5), (self._units, 4), (self._left, 4)):
            cards.addLayout(layout, stretch)
        lines.addWidget(scrolled(held), 1)
        return main

    # --- the plan ---

    @property
    def sheet(self) -> SheetSeen | None:
        """The sheet shown."""
        plan = self.work.plan
        return next((one for one in plan.sheets if one.name == self._name), None) if plan else None

    def show_plan(self, plan: ImportPlan) -> None:
        names = [sheet.name for sheet in plan.sheets]
        if self._name not in names:
            self._name = next((s.name for s in plan.sheets if s.used), names[0] if names else "")
        used = [sheet for sheet in plan.sheets if sheet.used]
        self._are_several = len(used) > 1
        rows = sum(sheet.rows for sheet in used)
        for widget in (self.alike, self._alike_note):
            widget.setVisible(len(plan.sheets) > 1)
        self._counted.setText(_("选 {n} 张 · {m} 行").format(n=len(used), m=f"{rows:,}"))
        self._show_sheets(plan)
        self.remembers.setChecked(self.work.choices.uses_memory)
        self._memory_note.setText(
            _("下次遇到同样表头自动套用") if self.remembers.isChecked() else _("不用也不留记住的对应")
        )
        self._show_memory(plan)
        self._show_sheet()

    def _show_sheets(self, plan: ImportPlan) -> None:
        usual = set(_usual_headers(plan))
        differing = {s.name: n for s in plan.sheets if s.used and (n := len(usual ^ set(_headers_of(plan, s.name))))}
        state = (tuple(replace(s, preview=()) for s in plan.sheets), tuple(differing.items()))
        if state != self._drawn:
            self._drawn = state
            self._refill(self._sheets, (self._sheet_row(sheet, differing.get(sheet.name, 0)) for sheet in plan.sheets))
        note = (
            _("{names}另有对应").format(names=_("、").join(differing)) if differing else _("一列定了，同名的列都一样")
        )
        self._alike_note.setText(note)
        for at in range(self._sheets.count()):
            item = self._sheets.itemAt(at)
            line = item.widget() if item else None
            if isinstance(line, SideRow):
                line.set_current(line.name == self._name)

    def _sheet_row(self, sheet: SheetSeen, differs: int) -> SideRow:
        kind = "" if not sheet.used else "warn" if differs else "ok"
        figure = _("{n} 行").format(n=f"{sheet.rows:,}") if sheet.rows else "—"
        alike = _("{n} 列不同，另对应").format(n=differs) if differs else _("表头相同") if self._are_several else ""
        line = SideRow(
            sheet.name or _("表格"), figure, sheet.why or (alike if sheet.used else ""), kind, tick=sheet.used
        )
        line.name = sheet.name
        if line.box is not None:
            line.box.setObjectName(f"sheet {sheet.name}")
        line.pressed.connect(partial(self.show_sheet, sheet.name))
        line.ticked.connect(partial(self._use_sheet, sheet.name))
        return line

    def _show_memory(self, plan: ImportPlan) -> None:
        clear(self._known)
        columns, memory = [c for c in plan.columns if c.sheet == self._name and c.index >= 0], plan.remembered
        known = sum(c.how is How.REMEMBERED for c in columns)
        if memory is not None and known:
            said = _("已套用 {day} {who}记住的对应：{n} 列里 {m} 列")
            day = memory.at.astimezone(self.work.zone).strftime("%Y-%m-%d")
            words = said.format(day=day, who=memory.operator, n=len(columns), m=known)
            self._known.addWidget(Banner("info", words, small=True))

    def show_sheet(self, name: str) -> None:
        """Look at another sheet."""
        self._name = name
        if self.work.plan is not None:
            self.show_plan(self.work.plan)

    def move_sheet(self, by: int) -> None:
        """The next sheet, or the one before."""
        names = [sheet.name for sheet in self.work.plan.sheets] if self.work.plan else []
        if self._name in names:
            self.show_sheet(names[min(len(names) - 1, max(0, names.index(self._name) + by))])

    def _show_sheet(self) -> None:
        sheet, columns = self.sheet, self.work.columns_of(self._name)
        has_table = sheet is not None and bool(sheet.preview)
        self._main.setVisible(has_table)
        self._empty.setVisible(not has_table)
        if sheet is None or not has_table:
            return
        self._title.setText(sheet.name or _("表格"))
        columns = columns or _plain_columns(sheet)
        self._fill_headers(sheet)
        chosen = self.work.choices.sheets.get(sheet.name)
        own = {c.key for c in columns} | {f"{c.sheet}\n{c.key}" for c in columns}
        decided = {*self.work.choices.columns, *self.work.choices.units}
        self.auto_button.setEnabled(bool(own & decided) or bool(chosen and chosen.header))
        self.grid.set(sheet, columns, [self.work.titles(c.fields) for c in columns])
        said = _("前 {n} 行 · 点行号改表头").format(n=self.grid.shown)
        self._fact.set_text(_("横着放的表，按列读") if sheet.is_turned else said)
        self._show_cards()

    def _fill_headers(self, sheet: SheetSeen) -> None:
        numbers = [number for number, _cells in sheet.preview[:HEADER_ROWS]]
        offered: list[Header] = [(n, n) for n in numbers] + [(a, b) for a, b in pairwise(numbers)] + [NO_HEADER]
        if sheet.header and sheet.header not in offered:
            offered.insert(0, sheet.header)
        if offered != self._headers:
            self._headers, words = offered, [_header_words(header) for header in offered]
            self.header_box.clear()
            self.header_box.addItems(words)
            widest = max(map(self.header_box.fontMetrics().horizontalAdvance, words), default=0)
            self.header_box.setMinimumWidth(widest + theme.Space.XXXL)
        found = sheet.header or (NO_HEADER if sheet.rows else None)
        self.header_box.setCurrentIndex(offered.index(found) if found else -1)

    def said(self, plan: ImportPlan) -> tuple[str, str]:
        clash = next((c for c in plan.columns if c.clash), None) if has_clash(plan) else None
        if clash is not None:
            return clash.clash, "bad"
        guessed = columns_open(plan)
        return (_("{n} 列没有把握，看一眼再走").format(n=guessed), "warn") if guessed else ("", "")

    def begin(self) -> bool:
        guess = next((n for n, c in enumerate(self.grid.columns) if c.clash or c.how is How.GUESS), None)
        if guess is not None:
            self.grid.move_to(guess)
            self.grid.box_of(guess).setFocus(Qt.FocusReason.OtherFocusReason)
        return guess is not None

    # --- decisions ---

    def _decide(self, **given: Any) -> None:
        self.work.choose(replace(self.work.choices, **given))

    def _key(self, column: ColumnSeen) -> str:
        return column.key if self.alike.isChecked() else f"{column.sheet}\n{column.key}"

    def _set_fields(self, at: int, fields: tuple[str, ...]) -> None:
        self.grid.move_to(at)
        self.work.choose(self.work.choices.with_column(self._key(self.grid.columns[at]), fields))

    def _set_unit(self, column: ColumnSeen, word: str) -> None:
        self._decide(units={**self.work.choices.units, self._key(column): word})

    def _use_sheet(self, name: str, on: bool) -> None:
        before = self.work.choices.sheets.get(name, SheetChoice())
        self._decide(sheets={**self.work.choices.sheets, name: replace(before, used=on)})

    def _set_header(self, header: Header) -> None:
        """For all sheets whose header was in the same place, while all are read alike."""
        plan, shown = self.work.plan, self.sheet
        if plan is None or shown is None:
            return
        meant = [s.name for s in plan.sheets if s is shown or (self.alike.isChecked() and s.header == shown.header)]
        before = self.work.choices.sheets
        changed = {name: replace(before.get(name, SheetChoice()), header=header) for name in meant}
        self._decide(sheets={**before, **changed})

    def _on_headed(self, number: int, extends: bool) -> None:
        sheet = self.sheet
        if extends and sheet is not None and sheet.header:
            first, last = min(sheet.header[0], number), max(sheet.header[0], number)
            self._set_header((first, min(last, first + 2)))
        else:
            self._set_header((number, number))

    def _go_auto(self) -> None:
        choices, columns = self.work.choices, self.work.columns_of(self._name)
        own = {c.key for c in columns} | {f"{c.sheet}\n{c.key}" for c in columns}
        meant = set(choices.sheets) if self.alike.isChecked() else {self._name}
        sheets = {n: replace(one, header=None) if n in meant else one for n, one in choices.sheets.items()}
        self._decide(
            columns={key: fields for key, fields in choices.columns.items() if key not in own},
            units={key: word for key, word in choices.units.items() if key not in own},
            sheets=sheets,
        )

    def _open_box(self) -> None:
        if self.grid.columns:
            box = self.grid.box_of(self.grid.current)
            box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            box.showPopup()

    def _open_header(self) -> None:
        self.header_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header_box.showPopup()

    # --- mapping files ---

    def _save_mapping(self) -> None:
        plan = self.work.plan
        if plan is None:
            return
        name = files.safe_name(_("{name} 对应").format(name=Path(plan.file_name).stem)) + ".json"
        path = files.ask_where(self, self.work.context, _("保存对应"), name, _("对应关系 (*.json)"))
        if path is not None:
            self.write_mapping(path)

    def write_mapping(self, path: Path) -> None:
        """Write what is decided, and what was found, so that it can be handed on."""
        plan = self.work.plan
        if plan is None:
            return
        found = {c.key: c.fields for c in plan.columns if c.fields}
        units = {c.key: c.unit for c in plan.columns if c.unit}
        choices = self.work.choices
        whole = replace(choices, columns={**found, **choices.columns}, units={**units, **choices.units})
        try:
            mapping_file.save(path, self.work.spec.name, whole)
        except UserError as error:
            messages.show(self, error)
            return
        messages.show(self, _("已存到 {name}").format(name=path.name), "ok")

    def _open_mapping(self) -> None:
        folder = str(files.folder_of(self.work.context))
        chosen, _filter = QFileDialog.getOpenFileName(self, _("套用对应文件"), folder, _("对应关系 (*.json)"))
        if chosen:
            self.use_mapping(Path(chosen))

    def use_mapping(self, path: Path) -> None:
        """Decide as a mapping file says; what else was decided stays."""
        try:
            found = mapping_file.load(path, self.work.spec.name)
        except UserError as error:
            messages.show(self, error)
        else:
            self.work.choose(_joined(self.work.choices, found))

    # --- the cards ---

    def _show_cards(self) -> None:
        plan, sheet = self.work.plan, self.sheet
        if plan is None or sheet is None:
            return
        self._show_column()
        self._refill(self._units, [self._units_card(self._rows())])
        self._refill(self._left, [self._left_card(plan)])

    def _rows(self) -> list[PlanRow]:
        """The rows of the sheet shown."""
        return [line for line in self.work.plan.rows if line.sheet == self._name] if self.work.plan else []

    def _show_column(self) -> None:
        chosen = self.grid.current_column
        self._refill(self._chosen, [self._column_card(chosen, self._rows())] if chosen else [])

    def _refill(self, layout: QLayout, widgets: Iterable[QWidget]) -> None:
        """Other widgets in a layout; what had the focus has it again, by its object name."""
        focused = QApplication.focusWidget()
        name = focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""
        clear(layout)
        for widget in widgets:
            layout.addWidget(widget)
            again = widget.findChild(QWidget, name) if name else None
            if again is not None:
                again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _column_card(self, chosen: ColumnSeen, rows: list[PlanRow]) -> Card:
        fields = [self.work.spec.field(name) for name in chosen.fields]
        where = _("{column} 列").format(column=place(chosen)) if chosen.index >= 0 else ""
        card = Card(heading(chosen), " · ".join(filter(None, (where, chosen.why))))
        card.add_head(Pill(*pill_of(chosen)))
        if chosen.clash:
            card.body.addWidget(Label(chosen.clash, "fact", "bad", wrap=True))
        seen = [_Sample(line, chosen, fields, self.work.zone) for line in rows if _raw(line, chosen)]
        table = QGridLayout()
        table.setHorizontalSpacing(theme.Space.M)
        table.setVerticalSpacing(theme.Space.XS)
        for at, words in enumerate((_("文件里"), *(field.title for field in fields), "")):
            table.addWidget(Label(words, "caption.bold"), 0, at)
        for line, sample in enumerate(_picked(seen), 1):
            for at, words in enumerate((sample.raw, *sample.values)):
                table.addWidget(ElidedLabel(words, "fact"), line, at)
                table.setColumnStretch(at, 1 if at else 2)
            if fields:
                pill = Pill(_(STATES[sample.kind]), sample.kind)
                pill.setToolTip(plain_text.shown(sample.why))
                table.addWidget(pill, line, len(fields) + 1)
        card.body.addLayout(table)
        card.body.addStretch(1)
        if len(fields) > 1 or any(len(names) > 1 for names, _words in self._splits(chosen)):
            card.body.addWidget(self._split_choice(chosen))
        counts = [(kind, sum(sample.kind == kind for sample in seen)) for kind in STATES]
        told = _("、").join(
            _("{n} 行{state}").format(n=f"{n:,}", state=_(STATES[kind]).lower()) for kind, n in counts if n
        )
        card.body.addWidget(Label(told if fields else _("这一列不会导入"), "fact", wrap=True))
        return card

    def _splits(self, chosen: ColumnSeen) -> list[tuple[tuple[str, ...], str]]:
        """The ways to read a column that names somebody or holds name and phone."""
        pair = next((o for o in options_of(self.work.spec) if len(o[0]) > 1 and chosen.fields[:1] == o[0][:1]), None)
        if pair is None:
            return []
        whole = _("整列当{field}").format(field=self.work.titles(pair[0][:1]))
        return [(pair[0], _("拆开")), (pair[0][:1], whole), ((), _("不导入"))]

    def _split_choice(self, chosen: ColumnSeen) -> Segmented:
        choice = Segmented(self._splits(chosen), chosen.fields)
        choice.chosen.connect(lambda fields: self._set_fields(self.grid.current, fields))
        return choice

    def _units_card(self, rows: list[PlanRow]) -> Card:
        card = Card(_("数字和日期怎么读"))
        spec = self.work.spec
        read = [(c, spec.field(c.fields[0])) for c in self.grid.columns if len(c.fields) == 1 and not c.clash]
        money = [(c, field) for c, field in read if field.type.units is not None]
        others = [
            (c, field) for c, field in read if field.is_number or field.type in (FieldType.DATE, FieldType.MOMENT)
        ]
        shown = [*money, *(pair for pair in others if pair not in money)][:UNITS]
        for n, (one, field) in enumerate(shown):
            if n:
                card.body.addWidget(Line())
            card.body.addLayout(self._unit_line(one, field, rows))
        self._cards.setStretch(1, 4 if shown else 2)
        if not shown:
            card.body.addWidget(Label(_("这张表里没有数字和日期"), "fact", wrap=True))
        card.body.addStretch(1)
        return card

    def _unit_line(self, one: ColumnSeen, field: Field, rows: list[PlanRow]) -> QLayout:
        lines, top = column(spacing=theme.Space.XS), row(spacing=theme.Space.S)
        has_units, unit = field.type.units is not None, _(field.unit)
        top.addWidget(Label(_("{field}按").format(field=field.title) if has_units else field.title))
        if has_units:
            top.addWidget(self._unit_box(one, field))
            top.addWidget(Label(_("读")))
        line = _largest(rows, field)
        kept = field.display(line.values[field.name], self.work.zone) if line else ""
        top.addWidget(ElidedLabel(f"{_raw(line, one)} → {kept} {unit}".strip() if line else "—", "fact"), 1)
        lines.addLayout(top)
        if has_units:
            said = _(UNIT_FROM[one.unit_from]).format(unit=one.unit or unit)
            lines.addWidget(Label(said, "fact", "" if one.unit_from else "warn", wrap=True))
        return lines

    def _unit_box(self, one: ColumnSeen, field: Field) -> ComboBox:
        box = ComboBox()
        box.setObjectName(f"unit {one.key}")
        box.setAccessibleName(_("{field}的单位").format(field=field.title))
        box.addItems(MONEY)
        box.setCurrentText(one.unit or field.unit)
        box.setProperty("state", "" if one.unit_from else "warn")
        box.activated.connect(lambda at: self._set_unit(one, MONEY[at]))
        return box

    def _left_card(self, plan: ImportPlan) -> Card:
        card = Card(_("哪些行不读"))
        used = [sheet for sheet in plan.sheets if sheet.used]
        choices = self.work.choices
        hidden = [(s.name, n) for s in used for n in s.hidden_rows]
        columns = [(s.name, n) for s in used for n in s.hidden_columns]
        if hidden or columns or choices.keeps_hidden:
            counted = [
                words.format(n=len(found))
                for words, found in ((_("隐藏的 {n} 行"), hidden), (_("隐藏的 {n} 列"), columns))
                if found
            ]
            title = _("、").join(counted) or _("隐藏的行和列")
            self._add_left(card, title, _places(hidden), choices.keeps_hidden, "keeps_hidden")
        reasons: dict[str, list[tuple[str, int]]] = {}
        for sheet in used:
            for number, why in sheet.left_out:
                reasons.setdefault(why, []).append((sheet.name, number))
        for why, places in reasons.items():
            title = _("{why} {n} 行").format(why=why, n=len(places))
            self._add_left(card, title, _places(places), False, "keeps_totals" if why == _("合计") else "")
        if choices.keeps_totals:
            self._add_left(card, _("合计"), "", True, "keeps_totals")
        if not card.body.count():
            card.body.addWidget(Label(_("每一行都读"), "fact"))
        card.body.addStretch(1)
        return card

    def _add_left(self, card: Card, title: str, where: str, kept: bool, name: str) -> None:
        if card.body.count():
            card.body.addWidget(Line())
        line = row()
        line.addWidget(Label(title[:1].upper() + title[1:], wrap=True), 1)
        if name:
            choice = Segmented([(False, _("不导入")), (True, _("导入"))], kept)
            for key in (False, True):
                choice.button(key).setObjectName(f"{name} {key}")
            choice.chosen.connect(lambda on: self._decide(**{name: on}))
            line.addWidget(choice)
        card.body.addLayout(line)
        if where:
            card.body.addWidget(Label(where, "fact", wrap=True))


class _Sample:
    """A value of a column and what becomes of it."""

    def __init__(self, line: PlanRow, chosen: ColumnSeen, fields: list[Field], zone: Any) -> None:
        self.raw = _raw(line, chosen)
        self._line, self._fields, self._zone = line, fields, zone
        keys = (chosen.header, *(field.header for field in fields), *(field.title for field in fields))
        problem = next((line.problems[key] for key in keys if key in line.problems), "")
        self.why = problem or next((line.notes[key] for key in keys if key in line.notes), "")
        self.kind = "bad" if problem else "warn" if self.why else "ok"

    @property
    def values(self) -> list[str]:
        """What each field gets, masked as everywhere."""
        given = self._line.values
        return [field.display(field.masked(given.get(field.name)), self._zone) for field in self._fields]


def _picked(seen: list[_Sample]) -> list[_Sample]:
    """A few of them, of every kind, each text once."""
    once = {sample.raw: sample for sample in reversed(seen)}
    wrong = [sample for sample in once.values() if sample.kind != "ok"][-SAMPLES + 2 :]
    fine = [sample for sample in reversed(once.values()) if sample.kind == "ok"][: SAMPLES - len(wrong)]
    return [*fine, *reversed(wrong)]


def _raw(line: PlanRow, chosen: ColumnSeen) -> str:
    if chosen.index == -1:
        return line.sheet
    return text_of(line.raw[chosen.index]) if 0 <= chosen.index < len(line.raw) else ""


def _largest(rows: list[PlanRow], field: Field) -> PlanRow | None:
    """The row with the largest value of a field that is a number; of any other the first that has one."""
    given = [line for line in rows if line.values.get(field.name) is not None]
    return (
        max(given, key=lambda line: line.values[field.name], default=None)
        if field.is_number
        else next(iter(given), None)
    )


def _places(rows: list[tuple[str, int]]) -> str:
    """江苏 18、19、33 行."""
    of_sheet: dict[str, list[int]] = {}
    for sheet, number in rows[:PLACES]:
        of_sheet.setdefault(sheet, []).append(number)
    said = [_("{sheet} {rows} 行").format(sheet=s, rows=_("、").join(map(str, ns))) for s, ns in of_sheet.items()]
    more = [_("等")] if len(rows) > PLACES else []
    return _("；").join(said) + "".join(more)


def _plain_columns(sheet: SheetSeen) -> list[ColumnSeen]:
    """The columns of a sheet that is not read: only what stands in them."""
    width = max((len(cells) for _number, cells in sheet.preview), default=0)
    return [ColumnSeen(sheet.name, at, "", "") for at in range(width)]


def _header_words(header: Header) -> str:
    if header == NO_HEADER:
        return _("没有表头")
    first, last = header
    if first == last:
        return _("第 {row} 行").format(row=first)
    return _("第 {first}–{last} 行（{n} 行合并）").format(first=first, last=last, n=last - first + 1)


def _headers_of(plan: ImportPlan, name: str) -> tuple[str, ...]:
    return tuple(c.key for c in plan.columns if c.sheet == name and c.index >= 0)


def _usual_headers(plan: ImportPlan) -> tuple[str, ...]:
    """The headers of most of the sheets that are read."""
    found = [_headers_of(plan, sheet.name) for sheet in plan.sheets if sheet.used]
    return max(found, key=found.count, default=())


def _joined(choices: Choices, found: Choices) -> Choices:
    values = {
        name: {**choices.values.get(name, {}), **found.values.get(name, {})}
        for name in {*choices.values, *found.values}
    }
    return replace(
        choices, sheets={**choices.sheets, **found.sheets}, columns={**choices.columns, **found.columns},
        units={**choices.units, **found.units}, values=values, same={**choices.same, **found.same},
    )  # fmt: skip
