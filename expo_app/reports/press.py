"""发布口径 as one A4 page: five figures of one moment, what each means, who says so, and the sentence in two languages.

data = services.press.read(db, expo_id, now)
write(path, data, progress)
"""

from __future__ import annotations

from pathlib import Path

from expo_app.i18n import _
from expo_app.reports import fonts
from expo_app.reports.canvas import Box, Progress
from expo_app.reports.pdf import Document
from expo_app.reports.style import open_document
from expo_app.specs.press import Origin, Press, PressNumber, sentence, version_words

TONES = {Origin.REPORTED: "info", Origin.COUNTED: "mute", Origin.SAMPLE: "warn"}
_RIGHT, _GAP = 216.0, 14.0
"""Points: how far from the left edge the definition begins; between a word and its number."""
BIG, SMALLER = 30.0, 22.0


def write(path: Path, data: Press, progress: Progress | None = None) -> set[str]:
    """Write the page; the characters the font lacks come back. UserError where the place cannot be written."""
    with open_document(path, _("发布口径"), data.head, progress, len(data.numbers)) as doc:
        _state(doc, data)
        word = max(fonts.width(number.label, 12, True) for number in data.numbers) + _GAP
        for number in data.numbers:
            _number(doc, number, word)
            doc.advance()
        doc.heading(_("可以照抄的话"), 2)
        for language in ("zh_CN", "en"):
            doc.paragraph(sentence(data, language))
        for text in (*(late.text for late in data.late), *data.unknown):
            doc.note(text)
        return doc.missing


def _state(doc: Document, data: Press) -> None:
    """Who approved it, or, in amber, that nobody did."""
    box = doc.place(26)
    if data.version is not None:
        doc.ink.text(box.x, box.y + 9, version_words(data.version), 10, "text.2")
        return
    words = _("未核定")
    wide = fonts.width(words, 10, True) + 18
    doc.ink.rect(box.x, box.y + 3, wide, 20, "warn.soft", "warn", 0.6, 4)
    doc.ink.text(box.x + wide / 2, box.y + 9.5, words, 10, "warn", True, "center")


def _number(doc: Document, number: PressNumber, word: float) -> None:
    """A figure with its meaning beside it; `word`: how wide the words before the numbers are."""
    room = doc.width - _RIGHT
    lines = fonts.wrap(number.words, 10, room)
    box = doc.place(max(70.0 if number.amount_shown else 62.0, 15.5 * len(lines) + 46))
    ink, top = doc.ink, box.y + box.h
    ink.line([(box.x, top), (box.x + box.w, top)], "border.strong" if number.is_apart else "border", 0.8,
             "3 3" if number.is_apart else "")  # fmt: skip
    size = SMALLER if number.is_apart else BIG
    ink.text(box.x, top - 32, number.label, 12, "text.1", True)
    if number.is_apart:
        ink.text(box.x, top - 47, fonts.elide(_("另列"), 8.5, word - 4), 8.5, "text.3")
    used = ink.text(box.x + word, top - 36, number.shown, size, "text.1", True)
    if number.value is not None:
        ink.text(box.x + word + used + 5, top - 36, number.unit, 10, "text.2")
    ink.text(box.x + word, top - 54, number.amount_shown, 11, "text.1", True)
    _meaning(doc, number, lines, Box(box.x + _RIGHT, box.y, room, box.h))


def _meaning(doc: Document, number: PressNumber, lines: list[str], box: Box) -> None:
    """Definition, moment, records, and who says so."""
    y = box.y + box.h - 22
    for line in lines:
        doc.ink.text(box.x, y, line, 10)
        y -= 15.5
    doc.ink.text(box.x, y - 1, number.when, 8.5, "text.2")
    said = _("来自 {n} 条记录").format(n=f"{number.records:,}")
    used = doc.ink.text(box.x, y - 15, said, 8.5, "text.2")
    tone, label = TONES[number.origin], number.origin.label
    wide = fonts.width(label, 8, True) + 12
    doc.ink.rect(box.x + used + 8, y - 18.5, wide, 13, _soft(tone), "", 0, 6)
    doc.ink.text(box.x + used + 8 + wide / 2, y - 15, label, 8, _ink(tone), True, "center")
    if number.reported:
        doc.ink.text(box.x + used + wide + 16, y - 15, number.reported, 8.5, "warn")


def _soft(tone: str) -> str:
    return "primary.soft" if tone == "info" else f"{tone}.soft"


def _ink(tone: str) -> str:
    return "primary" if tone == "info" else tone
