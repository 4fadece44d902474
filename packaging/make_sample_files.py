"""Write the two untidy Excel files of the sample expo: python packaging/make_sample_files.py [FOLDER]

They hold the exhibitors (of `exhibitors_to_untidy.csv`) and people that `expo_app.services.sample.build` leaves out,
as such lists arrive: titles above the header, merged cells, other words for the columns, dates as text, phone numbers
as fractions, full-width digits, trailing spaces, a second header, totals, some values that nobody can read, and two
rows that cannot be imported.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from expo_app import paths
from expo_app.model import AttendeeState
from expo_app.rules import phones
from expo_app.rules.regions import region_name
from expo_app.services.sample import words
from expo_app.services.sample.attendees import IN_FILE, Registrant, bodies, person_name, phone, registrant, staff
from expo_app.services.sample.lists import Values, read
from expo_app.services.words import preset
from expo_app.specs import EXHIBITORS

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
MADE = datetime(2018, 11, 21, 9, 30)  # noqa: DTZ001  (a spreadsheet's own clock)

EXHIBITORS_TITLE = "首届长三角科技交易博览会 参展商名单（示例，待整理）"
GROUPS = (("单位信息", 3, 6), ("联 系 人", 7, 10))
"""Words of the upper header row and the columns, from 1, that they stand over."""
EXHIBITOR_COLUMNS = (
    "序号",
    "展位号",
    "企业名称",
    "统一信用代码",
    "所在地区",
    "所属行业",
    "联系人姓名",
    "联系人职务",
    "联系人手机",
    "电子邮箱",
    "展品介绍",
    "合作需求 ",
    "到场状态",
    "证件名额",
    "备  注",
)
NAMELESS_EXHIBITOR: tuple[Any, ...] = (
    "", "", "", "温州", "健康医疗", "顾一诺", "主管", phone(99_900_004), "", "康复器械", "", "已确认", 2, "单位待补",
)  # fmt: skip
UNREADABLE_OF_EXHIBITORS: dict[int, tuple[str, Any]] = {
    7: ("联系人手机", "1609990001"),
    13: ("统一信用代码", "91320583000999990A"),
    28: ("电子邮箱", "kunshan#example"),
    40: ("证件名额", "六张"),
}
"""Place in the list → column and cell: a short phone number, a wrong check character, no address, a number in words."""

ATTENDEES_TITLE = "首届长三角科技交易博览会 观众报名汇总（示例，待整理）"
ATTENDEE_COLUMNS = (
    "序号",
    "姓  名",
    "工作单位",
    "职位",
    "参会类别",
    "手机号码",
    "电子邮箱",
    "报名状态",
    "参会日期",
    "隐私同意",
    "报名日期",
    "备注",
)
NAMELESS_ATTENDEE: tuple[Any, ...] = (
    "", "浏河路桥工程有限公司（示例）", "工程师", "观众", phone(99_900_011), "", "已确认", "", "是", "2018年11月20日",
    "姓名待补",
)  # fmt: skip
UNREADABLE_OF_ATTENDEES: dict[int, tuple[str, Any]] = {
    185: ("手机号码", "160999000123"),
    203: ("电子邮箱", "fan#example"),
    216: ("参会类别", "领导"),
    231: ("参会日期", "十一月底"),
}
"""A digit too many, no address, an unknown category, a date in words."""


def spoilt(cells: list[Any], n: int, columns: Sequence[str], unreadable: Mapping[int, tuple[str, Any]]) -> list[Any]:
    """The cells behind the number in the list, one of them as nobody can read it where the list has such."""
    if n in unreadable:
        column, cell = unreadable[n]
        cells[columns.index(column) - 1] = cell
    return cells


def untidy_phone(number: str, n: int) -> Any:
    """A phone number as a fraction, spaced, in full width, with a country code, or with a space behind."""
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    return (float(number), spaced, number.translate(FULL_WIDTH), f"+86 {number}", f"{number} ")[n % 5]


def untidy_text(text: str, n: int) -> str:
    """A text with trailing spaces, half-width brackets, or as it is."""
    return (text, f"{text}  ", text, text.replace("（", "(").replace("）", ")"), f"　{text}")[n % 5]


def untidy_days(days: Sequence[str] | None, n: int) -> Any:
    """Days as text in several styles, sometimes as a real date; nothing for every day."""
    if not days:
        return ""
    if len(days) == 1 and n % 5 == 4:
        return datetime.combine(date.fromisoformat(days[0]), datetime.min.time())
    year, month, day = zip(*(text.split("-") for text in days), strict=True)
    marks = (("年", "月", "日"), ("/", "/", ""), (".", ".", ""), ("年", "月", "日"))[n % 4]
    texts = [y + marks[0] + m + marks[1] + d + marks[2] for y, m, d in zip(year, month, day, strict=True)]
    joined = "、".join(texts)
    return joined.translate(FULL_WIDTH) if n % 4 == 3 else joined


def exhibitors() -> list[Values]:
    """The exhibitors of the file, tidy."""
    return read(EXHIBITORS, Path(__file__).with_name("exhibitors_to_untidy.csv"))


def exhibitor_cells(exhibitor: Values, n: int) -> list[Any]:
    """The cells of one exhibitor behind its number in the list."""
    code, contact, address = (exhibitor[f] for f in ("organisation.credit_code", "contact.name", "contact.email"))
    return [
        exhibitor["booths"],
        untidy_text(exhibitor["organisation.name"], n),
        (code, code.lower(), f"{code[:8]} {code[8:]}", code.translate(FULL_WIDTH))[n % 4],
        region_name(exhibitor["organisation.region_code"]),
        untidy_text(exhibitor["organisation.industry_id"], n * 2),
        contact if n % 6 else f"{contact[0]} {contact[1:]}",
        exhibitor["contact.title"],
        untidy_phone(phones.show(exhibitor["contact.phone"]), n),
        address.replace("example.com", "EXAMPLE.COM") if n % 7 == 3 else address,
        exhibitor["exhibits"],
        exhibitor.get("wants", "/"),
        untidy_text(exhibitor["state"].value, n + 1).strip("　"),
        float(exhibitor["badge_quota"]) if n % 2 else f"{exhibitor['badge_quota']}".translate(FULL_WIDTH),
        "",
    ]


def registrants() -> list[Registrant]:
    """The people of the untidy file, of whom nobody has cancelled: the staff of the exhibitors in it, and visitors."""
    rng = Random("people in the file")  # noqa: S311
    senders = bodies()["trade_visitor"][:60]
    found = [
        staff(rng, exhibitor, n, 99_100_000 + serial * 10 + n)
        for serial, exhibitor in enumerate(exhibitors())
        for n in range(4)
    ]
    rare = iter(words.RARE_NAMES[::3])
    while len(found) < IN_FILE:
        category = "trade_visitor" if rng.random() < 0.7 else "visitor"
        body = None if category == "visitor" and rng.random() < 0.3 else rng.choice(senders)
        name = (next(rare, None) if len(found) % 40 == 7 else None) or person_name(rng)
        found.append(registrant(rng, name, 99_200_000 + len(found), body, category))
    cancelled = AttendeeState.CANCELLED
    return [replace(p, state=AttendeeState.CONFIRMED, note="") if p.state is cancelled else p for p in found]


@cache
def _categories() -> dict[str, str]:
    """Names of the categories by key."""
    return {values["key"]: values["name"] for values in preset("categories")}


def attendee_cells(person: Registrant, n: int, rng: Random) -> list[Any]:
    """The cells of one person behind the number in the list."""
    registered = date(2018, 11, 1 + rng.randrange(18))
    consent = ("是", "√", "Y", "有")[n % 4] if person.has_consent else ("否", "")[n % 2]
    return [
        person.name,
        untidy_text(person.body, n) if person.body else "",
        person.title,
        untidy_text(_categories()[person.category], n + 2),
        untidy_phone(phones.show(person.phone or ""), n),
        person.email or ("—" if n % 3 else ""),
        person.state.value,
        untidy_days(person.days, n),
        consent,
        f"{registered.year}年{registered.month}月{registered.day}日",
        person.note,
    ]


def make_exhibitors(path: Path) -> None:
    """The list of exhibitors: two header rows with merged cells, regions merged downwards, a subtotal, totals."""
    book, sheet = _book("参展商")
    wide = len(EXHIBITOR_COLUMNS)
    _title(sheet, EXHIBITORS_TITLE, wide)
    sheet.append(["填报单位：科交会会务组（示例）", *[""] * (wide - 3), "更新日期：２０１８年１１月２１日"])
    sheet.append([])
    _exhibitor_header(sheet)
    found = exhibitors()
    middle = 24
    _exhibitor_rows(sheet, found[:middle], 0)
    _append(sheet, [f"小计：{middle} 家"])
    _exhibitor_header(sheet)
    _exhibitor_rows(sheet, found[middle:], middle)
    number = len(found)
    twice = exhibitor_cells(found[3], 4)
    for n, cells in enumerate((NAMELESS_EXHIBITOR, twice), number + 1):
        _append(sheet, [n, *cells])
    _append(sheet, [f"合计：{len(found)} 家"])
    _append(sheet, ["注：展位以组委会通知为准；带“示例”的单位均为虚构。"])
    for column, width in zip("ABCDEFGHIJKLMNO", (6, 9, 40, 22, 12, 10, 12, 12, 16, 30, 50, 24, 10, 9, 14), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(path)


def _exhibitor_header(sheet: Worksheet) -> None:
    """Two rows: groups above, columns below; columns without a group are merged over both."""
    upper, lower = sheet.max_row + 1, sheet.max_row + 2
    grouped = {column for _text, first, last in GROUPS for column in range(first, last + 1)}
    for column, text in enumerate(EXHIBITOR_COLUMNS, 1):
        row = lower if column in grouped else upper
        sheet.cell(row, column, text).font = Font(bold=True)
        if column not in grouped:
            sheet.merge_cells(start_row=upper, end_row=lower, start_column=column, end_column=column)
    for text, first, last in GROUPS:
        cell = sheet.cell(upper, first, text)
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
        sheet.merge_cells(start_row=upper, end_row=upper, start_column=first, end_column=last)


def _exhibitor_rows(sheet: Worksheet, found: Sequence[Values], before: int) -> None:
    """Their rows; the same region in successive rows is one merged cell."""
    region_column = EXHIBITOR_COLUMNS.index("所在地区") + 1
    start = sheet.max_row + 1
    regions = []
    for n, exhibitor in enumerate(found, before):
        cells = spoilt(exhibitor_cells(exhibitor, n), n, EXHIBITOR_COLUMNS, UNREADABLE_OF_EXHIBITORS)
        _append(sheet, [n + 1, *cells])
        regions.append(sheet.cell(sheet.max_row, region_column).value)
    first = 0
    for index in range(1, len(regions) + 1):
        if index == len(regions) or regions[index] != regions[first]:
            if index - first > 1:
                rows = {"start_row": start + first, "end_row": start + index - 1}
                sheet.merge_cells(**rows, start_column=region_column, end_column=region_column)
            first = index


def make_attendees(path: Path) -> None:
    """The list of people: a title and remarks above the header, a second header in the middle, a total."""
    rng = Random("attendees file")  # noqa: S311
    book, sheet = _book("观众报名")
    wide = len(ATTENDEE_COLUMNS)
    _title(sheet, ATTENDEES_TITLE, wide)
    sheet.append(["说明：由多个渠道合并，未去重；带“示例”的单位与全部人员均为虚构，手机号为不存在的号段。"])
    _plain_header(sheet, ATTENDEE_COLUMNS)
    people = registrants()
    for n, person in enumerate(people):
        if n == len(people) // 2:
            sheet.append([])
            _plain_header(sheet, ATTENDEE_COLUMNS)
        cells = spoilt(attendee_cells(person, n, rng), n, ATTENDEE_COLUMNS, UNREADABLE_OF_ATTENDEES)
        _append(sheet, [n + 1, *cells])
    twice = attendee_cells(people[42], 3, rng)
    for n, cells in enumerate((NAMELESS_ATTENDEE, twice), len(people) + 1):
        _append(sheet, [n, *cells])
    _append(sheet, ["合计", *[""] * (wide - 2), f"共 {len(people)} 人"])
    for column, width in zip("ABCDEFGHIJKL", (6, 20, 40, 14, 12, 18, 30, 10, 30, 10, 16, 14), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(path)


def _book(name: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    book.properties.creator = "展务台 示例"
    book.properties.created = book.properties.modified = MADE
    sheet = book.active
    sheet.title = name
    return book, sheet


def _title(sheet: Worksheet, text: str, wide: int) -> None:
    sheet.append([text])
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=wide)


def _plain_header(sheet: Worksheet, columns: Sequence[str]) -> None:
    _append(sheet, list(columns))
    for column in range(1, len(columns) + 1):
        cell = sheet.cell(sheet.max_row, column)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F2")


def _append(sheet: Worksheet, cells: list[Any]) -> None:
    """A row; an empty text is no cell at all."""
    sheet.append([None if cell == "" else cell for cell in cells])


def main(folder: Path) -> None:
    """Write both files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    make_exhibitors(folder / "exhibitors_untidy.xlsx")
    make_attendees(folder / "attendees_untidy.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else paths.resource("sample"))
