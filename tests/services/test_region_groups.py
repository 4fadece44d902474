"""An expo elsewhere: its own groups of regions, exhibitors of other provinces and countries, and what shows them."""

import uuid
from pathlib import Path
from typing import Any

import pypdf
import pytest
from factories import local, make_booth, make_exhibitor, make_expo, make_organisation
from sqlalchemy import func, select

from expo_app import documents, i18n
from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import ExhibitorState, RegionGroup
from expo_app.rules.region_groups import by_city, by_province
from expo_app.services import exhibitors_report, expos, floor, imports, record_writer, records, region_groups, steps
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.overview import overview
from expo_app.specs import EXHIBITORS, ORGANISATIONS, REGION_GROUPS, Outcome, floor_sheet
from expo_app.specs.choices import Choices
from expo_app.store.database import Database

CODES = {"南山科技": "440305", "福田电子": "440304", "广州机床": "440106", "成都光电": "510104", "西门子": "DE",
         "索尼": "JP", "湖南重工": "430100", "不知哪里": None}  # fmt: skip


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    """An expo in Guangdong without groups: eight exhibitors, one of them arrived, all in booths of one hall."""
    with db.transaction() as session:
        expo = make_expo(session, groups=(), code="GZ24")
        for place, (name, code) in enumerate(CODES.items(), 1):
            state = ExhibitorState.ARRIVED if name == "南山科技" else ExhibitorState.CONFIRMED
            made = make_exhibitor(session, expo, name, region_code=code, state=state)
            make_booth(session, expo, f"A-{place:03}", made, x=place * 4.0, y=4.0)
        return expo.id


def group(db: Database, expo_id: uuid.UUID, name: str, prefixes: str, **more: Any) -> uuid.UUID:
    return records.save(db, REGION_GROUPS, {"name": name, "prefixes": prefixes, **more}, expo_id=expo_id)


@pytest.fixture
def grouped(db: Database, expo_id: uuid.UUID) -> uuid.UUID:
    """The same by groups of its own: a city, one of its districts, the rest of the province, two countries, abroad."""
    group(db, expo_id, "深圳", "深圳市", name_en="Shenzhen")
    group(db, expo_id, "南山", "深圳市南山区", name_en="Nanshan", rolls_up="深圳市")
    group(db, expo_id, "省内", "广东", name_en="Guangdong")
    group(db, expo_id, "德日", "德国、JP")
    group(db, expo_id, "境外", "境外")
    return expo_id


def counted(db: Database, expo_id: uuid.UUID) -> list[tuple[str, int]]:
    return [(part.label, part.count) for part in exhibition(db, expo_id).regions]


def looks(db: Database, expo_id: uuid.UUID) -> list[str]:
    (sheet,) = floor_sheet.sheets(floor.plan(db, expo_id), floor_sheet.REGION, is_open=False)
    return [look.words for look in sheet.legend]


def test_without_groups_everything_is_listed_by_province(db: Database, expo_id: uuid.UUID) -> None:
    expected = [("湖南", 1), ("广东", 3), ("四川", 1), ("境外", 2), ("未填", 1)]
    assert counted(db, expo_id) == expected
    found = overview(db, expo_id, local(28, 12))
    assert [(part.label, part.count) for part in found.arrivals] == expected
    assert found.absent.note == "广东 2 · 境外 2 · 湖南 1 · 四川 1 · 未填 1"
    titles = [g.title for g in exhibitors_report.read(db, expo_id, local(28, 12)).groups]
    assert titles == ["湖南", "广东", "四川", "境外", "未填地区"]
    assert looks(db, expo_id) == ["湖南", "广东", "四川", "境外", "地区未填"]
    i18n.set_language("en")
    assert [label for label, _n in counted(db, expo_id)] == ["Hunan", "Guangdong", "Sichuan", "Abroad", "Not given"]


def test_its_own_groups_count_by_the_longest_prefix(db: Database, grouped: uuid.UUID) -> None:
    expected = [("深圳", 1), ("南山", 1), ("省内", 1), ("德日", 2), ("其他", 2), ("未填", 1)]
    assert counted(db, grouped) == expected
    found = exhibition(db, grouped)
    assert [(part.label, part.count) for part in found.cities] == [
        ("深圳市", 2), ("长沙市", 1), ("广州市", 1), ("成都市", 1), ("德国", 1), ("日本", 1), ("未填", 1),
    ]  # fmt: skip
    assert found.rule.rolled_up == "南山计入深圳"
    assert sum(part.count for part in found.regions) == found.exhibitors.value
    titles = [g.title for g in exhibitors_report.read(db, grouped, local(28, 12)).groups]
    assert titles == ["深圳", "南山", "省内", "德日", "其他", "未填地区"]
    assert looks(db, grouped) == ["深圳", "南山", "省内", "德日", "其他", "地区未填"]
    traced = {part.label: records.traced(db, part.trace) for part in overview(db, grouped, local(28, 12)).arrivals}
    assert {label: len(ids) for label, ids in traced.items()} == {label: int(label == "南山") for label in traced}


