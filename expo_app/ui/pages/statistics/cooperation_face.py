"""区域协同: what links two regions by year with its index, the flows between them, and what others published."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.reports.cooperation import RULES, index_shown, remarks, series_note
from expo_app.routes import ListRoute, Route
from expo_app.routes.statistics import StatisticsRoute
from expo_app.services.statistics.cooperation import cooperation
from expo_app.specs import INDEX_POINTS, SPECS
from expo_app.specs.cooperation_figures import FLOWS, FORMULA, Cooperation, FlowMatrix, Part, YearLine
from expo_app.specs.figures import Figure, Trace
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.labels import ElidedLabel, Label, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, StateStack
from expo_app.ui.pages.statistics.figure_table import Cell, FigureTable, Row
from expo_app.ui.parts.faces import Face

COUNTED_FROM = frozenset(
    {
        "deal", "deal_party", "edition", "exhibitor", "expo", "expo_organiser", "index_point", "organisation",
        "region_group", "tenant", "tenant_step", "voucher_use",
    }
)  # fmt: skip
SERIES = 300


class CooperationFace(Face):
    """Counted in a worker; the figures before stay until the new ones are there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: Cooperation | None = None
        self.base: int | None = None
        self.part: Part | None = None
        self._loading = self._again = False
        self.list_button = Button(_("已发布指数"), icon="list-check", clicked=self.open_points)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("区域协同"))
        self._build()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)

    # --- building ---

    def _build(self) -> None:
        content = QWidget()
        lines = column(content, theme.Space.M)
        lines.addWidget(self._years_card())
        below = row(spacing=theme.Space.M)
        below.addWidget(self._matrix_card(), 1)
        below.addWidget(self._series_card())
        lines.addLayout(below)
        lines.addStretch(1)
        self._stack = StateStack(scrolled(content))
        column(self, 0).addWidget(self._stack)

    def _years_card(self) -> Card:
        card = Card(padding=theme.Space.M)
        head = row(spacing=theme.Space.S)
        head.addWidget(SectionTitle(_("指数")))
        head.addWidget(ElidedLabel(_(FORMULA), "caption"), 1)
        head.addWidget(Label(_("基年"), "caption"))
        self.base_box = ComboBox()
        self.base_box.setAccessibleName(_("基年"))
        self.base_box.activated.connect(lambda at: self._choose_base(self.base_box.itemData(at)))
        head.addWidget(self.base_box)
        card.body.addLayout(head)
        self.years = FigureTable()
        self.years.opened.connect(self.open_records)
        card.body.addWidget(self.years)
        self.notes = Label("", "caption", wrap=True)
        card.body.addWidget(self.notes)
        return card

    def _matrix_card(self) -> Card:
        card = Card(padding=theme.Space.M)
        head = row(spacing=theme.Space.S)
        head.addWidget(SectionTitle(_("流向")))
        self.flow = ElidedLabel("", "caption")
        head.addWidget(self.flow, 1)
        card.body.addLayout(head)
        self.parts = Segmented([(part.name, part.label, "") for part in Part])
        self.parts.chosen.connect(lambda name: self.show_part(Part[str(name)]))
        card.body.addWidget(self.parts, 0, Qt.AlignmentFlag.AlignLeft)
        self.matrix = FigureTable()
        self.matrix.opened.connect(self.open_records)
        card.body.addWidget(self.matrix)
        card.body.addWidget(Label(_("对角线是本地的，不计入流入和流出。"), "caption", wrap=True))
        card.body.addStretch(1)
        return card

    def _series_card(self) -> Card:
        card = Card(padding=theme.Space.M)
        card.setFixedWidth(SERIES)
        card.body.addWidget(SectionTitle(_("已发布指数")))
        self.series = column(spacing=theme.Space.S)
        card.body.addLayout(self.series)
        card.body.addStretch(1)
        return card

    def buttons(self) -> Sequence[QWidget]:
        return (self.list_button,)

    # --- reading ---

    def refresh(self) -> None:
        """Count again, in a worker."""
        if self._loading:
            self._again = True
            return
        if self.context.expo_id is None:
            self._stack.show_state(EmptyState("pie-chart-2-line", _("还没有展会"), _("先建一届展会，再看区域协同。")))
            return
        self._loading = True
        db, expo_id, base = self.context.db, self.context.expo_id, self.base
        work = partial(cooperation, db, expo_id, base)
        jobs.run_job(
            self, _("区域协同"), lambda _p: work(), partial(self._on_counted, expo_id), self._on_failed, card=False
        )

    def _on_counted(self, expo_id: object, found: Cooperation) -> None:
        self._loading = False
        if expo_id == self.context.expo_id:
            self.found = found
            self._show()
        if self._again:
            self._again = False
            self.refresh()

    def _on_failed(self, error: Exception) -> None:
        self._loading = self._again = False
        if isinstance(error, UserError):
            self._stack.show_state(ErrorState(_("读不出区域协同"), error, self.refresh))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if not COUNTED_FROM.isdisjoint(tables) and self.isVisible():
            self.refresh()

    def _on_expo(self) -> None:
        self.found = self.base = None
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    # --- showing ---

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        if found.base is None and not found.published:
            words = _("两地不同的参展、成交、用券和入驻会数到这里；别人发布的指数在「已发布指数」里录入。")
            self._stack.show_state(EmptyState("pie-chart-2-line", _("还没有跨地区的记录"), words))
            return
        self.base_box.clear()
        for year in found.bases:
            self.base_box.addItem(str(year), year)
        self.base_box.setCurrentIndex(found.bases.index(found.base) if found.base is not None else -1)
        self.base_box.setEnabled(len(found.bases) > 1)
        headers = [_("年份"), *(part.label for part in Part), _("指数")]
        rows = [_year_row(line) for line in found.lines]
        rows.append(Row("total", _("合计"), (*map(_total, found.figures), Cell("")), "total"))
        self.years.set(headers, rows)
        self.notes.setText(" ".join([*remarks(found), *map(_, RULES)]))
        self.show_part(self.part or next((one.part for one in found.matrices if one.counts), Part.EXHIBITORS))
        self._show_series(found)
        self.fact_changed.emit(self._fact(found))
        self._stack.show_content()

    def _fact(self, found: Cooperation) -> str:
        return _(" · ").join(f"{one.label} {one.shown}" for one in found.figures)

    def show_part(self, part: Part) -> None:
        """The flows of one part."""
        self.part = part
        self.parts.choose(part.name)
        if self.found is None:
            return
        matrix = next(one for one in self.found.matrices if one.part is part)
        self.flow.set_text(_(FLOWS[part]))
        self.matrix.set(*_matrix_cells(matrix))

    def _show_series(self, found: Cooperation) -> None:
        clear(self.series)
        if not found.published:
            self.series.addWidget(Label(_("还没有录入。"), "caption", wrap=True))
        for one in found.published:
            self.series.addWidget(Label(one.name, "strong", wrap=True))
            ends = (one.points[0], one.points[-1]) if len(one.points) > 1 else one.points
            words = " → ".join(f"{value:,.2f}（{year}）" for year, value in ends)
            self.series.addWidget(Label(words, wrap=True))
            self.series.addWidget(Label(series_note(one), "caption", wrap=True))

    # --- acting ---

    def _choose_base(self, year: int) -> None:
        self.base = year
        self.refresh()

    def open_records(self, key: object) -> None:
        """The records behind a number."""
        if isinstance(key, Trace):
            self.context.navigate(ListRoute(SPECS[key.spec], trace=key))

    def open_points(self) -> None:
        """The list of what was published."""
        self.context.navigate(ListRoute(INDEX_POINTS))

    def open_with(self, route: Route) -> None:
        if isinstance(route, StatisticsRoute):
            self.refresh()


