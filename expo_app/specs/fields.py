"""`Field`: one definition of a column, for table, form, Excel in, Excel out and PDF."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from expo_app.damaged import is_damaged
from expo_app.i18n import Labelled, _
from expo_app.rules import masks
from expo_app.rules.moments import Days
from expo_app.specs.child_lines import Lines
from expo_app.specs.field_types import MISSING, FieldType, clean_text, not_longer


@dataclass(frozen=True)
class Unsaid:
    """What becomes of `n` new records when a list says nothing of a field, where that matters; what is offered instead.

    `why` says it, `offer` is on the tick, `value` is what they get with it.
    """

    why: str
    offer: str
    value: Any


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
    was: tuple[str, ...] = ()
    """Names the field had before, under which a form kept for later may hold its value."""
    choices: builtins.type[Labelled] | None = None
    several: builtins.type[Labelled] | None = None
    """Of CHOICES: the enum whose names are kept."""
    capitals: bool = False
    """A form turns letters into capitals as they are typed."""
    suggestions: Callable[[], Sequence[str]] | None = None
    """Words offered for a text field."""
    is_closed: bool = False
    """`check` takes none but the suggestions: a form offers them to choose from."""
    is_place: bool = False
    """A form offers the expo's places first."""
    ref: str = ""
    """The spec a REF points to."""
    creates: bool = False
    """A REF to an unknown name makes that record."""
    mask: str = ""
    """A key of `rules.masks.MASKS`: masked unless the role may see it."""
    secret: Callable[[], ColumnElement[bool]] | None = None
    """Which records' value is hidden in lists and exports as a whole, unless the role may see it."""
    seen_by: str = ""
    """The permission without which every value is hidden, in panels and exports too."""
    check: Callable[[str], str | None] | None = None
    """Turns text (of TAGS each one) into the value kept, or raises ValueError in the person's language."""
    format: Callable[[Any], str] | None = None
    """Turns the value into the text shown."""
    split: Callable[[str], list[str]] | None = None
    """How a text lists several records; None: by the usual marks. ValueError with a sentence."""
    alike: Callable[[str], str] | None = None
    """What two spellings of one name have in common; None: `specs.names.name_key`."""
    doubt: Callable[[Any], None] | None = None
    """ValueError with a sentence for a cell of a table that names nothing known and is probably not what was meant."""
    is_vital: bool = False
    """A row of a file whose value here cannot be read does not go in; other values are left out alone."""
    lists: str = ""
    """The spec of the records whose names a text lists and makes (卖方)."""
    select: Callable[[], ColumnElement[Any]] | None = None
    """A computed column; without `readonly` the area's service keeps what is entered (names of other records)."""
    read: Callable[[], ColumnElement[Any]] | None = None
    """`select` with names as they are read, for the screen; a column finds its English one beside it without this."""
    needs_clock: bool = False
    """A MOMENT of which a day alone says too little."""
    abroad: tuple[str, str] | None = None
    """Of an amount: the fields that the currency and the amount in it go to where a file's cell names another one."""
    is_deadline: bool = False
    """A DATE up to which something is: a month alone is its last day."""
    of_period: bool = False
    """A DATE that ends a period: a year or a half-year alone is its last day."""
    means_all: tuple[str, ...] = ()
    """Words of a file for an empty value that leaves nothing out (不限)."""
    is_beginning: bool = False
    """A DATE from which something is: a month alone is its first day."""
    around: tuple[str, ...] = ()
    """Words that a NUMBER is written with (TRL 7, 7级); of a span in a file's cell the lower end is read."""
    until: str = ""
    """The field that holds the end of what begins in this one: a span in one cell gives both."""
    up_to: str = ""
    """Of an amount: the field that holds the end of a range which a file's cell gives (50-200, 200 以内)."""
    per: str = ""
    """Of an amount: the field that holds what it is for, where a file's cell says both (480元/样)."""
    in_parts: bool = False
    """A TEXT that two columns of a file may make (姓 and 名), or LINES that any number do (甲方, 乙方, 丙方)."""
    unit: str = ""
    hint: str = ""
    group: str = ""
    """Heading of the form section."""
    lines: Lines | None = None
    """Of LINES: what a line is."""
    default: Any = None
    """What a record gets that is given none; of a REF to words a `Usual`."""
    unsaid: Unsaid | None = None
    """For a list that does not have the field, where what its new records get by themselves would surprise."""
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
        return self.type.is_number

    @property
    def is_joined(self) -> bool:
        """Whether several columns of a file may make one value of it, by `type.join`."""
        return self.type.join is not None and (self.in_parts or not (self.type.is_text or self.lines))

    @property
    def is_words(self) -> bool:
        """Free text, or the name of a record."""
        return self.type.is_text or bool(self.ref)

    def display(self, value: Any, zone: ZoneInfo | None = None) -> str:
        """The text a person reads; a missing value is —. Moments are shown in `zone`."""
        if value is None or value in ("", []):
            return MISSING
        if is_damaged(value):
            return str(value)
        if self.secret and value == masks.hidden():
            return masks.shown_secret()
        if self.seen_by and value == masks.UNSEEN:
            return masks.UNSEEN
        if self.format:
            return self.format(value) or MISSING
        return self.type.show(value, zone, self)

    def masked(self, value: Any) -> Any:
        """The value with personal parts hidden."""
        if not self.mask or not value or is_damaged(value):
            return value
        return masks.MASKS[self.mask](value)

    def is_masked(self, value: Any) -> bool:
        """Whether a value of a personal column comes from a masked export: it says nothing about the real one."""
        hides = bool(self.mask or self.secret or self.seen_by)
        return hides and isinstance(value, str) and (masks.is_masked(value) or value == masks.UNSEEN)

    def parse(self, raw: Any, zone: ZoneInfo | None = None, days: Days | None = None) -> Any:
        """The value kept, from what a form or a cell holds; None when empty. Raises ValueError with a sentence.

        `days` of the expo, where they are known, complete a day without its year.
        """
        if isinstance(raw, str):
            raw = clean_text(raw)
        if raw is None or raw in ("", MISSING, []):
            if self.required:
                raise ValueError(_("不能为空。"))
            return self.default if self.type is FieldType.BOOL else None
        value = self.type.parse(raw, zone, self, days)
        if isinstance(value, str):
            if self.check:
                value = self.check(value)
            if value and self.max_length:
                not_longer(value, self.max_length)
        elif isinstance(value, list) and self.check:
            value = [self.check(tag) for tag in value]
        return value
