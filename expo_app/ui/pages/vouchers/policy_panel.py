"""What the panel of a policy shows above its facts: versions of its region, what its years gave, what rests on it."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules.amounts import format_yuan
from expo_app.services import policy_page
from expo_app.services.policy_page import PolicyPage, Version
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import SectionTitle
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.vouchers import use_words
from expo_app.ui.pages.vouchers.use_parts import LimitBar, LimitView

if TYPE_CHECKING:
    from expo_app.ui.pages.vouchers.policies import PolicyList


def policy_notices(page: PolicyList, policy_id: uuid.UUID) -> list[QWidget]:
    """All of it, from top to bottom; an error in its place."""
    try:
        found = policy_page.read(page.context.db, policy_id, page.context.today())
    except UserError as error:
        return [Banner("bad", str(error), small=True)]
    if found is None:
        return []
    shown: list[QWidget] = []
    if found.is_used:
        words = _("已有 {n} 张券、{m} 次用券按它算：要改，新增一版。").format(n=found.vouchers, m=found.uses)
        shown.append(Banner("info", words, small=True))
    return [*shown, *_versions(page, found), *_years(found), *_listed(found)]


def _versions(page: PolicyList, found: PolicyPage) -> list[QWidget]:
    """A line for each version of the region, the latest above."""
    return [
        SectionTitle(_("这个地区的各版")),
        *(
            ItemRow(
                _("第 {n} 版 · {rate}").format(n=one.version_no, rate=use_words.percent(one.rate)),
                _span(one),
                "checkbox-circle-fill" if one.is_here else "subtract-line",
                token="primary" if one.is_here else "text.3",
                clicked=None if one.is_here else partial(page.view.select_id, one.id),
                below=True,
            )
            for one in reversed(found.versions)
        ),
    ]


def _span(one: Version) -> str:
    until = one.valid_until.isoformat() if one.valid_until else _("另行通知")
    words = _("{day} 至 {until}").format(day=one.valid_from.isoformat(), until=until)
    return f"{words} · {one.title}"


def _years(found: PolicyPage) -> list[QWidget]:
    """Its budget year by year: what other versions gave of it, what this one gave, what is left."""
    if not found.years:
        return []
    bars: list[QWidget] = []
    for one in found.years:
        words = _("{n} 家企业，已批 {taken}，余 {left}")
        if others := one.pot - one.taken:
            words = _("{n} 家企业，本版已批 {taken}，其他版 {others}，余 {left}")
        words = words.format(
            n=one.companies, taken=format_yuan(one.taken), others=format_yuan(others), left=use_words.yuan(one.left)
        )
        bars.append(LimitView(LimitBar(_("{year} 年").format(year=one.year), one.most, others, one.pot, words)))
    return [SectionTitle(_("年度预算")), *bars]


def _listed(found: PolicyPage) -> list[QWidget]:
    return [ItemRow(_("今天在名录内的机构 {n} 家").format(n=found.listed), "", "file-list-3-line")]
