"""What the directory 会刊 is printed from: plain data that `services.exhibitors_report` reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from expo_app.rules.directory_checks import USUAL_LIMIT
from expo_app.rules.terms import Term
from expo_app.specs.exhibition_figures import Exhibition
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class DirectoryEntry:
    """An exhibitor as visitors read of it.

    `contact` holds name with title and phone only with the person's recorded consent, the phone masked unless it was
    revealed, and then the e-mail too; else it is empty.
    """

    id: uuid.UUID
    name: str
    name_en: str
    spelling: tuple[str, ...]
    """Syllables by which names are sorted."""
    booths: str
    region: str
    industry: Term | None
    exhibits: str
    wants: str
    summary: str
    address: str
    website: str
    contact: tuple[str, ...]
    is_sample: bool
    is_service: bool = False
    is_represented: bool = False
    """Shown at another's stand without people of its own."""
    is_alone: bool = False
    """At another's stand, or shown by another, which the directory does not have."""
    beside: tuple[DirectoryEntry, ...] = ()
    """Who else is at its stand, co-exhibitors and represented companies, by name; `id` and `booths` are the stand's."""

    @property
    def partners(self) -> tuple[str, ...]:
        """Co-exhibitors in its booth."""
        return tuple(entry.name for entry in self.beside if not entry.is_represented)

    @property
    def represented(self) -> tuple[str, ...]:
        """Companies that are shown at its stand."""
        return tuple(entry.name for entry in self.beside if entry.is_represented)

    @property
    def initial(self) -> str:
        """A–Z by pinyin, # for anything else."""
        letter = self.spelling[0][:1].upper() if self.spelling else ""
        return letter if "A" <= letter <= "Z" else "#"


@dataclass(frozen=True)
class DirectoryGroup:
    """Exhibitors of one region, the service institutions, or who is at no stand in it."""

    title: str
    entries: tuple[DirectoryEntry, ...]


@dataclass(frozen=True)
class DirectoryData:
    """The exhibitor directory 会刊."""

    head: Head
    groups: tuple[DirectoryGroup, ...]
    figures: Exhibition
    is_revealed: bool
    industries: tuple[Term, ...] = ()
    """In the expo's order."""
    limit: int = USUAL_LIMIT
    """Characters of a text."""
    regions: tuple[DirectoryGroup, ...] = ()
    """Everybody named in it by region, those at another's stand and the service institutions too."""

    @property
    def entries(self) -> list[DirectoryEntry]:
        return [entry for group in self.groups for entry in group.entries]
