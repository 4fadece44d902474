"""The three errors a person may see. Anything else that is raised is a bug.

Every text follows one order: what is wrong, whether the data is safe, what to do.
"""

from collections.abc import Mapping


class UserError(Exception):
    """One clear sentence for the person; `code` is the short mark shown last, in brackets."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]" if self.code else self.message


class Conflict(UserError):  # noqa: N818  (the word of the trade)
    """Someone else changed or took the same thing first."""


class InvalidRecord(UserError):  # noqa: N818
    """Values that cannot be kept: `problems` maps a field's name to the reason, shown beside that field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


class Cancelled(Exception):  # noqa: N818  (not an error: the person asked for it)
    """Raised by `progress(n, total)` after the person pressed cancel, so that a transaction rolls back."""
