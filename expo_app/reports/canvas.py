"""Drawing on one PDF: colours by token, text and shapes as plain operators, pages packed as they are finished.

Units are points (1/72 inch), the origin is the page's lower left corner, as in PDF itself.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from expo_app.i18n import _, language
from expo_app.reports import fonts
from expo_app.rules.colour_tokens import LIGHT

MM = 72 / 25.4
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Box:
    """A free place on the page: lower left corner, width and height."""

    x: float
    y: float
    w: float
    h: float


PALETTE = {**LIGHT, "white": "#FFFFFF", "black": "#000000"}
"""Print is always light."""


def rgb(colour: str) -> tuple[float, float, float]:
    """A token's (or a `#RRGGBB`'s) red, green and blue, 0 to 1."""
    value = PALETTE.get(colour, colour).lstrip("#")
    return int(value[:2], 16) / 255, int(value[2:4], 16) / 255, int(value[4:], 16) / 255


def _colour(colour: str, operator: str) -> str:
    red, green, blue = rgb(colour)
    return f"{red:.3f} {green:.3f} {blue:.3f} {operator}"


class Ink:
    """What draws on one reportlab canvas. `missing` gathers the characters the font lacks."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.missing: set[str] = set()
        self._seen: set[str] = set()

    def put(self, operators: str) -> None:
        """Append PDF operators to the page."""
        self.canvas._code.append(operators)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str = "text.1",
        bold: bool = False,
        align: str = "left",
    ) -> float:
        """Draw one line, its base line at `y`; `align`: where `x` is (left, center, right). Its width comes back."""
        text = fonts.clean(text)
        wide = fonts.width(text, size, bold)
        self._look_for_missing(text)
        if align != "left":
            x -= wide if align == "right" else wide / 2
        self.put(f"{_colour(colour, 'rg')} {text_operators(self.canvas, x, y, text, size, bold)}")
        return wide

    def _look_for_missing(self, text: str) -> None:
        fresh = set(text) - self._seen
        if fresh:
            self._seen |= fresh
            self.missing |= fonts.lacking("".join(fresh))

    @contextmanager
    def said(self, words: str) -> Iterator[None]:
        """What is drawn inside stands in the text of the page as `words` (ActualText, ISO 32000-1, 14.9.4)."""
        if not words:
            yield
            return
        text = fonts.clean(words).encode("utf-16-be").hex().upper()
        self.put(f"/Span <</ActualText <FEFF{text}>>> BDC")
        yield
        self.put("EMC")

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str = "",
        line: str = "",
        weight: float = 0.6,
        radius: float = 0,
    ) -> None:
        """A box from its lower left corner, filled and/or outlined, its corners rounded by `radius`."""
        shape = _rounded(x, y, w, h, min(radius, w / 2, h / 2)) if radius else f"{x:.2f} {y:.2f} {w:.2f} {h:.2f} re"
        self._paint(shape, fill, line, weight)

    def polygon(
        self, points: Sequence[tuple[float, float]], fill: str = "", line: str = "", weight: float = 0.6
    ) -> None:
        """A closed shape through `points`."""
        self._paint(_path(points) + " h", fill, line, weight)

    def circle(self, x: float, y: float, radius: float, fill: str = "", line: str = "", weight: float = 0.6) -> None:
        """A circle around (x, y)."""
        self._paint(_rounded(x - radius, y - radius, 2 * radius, 2 * radius, radius), fill, line, weight)

    def line(
        self, points: Sequence[tuple[float, float]], colour: str = "border", weight: float = 0.6, dash: str = ""
    ) -> None:
        """A line through `points`; `dash` in PDF's form, such as "3 2"."""
        if len(points) > 1:
            self.put(f"q {_colour(colour, 'RG')} {weight:.2f} w 1 J 1 j [{dash}] 0 d {_path(points)} S Q")

    def hatch(self, x: float, y: float, w: float, h: float, colour: str, gap: float = 4, lean: int = 1) -> None:
        """Slanted lines inside a box (`lean` 1: /, -1: \\), so that a colour can be told apart without colour."""
        strokes = " ".join(
            f"{start:.2f} {y:.2f} m {start + h * lean:.2f} {y + h:.2f} l"
            for start in (x - h * (lean > 0) + gap * i for i in range(int((w + h) / gap) + 1))
        )
        self.put(f"q {x:.2f} {y:.2f} {w:.2f} {h:.2f} re W n {_colour(colour, 'RG')} 0.6 w {strokes} S Q")

    def _paint(self, shape: str, fill: str, line: str, weight: float) -> None:
        paint = "B" if fill and line else "f" if fill else "S"
        setup = (_colour(fill, "rg") + " " if fill else "") + (f"{_colour(line, 'RG')} {weight:.2f} w " if line else "")
        self.put(f"{setup}{shape} {paint}")


