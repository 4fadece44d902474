"""The command line as a person or a script uses it, on a demo made once."""

import json
import re
import shutil
import signal
import time
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook

from tests.journeys.command import called, run, start

OUTPUTS = {
    "badges.pdf", "programme.pdf", "directory.pdf", "deals.pdf", "deals.xlsx", "exhibitors.xlsx", "attendees.xlsx",
    "summary.pdf", "summary.xlsx",
}  # fmt: skip


@pytest.fixture(scope="session")
def made(made_once):
    def make(folder):
        out = called("demo", "--out", folder / "d", "--attendees", 700, "--no-window", "--json")
        (folder / "said.json").write_text(out, encoding="utf-8")

    folder = made_once("demo", make)
    return folder / "d", json.loads((folder / "said.json").read_text(encoding="utf-8"))


@pytest.fixture
def demo(made, tmp_path):
    """A copy of the demo's database."""
    return Path(shutil.copy(made[0] / "expo.db", tmp_path / "expo.db"))


def test_the_demo_is_whole_and_says_what_is_where(made):
    folder, said = made
    assert {p.name for p in folder.iterdir() if p.suffix in (".pdf", ".xlsx")} == OUTPUTS
    assert (said["exhibitors"], said["services"], said["attendees"], said["deals"]) == (176, 32, 700, 27)
    assert said["exhibitors_invalid"] == 2
    assert len(pypdf.PdfReader(folder / "badges.pdf").pages) == card_count(folder / "expo.db")
    assert load_workbook(folder / "attendees.xlsx", read_only=True).worksheets[0].max_row == 701


def card_count(file):
    """Badges in force."""
    from expo_app.services import badges, expos
    from expo_app.store.database import open_database

    db = open_database(file, read_only=True)
    try:
        return len(badges.cards(db, expos.all_expos(db)[0].id))
    finally:
        db.close()


def test_the_demo_replaces_its_own_and_refuses_what_it_did_not_make(tmp_path):
    folder = tmp_path / "d"
    folder.mkdir()
    called(
        "new", "科交会", "--code", "KJH19", "--starts", "2019-11-01", "--ends", "2019-11-02", "--db", folder / "expo.db"
    )
    before = (folder / "expo.db").read_bytes()
    err = called("demo", "--out", folder, "--attendees", 700, "--no-window", status=1)
    assert "E-NOT-SAMPLE" in err
    assert (folder / "expo.db").read_bytes() == before
    (folder / "expo.db").unlink()
    (folder / "badges.pdf").write_text("mine")
    err = called("demo", "--out", folder, "--attendees", 700, "--no-window", status=1)
    assert "E-EXISTS" in err
    assert (folder / "badges.pdf").read_text() == "mine"
    assert list(folder.glob("*.lock")) == []


def test_without_a_display_the_demo_says_so(tmp_path):
    child = start("demo", "--out", tmp_path / "d", "--attendees", 1, home=tmp_path / "home")
    out, err = child.communicate()
    assert child.returncode == 0
    assert "没有打开窗口" in err
    assert out.splitlines()[-2:] == [
        "参会人员 601 人：程序生成 1 人，随附的表格里 600 人。",
        "要的是 1 人：表格里的人总在，参会人员不会比那更少。",
    ]


@pytest.mark.slow
def test_a_killed_demo_leaves_the_old_one_or_a_new_one(tmp_path):
    folder, home = tmp_path / "d", tmp_path / "home"
    run("demo", "--out", folder, "--attendees", 700, "--no-window", home=home)
    for wait in (0.5, 1.0, 1.6, 2.2, 3.0):
        child = start("demo", "--out", folder, "--attendees", 700, "--no-window", home=home)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        run("doctor", "--db", folder / "expo.db", home=home)
        for path in folder.glob("*.pdf"):
            assert pypdf.PdfReader(path).pages
        for path in folder.glob("*.xlsx"):
            load_workbook(path, read_only=True).close()
    run("demo", "--out", folder, "--attendees", 700, "--no-window", home=home)
    assert [p.name for p in folder.iterdir() if "part" in p.name or "lock" in p.name] == []


