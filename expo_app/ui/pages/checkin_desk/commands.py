"""What the function keys do: each opens a panel or asks a service; the window shows what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from expo_app.documents.badges import Printed, print_badges
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules import verdict
from expo_app.services import attendees, badges, checkin, operators
from expo_app.services.attendees import Registration
from expo_app.services.checkin import Found, Scan
from expo_app.services.checkin_desks import desks_and_gates
from expo_app.services.checkin_spool import Kept
from expo_app.services.known_people import KnownPerson, find_known
from expo_app.services.steady_clock import Jump, SteadyClock
from expo_app.store.database import Actor
from expo_app.ui.kit import jobs, messages
from expo_app.ui.pages.checkin_desk.arrivals import SearchPanel, WalkInPanel
from expo_app.ui.pages.checkin_desk.panels import BadgePanel, ChoosePanel, ClockPanel, DonePanel, HelpPanel, PinPanel
from expo_app.ui.pages.checkin_desk.print_now import print_now
from expo_app.ui.pages.checkin_desk.scan_queue import Act

if TYPE_CHECKING:
    from expo_app.ui.pages.checkin_desk.desk_window import CheckinDesk
    from expo_app.ui.pages.checkin_desk.right_column import RightColumn

STAYS = 8000
"""Milliseconds a refusal stands: it is about the key just pressed, and nobody has a hand free to close it."""
Who = tuple[uuid.UUID, str, str]
"""Attendee, name, badge number."""


class Acts:
    """The acts of one desk window."""

    def __init__(self, window: CheckinDesk, right: RightColumn) -> None:
        self._window, self._right = window, right
        self._context = window.context
        self._said: list[messages.Toast] = []
        self._supervisors: list[str] = []
        self._walked_in: dict[str, Any] = {}  # what the last one registered here said
        self._turn = 0  # which key was pressed last: an answer to an older one opens nothing

    @property
    def _expo_id(self) -> uuid.UUID:
        return self._window.expo.id

    def help(self) -> None:
        """F1."""
        self._open(HelpPanel())

    def choose(self) -> None:
        """Which desk and gate this is; remembered for the next start."""
        look = partial(desks_and_gates, self._context.db, self._expo_id)
        self._turn += 1
        self._window.ask(look, partial(self._open_choice, self._turn), self.say)

    def _open_choice(self, turn: int, found: tuple[dict[str, str], list[str]]) -> None:
        if turn != self._turn:
            return  # another key was pressed meanwhile
        by_desk, gates = found
        desk, settings = self._window.desk, self._context.settings
        here = (desk.post.desk, desk.post.gate) if desk else (settings.desk_name, settings.gate_name)
        panel = ChoosePanel(by_desk, gates, *here)
        panel.chosen.connect(self._on_chosen)
        self._open(panel)

    def _on_chosen(self, desk: str, gate: str) -> None:
        try:
            self._window.open_desk(desk, gate)
        except UserError as error:
            self.say(error)
            return
        self._context.remember(desk_name=desk, gate_name=gate)
        self._right.close()

    # --- F2 ---

    def walk_in(self) -> None:
        """F2: a new registration, or the one begun before."""
        self._turn += 1
        if isinstance(self._right.shown, WalkInPanel):
            self._right.shown.first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        panel = self._right.take_kept()
        if panel is None:
            register = partial(attendees.walk_in, self._context.db, self._expo_id)
            find = partial(find_known, self._context.db, self._expo_id)
            terms, today = self._context.terms("categories"), self._window.today
            panel = WalkInPanel(self._window.ask, register, find, terms, today, self._walked_in)
            panel.registered.connect(self._on_registered)
            panel.seen.connect(self._on_seen)
            panel.closed.connect(self._right.close)
        self._right.show(panel)

    def _on_registered(self, made: Registration) -> None:
        desk, panel = self._window.desk, self._right.shown
        name = ""
        if isinstance(panel, WalkInPanel):
            name, self._walked_in = panel.name.text().strip(), panel.values
        self._right.close()
        if desk is not None:
            self._window.take_scan(
                Kept(desk.new_id(), self._context.now(), desk.direction, attendee_id=made.attendee_id)
            )
        self._offer_print(_("已登记"), (made.attendee_id, name, made.badge_no))

    def _on_seen(self, known: KnownPerson) -> None:
        """Whoever is registered already is opened as by the number: Enter lets in, F4 is about the badge."""
        self._right.close()
        self._window.open_number(known.badge_no)

    def _offer_print(self, title: str, who: Who) -> None:
        panel = DonePanel(title, *who)
        panel.print_wanted.connect(self.print)
        self._open(panel)

    # --- F3 ---

    def search(self, text: str | bool = "") -> None:
        """F3: find a person. What was read last and not understood stands in the field."""
        if not isinstance(text, str) or not text:
            last = self._window.last
            text = last.code if last is not None and last.attendee_id is None else ""
        desk = self._window.desk
        find = partial(checkin.find, self._context.db, self._expo_id, at=desk.post if desk else None)
        panel = SearchPanel(self._window.ask, find, text)
        panel.set_low(self._window.body.side.last.row_height < panel.results.row_height)
        panel.picked.connect(self._on_picked)
        self._open(panel)

    def _on_picked(self, found: Found) -> None:
        self._right.close()
        self._window.admit(found)

    # --- F4 ---

    def badge(self) -> None:
        """F4: replace the badge of the last person, or print it again where the services' rule allows it."""
        who = self._window.subject
        if who is None:
            self.say(UserError(_("还没有上一位。先扫码，或输入证件号打开本人。")), "info")
            return
        self._turn += 1
        turn = self._turn
        look = partial(badges.to_print, self._context.db, self._expo_id, [who[0]])
        self._window.ask(look, lambda _cards: self._open_badge(turn, who, None), partial(self._on_held, turn, who))

    def _on_held(self, turn: int, who: Who, error: Exception) -> None:
        if isinstance(error, UserError) and error.code in ("E-NO-BADGE", "E-HANDED-OVER"):
            self._open_badge(turn, who, error)
        else:
            self.say(error)

    def _open_badge(self, turn: int, who: Who, held: UserError | None) -> None:
        if turn != self._turn or self._window.subject != who:
            return  # another key was pressed, or another person came
        panel = BadgePanel(who[0], who[1], held)
        panel.wanted.connect(partial(self._on_badge_wanted, who))
        self._open(panel)

    def _on_badge_wanted(self, who: Who, what: str, reason: str) -> None:
        person, db = who[0], self._context.db
        if what == "again":
            self._right.close()
            self.print(person)
            return
        work: Any = partial(badges.reissue, db, person, reason)
        if what == "issue":
            work = partial(badges.issue, db, [person])
        self._window.ask(work, partial(self._on_badge_made, what, who), self._say_in_panel)

    def _on_badge_made(self, what: str, who: Who, made: Any) -> None:
        if not made:  # nobody is issued a badge for a registration that was cancelled
            self._say_in_panel(UserError(_("登记已取消，没有制证，数据未变。先恢复登记。"), "E-CANCELLED"))
            return
        title = _("已换发，旧卡作废") if what == "reissue" else _("已制证")
        self._offer_print(title, who)

    def print(self, attendee_id: uuid.UUID) -> None:
        """One badge on the usual printer; counted once it went there."""
        db, layout = self._context.db, self._context.settings.badge_layout

        def make(path: Path, progress: jobs.Progress) -> Printed:
            return print_badges(db, self._expo_id, [attendee_id], path, layout, progress)

        def mark(made: Printed) -> None:
            self._window.ask(partial(badges.mark_printed, db, made.badge_ids), lambda _none: None, self.say)

        print_now(self._window, _("胸卡"), make, mark)

    # --- F6, F7, leaving ---

    def undo(self) -> None:
        """F6: the desk's last admission no longer counts."""
        desk = self._window.desk
        if desk is not None:
            self._window.intake.add(Act(desk.undo_last, self._window.show_undone, self.say))

    def override(self) -> None:
        """F7: a supervisor lets the person in who was refused last."""
        last, who = self._window.last, self.supervisors()
        if last is None or last.lets_in or last.verdict not in verdict.OVERRIDABLE:
            self.say(UserError(_("没有可以强制放行的人：未确认、时间或类别不符、满员或未开放时才可以。")), "info")
            return
        if not who:
            self.say(UserError(_("还没有设 PIN 的主管，不能强制放行。请管理员在“数据与设置”里设。")), "warn")
            return
        about = (last.attendee_id, last.name)
        panel = PinPanel(_("强制放行"), _("放行"), who, *self._pin_calls, about, with_reason=True)
        panel.given.connect(partial(self._on_override, last))
        self._open(panel)

    def _on_override(self, last: Scan, actor: Actor, reason: str) -> None:
        desk = self._window.desk
        self._right.close()
        if desk is not None:
            self._window.take(partial(desk.override, last, actor, reason, self._context.now(), desk.new_id()))

    def supervisors(self) -> list[str]:
        """Who may give a word: administrators and supervisors with a PIN, whoever works now first."""
        return sorted(self._supervisors, key=lambda name: name != self._context.actor.name)

    def read_supervisors(self, then: Callable[[], object]) -> None:
        """Ask again who they are."""

        def take(names: list[str]) -> None:
            self._supervisors = names
            then()

        self._window.ask(partial(operators.supervisors, self._context.db), take, lambda _error: None)

    def toggle_lock(self) -> None:
        """Lock the desk at once; unlocking takes a PIN."""
        if self._window.is_locked:
            self._ask_pin(_("解锁签到台"), _("解锁"), partial(self._context.set_locked, False))
        else:
            self._context.set_locked(True)

    def unlock_to_leave(self) -> None:
        """Leaving a locked desk."""
        self._ask_pin(_("退出签到台"), _("退出"), self._window.close_unlocked)

    @property
    def _pin_calls(self) -> tuple[Any, Any, Any]:
        """What a panel asks with, how it signs in, and how it knows a sample's PINs."""
        db = self._context.db
        return self._window.ask, partial(operators.sign_in, db), partial(operators.printed_pin, db)

    def _ask_pin(self, title: str, verb: str, then: Any) -> None:
        panel = PinPanel(title, verb, self.supervisors(), *self._pin_calls)

        def go_on(_actor: Actor, _reason: str) -> None:
            self._right.close()
            then()

        panel.given.connect(go_on)
        self._open(panel)

    def ask_clock(self, jump: Jump, clock: SteadyClock) -> None:
        """The computer's clock was set: ask by which day to count."""
        zone = self._window.expo.zone
        panel = ClockPanel(jump.kept.astimezone(zone), jump.machine.astimezone(zone), jump.is_kept)
        panel.stayed.connect(clock.stay)
        panel.followed.connect(clock.follow)
        self._open(panel)

    # --- words ---

    def _open(self, panel: Any) -> None:
        self._turn += 1
        panel.closed.connect(self._right.close)
        self._right.show(panel)

    def say(self, error: Exception, kind: str = "") -> None:
        if not isinstance(error, UserError):
            return
        self.hush(str(error))
        toast = messages.show(self._window, error, kind, stays=STAYS)
        self._said.append(toast)
        toast.gone.connect(lambda: self._forget(toast))

    def _forget(self, toast: messages.Toast) -> None:
        self._said = [one for one in self._said if one is not toast]

    def hush(self, text: str = "") -> None:
        """What was refused is told no longer; only this sentence, where one is given."""
        for toast in list(self._said):
            if text in ("", toast.text):
                toast.dismiss()

    def _say_in_panel(self, error: Exception) -> None:
        if self._right.shown is not None:
            self._right.shown.say(error)
        else:
            self.say(error)
