"""建议: which demand, why this offer, who has said yes. The demand side or the supply side, the same turned round."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Answer
from expo_app.routes import ListRoute, Route
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.palette_rows import Command
from expo_app.services import suggestions
from expo_app.services.suggestions import Computed
from expo_app.specs import DEMANDS
from expo_app.specs.records import by_name
from expo_app.specs.suggested import Board, Card, Party, Subject
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, Skeleton, StateStack
from expo_app.ui.pages.matching import suggestion_words
from expo_app.ui.pages.matching.card_column import CardColumn
from expo_app.ui.pages.matching.face import settings_button
from expo_app.ui.pages.matching.pair_panel import WITHDRAW, PairPanel
from expo_app.ui.pages.matching.subjects import Entry, SubjectList
from expo_app.ui.pages.matching.suggestion_acts import SuggestionActs
from expo_app.ui.pages.matching.suggestion_bar import SuggestionBar, SuggestionFoot
from expo_app.ui.parts.faces import Face

EDIT = suggestions.EDIT
SHOWN_OF = frozenset(
    {
        "suggestion", "demand", "achievement", "provider", "service_item", "matching_consent", "matching_settings",
        "meeting", "exhibitor", "organisation", "region_group",
    }
)  # fmt: skip
SOON = 250
"""Milliseconds between a change and the next look."""


def focus_of(card: Card) -> Party:
    """The side an act is about: the first that has not accepted; of a settled one the demander."""
    return next((party for party in Party if card.said[party].answer is not Answer.ACCEPTED), Party.DEMAND)


class SuggestionsFace(Face):
    """Reading and computing run in a worker; what was shown before stays usable until the new is there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.board: Board | None = None
        self.listed = Party.DEMAND
        """Whose cards stand at the left."""
        self.card: Card | None = None
        self._keys: dict[Party, uuid.UUID | None] = dict.fromkeys(Party)
        self._unfolded = self._loading = self._again = False
        self._waiting: list[str] = []
        """Acts whose key came before what the one before wrote was shown."""
        self._job: jobs.Job | None = None
        self.acts = SuggestionActs(context, self, self.refresh)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self.compute_button = Button(_("重新建议"), icon="refresh-line", clicked=self.compute)
        self.meet_button = Button(_("约洽谈"), "primary", "calendar-check-line", clicked=partial(self.act, "meet"))
        self.panel = PairPanel(context, self.act)
        self.panel.hide()
        self.panel.closed.connect(self._on_panel_closed)
        self.wants_panel, self._layered = True, False
        """Whether the person has not closed it; whether Enter opened it over the cards of a narrow window."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("建议"))
        self._build()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._on_actor)

    # --- building ---

    def _build(self) -> None:
        content = QWidget()
        lines = column(content, theme.Space.M)
        self.bar = SuggestionBar()
        self.turn, self.search, self.chips = self.bar.turn, self.bar.search, self.bar.chips
        self.bar.turned.connect(self.show_listed)
        self.bar.changed.connect(self._show_list)
        lines.addWidget(self.bar)
        body = row(spacing=theme.Space.L)
        self.subjects = SubjectList()
        self.subjects.chosen.connect(self._on_subject)
        body.addWidget(self.subjects)
        self.middle = CardColumn()
        self.cards, self.count = self.middle.cards, self.middle.count
        self.cards.picked.connect(self._on_picked)
        self.cards.acted.connect(self._on_acted)
        self.middle.unfolded.connect(self._on_unfold)
        body.addWidget(self.middle, 1)
        lines.addLayout(body, 1)
        self.foot = SuggestionFoot()
        lines.addWidget(self.foot)
        self._stack = StateStack(content)
        self._stack.show_state(Skeleton())
        column(self, 0).addWidget(self._stack)

    def buttons(self) -> Sequence[QWidget]:
        return (self.compute_button, self.meet_button)

    # --- reading and computing ---

    def refresh(self) -> None:
        """Read again, in a worker."""
        if self._loading:
            self._again = True
            return
        if (expo_id := self.context.expo_id) is None:
            self.board = None
            self._stack.show_state(EmptyState("links-line", _("还没有展会"), _("先建一届展会，再看供需对接。")))
            return
        self._loading = True
        read = partial(suggestions.read, self.context.db, expo_id)
        jobs.run_job(
            self, _("供需对接"), lambda _progress: (expo_id, read()), self._on_read, self._on_failed, card=False
        )

    def _on_read(self, found: tuple[uuid.UUID, Board]) -> None:
        self._loading = False
        expo_id, board = found
        if expo_id == self.context.expo_id:
            self.board = board
            self._show_board()
        if self._again or expo_id != self.context.expo_id:
            self._again = False
            self._soon.start(0)
        elif self._waiting:
            self.act(self._waiting.pop(0))

    @property
    def is_behind(self) -> bool:
        """Whether something was written that is not shown yet."""
        return self._loading or self._soon.isActive()

    def _on_failed(self, error: Exception) -> None:
        self._loading = self._again = False
        self._waiting.clear()
        if isinstance(error, UserError):
            self._stack.show_state(ErrorState(_("读不出供需对接"), error, self.refresh))

    def compute(self) -> None:
        """重新建议: in a worker with 取消; what is shown stays usable and is called old until then."""
        expo_id = self.context.expo_id
        if expo_id is None or self._job is not None or not self.context.may_write(EDIT):
            return
        db = self.context.db

        def work(progress: jobs.Progress) -> Computed:
            return suggestions.compute(db, expo_id, lambda n, total: progress(n, total, _("比对需求和供给")))

        self._job = self.context.run(_("重新建议"), work, self._on_computed, parent=self)
        self._job.finished.connect(self._on_job_ended)
        self._show_facts()
        self._show_rights()

    def _on_computed(self, done: Computed) -> None:
        told = _("已比对 {demands} 项需求和 {supply} 项供给：建议 {n} 条，{without} 项需求没有合适的")
        counted = {"demands": done.demands, "supply": done.supply, "n": done.suggestions, "without": done.without}
        messages.show(self, told.format(**counted), "ok")
        self.refresh()

    def _on_job_ended(self) -> None:
        self._job = None
        self._show_facts()
        self._show_rights()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if not SHOWN_OF.isdisjoint(tables) and self.isVisible() and not self._soon.isActive():
            self._soon.start(SOON)

    def _on_expo(self) -> None:
        self.board = self.card = None
        self._keys = dict.fromkeys(Party)
        self.acts.undo_list.clear()
        if self.isVisible():
            self.refresh()

    def _on_actor(self) -> None:
        if self.board is not None and self.isVisible():
            self.refresh()  # what of a contact may be seen is another matter for somebody else

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._place_panel()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()
        self.panel.hide()

    # --- what is shown ---

    def _show_board(self) -> None:
        board = self.board
        if board is None:
            return
        self.bar.show_sides(board)
        if not board.demands:
            self._stack.show_state(self._without_demands())
            self.panel.hide()
        else:
            self._stack.show_content()
            self._show_list()
        self._show_facts()
        self._show_rights()

    def _without_demands(self) -> EmptyState:
        may = self.context.may_write(DEMANDS.permission)
        buttons = [
            settings_button(self.context),
            Button(_("导入需求"), icon="upload-2-line", clicked=lambda: self._go_demands(imports=True)),
            Button(_("新增需求"), "primary", "add-line", clicked=lambda: self._go_demands(new=True)),
        ]
        text = _("先录入或导入企业的技术需求；成果和服务来自“成果与需求”和服务机构名录。")
        return EmptyState("file-list-3-line", _("还没有需求"), text, buttons if may else buttons[:1])

    def _go_demands(self, new: bool = False, imports: bool = False) -> None:
        self.context.navigate(ListRoute(DEMANDS, new=new, imports=imports))

    def _subjects(self) -> Sequence[Subject]:
        board = self.board
        if board is None:
            return ()
        return board.demands if self.listed is Party.DEMAND else board.supply

    def _of(self, subject: uuid.UUID | None) -> Sequence[Card]:
        if self.board is None or subject is None:
            return ()
        found = self.board.by_demand if self.listed is Party.DEMAND else self.board.by_supply
        return found.get(subject, ())

    def _show_list(self) -> None:
        """The cards at the left as search and chips leave them."""
        found = []
        for subject in filter(self.bar.means, self._subjects()):
            cards = self._of(subject.key)
            found.append(Entry(subject, len(cards), any(not card.is_settled for card in cards)))
        kinds = self.bar.show_kinds(found)
        self.subjects.show_entries(kinds[str(self.chips.key)], self._keys[self.listed])
        self._keys[self.listed] = self.subjects.key
        if self.board is not None:
            foot = suggestion_words.foot(self.listed, len(kinds["with"]), len(kinds["open"]), self.board.rates)
            self.foot.told.set_text(foot, suggestion_words.rates_tip(self.board.rates))
        self._show_cards()

    def _show_cards(self) -> None:
        """The suggestions of the subject chosen; those below 40 that nobody spoke of are folded."""
        board, expo = self.board, self.context.expo
        if board is None:
            return
        subject = next((one for one in self._subjects() if one.key == self.subjects.key), None)
        cards = self._of(subject.key if subject else None)
        shown = self.middle.show_cards(
            cards,
            self.listed.other,
            expo.zone if expo else None,
            board.now,
            self.context.may_write(EDIT),
            self._unfolded,
        )
        if not cards:
            self.middle.show_state(self._without_suggestions(subject))
        before = self.card.id if self.card else None
        self._choose(next((card for card in shown if card.id == before), shown[0] if shown else None))

    def _without_suggestions(self, subject: Subject | None) -> EmptyState:
        """Why nothing is suggested, as far as that can be told: what is missing, or who did not agree."""
        if subject is None:
            return EmptyState("search-line", _("没有符合的"), _("换个词，或看全部。"))
        if self.board is None:
            return EmptyState("links-line", _("没有建议"), "")
        icon, text = suggestion_words.why_nothing(subject, self.board)
        buttons = [settings_button(self.context)]
        if icon == suggestion_words.LACKING:
            buttons += [Button(_("补填"), "primary", "edit-line", clicked=partial(self._open_record, subject))]
        elif icon == suggestion_words.NOTHING and self.context.may_write(EDIT):
            buttons += [Button(_("重新建议"), "primary", "refresh-line", clicked=self.compute)]
        return EmptyState(icon, _("没有建议"), text, buttons)

    def _choose(self, card: Card | None) -> None:
        self.card = card
        self.middle.choose(card)
        self._show_panel()
        self._show_rights()

    def _show_panel(self) -> None:
        board, card, expo = self.board, self.card, self.context.expo
        if board is None or card is None or expo is None:
            self.panel.hide()
            return
        may = self.context.may_write(EDIT)
        self.panel.show_card(card, focus_of(card), expo.zone, card.late(board.now), may)
        self._place_panel()

    def _is_narrow(self) -> bool:
        return self.window().width() < theme.NARROW_WINDOW

    def _place_panel(self) -> None:
        """Beside the cards; in a narrow window only after Enter, over them."""
        is_wanted = self.card is not None and self.board is not None and self.isVisible()
        if not is_wanted or (self._is_narrow() and not self._layered) or not self.wants_panel:
            self.panel.hide()
        else:
            self.panel.show()

    def _on_panel_closed(self) -> None:
        self._layered = False
        self.wants_panel = self._is_narrow()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_facts(self) -> None:
        board, expo = self.board, self.context.expo
        told = (
            suggestion_words.facts(board, expo.zone, self._job is not None)
            if board is not None and expo is not None
            else ""
        )
        self.fact_changed.emit(told)

    def _show_rights(self) -> None:
        may = self.context.may_write(EDIT)
        self.compute_button.setEnabled(may and self._job is None and self.board is not None)
        self.meet_button.setEnabled(may and self.card is not None and self.card.both_accepted)
        lacks = _("{role}没有这项权限").format(role=self.context.actor.role.label)
        self.compute_button.setToolTip("" if may else lacks)
        self.meet_button.setToolTip(("M" if self.meet_button.isEnabled() else _("双方都接受后可约")) if may else lacks)

    # --- acts ---

    def show_listed(self, party: Party) -> None:
        """The other side at the left; each remembers the subject chosen."""
        self.listed, self._unfolded = party, False
        self.turn.choose(party)
        self._show_list()

    def _on_subject(self, key: uuid.UUID | None) -> None:
        self._waiting.clear()
        self._keys[self.listed], self._unfolded, self.card = key, False, None
        self._show_cards()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _on_picked(self, card: Card) -> None:
        self._layered = self._layered or self._is_narrow()
        self.wants_panel = True
        self._choose(card)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _on_acted(self, card: Card, verb: str) -> None:
        self._choose(card)
        self.act(verb)

    def _on_unfold(self) -> None:
        self._unfolded = True
        self._show_cards()

    def act(self, verb: str) -> None:
        """Something with the suggestion in focus, once it is shown as it is."""
        if self.is_behind:
            self._waiting.append(verb)
            return
        card = self.card
        if verb == "compute":
            self.compute()
        elif card is None:
            return
        elif verb in ("open_demand", "open_supply"):
            self._open_record(card.demand if verb == "open_demand" else card.supply)
        elif not self.context.may_write(EDIT):
            messages.show(self, _("{role}没有这项权限").format(role=self.context.actor.role.label), "warn")
        elif verb in ("accept", "answer", "ask", "remind"):
            getattr(self.acts, verb)(card, focus_of(card))
        elif verb in WITHDRAW:
            self.acts.withdraw(card, WITHDRAW[verb])
        else:
            getattr(self.acts, verb)(card)

    def _open_record(self, subject: Subject) -> None:
        self.context.navigate(ListRoute(by_name(subject.spec), record=subject.key))

    def _step_card(self, by: int) -> None:
        shown = self.cards.shown
        place = next((n for n, card in enumerate(shown) if self.card is not None and card.id == self.card.id), -1)
        if 0 <= place + by < len(shown):
            self._choose(shown[place + by])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        turns = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        letters = {"A": "accept", "X": "judge", "M": "meet"}
        if not plain:
            super().keyPressEvent(event)
        elif key in steps:
            self.subjects.step(steps[Qt.Key(key)])
        elif key in turns:
            self._step_card(turns[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wants_panel, self._layered = True, True
            self._show_panel()
        elif key == Qt.Key.Key_Escape and self.panel.isVisible():
            self.panel.close_panel()
        elif event.text().upper() in letters:
            self.act(letters[event.text().upper()])
        else:
            super().keyPressEvent(event)

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if not isinstance(route, MatchingRoute):
            return
        for party, key in ((Party.DEMAND, route.demand), (Party.SUPPLY, route.offer)):
            if key is not None:
                self._keys[party], self.listed = key, party
                self.card = None
                self.search.set_text("")
                self.chips.choose("all")
                self.turn.choose(party)
        if self.board is not None:
            self._show_board()
        self.refresh()

    def place(self) -> Route | None:
        key = self._keys[self.listed]
        by_demand = self.listed is Party.DEMAND
        return MatchingRoute(key if by_demand else None, None if by_demand else key, face="suggestions")

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def undo(self) -> None:
        self.acts.undo_list.undo()

    def redo(self) -> None:
        self.acts.undo_list.redo()

    def pane(self) -> QWidget | None:
        return self.panel if self.panel.isVisible() else None

    def side_panel(self) -> QWidget | None:
        return self.panel

    def commands(self) -> list[Command]:
        if not self.context.may_write(EDIT):
            return []
        return [Command(_("重新建议"), _("供需对接"), "refresh-line", "", self.compute)]
