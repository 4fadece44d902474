"""Native charts of a sheet: they show its own cells, so that whoever changes a number sees it move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expo_app.exchange.headers import letter
from expo_app.plain_text import visible
from expo_app.rules.colour_tokens import LIGHT
from expo_app.specs.report_data import SheetChart

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WIDE, HIGH, EACH, MOST = 17.0, 8.5, 0.62, 24.0
"""Centimetres of a chart, of each lying bar, and the highest one."""
ROWS_BETWEEN = 2
CM_ROW = 0.53
SERIES = ("primary", "cat.mfg", "cat.energy", "plum", "cat.research", "cat.health", "cat.service", "cat.it")
"""Colours of series in their order, as in print."""


def add(sheet: Worksheet, charts: Sequence[SheetChart], top: int, rows: int, columns: int) -> None:
    """Put the charts at the right of the table whose header is in row `top`, one below the other."""
    place = top
    for chart in charts:
        count = min(chart.rows or rows, rows)
        made, high = _made(sheet, chart, top, count)
        sheet.add_chart(made, f"{letter(columns + 1)}{place}")
        place += int(high / CM_ROW) + ROWS_BETWEEN


def _made(sheet: Worksheet, chart: SheetChart, top: int, count: int) -> tuple[Any, float]:
    """A chart and how high it is."""
    from openpyxl.chart import BarChart, LineChart, PieChart, Reference

    made: Any = {"shares": PieChart, "lines": LineChart}.get(chart.shape, BarChart)()
    for column in chart.values:
        cells = Reference(sheet, min_col=column + 1, min_row=top, max_row=top + count)
        made.add_data(cells, titles_from_data=True)
    made.set_categories(Reference(sheet, min_col=chart.labels + 1, min_row=top + 1, max_row=top + count))
    made.title = visible(chart.title)
    made.width, made.height = WIDE, HIGH
    if chart.shape == "bars":
        made.type, made.height = "bar", min(max(HIGH / 2, 3 + EACH * count * len(chart.values)), MOST)
        made.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
    if chart.shape != "shares":
        _axes(made)
        made.legend = made.legend if len(chart.values) > 1 else None
    _colour(made, chart, count)
    return made, made.height


def _axes(made: Any) -> None:
    """Shown (newer programs leave out axes that do not say so), from 0, with quiet lines."""
    made.x_axis.delete = made.y_axis.delete = False
    made.y_axis.scaling.min = 0
    made.y_axis.majorGridlines.spPr = _line("border")
    made.y_axis.number_format = "#,##0"
    made.y_axis.title = made.x_axis.title = None


def _line(token: str) -> Any:
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    return GraphicalProperties(ln=LineProperties(solidFill=_hex(token)))


def _colour(made: Any, chart: SheetChart, count: int) -> None:
    """Each series in its colour; a single one's points in theirs where they have one."""
    from openpyxl.chart.marker import DataPoint

    is_single = len(chart.values) == 1
    for at, series in enumerate(made.series):
        token = SERIES[at % len(SERIES)] if is_single or at >= len(chart.colours) else chart.colours[at]
        if chart.shape == "lines":
            series.graphicalProperties.line.solidFill = _hex(token)
            series.smooth = False
        else:
            series.graphicalProperties.solidFill = _hex(token)
    if is_single and chart.shape != "lines":
        tokens = [token or "" for token in chart.colours[:count]]
        if chart.shape == "shares":
            tokens = [(tokens[at] if at < len(tokens) else "") or SERIES[at % len(SERIES)] for at in range(count)]
        for at, token in enumerate(tokens):
            if token:
                point = DataPoint(idx=at)
                point.graphicalProperties.solidFill = _hex(token)
                made.series[0].data_points.append(point)


def _hex(token: str) -> str:
    return LIGHT[token].lstrip("#")
