"""Vocabularies: ready-made words, the look an expo chooses, merging, deleting, the next edition."""

import uuid
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.exchange import import_plan
from expo_app.model import Colour, Expo, Pattern, Vocabulary, Word, WordChoice
from expo_app.services import categories, expos, imports, record_writer, records, steps, words
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.steps import Step
from expo_app.specs import SPECS, Outcome, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.store.database import Database, open_database
from tests.factories import make_exhibitor, make_expo, make_gate, make_organisation
from tests.lists import book_of

INDUSTRIES, ITEM_KINDS, EXHIBITORS, ORGANISATIONS = (
    SPECS[name] for name in ("industries", "item_kinds", "exhibitors", "organisations")
)
GIVEN = {"name": "第一届", "code": "KJH18", "starts_on": "2018-11-28", "ends_on": "2018-11-30"}
NEXT = {"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"}


@pytest.fixture
def expo_id(db: Database) -> uuid.UUID:
    return expos.create(db, GIVEN)


def names(db: Database, spec: RecordSpec, expo_id: uuid.UUID) -> list[str]:
    return [term.name for term in words.terms(db, spec.name, expo_id)]


def ids(db: Database, spec: RecordSpec, expo_id: uuid.UUID) -> dict[str, uuid.UUID]:
    return {term.name: term.id for term in words.terms(db, spec.name, expo_id)}


def add(db: Database, spec: RecordSpec, expo_id: uuid.UUID, name: str, **values: object) -> uuid.UUID:
    return records.save(db, spec, {"name": name, **values}, expo_id=expo_id)


def step_of(writers: list[record_writer.Writer]) -> Step:
    step = steps.step_of("settings.edit", writers)
    assert step is not None
    return step


def contents(db: Database) -> dict[str, list[tuple[object, ...]]]:
    with db.reading() as session:
        return {
            table.name: sorted(tuple(map(str, row)) for row in session.execute(select(table)))
            for table in (Word.__table__, WordChoice.__table__)
        }


# --- ready-made words -------------------------------------------------------------------------------------------------
def test_a_new_expo_has_the_words_every_expo_needs(db: Database, expo_id: uuid.UUID) -> None:
    assert names(db, ITEM_KINDS, expo_id) == ["开幕式", "论坛", "路演", "对接", "签约", "拍卖", "其他"]
    assert names(db, INDUSTRIES, expo_id) == []


def test_a_preset_adds_only_what_is_missing_by_name_and_alias(db: Database, expo_id: uuid.UUID) -> None:
    assert words.add_preset(db, expo_id, "industries_four") == 4
    assert words.add_preset(db, expo_id, "industries_four") == 0
    assert words.add_preset(db, expo_id, "industries_strategic") == 5  # the four are known by its aliases and keys
    assert names(db, INDUSTRIES, expo_id) == [
        "信息技术", "新能源", "高端制造", "健康医疗",
        "新材料产业", "新能源汽车产业", "节能环保产业", "数字创意产业", "相关服务业",
    ]  # fmt: skip


def test_a_preview_says_what_is_there_under_which_name(db: Database, expo_id: uuid.UUID) -> None:
    add(db, INDUSTRIES, expo_id, "电子", aliases="集成电路")
    with db.reading() as session:
        found = words.offered(session, INDUSTRIES, expo_id, "industries_strategic")
    told = {offer.values["name"]: offer.known and offer.known.name for offer in found}
    assert told["新一代信息技术产业"] == "电子"
    assert [name for name, known in told.items() if known] == ["新一代信息技术产业"]


def test_a_preset_gives_way_where_its_look_is_taken(db: Database, expo_id: uuid.UUID) -> None:
    add(db, INDUSTRIES, expo_id, "海洋", colour="BLUE", pattern="DOTTED")
    assert words.add_preset(db, expo_id, "industries_four") == 4
    looks = [(term.colour, term.pattern) for term in words.terms(db, "industries", expo_id)]
    assert looks[0] == (Colour.BLUE, Pattern.DOTTED)
    assert len(set(looks)) == 5


