"""`natural(column)`: the order of `rules.natural_order` in SQL, the same on SQLite and on a server."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from expo_app.rules.natural_order import DIGITS


class natural(FunctionElement[str]):  # noqa: N801  (reads as a function does)
    """What a text is sorted by."""

    type = String()
    inherit_cache = True


@compiles(natural, "sqlite")
def _sqlite(element: natural, compiler: Any, **options: Any) -> str:
    """The function that every connection of `store.engines` knows."""
    return f"natural_key({compiler.process(element.clauses, **options)})"


@compiles(natural, "postgresql")
def _postgresql(element: natural, compiler: Any, **options: Any) -> str:
    """Zeros before every number, then of each no more than fill it up."""
    text = compiler.process(element.clauses, **options)
    longer = f"regexp_replace({text}, '([0-9]+)', '{'0' * DIGITS}\\1', 'g')"
    return f"regexp_replace({longer}, '0*([0-9]{{{DIGITS},}})', '\\1', 'g') COLLATE \"C\""
