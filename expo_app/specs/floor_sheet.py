"""From a hall to a sheet that can be drawn: what colour and pattern each booth has, and the legend that says so.

Colour is never alone: every colour has a pattern of its own beside it, which says the same where there is no colour;
who is awaited is hatched or has a filled corner, what is held or free has a dashed outline, and every look has a mark
for paper.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial

from expo_app.damaged import is_damaged
from expo_app.i18n import N_, _
from expo_app.model import BoothState, ExhibitorState, FeatureKind
from expo_app.rules.region_groups import NO_GROUPS, OTHER, RegionRule
from expo_app.rules.terms import PATTERNS as TERM_PATTERNS
from expo_app.rules.terms import Term
from expo_app.specs.floor_plan import (
    BACK_HATCHED,
    CORNER,
    CROSSED,
    DASHED,
    DOTTED,
    FRAMED,
    GRID,
    HATCHED,
    HORIZONTAL,
    RESERVED,
    SOLID,
    VERTICAL,
    Block,
    Box,
    Caption,
    HallPlan,
    Look,
    Plan,
    PlanBooth,
    Sheet,
    Tenant,
)

INDUSTRY, REGION, ARRIVAL, DEALS = "industry", "region", "arrival", "deals"
COLOURINGS = ((INDUSTRY, N_("产业")), (REGION, N_("地区")), (ARRIVAL, N_("到场")), (DEALS, N_("成交")))
GROUP_COLOURS = ("cat.it", "cat.energy", "cat.mfg", "cat.health", "cat.research")
"""Of groups of regions in their order, each with its own pattern first, then with the next one's; then all are grey."""
PATTERNS = {
    "cat.it": DOTTED, "cat.energy": HORIZONTAL, "cat.mfg": VERTICAL, "cat.health": GRID, "cat.research": BACK_HATCHED,
    "cat.service": SOLID,
}  # fmt: skip
"""The pattern that goes with a region's colour."""
STATE_PATTERNS = {
    ExhibitorState.APPLIED: BACK_HATCHED, ExhibitorState.REVIEWED: DOTTED, ExhibitorState.ARRIVED: SOLID,
    ExhibitorState.DISMANTLED: HORIZONTAL,
}  # fmt: skip
STATE_COLOURS = {ExhibitorState.APPLIED: ("warn", "warn.soft"), ExhibitorState.ARRIVED: ("ok", "ok.soft")}
NO_PLAN = Plan((), ())
FREE, HELD, AWAITED, CANCELLED = N_("空闲"), N_("预留"), N_("未到场"), N_("已取消")


def sheets(plan: Plan, by: str, is_open: bool) -> list[Sheet]:
    """Every hall with booths, as `sheet` colours it."""
    return [sheet(hall, by, is_open, plan) for hall in plan.halls if hall.booths]


def sheet(hall: HallPlan, by: str, is_open: bool, plan: Plan = NO_PLAN) -> Sheet:
    """The hall coloured `by` one of COLOURINGS. Who is not here yet is marked so from the first day on (`is_open`).

    `plan`: whose groups of regions and whose order of words hold.
    """
    boxes = tuple(_box(booth, by, is_open, plan.rule) for booth in hall.booths)
    occurring = {replace(box.look, is_awaited=False) for box in boxes}
    occurring |= {_missing() for box in boxes if box.look.is_awaited}
    return Sheet(
        hall.name,
        hall.width,
        hall.depth,
        tuple(
            Block(f.title, f.lines, f.x, f.y, f.width, f.depth, f.kind is FeatureKind.ENTRANCE) for f in hall.features
        ),
        tuple(Caption(f"{z.code} · {z.name}", _("{n} 家").format(n=f"{z.count:,}"), z.x, z.y) for z in hall.zones),
        boxes,
        tuple(look for look in legend(by, plan) if look in occurring),
    )


def _box(booth: PlanBooth, by: str, is_open: bool, rule: RegionRule) -> Box:
    tenant = booth.tenant
    look = look_of(tenant, by, is_open, rule) if tenant else _vacant(booth.state)
    name = tenant.name if tenant else ""
    state = tenant.state.label if tenant else booth.state.label
    said = (booth.number, name, look.words, _(AWAITED) if look.is_awaited else "", state if state != look.words else "")
    words = " · ".join(filter(None, said))
    label = booth.number.rpartition("-")[2]
    short = label[-2:] if len(label) > 2 and label[:-2].strip("0") == "" else label
    return Box(
        booth.id,
        short,
        name,
        words,
        booth.x,
        booth.y,
        booth.width,
        booth.depth,
        look,
        tenant.short_name if tenant else "",
    )


