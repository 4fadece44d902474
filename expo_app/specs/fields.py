"""`Field`: one definition of a column, for table, form, Excel in, Excel out and PDF."""

from __future__ import annotations

import builtins
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from expo_app.i18n import Labelled, _, in_every_language
from expo_app.rules import amounts, masks

MISSING = "—"
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


class FieldType(Enum):
    """The ten kinds of column there are."""

    TEXT = auto()
    LONG_TEXT = auto()
    NUMBER = auto()
    MONEY = auto()
    DATE = auto()
    MOMENT = auto()
    BOOL = auto()
    ENUM = auto()
    REF = auto()
    TAGS = auto()


@dataclass(frozen=True)
class Field:
    """A column. Type, length and required-ness are read from the mapped column by `RecordSpec`.

    `name` is an attribute of the model, a path through a parent ("person.phone"), or, with `select`, any name.
    A REF's value is the natural key of the record it names (its text), which `services.records` resolves.
    """

    name: str
    label: str
    width: int = 12
    """Characters wide, for Excel, table and PDF."""
    type: FieldType = FieldType.TEXT
    required: bool | None = None
    """None: as the mapped column says."""
    max_length: int | None = None
    readonly: bool = False
    """Shown and exported, never read from a form or an import."""
    in_table: bool = True
    in_form: bool = True
    in_excel: bool = True
    show: str = ""
    """How a table cell is drawn: "" text, "bold", "pill", "dot", "bar"."""
    aliases: tuple[str, ...] = ()
    """Other headers that mean this column in an Excel file (单位名称 / 企业名称 / 公司名称)."""
    choices: builtins.type[Labelled] | None = None
    capitals: bool = False
    """A form turns letters into capitals as they are typed."""
    suggestions: Callable[[], Sequence[str]] | None = None
    """Words offered for a text field."""
    is_closed: bool = False
    """`check` takes none but the suggestions: a form offers them to choose from."""
    ref: str = ""
    """The spec a REF points to."""
    creates: bool = False
    """A REF to an unknown name makes that record."""
    mask: str = ""
    """"phone" or "email": masked unless the role may see it."""
    check: Callable[[str], str | None] | None = None
    """Turns text (of TAGS each one) into the value kept, or raises ValueError in the person's language."""
    format: Callable[[Any], str] | None = None
    """Turns the value into the text shown."""
    select: Callable[[], ColumnElement[Any]] | None = None
    """A computed column; without `readonly` the area's service keeps what is entered (names of other records)."""
    unit: str = ""
    hint: str = ""
    group: str = ""
    """Heading of the form section."""
    default: Any = None
    places: int = 0
    """Decimal places of a NUMBER."""
    least: int | Decimal = 0
    """A NUMBER is not below."""
    most: int = 10**12
    """A NUMBER is not above; at most what its column holds."""

    @property
    def title(self) -> str:
        """The label in the current language."""
        return _(self.label)

    @property
    def header(self) -> str:
        """The label with its unit, as a table or Excel header: 金额（万元）."""
        return _("{label}（{unit}）").format(label=self.title, unit=_(self.unit)) if self.unit else self.title

    @property
    def is_number(self) -> bool:
        """Right-aligned."""
        return self.type in (FieldType.NUMBER, FieldType.MONEY)

    def display(self, value: Any, zone: ZoneInfo | None = None) -> str:
        """The text a person reads; a missing value is —. Moments are shown in `zone`."""
        if value is None or value in ("", []):
            return MISSING
        if self.format:
            return self.format(value) or MISSING
        return _SHOW[self.type](value, zone, self)

    def masked(self, value: Any) -> Any:
        """The value with personal parts hidden."""
        if not self.mask or not value:
            return value
        return masks.mask_email(value) if self.mask == "email" else masks.mask_phone(value)

    def is_masked(self, value: Any) -> bool:
        """Whether a value of a personal column comes from a masked export: it says nothing about the real one."""
        return bool(self.mask) and isinstance(value, str) and masks.is_masked(value)

    def parse(self, raw: Any, zone: ZoneInfo | None = None) -> Any:
        """The value kept, from what a form or a cell holds; None when empty. Raises ValueError with a sentence."""
        if isinstance(raw, str):
            raw = clean_text(raw)
        if raw is None or raw in ("", MISSING, []):
            if self.required:
                raise ValueError(_("不能为空。"))
            return self.default if self.type is FieldType.BOOL else None
        value = _PARSE[self.type](raw, zone, self)
        if isinstance(value, str):
            if self.check:
                value = self.check(value)
            if value and self.max_length:
                not_longer(value, self.max_length)
        elif isinstance(value, list) and self.check:
            value = [self.check(tag) for tag in value]
        return value


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
    text = raw if isinstance(raw, str) else as_text(raw)  # a text comes here clean
    return text if field.type is FieldType.LONG_TEXT else " ".join(text.split())


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
        raise ValueError(_("“{text}”不是日期，应如 2018-11-29。").format(text=text)) from None


def _local_moment(raw: Any) -> datetime:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001
    if isinstance(raw, int | float):
        if 1900_01_01 <= raw <= 2999_12_31 and raw == int(raw):
            return _read_moment(str(int(raw)))
        if not 1 <= raw < 110_000:
            raise ValueError(_("“{text}”不是日期，应如 2018-11-29。").format(text=raw))
        return EXCEL_EPOCH + timedelta(minutes=round(raw * 1440))
    return _read_moment(str(raw))


def _sane_moment(raw: Any) -> datetime:
    value = _local_moment(raw)
    if not 1900 <= value.year <= 2999:
        raise ValueError(_("“{text}”不是日期，应如 2018-11-29。").format(text=raw))
    return value


def read_date(raw: Any) -> date:
    """The day a cell or a text means: 2018-11-29, 2018年11月29日, Excel's serial number. ValueError with a sentence."""
    return _sane_moment(raw).date()


def _parse_date(raw: Any, zone: ZoneInfo | None, field: Field) -> date:
    return read_date(raw)


def _parse_moment(raw: Any, zone: ZoneInfo | None, field: Field) -> datetime:
    value = _sane_moment(raw)
    return (value if value.tzinfo else value.replace(tzinfo=zone or UTC)).astimezone(UTC)


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
    return value.astimezone(zone or UTC).strftime("%Y-%m-%d %H:%M")


_PARSE: dict[FieldType, Callable[[Any, ZoneInfo | None, Field], Any]] = {
    FieldType.TEXT: _parse_text,
    FieldType.LONG_TEXT: _parse_text,
    FieldType.NUMBER: _parse_number,
    FieldType.MONEY: _parse_money,
    FieldType.DATE: _parse_date,
    FieldType.MOMENT: _parse_moment,
    FieldType.BOOL: _parse_bool,
    FieldType.ENUM: _parse_enum,
    FieldType.REF: _parse_text,
    FieldType.TAGS: _parse_tags,
}
_SHOW: dict[FieldType, Callable[[Any, ZoneInfo | None, Field], str]] = {
    FieldType.TEXT: lambda value, zone, field: str(value),
    FieldType.LONG_TEXT: lambda value, zone, field: str(value),
    FieldType.NUMBER: _show_number,
    FieldType.MONEY: lambda value, zone, field: amounts.format_wan(value),
    FieldType.DATE: lambda value, zone, field: value.isoformat(),
    FieldType.MOMENT: _show_moment,
    FieldType.BOOL: lambda value, zone, field: _("是") if value else _("否"),
    FieldType.ENUM: lambda value, zone, field: value.label,
    FieldType.REF: lambda value, zone, field: str(value),
    FieldType.TAGS: lambda value, zone, field: "、".join(value),
}
