"""`FieldType`: what a kind of column means wherever it is read, shown, written, kept and compared.

A new kind is one object at the end of this file, and, if no editor there is fits, a line in `ui/records/editors.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Boolean, Date, Enum, Float, Integer, Numeric, Time

from expo_app.i18n import Labelled, _, in_every_language
from expo_app.model import Fen, Moment, expo
from expo_app.rules import amounts

if TYPE_CHECKING:
    from expo_app.specs.fields import Field

MISSING = "—"
USUAL_ZONE = ZoneInfo(expo.USUAL_ZONE)
"""In which moments are read and shown where no expo says otherwise: that of an expo which is only being entered."""
YES_WORDS = frozenset({"是", "有", "真", "y", "yes", "true", "1", "√", "✓", "对"})
NO_WORDS = frozenset({"否", "无", "假", "n", "no", "false", "0", "×", "错"})
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (Excel's serial day 0, local by nature)
TAG_SEPARATORS = "、；;,，\n"
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters, zero-width marks, direction overrides, lone surrogates."""


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Those of them that come from a fault, not from copying out of a web page."""


@dataclass(frozen=True, eq=False)
class FieldType:
    """One kind of column; the objects stand at the end of this file."""

    parse: Callable[[Any, ZoneInfo | None, Field], Any]
    """The value kept, from what a form or a cell holds (a text comes clean); ValueError with a sentence."""
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
    choices: Callable[[Field], tuple[str, ...]] = lambda field: ()
    """Words that a drop-down list offers."""
    guide: Callable[[Field], str] = lambda field: ""
    """How a cell is filled in, in a few words."""
    example: Callable[[date], str] | None = None
    """A cell that this type takes, with this day in it where it holds one."""

    TEXT: ClassVar[FieldType]
    LONG_TEXT: ClassVar[FieldType]
    NUMBER: ClassVar[FieldType]
    MONEY: ClassVar[FieldType]
    DATE: ClassVar[FieldType]
    MOMENT: ClassVar[FieldType]
    TIME: ClassVar[FieldType]
    BOOL: ClassVar[FieldType]
    ENUM: ClassVar[FieldType]
    REF: ClassVar[FieldType]
    TAGS: ClassVar[FieldType]


def clean_text(raw: str) -> str:
    """Text without control characters, zero-width marks and outer spaces; new lines stay."""
    if raw.isprintable():
        return raw.strip()
    return INVISIBLE.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()


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


def _parse_text(raw: Any, zone: ZoneInfo | None, field: Field) -> str:
    return " ".join(_parse_long_text(raw, zone, field).split())


def _parse_long_text(raw: Any, zone: ZoneInfo | None, field: Field) -> str:
    return raw if isinstance(raw, str) else as_text(raw)


def _parse_number(raw: Any, zone: ZoneInfo | None, field: Field) -> int | Decimal:
    try:
        # past the 15th digit a cell holds binary noise (0.30000000000000004), not what a person wrote
        text = raw if isinstance(raw, str) else f"{raw:.15g}" if isinstance(raw, float) else str(raw)
        number = Decimal(unicodedata.normalize("NFKC", text).replace(",", "").strip())
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


def _parse_money(raw: Any, zone: ZoneInfo | None, field: Field) -> Decimal:
    if isinstance(raw, float):  # a cell's number, however long
        raw = f"{Decimal(repr(raw)):f}"
    return raw if isinstance(raw, Decimal) else amounts.parse_wan(str(raw))


DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
TIME_FORMATS = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")


@lru_cache(4096)
def _read_moment(text: str) -> datetime:
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    for day in DATE_FORMATS:
        for hour in TIME_FORMATS:
            try:
                return datetime.strptime(text, day + hour)  # noqa: DTZ007  (local by nature)
            except ValueError:
                continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“{text}”不是日期，应按“年-月-日”写。").format(text=text)) from None


def _local_moment(raw: Any) -> datetime:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001
    if isinstance(raw, int | float):
        if 1900_01_01 <= raw <= 2999_12_31 and raw == int(raw):
            return _read_moment(str(int(raw)))
        if not 1 <= raw < 110_000:
            raise ValueError(_("“{text}”不是日期，应按“年-月-日”写。").format(text=raw))
        return EXCEL_EPOCH + timedelta(minutes=round(raw * 1440))
    return _read_moment(str(raw))


def _sane_moment(raw: Any) -> datetime:
    value = _local_moment(raw)
    if not 1900 <= value.year <= 2999:
        raise ValueError(_("“{text}”不是日期，应按“年-月-日”写。").format(text=raw))
    return value


def read_date(raw: Any) -> date:
    """The day a cell or a text means: 2026-05-21, 2026年5月21日, Excel's serial number. ValueError with a sentence."""
    return _sane_moment(raw).date()


