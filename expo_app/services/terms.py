"""Words of a vocabulary, read for screens, documents, figures and rules."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from expo_app.model import Category, Vocabulary, Word, WordChoice, WordRole
from expo_app.rules.categories import CategoryTerm, Quota
from expo_app.rules.terms import Term, Terms
from expo_app.specs import SPECS, RecordSpec
from expo_app.store.database import Database

_word, _choice, _category = Word.__table__, WordChoice.__table__, Category.__table__
_LATER = 10_000
"""Words that an expo has not put in an order stand behind those it has."""


def terms_of(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None) -> Terms[Term]:
    """The words of a vocabulary in an expo's order, hidden ones too: one statement."""
    if spec.table is _category:
        return Terms[Term](categories_of(session, expo_id))
    vocabulary: Vocabulary = spec.constant["vocabulary"]
    names = ("id", "key", "name", "name_en")
    own: list[Any] = [_word.c[name] for name in names]
    role, aliases = _word.c.role, _word.c.aliases
    if not vocabulary.is_of_file:
        look: list[Any] = [_word.c.colour, _word.c.pattern, _word.c.is_hidden]
        query = select(*own, *look, role, aliases).where(_word.c.expo_id == expo_id)
        query = query.order_by(_word.c.position, _word.c.id)
    else:
        chosen = _choice.c.id.is_not(None)
        look = [
            func.coalesce(_choice.c.colour, _word.c.colour).label("colour"),
            func.coalesce(_choice.c.pattern, _word.c.pattern).label("pattern"),
            func.coalesce(_choice.c.is_hidden, _word.c.is_hidden).label("is_hidden"),
        ]
        joined = _word.outerjoin(_choice, (_choice.c.word_id == _word.c.id) & (_choice.c.expo_id == expo_id))
        query = select(*own, *look, role, aliases).select_from(joined)
        place = func.coalesce(_choice.c.position, _word.c.position + _LATER)
        query = query.order_by(chosen.desc(), place, _word.c.position, _word.c.id)
    query = query.where(_word.c.vocabulary == vocabulary)
    return Terms(Term(**{**row, "aliases": tuple(row["aliases"] or ())}) for row in session.execute(query).mappings())


def terms(db: Database, name: str, expo_id: uuid.UUID | None) -> Terms[Term]:
    """The words of the vocabulary that a spec of this name describes."""
    with db.reading() as session:
        return terms_of(session, SPECS[name], expo_id)


_AS_KEPT = ("id", "key", "name", "name_en", "colour", "counts_as", "letter", "opens", "closes")


def categories_of(session: Session, expo_id: uuid.UUID | None) -> Terms[CategoryTerm]:
    """An expo's categories of attendees in its order, hidden ones too: one statement."""
    query = select(_category).where(_category.c.expo_id == expo_id).order_by(_category.c.position, _category.c.id)
    return Terms(category_of(row) for row in session.execute(query).mappings())


def category_of(row: Mapping[Any, Any]) -> CategoryTerm:
    """A category from its row."""
    days = row["valid_days"]
    return CategoryTerm(
        **{name: row[name] for name in _AS_KEPT},
        is_hidden=row["is_hidden"],
        aliases=tuple(row["aliases"] or ()),
        valid_days=None if days is None else frozenset(map(date.fromisoformat, days)),
        quota=Quota(row["quota_area"], row["quota_least"], row["quota_each"]),
    )


def standing_for(role: WordRole) -> Select[Any]:
    """Ids of the words, of any expo, that the program takes for this."""
    return select(_word.c.id).where(_word.c.role == role)
