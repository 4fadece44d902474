"""What was decided about a list, as a file that can be handed on: for the window and the command line alike."""

from __future__ import annotations

from pathlib import Path

from expo_app.atomic_files import refuse_device, replacing
from expo_app.errors import UserError, why
from expo_app.i18n import _
from expo_app.specs.choices import Choices, read_mapping, written


def load(path: Path, kind: str) -> Choices:
    """The choices in it; UserError where it cannot be read, is none, or is of another kind of record."""
    refuse_device(path)
    try:
        return read_mapping(path.read_text("utf-8"), kind)
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else _("不是文本")
        raise UserError(
            _("读不了 {name}：{reason}。没有导入任何内容。").format(name=path.name, reason=reason), "E-MAPPING"
        ) from error


def save(path: Path, kind: str, choices: Choices) -> None:
    """Write it whole or not at all; UserError where the place cannot be written."""
    with replacing(path) as handle:
        handle.write(written(kind, choices).encode())
