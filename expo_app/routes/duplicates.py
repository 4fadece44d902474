"""The records of one kind that are probably one."""

from dataclasses import dataclass

from expo_app.routes.settings import SectionRoute


@dataclass(frozen=True)
class DuplicatesRoute(SectionRoute):
    """Those of a spec by its name; "" the kind that was looked at."""

    key: str = "duplicates"
    spec: str = ""