def test_no_document_names_a_place_that_the_expo_did_not_choose(
    db: Database, grouped: uuid.UUID, tmp_path: Path
) -> None:
    expo = next(known for known in expos.all_expos(db) if known.id == grouped)
    for name in ("summary", "directory", "floor"):
        documents.write(db, expo, name, tmp_path / f"{name}.pdf")
        text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / f"{name}.pdf").pages)
        assert "西门子" in text or "德日" in text or name == "floor"
        assert [place for place in ("嘉定", "昆山", "太仓", "温州", "苏州") if place in text] == []


def test_a_place_is_in_one_group_only(db: Database, grouped: uuid.UUID, tmp_path: Path) -> None:
    with pytest.raises(InvalidRecord) as refused:
        group(db, grouped, "鹏城", "深圳市、东莞市")
    assert refused.value.problems == {"prefixes": "“深圳市”已在“深圳”组里，一个地区只能在一组。"}
    with pytest.raises(InvalidRecord) as refused:
        group(db, grouped, "两次", "东莞市、东莞")
    assert refused.value.problems == {"prefixes": "“东莞市”写了两次。"}
    for name in ("其他", "未填", "Other"):
        with pytest.raises(InvalidRecord) as refused:
            group(db, grouped, name, "东莞市")
        assert refused.value.problems == {"name": f"“{name}”留给不在任何分组里的地区，换一个名称。"}
    with pytest.raises(InvalidRecord) as refused:
        group(db, grouped, "东莞", "东莞市", rolls_up="深圳市南山区")
    assert refused.value.problems == {"rolls_up": "“深圳市南山区”不是地市，计入的应是地市。"}
    path = tmp_path / "groups.csv"
    path.write_text("名称,包括\n东莞,东莞市\n莞,东莞市\n深圳,深圳市、惠州市\n德,德国\n", encoding="utf-8")
    expo = next(known for known in expos.all_expos(db) if known.id == grouped)
    plan = documents.plan_import(db, expo, REGION_GROUPS, path, Choices(update=True))
    assert [(row.outcome, dict(row.problems)) for row in plan.rows] == [
        (Outcome.NEW, {}),
        (Outcome.INVALID, {"包括": "“东莞市”已在“东莞”组里，一个地区只能在一组。"}),
        (Outcome.CHANGED, {}),
        (Outcome.INVALID, {"包括": "“德国”已在“德日”组里，一个地区只能在一组。"}),
    ]
    imports.apply(db, plan, grouped)
    rule = region_groups.rule_of(db, grouped)
    assert [g.name for g in rule.groups] == ["深圳", "南山", "省内", "德日", "境外", "东莞"]
    assert rule.key_of("441302") == "深圳"


def test_a_group_may_be_edited_and_its_place_given_to_another(db: Database, grouped: uuid.UUID) -> None:
    with db.reading() as session:
        ids = dict(
            session.execute(select(RegionGroup.name, RegionGroup.id).where(RegionGroup.expo_id == grouped)).all()
        )
    records.save(db, REGION_GROUPS, {"prefixes": "DE"}, ids["德日"], expo_id=grouped)
    group(db, grouped, "日本", "日本")
    records.save(db, REGION_GROUPS, {"name": "粤"}, ids["省内"], expo_id=grouped)
    assert counted(db, grouped)[2:5] == [("粤", 1), ("德日", 1), ("日本", 1)]
    assert records.get(db, REGION_GROUPS, ids["德日"])["prefixes"] == ["DE"]


def test_a_preset_adds_only_what_is_missing_and_can_be_taken_back(db: Database, expo_id: uuid.UUID) -> None:
    codes = region_groups.codes_of(db, expo_id)
    new, there = region_groups.missing(region_groups.rule_of(db, expo_id), by_province(codes))
    assert ([g.name for g in new], there) == (["湖南", "广东", "四川", "境外"], [])
    group(db, expo_id, "粤", "广东")
    with record_writer.followed() as writers:
        assert region_groups.add(db, expo_id, by_province(codes)) == 3
    assert [g.name for g in region_groups.rule_of(db, expo_id).groups] == ["粤", "湖南", "四川", "境外"]
    assert region_groups.add(db, expo_id, by_province(codes)) == 0
    step = steps.step_of(REGION_GROUPS.permission, writers)
    assert step is not None
    steps.take_back(db, step)
    assert [g.name for g in region_groups.rule_of(db, expo_id).groups] == ["粤"]
    assert region_groups.add(db, expo_id, by_city(["440000"])) == 21
    assert region_groups.rule_of(db, expo_id).label_of("440305") == "深圳"


