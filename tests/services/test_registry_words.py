"""The office's words as the file has them count for deals and contracts alike: forms, saves, plans, templates."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from expo_app import documents
from expo_app.errors import InvalidRecord
from expo_app.exchange import excel
from expo_app.model import Deal, RegistryChoice, RegistryList
from expo_app.services import deals, expos, records
from expo_app.services.expos import ExpoInfo
from expo_app.specs import CONTRACTS, DEALS, Outcome
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.factories import local, make_expo

VALUES = {"title": "联合研发", "kind": "技术合同", "sellers": "甲", "buyers": "乙", "signed_on": "2018-11-28"}


@pytest.fixture
def expo(db: Database) -> ExpoInfo:
    """A real expo on its second day, in a file whose office has two words of its own."""
    db.clock = lambda: local(29, 10, 42)
    with db.transaction() as session:
        made = make_expo(session).id
        session.add_all(
            [
                RegistryChoice(list=RegistryList.KIND, position=9, name="技术托管", code="06", since=date(2018, 11, 1)),
                RegistryChoice(list=RegistryList.SUBKIND, position=9, name="整体托管", parent="技术托管"),
            ]
        )
    return next(known for known in expos.all_expos(db) if known.id == made)


def test_a_deal_takes_the_words_of_the_file(db: Database, expo: ExpoInfo) -> None:
    own = {"contract_kind": "06 技术托管", "contract_subkind": "整体托管"}
    made = deals.register(db, expo.id, VALUES | own)
    assert {name: records.get(db, DEALS, made)[name] for name in own} == {
        "contract_kind": "技术托管", "contract_subkind": "整体托管",
    }  # fmt: skip
    for wrong, name, words in (
        ({"contract_kind": "技术外包"}, "contract_kind", "技术托管"),  # what can be filled in names it too
        (own | {"signed_on": "2018-10-31"}, "contract_kind", "没有“技术托管”"),
        (own | {"contract_kind": "技术开发"}, "contract_subkind", "没有子类“整体托管”"),
    ):
        with pytest.raises(InvalidRecord) as refused:
            deals.register(db, expo.id, VALUES | {"title": "另一项"} | wrong)
        assert list(refused.value.problems) == [name]
        assert words in refused.value.problems[name]


def test_a_kind_that_the_file_ends_is_refused_after_its_day(db: Database, expo: ExpoInfo) -> None:
    with db.transaction() as session:
        session.add(RegistryChoice(list=RegistryList.KIND, name="技术咨询", until=date(2018, 11, 27)))
    with pytest.raises(InvalidRecord) as refused:
        deals.register(db, expo.id, VALUES | {"contract_kind": "技术咨询"})
    assert list(refused.value.problems) == ["contract_kind"]


@pytest.fixture
def planned(db: Database, expo: ExpoInfo, tmp_path: Path) -> Any:
    def plan(*lines: str, choices: Choices = Choices()) -> Any:  # noqa: B008
        file = tmp_path / "deals.csv"
        file.write_text("\n".join(lines), "utf-8")
        return documents.plan_import(db, expo, DEALS, file, choices)

    return plan


def test_a_plan_takes_the_words_of_the_file(planned: Any) -> None:
    found = planned(
        "项目名称,合同类别,签订日期", "甲,技术托管,2018-11-28", "乙,技术外包,2018-11-28", "丙,技术托管,2018-10-31"
    )
    assert [row.values.get("contract_kind") for row in found.rows] == ["技术托管", None, "技术托管"]
    assert [row.outcome for row in found.rows] == [Outcome.NEW, Outcome.NEW, Outcome.INVALID]
    assert "技术托管" in found.rows[1].notes["合同类别"]
    assert [value.offered[-1] for value in found.values] == ["技术托管"]
    meant = Choices(values={"contract_kind": {"技术外包": "技术托管"}})
    (row,) = planned("项目名称,合同类别", "乙,技术外包", choices=meant).rows
    assert row.values["contract_kind"] == "技术托管"


@pytest.mark.parametrize("spec", [DEALS, CONTRACTS], ids=lambda spec: spec.name)
def test_both_lists_offer_the_same_words(db: Database, expo: ExpoInfo, spec: Any) -> None:
    field = records.spec_in(db, spec).field("contract_kind")
    assert (field.suggestions or tuple)()[-1] == "技术托管"


def test_the_template_offers_the_words_of_the_file(db: Database, expo: ExpoInfo, tmp_path: Path) -> None:
    excel.template(records.spec_in(db, DEALS), tmp_path / "t.xlsx")
    rules = load_workbook(tmp_path / "t.xlsx").worksheets[0].data_validations.dataValidation
    assert any("技术托管" in (rule.formula1 or "") for rule in rules)


def test_a_word_of_the_file_is_kept_by_an_edit(db: Database, expo: ExpoInfo) -> None:
    made = deals.register(db, expo.id, VALUES | {"contract_kind": "技术托管"}, draft=True)
    deals.register(db, expo.id, {"title": "改名"}, made, draft=True)
    with db.reading() as session:
        assert session.get_one(Deal, made).contract_kind == "技术托管"
