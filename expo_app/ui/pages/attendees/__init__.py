"""观众登记: who is registered, in which category, with which badge; the quick form for those who just walk in."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app import plain_text
from expo_app.documents.badges import Printed, print_badges
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import AttendeeState
from expo_app.reports.badges import LAYOUTS
from expo_app.routes import ListRoute, Route
from expo_app.routes.attendees import WalkInRoute
from expo_app.routes.badges import BadgesRoute
from expo_app.services import attendees, badges, categories, imports
from expo_app.services.attendees import Registration
from expo_app.services.badges import BadgeLife
from expo_app.services.checkin_visits import visits_of
from expo_app.services.records import Row
from expo_app.services.statistics.attendance import attendance
from expo_app.services.steps import Step, Turned
from expo_app.specs import ATTENDEES, Field, ImportPlan
from expo_app.specs.people import BADGE_STATES, show_badge_state
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.buttons import Button, MenuButton
from expo_app.ui.kit.filters import Facet, Toggle
from expo_app.ui.kit.item_row import ItemRow, ask_reason
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.attendees.dialogs import AttendeeDialog, SubstituteDialog
from expo_app.ui.pages.attendees.walk_in import WalkInPanel
from expo_app.ui.records import printing, state_colours
from expo_app.ui.records.list_page import ListPage, Panel

Ids = list[uuid.UUID]


class AttendeesPage(ListPage):
    """The list of everybody registered, and the quick form beside it: `WalkInRoute`."""

    spec = ATTENDEES
    noun, counted = N_("人员"), N_("共 {n} 人")
    placeholder = N_("姓名、单位、证件号、手机尾号")
    columns = ("badge_no", "person.name", "organisation_id", "category_id", "person.phone", "state", "badge")
    stretch = "organisation_id"
    chips = ("category_id", "state", "badge", "source")
    also_reads = ("consent", "valid_days")
    also_shows = ("badge", "check_in")
    slow_tables = ("check_in",)
    facts = (
        "organisation_id", "title", "person.phone", "person.email", "valid_days", "consent", "note", "source",
        "registered_at", "days_present",
    )  # fmt: skip
    dialog_class = AttendeeDialog
    deletes_many = False  # a whole list of people is cancelled, with a reason
    merges = ATTENDEES

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._registered = "0"
        self._present: set[uuid.UUID] = set()
        self._only_today: list[str] | None = None
        self._fresh: uuid.UUID | None = None
        super().__init__(context, parent)
        self.walk_in = WalkInPanel(context)
        self.walk_in.hide()
        self.add_side(self.walk_in)
        self.walk_in.registered.connect(self._on_registered)
        self.walk_in.print_wanted.connect(lambda attendee_id: self.print_out([attendee_id]))
        self.walk_in.known_wanted.connect(lambda attendee_id: self.open_with(ListRoute(ATTENDEES, record=attendee_id)))
        self.walk_in.closed.connect(self.view.setFocus)
        context.expo_changed.connect(self.walk_in.hide)

    # --- the list ---

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        if expo_id is not None and self.context.expo is not None:
            self._registered = attendance(db, expo_id).registered.shown
            today = self._today()
            self._present, self._only_today = attendees.present(db, expo_id, today), [today.isoformat()]
        return super().load(db, expo_id)

    def _today(self) -> Any:
        expo = self.context.expo
        return expo.local_day(self.context.now()) if expo else None

    def fact(self, rows: Sequence[Row]) -> str:
        state, badge = self._places["state"], self._places["badge"]
        states = Counter([row[state] for row in rows])
        confirmed = states[AttendeeState.CONFIRMED]
        missing = sum(row[badge] == "NONE" and row[state] is not AttendeeState.CANCELLED for row in rows)
        words = [
            _("登记 {n} 人").format(n=self._registered),
            _("已确认 {n}").format(n=f"{confirmed:,}"),
            _("今日到场 {n}").format(n=f"{len(self._present):,}"),
        ]
        return " · ".join([*words, *([_("未制证 {n}").format(n=f"{missing:,}")] if missing else [])])

    def facet(self, field: Field) -> Facet:
        if field.name != "badge":
            return super().facet(field)
        place = self._places["badge"]
        return Facet("badge", field.title, lambda row: row[place], show_badge_state, lambda: tuple(BADGE_STATES))

    def filters(self) -> list[Toggle]:
        return [
            Toggle("today", _("今日到场"), lambda row: row[0] in self._present),
            Toggle("one_day", _("仅当日"), self._is_for_today_only),
            Toggle("no_consent", _("未同意隐私告知"), lambda row: not self.value(row, "consent")),
        ]

    def _is_for_today_only(self, row: Sequence[Any]) -> bool:
        return bool(self.value(row, "valid_days") == self._only_today)

    def _toolbar(self) -> list[Button]:
        buttons = super()._toolbar()
        buttons[-1].set_kind("plain")
        self.walk_in_button = Button(
            _("现场登记"), "primary", "user-add-line", "Ctrl+Shift+N", clicked=self.open_walk_in
        )
        self.walk_in_button.setToolTip("Ctrl+Shift+N")
        self.walk_in_button.setEnabled(self.context.may_write("attendees.edit") and self.context.expo is not None)
        return [*buttons, self.walk_in_button]

    # --- walking in ---

    def open_with(self, route: Route) -> None:
        super().open_with(route)
        if isinstance(route, WalkInRoute):
            self.open_walk_in()

    def open_walk_in(self) -> None:
        """Show the quick form at the right, as it was left."""
        if self.walk_in_button.isEnabled():
            self.panel.hide()
            self.walk_in.show()
            self.walk_in.focus_first()

    def open_record(self, record_id: uuid.UUID) -> None:
        self.walk_in.hide()
        super().open_record(record_id)

    def _on_registered(self, made: Registration, name: str) -> None:
        self._fresh = made.attendee_id
        self._warn_of_quota(made.attendee_id)
        self.acts.bar(_("已登记 {name}").format(name=name), say=False)

    def _on_saved(self, is_new: bool, record_id: uuid.UUID, values: Mapping[str, Any], step: Step | None) -> None:
        super()._on_saved(is_new, record_id, values, step)
        if is_new or not values.keys().isdisjoint(("category_id", "organisation_id")):
            self._warn_of_quota(record_id)

    def _warn_of_quota(self, attendee_id: uuid.UUID) -> None:
        """Who is one too many of an organisation is registered all the same."""
        if words := categories.over_quota(self.context.db, attendee_id):
            messages.show(self, words, "warn")

    def refreshed(self) -> None:
        if self._fresh is not None and self.view.select_id(self._fresh):
            self._fresh = None

    def imported(self, batch_id: uuid.UUID | None, plan: ImportPlan | None) -> None:
        """Whoever came in without a state is refused at every gate: offered to be confirmed at once."""
        if batch_id is None or plan is None or "state" in plan.filled or not (n := plan.count_unsaid("state")):
            return
        words = _("新来的 {n} 人待确认，确认之前各入口都不放行").format(n=f"{n:,}")
        confirm = (_("确认这 {n} 人").format(n=f"{n:,}"), lambda: self._confirm_imported(batch_id))
        messages.show(self, words, "warn", confirm)

    def _confirm_imported(self, batch_id: uuid.UUID) -> None:
        made = imports.made_by(self.context.db, batch_id, ATTENDEES)
        self.confirm(attendees.waiting(self.context.db, made))

    # --- states ---

    def bulk_actions(self, ids: Ids) -> list[tuple[str, str, Callable[[Ids], object]]]:
        acts: list[tuple[str, str, Callable[[Ids], object]]] = []
        if self.context.may_write("attendees.edit"):
            acts.append((_("确认"), "check-line", self._confirm_ticked))
            acts.append((_("取消登记"), "close-circle-line", self._cancel_ticked))
        if self.context.may_write("badges.issue"):
            acts.append((_("打印胸卡"), "printer-line", self._print_ticked))
        return acts

    def _confirm_ticked(self, ids: Ids) -> None:
        wanted = self.taken(ids, {AttendeeState.CONFIRMED: _("早已确认")}, "state")
        if wanted:
            self.reviving(wanted, "state", AttendeeState.CANCELLED, _("确认"), lambda: self.confirm(wanted))

    def _cancel_ticked(self, ids: Ids) -> None:
        if wanted := self.taken(ids, {AttendeeState.CANCELLED: _("早已取消")}, "state"):
            self.cancel(wanted)

    def _print_ticked(self, ids: Ids) -> None:
        if wanted := self.taken(ids, {AttendeeState.CANCELLED: _("登记已取消")}, "state"):
            self.context.navigate(BadgesRoute(people=wanted))

    def confirm(self, ids: Ids) -> None:
        """These are confirmed."""
        self._change(_("已确认 {n} 人"), lambda: attendees.confirm(self.context.db, ids))

    def cancel(self, ids: Ids) -> None:
        """Ask why, and cancel these registrations."""
        title = _("取消 {n} 人的登记").format(n=f"{len(ids):,}")
        if len(ids) == 1:
            title = _("取消 {name} 的登记").format(name=self.name_of(ids[0]))
        ask_reason(
            self, title, _("登记留在名单里，各入口会按这个原因拒绝入场。可以撤销。"), _("取消登记"),
            lambda why: self._change(_("已取消 {n} 人的登记"), lambda: attendees.cancel(self.context.db, ids, why)),
        )  # fmt: skip

    def _change(self, words: str, act: Callable[[], Turned]) -> None:
        try:
            changed = act()
        except UserError as error:
            messages.show(self, error)
            return
        if not changed:
            messages.show(self, _("本来就是这样，没有改动"))
            return
        back = partial(attendees.restore, self.context.db, changed)
        self.remember(words.format(n=f"{len(changed):,}"), back, partial(back, forth=True))

    # --- badges ---

    def print_out(self, ids: Ids) -> None:
        """Print these people's badges on the paper used last; who has none yet gets one."""
        db, expo_id, paper = self.context.db, self.context.expo_id, self.context.settings.badge_layout
        if expo_id is None:
            return
        known = paper if paper in LAYOUTS else "90x130"

        def make(path: Path, progress: jobs.Progress) -> Printed:
            badges.issue(db, ids)
            return print_badges(db, expo_id, ids, path, known, progress)

        printing.print_made(self, _("胸卡"), make, self._on_printed, partial(self._on_refused, ids))

    def _on_printed(self, printed: Printed, copies: int) -> None:
        db, ids = self.context.db, list(printed.badge_ids)

        def mark(how: Callable[[Database, Ids], None]) -> None:
            for _copy in range(copies):
                how(db, ids)

        if self.attempt(lambda: mark(badges.mark_printed)):
            said = _("已打印 {n} 张，已记数").format(n=f"{len(ids) * copies:,}")
            self.remember(said, lambda: mark(badges.unmark_printed), lambda: mark(badges.mark_printed))

    def _on_refused(self, ids: Ids, error: UserError) -> None:
        if error.code == "E-HANDED-OVER" and len(ids) == 1 and self.context.may_write("badges.revoke"):
            messages.show(self, error, "warn", (_("换发新卡"), lambda: self.reissue(ids[0])))
        else:
            messages.show(self, error)

    def reissue(self, attendee_id: uuid.UUID) -> None:
        """Ask why, revoke the badge and make another one."""
        ask_reason(
            self, _("为 {name} 换发新卡").format(name=self.name_of(attendee_id)),
            _("换一张新码的胸卡，旧卡随即作废，各入口都会拒绝它。"), _("换发"),
            lambda why: self.attempt(
                lambda: badges.reissue(self.context.db, attendee_id, why), _("已换发，旧卡作废，新卡待打印")
            ),
        )  # fmt: skip

    def revoke(self, attendee_id: uuid.UUID) -> None:
        """Ask why, and revoke the badge without another one."""
        ask_reason(
            self, _("作废 {name} 的胸卡").format(name=self.name_of(attendee_id)),
            _("这张胸卡不再有效，各入口都会拒绝它。登记不变，可以另行制证。"), _("作废"),
            lambda why: self.attempt(lambda: badges.revoke(self.context.db, attendee_id, why), _("胸卡已作废")),
        )  # fmt: skip

    def substitute(self, attendee_id: uuid.UUID) -> None:
        """Open the form for who comes instead."""
        box = SubstituteDialog(self, self.context, attendee_id, self.name_of(attendee_id))
        box.closed.connect(lambda done: self.acts.bar(_("已换人，新卡待打印")) if done else None)
        box.open()

    # --- the panel ---

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        where = f"{values['badge_no']} · {values['category_id']}"
        pills = [(values["state"].label, state_colours.pill(values["state"]))]
        pills.append((show_badge_state(values["badge"]), state_colours.pill(values["badge"])))
        return values["person.name"], where, pills

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        may, found = self.context.may_write("attendees.edit"), list[QWidget]()
        if values["state"] is AttendeeState.REGISTERED:
            do = [Button(_("确认"), "link", clicked=lambda: self.confirm([record_id]))] if may else []
            found.append(Banner("warn", _("待确认，入口会拒绝。"), do, small=True))
        elif values["state"] is AttendeeState.CANCELLED:
            do = [Button(_("恢复"), "link", clicked=lambda: self.confirm([record_id]))] if may else []
            found.append(Banner("bad", _("登记已取消，入口会拒绝。"), do, small=True))
        if not values["consent"]:
            found.append(Banner("info", _("没有同意隐私告知：不进入任何对外名单。"), small=True))
        return found

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        return [
            Panel("scans", _("签到"), partial(self._scans, record_id)),
            Panel("badge", _("胸卡"), partial(self._badges, record_id, values["badge"])),
        ]

    def _scans(self, attendee_id: uuid.UUID) -> list[QWidget]:
        rows: list[QWidget] = []
        for visit in visits_of(self.context.db, attendee_id):
            where = " · ".join(filter(None, (visit.gate, visit.desk, visit.method.label, visit.reason)))
            pill = (
                (_("已撤销"), "mute") if visit.is_undone else (visit.verdict.label, state_colours.pill(visit.verdict))
            )
            item = ItemRow(self._moment(visit.at), where, pill=pill)
            item.setToolTip(plain_text.shown(where))
            rows.append(item)
        return rows or [Label(_("还没有签到过。"), "secondary")]

    def _badges(self, attendee_id: uuid.UUID, state: str) -> list[QWidget]:
        widgets: list[QWidget] = []
        for number, badge in enumerate(badges.lives(self.context.db, attendee_id)):
            if number:
                widgets.append(Line())
            widgets += self._life(badge, state)
        return widgets or [Label(_("还没有制证。"), "secondary")]

    def _life(self, badge: BadgeLife, state: str) -> list[QWidget]:
        gone = badge.revoked_at is not None
        pill = (_("已作废"), "mute") if gone else (show_badge_state(state), state_colours.pill(state))
        facts = [(_("制证"), badge.issued_at, badge.issued_by)]
        if badge.printed_at is not None:
            facts.append((_("首次打印"), badge.printed_at, _("共打印 {n} 次").format(n=badge.print_count)))
        if badge.handed_over_at is not None:
            facts.append((_("领取"), badge.handed_over_at, ""))
        if badge.revoked_at is not None:
            facts.append((_("作废"), badge.revoked_at, f"{badge.revoked_by} · {badge.revoke_reason}"))
        rows = [FactRow(name, " · ".join(filter(None, (self._moment(at), more)))) for name, at, more in facts]
        return [ItemRow(_("旧卡") if gone else _("现用胸卡"), icon="profile-line", pill=pill), *rows]

    def _moment(self, at: Any) -> str:
        zone = self.context.expo.zone if self.context.expo else None
        return f"{at.astimezone(zone):%m-%d %H:%M}"

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        if not self.context.may_write("badges.issue"):
            return []
        more = MenuButton(_("更多"), partial(self._fill_more, record_id, values), "plain", "arrow-down-s-line")
        out = Button(_("打印胸卡"), "primary", "printer-line", clicked=lambda: self.print_out([record_id]))
        out.setEnabled(values["state"] is not AttendeeState.CANCELLED)
        return [more, out]

    def _fill_more(self, record_id: uuid.UUID, values: Mapping[str, Any], menu: Menu) -> None:
        has_badge, cancelled = values["badge"] != "NONE", values["state"] is AttendeeState.CANCELLED
        for words, call, fits in (
            (_("换发新卡"), self.reissue, has_badge and not cancelled),
            (_("作废胸卡"), self.revoke, has_badge),
            (_("换人"), self.substitute, not cancelled),
            (_("取消登记"), lambda key: self.cancel([key]), not cancelled),
        ):
            menu.add(words, partial(call, record_id)).setEnabled(fits)
