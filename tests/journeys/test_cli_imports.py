"""`import` and `undo` without a window: what would change, what a correction file holds, an import taken back."""

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from expo_app.model import ProgrammeItem
from expo_app.services import imports
from expo_app.store.database import Database, open_database
from tests.journeys.test_cli_usage import EXPO, ran, refused, said, value


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file with one new expo and one person in it."""
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    imported(path, tmp_path, "证件号,姓名,手机,职务", "MY19-V-00001,王芳,13812345678,经理")
    return path


def imported(
    db: Path, folder: Path, *lines: str, kind: str = "attendees", name: str = "名单.csv", update: bool = False
) -> Any:
    """The JSON of `import --apply` of a file of these lines."""
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return value("import", kind, folder / name, "--db", db, "--apply", *(["--update"] if update else []))


def test_the_plan_says_what_changes_and_hides_what_is_personal(own: Path, tmp_path: Path) -> None:
    table, mended = tmp_path / "a.csv", tmp_path / "mended.xlsx"
    lines = ("证件号,姓名,手机,职务", "MY19-V-00001,王 芳,13900001111,总\x07监", ",,123,", ",李强,,")
    table.write_text("\n".join(lines), encoding="utf-8")
    changes = {"职务": ["经理", "总监"], "手机": ["138****5678", "139****1111"]}
    plan = value("import", "attendees", table, "--db", own, "--update")
    assert plan["changes"] == [{"row": 2, "fields": changes}]
    assert (plan["new"], plan["changed"], plan["same"]) == (1, 1, 0)
    assert [row["row"] for row in plan["invalid"]] == [3]
    note = "职务：有看不见的控制字符，已去掉"
    assert said("import", "attendees", table, "--db", own, "--update", "--correction", mended).splitlines() == [
        "没有写“状态”的 1 人进来是待确认，确认之前各入口都不放行。",
        "加 --fill 状态 就都按“已确认”导入。",
        f"第 2 行：{note}；手机：138****5678 → 139****1111；职务：经理 → 总监",
        "第 3 行：手机：少 8 位，应为 11 位数字；姓名：不能为空。",
        "其中 1 行带说明，照常导入。",
        "新增 1，更新 1，相同 0，有问题 1。这是计划，还没有写入；加 --apply 写入。",
        f"{mended} 里是有问题的 1 行和照常导入但带说明的 1 行，改好后可再导入。",
    ]
    book = load_workbook(mended, read_only=True)
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [
        f"原第 2 行：{note}。",
        "原第 3 行：手机：少 8 位，应为 11 位数字；姓名：不能为空。",
    ]
    book.close()


def test_imports_are_listed_and_undone_by_number(own: Path, tmp_path: Path) -> None:
    done = imported(own, tmp_path, "姓名,职务", "王芳,总监", "李强,工程师", name="第二份.csv", update=True)
    assert (done["number"], done["new"], done["changed"]) == (2, 1, 1)
    listed = value("undo", "--db", own)
    assert [(b["number"], b["file"], b["kind"], b["new"], b["changed"]) for b in listed] == [
        (2, "第二份.csv", "attendees", 1, 1),
        (1, "名单.csv", "attendees", 1, 0),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", b["at"]) for b in listed)
    lines = said("undo", "--db", own).splitlines()
    assert [line.split("\t")[0::2] for line in lines] == [
        ["2", "观众登记", "新增 1，更新 1"],
        ["1", "观众登记", "新增 1，更新 0"],
    ]
    words = "已撤销第 2 次导入（第二份.csv）：新增的 1 条已删去，更新的 1 条已改回。"
    assert said("undo", 2, "--db", own).splitlines() == [words]
    assert refused("undo", 2, "--db", own) == "这次导入已经撤销过，数据未变。 [E-UNDONE]"
    assert refused("undo", 7, "--db", own) == "没有第 7 次导入或合并，数据未变。可撤销的：1。 [E-NO-IMPORT]"
    undone = value("undo", 1, "--db", own)
    assert (undone["number"], undone["file"], undone["undone"]) == (1, "名单.csv", True)
    assert (value("undo", "--db", own), said("undo", "--db", own)) == ([], "没有可撤销的导入或合并。\n")
    assert imported(own, tmp_path, "姓名", "赵敏")["number"] == 3
    assert refused("undo", "0000000012", "--db", own).startswith("没有第 12 次导入")
    for wrong in ("0", "-1", "x", "１", "1" * 5000):
        assert ran("undo", wrong, "--db", own)[0] == 2


def test_a_row_refused_while_it_is_written_is_named_and_corrected(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program locks the item between the plan and the writing: nothing is half done."""
    imported(own, tmp_path, "活动名称,开始", "开幕式,2019-11-01 09:00", kind="programme")
    written = imports.apply

    def locked_meanwhile(db: Database, *rest: Any) -> Any:
        other = open_database(own)
        with other.transaction() as session:
            session.query(ProgrammeItem).one().is_locked = True
        other.close()
        return written(db, *rest)

    monkeypatch.setattr(imports, "apply", locked_meanwhile)
    table, mended = tmp_path / "b.csv", tmp_path / "mended.xlsx"
    table.write_text("活动名称,开始\n论坛,\n开幕式,2019-11-01 10:00\n", encoding="utf-8")
    status, out, err = ran("import", "programme", table, "--db", own, "--update", "--apply", "--correction", mended)
    reason = "开始：活动已锁定，时间和会场不能改。先解锁再改。"
    assert (status, out.splitlines()) == (1, [f"第 3 行：{reason}", f"{mended} 里是有问题的 1 行，改好后可再导入。"])
    assert err == f"第 3 行写不进去：{reason}没有写入任何数据。改好这一行后再导入。 [E-IMPORT-ROW]\n"
    monkeypatch.undo()
    assert value("import", "programme", table, "--db", own)["new"] == 1
    assert [batch["number"] for batch in value("undo", "--db", own)] == [2, 1]


def test_groups_of_regions_come_from_a_file_and_go_into_one(own: Path, tmp_path: Path) -> None:
    lines = ("名称,包括,计入地市,英文名称", "深圳,深圳市,,Shenzhen", "南山,深圳市南山区,深圳市,", "重复,深圳市,,")
    done = imported(own, tmp_path, *lines, kind="region-groups", name="分组.csv")
    assert (done["new"], done["invalid"][0]["row"]) == (2, 4)
    said("export", "region-groups", tmp_path / "out.csv", "--db", own)
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines() == [
        "名称,包括,计入地市,顺序,英文名称", "深圳,深圳市,,1,Shenzhen", "南山,深圳市南山区,深圳市,2,",
    ]  # fmt: skip
    said("template", "region-groups", tmp_path / "template.xlsx")
    assert ran("import", "region_groups", tmp_path / "分组.csv", "--db", own)[0] == 2
