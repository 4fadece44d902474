"""What a badge looks like: where everything stands on the card, the background a category shares, the cut marks."""

from dataclasses import dataclass
from math import pi, sin
from typing import Any

from expo_app.i18n import _
from expo_app.reports import fonts, qr
from expo_app.reports.canvas import MM, Ink, rgb

# The card as designed, in millimetres from its top; other sizes are this one scaled.
_WIDE, _HIGH = 90.0, 130.0
_BAND, _FOOT = 26.0, 17.0
QR_SIDE = 31.0  # without the quiet zone
_QR_TOP, _QR_ASIDE = 71.0, 7.0
_WAVES = ((19.5, 1.9, 0.2), (21.8, 1.6, 1.3), (23.6, 1.4, 2.6), (25.0, 1.0, 4.1))  # base line, height, shift
_MARK = 3.0  # a cut mark's length, mm
_TITLE, _TITLE_ONE, _TITLE_LEAST, _WHEN = 16.0, 12.0, 7.0, 9.0  # pt: usual, least on one line, least on two
_TITLE_LINES = {1: (12.6,), 2: (10.1, 14.6)}
_WHEN_LINE = {1: 18.2, 2: 19.2}


@dataclass(frozen=True)
class Layout:
    """A badge's paper: page and card in mm, how many cards beside and below each other, the smallest name in pt."""

    key: str
    page: tuple[float, float]
    card: tuple[float, float]
    grid: tuple[int, int] = (1, 1)
    minimum: float = 24.0

    @property
    def per_page(self) -> int:
        """How many cards one page holds."""
        return self.grid[0] * self.grid[1]

    @property
    def scale(self) -> float:
        """This card's size against the designed one."""
        return min(self.card[0] / _WIDE, self.card[1] / _HIGH)

    @property
    def page_points(self) -> tuple[float, float]:
        """The page in points."""
        return self.page[0] * MM, self.page[1] * MM

    @property
    def room(self) -> float:
        """Width for words on a card, in points: the card without its 5 mm safe margins."""
        return (self.card[0] - 10 * self.scale) * MM

    def y(self, mm: float) -> float:
        """A height in the design (mm from the top) as points from the bottom of this card."""
        return self.card[1] * MM * (1 - mm / _HIGH)

    def origin(self, slot: int) -> tuple[float, float]:
        """The lower left corner of card number `slot` on the page, in points; rows from the top."""
        row, column = divmod(slot, self.grid[0])
        left, bottom = self.margins
        return left + column * self.card[0] * MM, bottom + (self.grid[1] - 1 - row) * self.card[1] * MM

    @property
    def margins(self) -> tuple[float, float]:
        """What is left of the page beside and below the cards, in points."""
        wide, high = (page - count * card for page, count, card in zip(self.page, self.grid, self.card, strict=True))
        return wide / 2 * MM, high / 2 * MM


# A7 is read from nearer: its names may go down to 16 pt.
LAYOUTS = {
    layout.key: layout
    for layout in (
        Layout("90x130", (90, 130), (90, 130)),
        Layout("A6", (105, 148), (105, 148)),
        Layout("4xA6", (210, 297), (105, 148), (2, 2)),
        Layout("8xA7", (297, 210), (74, 105), (4, 2), minimum=16.0),
    )
}


@dataclass(frozen=True)
class Background:
    """What the cards of one category share: the words of the header, the category, and whether it is a sample."""

    expo_name: str
    dates_text: str
    venue_text: str
    category_label: str
    category_colour: str
    sample: bool


def draw_background(canvas: Any, name: str, layout: Layout, shown: Background) -> None:
    """Define the form `name`: header band with waves, category band, white ground for the code, 示例 on a sample."""
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFResourceDictionary

    wide, high = layout.card[0] * MM, layout.card[1] * MM
    canvas.beginForm(name, 0, 0, wide, high)
    ink = Ink(canvas)
    _header(ink, layout, shown, wide, high)
    foot = layout.y(_HIGH - _FOOT)
    ink.rect(0, 0, wide, foot, shown.category_colour)
    size = _size_for(shown.category_label, 25 * layout.scale, layout.room)
    ink.text(wide / 2, foot / 2 - size * 0.37, shown.category_label, size, "white", True, "center")
    if shown.sample:
        _sample_mark(ink, layout, wide)
    # reportlab gives a form neither its shadings nor its graphics states: both are named here.
    resources = PDFResourceDictionary()
    resources.basicFonts()
    resources.setShading(canvas._shadingUsed)
    resources.ExtGState = {"Faint": PDFDictionary({"CA": 0.3})}
    canvas.endForm(Resources=resources)


def _header(ink: Ink, layout: Layout, shown: Background, wide: float, high: float) -> None:
    """The band at the top: blue running into teal, waves, the lanyard's slot, name, dates and place of the expo."""
    from reportlab.lib.colors import Color

    bottom, scale = layout.y(_BAND), layout.scale
    ink.put(f"q 0 {bottom:.2f} {wide:.2f} {high - bottom:.2f} re W n")
    colours = Color(*rgb("primary.press")), Color(*rgb("cat.research"))
    ink.canvas.linearGradient(0, 0, wide, 0, colours)
    ink.put(f"/Faint gs 1 1 1 RG {0.7 * scale:.2f} w")
    for wave in _WAVES:
        ink.put(_wave(layout, wide, *wave))
    ink.put("Q")
    ink.rect(wide / 2 - 6 * scale * MM, layout.y(4.4), 12 * scale * MM, 2.0 * scale * MM, "white", radius=9)
    words = header(shown, layout)
    for line, base in zip(words.title, _TITLE_LINES[len(words.title)], strict=True):
        ink.text(wide / 2, layout.y(base), line, words.size, "white", True, "center")
    ink.text(wide / 2, layout.y(_WHEN_LINE[len(words.title)]), words.when, words.when_size, "white", align="center")


