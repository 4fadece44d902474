"""An organiser's expo holds no word of the sample: whatever ships beside the sample is searched for them."""

import re
from datetime import date
from pathlib import Path

import polib
import pytest
from openpyxl import load_workbook

from expo_app import paths
from expo_app.exchange import excel
from expo_app.specs import SPECS

ROOT = Path(__file__).parents[1]
WORDS = re.compile("嘉定|科交会|科博会|昆山|太仓|温州|安亭|Jiading|Kunshan|Taicang|Wenzhou|KJH|2018")
SEARCHED = [
    path
    for folder, kinds in ((ROOT / "expo_app", ("py",)), (paths.resource(), ("csv", "md", "po", "txt", "json", "svg")))
    for kind in kinds
    for path in sorted(folder.rglob(f"*.{kind}"))
    if "sample" not in path.relative_to(ROOT).parts
]
STAYS = {
    "expo_app/store/migrations/versions/0007_region_groups.py": "what files of 0.1.0 were grouped by",
    "expo_app/rules/masks.py": "the pattern of a foreign patent number",
    "resources/regions.csv": "the English names of all places of China",
    "resources/help/zh_CN/home.md": "tells of the sample expo",
    "resources/help/en/home.md": "tells of the sample expo",
}
"""File → why it may name one of them."""


def test_nothing_of_the_sample_is_outside_the_sample() -> None:
    assert len(SEARCHED) > 300
    found = {
        path.relative_to(ROOT).as_posix(): sorted(set(WORDS.findall(path.read_text(encoding="utf-8"))))
        for path in SEARCHED
    }
    named = {path: words for path, words in found.items() if words}
    assert {path: words for path, words in named.items() if path not in STAYS} == {}
    assert sorted(STAYS.keys() - named.keys()) == []  # what no longer needs to be let through


def test_no_text_of_the_program_names_a_place_of_the_sample() -> None:
    catalogue = polib.pofile(str(paths.resource("i18n", "en", "LC_MESSAGES", "expo.po")), encoding="utf-8")
    places = re.compile("苏州|上海|长三角|Suzhou|Shanghai|Delta")
    assert [entry.msgid for entry in catalogue if places.search(entry.msgid) or places.search(entry.msgstr)] == []


@pytest.mark.parametrize("name", SPECS)
def test_no_template_gives_an_example_of_the_sample(tmp_path: Path, name: str) -> None:
    excel.template(SPECS[name], tmp_path / "t.xlsx", date(2031, 5, 6))
    book = load_workbook(tmp_path / "t.xlsx")
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    offered = [str(rule.formula1) for sheet in book for rule in sheet.data_validations.dataValidation]
    assert WORDS.findall("\n".join(cells + offered)) == []
