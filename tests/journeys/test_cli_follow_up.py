"""Tasks, payments and complaints without a window: templates, lists in and out, the landing report of a day."""

import json
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from tests.journeys.command import called
from tests.journeys.test_cli_lists import EXPO, csv, exported
from tests.journeys.test_cli_usage import said

DEALS = (
    "项目名称,类型,阶段,卖方,买方,成交额（万元）,签订日期,登记",
    "膜材料采购,采购 / 销售,落地 / 完成,甲公司,乙公司,300,2018-11-28,有效",
    "电池中试,采购 / 销售,签约,丙公司,乙公司,120.5,2018-11-28,有效",
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file with one new expo and two deals."""
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    said("import", "deals", csv(tmp_path, *DEALS), "--db", path, "--apply")
    return path


def test_lists_go_out_and_come_back_unchanged(own: Path, tmp_path: Path) -> None:
    numbers = [row[0] for row in exported(own, "deals", "编号", "项目名称")]
    tasks = csv(
        tmp_path, "事项,签约项目,负责人,期限", f"催款,{numbers[0]},李可,2018-12-01", "写总结,,郑岚,", name="任务.csv",
    )  # fmt: skip
    points = csv(
        tmp_path, "签约项目,类型,名称,期限,应付金额（万元）,完成日期",
        f"{numbers[0]},付款,首付款,2018-11-29,100,2018-11-29",
        f"{numbers[0]},里程碑,验收,2018-12-31,,", name="付款.csv",
    )  # fmt: skip
    complaints = csv(tmp_path, "受理时间,类别,事由", "2018-11-29 10:00,展会服务,噪声太大", name="投诉.csv")
    for kind, path in (("tasks", tasks), ("milestones", points), ("complaints", complaints)):
        said("import", kind, path, "--db", own, "--apply")
        again = json.loads(called("import", kind, path, "--db", own, "--json"))
        assert (again["new"], again["changed"]) == (0, 0)
        said("template", kind, tmp_path / f"{kind}-blank.xlsx", "--db", own)
    assert exported(own, "tasks", "编号", "事项", "签约项目", "状态") == [
        ("T-001", "催款", numbers[0], "待办"), ("T-002", "写总结", "", "待办"),
    ]  # fmt: skip
    assert exported(own, "milestones", "签约项目", "名称", "实付金额（万元）")[0] == (numbers[0], "首付款", "100.0")


def test_the_landing_report_of_a_day(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "landing.pdf"
    said("report", "landing", path, "--db", own, "--day", "2018-11-30")
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "截至 2018-11-30，签过约的 2 项中，落地或完成 0 项" in text  # landed when it was entered, which is today
    said("report", "landing", path, "--db", own)
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "签过约的 2 项中，落地或完成 1 项，落地率 50.0%" in text
    assert "300.00" in text
    said("report", "landing", tmp_path / "landing.xlsx", "--db", own, "--day", "2018/12/31")


@pytest.mark.parametrize("day", ["2018-13-01", "昨天", "2018-02-30"])
def test_a_day_that_is_none_is_refused(own: Path, tmp_path: Path, day: str) -> None:
    assert "--day" in called("report", "landing", tmp_path / "a.pdf", "--db", own, "--day", day, status=2)
    assert not (tmp_path / "a.pdf").exists()
    assert "不按日期" in called("report", "deals", tmp_path / "a.pdf", "--db", own, "--day", "2018-12-01", status=1)


def test_a_task_names_its_deal_by_number_or_title_and_never_loses_it(own: Path, tmp_path: Path) -> None:
    number = exported(own, "deals", "编号", "项目名称")[0]
    rows = csv(
        tmp_path, "事项,签约项目,参展商,路演项目", f"催款,{number[1]},,", "写总结,没有的项目,,", "访问,,没有的公司,",
        "路演,,,没有的", name="任务.csv",
    )  # fmt: skip
    plan = json.loads(called("import", "tasks", rows, "--db", own, "--json"))
    assert (plan["new"], len(plan["invalid"])) == (1, 3)
    said("import", "tasks", rows, "--db", own, "--apply")
    assert exported(own, "tasks", "事项", "签约项目") == [("催款", number[0])]
    again = csv(tmp_path, DEALS[0], f"{number[1]},采购 / 销售,签约,戊公司,己公司,77,2018-11-29,有效", name="又一份.csv")
    said("import", "deals", again, "--db", own, "--apply")
    said_of = called("import", "tasks", csv(tmp_path, "事项,签约项目", f"核对,{number[1]}", name="又.csv"), "--db", own)
    assert "不止一条，填编号" in said_of
    blank = tmp_path / "blank.xlsx"
    said("template", "tasks", blank, "--db", own)
    guide = openpyxl.load_workbook(blank).worksheets[1]
    assert any(row[2] and row[2].startswith("已有的编号或项目名称") for row in guide.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("采购", "采购 / 销售"),
        ("融资", "投资 / 融资"),
        ("框架协议", "战略合作框架协议"),
        ("Purchase", "采购 / 销售"),
        ("捐赠", None),
    ],
)
def test_a_kind_of_deal_is_the_one_it_names_or_none(own: Path, tmp_path: Path, word: str, kind: str | None) -> None:
    rows = csv(
        tmp_path,
        "项目名称,类型,卖方,买方,成交额（万元）,签约方",
        f"新项目,{word},甲公司,丁公司,10,甲公司、丁公司",
        name="新.csv",
    )
    plan = json.loads(called("import", "deals", rows, "--db", own, "--json"))
    assert (plan["new"], len(plan["invalid"])) == ((1, 0) if kind else (0, 1))
    if kind:
        said("import", "deals", rows, "--db", own, "--apply")
        assert ("新项目", kind) in exported(own, "deals", "项目名称", "类型")


@pytest.mark.parametrize(
    ("kind", "head", "row"),
    [
        ("tasks", "事项,办结日期", "催款,2018-13-01"), ("editions", "届次,展会名称,开始日期", "3,甲展,2018-13-01"),
        ("surveys", "调查名称,发出", "问卷,许多"),
        ("complaints", "受理时间,类别,事由,办结日期", "2018-11-29 10:00,展会服务,噪声,昨"),
    ],
)  # fmt: skip
def test_a_day_or_count_that_cannot_be_read_keeps_its_row_out(
    own: Path, tmp_path: Path, kind: str, head: str, row: str
) -> None:
    plan = json.loads(called("import", kind, csv(tmp_path, head, row, name="坏.csv"), "--db", own, "--json"))
    assert (plan["new"], len(plan["invalid"])) == (0, 1)
