"""What every page is given: the open database, the expo, who works, the settings, and word of what changed.

Signals arrive on the GUI thread. `changed(tables)` gathers what was committed in one turn of the event loop, from
whatever thread; `navigated(route)` asks the window for another page.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from expo_app import settings as settings_store
from expo_app.errors import UserError
from expo_app.model.expo import today_of
from expo_app.routes import Route
from expo_app.rules import access
from expo_app.rules.terms import Term, Terms
from expo_app.services import records
from expo_app.services.expos import ExpoInfo, all_expos, clock_of, keep_clock
from expo_app.services.words import terms
from expo_app.settings import Settings
from expo_app.specs import EXPOS
from expo_app.specs.records import RecordSpec, by_name
from expo_app.store.database import Actor, Database
from expo_app.ui.kit import jobs, messages

TERM_TABLES = frozenset({"word", "word_choice", "category"})
OTHERS, IN_THE_HALL = 2_000, 50  # milliseconds between two looks at what other programs wrote


class Context(QObject):
    """One open database in one window. `host` is the widget that messages and jobs belong to."""

    changed = Signal(object)  # frozenset of table names
    expo_changed = Signal()
    actor_changed = Signal()
    language_changed = Signal()
    navigated = Signal(object)  # a routes.Route
    language_wanted = Signal(str)
    restore_wanted = Signal(object)  # path of a backup
    lock_changed = Signal(bool)
    backed_up = Signal()  # by a page; the status bar looks again
    _heard = Signal(object)

    def __init__(
        self,
        db: Database,
        settings: Settings,
        expo: ExpoInfo | None = None,
        host: QWidget | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """`clock`: one that runs already, to be kept; else the expo's begins."""
        super().__init__(host)
        self.db, self.settings, self.host = db, settings, host
        self.expo: ExpoInfo | None = None
        self._terms: dict[str, Terms[Term]] = {}
        self._tables: set[str] = set()
        self._told = QTimer(self, singleShot=True, interval=0)
        self._told.timeout.connect(self._tell)
        self._heard.connect(self._hear)
        self._stop = db.listen(self._heard.emit)
        self._is_asking = False
        self._hurried: set[QObject] = set()
        self._others = QTimer(self, interval=OTHERS)
        self._others.timeout.connect(self._ask_others)
        self._others.start()
        self._ask_others()
        self._use(expo, clock)

    # --- who, where, when ---

    @property
    def expo_id(self) -> uuid.UUID | None:
        """The key of the current expo; None in an empty file."""
        return self.expo.id if self.expo else None

    @property
    def actor(self) -> Actor:
        """Who works; written into every audit row."""
        return self.db.actor

    def now(self) -> datetime:
        """The moment by the expo's clock, aware, in UTC."""
        return self.db.now()

    def today(self) -> date:
        """The day by the expo's clock."""
        return today_of(self.expo, self.now())

    def usual_day(self, spec: RecordSpec) -> date:
        """The day a date of such a record is most likely about: one of the expo's, but today for an expo itself."""
        if self.expo is None or spec is EXPOS:
            return datetime.now().astimezone().date()
        return self.expo.facts(self.now()).usual_day

    def may(self, permission: str) -> bool:
        """Whether the operator's role holds `permission` and the file can be written; services check again."""
        return access.allowed(self.db.actor.role, permission)

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be saved in this file."""
        return self.db.read_only

    def may_write(self, permission: str) -> bool:
        """Whether a change under `permission` can succeed at all."""
        return not self.db.read_only and self.may(permission)

    @property
    def is_locked(self) -> bool:
        """Whether the check-in desk of this file is locked on this computer: nothing else can be done but check in."""
        return bool(self.settings.locked_file) and self.settings.locked_file == self.db.url

    def set_locked(self, locked: bool) -> None:
        """Lock the check-in desk, or unlock it; kept on this computer, so that a restart is no way out."""
        self.remember(locked_file=self.db.url if locked else "")
        self.lock_changed.emit(locked)

    def set_expo(self, expo: ExpoInfo) -> None:
        """Work on another expo, by its clock."""
        self._use(expo)
        self.expo_changed.emit()

    def set_actor(self, actor: Actor) -> None:
        """Somebody else works now."""
        self.db.actor = actor
        self.actor_changed.emit()

    def _use(self, expo: ExpoInfo | None, clock: Callable[[], datetime] | None = None) -> None:
        self.expo = expo
        self._terms.clear()
        self.db.clock = clock or clock_of(self.db, expo)

    # --- doing things ---

    def navigate(self, route: Route) -> None:
        """Go to a place in the window: `navigate(ListRoute(EXHIBITORS, record=id))`."""
        self.navigated.emit(route)

    def run(
        self,
        title: str,
        work: Callable[[jobs.Progress], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        parent: QWidget | None = None,
    ) -> jobs.Job:
        """Run `work(progress)` off the GUI thread with a card at the bottom right; see jobs.run_job."""
        owner = parent or self.host
        if owner is None:
            raise ValueError("a job needs a widget to report to")
        return jobs.run_job(owner, title, work, done, failed)

    def options(self, spec_name: str, text: str) -> list[tuple[uuid.UUID, str]]:
        """(id, name) of records that match what was typed, for pickers."""
        return records.options(self.db, by_name(spec_name), text, self.expo_id)

    def terms(self, spec_name: str) -> Terms[Term]:
        """The words of a vocabulary in this expo's order; read again once somebody changed them."""
        if (found := self._terms.get(spec_name)) is None:
            found = self._terms[spec_name] = terms(self.db, spec_name, self.expo_id)
        return found

    def only(self, field: str, spec: RecordSpec) -> dict[str, str]:
        """The one record there is to choose in `field`; with several the person chooses."""
        offered = self.options(spec.name, "")
        return {field: offered[0][1]} if len(offered) == 1 else {}

    def remember(self, mark: Mapping[str, str] | None = None, **values: Any) -> None:
        """Keep settings of this computer, and a mark of the daily run; where they cannot be written the person is
        told."""
        for name, value in values.items():
            setattr(self.settings, name, value)
        try:
            settings_store.save(self.settings, mark)
        except UserError as error:
            if self.host is not None:
                messages.show(self.host, error, "warn")

    # --- news ---

    def hurry(self, who: QObject, on: bool) -> None:
        """Look every 50 ms for what other programs wrote, as long as anybody wants it: in a hall people watch."""
        (self._hurried.add if on else self._hurried.discard)(who)
        self._set_pace()

    def _set_pace(self) -> None:
        self._hurried = {who for who in self._hurried if isValid(who)}
        pace = IN_THE_HALL if self._hurried else OTHERS
        if pace != self._others.interval():
            self._others.setInterval(pace)

    def _hear(self, tables: frozenset[str]) -> None:
        self._tables |= tables
        if not self._told.isActive():
            self._told.start()

    def _ask_others(self) -> None:
        """Whether another program wrote to the same database: a file is asked here, a server in a worker."""
        if self._hurried:
            self._set_pace()
        if self.db.is_sqlite:
            try:
                self.db.hear_others()
            except UserError:
                self._others.stop()  # a file that cannot be watched, on a disc or an archive: nobody writes to it
        elif not self._is_asking and self.host is not None:
            self._is_asking = True
            job = jobs.run_job(
                self.host, "", lambda _progress: self.db.hear_others(), None, lambda _error: None, card=False
            )
            job.finished.connect(self._on_asked)

    def _on_asked(self) -> None:
        self._is_asking = False

    def _tell(self) -> None:
        tables, self._tables = frozenset(self._tables), set()
        if tables & TERM_TABLES:
            self._terms.clear()
        if tables & {"expo", "expo_venue", "venue"} and self.expo is not None:
            self._reread_expo(self.expo)
        self.changed.emit(tables)

    def _reread_expo(self, before: ExpoInfo) -> None:
        """Somebody edited the expo: its name, days, venues or clock may be others now."""
        try:
            now = next((expo for expo in all_expos(self.db) if expo.id == before.id), None)
        except UserError:  # the server is away: the next change is read
            return
        if now is None or now == before:
            return
        if now.rehearsal_at == before.rehearsal_at:
            self.expo = now  # the clock runs on
        else:
            self._use(now)
        self.expo_changed.emit()

    def close(self) -> None:
        """Stop listening; the database is closed by whoever opened it. A rehearsal goes on from here the next time."""
        with suppress(UserError):  # somebody writes, or the disk is full: then it goes on from the newest scan
            keep_clock(self.db)
        self._stop()
        self._told.stop()
        self._others.stop()
