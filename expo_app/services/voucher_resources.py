"""What a voucher may buy, found by typing: an instrument, a service item, or a provider as such."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, or_, select

from expo_app.model import Instrument, Organisation, Provider, ServiceItem
from expo_app.rules.search_key import search_terms
from expo_app.specs.records import has_one, spoken
from expo_app.store.database import Database

MOST = 8
"""Of each kind that are offered."""
_TABLES: dict[str, Any] = {"instrument": Instrument, "service_item": ServiceItem, "provider": Provider}


@dataclass(frozen=True)
class Resource:
    """`kind`: instrument, service_item or provider, whose own key is then `id` too."""

    kind: str
    id: uuid.UUID
    provider_id: uuid.UUID
    title: str
    provider: str

    @property
    def words(self) -> str:
        """What it is and whose: 扫描电镜 — 某测试所."""
        return f"{self.title} — {self.provider}" if self.title else self.provider


def find(db: Database, text: str) -> list[Resource]:
    """What matches, instruments first; a provider by its organisation's names too."""
    terms = search_terms(text)
    found: list[Resource] = []
    with db.reading() as session:
        for kind, table in _TABLES.items():
            query = _query(kind)
            texts: list[Any] = (
                [table.search_text, Organisation.search_text] if table is Provider else [table.search_text]
            )
            for term in terms:
                query = query.where(or_(*(has_one(text_, term) for text_ in texts)))
            found += [Resource(kind, *row) for row in session.execute(query.limit(MOST))]
    return found


def read(db: Database, kind: str, key: uuid.UUID) -> Resource | None:
    """One of them; None where it is gone."""
    with db.reading() as session:
        row = session.execute(_query(kind).where(_TABLES[kind].id == key)).first()
        return Resource(kind, *row) if row is not None else None


def _query(kind: str) -> Select[Any]:
    own = _TABLES[kind]
    if own is Provider:
        query: Select[Any] = select(Provider.id, Provider.id, literal(""), spoken(Organisation))
    else:
        query = select(own.id, Provider.id, spoken(own, "title"), spoken(Organisation))
        query = query.join(Provider, Provider.id == own.provider_id)
    query = query.join(Organisation, Organisation.id == Provider.organisation_id)
    return query.order_by(Organisation.name if own is Provider else own.title, own.id)
