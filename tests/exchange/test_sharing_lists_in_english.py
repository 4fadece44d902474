"""Lists of parks and alliances in English: their words, days, units, two rows of headers, and rows to correct."""

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from expo_app import documents, i18n
from expo_app.exchange import excel
from expo_app.exchange.headers import english_unit
from expo_app.model import AllianceKind, MemberRole, SupportKind
from expo_app.rules import partial_days
from expo_app.services import imports
from expo_app.specs import SPECS, Outcome
from expo_app.specs.choices import Choices
from tests.exchange.test_sharing_lists import ALLIANCE, PARK, Desk, desk

__all__ = ["desk"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("12 May 2021", "2021-05-12"), ("May 12, 2021", "2021-05-12"), ("12th May, 2021", "2021-05-12"),
        ("Sept. 2021", "2021-09"), ("2024年末", "2024-12"), ("2024 年底", "2024-12"), ("2024年", "2024"),
    ],
)  # fmt: skip
def test_days_in_words(said: str, day: str) -> None:
    assert partial_days.parse(said) == day


@pytest.mark.parametrize("said", ["31 Feb 2021", "12 May", "Mayor 2021 x"])
def test_no_days(said: str) -> None:
    with pytest.raises(ValueError, match=r"这一天|不是日期"):
        partial_days.parse(said)


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("10kcny", "万元"), ("cny", "元"), ("thousandyuan", "千元"), ("cny1,000", "千元"), ("rmbmillion", "百万元"),
        ("10,000yuan", "万元"), ("k", ""), ("persons", ""), ("usdm", ""), ("", ""),
    ],
)  # fmt: skip
def test_units_in_english(word: str, unit: str) -> None:
    assert english_unit(word) == unit


def test_a_list_of_tenants_under_two_rows_of_headers(desk: Desk) -> None:
    rows = (
        ("Company", "", "First visit", "Contract", "Project landed", "Registered capital (10k CNY)"),
        ("Name", "Park", "date", "signed", "on", ""),
        ("丙公司", PARK, "12 May 2021", "2021.6.1", "", 500),
        ("丁公司", PARK, "2021", "", "", "300万"),
    )
    first, second = desk.values("tenants", *rows)
    assert (first["visited_on"], first["signed_on"], first["registered_capital"]) == (
        "2021-05-12",
        "2021-06-01",
        5_000_000,
    )
    assert (second["visited_on"], second["registered_capital"]) == ("2021", 3_000_000)
    header = ("Company", "As of", "Staff", "Doctors", "Net profit (thousand yuan)", "Amount of contracts (CNY)")
    (figures,) = desk.values("tenant_figures", header, ("丙公司", "2021年末", 31, 3, "1,200", 1_500_000))
    names = ("on_date", "staff_doctors", "net_profit", "contracts_amount")
    assert [str(figures[name]) for name in names] == ["2021-12-31", "3", "1200000.00", "1500000.00"]


def test_words_of_alliances_and_supports(desk: Desk) -> None:
    (made,) = desk.values("alliances", ("Name", "Type", "Established"), ("Seed Community", "Community", "2022"))
    assert (made["kind"], made["founded"]) == (AllianceKind.COMMUNITY, "2022")
    header = ("Alliance", "Member", "Role", "Joined", "Left on")
    rows = (
        (ALLIANCE, "丙公司", "Founding member", "2020-06-01", "2021-06-01"),
        (ALLIANCE, "丙公司", "Council member", "2021-06-01", ""),
    )
    plan = desk.plan("members", header, *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.NEW]
    assert (plan.rows[0].values["role"], plan.rows[0].values["until"]) == (MemberRole.FOUNDER, "2021-06-01")
    (support,) = desk.values("tenant_supports", ("企业", "Category", "内容"), ("丙公司", "R&D", "一项"))
    assert support["kind"] is SupportKind.RESEARCH


def test_a_misplaced_comma_is_shown_as_it_was_written(desk: Desk) -> None:
    (found,) = desk.refusals("agreements", ("协议", "签约方", "金额（万元）"), ("甲协议", "丙公司、丁公司", "1,2.5"))
    assert found == {"金额（万元）": "“1,2.5”的千分位逗号位置不对。"}


def test_rows_to_correct_are_read_as_their_list_was(desk: Desk, tmp_path: Path) -> None:
    """With a column more than the list had, one without a header and another unit than the header's."""
    rows = (
        ("企业", "", "见面那天", "注资（担）"),
        ("丙公司", PARK, "2021-13-01", 500),
        ("丁公司", PARK, "2021-05", 20),
    )
    choices = Choices(
        columns={"见面那天": ("visited_on",), "B": ("park_id",), "注资(担)": ("registered_capital",)},
        units={"注资(担)": "万元"},
    )
    path = desk.sheet(*rows)
    plan = documents.plan_import(desk.db, desk.expo, SPECS["tenants"], path, choices)
    imports.apply(desk.db, plan, desk.expo.id)
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW]
    mended = tmp_path / "mended.xlsx"
    excel.correction(plan, mended)
    book = load_workbook(mended)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["问题", "企业", "园区", "见面那天", "注资（担）"]
    sheet["D2"], sheet["F1"], sheet["F2"] = "2021-03", "房间", "101"
    book.save(mended)
    (row,) = desk.plan_file("tenants", mended).rows
    names = ("visited_on", "park_id", "registered_capital", "room")
    assert [row.values.get(name) for name in names] == ["2021-03", PARK, Decimal(5_000_000), "101"]
    other = Workbook()
    for cells in (("企业", "园区", "见面那天", "注资（担）", "房间"), ("丙公司", PARK, "2021-03", 500, "101")):
        other.worksheets[0].append(cells)
    other.save(mended)
    assert "visited_on" not in desk.plan_file("tenants", mended).rows[0].values


def test_rows_to_correct_have_english_marks(desk: Desk, tmp_path: Path) -> None:
    i18n.set_language("en")
    try:
        plan = desk.plan("members", ("Alliance", "Member", "Role"), (ALLIANCE, "丙公司", "Patron"))
        excel.correction(plan, tmp_path / "b.xlsx")
        said = load_workbook(tmp_path / "b.xlsx").worksheets[0]["A2"].value
    finally:
        i18n.set_language("zh_CN")
    assert "Role: " in said
    assert not set(said) & set("：、；（）")
