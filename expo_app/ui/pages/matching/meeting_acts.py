"""What a clerk does with a meeting: one table of acts, each with its key and for which meetings it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import InterestLevel, Outcome
from expo_app.routes import ListRoute
from expo_app.rules.meeting_board import Board, Place
from expo_app.rules.meeting_desk import missed_from
from expo_app.rules.meeting_requests import Standing
from expo_app.services import follow_up, meeting_deals, meeting_desk, meeting_requests, timetable, timetable_acts
from expo_app.services.meetings import MeetingCard
from expo_app.services.record_writer import Writer
from expo_app.specs import DEALS, MEETINGS, TASKS, Field
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.menus import Menu
from expo_app.ui.records.ask_values import ask

if TYPE_CHECKING:
    from expo_app.ui.pages.matching.meetings import MeetingsList

EDIT, DESK = meeting_requests.EDIT, meeting_desk.DESK
SIDES = {"a": N_("甲方"), "b": N_("乙方")}
HOWS = (N_("电话"), N_("现场"), N_("邮件"))
"""Ways in which somebody answers on another's behalf, as they are offered; any other words do as well."""
MOST_SEATS = 60
"""Free seats that are offered to move to, the earliest first."""


# --- requests ---------------------------------------------------------------------------------------------------------
def _how() -> Field:
    return replace(MEETINGS.field("answer_how"), suggestions=lambda: [_(words) for words in HOWS], group="")


def accept(page: MeetingsList, card: MeetingCard) -> None:
    """代答: B accepts, by whom and how."""

    def then(values: Mapping[str, Any]) -> None:
        how = values["answer_how"] or ""
        page.do(_("已记为接受"), partial(meeting_requests.accept, *page.of(card), how, seen=card.state), EDIT)

    text = _("{name} 接受了 {no}。写明谁在什么方式下答复的，如“陆工 电话”。").format(name=card.b.name, no=card.no)
    ask(page, _("接受请求"), text, [(_how(), "", False)], _("接受"), then)


def decline(page: MeetingsList, card: MeetingCard) -> None:
    """B says no, with a reason."""

    def then(values: Mapping[str, Any]) -> None:
        act = partial(
            meeting_requests.decline, *page.of(card), values["reason"] or "", values["answer_how"] or "",
            seen=card.state,
        )  # fmt: skip
        page.do(_("已记为婉拒"), act, EDIT)

    text = _("{name} 不接受 {no}。请求方只看到原因。").format(name=card.b.name, no=card.no)
    fields = [(replace(MEETINGS.field("reason"), group=""), "", True), (_how(), "", False)]
    ask(page, _("婉拒请求"), text, fields, _("婉拒"), then)


def cancel(page: MeetingsList, card: MeetingCard) -> None:
    """Either side calls it off; its seat is free again."""

    def then(reason: str) -> None:
        page.try_to(_("已取消"), partial(meeting_requests.cancel, *page.of(card), reason, seen=card.state), EDIT)

    text = _("取消后桌位空出来；已发布的，发布改动时会列出。时段开始后不能取消，只能记到场情况。")
    ask_reason(page, _("取消 {no}").format(no=card.no), text, _("取消洽谈"), then)


def set_back(page: MeetingsList, card: MeetingCard) -> None:
    """It waits for an answer once more."""
    page.try_to(_("已退回为待答复"), partial(meeting_requests.set_back, *page.of(card), seen=card.state), EDIT)


# --- seats ------------------------------------------------------------------------------------------------------------
def quick_seat(page: MeetingsList, card: MeetingCard) -> None:
    """The first free table in the first slot both have."""
    db, expo_id = page.context.db, page.context.expo_id

    def done(writers: list[Writer]) -> None:
        page.remember_work(_("已排上"), DESK, writers)
        page.refresh()

    def work(_progress: object) -> list[Writer]:
        if expo_id is None:
            return []
        return page.followed(partial(meeting_desk.quick_seat, db, expo_id, card.id))

    jobs.run_job(page, _("快速排"), work, done, card=False)


def move(page: MeetingsList, card: MeetingCard) -> None:
    """Another time or table: the free seats are worked out in the background, then asked."""
    db, expo_id = page.context.db, page.context.expo_id

    def work(_progress: object) -> tuple[Board, list[tuple[Any, Place]]] | None:
        if expo_id is None:
            return None
        board = timetable.read(db, expo_id)
        meeting = board.by_id.get(card.id)
        return (board, timetable.free_seats(board, meeting)) if meeting is not None else None

    jobs.run_job(page, _("找空位"), work, partial(_ask_seat, page, card), card=False)


