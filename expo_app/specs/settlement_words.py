"""三地结算 in words, as screen and paper say it. Amounts in yuan, never rounded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from expo_app.i18n import _
from expo_app.rules.periods import YEAR
from expo_app.specs.settlement import Check, SettlementBoard, StatementLine


def yuan(amount: Decimal) -> str:
    """1,087,214.50."""
    return f"{amount:,.2f}"


def rule_words(board: SettlementBoard) -> str:
    """How often the regions' policies want a settlement at least; "" where once a year is enough for all."""
    by_months: dict[int, list[str]] = {}
    for code, months in board.most_months.items():
        if months < YEAR:
            by_months.setdefault(months, []).append(board.name(code))
    every = len(board.parties)
    said = [
        _("至少每 {n} 个月结算一次：{region}").format(
            region=_("各地") if len(names) == every else _("、").join(names), n=months
        )
        for months, names in sorted(by_months.items())
    ]
    if said and sum(map(len, by_months.values())) < every:
        said.append(_("其余地区一年一次即可"))
    return _("；").join(said)


def no_draw_words(board: SettlementBoard, today: date) -> str:
    """Why no statement can be drawn of the period, "" where one can."""
    period = board.period
    if period.until >= today:
        words = _("{period}到 {day} 才结束，结束后再出对账单。")
        return words.format(period=period.label, day=period.until.isoformat())
    waiting = [line for line in board.all_lines if line.id is None]
    if waiting and all(_too_long(board, line) for line in waiting):
        regions = dict.fromkeys(board.name(code) for line in waiting for code in _too_long(board, line))
        words = _("{regions}的办法规定的结算期比{period}短，换短一些的结算期。")
        return words.format(regions=_("、").join(regions), period=period.label)
    return ""


def _too_long(board: SettlementBoard, line: StatementLine) -> Iterable[str]:
    """The regions of a line whose policies want it settled more often than by this period."""
    if line.is_local:
        return []
    most = board.most_months
    return [code for code in (line.pair.a, line.pair.b) if most.get(code, board.period.months) < board.period.months]


def check_words(check: Check) -> str:
    """Whether all adds up, in one sentence."""
    stated = check.stated + check.pending
    if check.wrong and not check.damaged and (stated.count, stated.fen) == (check.ledger.count, check.ledger.fen):
        words = _("金额对得上（{n} 笔 {a} 元），但对账单里有 {k} 笔已不是已核验的：{uses}。先重出这些对账单。")
        return words.format(
            n=f"{check.ledger.count:,}", a=yuan(check.ledger.yuan), k=len(check.wrong),
            uses=_("、").join(check.wrong[:10]),
        )  # fmt: skip
    if not check.is_right:
        words = _("没有核对上：台账 {n} 笔 {a} 元，对账单 {m} 笔 {b} 元，差额 {d} 元。")
        said = words.format(
            n=check.ledger.count, a=yuan(check.ledger.yuan), m=check.stated.count + check.pending.count,
            b=yuan((check.stated + check.pending).yuan), d=yuan(check.difference),
        )  # fmt: skip
        wrong = _("已不是已核验的：{uses}。").format(uses=_("、").join(check.wrong[:10])) if check.wrong else ""
        wrong += damaged_words(check)
        return _("{text}{more}").format(text=said, more=wrong) if wrong else said
    words = _("已核对到分：台账 {n} 笔 {a} = 对账单 {k} 份 {m} 笔 {b}；差额 0.00；每笔只在一份里。")
    if check.pending.count:
        words = _("已核对到分：台账 {n} 笔 {a} = 对账单 {k} 份 {m} 笔 {b} + 待出 {w} 笔 {c}；差额 0.00。")
    return words.format(
        n=f"{check.ledger.count:,}", a=yuan(check.ledger.yuan), k=check.statements, m=f"{check.stated.count:,}",
        b=yuan(check.stated.yuan), w=f"{check.pending.count:,}", c=yuan(check.pending.yuan),
    )  # fmt: skip


def net_words(board: SettlementBoard, line: StatementLine) -> str:
    """武汉付 83,618.50; what neither owes is 0.00."""
    if not line.pair.payer:
        return yuan(line.pair.net)
    return _("{region}付 {amount}").format(region=board.name(line.pair.payer), amount=yuan(line.pair.net))


def sum_words(fen: int) -> str:
    """收 241,595.00, 付 76,603.00: what a region gets or pays in all."""
    amount = yuan(Decimal(abs(fen)).scaleb(-2))
    if not fen:
        return amount
    return (_("收 {amount}") if fen > 0 else _("付 {amount}")).format(amount=amount)


def pair_name(board: SettlementBoard, line: StatementLine) -> str:
    """武汉 — 黄石; of a region's own list its name."""
    if line.is_local:
        return board.name(line.pair.a)
    return f"{board.name(line.pair.a)} — {board.name(line.pair.b)}"


def damaged_words(check: Check) -> str:
    """Which uses and statements cannot be read; "" where all can."""
    words = _("读不出、没有算进去的：{numbers}，请用检查（doctor）修复。")
    return words.format(numbers=_("、").join(check.damaged[:10])) if check.damaged else ""


def no_uses_words(board: SettlementBoard) -> str:
    """That a period has no uses, and where those are that one might look for in it."""
    period = board.period.label
    if board.check.damaged:
        return damaged_words(board.check)
    if board.wider:
        words = _("{period}没有用券：它和 {other} 的对账单重叠，用券在那里。")
        return words.format(period=period, other=_("、").join(board.wider))
    if board.earlier.count:
        words = _("{period}没有用券。更早的结算期还有 {n} 笔 {amount} 元没有出对账单。")
        return words.format(period=period, n=f"{board.earlier.count:,}", amount=yuan(board.earlier.yuan))
    return _("{period}没有已核验的用券。用券按核验日期归期。").format(period=period)
