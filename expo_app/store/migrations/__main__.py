"""`python -m expo_app.store.migrations "what changed"` writes the next revision from what the model has and it has not.

`--renamed venue.town=city` says that a column kept its contents under a new name; `--data` leaves a marked place where
values are moved, between the new columns and the end of the old ones.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops
from sqlalchemy import Column, Connection, Table

from expo_app.model import Base
from expo_app.store import engines, schema
from expo_app.store.migrations import upgrade

FILE = """
import datetime
import uuid
{imports}
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
{body}
"""
DATA = '''

def move_data(connection: sa.Connection) -> None:
    """Move values here: new columns are there, filled after this where it left them empty; old ones still hold theirs.

    Say it in SQL, not with the model, which goes on changing; `tests/store/test_released.py` runs it on kept databases.
    """
'''


def write(title: str, renamed: Sequence[str] = (), data: bool = False) -> Path:
    """Write the next revision into the newest of `schema.FOLDERS`; `renamed` holds `table.old=new`."""
    number = f"{int(schema.head()) + 1:04}"
    path = schema.FOLDERS[-1] / f"{number}_{'_'.join(title.lower().split())}.py"
    with scratch() as connection:
        upgrade(connection)
        text = _planned(connection, renamed, data)
    path.write_text(_tidied(f'"""{title}"""\n{text}'), encoding="utf-8")
    with scratch() as connection:
        upgrade(connection)
        left = differences(connection)
    if left:
        raise SystemExit(f"{path} does not make what the model says, write the rest by hand: {left}")
    return path


@contextmanager
def scratch() -> Iterator[Connection]:
    """A database of its own, empty, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engines.sqlite_engine(
            Path(folder) / "x.db", begin="BEGIN", mode="rwc", write=True, extra=("foreign_keys=OFF",)
        )
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def differences(connection: Connection) -> list[Any]:
    """What the model has and this database has not, and the reverse."""
    return ops.UpgradeOps(_found(_context(connection))).as_diffs()


def _context(connection: Connection) -> MigrationContext:
    plugins = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
    options = {"compare_type": True, "compare_server_default": True, "autogenerate_plugins": plugins}
    return MigrationContext.configure(connection, opts=options)


def _found(context: MigrationContext) -> list[Any]:
    return produce_migrations(context, Base.metadata).upgrade_ops_list[0].ops


@dataclass
class Steps:
    """A revision in the making: new things first, then values, then what needs them or ends the old ones."""

    data: bool
    new: list[Any] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    rest: list[Any] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)

    def change(self, found: ops.ModifyTableOps) -> None:
        """A table that stays."""
        table = Base.metadata.tables[found.table_name]
        new: list[Any] = [step for step in found.ops if isinstance(step, ops.AddColumnOp)]
        rest: list[Any] = [step for step in found.ops if step not in new]
        required = []
        for place, column in enumerate(step.column for step in new):
            if not column.nullable and column.server_default is None:  # it may be empty until it is filled
                new[place] = ops.AddColumnOp(table.name, Column(column.name, column.type, nullable=True))
                required.append(
                    ops.AlterColumnOp(table.name, column.name, existing_type=column.type, modify_nullable=False)
                )
        for step in required + rest:
            if isinstance(step, ops.AlterColumnOp) and step.modify_nullable is False:
                self.fill(table.c[step.column_name])
        self.refuse_equal(table, {step.column_name for step in required}, rest)
        self.new += [ops.ModifyTableOps(table.name, new)] if new else []
        self.rest += [ops.ModifyTableOps(table.name, required + rest)] if required + rest else []

    def refuse_equal(self, table: Table, required: set[str], rest: Sequence[Any]) -> None:
        """Values that must differ cannot all be the same default."""
        for step in rest:
            is_unique = isinstance(step, ops.CreateUniqueConstraintOp) or getattr(step, "unique", False)
            for name in required & {str(column) for column in getattr(step, "columns", ())} if is_unique else ():
                default = table.c[name].default
                if default is not None and not default.is_callable and not self.data:
                    words = "must be unique and would be the same in every old row: give it a function, or add --data"
                    raise SystemExit(f"{table.name}.{name} {words}")

    def fill(self, column: Column[Any]) -> None:
        """The line that gives old rows the model's default; where there is none, the data step has to."""
        name, default = f"{column.table.name}.{column.name}", column.default
        if default is None and self.data:
            return
        if default is None:
            raise SystemExit(f"{name} is required and has no default: give it one, let it be empty, or add --data")
        kind = _own_type("type", column.type, None) or f"sa.{column.type!r}"
        value = self.named(default, name) if default.is_callable else _literal(default)
        self.values.append(f"    fill({column.table.name!r}, {column.name!r}, {kind}, {value})")

    def named(self, default: Any, name: str) -> str:
        """A default that is a function, by the name under which the revision can import it."""
        module, word = default.arg.__module__, default.arg.__name__
        if not hasattr(import_module(module), word):
            raise SystemExit(f"the default of {name} has no name of its own that a revision could call: give it one")
        if module != "builtins":
            self.imports.add(f"from {module} import {word}")
        return str(word)


