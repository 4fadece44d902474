"""What python-docx has no words for: fonts of Chinese text, fields, links inside the text, repeated headers, fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph

FONT = "Microsoft YaHei"
"""On every Windows since Vista; Word takes its own Chinese font where there is none."""
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def font_of(properties: Any) -> None:
    """Give a style one font for Latin and Chinese text; the theme's fonts would win over it."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for name in _THEMES:
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def add_field(paragraph: Paragraph, code: str, shown: str = "1") -> None:
    """A field (PAGE, NUMPAGES, TOC) whose value Word works out; `shown` stands there until then."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            run._r.append(_made("w:fldChar", **{"w:fldCharType": kind}))
        else:
            run._r.append(_made("w:instrText", text=f" {text} ", **{"xml:space": "preserve"}))


def add_link(paragraph: Paragraph, text: str, key: str) -> None:
    """Words that lead to the bookmark `key`."""
    link = _made("w:hyperlink", **{"w:anchor": key, "w:history": "1"})
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def bookmark(paragraph: Paragraph, key: str, number: int) -> None:
    """Let the words of a paragraph be found under `key`."""
    paragraph._p.insert(1, _made("w:bookmarkStart", **{"w:id": str(number), "w:name": key}))
    paragraph._p.append(_made("w:bookmarkEnd", **{"w:id": str(number)}))


def repeat_header(row: _Row) -> None:
    """Repeat a table's first row on every page."""
    row._tr.get_or_add_trPr().append(_made("w:tblHeader"))


def shade(cell: _Cell, colour: str) -> None:
    """Fill a cell; `colour` as #RRGGBB."""
    fill = {"w:val": "clear", "w:color": "auto", "w:fill": colour.lstrip("#")}
    cell._tc.get_or_add_tcPr().append(_made("w:shd", **fill))


def _made(tag: str, text: str = "", **attributes: str) -> Any:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    if text:
        element.text = text
    return element