def _ask_seat(page: MeetingsList, card: MeetingCard, found: tuple[Board, list[tuple[Any, Place]]] | None) -> None:
    seats = found[1][:MOST_SEATS] if found is not None else []
    if not seats:
        messages.show(page, _("{no} 没有双方都空的时段和桌位，数据未变。").format(no=card.no), "warn")
        return
    box = Dialog(page, _("改期 {no}").format(no=card.no), theme.Width.DIALOG)
    text = _("这一场记为改期，另开一场接替它，用新的时段和桌位。只列双方都有空的位子。")
    box.body.addWidget(Label(text, "secondary", wrap=True))
    chosen = ComboBox()
    for start, place in seats:
        chosen.addItem(f"{start:%m-%d %H:%M} · {place.name}", (start, place.id))
    box.body.addWidget(FormField(_("时间和桌位"), chosen))

    def submit() -> None:
        start, place_id = chosen.currentData()
        act = partial(meeting_desk.move, *page.of(card), place_id, start, seen=card.outcome)
        verb.setEnabled(False)

        def done(writers: list[Writer]) -> None:
            page.remember_work(_("已改期"), DESK, writers)
            box.close_with(True)

        jobs.run_job(box, _("改期"), lambda _progress: page.followed(act), done, refused)

    def refused(error: Exception) -> None:
        verb.setEnabled(True)
        if isinstance(error, UserError):
            messages.show(box, error)

    verb = Button(_("改期"), "primary", "check-line", clicked=submit)
    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(verb)
    box.open()


