"""What is there already is refused beside its field, by name; a record may keep its own."""

import pytest

from expo_app.errors import InvalidRecord
from expo_app.services import expos, records
from expo_app.services.uniqueness import _place, unique_columns
from expo_app.specs import SPECS
from expo_app.store.database import Database

FIRST = {"name": "第一届", "code": "KJH18", "starts_on": "2018-11-28", "ends_on": "2018-11-30", "venues": "会展中心"}
CASES = (
    ("venues", {"name": "东馆"}, {"name": "已有“东馆”，不能重复。"}),
    ("halls", {"name": "1 号馆", "venue_id": "会展中心"}, {"name": "已有“1 号馆”，不能重复。"}),
    ("rooms", {"name": "A 会场", "venue_id": "会展中心"}, {"name": "已有“A 会场”，不能重复。"}),
    ("zones", {"code": "A", "name": "一区", "hall_id": "1 号馆"}, {"code": "已有“A”，不能重复。"}),
    ("booths", {"number": "A-003", "zone_id": "A"}, {"number": "已有“A-003”，不能重复。"}),
    ("desks", {"name": "09 号台", "gate_id": "主入口"}, {"name": "已有“09 号台”，不能重复。"}),
    ("operators", {"name": "李敏", "role": "管理员"}, {"name": "已有“李敏”，不能重复。"}),
    ("organisations", {"name": "嘉芯"}, {"name": "已有“嘉芯”，不能重复。"}),
    ("exhibitors", {"organisation.name": "嘉芯"}, {"organisation.name": "已有“嘉芯”，不能重复。"}),
    ("programme", {"title": "开幕式"}, {"title": "已有“开幕式”，时间和会场也相同，不能重复。"}),
    (
        "editions",
        {"name": "某展", "edition_no": "6"},
        {"edition_no": "已有“某展”（届次 6）。打开那一条改，或换展会名称、届次再保存。"},
    ),
)


@pytest.fixture
def expo_id(db: Database) -> object:
    return expos.create(db, FIRST)


def test_the_same_twice_is_refused_beside_its_field(db: Database, expo_id: object) -> None:
    for spec, values, problems in CASES:
        made = records.save(db, SPECS[spec], values, expo_id=expo_id)
        with pytest.raises(InvalidRecord) as refused:
            records.save(db, SPECS[spec], values, expo_id=expo_id)
        assert (spec, refused.value.problems) == (spec, problems)
        records.save(db, SPECS[spec], values, made, expo_id=expo_id)


def test_a_name_taken_by_another_is_refused_on_editing(db: Database, expo_id: object) -> None:
    records.save(db, SPECS["venues"], {"name": "东馆"})
    other = records.save(db, SPECS["venues"], {"name": "西馆"})
    with pytest.raises(InvalidRecord) as refused:
        records.save(db, SPECS["venues"], {"name": "东馆"}, other)
    assert refused.value.problems == {"name": "已有“东馆”，不能重复。"}


def test_every_problem_of_an_expo_at_once(db: Database, expo_id: object) -> None:
    with pytest.raises(InvalidRecord) as refused:
        expos.create(db, FIRST)
    assert refused.value.problems == {"code": "已有“KJH18”，不能重复。", "name": "已有“第一届”，不能重复。"}


def test_another_expo_may_have_the_same_numbers(db: Database, expo_id: object) -> None:
    other = expos.create(db, FIRST | {"name": "第二届", "code": "KJH19"})
    records.save(db, SPECS["halls"], {"name": "1 号馆", "venue_id": "会展中心"})
    for one in (expo_id, other):
        records.save(db, SPECS["zones"], {"code": "A", "name": "一区", "hall_id": "1 号馆"}, expo_id=one)


def test_every_unique_key_of_a_form_has_a_field_to_mark() -> None:
    keys = [(spec, columns) for spec in SPECS.values() if spec.writable for columns in unique_columns(spec.table)]
    one_in_an_expo = [spec.name for spec, columns in keys if [column.name for column in columns] == [spec.scope]]
    assert one_in_an_expo == ["matching_settings"]  # saved by a verb that holds the expo
    marked = {(spec.name, _place(spec, columns)[0].name) for spec, columns in keys if spec.name not in one_in_an_expo}
    of_its_table = {(spec, field) for spec, _values, problems in CASES for field in problems} - {("programme", "title")}
    assert marked >= of_its_table  # a title may recur: what is unique about an item is a rule of the programme
