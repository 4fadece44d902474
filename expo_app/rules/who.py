"""Who did something, as screens and documents say it."""

from expo_app.i18n import N_, _

COMMAND_LINE = N_("命令行")
"""Who the log says it was where the command line need not be told."""


def called(name: str | None) -> str:
    """People as they are written, the command line in the reader's language."""
    return _(COMMAND_LINE) if name == COMMAND_LINE else name or ""
