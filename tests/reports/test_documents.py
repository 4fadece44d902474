"""Programme, directory, ledger and summary: their text read back says what the same functions count."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from factories import (
    local,
    make_achievement,
    make_attendee,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_pitch,
    make_room,
    make_scan,
    make_speaker,
)
from pypdf import PdfReader
from sqlalchemy import select

from expo_app import documents, i18n
from expo_app.documents.summary import read as read_summary
from expo_app.errors import Cancelled, UserError
from expo_app.exchange import excel
from expo_app.model import (
    AgendaEntry,
    Audit,
    DealKind,
    DealStage,
    Entry,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    ExpoOrganiser,
    ItemState,
    Organisation,
    OrganiserRole,
    Role,
    Room,
    SpeakerRole,
)
from expo_app.reports import deals, directory, programme, summary
from expo_app.services import badges, deals_report, exhibitors_report, expos, programme_report, records
from expo_app.services.statistics.audience import whole_attendance
from expo_app.services.statistics.deals import deal_figures, deal_totals
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.words import preset
from expo_app.specs import EXPOS
from expo_app.specs.figures import percent
from expo_app.store.database import Actor

NOW = local(29, 10, 42)
READ = {
    "programme": programme_report.read, "directory": exhibitors_report.read, "deals": deals_report.read,
    "summary": read_summary,
}  # fmt: skip
WAN = Decimal(10_000)
REPORTS = {"programme": programme, "directory": directory, "deals": deals, "summary": summary}


def flat(pages: list[str]) -> str:
    """All text without spaces and line ends, as a reader would search it."""
    return re.sub(r"\s+", "", "".join(pages))


@pytest.fixture
def expo_id(db):
    """A real expo with one of everything, and one sample record of each kind that must not count."""
    with db.transaction() as session:
        expo = make_expo(session, name="第九届科交会", name_en="Ninth Trade Expo")
        body = Organisation(name="嘉定区人民政府")
        session.add(body)
        session.flush()
        session.add(ExpoOrganiser(expo_id=expo.id, organisation_id=body.id, role=OrganiserRole.HOST))
        _fill_floor(session, expo)
        _fill_programme(session, expo)
        _fill_deals(session, expo)
        gate = make_gate(session, expo)
        for category in ("visitor", "trade_visitor", "exhibitor"):
            make_scan(session, gate, make_attendee(session, expo, category=category), local(28, 9, 20))
        return expo.id


def _fill_floor(session, expo):
    agreed = make_exhibitor(
        session, expo, "长三角光电有限公司", region_code="320583", industry="it", contact="张同意",
        phone="13812345678", exhibits="激光雷达", wants="寻求代理", state=ExhibitorState.ARRIVED,
    )  # fmt: skip
    make_attendee(session, expo, person_id=agreed.contact_id, category="exhibitor", consent_at=local(1))
    silent = make_exhibitor(
        session, expo, "安亭精密有限公司", region_code="310114", contact="李沉默", phone="13987654321"
    )
    make_exhibitor(session, expo, "合署展出有限公司", main_id=agreed.id)
    make_exhibitor(session, expo, "盛知服务有限公司", kind=ExhibitorKind.SERVICE)
    make_exhibitor(session, expo, "虚构有限公司", is_sample=True)
    make_booth(session, expo, "A-010", agreed)
    make_booth(session, expo, "A-002", agreed, area=Decimal("36"))
    make_booth(session, expo, "B-001", silent)


def _fill_programme(session, expo):
    room = make_room(session, expo, "C 会场", seats=60, purpose="路演")
    show = make_item(
        session, expo, "科创嘉路演", kind="roadshow", room_id=room.id, starts_at=local(29, 9, 30), minutes=135,
        registrations=48, host="嘉定科委",
    )  # fmt: skip
    make_speaker(session, show, "沈知远", role=SpeakerRole.MODERATOR, organisation="申江大学")
    make_speaker(session, show, "周岚", topic="成果转化")
    make_pitch(session, show, make_achievement(session, expo, "水下导航"), presenter="何行知")
    session.add(AgendaEntry(item_id=show.id, title="致辞", starts_at=local(29, 9, 30), ends_at=local(29, 9, 40)))
    make_item(session, expo, "同时进行的论坛", room_id=room.id, starts_at=local(29, 10), state=ItemState.DRAFT)
    make_item(session, expo, "还没排的论坛")
    make_item(session, expo, "取消的论坛", state=ItemState.CANCELLED, room_id=room.id, starts_at=local(30, 9))


def _fill_deals(session, expo):
    make_deal(
        session, expo, "毫米波雷达专利转让", 1280 * WAN, tech_amount=1200 * WAN, contract_kind="技术转让",
        sellers=("嘉芯传感",), buyers=("德盈机器人",),
    )  # fmt: skip
    eight = [f"第{n}方" for n in "一二三四五六七八"]
    make_deal(session, expo, "环太湖科技创新圈", None, kind=DealKind.FRAMEWORK, others=eight)
    make_deal(session, expo, "融资意向", 3000 * WAN, kind=DealKind.INVESTMENT, stage=DealStage.INTENT)
    make_deal(session, expo, "草稿项目", 77 * WAN, entry=Entry.DRAFT)
    make_deal(session, expo, "示例项目", 99 * WAN, is_sample=True)


def written(db, expo_id, name, tmp_path, pdf_text, **options):
    data = READ[name](db, expo_id, NOW, **options)
    assert REPORTS[name].write(tmp_path / "a.pdf", data) == set()
    return data, pdf_text(tmp_path / "a.pdf")


# --- programme --------------------------------------------------------------------------------------------------------
def test_programme_has_a_page_per_day_and_lists_people(db, expo_id, tmp_path, pdf_text):
    data, pages = written(db, expo_id, "programme", tmp_path, pdf_text)
    assert [(e.title, e.hours, e.is_placed) for e in data.entries] == [
        ("科创嘉路演", "09:30–11:45", True), ("同时进行的论坛", "10:00–11:30", True), ("还没排的论坛", "", False),
    ]  # fmt: skip
    texts = [flat([page]) for page in pages]
    assert [text.count("第2天") for text in texts[:4]] == [0, 0, 1, 0]
    assert [text.count("11-28周三·第1天·0场") for text in texts[:4]] == [0, 1, 0, 0]
    whole = "".join(texts)
    expected = {
        "科创嘉路演": 4, "同时进行的论坛": 3, "还没排的论坛": 1, "取消的论坛": 0, "主持沈知远·申江大学": 1,
        "演讲周岚：成果转化": 1, "水下导航": 1, "何行知": 1, "致辞": 1, "数据截至2018-11-2910:42": 1,
        "共3场：论坛2、路演1；其中1场会场或时间未定，列在最后；已取消1场，不列": 1,
    }  # fmt: skip
    assert {words: whole.count(words) for words in expected} == expected


def test_what_goes_on_past_midnight_stands_on_both_days(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session)
        room = make_room(session, expo, "C 会场")
        make_item(session, expo, "交流夜", room_id=room.id, starts_at=local(28, 22), minutes=180)
        make_item(session, expo, "到零点", room_id=room.id, starts_at=local(29, 22), minutes=120)
        expo_id = expo.id
    data, pages = written(db, expo_id, "programme", tmp_path, pdf_text)
    on = [[(e.title, e.hours_on(day)) for e in data.on(day)] for day in data.head.days]
    assert on == [
        [("交流夜", "22:00–11-29 01:00")],
        [("交流夜", "11-28 22:00–01:00"), ("到零点", "22:00–11-30 00:00")],
        [],
    ]
    overview, first, second, third = (flat([page]) for page in pages[:4])
    assert [text.count("交流夜") for text in (overview, first, second, third)] == [2, 1, 1, 0]
    assert [text.count("11-2822:00–01:00") for text in (overview, first, second, third)] == [1, 0, 1, 0]
    assert ["02:00" in text for text in (first, second)] == [False, True]  # the second day begins at midnight


def test_more_rooms_than_fit_go_on_to_another_page(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session)
        for number in range(8):
            room = make_room(session, expo, f"第{number}会场", position=number)
        make_item(session, expo, "论坛", room_id=room.id, starts_at=local(28, 10))
        expo_id = expo.id
    _data, pages = written(db, expo_id, "programme", tmp_path, pdf_text)
    rooms = [re.findall(r"第(\d)会场", flat([page])) for page in pages[1:3]]
    assert rooms == [["0", "1", "2", "3", "4", "5"], ["6", "7"]]


# --- directory --------------------------------------------------------------------------------------------------------
def test_directory_by_pinyin_with_indexes(db, expo_id, tmp_path, pdf_text):
    data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    assert [(g.title, [e.name for e in g.entries]) for g in data.groups] == [
        ("嘉定", ["安亭精密有限公司"]), ("昆山", ["长三角光电有限公司"]), ("技术服务机构", ["盛知服务有限公司"]),
    ]  # fmt: skip
    entry = data.groups[1].entries[0]
    assert (entry.booths, entry.initial, entry.partners) == ("A-002、A-010", "C", ("合署展出有限公司",))
    whole = flat(pages)
    expected = {
        "联合参展：合署展出有限公司": 1, "展品：激光雷达": 1, "需求：寻求代理": 1, "虚构": 0, "拼音索引": 1,
        "产业索引": 1, "地区索引": 1, "展位索引": 1,
    }  # fmt: skip
    assert {words: whole.count(words) for words in expected} == expected
    body, *indexes = re.split("拼音索引|产业索引|地区索引|展位索引", whole)
    assert re.findall(r"安亭|长三角|盛知", body) == ["安亭", "长三角", "盛知"], "the services come last"
    initials, industries, regions, booths = indexes
    assert re.findall(r"安亭|合署|长三角|盛知", initials) == ["安亭", "长三角", "合署", "盛知"], (
        "who shares a stand too"
    )
    found = re.findall(r"信息技术|未填产业|安亭|合署|长三角|盛知", industries)
    assert found == ["信息技术", "长三角", "未填产业", "安亭", "合署"]
    assert sorted(re.findall(r"安亭|合署|长三角|盛知", regions)) == sorted(["安亭", "长三角", "合署", "盛知"])
    assert re.findall(r"[AB]-0\d\d", booths) == ["A-002", "A-010", "B-001"]
    outline = [item.title for item in PdfReader(tmp_path / "a.pdf").outline[1] if not isinstance(item, list)]
    assert outline == ["参展商 · 2 家", "技术服务机构 · 1 家", "拼音索引", "产业索引", "地区索引", "展位索引"]


def test_who_is_shown_at_anothers_stand_is_named_there_and_empty_indexes_are_left_out(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session)
        main = make_exhibitor(session, expo, "中山精密有限公司", region_code="310114")
        co = make_exhibitor(session, expo, "北桥光电有限公司", main_id=main.id)
        make_exhibitor(session, expo, "代展甲有限公司", main_id=co.id, kind=ExhibitorKind.REPRESENTED)
        make_exhibitor(session, expo, "代展乙有限公司", main_id=main.id, brings_own=False)
        expo_id = expo.id
    data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    (entry,) = data.entries
    assert (entry.partners, entry.represented) == (("北桥光电有限公司",), ("代展乙有限公司", "代展甲有限公司"))
    body, initials, industries, regions = re.split("拼音索引|产业索引|地区索引", flat(pages))
    assert "展位索引" not in regions, "nobody has a booth"
    for part in (body, initials, industries, regions):
        assert {"代展甲", "代展乙", "北桥"} <= set(re.findall("代展甲|代展乙|北桥", part))


def test_whose_main_exhibitor_is_not_in_it_is_listed_apart_and_found_in_every_index(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session)
        gone = make_exhibitor(session, expo, "退展有限公司", state=ExhibitorState.CANCELLED)
        make_exhibitor(session, expo, "中山精密有限公司", region_code="310114")
        make_exhibitor(session, expo, "远山株式会社", kind=ExhibitorKind.REPRESENTED)
        make_exhibitor(session, expo, "北桥光电有限公司", main_id=gone.id)
        one, other = (make_exhibitor(session, expo, f"{name}环有限公司") for name in "甲乙")
        one.main_id, other.main_id = other.id, one.id
        expo_id = expo.id
    data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    told = {"远山", "北桥", "甲环", "乙环"}
    assert [entry.name[:2] for entry in data.entries if not entry.is_alone] == ["中山"]
    assert {entry.name[:2] for entry in data.entries if entry.is_alone} == told
    body, *indexes = re.split("拼音索引|产业索引|地区索引", flat(pages))
    assert "参展商·1家" in body
    assert "联合参展与代表企业（主展商未列）·4家" in body
    for part in (body.split("主展商未列")[1], *indexes):
        assert sorted(re.findall("|".join(told), part)) == sorted(told)
    unnamed = {f.name[:2] for f in exhibitors_report.findings(db, expo_id) if "主展商" in f.words and not f.is_mended}
    assert unnamed == told


def test_every_index_leads_to_the_page_an_exhibitor_is_on(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session)
        for n in range(120):
            exhibits = "精密镜片与光学元件" * (n * 7 % 11)
            make_exhibitor(session, expo, f"测字{n:03}厂", exhibits=exhibits, region_code="310114", industry="it")
        expo_id = expo.id
    _data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    first = next(at for at, page in enumerate(pages) if "拼音索引" in page)
    there = {name: at for at, page in enumerate(pages[:first], 1) for name in re.findall(r"测字\d{3}厂", page)}
    told = re.findall(r"(测字\d{3}厂)\s+(\d+)\b", "\n".join(pages[first:]))
    assert (len(there), len(told), len({*there.values()}) > 4) == (120, 3 * 120, True)
    assert [(name, int(page)) for name, page in told if int(page) != there[name]] == []


def test_a_directory_looks_alike_whoever_filled_it_in(db, expo_id, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        main = make_exhibitor(session, expo, "博大光学有限公司", exhibits="镜片" * 150)
        make_exhibitor(session, expo, "远山株式会社", main_id=main.id, kind=ExhibitorKind.REPRESENTED)
        body = session.get_one(Organisation, main.organisation_id)
        body.name_en, body.website = "Boda Optics Co., Ltd.", "https://www.Boda-Optics.com/"
    _data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    whole = flat(pages)
    shown = ("BODAOPTICSCOLTD", "www.boda-optics.com", "代表企业：远山株式会社", "镜片" * 99 + "镜…", "BodaOptics")
    assert [whole.count(words) for words in shown] == [1, 1, 1, 1, 0]
    assert re.findall("远山株式会社", whole.split("拼音索引")[1].split("产业索引")[0]) == ["远山株式会社"]
    records.save(db, EXPOS, {"directory_limit": "40"}, expo_id)
    _data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    assert "镜片" * 19 + "镜…" in flat(pages)
    i18n.set_language("en")
    _data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    body, index = flat(pages).split("Alphabeticalindex")
    assert body.index("BODAOPTICSCOLTD") < body.index("NamesinChinese") < body.index("安亭")
    assert "NamesinChinese" in index
    assert body.index("BODAOPTICSCOLTD") < body.index("安亭"), "those with a Chinese name alone come after Z"


def test_a_contact_is_printed_only_with_consent_and_masked(db, expo_id, tmp_path, pdf_text):
    _data, pages = written(db, expo_id, "directory", tmp_path, pdf_text)
    whole = flat(pages)
    shown = [whole.count(words) for words in ("张同意", "138****5678", "13812345678", "李沉默", "139****4321")]
    assert shown == [1, 1, 0, 0, 0]


def test_revealing_needs_the_right_and_is_logged(db, expo_id, tmp_path, pdf_text):
    _data, pages = written(db, expo_id, "directory", tmp_path, pdf_text, reveal="印会刊")
    whole = flat(pages)
    assert [whole.count(words) for words in ("13812345678", "李沉默", "13987654321")] == [1, 0, 0]
    with db.reading() as session:
        rows = session.execute(select(Audit.table_name, Audit.reason).where(Audit.action == "reveal"))
        assert [tuple(row) for row in rows] == [("exhibitor", "印会刊")]
    db.actor = Actor("李可", Role.DESK)
    with pytest.raises(UserError):
        exhibitors_report.read(db, expo_id, NOW, reveal="好奇")


# --- deals ------------------------------------------------------------------------------------------------------------
def test_ledger_keeps_signed_intended_and_the_rest_apart(db, expo_id, tmp_path, pdf_text):
    data, pages = written(db, expo_id, "deals", tmp_path, pdf_text)
    titles = [[line.values["title"] for line in part] for part in (data.signed, data.intended, data.left_out)]
    assert titles == [["毫米波雷达专利转让", "环太湖科技创新圈"], ["融资意向"], ["草稿项目", "示例项目"]]
    totals = deal_totals(db, expo_id)
    assert data.figures.totals == totals
    whole = flat(pages)
    expected = {
        "4,280.00": 0, "卖方嘉芯传感": 1, "买方德盈机器人": 1, "、".join(f"第{n}方" for n in "一二三四五六七八"): 1,
        "签约2项": 1, "意向1项": 2, "1项·1,280.00万元": 1, "1项·无金额": 1, "示例项目": 1,
    }  # fmt: skip
    assert {words: whole.count(words) for words in expected} == expected
    assert flat([totals.left_out]) == "不含草稿1项、示例1项"
    assert whole.count("不含草稿1项、示例1项") == 3


def test_ledger_as_tables_holds_the_same_figures(db, expo_id, tmp_path):
    data = deals_report.read(db, expo_id, NOW)
    excel.write_tables(tmp_path / "a.xlsx", deals.tables(data), title="成交台账")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["按类型汇总", "签约项目", "意向项目", "未计入"]
    kinds = [row[:4] for row in book["按类型汇总"].iter_rows(min_row=3, max_row=5, values_only=True)]
    assert kinds == [("战略合作框架协议", 1, None, None), ("技术合同", 1, 1280, 1200), ("合计", 2, 1280, 1200)]
    assert [row[9] for row in book["签约项目"].iter_rows(min_row=3, max_row=5, values_only=True)] == [1280, None, 1280]
    assert [row[9] for row in book["意向项目"].iter_rows(min_row=3, max_row=4, values_only=True)] == [3000, 3000]
    entries = [row[1] for row in book["未计入"].iter_rows(min_row=3, max_row=4, values_only=True)]
    assert entries == ["草稿", "有效"]


# --- summary ----------------------------------------------------------------------------------------------------------
def test_summary_prints_every_figure_of_the_statistics(db, expo_id, tmp_path, pdf_text):
    data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    counted = (
        whole_attendance(db, expo_id), exhibition(db, expo_id),
        programme_figures(db, expo_id), deal_figures(db, expo_id),
    )  # fmt: skip
    seen, floor, (planned, _entries), signed = (chapter.data for chapter in data.chapters)
    assert (seen, floor, planned, signed) == counted
    assert len(pages) >= 4
    whole = flat(pages)
    known = [figure for part in counted for figure in part.figures if figure.value is not None]
    rows = [flat([f"{figure.label}{figure.shown}{figure.unit_shown}"]) for figure in known]
    assert [row for row in rows if row not in whole] == []
    assert whole.count("数据截至2018-11-2910:42") >= 7
    assert ("30521" in whole, "示例项目" in whole, "4,280.00" in whole) == (False, False, False)
    chapters = ["一、总体规模", "二、到场情况", "三、参展情况", "四、活动情况", "五、签约与意向", "六、口径与指标一览"]
    assert [whole.count(chapter) for chapter in chapters] == [1] * 6


def test_every_figure_names_the_records_it_was_counted_from(db, expo_id, tmp_path, pdf_text):
    data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    whole, figures = flat(pages), [figure for _title, part in summary.scale(data) for figure in part]
    said = {figure.name: summary.source(figure) for figure in figures}
    assert {name for name, words in said.items() if not words} == {"trade_share", "raw_share"}, "of figures beside them"
    assert said["registered"] == "观众登记 · 未取消的登记"
    assert [words for words in said.values() if flat([words]) not in whole] == []


def test_summary_as_tables_holds_the_same_figures(db, expo_id, tmp_path):
    data = read_summary(db, expo_id, NOW)
    excel.write_tables(tmp_path / "a.xlsx", summary.tables(data), title="总结")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = {row[1]: row[2] for row in book["总体规模"].iter_rows(min_row=3, values_only=True) if row[1]}
    values = {label: None if value is None else Decimal(str(value)) for label, value in rows.items()}
    figures = [figure for _title, part in summary.scale(data) for figure in part]
    shares = {f.label: round(f.value, 6) for f in figures if f.unit == "%"}
    assert values == shares | {
        figure.label: None if figure.value is None else Decimal(figure.shown.replace(",", ""))
        for figure in figures
        if figure.unit != "%"
    }
    days = [row[1:4] for row in book["分日到场"].iter_rows(min_row=3, max_row=4, values_only=True)]
    assert days == [(3, 2, 1), (3, 2, 1)]
    stages = [row[:3] for row in book["各阶段"].iter_rows(min_row=3, max_row=4, values_only=True)]
    assert stages == [("意向", 1, 3000), ("签约", 2, 1280)]


def test_hours_are_a_table_whose_sums_are_those_of_the_days_and_the_running_hour_is_named(
    db, expo_id, tmp_path, pdf_text
):
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        gate = make_gate(session, expo, "东门")
        for at in (local(28, 12), local(29, 9, 5), local(29, 9, 50), local(29, 10, 30)):
            make_scan(session, gate, make_attendee(session, expo), at)
    data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    assert [day.people for day in data.chapters[0].data.days] == [4, 3]
    whole = flat(pages)
    table = whole[whole.index("时段11-28周三") :]
    assert table.startswith(
        "时段11-28周三11-29周四合计09:00–10:0032510:00–11:0001到10:42111:00–12:000—012:00–13:001—1合计437"
    )
    assert whole.count("11-29周四10:00–11:00只到10:42，还没有结束。") == 1
    sheet = next(table for table in summary.tables(data) if table.title == "分时到场")
    assert (sheet.totals[0][2], sheet.notes[0]) == (7, "11-29 周四 10:00–11:00 只到 10:42，还没有结束。")


def test_figures_show_the_decimals_they_are_printed_with_and_days_are_dates(db, expo_id, tmp_path):
    data = read_summary(db, expo_id, NOW)
    excel.write_tables(tmp_path / "a.xlsx", summary.tables(data), title="总结")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["总体规模"]
    cells = {row[1].value: row[2] for row in sheet.iter_rows(min_row=3)}
    shown = {"净面积（合同，含免费）": "#,##0", "签约成交额": "#,##0.00", "专业观众占比": "0.0%", "参展商": "#,##0"}
    assert {label: cells[label].number_format for label in shown} == shown
    assert (cells["专业观众占比"].value, cells["专业观众占比"].offset(column=1).value) == (0.5, None)
    assert (cells["净面积（合同，含免费）"].value, cells["签约成交额"].value) == (54, 1280)
    assert [cell.alignment.horizontal for cell in sheet[2]] == [None, None, "right", None, None, None]
    first = book["签约按日"]["A3"]
    assert (first.value.date(), first.is_date, first.alignment.horizontal) == (date(2018, 11, 29), True, "left")
    sizes = [row[4].number_format for row in book["参展按地区"].iter_rows(min_row=3, max_row=4)]
    assert sizes == ["#,##0"] * 2


# --- all of them ------------------------------------------------------------------------------------------------------
NOTHING_YET = {
    "programme": (1, ["还没有活动。排好后再生成，这里会有总表、每日日程和活动清单。"]),
    "directory": (1, ["还没有参展商。确认参展后再生成，这里会有名录和索引。"]),
    "deals": (2, ["没有签约项目", "没有意向项目"]),
    "summary": (
        3,
        [
            "还没有参展商，也没有活动。还没有观众到场。还没有签约和意向项目。", "还没有人登记，也没有人到场。",
            "四、活动情况还没有活动。", "五、签约与意向还没有签约和意向项目。",
        ],
    ),
}  # fmt: skip
"""Pages and sentences of an expo without anything."""


@pytest.mark.parametrize("name", REPORTS)
def test_an_empty_expo_still_makes_a_document_that_says_so(name, db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo_id = make_expo(session).id
    _data, pages = written(db, expo_id, name, tmp_path, pdf_text)
    count, sentences = NOTHING_YET[name]
    whole = flat(pages)
    assert (len(pages), [words for words in sentences if words not in whole]) == (count, [])
    assert "，成交额—" not in whole


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ({DealStage.SIGNED: 1280 * WAN}, "签约 1 项，成交额 1,280.00 万元。"),
        ({DealStage.INTENT: None}, "意向 1 项，没有金额。"),
        (
            {DealStage.SIGNED: None, DealStage.INTENT: 5 * WAN},
            "签约 1 项，没有金额；意向 1 项，金额 5.00 万元，两者不相加。",
        ),
    ],
)
def test_deals_without_an_amount_are_said_as_that(db, tmp_path, pdf_text, amounts, words):
    with db.transaction() as session:
        expo = make_expo(session)
        for stage, amount in amounts.items():
            make_deal(session, expo, stage.value, amount, kind=DealKind.INVESTMENT, stage=stage)
    _data, pages = written(db, expo.id, "summary", tmp_path, pdf_text)
    assert flat(pages).count("还没有观众到场。" + flat([words])) == 1


@pytest.mark.parametrize("name", REPORTS)
def test_every_page_of_a_sample_expo_is_marked(name, db, expo_id, tmp_path, pdf_text):
    with db.transaction() as session:
        session.get_one(Expo, expo_id).is_sample = True
    _data, pages = written(db, expo_id, name, tmp_path, pdf_text)
    assert ["示例数据" in page for page in pages] == [True] * len(pages)
    assert flat(pages).count("虚构有限公司（示例）") == (4 if name == "directory" else 0), "its entry and three indexes"


@pytest.mark.parametrize("name", REPORTS)
def test_cancel_leaves_what_was_there(name, db, expo_id, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_text("old")
    data = READ[name](db, expo_id, NOW)

    def stop(_done, _total):
        raise Cancelled

    with pytest.raises(Cancelled):
        REPORTS[name].write(path, data, stop)
    assert [(found.name, found.read_text()) for found in Path(tmp_path).glob("*.pdf*")] == [("a.pdf", "old")]
    assert [found.name for found in tmp_path.iterdir() if found.suffix == ".part"] == []


@pytest.mark.parametrize("name", REPORTS)
def test_progress_ends_at_its_total(name, db, expo_id, tmp_path):
    seen = []
    data = READ[name](db, expo_id, NOW)
    REPORTS[name].write(tmp_path / "a.pdf", data, lambda done, total: seen.append((done, total)))
    assert [pair for pair in seen if not 0 <= pair[0] <= pair[1]] == []
    assert seen == sorted(seen)
    assert len({total for _done, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1]


def test_english_uses_english_names(db, expo_id, tmp_path, pdf_text):
    i18n.set_language("en")
    data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    assert data.head.expo_name == "Ninth Trade Expo"
    assert "NinthTradeExpo" in flat(pages)


def test_english_documents_name_the_expo_and_bodies_in_english(db, expo_id, tmp_path, pdf_text):
    with db.transaction() as session:
        attendee = make_attendee(session, session.get_one(Expo, expo_id))
        body = Organisation(name="光机所", name_en="Institute of Optics")
        session.add(body)
        session.flush()
        attendee.organisation_id = body.id
    badges.issue_all(db, expo_id)
    i18n.set_language("en")
    expo = expos.all_expos(db)[0]
    for name in ("floor", "badges"):
        documents.write(db, expo, name, tmp_path / f"{name}.pdf")
        whole = flat(pdf_text(tmp_path / f"{name}.pdf"))
        assert ("NinthTradeExpo" in whole, "第九届" in whole) == (True, False)
    assert ("InstituteofOptics" in whole, "光机所" in whole) == (True, False)


def test_english_documents_name_parties_hosts_and_booths_in_english(db, expo_id, tmp_path, pdf_text):
    with db.transaction() as session:
        named = {"嘉芯传感": "Jiaxin Sensing", "长三角光电有限公司": "Delta Optics", "嘉定科委": "Jiading Office"}
        session.add(Organisation(name="嘉定科委", name_en=named["嘉定科委"]))
        for body in session.scalars(select(Organisation).where(Organisation.name.in_(named))):
            body.name_en = named[body.name]
    i18n.set_language("en")
    texts = {name: flat(written(db, expo_id, name, tmp_path, pdf_text)[1]) for name in REPORTS}
    documents.write(db, expos.all_expos(db)[0], "floor", tmp_path / "floor.pdf")
    texts["floor"] = flat(pdf_text(tmp_path / "floor.pdf"))
    expected = {"deals": "嘉芯传感", "summary": "嘉芯传感", "floor": "长三角光电有限公司", "programme": "嘉定科委"}
    said = {name: (flat([named[own]]) in texts[name], own in texts[name]) for name, own in expected.items()}
    assert said == dict.fromkeys(expected, (True, False))


def test_english_sheets_have_english_brackets_and_amounts_one_form(db, expo_id, tmp_path, pdf_text):
    i18n.set_language("en")
    _data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    whole = " ".join(" ".join(pages).split())
    forms = ("× 10k CNY", "worth CNY 12.80 m", "CNY 12.80 m")
    assert [whole.count(form) for form in forms] == [0, 1, 3], "in the sentence and in both boxes of the figure"
    tables = deals.tables(deals_report.read(db, expo_id, NOW))
    excel.write_tables(tmp_path / "a.xlsx", tables, title="Deals", sample=True)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert (book.sheetnames[1], book.properties.title) == ("Signed deals (Sample)", "Deals (Sample)")


@pytest.mark.parametrize("name", REPORTS)
def test_english_breaks_no_word_and_cuts_none_off(name, db, expo_id, tmp_path, pdf_text):
    i18n.set_language("en")
    with db.transaction() as session:
        expo, room = session.get_one(Expo, expo_id), session.scalars(select(Room)).one()
        for number, kind in enumerate(found["key"] for found in preset("item_kinds")):
            make_item(
                session, expo, f"活动{number}", kind=kind, room_id=room.id, registrations=1200,
                starts_at=local(30, 8 + number), title_en="Forum on intelligent connected vehicles",
            )  # fmt: skip
        for industry in ("it", "energy", "mfg", "health"):
            make_exhibitor(session, expo, f"{industry} 有限公司", industry=industry)
        for kind in ("技术开发", "技术咨询", "技术服务"):
            make_deal(session, expo, kind, 1234567 * WAN, contract_kind=kind)
    _data, pages = written(db, expo_id, name, tmp_path, pdf_text)
    text = "\n".join(pages)
    words = set(re.findall(r"[A-Za-z]+", text))
    wanted = {
        "programme": {"Registered", "ceremony", "Matchmaking", "Roadshow", "Forum", "vehicles"},
        "directory": {"technology", "manufacturing", "medicine", "Information"},
        "deals": {"Technology", "development", "consulting", "Signed", "Intention"},
        "summary": {"Registered", "Technology", "development", "Matchmaking", "manufacturing", "Unit", "sessions"},
    }[name]
    assert (wanted - words, "…" in text, re.findall(r"[a-z]\.[0-9A-Z]", text)) == (set(), False, [])
    if name == "deals":
        assert text.count("1,234,567.00") == 6, "three rows and three shares"


def test_the_summary_explains_the_press_figure_and_gathers_days_outside_the_expo(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session)
        inside = expo.starts_on
        make_deal(session, expo, "展期内", 3 * WAN, signed_on=inside)
        make_deal(session, expo, "展前", 2 * WAN, signed_on=date(inside.year - 1, 1, 5), is_prior=True)
        make_deal(session, expo, "展后", 4 * WAN, signed_on=date(inside.year + 1, 1, 5))
        expo_id = expo.id
    _data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    text = flat(pages)
    assert "签约3项，其中此前已签1项；首次签约于本届2项，成交额7.00万元。" in text
    assert "其他日期" in text
    from expo_app.reports.deals_summary import _by_day

    bars = _by_day(deal_figures(db, expo_id).days, [inside])
    assert [bar.value for bar in bars] == [3 * WAN, 6 * WAN]


def test_days_and_shares_read_as_people_write_them(db, expo_id):
    data = programme_report.read(db, expo_id, NOW)
    assert (data.head.dates, data.head.days[0], data.head.organisers) == (
        "2018-11-28 至 2018-11-30", date(2018, 11, 28), (("主办", "嘉定区人民政府"),),
    )  # fmt: skip
    assert [percent(value) for value in (None, Decimal(1), Decimal("0.0005"))] == ["—", "100.0%", "0.1%"]


# --- what the expo's record says --------------------------------------------------------------------------------------
def test_covers_name_the_theme_and_the_summary_what_was_filed_and_permitted(db, expo_id, tmp_path):
    def covers():
        first, whole = [], ""
        for name, module, read in (
            ("summary", summary, read_summary), ("directory", directory, exhibitors_report.read),
            ("programme", programme, programme_report.read),
        ):  # fmt: skip
            path = tmp_path / f"{name}.pdf"
            module.write(path, read(db, expo_id, NOW))
            pages = PdfReader(path).pages
            first.append(pages[0].extract_text())
            whole += "".join(page.extract_text() for page in pages)
        return first, whole

    first, whole = covers()
    assert not any("主题" in page for page in first)
    assert "备案" not in whole
    values = {
        "theme": "跨界创新，携手同行", "theme_en": "Across borders, hand in hand", "filing_no": "沪商展 2024-118",
        "filed_on": "2024-05-06", "permit_no": "公安许 2024-33", "approved_headcount": "5000", "gross_area": "10000",
    }  # fmt: skip
    records.save(db, EXPOS, values, expo_id)
    first, whole = covers()
    assert all("跨界创新，携手同行" in page for page in first)
    assert "备案号 沪商展 2024-118（2024-05-06）；许可文号 公安许 2024-33；核定同时在场 5,000 人。" in whole
    assert "申报毛面积" in whole
    i18n.set_language("en")
    first, _whole = covers()
    assert all("Across borders, hand in hand" in page for page in first)


def test_what_is_counted_stands_in_every_document_of_the_programme(db, tmp_path, pdf_text):
    """Building up the day before, an item without a room, one without anything: all of them, with their day."""
    with db.transaction() as session:
        expo = make_expo(session)
        room = make_room(session, expo, "C 会场")
        make_item(session, expo, "布展大会", room_id=room.id, starts_at=local(27, 9))
        make_item(session, expo, "早间茶歇", starts_at=local(28, 10), minutes=15)
        make_item(session, expo, "开幕典礼", room_id=room.id, starts_at=local(28, 9))
        make_item(session, expo, "没有时间的论坛")
        expo_id = expo.id
    titles = ("布展大会", "早间茶歇", "开幕典礼", "没有时间的论坛")
    data, pages = written(db, expo_id, "programme", tmp_path, pdf_text)
    texts = [flat([page]) for page in pages]
    assert data.figures.items.value == len(data.entries) == len(titles)
    first_day = next(text for text in texts if "11-27周二·展期外·1场" in text)
    assert "布展大会" in first_day
    listed = "".join(texts[len(data.days) + 1 :])
    assert [listed.count(title) for title in titles] == [1, 1, 1, 1]
    assert [words in listed for words in ("11-27周二", "11-2810:00–10:15")] == [True, True]
    assert [texts[0].count(title) for title in titles] == [1, 0, 1, 0]  # the table of rooms and days

    _data, pages = written(db, expo_id, "summary", tmp_path, pdf_text)
    chapter = flat(pages).rpartition("活动一览")[2]
    assert [chapter.count(title) for title in titles] == [1, 1, 1, 1]
    assert [words in chapter for words in ("11-27周二", "11-28周三10:00–10:15待排")] == [True, True]
