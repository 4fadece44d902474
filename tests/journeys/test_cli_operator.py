"""Who works at the command line: a name, a PIN from the environment or the terminal, and what goes without."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app.model import Audit, Operator, Role
from expo_app.services import badges, expos, operators
from expo_app.store.database import Actor, open_database
from tests.asking_server import asking
from tests.journeys.command import ROOT, called, run

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
PIN, WRONG = "719304", "719305"
PEOPLE = {"主任": Role.ADMIN, "闸一": Role.DESK, "审一": Role.AUDITOR, "登一": Role.REGISTRAR}
DESK = ("checkin", "--desk", "南门 01 号台", "--at", "2018-11-30T09:00")
ROW = "姓名,手机,单位,类别\n新人甲,16000009991,新公司（示例）,媒体\n"


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Path:
    """A copy of the sample expo, whose operators are all made up."""
    return Path(shutil.copy(sample_file, tmp_path / "sample.db"))


@pytest.fixture
def file(sample: Path) -> Path:
    """The same in the hands of people of one's own: an administrator with a PIN, and others without."""
    db = open_database(sample)
    with db.transaction() as session:
        for operator in session.scalars(select(Operator)):
            operator.is_active = False
        for name, role in (("主任", Role.ADMIN), ("闸一", Role.DESK), ("审一", Role.AUDITOR), ("登一", Role.REGISTRAR)):
            session.add(Operator(name=name, role=role))
    db.actor = Actor("主任", Role.ADMIN)
    operators.set_pin(db, next(o.id for o in operators.list_active(db) if o.name == "主任"), PIN)
    db.close()
    return sample


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    path.write_text(ROW, encoding="utf-8-sig")
    return path


@pytest.fixture(autouse=True)
def _no_pin_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXPO_PIN", raising=False)


@pytest.fixture
def with_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPO_PIN", PIN)


def audited(file: Path) -> list[tuple[str, str]]:
    """Who did what, the newest last."""
    db = open_database(file, read_only=True)
    with db.reading() as session:
        found = [(row.operator, row.action) for row in session.execute(select(Audit).order_by(Audit.id)).scalars()]
    db.close()
    return found


def code_of(file: Path) -> str:
    """A badge's."""
    db = open_database(file, read_only=True)
    code = badges.cards(db, expos.all_expos(db)[0].id)[0].code
    db.close()
    return code


# --- without a name ---


def test_a_sample_needs_nobodys_name_and_is_audited_as_the_command_line(sample: Path, table: Path) -> None:
    called("import", "attendees", table, "--db", sample, "--apply")
    assert audited(sample)[-1] == ("命令行", "import")


def test_so_does_a_file_where_nobody_has_a_pin(file: Path, table: Path) -> None:
    db = open_database(file)
    with db.transaction() as session:
        session.execute(select(Operator).where(Operator.name == "主任")).scalar_one().pin_hash = ""
    db.close()
    called("import", "attendees", table, "--db", file, "--apply")
    assert audited(file)[-1] == ("命令行", "import")


WRITES = [
    ("import", "attendees", "TABLE", "--apply"),
    ("import", "attendees", "TABLE"),
    ("undo", 1),
    ("export", "deals", "OUT.xlsx"),
    ("report", "summary", "OUT.pdf"),
    ("badges", "OUT.pdf"),
    ("backup", "OUT.db"),
    ("new", "又一届", "--code", "NX27", "--starts", "2027-11-01", "--ends", "2027-11-02"),
    ("doctor", "--recount"),
    DESK,
]


@pytest.mark.parametrize("verb", WRITES, ids=lambda verb: "-".join(map(str, verb[:2])))
def test_elsewhere_what_writes_or_exports_refuses(
    file: Path, table: Path, tmp_path: Path, verb: tuple[object, ...]
) -> None:
    called("import", "attendees", table, "--db", file, "--apply", "--operator", "登一")
    out, before = tmp_path / "out", audited(file)
    out.mkdir()
    places = {"TABLE": table, **{f"OUT.{end}": out / f"x.{end}" for end in ("xlsx", "pdf", "db")}}
    said = called(*(places.get(str(word), word) for word in verb), "--db", file, typed="x\n", status=1)
    assert said.strip() == (
        "这个文件的操作员有 PIN，没有说明谁在操作，数据未变，也没有写出文件。请加 --operator 姓名。 [E-WHO]"
    )
    assert (list(out.iterdir()), audited(file)) == ([], before)


