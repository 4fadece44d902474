"""The sample expo: complete after both files, true to what is reported, generated beyond that and marked."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from runpy import run_path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, delete, func, select

from expo_app import paths
from expo_app.errors import Conflict
from expo_app.model import (
    Achievement,
    AgendaEntry,
    Attendee,
    Badge,
    Base,
    Booth,
    BoothState,
    Category,
    CheckIn,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    DealStep,
    Desk,
    Entry,
    Exhibitor,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    ExpoOrganiser,
    ExpoVenue,
    Gate,
    Hall,
    Operator,
    Organisation,
    OrganiserRole,
    Person,
    Pitch,
    ProgrammeItem,
    Room,
    Speaker,
    Venue,
    Verdict,
    Word,
    Zone,
)
from expo_app.rules import badge_code, phones, tech_contracts
from expo_app.rules.masks import check_credit_code
from expo_app.rules.pins import verify_pin
from expo_app.services import badges, checkin, deals, floor, imports, programme, records, sample
from expo_app.services.sample import attendees, lists
from expo_app.services.sample import deals as deals_of_sample
from expo_app.services.sample import matching as matching_of_sample
from expo_app.services.sample.attendees import built_count
from expo_app.specs import ATTENDEES, ORGANISATIONS, SPECS, ImportPlan, Outcome
from expo_app.store.database import Database, open_database
from tests.lists import plan_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
REAL = {
    "上海市生产力促进中心",
    "江苏省生产力促进中心",
    "浙江省生产力促进中心",
    "安徽省生产力促进中心",
    "上汽大众汽车有限公司",
    "上海市青浦区人民政府",
    "无锡市人民政府",
    "常州市人民政府",
    "湖州市人民政府",
    "嘉兴市人民政府",
    "宣城市人民政府",
    "上海市嘉定区人民政府",
    "苏州市人民政府",
    "温州市人民政府",
    "伯纳激光科技有限公司",
    "上海荣南科技有限公司",
    "上海盛知华知识产权服务有限公司",
    "上海市嘉定区众创空间联合会",
    "中科院上海光机所",
    "中科院上海硅酸盐所",
    "中科院上海微系统所",
    "中科院声学所东海站",
    "中国电科32所",
    "中国科学院",
    "煌能新能源",
    "纽顿流体",
    "华远汽车零部件",
    "益能电器",
    "温州易视通",
    "宝讯科技",
    "米泰生物制药",
    "水护健康科技",
    "义满生物科技",
    "点靓纳谱生物",
    "泰越资本",
    "赛智创投",
}
OFFICIALS = {("卢渊", "苏州市政府副秘书长"), ("陈栋", "温州市政府副秘书长"), ("沈华棣", "嘉定区副区长")}
NAMED_ITEMS = {
    "开幕式",
    "2018中国长三角创新服务贸易论坛",
    "2018年中国科学院专利竞价(拍卖)会上海专场",
    "2018精准医学产业化(上海)高峰论坛",
    "长三角数字经济协同发展高峰论坛暨长三角5G产业应用创新联盟成立大会",
    "长三角智能网联汽车产品开发及验证测试技术论坛",
    "“科创嘉”科研院所路演专场",
}
WRONG = {"exhibitors": ["单位信息 企业名称", ""], "attendees": ["姓 名", ""]}
"""The header that each wrong row of a file is refused for, in order; "" is a repeated record."""
UNREAD = {
    "exhibitors": ["联 系 人 联系人手机", "单位信息 统一信用代码", "联 系 人 电子邮箱", "证件名额"],
    "attendees": ["手机号码", "电子邮箱", "参会类别", "参会日期"],
}
"""The header of each value that is left out of a row that goes in."""


@dataclass(frozen=True)
class Sample:
    """A finished sample: built, both files imported, deals registered; the plans of the first and the second import."""

    db: Database
    expo_id: Any
    first: dict[str, ImportPlan]
    second: dict[str, ImportPlan]

    def all(self, query: Any) -> Sequence[Row[Any]]:
        with self.db.reading() as session:
            return session.execute(query).all()

    def one(self, query: Any) -> Any:
        with self.db.reading() as session:
            return session.scalar(query)


def plan(db: Database, expo_id: Any, kind: str, name: str) -> ImportPlan:
    spec = SPECS[kind]
    return plan_of(spec, paths.resource("sample", name), imports.state(db, spec, expo_id))


def import_files(db: Database, expo_id: Any) -> dict[str, ImportPlan]:
    plans = {}
    for kind, name in sample.FILES:
        plans[kind] = plan(db, expo_id, kind, name)
        imports.apply(db, plans[kind], expo_id)
    return plans


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    db = open_database(tmp_path_factory.mktemp("whole") / "expo.db", create=True)
    expo_id = sample.build(db)
    first = import_files(db, expo_id)
    sample.mark_arrivals(db, expo_id)
    second = {kind: plan(db, expo_id, kind, name) for kind, name in sample.FILES}
    sample.register_deals(db, expo_id)
    sample.add_matching(db, expo_id)
    yield Sample(db, expo_id, first, second)
    db.close()


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "expo.db"
    db = open_database(path, create=True)
    sample.build(db, attendees=1000)
    db.close()
    return path


@pytest.fixture
def small(small_file: Path, tmp_path: Path) -> Iterator[tuple[Database, Any]]:
    """A sample of 1,000 people, 400 of them built, the files not imported."""
    db = open_database(shutil.copy(small_file, tmp_path / "small.db"))
    with db.reading() as session:
        expo_id = session.scalar(select(Expo.id))
    yield db, expo_id
    db.close()


def test_arrivals_are_spread_over_the_first_morning(whole: Sample) -> None:
    moments = [at for (at,) in whole.all(select(Exhibitor.arrived_at).where(Exhibitor.arrived_at.is_not(None)))]
    days = {at.astimezone(SHANGHAI).isoformat()[:13] for at in moments}
    minutes = Counter(at.isoformat()[:16] for at in moments)
    assert (len(moments), days) == (202, {"2018-11-28T07", "2018-11-28T08"})
    assert max(minutes.values()) <= 8
    generated = (Exhibitor.state == ExhibitorState.ARRIVED, Exhibitor.is_sample, Exhibitor.arrived_at.is_(None))
    assert whole.one(select(func.count()).where(*generated)) == 0


def test_everybody_in_the_sample_is_marked(whole: Sample) -> None:
    """Who comes with a file as much as who was built; so an export says 示例: 是 of each."""
    assert dict(whole.all(select(Attendee.is_sample, func.count()).group_by(Attendee.is_sample))) == {True: 5000}
    real = select(func.count()).where(Exhibitor.is_sample.is_(False))
    assert whole.one(real) == 4


def test_it_is_complete_after_both_files(whole: Sample) -> None:
    mains = select(Exhibitor.kind, func.count()).where(Exhibitor.main_id.is_(None)).group_by(Exhibitor.kind)
    assert dict(whole.all(mains)) == {ExhibitorKind.EXHIBITOR: 176, ExhibitorKind.SERVICE: 32}
    assert whole.one(select(func.count()).where(Exhibitor.main_id.is_not(None))) == 6
    assert whole.one(select(func.count()).select_from(Attendee)) == 5000
    assert dict(whole.all(select(Booth.state, func.count()).group_by(Booth.state))) == {BoothState.CONFIRMED: 208}
    absent = (Exhibitor.state == ExhibitorState.CONFIRMED, Exhibitor.kind == ExhibitorKind.EXHIBITOR)
    assert whole.one(select(func.count()).where(*absent)) == 8
    staff = (
        select(func.count())
        .select_from(Attendee)
        .join(Category, Category.id == Attendee.category_id)
        .where(Category.key == "exhibitor", Attendee.exhibitor_id.is_(None))
    )
    assert whole.one(staff) == 0


def test_what_the_files_hold(whole: Sample) -> None:
    written = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
    counts = {kind: [p.count(outcome) for outcome in written] for kind, p in whole.first.items()}
    assert counts == {"exhibitors": [46, 0, 0], "attendees": [600, 0, 0]}
    refused = {kind: [h for row in p.of(Outcome.INVALID) for h in row.problems] for kind, p in whole.first.items()}
    assert refused == WRONG
    left_out = {kind: [h for row in p.noted for h in row.notes] for kind, p in whole.first.items()}
    assert left_out == UNREAD


def test_importing_them_again_changes_nothing(whole: Sample) -> None:
    counts = {kind: {o: p.count(o) for o in Outcome} for kind, p in whole.second.items()}
    assert counts == {
        "exhibitors": {Outcome.NEW: 0, Outcome.CHANGED: 0, Outcome.SAME: 46, Outcome.INVALID: 2},
        "attendees": {Outcome.NEW: 0, Outcome.CHANGED: 0, Outcome.SAME: 600, Outcome.INVALID: 2},
    }


def test_the_shipped_files_are_what_the_script_makes(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    run_path(str(paths.root() / "packaging" / "make_sample_files.py"))["main"](tmp_path)
    for _kind, name in sample.FILES:
        made, shipped = (load_workbook(folder / name).active for folder in (tmp_path, paths.resource("sample")))
        assert list(made.values) == list(shipped.values)
        assert sorted(map(str, made.merged_cells.ranges)) == sorted(map(str, shipped.merged_cells.ranges))


def test_its_lists_are_files_that_anyone_could_import(whole: Sample) -> None:
    """Each file of a list is read as a person's would be, and says of every record what is there."""
    outcomes, changed = Counter[Outcome](), set[tuple[str, str]]()
    for spec in SPECS.values():
        if (path := lists.file_of(spec.name)).exists():
            planned = plan(whole.db, whole.expo_id, spec.name, path.name)
            outcomes.update(row.outcome for row in planned.rows)
            changed |= {(spec.name, name) for row in planned.rows for name in (*row.changes, *row.kept)}
    assert outcomes.keys() == {Outcome.SAME, Outcome.CHANGED}
    registered = ("stage", "tech_field", "payment_way", "plan_source", "social_goal")
    later = {("booths", "state")}  # free or held there: exhibitors came to stand in them
    hidden = {("lots", "reserve")}  # written, and never read to be compared
    assert changed == later | hidden | {("deals", name) for name in registered}  # what the registration says now


