"""Who changed what: append-only."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Names, kept_by_name, part_of


class Audit(Base):
    """One write: `before` and `after` hold only what changed (None on insert or delete)."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_record", "table_name", "record_id"),)

    at: Mapped[datetime] = mapped_column(index=True)
    operator: Mapped[str] = mapped_column(String(40), default="")
    desk: Mapped[str] = mapped_column(String(40), default="")
    action: Mapped[str] = mapped_column(String(20))
    """insert, update, delete, import, undo_import, reveal, …"""
    table_name: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[uuid.UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(Names(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(Names(none_as_null=True))
    reason: Mapped[str] = mapped_column(String(200), default="")


class BatchKind(Labelled):
    IMPORT = N_("导入")
    MERGE = N_("合并")


class ImportBatch(Base):
    """A whole import of one file, or one merge, which can be undone.

    It is written before its records, marked as undone at the moment it was made, so that it counts only with them.
    """

    __tablename__ = "import_batch"

    expo_id: Mapped[uuid.UUID | None] = mapped_column(part_of("expo.id"), index=True)
    kind: Mapped[BatchKind] = mapped_column(kept_by_name(BatchKind), default=BatchKind.IMPORT)
    spec: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(260), default="")
    """Of a merge the names of the two records."""
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    new_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]
    made: Mapped[dict[str, str]] = mapped_column(Names, default=dict)
    """Table → the keys of its new records, 32 hexadecimal digits each, one behind the other. Of a merge: table → who
    stayed and who went into it, in turn; "table.column" → how many scans pointed at those who stayed.
    """


class ImportRow(Base):
    """One record changed by a batch: the old and new values of what changed, `after` None for a deleted one.

    `row_no`: of an import the row of the file, of a merge its place in the order of writing.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_record", "table_name", "record_id"),)

    batch_id: Mapped[uuid.UUID] = mapped_column(part_of("import_batch.id"), index=True)
    row_no: Mapped[int]
    table_name: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[uuid.UUID]
    before: Mapped[dict[str, Any]] = mapped_column(Names)
    after: Mapped[dict[str, Any] | None] = mapped_column(Names(none_as_null=True))


class ImportMemory(Base):
    """What was decided about a list of these columns, so that the next one like it is read the same way."""

    __tablename__ = "import_memory"
    __table_args__ = (UniqueConstraint("kind", "fingerprint"),)

    kind: Mapped[str] = mapped_column(String(40))
    """The name of the spec."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """`exchange.import_plan.fingerprint` of its headers."""
    mapping: Mapped[dict[str, Any]] = mapped_column(Names)
    """As `specs.choices.Choices.mapping` gives it."""
    columns: Mapped[int] = mapped_column(default=0)
    """How many columns the list had."""
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")


class Counter(Base):
    """The next printed number of a series; drawn in the transaction that uses it, so that there are no gaps."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(40), unique=True)
    next_no: Mapped[int] = mapped_column(default=1)


class NotSame(Base):
    """Two records somebody said are not the same one, so that they are not offered as duplicates again."""

    __tablename__ = "not_same"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    spec: Mapped[str] = mapped_column(String(40))
    one_id: Mapped[uuid.UUID]
    """The smaller key of the two."""
    other_id: Mapped[uuid.UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