def text_operators(canvas: Any, x: float, y: float, text: str, size: float, bold: bool) -> str:
    """One line of text as PDF operators; the font's subset grows by its characters."""
    face, document = fonts.font(bold), canvas._doc
    shown = " ".join(
        f"{face.getSubsetInternalName(subset, document)} {size:g} Tf <{codes.hex()}> Tj"
        for subset, codes in face.splitString(text, document)
    )
    return f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f} {y:.2f} {'l' if at else 'm'}" for at, (x, y) in enumerate(points))


def _rounded(x: float, y: float, w: float, h: float, r: float) -> str:
    k = r * 0.4477  # 1 - 0.5523: where a Bézier curve's handles lie to draw a quarter circle
    x2, y2 = x + w, y + h
    return (
        f"{x + r:.2f} {y:.2f} m "
        f"{x2 - r:.2f} {y:.2f} l {x2 - k:.2f} {y:.2f} {x2:.2f} {y + k:.2f} {x2:.2f} {y + r:.2f} c "
        f"{x2:.2f} {y2 - r:.2f} l {x2:.2f} {y2 - k:.2f} {x2 - k:.2f} {y2:.2f} {x2 - r:.2f} {y2:.2f} c "
        f"{x + r:.2f} {y2:.2f} l {x + k:.2f} {y2:.2f} {x:.2f} {y2 - k:.2f} {x:.2f} {y2 - r:.2f} c "
        f"{x:.2f} {y + r:.2f} l {x:.2f} {y + k:.2f} {x + k:.2f} {y:.2f} {x + r:.2f} {y:.2f} c h"
    )


def open_canvas(handle: BinaryIO, size: tuple[float, float], now: datetime) -> Any:
    """A canvas on `handle` whose metadata depend on its arguments alone: the same input gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    fonts.font(False), fonts.font(True)
    canvas = Canvas(
        handle, pagesize=size, pageCompression=1, invariant=1, initialFontName=fonts.REGULAR, pdfVersion=(1, 4),
        lang=language().replace("_", "-"),
    )  # fmt: skip
    stamp = canvas._doc._timeStamp
    stamp.YMDhms = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    minutes = int(offset.total_seconds() // 60) if (offset := now.utcoffset()) else 0
    stamp.dhh, stamp.dmm = minutes // 60, minutes % 60
    canvas.setAuthor(_("展务台"))
    canvas.setCreator("ExpoDesk")
    return canvas


def describe(canvas: Any, title: str, expo_name: str, subject: str, sample: bool) -> None:
    """Say in the file's properties what it is, of which expo, about what, and whether it is a sample."""
    named = f"{title} · {expo_name}"
    canvas.setTitle(fonts.clean(_("{title}（{mark}）").format(title=named, mark=_("示例")) if sample else named))
    canvas.setSubject(fonts.clean(subject or title))
    canvas.setKeywords(_("示例数据") if sample else "")


def finish_page(canvas: Any) -> None:
    """End the page and pack its stream at once, so that a long document stays small in memory."""
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream

    canvas.showPage()
    page = canvas._doc.Pages.pages[-1]
    packed = zlib.compress(page.stream.encode("latin-1"), 6)
    page.Contents = PDFStream(PDFDictionary({"Filter": PDFName("FlateDecode")}), packed)
    page.stream = None