def test_what_only_looks_needs_no_name(file: Path, tmp_path: Path) -> None:
    for verb in (("missing",), ("undo",), ("doctor",), ("template", "gates", tmp_path / "t.xlsx")):
        called(*verb, "--db", file)


def test_the_files_owner_may_always_look_it_over_and_bring_it_back(file: Path, tmp_path: Path) -> None:
    called("backup", tmp_path / "b.db", "--db", file, "--operator", "登一")
    file.write_bytes(b"damaged")
    called("restore", tmp_path / "b.db", "--db", file)
    called("doctor", "--db", file)


# --- with a name ---


def test_a_role_without_a_pin_only_says_its_name(file: Path, table: Path) -> None:
    called("import", "attendees", table, "--db", file, "--apply", "--operator", "登一")
    assert audited(file)[-1] == ("登一", "import")


def test_a_gate_that_nobody_watches_starts_under_a_volunteers_name(file: Path, tmp_path: Path) -> None:
    """No terminal, no PIN, codes on standard input; what the volunteer may not do is refused."""
    said = run(*DESK, "--db", file, "--operator", "闸一", "--json", home=tmp_path / "h", typed=f"{code_of(file)}\n")
    assert json.loads(said)["verdict"] == "admitted"
    refused = called("export", "deals", tmp_path / "x.xlsx", "--db", file, "--operator", "闸一", status=1)
    assert "签到志愿者没有这项权限" in refused
    assert "[E-ACCESS]" in called(*DESK, "--db", file, "--operator", "审一", typed="x\n", status=1)


def test_the_name_stands_before_the_verb_or_behind_it(file: Path, tmp_path: Path) -> None:
    called("--operator", "审一", "export", "deals", tmp_path / "x.xlsx", "--db", file)
    assert "E-OPERATOR]" in called("export", "deals", tmp_path / "x.xlsx", "--db", file, "--operator", "谁", status=1)
    assert "不认识 --operator" in called("--operator", "审一", "demo", "--out", tmp_path / "d", status=2)


@pytest.mark.usefixtures("with_pin")
def test_the_pin_comes_from_the_environment(file: Path, table: Path) -> None:
    called("import", "attendees", table, "--db", file, "--apply", "--operator", "主任")
    assert audited(file)[-1] == ("主任", "import")


def test_a_wrong_pin_is_one_sentence_and_is_counted(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPO_PIN", WRONG)
    export = ("export", "deals", tmp_path / "x.xlsx", "--db", file, "--operator", "主任")
    said = [called(*export, status=1).strip() for _try in range(6)]
    assert said[:5] == ["PIN 不对。请再输一次。 [E-PIN]"] * 5
    assert said[5].endswith("[E-PIN-WAIT]")
    assert [action for _who, action in audited(file)].count(operators.REFUSED) == 5


def test_without_a_terminal_the_variable_is_named(file: Path, tmp_path: Path) -> None:
    """A session of its own has no terminal; what stands on standard input is no PIN."""
    export = ("export", "deals", tmp_path / "x.xlsx", "--db", file, "--operator", "主任")
    ended, out, err = alone(list(map(str, export)), tmp_path)
    assert (ended, out) == (1, "")
    assert err.strip() == (
        "主任 要输 PIN，这里没有终端可问，什么也没有做。"
        "请在终端里运行，或把 PIN 放进环境变量 EXPO_PIN。 [E-NO-TERMINAL]"
    )
    assert [action for _who, action in audited(file)].count(operators.TRIED) == 0


def alone(arguments: list[str], folder: Path) -> tuple[int, str, str]:
    """Run a verb without a terminal, a PIN on its standard input."""
    child = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments], input=f"{PIN}\n", capture_output=True, text=True,
        encoding="utf-8", env=os.environ | {"EXPO_HOME": str(folder / "h")}, start_new_session=True, check=False,
    )  # fmt: skip
    return child.returncode, child.stdout, child.stderr


