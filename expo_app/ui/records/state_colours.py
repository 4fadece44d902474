"""Which colour and shape a state or category has, for tables, panels and pills alike: the one place that says so.

Keys are enum members, or the words of a computed column. A kind is one of theme.KINDS; a dot's is a colour token.
"""

from typing import Any

from expo_app.model import (
    AchievementKind,
    AttendeeState,
    BoothState,
    DealStage,
    Entry,
    ExhibitorState,
    ItemKind,
    ItemState,
    SpeakerRole,
    TransferWay,
    Verdict,
)
from expo_app.specs import Outcome
from expo_app.specs.category_colours import CATEGORY_COLOURS
from expo_app.specs.floor_sheet import SECTOR_COLOURS

PILLS: dict[Any, str] = {
    ExhibitorState.APPLIED: "warn", ExhibitorState.REVIEWED: "info", ExhibitorState.CONFIRMED: "info",
    ExhibitorState.SETTING_UP: "info", ExhibitorState.ARRIVED: "ok", ExhibitorState.DISMANTLED: "mute",
    ExhibitorState.CANCELLED: "mute",
    AttendeeState.REGISTERED: "warn", AttendeeState.CONFIRMED: "ok", AttendeeState.CANCELLED: "mute",
    Entry.DRAFT: "mute", Entry.CHECK: "warn", Entry.VALID: "ok", Entry.VOID: "mute",
    DealStage.INTENT: "warn", DealStage.SIGNED: "ok", DealStage.REGISTERED: "ok", DealStage.PERFORMING: "info",
    DealStage.LANDED: "ok", DealStage.TERMINATED: "mute",
    BoothState.FREE: "mute", BoothState.HELD: "warn", BoothState.CONFIRMED: "ok",
    ItemState.DRAFT: "warn", ItemState.CONFIRMED: "ok", ItemState.CANCELLED: "mute",
    SpeakerRole.SPEAKER: "info", SpeakerRole.MODERATOR: "plum", SpeakerRole.PANELIST: "info", SpeakerRole.GUEST: "mute",
    TransferWay.TRANSFER: "ok", TransferWay.LICENCE: "ok", TransferWay.COOPERATION: "info",
    TransferWay.INVESTMENT: "plum", TransferWay.SHOW_ONLY: "mute",
    Verdict.ADMITTED: "ok", Verdict.AGAIN: "warn",
    "NONE": "mute", "ISSUED": "warn", "PRINTED": "info", "HANDED_OVER": "ok",  # badge_state()
    Outcome.NEW: "ok", Outcome.CHANGED: "info", Outcome.SAME: "mute", Outcome.INVALID: "bad",
    **{v: "bad" for v in Verdict if v not in (Verdict.ADMITTED, Verdict.AGAIN)},
}  # fmt: skip

DOTS: dict[Any, str] = {
    **SECTOR_COLOURS,
    **CATEGORY_COLOURS,
    ItemKind.CEREMONY: "cat.health", ItemKind.FORUM: "cat.it", ItemKind.ROADSHOW: "cat.research",
    ItemKind.MATCHING: "cat.energy", ItemKind.SIGNING: "cat.mfg", ItemKind.AUCTION: "plum",
    ItemKind.OTHER: "cat.service",
    AchievementKind.RESULT: "cat.it", AchievementKind.PRODUCT: "cat.energy", AchievementKind.SERVICE: "cat.service",
    AchievementKind.PATENT: "plum",
}  # fmt: skip


def pill(value: Any) -> str:
    """The kind of a state's pill; neutral for what has no rule."""
    return PILLS.get(value, "mute")


def dot(value: Any) -> str:
    """The colour token of a category's mark; grey for what has no rule."""
    return DOTS.get(value, "cat.service")
