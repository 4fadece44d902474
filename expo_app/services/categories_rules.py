"""What is right of a category when it is written, and what a new expo takes over of the last one's."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Attendee, Badge, Category, new_id
from expo_app.services import words
from expo_app.services.record_writer import Draft, Writer
from expo_app.specs.categories import CATEGORIES, days_around

_category = Category.__table__


def fill_in(writer: Writer, drafts: list[Draft]) -> None:
    """Days as ISO dates; a letter that stands on badges stays.

    A category of no day stays one until it is given days: emptying the field would open every day of the expo to it.
    """
    for draft in drafts:
        if draft.old is not None and draft.old["valid_days"] == [] and draft.values.get("valid_days", 0) is None:
            del draft.values["valid_days"]
        if draft.values.get("valid_days") and writer.facts is not None:
            try:
                draft.values["valid_days"] = days_around(draft.values["valid_days"], writer.facts)
            except ValueError as problem:
                raise InvalidRecord({"valid_days": str(problem)}, draft.row) from None
    changed = {draft.record_id: draft for draft in drafts if draft.old is not None and draft.changed("letter")}
    badge, attendee = Badge.__table__, Attendee.__table__
    issued = select(attendee.c.category_id).join(badge, badge.c.attendee_id == attendee.c.id)
    for key in writer.session.scalars(issued.where(attendee.c.category_id.in_(changed)).limit(1)) if changed else ():
        letter = (changed[key].old or {})["letter"]
        words_ = _("已发过带字母 {letter} 的胸卡，不能再改。").format(letter=letter)
        raise InvalidRecord({"letter": words_}, changed[key].row)


def copy_categories(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """The categories of the last edition instead of those an expo begins with; their days lie as they lay there."""
    for row in words.own_rows(writer.session, target, _category):
        writer.delete(_category, row["id"], row)
    rows = words.words_of(writer.session, CATEGORIES, source, target)
    writer.insert(_category, [{**row, "id": new_id(), "expo_id": target} for row in rows])
