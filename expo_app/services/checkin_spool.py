"""Scans that wait to be kept, beside the database, so that not even a power cut loses them.

They are written while something is in their way for longer, taken up when the desk is opened again, each under its own
id, and gone from here once they are in the database.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo_app import paths
from expo_app.atomic_files import written
from expo_app.errors import UserError
from expo_app.model import Direction


@dataclass(frozen=True)
class Kept:
    """One scan as it was read: a code, or a person admitted by hand (`attendee_id`)."""

    scan_id: uuid.UUID
    at: datetime
    direction: Direction
    raw: str = ""
    attendee_id: uuid.UUID | None = None


class Spool:
    """The file of one desk of one database."""

    def __init__(self, url: str, desk_id: uuid.UUID) -> None:
        mark = hashlib.sha256(f"{url} {desk_id}".encode()).hexdigest()[:16]
        self.path = paths.data_dir() / f"waiting-scans-{mark}.json"

    def write(self, scans: Sequence[Kept]) -> bool:
        """Keep exactly these; False where they cannot be written."""
        try:
            if not scans:
                self.path.unlink(missing_ok=True)
                return True
            with written(self.path, private=True) as handle:
                handle.write(json.dumps([_plain(scan) for scan in scans]).encode())
        except (OSError, UserError):  # the same disk is full: the scans wait in memory
            return False
        return True

    def read(self) -> list[Kept]:
        """What was left; nothing where the file is not there, or not what was written."""
        with suppress(OSError, ValueError, LookupError, TypeError):
            return [_kept(values) for values in json.loads(self.path.read_bytes())]
        return []


def _plain(scan: Kept) -> dict[str, Any]:
    attendee = str(scan.attendee_id) if scan.attendee_id else None
    return {
        "id": str(scan.scan_id), "at": scan.at.isoformat(), "direction": scan.direction.name, "raw": scan.raw,
        "attendee": attendee,
    }  # fmt: skip


def _kept(values: Mapping[str, Any]) -> Kept:
    attendee = values["attendee"]
    return Kept(
        uuid.UUID(values["id"]), datetime.fromisoformat(values["at"]), Direction[values["direction"]],
        str(values["raw"]), uuid.UUID(attendee) if attendee else None,
    )  # fmt: skip
