"""Vector charts for reports: each function takes data and gives back a drawing for `Document.chart`.

    doc.chart(bars([Bar("11-28", 2104), Bar("11-29", 1180)], unit="人次"), 150, title="各日到场")

They read without colour too: every figure carries its words, lines differ in dash and marker, shares in hatching.
Values are plain numbers; a chart without data says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from expo_app.i18n import _
from expo_app.reports import fonts
from expo_app.reports.canvas import Box, Ink
from expo_app.rules.chart_layout import Bar, LinePlot, Number, Point, Series, clock, number, scale

Show = Callable[[Number], str]


@dataclass(frozen=True)
class Drawing:
    """A chart: what draws it, and what it shows in words, for whoever hears the page and for a picture in Word."""

    draw: Callable[[Ink, Box], None]
    words: str

    def __call__(self, ink: Ink, box: Box) -> None:
        self.draw(ink, box)


# In the order a chart takes them, so that neighbours differ most; all are at least 3:1 on white.
COLOURS = ("primary", "cat.mfg", "cat.energy", "plum", "cat.research", "cat.health", "cat.service", "cat.it")
_DASHES = ("", "5 2.5", "1.5 2", "7 2 1.5 2")
_SMALL = 7.5
MOST_WORDS = 0.6
"""Of the width of lying bars, for their words."""


def line_by_time(series: Sequence[Series], unit: str = "", show: Show = number, every: int = 5) -> Drawing:
    """Lines over one day's time, with the peak of each named; several days lie over each other. `every`: minutes from
    one point to the next, times are not marked closer."""

    def draw(ink: Ink, box: Box) -> None:
        lines = [line for line in series if line.points]
        if not lines:
            _empty(ink, box)
            return
        layout = LinePlot.of([line.points for line in lines])
        legend = _legend(ink, box, [(line.label, _pick(line.colour, at), at) for at, line in enumerate(lines)])
        plot = _axes(ink, Box(box.x, box.y + 14, box.w, box.h - 14 - legend), layout.marks, unit, show)

        def spot(point: Point) -> tuple[float, float]:
            right, up = layout.place(point)
            return plot.x + plot.w * right, plot.y + plot.h * up

        for minute in layout.times(max(plot.w / 34, 2), every):
            x, _y = spot((minute, 0))
            ink.line([(x, plot.y), (x, plot.y - 3)], "border.strong", 0.6)
            words = clock(minute)
            middle = min(x, box.x + box.w - fonts.width(words, _SMALL) / 2)
            ink.text(middle, plot.y - 12, words, _SMALL, "text.3", align="center")
        taken: list[tuple[float, float]] = []
        for at, line in enumerate(lines):
            points = [spot(point) for point in line.points]
            colour = _pick(line.colour, at)
            over = points[:-1] if line.running else points
            ink.line(over, colour, 1.6, _DASHES[at % len(_DASHES)])
            if over:
                peak = max(range(len(over)), key=lambda index: over[index][1])
                _marker(ink, *over[peak], colour, at)
                _value(ink, plot, over[peak], show(line.points[peak][1]), colour, taken)
            if line.running:
                ink.line(points[-2:], colour, 0.9, "0.8 2.2")
                ink.circle(*points[-1], 2.6, "white", colour, 1)
                _value(ink, plot, points[-1], f"{show(line.points[-1][1])} {line.running}", colour, taken)

    return Drawing(draw, said([(line.label, _peak(line, show)) for line in series if line.points], unit))


def said(parts: Sequence[tuple[str, str]], unit: str) -> str:
    """What a chart shows, in words: 11-28 2,104，11-29 1,180（人次）; 没有数据 where there is nothing."""
    if not parts:
        return _("没有数据")
    words = _("，").join(f"{label} {value}" for label, value in parts)
    return words + (_("（{unit}）").format(unit=unit) if unit else "")


def _peak(line: Series, show: Show) -> str:
    minute, value = max(line.points, key=lambda point: float(point[1]))
    return _("最高 {value}（{time}）").format(value=show(value), time=clock(minute))


def _values(items: Sequence[Bar], show: Show) -> list[tuple[str, str]]:
    return [(item.label, show(item.value)) for item in items]


def _value(
    ink: Ink, plot: Box, point: tuple[float, float], words: str, colour: str, taken: list[tuple[float, float]]
) -> None:
    """Write a point's value above it, clear of the values that stand there already."""
    x, y = point
    half = fonts.width(words, 8, True) / 2
    x = min(max(x, plot.x + half), plot.x + plot.w - half)
    y += 6
    while any(abs(x - other_x) < 2 * half + 4 and abs(y - other_y) < 9 for other_x, other_y in taken):
        y += 9
    taken.append((x, y))
    ink.rect(x - half - 2, y - 1.5, 2 * half + 4, 9.5, "white", radius=2)
    ink.text(x, y, words, 8, colour, True, "center")


