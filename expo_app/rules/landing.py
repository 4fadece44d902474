"""Where a deal stood on a day, by the history of its steps; no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from expo_app.model import SIGNED_STAGES, DealStage


@dataclass(frozen=True)
class Step:
    """A stage that was entered: `on` is the day it is about, None where nobody said; `entered_on` the local day."""

    stage: DealStage
    on: date | None
    entered_on: date
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """How a deal stands on a day. `since`: the day it came to its stage; None where it was not there yet. `is_entered`:
    nobody said that day, it is the one on which the stage was entered.
    """

    stage: DealStage | None = None
    since: date | None = None
    reason: str = ""
    was_intended: bool = False
    was_signed: bool = False
    is_entered: bool = False


def day_of(step: Step, signed_on: date | None) -> date:
    """The day from which a step counts.

    An intention and a signature count from the day they are about. A later stage written along with the whole record
    bears the day of signing: all that is known of it is when it was entered.
    """
    is_of_signing = step.stage in (DealStage.INTENT, DealStage.SIGNED)
    return step.on if step.on and (is_of_signing or step.on != signed_on) else step.entered_on


def standing_on(day: date, steps: Sequence[Step], signed_on: date | None) -> Standing:
    """How a deal stood at the end of a day; `steps` in the order they were entered."""
    known = [(on, step) for step in steps if (on := day_of(step, signed_on)) <= day]
    is_dated = signed_on is not None and signed_on <= day
    if not known:
        is_signed = is_dated and not any(step.stage is DealStage.INTENT for step in steps)
        return Standing(DealStage.SIGNED, signed_on, was_signed=True) if is_signed else Standing()
    stage = known[-1][1].stage
    since, first = list(takewhile(lambda entered: entered[1].stage is stage, reversed(known)))[-1]
    return Standing(
        stage, since, first.reason,
        was_intended=any(step.stage is DealStage.INTENT for _on, step in known),
        was_signed=any(step.stage in SIGNED_STAGES for _on, step in known)
        or (is_dated and any(step.stage is DealStage.TERMINATED for _on, step in known)),
        is_entered=first.on is None or since != first.on,
    )  # fmt: skip
