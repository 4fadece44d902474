"""Pictures of 供需对接 → 建议: with the sample's demands where it has some, else with a few of its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select
from stage import Stage

from expo_app.model import Achievement, Answer, Demand, MatchingConsent, Organisation, Unsuitable
from expo_app.routes.matching import MatchingRoute
from expo_app.services import suggestion_acts, suggestions
from expo_app.specs.suggested import Board, Party

WATER = "环境保护与资源综合利用"
DEMANDS = (
    ("工业废水深度处理与回用（示例）", WATER, "废水;膜;催化", "出水回用，吨水成本不超过 3.2 元。", 3_000_000),
    ("在线检测传感器国产替代（示例）", "先进制造", "传感器;检测", "要求精度 0.5%，年需求三万只。", 1_200_000),
    ("医学影像质量评价算法（示例）", "生物、医药和医疗器械", "影像;算法", "两秒内判断图像是否合格。", 800_000),
    ("电池材料中试放大（示例）", "新材料及其应用", "电池;材料", "从公斤级放大到吨级。", None),
    ("说不清的需求（示例）", "", "", "", None),
)
"""Title, field, keywords, problem, budget in yuan."""


def _board(stage: Stage) -> Board:
    """Suggestions of the sample, some of them answered."""
    db, expo_id = stage.context.db, stage.context.expo_id
    if expo_id is None:
        raise LookupError("no expo")
    with db.transaction() as session:
        if not session.scalar(select(Demand.id).where(Demand.expo_id == expo_id).limit(1)):
            owners = list(session.scalars(select(Organisation.id).order_by(Organisation.name).limit(len(DEMANDS))))
            for owner, (title, field, keywords, problem, budget) in zip(owners, DEMANDS, strict=True):
                session.add(
                    Demand(
                        expo_id=expo_id, owner_id=owner, title=title, field=field, keywords=keywords, problem=problem,
                        budget=Decimal(budget) if budget else None, ways=["JOINT", "TRANSFER"], is_sample=True,
                    )
                )  # fmt: skip
        there = set(session.scalars(select(MatchingConsent.organisation_id)))
        owners = [*session.scalars(select(Achievement.owner_id)), *session.scalars(select(Demand.owner_id))]
        for body in dict.fromkeys(owners):
            if body not in there:
                session.add(MatchingConsent(expo_id=expo_id, organisation_id=body, is_sample=True))
    if not suggestions.read(db, expo_id).cards:
        suggestions.compute(db, expo_id)
        first = max(suggestions.read(db, expo_id).by_demand.values(), key=len)
        for place, card in enumerate(first[:4]):
            if place < 2:
                suggestion_acts.answer(
                    db, expo_id, card.id, Party.DEMAND, Answer.ACCEPTED, "电话", seen=Answer.NOT_ASKED
                )
            if place == 1:
                suggestion_acts.answer(
                    db, expo_id, card.id, Party.SUPPLY, Answer.ACCEPTED, "现场", seen=Answer.NOT_ASKED
                )
            if place == 3:
                suggestion_acts.judge(db, expo_id, card.id, Unsuitable.PRICE)
    return suggestions.read(db, expo_id)


def _suggestions(stage: Stage) -> None:
    board = _board(stage)
    demand = max(board.by_demand, key=lambda key: len(board.by_demand[key]))
    stage.go(MatchingRoute(demand=demand, face="suggestions"))
    stage.settle()


def _supply(stage: Stage) -> None:
    board = _board(stage)
    stage.go(MatchingRoute(offer=board.cards[0].supply.key, face="suggestions"))
    stage.settle()


def _dialog(verb: str, stage: Stage) -> None:
    _suggestions(stage)
    stage.go("matching").face.act(verb)
    stage.settle()


SUGGESTIONS: dict[str, Callable[[Stage], Any]] = {
    "matching-suggestions": _suggestions,
    "matching-supply": _supply,
    "matching-unsuitable": partial(_dialog, "judge"),
    "matching-answer": partial(_dialog, "answer"),
}
"""By name."""
