"""What is entered with an auction, or a lot, as lines: increments, commissions, patents, rights, written orders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, FromClause, select

from expo_app.i18n import N_, _
from expo_app.model import (
    Bidder,
    CommissionBand,
    CommissionSide,
    Consent,
    IncrementBand,
    LotPatent,
    LotRight,
    PatentKind,
    Priority,
    RightRole,
    WrittenOrder,
)
from expo_app.rules import patents
from expo_app.rules.auction_words import paddle_no
from expo_app.specs.child_lines import Lines, Values
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field

_NUMBER = re.compile(r"(?:ZL|CN)?[\s0-9.．·-]{8,}[0-9Xx]?", re.IGNORECASE)
_BETWEEN = re.compile(r"[、，,；;/]+")
LENGTHS = (patents.LONG, patents.SHORT)


def paddle_field(**more: Any) -> Field:
    """号牌 as a number of a form or file; 07 is 7."""
    return Field(
        "paddle", N_("号牌"), 8, type=FieldType.NUMBER, least=1, most=9999, format=paddle_no, **more
    )  # fmt: skip


def _paddle_of(table: FromClause) -> ColumnElement[Any]:
    bidder = Bidder.__table__.alias("line_bidder")
    return select(bidder.c.paddle).where(bidder.c.id == table.c.bidder_id).correlate(table).scalar_subquery()


def _money(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, 10, type=FieldType.MONEY, unit=N_("万元"), required=True, **more)


def _above_nothing(name: str, words: str, rows: Sequence[Values]) -> None:
    if any(row[name] <= 0 for row in rows):
        raise ValueError(_(words))


def _percents(rows: Sequence[Values]) -> None:
    for side in CommissionSide:
        starts = [row["from_amount"] for row in rows if row["side"] is side]
        if starts and min(starts) != 0:
            raise ValueError(_("{side}的佣金要从 0 起写第一档。").format(side=side.label))


def _patent(text: str) -> Any:
    """A plain number with the right check digit; ValueError with a sentence."""
    return patents.parse(text).text


def _numbers(line: str) -> list[dict[str, Any]] | None:
    """Patents of which a list says the numbers alone (ZL201310123456.7、201410987654.3); None of any other line."""
    texts = [text.strip() for text in _BETWEEN.split(line) if text.strip()]
    parts = [part for text in texts for part in ([text] if len(patents.plain(text)) in LENGTHS else text.split())]
    if not parts or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    found = []
    for part in parts:
        number = patents.parse(part)
        granted = number.text if part.upper().startswith("ZL") else ""
        row = {"kind": number.kind, "title": "", "application_no": number.text, "patent_no": granted}
        found.append({**row, "applicant": "", "holder": "", "filed_on": None})
    return found


INCREMENTS = Lines(
    IncrementBand,
    "auction_id",
    (_money("from_amount", N_("从")), _money("step", N_("每口至少加"))),
    same=("from_amount",),
    order=("from_amount",),
    check=partial(_above_nothing, "step", N_("加价幅度要大于 0。")),
)
COMMISSIONS = Lines(
    CommissionBand,
    "auction_id",
    (
        Field("side", N_("付佣金的一方"), 8, type=FieldType.ENUM, choices=CommissionSide, required=True),
        _money("from_amount", N_("从")),
        Field("percent", N_("百分比"), 6, type=FieldType.NUMBER, places=8, most=100, required=True, unit=N_("%")),
    ),
    same=("side", "from_amount"),
    order=("side", "from_amount"),
    check=_percents,
)
PATENTS = Lines(
    LotPatent,
    "lot_id",
    (
        Field("kind", N_("种类"), 20, type=FieldType.ENUM, choices=PatentKind, default=PatentKind.INVENTION),
        Field("title", N_("名称"), 30, max_length=200, default=""),
        Field("application_no", N_("申请号"), 16, check=_patent, max_length=20, default=""),
        Field("patent_no", N_("专利号"), 16, check=_patent, max_length=20, default=""),
        Field("applicant", N_("申请人"), 16, max_length=200, default=""),
        Field("holder", N_("权利人"), 16, max_length=200, default=""),
        Field("filed_on", N_("申请日"), 12, type=FieldType.DATE),
    ),
    same=(),
    loose=_numbers,
)
RIGHTS = Lines(
    LotRight,
    "lot_id",
    (
        Field("role", N_("身份"), 14, type=FieldType.ENUM, choices=RightRole, required=True),
        Field("name", N_("姓名或单位"), 20, max_length=120, required=True),
        Field("told_on", N_("告知日期"), 12, type=FieldType.DATE),
        Field("consent", N_("是否同意"), 8, type=FieldType.ENUM, choices=Consent),
        Field("consented_on", N_("同意日期"), 12, type=FieldType.DATE),
        Field("priority", N_("优先权"), 8, type=FieldType.ENUM, choices=Priority),
        paddle_field(),
        Field("note", N_("备注"), 16, max_length=300, default=""),
    ),
    same=("role", "name"),
    select_as={"paddle": _paddle_of},
)
ORDERS = Lines(
    WrittenOrder,
    "lot_id",
    (
        paddle_field(required=True),
        _money("up_to", N_("最高出到")),
        Field("received_at", N_("收到时间"), 16, type=FieldType.MOMENT, needs_clock=True),
    ),
    same=("paddle",),
    order=("id",),
    select_as={"paddle": _paddle_of},
    check=partial(_above_nothing, "up_to", N_("书面委托的最高价要大于 0。")),
)
"""`received_at` missing: received now."""


def falls(rows: Sequence[Values]) -> bool:
    """Whether each side's percentage never rises with the price, as art. 56 asks where nothing is agreed."""
    by_side: dict[Any, list[Decimal]] = {}
    for row in sorted(rows, key=lambda row: row["from_amount"]):
        by_side.setdefault(row["side"], []).append(row["percent"])
    return all(first >= second for each in by_side.values() for first, second in pairwise(each))
