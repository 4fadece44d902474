"""Half-filled forms, kept in the person's settings folder until they are submitted or thrown away.

Of new records there may be several under one key: the next ones are numbered (`free`, `kept`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from expo_app import paths
from expo_app.atomic_files import sweep, written
from expo_app.errors import UserError, why
from expo_app.i18n import _


@dataclass(frozen=True)
class Draft:
    """What the fields held (`Form.changes`) and when; real time, not the rehearsal clock."""

    at: datetime
    values: Mapping[str, Any]


class Notifier(QObject):
    """`changed`: one was kept or is gone."""

    changed = Signal()


notifier = Notifier()


def _path(key: str) -> Path:
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in key)
    return paths.config_dir() / "drafts" / f"{safe}.json"


def keep(key: str, values: Mapping[str, Any]) -> Draft:
    """Write the draft called `key`, readable by this person alone; raises UserError when the disk refuses."""
    draft, path = Draft(datetime.now(UTC), dict(values)), _path(key)
    try:
        sweep(paths.own_folder(path.parent), path.name)
        with written(path, private=True) as stream:
            stream.write(json.dumps({"at": draft.at.isoformat(), "values": draft.values}, ensure_ascii=False).encode())
    except OSError as error:
        raise UserError(
            _("草稿没有存上（{reason}）。表单还开着，内容没有丢。请腾出空间或直接提交。").format(reason=why(error)),
            "E-DRAFT",
        ) from error
    notifier.changed.emit()
    return draft


def find(key: str) -> Draft | None:
    """The draft called `key`; None where there is none or its file cannot be read."""
    try:
        stored = json.loads(_path(key).read_text(encoding="utf-8"))
        return Draft(datetime.fromisoformat(stored["at"]), dict(stored["values"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def discard(key: str) -> None:
    """Forget the draft called `key`."""
    _path(key).unlink(missing_ok=True)
    notifier.changed.emit()


def kept(key: str) -> list[tuple[str, Draft]]:
    """Every draft called `key` or numbered after it, each with its own key; the latest first."""
    paths_ = (_path(key), *_path(key).parent.glob(f"{_path(key).stem}-*.json"))
    found = [(path.stem, draft) for path in paths_ if (draft := find(path.stem))]
    return sorted(found, key=lambda one: one[1].at, reverse=True)


def free(key: str) -> str:
    """`key`, or numbered after it the first one that no draft has: what lies there is never written over."""
    numbered = (f"{key}-{number}" for number in count(2))
    return next(name for name in chain((key,), numbered) if not _path(name).exists())
