"""Where the parts meet: `main.py` without a verb opens the window, with one runs it without Qt."""

import sys
from collections.abc import Sequence

from expo_app import opening

PARSE = "--parse-table"
"""Asks a frozen program to be the child that reads an untrusted table: `exchange.table_reader.CHILD_FLAG`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given == [opening.PROBE]:
        exec(opening.PROBE_CODE)  # noqa: S102  (our own constant; a frozen program has no interpreter to hand it to)
        return 0
    if given == [PARSE]:
        from expo_app.exchange.table_reader import serve

        serve()
        return 0
    to_open = file_to_show(given)
    if to_open is None:
        from expo_app import cli, log

        log.start()  # what nobody foresaw goes there, not on anybody's screen
        return cli.main(given)
    return opening.open_or_explain(to_open, sys.stderr, without=1)


def file_to_show(given: Sequence[str]) -> str | None:
    """The file or server to open a window on: `FILE.db` or `--db FILE` alone, "" without arguments; None: a verb."""
    if not given:
        return ""
    if len(given) == 2 and given[0] == "--db":
        return given[1]
    is_database = given[0].startswith(("postgresql:", "postgresql+psycopg:", "postgres:")) or given[0].endswith(".db")
    return given[0] if len(given) == 1 and is_database else None


if __name__ == "__main__":
    sys.exit(main())
