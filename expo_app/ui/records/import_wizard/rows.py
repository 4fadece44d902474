"""Step 4: what each row would do; ticks, reasons, cells corrected in place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt

from expo_app.i18n import N_, _
from expo_app.rules.natural_order import natural_key
from expo_app.specs import Field, ImportPlan, Outcome, PlanRow, RecordSpec
from expo_app.specs.choices import Cell
from expo_app.specs.fields import Unsaid
from expo_app.specs.records import by_name
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import ChipRow, Tick
from expo_app.ui.kit.fields import ComboBox, SearchField
from expo_app.ui.kit.labels import KeyCap, Label, pill_width
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.kit.table import Column
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.records import list_columns, state_colours
from expo_app.ui.records.import_wizard.columns import options_of
from expo_app.ui.records.import_wizard.grid import text_of
from expo_app.ui.records.import_wizard.plan_table import Place, PlanTable, Remark, Written
from expo_app.ui.records.import_wizard.step import Step
from expo_app.ui.records.import_wizard.work import Work

WORDS = {Outcome.NEW: N_("新增"), Outcome.CHANGED: N_("更新"), Outcome.SAME: N_("相同"), Outcome.INVALID: N_("有问题")}
ORDER = (Outcome.INVALID, Outcome.CHANGED, Outcome.NEW, Outcome.SAME)
NOTED = "noted"
"""需留意, which overlaps with the outcomes."""
FEW = 2000
"""Rows up to which the columns are measured again after every decision."""
NAMING, ALSO = 4, 3
"""Fields by which a row is known, and at most so many more that something is wrong with."""
KEYS = (
    ("↑↓", N_("换行")),
    ("Space", N_("勾选")),
    ("F2", N_("改这一格")),
    ("N", N_("下一个问题")),
    ("U", N_("改已填的")),
)


def naming_fields(spec: RecordSpec, read: Collection[str]) -> list[Field]:
    """The fields by which a person knows a row: bold and key ones first, of those `read`; then name and phone."""
    keys = [name for alternative in spec.key for name in alternative]
    writable = [f for f in spec.writable if f.in_excel]

    def rank(f: Field) -> tuple[bool, ...]:
        is_bold = f.show == "bold" and not f.is_number
        return (not is_bold, f.name not in read, f.name not in keys, not f.required, not (f.show or f.is_number))

    ranked = sorted(writable, key=rank)
    pair = next((names for names, _words in options_of(spec) if len(names) > 1), ())
    named = ranked[:NAMING]
    return [
        *(f for f in named if f.name not in pair or f is named[0]),
        *(spec.field(n) for n in pair if n != named[0].name),
    ]


class _Row(Sequence[Any]):
    """A row of the table, its cells worked out when they are asked for: of ten thousand few are seen."""

    __slots__ = ("line", "step")

    def __init__(self, step: RowsStep, line: PlanRow) -> None:
        self.step, self.line = step, line

    def __len__(self) -> int:
        return self.step.places

    def __getitem__(self, at: Any) -> Any:
        return self.step.cell(self.line, at if at >= 0 else at + self.step.places)


class RowsStep(Step):
    """Chips, search and sheet above; the rows; what is shown and the keys below."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._fields: list[Field] = []
        self._places: dict[tuple[str, str], int] = {}
        self._order: dict[Place, int] = {}
        self._kept: frozenset[Place] | None = None
        self._by_place: dict[Place, PlanRow] = {}
        self._quiet = self._is_fitted = False
        self._moves: Callable[[], object] | None = None
        self.table: PlanTable | None = None
        self._lines = lines = column(self, theme.Space.M)
        top = row()
        self._summary = Label("", "secondary", wrap=True)
        top.addWidget(self._summary, 1)
        self.update_all = Tick("")
        self.update_all.clicked.connect(self._update_all)
        top.addWidget(self.update_all)
        lines.addLayout(top)
        self._notes = column(spacing=theme.Space.XS)
        lines.addLayout(self._notes)
        bar = row()
        self.search = SearchField(_("单位、联系人、行号"))
        self.search.setFixedWidth(self.search.fitting_width(theme.Width.RAIL))
        self.search.searched.connect(lambda _text: self._filter())
        self.outcomes = ChipRow()
        self.outcomes.chosen.connect(lambda _key: self._filter())
        self.sheets = ComboBox()
        self.sheets.setAccessibleName(_("工作表"))
        self.sheets.activated.connect(lambda _at: self._filter())
        bar.addWidget(self.search)
        bar.addWidget(self.outcomes, 1)
        bar.addWidget(self.sheets)
        lines.addLayout(bar)
        self._body = column()
        lines.addLayout(self._body, 1)
        foot = row()
        self._shown = Label("", "fact")
        foot.addWidget(self._shown)
        foot.addStretch(1)
        for keys, words in KEYS:
            foot.addWidget(KeyCap(keys))
            foot.addWidget(Label(_(words), "fact"))
        lines.addLayout(foot)
        self.on_keys("Ctrl+F", lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason))

    @property
    def model(self) -> Any:
        """The rows of the table."""
        return self.view.model_

    @property
    def view(self) -> PlanTable:
        """The table; RuntimeError before there is a plan."""
        if self.table is None:
            raise RuntimeError("no plan yet")
        return self.table

    # --- columns ---

    def _make_table(self, plan: ImportPlan) -> None:
        """The naming fields, and those that something is wrong with: as long as the columns go to the same fields."""
        wrong = dict.fromkeys(name for line in plan.rows if line.problems for name in self._wrong_fields(line))
        named = naming_fields(self.work.spec, {name for _sheet, name in self._places})
        also = [self.work.spec.field(name) for name in wrong if name not in {f.name for f in named}][:ALSO]
        fields = [named[0], *(f for f in self.work.spec.writable if f in also or (f in named and f is not named[0]))]
        if self.table is not None and {f.name for f in fields} <= {f.name for f in self._fields}:
            return
        self._fields = fields
        if self.table is not None:
            clear(self._body)
        self._is_fitted = False
        self.table = table = PlanTable(self._columns(plan))
        table.setMinimumHeight(theme.Height.ROW * 6)
        table.corrected.connect(self._correct)
        table.wanted.connect(self._edit)
        table.turned.connect(self._turn)
        table.model_.checked_changed.connect(lambda _n: self._on_ticks())
        card = TableCard(table)
        self._body.addWidget(card, 1)
        card.show()  # at once: it is to take the focus

    def _columns(self, plan: ImportPlan) -> list[Column]:
        several = len({line.sheet for line in plan.rows}) > 1
        wide = max(pill_width(_(words)) for words in WORDS.values()) + 2 * theme.Space.M
        outcome = Column(
            "outcome", _("结果"), wide, "pill", lambda value: _(WORDS[value]), tone=state_colours.pill,
            key=ORDER.index,
        )  # fmt: skip
        where = Column(
            "row", _("行"), 84, "text" if several else "number", _place_words if several else _number_words, "caption"
        )
        found = [self._column(field, at == 0) for at, field in enumerate(self._fields)]
        return [where, outcome, *found, Column("will", _("会怎样"), 220, role="caption", stretch=not found)]

    def _column(self, field: Field, is_first: bool) -> Column:
        terms = partial(self.work.context.terms, field.ref) if field.ref and by_name(field.ref).is_offered else None
        made = list_columns.column_of(field, self._words, lambda _f, v: state_colours.pill(v), is_first, terms)
        tone = (
            (lambda value: "bad" if isinstance(value, Written) else "")
            if made.kind in ("text", "number")
            else made.tone
        )
        return replace(made, tone=tone, key=lambda value: natural_key(str(value)), role="body")

    def _words(self, field: Field, value: Any) -> str:
        return str(value) if isinstance(value, Written) else field.display(value, self.work.zone)

    # --- the plan ---

    def show_plan(self, plan: ImportPlan) -> None:
        self._by_place = {line.place: line for line in plan.rows}
        self._places = _places_of(plan, self.work.spec)
        self._make_table(plan)
        if set(self._order) != set(self._by_place):
            self._sort(plan)
        table, model = self.view, self.view.model_
        self._quiet = True
        table.remarks = {line.place: found for line in plan.rows if (found := self._remarks(line))}
        table.mended = {
            ((sheet, number), name): self._file_text(self._by_place[sheet, number], name)
            for sheet, number, name in self.work.choices.cells
            if (sheet, number) in self._by_place
        }
        model.allowed = frozenset(line.place for line in plan.rows if line.goes_in)
        model.check_quietly(line.place for line in plan.to_write)
        rows = [_Row(self, line) for line in sorted(plan.rows, key=lambda line: self._order.get(line.place, 0))]
        kept = self._kept
        model.replace_rows(rows, None if kept is None else [row_ for row_ in rows if row_.line.place in kept])
        if len(rows) <= FEW or not self._is_fitted:
            table.fit()
            self._is_fitted = True
        self._quiet = False
        self._show_around(plan)
        if self._moves is not None:
            moves, self._moves = self._moves, None
            moves()

    def _sort(self, plan: ImportPlan) -> None:
        """有问题, 需留意, 更新, 新增, 相同; kept until the person chooses what to see."""
        rank = {outcome: place for place, outcome in enumerate(ORDER)}
        lines = sorted(plan.rows, key=lambda line: (rank[line.outcome] > 0, not line.notes, rank[line.outcome]))
        self._order = {line.place: at for at, line in enumerate(lines)}
        self._kept = None

    def _show_around(self, plan: ImportPlan) -> None:
        counts = [(outcome, _(WORDS[outcome]), plan.count(outcome)) for outcome in ORDER]
        noted = (NOTED, _("需留意"), len(plan.noted))
        self.outcomes.set_items([(None, _("全部"), len(plan.rows)), counts[0], noted, *counts[1:]])
        self.outcomes.chip(NOTED).setToolTip(_("照常导入但带说明的行；其中也有更新和新增，所以各数加起来会多"))
        sheets = list(dict.fromkeys(line.sheet for line in plan.rows))
        self.sheets.setVisible(len(sheets) > 1)
        offered = [None, *sheets]
        if offered != [self.sheets.itemData(n) for n in range(self.sheets.count())]:
            self.sheets.clear()
            self.sheets.addItem(_("工作表：全部 {n} 张").format(n=len(sheets)), None)
            for name in sheets:
                self.sheets.addItem(name, name)
        said = _("共 {n} 行，还没有写入。").format(n=f"{len(plan.rows):,}")
        if len(sheets) > 1:
            said = _("{m} 张表共 {n} 行，还没有写入。").format(m=len(sheets), n=f"{len(plan.rows):,}")
        invalid = plan.count(Outcome.INVALID)
        refused = _("有问题的 {n} 行不导入；改好一格就重新核对这一行。").format(n=invalid) if invalid else ""
        rule = _("空着的补上，已填的不改，要改的逐项勾。")
        if self.work.choices.update:
            rule = _("空着的补上，已填的改成文件里的，不改的逐项去勾。")
        self._summary.setText(f"{said}{refused}{rule}")
        kept = sum(len(line.kept) for line in plan.rows)
        self.update_all.set_text(
            _("已填的也改成文件里的（{n} 处）").format(n=f"{kept:,}") if kept else _("已填的也改成文件里的")
        )
        self.update_all.setVisible(bool(kept) or self.work.choices.update)
        self.update_all.setChecked(self.work.choices.update)
        clear(self._notes)
        for field in self.work.spec.writable:
            if field.unsaid is not None and (n := plan.count_unsaid(field.name)):
                self._notes.addWidget(self._unsaid_banner(plan, field, field.unsaid, n))
        notes = list(plan.notes)
        if plan.unknown:
            notes.append(_("没有用到的列：{names}。").format(names=_("、").join(plan.unknown)))
        if notes:
            self._notes.addWidget(Banner("info", " ".join(notes), small=True))
        self.said(plan)

    def _unsaid_banner(self, plan: ImportPlan, field: Field, unsaid: Unsaid, n: int) -> Banner:
        """What becomes of the rows that say nothing of a field, and the tick that decides it for all of them."""
        is_filled = field.name in plan.filled
        tick = Tick(_(unsaid.offer).format(n=f"{n:,}"))
        tick.setChecked(is_filled)
        tick.clicked.connect(lambda on: self._fill(field.name, on))
        said = _("没有写“{title}”的 {n} 行都按“{value}”导入。") if is_filled else _(unsaid.why)
        value = field.display(unsaid.value)
        words = said.format(title=field.title, n=f"{n:,}", value=value)
        return Banner("info" if is_filled else "warn", words, [tick], small=True)

    def _fill(self, name: str, on: bool) -> None:
        self.work.choose(replace(self.work.choices, filled={**self.work.choices.filled, name: on}))

    def said(self, plan: ImportPlan) -> tuple[str, str]:
        wanted = plan.to_write
        parts = [
            _(words).format(n=f"{n:,}")
            for words, n in (
                (N_("新增 {n}"), sum(line.outcome is Outcome.NEW for line in wanted)),
                (N_("更新 {n}"), sum(line.outcome is Outcome.CHANGED for line in wanted)),
                (N_("没勾 {n}"), sum(line.goes_in for line in plan.rows) - len(wanted)),
                (N_("跳过有问题的 {n} 行"), plan.count(Outcome.INVALID)),
                (N_("相同 {n} 行不动"), plan.count(Outcome.SAME)),
            )
            if n
        ]
        shown = self.view.model_.rowCount()
        self._shown.setText(_("显示 {n} 行 · 已勾 {m} 行").format(n=f"{shown:,}", m=f"{len(wanted):,}"))
        return " · ".join(parts), ""

    def begin(self) -> bool:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # --- rows ---

    def cell(self, line: PlanRow, at: int) -> Any:
        """What stands at a place of a row of the table: its key, then a value per column."""
        if at < 2:
            return line.place
        if at == 2:
            return line.outcome
        return self._value(line, self._fields[at - 3]) if at < len(self._fields) + 3 else self._will(line)

    @property
    def places(self) -> int:
        """How many places a row of the table has."""
        return len(self._fields) + 4

    def _value(self, line: PlanRow, field: Field) -> Any:
        """The value; where there is none, what the file says instead."""
        value = line.values.get(field.name)
        if value is not None:
            return field.masked(value)
        said = self._file_text(line, field.name)
        return Written(field.masked(said)) if said else None

    def _change(self, name: str, old: Any, new: Any, words: str) -> str:
        field = self.work.spec.field(name)
        shown = [field.display(field.masked(value), self.work.zone) for value in (old, new)]
        return words.format(field=field.title, old=shown[0], new=shown[1])

    def _will(self, line: PlanRow) -> str:
        if line.outcome is Outcome.CHANGED:
            words = _("{field} {old} → {new}")
            return _("；").join(self._change(name, old, new, words) for name, (old, new) in line.changes.items())
        return {Outcome.NEW: _("新增"), Outcome.INVALID: _("改好就能导入")}.get(line.outcome, _("已在库里，不动"))

    def _remarks(self, line: PlanRow) -> list[Remark]:
        if not (line.problems or line.notes or line.kept or line.changes):
            return []
        kind, told = ("bad", line.problems) if line.problems else ("warn", line.notes)
        said_below = {self.work.spec.field(name).title for name in line.kept}
        told = {header: reason for header, reason in told.items() if header not in said_below}
        found = [Remark(f"{_flat(header)}：{reason}" if header else reason, kind) for header, reason in told.items()]
        for name, (old, new) in line.kept.items():
            found.append(Remark(self._change(name, old, new, _("{field} {old}（文件里 {new}，不改）")), "", name))
        choices = self.work.choices
        for name, (old, new) in line.changes.items():
            overwrites = choices.update and old not in (None, "", [])
            if overwrites or (not choices.update and (*line.place, name) in choices.updated):
                found.append(Remark(self._change(name, old, new, _("{field} {old} 改成 {new}")), "", name, True))
        return found

    # --- what is shown ---

    def _filter(self) -> None:
        """The person chose what to see: the order is made anew too."""
        plan = self.work.plan
        if plan is None:
            return
        self._sort(plan)
        key, sheet, text = self.outcomes.key, self.sheets.currentData(), self.search.text().strip().casefold()
        found = [line for line in plan.rows if self._is_wanted(line, key, sheet, text)]
        everything = key is None and sheet is None and not text
        self._kept = None if everything else frozenset(line.place for line in found)
        self.show_plan(plan)

    def _is_wanted(self, line: PlanRow, key: object, sheet: str | None, text: str) -> bool:
        if key == NOTED and not line.notes:
            return False
        if isinstance(key, Outcome) and line.outcome is not key:
            return False
        if sheet is not None and line.sheet != sheet:
            return False
        return not text or text in " ".join((line.sheet, str(line.row), *map(str, line.raw))).casefold()

    # --- decisions ---

    def _on_ticks(self) -> None:
        plan = self.work.plan
        if self._quiet or plan is None:
            return
        model = self.view.model_
        unticked = {place for place in model.allowed if place not in model.checked}
        self.work.choose(
            replace(self.work.choices, left_out=frozenset((self.work.choices.left_out - model.allowed) | unticked)),
            plans=False,
        )

    def _update_all(self, on: bool) -> None:
        self.work.choose(replace(self.work.choices, update=on, updated=frozenset()))

    def _turn(self, place: Place, name: str) -> None:
        cell: Cell = (*place, name)
        self.work.choose(replace(self.work.choices, updated=self.work.choices.updated ^ {cell}))

    def _correct(self, place: Place, name: str, text: str, goes_on: bool) -> None:
        """Check the row anew and move on to the next problem; `goes_on`: with its cell open."""
        cell: Cell = (*place, name)
        self._moves = partial(self._move_on, goes_on)
        before = self.work.choices
        if text == self._file_text(self._by_place[place], name):
            cells = {key: said for key, said in before.cells.items() if key != cell}
        else:
            cells = {**before.cells, cell: text}
        if cells == before.cells:
            self._moves()
            self._moves = None
            return
        self.work.choose(replace(before, cells=cells))

    def _move_on(self, goes_on: bool) -> None:
        current = self.view.current_id()
        if self.view.next_problem() and goes_on and self.view.current_id() != current:
            self._edit(self.view.current_id(), "")

    def _edit(self, place: Place, name: str) -> None:
        """Open the cell: the one meant, but where another is wrong, that one."""
        line = self._by_place.get(place)
        if line is None:
            return
        wrong, fields = self._wrong_fields(line), [field.name for field in self._fields]
        wanted = name if name in fields and (name in wrong or not wrong or not line.problems) else ""
        wanted = wanted or next(iter(wrong), "") or (name if name in fields else fields[0])
        field = self.work.spec.field(wanted)
        text = self.work.choices.cells.get((*place, wanted), self._file_text(line, wanted))
        self.view.edit_cell(place, wanted, field.title, text, self._problem_of(line, wanted))

    # --- which field a remark is about ---

    def _wrong_fields(self, line: PlanRow) -> list[str]:
        """The fields that the remarks of a row are about, in their order; those refused last."""
        told = [name for header in (line.problems or line.notes) for name in self._fields_of(line, header)]
        return list(dict.fromkeys([*told, *line.refused_fields]))

    def _fields_of(self, line: PlanRow, header: str) -> list[str]:
        plan, spec = self.work.plan, self.work.spec
        columns = (
            [c for c in plan.columns if c.sheet == line.sheet and header in (c.header, _flat(c.header))] if plan else []
        )
        named = [name for c in columns for name in c.fields]
        refused = [name for name in named if name in line.refused_fields or name not in line.values]
        if named:
            return refused or named
        return [f.name for f in spec.writable if header and header in (f.header, f.title)]

    def _problem_of(self, line: PlanRow, name: str) -> str:
        told = line.problems or line.notes
        return next((reason for header, reason in told.items() if name in self._fields_of(line, header)), "")

    def _file_text(self, line: PlanRow, name: str) -> str:
        """What the file says for a field; of a column that fills two, what the other has not taken."""
        plan = self.work.plan
        if plan is None:
            return ""
        at = self._places.get((line.sheet, name), -1)
        if not 0 <= at < len(line.raw):
            return ""
        text = text_of(line.raw[at])
        both = next((c.fields for c in plan.columns if c.sheet == line.sheet and c.index == at), ())
        if len(both) > 1 and line.values.get(name) is not None:
            return self.work.spec.field(name).display(line.values[name], self.work.zone)
        for other in both:
            taken = line.values.get(other)
            text = text.replace(str(taken), "").strip(" /／:：,，") if other != name and taken else text
        return text


def _places_of(plan: ImportPlan, spec: RecordSpec) -> dict[tuple[str, str], int]:
    """(sheet, field) → the column it is read from."""
    return {(c.sheet, name): c.index for c in plan.columns for name in c.fields if c.index >= 0}


def _flat(header: str) -> str:
    from expo_app.exchange.headers import flat

    return flat(header)


def _place_words(place: Place) -> str:
    return f"{place[0]} {place[1]}"


def _number_words(place: Place) -> str:
    return str(place[1])
