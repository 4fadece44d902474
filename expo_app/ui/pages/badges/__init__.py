"""胸卡与打印: make badges, look at the very card that will be printed, print what is not printed yet.

What is printed is what is chosen: the ticked people, else the rows the filters leave. Nothing is printed twice
unnoticed: every print is counted, and a badge that its holder has is not printed again.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.documents.badges import Printed, print_badges, survey_badges, write_badges
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import AttendeeState
from expo_app.reports import preview
from expo_app.reports.badges import Survey
from expo_app.routes import ListRoute, Route
from expo_app.routes.badges import BadgesRoute
from expo_app.services import badges
from expo_app.services.badges import Stock
from expo_app.services.records import Row
from expo_app.specs import ATTENDEES, Field
from expo_app.specs.people import BADGE_STATES, show_badge_state
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.filters import Facet
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.badges.side import Side, layout_of
from expo_app.ui.records import files, printing
from expo_app.ui.records.list_page import ListPage

LOOK, CHECK = 40, 250  # ms before the card is drawn, and before all cards are looked through
PRINTABLE = ("ISSUED", "PRINTED")
BESIDE = {"booth", "speaker", "programme_item", "room"}
"""Tables of what stands on cards and in no column of the list."""
Ids = list[uuid.UUID]


class BadgesPage(ListPage):
    """Reached by `BadgesRoute`."""

    spec = ATTENDEES
    title = N_("胸卡与打印")
    noun, counted = N_("人员"), N_("共 {n} 人")
    placeholder = N_("姓名、单位、证件号、手机尾号")
    columns = ("badge_no", "person.name", "organisation_id", "category_id", "badge", "printed_at", "print_count")
    stretch = "organisation_id"
    chips = ("badge", "category_id")
    also_reads = ("state", "title")
    also_shows = ("badge", "check_in")
    slow_tables = ("check_in",)
    can_add = can_import = can_delete = has_panel = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._stock = Stock(0, 0, 0, 0, 0, 0)
        self._people: set[uuid.UUID] = set()
        self._survey: Survey | None = None
        self._drawn: object = None
        self._surveyed: object = None
        super().__init__(context, parent)
        self.side = Side(context.settings.badge_layout)
        self.add_side(self.side)
        self._look_later = QTimer(self, singleShot=True, interval=LOOK)
        self._check_later = QTimer(self, singleShot=True, interval=CHECK)
        self._wire()

    def _wire(self) -> None:
        self.context.changed.connect(self._on_beside)
        self._look_later.timeout.connect(self._look_at_card)
        self._check_later.timeout.connect(self._check)
        self.view.row_selected.connect(lambda _id: self._look_later.start())
        self.model.rows_changed.connect(self._on_choice)
        self.model.checked_changed.connect(lambda _n: self._on_choice())
        self.side.paper.resized.connect(self._look_later.start)
        self.side.paper_chosen.connect(self._on_paper)
        self.side.stepped.connect(self.step)
        self.side.problem_chosen.connect(self._go_to)

    def _on_beside(self, tables: frozenset[str]) -> None:
        if tables & BESIDE:
            self._drawn = self._surveyed = None
            if self.isVisible():
                self._look_again()

    def _look_again(self) -> None:
        self._check_later.start()
        self._look_later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_again()

    # --- the list ---

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        if expo_id is not None:
            self._stock = badges.stock(db, expo_id)
        return [r for r in super().load(db, expo_id) if self.value(r, "state") is not AttendeeState.CANCELLED]

    def fact(self, rows: Sequence[Row]) -> str:
        """Badges, where the chips count people by state: 待领取 and 已领取 together are printed."""
        stock = self._stock
        parts = [(_("已制证 {n} 张"), stock.issued), (_("已打印 {n}"), stock.printed)]
        parts += [(w, n) for w, n in ((_("补打 {n} 次"), stock.reprinted), (_("作废 {n}"), stock.revoked)) if n]
        return " · ".join(words.format(n=f"{n:,}") for words, n in parts)

    def facet(self, field: Field) -> Facet:
        if field.name != "badge":
            return super().facet(field)
        place = self._places["badge"]
        return Facet("badge", field.title, lambda row: row[place], show_badge_state, lambda: tuple(BADGE_STATES))

    def words(self, field: Field, value: Any) -> str:
        if field.name == "printed_at" and value is not None and self.context.expo is not None:
            return f"{value.astimezone(self.context.expo.zone):%m-%d %H:%M}"
        return super().words(field, value)

    def _toolbar(self) -> list[Button]:
        self.issue_button = Button("", icon="profile-line", clicked=lambda: self.issue(self._chosen("NONE")))
        self.pdf_button = Button(
            _("存为 PDF"), icon="file-pdf-line", clicked=lambda: self.to_pdf(self._chosen("ISSUED"))
        )
        self.print_button = Button(
            "", "primary", "printer-line", "Ctrl+P", clicked=lambda: self.print_out(self._chosen("ISSUED"))
        )
        self.print_button.setToolTip("Ctrl+P")
        return [self.issue_button, self.pdf_button, self.print_button]

    def _empty(self) -> EmptyState:
        go_on = partial(self.context.navigate, ListRoute(ATTENDEES))
        go = Button(_("去登记"), "primary", "contacts-book-2-line", clicked=go_on)
        return EmptyState("profile-line", _("还没有要制证的人"), _("先登记或导入参会人员，再来制证和打印。"), [go])

    def refreshed(self) -> None:
        if self._people:
            people, self._people = self._people, set()
            self.model.check_only(people)
        self._look_again()

    def open_with(self, route: Route) -> None:
        """`people`: tick these. Everything else as on every list."""
        if isinstance(route, BadgesRoute) and route.people:
            self._people = set(route.people)
            self.bar.clear()
            if self.is_current:
                self.refreshed()
        super().open_with(route)

    # --- what is chosen ---

    def chosen(self) -> Sequence[Row]:
        """The ticked rows that are shown; where none is ticked, all that are shown."""
        return self.checked_rows() if self.model.checked else cast(list[Row], self.model.rows())

    def _chosen(self, *states: str) -> Ids:
        place = self._places["badge"]
        return [row[0] for row in self.chosen() if row[place] in states]

    def _on_choice(self) -> None:
        may = self.context.may_write("badges.issue")
        place = self._places["badge"]
        states = Counter([row[place] for row in self.chosen()])
        missing, waiting = states["NONE"], states["ISSUED"]
        self.issue_button.set_text(_("制证 {n}").format(n=f"{missing:,}") if missing else _("制证"))
        words = _("打印未打胸卡 {n}").format(n=f"{waiting:,}") if waiting else _("打印未打胸卡")
        self.print_button.set_text(words)
        self.pdf_button.set_text(_("存为 PDF {n}").format(n=f"{waiting:,}") if waiting else _("存为 PDF"))
        none = _("没有未打印的胸卡。要再打，勾选后按“打印”。")
        self.pdf_button.setToolTip(_("未打印的 {n} 张，存下后记为已打印").format(n=f"{waiting:,}") if waiting else none)
        self.print_button.setToolTip("Ctrl+P" if waiting else none)
        self.issue_button.setEnabled(may and bool(missing))
        for button in (self.pdf_button, self.print_button):
            button.setEnabled(may and bool(waiting))
        self._show_checks()
        self._look_later.start()

    def bulk_actions(self, ids: Ids) -> list[tuple[str, str, Callable[[Ids], object]]]:
        if not self.context.may_write("badges.issue"):
            return []
        return [(_("打印"), "printer-line", self.print_out), (_("存为 PDF"), "file-pdf-line", self.to_pdf)]

    # --- making and printing ---

    def issue(self, ids: Ids) -> None:
        """Make a badge for each of these who has none."""
        db = self.context.db

        def made(count: int) -> None:
            messages.show(self, _("已制证 {n} 张，可以打印").format(n=f"{count:,}"), "ok")

        self.context.run(_("制证"), lambda _progress: badges.issue(db, ids), made, parent=self)

    def print_out(self, ids: Ids) -> None:
        """Print these people's badges, also those printed before: that is counted."""
        printing.print_made(self, _("胸卡"), self._maker(ids), self._on_printed, partial(self._on_refused, ids))

    def to_pdf(self, ids: Ids) -> None:
        """Put these people's badges into a PDF, for a print shop or another computer; counted as printed."""
        folder = files.folder_of(self.context)
        printing.save_pdf(self, _("胸卡"), self._maker(ids), self._on_printed, partial(self._on_refused, ids), folder)

    def _maker(self, ids: Ids) -> printing.Make:
        db, expo_id, paper = self.context.db, self.context.expo_id, self.paper
        if expo_id is None:
            raise ValueError("badges belong to an expo")

        def make(path: Path, progress: jobs.Progress) -> Printed:
            return print_badges(db, expo_id, ids, path, paper, progress)

        return make

    def _on_printed(self, printed: Printed, copies: int) -> None:
        db, ids = self.context.db, list(printed.badge_ids) * copies

        def mark(how: Callable[[Database, Ids], None]) -> None:
            for start in range(0, len(ids), len(printed.badge_ids)):
                how(db, ids[start : start + len(printed.badge_ids)])

        if self.attempt(lambda: mark(badges.mark_printed)):
            said = _("已打印 {n} 张，已记数").format(n=f"{len(ids):,}")
            self.remember(said, lambda: mark(badges.unmark_printed), lambda: mark(badges.mark_printed))
        if printed.held:
            words = _("{n} 人的胸卡已在本人手里，没有补打。要再打，先换发新卡。").format(n=f"{printed.held:,}")
            messages.show(self, words, "warn")

    def _on_refused(self, ids: Ids, error: UserError) -> None:
        if error.code == "E-HANDED-OVER" and len(ids) == 1 and self.context.may_write("badges.revoke"):
            messages.show(self, error, "warn", (_("换发新卡"), lambda: self.reissue(ids[0])))
        else:
            messages.show(self, error)

    def reissue(self, attendee_id: uuid.UUID) -> None:
        """Ask why, revoke the badge and make another one."""
        text = _("换一张新码的胸卡，旧卡随即作废，各入口都会拒绝它。")
        said = _("已换发，旧卡作废，新卡待打印")
        ask_reason(
            self, _("为 {name} 换发新卡").format(name=self.name_of(attendee_id)), text, _("换发"),
            lambda why: self.attempt(lambda: badges.reissue(self.context.db, attendee_id, why), said),
        )  # fmt: skip

    # --- the card ---

    @property
    def paper(self) -> str:
        """The key of the layout chosen."""
        return layout_of(self.context.settings.badge_layout).key

    def _on_paper(self, key: str) -> None:
        self.context.remember(badge_layout=key)
        self._look_again()

    @property
    def _coming_out(self) -> tuple[str, ...]:
        """Which badges of the chosen are printed: of ticked people all that may be, else those not printed yet."""
        return PRINTABLE if self.model.checked else ("ISSUED",)

    def _row_of_cards(self) -> Ids:
        """Whom the arrows walk through: single cards of everybody chosen, sheets of those that will be printed."""
        alone = layout_of(self.paper).per_page == 1
        return [row[0] for row in self.chosen()] if alone else self._chosen(*self._coming_out)

    def _sheet(self) -> tuple[Ids, int, int]:
        """The people on the page to look at, its number from 0 (-1: not among the chosen), and how many pages."""
        current, each, people = self.view.current_id(), layout_of(self.paper).per_page, self._row_of_cards()
        pages = -(-len(people) // each)
        if current not in people:
            return [current] if current is not None else [], -1, pages
        page = people.index(current) // each
        return people[page * each : (page + 1) * each], page, pages

    def step(self, by: int) -> None:
        """Go to the next page (-1: the one before) of what is chosen."""
        each, people = layout_of(self.paper).per_page, self._row_of_cards()
        _ids, page, pages = self._sheet()
        wanted = page + by if page >= 0 else 0
        if 0 <= wanted < pages:
            self.view.select_id(people[wanted * each])

    def _look_at_card(self) -> None:
        if self.view.current_id() is None and self.model.rows():
            self.view.select_id(self.model.id_at(0))
        ids, page, pages = self._sheet()
        self._show_place(ids, page, pages)
        if not ids:
            self._drawn = None
            self.side.show_missing(_("没有选中的人"), _("选一行，这里就是印出来的样子。"))
            return
        current = self.view.current_id()
        if self._state_of(current) == "NONE":
            self._drawn = None
            make = Button(_("制证"), icon="profile-line", clicked=lambda: self.issue([current]))
            make.setEnabled(self.context.may_write("badges.issue"))
            self.side.show_missing(_("还没有胸卡"), _("制证后生成胸卡码，再看样子、打印。"), make)
            return
        if not self.context.may("badges.issue"):
            self._drawn = None
            role = self.context.actor.role.label
            self.side.show_missing(_("{role}没有这项权限").format(role=role), _("能制证的人才看得到胸卡码。"))
            return
        self._draw(ids)

    def _state_of(self, attendee_id: uuid.UUID | None) -> str:
        place = self.model.place_of(attendee_id)
        return str(self.value(self.model.row(place), "badge")) if place >= 0 else "NONE"

    def _show_place(self, ids: Ids, page: int, pages: int) -> None:
        current = self.view.current_id()
        single = layout_of(self.paper).per_page == 1
        name = self.name_of(current) if current is not None and (single or page < 0) else ""
        which = f"{page + 1:,} / {pages:,}" if page >= 0 else ""
        self.side.set_place(
            name, which if single or not which else _("第 {n} 页").format(n=which), page > 0, page < pages - 1
        )
        if current is None or not self.context.may_write("badges.issue"):
            self.side.set_actions()
            return
        state = self._state_of(current)
        one = Button(_("打印这张"), icon="printer-line", clicked=lambda: self.print_out([current]))
        one.setEnabled(state in PRINTABLE)
        again = Button(_("换发"), "text", "refresh-line", clicked=lambda: self.reissue(current))
        again.setToolTip(_("换发新卡"))
        again.setEnabled(state != "NONE")
        self.side.set_actions(again, one)

    def _draw(self, ids: Ids) -> None:
        layout, db, expo_id = layout_of(self.paper), self.context.db, self.context.expo_id
        dpi = self.side.paper.dpi(layout.page)
        places = [self.model.place_of(key) for key in ids]
        known = (layout.key, round(dpi), self.context.expo, [self.model.row(p) for p in places if p >= 0])
        if known == self._drawn and not self.side.is_missing:
            return
        self._drawn = known
        self.side.show_drawing()

        def work(_progress: jobs.Progress) -> preview.Picture | None:
            cards = badges.cards(db, expo_id, ids) if expo_id else []
            with TemporaryDirectory(prefix="expo-look-") as folder:
                path = Path(folder) / "card.pdf"
                if cards:
                    write_badges(cards, path, layout.key, now=db.now())
                return preview.render(path, 0, dpi) if cards else None

        def drawn(picture: preview.Picture | None) -> None:
            if known is self._drawn and picture is not None:
                self.side.show_card(printing.image_of(picture), layout, _("胸卡预览"))

        jobs.run_job(self, _("预览"), work, drawn, self._on_no_preview, card=False)

    def _on_no_preview(self, error: Exception) -> None:
        self._drawn = None
        if isinstance(error, UserError):
            retry = Button(_("重试"), icon="refresh-line", clicked=self._look_later.start)
            self.side.show_missing(_("画不出预览"), str(error), retry)

    # --- what to know before printing ---

    def _check(self) -> None:
        """Look through every card that may still be printed, unless nothing on them changed."""
        db, expo_id, paper = self.context.db, self.context.expo_id, self.paper
        badge = self._places["badge"]
        rows = [row for row in self.rows if row[badge] in PRINTABLE]
        on_card = itemgetter(*(self._places[name] for name in ("badge_no", "person.name", "organisation_id", "title")))
        known = (paper, self.context.expo, list(map(on_card, rows)))
        if known == self._surveyed or expo_id is None or not self.context.may("badges.issue"):
            self._show_checks()
            return
        self._surveyed = known
        self.side.show_busy()
        ids = [row[0] for row in rows]

        def checked(survey: Survey) -> None:
            if known is self._surveyed:
                self._survey = survey
                self._show_checks()

        jobs.run_job(
            self, _("打印前检查"),
            lambda _progress: survey_badges(badges.cards(db, expo_id, ids), paper),
            checked, card=False,
        )  # fmt: skip

    def _show_checks(self) -> None:
        if self._survey is None:
            return
        number, name, badge = (self._places[field] for field in ("badge_no", "person.name", "badge"))
        states, chosen = self._coming_out, self.chosen()
        names = {row[number]: row[name] for row in chosen if row[badge] in states}
        others = Counter([row[badge] for row in chosen if row[badge] not in states]) if self.model.checked else {}
        known = self._survey.sizes
        sizes = [(known[no], -len(whose)) for no, whose in names.items() if no in known]
        problems = [each for each in self._survey.problems if not each.badge_no or each.badge_no in names]
        least = min(sizes, default=None)
        words = _("勾选的 {n} 张") if self.model.checked else _("未打印 {n} 张")
        counted = words.format(n=f"{len(names):,}") if names else ""
        self.side.show_checks(counted, problems, (-least[1], least[0]) if least else None, _left_out(others))

    def _go_to(self, badge_no: str) -> None:
        found = next((row[0] for row in self.rows if self.value(row, "badge_no") == badge_no), None)
        if found is not None and not self.view.select_id(found):
            self.bar.clear()
            self.view.select_id(found)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)


def _left_out(states: Mapping[str, int]) -> str:
    """Why cards of the ticked people are not printed: 另 12 人不打印：未制证 2、已领取 10（卡在本人手里）."""
    if not states:
        return ""
    named = {"NONE": _("未制证 {n}"), "HANDED_OVER": _("已领取 {n}（卡在本人手里，要再打先换发）")}
    reasons = _("、").join(words.format(n=f"{states[state]:,}") for state, words in named.items() if states.get(state))
    return _("另 {n} 人不打印：{reasons}").format(n=f"{sum(states.values()):,}", reasons=reasons)
