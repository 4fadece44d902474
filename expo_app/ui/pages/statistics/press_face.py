"""发布口径: five figures of one moment, approved as a version; the sentence to copy, what changed, what must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Entry
from expo_app.routes import ListRoute, Route
from expo_app.routes.statistics import StatisticsRoute
from expo_app.rules import moments
from expo_app.specs import DEALS, SPECS
from expo_app.specs.press import NUMBERS, Check, Late, Press, Version, version_words
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import column, row, scrolled
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, StateStack
from expo_app.ui.kit.screens import second_screen
from expo_app.ui.pages.statistics.press_parts import (
    ChecksCard,
    DifferenceCard,
    FiguresCard,
    TextCard,
    VersionsCard,
    is_wrong,
)
from expo_app.ui.pages.statistics.press_projector import Projector
from expo_app.ui.parts.faces import Face
from expo_app.ui.records import files

SIDE = 356
COUNTED_FROM = frozenset(
    {
        "attendee", "category", "check_in", "deal", "deal_step", "edition", "edition_figure", "exhibitor", "expo",
        "press_version", "programme_item",
    }
)  # fmt: skip
SOON = 3_000
"""Milliseconds between a change and the next count: at a gate somebody is let in every second."""
OFFERED = 6
"""So many half hours are offered, besides the ends of the days before."""


@dataclass(frozen=True)
class Seen:
    """What the face shows. `before`: the version that it is compared with."""

    shown: Press
    versions: Sequence[Version]
    checks: Sequence[Check]
    before: Press | None


class PressFace(Face):
    """Counting runs in a worker; the figures before stay until the new ones are there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.seen: Seen | None = None
        self.moment: datetime | None = None
        """Chosen by the person; None: now."""
        self.version: Version | None = None
        """The version that is open; None: what is true of the moment."""
        self.projector: Projector | None = None
        self._loading = self._again = False
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.refresh)
        self.copy_button = Button(_("复制文字"), icon="file-copy-line", clicked=self.copy_text)
        self.pdf_button = Button(_("存为 PDF"), icon="file-pdf-line", clicked=self.save_pdf)
        self.approve_button = Button(_("核定"), icon="check-line", clicked=self.approve)
        self.project_button = Button(_("投屏"), "primary", "slideshow-3-line", clicked=self.project)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("发布口径"))
        self._build()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._show_seen)

    # --- building ---

    def _build(self) -> None:
        content = QWidget()
        lines = column(content, theme.Space.M)
        self.banner = Banner("info", "", [Button(_("回到现在"), clicked=self.back_to_now)])
        self.banner.hide()
        lines.addWidget(self.banner)
        body = row(spacing=theme.Space.L)
        self.figures = FiguresCard()
        self.figures.opened.connect(self.open_records)
        body.addWidget(self.figures, 1)
        body.addWidget(self._make_side())
        lines.addLayout(body, 1)
        lines.addLayout(self._make_foot())
        self._stack = StateStack(content)
        column(self, 0).addWidget(self._stack)

    def _make_side(self) -> QWidget:
        side = QWidget()
        cards = column(side, theme.Space.M)
        self.sentence, self.difference = TextCard(), DifferenceCard()
        self.checks, self.versions = ChecksCard(), VersionsCard()
        self.checks.acted.connect(self.act)
        self.checks.opened.connect(self.open_late)
        self.versions.opened.connect(self.open_version)
        for card in (self.sentence, self.difference, self.checks, self.versions):
            cards.addWidget(card)
        cards.addStretch(1)
        held = scrolled(side)
        held.setFixedWidth(SIDE)
        return held

    def _make_foot(self) -> QLayout:
        foot = row()
        foot.addWidget(Label(_("核定后这一版不再变；数有改动就出下一版，旧版随时能打开"), "fact"))
        self.moment_button = Button(_("换时点"), "link", clicked=self.choose_moment)
        foot.addWidget(self.moment_button)
        foot.addStretch(1)
        for keys, words in (
            ("Ctrl+C", _("复制文字")), ("Ctrl+P", _("存为 PDF")), ("T", _("投屏")), ("1–5", _("打开名单")),
            ("V", _("版本")),
        ):  # fmt: skip
            foot.addWidget(KeyCap(keys))
            foot.addWidget(Label(words, "fact"))
        return foot

    def buttons(self) -> Sequence[QWidget]:
        return (self.copy_button, self.pdf_button, self.approve_button, self.project_button)

    # --- reading ---

    def refresh(self) -> None:
        """Count again, in a worker."""
        if self._loading:
            self._again = True
            return
        if self.context.expo_id is None:
            self._stack.show_state(EmptyState("pie-chart-2-line", _("还没有展会"), _("先建一届展会，再看发布口径。")))
            return
        self._loading = True
        db, expo_id, now = self.context.db, self.context.expo_id, self.context.now()
        moment, version = self.moment, self.version

        def work(_progress: jobs.Progress) -> Seen:
            from expo_app.services import press

            published = press.versions(db, expo_id)
            if version is not None:
                shown = press.version(db, version.id)
                older = [one for one in published if one.version_no < version.version_no]
            else:
                shown = press.at(db, expo_id, moment or now)
                older = [one for one in published if shown.version is None or one.version_no < shown.version.version_no]
            before = press.version(db, older[0].id) if older else None
            checks = press.checks(db, expo_id, shown) if version is None else press.sums(shown)
            return Seen(shown, published, checks, before)

        jobs.run_job(self, _("发布口径"), work, self._on_counted, self._on_failed, card=False)

    def _on_counted(self, seen: Seen) -> None:
        self._loading = False
        if seen.shown.head is not None and self.context.expo_id is not None:
            self.seen = seen
            self._show_seen()
        if self._again:
            self._again = False
            self._soon.start()

    def _on_failed(self, error: Exception) -> None:
        self._loading = self._again = False
        if isinstance(error, UserError):
            self._stack.show_state(ErrorState(_("读不出发布口径"), error, self.refresh))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if not COUNTED_FROM.isdisjoint(tables) and self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _on_expo(self) -> None:
        self.seen = self.moment = self.version = None
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()

    # --- what is shown ---

    def _show_seen(self) -> None:
        seen = self.seen
        if seen is None:
            return
        shown = seen.shown
        self._stack.show_content()
        self.figures.show_press(shown)
        self.sentence.show_press(shown)
        self.difference.show_change(seen.before, shown)
        self.checks.show_checks(seen.checks, shown.version is None)
        self.versions.show_versions(seen.versions)
        state = version_words(shown.version) if shown.version else _("待核定")
        words = _("发布口径 · 时点 {when} · {state}").format(when=f"{shown.moment:%Y-%m-%d %H:%M}", state=state)
        self.fact_changed.emit(words)
        self.banner.setVisible(self.version is not None)
        if self.version is not None:
            self.banner.set_text(_("第 {n} 版，当时的数和名单").format(n=self.version.version_no))
        self._show_rights(seen)

    def _show_rights(self, seen: Seen) -> None:
        """What may be done with what is shown, and why not."""
        may = self.context.may("data.export")
        self.pdf_button.setEnabled(may)
        self.pdf_button.setToolTip("Ctrl+P" if may else self._lacks())
        why = "" if self.context.may_write("press.approve") else self._lacks()
        why = _("有数对不上名单，先查清") if is_wrong(seen.checks) else why
        why = _("这一版已经核定") if seen.shown.version else why
        self.approve_button.setEnabled(not why)
        newest = max((one.version_no for one in seen.versions), default=0)
        self.approve_button.setToolTip(why or _("核定第 {n} 版").format(n=newest + 1))

    def _lacks(self) -> str:
        if self.context.is_read_only:
            return _("文件是只读的")
        return _("{role}没有这项权限").format(role=self.context.actor.role.label)

    def open_with(self, route: Route) -> None:
        if isinstance(route, StatisticsRoute):
            self.refresh()

    def place(self) -> Route | None:
        return StatisticsRoute(face="press")

    # --- acts ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().upper()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_text()
        elif event.matches(QKeySequence.StandardKey.Print):
            self.save_pdf()
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key == "T":
            self.project()
        elif key == "V" and self.versions.lines:
            self.versions.lines[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key.isdigit() and 1 <= int(key) <= len(NUMBERS):
            self.open_records(NUMBERS[int(key) - 1])
        else:
            super().keyPressEvent(event)

    def copy_text(self) -> None:
        """The sentence, or what is marked of it, as plain text."""
        if self.seen is not None and self.sentence.text:
            QGuiApplication.clipboard().setText(self.sentence.text)
            messages.show(self, _("已复制文字"), "ok")

    def open_records(self, name: str) -> None:
        """The list behind a figure, as it was then."""
        seen, expo_id, db = self.seen, self.context.expo_id, self.context.db
        if seen is None or expo_id is None:
            return

        def work(_progress: jobs.Progress) -> object:
            from expo_app.services import press

            return press.trace(db, expo_id, seen.shown, name)

        def go(trace: object) -> None:
            self.context.navigate(ListRoute(SPECS[seen.shown.number(name).spec], trace=trace))  # type: ignore[arg-type]

        jobs.run_job(self, _("打开名单"), work, go)

    def act(self, what: str) -> None:
        """去核对, 换时点, 换成现在."""
        if what == "deals":
            self.context.navigate(ListRoute(DEALS, facets={"entry": Entry.CHECK}))
        elif what == "now":
            self.back_to_now()
        else:
            self.choose_moment()

    def open_late(self, late: Late) -> None:
        """The records that the moment leaves out."""
        from expo_app.services import press

        self.context.navigate(ListRoute(SPECS[late.spec], trace=press.trace_of(late)))

    def approve(self) -> None:
        """核定: keep what is shown as the next version."""
        seen, expo_id, db = self.seen, self.context.expo_id, self.context.db
        if seen is None or expo_id is None or not self.approve_button.isEnabled():
            return
        moment = seen.shown.moment

        def work(_progress: jobs.Progress) -> Version:
            from expo_app.services import press

            return press.approve(db, expo_id, moment)

        def done(version: Version) -> None:
            messages.show(self, _("已核定第 {n} 版").format(n=version.version_no), "ok")
            self.moment = moment
            self.refresh()

        jobs.run_job(self, _("核定"), work, done)

    def open_version(self, version: Version) -> None:
        """Show a version as it was approved, with its own lists."""
        self.version = version
        self.refresh()

    def back_to_now(self) -> None:
        """What is true now."""
        self.version = self.moment = None
        self.refresh()

    def set_moment(self, moment: datetime | None) -> None:
        """Count at another moment; None: now."""
        self.version, self.moment = None, moment
        self.refresh()

    def choose_moment(self) -> None:
        """Offer now, half hours, the ends of the days before, and any other moment."""
        if self.context.expo is None:
            return
        menu = Menu(self)
        menu.add(_("现在"), self.back_to_now)
        for moment in self.offered():
            menu.add(f"{moment:%m-%d %H:%M}", partial(self.set_moment, moment))
        menu.add(_("其他时点…"), self._ask_moment)
        menu.popup(self.moment_button.mapToGlobal(self.moment_button.rect().topLeft()))

    def offered(self) -> list[datetime]:
        """Round moments to choose, newest first, in the expo's zone."""
        expo = self.context.expo
        if expo is None:
            return []
        now = self.context.now().astimezone(expo.zone)
        latest = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
        halves = [latest - timedelta(minutes=30 * n) for n in range(OFFERED)]
        evenings = [
            datetime(day.year, day.month, day.day, 18, tzinfo=expo.zone) for day in reversed(expo.days)
        ]  # fmt: skip
        return [*halves, *(moment for moment in evenings if moment < halves[-1])]

    def _ask_moment(self) -> None:
        box = Dialog(self, _("换时点"), width=theme.Width.CONFIRM)
        editor = LineEditor()
        editor.setText(f"{(self.seen.shown.moment if self.seen else self.context.now()):%Y-%m-%d %H:%M}")
        field = FormField(_("五个数都数到这一刻"), editor)
        box.body.addWidget(field)
        box.add_action(Button(_("取消"), clicked=box.cancel))
        box.add_action(Button(_("换时点"), "primary", clicked=lambda: self._take(box, field, editor.text())))
        box.open()

    def _take(self, box: Dialog, field: FormField, text: str) -> None:
        expo = self.context.expo
        if expo is None:
            return
        try:
            moment = moments.past_moment(text, (expo.starts_on, expo.ends_on), expo.zone, self.context.now())
        except ValueError as problem:
            field.set_problem(str(problem))
            return
        box.close_with(moment)
        self.set_moment(moment)

    def save_pdf(self) -> None:
        """One A4 page of what is shown, beside whatever is there."""
        seen, expo, db = self.seen, self.context.expo, self.context.db
        if seen is None or expo is None or not self.context.may("data.export"):
            return
        shown = seen.shown
        name = f"{_('发布口径')}_{expo.code}_{shown.moment:%m-%d_%H%M}"
        folder = files.folder_of(self.context)

        def work(progress: jobs.Progress) -> Path:
            from expo_app.documents.press import write_shown

            return write_shown(db, shown, files.free(folder / f"{files.safe_name(name)}.pdf"), progress)

        def done(path: Path) -> None:
            action = (_("打开文件夹"), partial(files.open_folder, path))
            messages.show(self, _("已生成 {name}").format(name=path.name), "ok", action)

        jobs.run_job(self, _("存为 PDF"), work, done)

    def project(self) -> None:
        """The numbers on the second screen as they are now; they stay as they are until it ends."""
        if self.projector is not None:
            self.projector.close()
            return
        if self.seen is None:
            return
        self.projector = Projector(self.seen.shown, self.window())
        self.projector.ended.connect(self._on_projected)
        self.projector.open_on(second_screen(self))

    def _on_projected(self) -> None:
        self.projector = None
