"""可被推荐: who of an expo may be matched today, and whose contact the other side may learn once both accepted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.model import MatchingConsent, SharedWith

Whose = tuple[uuid.UUID, uuid.UUID | None]
"""(organisation, person of it); None: the organisation as a whole."""


@dataclass(frozen=True)
class Consents:
    """What was agreed to, as it holds on a day: `matched` and `shared` by whose it is. Who is in neither said nothing.

    A person's own word goes before that of the organisation; nothing recorded of either means no.
    """

    matched: Mapping[Whose, bool]
    shared: Mapping[Whose, bool]
    said_no: frozenset[Whose] = frozenset()

    def may_match(self, organisation: uuid.UUID, person: uuid.UUID | None = None) -> bool:
        """Whether they may be suggested or asked for a meeting."""
        return self._said(self.matched, organisation, person)

    def is_shared(self, organisation: uuid.UUID, person: uuid.UUID | None = None) -> bool:
        """Whether the other side may learn the contact once both have accepted."""
        return self._said(self.shared, organisation, person)

    def refuses(self, organisation: uuid.UUID, person: uuid.UUID | None = None) -> bool:
        """Whether they said no: a list from elsewhere does not go past that."""
        whose = (organisation, person if (organisation, person) in self.matched else None)
        return whose in self.said_no

    @staticmethod
    def _said(words: Mapping[Whose, bool], organisation: uuid.UUID, person: uuid.UUID | None) -> bool:
        own = words.get((organisation, person)) if person else None
        return words.get((organisation, None), False) if own is None else own


def read_consents(session: Session, expo_id: uuid.UUID, today: date) -> Consents:
    """Of a whole expo, in one statement. What ended before `today` holds for nothing, sharing included."""
    table = MatchingConsent.__table__
    query = select(
        table.c.organisation_id, table.c.person_id, table.c.may_match, table.c.shared_with, table.c.valid_until
    ).where(table.c.expo_id == expo_id)
    matched: dict[Whose, bool] = {}
    shared: dict[Whose, bool] = {}
    said_no: set[Whose] = set()
    for organisation, person, may_match, shared_with, until in session.execute(query):
        holds = bool(may_match) and (until is None or today <= until)
        matched[organisation, person] = holds
        shared[organisation, person] = holds and shared_with is SharedWith.ACCEPTED
        said_no |= set() if may_match else {(organisation, person)}
    return Consents(matched, shared, frozenset(said_no))