@dataclass(frozen=True)
class Header:
    """The words of the band at the top as they are set, sizes in pt; `cut`: the texts that do not fit even so."""

    title: tuple[str, ...]
    size: float
    when: str
    when_size: float
    cut: tuple[str, ...] = ()


def header(shown: Background, layout: Layout) -> Header:
    """The expo's name on one line or on two, smaller where it must be, and when and where it is on one."""
    title, room = fonts.clean(shown.expo_name), layout.room
    size = min(_TITLE * layout.scale, room / max(fonts.width(title, 1, True), 0.1))
    lines = [title]
    if size < _TITLE_ONE * layout.scale:
        size = _TITLE_ONE * layout.scale
        while len(lines := fonts.wrap(title, size, room, True)) > 2 and size > _TITLE_LEAST * layout.scale:
            size = max(size - 0.5, _TITLE_LEAST * layout.scale)
    printed = fonts.wrap(title, size, room, True, most=2) if len(lines) > 2 else _balanced(lines, title, size, room)
    when = fonts.clean("  ".join(filter(None, (shown.dates_text, shown.venue_text))))
    when_size = _size_for(when, _WHEN * layout.scale, room, bold=False)
    when_printed = fonts.elide(when, when_size, room)
    cut = (title if len(lines) > 2 else "", when if when_printed != when else "")
    return Header(tuple(printed), size, when_printed, when_size, tuple(filter(None, cut)))


def _balanced(lines: list[str], text: str, size: float, room: float) -> list[str]:
    """Two lines of about the same length instead of a full one and a word."""
    narrower = (fonts.wrap(text, size, room * part / 20, True) for part in range(10, 20))
    return lines if len(lines) < 2 else next((pair for pair in narrower if len(pair) == 2), lines)


def _wave(layout: Layout, wide: float, base: float, height: float, shift: float) -> str:
    """A soft line across the band."""
    steps = 24
    points = [
        (wide * at / steps, layout.y(base - height * sin(2.2 * pi * at / steps + shift))) for at in range(steps + 1)
    ]
    return " ".join(f"{x:.2f} {y:.2f} {'l' if at else 'm'}" for at, (x, y) in enumerate(points)) + " S"


def _sample_mark(ink: Ink, layout: Layout, wide: float) -> None:
    """示例, in the header's corner and on the category band, so that no cut loses it."""
    words, size = _("示例"), 9 * layout.scale
    pill, high = fonts.width(words, size, True) + 10 * layout.scale, 13 * layout.scale
    left, bottom = wide - pill - 4 * layout.scale * MM, layout.y(6.6)
    ink.rect(left, bottom, pill, high, "warn.soft", radius=3 * layout.scale)
    ink.text(left + pill / 2, bottom + high / 2 - size * 0.36, words, size, "warn", True, "center")


def _size_for(text: str, size: float, room: float, bold: bool = True) -> float:
    """`size`, or what lets `text` fit on one line, but not under 60 % of it."""
    return max(min(size, size * room / max(fonts.width(text, size, bold), 1)), size * 0.6)


def qr_place(layout: Layout, aside: bool = False) -> tuple[float, float, float]:
    """Where the code's lower left module stands on a card, and the code's side without its quiet zone, in points.

    `aside`: at the left, where words stand beside it.
    """
    side = QR_SIDE * layout.scale * MM
    left = _QR_ASIDE * layout.scale * MM if aside else (layout.card[0] * MM - side) / 2
    return left, layout.y(_QR_TOP) - side, side


def quiet(layout: Layout) -> float:
    """The code's quiet zone in points."""
    return qr_place(layout)[2] / qr.SIDE * qr.QUIET


def draw_cut_marks(canvas: Any, name: str, layout: Layout) -> None:
    """Define the form `name`: where to cut, as ticks at the page's edges and crosses between the cards."""
    wide, high = layout.page_points
    left, bottom = layout.margins
    columns = [left + at * layout.card[0] * MM for at in range(layout.grid[0] + 1)]
    rows = [bottom + at * layout.card[1] * MM for at in range(layout.grid[1] + 1)]
    arm = _MARK * MM
    strokes = [((x, y - arm), (x, y + arm)) for x in columns for y in (0.0, *rows, high)]
    strokes += [((x - arm, y), (x + arm, y)) for y in rows for x in (0.0, *columns, wide)]
    canvas.beginForm(name, 0, 0, wide, high)
    ink = Ink(canvas)
    for colour, weight in (("white", 1.2), ("text.1", 0.4)):  # seen on white paper and on coloured bands alike
        for stroke in strokes:
            ink.line(stroke, colour, weight)
    canvas.endForm()
