"""What was published: a chapter of the closing report, a line for each approved version."""

from __future__ import annotations

from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.rules import amounts
from expo_app.specs.press import NUMBERS, Press, label_of
from expo_app.specs.report_data import Head, SheetColumn, SheetTable

TITLE, UNIT = N_("发布过的口径"), N_("签约金额单位万元；意向另列，从不相加")


def chapter(head: Head, data: tuple[Press, ...]) -> Chapter | None:
    """After the deals and their tables. A version is of its own moment: none of its figures is one of the report's."""
    if not data:
        return None
    return Chapter(
        60, 60, data, _(TITLE), (), (), len(data), partial(_write, head, data), partial(_sheets, data),
        rules=(_("发布口径按各自的时点数，核定后不变；签约只计首次签约于本届的，意向另列。"),),
    )  # fmt: skip


def _write(head: Head, data: tuple[Press, ...], doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=room_for(len(data)))
    columns = [
        Column(_("版次"), 0.9, bold=True), Column(_("时点"), 1.5, holds=["00-00 00:00"]), Column(_("核定"), 1.3),
        *(Column(label_of(name), 1, "right") for name in NUMBERS[:4]),
        Column(label_of("signed_amount"), 1.6, "right"), Column(label_of("intended"), 0.9, "right"),
    ]  # fmt: skip
    rows: list[Row] = [_line(shown) for shown in data]
    doc.table(columns, rows)
    end_chapter(doc, head, _(UNIT))


def _line(shown: Press) -> list[str]:
    version = shown.version
    counts = [shown.number(name).shown for name in NUMBERS]
    signed = amounts.format_wan(shown.number("signed").amount)
    if version is None:
        raise ValueError("only versions are published")
    title = _("第 {n} 版").format(n=version.version_no)
    return [title, f"{shown.moment:%m-%d %H:%M}", version.who, *counts[:4], signed, counts[4]]


def _sheets(data: tuple[Press, ...], note: Notes) -> list[SheetTable]:
    names = list(data[0].values)
    columns = (
        SheetColumn(_("版次"), 8, "int"), SheetColumn(_("时点"), 18, "moment"), SheetColumn(_("核定"), 12),
        SheetColumn(_("核定时间"), 18, "moment"),
        *(SheetColumn(label_of(n), 16, "money" if n.endswith("_amount") else "count") for n in names),
    )  # fmt: skip
    versions = [(shown, shown.version) for shown in data if shown.version is not None]
    rows = [
        (
            version.version_no, shown.moment.replace(tzinfo=None), version.who,
            version.approved_at.replace(tzinfo=None), *shown.values.values(),
        )
        for shown, version in versions
    ]  # fmt: skip
    return [SheetTable(_(TITLE), columns, rows, (_(UNIT), *note))]
