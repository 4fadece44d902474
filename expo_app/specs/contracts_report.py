"""What the register of technology contracts is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class OfficeColumn:
    """A column of the office's sheet: its header, the field of `specs.contracts` it is filled from, its width."""

    header: str
    field: str
    width: float


@dataclass(frozen=True)
class Gap:
    """A contract that is not complete, and what it lacks."""

    deal_no: str
    title: str
    lacking: Sequence[str]


@dataclass(frozen=True)
class RegisterData:
    """The register in an office's columns; amounts in yuan."""

    head: Head
    columns: Sequence[OfficeColumn]
    rows: Sequence[Sequence[Any]]
    gaps: Sequence[Gap]
