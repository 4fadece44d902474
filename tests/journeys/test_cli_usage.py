"""What a new user types wrong, and what the command line says: one sentence, the right status, nothing half done."""

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from expo_app import cli, cli_usage, i18n, paths, settings
from expo_app.errors import UserError
from expo_app.model import Attendee
from expo_app.services import badges, checkin_desks, expos, records
from expo_app.specs import EXPOS
from expo_app.store import engines
from expo_app.store.database import Database, open_database
from tests.conftest import QT_MISSING

EXPO = ("--code", "MY19", "--starts", "2019-11-01", "--ends", "2019-11-03")
UNTIDY = paths.resource("sample", "exhibitors_untidy.xlsx")
posix = pytest.mark.skipif(sys.platform == "win32", reason="on Windows such places exist")


@pytest.fixture
def file(sample_file: Path, tmp_path: Path) -> Path:
    """A copy of the sample expo."""
    return Path(shutil.copy(sample_file, tmp_path / "expo.db"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file with one new expo."""
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    return path


@pytest.fixture(autouse=True)
def _no_language_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "EXPO_DB"):
        monkeypatch.delenv(name, raising=False)


def ran(*arguments: object) -> tuple[int, str, str]:
    """Status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        status = cli.main([str(argument) for argument in arguments], out, err)
    except SystemExit as end:
        status = int(str(end.code or 0))
    return status, out.getvalue(), err.getvalue()


def said(*arguments: object) -> str:
    status, out, err = ran(*arguments)
    assert (status, err) == (0, "")
    return out


def value(*arguments: object) -> Any:
    return json.loads(said(*arguments, "--json"))


def refused(*arguments: object) -> str:
    """The one sentence of a verb that refuses."""
    status, out, err = ran(*arguments)
    assert (status, out, err.count("\n")) == (1, "", 1), (out, err)
    return err.strip()


def code_of(sentence: str) -> str:
    return sentence.rpartition("[")[2].rstrip("]")


def things(folder: Path) -> list[str]:
    """Names in a folder; the settings of the test lie in `home`."""
    return sorted(path.name for path in folder.iterdir() if path.name != "home")


# --- the tour of the README ---


def test_the_tour_imports_exhibitors_into_an_own_expo_and_notes_the_booths(own: Path, tmp_path: Path) -> None:
    mended = tmp_path / "mended.xlsx"
    plan = value("import", "exhibitors", UNTIDY, "--db", own, "--correction", mended)
    assert (plan["new"], len(plan["invalid"]), len(plan["noted"]), plan["applied"]) == (46, 2, 46, False)
    assert [note for note in plan["notes"] if "展位" in note] == [
        "“展位”里的展位本展会一个也没有：46 行照样导入，只是不写这一项。建好展位后，把同一文件再导一次就会补上。"
    ]
    assert plan["correction"] == str(mended)
    book = load_workbook(mended, read_only=True)
    assert book.worksheets[0].max_row == 1 + 48
    book.close()
    lines = said("import", "exhibitors", UNTIDY, "--db", own, "--apply").splitlines()
    assert lines[-2:] == ["新增 46，更新 0，相同 0，有问题 2。已写入。", "要撤回这次导入：undo 1。"]
    assert value("import", "exhibitors", UNTIDY, "--db", own)["same"] == 46


def test_the_sample_expo_keeps_refusing_a_misspelt_booth(file: Path) -> None:
    plan = value("import", "exhibitors", UNTIDY, "--db", file)
    assert [row["row"] for row in plan["invalid"]] == [54, 55]
    reasons = {reason for row in plan["invalid"] for reason in row["problems"].values()}
    assert {"不能为空。", "与第 8 行重复，只留一行。"} <= reasons


def test_the_readmes_say_the_same(sample_file: Path) -> None:
    """Commands, files, PINs, keys and names of the sample stand in both; the desk of the tour is one of its desks."""
    texts = [(paths.root() / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    for pattern in (
        r"```\w+\n(.+?)```", r"resources/[\w/.-]+", r"陈放|周敏", r"\b\d{6}\b", r"--desk \"([^\"]+)\"", r"EXPO_\w+",
        r"Ctrl\+[\w…]+|\bF\d+\b", r"^## |^\d\. ", r"E-[A-Z-]+",
    ):  # fmt: skip
        found = [sorted(re.findall(pattern, text, re.DOTALL | re.MULTILINE)) for text in texts]
        assert found[0] == found[1], pattern
    db = open_database(sample_file, read_only=True)
    there = checkin_desks.names(db, expos.all_expos(db)[0].id)[0]
    db.close()
    assert set(re.findall(r"--desk \"([^\"]+)\"", texts[0])) <= set(there)


# --- which expo ---


def test_of_several_expos_one_must_be_named(own: Path, tmp_path: Path) -> None:
    said("new", "第二届", "--code", "MY20", "--starts", "2020-11-01", "--ends", "2020-11-03", "--db", own)
    table = tmp_path / "a.csv"
    table.write_text("企业名称\n甲公司\n", encoding="utf-8")
    for verb in (
        ("import", "exhibitors", table), ("export", "exhibitors", tmp_path / "a.xlsx"),
        ("report", "summary", tmp_path / "a.pdf"), ("badges", tmp_path / "b.pdf"), ("checkin", "--desk", "01 号台"),
    ):  # fmt: skip
        sentence = "文件里有 2 个展会：MY20、MY19，没有做任何事。请用 --expo 指明哪一个。 [E-WHICH-EXPO]"
        assert refused(*verb, "--db", own) == sentence
    assert list(tmp_path.glob("*.pdf")) == []
    assert value("export", "exhibitors", tmp_path / "a.xlsx", "--db", own, "--expo", "my19")["rows"] == 0
    other = refused("export", "exhibitors", tmp_path / "a.xlsx", "--db", own, "--expo", "KJH18")
    assert other == "没有展会“KJH18”，文件里有：MY20、MY19。 [E-NO-EXPO]"


def test_a_file_without_an_expo_says_what_to_do(db_path: Path, tmp_path: Path) -> None:
    sentence = refused("export", "deals", tmp_path / "a.xlsx", "--db", db_path)
    assert sentence == "文件里还没有展会，没有做任何事。请先用 new 新建一个。 [E-NO-EXPO]"


# --- where to write ---


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("folder", "E-EXISTS"),
        ("none/a{end}", "E-FOLDER"),
        ("file/a{end}", "E-FOLDER"),
        pytest.param("\\\\server\\share\\a{end}", "E-SHARE", marks=posix),
        ("a.txt", "E-FORMAT"),
        ("foreign{end}", "E-EXISTS"),
    ],
)
@pytest.mark.parametrize(
    ("verb", "end"),
    [
        (("export", "deals"), ".xlsx"), (("export", "deals"), ".csv"), (("template", "deals"), ".xlsx"),
        (("report", "summary"), ".pdf"), (("badges",), ".pdf"), (("backup",), ".db"),
        (("import", "exhibitors", UNTIDY, "--correction"), ".xlsx"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_one_sentence(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...], end: str, place: str, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name in ("file", f"foreign{end}"):
        Path(name).write_bytes(b"somebody's")
    before = things(tmp_path)
    data = () if verb[0] == "template" else ("--db", file)
    if verb == ("backup",) and place in ("a.txt", "folder"):  # any name will do; in a folder it is the time
        value(*verb, place, *data)
        assert [info.is_file() for info in (Path("a.txt"), *Path("folder").glob("*.db")) if info.exists()] == [True]
        return
    assert code_of(refused(*verb, place.format(end=end), *data)) == code
    assert things(tmp_path) == before
    assert Path(f"foreign{end}").read_bytes() == b"somebody's"


@pytest.mark.parametrize(
    ("place", "code"),
    [("file", "E-EXISTS"), ("file/d", "E-FILE-WRITE"), pytest.param("\\\\server\\share", "E-SHARE", marks=posix)],
)
def test_a_demo_cannot_lie_just_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_bytes(b"somebody's")
    assert code_of(refused("demo", "--out", place, "--no-window")) == code
    assert things(tmp_path) == ["file"]


@posix
def test_a_database_cannot_lie_on_a_share_that_is_no_folder_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert code_of(refused("new", "我的展会", *EXPO, "--db", "\\\\server\\share\\a.db")) == "E-SHARE"
    assert things(tmp_path) == []


def test_a_backup_replaces_a_backup_but_not_a_database(file: Path, own: Path, tmp_path: Path) -> None:
    before = own.read_bytes()
    for target in (own, file):
        assert code_of(refused("backup", target, "--db", file)) == "E-EXISTS"
    assert own.read_bytes() == before
    copy = tmp_path / "copy.db"
    for _time in range(2):
        said("backup", copy, "--db", file)
    for itself in (copy, file):
        sentence = "备份不能写在数据库自己的位置上，没有备份。请换一个文件名。 [E-EXISTS]"
        assert refused("backup", itself, "--db", itself) == sentence
    said("doctor", "--db", copy)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", ["deals", "checkins", "booths"])
def test_an_earlier_csv_is_replaced_and_a_foreign_one_is_not(
    file: Path, tmp_path: Path, language: str, kind: str
) -> None:
    out = tmp_path / "a.csv"
    for wanted in ("zh_CN", language):
        said("--lang", wanted, "export", kind, out, "--db", file)
    header = next(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    for foreign in (header[:-1], [*header, "x"], ["x", *header[1:]]):
        out.write_text(",".join(foreign) + "\r\n", encoding="utf-8-sig", newline="")
        assert code_of(refused("export", kind, out, "--db", file)) == "E-EXISTS"
    out.write_text(",".join(header) + "\r\n", encoding="utf-8", newline="")
    assert code_of(refused("export", kind, out, "--db", file)) == "E-EXISTS"


def test_moments_are_exported_in_whole_seconds(file: Path, tmp_path: Path) -> None:
    at = datetime(2018, 11, 29, 2, 0, 1, 765432, UTC)
    db = open_database(file)
    with db.transaction() as session:
        session.execute(update(Attendee).values(registered_at=at))
    db.close()
    for name in ("a.xlsx", "a.csv"):
        said("export", "attendees", tmp_path / name, "--db", file)
    book = load_workbook(tmp_path / "a.xlsx")
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    place = rows[0].index("登记时间")
    assert {row[place] for row in rows[1:]} == {datetime(2018, 11, 29, 10, 0, 1)}  # noqa: DTZ001  (as Excel has it)
    with open(tmp_path / "a.csv", encoding="utf-8-sig", newline="") as stream:
        assert {row["登记时间"] for row in csv.DictReader(stream)} == {"2018-11-29 10:00:01"}


# --- what is said ---


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            ("--code", "MY19", "--starts", "x", "--ends", "2019-13-01"),
            "内容有误，未写入任何数据：开始日期：“x”不是日期，应按“年-月-日”写；"
            "结束日期：“2019-13-01”这一天不存在，核对年、月、日。",
        ),
        (
            ("--code", "MY19", "--starts", "2019-11-03", "--ends", "2019-11-01"),
            "内容有误，未写入任何数据：结束日期：结束日期不能早于开始日期。",
        ),
        (
            ("--code", "my", "--starts", "2019-11-01", "--ends", "2019-11-01"),
            "内容有误，未写入任何数据：编号前缀：编号前缀用 2–10 位大写字母或数字，如 EX26。",
        ),
        (
            (*EXPO, "--like", "KJH18"),
            "找不到数据库文件“{path}”，没有改动任何数据。请检查路径，或新建一个。 [E-DB-MISSING]",
        ),
    ],
)
def test_a_refused_expo_leaves_no_file(tmp_path: Path, wrong: tuple[str, ...], sentence: str) -> None:
    path = tmp_path / "new.db"
    assert refused("new", "我的展会", *wrong, "--db", path) == sentence.replace("{path}", str(path))
    assert things(tmp_path) == []


def test_a_refused_expo_leaves_a_file_that_was_there(own: Path) -> None:
    assert refused("new", "另一届展会", *EXPO, "--db", own) == (
        "内容有误，未写入任何数据：编号前缀：已有“MY19”，不能重复。"
    )
    assert value("doctor", "--db", own)[0]["level"] == "ok"


def test_a_refused_expo_leaves_the_server_that_was_opened_last(pg: Database) -> None:
    settings.save(settings.Settings(last_file=pg.writer.url.render_as_string(hide_password=False)))
    said("new", "我的展会", *EXPO)
    assert refused("new", "另一届展会", *EXPO) == "内容有误，未写入任何数据：编号前缀：已有“MY19”，不能重复。"


def test_an_import_says_what_it_wrote(own: Path, tmp_path: Path) -> None:
    table, mended = tmp_path / "a.csv", tmp_path / "mended.xlsx"
    table.write_text("企业名称,统一信用代码\n同上,\n", encoding="utf-8")
    status, out, err = ran("import", "exhibitors", table, "--db", own, "--apply", "--correction", mended)
    assert (status, err) == (1, "没有一行可以写入，数据未变。每行的问题见上，改好后再导入。\n")
    assert out.splitlines()[1:] == [
        "新增 0，更新 0，相同 0，有问题 1。没有要写入的行，数据未变。",
        f"{mended} 里是有问题的 1 行，改好后可再导入。",
    ]
    assert value("import", "exhibitors", table, "--db", own)["applied"] is False
    same = refused("import", "exhibitors", mended, "--db", own, "--correction", mended)
    assert same == "--correction 不能是要导入的文件本身，没有做任何事。请换一个文件名。 [E-EXISTS]"
    table.write_text("企业名称\n甲公司\n", encoding="utf-8")
    other = tmp_path / "other.xlsx"
    lines = said("import", "exhibitors", table, "--db", own, "--apply", "--correction", other).splitlines()
    assert lines == [
        "新增 1，更新 0，相同 0，有问题 0。已写入。", "要撤回这次导入：undo 1。", f"没有有问题的行，没有写 {other}。",
    ]  # fmt: skip
    assert not other.exists()


@pytest.mark.parametrize("address", ["postgresql://::::x", "postgresql:/x", "mysql://h/x", "sqlite:///a.db"])
def test_an_address_nobody_understands_is_one_sentence(tmp_path: Path, address: str) -> None:
    assert code_of(refused("export", "deals", tmp_path / "a.xlsx", "--db", address)) == "E-DB-ADDRESS"
    assert code_of(refused("new", "我的展会", *EXPO, "--db", address)) == "E-DB-ADDRESS"


def test_nothing_is_no_place_and_no_reason(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a variable that nobody has set leaves it."""
    monkeypatch.chdir(tmp_path)
    before = things(tmp_path)
    for verb in (
        ("demo", "--out", "", "--no-window"), ("backup", "", "--db", file), ("export", "deals", "", "--db", file),
        ("export", "attendees", "a.xlsx", "--unmasked", " ", "--db", file),
    ):  # fmt: skip
        assert ran(*verb)[0] == 2
        assert capsys.readouterr().err.splitlines()[-1].endswith("不能为空。")
    assert things(tmp_path) == before


def test_a_folder_is_no_table(own: Path, tmp_path: Path) -> None:
    sentence = refused("import", "exhibitors", tmp_path, "--db", own)
    assert sentence.startswith(f"“{tmp_path}”是文件夹，不是表格。")


@pytest.mark.parametrize("number", ["abc", "-5", "0", "1.5", "200001", "0200000999", "1" * 5000, "９", ""])
def test_a_wrong_number_is_told_in_words(tmp_path: Path, number: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("demo", "--out", tmp_path / "d", f"--attendees={number}")[0] == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"应为 1 到 200000 的整数，不是“{number}”")


# --- language and file ---


NEW = {
    "edition_no": 7, "name_en": "7th Yangtze Delta Expo", "theme": "跨界创新，携手同行",
    "theme_en": "Across borders, hand in hand",
    "filing_no": "沪商展 2024-118", "filed_on": "2024-05-06", "permit_no": "公安许 2024-33", "approved_headcount": 5000,
    "submit_days": 30, "venues": "东馆、西馆",
}  # fmt: skip


def test_a_new_expo_takes_all_that_its_record_has(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    given = [word for option, name in cli_usage.NEW_EXPO.items() for word in (option, NEW[name])]
    said("new", "第七届", *EXPO, *given, "--venue", "东馆", "--venue", "西馆", "--db", path)
    db = open_database(path, read_only=True)
    values = records.get(db, EXPOS, expos.all_expos(db)[0].id)
    db.close()
    assert {name: str(values[name]) for name in NEW} == {name: str(value) for name, value in NEW.items()}
    wrong = refused("new", "第八届", "--code", "MY20", "--starts", "2025-11-01", "--ends", "2025-11-03",
                    "--approved", "0", "--filed-on", "何时", "--db", path)  # fmt: skip
    assert "核定人数：" in wrong
    assert "备案日期：" in wrong


@pytest.mark.parametrize("before", [True, False])
def test_the_database_is_named_before_the_verb_or_after_it(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    monkeypatch.setenv("EXPO_DB", str(tmp_path / "another.db"))
    data, verb = ("--db", own, "--expo", "MY19"), ("export", "exhibitors", tmp_path / "a.csv")
    said(*data, *verb) if before else said(*verb, *data)
    assert (tmp_path / "a.csv").exists()


def test_the_database_named_after_the_verb_goes_before_the_one_before_it(own: Path, tmp_path: Path) -> None:
    assert said("--db", tmp_path / "none.db", "missing", "--db", own).startswith("✗ 没有展馆")


def test_a_verb_without_a_database_refuses_one_wherever_it_stands(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb = ("demo", "--no-window", "--out", tmp_path / "demo")
    for order in ((*verb, "--db", own), ("--db", own, *verb)):
        assert ran(*order)[0] == 2
        assert "不认识 --db" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


def test_a_template_offers_the_words_of_the_expo(own: Path, tmp_path: Path) -> None:
    for name, more in (("own", ("--db", own)), ("bare", ())):
        said("template", "attendees", tmp_path / f"{name}.xlsx", *more)
    guides = [
        {row[0].value: row[3].value for row in openpyxl.load_workbook(tmp_path / f"{name}.xlsx").worksheets[1].rows}
        for name in ("own", "bare")
    ]
    offered = [next(v for k, v in guide.items() if k and k.startswith("类别")) for guide in guides]
    assert (offered[0] or "").startswith("观众、专业观众、参展商")
    assert not offered[1]


def test_what_is_missing_is_told_line_by_line(own: Path) -> None:
    lines = said("missing", "--db", own).splitlines()
    assert lines[0] == "✗ 没有展馆：展厅和会场没有着落，文件上没有地点。"
    assert "✓ 入口：已有" in lines
    assert "- 没有备案号或许可文号：总结报告里不写这一条。" in lines
    assert lines[-1] == "还缺 8 项才能开展"
    value = json.loads(said("missing", "--db", own, "--json"))
    assert value["ready"] is False
    asked_of_demands = ["matching_consents", "meeting_places", "meeting_hours"]
    there = ["gates", "desks", "categories", "brings_own", *asked_of_demands]
    assert [p["part"] for p in value["parts"] if p["there"]] == there


def test_nothing_is_missing_from_the_sample_but_what_nobody_reported(file: Path) -> None:
    value = json.loads(said("missing", "--db", file, "--json"))
    assert value["ready"] is True
    assert [p["part"] for p in value["parts"] if not p["there"]] == ["permits", "approved_headcount", "quotas"]


@pytest.mark.parametrize("arguments", [("--lang", "en"), ("--lang=en",)])
@pytest.mark.parametrize("verb", [(), ("export",)])
def test_help_is_english_when_asked(
    arguments: tuple[str, ...], verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for order in ((*arguments, *verb), (*verb, *arguments)):
        assert ran(*order, "--help")[0] == 0
        assert "Exit status" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh_CN"), ({"LANG": "C.UTF-8"}, "zh_CN"), ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "zh_CN"), ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
    ],
)  # fmt: skip
def test_the_system_decides_the_language_until_somebody_does(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str, tmp_path: Path
) -> None:
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    assert settings.load().language == language
    ran("doctor", "--db", tmp_path / "none.db")
    assert i18n.language() == language
    other = "en" if language == "zh_CN" else "zh_CN"
    settings.save(settings.Settings(language=other))
    assert settings.load().language == other


def test_window_and_verbs_open_the_same_file(
    own: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.save(settings.Settings(last_file=str(file)))
    assert value("export", "exhibitors", tmp_path / "a.xlsx")["rows"] == 168
    monkeypatch.setenv("EXPO_DB", str(own))
    assert value("export", "exhibitors", tmp_path / "a.xlsx")["rows"] == 0
    if QT_MISSING:
        return
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    window = subprocess.Popen([sys.executable, str(paths.root() / "main.py")])
    end = time.monotonic() + 60
    try:
        while settings.load().last_file != str(own) and window.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        window.kill()
        window.wait()
    assert settings.load().last_file == str(own)


def test_without_a_folder_for_settings_everything_else_works(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("EXPO_HOME", str(tmp_path / "file" / "home"))
    assert {finding["level"] for finding in value("doctor", "--db", file)} == {"ok", "warning"}
    assert value("export", "exhibitors", tmp_path / "a.xlsx", "--db", file)["rows"] == 168
    with pytest.raises(UserError, match="E-SETTINGS"):
        settings.save(settings.Settings())


# --- scans ---


@pytest.fixture
def card(file: Path) -> Iterator[badges.BadgeCard]:
    db = open_database(file, read_only=True)
    yield badges.cards(db, expos.all_expos(db)[0].id)[-1]
    db.close()


def scans(file: Path, typed: bytes, monkeypatch: pytest.MonkeyPatch, *more: str) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    where = ("--desk", "南门 01 号台", "--at", "2018-11-30T09:00", "--db", file)
    return said("checkin", *where, *more).split("\n")[:-1]


def test_every_line_has_its_verdict(file: Path, card: badges.BadgeCard, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["", card.badge_no.lower(), "  ", card.code, "\x1b[2J\x00\u2028", "x" * 4000, "kjh18-v-99999"]
    typed = "\n".join(given).encode() + b"\r\n\xff\xfe"
    found = [json.loads(line) for line in scans(file, typed, monkeypatch, "--json")]
    assert [(line["code"], line["cut"]) for line in found] == [
        *((text[:256], len(text) > 256) for text in given),
        ("\ufffd\ufffd", False),
    ]
    assert [line["verdict"] for line in found] == [
        "malformed", "admitted", "malformed", "again", "malformed", "malformed", "unknown", "malformed",
    ]  # fmt: skip
    assert [line["badge_no"] for line in found if line["badge_no"]] == [card.badge_no] * 2
    assert len(scans(file, typed, monkeypatch)) == len(given) + 1


def test_a_reader_that_bounces_is_told_from_a_second_admission(
    file: Path, card: badges.BadgeCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = f"{card.code}\n{card.code}\n{card.badge_no}\n".encode()
    who = f"{card.name}\t{card.badge_no}"
    assert scans(file, typed, monkeypatch) == [
        f"通过\t{who}", f"通过\t{who}\t读头重复，没有再记", f"已签到过\t{who}\t首次签到 09:00 · 南门 01 号台",
    ]  # fmt: skip


def test_marks_of_files_and_endless_lines_are_no_codes(
    file: Path, card: badges.BadgeCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = card.code.encode()
    typed = b"\xef\xbb\xbf" + code + b"\r\n" + code + b" " * 70_000 + b"\n" + code + b" " * 300 + b"\n" + code
    found = [json.loads(line) for line in scans(file, typed, monkeypatch, "--json")]
    assert [(line["verdict"], line["cut"], line["bounce"]) for line in found] == [
        ("admitted", False, False), ("malformed", True, False), ("malformed", True, True), ("admitted", False, True),
    ]  # fmt: skip


def test_no_line_at_all_is_no_scan(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scans(file, b"", monkeypatch) == []
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it where standard input is closed
    assert said("checkin", "--desk", "南门 01 号台", "--db", file) == ""


@pytest.mark.parametrize("text", ["gestern", "0001-01-01T00:00", "9999-12-31T23:59:59-10:00"])
def test_a_moment_out_of_reach_is_refused(file: Path, text: str) -> None:
    sentence = f"“{text}”不是时刻，应如 2018-11-28T10:42。 [E-TIME]"
    assert refused("checkin", "--desk", "南门 01 号台", "--at", text, "--db", file) == sentence


# --- which database ---


def test_without_a_database_every_verb_says_so(tmp_path: Path) -> None:
    for verb in (("doctor",), ("export", "deals", tmp_path / "a.csv"), ("backup", tmp_path / "b.db")):
        assert refused(*verb) == "没有指定数据库。请加 --db 文件路径，或先打开一次窗口。 [E-NO-DB]"
    path = tmp_path / "none.db"
    said = f"找不到数据库文件“{path}”，没有改动任何数据。请检查路径，或新建一个。 [E-DB-MISSING]"
    assert refused("export", "deals", tmp_path / "a.csv", "--db", path) == said
    status, out, err = ran("doctor", "--db", path)
    assert (status, err) == (1, f"文件：{said}\n")
    assert f"✗ 文件：{said}" in out.splitlines()


# --- a newer program's file ---


@pytest.mark.parametrize("statement", ["UPDATE alembic_version SET version_num = '9999'", "PRAGMA user_version = 9999"])
def test_a_file_of_a_newer_program_is_refused_by_every_verb(file: Path, tmp_path: Path, statement: str) -> None:
    connection = engines.connect(file, "rw")
    connection.execute(statement)
    connection.close()
    before = file.read_bytes()
    for verb in (
        ("new", "我的展会", *EXPO), ("import", "exhibitors", UNTIDY), ("export", "deals", tmp_path / "a.xlsx"),
        ("report", "summary", tmp_path / "a.pdf"), ("badges", tmp_path / "b.pdf"), ("backup", tmp_path / "b.db"),
        ("checkin", "--desk", "01 号台"),
    ):  # fmt: skip
        assert code_of(refused(*verb, "--db", file)) == "E-DB-NEWER"
    assert code_of(refused("restore", file, "--db", tmp_path / "new.db")) == "E-DB-NEWER"
    status, out, err = ran("doctor", "--db", file)
    assert (status, err) == (1, "文件：由更新版本的展务台建立。请升级程序。\n")
    assert "✗ 文件：由更新版本的展务台建立。请升级程序。" in out.splitlines()
    assert code_of(refused("demo", "--out", tmp_path, "--no-window")) == "E-NOT-SAMPLE"
    assert file.read_bytes() == before


def test_the_floor_plan_is_a_report(file: Path, own: Path, tmp_path: Path) -> None:
    assert said("report", "floor", tmp_path / "图.pdf", "--db", file)
    with pypdfium2.PdfDocument(tmp_path / "图.pdf") as pdf:
        assert "1 号馆" in pdf[0].get_textpage().get_text_bounded()
    assert code_of(refused("report", "floor", tmp_path / "空.pdf", "--db", own)) == "E-EMPTY"
    assert not (tmp_path / "空.pdf").exists()


@posix
def test_a_full_standard_output_is_one_sentence(file: Path, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    err = io.StringIO()
    with open("/dev/full", "w", encoding="utf-8") as full:
        assert cli.main(["export", "deals", str(tmp_path / "a.xlsx"), "--db", str(file)], full, err) == 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
    assert err.getvalue() == "没有做完：磁盘已满。已写入的数据以重新打开后为准。\n"


def test_wrong_usage_is_said_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    said = {}
    for language in ("zh_CN", "en"):
        with pytest.raises(SystemExit) as end:
            cli.main(["--lang", language, "report", "summary"])
        assert end.value.code == 2
        said[language] = capsys.readouterr().err.splitlines()[-1]
    assert said == {"zh_CN": "main.py report：少了 OUT", "en": "main.py report: missing: OUT"}


# --- no files ---


@pytest.fixture(params=["pipe", "socket", "device"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """What lies in a folder like a file and is none; whoever read it would wait or never end."""
    path = tmp_path / "data.csv"
    if request.param == "pipe":
        os.mkfifo(path)
        yield path
    elif request.param == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.relpath(path))
            yield path
    else:
        path.symlink_to("/dev/zero")
        yield path


@posix
@pytest.mark.parametrize(
    "verb",
    [
        ("import", "attendees", "IT", "--db", "FILE"),
        ("import", "attendees", "TABLE", "--mapping", "IT", "--db", "FILE"),
        ("restore", "IT", "--db", "FILE"),
        ("doctor", "--db", "IT"),
        ("missing", "--db", "IT"),
    ],
    ids=["table", "mapping", "backup", "doctor", "database"],
)
def test_a_pipe_a_device_or_a_socket_is_refused_at_once(
    file: Path, no_file: Path, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    places = {"IT": no_file, "FILE": file, "TABLE": UNTIDY}
    status, _out, err = ran(*(places.get(word, word) for word in verb))
    assert status == 1
    assert "是管道、设备或套接字，不是文件，什么也没有做。请先把内容存成文件。 [E-FILE-KIND]" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [("--period", "2018H1", "OUT"), ("OUT", "--period", "2018H1")])
def test_the_place_of_a_report_may_stand_behind_its_options(words: tuple[str, ...], tmp_path: Path) -> None:
    args = cli_usage.parsed(["report", "settlement", *words])
    assert (args.out, args.period) == (Path("OUT"), "2018H1")
    assert ran("report", "settlement", *words, "more")[0] == 2
