"""What was entered in the course of the sample: a roadshow's scores and interest; tasks, payments, one complaint."""

from __future__ import annotations

from expo_app.services.record_writer import Writer
from expo_app.services.sample.lists import read, write
from expo_app.specs import COMPLAINTS, INTERESTS, MILESTONES, PITCH_COMMENTS, SCORES, TASKS


def add_follow_up(writer: Writer) -> None:
    """Enter them, all of generated bodies."""
    for spec in (SCORES, PITCH_COMMENTS, INTERESTS, TASKS, MILESTONES, COMPLAINTS):
        write(writer, spec, read(spec))
