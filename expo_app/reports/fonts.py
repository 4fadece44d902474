"""Noto Sans SC for everything printed: registered once, measured, wrapped, and with a text layer that is right.

reportlab loads on first use. A registered font may serve several documents in several threads: reportlab keeps what it
subsets by document, and subsets are cut one after the other.
"""

import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from expo_app import paths
from expo_app.plain_text import MARKS, ORDERS

REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
_lock = threading.Lock()
_subsetting = threading.Lock()  # cutting a subset reads the font file through one shared position
_fonts: dict[bool, Any] = {}

# Drawn as nothing: controls, zero-width marks, variation selectors (the plain form of the character is drawn).
_INVISIBLE = re.compile(f"[\t\n\u2028\u2029{ORDERS}{MARKS}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_OPENING = "（《〈「『【〔“‘"
_CLOSING = "，。、；：？！）》〉」』】〕”’…％℃"
MOST_BRACKETED = 10
# A unit that no line splits: a few characters in brackets such as （示例） or (10k CNY), else opening marks, then a
# Latin word or number or one CJK character, then closing marks.
_UNIT = re.compile(
    rf"\s+|（[^（）\s]{{1,4}}）[{_CLOSING}]*|\([^()]{{1,{MOST_BRACKETED}}}\)[{_CLOSING}]*|"
    rf"[{_OPENING}]*(?:[^\s{_OPENING}{_CLOSING}\u2e80-\uffef\U00020000-\U0003ffff]+|[^\s{_OPENING}{_CLOSING}])?"
    rf"[{_CLOSING}]*"
)


def font(bold: bool = False) -> Any:
    """The reportlab font, loaded and registered on first use (about 60 ms each); any thread may ask."""
    with _lock:
        if bold not in _fonts:
            _fonts[bold] = _load(BOLD if bold else REGULAR)
        return _fonts[bold]


def _load(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics

    loaded = _font_class()(name, str(paths.resource("fonts", f"{name}.ttf")))
    pdfmetrics.registerFont(loaded)
    return loaded


@lru_cache
def _font_class() -> Any:
    """reportlab's font with the text layer repaired.

    reportlab 5.1 writes code points beyond U+FFFF as five hex digits into ToUnicode, where PDF (ISO 32000-1, 9.10.3)
    wants UTF-16BE surrogates: 𬭚 is drawn right and copied wrong. Only the streams of this font are replaced, after
    reportlab made them; reportlab itself stays as it is.
    """
    from reportlab.pdfbase.ttfonts import TTFont

    class Font(TTFont):
        def addObjects(self, doc: Any) -> None:  # noqa: N802  (reportlab's own name)
            subsets = [list(subset) for subset in self.state[doc].subsets]
            with _subsetting:
                super().addObjects(doc)
            streams = [doc.idToObject[key] for key in doc.idToObject if _is_cmap_of(key, self.fontName)]
            for stream, subset in zip(streams, subsets, strict=True):
                stream.content = to_unicode_cmap(self.fontName, subset)

    return Font


def _is_cmap_of(key: object, name: str) -> bool:
    return isinstance(key, str) and key.startswith("toUnicodeCMap:") and key.endswith(f"+{name}")


def to_unicode_cmap(name: str, subset: list[int]) -> str:
    """The ToUnicode stream of a one-byte subset: code → UTF-16BE, at most 100 pairs a block as the standard asks."""
    pairs = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper() if point else 'FFFD'}>"
        for code, point in enumerate(subset)
    ]
    blocks = (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def\n/CMapType 2 def",
            f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange",
            *(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks),
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
        ]
    )


SLACK = 0.01
"""Points that a text may be wider than its room: one made just small enough to fit is so by the last binary digit."""


def clean(text: str) -> str:
    """`text` without what cannot be drawn; tabs and line ends become spaces."""
    return _INVISIBLE.sub(lambda m: " " if m[0] in "\t\n\r\v\f\u2028\u2029" else "", text)


def lacking(text: str) -> set[str]:
    """The characters of `text` that the font lacks: they would print as empty boxes."""
    unknown = set(text).difference(_known())
    return {char for char in clean("".join(unknown)) if not char.isspace()} if unknown else unknown


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(map(chr, font().face.charToGlyph))


def missing_glyphs(texts: Iterable[str]) -> dict[str, set[str]]:
    """The texts that hold characters the font lacks → those characters."""
    return {text: chars for text in texts if (chars := lacking(text))}


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide `text` is drawn, in points."""
    return float(font(bold).stringWidth(text, size))


def wrap(text: str, size: float, room: float, bold: bool = False, most: int = 0) -> list[str]:
    """`text` in lines of at most `room` points; at most `most` lines (0: no limit), the last one elided.

    A Latin word or a number is split only if it is longer than a whole line; closing marks never begin a line and
    opening marks never end one. Line ends in the text are kept.
    """
    lines = [line for part in text.splitlines() or [""] for line in _wrap_line(clean(part), size, room, bold)]
    if not most or len(lines) <= most:
        return lines
    last, after = lines[most - 1], lines[most]
    whole = last + after if last + after in clean(text) else f"{last} {after}"  # what stood at the line's end
    return [*lines[: most - 1], elide(whole, size, room, bold)]


def units(text: str) -> list[str]:
    """What a line end should not split: words, numbers, single characters with the marks beside them."""
    return [match[0].strip() for match in _UNIT.finditer(clean(text))]


def _wrap_line(text: str, size: float, room: float, bold: bool) -> list[str]:
    measure = font(bold).stringWidth
    if measure(text, size) <= room + SLACK:
        return [text.strip()]
    lines: list[str] = []
    line, used = "", 0.0
    for match in _UNIT.finditer(text):
        unit = match[0]
        wide = measure(unit, size)
        if used + wide > room and line:
            lines.append(line.rstrip())
            line, used = "", 0.0
        if not line:
            unit = unit.lstrip()
            wide = measure(unit, size)
        while wide > room and len(unit) > 1:
            fits = _fitting(unit, size, room, bold)
            lines.append(unit[:fits])
            unit = unit[fits:]
            wide = measure(unit, size)
        line, used = line + unit, used + wide
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _fitting(text: str, size: float, room: float, bold: bool) -> int:
    """How many characters of `text` fit into `room`, at least one."""
    measure = font(bold).stringWidth
    used = 0.0
    for count, char in enumerate(text):
        used += measure(char, size)
        if used > room and count:
            return count
    return len(text)


def elide(text: str, size: float, room: float, bold: bool = False) -> str:
    """`text` on one line, its end replaced by … where it does not fit."""
    if width(text, size, bold) <= room + SLACK:
        return text
    kept = _fitting(text, size, room - width("…", size, bold), bold)
    return text[:kept].rstrip() + "…"
