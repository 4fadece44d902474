"""What the detail panel says of an exhibitor. The list and the floor plan show the same panel, filled by one sheet.

self.sheet = ExhibitorSheet(self, context, partial(exhibitors.profile, db), …)
RecordPanel(self.sheet)                      # a page without a list
def head(self, values): return self.sheet.head(values)     # a list page hands its hooks on
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import DealStage, Entry, ExhibitorState
from expo_app.routes import ListRoute
from expo_app.routes.badges import BadgesRoute
from expo_app.rules import amounts, masks
from expo_app.services import region_groups, staff_badges
from expo_app.services.staff_badges import Ticked, Whom
from expo_app.services.steps import Step
from expo_app.specs import ACHIEVEMENTS, ATTENDEES, BOOTH_KINDS, DEALS, EXHIBITORS, ORGANISATION_KINDS, Field
from expo_app.specs.floor_plan import EXPECTED, kind_of
from expo_app.specs.profile import Exhibit, Profile, ProfileDeal, missing, named_exhibits
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import IconView, Label, Line, SectionTitle
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.parts.contact_row import ContactRow, reveal_phone
from expo_app.ui.parts.follow_up import TaskBox
from expo_app.ui.parts.staff_dialog import RegisterDialog
from expo_app.ui.records import list_columns, state_colours
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.record_panel import Panel
from expo_app.ui.records.undo_list import Act, UndoList, step_act

FEW = {"contacts": 2, "exhibits": 3, "deals": 3}  # shown before 查看全部
NAMED = 4  # people named in the warning strip
FACTS = ("main", "wants", "arrived_at", "organisation.credit_code", "badge_quota", "note")
Load = Callable[[uuid.UUID], Profile]
Arrive = Callable[[Sequence[uuid.UUID]], Any]


class ExhibitorSheet:
    """Hooks of a RecordPanel for exhibitors, and the acts in it.

    `load(id)` gives the profile; `arrive(ids)` returns what `restore` takes back; `acts` is the page's undo list.
    `more(profile)` gives further banners (the plan's own).
    """

    spec = EXHIBITORS
    facts = FACTS
    can_delete = False

    def __init__(
        self,
        owner: QWidget,
        context: Context,
        load: Load,
        arrive: Arrive,
        restore: Callable[..., object],
        acts: UndoList,
        more: Callable[[Profile], Sequence[QWidget]] | None = None,
    ) -> None:
        self.owner, self.context = owner, context
        self._load, self._arrive, self._restore, self._acts = load, arrive, restore, acts
        self._more = more
        self.profile: Profile | None = None
        self._known: dict[uuid.UUID, str] = {}  # person → number, shown for a reason given

    # --- what a RecordPanel asks ---

    def words(self, field: Field, value: Any) -> str:
        """The value as a person reads it, in the expo's time zone."""
        return field.display(value, self.context.expo.zone if self.context.expo else None)

    def cell_pill(self, field: Field, value: Any) -> str:
        """The kind of a state's pill."""
        return state_colours.pill(value)

    def edit(self, record_id: uuid.UUID) -> None:
        """Open the form."""
        try:
            dialog = RecordDialog(self.owner, self.context, EXHIBITORS, record_id, noun=N_("参展商"))
        except UserError as error:
            messages.show(self.owner, error)
            return
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, _id: uuid.UUID, _values: object, step: Step | None) -> None:
        self._acts.add(step_act(_("已保存"), self.context.db, step))

    def remove(self, ids: Sequence[uuid.UUID]) -> None:
        """Deleting is the list's business."""

    def head(
        self, values: Mapping[str, Any], record_id: uuid.UUID | None = None
    ) -> tuple[str, str, list[tuple[str, str]]]:
        """Title, facts and pills: 氢能动力系统有限公司, 广东 · 新能源 · 标准展台 18 ㎡, A-007 已到场."""
        code = values["organisation.region_code"]
        region = region_groups.rule_of(self.context.db, self.context.expo_id).label_of(code) if code else ""
        body = self.context.terms(ORGANISATION_KINDS.name).called(values["organisation.kind_id"])
        facts = [region, values["organisation.industry_id"] or (body.label if body and body.colour else "")]
        if values["area"]:
            area = Decimal(values["area"])
            kind = (
                None if "、" in values["booths"] else self.context.terms(BOOTH_KINDS.name).standing_for(kind_of(area))
            )
            facts.append(f"{kind.label if kind else ''} {area.normalize():,f} ㎡".strip())
        number = values["booths"] or _("无展位")
        pills = [
            (number, "info" if values["booths"] else "mute"),
            (values["state"].label, state_colours.pill(values["state"])),
        ]
        return values["organisation.name"], " · ".join(filter(None, facts)), pills

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        """The tabs, counted."""
        profile = self._look(record_id, values)
        return [
            Panel(
                "contacts",
                _("联系人 {n}").format(n=len(profile.contacts)),
                lambda: [*self._contacts(), *self._ways_in(profile)],
            ),
            Panel("exhibits", _("展品 {n}").format(n=len(profile.exhibits) or len(self._named)), self._exhibits),
            Panel("deals", _("成交 {n}").format(n=len(profile.deals)), self._deals),
        ]

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        """Warnings first, then the sections of 概况."""
        profile = self._look(record_id, values)
        found: list[QWidget] = [*self._warnings(profile, values)]
        sections = (
            (_("联系人"), "contacts", self._contacts(FEW["contacts"]), len(profile.contacts)),
            (_("展品"), "exhibits", self._exhibits(FEW["exhibits"]), len(profile.exhibits) or len(self._named)),
            (_("成交与意向"), "deals", self._deals(FEW["deals"]), len(profile.deals)),
        )
        for title, key, rows, count in sections:
            ways = self._ways_in(profile) if key == "contacts" else []
            if count or ways:
                more = [self._all_of(key, count)] if count > FEW[key] else []
                found += [SectionTitle(title), _stack([*rows, *more, *ways]), Line()]
        if profile.partners:
            rows = [ItemRow(p.name, icon="group-line", clicked=partial(self._go, p.id)) for p in profile.partners]
            found += [SectionTitle(_("联合参展")), _stack(rows), Line()]
        return [*found, TaskBox(self.owner, self.context, self._acts, "exhibitor_id", record_id)]

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        """打印胸卡, 登记成交."""
        profile, found = self._look(record_id, values), []
        if profile.staff:
            found.append(Button(_("打印胸卡"), icon="printer-line", clicked=self.print_badges))
        if self.context.may_write("deals.edit"):
            found.append(Button(_("登记成交"), "primary", "hand-coin-line", clicked=self.add_deal))
        return found

    def _look(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> Profile:
        """The profile of the record shown, read once for each filling of the panel."""
        if self.profile is None or self.profile.exhibitor_id != record_id or values is not self._values:
            before = self.profile
            self.profile, self._values = self._load(record_id), values
            if before is None or before.exhibitor_id != record_id:
                self._known = {}
            phone = values["contact.phone"]
            main = next((c for c in self.profile.contacts if c.is_main), None)
            if main is not None and phone and not masks.is_masked(phone):
                self._known[main.person_id] = phone
        return self.profile

    _values: Mapping[str, Any] | None = None

    @property
    def shown(self) -> Profile:
        """The profile shown last."""
        if self.profile is None:
            raise ValueError("no exhibitor is shown")
        return self.profile

    # --- warnings ---

    def _warnings(self, profile: Profile, values: Mapping[str, Any]) -> list[QWidget]:
        found: list[QWidget] = []
        if profile.unprinted:
            names = "、".join(c.name for c in profile.unprinted[:NAMED])
            names += _("等") if len(profile.unprinted) > NAMED else ""
            text = _("{n} 张胸卡未打印：{names}").format(n=len(profile.unprinted), names=names)
            found.append(Banner("warn", text, [Button(_("打印"), "link", clicked=self.print_unprinted)], small=True))
        may_edit = self.context.may_write(EXHIBITORS.permission)
        gaps = missing(values)
        if gaps:
            text = _("资料待补：{what}").format(what="、".join(EXHIBITORS.field(name).title for name in gaps))
            edit = Button(_("补充"), "link", clicked=lambda: self.edit(profile.exhibitor_id))
            found.append(Banner("warn", text, [edit] if may_edit else [], small=True))
        if values["state"] in EXPECTED and self.context.may_write("checkin.scan"):
            here = Button(_("确认到场"), "link", clicked=lambda: self.arrive([profile.exhibitor_id]))
            here.setToolTip("D")
            found.append(Banner("info", _("还没有到场"), [here], small=True))
        if values["state"] is ExhibitorState.CANCELLED and profile.booths and profile.main is None:
            numbers = "、".join(booth.number for booth in profile.booths)
            found.append(Banner("warn", _("已取消参展，仍占展位 {numbers}").format(numbers=numbers), small=True))
        return [*found, *(self._more(profile) if self._more else ())]

    def _all_of(self, key: str, count: int) -> QWidget:
        words = _("查看全部 {n} 人") if key == "contacts" else _("查看全部 {n} 项")
        button = Button(words.format(n=count), "link")
        box = QWidget()
        line = row(box)
        line.addWidget(button)
        line.addStretch(1)
        button.clicked.connect(lambda: self._open_tab(button, key))
        return box

    def _open_tab(self, inside: QWidget, key: str) -> None:
        from expo_app.ui.records.record_panel import RecordPanel

        above: QWidget | None = inside
        while above is not None and not isinstance(above, RecordPanel):
            above = above.parentWidget()
        if isinstance(above, RecordPanel):
            above.choose_tab(key)
            above.tab_chosen.emit(key)

    # --- sections and tabs ---

    def _contacts(self, most: int | None = None) -> list[QWidget]:
        may_reveal, rows = self.context.may_write("data.reveal"), list[QWidget]()
        reveal = partial(reveal_phone, self.owner, self.context.db, self._known)
        for contact in self.shown.contacts[:most]:
            shown = ContactRow(contact, may_reveal, reveal)
            if contact.person_id in self._known:
                shown.set_phone(self._known[contact.person_id])
            rows.append(shown)
        return rows or [Label(_("还没有联系人"), "fact")]

    def _people(self, profile: Profile) -> list[QWidget]:
        return [*self._contacts(), *self._ways_in(profile)]

    def _ways_in(self, profile: Profile) -> list[QWidget]:
        """How its people come to badges: those known of it, and a list of its staff."""
        if not self.context.may_write(EXHIBITORS.permission):
            return []
        ids = [profile.exhibitor_id]
        ways = [Button(_("联系人制证"), "link", clicked=lambda: self.register(ids))]
        if self.context.may("data.import"):
            ways.append(Button(_("导入人员名单"), "link", clicked=self.import_staff))
        box = QWidget()
        line = row(box)
        for button in ways:
            line.addWidget(button)
        line.addStretch(1)
        return [box]

    def _exhibits(self, most: int | None = None) -> list[QWidget]:
        """Its achievements; below them, or until there are any, what it entered as text."""
        rows = [self._exhibit(exhibit) for exhibit in self.shown.exhibits[:most]]
        if not rows:
            rows = [_in_words(name) for name in self._named[:most]]
        elif most is None and self._named:
            text = _("报名时填写：{what}").format(what="、".join(self._named))
            return [*rows, Label(text, "fact", wrap=True)]
        return rows or [Label(_("还没有展品"), "fact")]

    @property
    def _named(self) -> tuple[str, ...]:
        return named_exhibits((self._values or {}).get("exhibits"))

    def _exhibit(self, exhibit: Exhibit) -> QWidget:
        field, ways = ACHIEVEMENTS.field("transfer_ways"), exhibit.transfer_ways
        words, kind = list_columns.short_words(field, Field.display, ways), list_columns.first_of(field, ways)
        pill = (words, state_colours.pill(kind)) if ways else None
        go = partial(self.context.navigate, ListRoute(ACHIEVEMENTS, record=exhibit.id))
        return ItemRow(exhibit.title, icon="price-tag-3-line", pill=pill, clicked=go)

    def _deals(self, most: int | None = None) -> list[QWidget]:
        rows = [self._deal(deal) for deal in self.shown.deals[:most]]
        return rows or [Label(_("还没有成交"), "fact")]

    def _deal(self, deal: ProfileDeal) -> QWidget:
        state: DealStage | Entry = deal.stage if deal.entry is Entry.VALID else deal.entry
        figure = "" if deal.amount is None else amounts.in_words(deal.amount)
        go = partial(self.context.navigate, ListRoute(DEALS, record=deal.id))
        return ItemRow(deal.title, lead=(state.label, state_colours.pill(state)), figure=figure, clicked=go)

    # --- acts ---

    def arrive(self, ids: Sequence[uuid.UUID]) -> None:
        """They are here: one act, can be taken back."""
        try:
            changed = self._arrive(ids)
        except UserError as error:
            messages.show(self.owner, error)
            return
        if changed:
            words, back = _("已到场 {n} 家").format(n=len(changed)), partial(self._restore, changed)
            self._acts.add(Act(words, back, partial(back, forth=True)))

    def register(self, ids: Sequence[uuid.UUID]) -> None:
        """Look at whom of these exhibitors could be registered, then do so."""
        RegisterDialog(self.owner, self.context, Ticked(Whom.CONTACTS, tuple(ids)), self._acts).open()

    def import_staff(self) -> None:
        """Bring in a list of its people: all are of this exhibitor, in its category where a row says no other."""
        from expo_app.ui.records.import_wizard import ImportWizard

        choices = staff_badges.choices_for_staff(self.context.db, self.shown.exhibitor_id)
        ImportWizard(self.owner, self.context, ATTENDEES, _("人员名单"), self._acts, choices).open()

    def print_badges(self) -> None:
        """Go to the badges of its people."""
        self.go_print([contact.attendee_id for contact in self.shown.staff if contact.attendee_id])

    def print_unprinted(self) -> None:
        """Go to those of its badges that are not printed."""
        self.go_print([contact.attendee_id for contact in self.shown.unprinted if contact.attendee_id])

    def go_print(self, people: Sequence[uuid.UUID]) -> None:
        """Go to the badges of these attendees."""
        self.context.navigate(BadgesRoute(people=list(people)))

    def add_deal(self) -> None:
        """Open the signing form with this exhibitor as the seller."""
        self.context.navigate(ListRoute(DEALS, new=True, values={"sellers": self.shown.own_name}))

    def _go(self, exhibitor_id: uuid.UUID) -> None:
        self.context.navigate(ListRoute(EXHIBITORS, record=exhibitor_id))


def _in_words(exhibit: str) -> QWidget:
    """An exhibit that is only named, in full."""
    box = QWidget()
    line = row(box, theme.Space.S)
    line.setContentsMargins(theme.Space.XS, theme.Space.XS, theme.Space.XS, theme.Space.XS)
    line.addWidget(IconView("price-tag-3-line"), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Label(exhibit, wrap=True), 1)
    return box


def _stack(rows: Iterable[QWidget]) -> QWidget:
    """Rows close below each other."""
    box = QWidget()
    lines = column(box, 0)
    for item in rows:
        lines.addWidget(item)
    return box
