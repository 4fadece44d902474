"""Days of what has been: none of them is to come, whether a form, a list or an act gives it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from expo_app.errors import InvalidRecord
from expo_app.model.expo import today_of
from expo_app.rules.partial_days import to_come
from expo_app.services.record_writer import Draft, Writer


def latest(writer: Writer) -> date | None:
    """The last day on which something can have been, whether or not an expo is open; None: any may."""
    return None if writer.in_sample else today_of(writer.expo, writer.now)


def none_to_come(*names: str) -> Callable[[Writer, list[Draft]], None]:
    """A rule of a list: no day that is changed in these fields is to come."""

    def judge(writer: Writer, drafts: list[Draft]) -> None:
        for draft in drafts:
            given = draft.virtual | {name: value for name, value in draft.values.items() if draft.changed(name)}
            if problems := to_come(given, names, latest(writer)):
                raise InvalidRecord(problems, draft.row)

    return judge
