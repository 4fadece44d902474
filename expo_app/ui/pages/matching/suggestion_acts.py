"""What a clerk does with a suggestion: each act a step of its own that Ctrl+Z takes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Answer, Unsuitable
from expo_app.routes.matching import MatchingRoute
from expo_app.services import meeting_requests, steps, suggestion_acts
from expo_app.services.meeting_requests import OverLimitError
from expo_app.services.record_writer import followed
from expo_app.specs.suggested import Card, Party
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.pages.matching.answer_dialogs import ask_answer, ask_why
from expo_app.ui.records.undo_list import Act, UndoList


class SuggestionActs:
    """`host`: the face, which messages and dialogs belong to; `done()` is called after every act."""

    def __init__(self, context: Context, host: QWidget, done: Callable[[], object]) -> None:
        self._context, self._host, self._done = context, host, done
        self.undo_list = UndoList(host)

    def accept(self, card: Card, party: Party) -> None:
        """The side accepts, as whoever works at the desk was told."""
        self._answer(card, party, Answer.ACCEPTED, "")

    def answer(self, card: Card, party: Party) -> None:
        """代答: ask what it said and how."""
        ask_answer(self._host, card, party, partial(self._answer, card, party))

    def _answer(self, card: Card, party: Party, said: Answer, how: str) -> None:
        seen = card.said[party].answer
        if seen is said:
            return
        by = _("{who} 代答").format(who=self._context.actor.name)
        told = f"{how} · {by}"[: suggestion_acts.MOST_HOW] if how else by
        words = _("已记{party}{answer}").format(party=_(party), answer=said.label)
        self._do(words, suggestion_acts.answer, card.id, party, said, told, seen=seen)

    def ask(self, card: Card, party: Party) -> None:
        """It was asked, by telephone or on the spot: nothing is sent."""
        words = _("已记为问过{party}").format(party=_(party))
        self._do(words, suggestion_acts.ask, card.id, party, seen=card.said[party].answer)

    def remind(self, card: Card, party: Party) -> None:
        """It was reminded."""
        self._do(_("已记为提醒过{party}").format(party=_(party)), suggestion_acts.remind, card.id, party)

    def withdraw(self, card: Card, party: Party) -> None:
        """What the side said, or that it was asked, is taken back."""
        words = _("已撤回{party}的答复").format(party=_(party))
        self._do(words, suggestion_acts.take_back_answer, card.id, party, seen=card.said[party].answer)

    def judge(self, card: Card) -> None:
        """不合适: ask why."""

        def then(reason: Unsuitable, words: str) -> None:
            self._do(_("已记为不合适"), suggestion_acts.judge, card.id, reason, words)

        ask_why(self._host, card, then)

    def take_back(self, card: Card) -> None:
        """The judgement is withdrawn."""
        self._do(_("已撤回判断"), suggestion_acts.unjudge, card.id)

    def meet(self, card: Card) -> None:
        """约洽谈: agreed on at once where both have accepted; a limit is lifted with a reason."""
        if card.meeting_no:
            self._context.navigate(MatchingRoute(face="meetings"))
        elif not card.both_accepted:
            messages.show(self._host, _("双方都接受后才能约洽谈，数据未变。先记下双方的答复。"), "warn")
        else:
            self._meet(card, "")

    def _meet(self, card: Card, override: str) -> None:
        try:
            self._do(_("已约洽谈"), meeting_requests.ask_of_suggestion, card.id, override, tells=False)
        except OverLimitError as error:
            ask_reason(self._host, _("破例约洽谈"), error.message, _("约洽谈"), partial(self._meet, card))
        except UserError as error:
            messages.show(self._host, error)

    def _do(self, words: str, act: Callable[..., object], *given: object, tells: bool = True, **seen: object) -> None:
        """One act of a service, with its way back. A refusal is shown; `tells=False`: it is the caller's."""
        db, expo_id = self._context.db, self._context.expo_id
        if expo_id is None:
            return
        try:
            with followed() as writers:
                act(db, expo_id, *given, **seen)
        except UserError as error:
            self._done()  # somebody else may have been first
            if not tells:
                raise
            messages.show(self._host, error)
            return
        step = steps.step_of(suggestion_acts.EDIT, writers)
        if step is not None:
            undo, redo = partial(steps.take_back, db, step), partial(steps.do_again, db, step)
            self.undo_list.add(Act(words, undo, redo, wrote=step.wrote))
        self._done()
