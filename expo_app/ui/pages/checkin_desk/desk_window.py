"""The desk's window: readings in, one verdict out; the right column's panels; nothing modal, nothing lost."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Direction, Ways
from expo_app.rules import badge_code
from expo_app.services import checkin, checkin_gates
from expo_app.services.checkin import Found, OpenDesk, Scan
from expo_app.services.checkin_spool import Kept, Spool
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, sounds, tab_order, theme
from expo_app.ui.kit.panels import column
from expo_app.ui.page import Page
from expo_app.ui.pages.checkin_desk import verdict_words
from expo_app.ui.pages.checkin_desk.commands import Acts
from expo_app.ui.pages.checkin_desk.counters import Tally
from expo_app.ui.pages.checkin_desk.layout import Body
from expo_app.ui.pages.checkin_desk.panels import ENTER, ChoosePanel
from expo_app.ui.pages.checkin_desk.right_column import RightColumn
from expo_app.ui.pages.checkin_desk.scan_line import ScanLine, ScanRouter
from expo_app.ui.pages.checkin_desk.scan_queue import Act, Intake, Waiting

DWELL, BEAT = 300, 1000  # ms a verdict stands at least, and of the clock
IDLE, SECOND_ENTER = 60.0, 0.3  # seconds
HURRY = 3
BRIEF, PATIENCE = {"E-DB-LOCKED", "E-DB-DEADLOCK"}, 5.0
"""Another program that writes is no trouble before so many seconds."""
LATE = 5.0
"""Seconds after which a scan is no longer about whoever stands at the desk."""
STAYS = 60_000
"""Milliseconds for which it is told who should not have been let in."""


class CheckinDesk(Page):
    """签到台 for one desk at one gate. Without names it takes those used last, or asks.

    Raises UserError where the expo has no desk of that name. Show it with `showFullScreen()`.
    """

    reads_codes = True

    def __init__(self, context: Context, desk_name: str | None = None, gate_name: str | None = None) -> None:
        super().__init__()
        if context.expo is None:
            raise UserError(_("还没有展会，不能签到。先新建一届。"), "E-DESK")
        self.context, self.expo = context, context.expo
        self.desk: OpenDesk | None = None
        self.last: Scan | None = None
        self._pending: tuple[Found, float] | None = None
        self._answers: deque[Scan] = deque()
        self._late: list[Scan] = []
        self._is_out = self._is_spooled = self._leaves = self._is_own_clock = False
        self._spool: Spool | None = None
        self._spooled: list[Kept] = []
        self._shown_at, self._said_here = time.monotonic(), 0.0
        self.setObjectName("checkin_desk")
        self.setProperty("role", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(theme.Width.WINDOW_MIN, theme.WINDOW_MIN_HEIGHT)
        self.setWindowTitle(_("签到台"))
        self._outer = column(self, 0)
        self.intake = Intake(self)
        self.right = RightColumn(self.go_home, lambda: self.desk is not None, self._choose_desk)
        self.acts, self.tally = Acts(self, self.right), Tally(self)
        self._build()
        self._connect()
        self.acts.read_supervisors(self._show_header)
        self._begin(desk_name, gate_name)

    # --- made once, or again for another language ---

    def _build(self) -> None:
        self.line = ScanLine()
        self.line.setProperty("role", "scan")
        self.body = Body(self.line)
        self._outer.addWidget(self.body)
        self.right.stand_in(self.body.side)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        self._router = ScanRouter(self.line, app)
        self.line.scanned.connect(self._on_scanned)
        self.line.installEventFilter(self)
        header, side, footer = self.body.header, self.body.side, self.body.footer
        header.desk.clicked.connect(self.acts.choose)
        header.lock.clicked.connect(self.acts.toggle_lock)
        header.exit.clicked.connect(self.close)
        for key, button in (side.keys | footer.keys).items():
            button.clicked.connect(partial(self._press, key))
        self.body.set_low(self.height() < theme.LOW_WINDOW)
        self._rest()

    def _connect(self) -> None:
        for key in ("F1", "F2", "F3", "F4", "F6", "F7", "F8", "F11"):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self._press, key))
        self.intake.waiting.connect(self._on_waiting)
        self._dwell = QTimer(self, singleShot=True)
        self._dwell.timeout.connect(self._show_next)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()
        self.context.changed.connect(self._on_changed)
        self.context.actor_changed.connect(self._show_header)
        self.context.language_changed.connect(self._retranslate)
        self.context.lock_changed.connect(self._on_lock)

    def _press(self, key: str, _checked: bool = False) -> None:
        """A function key or its button. Without a desk only help and the way out do anything."""
        acts = {
            "F1": self.acts.help, "F2": self.acts.walk_in, "F3": self.acts.search, "F4": self.acts.badge,
            "F6": self.acts.undo, "F7": self.acts.override, "F8": self.turn,
            "F11": self.close,
        }  # fmt: skip
        if self.desk is None and key not in ("F1", "F11"):
            self.acts.choose()
            return
        acts[key]()

    def _retranslate(self) -> None:
        self.right.forget()
        self._pending = None
        self._outer.removeWidget(self.body)
        self.body.deleteLater()
        self._build()
        self._show_header()
        self.tally.show()
        if self.last is not None:
            self._show_scan(self.last)
        self.right.close()

    def _begin(self, desk_name: str | None, gate_name: str | None) -> None:
        desks, gates = checkin.names(self.context.db, self.expo.id)
        settings = self.context.settings
        wanted = desk_name or settings.desk_name
        gate = gate_name if desk_name else settings.gate_name
        if desk_name or wanted in desks:
            self.open_desk(wanted, gate if gate_name or gate in gates else "")
        elif len(desks) == 1:
            self.open_desk(next(iter(desks)), "")
        elif desks:
            self._show_header()
            self.acts.choose()
        else:
            raise UserError(_("这届展会还没有签到台，不能签到。请在“数据与设置”里添加。"), "E-DESK")

    def open_desk(self, desk_name: str, gate_name: str | None) -> None:
        """Work at this desk and gate from now on."""
        opened = checkin.open_desk(self.context.db, self.expo.id, desk_name, gate_name or "")
        if self.desk is not None:
            self.desk.close()
        self.desk = opened
        self.destroyed.connect(opened.close)
        self.last, self._pending, self._said_here = None, None, 0.0
        self._rest()
        self._show_header()
        self.tally.start()
        self._take_up(opened)

    # --- readings ---

    def _on_scanned(self, raw: str, _is_burst: bool) -> None:
        """A code is a scan, whoever typed it; a badge number opens its person; other words of a hand are a search."""
        if self.desk is None:
            self._refuse()
            return
        self.acts.hush()
        self._leave_opened()
        number = badge_code.badge_no(raw)
        if number is not None:
            self.open_number(number)
        elif _is_burst or badge_code.normalise(raw) is not None:
            desk = self.desk
            self.take_scan(Kept(desk.new_id(), self.context.now(), desk.direction, raw))
        else:
            self.acts.search(badge_code.clean_raw(raw).strip())

    def read_code(self, raw: str) -> None:
        self.line.deliver(raw)

    def _refuse(self) -> None:
        """A code without a desk is not kept, and says so; the choice stays open beside it."""
        self._shown_at = time.monotonic()
        self.body.verdict.show_face(verdict_words.refused_face())
        sounds.play("reject", self.context.settings.sound_volume)
        if not isinstance(self.right.shown, ChoosePanel):
            self.acts.choose()

    def _rest(self) -> None:
        """What stands there while nobody was scanned: the next one, or first of all a desk."""
        is_chosen = self.desk is not None
        self.body.set_chosen(is_chosen)
        self.body.verdict.show_face(
            verdict_words.idle_face(self.desk.direction) if self.desk else verdict_words.unchosen_face()
        )
        self.body.person.show_face(verdict_words.nobody_face())
        self._show_person_key()

    def take(self, act: Callable[[], Scan], scan: Kept | None = None) -> None:
        """Do one scan after those that wait; its verdict follows."""
        self._shown_at = time.monotonic()
        self.intake.add(Act(act, partial(self._on_answered, self._shown_at), self._on_failed, scan))

    def take_scan(self, scan: Kept) -> None:
        """The same for what is kept beside the database while it waits."""
        if self.desk is not None:
            self.take(partial(self.desk.repeat, scan), scan)

    def _take_up(self, desk: OpenDesk) -> None:
        """What waited when the desk was closed, or the power went."""
        self._spool = Spool(self.context.db.url, desk.post.desk_id)
        self._spooled = self._spool.read()
        for scan in self._spooled:
            self.intake.add(Act(partial(desk.repeat, scan), partial(self._on_answered, 0.0), self._on_failed, scan))

    def _on_waiting(self, waiting: Waiting) -> None:
        """Not kept yet: just slow at first, then with what is in the way."""
        self._shown_at = time.monotonic()
        is_long = waiting.cause is not None and (waiting.cause.code not in BRIEF or waiting.seconds > PATIENCE)
        face = verdict_words.outage_face(waiting, self.expo.zone) if is_long else verdict_words.busy_face(waiting.count)
        if face != self.body.verdict.face:
            self.body.verdict.show_face(face)
            self.body.person.show_face(verdict_words.nobody_face())
        if is_long:
            self._keep_beside()
        if is_long and not self._is_out:
            sounds.play("reject", self.context.settings.sound_volume)
        self._is_out = is_long
        self.show_pills()

    def _keep_beside(self) -> None:
        """What waits, written beside the database wherever that has changed; nothing once nothing waits."""
        scans = self.intake.scans
        if self._spool is None or scans == self._spooled:
            return
        self._spooled, self._is_spooled = scans, False
        self.intake.beside(partial(self._spool.write, scans), self._on_kept_beside)

    def _on_kept_beside(self, is_written: bool) -> None:
        self._is_spooled = is_written

    def open_number(self, number: str) -> None:
        """Open whoever has this badge number: who it is, and Enter lets in."""
        if self.desk is not None:
            look = partial(checkin.by_badge_no, self.context.db, self.expo.id, number, self.desk.post)
            self.ask(look, partial(self._on_looked_up, number), self._on_failed)

    @property
    def today(self) -> date | None:
        """The day of the expo that it is; None before and after."""
        today = self._now().date()
        return today if today in self.expo.days else None

    def _on_looked_up(self, number: str, found: Found | None) -> None:
        if found is None:
            self.acts.search(number)
            return
        self._pending = (found, time.monotonic())
        self.right.leave_others(found.attendee_id)
        self._shown_at = time.monotonic()
        self.body.verdict.show_face(verdict_words.opened_face())
        self.body.person.show_face(verdict_words.found_face(found))
        self._show_person_key()

    def admit(self, found: Found) -> None:
        """Let a person in who was found, not scanned; the same rules judge."""
        if self.desk is not None:
            self.acts.hush()
            self._leave_opened()
            desk = self.desk
            self.take_scan(Kept(desk.new_id(), self.context.now(), desk.direction, attendee_id=found.attendee_id))

    @property
    def subject(self) -> tuple[uuid.UUID, str, str] | None:
        """Whom F4 is about: attendee, name and badge number of the person opened, else of the last scan."""
        who = self._pending[0] if self._pending is not None else self.last
        if who is None or who.attendee_id is None:
            return None
        return who.attendee_id, who.name, who.badge_no

    def _on_answered(self, began: float, scan: Scan) -> None:
        """One that waited long is not the person who stands here now: it is counted, and told with the others."""
        if self._is_out:
            self._is_out = False
            self.show_pills()
        if time.monotonic() - began > LATE:
            self._late.append(scan)
            self.tally.add(scan)
        else:
            self._answers.append(scan)
        if not self.intake.count:
            self._keep_beside()
        if self._late and not self.intake.count:
            self._tell_late()
        if self._answers and not self._dwell.isActive():
            self._show_next()

    def _tell_late(self) -> None:
        """What had waited is kept now; who should not have come in is named for the supervisor, too."""
        late, self._late = self._late, []
        self._shown_at = time.monotonic()
        self.body.verdict.show_face(verdict_words.caught_up_face(late))
        self.body.person.show_face(verdict_words.nobody_face())
        refused = [scan for scan in late if scan.tone == "bad"]
        if refused:
            names = "、".join(f"{scan.name or scan.code}（{scan.verdict.label}）" for scan in refused)
            words = _("补记的扫描里有 {n} 次不该放行：{names}。请告诉主管。").format(n=len(refused), names=names)
            messages.show(self, words, "warn", stays=STAYS)

    def _show_next(self) -> None:
        """One verdict at a time, each long enough to be seen; a crowd is shown faster."""
        if not self._answers:
            return
        scan = self._answers.popleft()
        self.last, self._pending = scan, None
        self.right.leave_others(scan.attendee_id)
        self._show_scan(scan)
        if not scan.bounce:
            sounds.play(sounds.NAMES[scan.tone], self.context.settings.sound_volume)
            self.tally.add(scan)
        self._dwell.start(0 if len(self._answers) > HURRY else DWELL)

    def _show_scan(self, scan: Scan) -> None:
        if self.desk is None:
            return
        self._shown_at = time.monotonic()
        self.body.verdict.show_face(verdict_words.verdict_face(scan))
        self.body.person.show_face(verdict_words.person_face(scan, self.desk.post))
        self.body.verdict.repaint()
        self._show_person_key()

    def _leave_opened(self) -> None:
        """Whoever was opened by hand is no longer the one at the desk."""
        self._pending = None
        self._show_person_key()

    def _show_person_key(self) -> None:
        """F4 names whom it is about."""
        name = self.subject[1] if self.subject is not None else ""
        self.body.side.keys["F4"].set_words(_("上一位：{name}").format(name=name) if name else "")

    def _on_failed(self, error: Exception) -> None:
        self._shown_at = time.monotonic()
        is_known = isinstance(error, UserError)
        sentence = str(error) if is_known else _("出了意外，这一次还没有保存，稍后自动再试。请接着扫下一位。")
        self.body.verdict.show_face(verdict_words.fault_face(sentence))
        self.body.person.show_face(verdict_words.nobody_face())
        sounds.play("reject", self.context.settings.sound_volume)
        if not self.intake.count:
            self._keep_beside()

    def show_undone(self, scan: Scan) -> None:
        """The last admission was taken back."""
        self._shown_at, self.last, self._pending = time.monotonic(), None, None
        self.right.leave_others(scan.attendee_id)
        self.body.verdict.show_face(verdict_words.undone_face(scan))
        self.body.person.show_face(verdict_words.undone_person_face(scan))
        self._show_person_key()
        self.tally.recount()

    # --- header, clock, idle ---

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & {"check_in", "attendee", "person"}:
            self.tally.recount_soon()
        if tables & {"gate", "gate_hours", "desk", "expo"} and self.desk is not None:
            self.ask(self.desk.refresh, lambda _post: self._show_header(), lambda _error: None)
        if tables & {"operator"}:
            self.acts.read_supervisors(self._show_header)

    def _show_header(self) -> None:
        header, actor = self.body.header, self.context.actor
        today = self._now().date()
        header.operator.setText(f"{actor.role.label} {actor.name}".strip())
        self.show_pills()
        self.body.footer.show_turn(self.desk is not None and self.desk.post.ways is Ways.BOTH)
        header.desk.set_text(self.desk.post.desk if self.desk else _("选择签到台"))
        header.rule.set_text(verdict_words.rule_of(self.desk.post, today) if self.desk else "")
        header.lock.setVisible(bool(self.acts.supervisors()))
        icon, token = ("lock-line", "warn") if self.is_locked else ("lock-unlock-line", "text.2")
        header.lock.set_icon(icon, token)
        self._on_beat()

    def show_pills(self) -> None:
        """Marks of the expo; which way people pass and how full it is behind the gate."""
        pills = [(_("示例"), "warn")] if self.expo.is_sample else []
        if self._is_own_clock:
            pills.append((_("时钟：按 {day} 计").format(day=f"{self._now():%m-%d}"), "warn"))
        if self._is_out:
            pills.insert(0, (_("{n} 次在等").format(n=self.intake.count), "bad"))
        if self.expo.rehearsal_at is not None:
            pills.append((_("演练时钟"), "info"))
        if self.desk is not None:
            is_out = self.desk.direction is Direction.OUT
            pills.append((_("方向：出") if is_out else _("方向：进"), "plum" if is_out else "info"))
            if self.tally.crowd is not None:
                pills.append(verdict_words.crowd_pill(self.tally.crowd))
        self.body.header.show_pills(pills)

    def turn(self) -> None:
        """F8: from in to out and back, where this desk scans both ways; not while a scan waits to be kept."""
        desk = self.desk
        if desk is None or self.intake.count:
            return
        try:
            desk.turn(Direction.IN if desk.direction is Direction.OUT else Direction.OUT)
        except UserError as error:
            self.acts.say(error)
            return
        self._rest()
        self._show_header()

    def _say_here(self) -> None:
        """That this desk is there; a signal that fails shows it as offline, and the next one is near."""
        if self.desk is not None:
            self._said_here = time.monotonic()
            say = partial(checkin_gates.say_here, self.context.db, self.desk.post.desk_id)
            self.ask(say, lambda _none: None, lambda _error: None)

    def _on_beat(self) -> None:
        now = time.monotonic()
        if now - self._said_here > checkin_gates.SIGNAL.total_seconds():
            self._say_here()
        self.body.header.clock.setText(f"{self._now():%H:%M}")
        self._look_at_clock()
        self._show_ready()
        self.tally.recount_old()
        if now - self._shown_at > IDLE and not self.intake.count and self._pending is None:
            self._rest()

    def _now(self) -> datetime:
        return self.context.now().astimezone(self.expo.zone)

    def _look_at_clock(self) -> None:
        """A jump of the computer's clock is told at once, and asked about wherever no other panel is open."""
        clock = self.desk.clock if self.desk is not None else None
        is_own = clock is not None and clock.is_own
        if is_own != self._is_own_clock:
            self._is_own_clock = is_own
            self.show_pills()
            self.tally.recount()
        if clock is not None and clock.jump is not None and self.right.shown is None:
            self.acts.ask_clock(clock.jump, clock)

    def _show_ready(self) -> None:
        is_heard = QApplication.activeWindow() is not None  # other windows of the program pass codes on
        self.body.footer.show_ready(self.desk is not None, is_heard)

    # --- panels and focus ---

    def ask(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """`work()` off the window's thread; one of the two follows on it."""
        jobs.run_job(self, "", lambda _progress: work(), done, failed, card=False)

    def _choose_desk(self) -> None:
        self.acts.choose()

    def go_home(self) -> None:
        """The focus to where a code goes."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.body.box.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.go_home()

    def focusNextPrevChild(self, forward: bool) -> bool:
        return tab_order.go_on(self, forward)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and hasattr(self, "body"):
            self._show_ready()
            if self.isActiveWindow() and self.right.shown is None:
                self.go_home()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.line:
            return False
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.body.box.update()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_line_key(event)
        return False

    def _on_line_key(self, event: QKeyEvent) -> bool:
        """Enter on the empty field admits the person who was opened; Esc empties, then closes the panel."""
        if event.key() in ENTER and not self.line.text() and self._pending is not None:
            found, since = self._pending
            if time.monotonic() - since >= SECOND_ENTER:
                self.admit(found)
            return True
        if event.key() == Qt.Key.Key_Escape:
            if self.line.text():
                self.line.clear()
            elif self._pending is not None:
                self._pending = None
                self._rest()
            else:
                self.right.close()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.body.set_low(self.height() < theme.LOW_WINDOW)

    @property
    def is_locked(self) -> bool:
        """Whether a supervisor's PIN is asked before the desk is left."""
        return self.context.is_locked

    def _on_lock(self, _locked: bool) -> None:
        self._show_header()
        self.go_home()

    def close_unlocked(self) -> None:
        """Unlock and close, once nothing waits to be kept: a supervisor said so."""
        if not self.intake.count:
            self.context.set_locked(False)
        self.close()

    def _ask_to_leave(self) -> None:
        """Scans wait: leaving is for somebody who was told what becomes of them."""
        waiting = self.intake.state
        if not self._is_out:
            self.body.verdict.show_face(verdict_words.busy_face(waiting.count))
            return
        text = _("它们已记在这台电脑上，下次打开这个签到台时自动补记。")
        if not self._is_spooled:
            text = _("它们没有别处可记：现在退出就会丢失。先腾出磁盘空间或接通服务器。")
        messages.confirm(
            self, _("还有 {n} 次扫描没有存进数据库").format(n=waiting.count), text, _("退出"), self._leave,
            danger=not self._is_spooled, safe=_("留在这里"),
        )  # fmt: skip

    def _leave(self) -> None:
        self._leaves = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not while a scan is not kept; not from a locked desk without a PIN."""
        if self.intake.count and not self._leaves:
            self._ask_to_leave()
            event.ignore()
            return
        if self.is_locked:
            self.acts.unlock_to_leave()
            event.ignore()
            return
        self._beat.stop()
        self.tally.stop()
        self.intake.stop()
        if self.desk is not None:
            self.desk.close()
        super().closeEvent(event)
