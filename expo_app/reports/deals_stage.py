"""The sheets of a signing ceremony: the running list of the stage manager, and a card of A5 per signing for the host.

write(path, services.deals_ceremony.read_stage(db, expo_id, now), progress);  tables(data) → the running list as values
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from expo_app.i18n import _
from expo_app.model import Mandate, PartyRole
from expo_app.reports import fonts
from expo_app.reports.canvas import Ink, Progress
from expo_app.reports.pdf import Band, Cell, Column, Document, Row
from expo_app.reports.style import marked, open_document
from expo_app.rules import amounts, currencies
from expo_app.rules.deals_ceremony import Signatory, Signing, all_problems, batch_words, batches, course_words
from expo_app.specs.deals_stage import StageData
from expo_app.specs.report_data import SheetColumn, SheetTable

TYPE, LEAST, PARTY, ROLE, LEADING = 26, 9, 0.75, 0.42, 1.4
"""Of what the host reads aloud: its size, the least one, what the parties and their roles have of it, and lines."""


def write(path: Path, data: StageData, progress: Progress | None = None) -> set[str]:
    """Write the running list and the cards; the characters the font lacks come back. UserError as other documents."""
    with open_document(path, _("签约仪式"), data.head, progress, 2 * len(data.signings), landscape=True) as doc:
        doc.note(course_words())
        problems = all_problems(data.signings)
        if problems:
            doc.note(_("还有 {n} 项要先处理，列在“待处理”一栏。").format(n=len(problems)))
        doc.table(_columns(data), _rows(data, problems), empty=_("还没有排进签约仪式的项目"))
        for number, signing in enumerate(data.signings, 1):
            _card(doc, data, signing, number)
            doc.advance()
        return doc.missing


def where(signing: Signing) -> str:
    """When and where: 11-29 11:45 A 会场 集中签约."""
    moment = f"{signing.starts_at:%m-%d %H:%M}" if signing.starts_at else ""
    return " ".join(filter(None, (moment, signing.place, signing.item)))


def _heads(data: StageData) -> list[str]:
    """Columns of who signs: sellers, buyers, and where there are agreements of equals all their parties in one."""
    equals = any(signing.of(PartyRole.PARTY) for signing in data.signings)
    return [_("卖方签约人"), _("买方签约人"), *([_("各方签约人")] if equals else [])]


def _columns(data: StageData) -> list[Column]:
    ready, heads = [_("已备"), _("未备")], _heads(data)
    return [
        Column(_("顺序"), 0.7, "right"), Column(_("项目"), 3.2, bold=True),
        *(Column(head, 6.8 / len(heads)) for head in heads), Column(_("助签"), 1.2), Column(_("见证"), 1.8),
        Column(_("文本"), 0.9, holds=ready), Column(_("授权"), 0.9, holds=ready), Column(_("待处理"), 2.8),
    ]  # fmt: skip


def _rows(data: StageData, problems: Mapping[UUID, Sequence[str]]) -> Iterator[Row]:
    for batch, members in batches(data.signings):
        times = dict.fromkeys(filter(None, map(where, members)))
        yield Band(batch_words(batch) or _("未分批次"), " · ".join([_("{n} 项").format(n=len(members)), *times]))
        for signing in members:
            yield _row(data, signing, problems.get(signing.id, ()))


def _row(data: StageData, signing: Signing, problems: Sequence[str]) -> list[Cell]:
    roles = (PartyRole.SELLER, PartyRole.BUYER, PartyRole.PARTY)
    sides = [_side(signing.of(role)) for role, _head in zip(roles, _heads(data), strict=False)]
    helpers = _("、").join(one.assistant for one in signing.signatories if one.assistant)
    title = f"{marked(signing.title, signing.is_sample)}\n{signing.deal_no}"
    return [
        str(signing.order) if signing.order else None, title, *sides, helpers or None,
        witness(signing) or None, _("已备") if signing.is_text_ready else _("未备"),
        _("已见") if seen(signing) else _("未见"), _("；").join(problems) or _("齐全"),
    ]  # fmt: skip


def _side(people: Iterable[Signatory]) -> str | None:
    return "\n".join(f"{one.organisation}\n{person(one)}" for one in people) or None


def person(one: Signatory) -> str:
    """王一 董事长; — where nobody is known."""
    return " ".join(filter(None, (one.signer or amounts.MISSING, one.post)))


def witness(signing: Signing) -> str:
    """Who witnesses: as entered, or the parties of that role."""
    return signing.witness or _("、").join(one.organisation for one in signing.of(PartyRole.WITNESS))


def seen(signing: Signing) -> bool:
    """Whether everybody who signs has shown what entitles them to."""
    own = signing.of(PartyRole.SELLER, PartyRole.BUYER, PartyRole.PARTY)
    return bool(own) and all(one.mandate not in (None, Mandate.MISSING) for one in own)


# --- the host's cards -------------------------------------------------------------------------------------------------
def _card(doc: Document, data: StageData, signing: Signing, number: int) -> None:
    """One page of A5: what the host says of this signing, in big type."""
    title = marked(signing.title, signing.is_sample)
    wide, high = doc.bare_page("A5", title)
    draw, side, y = doc.ink, 26.0, high - 36.0
    head = " · ".join(
        filter(None, (batch_words(signing.batch), _("第 {n} 个").format(n=signing.order) if signing.order else ""))
    )
    draw.text(side, y, head or signing.deal_no, 11, "text.2", True)
    draw.text(wide - side, y, f"{number} / {len(data.signings)}", 11, "text.2", align="right")
    draw.line([(side, y - 8), (wide - side, y - 8)], "primary", 1.4)
    y -= 14
    room = wide - 2 * side
    size = next((size for size in (28.0, 24.0, 20.0, 16.0) if len(fonts.wrap(title, size, room, True)) <= 4), 13.0)
    y = _lines(draw, fonts.wrap(title, size, room, True, most=6), side, y, size, True)
    left, right = signing.sides
    people = [*left, *right]
    free = y - 148.0
    step = next((size for size in range(TYPE, LEAST, -1) if _tall(people, size, room) <= free), LEAST)
    gap = min(0.9 * TYPE, max(0.0, free - _tall(people, step, room)) / max(len(people), 1))
    for one in people:
        y -= step * 0.5 + gap
        y = _lines(draw, [one.role.label], side, y, step * ROLE, colour="text.3")
        y = _lines(draw, _party(one, step, room), side, y, step * PARTY)
        y = _lines(draw, _name(one, step, room), side, y, step, bool(one.signer), "text.1" if one.signer else "text.3")
    money = (
        [amounts.own_in_words(signing.foreign_amount, currencies.named(signing.currency))]
        if signing.foreign_amount
        else []
    )
    money += [amounts.in_words(signing.amount)] if signing.amount else []
    lines = [f"{_('金额')}  {said}" for said in money]
    lines += [f"{_('见证')}  {witness(signing)}"] if witness(signing) else []
    y = min(y - 8, 140.0)
    for line in lines:
        y = _lines(draw, fonts.wrap(line, 15, room, most=2), side, y, 15)
    course = fonts.wrap(course_words(), 9, room, most=2)
    for at, line in enumerate(course, 1):
        draw.text(side, 42 + 12 * (len(course) - at), line, 9, "text.3")
    foot = " · ".join(filter(None, (where(signing), signing.deal_no)))
    draw.text(side, 26, fonts.elide(foot, 9, room), 9, "text.3")


def _party(one: Signatory, step: float, room: float) -> list[str]:
    return fonts.wrap(one.organisation, step * PARTY, room, most=2)


def _name(one: Signatory, step: float, room: float) -> list[str]:
    return fonts.wrap(person(one) if one.signer else _("签约人待定"), step, room, True, most=2)


def _tall(people: Sequence[Signatory], step: float, room: float) -> float:
    """How high the names are in this size."""
    lines = sum(ROLE + PARTY * len(_party(one, step, room)) + len(_name(one, step, room)) for one in people)
    return step * (LEADING * lines + 0.5 * len(people))


def _lines(
    draw: Ink, lines: Sequence[str], x: float, y: float, size: float, bold: bool = False, colour: str = "text.1"
) -> float:
    for line in lines:
        y -= size * LEADING
        draw.text(x, y, line, size, colour, bold)
    return y


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: StageData) -> list[SheetTable]:
    """The running list as plain values."""
    columns = (
        SheetColumn(_("批次"), 12), SheetColumn(_("顺序"), 8, "int"), SheetColumn(_("编号"), 16),
        SheetColumn(_("项目"), 34, is_bold=True), SheetColumn(_("时间地点"), 28),
        *(SheetColumn(head, 34, "long") for head in _heads(data)),
        SheetColumn(_("助签"), 14), SheetColumn(_("见证"), 20),
        SheetColumn(_("文本"), 8), SheetColumn(_("授权"), 8), SheetColumn(_("待处理"), 40, "long"),
    )  # fmt: skip
    problems = all_problems(data.signings)
    rows = [
        (batch_words(one.batch) or None, one.order, one.deal_no, marked(one.title, one.is_sample), where(one) or None,
         *_row(data, one, problems.get(one.id, ()))[2:])
        for one in data.signings
    ]  # fmt: skip
    return [SheetTable(_("签约仪式"), columns, rows, (course_words(),))]
