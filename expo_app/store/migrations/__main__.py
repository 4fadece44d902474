"""`python -m expo_app.store.migrations "what changed"` writes the next revision from the model's differences."""

import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from expo_app.model import Base
from expo_app.store import engines
from expo_app.store.migrations import VERSIONS, scripts, upgrade

FILE = '''"""{title}"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
{body}
'''


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column types by name."""
    if kind == "type" and type(item).__module__ == "expo_app.model.base":
        return f"base.{type(item).__name__}()"
    return False


def write(title: str) -> Path:
    """Write the next revision; the constant `schema.HEAD` is changed by hand."""
    script = scripts()
    down = script.get_current_head()
    revision = f"{int(down or 0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = engines.sqlite_engine(Path(folder) / "x.db", begin="BEGIN", mode="rwc", write=True)
        with engine.begin() as connection:
            if down:
                upgrade(connection)
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "render_item": render, "render_as_batch": bool(down)}
            )
            operations = produce_migrations(context, Base.metadata).upgrade_ops_list[0]
            body = render_python_code(
                operations, render_item=render, render_as_batch=bool(down), migration_context=context
            )
        engine.dispose()
    body = "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("#"))
    name = "_".join(title.lower().split())
    path = VERSIONS / f"{revision}_{name}.py"
    path.write_text(FILE.format(title=title, revision=revision, down=down, body=body), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write(sys.argv[1])}\n")
