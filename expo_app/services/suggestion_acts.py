"""What is said about a suggestion: asked, accepted, declined, reminded, judged unsuitable, and taken back.

Nothing is sent anywhere: whoever asks does so by telephone or on the spot, and records it. Every act holds the row and
says what it saw, so that of two clerks the second sees what the first recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import Answer, Expo, Suggestion, Unsuitable
from expo_app.services.meeting_requests import expires_at
from expo_app.services.meetings_rules import settings_of
from expo_app.services.record_writer import Writer, writing
from expo_app.services.suggestions import meetings_of
from expo_app.specs.suggested import Party
from expo_app.store.database import Database

EDIT = "matching.edit"
MOST_HOW, MOST_WORDS = 100, 200
_suggestion = Suggestion.__table__


def ask(db: Database, expo_id: uuid.UUID, key: uuid.UUID, party: Party, *, seen: Answer) -> None:
    """A side was asked and has until the term of requests to answer; also once more, after the term has passed.

    UserError where no term is left in this expo, Conflict where somebody recorded something else meanwhile.
    """
    with writing(db, EDIT, expo_id) as writer:
        row = _held(writer, key, party, seen)
        if seen in (Answer.ACCEPTED, Answer.DECLINED):
            raise UserError(
                _("{party}已经答复，没有再问，数据未变。要重新问先撤回它的答复。").format(party=_(party)), "E-ANSWERED"
            )
        expo = writer.session.get_one(Expo, expo_id)
        term = expires_at(expo, settings_of(writer.session, expo_id))
        if term <= writer.now:
            when = f"{term.astimezone(expo.zone_info):%m-%d %H:%M}"
            words = _(
                "答复期限 {when} 已过，没有记为已询问，数据未变。当面得到的答复可以直接代答，或在对接设置里改期限。"
            )
            raise UserError(words.format(when=when), "E-EXPIRED")
        values = {
            f"{party.column}_answer": Answer.WAITING, f"{party.column}_answer_by": term,
            f"{party.column}_reminded_at": None,
        }  # fmt: skip
        writer.update(_suggestion, key, row, values)


def answer(
    db: Database, expo_id: uuid.UUID, key: uuid.UUID, party: Party, said: Answer, how: str = "", *, seen: Answer
) -> None:
    """A side accepts or declines, or somebody on its behalf. `how`: who and in which way; of a refusal also why.

    InvalidRecord for a refusal without words, UserError where it was judged unsuitable or its term has passed.
    """
    with writing(db, EDIT, expo_id) as writer:
        row = _held(writer, key, party, seen)
        if said is Answer.DECLINED and not how.strip():
            raise InvalidRecord({"how": _("婉拒要写原因。")})
        if row["unsuitable"] is not None:
            raise UserError(_("这条建议已判为不合适，没有记答复，数据未变。先撤回判断。"), "E-UNSUITABLE")
        term = row[f"{party.column}_answer_by"]
        if seen is Answer.WAITING and term is not None and term <= writer.now:
            words = _("{party}的答复期限已过，没有记答复，数据未变。要记先撤回询问，或改期限后再问一次。")
            raise UserError(words.format(party=_(party)), "E-EXPIRED")
        values = {
            f"{party.column}_answer": said, f"{party.column}_answered_at": writer.now,
            f"{party.column}_how": how.strip()[:MOST_HOW],
        }  # fmt: skip
        writer.update(_suggestion, key, row, values)


def take_back_answer(db: Database, expo_id: uuid.UUID, key: uuid.UUID, party: Party, *, seen: Answer) -> None:
    """As if the side had not been asked. UserError once a meeting came of it (it is cancelled there)."""
    with writing(db, EDIT, expo_id) as writer:
        _refuse_met(writer, expo_id, key)
        row = _held(writer, key, party, seen)
        values = {
            f"{party.column}_answer": Answer.NOT_ASKED, f"{party.column}_answered_at": None, f"{party.column}_how": "",
            f"{party.column}_answer_by": None, f"{party.column}_reminded_at": None,
        }  # fmt: skip
        writer.update(_suggestion, key, row, values)


def remind(db: Database, expo_id: uuid.UUID, key: uuid.UUID, party: Party) -> None:
    """A side that was asked was reminded; that is done once."""
    with writing(db, EDIT, expo_id) as writer:
        row = _held(writer, key, party, Answer.WAITING)
        if row[f"{party.column}_reminded_at"] is not None:
            raise UserError(_("已经提醒过一次，没有再记，数据未变。可以直接代它答复。"), "E-REMINDED")
        writer.update(_suggestion, key, row, {f"{party.column}_reminded_at": writer.now})


def judge(db: Database, expo_id: uuid.UUID, key: uuid.UUID, reason: Unsuitable, words: str = "") -> None:
    """Not suitable, for a reason; OTHER needs words. It stays where it is and counts against the same pair.

    UserError once a meeting came of it.
    """
    with writing(db, EDIT, expo_id) as writer:
        _refuse_met(writer, expo_id, key)
        row = _held(writer, key)
        if reason is Unsuitable.OTHER and not words.strip():
            raise InvalidRecord({"words": _("选“其他”要写原因。")})
        values = {
            "unsuitable": reason, "unsuitable_words": words.strip()[:MOST_WORDS],
            "judged_by": writer.db.actor.name[:40], "judged_at": writer.now,
        }  # fmt: skip
        writer.update(_suggestion, key, row, values)


def unjudge(db: Database, expo_id: uuid.UUID, key: uuid.UUID) -> None:
    """Take a judgement back."""
    with writing(db, EDIT, expo_id) as writer:
        row = _held(writer, key)
        values = {"unsuitable": None, "unsuitable_words": "", "judged_by": "", "judged_at": None}
        writer.update(_suggestion, key, row, values)


def _refuse_met(writer: Writer, expo_id: uuid.UUID, key: uuid.UUID) -> None:
    """UserError where a meeting stands on what was said; whoever asks for one holds the expo, too."""
    writer.hold(Expo.__table__, expo_id)
    if (no := meetings_of(writer.session, expo_id).get(key)) is not None:
        words = _("这条建议已约洽谈 {no}，没有改动，数据未变。要改先取消那场洽谈。")
        raise UserError(words.format(no=no), "E-MET")


def _held(writer: Writer, key: uuid.UUID, party: Party | None = None, seen: Answer | None = None) -> Mapping[str, Any]:
    """A suggestion, held until the end; Conflict where it is gone, or a side said something else by now."""
    row = writer.locked(_suggestion, [key]).get(key)
    if row is None or (writer.expo is not None and row["expo_id"] != writer.expo.id):
        raise Conflict(_("这条建议已被删除或重新算过，数据未变。请刷新。"), "E-GONE")
    if party is not None and row[f"{party.column}_answer"] is not seen:
        words = _("{party}刚被记为“{answer}”，没有再记，数据未变。请看新的状态。")
        raise Conflict(words.format(party=_(party), answer=row[f"{party.column}_answer"].label), "E-CONFLICT")
    return row
