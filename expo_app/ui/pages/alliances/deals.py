"""从成交台账选: a framework agreement that was signed at the open expo becomes an agreement of the list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from expo_app.i18n import _
from expo_app.rules.search_key import search_key, search_terms
from expo_app.services import alliance_acts
from expo_app.services.record_writer import followed
from expo_app.services.steps import step_of
from expo_app.specs import AGREEMENTS
from expo_app.ui.kit import messages, picker
from expo_app.ui.records.undo_list import attempt, step_act

if TYPE_CHECKING:
    from expo_app.ui.pages.alliances import AlliancesPage

MOST = 20


def choose_deal(page: AlliancesPage) -> None:
    """Let the person choose one that is none yet."""
    context = page.context
    if context.expo_id is None:
        return
    offered = alliance_acts.deals_offered(context.db, context.expo_id)
    if not offered:
        messages.show(page, _("成交台账里没有还未登记的战略合作框架协议。"), "info")
        return

    def options(text: str) -> Sequence[tuple[uuid.UUID, str]]:
        terms = search_terms(text)
        found = [deal for deal in offered if _is_found(f"{deal.deal_no} {deal.title}", terms)]
        return [(deal.id, f"{deal.deal_no} · {deal.title}") for deal in found[:MOST]]

    picker.pick(page, _("从成交台账选协议"), "hand-coin-line", options, partial(_take, page))


def _is_found(words: str, terms: Sequence[tuple[str, ...]]) -> bool:
    key = search_key(words)
    return all(any(one in key for one in term) for term in terms)


def _take(page: AlliancesPage, deal_id: uuid.UUID, words: str) -> None:
    context, expo_id = page.context, page.context.expo_id
    if expo_id is None:
        return
    made: list[uuid.UUID] = []
    with followed() as writers:
        done = attempt(
            page, lambda: made.append(alliance_acts.agree_as_deal(context.db, expo_id, deal_id, page.body_id))
        )
    if done:
        page.agreement_id = made[0]
        step = step_of(AGREEMENTS.permission, writers)
        page.shown.acts.add(step_act(_("已登记协议“{name}”").format(name=words), context.db, step))