def _planned(connection: Connection, renamed: Sequence[str], data: bool) -> str:
    """The text of a revision but for its title."""
    steps, context = Steps(data), _context(connection)
    with Operations.context(context) as op:
        for text in renamed:
            table, old, name = re.split(r"[.=]", text)
            op.alter_column(table, old, new_column_name=name)
            steps.new.append(ops.AlterColumnOp(table, old, modify_name=name))
    found = _found(context)
    made = {change.table_name for change in found if isinstance(change, ops.CreateTableOp)}
    for change in found:
        for step in getattr(change, "ops", ()):
            if "sqlite_where" in getattr(step, "kw", ()):  # an index over some of the rows is so on both databases
                step.kw["postgresql_where"] = step.kw["sqlite_where"]
        if isinstance(change, ops.DropTableOp):
            steps.gone.append(change)
        elif not isinstance(change, ops.ModifyTableOps) or change.table_name in made:
            steps.new.append(change)
        elif change.table_name in Base.metadata.tables:
            steps.change(change)
    values = ["    move_data(op.get_bind())"] * data + steps.values
    body = [_python(steps.new, context), *values, _python(steps.rest + steps.gone, context)]
    lines = "\n".join(part for part in body if part) or "    pass"
    return FILE.format(imports="\n".join(sorted(steps.imports)), body=lines) + DATA * data


def _python(changes: list[Any], context: MigrationContext) -> str:
    if not changes:
        return ""
    text = render_python_code(
        ops.UpgradeOps(changes), render_item=_own_type, render_as_batch=True, migration_context=context
    )
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _own_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column types by name."""
    if kind == "type" and type(item).__module__ == "expo_app.model.base":
        return f"base.{type(item).__name__}()"
    return False


def _literal(default: Any) -> str:
    """A value as Python writes it, an enum's by its name: the revision must not change with the model."""
    return repr(default.arg.name if isinstance(default.arg, Enum) else default.arg)


def _tidied(text: str) -> str:
    """As the linter and the formatter leave it: what is not used is not imported."""
    for command in (["check", "--fix-only", "--quiet"], ["format", "--quiet"]):
        place = str(schema.FOLDERS[0] / "0000.py")
        text = subprocess.run(  # noqa: S603  (a fixed program, no shell)
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", place, "-"],
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
    return text


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m expo_app.store.migrations", description=__doc__)
    parser.add_argument("title", help="what changed, in a few words")
    parser.add_argument("--renamed", action="append", default=[], metavar="TABLE.OLD=NEW")
    parser.add_argument("--data", action="store_true")
    arguments = parser.parse_args()
    sys.stdout.write(f"{write(arguments.title, arguments.renamed, arguments.data)}\n")
