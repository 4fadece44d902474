"""Trade without a window, on an expo set up from nothing: lists in, lists out again, reports, figures as JSON.

Every amount that a finished file says is read back from it and compared with what went in, to the fen.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import docx
import pypdfium2
import pytest
import python_calamine

from expo_app.rules.amounts import format_wan
from expo_app.services import records
from expo_app.specs import EXPOS
from expo_app.store import database
from tests.journeys.command import called

LISTS = {
    "organisations": """单位名称,地区
滨海大学,广州市
蓝岭研究院,成都市
云帆制造有限公司,深圳市
青田材料有限公司,绵阳市
Nordlicht GmbH,德国
""",
    "deals": """项目名称,类型,卖方,买方,成交额（万元）,技术交易额（万元）,币种,原币金额（万）,汇率,汇率日期,汇率来源,\
签订日期,阶段,登记,合同编号,合同类别,合同子类,此前已签,此前签约时间地点,签约批次,台上顺序
减速器技术开发,技术合同,滨海大学,云帆制造有限公司,860.55,800.05,,,,,,2024-11-13,签约,有效,HT-1,\
技术开发,委托开发,,,一,1
涂层专利许可,技术合同,蓝岭研究院,青田材料有限公司,120,120,,,,,,2024-11-14,签约,有效,HT-2,\
技术许可,专利实施许可,,,一,2
激光器采购,采购 / 销售,云帆制造有限公司,Nordlicht GmbH,,,USD,50.25,7.1986,2024-11-13,中国外汇交易中心,\
2024-11-14,签约,有效,HT-3,,,,,,
检测服务,技术合同,滨海大学,青田材料有限公司,33.333333,,,,,,,2024-11-15,签约,有效,\
HT-4,技术服务,一般技术服务,是,2024 年 9 月在另一场对接会签约,,
共建实验室意向,投资 / 融资,蓝岭研究院,云帆制造有限公司,5000,,,,,,,,意向,有效,,,,,,,
""",
    "contracts": """合同编号,技术领域,知识产权,支付方式,计划来源,卖方性质,买方性质,有效期起,\
有效期止,登记机构,提交日期,登记状态
HT-1,01 先进制造,技术秘密,分期支付,计划外,事业法人（高等院校）,内资企业,2024-11-13,\
2027-11-12,高新区登记站,2024-11-20,已提交
HT-4,电子信息,未涉及,一次支付,计划外,事业法人（高等院校）,内资企业,2024-11-15,\
2025-11-14,高新区登记站,,
""",
    "tasks": """事项,签约项目,负责人,期限,状态
催首付款,GBA-2024-001,陈放,2024-12-01,
寄样品,GBA-2024-003,李可,2024-11-20,已办
""",
    "milestones": """签约项目,类型,名称,期限,应付金额（万元）,完成日期,实付金额（万元）
GBA-2024-001,付款,首付款,2024-12-15,260.55,2024-12-10,260.55
GBA-2024-001,付款,尾款,2025-06-30,600,,
""",
    "editions": """届次,展会名称,开始日期,结束日期,参展商（家）,签约项目（项）,签约成交额（万元）,技术交易额（万元）,\
累计技术交易额（万元）,来源
6,第六届科技交易博览会,2023-11-15,2023-11-17,150,3,800,约 500,77000,报道
""",
}
FOREIGN = Decimal("3617296.50")
"""502,500 dollars at 7.1986."""
CONTRACTS = Decimal("8605500") + Decimal("1200000") + Decimal("333333.33")
SIGNED = CONTRACTS + FOREIGN
PRIOR = Decimal("333333.33")
TECH = Decimal("8000500") + Decimal("1200000")
PAID = Decimal("2605500")
NOW = datetime.fromisoformat("2024-12-20T10:00:00+08:00")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The expo with its lists, looked at a month after it ended."""
    monkeypatch.setattr(database.Database, "now", lambda self: NOW)
    made = tmp_path / "own.db"
    new = ("new", "第七届科技交易博览会", "--code", "GBA24", "--starts", "2024-11-13", "--ends", "2024-11-15")
    called(*new, "--venue", "滨江会展中心", "--db", made)
    for kind, text in LISTS.items():
        table = tmp_path / f"{kind}.csv"
        table.write_text(text, encoding="utf-8-sig")
        said = called("import", kind, table, "--db", made, "--apply")
        assert "有问题 0" in said, said
    return made


