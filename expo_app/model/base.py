"""What every table shares: keys, money, moments, enums by name."""

import os
import struct
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    event,
    text,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from expo_app.damaged import readable

KEY_BYTES = 16


def new_id(after: uuid.UUID | None = None) -> uuid.UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, 12 bits of their fraction (RFC 9562 §6.2, method 3), 62 random bits.

    So keys sort by age, finer than any two writes of one process. The computer's clock may be set back all the same:
    a key that must sort behind another one says which (`after`).
    """
    key = new_ids(1)[0]
    if after is None or key > after:
        return key
    ms, fraction = divmod((after.int >> 80 << 12 | after.int >> 64 & 0xFFF) + 1, 4096)
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | fraction << 64 | key.int & 0xFFFFFFFFFFFFFFFF)


def new_ids(count: int) -> list[uuid.UUID]:
    """So many of them, in order; their random bits are asked for at once."""
    found = []
    for (random,) in struct.iter_unpack(">Q", os.urandom(8 * count)):
        ms, rest = divmod(time.time_ns(), 1_000_000)
        high = (ms & 0xFFFFFFFFFFFF) << 16 | 0x7000 | rest * 4096 // 1_000_000
        found.append(uuid.UUID(int=high << 64 | 0x2 << 62 | random >> 2))
    return found


def first_id(at: float) -> uuid.UUID:
    """The lower bound of the keys made at `at` (seconds since 1970) or later."""
    return uuid.UUID(int=int(at * 1000) << 80)


def moment_of(key: uuid.UUID) -> float:
    """When a key was made, in seconds since 1970 by the clock of the computer that made it."""
    return (key.int >> 80) / 1000


def _bytes(key: uuid.UUID | None) -> bytes | None:
    return None if key is None else key.bytes


def key_of(raw: bytes) -> uuid.UUID:
    """`UUID(bytes=raw)` in a third of its time: a long list is mostly its keys. ValueError for other lengths."""
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{len(raw)} bytes are no key")
    made = object.__new__(uuid.UUID)
    object.__setattr__(made, "int", int.from_bytes(raw, "big"))
    object.__setattr__(made, "is_safe", uuid.SafeUUID.unknown)
    return made


class Key(TypeDecorator[uuid.UUID]):
    """A UUID: 16 bytes in SQLite, `uuid` in PostgreSQL."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(LargeBinary(KEY_BYTES) if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Bytes need no second conversion."""
        return _bytes if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        return key_of(value) if isinstance(value, bytes) else value


class Fen(TypeDecorator[Decimal]):
    """Money: whole fen in the database, yuan as Decimal with two places in Python; a third place is an error."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        fen = Decimal(value) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{value} yuan is not a whole number of fen")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Rate(TypeDecorator[Decimal]):
    """Yuan for one unit of another currency: whole hundred-millionths in the database, an exact Decimal in Python."""

    impl = BigInteger
    cache_ok = True
    places = 8

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        parts = Decimal(value).scaleb(self.places)
        if parts != parts.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimals")
        return int(parts)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places).normalize()


class Moment(TypeDecorator[datetime]):
    """A point in time, aware, kept in UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Texts(JSON):
    """A list of texts."""

    cache_ok = True

    @staticmethod
    def check(value: Any) -> None:
        """ValueError where a kept value has another shape."""
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise ValueError(value)


class Days(Texts):
    """Local days, as texts of ISO 8601."""

    @staticmethod
    def check(value: Any) -> None:
        Texts.check(value)
        for day in value:
            date.fromisoformat(day)


PARTIAL_DAY = 10
"""Characters of a day that is known whole."""


class PartialDay(String):
    """A day that may be known to the month or the year alone: 2019, 2019-12, 2019-12-05; "" is unknown."""

    def __init__(self, length: int = PARTIAL_DAY) -> None:
        super().__init__(length)

    @staticmethod
    def check(value: str) -> None:
        """ValueError where there is no such day."""
        whole = value + "-01-01"[max(len(value) - 4, 0) :]
        if value and (len(value) not in (4, 7, 10) or date.fromisoformat(whole).isoformat() != whole):
            raise ValueError(value)


class Names(JSON):
    """Values by name."""

    cache_ok = True

    @staticmethod
    def check(value: Any) -> None:
        """ValueError where a kept value has another shape."""
        if not isinstance(value, dict):
            raise ValueError(value)


class ZoneName(String):
    """The IANA name of a time zone."""

    @staticmethod
    def check(value: str) -> None:
        """LookupError or ValueError where there is no such zone."""
        ZoneInfo(value)


USUAL_ZONE = "Asia/Shanghai"
"""The zone of an expo until somebody says another one, and where what is kept cannot be read: the gate goes on."""


def read_zone(name: str) -> ZoneInfo:
    """The zone of a kept name."""
    return ZoneInfo(readable(name, USUAL_ZONE))


def kept_by_name(enum: type[Enum]) -> SqlEnum:
    """A column type that keeps an enum by its name, as text of 24 characters, checked by Python."""
    return SqlEnum(enum, native_enum=False, create_constraint=False, length=24)


class Base(DeclarativeBase):
    """The root of every table: one UUIDv7 key named `id`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {uuid.UUID: Key(), datetime: Moment(), Decimal: Fen()}

    if TYPE_CHECKING:
        __table__: ClassVar[Table]

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def part_of(column: str) -> ForeignKey:
    """A link to the record this row is a part of and goes with; any other row that points at a record keeps it."""
    return ForeignKey(column, ondelete="CASCADE", info={"is_part": True})


def partial_unique(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows that meet `where`, on both databases.

    PostgreSQL's half is added when the index is made there: naming it here would load that dialect at every start.
    """
    index = Index(name, *columns, unique=True, sqlite_where=text(where))

    def add_where(target: Index, connection: Connection, **_options: Any) -> None:
        target.dialect_options[connection.dialect.name]["where"] = text(where)

    event.listen(index, "before_create", add_where)
    return index
