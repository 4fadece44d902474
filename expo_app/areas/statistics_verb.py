"""`tables`: the statistic tables for any period, region, basis and comparison, without a window."""

from __future__ import annotations

import re
import uuid
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expo_app.areas.registration import Verb
from expo_app.cli_output import Output
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.rules.amount_words import read_words
from expo_app.services.expos import ExpoInfo
from expo_app.specs.trade_tables import Basis, Line, TableQuery, TradeTables
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from expo_app.services.statistics.trade_options import Choices

BASES = {basis.name.lower(): basis for basis in Basis}


def _options(parser: ArgumentParser, place: Callable[[str], Path]) -> None:
    words = _("写成 pdf 或 xlsx；不写就列出来，加 --json 给程序")
    parser.add_argument("out", nargs="?", type=place, metavar="OUT", help=words)
    parser.add_argument("--since", type=_day, metavar="DATE", help=_("从哪天（签订日期，已登记的按登记日期）"))
    parser.add_argument("--until", type=_day, metavar="DATE", help=_("到哪天，含当天"))
    parser.add_argument("--region", metavar="NAME", help=_("卖方或买方在这个地区的，用展会的地区分组的名称"))
    parser.add_argument("--by-city", action="store_true", help=_("地区按市合计"))
    parser.add_argument("--basis", choices=list(BASES), default="signed", help=_("口径：签约、已登记或意向"))
    parser.add_argument("--against", metavar="NAME", help=_("和哪一届比：展会或往届的名称"))


def _day(text: str) -> date:
    from expo_app.specs.field_types import read_date

    try:
        return read_date(text)
    except ValueError as problem:
        raise ArgumentTypeError(str(problem)) from None


def _run(args: Namespace, output: Output, db: Database, expo: ExpoInfo) -> int:
    from expo_app import documents
    from expo_app.documents.trade_tables import agreed, write_tables
    from expo_app.services.statistics.trade_json import plain
    from expo_app.services.statistics.trade_options import choices
    from expo_app.services.statistics.trade_tables import read_tables

    known = choices(db, expo.id)
    query = TableQuery(
        (expo.id,), BASES[args.basis], args.since, args.until, _region(known, args), args.by_city,
        _against(known, args.against),
    )  # fmt: skip
    if args.out is not None:
        path = documents.free_path(args.out, "pdf", "xlsx")
        write_tables(db, query, path, output.progress(_("统计表")))
        return output.wrote(path)
    tables = agreed(read_tables(db, query, db.now()))
    _say(tables, output)
    output.value(plain(tables))
    return 0


def _region(known: Choices, args: Namespace) -> str | None:
    """The key of the group that is meant."""
    if args.region is None:
        return None
    regions = known.rolled_regions if args.by_city else known.regions
    found = next((key for key, label in regions if args.region in (key, label)), None)
    if found is None:
        offered = "、".join(label for _key, label in regions)
        raise UserError(
            _("没有地区“{name}”，没有统计。可选：{regions}。").format(name=args.region, regions=offered), "E-REGION"
        )
    return found


def _against(known: Choices, name: str | None) -> uuid.UUID | None:
    """The expo or edition that is meant."""
    if name is None:
        return None
    found = [key for key, label in known.against if name in (label, str(key))]
    found = found or [key for key, label in known.against if _is_called(name, label)]
    if len(found) != 1:
        offered = "、".join(label for _key, label in known.against) or _("没有")
        raise UserError(
            _("没有可比的“{name}”，没有统计。可选：{names}。").format(name=name, names=offered), "E-AGAINST"
        )
    return found[0]


def _is_called(name: str, label: str) -> bool:
    """Whether a name, or 第六届, means what is offered as 某展（第 6 届）."""
    asked, offered = ("".join(text.split()) for text in (name, label))
    number = re.fullmatch("第(.+)届", asked)
    if number and (words := read_words(number[1])):
        asked = f"第{int(words[0])}届"
    return asked in offered


def _say(tables: TradeTables, output: Output) -> None:
    output.say(tables.filter_line)
    for table in tables.tables:
        output.say(f"{table.no} {table.title}")
        for line in (*table.lines, *([table.total] if table.total else [])):
            output.say(f"  {_line(line)}")
    for note in tables.notes:
        output.say(note)


def _line(line: Line) -> str:
    from expo_app.rules.amounts import in_words

    count = _("{n} 项").format(n=f"{line.sums.count or 0:,}")
    amount = in_words(line.sums.amount)
    return "  ".join(part for part in (line.label, count, amount, line.change_shown) if part != "—")


VERB = Verb(
    "tables",
    N_("按时期、地区和口径列出或写成统计表"),
    30,
    _options,
    _run,
    example=N_("main.py tables t.xlsx --since 2026-05-20 --basis registered   统计表"),
)