def test_a_plan_writes_nothing_and_apply_writes_it(demo, tmp_path):
    table = tmp_path / "名单.csv"
    table.write_text(
        "姓名,手机,单位,类别\n新人甲,16000009991,新公司（示例）,媒体\n新人乙,123,新公司（示例）,媒体\n",
        encoding="gb18030",
    )
    arguments = ("import", "attendees", table, "--db", demo, "--json")
    for applied in (False, True):
        said = json.loads(called(*arguments, *(["--apply"] if applied else [])))
        assert {k: said[k] for k in ("new", "changed", "same", "applied")} == {
            "new": 2, "changed": 0, "same": 0, "applied": applied,
        }  # fmt: skip
        assert [(row["row"], list(row["notes"])) for row in said["noted"]] == [(3, ["手机"])]
    assert json.loads(called(*arguments))["same"] == 2


@pytest.mark.parametrize("kind", ["exhibitors", "attendees", "programme", "deals", "meetings"])
def test_what_is_exported_imports_as_the_same(demo, tmp_path, kind):
    out = tmp_path / f"{kind}.xlsx"
    rows = json.loads(called("export", kind, out, "--db", demo, "--json"))["rows"]
    said = json.loads(called("import", kind, out, "--db", demo, "--json"))
    assert (said["same"], said["new"], said["changed"], said["invalid"]) == (rows, 0, 0, [])


def test_exports_are_masked_unless_somebody_gives_a_reason(demo, tmp_path, monkeypatch):
    called("export", "attendees", tmp_path / "a.csv", "--db", demo)
    assert not re.search(r"1\d{10}", (tmp_path / "a.csv").read_text(encoding="utf-8-sig"))
    monkeypatch.setenv("EXPO_PIN", "201811")
    who = ("--operator", "陈放")
    called("export", "attendees", tmp_path / "b.csv", "--db", demo, "--unmasked", "应急联络", *who)
    assert re.search(r"1\d{10}", (tmp_path / "b.csv").read_text(encoding="utf-8-sig"))


def test_badges_name_once_who_is_printed_small_or_without_a_glyph(demo, tmp_path):
    table = tmp_path / "名单.csv"
    table.write_text(
        "姓名,手机,单位,类别\nChristopher Montgomery-Featherstone,16000009991,新公司,媒体\nพ,16000009992,新公司,媒体\n",
        encoding="utf-8-sig",
    )
    called("import", "attendees", table, "--db", demo, "--apply")
    said = called("badges", tmp_path / "b.pdf", "--db", demo, "--unprinted").splitlines()
    assert sorted(line.split(maxsplit=1)[1] for line in said if "：" in line) == [
        "Christopher Montgomery-Featherstone：姓名偏小 2 行 17.5 pt，一般不小于 24 pt",
        "พ：字体缺字",
    ]


def test_scans_are_answered_line_by_line(demo, tmp_path):
    from expo_app.services import badges, expos
    from expo_app.store.database import open_database

    db = open_database(demo, read_only=True)
    card = badges.cards(db, expos.all_expos(db)[0].id)[-1]
    code = card.code
    db.close()
    home = tmp_path / "home"
    typed = "\n".join([code, code, "hello", "E1" + "A" * 26, "x" * 4000, "\x00\x1b[2J"]) + "\n"
    out = run(
        "checkin", "--desk", "南门 01 号台", "--at", "2018-11-30T09:00", "--db", demo, "--json", home=home, typed=typed
    )
    said = [json.loads(line) for line in out.splitlines()]
    assert [(s["verdict"], s["bounce"]) for s in said] == [
        ("admitted", False), ("admitted", True), ("malformed", False), ("unknown", False), ("malformed", False),
        ("malformed", False),
    ]  # fmt: skip
    assert said[0]["first_desk"] == "南门 01 号台"
    assert (said[0]["category"], said[0]["category_name"]) == (card.category.key, card.category.name)
    assert (said[3]["category"], said[3]["category_name"]) == (None, None)
    later = run(
        "checkin",
        "--desk",
        "南门 02 号台",
        "--at",
        "2018-11-30T09:05",
        "--db",
        demo,
        "--json",
        home=home,
        typed=code + "\n",
    )
    again = json.loads(later)
    assert (again["verdict"], again["first_desk"], again["first_at"]) == ("again", "南门 01 号台", said[0]["first_at"])


def test_an_unknown_desk_names_those_there_are(demo, tmp_path):
    err = called("checkin", "--desk", "西门", "--db", demo, status=1)
    assert "南门 01 号台" in err