def test_every_file_of_the_sample_is_used() -> None:
    listed = [spec.name for spec, _rows in lists.load()]
    parts = [name for name, *_rest in lists.PARTS]
    entered = [*lists.LATER, attendees.VISITORS, deals_of_sample.PARTIES, matching_of_sample.BODIES]
    files = sorted(path.stem for path in paths.resource("sample").glob("*.csv"))
    assert files == sorted([*listed, *parts, *entered])


@pytest.mark.parametrize("name", [attendees.VISITORS, deals_of_sample.PARTIES])
def test_bodies_that_come_later_are_as_their_file_says(whole: Sample, name: str) -> None:
    """None was made before by a list that knows nothing of it but its name."""
    known = {row["name"] for row in lists.read(ORGANISATIONS)}
    said = {row["name"]: row for row in lists.read(ORGANISATIONS, lists.file_of(name)) if row["name"] not in known}
    there = {row.name: row.region_code for row in whole.all(select(Organisation.name, Organisation.region_code))}
    wrong = [name for name in said.keys() & there.keys() if there[name] != said[name].get("region_code")]
    assert wrong == []


def test_a_list_goes_in_behind_those_it_refers_to() -> None:
    order = [spec.name for spec, _rows in lists.load()]
    behind = {spec.name: {field.ref for field in spec.fields} & set(order) for spec, _rows in lists.load()}
    assert [(name, ref) for name in order for ref in behind[name] if order.index(ref) > order.index(name)] == []


