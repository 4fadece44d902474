"""One pure answer to "may this badge pass this gate now?", with its reason.

The first rule that holds decides, in this order: malformed, unknown, revoked, unconfirmed, wrong time, wrong place,
wrong category, again, admitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from expo_app.i18n import N_, _
from expo_app.model import AttendeeState, GateKind, Verdict
from expo_app.rules.categories import CategoryTerm

BOUNCE = timedelta(seconds=3)
ROOM_LEAD = timedelta(minutes=60)
"""How long before an item its room's gate admits."""

TONES: Mapping[Verdict, str] = MappingProxyType(
    dict.fromkeys(Verdict, "bad") | {Verdict.ADMITTED: "ok", Verdict.AGAIN: "warn"}
)
"""ok and warn let the person in, bad does not."""

OVERRIDABLE = frozenset({Verdict.UNCONFIRMED, Verdict.WRONG_TIME, Verdict.WRONG_CATEGORY})
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
class Place:
    """The gate. Hours are local, None: no limit; they may run over midnight. `categories` None: all.

    `items` are the (start, end) of what a room's gate admits to; empty: no limit by items.
    """

    kind: GateKind = GateKind.ENTRANCE
    opens: time | None = None
    closes: time | None = None
    categories: tuple[CategoryTerm, ...] | None = None
    items: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that is known when a badge is shown. `now`, `first_at` and items are in the expo's time zone.

    `is_code` False: what was read is no badge code. `holder` None: no badge has this code.
    `first_at`, `first_desk`: the admission of this local day at this gate, if there is one.
    """

    now: datetime
    expo_starts_on: date
    expo_ends_on: date
    is_code: bool = True
    holder: Holder | None = None
    place: Place = field(default_factory=Place)
    first_at: datetime | None = None
    first_desk: str = ""


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
        return TONES[self.verdict] != "bad"


def judge(facts: Facts) -> Judgement:
    """The verdict for `facts`."""
    if not facts.is_code:
        return Judgement(Verdict.MALFORMED, N_("读到的不是胸卡二维码"))
    holder = facts.holder
    if holder is None:
        return Judgement(Verdict.UNKNOWN, N_("没有这张胸卡的记录"))
    return (
        _revoked(holder)
        or _unconfirmed(holder)
        or _wrong_time(facts, holder)
        or _wrong_place(holder)
        or _wrong_category(facts.place, holder)
        or _again(facts)
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
            return _out_of_hours(facts.place)
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
    return _gate_closed(facts.place, facts.now) or _no_item_now(facts.place, facts.now)


def _not_its_day(category: CategoryTerm) -> Judgement:
    days = "、".join(_short(day) for day in sorted(category.valid_days or ()))
    if not days:
        return Judgement(Verdict.WRONG_TIME, N_("{category}还没有可入场的日期"), {"category": category.label})
    values = {"category": category.label, "days": days}
    return Judgement(Verdict.WRONG_TIME, N_("{category}今日不可入场，有效日期：{days}"), values)


def _opened_on(place: Place, now: datetime) -> date:
    """The day whose opening it is: the day before in the small hours of a gate that is open over midnight."""
    runs_over = place.opens is not None and place.closes is not None and now.time() < place.closes < place.opens
    return now.date() - timedelta(days=runs_over)


def _late_or_early(reason: str, day: date) -> Judgement:
    return Judgement(Verdict.WRONG_TIME, reason, {"day": _short(day)})


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _gate_closed(place: Place, now: datetime) -> Judgement | None:
    opens, closes = place.opens or time.min, place.closes
    clock = now.time()
    if closes is None:
        is_open = clock >= opens
    elif opens <= closes:
        is_open = opens <= clock < closes
    else:
        is_open = clock >= opens or clock < closes
    return None if is_open else _out_of_hours(place)


def _out_of_hours(place: Place) -> Judgement:
    opens, closes = place.opens or time.min, place.closes
    if closes is None:
        return Judgement(Verdict.WRONG_TIME, N_("入口 {opens} 开放"), {"opens": f"{opens:%H:%M}"})
    hours = {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
    return Judgement(Verdict.WRONG_TIME, N_("入口开放时间 {opens}–{closes}"), hours)


def _no_item_now(place: Place, now: datetime) -> Judgement | None:
    if place.kind is not GateKind.ROOM or not place.items:
        return None
    if any(start - ROOM_LEAD <= now < end for start, end in place.items):
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


def _again(facts: Facts) -> Judgement | None:
    if facts.first_at is None:
        return None
    values = {"time": f"{facts.first_at:%H:%M}", "desk": facts.first_desk or "—"}
    return Judgement(Verdict.AGAIN, N_("首次签到 {time} · {desk}"), values)
