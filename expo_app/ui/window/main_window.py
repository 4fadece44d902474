"""The main window: start page, sign-in, one database in its frame, or the error that keeps it from opening."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from expo_app import i18n, paths, plain_text
from expo_app.errors import UserError
from expo_app.i18n import _, named
from expo_app.routes import ListRoute
from expo_app.services import expos, operators
from expo_app.settings import Settings
from expo_app.specs import SPECS
from expo_app.store.database import Actor, Database, open_database, shown
from expo_app.store.faults import NO_PASSWORD
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, icons, jobs, messages, tab_order, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.overlay import Scrim
from expo_app.ui.kit.placeholders import ErrorState
from expo_app.ui.records import drafts
from expo_app.ui.records.record_dialog import draft_key
from expo_app.ui.window.codes import Codes
from expo_app.ui.window.frame import Frame
from expo_app.ui.window.locked import LockedPage

USUAL = (1440, 900)


class Window(QMainWindow):
    """`open(path or URL)` shows a database, `show_start()` the start page. One database is open at a time."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.db: Database | None = None
        self.context: Context | None = None
        self.frame: Frame | None = None
        self._is_closing = False
        self._locked: LockedPage | None = None
        self._covered: list[Scrim] = []
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle(_("展务台"))
        self.setWindowIcon(QIcon(icons.app_icon(64)))
        self.setMinimumSize(theme.Width.WINDOW_MIN, theme.WINDOW_MIN_HEIGHT)
        self._place()
        self._codes = Codes(self)

    def _place(self) -> None:
        """Where it was, if that is still on a screen; else the usual size, as far as the screen allows."""
        remembered = QRect(*self.settings.window) if len(self.settings.window) == 4 else QRect()
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if any(screen.intersects(remembered) for screen in screens) and remembered.isValid():
            self.setGeometry(remembered)
        else:
            room = screens[0].size() if screens else self.minimumSize()
            self.resize(min(USUAL[0], room.width()), min(USUAL[1], room.height()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        return tab_order.go_on(dialog.top(self) or self, forward)

    # --- what is shown ---

    def _show(self, page: QWidget) -> None:
        """Put `page` in the middle; what was there goes after the event that led here."""
        old = [self._stack.widget(n) for n in range(self._stack.count())]
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus()
        for widget in filter(None, old):
            widget.hide()
            widget.deleteLater()

    @property
    def content(self) -> QWidget | None:
        """The start page, the sign-in page, the frame, or the error in the middle."""
        return self._stack.currentWidget()

    def show_start(self) -> None:
        """The start page; an open database is closed."""
        from expo_app.ui.window.start import StartPage

        if not self.close_database():
            return
        self.setWindowTitle(_("展务台"))
        page = StartPage(self.settings.recent_files)
        page.opened.connect(self._on_opened)
        page.made.connect(lambda file, actor: QTimer.singleShot(0, self, partial(self.open, file, actor=actor)))
        self._show(page)

    def _on_opened(self, file: str) -> None:
        QTimer.singleShot(0, self, partial(self.open, file))  # the page that asked is about to go

    def open(self, file: str, read_only: bool = False, actor: Actor | None = None, password: str = "") -> None:
        """Open a database file or URL; where that fails the window says why and what can be done.

        `actor`: who just made the file, and need not say again who works. `password`: typed for a server that asked.
        """
        if not self.close_database():
            return
        try:
            self.db = open_database(file, read_only=read_only, exclusive=True, password=password)
        except UserError as error:
            if error.code == NO_PASSWORD or (password and error.code == "E-DB-LOGIN"):
                self._ask_password(file, read_only, str(error) if password else "")
            else:
                self._show_failure(file, error)
            return
        if not self.db.read_only:
            self.settings.remember(self.db.url, file)
        if self.settings.locked_file and shown(self.settings.locked_file) == self.db.url:
            self.settings.locked_file = self.db.url  # an earlier version remembered more of an address
        known_actor = actor or operators.sample_actor(self.db)
        if known_actor is not None:
            self._enter(known_actor)
            return
        known, name = operators.list_active(self.db), self.settings.operator_name
        usual = next((o for o in known if o.name == name), known[0] if len(known) == 1 else None)
        if not known:
            self._enter(self.db.actor)
        elif usual is not None and not usual.is_asked:
            self._enter(operators.sign_in(self.db, usual.name))
        else:
            self._ask_who(name)

    def _ask_password(self, file: str, read_only: bool, problem: str) -> None:
        from expo_app.ui.window.password import PasswordPage

        page = PasswordPage(shown(file), problem)
        page.given.connect(lambda password: self._soon(partial(self.open, file, read_only, None), password))
        page.left.connect(lambda: QTimer.singleShot(0, self, self.show_start))
        self._show(page)

    def _show_failure(self, file: str, error: UserError) -> None:
        others = [
            Button(_("换一个文件"), icon="folder-open-line", clicked=self.choose_file),
            Button(_("只读打开"), icon="eye-line", clicked=lambda: self._on_opened_read_only(file)),
        ]
        if "://" in file or not Path(file).is_file():
            others = others[:1]
        name = shown(file)
        title = _("打不开“{name}”").format(name=name.rpartition("/")[2] or name)
        page = ErrorState(title, error, lambda: self._on_opened(file), others)
        page.setProperty("role", "canvas")
        self._show(page)

    def _on_opened_read_only(self, file: str) -> None:
        QTimer.singleShot(0, self, partial(self.open, file, True))

    def choose_file(self) -> None:
        """Ask for another database file; without a choice the start page is shown."""
        from expo_app.ui.window.start import file_filter

        path, _filter = QFileDialog.getOpenFileName(self, _("打开展会数据库"), str(paths.data_dir()), file_filter())
        if path:
            self._on_opened(path)
        else:
            QTimer.singleShot(0, self, self.show_start)

    # --- who works ---

    def _ask_who(self, name: str = "") -> None:
        from expo_app.ui.window.sign_in import SignInPage

        if self.db is None:
            return
        page = SignInPage(self.db, name)
        page.signed_in.connect(lambda actor: QTimer.singleShot(0, self, partial(self._enter, actor)))
        page.left.connect(lambda: QTimer.singleShot(0, self, self.show_start))
        self._show(page)

    def _on_operator_wanted(self) -> None:
        QTimer.singleShot(0, self, self._change_operator)

    def _change_operator(self) -> None:
        if self._leave_frame():
            self._ask_who()

    def _enter(self, actor: Actor) -> None:
        """Build the frame for this person."""
        if self.db is None:
            return
        self.db.actor = actor
        expo = self.context.expo if self.context else expos.current(self.db)
        if actor.name and not (expo and expo.is_sample):
            self.settings.operator_name = actor.name
        self._build_frame(expo)
        if self.context is not None and not self.db.read_only:
            self.context.remember(last_file=self.db.url)
            self._tell_of_drafts(self.context)

    def _tell_of_drafts(self, context: Context) -> None:
        """What was being entered when the program ended, however it ended."""
        for spec in SPECS.values():
            waiting = len(drafts.kept(draft_key(context, spec))) if context.may_write(spec.permission) else 0
            if waiting:
                words = _("{what}：有 {n} 份没有提交的草稿").format(what=spec.label, n=waiting)
                go = partial(context.navigate, ListRoute(spec))
                messages.show(self, words, "info", (_("查看"), go))

    # --- frame ---

    def _build_frame(self, expo: expos.ExpoInfo | None, page: str = "") -> None:
        """A frame with a context of its own: whatever the pages before it listened with ends with them."""
        if self.db is None or not self._leave_frame():
            return
        clock = self.db.clock if self.context and self.context.expo == expo else None
        self._end_context()
        self.context = Context(self.db, self.settings, expo, self, clock)
        self.context.expo_changed.connect(self._name_window)
        self.context.language_wanted.connect(partial(self._soon, self.set_language))
        self.context.restore_wanted.connect(partial(self._soon, self.restore))
        self.frame = Frame(self.context, page)
        self.frame.start_wanted.connect(lambda: QTimer.singleShot(0, self, self.show_start))
        self.frame.operator_wanted.connect(self._on_operator_wanted)
        self.frame.language_wanted.connect(self.set_language)
        self.context.lock_changed.connect(self._on_lock)
        self._show(self.frame)
        self._name_window()
        if self.context.is_locked:
            self._resume_lock(self.context, self.frame)

    # --- a locked check-in desk ---

    @property
    def is_locked(self) -> bool:
        """Whether nothing of it can be used until its check-in desk is unlocked."""
        return self._locked is not None

    def _resume_lock(self, context: Context, frame: Frame) -> None:
        """The desk was locked when the program ended, however it ended: so it is again."""
        if not operators.supervisors(context.db):
            context.set_locked(False)  # nobody is left who could unlock it
            return
        self._on_lock(True)
        QTimer.singleShot(0, frame, frame.open_desk)

    def _on_lock(self, locked: bool) -> None:
        """Nothing of this window can be seen or used while its check-in desk is locked; open dialogs wait below."""
        if locked and self.db is not None and self.frame is not None and self._locked is None:
            self._locked = LockedPage(self.db)
            self._locked.desk_wanted.connect(self.frame.open_desk)
            self._locked.unlocked.connect(self._on_unlocked)
            self._covered = [part for part in self.findChildren(Scrim) if part.isVisible()]
            for part in self._covered:
                part.hide()
            self._stack.addWidget(self._locked)
            self._stack.setCurrentWidget(self._locked)
            self._locked.setFocus()
        elif not locked and self._locked is not None:
            self._uncover(self._locked)

    def _uncover(self, page: LockedPage) -> None:
        self._locked = None
        self._stack.removeWidget(page)
        page.hide()
        page.deleteLater()
        for part in filter(isValid, self._covered):
            part.show()

    def _on_unlocked(self) -> None:
        if self.context is not None:
            self.context.set_locked(False)

    def _leave_frame(self) -> bool:
        """Give the frame up. False: its check-in desk is locked or has scans to keep, so everything stays."""
        if self.frame is not None:
            if not self.frame.close_desk():
                return False
            self.frame = None
        return True

    def _name_window(self) -> None:
        expo = self.context.expo if self.context else None
        title = _("{expo} — 展务台").format(expo=named(expo.name, expo.name_en)) if expo else _("展务台")
        self.setWindowTitle(
            plain_text.shown(title).replace("[*]", "[*][*]")
        )  # one alone is Qt's mark of what is unsaved

    def set_language(self, name: str) -> None:
        """Use another language from now on: the frame and the page on the screen are built anew."""
        from expo_app.ui.window import translators

        if self.frame is not None and not self.frame.close_desk():
            return
        messages.hush(self)
        i18n.set_language(name)
        translators.install(name)
        page, place = (self.frame.page_name, self.frame.asked.place()) if self.frame else ("", None)
        self.settings.language = name
        if self.context is not None:
            self.context.remember(language=name)
            self.context.language_changed.emit()
            self._build_frame(self.context.expo, page)
            if self.frame is not None and place is not None:
                self.frame.go(place)
        else:
            self.show_start()

    def _soon(self, act: Callable[[Any], object], value: Any) -> None:
        QTimer.singleShot(0, self, partial(act, value))  # the widget that asked is about to go

    # --- back to a backup ---

    def restore(self, source: Path) -> None:
        """Close the file, put the verified backup in its place, open it again; the old file is kept beside it."""
        if self.db is None or self.db.path is None:
            return
        from expo_app.store import backup

        path = self.db.path
        if not self.close_database():
            return

        def done(kept: Path | None) -> None:
            self.open(str(path))
            words = _("已恢复到“{name}”；原文件保存为 {kept}").format(name=source.name, kept=kept.name if kept else "—")
            messages.show(self, words, "ok")

        def failed(error: Exception) -> None:
            self.open(str(path))
            if isinstance(error, UserError):
                messages.show(self, error)

        jobs.run_job(self, _("恢复"), lambda progress: backup.restore(source, path, progress), done, failed)

    # --- the end ---

    def close_database(self) -> bool:
        """Leave the frame and close the database, if one is open. False: the check-in desk may not be left now."""
        if not self._leave_frame():
            return False
        self._end_context()
        if self.db is not None:
            jobs.wait()
            self._show(QWidget())
            self.db.close()
            self.db = None
        return True

    def _end_context(self) -> None:
        """The page goes before its context: a job that ends in between finds neither."""
        if self.context is not None:
            self.context.close()
            if self.content is not None:
                self.content.deleteLater()
            self.context.deleteLater()
            self.context = None

    def closeEvent(self, event: QCloseEvent) -> None:
        shown = [job for job in jobs.running() if job.is_shown]
        if shown and not self._is_closing:
            event.ignore()
            text = _("“{title}”还没做完。现在退出会取消它，数据保持原样。").format(title=shown[0].title)
            verb, safe = _("取消并退出"), _("继续等")
            messages.confirm(self, _("还有工作在进行，退出？"), text, verb, self._close_anyway, safe=safe)
            return
        self._remember_place()
        if not self.close_database():
            event.ignore()
            return
        event.accept()

    def _close_anyway(self) -> None:
        self._is_closing = True
        self.close()

    def _remember_place(self) -> None:
        from expo_app import settings

        if not self.isFullScreen() and not self.isMaximized():
            box = self.geometry()
            self.settings.window = [box.x(), box.y(), box.width(), box.height()]
        try:
            settings.save(self.settings)
        except UserError:
            return  # the window is going: nothing is lost but its place