def _marker(ink: Ink, x: float, y: float, colour: str, at: int) -> None:
    """A mark whose form differs with `at`, outlined in white."""
    r = 2.6
    if at % 3 == 0:
        ink.circle(x, y, r, colour, "white", 0.8)
    elif at % 3 == 1:
        ink.rect(x - r, y - r, 2 * r, 2 * r, colour, "white", 0.8)
    else:
        ink.polygon([(x - r, y - r), (x + r, y - r), (x, y + r)], colour, "white", 0.8)


def bars(items: Sequence[Bar], unit: str = "", show: Show = number) -> Drawing:
    """Upright bars with their values on top and their words below."""

    def draw(ink: Ink, box: Box) -> None:
        if not items:
            _empty(ink, box)
            return
        slot = (box.w - 36) / len(items)
        words = [fonts.wrap(item.label, _SMALL, slot - 4, most=2) for item in items]
        below = 4 + 10 * max(map(len, words))
        marks = scale(max(float(item.value) for item in items))
        plot = _axes(ink, Box(box.x, box.y + below, box.w, box.h - below), marks, unit, show)
        slot = plot.w / len(items)
        for at, item in enumerate(items):
            middle, wide = plot.x + slot * (at + 0.5), min(slot * 0.6, 46)
            high = plot.h * float(item.value) / marks[-1]
            if high > 0:
                ink.rect(middle - wide / 2, plot.y, wide, high, item.colour or "primary")
            ink.text(middle, plot.y + high + 3, show(item.value), 8, "text.1", True, "center")
            for number_of, line in enumerate(words[at]):
                ink.text(middle, plot.y - 11 - 10 * number_of, line, _SMALL, "text.2", align="center")
        ink.line([(plot.x, plot.y), (plot.x + plot.w, plot.y)], "border.strong", 0.8)

    return Drawing(draw, said(_values(items, show), unit))


SHARES = 78.0
"""Height of a divided bar whose parts have long names: three lines of two stand below it."""


def horizontal_bars(items: Sequence[Bar], show: Show = number, label_share: float = 0.4) -> Drawing:
    """Lying bars, one line each: words, bar, value; words that would not be whole in `label_share` of the width take
    more. Where not all fit into the height, the largest stay, in their order, and the others are summed as 其他."""

    def draw(ink: Ink, box: Box) -> None:
        if not items:
            _empty(ink, box)
            return
        shown = _fitting(items, max(int(box.h / 13), 1))
        step = min(box.h / len(shown), 24)
        most_lines = 2 if step >= 20 else 1
        label_wide = min(
            max(fonts.width(item.label, 8.5) for item in shown) + 14,
            next((w for w in _widths(box.w, label_share) if _are_whole(shown, w - 8, most_lines)), box.w * MOST_WORDS),
        )
        value_wide = max(fonts.width(show(item.value), 8, True) for item in shown) + 8
        most = max(float(item.value) for item in shown) or 1
        room = box.w - label_wide - value_wide
        for at, item in enumerate(shown):
            base = box.y + box.h - step * (at + 1)
            high = min(step * 0.62, 13)
            bottom = base + (step - high) / 2
            lines = fonts.wrap(item.label, 8.5, label_wide - 8, most=most_lines)
            for row, line in enumerate(lines):
                ink.text(box.x, base + step / 2 - 3 + 5 * (len(lines) - 1) - 10 * row, line, 8.5, "text.1")
            ink.rect(box.x + label_wide, bottom, room, high, "bg.subtle", radius=2)
            wide = room * float(item.value) / most
            if wide > 0:
                ink.rect(box.x + label_wide, bottom, wide, high, item.colour or "primary", radius=2)
            ink.text(box.x + label_wide + wide + 5, base + step / 2 - 3, show(item.value), 8, "text.1", True)

    return Drawing(draw, said(_values(items, show), ""))


def _widths(whole: float, least: float) -> list[float]:
    """Widths that the words of bars may take, the narrowest first."""
    return [whole * (least + (MOST_WORDS - least) * step / 8) for step in range(9)]


def _are_whole(items: Sequence[Bar], room: float, most_lines: int) -> bool:
    return all(len(fonts.wrap(item.label, 8.5, room)) <= most_lines for item in items)


def _fitting(items: Sequence[Bar], most: int) -> list[Bar]:
    if len(items) <= most:
        return list(items)
    largest = set(sorted(range(len(items)), key=lambda place: -items[place].value)[: most - 1])
    kept = [item for place, item in enumerate(items) if place in largest]
    rest = [item for place, item in enumerate(items) if place not in largest]
    label = _("其他 {count} 项").format(count=len(rest))
    return [*kept, Bar(label, sum((Decimal(str(item.value)) for item in rest), Decimal()), "cat.service")]


