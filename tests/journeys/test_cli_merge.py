"""`merge` without a window: two records become one, beside the imports, and two again."""

from pathlib import Path

import pytest

from tests.journeys.test_cli_imports import imported
from tests.journeys.test_cli_usage import EXPO, refused, said, value


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A real expo, with the same company and the same person in it twice."""
    path = tmp_path / "own.db"
    said("new", "我的展会", *EXPO, "--db", path)
    lines = (
        "姓名,单位,手机,邮箱",
        "王芳,昆山德盈机械有限公司,13812345678,",
        "王 芳,德盈机械（昆山）,,wang@example.com",
    )
    imported(path, tmp_path, *lines)
    return path


def exported(db: Path, kind: str, folder: Path) -> list[str]:
    path = folder / f"{kind}.csv"
    path.unlink(missing_ok=True)
    said("export", kind, path, "--db", db)
    return path.read_text(encoding="utf-8-sig").splitlines()[1:]


def test_a_company_in_two_spellings_becomes_one_and_two_again(own: Path, tmp_path: Path) -> None:
    before = {kind: exported(own, kind, tmp_path) for kind in ("organisations", "people", "attendees")}
    told = value("merge", "organisations", "昆山德盈机械有限公司", "德盈机械（昆山）", "--db", own, "--plan")
    assert (told["merged"], told["number"], told["follows"]) == (False, None, {"人员": 1, "观众登记": 1})
    assert {kind: exported(own, kind, tmp_path) for kind in before} == before
    told = value("merge", "organisations", "昆山德盈机械有限公司", "德盈机械（昆山）", "--db", own)
    assert (told["merged"], told["number"]) == (True, 2)
    assert len(exported(own, "organisations", tmp_path)) == 1
    listed = value("undo", "--db", own)
    assert [(one["number"], one["kind"], one["list"]) for one in listed] == [
        (2, "merge", "organisations"),
        (1, "attendees", "attendees"),
    ]
    assert "先撤销那次合并" in refused("undo", "1", "--db", own)
    assert "两条又是两条" in said("undo", "2", "--db", own)
    assert {kind: exported(own, kind, tmp_path) for kind in before} == before


def test_who_is_meant_is_never_guessed(own: Path) -> None:
    words = refused("merge", "people", "王芳", "王 芳", "--db", own)
    assert "2 条" in words
    assert "昆山德盈机械有限公司" in words
    assert "德盈机械（昆山）" in words
    assert "13812345678" not in words
    assert "没有合并" in refused("merge", "organisations", "没有这家", "昆山德盈机械有限公司", "--db", own)
    assert "没有“电话费”这一栏" in refused(
        "merge", "organisations", "昆山德盈机械有限公司", "德盈机械（昆山）", "--take", "电话费", "--db", own
    )


def test_a_name_as_it_is_written_is_that_record(own: Path, tmp_path: Path) -> None:
    imported(own, tmp_path, "姓名,手机", "Anna Weber,13812345679", "ANNA WEBER,13812345670")
    told = value("merge", "attendees", "Anna Weber", "ANNA WEBER", "--db", own, "--plan")
    assert (told["keep"]["name"], told["other"]["name"]) == ("Anna Weber", "ANNA WEBER")
    assert "2 条" in refused("merge", "attendees", "anna weber", "13812345670", "--db", own)


def test_the_other_ones_name_and_badge_may_stay(own: Path, tmp_path: Path) -> None:
    numbers = sorted(line.split(",")[0] for line in exported(own, "attendees", tmp_path))
    said("badges", tmp_path / "cards.pdf", "--db", own)
    told = value("merge", "attendees", *numbers, "--take", "单位", "--badge", numbers[1], "--db", own)
    assert [side["stays"] for side in told["badges"][0]] == [False, True]
    (left,) = exported(own, "attendees", tmp_path)
    assert left.startswith(f"{numbers[1]},")
    assert "德盈机械（昆山）" in left
    assert {"expo": "我的展会", "figure": "登记人数", "before": "2", "after": "1"} in told["figures"]


def test_a_badge_of_somebody_else_is_refused(own: Path, tmp_path: Path) -> None:
    numbers = sorted(line.split(",")[0] for line in exported(own, "attendees", tmp_path))
    assert "没有合并" in refused("merge", "attendees", *numbers, "--badge", "MY19-V-00999", "--db", own)
    assert "没有合并" in refused("merge", "organisations", "", "", "--db", own)
    assert len(exported(own, "attendees", tmp_path)) == 2
