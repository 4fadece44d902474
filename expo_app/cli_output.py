"""What a verb of the command line says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from expo_app.i18n import _

UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Characters JSON may hold as they are, though some programs end a line there and terminals obey them."""


class Output:
    """Where a verb says things: one JSON value, or lines for a person; progress on standard error."""

    def __init__(self, as_json: bool, out: TextIO, err: TextIO) -> None:
        self.as_json, self.out, self.err = as_json, out, err

    def say(self, text: str) -> None:
        """A line for a person."""
        if not self.as_json:
            print(text, file=self.out, flush=True)

    def value(self, value: Any) -> None:
        """The JSON result."""
        if self.as_json:
            text = json.dumps(value, ensure_ascii=False, default=str)
            print(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text), file=self.out, flush=True)

    def progress(self, title: str) -> Callable[..., None]:
        """A progress function; it draws a bar where standard error is a terminal, else stays silent."""
        if not self.err.isatty():
            return lambda n, total=0, step="": None

        def draw(n: int, total: int = 0, step: str = "") -> None:
            part = n / total if total else 1.0
            bar = "█" * round(part * 24)
            print(
                f"\r\033[K{title} {bar:<24} {part:4.0%} {step}",
                end="\n" if part >= 1 else "",
                file=self.err,
                flush=True,
            )

        return draw

    def wrote(self, path: Path, **figures: Any) -> int:
        """Say which file was written, with figures for JSON; the exit status."""
        self.say(_("已写入 {path}").format(path=path))
        self.value({"path": str(path), **figures})
        return 0
