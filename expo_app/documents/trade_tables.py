"""The statistic tables as a file: what the screen shows, by the same query; nothing is written while sums disagree."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from expo_app.documents import EXPORT, Progress
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services.access import require
from expo_app.services.statistics.scope import Scope
from expo_app.services.statistics.trade_check import check_tables
from expo_app.services.statistics.trade_tables import count_tables, read_tables
from expo_app.specs.trade_tables import UNREAD, TableQuery, TradeTables
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> TradeTables:
    """The tables of one expo, of any time and place; UserError where a sum does not agree."""
    return agreed(read_tables(db, TableQuery((expo_id,)), now))


def agreed(tables: TradeTables) -> TradeTables:
    """The tables themselves; UserError where one of their sums was counted otherwise from the raw records."""
    failing = tables.failing()
    if failing:
        first = failing[0]
        words = _(
            "有 {n} 个数和原始记录对不上（{what}：{difference}），没有写入。数据未变。请在“统计”里点“对不上”查看。"
        )
        what = f"{first.table} {first.label}".strip()
        raise UserError(words.format(n=len(failing), what=what, difference=first.words), "E-SUMS")
    return tables


def chapter_read(session: Session, scope: Scope) -> Callable[[datetime], TradeTables]:
    """What the closing report's chapter asks with its moment; UserError as in `agreed`.

    What cannot be read the report names by itself, as it does of every area.
    """

    def asked(now: datetime) -> TradeTables:
        found = count_tables(session, TableQuery((scope.id,)), now)
        checks = tuple(check for check in check_tables(session, found) if check.measure != UNREAD)
        return agreed(replace(found, checks=checks))

    return asked


def write_tables(db: Database, query: TableQuery, path: Path, progress: Progress | None = None) -> None:
    """Write what is asked as PDF or, by the ending, as a workbook."""
    from expo_app.reports import trade_tables as report

    require(db, EXPORT)
    data = agreed(read_tables(db, query, db.now()))
    if path.suffix.lower() == ".pdf":
        report.write(path, data, progress)
        return
    from expo_app.exchange import excel

    excel.write_tables(path, report.tables(data), title=_("统计表"), sample=data.head.is_sample, progress=progress)
