"""Who gets which booth: acts of the plan that ask where something would be taken away, and can be taken back."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.booth_numbers import booth_key
from expo_app.rules.search_key import search_term
from expo_app.services import floor
from expo_app.specs.floor_plan import Plan, PlanBooth, PlanZone, Tenant
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, picker
from expo_app.ui.records.undo_list import Act, UndoList, attempt

MOST = 50  # offered by a picker
Offers = Sequence[tuple[uuid.UUID | None, str]]


class BoothActs:
    """The acts of one plan page; `plan` is what the page shows now."""

    def __init__(self, page: QWidget, context: Context) -> None:
        self._page, self._context = page, context
        self.plan = Plan((), ())
        self.done = UndoList(page)

    @property
    def allowed(self) -> bool:
        """Whether booths may be given away at all."""
        return self._context.may_write("floor.edit")

    @property
    def booths(self) -> list[PlanBooth]:
        """Every booth of every hall, those that cannot be drawn last."""
        return [booth for hall in self.plan.halls for booth in (*hall.booths, *hall.lost)]

    def booth(self, key: uuid.UUID) -> PlanBooth | None:
        """A booth by its key; None once it is gone."""
        return next((booth for booth in self.booths if booth.id == key), None)

    def booth_of(self, exhibitor_id: uuid.UUID) -> PlanBooth | None:
        """The first booth of an exhibitor."""
        standing = (b for b in self.booths if b.tenant is not None and b.tenant.exhibitor_id == exhibitor_id)
        return next(standing, None)

    def zone_of(self, booth: PlanBooth) -> PlanZone:
        """The zone a booth lies in."""
        return next(zone for hall in self.plan.halls for zone in hall.zones if zone.id == booth.zone_id)

    # --- acts ---

    def assign(self, booth_id: uuid.UUID, exhibitor_id: uuid.UUID, name: str) -> None:
        """Give a booth to an exhibitor; asks first where somebody stands in it."""
        booth = self.booth(booth_id)
        if booth is None or (booth.tenant is not None and booth.tenant.exhibitor_id == exhibitor_id):
            return
        said = _("{number} 已分给{name}").format(number=booth.number, name=name)
        give = partial(floor.assign, self._context.db, booth_id, exhibitor_id)
        if booth.tenant is None:
            self._do(said, give)
            return
        messages.confirm(
            self._page, _("把展位 {number} 改给{name}？").format(number=booth.number, name=name),
            self._loses(booth.tenant),
            _("改分"), lambda: self._do(said, partial(give, replace=True)), safe=_("不改"),
        )  # fmt: skip

    def _loses(self, tenant: Tenant) -> str:
        """What taking this booth means for who stands in it."""
        others = [b for b in self.booths if b.tenant is not None and b.tenant.exhibitor_id == tenant.exhibitor_id]
        if len(others) > 1:
            return _("“{name}”现在在这个展位，改分后它还有其他展位。").format(name=tenant.name)
        return _("“{name}”现在在这个展位，改分后它没有展位，会列在待分配里。").format(name=tenant.name)

    def vacate(self, booth_id: uuid.UUID) -> None:
        """Nobody stands in the booth any more."""
        booth = self.booth(booth_id)
        if booth is not None and booth.tenant is not None:
            said = _("{number} 已腾出").format(number=booth.number)
            self._do(said, partial(floor.vacate, self._context.db, booth_id))

    def hold(self, booth_id: uuid.UUID, held: bool) -> None:
        """Keep a free booth back, or let it go."""
        booth = self.booth(booth_id)
        if booth is not None:
            said = (_("{number} 已预留") if held else _("{number} 已放开")).format(number=booth.number)
            self._do(said, partial(floor.hold, self._context.db, booth_id, held))

    def swap(self, one: uuid.UUID, other: uuid.UUID) -> None:
        """Let two booths exchange who stands in them, after asking."""
        first, second = self.booth(one), self.booth(other)
        if first is None or second is None or (first.tenant is None and second.tenant is None):
            return
        moving, staying = (first, second) if first.tenant is not None else (second, first)
        words = {"one": moving.number, "other": staying.number, "name": _name(moving), "second": _name(staying)}
        if staying.tenant is not None:
            title, verb = _("{one} 与 {other} 互换参展商？"), _("互换")
            text = _("“{name}”换到 {other}，“{second}”换到 {one}。展位本身的位置不变。")
        else:
            title, verb = _("把{name}换到 {other}？"), _("换过去")
            text = _("{one} 随后空出。展位本身的位置不变。")
        said = _("{one} 与 {other} 已互换").format(**words)
        exchange = partial(self._do, said, partial(floor.swap, self._context.db, one, other))
        messages.confirm(self._page, title.format(**words), text.format(**words), verb, exchange, safe=_("不换"))

    def place(self, booth_id: uuid.UUID, x: float, y: float) -> bool:
        """Put a booth elsewhere (metres); whether that was done."""
        booth, db = self.booth(booth_id), self._context.db
        if booth is None or not attempt(self._page, partial(floor.place, db, booth_id, x, y)):
            return False
        said = _("{number} 已移动").format(number=booth.number)
        back, again = partial(floor.place, db, booth_id, booth.x, booth.y), partial(floor.place, db, booth_id, x, y)
        self.done.add(Act(said, back, again))
        return True

    def _do(self, said: str, act: Callable[[], floor.Change]) -> None:
        changes: list[floor.Change] = []
        if not attempt(self._page, lambda: changes.append(act())) or not changes[0]:
            return
        db, change = self._context.db, changes[0]
        back, again = partial(floor.restore, db, change), partial(floor.restore, db, change.reversed)
        self.done.add(Act(said, back, again))

    # --- choosing the other side ---

    def choose_tenant(self, booth_id: uuid.UUID) -> None:
        """Let the person choose who gets a booth: those without one first, then everybody."""

        def offer(text: str) -> Offers:
            waiting = [(t.exhibitor_id, t.name) for t in _found(self.plan.unplaced, text)]
            standing = [booth.tenant for booth in self.booths if booth.tenant is not None]
            others = [(t.exhibitor_id, t.name) for t in _found(standing, text)] if text.strip() else []
            return [*dict.fromkeys((*waiting, *others))][:MOST]

        title = _("分配参展商")
        picker.pick(self._page, title, "store-2-line", offer, partial(self.assign, booth_id))

    def choose_booth(self, exhibitor_id: uuid.UUID, name: str) -> None:
        """Let the person choose a free booth for an exhibitor."""

        def offer(text: str) -> Offers:
            free = [booth for booth in self.booths if booth.tenant is None and is_numbered(booth, text)]
            return [(booth.id, f"{booth.number} · {booth.state.label}") for booth in free[:MOST]]

        picker.pick(
            self._page, _("分配展位"), "map-2-line", offer, lambda key, _words: self.assign(key, exhibitor_id, name)
        )

    def choose_other(self, booth_id: uuid.UUID) -> None:
        """Let the person choose the booth to exchange with."""

        def offer(text: str) -> Offers:
            others = [booth for booth in self.booths if booth.id != booth_id]
            return [(b.id, f"{b.number} · {_name(b)}") for b in others if matches(b, text)][:MOST]

        title = _("与哪个展位互换")
        picker.pick(self._page, title, "map-2-line", offer, lambda key, _words: self.swap(booth_id, key))


def _name(booth: PlanBooth) -> str:
    return booth.tenant.name if booth.tenant is not None else booth.state.label


def _found(tenants: Sequence[Tenant], text: str) -> list[Tenant]:
    terms = [search_term(word) for word in text.split()]
    return [tenant for tenant in tenants if all(term in tenant.search_text for term in terms)]


def matches(booth: PlanBooth, text: str) -> bool:
    """Whether a booth is meant: by its number in any spelling, or by who stands in it."""
    known = booth.tenant.search_text if booth.tenant is not None else ""
    return all(is_numbered(booth, word) or search_term(word) in known for word in text.split())


def is_numbered(booth: PlanBooth, text: str) -> bool:
    """Whether a booth's number holds what was typed, in any spelling."""
    return booth_key(text) in booth_key(booth.number) or search_term(text) in search_term(booth.number)