def test_the_expo_is_the_reported_one(whole: Sample) -> None:
    (expo,) = whole.all(
        select(
            Expo.name,
            Expo.short_name,
            Expo.code,
            Expo.starts_on,
            Expo.ends_on,
            Venue.name,
            Expo.is_sample,
            Expo.rehearsal_at,
        )
        .join(ExpoVenue, ExpoVenue.expo_id == Expo.id)
        .join(Venue, Venue.id == ExpoVenue.venue_id)
    )
    assert tuple(expo) == (
        "首届长三角科技交易博览会",
        "科交会",
        "KJH18",
        date(2018, 11, 28),
        date(2018, 11, 30),
        "上海汽车会展中心",
        True,
        datetime(2018, 11, 29, 10, 42, tzinfo=SHANGHAI),
    )
    organisers = select(ExpoOrganiser.role, Organisation.name).join(Organisation).order_by(ExpoOrganiser.position)
    assert [tuple(row) for row in whole.all(organisers)] == [
        (OrganiserRole.HOST, "上海市嘉定区人民政府"),
        (OrganiserRole.CO_HOST, "苏州市人民政府"),
        (OrganiserRole.CO_HOST, "温州市人民政府"),
    ]


def test_named_exhibitors_stand_there_with_what_is_reported_of_them(whole: Sample) -> None:
    rows = whole.all(
        select(
            Organisation.name,
            Exhibitor.kind,
            Exhibitor.wants,
            Exhibitor.arrived_at,
            Person.name,
            Person.phone,
            Exhibitor.note,
        )
        .join(Exhibitor, Exhibitor.organisation_id == Organisation.id)
        .outerjoin(Person, Person.id == Exhibitor.contact_id)
        .where(Exhibitor.is_sample.is_(False))
        .order_by(Organisation.name)
    )
    note = "单位据报道；展位、面积、到场状态为示例"
    assert [tuple(row) for row in rows] == [
        ("上海市嘉定区众创空间联合会", ExhibitorKind.SERVICE, "", None, None, None, note),
        ("上海盛知华知识产权服务有限公司", ExhibitorKind.SERVICE, "", None, None, None, note),
        (
            "上海荣南科技有限公司",
            ExhibitorKind.EXHIBITOR,
            "寻求各地上下游合作伙伴，寻求产学研合作",
            None,
            "徐伟",
            None,
            note,
        ),
        ("伯纳激光科技有限公司", ExhibitorKind.EXHIBITOR, "寻求上海合作伙伴", None, None, None, note),
    ]


