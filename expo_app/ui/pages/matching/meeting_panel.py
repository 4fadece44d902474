"""What the panel of a meeting shows above its facts: seat, both sides, who stands by, what may be done, its chain."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.model import MeetingState
from expo_app.rules.meeting_requests import Standing
from expo_app.services.meetings import MeetingCard, SideCard
from expo_app.specs import MEETINGS
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.matching import meeting_acts
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.parts.follow_up import TaskBox

if TYPE_CHECKING:
    from expo_app.ui.pages.matching.meetings import MeetingsList

MOST_WAITING = 4
"""Who stands by is named so far; the others are counted."""


def meeting_notices(page: MeetingsList, card: MeetingCard) -> list[QWidget]:
    """All of it, from top to bottom."""
    found: list[QWidget] = []
    if card.standing is Standing.EXPIRED:
        found.append(Banner("warn", _("答复期限已过。要再问，先退回请求。"), small=True))
    found += [_seat(page, card), _side(page, card, card.a, _("甲方")), _side(page, card, card.b, _("乙方"))]
    if card.instead:
        found.append(ItemRow(card.instead, _("候补顶替"), "repeat-line", below=True))
    if card.state is not MeetingState.ACCEPTED:
        found.append(Label(_("联系方式在双方都接受以后才显示。"), "fact", wrap=True))
    found += _standing_by(card)
    if (acts := _acts(page, card)) is not None:
        found.append(acts)
    found.append(ChainStrip(page.context, MEETINGS.name, card.id))
    found.append(TaskBox(page, page.context, page.acts, "meeting_id", card.id))
    return found


def _seat(page: MeetingsList, card: MeetingCard) -> QWidget:
    if card.starts_at is None:
        return ItemRow(_("还没有时间和桌位"), "", "calendar-line", below=False)
    expo, icon = page.context.expo, "lock-line" if card.is_locked else "calendar-check-line"
    start = card.starts_at.astimezone(expo.zone) if expo is not None else card.starts_at
    return ItemRow(f"{start:%m-%d %H:%M} · {card.place}", _("已锁定") if card.is_locked else "", icon, below=True)


def _side(page: MeetingsList, card: MeetingCard, one: SideCard, side: str) -> QWidget:
    expo = page.context.expo
    said = [side, one.person, one.contact]
    if card.state is MeetingState.ACCEPTED and not one.is_shared:
        said.append(_("联系方式不对外"))
    pill = None
    if one.came_at is not None:
        came = one.came_at.astimezone(expo.zone) if expo is not None else one.came_at
        pill = (f"{came:%H:%M} {_('已签到')}", "ok")
    return ItemRow(one.name, " · ".join(filter(None, said)), "building-line", pill=pill, below=True)


def _standing_by(card: MeetingCard) -> list[QWidget]:
    found: list[QWidget] = []
    for side, one in (("a", card.a), ("b", card.b)):
        waiting = card.waiting[side]
        if waiting:
            more = _("等 {n} 家").format(n=len(waiting)) if len(waiting) > MOST_WAITING else ""
            names = _("、").join(waiting[:MOST_WAITING]) + more
            words = _("候补见{name}：{names}").format(name=one.name, names=names)
            found.append(Label(words, "fact", wrap=True))
    return found


def _acts(page: MeetingsList, card: MeetingCard) -> QWidget | None:
    """Every act there is now as a small button with its key."""
    acts = meeting_acts.acts_for(page, card)
    if not acts:
        return None
    box = QWidget()
    flow = FlowLayout(box, theme.Space.XS)
    for one in acts:
        button = Button(f"{_(one.words)} {one.key}", "link", clicked=partial(one.call, page, card))
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        flow.addWidget(button)
    return box
