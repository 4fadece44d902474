"""names found by every keyboard"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.rules.person_names import person_key
from expo_app.rules.search_key import search_key

NAMES = {
    "organisation": (("name", "name_en", "short_name"), 600),
    "programme_item": (("title", "title_en", "host"), 800),
    "achievement": (("title", "field", "title_en"), 800),
    "deal": (("title", "contract_no", "witness"), 1200),
}
"""Table → the columns its search words are made of, and how long they may be."""


def upgrade() -> None:
    move_data(op.get_bind())


def move_data(connection: sa.Connection) -> None:
    """Search words hold names without marks and in simplified characters, too, and no middle dot of any kind; marks of
    telephone numbers are of signs that nobody types.
    """
    person = _table("person", "name", "name_en", "phone")
    query = sa.select(person.c.id, person.c.search_text, person.c.name, person.c.name_en, person.c.phone)
    _write(connection, person, [
        (key, old, search_key(person_key(name), name, name_en, phone=phone, limit=400))
        for key, old, name, name_en, phone in connection.execute(query)
    ])  # fmt: skip
    for table_name, (columns, limit) in NAMES.items():
        table = _table(table_name, *columns)
        query = sa.select(table.c.id, table.c.search_text, *(table.c[name] for name in columns))
        rows = connection.execute(query)
        _write(connection, table, [(key, old, search_key(*words, limit=limit)) for key, old, *words in rows])


def _table(name: str, *columns: str) -> sa.TableClause:
    texts = [sa.column(column, sa.String()) for column in ("search_text", *columns)]
    return sa.table(name, sa.column("id", base.Key()), *texts)


def _write(connection: sa.Connection, table: sa.TableClause, rows: list[tuple[object, str, str]]) -> None:
    changed = [{"key": key, "words": new} for key, old, new in rows if new != old]
    if changed:
        change = table.update().where(table.c.id == sa.bindparam("key")).values(search_text=sa.bindparam("words"))
        connection.execute(change, changed)