def test_the_programme_has_fourteen_items_seven_of_them_reported(whole: Sample) -> None:
    rows = whole.all(
        select(ProgrammeItem.title, ProgrammeItem.is_sample, ProgrammeItem.registrations, ProgrammeItem.summary)
    )
    assert len(rows) == 14
    assert {row.title for row in rows if not row.is_sample} == NAMED_ITEMS
    assert {row.title for row in rows if "（示例）" not in row.title} == NAMED_ITEMS
    named = [row for row in rows if not row.is_sample]
    assert {row.registrations for row in named} == {0}
    assert [row.title for row in named if "为示例" not in row.summary] == []


def test_the_roadshow_is_on_the_29th_in_room_c_with_six_pitches(whole: Sample) -> None:
    (item,) = whole.all(
        select(ProgrammeItem.id, ProgrammeItem.starts_at, Room.name)
        .join(Room, Room.id == ProgrammeItem.room_id)
        .where(ProgrammeItem.title == "“科创嘉”科研院所路演专场")
    )
    assert (item.starts_at.astimezone(SHANGHAI).date(), item.name) == (date(2018, 11, 29), "C 会场")
    pitches = whole.all(
        select(
            Achievement.title,
            Organisation.name,
            Pitch.score,
            Pitch.comments,
            Pitch.interest,
            Pitch.presenter,
            Pitch.is_sample,
        )
        .join(Achievement, Achievement.id == Pitch.achievement_id)
        .join(Organisation, Organisation.id == Achievement.owner_id)
        .where(Pitch.item_id == item.id)
    )
    assert len(pitches) == 6
    assert {(p.title, p.name, p.score, p.comments, p.interest) for p in pitches if not p.is_sample} == {
        ("眼科光学相干断层扫描仪", "中科院上海光机所", None, "", ""),
        ("高效催化氧化处理难降解工业污水技术", "中科院上海硅酸盐所", None, "", ""),
        ("水下高精度区域导航定位与通信系统", "中科院声学所东海站", None, "", ""),
    }
    assert [p.presenter for p in pitches if not p.presenter.endswith("（示例）")] == []
    generated = [p for p in pitches if p.is_sample]
    assert [
        p for p in generated if not ("（示例）" in p.title and "（示例）" in p.name and p.score and p.comments)
    ] == []


def test_seven_patents_one_of_them_reported(whole: Sample) -> None:
    rows = whole.all(
        select(Achievement.title, Achievement.is_sample, Achievement.asking_price)
        .join(Word, Word.id == Achievement.kind_id)
        .where(Word.key == "patent")
    )
    assert len(rows) == 7
    assert [tuple(row) for row in rows if not row.is_sample] == [("硅量子点的表面水溶性修饰改性方法", False, None)]
    assert sum("（示例）" in row.title for row in rows) == 6


