"""`FieldType`: what a kind of column means wherever it is read, shown, written, kept and compared.

A new kind is one object at the end of this file, and, if no editor there is fits, a line in `ui/records/editors.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Boolean, Date, Enum, Float, Integer, Numeric, Time

from expo_app.i18n import N_, Labelled, _, in_every_language
from expo_app.model import Fen, Moment, Rate, expo
from expo_app.plain_text import visible
from expo_app.rules import amounts, moments, phones, reported
from expo_app.rules.moments import EXCEL_EPOCH, Days
from expo_app.rules.plain_letters import simplified
from expo_app.specs.child_lines import Lines, says_same

if TYPE_CHECKING:
    from expo_app.specs.fields import Field

MISSING = "—"
USUAL_ZONE = ZoneInfo(expo.USUAL_ZONE)
"""In which moments are read and shown where no expo says otherwise: that of an expo which is only being entered."""
YES_WORDS = frozenset({"是", "有", "同意", "愿意", "真", "y", "yes", "true", "1", "√", "✓", "✔", "☑", "✅", "对"})
NO_WORDS = frozenset({"否", "无", "不同意", "不愿意", "假", "n", "no", "false", "0", "×", "✗", "✘", "❌", "☐", "错"})
TAG_SEPARATORS = "、；;,，\n"
ROUNDED = Decimal(50)
"""Yuan that an amount in 万元 with its two decimals may differ from the same in 元."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Those of what is no text that come from a fault, not from copying out of a web page."""


@dataclass(frozen=True, eq=False)
class FieldType:
    """One kind of column; the objects stand at the end of this file."""

    parse: Callable[[Any, ZoneInfo | None, Field, Days | None], Any]
    """The value kept, from what a form or a cell holds (a text comes clean); ValueError with a sentence.

    The days of the expo, where they are known, say of which year 11月28日 is."""
    show: Callable[[Any, ZoneInfo | None, Field], str] = lambda value, zone, field: str(value)
    """The text a person reads."""
    kept_as: tuple[type, ...] = ()
    """Types of mapped columns that hold it."""
    is_text: bool = False
    """Free text, of one line or several."""
    is_long: bool = False
    """Of several lines."""
    is_number: bool = False
    """Right-aligned."""
    stays: bool = False
    """A narrow table leaves such a column in."""
    sheet: str = "text"
    """The kind of column in a workbook, a key of `exchange.xlsx_writer.FORMATS`."""
    cells: Callable[[Field, ZoneInfo | None], Callable[[Any], Any] | None] = lambda field, zone: None
    """What turns a kept value into a cell's text, number, date or local moment; None: it is one already."""
    units: Mapping[str, str] | None = None
    """Unit in a header → unit read behind a bare number; a column in another unit is not read."""
    says_same: Callable[[Any, Any], bool] | None = None
    """Whether a cell's value and an unequal kept one say the same; None: unequal is different."""
    join: Callable[[Sequence[Any], ZoneInfo | None, Field, Days | None, Any], Any] | None = None
    """The value that cells of several columns make together, each raw or None, or ValueError with a sentence; the last
    argument is `moments.join`'s `after`. A text still goes through `Field.parse`. None: they never make one."""
    size: Callable[[Any], Any] = lambda value: value
    """What of kept values tells the larger one."""
    split_span: Callable[[Any], tuple[Any, Any] | None] | None = None
    """Both ends, as cells of this type, of one cell that holds a span (10:30-11:30); None where it holds none."""
    in_key: Callable[[Any, ZoneInfo | None], Any] | None = None
    """What of a kept value tells records apart in their key; None: all of it."""
    choices: Callable[[Field], tuple[str, ...]] = lambda field: ()
    """Words that may be said."""
    takes_several: bool = False
    """A cell holds any number of `choices`, so that no drop-down list fits."""
    guide: Callable[[Field], str] = lambda field: ""
    """How a cell is filled in, in a few words."""
    example: Callable[[date], str] | None = None
    """A cell that this type takes, with this day in it where it holds one."""

    TEXT: ClassVar[FieldType]
    LONG_TEXT: ClassVar[FieldType]
    NUMBER: ClassVar[FieldType]
    MONEY: ClassVar[FieldType]
    YUAN: ClassVar[FieldType]
    THOUSANDS: ClassVar[FieldType]
    DATE: ClassVar[FieldType]
    MOMENT: ClassVar[FieldType]
    TIME: ClassVar[FieldType]
    BOOL: ClassVar[FieldType]
    ENUM: ClassVar[FieldType]
    CHOICES: ClassVar[FieldType]
    REF: ClassVar[FieldType]
    TAGS: ClassVar[FieldType]
    PHONE: ClassVar[FieldType]
    REPORTED: ClassVar[FieldType]
    REPORTED_MONEY: ClassVar[FieldType]
    LINES: ClassVar[FieldType]


