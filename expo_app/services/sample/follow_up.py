"""What follows the sample's deals: tasks, payments and milestones, and one complaint, all of generated bodies."""

from __future__ import annotations

from expo_app.services.record_writer import Writer
from expo_app.services.sample.lists import read, write
from expo_app.specs import COMPLAINTS, MILESTONES, TASKS


def add_follow_up(writer: Writer) -> None:
    """Enter them beside the deals they belong to."""
    for spec in (TASKS, MILESTONES, COMPLAINTS):
        write(writer, spec, read(spec))
