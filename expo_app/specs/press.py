"""发布口径: five figures of one moment, what each means, and what was published of them before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from expo_app.i18n import N_, Labelled, _, in_language
from expo_app.rules import amounts
from expo_app.specs.figures import plain
from expo_app.specs.report_data import Head

NUMBERS = ("exhibitors", "events", "visits", "signed", "intended")
"""In their order, which is that of the keys 1 to 5."""
APART = "intended"
"""另列: never added to what was signed."""


class PressName(Labelled):
    """What each is called."""

    EXHIBITORS = N_("参展")
    EVENTS = N_("活动")
    VISITS = N_("观众")
    SIGNED = N_("签约")
    INTENDED = N_("意向")


AMOUNTS = {"signed_amount": N_("签约金额"), "intended_amount": N_("意向额")}
UNITS = {
    "exhibitors": N_("家"), "events": N_("场"), "visits": N_("人次"), "signed": N_("项"), "intended": N_("项"),
}  # fmt: skip


def label_of(name: str) -> str:
    """What a number or an amount of `Press.values` is called."""
    return _(AMOUNTS[name]) if name in AMOUNTS else PressName[name.upper()].label


class Origin(Labelled):
    """Who says so: the press said the same number, it was counted here, or it belongs to a sample."""

    REPORTED = N_("报道")
    COUNTED = N_("本展统计")
    SAMPLE = N_("示例")


@dataclass(frozen=True)
class PressNumber:
    """One figure at a moment: a count, and of deals the amount in yuan. None: nothing to count, shown as —.

    `words`: its definition; `when`: which moment it is of; `spec`, `records`: the list behind it, how long it is,
    and in `listed` what the amounts in it add up to. `reported`: what was reported instead, if that is another number.
    """

    name: str
    value: int | None
    words: str
    when: str
    origin: Origin
    spec: str
    records: int
    amount: Decimal | None = None
    listed: Decimal | None = None
    reported: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the figure is what its own list comes to."""
        return self.records == (self.value or 0) and self.listed == self.amount

    @property
    def label(self) -> str:
        return label_of(self.name)

    @property
    def unit(self) -> str:
        return _(UNITS[self.name])

    @property
    def shown(self) -> str:
        """5,523, or —."""
        return plain(self.value)

    @property
    def amount_shown(self) -> str:
        """12,249.30 万元, in English CNY 122.493 m; "" without an amount."""
        return "" if self.amount is None else amounts.in_words(self.amount)

    @property
    def is_apart(self) -> bool:
        return self.name == APART


@dataclass(frozen=True)
class Version:
    """核定的一版: moments in the expo's zone."""

    id: uuid.UUID
    version_no: int
    moment: datetime
    approved_at: datetime
    approved_by: str

    @property
    def who(self) -> str:
        """Who approved it; an expo without operators knows nobody."""
        return self.approved_by or _("未署名")


@dataclass(frozen=True)
class Late:
    """Records of a day up to the moment that were entered after it and are left out: a sentence, and which they are."""

    text: str
    spec: str
    ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Press:
    """The five figures of one moment; `version` None: nobody approved them. `unknown`: what no history tells of it.
    `late`: what belongs to it by its own date, but was entered later and is not counted.

    `head.at` is the moment, in the expo's zone. `names`: the expo's own and English name. `both`: agreements that would
    be among the intentions too. `prior`: how many were signed before this expo and are not counted.
    """

    head: Head
    numbers: tuple[PressNumber, ...]
    version: Version | None = None
    unknown: tuple[str, ...] = ()
    late: tuple[Late, ...] = ()
    names: tuple[str, str] = ("", "")
    both: int = 0
    prior: int = 0

    def number(self, name: str) -> PressNumber:
        return self.numbers[NUMBERS.index(name)]

    @property
    def moment(self) -> datetime:
        return self.head.at

    @property
    def values(self) -> dict[str, int | Decimal | None]:
        """Every number and amount by name: what two versions are compared by."""
        found: dict[str, int | Decimal | None] = {}
        for number in self.numbers:
            found[number.name] = number.value
            if (name := f"{number.name}_amount") in AMOUNTS:
                found[name] = number.amount
        return found


