"""What is done to the timetable from its screen: each act is saved as a draft, said, and can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules.meeting_board import Board, Meeting, Place, Seat, Side
from expo_app.services import matching_setup, meeting_desk, timetable_acts
from expo_app.services.record_writer import followed
from expo_app.services.steps import Step, step_of
from expo_app.services.timetable_acts import Change, Moved
from expo_app.services.timetable_plan import Plan
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.menus import Menu
from expo_app.ui.records.undo_list import Act, UndoList, attempt, step_act

_T = TypeVar("_T")


class TimetableActs:
    """Acts on `board`. `host` carries dialogs and toasts; `done(id)` reads again and shows that meeting."""

    def __init__(self, host: QWidget, context: Context, done: Callable[[uuid.UUID | None], object]) -> None:
        self._host, self._context, self._done = host, context, done
        self.list = UndoList(host)
        self._toast: messages.Toast | None = None
        self.board: Board | None = None
        self._plan_act: Act | None = None

    @property
    def may_plan(self) -> bool:
        """Whether anything may be moved."""
        return self._context.may_write(timetable_acts.PLAN)

    @property
    def _expo_id(self) -> uuid.UUID:
        if self._context.expo_id is None:
            raise RuntimeError("there is no expo")
        return self._context.expo_id

    def find(self, key: object) -> Meeting | None:
        """The meeting of that id."""
        return self.board.by_id.get(key) if self.board and isinstance(key, uuid.UUID) else None

    def run(self, title: str, work: Callable[[Database, uuid.UUID], _T], done: Callable[[_T], object]) -> None:
        """Do something to the expo shown now, in a worker; what came of it is told unless another is shown by then."""
        db, expo = self._context.db, self._expo_id

        def ended(result: _T) -> None:
            if self._context.expo_id == expo:
                done(result)

        jobs.run_job(self._host, title, lambda _progress: work(db, expo), ended, self._refused)

    # --- saying ---

    def say(self, words: str, kind: str, action: messages.Action | None = None) -> None:
        """One toast of this page at a time: a row of moves is no row of toasts."""
        self.hush()
        self._toast = messages.show(self._host, words, kind, action)
        self._toast.gone.connect(self._forget_toast)

    def hush(self) -> None:
        """Take the last toast away."""
        if self._toast is not None:
            self._toast.dismiss()

    def _forget_toast(self) -> None:
        self._toast = None

    def _did(self, words: str, moved: Moved, kind: str = "ok", quiet: bool = False, slow: bool = False) -> None:
        """Remember an act on seats, and say it with 撤销; `slow`: of so many that taking it back is work for a job."""
        db, expo = self._context.db, self._expo_id
        undo, redo = (
            partial(timetable_acts.rearrange, db, expo, to, seen)
            for to, seen in ((moved.was, moved.now), (moved.now, moved.was))
        )
        self.list.add(Act(words, undo, redo, slow), say=False)
        if quiet:
            self.hush()
        else:
            self.say(words, kind, (_("撤销"), self.undo))

    def undo(self) -> None:
        """Take back the last act."""
        self.hush()
        self.list.undo()
        self._done(None)

    def redo(self) -> None:
        """Do it again."""
        self.hush()
        self.list.redo()
        self._done(None)

    # --- seats ---

    def put(self, meeting: Meeting, seat: Seat, quiet: bool = False) -> None:
        """Give a meeting a seat; what is only warned of is said."""
        if seat.place_id is None or seat.starts_at is None:
            return
        call = partial(
            timetable_acts.place, self._context.db, self._expo_id, meeting.id, seat.place_id, seat.starts_at,
            seen=meeting.seat,
        )  # fmt: skip
        moved = self._tried(call, meeting.id)
        if moved is None:
            return
        words = _("“{meeting}”：{seat}").format(meeting=meeting.words, seat=self._seat_words(seat))
        if moved.warnings:
            warned = _("；").join(finding.text for finding in moved.warnings)
            words = _("{what}，已存入草稿。留意：{warned}").format(what=words, warned=warned)
            self._did(words, moved, "warn")
        else:
            self._did(words, moved, quiet=quiet)
        self._done(meeting.id)

    def _seat_words(self, seat: Seat) -> str:
        return timetable_acts.seat_words(self.board, seat) if self.board else ""

    def to_tray(self, meeting: Meeting) -> None:
        """U: off the grid."""
        if not meeting.is_placed:
            return
        if not self.may_plan or (self.board is not None and self.board.fixed(meeting)):
            self.refuse(meeting.id)
            return
        call = partial(timetable_acts.unplace, self._context.db, self._expo_id, meeting.id, seen=meeting.seat)
        moved = self._tried(call, meeting.id)
        if moved is not None:
            self._did(_("“{meeting}”放回未排").format(meeting=meeting.words), moved)
            self._done(meeting.id)

    def ask_swap(self, meeting: Meeting, other: Meeting) -> None:
        """A drop on an occupied cell offers 交换."""
        if self.board is not None and self.board.fixed(other):
            self.refuse(other.id)
            return
        title = _("和“{other}”交换？").format(other=other.words)
        if meeting.is_placed:
            words = _("“{meeting}”到 {there}，“{other}”到 {here}。Ctrl+Z 可撤销。")
        else:
            words = _("“{meeting}”到 {there}，“{other}”放回未排。Ctrl+Z 可撤销。")
        text = words.format(
            meeting=meeting.words, other=other.words, there=self._seat_words(other.seat),
            here=self._seat_words(meeting.seat),
        )  # fmt: skip
        messages.confirm(self._host, title, text, _("交换"), partial(self._swap, meeting, other), safe=_("不换"))

    def _swap(self, meeting: Meeting, other: Meeting) -> None:
        seen = {meeting.id: meeting.seat, other.id: other.seat}
        call = partial(timetable_acts.swap, self._context.db, self._expo_id, meeting.id, other.id, seen=seen)
        moved = self._tried(call, meeting.id)
        if moved is not None:
            words = _("“{meeting}”和“{other}”已交换").format(meeting=meeting.words, other=other.words)
            self._did(words, moved, "warn" if moved.warnings else "ok")
            self._done(meeting.id)

    def keeper(self) -> Callable[[Plan], Moved]:
        """What keeps a computed timetable of the expo shown now as one draft step, called in a worker."""
        db, expo = self._context.db, self._expo_id
        return lambda plan: timetable_acts.rearrange(db, expo, plan.seats, plan.seen)

    def applied(self, moved: Moved) -> None:
        """Remember it, so that it is taken back whole."""
        self._did(_("自动排程"), moved, quiet=True, slow=True)
        self._plan_act = self.list.last
        self._done(None)

    @property
    def is_plan_kept(self) -> bool:
        """Whether the last computed timetable was not taken back."""
        return self._plan_act is not None and self.list.has(self._plan_act)

    @property
    def is_last_plan(self) -> bool:
        """Whether nothing was done since a timetable was computed."""
        return self._plan_act is not None and self.list.last is self._plan_act

    def discard(self) -> None:
        """Ask, then back to what was published."""
        title, words = _("放弃未发布的改动？"), _("排程回到上次发布的样子，没有发布过的放回未排。Ctrl+Z 可撤销。")
        messages.confirm(self._host, title, words, _("放弃改动"), self._discard, danger=True, safe=_("保留改动"))

    def _discard(self) -> None:
        self.run(_("放弃未发布的改动"), timetable_acts.discard, self._discarded)

    def _discarded(self, moved: Moved) -> None:
        self._did(_("已放弃未发布的改动"), moved, slow=True)
        self._done(None)

    def _tried(self, call: Callable[[], Moved], key: uuid.UUID | None) -> Moved | None:
        try:
            return call()
        except UserError as error:
            self.hush()
            messages.show(self._host, error)
            self._done(key)
            return None

    # --- one meeting ---

    def lock(self, meeting: Meeting) -> None:
        """L: lock it or unlock it."""
        if not self.may_plan or not meeting.is_placed:
            self.refuse(meeting.id)
            return
        on = not meeting.is_locked
        words = _("“{meeting}”已锁定") if on else _("“{meeting}”已解锁")
        redo, undo = (
            partial(timetable_acts.lock, self._context.db, self._expo_id, meeting.id, to) for to in (on, not on)
        )
        if attempt(self._host, redo):
            act = Act(words.format(meeting=meeting.words), undo, redo)
            self.list.add(act, say=False)
            self.say(act.words, "ok", (_("撤销"), self.undo))
        self._done(meeting.id)

    def refuse(self, key: object) -> None:
        """Say why a meeting does not move."""
        meeting = self.find(key)
        if meeting is None:
            return
        if not self.may_plan:
            why = _("数据库以只读方式打开") if self._context.is_read_only else _("{role}没有这项权限")
            self.say(why.format(role=self._context.actor.role.label), "info")
        elif not meeting.is_placed:
            self.say(_("“{meeting}”还没有排").format(meeting=meeting.words), "info")
        elif meeting.is_locked:
            words = _("“{meeting}”已锁定，没有移动").format(meeting=meeting.words)
            self.say(words, "info", (_("解锁"), partial(self.lock, meeting)))
        else:
            self.say(_("“{meeting}”已经开始或结束，没有移动").format(meeting=meeting.words), "info")

    def come(self, meeting: Meeting, sides: str) -> None:
        """I: these sides (a, b, ab) have come."""
        db, expo = self._context.db, self._expo_id
        for side in sides:
            if not attempt(self._host, partial(meeting_desk.mark_come, db, expo, meeting.id, side)):
                break
        else:
            back = [partial(meeting_desk.mark_come, db, expo, meeting.id, side, False) for side in sides]
            self.list.add(Act(_("“{meeting}”已签到").format(meeting=meeting.words), partial(_all, back)))
        self._done(meeting.id)

    def fill_check_in(self, menu: Menu, meeting: Meeting) -> None:
        """Who has come: one side, the other, both."""
        waiting = [
            (side, one)
            for side, one, came in (("a", meeting.a, meeting.a_came), ("b", meeting.b, meeting.b_came))
            if not came
        ]
        if len(waiting) > 1:
            menu.add(_("双方都到了"), partial(self.come, meeting, "ab"))
        for side, one in waiting:
            menu.add(_("{who}到了").format(who=one.short), partial(self.come, meeting, side))

    # --- who or what is gone ---

    def ask_absent(self, side: Side, is_person: bool) -> None:
        """Somebody comes no more: why, then their meetings are in the tray."""
        who = side.person if is_person else side.short
        text = _("从现在起不再给{who}排洽谈，还没开始的放回未排，写明原因。Ctrl+Z 可撤销。").format(who=who)
        given = {"person_id": side.person_id} if is_person else {"organisation_id": side.id}
        ask_reason(
            self._host, _("{who}不来了？").format(who=who), text, _("放回未排"),
            lambda reason: self._release(
                _("放回未排"), _("{who}不来了").format(who=who), partial(timetable_acts.absent, **given, reason=reason)
            ),
        )  # fmt: skip

    def ask_close(self, place: Place) -> None:
        """A table disappears: why, then its meetings are in the tray."""
        text = _("{place}不再使用，还没开始的洽谈放回未排，写明原因。Ctrl+Z 可撤销。").format(place=place.name)
        ask_reason(
            self._host, _("停用 {place}？").format(place=place.name), text, _("停用"),
            lambda reason: self._release(
                _("停用"), _("{place}已停用").format(place=place.name),
                partial(timetable_acts.close_place, place_id=place.id, reason=reason),
            ),
        )  # fmt: skip

    def _release(
        self, title: str, what: str, act: Callable[[Database, uuid.UUID], int], permission: str = timetable_acts.PLAN
    ) -> None:
        def work(db: Database, expo: uuid.UUID) -> tuple[int, Step | None]:
            with followed() as writers:
                count = act(db, expo)
            return count, step_of(permission, writers)

        def done(made: tuple[int, Step | None]) -> None:
            count, step = made
            words = _("{what}，放回未排 {n} 场").format(what=what, n=f"{count:,}")
            self.list.add(replace(step_act(words, self._context.db, step), slow=True), say=False)
            self.say(words, "ok", (_("撤销"), self.undo))
            self._done(None)

        self.run(title, work, done)

    def set_length(self, minutes: int) -> None:
        """Slots of so many minutes from now on."""
        work = partial(matching_setup.save, values={matching_setup.SLOT: minutes}, seen={})
        self._release(_("改时段"), _("时段已改为 {m} 分钟").format(m=minutes), work, "settings.edit")

    # --- publishing ---

    def publish(self, seen: list[Change]) -> None:
        """Keep as published what was listed, in a worker."""
        self.run(_("发布改动"), partial(timetable_acts.publish, seen=seen), self._published)

    def _published(self, count: int) -> None:
        words = _("已发布 {n} 处改动").format(n=f"{count:,}")
        self.list.bar(words, say=False)
        self.say(words, "ok")
        self._done(None)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, UserError):
            messages.show(self._host, error)
        self._done(None)


def _all(calls: Sequence[Callable[[], object]]) -> None:
    for call in calls:
        call()
