"""One pure answer to "may this badge pass this gate now?", with its reason.

The first rule that holds decides, in this order: malformed, unknown, damaged (in what is kept of the badge and
its holder), revoked, unconfirmed, wrong time, closed (to
everybody at this hour), wrong place, wrong category, again, closed (stopped), full, admitted. Nobody who is inside is
turned back because of the last two. Whoever leaves is let out: with a badge of this expo the answer is out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from expo_app.i18n import N_, _
from expo_app.model import AttendeeState, Direction, GateKind, Verdict
from expo_app.rules.categories import CategoryTerm

BOUNCE = timedelta(seconds=3)
ALARM, CALM = 0.9, 0.85
"""Shares of the approved number: where it is nearly full, and below which the next warning may come."""

TONES: Mapping[Verdict, str] = MappingProxyType(
    dict.fromkeys(Verdict, "bad") | {Verdict.ADMITTED: "ok", Verdict.AGAIN: "warn", Verdict.OUT: "ok"}
)
"""ok and warn let the person pass, bad does not."""
LET_IN = frozenset({Verdict.ADMITTED, Verdict.AGAIN})

OVERRIDABLE = frozenset(
    {Verdict.UNCONFIRMED, Verdict.WRONG_TIME, Verdict.WRONG_CATEGORY, Verdict.FULL, Verdict.CLOSED, Verdict.DAMAGED}
)
"""What a supervisor may overrule, with a reason: who stands there is known and holds a valid badge of this expo."""


@dataclass(frozen=True)
class Holder:
    """Whose badge it is. `valid_days` are the person's own local days, None: all of the category's; `other_expo` names
    the expo of a badge that is not this one's, else empty; `is_replaced`: revoked, and the person has a newer one.
    """

    state: AttendeeState
    category: CategoryTerm
    is_revoked: bool = False
    revoke_reason: str = ""
    is_replaced: bool = False
    cancel_reason: str = ""
    valid_days: frozenset[date] | None = None
    other_expo: str = ""


@dataclass(frozen=True)
class Hours:
    """Local times from when to when, on `day` or on every day that has none of its own; `closes` not after `opens`
    means the next day.
    """

    opens: time = time.min
    closes: time = time.min
    day: date | None = None

    @property
    def text(self) -> str:
        """08:30–16:30; until midnight it is 24:00."""
        return f"{self.opens:%H:%M}–{'24:00' if self.closes == time.min else f'{self.closes:%H:%M}'}"


@dataclass(frozen=True)
class Limit:
    """An approved number and how many are inside; `stops`: nobody more is let in there."""

    inside: int
    approved: int
    stops: bool

    @property
    def is_full(self) -> bool:
        return self.inside >= self.approved

    @property
    def share(self) -> float:
        return self.inside / self.approved if self.approved else 1.0


@dataclass(frozen=True)
class Place:
    """The gate. `hours` empty: no limit by the clock. `categories` None: all.

    `items` are the (start, end) of what a room's gate admits to, `lead` how long before a start it opens; empty: no
    limit by items. Hours that somebody wrote go before them. `stopped_by`: who stopped admission; "": nobody did.
    """

    kind: GateKind = GateKind.ENTRANCE
    hours: tuple[Hours, ...] = ()
    categories: tuple[CategoryTerm, ...] | None = None
    items: tuple[tuple[datetime, datetime], ...] = ()
    lead: timedelta = timedelta(minutes=30)
    stopped_by: str = ""

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """When it is open on that day, earliest first."""
        own = [hours for hours in self.hours if hours.day == day]
        return tuple(sorted(own or (hours for hours in self.hours if hours.day is None), key=lambda h: h.opens))

    def is_open(self, now: datetime) -> bool:
        """Whether anybody is let in at that moment."""
        return not self.stopped_by and _out_of_hours(self, now) is None


@dataclass(frozen=True)
class Facts:
    """All that is known when a badge is shown. `now`, `first_at` and items are in the expo's time zone.

    `is_code` False: what was read is no badge code. `holder` None: no badge has this code. `damaged`: what of it cannot
    be read, "badge" (and its holder) or "place" (and its expo).
    `first_at`, `first_desk`: the admission of this local day at this gate, if there is one.
    `is_inside`: whether the last direction scanned today at any gate of the place was in, None where none was;
    `inside_since`: when that was. `limits`: of the gate and of the place it leads into.
    """

    now: datetime
    expo_starts_on: date
    expo_ends_on: date
    is_code: bool = True
    damaged: str = ""
    holder: Holder | None = None
    place: Place = field(default_factory=Place)
    first_at: datetime | None = None
    first_desk: str = ""
    direction: Direction = Direction.IN
    is_inside: bool | None = None
    inside_since: datetime | None = None
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The verdict and its reason: a source text with the values to fill in, translated when `text` is read."""

    verdict: Verdict
    reason: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The reason in the current language; empty where there is nothing to add."""
        return _(self.reason).format(**self.values) if self.reason else ""

    @property
    def lets_in(self) -> bool:
        return self.verdict in LET_IN


def judge(facts: Facts) -> Judgement:
    """The verdict for `facts`."""
    if not facts.is_code:
        return Judgement(Verdict.MALFORMED, N_("读到的不是胸卡二维码"))
    if facts.damaged == "place":
        return Judgement(Verdict.DAMAGED, N_("入口或展会的资料读不出来，请找主管"))
    if facts.damaged:
        return Judgement(Verdict.DAMAGED, N_("这张胸卡的资料读不出来，请找主管"))
    holder = facts.holder
    if holder is None:
        return Judgement(Verdict.UNKNOWN, N_("没有这张胸卡的记录"))
    if facts.direction is Direction.OUT:
        return _wrong_place(holder) or _out(facts)
    return (
        _revoked(holder)
        or _unconfirmed(holder)
        or _wrong_time(facts, holder)
        or _out_of_hours(facts.place, facts.now)
        or _wrong_place(holder)
        or _wrong_category(facts.place, holder)
        or _again_or_stopped(facts)
        or Judgement(Verdict.ADMITTED)
    )


def bounce(last_code: str | None, last_at: datetime | None, code: str, at: datetime) -> bool:
    """Whether a desk's reading repeats its last one within 3 s: the reader bounced, no second scan."""
    return last_at is not None and last_code == code and timedelta(0) <= at - last_at <= BOUNCE