@dataclass(frozen=True)
class Check:
    """发布前: one line. `level`: ok, warn or bad; a bad one keeps the figures from being approved.

    `act`: what its button does: "deals" shows the entries to be checked, "moment" chooses another one, "now" takes
    the present one, "" none. `late`: whose records it can show.
    """

    level: str
    text: str
    act: str = ""
    late: Late | None = None


def as_value(number: PressNumber) -> dict[str, Any]:
    """A number as programs read it: whole yuan and fen as text."""
    return {
        "name": number.name, "label": number.label, "value": number.value, "unit": number.unit,
        "amount": number.amount, "counted_apart": number.is_apart, "definition": number.words,
        "moment": number.when, "origin": number.origin.name.lower(), "origin_label": number.origin.label,
        "list": number.spec, "records": number.records, "reported": number.reported or None,
    }  # fmt: skip


def version_words(version: Version) -> str:
    """第 3 版，周敏 10:36 核定."""
    time = f"{version.approved_at:%H:%M}"
    return _("第 {n} 版，{who} {time} 核定").format(n=version.version_no, who=version.who, time=time)


FACTS = {
    "exhibitors": N_("共有 {n} 家单位参展"), "events": N_("举办活动 {n} 场"), "visits": N_("接待观众 {n} 人次"),
    "signed": N_("现场签约 {n} 项"), "intended": N_("另有意向 {n} 项"),
}  # fmt: skip
PRIOR = "prior"
"""Under which a version keeps how many were signed before."""
SEPARATORS = {"zh_CN": ("，", "；"), "en": (", ", "; ")}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def sentence(shown: Press, language: str) -> str:
    """The figures in one sentence of that language, plain text; "" of what there is nothing to say."""

    def said(text: str, **values: Any) -> str:
        return in_language(language, text).format(**values)

    def fact(number: PressNumber) -> str:
        words = said(FACTS[number.name], n=plain(number.value))
        if number.name != "signed" or number.amount is None:
            return words
        return said(N_("{signed}，成交额 {amount}"), signed=words, amount=amounts.in_words(number.amount, language))

    known = {number.name: fact(number) for number in shown.numbers if number.value is not None}
    scale = [known[name] for name in NUMBERS[:3] if name in known]
    if shown.prior:
        known[PRIOR] = said(N_("另有此前已签 {n} 项不计"), n=plain(shown.prior))
    deals = [known[name] for name in ("signed", PRIOR, "intended") if name in known]
    comma, semicolon = SEPARATORS[language]
    parts = [comma.join(part) for part in (scale, deals) if part]
    if not parts:
        return said(N_("还没有可以发布的数。"))
    expo = shown.names[1] or shown.names[0] if language == "en" else shown.names[0]
    facts = semicolon.join(parts)
    when = _when(shown.moment, language)
    if language != "en" and shown.moment.year not in {day.year for day in shown.head.days}:
        when = said(N_("{year} 年 {when}"), year=shown.moment.year, when=when)
    words = said(N_("截至 {when}，{expo}{facts}。"), when=when, expo=expo, facts=facts)
    return said(N_("{sentence}（示例数据）"), sentence=words) if shown.head.is_sample else words


def _when(moment: datetime, language: str) -> str:
    text = N_("{month} 月 {day} 日 {hour} 时 {minute} 分")
    if not moment.minute:
        text = N_("{month} 月 {day} 日 {hour} 时")
    month = f"{MONTHS[moment.month - 1]} {moment.year}" if language == "en" else moment.month
    return in_language(language, text).format(
        month=month, day=moment.day, hour=moment.hour, minute=f"{moment.minute:02d}"
    )