def test_the_opening_ceremony_has_its_six_parts_and_the_officials(whole: Sample) -> None:
    opening = select(ProgrammeItem.id).where(ProgrammeItem.title == "开幕式").scalar_subquery()
    parts = (
        select(AgendaEntry.title, AgendaEntry.starts_at)
        .where(AgendaEntry.item_id == opening)
        .order_by(AgendaEntry.position)
    )
    assert [tuple(row) for row in whole.all(parts)] == [
        ("“双创券”平台启用", None),
        ("长三角创新服务贸易共同体成立", None),
        ("长三角合作产业创新园区揭牌", None),
        ("长三角汽车产业创新联盟揭牌", None),
        ("专利拍卖举槌", None),
        ("嘉定与温州两地合作签约", None),
    ]
    guests = (
        select(Person.name, Person.title)
        .join(Speaker, Speaker.person_id == Person.id)
        .where(Speaker.item_id == opening)
    )
    assert {tuple(row) for row in whole.all(guests)} == OFFICIALS


def test_the_programme_shows_two_clashes_two_in_the_tray_and_three_changes(whole: Sample) -> None:
    shown = programme.load(whole.db, whole.expo_id)
    assert sorted(c.kind.name for c in shown.clashes) == ["CHANGEOVER", "SPEAKER_OVERLAP"]
    assert [c for c in shown.clashes if c.blocks] == []
    titles = {item.id: item.slot.title for item in shown.items}
    assert {titles[key] for clash in shown.clashes for key in clash.item_ids} & NAMED_ITEMS == set()
    assert sorted(i.slot.title for i in shown.items if not i.is_placed) == [
        "健康医疗成果专场路演（示例）",
        "科交会总结与签约通报（示例）",
    ]
    assert sorted(i.slot.title for i in shown.changed) == [
        "双创券服务机构说明会（示例）",
        "科技金融圆桌（示例）",
        "院地合作项目集中签约（示例）",
    ]


def test_the_roadshow_in_the_tray_needs_a_hundred_seats_and_room_c_has_sixty(whole: Sample) -> None:
    planned = programme.load(whole.db, whole.expo_id)
    item = next(item for item in planned.items if item.slot.wanted)
    rooms = {room.name: room for room in planned.frame.rooms}
    at = datetime(2018, 11, 30, 14, tzinfo=ZoneInfo("Asia/Shanghai"))
    found = {
        name: [clash.detail for clash in programme.clashes_at(planned, item, programme.Position(room.id, at, 90))]
        for name, room in rooms.items()
    }
    assert found == {"A 会场": [], "B 会场": [], "C 会场": ["需要 100 座，会场 60 座，缺 40"]}


def test_every_item_has_an_english_title(whole: Sample) -> None:
    with whole.db.reading() as session:
        titles = session.scalars(select(ProgrammeItem.title_en)).all()
    assert [title.isascii() or "“" in title for title in titles] == [True] * 14
    assert len(set(titles)) == 14


def test_every_place_and_the_theme_have_english_words(whole: Sample) -> None:
    with whole.db.reading() as session:
        found = [(of.__name__, one.name_en) for of in (Venue, Hall, Room, Zone) for one in session.scalars(select(of))]
        found += [("theme", expo.theme_en) for expo in session.scalars(select(Expo))]
    assert len(found) == 13
    assert [(of, text) for of, text in found if not text or not text.isascii()] == []


def test_every_generated_body_says_so_and_no_other(whole: Sample) -> None:
    rows = whole.all(select(Organisation.name, Organisation.is_sample))
    assert {row.name for row in rows if "（示例）" not in row.name} == REAL
    assert {row.name for row in rows if not row.is_sample} == REAL


def test_everybody_but_four_named_people_is_marked(whole: Sample) -> None:
    real = {tuple(row) for row in whole.all(select(Person.name, Person.title).where(Person.is_sample.is_(False)))}
    assert real == OFFICIALS | {("徐伟", "研发总监")}
    assert whole.one(select(func.count()).where(Attendee.is_sample.is_(False))) == 0
    attending = select(func.count()).join(Person, Person.id == Attendee.person_id).where(Person.is_sample.is_(False))
    assert whole.one(attending.select_from(Attendee)) == 0


def test_nobody_is_invented_for_a_real_body(whole: Sample) -> None:
    invented = (
        select(Person.name, Organisation.name)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.is_sample.is_(True), Organisation.is_sample.is_(False))
    )
    assert whole.all(invented) == []
    sent = select(func.count()).select_from(Attendee).join(Organisation, Organisation.id == Attendee.organisation_id)
    assert whole.one(sent.where(Organisation.is_sample.is_(False))) == 0