def shares(items: Sequence[Bar], unit: str = "", show: Show = number) -> Drawing:
    """One bar of the whole, divided, with each part's words, value and share below it."""

    def draw(ink: Ink, box: Box) -> None:
        parts = [item for item in items if item.value > 0]
        whole = sum(float(item.value) for item in parts)
        if not whole:
            _empty(ink, box)
            return
        high = min(26.0, box.h * 0.35)
        bottom, left = box.y + box.h - high, box.x
        for at, item in enumerate(parts):
            wide, colour = box.w * float(item.value) / whole, _pick(item.colour, at)
            _swatch(ink, Box(left, bottom, wide, high), colour, at)
            percent = f"{float(item.value) / whole:.0%}"
            if fonts.width(percent, 9, True) + 10 < wide:
                half = fonts.width(percent, 9, True) / 2 + 4
                ink.rect(left + wide / 2 - half, bottom + high / 2 - 7, 2 * half, 14, "white", radius=3)
                ink.text(left + wide / 2, bottom + high / 2 - 3.3, percent, 9, "text.1", True, "center")
            left += wide
        _share_words(ink, Box(box.x, box.y, box.w, box.h - high - 8), parts, whole, unit, show)

    whole = sum(float(item.value) for item in items if item.value > 0)
    tail = f" {unit}" if unit else ""
    shown = [
        (item.label, f"{show(item.value)}{tail} · {float(item.value) / whole:.1%}") for item in items if item.value > 0
    ]
    return Drawing(draw, said(shown, ""))


def _share_words(ink: Ink, box: Box, parts: Sequence[Bar], whole: float, unit: str, show: Show) -> None:
    """The parts' words in columns wide enough for them, or in as many as the height asks for."""
    per_column, tail = max(int(box.h / 14), 1), f" {unit}" if unit else ""
    values = [f"{show(item.value)}{tail} · {float(item.value) / whole:.1%}" for item in parts]
    widest = max(fonts.width(f"{item.label}{value}", 8.5) for item, value in zip(parts, values, strict=True)) + 30
    columns = max(min(len(parts), int(box.w // widest)), ceil(len(parts) / per_column), 1)
    wide = box.w / columns
    for at, (item, value) in enumerate(zip(parts, values, strict=True)):
        row, column = divmod(at, columns)
        x, y = box.x + column * wide, box.y + box.h - 14 * (row + 1)
        _swatch(ink, Box(x, y + 1, 9, 9), _pick(item.colour, at), at)
        room = wide - 30 - fonts.width(value, 8.5)
        used = ink.text(x + 14, y + 2, fonts.elide(item.label, 8.5, max(room, wide * 0.4)), 8.5, "text.1")
        ink.text(x + 20 + used, y + 2, fonts.elide(value, 8.5, wide - used - 24), 8.5, "text.2")


def _swatch(ink: Ink, box: Box, colour: str, at: int) -> None:
    """A coloured area whose hatching differs from its neighbours', for grey printers."""
    ink.rect(box.x, box.y, box.w, box.h, colour)
    if at % 3 and box.w > 2:
        ink.hatch(box.x, box.y, box.w, box.h, "white", 5 if box.w > 12 else 3, 1 if at % 3 == 1 else -1)
    ink.rect(box.x, box.y, box.w, box.h, line="white", weight=0.8)


def _pick(colour: str, at: int) -> str:
    return colour or COLOURS[at % len(COLOURS)]


def _empty(ink: Ink, box: Box) -> None:
    ink.text(box.x + box.w / 2, box.y + box.h / 2, _("没有数据"), 9, "text.3", align="center")


def _legend(ink: Ink, box: Box, entries: Sequence[tuple[str, str, int]]) -> float:
    """Words for each line at the top right, wrapped to further rows; how high they are comes back."""
    widths = [fonts.width(label, 8) + 34 for label, _colour, _at in entries]
    rows, used = [0], 0.0
    for wide in widths:
        if used + wide > box.w and used:
            rows.append(0)
            used = 0.0
        rows[-1] += 1
        used += wide
    at = 0
    for row, count in enumerate(rows):
        x, y = box.x + box.w - sum(widths[at : at + count]), box.y + box.h - 10 - 13 * row
        for (label, colour, order), wide in zip(entries[at : at + count], widths[at : at + count], strict=True):
            ink.line([(x, y + 3), (x + 20, y + 3)], colour, 1.6, _DASHES[order % len(_DASHES)])
            _marker(ink, x + 10, y + 3, colour, order)
            ink.text(x + 24, y, label, 8, "text.2")
            x += wide
        at += count
    return 13.0 * len(rows) + 6


def _axes(ink: Ink, box: Box, marks: Sequence[float], unit: str, show: Show) -> Box:
    """Horizontal lines with their values at the left; where the data goes comes back."""
    wide = max(fonts.width(show(mark), _SMALL) for mark in marks) + 8
    head = 12.0 + (10 if unit else 0)
    plot = Box(box.x + wide, box.y, box.w - wide, box.h - head)
    if unit:
        ink.text(box.x, box.y + box.h - 8, unit, _SMALL, "text.3")
    for mark in marks:
        y = plot.y + plot.h * mark / marks[-1]
        ink.line([(plot.x, y), (plot.x + plot.w, y)], "border" if mark else "border.strong", 0.6)
        ink.text(plot.x - 5, y - 2.7, show(mark), _SMALL, "text.3", align="right")
    return plot
