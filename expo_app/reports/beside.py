"""What stands beside the code of a badge: the booth of an exhibitor, the sessions of a speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from expo_app.i18n import _
from expo_app.reports import card, fonts
from expo_app.reports.canvas import MM
from expo_app.reports.card import Layout

# Sizes in pt on the card as designed; other cards are this one scaled.
_BOOTH, _SESSION, _HEAD, _LEAST = 30.0, 11.0, 8.5, 7.5
_LEADING, _GAP = 1.24, 4.0  # of a size; pt between two blocks
_STEPS = 16  # sizes tried between the usual and the least
_CAP = 0.9  # of a size: from the top of a line to its base

Session = tuple[str, str]
"""When and where, and what: 11-28 14:00 A 会场, 氢能论坛."""


@dataclass(frozen=True)
class Line:
    """A line as it is set: its base line in points below the code's upper edge."""

    text: str
    below: float
    size: float
    is_bold: bool
    is_head: bool


@dataclass(frozen=True)
class Beside:
    """The lines from above, and the texts of which not all is there."""

    lines: tuple[Line, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Block:
    head: str
    text: str
    largest: float
    is_bold: bool


def room(layout: Layout) -> tuple[float, float, float]:
    """Left edge, width and height of the place for words, in points: from the code's quiet zone to the margin."""
    left, _bottom, side = card.qr_place(layout, aside=True)
    start = left + side + card.quiet(layout)
    return start, layout.card[0] * MM - 5 * layout.scale * MM - start, side


def set_lines(booth: str, sessions: tuple[Session, ...], layout: Layout) -> Beside:
    """As large as all of it fits; where even the least size is too large, each text on fewer lines, and said so."""
    blocks = [_Block(_("展位"), booth, _BOOTH, True)] if booth else []
    blocks += [_Block(head, text, _SESSION, False) for head, text in sessions]
    return _set(tuple(blocks), layout) if blocks else Beside()


@lru_cache(4096)
def _set(blocks: tuple[_Block, ...], layout: Layout) -> Beside:
    """The same of blocks, which many badges share."""
    _left, wide, high = room(layout)
    for step in range(_STEPS + 1):
        part = 1 - step / _STEPS
        wrapped = [_wrapped(block, part, layout, wide) for block in blocks]
        is_whole = all(_is_whole(block, size, wide) for block, (size, _lines) in zip(blocks, wrapped, strict=True))
        if (is_whole or step == _STEPS) and _height(blocks, wrapped, layout) <= high:
            return _placed(blocks, wrapped, layout, wide, high)
    fewer = _fewer(blocks, wrapped, layout, wide, high)
    cut = [
        block.text
        for block, (_size, whole), (_same, left) in zip(blocks, wrapped, fewer, strict=True)
        if len(left) < len(whole)
    ]
    placed = _placed(blocks, fewer, layout, wide, high)
    return Beside(placed.lines, (*placed.cut, *cut))


_Wrapped = tuple[float, list[str]]
"""A size in pt, and the lines of a text in it."""


def _wrapped(block: _Block, part: float, layout: Layout, wide: float) -> _Wrapped:
    size = (_LEAST + (block.largest - _LEAST) * part) * layout.scale
    return size, fonts.wrap(block.text, size, wide, block.is_bold) if block.text else []


def _is_whole(block: _Block, size: float, wide: float) -> bool:
    """Whether no number of a booth and no word is broken in two."""
    return all(fonts.width(unit, size, block.is_bold) <= wide for unit in fonts.units(block.text))


def _height(blocks: Sequence[_Block], wrapped: Sequence[_Wrapped], layout: Layout) -> float:
    heads = _HEAD * _LEADING * layout.scale * sum(bool(block.head) for block in blocks)
    return (
        heads + sum(size * _LEADING * len(lines) for size, lines in wrapped) + _GAP * layout.scale * (len(blocks) - 1)
    )


def _fewer(
    blocks: Sequence[_Block], wrapped: Sequence[_Wrapped], layout: Layout, wide: float, high: float
) -> list[_Wrapped]:
    """The longest texts lose their last lines, one after the other, until all of it fits."""
    most = [len(lines) for _size, lines in wrapped]
    while True:
        fewer = [
            (size, fonts.wrap(block.text, size, wide, block.is_bold, most=n) if n else [])
            for block, (size, _lines), n in zip(blocks, wrapped, most, strict=True)
        ]
        if _height(blocks, fewer, layout) <= high or max(most) == 0:
            return fewer
        most[max(range(len(most)), key=lambda at: most[at])] -= 1


def _placed(blocks: Sequence[_Block], wrapped: Sequence[_Wrapped], layout: Layout, wide: float, high: float) -> Beside:
    """The lines in the middle of the height."""
    lines, cut = list[Line](), list[str]()
    at = (high - _height(blocks, wrapped, layout)) / 2
    head_size = _HEAD * layout.scale
    for block, (size, texts) in zip(blocks, wrapped, strict=True):
        if block.head:
            head = fonts.elide(block.head, head_size, wide)
            cut += [block.head] if head != block.head else []
            lines.append(Line(head, at + head_size * _CAP, head_size, False, True))
            at += head_size * _LEADING
        for text in texts:
            lines.append(Line(text, at + size * _CAP, size, block.is_bold, False))
            at += size * _LEADING
        at += _GAP * layout.scale
    return Beside(tuple(lines), tuple(cut))