@posix
@pytest.mark.parametrize(("typed", "status"), [(PIN, 0), (WRONG, 1), ("\x03", 1)])
def test_the_terminal_is_asked_unseen_whatever_stands_on_standard_input(
    file: Path, tmp_path: Path, typed: str, status: int
) -> None:
    """The gate of an administrator: the PIN at the terminal, the codes on standard input."""
    answers = tmp_path / "said.json"
    (tmp_path / "codes.txt").write_text(f"{code_of(file)}\n", encoding="utf-8")
    ended, shown = at_a_terminal([*DESK, "--db", str(file), "--operator", "主任", "--json"], tmp_path, typed, answers)
    assert ended == status
    assert shown.startswith("主任 的 PIN：")
    assert typed not in shown
    verdicts = [json.loads(line)["verdict"] for line in answers.read_text(encoding="utf-8").splitlines()]
    assert verdicts == (["admitted"] if status == 0 else [])
    assert shown.strip().endswith({PIN: "PIN：", WRONG: "[E-PIN]", "\x03": "已取消，数据保持原样。"}[typed])


def at_a_terminal(
    arguments: list[str], folder: Path, typed: str, answers: Path, prompt: str = "PIN："
) -> tuple[int, str]:
    """Run a verb at a terminal of its own, its streams files but standard error; status, and what was shown."""
    import pty

    child, terminal = pty.fork()
    if not child:
        signal.signal(
            signal.SIGINT, signal.SIG_DFL
        )  # a background job of a shell ignores it, and so would its children
        os.dup2(os.open(folder / "codes.txt", os.O_RDONLY), 0)
        os.dup2(os.open(answers, os.O_WRONLY | os.O_CREAT), 1)
        os.environ["EXPO_HOME"] = str(folder / "h")
        os.execv(sys.executable, [sys.executable, str(ROOT / "main.py"), *arguments])  # noqa: S606
    shown = b""
    while prompt.encode() not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, f"{typed}\n".encode())
    while True:
        try:
            more = os.read(terminal, 1000)
        except OSError:  # Linux says so where the other end is closed
            break
        if not more:
            break
        shown += more
    _pid, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()


# --- personal data unmasked ---


def test_unmasked_wants_a_name_even_in_a_sample(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.csv"
    export = ("export", "attendees", out, "--db", sample, "--unmasked", "应急联络")
    assert "[E-WHO]" in called(*export, status=1)
    assert not out.exists()
    monkeypatch.setenv("EXPO_PIN", "310114")
    called(*export, "--operator", "周敏")
    assert re.search(r"1\d{10}", out.read_text(encoding="utf-8-sig"))
    assert audited(sample)[-1] == ("周敏", "reveal")


def test_unmasked_wants_the_right_too(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    said = called("export", "attendees", out, "--db", file, "--unmasked", "应急联络", "--operator", "登一", status=1)
    assert "登记员没有这项权限" in said
    assert not out.exists()


# --- the password of a server ---


@posix
def test_the_password_of_a_server_is_typed_at_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    (tmp_path / "codes.txt").touch()
    with asking() as server:
        run_at = ["missing", "--db", server.address]
        ended, shown = at_a_terminal(run_at, tmp_path, WRONG, tmp_path / "said", f"{server.address} 的密码：")
        assert (ended, server.passwords) == (1, [WRONG])
        assert WRONG not in shown
        assert shown.strip().endswith("[E-DB-LOGIN]")


def test_without_a_terminal_a_server_that_asks_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    with asking() as server:
        ended, out, err = alone(["missing", "--db", server.address], tmp_path)
    assert (ended, out, server.passwords) == (1, "", [])
    assert err.strip() == (
        "数据库服务器要密码，数据没有变动。请输入密码，或把它写进 libpq 自己的密码文件（.pgpass）再试。 [E-DB-PASSWORD]"
    )