def clean_text(raw: str) -> str:
    """Text composed (NFC), without control characters, zero-width marks and outer spaces; new lines stay."""
    return visible(raw if raw.isascii() else unicodedata.normalize("NFC", raw)).strip()


def has_control(text: str) -> bool:
    """Whether a text holds characters that nobody types and `clean_text` drops."""
    return not text.isprintable() and CONTROL.search(text) is not None


def not_longer(text: str, limit: int) -> None:
    """ValueError with a sentence if a text is longer than what keeps it."""
    if len(text) > limit:
        raise ValueError(_("太长：{n} 字，最多 {limit} 字。").format(n=len(text), limit=limit))


def as_text(raw: Any) -> str:
    """A cell as text: 13812345678.0 is a phone number, not a fraction; dates become ISO text."""
    if isinstance(raw, bool):
        return _("是") if raw else _("否")
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e18:
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, Labelled):
        return raw.label
    return clean_text(str(raw))


def _parse_text(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> str:
    return " ".join(_parse_long_text(raw, zone, field, days).split())


def _parse_long_text(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> str:
    return raw if isinstance(raw, str) else as_text(raw)


def _parse_number(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> int | Decimal:
    try:
        # past the 15th digit a cell holds binary noise (0.30000000000000004), not what a person wrote
        text = raw if isinstance(raw, str) else f"{raw:.15g}" if isinstance(raw, float) else str(raw)
        number = Decimal(_bare(unicodedata.normalize("NFKC", text), field).replace(",", "").strip())
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError(_("“{text}”不是数字。").format(text=raw)) from None
    if number < field.least:
        raise ValueError(_("不能小于 {n}。").format(n=field.least))
    if number > field.most:
        raise ValueError(_("不能大于 {n}。").format(n=field.most))
    if round(number, field.places) != number:
        if field.places == 0:
            raise ValueError(_("应为整数，不是 {text}。").format(text=raw))
        raise ValueError(_("最多 {n} 位小数。").format(n=field.places))
    return number if field.places else int(number)


def _bare(text: str, field: Field) -> str:
    """A number without its unit, or the words it is written with here: 20 of 20%, 7 of TRL 7, 7级 and 七级."""
    bare = text.strip().casefold()
    if field.unit:
        text = bare.removesuffix(unicodedata.normalize("NFKC", field.unit).casefold()).strip()
    for word in field.around:
        bare = bare.removeprefix(word.casefold()).removesuffix(word.casefold()).strip()
    return str(moments.HAN_DIGITS.get(bare, bare)) if field.around else text


def _money(unit: Decimal, kept_as: tuple[type, ...], sheet: str, guide: str, example: str, places: int) -> FieldType:
    """Amounts in a unit of `amounts.UNITS`, shown with so many places at least; below 0 if the field's `least` is."""

    def parse(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> Decimal:
        if isinstance(raw, float):  # a cell's number, however long
            raw = f"{Decimal(repr(raw)):f}"
        return raw if isinstance(raw, Decimal) else amounts.parse(str(raw), unit, field.least < 0)

    own = amounts.UNITS[unit]
    return FieldType(
        parse,
        lambda value, zone, field: amounts.format_in(value, unit, places),
        kept_as=kept_as,
        is_number=True,
        stays=True,
        sheet=sheet,
        join=_join_money,
        cells=lambda field, zone: lambda value: amounts.cell_in(value, unit, places),
        units={"": "", **{word: "" if name == own else name for word, name in _UNIT_WORDS.items()}},
        guide=lambda field: _(guide),
        example=lambda day: example,
    )


_UNIT_WORDS = {
    "万": "万元", "万元": "万元", "人民币万元": "万元", "元": "元", "人民币元": "元", "cny": "元", "rmb": "元",
    "人民币": "元", "¥": "元", "千元": "千元", "百万元": "百万元", "亿": "亿元", "亿元": "亿元", "yuan": "元",
    "cny1,000": "千元", "cny'000": "千元", "cnythousand": "千元", "thousandcny": "千元", "thousandyuan": "千元",
    "rmb'000": "千元", "rmbthousand": "千元", "cny10,000": "万元", "rmb10,000": "万元", "10,000cny": "万元",
    "10,000rmb": "万元", "10,000yuan": "万元", "1,000": "千元", "'000": "千元", "thousand": "千元", "10,000": "万元",
    "million": "百万元", "cnymillion": "百万元", "rmbmillion": "百万元", "millionyuan": "百万元",
}  # fmt: skip
"""Unit in a header → the unit read behind a bare number."""


def _join_money(
    cells: Sequence[Any], zone: ZoneInfo | None, field: Field, days: Days | None, after: Any = None
) -> Decimal:
    """One amount that a list says in two units (元 and 万元): the more exact one, where the other is it rounded."""
    said = [field.type.parse(cell, zone, field, days) for cell in cells]
    if max(said) - min(said) > ROUNDED:
        words = _("“{one}”和“{other}”不是同一个金额，核对后留一个。")
        raise ValueError(words.format(one=as_text(cells[0]), other=as_text(cells[1])))
    return min(said, key=lambda amount: amount.normalize().as_tuple().exponent)


def read_date(raw: Any) -> date:
    """The day a cell or a text means, its year written (2026-05-21, Excel's number). ValueError with a sentence."""
    return moments.read_day(raw)


def _parse_date(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> date:
    if field.of_period and (end := moments.period_end(raw)):
        return end
    if field.is_deadline or field.is_beginning:
        return moments.month_alone(raw, is_end=field.is_deadline) or moments.read_day(raw, days)
    return moments.read_day(raw, days)


def _parse_moment(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> datetime:
    return moments.read_moment(raw, days, zone or USUAL_ZONE, field.needs_clock)


def _parse_time(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> time:
    """24:00 is the midnight a day ends with, 00:00."""
    return (EXCEL_EPOCH + moments.read_clock(raw)).time().replace(second=0)


def _join_moment(
    cells: Sequence[Any], zone: ZoneInfo | None, field: Field, days: Days | None, after: Any = None
) -> datetime:
    return moments.join(cells, days, zone or USUAL_ZONE, field.needs_clock, after)


def _join_text(cells: Sequence[Any], zone: ZoneInfo | None, field: Field, days: Days | None, after: Any = None) -> str:
    """姓 and 名 as one name: Chinese characters stand together, other words apart."""
    joined = ""
    for part in (as_text(cell) for cell in cells if cell is not None):
        is_apart = joined and part and not (_is_han(joined[-1]) and _is_han(part[0]))
        joined += " " + part if is_apart else part
    return joined


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"


def _reported(is_money: bool) -> FieldType:
    """A number as somebody reports it, kept as a text that says how it is meant (`rules.reported`)."""

    def parse(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> str:
        text = f"{raw:.15g}" if isinstance(raw, float) else str(raw)
        return reported.parse(text, is_money).text(is_money)

    def cell(kept: str) -> Any:
        """An exact number as a number, a rough one in words."""
        known = reported.of_text(kept, is_money)
        if known.qualifier is not None:
            return known.shown(is_money)
        return amounts.in_wan(known.value) if is_money else _without_zeros(known.value)

    return FieldType(
        parse,
        lambda value, zone, field: reported.of_text(value, is_money).shown(is_money),
        is_number=True,
        sheet="general",
        cells=lambda field, zone: cell,
        units=FieldType.MONEY.units if is_money else None,
        size=lambda value: reported.of_text(value, is_money).value,
        guide=lambda field: _("数字，前面可写约、近、超过"),
        example=lambda day: "860.00" if is_money else "50",
    )


def _parse_bool(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> bool:
    if isinstance(raw, bool):
        return raw
    word = as_text(raw).lower()
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise ValueError(_("应填“是”或“否”，不是“{text}”。").format(text=raw))


def _plain_word(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).replace(" ", "").casefold()
    return plain if plain.isascii() else plain.translate(simplified())


def _called(choice: Labelled) -> Iterator[str]:
    """What a file may call a choice besides its own words: either of 采购 / 销售, and what its enum says."""
    yield from choice.also
    for words in in_every_language(choice.value, type(choice).__name__):
        yield from words.split("/") if "/" in words else ()


def _parse_enum(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> Labelled:
    if field.choices is None:
        raise TypeError(f"{field.name} has no choices")
    if isinstance(raw, field.choices):
        return raw
    return _choice(raw, field.choices)


def _choice(raw: Any, choices: type[Labelled]) -> Labelled:
    word = _plain_word(as_text(raw))
    for choice in choices:
        if word in map(_plain_word, (choice.name, choice.value, choice.label)):
            return choice
    for choice in choices if word.isascii() else ():  # the word of another language's export
        if word in map(_plain_word, in_every_language(choice.value, type(choice).__name__)):
            return choice
    found = [choice for choice in choices if word in map(_plain_word, _called(choice))]
    if len(found) == 1:
        return found[0]
    offered = _("、").join(choice.label for choice in choices)
    raise ValueError(_("没有“{text}”这一项，可填：{choices}。").format(text=raw, choices=offered))


def _several(field: Field) -> type[Labelled]:
    if field.several is None:
        raise TypeError(f"{field.name} has no choices")
    return field.several


def _parse_choices(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> list[str]:
    """Names of the members said, each once, in their enum's order."""
    choices = _several(field)
    said = raw if isinstance(raw, list | tuple) else as_text(raw).replace("/", TAG_SEPARATORS[0])
    words = _parse_tags(said, zone, field, days)
    found = {_choice(word, choices) for word in words}
    return [choice.name for choice in choices if choice in found]


def labels_of(names: Sequence[str], choices: type[Labelled]) -> list[str]:
    """Kept names of members as a person reads them; one that is not there stays as it is."""
    known = choices.__members__
    return [known[name].label if name in known else name for name in names]


def _show_choices(value: Sequence[str], zone: ZoneInfo | None, field: Field) -> str:
    return TAG_SEPARATORS[0].join(labels_of(value, _several(field)))


def _parse_tags(raw: Any, zone: ZoneInfo | None, field: Field, days: Days | None) -> list[str]:
    if isinstance(raw, list | tuple):
        return [as_text(tag) for tag in raw if as_text(tag)]
    text = as_text(raw)
    for mark in TAG_SEPARATORS[1:]:
        text = text.replace(mark, TAG_SEPARATORS[0])
    return [tag.strip() for tag in text.split(TAG_SEPARATORS[0]) if tag.strip()]


def _show_number(value: Any, zone: ZoneInfo | None, field: Field) -> str:
    if isinstance(value, Decimal):
        value = value.normalize() if value != value.to_integral_value() else int(value)
    return f"{value:,}"


def _show_moment(value: datetime, zone: ZoneInfo | None, field: Field) -> str:
    return value.astimezone(zone or USUAL_ZONE).strftime("%Y-%m-%d %H:%M")


def _as_kept(number: Any) -> Decimal:
    return Decimal(f"{number:.15g}" if isinstance(number, float) else str(number))


def _without_zeros(number: Any) -> Any:
    """15.00 m² are 15."""
    return number.normalize() if isinstance(number, Decimal) else number


def _local_cells(field: Field, zone: ZoneInfo | None) -> Callable[[datetime], datetime | str]:
    """Local moments in whole seconds. A midnight is a text where a day alone says too little: in Excel both are one."""

    def local(value: datetime) -> datetime | str:
        cell = (value.astimezone(zone) if zone else value).replace(microsecond=0, tzinfo=None)
        return f"{cell:%Y-%m-%d %H:%M}" if field.needs_clock and cell.time() == time() else cell

    return local


def _yes_no_cells(field: Field, zone: ZoneInfo | None) -> Callable[[Any], str]:
    yes, no = _("是"), _("否")
    return lambda value: yes if value else no


def _lines(field: Field) -> Lines:
    if field.lines is None:
        raise TypeError(f"{field.name} has no lines")
    return field.lines


def _enum_cells(field: Field, zone: ZoneInfo | None) -> Callable[[Any], str]:
    return {choice: choice.label for choice in field.choices or ()}.__getitem__


FieldType.TEXT = FieldType(
    _parse_text, is_text=True, join=_join_text, says_same=lambda new, old: new == " ".join(clean_text(old).split())
)
FieldType.LONG_TEXT = FieldType(
    _parse_long_text, is_text=True, is_long=True, sheet="long", says_same=lambda new, old: new == clean_text(old)
)
FieldType.PHONE = FieldType(
    lambda raw, zone, field, days: phones.parse(raw if isinstance(raw, str) else as_text(raw)),
    lambda value, zone, field: phones.show(value),
    is_text=True,
    cells=lambda field, zone: phones.show,
    guide=lambda field: _("一个号码，可带分机"),
    example=lambda day: "13800000000",
)
FieldType.NUMBER = FieldType(
    _parse_number,
    _show_number,
    kept_as=(Integer, Numeric, Float, Rate),
    is_number=True,
    sheet="number",
    cells=lambda field, zone: _without_zeros if field.places else None,
    says_same=lambda new, old: Decimal(str(new)) == _as_kept(old),
    guide=lambda field: _("数字，最多 {n} 位小数").format(n=field.places) if field.places else _("整数"),
    example=lambda day: "9",
)
FieldType.MONEY = _money(amounts.WAN, (Fen,), "money", N_("数字，单位万元；写明“元”或“亿元”也可以"), "860.00", places=2)
FieldType.YUAN = _money(amounts.YUAN, (), "yuan", N_("数字，单位元；写明“万元”也可以"), "36,000.00", places=2)
FieldType.THOUSANDS = _money(
    amounts.THOUSAND, (), "number", N_("数字，单位千元；写明“元”或“万元”也可以"), "12,480", places=0
)
FieldType.DATE = FieldType(
    _parse_date,
    lambda value, zone, field: value.isoformat(),
    kept_as=(Date,),
    split_span=moments.split_days,
    sheet="date",
    guide=lambda field: _("日期"),
    example=str,
)
FieldType.MOMENT = FieldType(
    _parse_moment,
    _show_moment,
    kept_as=(Moment,),
    in_key=lambda value, zone: value.astimezone(zone or USUAL_ZONE).date(),
    join=_join_moment,
    split_span=moments.split_span,
    sheet="moment",
    cells=_local_cells,
    says_same=lambda new, old: abs(new - old) < timedelta(seconds=1),
    guide=lambda field: _("日期和时间"),
    example=lambda day: f"{day} 09:30",
)
FieldType.TIME = FieldType(
    _parse_time,
    lambda value, zone, field: f"{value:%H:%M}",
    kept_as=(Time,),
    split_span=moments.split_span,
    cells=lambda field, zone: lambda value: f"{value:%H:%M}",
    guide=lambda field: _("时刻"),
    example=lambda day: "08:30",
)
FieldType.BOOL = FieldType(
    _parse_bool,
    lambda value, zone, field: _("是") if value else _("否"),
    kept_as=(Boolean,),
    cells=_yes_no_cells,
    choices=lambda field: (_("是"), _("否")),
    guide=lambda field: _("是或否"),
)
FieldType.ENUM = FieldType(
    _parse_enum,
    lambda value, zone, field: value.label,
    kept_as=(Enum,),
    cells=_enum_cells,
    choices=lambda field: tuple(choice.label for choice in field.choices or ()),
    guide=lambda field: _("从可填的词里选"),
)
FieldType.CHOICES = FieldType(
    _parse_choices,
    _show_choices,
    cells=lambda field, zone: lambda value: _show_choices(value, zone, field),
    choices=lambda field: tuple(choice.label for choice in _several(field)),
    takes_several=True,
    guide=lambda field: _("可填的词，多项用顿号分开"),
)
FieldType.REF = FieldType(
    _parse_text, guide=lambda field: _("名称，没有的会新建") if field.creates else _("已有的名称")
)
FieldType.TAGS = FieldType(
    _parse_tags,
    lambda value, zone, field: TAG_SEPARATORS[0].join(value),
    kept_as=(JSON,),
    cells=lambda field, zone: TAG_SEPARATORS[0].join,
    guide=lambda field: _("多项用顿号分开"),
)
FieldType.REPORTED = _reported(is_money=False)
FieldType.REPORTED_MONEY = _reported(is_money=True)
FieldType.LINES = FieldType(
    lambda raw, zone, field, days: _lines(field).read(as_text(raw), zone or USUAL_ZONE),
    lambda value, zone, field: _lines(field).shown(value, zone or USUAL_ZONE),
    is_long=True,
    sheet="long",
    says_same=says_same,
    cells=lambda field, zone: lambda value: _lines(field).shown(value, zone or USUAL_ZONE),
    join=lambda cells, zone, field, days, after: "\n".join(as_text(cell) for cell in cells if cell is not None),
    guide=lambda field: _lines(field).guide,
)