# --- two words that would be one --------------------------------------------------------------------------------------
def test_no_two_words_share_a_name_or_an_alias(db: Database, expo_id: uuid.UUID) -> None:
    first = add(db, INDUSTRIES, expo_id, "新能源", aliases="储能、氢能")
    add(db, INDUSTRIES, expo_id, "新材料")
    for values in ({"name": "储能"}, {"name": " 新能源 "}, {"name": "光伏", "aliases": "氢能"}):
        with pytest.raises(InvalidRecord) as refused:
            records.save(db, INDUSTRIES, values, expo_id=expo_id)
        assert [*refused.value.problems] == (["aliases"] if "aliases" in values else ["name"])
        assert "“新能源”" in str(refused.value)
    with pytest.raises(InvalidRecord, match="“新材料”"):
        records.save(db, INDUSTRIES, {"aliases": "储能、新材料"}, first, expo_id=expo_id)
    records.save(db, INDUSTRIES, {"name": "新能源与节能", "aliases": "储能、氢能"}, first, expo_id=expo_id)
    add(db, ITEM_KINDS, expo_id, "储能", role="OTHER")  # another vocabulary


def test_new_words_stand_behind_the_others(db: Database, expo_id: uuid.UUID) -> None:
    for name in ("新能源", "新材料", "海洋"):
        add(db, INDUSTRIES, expo_id, name)
    assert names(db, INDUSTRIES, expo_id) == ["新能源", "新材料", "海洋"]