def test_backup_and_restore(demo, tmp_path):
    said = json.loads(called("backup", tmp_path / "b.db", "--db", demo, "--json"))
    assert said["rows"] > 1000
    demo.write_bytes(b"not a database any more")
    assert "E-DB" in called("export", "deals", tmp_path / "x.xlsx", "--db", demo, status=1)
    called("restore", tmp_path / "b.db", "--db", demo)
    assert list(tmp_path.glob("*.lock")) == []
    called("doctor", "--db", demo)


@pytest.mark.parametrize("verb", ["", "demo", "import", "export", "report", "checkin"])
def test_help_reads_like_a_manual(tmp_path, verb):
    said = called(*([verb] if verb else []), "--help")
    assert "用法：main.py" in said
    if not verb:
        for word in ("exhibitors", "attendees", "programme", "deals", "summary", "directory", "checkins", "退出状态"):
            assert word in said


def test_wrong_usage_is_status_2(tmp_path):
    called("import", "dragons", "x.xlsx", status=2)
    called("fly", status=2)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"hello", "E-FILE"),
        ("a.csv", b"", "E-FILE"),
        ("a.xlsx", b"PK\x03\x04 cut", "E-FILE"),
        ("none.xlsx", None, "E-FILE"),
    ],
)
def test_a_bad_file_is_one_sentence(demo, tmp_path, name, content, code):
    path = tmp_path / "in" / name
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    err = called("import", "attendees", path, "--db", demo, status=1)
    assert len(err.strip().splitlines()) == 1
    assert code in err


def test_no_database_is_said(tmp_path):
    err = called("export", "deals", tmp_path / "x.xlsx", "--db", tmp_path / "none.db", status=1)
    assert "E-DB-MISSING" in err
    assert not (tmp_path / "x.xlsx").exists()


def test_gates_and_desks_come_from_a_file_and_scan_both_ways(demo, tmp_path):
    from sqlalchemy import select

    from expo_app.model import Attendee, AttendeeState, Badge, Category
    from expo_app.store.database import open_database

    called("template", "gates", tmp_path / "empty.xlsx")
    gates, desks = tmp_path / "gates.csv", tmp_path / "desks.csv"
    gates.write_text(
        "名称,类型,方向,开放时段,允许类别,核定人数,到数后\n"
        "货运门,通道,双向,08:30–16:30、2018-11-30 20:00–02:00,工作人员、参展商,1,停止放行\n",
        encoding="utf-8-sig",
    )
    desks.write_text("名称,入口与通道\n货运 01 号台,货运门\n", encoding="utf-8-sig")
    called("import", "gates", gates, "--db", demo, "--apply")
    called("import", "desks", desks, "--db", demo, "--apply")
    called("export", "gates", tmp_path / "out.csv", "--db", demo)
    (line,) = [row for row in (tmp_path / "out.csv").read_text("utf-8-sig").splitlines() if "货运门" in row]
    assert "08:30–16:30、2018-11-30 20:00–02:00" in line
    assert "参展商、工作人员" in line
    db = open_database(demo)
    with db.reading() as session:
        crew = session.scalars(
            select(Badge.code)
            .join(Attendee, Attendee.id == Badge.attendee_id)
            .join(Category, Category.id == Attendee.category_id)
            .where(
                Category.key == "exhibitor", Attendee.valid_days.is_(None), Badge.revoked_at.is_(None),
                Attendee.state == AttendeeState.CONFIRMED,
            )
            .limit(2)
        ).all()  # fmt: skip
    db.close()

    def scanned(codes, *more, at="2018-11-30T21:00"):
        typed = "".join(f"{code}\n" for code in codes)
        desk = ("--desk", "货运 01 号台", "--at", at, "--db", demo, "--json")
        said = [json.loads(answer) for answer in called("checkin", *desk, *more, typed=typed).splitlines()]
        return [answer["verdict"] for answer in said]

    assert scanned(crew[:1], at="2018-11-30T09:00") == ["closed"]
    assert scanned(crew) == ["admitted", "full"]
    assert scanned(crew[:1], "--direction", "out") == ["out"]
    assert scanned(crew[1:]) == ["admitted"]
    assert "在场人数" not in called("doctor", "--db", demo)
    assert "改正 0 处" in called("doctor", "--recount", "--db", demo)