# --- at the table -----------------------------------------------------------------------------------------------------
def _choose_side(page: MeetingsList, card: MeetingCard, words: str, then: Callable[[str], object]) -> None:
    menu = Menu("", page)
    for side, one in (("a", card.a), ("b", card.b)):
        menu.add(words.format(side=_(SIDES[side]), name=one.name), partial(then, side))
    menu.popup(page.view.mapToGlobal(QPoint(page.view.width() // 3, page.view.height() // 3)))
    page.menu = menu


def come(page: MeetingsList, card: MeetingCard) -> None:
    """A side is there, or is not after all."""

    def mark(side: str) -> None:
        was = card.a.came_at if side == "a" else card.b.came_at
        words = _("已签到") if was is None else _("已取消签到")
        page.try_to(words, partial(meeting_desk.mark_come, *page.of(card), side, was is None), DESK)

    menu = Menu("", page)
    for side, one in (("a", card.a), ("b", card.b)):
        menu.add(f"{_(SIDES[side])} {one.name}", partial(mark, side), ticked=one.came_at is not None)
    menu.popup(page.view.mapToGlobal(QPoint(page.view.width() // 3, page.view.height() // 3)))
    page.menu = menu


def _surely(page: MeetingsList, card: MeetingCard, then: Callable[[], object]) -> None:
    """Ask once whether they met, where one side alone checked in, or neither did and the slot is not over."""
    missing = [one for one in (card.a, card.b) if one.came_at is None]
    is_over = card.ends_at is not None and page.context.now() >= card.ends_at
    if card.outcome is not None or not missing or (len(missing) > 1 and is_over):
        then()
        return
    who = _("、").join(one.name for one in missing)
    words = _("{who}还没有签到。双方都在谈就继续，结果可以撤回。").format(who=who)
    messages.confirm(page, _("{no} 谈了吗？").format(no=card.no), words, _("已洽谈"), then, safe=_("没有"))


def held(page: MeetingsList, card: MeetingCard) -> None:
    """It took place."""
    act = partial(meeting_desk.record, *page.of(card), Outcome.HELD, seen=card.outcome)
    said = _("已记为已洽谈，按 1 强烈、2 愿洽谈、3 想了解")
    _surely(page, card, partial(page.try_to, said, act, DESK))


def _absent(page: MeetingsList, card: MeetingCard, words: str, then: Callable[[str], object]) -> None:
    """The side that did not come: where one alone has, the other; else it is asked."""
    if (card.a.came_at is None) is not (card.b.came_at is None):
        then("a" if card.a.came_at is None else "b")
    else:
        _choose_side(page, card, words, then)


def no_show(page: MeetingsList, card: MeetingCard) -> None:
    """A side did not come."""
    begins = missed_from(card.ends_at) if card.ends_at is not None else None
    if begins is not None and page.context.now() < begins:
        zone = page.context.expo.zone if page.context.expo is not None else None
        words = _("{no} 要到 {when} 才能记爽约，数据未变。")
        messages.show(page, words.format(no=card.no, when=f"{begins.astimezone(zone):%m-%d %H:%M}"), "info")
        return

    def record(side: str) -> None:
        outcome = Outcome.NO_SHOW_A if side == "a" else Outcome.NO_SHOW_B
        act = partial(meeting_desk.record, *page.of(card), outcome, seen=card.outcome)
        page.try_to(_("已记为{what}").format(what=outcome.label), act, DESK)

    _absent(page, card, _("{side}爽约：{name}"), record)


def step_in(page: MeetingsList, card: MeetingCard) -> None:
    """Who stands by takes the chair of the side that did not come."""

    def record(side: str) -> None:
        found = meeting_desk.who_steps_in(*page.of(card), side)
        guest_id, name = found or (None, "")
        act = partial(meeting_desk.step_in, *page.of(card), side, seen=card.outcome, guest_id=guest_id)
        said = _("候补已顶替")
        if found is None:
            page.try_to(said, act, DESK)  # it says why there is nobody
            return
        words = _("{name}顶替{absent}，请先看人到了没有。").format(
            name=name, absent=card.a.name if side == "a" else card.b.name
        )
        title = _("{name}在场吗？").format(name=name)
        messages.confirm(page, title, words, _("在场，顶替"), partial(page.try_to, said, act, DESK), safe=_("不在"))

    _absent(page, card, _("顶替{side}：{name}"), record)


def leave(page: MeetingsList, card: MeetingCard) -> None:
    """A side comes no more: its meetings that are still to come wait for another seat, with the reason."""

    def ask_why(side: str) -> None:
        one = card.a if side == "a" else card.b
        context = page.context

        def then(reason: str) -> None:
            if context.expo_id is None:
                return
            act = partial(
                timetable_acts.absent, context.db, context.expo_id, organisation_id=one.id, reason=reason
            )  # fmt: skip
            page.try_to(_("已记为不来，之后的洽谈回到未排"), act, timetable_acts.PLAN)

        text = _("从现在起记为不开放，还没开始的洽谈都回到未排并写明原因；不再参加的请逐场取消。")
        ask_reason(page, _("{name} 不来了").format(name=one.name), text, _("记下"), then)

    _choose_side(page, card, _("{side}不来了：{name}"), ask_why)


def unlock(page: MeetingsList, card: MeetingCard) -> None:
    """It may be moved again."""
    act = partial(timetable_acts.lock, *page.of(card), locked=False)
    page.try_to(_("“{meeting}”已解锁").format(meeting=card.no), act, timetable_acts.PLAN)


def take_back(page: MeetingsList, card: MeetingCard) -> None:
    """The outcome is none after all."""
    page.try_to(_("已撤回结果"), partial(meeting_desk.take_back, *page.of(card), seen=card.outcome), DESK)


def result(page: MeetingsList, card: MeetingCard) -> None:
    """Level, range, next step, words."""
    values = page.values_of(card.id)

    def then(given: Mapping[str, Any]) -> None:
        seen = {name: values[name] for name in given}
        page.do(_("已记结果"), partial(meeting_desk.note_result, *page.of(card), given, seen), DESK)

    fields = [(replace(MEETINGS.field(name), group=""), values[name], False) for name in meeting_desk.RESULT]
    title, text = _("记结果 {no}").format(no=card.no), _("记下就算已洽谈。金额单位万元。")
    _surely(page, card, lambda: ask(page, title, text, fields, _("保存"), then))


def level(which: InterestLevel, page: MeetingsList, card: MeetingCard) -> None:
    """How much they are interested, by one key."""
    act = partial(meeting_desk.note_result, *page.of(card), {"level": which}, {})
    _surely(page, card, partial(page.try_to, _("已记意向：{level}").format(level=which.label), act, DESK))


# --- after it ---------------------------------------------------------------------------------------------------------
def to_deal(page: MeetingsList, card: MeetingCard) -> None:
    """A draft deal with both sides filled in; one that is there is opened."""
    context = page.context
    if card.deal_id is not None:
        context.navigate(ListRoute(DEALS, record=card.deal_id))
        return

    def make() -> None:
        if context.expo_id is not None:
            meeting_deals.make_deals(context.db, context.expo_id, [card.id])

    page.try_to(_("已转为签约草稿，不计入任何合计"), make, DEALS.permission)


def unlink(page: MeetingsList, card: MeetingCard) -> None:
    """Its deal came of something else."""
    page.try_to(_("已解除关联，签约留着"), partial(meeting_deals.unlink, *page.of(card)), DEALS.permission)


def task(page: MeetingsList, card: MeetingCard) -> None:
    """Somebody follows it up by a day."""
    context = page.context
    staff = follow_up.names_of_staff(context.db)
    fields = [
        (replace(TASKS.field("assignee"), suggestions=lambda: staff, group=""), context.actor.name, False),
        (replace(TASKS.field("due_on"), group=""), None, False),
    ]

    def then(values: Mapping[str, Any]) -> None:
        if context.expo_id is None:
            return
        act = partial(
            meeting_deals.add_tasks, context.db, context.expo_id, [card.id], values["assignee"] or "",
            values["due_on"],
        )  # fmt: skip
        page.do(_("已加任务"), act, TASKS.permission)

    text = _("任务叫“下一步：双方”，记在这场洽谈下面。")
    ask(page, _("加跟进任务"), text, fields, _("加任务"), then)


# --- the table --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MeetingAct:
    """`key`: what it is pressed by; `on`: how a meeting stands for which it is there, `is_for`: for which of those;
    `call(page, card)` does it; `takes_away`: something is gone after it.
    """

    key: str
    words: str
    icon: str
    permission: str
    on: frozenset[Standing]
    call: Callable[[MeetingsList, MeetingCard], object]
    is_for: Callable[[MeetingCard], bool] = lambda _card: True
    takes_away: bool = False


def _is_locked(card: MeetingCard) -> bool:
    return card.is_locked


def _has_deal(card: MeetingCard) -> bool:
    return card.deal_id is not None


WAITING, AGREED = frozenset({Standing.WAITING}), frozenset({Standing.UNPLACED, Standing.PLACED})
SEATED = frozenset({Standing.PLACED, Standing.RUNNING, Standing.OVER})
BEGUN, MET = frozenset({Standing.RUNNING, Standing.OVER}), frozenset({Standing.HELD, Standing.REPLACED})
MISSED = frozenset({Standing.NO_SHOW_A, Standing.NO_SHOW_B})
CLOSED = frozenset({Standing.EXPIRED, Standing.DECLINED, Standing.CANCELLED})
ACTS: tuple[MeetingAct, ...] = (
    MeetingAct("A", N_("接受"), "check-line", EDIT, WAITING, accept),
    MeetingAct("X", N_("婉拒"), "close-line", EDIT, WAITING, decline, takes_away=True),
    MeetingAct("Q", N_("快速排"), "magic-line", DESK, frozenset({Standing.UNPLACED}), quick_seat),
    MeetingAct("I", N_("签到"), "user-received-line", DESK, SEATED, come),
    MeetingAct("H", N_("已洽谈"), "check-line", DESK, BEGUN, held),
    MeetingAct("D", N_("转签约"), "arrow-right-line", DEALS.permission, MET, to_deal),
    MeetingAct("E", N_("记结果"), "draft-line", DESK, BEGUN | MET, result),
    MeetingAct("T", N_("加任务"), "checkbox-circle-line", TASKS.permission, MET, task),
    MeetingAct("N", N_("爽约"), "alert-line", DESK, SEATED, no_show),
    MeetingAct("R", N_("候补顶替"), "repeat-line", DESK, BEGUN, step_in),
    MeetingAct("G", N_("改期"), "calendar-event-line", DESK, SEATED, move),
    MeetingAct("X", N_("取消洽谈"), "close-line", EDIT, AGREED, cancel, takes_away=True),
    MeetingAct("K", N_("一方不来了"), "logout-box-r-line", timetable_acts.PLAN, AGREED, leave, takes_away=True),
    MeetingAct("L", N_("解锁"), "lock-unlock-line", timetable_acts.PLAN, SEATED, unlock, _is_locked),
    MeetingAct("U", N_("撤回结果"), "arrow-go-back-line", DESK, MET | MISSED, take_back, takes_away=True),
    MeetingAct("L", N_("解除关联"), "links-line", DEALS.permission, MET, unlink, _has_deal, takes_away=True),
    MeetingAct("B", N_("退回请求"), "history-line", EDIT, CLOSED | AGREED, set_back, takes_away=True),
    *(
        MeetingAct(str(n), which.value, "hand-coin-line", DESK, BEGUN | MET, partial(level, which))
        for n, which in enumerate(InterestLevel, 1)
    ),
)
"""In the order they are offered: the first that is there is the primary one. A no-show before it is time
(`rules.meeting_desk.missed_from`) says when it will be."""


def acts_for(page: MeetingsList, card: MeetingCard) -> list[MeetingAct]:
    """What may be done with a meeting by this role."""
    there = (act for act in ACTS if card.standing in act.on and act.is_for(card))
    return [act for act in there if page.context.may_write(act.permission)]