def _revoked(holder: Holder) -> Judgement | None:
    if not holder.is_revoked:
        return None
    if holder.is_replaced:
        return Judgement(Verdict.REVOKED, N_("已换发新卡，这张作废：{reason}"), {"reason": holder.revoke_reason or "—"})
    if holder.revoke_reason:
        return Judgement(Verdict.REVOKED, N_("此卡已作废：{reason}"), {"reason": holder.revoke_reason})
    return Judgement(Verdict.REVOKED, N_("此卡已作废，请出示新卡"))


def _unconfirmed(holder: Holder) -> Judgement | None:
    if holder.state is AttendeeState.CONFIRMED:
        return None
    if holder.state is AttendeeState.REGISTERED:
        return Judgement(Verdict.UNCONFIRMED, N_("登记尚未确认"))
    if holder.cancel_reason:
        return Judgement(Verdict.UNCONFIRMED, N_("登记已取消：{reason}"), {"reason": holder.cancel_reason})
    return Judgement(Verdict.UNCONFIRMED, N_("登记已取消"))


def _wrong_time(facts: Facts, holder: Holder) -> Judgement | None:
    category = CategoryTerm(holder.category.id, "", "") if holder.other_expo else holder.category
    on = {facts.now.date(), _opened_on(facts.place, facts.now)}
    if category.is_overnight:
        on = {category.day_of(facts.now)}
    if category.valid_days is None:
        if max(on) < facts.expo_starts_on:
            return _late_or_early(N_("展会 {day} 开幕"), facts.expo_starts_on)
        if min(on) > facts.expo_ends_on:
            return _late_or_early(N_("展会已于 {day} 结束"), facts.expo_ends_on)
        if min(on) < facts.expo_starts_on:
            return _hours_said(facts.place, facts.now.date())
    elif category.valid_days.isdisjoint(on):
        return _not_its_day(category)
    if not holder.other_expo and holder.valid_days is not None and holder.valid_days.isdisjoint(on):
        days = "、".join(_short(day) for day in sorted(holder.valid_days))
        if not days:
            return Judgement(Verdict.WRONG_TIME, N_("没有可入场的日期"))
        return Judgement(Verdict.WRONG_TIME, N_("今日不可入场，有效日期：{days}"), {"days": days})
    if not category.is_let_in_at(facts.now.time()):
        values = {"category": category.label, "hours": category.hours}
        return Judgement(Verdict.WRONG_TIME, N_("{category}的入场时间是 {hours}"), values)
    return None


