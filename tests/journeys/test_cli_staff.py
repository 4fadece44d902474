"""From lists to badges without a window: contacts, speakers and a staff list of an expo set up from nothing."""

import csv
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tests.journeys.command import called
from tests.journeys.test_cli_usage import EXPO, code_of, ran, said, value


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A new expo with two exhibitors, one of them without a contact, and one that cancelled."""
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    lines = (
        "参展单位,联系人,联系人手机,状态,胸卡名额", "宁波海工装备有限公司,周海,13800000001,已确认,2",
        "台州缝纫机厂,,,已确认,", "温州阀门股份,林阀,13800000002,已取消,",
    )  # fmt: skip
    (tmp_path / "展商.csv").write_text("\n".join(lines), encoding="utf-8")
    value("import", "exhibitors", tmp_path / "展商.csv", "--db", path, "--apply")
    return path


def test_contacts_get_badges_and_who_does_not_is_named(own: Path, tmp_path: Path) -> None:
    made = value("badges", tmp_path / "b.pdf", "--contacts", "--db", own)
    assert (made["registered"], made["issued"], made["badges"]) == (1, 1, 1)
    assert [(one["name"], one["organisation"], one["why"]) for one in made["left_out"]] == [
        ("", "台州缝纫机厂", "nobody"),
        ("林阀", "温州阀门股份", "cancelled"),
    ]
    lines = said("badges", tmp_path / "b.pdf", "--contacts", "--db", own).splitlines()
    assert lines[0] == "新登记 0 人，没有登记 3 人。"
    assert any(line.startswith("宁波海工装备有限公司  周海  已登记 MY19-E-") for line in lines)


def test_a_staff_list_needs_no_column_for_what_is_the_same_in_every_row(own: Path, tmp_path: Path) -> None:
    table = tmp_path / "人员.csv"
    table.write_text("姓名,手机,类别\n钱一,13811112222,\n孙二,13811113333,观众\n李三,13811114444,\n", encoding="utf-8")
    given = ("--set", "单位=宁波海工装备有限公司", "--usual", "类别=exhibitor", "--usual", "状态=已确认")
    plan = value("import", "attendees", table, *given, "--db", own, "--apply")
    assert (plan["new"], plan["invalid"]) == (3, [])
    out = tmp_path / "out.csv"
    said("export", "attendees", out, "--db", own)
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert sum("宁波海工装备有限公司" in row and "参展商" in row and "已确认" in row for row in rows) == 2
    assert sum("宁波海工装备有限公司" in row and "观众" in row for row in rows) == 1
    left = value("badges", tmp_path / "b.pdf", "--contacts", "--db", own)["left_out"]
    assert ("周海", "over", "名额 2 个，已登记 2 人") in [(one["name"], one["why"], one["detail"]) for one in left]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--set", "单位"), "E-USAGE"),
        (("--set", "楼层=3"), "E-FIELD"),
        (("--usual", "类别=讲解员"), "E-SET"),
        (("--set", "类别=观众", "--set", "category_id=参展商"), "E-USAGE"),
        (("--set", "类别=观众", "--usual", "类别=参展商"), "E-USAGE"),
    ],
)
def test_what_cannot_be_set_is_one_sentence(own: Path, tmp_path: Path, given: tuple[str, ...], code: str) -> None:
    table = tmp_path / "人员.csv"
    table.write_text("姓名\n钱一\n", encoding="utf-8")
    status, out, err = ran("import", "attendees", table, *given, "--db", own)
    assert (status, out, code_of(err.strip())) == (2 if code == "E-USAGE" else 1, "", code)


def test_from_a_list_to_a_badge_to_an_arrival(own: Path, tmp_path: Path) -> None:
    """The codes are read off the printed page; who is let in brings the exhibitor's arrival, and no other's."""
    talks = tmp_path / "日程.csv"
    talks.write_text("活动,开始,嘉宾\n深海采矿论坛,2019-11-02 09:30,Erik Olsen\n", encoding="utf-8")
    said("import", "programme", talks, "--db", own, "--apply")
    said("badges", tmp_path / "b.pdf", "--contacts", "--speakers", "--layout", "8xA7", "--db", own)
    document = pypdfium2.PdfDocument(tmp_path / "b.pdf")
    (page,) = [page.render(scale=3, grayscale=True).to_pil() for page in document]
    text = document[0].get_textpage().get_text_range()
    document.close()
    codes = [found.text for found in zxingcpp.read_barcodes(page)]
    assert len(codes) == 2
    assert "深海采矿论坛" in text
    heard = called(
        "checkin", "--desk", "01 号台", "--at", "2019-11-01 09:10", "--db", own, typed="".join(f"{c}\n" for c in codes)
    )
    assert sorted(line.split("\t")[:2] for line in heard.splitlines()) == [["通过", "Erik Olsen"], ["通过", "周海"]]
    said("export", "exhibitors", tmp_path / "out.csv", "--db", own)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as handle:
        found = {row["参展单位"]: (row["状态"], row["到场时间"]) for row in csv.DictReader(handle)}
    assert found == {
        "宁波海工装备有限公司": ("已到场", "2019-11-01 09:10"), "台州缝纫机厂": ("已确认", ""),
        "温州阀门股份": ("已取消", ""),
    }  # fmt: skip