def look_of(tenant: Tenant, by: str, is_open: bool, rule: RegionRule = NO_GROUPS) -> Look:
    """How the booth of a tenant looks."""
    if tenant.state is ExhibitorState.CANCELLED:
        return _cancelled()
    if by == DEALS:
        return _deal_look("signed" if tenant.signed else "intent" if tenant.intents else "")
    if by == ARRIVAL:
        return _awaited() if tenant.is_absent else _state_look(tenant.state)
    look = _sector_look(tenant.sector) if by == INDUSTRY else _region_look(rule, rule.key_of(tenant.region_code))
    return replace(look, is_awaited=is_open and tenant.is_absent)


def legend(by: str, plan: Plan = NO_PLAN) -> tuple[Look, ...]:
    """Every look of a colouring, in the order of the legend."""
    makers: dict[str, tuple[Callable[[], Look], ...]] = {
        INDUSTRY: tuple(partial(_sector_look, term) for term in (*plan.sectors, None)),
        REGION: tuple(partial(_region_look, plan.rule, key) for key in plan.rule.keys),
        ARRIVAL: tuple(partial(_state_look, state) for state in STATE_PATTERNS),
        DEALS: tuple(partial(_deal_look, key) for key in ("signed", "intent", "")),
    }
    found = [make() for make in makers[by]]
    awaited = _awaited() if by == ARRIVAL else _missing()
    rest = (awaited, _cancelled(), _vacant(BoothState.HELD), _vacant(BoothState.FREE))
    return tuple(dict.fromkeys((*found, *rest)))


def _mark(words: str) -> str:
    return words[:2] if words.isascii() else words[:1]


def _sector_look(term: Term | None) -> Look:
    if term is None:
        return Look(_("产业未填"), "bg.surface", "border.strong", FRAMED)
    return Look(term.label, f"{term.token}.soft", term.token, TERM_PATTERNS[term.pattern], _mark(term.label))


def _region_look(rule: RegionRule, key: str) -> Look:
    if not key:
        return Look(_("地区未填"), "bg.surface", "border.strong", FRAMED)
    label, place, few = rule.label(key), rule.place(key), len(GROUP_COLOURS)
    if key == OTHER:
        return Look(label, "cat.service.soft", "cat.service", PATTERNS["cat.service"], _mark(label))
    mark = _marks(tuple(group.label for group in rule.groups))[label]
    if place >= few * few:
        return Look(label, "mute.soft", "border.strong", SOLID, mark)
    token, pattern = GROUP_COLOURS[place % few], PATTERNS[GROUP_COLOURS[(place + place // few) % few]]
    return Look(label, f"{token}.soft", token, pattern, mark)


@lru_cache(maxsize=8)
def _marks(labels: tuple[str, ...]) -> dict[str, str]:
    """A mark for each label, no two the same: the usual one, else its first letter with one by which it differs."""
    begin = Counter(map(_mark, labels))
    found = {label: _mark(label) for label in labels if begin[_mark(label)] == 1}
    for label in labels:
        tried = (*(label[0] + letter for letter in label[1:]), *(label[:n] for n in range(3, len(label))))
        found.setdefault(label, next((mark for mark in tried if mark not in found.values()), label))
    return found


def _state_look(state: ExhibitorState) -> Look:
    if is_damaged(state):
        return Look(state.label, "mute.soft", "border.strong", mark="⚠")
    ink, ground = STATE_COLOURS.get(state, ("border.strong", "mute.soft"))
    return Look(state.label, ground, ink, STATE_PATTERNS[state], _mark(state.label))


def _deal_look(key: str) -> Look:
    if key == "signed":
        return Look(_("已签约"), "ok.soft", "ok", DOTTED, _mark(_("已签约")))
    if key == "intent":
        return Look(_("有意向"), "warn.soft", "warn", BACK_HATCHED, _mark(_("有意向")))
    return Look(_("还没有成交"), "bg.surface", "border.strong")


def _awaited() -> Look:
    return Look(_(AWAITED), "bg.surface", "bad", HATCHED, _mark(_(AWAITED)))


def _missing() -> Look:
    """What the corner of a booth says, for the legend."""
    return Look(_(AWAITED), "bg.surface", "border.strong", CORNER, is_awaited=True)


def _cancelled() -> Look:
    return Look(_(CANCELLED), "bg.subtle", "text.3", CROSSED, "×")


def _vacant(state: BoothState) -> Look:
    if state is BoothState.HELD:
        return Look(_(HELD), "mute.soft", "border.strong", RESERVED, _mark(_(HELD)))
    return Look(_(FREE), "", "border.strong", DASHED)
