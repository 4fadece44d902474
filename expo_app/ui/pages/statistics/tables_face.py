"""统计表: T1 to T10 by what is asked, one beside its bars, one pinned below; every number opens its records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.statistics import StatisticsRoute
from expo_app.services.statistics.trade_options import Choices
from expo_app.specs import DEALS, EXPOS
from expo_app.specs.trade_tables import Basis, TableQuery, TradeTables
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, NoResult, StateStack
from expo_app.ui.pages.statistics.cards import BarsCard, TableCard
from expo_app.ui.pages.statistics.check_dialog import CheckDialog
from expo_app.ui.pages.statistics.filters import FilterLine
from expo_app.ui.pages.statistics.shown import Opening, as_tsv
from expo_app.ui.pages.statistics.table_list import Entry, TableList, draw_state
from expo_app.ui.parts.faces import Face
from expo_app.ui.records import files, printing

TABLES = frozenset(
    {"deal", "deal_party", "organisation", "region_group", "expo", "edition", "edition_figure", "registry_choice"}
)  # fmt: skip
SOON = 300
"""Milliseconds after which old numbers turn grey while new ones are counted."""
LIST_WIDTH, BARS_WIDTH, NARROW_BARS = 196, 300, 256
Found = tuple[Choices, TradeTables]
FIRST, PINNED = "T1", "T7"


class TablesFace(Face):
    """Counting runs in a worker; what was asked last wins, and the numbers before stay until it is there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.tables: TradeTables | None = None
        self.at, self.pin = FIRST, PINNED
        self.opened: set[str] = set()
        self._asked, self._stale = 0, True
        self._filters: FilterLine | None = None
        self._late = QTimer(self, singleShot=True, interval=SOON)
        self._late.timeout.connect(lambda: self._grey(True))
        self.print_button = Button(_("打印"), icon="printer-line", clicked=self.print)
        self.excel_button = Button(_("导出 Excel"), "primary", "file-excel-2-line", clicked=self.export)
        self._build()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._show_rights)

    # --- building ---

    def _build(self) -> None:
        outer = column(self, theme.Space.M)
        self._bar = column(spacing=0)
        outer.addLayout(self._bar)
        body = QWidget()
        line = row(body, theme.Space.L)
        line.addWidget(self._make_side())
        self._right = QWidget()
        cards = column(self._right, theme.Space.M)
        top = row(spacing=theme.Space.L)
        self.card, self.bars, self.below = TableCard(), BarsCard(), TableCard(can_unpin=True)
        top.addWidget(self.card, 1)
        top.addWidget(self.bars)
        cards.addLayout(top)
        cards.addWidget(self.below)
        self._cards = cards
        self._states = StateStack(self._right)
        line.addWidget(self._states, 1)
        outer.addWidget(body, 1)
        for card in (self.card, self.below):
            card.opened.connect(self._open)
            card.folded.connect(self._fold)
            card.checks_wanted.connect(self.show_checks)
        self.below.pin_pressed.connect(lambda: self.set_pin(self.pin))
        self.card.pin_pressed.connect(lambda: self.set_pin(self.at))
        self.bars.opened.connect(self._open)

    def _make_side(self) -> QWidget:
        side = QWidget()
        self._side = side
        lines = column(side, theme.Space.XS)
        lines.addWidget(Label(_("统计表"), "caption"))
        self.list = TableList()
        self.list.chosen.connect(self.choose)
        self.list.pinned.connect(self.set_pin)
        self.list.folded.connect(self.fold_all)
        self.list.entered.connect(lambda: self.card.table.setFocus(Qt.FocusReason.OtherFocusReason))
        lines.addWidget(self.list)
        lines.addSpacing(theme.Space.S)
        lines.addWidget(Line())
        for state, words in (
            ("ok", _("合计对得上")),
            ("gaps", _("有没填的，另列一行")),
            ("bad", _("和原始记录对不上")),
        ):
            lines.addWidget(_Legend(state, words))
        lines.addStretch(1)
        self._hint = Banner("info", _("没填的不硬分：单列“未填”，合计照样对得上"), small=True)
        lines.addWidget(self._hint)
        return side

    def buttons(self) -> Sequence[QWidget]:
        return (self.print_button, self.excel_button)

    # --- reading ---

    @property
    def query(self) -> TableQuery | None:
        """What is asked now."""
        if self._filters is not None:
            return self._filters.query
        return TableQuery((self.context.expo_id,)) if self.context.expo_id else None

    def refresh(self) -> None:
        """Count again, in a worker."""
        self._stale = False
        query = self.query
        if query is None:
            self._show_nothing()
            return
        self._asked += 1
        asked, db, now, expo_id = self._asked, self.context.db, self.context.now(), query.expo_ids[0]
        is_new = self._filters is None

        def work(_progress: jobs.Progress) -> Found:
            from expo_app.services.statistics import trade_options, trade_tables

            return trade_options.choices(db, expo_id), trade_tables.read_tables(db, query, now)

        def done(found: Found) -> None:
            if asked == self._asked:
                self._on_counted(found, is_new)

        def failed(error: Exception) -> None:
            if asked == self._asked:
                self._on_failed(error)

        self._late.start()
        jobs.run_job(self, _("统计表"), work, done, failed, card=False)

    def _on_counted(self, found: Found, is_new: bool) -> None:
        self._late.stop()
        choices, tables = found
        expo = self.context.expo
        if expo is None:
            return
        today = expo.local_day(self.context.now())
        if is_new or self._filters is None:
            self._filters = FilterLine(tables.query, choices, today)
            self._filters.changed.connect(lambda _query: self.refresh())
            self._bar.addWidget(self._filters)
        else:
            self._filters.renew(choices, today)
        self.tables = tables
        self._show()

    def _on_failed(self, error: Exception) -> None:
        self._late.stop()
        if isinstance(error, UserError):
            self._states.show_state(ErrorState(_("读不出统计表"), error, self.refresh))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            if self.isVisible():
                self.refresh()
            else:
                self._stale = True

    def _on_expo(self) -> None:
        clear(self._bar)
        self._filters = self.tables = None
        self._stale = True
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    # --- showing ---

    def _show_nothing(self) -> None:
        new = Button(
            _("新建展会"), "primary", "add-line", clicked=lambda: self.context.navigate(ListRoute(EXPOS, new=True))
        )
        self._states.show_state(EmptyState("pie-chart-2-line", _("还没有展会"), _("先建一届展会，再看统计。"), [new]))
        self.list.set((), "", "")
        self.fact_changed.emit("")

    def _show(self) -> None:
        tables = self.tables
        if tables is None:
            return
        self._show_rights()
        counted = _("数到 {moment}").format(moment=f"{tables.at:%Y-%m-%d %H:%M}")
        kind = _("{n} 份意向中的技术合同") if tables.query.basis is Basis.INTENDED else _("{n} 份有效技术合同")
        how = _("点任何一个数看它的名单")
        self.fact_changed.emit(" · ".join((counted, kind.format(n=f"{tables.contracts:,}"), how)))
        entries = [Entry(table.no, table.title, self._state(table.no)) for table in tables.tables]
        self.list.set(entries, self.at, self.pin)
        if all(table.is_empty for table in tables.tables) and self._is_narrowed:
            self._states.show_state(NoResult(tables.filter_line, _("换个时期、地区或口径。"), self.clear))
            return
        self._states.show_content()
        table = tables.table(self.at)
        self.card.show_table(tables, table, self.opened, is_pinned=self.at == self.pin)
        self.bars.show_table(tables, table)
        pinned = self.at if table.matrix is not None else self.pin
        self.below.setVisible(bool(pinned) and (pinned != self.at or table.matrix is not None))
        if pinned:
            self.below.show_table(tables, tables.table(pinned), self.opened, matrix=True, is_pinned=pinned == self.pin)

        self._share_out()

    def _share_out(self) -> None:
        """Each card gets as much of the height as it has to show, the bars less of a narrow window."""
        self.bars.setFixedWidth(NARROW_BARS if self.window().width() < theme.NARROW_WINDOW else BARS_WIDTH)
        self._side.setFixedWidth(max(LIST_WIDTH, self.list.sizeHint().width()))
        self._cards.setStretch(0, self.card.need)
        self._cards.setStretch(1, self.below.need)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _state(self, no: str) -> str:
        tables = self.tables
        if tables is None or tables.failing(no):
            return "bad"
        return "gaps" if tables.table(no).has_gaps else "ok"

    @property
    def _is_narrowed(self) -> bool:
        query = self.query
        return query is not None and any(value is not None for value in (query.since, query.until, query.region))

    def _grey(self, on: bool) -> None:
        for card in (self.card, self.bars, self.below):
            card.set_stale(on)

    def _show_rights(self) -> None:
        may = self.context.may("data.export")
        why = "" if may else _("{role}没有这项权限").format(role=self.context.actor.role.label)
        if self.tables is not None and self.tables.failing():
            why = _("有数和原始记录对不上，先查清")
        for button in self.buttons():
            button.setEnabled(not why and self.tables is not None)
            button.setToolTip(why)

    # --- acts ---

    def choose(self, no: str) -> None:
        """Show another table."""
        self.at = no
        self._show()

    def set_pin(self, no: str) -> None:
        """Keep a table below, or let it go where it was kept."""
        self.pin = "" if self.pin == no else no
        self._show()

    def fold_all(self, is_open: bool) -> None:
        """←→: all sub-kinds of the table."""
        if self.tables is not None:
            keys = {line.key for line in self.tables.table(self.at).lines if line.parts}
            self.opened = self.opened | keys if is_open else self.opened - keys
            self._show()

    def _fold(self, key: str, is_open: bool) -> None:
        self.opened = self.opened | {key} if is_open else self.opened - {key}
        self._show()

    def clear(self) -> None:
        """No period, no region."""
        if self._filters is not None:
            self._filters.ask(since=None, until=None, region=None)

    def _open(self, opening: Opening) -> None:
        from expo_app.services.statistics.trade_tables import trace_of

        self.context.navigate(ListRoute(DEALS, trace=trace_of(opening.words, opening.ids)))

    def show_checks(self) -> CheckDialog | None:
        """对账: every total beside what the raw records say."""
        if self.tables is None:
            return None
        dialog = CheckDialog(self, self.tables, self._open)
        dialog.open()
        return dialog

    def copy(self) -> None:
        """The table as text, with what was asked."""
        if self.tables is not None:
            no = self.below.shown if self.below.isVisible() and self.below.table.hasFocus() else self.at
            QGuiApplication.clipboard().setText(as_tsv(self.tables, self.tables.table(no), self.opened))
            messages.show(self, _("已复制 {no}").format(no=no))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_P and not event.modifiers():
            self.set_pin(self.at)
        else:
            super().keyPressEvent(event)

    def open_with(self, route: Route) -> None:
        if isinstance(route, StatisticsRoute) and route.table:
            self.choose(route.table)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> Route | None:
        return StatisticsRoute(face="tables", table=self.at)

    # --- files ---

    def export(self) -> None:
        """The tables as they are asked for, as a workbook."""
        query, expo = self.query, self.context.expo
        if query is None or expo is None:
            return
        title = _("统计表")
        name = f"{files.safe_name(f'{expo.name} {title}')}.xlsx"
        path = files.ask_where(self, self.context, _("导出 Excel"), name, files.excel_kinds())
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> jobs.Job | None:
        """Write the workbook in a worker."""
        query, db = self.query, self.context.db
        if query is None:
            return None

        def work(progress: jobs.Progress) -> Path:
            from expo_app.documents.trade_tables import write_tables

            write_tables(db, query, path, progress)
            return path

        return self.context.run(_("导出 Excel"), work, lambda made: printing.show_written(self, made))

    def print(self) -> None:
        """The tables as they are asked for, on paper."""
        query, db = self.query, self.context.db
        if query is None:
            return

        def make(path: Path, progress: jobs.Progress) -> None:
            from expo_app.documents.trade_tables import write_tables

            write_tables(db, query, path, progress)

        printing.print_made(self, _("统计表"), make)


class _Legend(QWidget):
    """A mark of the list and what it means."""

    def __init__(self, state: str, words: str) -> None:
        super().__init__()
        self._state = state
        line = row(self)
        line.setContentsMargins(theme.Space.M + theme.Space.L + theme.Space.S, 0, 0, 0)
        line.addWidget(Label(words, "caption", wrap=True), 1)

    def paintEvent(self, event: object) -> None:
        from PySide6.QtGui import QPainter

        draw_state(QPainter(self), self._state, QRectF(theme.Space.M, (self.height() - 14) / 2, 14, 14))
