"""Categories of attendees: band and letter of their badges, what they count as, when, how many and where they enter."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _, singular
from expo_app.model import CountsAs
from expo_app.routes import ListRoute
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.terms import Term
from expo_app.services import categories
from expo_app.services.categories import Counted
from expo_app.services.steps import Step
from expo_app.specs import GATES
from expo_app.ui.kit import messages
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.vocabularies.cells import Line
from expo_app.ui.pages.vocabularies.dialogs import GatesDialog
from expo_app.ui.pages.vocabularies.table import corner_below
from expo_app.ui.pages.vocabularies.word_list import WordList
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.undo_list import step_act

BEFORE, AFTER = 3, 2
"""Days of build-up and tear-down that the form offers; others come from a file."""


class CategoryDialog(RecordDialog):
    """The form of a category, whose days are those of build-up and tear-down too."""

    def days(self) -> list[date]:
        own = super().days()
        around = [own[0] - timedelta(n) for n in range(BEFORE, 0, -1)] if own else []
        return [*around, *own, *(own[-1] + timedelta(n) for n in range(1, AFTER + 1))] if own else []


class CategoryList(WordList):
    """A new one, and its days, hours and quota, are entered in the form; name and what it counts as in the cell."""

    _gates: Mapping[uuid.UUID, Sequence[str]]

    def _make_about(self) -> QWidget:
        said = _("“计为”决定进哪一行统计：参展方、工作、不计照样扫码进门，但不算观众。改之前先看前后对照。")
        return Banner("info", said)

    def _show_about(self) -> None:
        """What it counts as is said above; nothing is painted by categories but badges."""

    def _say_merge(self) -> None:
        """The question says it."""

    @property
    def _tables(self) -> set[str]:
        return super()._tables | {"gate", "gate_category"}

    def _read(self) -> None:
        super()._read()
        expo_id = self.context.expo_id
        self._gates = categories.gates_of(self.context.db, expo_id) if expo_id else {}

    def line_of(self, term: Term) -> Line:
        line = super().line_of(term)
        if not isinstance(term, CategoryTerm):
            return line
        days = self.context.expo.days if self.context.expo else []
        more = {"gates": self._gates.get(term.id, ()), "valid": valid_words(term, days), "quota": quota_words(term)}
        return Line(term, line.used, {**line.values, **more})

    def _fact(self) -> str:
        shown, hidden = len(self.terms.offered), len(self.terms) - len(self.terms.offered)
        said = _("{n} 个在用、{m} 个隐藏") if hidden else _("{n} 个在用")
        registered = self.usage.whole if self.usage else 0
        parts = [said.format(n=shown, m=hidden), _("{n} 人已登记").format(n=f"{registered:,}")]
        return " · ".join([*parts, _("字母印在胸卡号里，发过卡的类别不能改字母")])

    def do(self, verb: str, key: uuid.UUID, about: str = "") -> None:
        term = self.terms.get(key)
        if verb == "form" and term is not None:
            self.edit(key)
        elif verb == "gates" and term is not None and self.may_edit:
            self.choose_gates(term)
        elif verb == "counts_as" and isinstance(term, CategoryTerm) and self.may_edit:
            self._choose_counting(term)
        else:
            super().do(verb, key, about)

    # --- the form ---

    def add(self) -> None:
        """Open the form for a new one."""
        if self.may_edit:
            self.edit(None)

    def edit(self, key: uuid.UUID | None) -> None:
        """Open the form."""
        try:
            box = CategoryDialog(self, self.context, self.spec, key, noun=self.spec.title)
        except UserError as error:
            messages.show(self, error)
            return
        box.saved.connect(partial(self._on_saved, key is None))
        box.open()

    def _on_saved(self, is_new: bool, key: uuid.UUID, _values: object, step: Step | None) -> None:
        said = _("已新增{what}").format(what=singular(self.spec.title)) if is_new else _("已保存")
        self.acts.add(step_act(said, self.context.db, step))
        self.refresh()
        self.table.choose(key)

    def fill_menu(self, menu: Menu, term: Term) -> None:
        menu.add(_("改日子、时段和名额…"), partial(self.edit, term.id))
        super().fill_menu(menu, term)

    def choose_gates(self, term: Term) -> None:
        """Tick the gates it passes; where there is none yet, the way to them."""
        db, expo_id = self.context.db, self.context.expo_id
        if expo_id is None:
            return
        with db.reading() as session:
            gates = categories.entrances_of(session, expo_id)
        if not gates:
            self.context.navigate(ListRoute(GATES))
            return
        said = _("已改“{name}”可进入的入口").format(name=term.label)

        def save(chosen: set[uuid.UUID]) -> None:
            self._do(said, lambda: categories.let_through(db, expo_id, term.id, chosen))

        GatesDialog(self, term, gates, save).open()

    # --- what it counts as ---

    def _choose_counting(self, term: CategoryTerm) -> None:
        menu = Menu(self)
        for kind in CountsAs:
            menu.add(kind.label, partial(self.ask_counting, term, kind), ticked=kind is term.counts_as)
        menu.popup(corner_below(self.table, term.id, "counts_as"))

    def ask_counting(self, term: CategoryTerm, kind: CountsAs) -> None:
        """Count first what would change, in a worker, and ask; nothing to ask where it counts as that already."""
        db, expo_id = self.context.db, self.context.expo_id
        if kind is term.counts_as or expo_id is None:
            return
        self.context.run(
            _("计为{kind}").format(kind=kind.label),
            lambda _progress: categories.effect_of(db, expo_id, term.id, kind),
            partial(self._confirm_counting, term, kind),
            parent=self,
        )

    def _confirm_counting(self, term: CategoryTerm, kind: CountsAs, effect: tuple[Counted, Counted]) -> None:
        now, then = effect
        figures = (
            (_("观众"), now.visitors, then.visitors),
            (_("专业观众"), now.trade_visitors, then.trade_visitors),
            (_("观众人次"), now.visits, then.visits),
        )
        said = "\n".join(f"{what}  {before:,} → {after:,}" for what, before, after in figures)
        title = _("“{name}”改为计作{kind}？").format(name=term.label, kind=kind.label)
        keeps = _("已核定的发布版本不变。")
        messages.confirm(self, title, f"{said}\n{keeps}", _("改"), partial(self._count_as, term, kind))

    def _count_as(self, term: CategoryTerm, kind: CountsAs) -> None:
        said = _("“{name}”现在计为{kind}").format(name=term.label, kind=kind.label)
        problems = self._kept({"counts_as": kind}, term.id, said, {"counts_as": term.counts_as})
        if problems:
            messages.show(self, "；".join(problems.values()), "bad")


def valid_words(term: CategoryTerm, days: Sequence[date]) -> str:
    """Days over hours."""
    if term.valid_days is None or term.valid_days == frozenset(days):
        said = _("展期 {n} 天").format(n=len(days))
    elif not term.valid_days:
        said = _("未定日子")
    else:
        said = _("、").join(f"{day:%m-%d}" for day in sorted(term.valid_days))
    return f"{said}\n{term.hours or _('不限时段')}"


def quota_words(term: CategoryTerm) -> str:
    """How many an organisation has."""
    quota = term.quota
    least = _("至少 {n} 个").format(n=quota.least) if quota.least else ""
    if quota.each is not None:
        return _("{n} 个 / 单位").format(n=quota.each)
    if quota.area:
        said = _("1 个 / {area} ㎡").format(area=f"{quota.area.normalize():f}")
        return f"{said}\n{least}" if least else said
    return least or _("不限")
