"""Badges as PDF: one card for each person, single cards or several on A4 with cut marks.

    report = write(path, faces, LAYOUTS["90x130"], progress)

What every card of a category shares is drawn once, as a form; a card adds its words and its code. Pages are packed as
they are finished, so any number of badges costs little more memory than the file itself.
"""

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from expo_app.atomic_files import replacing
from expo_app.errors import UserError
from expo_app.i18n import Labelled, _
from expo_app.reports import card, fonts, qr
from expo_app.reports.beside import Beside, Session, room, set_lines
from expo_app.reports.canvas import MM, Progress, describe, finish_page, open_canvas, rgb, text_operators
from expo_app.reports.card import LAYOUTS, Background, Layout

__all__ = [
    "LAYOUTS", "BadgeFace", "BadgeReport", "Layout", "Problem", "ProblemKind", "Survey", "check", "survey", "write",
]  # fmt: skip

# Sizes in pt and base lines in mm from the top, on the card as designed (90 × 130 mm).
_NAME, _NAME_TWO, _NAME_LEAST = 41.0, 27.0, 8.0
_ORG, _ORG_TWO, _ORG_LEAST = 14.0, 12.5, 9.5
_TITLE, _TITLE_LEAST, _LATIN, _NUMBER = 11.0, 8.5, 11.0, 10.5
_STEP = 25  # badges between two reports of progress


class ProblemKind(Labelled):
    """What a person should know before printing."""

    NAME_TOO_LONG = "姓名过长"
    NAME_SMALL = "姓名偏小"
    TEXT_CUT = "文字被截断"
    MISSING_GLYPHS = "字体缺字"


@dataclass(frozen=True)
class Problem:
    """One badge that will not look as it should.

    `detail`: what is left of a name that is cut, the size of a small one, any other text that is cut, or the characters
    that are missing. What the cards of a category share has no `badge_no`; its `name` is the expo's.
    """

    badge_no: str
    name: str
    kind: ProblemKind
    detail: str


@dataclass(frozen=True)
class BadgeFace:
    """What stands on one badge. category_colour_key: a colour token; code: `E1` and 26 characters of Base32."""

    name: str
    organisation: str
    title: str
    category_label: str
    category_colour_key: str
    badge_no: str
    code: str
    sample: bool
    expo_name: str
    dates_text: str
    venue_text: str
    name_latin: str = ""
    booth: str = ""
    """The numbers of its booths, for an exhibitor: A-007 A-008."""
    sessions: tuple[Session, ...] = ()
    """For a speaker."""

    @property
    def background(self) -> Background:
        """What this badge shares with the others of its category."""
        return Background(
            self.expo_name, self.dates_text, self.venue_text, self.category_label, self.category_colour_key, self.sample
        )


@dataclass
class BadgeReport:
    """How a print came out; `shrunk`: names set smaller than usual, but not under the layout's minimum."""

    pages: int = 0
    count: int = 0
    shrunk: int = 0
    problems: list[Problem] = field(default_factory=list)

    def of_kind(self, kind: ProblemKind) -> list[Problem]:
        """The problems of one kind, in printing order."""
        return [problem for problem in self.problems if problem.kind is kind]

    @property
    def unfit(self) -> list[tuple[str, str]]:
        """(badge_no, name) of the names that do not fit at the minimum size: printed smaller than that, or even cut."""
        kinds = (ProblemKind.NAME_TOO_LONG, ProblemKind.NAME_SMALL)
        return [(problem.badge_no, problem.name) for problem in self.problems if problem.kind in kinds]

    @property
    def missing(self) -> dict[str, str]:
        """Badge number → characters that print as empty boxes."""
        return {problem.badge_no: problem.detail for problem in self.of_kind(ProblemKind.MISSING_GLYPHS)}


@dataclass(frozen=True)
class _Fit:
    """Words as they are set: lines, size in pt, and whether anything went wrong with them."""

    lines: tuple[str, ...]
    size: float
    is_shrunk: bool = False
    is_cut: bool = False


def check(faces: Iterable[BadgeFace], layout: Layout) -> list[Problem]:
    """What to know before printing: names under the minimum size, words cut off, characters the font lacks."""
    return list(survey(faces, layout).problems)


@dataclass(frozen=True)
class Survey:
    """What to know before printing: the problems, those of all cards first, then in printing order; and the size in pt
    of each name by badge number."""

    problems: tuple[Problem, ...]
    sizes: dict[str, float]


def survey(faces: Iterable[BadgeFace], layout: Layout) -> Survey:
    """The same as `check`, with the size every name is set in."""
    problems: list[Problem] = []
    sizes: dict[str, float] = {}
    grounds: dict[Background, None] = {}
    for face in faces:
        grounds[face.background] = None
        fits = _fits(face, layout)
        problems += _problems(face, layout, *fits)
        sizes[face.badge_no] = fits[0].size
    return Survey((*_shared_problems(grounds, layout), *problems), sizes)


