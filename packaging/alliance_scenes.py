"""Pictures of alliances: members by role and region, one cell pressed, a panel, the other two lists, the registers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from stage import Stage


def _page(stage: Stage, view: str = "members") -> Any:
    page = stage.go("alliances")
    page.show_list(view)
    stage.settle()
    return page


def _eight(stage: Stage) -> None:
    """The agreement of eight parties beside the first body."""
    page = _page(stage)
    most = max(page.board.agreements, key=lambda line: len(line.parties))
    page.choose_agreement(most.id)


def _pressed(stage: Stage) -> None:
    page = _page(stage)
    key = max(page.seen.matrix.cells, key=lambda place: len(page.seen.matrix.cells[place]))
    page.press(key)


def _panel(stage: Stage) -> None:
    page = _page(stage)
    page.shown.open_record(page.shown.rows[0][0])


def _view(stage: Stage, view: str) -> None:
    _page(stage, view)


ALLIANCES: dict[str, Callable[[Stage], QWidget | None]] = {
    "alliances": _eight,
    "alliances-cell": _pressed,
    "alliances-panel": _panel,
    "alliances-platforms": partial(_view, view="platforms"),
    "alliances-events": partial(_view, view="events"),
    "alliances-agreements": partial(_view, view="agreements"),
}
