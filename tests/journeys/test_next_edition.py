"""A seventh edition set up from nothing, with other industries, regions and halls than the sample's."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.journeys.test_cli_trade import text_of
from tests.journeys.test_cli_usage import said, value

EXHIBITORS = """参展单位,地区,产业,类别,联合参展于,自有人员、自有展品,状态
杭州跨界智造有限公司,杭州市,低空经济,参展商,,,已确认
合肥量子测量有限公司,合肥市,量子科技,参展商,,,已确认
宁波海工装备有限公司,宁波市,低空经济,参展商,杭州跨界智造有限公司,是,已确认
外国传感公司,德国,量子科技,代表企业,合肥量子测量有限公司,,已确认
"""
EDITIONS = """届次,名称,开始日期,参展商数,活动场次,展览面积,累计技术交易额（亿元）,来源
5,某博览会,2022-11-16,,约 50,,,报道
6,某博览会,2023-11-15,2,50余,约 1 万,7.7,报道
"""
SURVEYS = """调查名称,调查对象,发出,收回,有效,满意
第七届参展商问卷,参展商,60,55,52,45
"""


@pytest.fixture
def seventh(tmp_path: Path) -> Path:
    """The file of the seventh edition, everything brought in by lists."""
    db = tmp_path / "seventh.db"
    said("new", "第七届科技博览会", "--code", "KJH24", "--starts", "2024-11-13", "--ends", "2024-11-15",
         "--venue", "国际会展中心", "--edition", "7", "--db", db)  # fmt: skip
    for kind, text, more in (
        ("exhibitors", EXHIBITORS, ("--new-words",)), ("editions", EDITIONS, ()), ("surveys", SURVEYS, ()),
    ):  # fmt: skip
        table = tmp_path / f"{kind}.csv"
        table.write_text(text, encoding="utf-8")
        plan = value("import", kind, table, "--db", db, *more, "--apply")
        assert (plan["applied"], plan["invalid"]) == (True, []), (kind, plan)
    return db


def rows_of(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()]


def test_the_grade_sheet_knows_its_own_figures(seventh, tmp_path):
    said("report", "grade", tmp_path / "grade.xlsx", "--db", seventh)
    criteria = {row[0]: row[1] for row in rows_of(tmp_path / "grade.xlsx", "评级参考")}
    assert criteria["已办届数"] == 3.0, "two that were reported and this one"
    assert criteria["参展商满意率"] == pytest.approx(45 / 52, abs=1e-6)
    audit = {row[0]: row[1:5] for row in rows_of(tmp_path / "grade.xlsx", "审计表")}
    assert audit["参展商（家）"] == [2.0, 0.0, 0.0, 2.0]
    assert audit["联合参展（家）"] == [1.0, 0.0, 0.0, 1.0]
    assert audit["代表企业（家，不计入参展商）"] == [0.0, 1.0, 0.0, 1.0]


def test_its_figures_stand_beside_those_of_the_sixth(seventh, tmp_path):
    said("report", "trends", tmp_path / "trends.xlsx", "--db", seventh)
    own = {row[0]: row[1:] for row in rows_of(tmp_path / "trends.xlsx", "各届数字")}
    assert own["指标"][:3] == ["第 5 届 2022", "第 6 届 2023", "第 7 届 2024"]
    assert own["参展商（家）"] == ["", 2.0, 2.0, "0.0%"]
    assert own["活动（场）"][:2] == ["约 50", "超过 50"]
    totals = {row[0]: row[1:] for row in rows_of(tmp_path / "trends.xlsx", "累计数字")}
    assert totals["累计技术交易额（万元）"][:3] == ["", 77000.0, ""]
    assert "技术交易额（万元）" not in own, "nobody reported one of an edition's own"


@pytest.mark.parametrize(
    ("name", "language", "told"),
    [
        ("grade", "zh_CN", ("评级参考", "参展商满意率", "86.5%")),
        ("grade", "en", ("For information only", "86.5%")),
        ("trends", "zh_CN", ("历届对比", "累计技术交易额", "77,000.00", "超过 50")),
        ("trends", "en", ("Editions", "77,000.00", "over 50")),
    ],
)
def test_every_document_of_the_area_says_what_went_in(seventh, tmp_path, name, language, told):
    path = tmp_path / "own.pdf"
    said("report", name, path, "--db", seventh, "--lang", language)
    words = text_of(path)
    assert [one for one in told if one not in words] == []
