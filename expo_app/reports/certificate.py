"""Membership certificates: a page for each member, in Chinese and English whatever language is spoken.

write(path, services.alliance_report.certificates(db, expo_id, now, day, part, members), progress)
"""

from __future__ import annotations

from pathlib import Path

from expo_app.i18n import N_, _, in_language
from expo_app.reports import fonts
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Document
from expo_app.specs.alliances_shown import IN_ROLE, Certificate, Certificates
from expo_app.specs.fields import MISSING

TITLE = N_("成员证")
EDGE, ROOM = 42.0, 96.0
"""Points from the edge of the paper to the frame, and to the words."""
CHINESE, ENGLISH = 20.0, 12.0
"""Points of a name."""


def write(path: Path, data: Certificates, progress: Progress | None = None) -> set[str]:
    """Write the pages; the characters the font lacks come back. UserError where the place cannot be written."""
    head = data.head
    with _Sheets(
        path, _(TITLE), expo_name=head.expo_name, now=head.at, sample=head.is_sample, progress=progress,
        total=len(data.pages),
    ) as doc:  # fmt: skip
        if not data.pages:
            doc.paragraph(_("还没有成员。"))
        for page in data.pages:
            doc.page_break()
            _page(doc, page, data.day.isoformat())
            doc.advance()
        return doc.missing


class _Sheets(Document):
    """Pages without head, foot and title."""

    def _open_page(self) -> None:
        self.page_no += 1
        self.y, self._fresh = self.top, True
        self.canvas.setPageSize(self.page_size)
        if self.sample:
            self._watermark(*self.page_size)

    def _title_block(self) -> None:
        self._bookmark(self.title, 0)


def _page(doc: Document, page: Certificate, day: str) -> None:
    doc.place(0)
    (wide, high), ink = doc.page_size, doc.ink
    middle, room = wide / 2, wide - 2 * ROOM
    ink.rect(EDGE, EDGE, wide - 2 * EDGE, high - 2 * EDGE, line="primary", weight=2.4, radius=6)
    ink.rect(EDGE + 7, EDGE + 7, wide - 2 * EDGE - 14, high - 2 * EDGE - 14, line="border.strong", weight=0.6, radius=4)
    y = high - 190
    ink.text(middle, y, TITLE, 40, "primary", bold=True, align="center")
    ink.text(middle, y - 30, in_language("en", TITLE), 15, "text.2", align="center")
    y -= 110
    y = _centred(doc, page.alliance, CHINESE, y, room, bold=True)
    y = _centred(doc, page.alliance_en, ENGLISH, y, room, "text.2")
    ink.line([(middle - 60, y - 8), (middle + 60, y - 8)], "border.strong", 0.8)
    y -= 62
    y = _centred(doc, page.name, CHINESE + 4, y, room, bold=True)
    y = _centred(doc, page.name_en, ENGLISH + 1, y, room, "text.2")
    y -= 40
    lines = (
        (_both(N_("角色")), _both(page.role.value)), (_both(N_("证书编号")), page.number or MISSING),
        (_both(N_("加入时间")), page.joined or MISSING),
        *(((_both(IN_ROLE), page.since),) if page.since != page.joined else ()),
    )  # fmt: skip
    for label, value in lines:
        ink.text(middle - 14, y, label, 11, "text.2", align="right")
        ink.text(middle + 14, y, value, 13, bold=True)
        y -= 30
    if page.is_sample:
        ink.text(middle, y - 14, _both(N_("示例")), 13, "warn", bold=True, align="center")
    ink.text(wide - ROOM, EDGE + 92, _both(N_("盖章")), 11, "text.3", align="right")
    ink.text(wide - ROOM, EDGE + 60, day, 11, "text.2", align="right")


def _both(text: str) -> str:
    """A word in Chinese and in English."""
    return f"{text}  {in_language('en', text)}"


def _centred(
    doc: Document, text: str, size: float, y: float, room: float, colour: str = "text.1", bold: bool = False
) -> float:
    """The lines of a text in the middle; where the next one stands."""
    for line in fonts.wrap(text, size, room, bold) if text else ():
        doc.ink.text(doc.page_size[0] / 2, y, line, size, colour, bold=bold, align="center")
        y -= size * 1.6
    return y