def _not_its_day(category: CategoryTerm) -> Judgement:
    days = "、".join(_short(day) for day in sorted(category.valid_days or ()))
    if not days:
        return Judgement(Verdict.WRONG_TIME, N_("{category}还没有可入场的日期"), {"category": category.label})
    values = {"category": category.label, "days": days}
    return Judgement(Verdict.WRONG_TIME, N_("{category}今日不可入场，有效日期：{days}"), values)


def _opened_on(place: Place, now: datetime) -> date:
    """The day whose opening it is: the day before in the small hours of a gate that is open over midnight."""
    before = now.date() - timedelta(1)
    runs_over = any(now.time() < hours.closes <= hours.opens for hours in place.hours_on(before))
    return before if runs_over else now.date()


def _late_or_early(reason: str, day: date) -> Judgement:
    return Judgement(Verdict.WRONG_TIME, reason, {"day": _short(day)})


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _out_of_hours(place: Place, now: datetime) -> Judgement | None:
    """The gate is open to nobody now: by the hours somebody wrote, else by what happens in the room."""
    if not place.hours:
        return _no_item_now(place, now)
    clock, today = now.time(), place.hours_on(now.date())
    if _opened_on(place, now) < now.date() or any(_is_within(h, clock) for h in today):
        return None
    return _hours_said(place, now.date())


def _hours_said(place: Place, day: date) -> Judgement:
    today = place.hours_on(day)
    if not today:
        return Judgement(Verdict.CLOSED, N_("入口今天不开放"))
    if len(today) == 1 and today[0].closes == time.min:
        return Judgement(Verdict.CLOSED, N_("入口 {opens} 开放"), {"opens": f"{today[0].opens:%H:%M}"})
    return Judgement(Verdict.CLOSED, N_("入口开放时间 {hours}"), {"hours": "、".join(h.text for h in today)})


def _is_within(hours: Hours, clock: time) -> bool:
    """Whether that clock time, of the day they are of, lies within; what comes after midnight is the next day's."""
    return hours.opens <= clock and (clock < hours.closes or hours.closes <= hours.opens)


def _no_item_now(place: Place, now: datetime) -> Judgement | None:
    if place.kind is not GateKind.ROOM or not place.items:
        return None
    if any(start - place.lead <= now < end for start, end in place.items):
        return None
    coming = min((start for start, _end in place.items if start > now), default=None)
    if coming is None:
        return Judgement(Verdict.WRONG_TIME, N_("会场活动已全部结束"))
    return Judgement(Verdict.WRONG_TIME, N_("会场此时没有活动，下一场 {start}"), {"start": f"{coming:%m-%d %H:%M}"})


def _wrong_place(holder: Holder) -> Judgement | None:
    if not holder.other_expo:
        return None
    return Judgement(Verdict.WRONG_PLACE, N_("这是“{expo}”的胸卡"), {"expo": holder.other_expo})


def _wrong_category(place: Place, holder: Holder) -> Judgement | None:
    if place.categories is None or any(category.id == holder.category.id for category in place.categories):
        return None
    allowed = "、".join(category.label for category in place.categories)
    values = {"category": holder.category.label, "allowed": allowed or "—"}
    return Judgement(Verdict.WRONG_CATEGORY, N_("{category}不从此处入场，这里接待：{allowed}"), values)


def _again_or_stopped(facts: Facts) -> Judgement | None:
    """Who is inside already is never turned back; who went out is one more again."""
    again, stopped = _again(facts), _stopped(facts)
    if stopped is None or (again and facts.is_inside is not False):
        return again
    if facts.is_inside and facts.inside_since is not None:
        return Judgement(Verdict.AGAIN, N_("{time} 已进场，人在里面"), {"time": f"{facts.inside_since:%H:%M}"})
    return stopped


def _again(facts: Facts) -> Judgement | None:
    if facts.first_at is None:
        return None
    values = {"time": f"{facts.first_at:%H:%M}", "desk": facts.first_desk or "—"}
    return Judgement(Verdict.AGAIN, N_("首次签到 {time} · {desk}"), values)


def _stopped(facts: Facts) -> Judgement | None:
    if facts.place.stopped_by:
        return Judgement(Verdict.CLOSED, N_("这个入口已停止放行"))
    full = next((limit for limit in facts.limits if limit.stops and limit.is_full), None)
    if full is None:
        return None
    values = {"inside": f"{full.inside:,}", "approved": f"{full.approved:,}"}
    return Judgement(Verdict.FULL, N_("里面已有 {inside} 人，核定 {approved} 人"), values)


def _out(facts: Facts) -> Judgement:
    if facts.is_inside:
        return Judgement(Verdict.OUT)
    return Judgement(Verdict.OUT, N_("没有扫到进场，出场照记"))
