"""The reasons of a suggestion in words: tags of a card, lines of the panel, one text of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expo_app.i18n import _
from expo_app.model import CooperationWay
from expo_app.rules.matching_words import Part

TONES = {"field": "ok", "words": "info", "policy": "plum", "way": "mute", "history": "mute", "judged": "warn"}
"""Kind of reason → kind of `theme.KINDS`, in the order in which they are told."""
JOINED = "·"
Reasons = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Told:
    """A reason: what it is, what stands behind it, its points; `short` for a tag."""

    kind: str
    title: str
    behind: str
    points: int
    short: str


def tell(reasons: Reasons) -> list[Told]:
    """Every reason, in the order of `TONES`; a kind that a later version wrote is left out."""
    return [_tell(kind, reasons[kind]) for kind in TONES if kind in reasons]


def in_one(reasons: Reasons | None) -> str:
    """All of it as one text: 领域相同 +40；关键词：废水 +30."""
    return "；".join(f"{one.short} {one.points:+}" for one in tell(reasons or {}))


def _tell(kind: str, reason: Mapping[str, Any]) -> Told:
    says, points = reason["says"], reason["points"]
    title, behind, short = _WORDS[kind](says)
    return Told(kind, title, behind, points, short or title)


def _field(says: Mapping[str, Any]) -> tuple[str, str, str]:
    wanted, offered = (says[side] for side in ("demand", "offer"))
    if says["same"]:
        return _("领域相同"), _(wanted), ""
    return _("领域相近"), f"{_(wanted)} / {_(offered)}", _("领域相近：{field}").format(field=_(offered))


def _words(says: Mapping[str, Any]) -> tuple[str, str, str]:
    told: Sequence[Mapping[str, Any]] = says["words"]
    words = JOINED.join(one["word"] for one in told)
    behind = _("需方{demand}；供方{supply}").format(demand=_parts(told, "demand"), supply=_parts(told, "offer"))
    return _("关键词 {words}").format(words=words), behind, _("关键词：{words}").format(words=words)


def _parts(told: Sequence[Mapping[str, Any]], side: str) -> str:
    """Where the words stand, and how often in all."""
    times = sum(sum(one[side].values()) for one in told)
    parts = [_(part) for part in Part if any(part.name in one[side] for one in told)]
    return _("{parts} {n} 处").format(parts="、".join(parts), n=times)


def _policy(says: Mapping[str, Any]) -> tuple[str, str, str]:
    return _("地区政策"), "、".join(says["titles"]), ""


def _way(says: Mapping[str, Any]) -> tuple[str, str, str]:
    known = (CooperationWay[name].label for name in says["ways"] if name in CooperationWay.__members__)
    return _("方式相合"), "、".join(known), ""


def _history(says: Mapping[str, Any]) -> tuple[str, str, str]:
    return _("曾对接"), "、".join(says["editions"]), ""


def _judged(_says: Mapping[str, Any]) -> tuple[str, str, str]:
    return _("曾判不合适"), _("同一对再算时减分"), ""


_WORDS = {
    "field": _field, "words": _words, "policy": _policy, "way": _way, "history": _history, "judged": _judged
}  # fmt: skip