def _year_row(line: YearLine) -> Row:
    counts = (Cell("—" if n is None else f"{n:,}", trace) for n, trace in zip(line.counts, line.traces, strict=True))
    return Row(str(line.year), str(line.year), (*counts, Cell(index_shown(line), is_bold=True)))


def _total(figure: Figure) -> Cell:
    return Cell(figure.shown, figure.trace if figure.value else None, is_bold=True)


def _matrix_cells(matrix: FlowMatrix) -> tuple[list[str], list[Row]]:
    most = max((n for at, line in enumerate(matrix.counts) for to, n in enumerate(line) if at != to), default=0)
    rows = [
        Row(
            label,
            label,
            (
                *(_flow(n, matrix.traces.get((at, to)), most, at == to) for to, n in enumerate(line)),
                Cell(f"{out:,}", is_bold=True),
            ),
        )
        for at, (label, line, out) in enumerate(zip(matrix.labels, matrix.counts, matrix.outgoing, strict=True))
    ]
    if rows:
        totals = (*(Cell(f"{n:,}") for n in matrix.incoming), Cell(f"{matrix.total:,}", is_bold=True))
        rows.append(Row("total", _("流入"), totals, "total"))
    return [_("流向"), *matrix.labels, _("流出")], rows


def _flow(n: int, trace: Trace | None, most: int, is_local: bool) -> Cell:
    tone = "text.3" if is_local else "text.1"
    return Cell(f"{n:,}" if n else "—", trace, tone, weight=0 if is_local or not most else n / most, is_framed=is_local)
