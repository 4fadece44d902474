"""报表: every document there is, made in one click; see `expo_app.documents` for what they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from expo_app import documents
from expo_app.documents import Document, all_documents
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.badges import BadgesRoute
from expo_app.routes.reports import ReportsRoute
from expo_app.rules.daily_run import SINCE, mark
from expo_app.rules.search_key import matches
from expo_app.services import change_stamp
from expo_app.specs import EXPOS, SPECS
from expo_app.specs.report_data import Finding
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, ChipRow
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.filters import SEARCH_WIDTH
from expo_app.ui.kit.panels import PageHeader, column, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState, NoResult
from expo_app.ui.page import Page
from expo_app.ui.pages.reports.checks import ChecksDialog
from expo_app.ui.pages.reports.daily import DailyDialog, daily_words
from expo_app.ui.pages.reports.gallery import Gallery
from expo_app.ui.pages.reports.making import Made, Order, made_files, maker_of, when
from expo_app.ui.pages.reports.preview import PreviewDialog
from expo_app.ui.pages.reports.side import SidePanel
from expo_app.ui.records import files, printing


class ReportsPage(Page):
    """The gallery of documents, the options of the one chosen beside it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.maker = context, maker_of(context)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panel = SidePanel(self.maker, context.settings.badge_layout)
        self._scratch: TemporaryDirectory[str] | None = None
        self._shown: PreviewDialog | None = None
        outer = row(self, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_gallery())
        button = Button(
            _("新建展会"), "primary", "add-line", clicked=partial(context.navigate, ListRoute(EXPOS, new=True))
        )
        words = _("先建一届展会，再出报表。")
        self._stack.addWidget(EmptyState("bar-chart-box-line", _("还没有展会"), words, [button]))
        outer.addWidget(self._stack, 1)
        outer.addWidget(self.panel)
        self._connect()
        self.choose(all_documents()[0])
        self.refresh()

    # --- building ---

    def _make_gallery(self) -> QWidget:
        box = QWidget()
        lines = column(box, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.L, 0)
        self.header = PageHeader(_("报表"))
        lines.addWidget(self.header)
        bar = row(spacing=theme.Space.L)
        self.search = SearchField(_("报表名称"))
        self.search.setFixedWidth(self.search.fitting_width(SEARCH_WIDTH))
        self.chips = ChipRow()
        bar.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self.chips, 1)
        lines.addLayout(bar)
        self.gallery = Gallery(all_documents())
        self._shelf = QStackedWidget()
        content = QWidget()
        held = column(content, 0)
        held.setContentsMargins(0, 0, theme.Space.S, theme.Space.L)
        held.addWidget(self.gallery)
        held.addStretch(1)
        self._shelf.addWidget(scrolled(content))
        lines.addWidget(self._shelf, 1)
        return box

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self._filter())
        self.chips.chosen.connect(lambda _key: self._filter())
        self.gallery.chosen.connect(self.choose)
        self.panel.made_wanted.connect(self.make)
        self.panel.preview_wanted.connect(self.preview)
        self.panel.print_wanted.connect(self.print)
        self.panel.folder_wanted.connect(self.choose_folder)
        self.panel.layout_chosen.connect(lambda key: self.context.remember(badge_layout=key))
        self.panel.file_chosen.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        self.panel.checks_wanted.connect(self.open_checks)
        self.panel.badges_wanted.connect(partial(self.context.navigate, BadgesRoute()))
        self.panel.daily_wanted.connect(self.choose_daily)
        self.maker.changed.connect(self._show_made)
        self.context.changed.connect(self._on_changed)
        self.context.expo_changed.connect(self.refresh)
        self.context.actor_changed.connect(self._on_actor)

    # --- what is shown ---

    def refresh(self) -> None:
        """Read again: counts, when each was made last, which files are out of date."""
        has_expo = self.context.expo is not None
        self._stack.setCurrentIndex(0 if has_expo else 1)
        self.panel.setVisible(has_expo)
        self.header.set_fact(_("{n} 种报表 · 数字以生成时为准").format(n=len(all_documents())))
        self.panel.show_folder(files.folder_of(self.context))
        self.panel.show_daily(daily_words(self.context.settings))
        self._filter()
        self._show_made()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_changed(self, _tables: object) -> None:
        if self.isVisible():
            self._show_made()
            self._check()

    def _on_actor(self) -> None:
        self.choose(self.document)

    def _filter(self) -> None:
        text = self.search.text().strip()
        found = [d for d in all_documents() if not text or any(matches(_(words), text) for words in (d.title, d.about))]
        groups = list(dict.fromkeys(document.group for document in all_documents()))
        counts = [(group, _(group), sum(d.group == group for d in found)) for group in groups]
        self.chips.set_items([(None, _("全部"), len(found)), *counts])
        shown = [d.name for d in found if self.chips.key in (None, d.group)]
        self.gallery.show_only(shown)
        while (gone := self._shelf.widget(1)) is not None:
            self._shelf.removeWidget(gone)
            gone.deleteLater()
        if not shown:
            self._shelf.addWidget(NoResult(text, _("换个说法，或看全部报表。"), self.show_all))
        self._shelf.setCurrentIndex(self._shelf.count() - 1)

    def show_all(self) -> None:
        """Take search and group away."""
        self.search.set_text("")
        self.chips.choose(None)
        self._filter()

    def _show_made(self) -> None:
        expo = self.context.expo
        if expo is None:
            return
        made, now, seen = made_files(self.context), self.context.now(), change_stamp.stamp(self.context.db)
        last: dict[str, Made] = {}
        for file in made:
            last.setdefault(file.document, file)
        for name, card in self.gallery.cards.items():
            card.set_last(when(last[name].moment, now, expo.zone) if name in last else "")
        self.panel.show_recent([(file, self._words(file, seen)) for file in made])

    def _words(self, made: Made, seen: str) -> str:
        """今天 10:42 · 428 KB · 之后有改动."""
        expo = self.context.expo
        words = [when(made.moment, self.context.now(), expo.zone)] if expo else []
        if made.file.exists():
            words.append(size_words(made.file.stat().st_size))
        if made.stamp != seen:
            words.append(_("之后数据有改动"))
        return " · ".join(words)

    # --- choosing ---

    def choose(self, document: Document) -> None:
        """Show a document's options."""
        self.document = document
        self.gallery.choose(document.name)
        refusal = _("{role}没有这项权限").format(role=self.context.actor.role.label)
        expo_id = self.context.expo_id
        parts = document.parts(self.context.db, expo_id) if document.parts and expo_id is not None else ()
        self.panel.show_document(document, self.context.may(document.permission), refusal, self._today(), parts)
        self._check()

    def _today(self) -> date | None:
        return self.context.expo.local_day(self.context.now()) if self.context.expo else None

    def _check(self) -> None:
        """Look in a worker for what is to be corrected before the chosen document is made."""
        document, expo_id = self.document, self.context.expo_id
        self.findings: Sequence[Finding] | None = None
        self.panel.show_findings(None)
        if document.check is None or expo_id is None:
            return
        check = document.check
        jobs.run_job(
            self, _("核对"), lambda _progress: check(self.context.db, expo_id), partial(self._show_findings, document),
            card=False,
        )  # fmt: skip

    def _show_findings(self, document: Document, findings: Sequence[Finding]) -> None:
        if document is self.document:
            self.findings = findings
            self.panel.show_findings(findings)

    def open_checks(self) -> None:
        """List what is to be corrected."""
        if self.findings is not None:
            ChecksDialog(self, _(self.document.title), self.findings, self._go_to).open()

    def _go_to(self, finding: Finding) -> None:
        self.context.navigate(ListRoute(SPECS[finding.spec], record=finding.id))

    def open_with(self, route: Route) -> None:
        if isinstance(route, ReportsRoute) and route.document:
            self.choose(documents.by_name(route.document))

    def pane(self) -> QWidget:
        return self.panel

    def choose_folder(self) -> None:
        """Ask where files go from now on."""
        folder = QFileDialog.getExistingDirectory(self, _("保存到"), str(files.folder_of(self.context)))
        if folder:
            self.context.remember(export_folder=folder)
            self.panel.show_folder(Path(folder))

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def choose_daily(self) -> None:
        """Ask what is made by itself every day."""
        box = DailyDialog(self, self.context.settings, files.folder_of(self.context))
        box.closed.connect(self._take_daily)
        box.open()

    def _take_daily(self, values: dict[str, object] | None) -> None:
        expo = self.context.expo
        if values and expo is not None:
            now = self.context.now().astimezone(expo.zone).isoformat()
            self.context.remember({mark(expo.id, SINCE): now}, **values)
            self.panel.show_daily(daily_words(self.context.settings))

    # --- making ---

    def _order(self, folder: Path, ending: str) -> Order | None:
        expo = self.context.expo
        if expo is None or not self.context.may(self.document.permission) or not self.panel.is_right():
            return None
        return Order(
            self.document, ending, folder, expo, self.panel.layout_key, self.panel.day, part=self.panel.part,
            period=self.panel.period,
        )  # fmt: skip

    def make(self) -> None:
        """Put the document into the queue."""
        folder = files.folder_of(self.context)
        self.panel.show_folder(folder)
        order = self._order(folder, self.panel.ending)
        if order is not None:
            self.maker.order(order)

    def preview(self) -> None:
        """Make the PDF aside and show it; one at a time."""
        order = self._order(files.folder_of(self.context), "pdf")
        if order is None or self._scratch is not None:
            return
        self._scratch = TemporaryDirectory(prefix="expo-preview-", ignore_cleanup_errors=True)
        path = Path(self._scratch.name) / "preview.pdf"
        work, show = partial(write_aside, self.context, order, path), partial(self._show_preview, order.title, path)
        jobs.run_job(self, _("预览"), work, show).finished.connect(self._drop_scratch)

    def _show_preview(self, title: str, path: Path, _none: object) -> None:
        try:
            self._shown = PreviewDialog(self, title, path, self.make)
        except UserError as error:
            messages.show(self, error)
            return
        self._shown.closed.connect(lambda _result: self._drop_scratch())
        self._shown.open()

    def _drop_scratch(self) -> None:
        """Throw the preview's file away, unless it is on the screen."""
        if self._scratch is not None and not (self._shown is not None and self._shown.is_open):
            self._scratch.cleanup()
            self._scratch = self._shown = None

    def print(self) -> None:
        """Make the PDF for the printer and print it."""
        order = self._order(files.folder_of(self.context), "pdf")
        if order is not None:
            printing.print_made(self, order.title, partial(write_aside, self.context, order))


def write_aside(context: Context, order: Order, path: Path, progress: jobs.Progress) -> None:
    """Write the document to `path`, which nobody else knows; for a worker."""
    documents.write(
        context.db, order.expo, order.document.name, path, progress, layout=order.layout, day=order.of,
        part=order.part, period=order.period,
    )  # fmt: skip


def size_words(size: int) -> str:
    """428 KB, 3.1 MB."""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024))} KB"
