"""What a verb of the command line says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from expo_app.i18n import _
from expo_app.plain_text import MARKS, ORDERS, visible

UNSEEN = re.compile(f"[{ORDERS}{MARKS}\u2028\u2029]")
"""Characters JSON may hold as they are, though some programs end a line there and terminals obey them."""


def line(text: object, to: TextIO) -> None:
    """One line, and nothing in it that a terminal obeys: names and paths may hold anything."""
    print(visible(str(text)).replace("\n", " "), file=to, flush=True)


def columns(*texts: str) -> str:
    """Texts beside each other, a tab between two and none inside."""
    return "\t".join(text.replace("\t", " ") for text in texts).rstrip()


class Output:
    """Where a verb says things: one JSON value, or lines for a person; progress on standard error."""

    def __init__(self, as_json: bool, out: TextIO, err: TextIO) -> None:
        self.as_json, self.out, self.err = as_json, out, err

    def say(self, text: str) -> None:
        """A line for a person."""
        if not self.as_json:
            line(text, self.out)

    def problem(self, text: object) -> None:
        """What kept a verb from its work, or from some of it: on standard error."""
        line(text, self.err)

    def value(self, value: Any) -> None:
        """The JSON result."""
        if self.as_json:
            text = json.dumps(value, ensure_ascii=False, default=str)
            line(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text), self.out)

    def progress(self, title: str) -> Callable[..., None]:
        """A progress function; it draws a bar where standard error is a terminal, else stays silent."""
        if not self.err.isatty():
            return lambda n, total=0, step="": None

        def draw(n: int, total: int = 0, step: str = "") -> None:
            part = n / total if total else 1.0
            bar = "█" * round(part * 24)
            said = visible(f"{title} {bar:<24} {part:4.0%} {step}")
            print(f"\r\033[K{said}", end="\n" if part >= 1 else "", file=self.err, flush=True)

        return draw

    def wrote(self, path: Path, **figures: Any) -> int:
        """Say which file was written, with figures for JSON; the exit status."""
        self.say(_("已写入 {path}").format(path=path))
        self.value({"path": str(path), **figures})
        return 0