# --- how an expo shows them -------------------------------------------------------------------------------------------
def test_an_expo_has_its_own_order_look_and_hidden_words_of_the_file(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    with db.transaction() as session:
        other = make_expo(session).id
    key = ids(db, INDUSTRIES, expo_id)
    words.arrange(db, expo_id, INDUSTRIES, [key["健康医疗"], key["新能源"]])
    words.restyle(db, expo_id, INDUSTRIES, key["新能源"], is_hidden=True)
    words.restyle(db, expo_id, INDUSTRIES, key["新能源"], colour=Colour.TEAL, pattern=Pattern.GRID)
    mine, theirs = (words.terms(db, "industries", expo) for expo in (expo_id, other))
    assert [term.name for term in mine] == ["健康医疗", "新能源", "信息技术", "高端制造"]
    assert [term.name for term in mine.offered] == ["健康医疗", "信息技术", "高端制造"]
    assert (mine.keyed("energy").colour, theirs.keyed("energy").colour) == (Colour.TEAL, Colour.GREEN)
    assert [term.name for term in theirs.offered] == ["信息技术", "新能源", "高端制造", "健康医疗"]


def test_an_expos_own_words_are_arranged_and_hidden(db: Database, expo_id: uuid.UUID) -> None:
    key = ids(db, ITEM_KINDS, expo_id)
    words.arrange(db, expo_id, ITEM_KINDS, [key["路演"], key["论坛"]])
    words.restyle(db, expo_id, ITEM_KINDS, key["拍卖"], is_hidden=True)
    terms = words.terms(db, "item_kinds", expo_id)
    assert [term.name for term in terms] == ["路演", "论坛", "开幕式", "对接", "签约", "拍卖", "其他"]
    assert "拍卖" not in [term.name for term in terms.offered]


def test_a_look_in_use_is_refused_and_named(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    key = ids(db, INDUSTRIES, expo_id)
    with pytest.raises(InvalidRecord, match="“信息技术”已经用这个颜色和图案"):
        words.restyle(db, expo_id, INDUSTRIES, key["新能源"], colour=Colour.BLUE, pattern=Pattern.DOTTED)
    words.restyle(db, expo_id, INDUSTRIES, key["信息技术"], colour=Colour.RED, pattern=Pattern.DOTTED)
    words.restyle(db, expo_id, INDUSTRIES, key["新能源"], colour=Colour.BLUE, pattern=Pattern.DOTTED)
    newest = add(db, INDUSTRIES, expo_id, "海洋")
    looks = [(term.colour, term.pattern) for term in words.terms(db, "industries", expo_id)]
    assert len(set(looks)) == 5
    assert newest == ids(db, INDUSTRIES, expo_id)["海洋"]


def test_a_choice_is_taken_back_and_done_again(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    before = contents(db)
    with record_writer.followed() as writers:
        words.arrange(db, expo_id, INDUSTRIES, [ids(db, INDUSTRIES, expo_id)["健康医疗"]])
    after, step = contents(db), step_of(writers)
    steps.take_back(db, step)
    assert contents(db) == before
    steps.do_again(db, step)
    assert contents(db) == after


# --- the records that keep them ---------------------------------------------------------------------------------------
@pytest.fixture
def firms(db: Database, expo_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """Two exhibitors of new energy, one of health, one without an industry; and a firm that stays away."""
    words.add_preset(db, expo_id, "industries_four")
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        make_organisation(session, "远方电池", industry="energy")
        return {
            name: make_exhibitor(session, expo, name, **({"industry": key} if key else {})).id
            for name, key in (("氢能", "energy"), ("光伏", "energy"), ("药物", "health"), ("杂货", ""))
        }


def industry_of(db: Database, firms: dict[str, uuid.UUID]) -> dict[str, object]:
    return {name: records.get(db, EXHIBITORS, key)["organisation.industry_id"] for name, key in firms.items()}


def test_usage_counts_the_records_of_a_list_and_leads_to_them(
    db: Database, expo_id: uuid.UUID, firms: dict[str, uuid.UUID]
) -> None:
    key = ids(db, INDUSTRIES, expo_id)
    found = words.usage(db, INDUSTRIES, EXHIBITORS, expo_id)
    assert found is not None
    assert (found.counts.get(key["新能源"]), found.counts.get(key["健康医疗"])) == (2, 1)
    assert (found.without, found.whole) == (1, 4)
    assert records.traced(db, found.trace(key["新能源"], "")) == {firms["氢能"], firms["光伏"]}
    assert records.traced(db, found.trace(None, "")) == {firms["杂货"]}
    assert words.usage(db, ITEM_KINDS, EXHIBITORS, expo_id) is None
    with db.reading() as session:
        assert words.uses(session, INDUSTRIES.table)[key["新能源"]] == 3  # with the firm that stays away


def test_merging_moves_every_record_and_is_taken_back(
    db: Database, expo_id: uuid.UUID, firms: dict[str, uuid.UUID]
) -> None:
    key = ids(db, INDUSTRIES, expo_id)
    records.save(db, INDUSTRIES, {"aliases": "储能、氢能"}, key["新能源"], expo_id=expo_id)
    words.restyle(db, expo_id, INDUSTRIES, key["新能源"], is_hidden=True)
    before, was = contents(db), industry_of(db, firms)
    with record_writer.followed() as writers:
        assert words.merge(db, INDUSTRIES, key["新能源"], key["健康医疗"], expo_id) == 3
    after, step = contents(db), step_of(writers)
    assert names(db, INDUSTRIES, expo_id) == ["信息技术", "高端制造", "健康医疗"]
    kept = words.terms(db, "industries", expo_id).keyed("health")
    assert kept is not None
    assert kept.aliases == ("新能源", "储能", "氢能")
    assert set(industry_of(db, firms).values()) == {"健康医疗", None}
    steps.take_back(db, step)
    assert (contents(db), industry_of(db, firms)) == (before, was)
    steps.do_again(db, step)
    assert contents(db) == after
    assert set(industry_of(db, firms).values()) == {"健康医疗", None}


def test_words_of_two_vocabularies_cannot_be_merged(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    before = contents(db)
    for gone, kept in (("新能源", ids(db, ITEM_KINDS, expo_id)["其他"]), ("新能源", None)):
        key = ids(db, INDUSTRIES, expo_id)[gone]
        with pytest.raises(Conflict, match="E-MERGE"):
            words.merge(db, INDUSTRIES, key, kept or key, expo_id)
    assert contents(db) == before


def test_a_merged_word_is_known_in_the_next_file(db: Database, expo_id: uuid.UUID, firms: dict[str, uuid.UUID]) -> None:
    key = ids(db, INDUSTRIES, expo_id)
    words.merge(db, INDUSTRIES, key["新能源"], key["健康医疗"], expo_id)
    records.save(db, EXHIBITORS, {"organisation.industry_id": "新能源"}, firms["杂货"], expo_id=expo_id)
    assert industry_of(db, firms)["杂货"] == "健康医疗"
    assert len(names(db, INDUSTRIES, expo_id)) == 3


def test_a_used_word_is_not_deleted(db: Database, expo_id: uuid.UUID, firms: dict[str, uuid.UUID]) -> None:
    before = contents(db)
    with pytest.raises(Conflict, match="E-IN-USE"):
        words.remove(db, INDUSTRIES, ids(db, INDUSTRIES, expo_id)["健康医疗"])
    assert contents(db) == before


def test_a_hidden_word_stays_in_old_records_and_leaves_the_forms(
    db: Database, expo_id: uuid.UUID, firms: dict[str, uuid.UUID]
) -> None:
    words.restyle(db, expo_id, INDUSTRIES, ids(db, INDUSTRIES, expo_id)["新能源"], is_hidden=True)
    assert "新能源" not in [term.name for term in words.terms(db, "industries", expo_id).offered]
    assert industry_of(db, firms)["氢能"] == "新能源"
    records.save(db, EXHIBITORS, {"exhibits": "电堆"}, firms["氢能"], expo_id=expo_id)
    assert industry_of(db, firms)["氢能"] == "新能源"


def test_a_renamed_word_shows_everywhere_at_once(db: Database, expo_id: uuid.UUID, firms: dict[str, uuid.UUID]) -> None:
    records.save(db, INDUSTRIES, {"name": "绿色能源"}, ids(db, INDUSTRIES, expo_id)["新能源"], expo_id=expo_id)
    assert industry_of(db, firms)["氢能"] == "绿色能源"
    field = ORGANISATIONS.field("industry_id")
    assert {row[1] for row in records.list_rows(db, ORGANISATIONS, expo_id, [field])} == {"绿色能源", "健康医疗", None}
    parts = {part.label: part.count for part in exhibition(db, expo_id).industries}
    assert (parts["绿色能源"], parts["健康医疗"]) == (2, 1)


# --- deleting ---------------------------------------------------------------------------------------------------------
def test_an_unused_word_goes_and_comes_back_with_its_look(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    key = ids(db, INDUSTRIES, expo_id)["健康医疗"]
    words.restyle(db, expo_id, INDUSTRIES, key, colour=Colour.TEAL, pattern=Pattern.BACK)
    before = contents(db)
    with record_writer.followed() as writers:
        words.remove(db, INDUSTRIES, key)
    assert names(db, INDUSTRIES, expo_id) == ["信息技术", "新能源", "高端制造"]
    steps.take_back(db, step_of(writers))
    assert contents(db) == before


# --- the next edition -------------------------------------------------------------------------------------------------
def test_the_next_edition_copies_words_and_how_they_are_shown(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    key = ids(db, INDUSTRIES, expo_id)
    words.arrange(db, expo_id, INDUSTRIES, [key["健康医疗"]])
    records.save(db, ITEM_KINDS, {"name": "大会"}, ids(db, ITEM_KINDS, expo_id)["论坛"], expo_id=expo_id)
    add(db, ITEM_KINDS, expo_id, "走访", role="OTHER")
    following = expos.create(db, NEXT, expo_id)
    assert names(db, ITEM_KINDS, following) == names(db, ITEM_KINDS, expo_id)
    assert names(db, INDUSTRIES, following) == ["健康医疗", "信息技术", "新能源", "高端制造"]
    records.save(db, ITEM_KINDS, {"name": "主论坛"}, ids(db, ITEM_KINDS, following)["大会"], expo_id=following)
    assert "大会" in names(db, ITEM_KINDS, expo_id)


def test_words_of_the_last_edition_are_taken_over_later(db: Database, expo_id: uuid.UUID) -> None:
    add(db, ITEM_KINDS, expo_id, "走访", role="OTHER", aliases="参观")
    words.add_preset(db, expo_id, "industries_four")
    words.arrange(db, expo_id, INDUSTRIES, [ids(db, INDUSTRIES, expo_id)["健康医疗"]])
    following = expos.create(db, NEXT)
    with db.transaction() as session:
        session.get_one(
            Expo, make_expo(session, starts_on=session.get_one(Expo, expo_id).starts_on).id
        ).is_sample = True
    with db.reading() as session:
        assert words.last_edition(session, following) == expo_id
        assert words.last_edition(session, expo_id) is None
        told = words.offered_by(session, ITEM_KINDS, following, expo_id)
    assert [offer.values["name"] for offer in told if offer.known is None] == ["走访"]
    assert words.take_over(db, following, ITEM_KINDS, expo_id) == 1
    assert words.take_over(db, following, ITEM_KINDS, expo_id) == 0
    assert names(db, ITEM_KINDS, following)[-1] == "走访"
    words.take_over(db, following, INDUSTRIES, expo_id)
    assert names(db, INDUSTRIES, following)[0] == "健康医疗"


def test_somebody_elses_delete_is_noticed(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    key = ids(db, INDUSTRIES, expo_id)["新能源"]
    words.remove(db, INDUSTRIES, key)
    with pytest.raises(Conflict, match="E-GONE"):
        words.restyle(db, expo_id, INDUSTRIES, key, is_hidden=True)


# --- categories and the gates they pass -------------------------------------------------------------------------------
def test_a_gate_is_not_opened_to_all_by_taking_its_last_category(db: Database, expo_id: uuid.UUID) -> None:
    with db.transaction() as session:
        gate = make_gate(session, session.get_one(Expo, expo_id), "贵宾通道").id
    key = ids(db, SPECS["categories"], expo_id)
    for name in key.keys() - {"嘉宾", "媒体"}:
        categories.let_through(db, expo_id, key[name], [])
    assert records.get(db, SPECS["gates"], gate)["categories"] == "嘉宾、媒体"
    categories.let_through(db, expo_id, key["媒体"], [])
    with pytest.raises(Conflict, match=r"只让“嘉宾”进.*E-GATE-EMPTY"):
        categories.let_through(db, expo_id, key["嘉宾"], [])
    categories.let_through(db, expo_id, key["媒体"], [gate])
    gates = categories.gates_of(db, expo_id)
    assert {name for name, category in key.items() if gates[category]} == {"嘉宾", "媒体"}


def test_words_of_a_file_go_into_another_as_they_are(db: Database, expo_id: uuid.UUID, tmp_path: Path) -> None:
    words.add_preset(db, expo_id, "industries_strategic")
    plain = next(term for term in words.terms(db, "industries", expo_id))
    words.restyle(db, expo_id, INDUSTRIES, plain.id, colour=None, pattern=None)
    fields = [field for field in SPECS["words"].writable if field.in_excel]
    rows = records.list_rows(db, SPECS["words"], expo_id, fields)
    with closing(open_database(tmp_path / "other.db", create=True)) as other:
        other_id = expos.create(other, GIVEN)
        for row in rows:
            if row[1] is Vocabulary.INDUSTRY:
                given = {field.name: value for field, value in zip(fields, row[1:], strict=False)}
                records.save(other, SPECS["words"], given, expo_id=other_id)
        assert len(names(other, INDUSTRIES, other_id)) == 9


def test_an_industry_without_a_look_gets_a_free_one(db: Database, expo_id: uuid.UUID) -> None:
    for name in ("低空经济", "量子科技"):
        add(db, INDUSTRIES, expo_id, name, colour=None, pattern=None)
    looks = [(term.colour, term.pattern) for term in words.terms(db, "industries", expo_id)]
    assert len(set(looks)) == 2
    assert all(colour for colour, _pattern in looks)


def test_a_file_of_all_vocabularies_is_not_read_as_one(db: Database, expo_id: uuid.UUID) -> None:
    there = imports.state(db, INDUSTRIES, expo_id)
    rows = [("产业", "低空经济"), ("活动类型", "沙龙")]
    found = import_plan.plan(INDUSTRIES, book_of(("类目", "名称"), rows), there)
    assert [row.outcome for row in found.rows] == [Outcome.NEW, Outcome.INVALID]
    assert "活动类型" in found.rows[1].problems["类目"]


def test_a_word_of_one_other_character_is_taken_for_mistyped(db: Database, expo_id: uuid.UUID) -> None:
    words.add_preset(db, expo_id, "industries_four")
    there = imports.state(db, ORGANISATIONS, expo_id)
    rows = [(f"甲{n}", said) for n, said in enumerate(("信息技朮", "量子信息", "新材料", "高端装备"), 2)]
    found = import_plan.plan(ORGANISATIONS, book_of(("单位名称", "产业"), rows), there)
    assert [row.outcome for row in found.rows] == [Outcome.NEW] * 4
    assert [(seen.value, seen.near, seen.target, seen.may_be_new) for seen in found.values] == [
        ("信息技朮", "信息技术", None, True), ("量子信息", "信息技术", None, True), ("新材料", "", None, True),
        ("高端装备", "高端制造", None, True),
    ]  # fmt: skip
    assert "信息技术" in found.rows[0].notes["产业"]
    taken = Choices(values={"industry_id": {"信息技朮": "信息技术"}}, new_words=True)
    found = import_plan.plan(ORGANISATIONS, book_of(("单位名称", "产业"), rows), there, taken)
    assert [row.values["industry_id"] for row in found.rows] == ["信息技术", "量子信息", "新材料", "高端装备"]
    assert found.notes[-1].count("、") == 2