def numbers(path: Path) -> Iterator[Decimal]:
    """Every number in the cells of a workbook, as another reader finds it."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            yield from (Decimal(str(cell)) for cell in row if isinstance(cell, int | float))


def text_of(path: Path) -> str:
    """All words of a PDF or Word file."""
    if path.suffix == ".pdf":
        with closing(pypdfium2.PdfDocument(str(path))) as pages:
            return "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


SAYS = {
    "closing": (SIGNED, CONTRACTS, TECH),
    "summary": (SIGNED, CONTRACTS, TECH),
    "deals": (SIGNED, CONTRACTS),
    "tables": (CONTRACTS, TECH),
    "landing": (SIGNED, PAID),
    "press": (SIGNED - PRIOR,),
    "stage": (Decimal("8605500"),),
    "confirmations": (Decimal("8605500"), FOREIGN),
    "trends": (SIGNED, Decimal("8000000")),
}
"""Report → amounts it says."""


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "docx"])
def test_every_report_says_to_the_fen_what_went_in(file: Path, tmp_path: Path, ending: str) -> None:
    formats = {"xlsx": ("closing", "summary", "deals", "tables", "landing", "trends"), "docx": ("closing",)}
    for name in formats.get(ending, SAYS):
        path = tmp_path / f"{name}.{ending}"
        called("report", name, path, "--db", file)
        if ending == "xlsx":
            assert {yuan.scaleb(-4) for yuan in SAYS[name]} <= set(numbers(path)), name
        else:
            words = text_of(path)
            assert [format_wan(yuan) in words for yuan in SAYS[name]] == [True] * len(SAYS[name]), name


@pytest.mark.parametrize("name", ["bulletin", "deals-bulletin"])
def test_the_bulletin_of_a_day_tells_of_that_day(file: Path, tmp_path: Path, name: str) -> None:
    """On the 14th one contract and the purchase in dollars."""
    path = tmp_path / "b.pdf"
    called("report", name, path, "--day", "2024-11-14", "--db", file)
    words = text_of(path)
    assert ("涂层专利许可" in words, "激光器采购" in words, "检测服务" in words) == (True, True, False)
    assert format_wan(FOREIGN + Decimal(1_200_000)) in words
    refused = called("report", "tables", tmp_path / "t.pdf", "--day", "2024-11-14", "--db", file, status=1)
    assert "不按日期" in refused


def test_a_grade_is_for_information_alone(file: Path, tmp_path: Path) -> None:
    for name in ("grade.pdf", "grade.xlsx"):
        called("report", "grade", tmp_path / name, "--db", file)
    assert "仅供参考" in text_of(tmp_path / "grade.pdf")
    sheets = python_calamine.CalamineWorkbook.from_path(tmp_path / "grade.xlsx").sheet_names
    assert "审计表" in sheets


def test_figures_as_json_are_those_of_the_files(file: Path) -> None:
    tables = json.loads(called("report", "tables", "--json", "--db", file))
    assert (tables["agrees"], tables["differences"]) == (True, [])
    first = tables["tables"][0]["total"]
    assert (first["count"], Decimal(first["amount"]), Decimal(first["tech_amount"])) == (3, CONTRACTS, TECH)
    flow = next(table for table in tables["tables"] if table["no"] == "T7")["matrix"]
    net = sorted(Decimal(region["net_output"]) for region in flow["regions"])
    assert [amount for amount in net if amount] == [-PRIOR, PRIOR]  # from 广州 to 绵阳, the others stay at home
    press = {one["name"]: one for one in json.loads(called("report", "press", "--json", "--db", file))["figures"]}
    assert (press["signed"]["value"], Decimal(press["signed"]["amount"])) == (3, SIGNED - PRIOR)
    assert (press["intended"]["value"], Decimal(press["intended"]["amount"])) == (1, Decimal(50_000_000))
    assert "没有单独的 JSON 数字" in called("report", "deals", "--json", "--db", file, status=1)


@pytest.mark.parametrize("kind", ["contracts", "tasks", "milestones", "editions", "deals"])
def test_a_list_that_goes_out_comes_in_again_as_it_is(file: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.xlsx"
    called("export", kind, path, "--db", file)
    said = called("import", kind, path, "--db", file)
    rows = LISTS[kind].count("\n") - 1
    rows = 3 if kind == "contracts" else rows  # the third contract has its row too
    assert f"新增 0，更新 0，相同 {rows}，有问题 0" in said, said
    called("template", kind, tmp_path / f"t-{kind}.xlsx", "--db", file)


def test_an_edition_needs_no_expo(tmp_path: Path) -> None:
    """Key figures of past editions are no expos: a file without any takes them, and no `--expo` is asked for."""
    empty, table = tmp_path / "empty.db", tmp_path / "editions.csv"
    database.open_database(empty, create=True).close()
    table.write_text(LISTS["editions"], encoding="utf-8-sig")
    assert "新增 1" in called("import", "editions", table, "--db", empty, "--apply")


def test_a_new_expo_says_in_how_many_days_contracts_are_submitted(tmp_path: Path) -> None:
    path = tmp_path / "days.db"
    called(
        "new",
        "展会",
        "--code",
        "D18",
        "--starts",
        "2018-11-28",
        "--ends",
        "2018-11-30",
        "--submit-days",
        "30",
        "--db",
        path,
    )
    with closing(database.open_database(path)) as db:
        assert records.list_rows(db, EXPOS, None, (EXPOS.field("submit_days"),))[0][1] == 30


def test_a_rate_of_100_units_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "rate.db"
    called("new", "展会", "--code", "D18", "--starts", "2018-11-28", "--ends", "2018-11-30", "--db", path)
    rows = (
        "项目名称,类型,卖方,买方,币种,原币金额（万）,汇率,汇率日期,汇率来源,签订日期,阶段",
        "甲,采购 / 销售,子公司,丑公司,JPY,50,1200,2018-11-28,中间价,2018-11-28,签约",
    )
    (tmp_path / "deals.csv").write_text("\n".join(rows), "utf-8")
    said = called("import", "deals", tmp_path / "deals.csv", "--db", path)
    assert "1 单位外币合多少元" in said
    assert "新增 1" in said