def test_the_next_edition_groups_as_the_last_one_did(db: Database, grouped: uuid.UUID) -> None:
    values = {"name": "下一届", "code": "GZ25", "starts_on": "2025-11-28", "ends_on": "2025-11-30"}
    after = expos.create(db, values, like=grouped)
    assert region_groups.rule_of(db, after) == region_groups.rule_of(db, grouped)
    new = expos.create(db, values | {"name": "另一届", "code": "XX25"})
    assert not region_groups.rule_of(db, new).is_chosen


def test_what_a_name_of_several_places_means_is_decided_by_the_groups(
    db: Database, expo_id: uuid.UUID, tmp_path: Path
) -> None:
    path = tmp_path / "exhibitors.csv"
    path.write_text("参展单位,地区\n甲,南山区\n乙,西湖区\n丙,Germany\n丁,中国香港\n", encoding="utf-8")
    expo = next(known for known in expos.all_expos(db) if known.id == expo_id)

    def planned() -> list[Any]:
        rows = documents.plan_import(db, expo, EXHIBITORS, path).rows
        return [row.notes.get("地区") or row.values["organisation.region_code"] for row in rows]

    lake = "“西湖区”有多处：浙江省杭州市西湖区、江西省南昌市西湖区，写上省市。"
    hill = "“南山区”有多处：黑龙江省鹤岗市南山区、广东省深圳市南山区，写上省市。"
    assert planned() == [hill, lake, "DE", "810000"]
    with pytest.raises(InvalidRecord, match="写上省市"):
        records.save(db, ORGANISATIONS, {"name": "甲", "region_code": "南山区"}, expo_id=expo_id)
    group(db, expo_id, "深圳", "深圳市")
    assert planned() == ["440305", lake, "DE", "810000"]
    made = records.save(db, ORGANISATIONS, {"name": "甲", "region_code": "南山区"}, expo_id=expo_id)
    assert records.get(db, ORGANISATIONS, made)["region_code"] == "440305"


def test_places_offered_are_those_of_the_file_and_its_groups_then_provinces(db: Database, expo_id: uuid.UUID) -> None:
    group(db, expo_id, "东莞", "东莞市")
    offered = expos.places(db, expo_id)
    occurring = {"深圳市南山区", "福田区", "天河区", "长沙市", "锦江区", "德国", "日本"}
    assert set(offered[:7]) == occurring
    assert offered[7:10] == ["东莞市", "北京市", "天津市"]
    assert "嘉定区" not in offered


def test_a_group_with_members_may_go_and_they_are_other(db: Database, grouped: uuid.UUID) -> None:
    with db.reading() as session:
        ids = session.scalars(select(RegionGroup.id).where(RegionGroup.name.in_(["德日", "境外"]))).all()
    records.delete(db, REGION_GROUPS, ids)
    assert counted(db, grouped)[-2:] == [("其他", 4), ("未填", 1)]


def test_counting_takes_as_many_statements_for_many_places_as_for_few(db: Database, grouped: uuid.UUID) -> None:
    from sqlalchemy import event

    def statements() -> int:
        found: list[str] = []
        engine = db.reader

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            found.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        exhibition(db, grouped)
        event.remove(engine, "before_cursor_execute", note)
        return len(found)

    few = statements()
    with db.transaction() as session:
        from expo_app.model import Expo

        expo = session.get_one(Expo, grouped)
        for place in range(60):
            make_exhibitor(session, expo, region_code=f"{440100 + place}")
    assert statements() == few


def test_two_expos_of_a_file_group_each_in_its_way(db: Database, grouped: uuid.UUID) -> None:
    with db.transaction() as session:
        other = make_expo(session, code="SH24")
        make_exhibitor(session, other, region_code="320583")
        make_organisation(session, region_code="440305")
        count = session.scalar(select(func.count()).select_from(RegionGroup).where(RegionGroup.expo_id == other.id))
        assert count == 5
        other_id = other.id
    assert counted(db, other_id) == [("昆山", 1)]
    assert counted(db, grouped)[0] == ("深圳", 1)
    with pytest.raises(Conflict):
        exhibition(db, uuid.uuid4())
