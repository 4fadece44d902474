"""What the face of suggestions says in words: facts of the header, the foot, measured rates, why there is nothing."""

from __future__ import annotations

from datetime import tzinfo

from expo_app.i18n import _
from expo_app.rules.matching_score import is_own
from expo_app.specs.suggested import Board, Party, Rates, Subject

LOCKED, LACKING, NOTHING, EMPTY, CLOSED = "lock-line", "edit-line", "lightbulb-line", "links-line", "check-line"
"""Icons of a subject without suggestions: nobody agreed, something is not filled in, nothing fits, there is nothing
else, nothing is looked for.
"""


def facts(board: Board, zone: tzinfo, is_computing: bool) -> str:
    """需求 57 项 · 供给 318 项 · 建议 1,204 条 · 双方已接受 162 条 · 建议生成于 10:40."""
    at = f"{board.counted_at.astimezone(zone):%m-%d %H:%M}" if board.counted_at else ""
    stale = sum(card.is_stale for card in board.cards)
    told = (
        _("需求 {n} 项").format(n=f"{len(board.demands):,}"), _("供给 {n} 项").format(n=f"{len(board.supply):,}"),
        _("建议 {n} 条").format(n=f"{len(board.cards):,}"),
        _("双方已接受 {n} 条").format(n=f"{board.both_accepted:,}"),
        _("建议生成于 {at}").format(at=at) if at else "",
        _("{n} 条的题目已改，重新算").format(n=stale) if stale else "",
        _("旧 · 正在重新算") if is_computing else "",
    )  # fmt: skip
    return " · ".join(filter(None, told))


def foot(listed: Party, with_some: int, still_open: int, rates: Rates) -> str:
    """How much is still to be done, and what was measured so far."""
    if listed is Party.DEMAND:
        words = _("{with_some} 项需求有建议，{open} 项待处理")
    else:
        words = _("{with_some} 项供给有建议，{open} 项待处理")
    return " · ".join(filter(None, (words.format(with_some=with_some, open=still_open), _rates(rates))))


def _rates(rates: Rates) -> str:
    if not rates.asked and not rates.judged:
        return ""
    words = _("问过 {asked} 方，答复 {answered}，接受 {accepted}，婉拒 {declined}；不合适 {judged} 条")
    judged = sum(rates.judged.values())
    return words.format(
        asked=rates.asked, answered=rates.answered, accepted=rates.accepted, declined=rates.declined, judged=judged
    )


def rates_tip(rates: Rates) -> str:
    """The same as shares, and why not suitable; what was measured here, no promise."""
    lines = []
    if rates.asked:
        shares = ((_("答复率"), rates.answered), (_("接受率"), rates.accepted), (_("婉拒率"), rates.declined))
        lines += [f"{words} {count / rates.asked:.0%}" for words, count in shares]
        lines.append(_("过期未答 {n} 方").format(n=rates.expired))
    lines += [f"{reason.label} {count}" for reason, count in rates.judged.items()]
    return "\n".join((_("本届实际数，不是承诺"), *lines)) if lines else ""


def why_nothing(subject: Subject, board: Board) -> tuple[str, str]:
    """Icon and sentence: the first of what keeps a subject from having suggestions."""
    others = board.supply if subject.spec == "demands" else [one for one in board.demands if one.is_open]
    strange = [one for one in others if not is_own(subject.side, one.side)]
    if not subject.side.may_be_suggested:
        words = _("{name}没有同意被推荐，或同意已过期。先在对接设置的“可被推荐”里登记。")
        return LOCKED, words.format(name=subject.owner)
    if not subject.is_open:
        return CLOSED, _("这项需求不再征集，不再找建议。")
    if not others:
        return EMPTY, _("另一边还没有可比对的：先登记，并在对接设置里登记可被推荐。")
    if not strange:
        return EMPTY, _("另一边只有{name}自己的，自己的不建议给自己。").format(name=subject.owner)
    if not any(one.side.may_be_suggested for one in strange):
        return LOCKED, _("另一边没有别家同意被推荐。先在对接设置的“可被推荐”里登记。")
    if board.counted_at is None:
        return NOTHING, _("还没有算过，或上次没有一条相近的。按“重新建议”算。")
    if subject.lacks:
        missing = _("、").join(_(name) for name in subject.lacks)
        return LACKING, _("没有相近的。没有填{fields}，补上后重新建议，也许能找到。").format(fields=missing)
    return NOTHING, _("没有相近的。题目、名录或可被推荐的单位有改动后，重新建议。")
