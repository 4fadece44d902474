"""phones in one form"""

import unicodedata
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.rules import phones
from expo_app.rules.person_names import person_key
from expo_app.rules.search_key import search_key


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column(
            "phone", existing_type=sa.VARCHAR(length=20), type_=sa.String(length=32), existing_nullable=True
        )

    move_data(op.get_bind())


def move_data(connection: sa.Connection) -> None:
    """Numbers of people in the form of `rules.phones` and names composed, also where imports keep them for their undo.

    A number that cannot be read stays. People are found by every spelling of number and name.
    """
    columns = [sa.column(name, sa.String()) for name in ("name", "name_en", "phone", "search_text")]
    person = sa.table("person", sa.column("id", base.Key()), *columns)
    found = []
    query = sa.select(person.c.id, person.c.name, person.c.name_en, person.c.phone)
    for key, name, name_en, phone in connection.execute(query):
        kept = in_one_form({"name": name, "phone": phone})
        words = search_key(person_key(kept["name"]), kept["name"], name_en, phone=kept["phone"], limit=400)
        found.append({"key": key, "new_name": kept["name"], "new_phone": kept["phone"], "words": words})
    if found:
        change = person.update().where(person.c.id == sa.bindparam("key"))
        new = {"name": "new_name", "phone": "new_phone", "search_text": "words"}
        connection.execute(change.values({column: sa.bindparam(given) for column, given in new.items()}), found)
    json_type = sa.JSON(none_as_null=True)
    row = sa.table(
        "import_row",
        sa.column("id", base.Key()),
        sa.column("table_name", sa.String()),
        sa.column("before", json_type),
        sa.column("after", json_type),
    )
    rows = sa.select(row.c.id, row.c.before, row.c.after).where(row.c.table_name == "person")
    for key, *values in connection.execute(rows).all():
        before, after = map(in_one_form, values)
        if [before, after] != values:
            change = row.update().where(row.c.id == key)
            connection.execute(change.values(before=before, after=after))


def in_one_form(values: dict[str, Any] | None) -> Any:
    """The values of a person's row."""
    changed = dict(values or {})
    if changed.get("name"):
        changed["name"] = unicodedata.normalize("NFC", changed["name"])
    with suppress(ValueError):
        if changed.get("phone"):
            changed["phone"] = phones.parse(changed["phone"])
    return None if values is None else changed