def test_phones_addresses_and_credit_codes_are_nobodys(whole: Sample) -> None:
    numbers = [row[0] for row in whole.all(select(Person.phone).where(Person.phone.is_not(None)))]
    assert {(phone[:6], len(phone)) for phone in numbers} == {("+86160", 14)}
    assert [number for number in numbers if phones.parse(number) != number] == []
    emails = [row[0] for row in whole.all(select(Person.email).where(Person.email.is_not(None)))]
    assert {address.partition("@")[2] for address in emails} == {"example.com"}
    codes = [row[0] for row in whole.all(select(Organisation.credit_code).where(Organisation.credit_code.is_not(None)))]
    assert [code for code in codes if check_credit_code(code) != code] == []
    assert [code for code in codes if inner_check(code[8:16]) == code[16]] == []


def inner_check(body: str) -> str:
    """The check character of an organisation code (GB 11714) with eight digits."""
    rest = 11 - sum(int(d) * w for d, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return "0" if rest == 11 else "X" if rest == 10 else str(rest)


def test_nothing_invented_stands_beside_a_real_body(whole: Sample) -> None:
    real = Organisation.is_sample.is_(False)
    party = select(Deal.title, Deal.amount).join(DealParty, DealParty.deal_id == Deal.id)
    signed = whole.all(party.join(Organisation, Organisation.id == DealParty.organisation_id).where(real).distinct())
    assert {tuple(row) for row in signed} == {
        ("嘉定—苏州战略合作（嘉昆太协同创新核心圈）", None),
        ("嘉定—温州战略合作", None),
        ("嘉定与温州两地合作", None),
    }
    owned = select(Achievement.title, Achievement.asking_price, Achievement.trl, Achievement.is_sample)
    found = whole.all(owned.join(Organisation, Organisation.id == Achievement.owner_id).where(real))
    assert {tuple(row[1:]) for row in found} == {(None, None, False)}
    assert {row.title for row in found} == {
        "眼科光学相干断层扫描仪",
        "高效催化氧化处理难降解工业污水技术",
        "水下高精度区域导航定位与通信系统",
        "硅量子点的表面水溶性修饰改性方法",
        "激光发生器",
    }


def test_deals_of_every_sort(whole: Sample) -> None:
    rows = whole.all(select(Deal).order_by(Deal.deal_no))
    found = [row[0] for row in rows]
    assert [d.deal_no for d in found] == [f"KJH-2018-{n:03d}" for n in range(1, 28)]
    assert Counter(d.entry for d in found) == {Entry.VALID: 24, Entry.CHECK: 1, Entry.DRAFT: 1, Entry.VOID: 1}
    assert {d.kind for d in found} == {
        DealKind.FRAMEWORK,
        DealKind.TECH_CONTRACT,
        DealKind.PURCHASE,
        DealKind.INVESTMENT,
        DealKind.TENANCY,
    }
    assert {d.stage for d in found} == {DealStage.SIGNED, DealStage.REGISTERED, DealStage.INTENT}
    kinds = set(tech_contracts.kinds_on(date(2018, 11, 28)))
    assert {d.contract_kind for d in found if d.contract_kind} == kinds
    wrong = [
        d.title
        for d in found
        if d.contract_kind and d.contract_subkind not in tech_contracts.subkinds_on(date(2018, 11, 28), d.contract_kind)
    ]
    assert wrong == []
    eight = select(func.count()).join(Deal, Deal.id == DealParty.deal_id).where(Deal.title.startswith("八方"))
    assert whole.one(eight.select_from(DealParty)) == 8


def test_one_pair_of_deals_is_suspected(whole: Sample) -> None:
    pairs = [(s.deal.title, s.other.title) for s in deals.suspected(whole.db, whole.expo_id)]
    assert pairs == [("车载储氢瓶阀联合开发", "车载储氢阀门联合开发")]


def test_deals_have_the_history_of_their_day(whole: Sample) -> None:
    steps = whole.all(
        select(Deal.title, DealStep.entry, DealStep.at, Deal.created_at)
        .join(Deal, Deal.id == DealStep.deal_id)
        .order_by(DealStep.at)
    )
    assert len(steps) == 32  # four contracts are registered
    void = [(step.entry, step.at <= step.created_at) for step in steps if step.title == "园区能源管理平台运维服务"]
    assert void == [(Entry.VALID, True), (Entry.VOID, True)]
    assert [s.title for s in steps if s.entry is not Entry.VALID and s.at != s.created_at] == []


def test_the_plan_has_the_zones_of_the_picture(whole: Sample) -> None:
    one, two = floor.plan(whole.db, whole.expo_id).halls
    assert [(zone.code, zone.name, zone.count) for zone in one.zones] == [
        ("A", "嘉定展区", 62),
        ("B", "苏州展区", 34),
        ("C", "昆山展区", 28),
        ("D", "太仓展区", 22),
        ("E", "温州展区", 30),
        ("S", "科技服务机构", 32),
    ]
    assert (two.name, two.zones) == ("2 号馆", ())
    boxes = [(b.x, b.y, b.x + b.width, b.y + b.depth) for b in one.booths]
    boxes += [(f.x, f.y, f.x + f.width, f.y + f.depth) for f in one.features]
    assert [box for box in boxes if box[0] < 0 or box[1] < 0 or box[2] > one.width or box[3] > one.depth] == []
    overlaps = [
        (a, b)
        for n, a in enumerate(boxes)
        for b in boxes[:n]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert overlaps == []


def test_the_first_day_is_complete(whole: Sample) -> None:
    scans = whole.all(select(CheckIn.verdict, CheckIn.local_day, CheckIn.at, CheckIn.attendee_id, CheckIn.gate_id))
    assert {scan.local_day for scan in scans} == {date(2018, 11, 28)}
    not_met = {Verdict.WRONG_PLACE, Verdict.FULL, Verdict.CLOSED, Verdict.OUT, Verdict.DAMAGED}
    assert {scan.verdict for scan in scans} == set(Verdict) - not_met
    people = {scan.attendee_id for scan in scans if scan.verdict is Verdict.ADMITTED}
    assert 0.58 < len(people) / 4400 < 0.68
    admitted = [scan.at.astimezone(SHANGHAI) for scan in scans if scan.verdict is Verdict.ADMITTED]
    quarters = Counter((at.hour, at.minute // 15) for at in admitted)
    assert quarters.most_common(1)[0][0] == (9, 1)


def test_the_first_day_is_what_the_desks_would_have_said(small: tuple[Database, Any]) -> None:
    db, expo_id = small
    query = (
        select(CheckIn.at, Desk.name, CheckIn.raw, CheckIn.verdict, CheckIn.reason, CheckIn.attendee_id)
        .join(Desk, Desk.id == CheckIn.desk_id)
        .order_by(CheckIn.at, Desk.name)
    )
    with db.reading() as session:
        expected = [tuple(row) for row in session.execute(query)]
    with db.transaction() as session:
        session.execute(delete(CheckIn))
    replay(db, expo_id, [(at, desk, "", raw) for at, desk, raw, *_rest in expected])
    with db.reading() as session:
        assert [tuple(row) for row in session.execute(query)] == expected


def replay(db: Database, expo_id: Any, scans: Sequence[tuple[datetime, str, str, str]]) -> Counter[Verdict]:
    """Show every code at its desk; how often each verdict came."""
    desks: dict[str, Any] = {}
    verdicts: Counter[Verdict] = Counter()
    for at, desk, gate, code in scans:
        if desk not in desks:
            desks[desk] = checkin.open_desk(db, expo_id, desk, gate)
        verdicts[desks[desk].check_in(code, at).verdict] += 1
    for desk_ in desks.values():
        desk_.close()
    return verdicts


def test_the_second_morning_passes_the_desks(small: tuple[Database, Any]) -> None:
    db, expo_id = small
    import_files(db, expo_id)
    badges.issue_all(db, expo_id)
    scans = sample.morning_of_day_2(db, expo_id)
    moments = [at for at, *_rest in scans]
    assert moments == sorted(moments)
    assert min(moments) >= datetime(2018, 11, 29, 7, 55, tzinfo=SHANGHAI)
    assert max(moments) <= datetime(2018, 11, 29, 10, 42, tzinfo=SHANGHAI)
    verdicts = replay(db, expo_id, scans)
    assert verdicts.total() == len(scans)
    assert 500 < verdicts[Verdict.ADMITTED] < 700
    refused = {Verdict.UNCONFIRMED, Verdict.WRONG_TIME, Verdict.UNKNOWN, Verdict.MALFORMED, Verdict.REVOKED}
    assert refused - set(verdicts) == set()


def fingerprint(db: Database) -> list[list[tuple[Any, ...]]]:
    """Everything the sample says, without ids and codes."""
    queries = (
        select(
            Attendee.badge_no,
            Person.name,
            Person.phone,
            Organisation.name,
            Category.key,
            Attendee.state,
            Attendee.title,
            Attendee.registered_at,
        )
        .join(Person, Person.id == Attendee.person_id)
        .join(Category, Category.id == Attendee.category_id)
        .outerjoin(Organisation, Organisation.id == Attendee.organisation_id)
        .order_by(Attendee.badge_no),
        select(Booth.number, Booth.area, Booth.x, Booth.y, Organisation.name, Exhibitor.state)
        .outerjoin(Exhibitor, Exhibitor.id == Booth.exhibitor_id)
        .outerjoin(Organisation, Organisation.id == Exhibitor.organisation_id)
        .order_by(Booth.number),
        select(CheckIn.at, CheckIn.verdict, CheckIn.reason, Desk.name, Gate.name, Attendee.badge_no)
        .join(Desk, Desk.id == CheckIn.desk_id)
        .join(Gate, Gate.id == CheckIn.gate_id)
        .outerjoin(Attendee, Attendee.id == CheckIn.attendee_id)
        .order_by(CheckIn.at, Desk.name),
        select(Achievement.title, Achievement.trl, Organisation.name)
        .join(Organisation, Organisation.id == Achievement.owner_id)
        .order_by(Achievement.title, Organisation.name),
    )
    with db.reading() as session:
        return [[tuple(row) for row in session.execute(query)] for query in queries]


def test_every_build_says_the_same(small: tuple[Database, Any], db_path: Path) -> None:
    again = open_database(db_path)
    sample.build(again, attendees=1000)
    one, other = fingerprint(small[0]), fingerprint(again)
    with again.reading() as session:
        codes = session.scalars(select(Badge.code)).all()
    again.close()
    assert one == other
    with small[0].reading() as session:
        assert set(session.scalars(select(Badge.code))) & set(codes) == set()
    assert [code for code in codes if badge_code.normalise(code) != code] == []


@pytest.mark.parametrize(
    ("attendees", "built"),
    [(5000, 4400), (1000, 400), (700, 100), (650, 50), (601, 1), (600, 100), (300, 100), (40, 40), (1, 1)],
)
def test_how_many_are_built(attendees: int, built: int) -> None:
    assert built_count(attendees) == built


def test_numbers_go_on_where_the_sample_ends(small: tuple[Database, Any]) -> None:
    db, expo_id = small
    values = {"person.name": "王新", "person.phone": "16077700001"}
    record_id = records.save(db, ATTENDEES, values, expo_id=expo_id)
    with db.reading() as session:
        assert session.get_one(Attendee, record_id).badge_no == "KJH18-V-00401"


def test_operators_enter_with_the_pins_written_down(small: tuple[Database, Any]) -> None:
    db, _expo_id = small
    with db.reading() as session:
        kept = {row.name: row for row in session.scalars(select(Operator))}
    assert {name: (row.role, row.is_sample) for name, row in kept.items()} == {
        name: (role, True) for name, role, _pin in sample.OPERATORS
    }
    assert [
        name for name, _role, pin in sample.OPERATORS if verify_pin(kept[name].pin_hash, pin) is not bool(pin)
    ] == []


def test_it_is_built_on_either_database_and_only_into_an_empty_one(db: Database) -> None:
    seen: list[tuple[int, int]] = []
    expo_id = sample.build(db, attendees=40, progress=lambda done, total: seen.append((done, total)))
    assert (seen[0][0], seen[-1][0] == seen[-1][1]) == (0, True)
    import_files(db, expo_id)
    assert records.count(db, ATTENDEES, expo_id) == 640
    assert sample.register_deals(db, expo_id) == 27
    with pytest.raises(Conflict) as refusal:
        sample.build(db, attendees=40)
    assert refusal.value.code == "E-SAMPLE"


def test_stopping_it_leaves_nothing(db: Database) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done:
            raise StoppedError

    with pytest.raises(StoppedError):
        sample.build(db, attendees=40, progress=stop)
    with db.reading() as session:
        left = {
            t.name: n for t in Base.metadata.sorted_tables if (n := session.scalar(select(func.count()).select_from(t)))
        }
    assert left == {}