def _parse_moment(raw: Any, zone: ZoneInfo | None, field: Field) -> datetime:
    value = _sane_moment(raw)
    return (value if value.tzinfo else value.replace(tzinfo=zone or USUAL_ZONE)).astimezone(UTC)


def _parse_time(raw: Any, zone: ZoneInfo | None, field: Field) -> time:
    if isinstance(raw, datetime):
        raw = raw.time()
    if isinstance(raw, float) and 0 <= raw < 1:  # Excel's part of a day
        raw = (EXCEL_EPOCH + timedelta(minutes=round(raw * 1440))).time()
    if isinstance(raw, time):
        return raw.replace(second=0, microsecond=0, tzinfo=None)
    match = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})(?::\d{2})?", unicodedata.normalize("NFKC", as_text(raw)))
    try:
        if match is None:
            raise ValueError(raw)
        hour, minute = int(match[1]), int(match[2])
        return time(0 if (hour, minute) == (24, 0) else hour, minute)
    except ValueError:
        raise ValueError(_("“{text}”不是时刻，应如 08:30。").format(text=raw)) from None


def _parse_bool(raw: Any, zone: ZoneInfo | None, field: Field) -> bool:
    if isinstance(raw, bool):
        return raw
    word = as_text(raw).lower()
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise ValueError(_("应填“是”或“否”，不是“{text}”。").format(text=raw))


def _parse_enum(raw: Any, zone: ZoneInfo | None, field: Field) -> Labelled:
    if field.choices is None:
        raise TypeError(f"{field.name} has no choices")
    if isinstance(raw, field.choices):
        return raw
    word = unicodedata.normalize("NFKC", as_text(raw)).replace(" ", "").casefold()
    for choice in field.choices:
        known = (choice.name, choice.value, choice.label)
        if word in (unicodedata.normalize("NFKC", k).replace(" ", "").casefold() for k in known):
            return choice
    for choice in field.choices if word.isascii() else ():  # the word of another language's export
        if word in (k.replace(" ", "").casefold() for k in in_every_language(choice.value, type(choice).__name__)):
            return choice
    offered = "、".join(choice.label for choice in field.choices)
    raise ValueError(_("没有“{text}”这一项，可填：{choices}。").format(text=raw, choices=offered))


def _parse_tags(raw: Any, zone: ZoneInfo | None, field: Field) -> list[str]:
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


def _local_cells(field: Field, zone: ZoneInfo | None) -> Callable[[datetime], datetime]:
    """Local moments in whole seconds."""
    return lambda value: (value.astimezone(zone) if zone else value).replace(microsecond=0, tzinfo=None)


def _yes_no_cells(field: Field, zone: ZoneInfo | None) -> Callable[[Any], str]:
    yes, no = _("是"), _("否")
    return lambda value: yes if value else no


def _enum_cells(field: Field, zone: ZoneInfo | None) -> Callable[[Any], str]:
    return {choice: choice.label for choice in field.choices or ()}.__getitem__


FieldType.TEXT = FieldType(
    _parse_text, is_text=True, says_same=lambda new, old: new == " ".join(clean_text(old).split())
)
FieldType.LONG_TEXT = FieldType(
    _parse_long_text, is_text=True, is_long=True, sheet="long", says_same=lambda new, old: new == clean_text(old)
)
FieldType.NUMBER = FieldType(
    _parse_number,
    _show_number,
    kept_as=(Integer, Numeric, Float),
    is_number=True,
    sheet="number",
    cells=lambda field, zone: _without_zeros if field.places else None,
    says_same=lambda new, old: Decimal(str(new)) == _as_kept(old),
    guide=lambda field: _("数字，最多 {n} 位小数").format(n=field.places) if field.places else _("整数"),
    example=lambda day: "9",
)
FieldType.MONEY = FieldType(
    _parse_money,
    lambda value, zone, field: amounts.format_wan(value),
    kept_as=(Fen,),
    is_number=True,
    stays=True,
    sheet="money",
    cells=lambda field, zone: amounts.in_wan,
    units={
        "": "", "万": "", "万元": "", "人民币万元": "", "元": "元", "人民币元": "元", "cny": "元",
        "千元": "千元", "百万元": "百万元", "亿": "亿元", "亿元": "亿元",
    },
    guide=lambda field: _("数字，单位万元；写明“元”或“亿元”也可以"),
    example=lambda day: "860.00",
)  # fmt: skip
FieldType.DATE = FieldType(
    lambda raw, zone, field: read_date(raw),
    lambda value, zone, field: value.isoformat(),
    kept_as=(Date,),
    sheet="date",
    guide=lambda field: _("日期"),
    example=str,
)
FieldType.MOMENT = FieldType(
    _parse_moment,
    _show_moment,
    kept_as=(Moment,),
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
