"""`missing`: what an expo still needs before it opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from expo_app.areas.registration import Verb
from expo_app.cli_output import Output
from expo_app.i18n import N_, _
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def _options(_parser: ArgumentParser, _place: Callable[[str], Path]) -> None:
    """None of its own."""


def _run(_args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    from expo_app.services import first_steps

    there = first_steps.set_up(db, expo.id)
    for step, done in there:
        words = _("{name}：已有").format(name=step.name) if done else _(step.lacking)
        output.say(f"{'✓' if done else '-' if step.optional else '✗'} {words}")
    output.say(first_steps.summary(there))
    output.value(
        {
            "ready": first_steps.is_ready(there),
            "parts": [{"part": s.part, "name": s.name, "there": done, "optional": s.optional} for s, done in there],
        }
    )
    return 0


VERB = Verb("missing", N_("开展前还差什么：逐项说有没有"), 5, _options, _run)