def write(
    path: Path,
    faces: Iterable[BadgeFace],
    layout: Layout,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> BadgeReport:
    """All badges into the PDF `path`, in the order given; names that are too long are printed smaller and listed.

    progress(n, total) may raise `Cancelled`; then, as after any error, no file is left. `now` goes into the metadata.
    Raises `UserError` where there is nothing to print or the file cannot be written, `ValueError` for what is no code.
    """
    report, total = BadgeReport(), len(faces) if isinstance(faces, Sized) else 0
    path = Path(path)
    with replacing(path) as handle:
        canvas = open_canvas(handle, layout.page_points, now or datetime.now(UTC).astimezone())
        sheet = _Sheet(canvas, layout)
        for face in faces:
            fits = _fits(face, layout)
            sheet.add(face, *fits)
            report.problems += _problems(face, layout, *fits)
            report.shrunk += fits[0].is_shrunk and fits[0].size >= layout.minimum
            report.count += 1
            if progress and report.count % _STEP == 0:
                progress(report.count, max(total, report.count))
        if not report.count:
            raise UserError(_("没有选中胸卡，没有写文件。先选出要打印的人再试。"), "BADGE-NONE")
        sheet.finish()
        shown = next(iter(sheet.forms))
        when = " · ".join(filter(None, (shown.dates_text, shown.venue_text)))
        describe(canvas, _("胸卡"), shown.expo_name, when, shown.sample)
        report.problems[:0] = _shared_problems(sheet.forms, layout)
        if progress:
            progress(report.count, report.count)
        canvas.save()
        report.pages = sheet.pages
    return report


class _Sheet:
    """The pages being filled, card after card."""

    def __init__(self, canvas: Any, layout: Layout) -> None:
        self.canvas, self.layout, self.pages, self.slot = canvas, layout, 0, 0
        self.forms: dict[Background, str] = {}
        self.qr = {aside: card.qr_place(layout, aside) for aside in (False, True)}
        self.ground = {key: "{:.3f} {:.3f} {:.3f} rg".format(*rgb(key)) for key in ("text.1", "text.2")}
        if layout.per_page > 1:
            card.draw_cut_marks(canvas, "cut-marks", layout)

    def add(self, face: BadgeFace, name: _Fit, organisation: _Fit, title: _Fit, latin: _Fit) -> None:
        """Put one card into the next place."""
        ground = face.background
        form = self.forms.get(ground) or self._define(ground)
        layout, put = self.layout, self.canvas._code.append  # only now: defining a form begins another list
        x, y = layout.origin(self.slot)
        put(f"q 1 0 0 1 {x:.2f} {y:.2f} cm")
        self.canvas.doForm(form)
        beside = _beside(face, layout)
        put(qr.operators(face.code, *self.qr[bool(beside.lines)]))
        self._put_beside(beside)
        put(self.ground["text.1"])
        put(self._words(name, _NAME_LINES[len(name.lines), bool(latin.lines[0])], True))
        put(self._words(organisation, _ORG_LINES[len(organisation.lines)], False))
        put(self.ground["text.2"])
        put(self._words(title, (_TITLE_LINE[len(organisation.lines)],), False))
        if latin.lines[0]:
            put(self._words(latin, (_LATIN_LINE[len(name.lines)],), False))
        put(self._words(_Fit((face.badge_no,), _NUMBER * layout.scale), (_NUMBER_LINE,), False))
        put("Q")
        self.slot += 1
        if self.slot == layout.per_page:
            self.finish()

    def _put_beside(self, beside: Beside) -> None:
        put, left = self.canvas._code.append, room(self.layout)[0]
        _x, bottom, side = self.qr[True]
        for line in beside.lines:
            put(self.ground["text.2" if line.is_head else "text.1"])
            put(text_operators(self.canvas, left, bottom + side - line.below, line.text, line.size, line.is_bold))

    def _define(self, background: Background) -> str:
        name = self.forms[background] = f"card-{len(self.forms) + 1}"
        card.draw_background(self.canvas, name, self.layout, background)
        return name

    def _words(self, fit: _Fit, base_lines: tuple[float, ...], bold: bool) -> str:
        layout, middle = self.layout, self.layout.card[0] * MM / 2
        return " ".join(
            [
                text_operators(
                    self.canvas, middle - fonts.width(line, fit.size, bold) / 2, layout.y(base), line, fit.size, bold
                )
                for line, base in zip(fit.lines, base_lines, strict=True)
                if line
            ]
        )

    def finish(self) -> None:
        """End the page, if there is anything on it."""
        if self.slot:
            if self.layout.per_page > 1:
                self.canvas.doForm("cut-marks")
            finish_page(self.canvas)
            self.pages, self.slot = self.pages + 1, 0


# Base lines by how many lines there are; a Latin name below moves the name up a little.
_NAME_LINES = {(1, False): (44.5,), (1, True): (42.0,), (2, False): (37.4, 48.0), (2, True): (35.6, 45.2)}
_LATIN_LINE = {1: 49.6, 2: 50.4}
_ORG_LINES = {1: (57.6,), 2: (55.2, 60.2)}
_TITLE_LINE = {1: 63.6, 2: 65.0}
_NUMBER_LINE = 110.0


def _beside(face: BadgeFace, layout: Layout) -> Beside:
    sessions = tuple((fonts.clean(head).strip(), fonts.clean(text).strip()) for head, text in face.sessions)
    return set_lines(fonts.clean(face.booth).strip(), sessions, layout)


def _fits(face: BadgeFace, layout: Layout) -> tuple[_Fit, _Fit, _Fit, _Fit]:
    scale = layout.scale
    return (
        _fit_name(fonts.clean(face.name).strip(), layout),
        _fit_organisation(fonts.clean(face.organisation).strip(), layout),
        _fit_line(fonts.clean(face.title).strip(), _TITLE * scale, _TITLE_LEAST * scale, layout.room),
        _fit_line(fonts.clean(face.name_latin).strip(), _LATIN * scale, _TITLE_LEAST * scale, layout.room),
    )


def _fit_name(name: str, layout: Layout) -> _Fit:
    """One line down to the layout's minimum, else two lines, else smaller than that, and cut where even 8 pt is too
    large (both are said)."""
    size = _largest((name,), _NAME * layout.scale, layout.room)
    if size >= layout.minimum:
        return _Fit((name,), size, size < _NAME * layout.scale - 0.5)
    usual = max(_NAME_TWO * layout.scale, layout.minimum)
    lines = min(_halves(name), key=lambda pair: max(fonts.width(line, 1, True) for line in pair))
    size = _largest(lines, usual, layout.room)
    if size >= layout.minimum:
        return _Fit(lines, size, True)
    size = max(size, _NAME_LEAST)
    printed = tuple(fonts.elide(line, size, layout.room, True) for line in lines)
    return _Fit(printed, size, True, printed != tuple(lines))


def _largest(lines: tuple[str, ...], size: float, room: float) -> float:
    """The largest size, in half points, at which all lines fit."""
    widest = max(fonts.width(line, 1, True) for line in lines)
    return size if widest * size <= room else int(2 * room / widest) / 2


def _halves(name: str) -> list[tuple[str, str]]:
    """The ways to set a name on two lines: at a space or middle dot where it has one, else anywhere."""
    marked = [at for at, char in enumerate(name, 1) if char in " ·•・-" and at < len(name)]
    return [(name[:at].rstrip(), name[at:].lstrip()) for at in marked or range(1, max(len(name), 2))]


@lru_cache(4096)
def _fit_organisation(name: str, layout: Layout) -> _Fit:
    """One line, else two, then smaller, then cut at the end (and said so). Many badges share one organisation."""
    scale, room = layout.scale, layout.room
    if fonts.width(name, _ORG * scale) <= room:
        return _Fit((name,), _ORG * scale)
    size = _ORG_TWO * scale
    while len(lines := fonts.wrap(name, size, room)) > 2:
        size -= 0.5
        if size < _ORG_LEAST * scale:
            size = _ORG_LEAST * scale
            lines = fonts.wrap(name, size, room, most=2)
            return _Fit(tuple(lines), size, True, True)
    return _Fit(tuple(lines), size, True)


def _fit_line(text: str, size: float, least: float, room: float) -> _Fit:
    """One line, smaller where it must be, then cut at the end (and said so)."""
    wide = fonts.width(text, size)
    if wide <= room:
        return _Fit((text,), size)
    smaller = max(size * room / wide, least)
    line = fonts.elide(text, smaller, room)
    return _Fit((line,), smaller, True, line != text)


def _problems(face: BadgeFace, layout: Layout, name: _Fit, *others: _Fit) -> list[Problem]:
    found = []
    if name.is_cut:
        found.append(Problem(face.badge_no, face.name, ProblemKind.NAME_TOO_LONG, " / ".join(name.lines)))
    elif name.size < layout.minimum:
        sizes = _("{n} 行 {size} pt，一般不小于 {least} pt").format(
            n=len(name.lines), size=f"{name.size:g}", least=f"{layout.minimum:g}"
        )
        found.append(Problem(face.badge_no, face.name, ProblemKind.NAME_SMALL, sizes))
    texts = (face.organisation, face.title, face.name_latin)
    found += [
        Problem(face.badge_no, face.name, ProblemKind.TEXT_CUT, text)
        for text, fit in zip(texts, others, strict=True)
        if fit.is_cut
    ]
    found += [Problem(face.badge_no, face.name, ProblemKind.TEXT_CUT, text) for text in _beside(face, layout).cut]
    words = (*texts, face.name, face.badge_no, face.booth, *(word for session in face.sessions for word in session))
    lacking = fonts.lacking("".join(words))
    if lacking:
        found.append(Problem(face.badge_no, face.name, ProblemKind.MISSING_GLYPHS, "".join(sorted(lacking))))
    return found


def _shared_problems(grounds: Iterable[Background], layout: Layout) -> list[Problem]:
    """What is cut off at the head of every card, each text once."""
    cut = {text: shown.expo_name for shown in grounds for text in card.header(shown, layout).cut}
    return [Problem("", name, ProblemKind.TEXT_CUT, text) for text, name in cut.items()]
