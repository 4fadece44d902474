"""Where the parts meet: `main.py` without a verb opens the window, with one runs it without Qt."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from expo_app import i18n, opening

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
    shown = to_show(given)
    if shown is None:
        from expo_app import cli, log

        log.start()  # what nobody foresaw goes there, not on anybody's screen
        return cli.main(given)
    return opening.open_or_explain(shown.file, sys.stderr, without=1, language=shown.language)


@dataclass(frozen=True)
class Shown:
    """A window without a verb: on which file or server ("": the last one), in which language ("": the usual one)."""

    file: str = ""
    language: str = ""


def to_show(given: Sequence[str]) -> Shown | None:
    """What to open a window on: `FILE.db` or `--db FILE`, with or without `--lang`; None: a verb, or a question."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--db")
    parser.add_argument("--lang", choices=sorted(i18n.LANGUAGES), default="")
    try:
        asked, others = parser.parse_known_args(given)
    except argparse.ArgumentError:  # the verbs' own parser says what is wrong
        return None
    file = asked.file or ""
    is_database = file.startswith(("postgresql:", "postgresql+psycopg:", "postgres:")) or file.endswith(".db")
    if others or (file and (asked.db is not None or not is_database)):
        return None
    return Shown(asked.db or file, asked.lang)


if __name__ == "__main__":
    sys.exit(main())
