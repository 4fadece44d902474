"""Pictures of results and demands: the heat table with its lists, one cell pressed, a panel, the open calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from stage import Stage


def _page(stage: Stage, view: str = "results") -> Any:
    page = stage.go("achievements")
    page.show_list(view)
    stage.settle()
    return page


def _pressed(stage: Stage) -> None:
    """The largest number is pressed."""
    page = _page(stage)
    table = page.table
    counts = {
        (line.key, field): part.count
        for line in table.lines
        for field, part in zip(table.fields, line.parts, strict=True)
    }
    page.press(max(counts, key=lambda key: counts[key]))
    page.shown.view.selectRow(1)


def _panel(stage: Stage, view: str) -> None:
    page = _page(stage, view)
    page.shown.open_record(page.shown.rows[0][0])


def _view(stage: Stage, view: str) -> None:
    _page(stage, view)


ACHIEVEMENTS: dict[str, Callable[[Stage], QWidget | None]] = {
    "achievements": _pressed,
    "achievements-panel": partial(_panel, view="results"),
    "achievements-demands": partial(_view, view="demands"),
    "achievements-calls": partial(_view, view="calls"),
}
