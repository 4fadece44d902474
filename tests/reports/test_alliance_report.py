"""The yearly report of alliances and the certificates: what they say, of one body and of all, in both languages."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import select

from expo_app import documents, i18n
from expo_app.documents import alliances as certificates
from expo_app.errors import UserError
from expo_app.model import Agreement, Alliance, JointPlatform, Role
from expo_app.rules.memberships import Change
from expo_app.services import alliance_report, expos, records
from expo_app.services.expos import ExpoInfo
from expo_app.specs import SPECS
from expo_app.store.database import Actor, Database
from tests.factories import make_expo, make_organisation

NOW = datetime(2021, 6, 8, 1, 40, tzinfo=UTC)
DAY = date(2021, 6, 8)


@pytest.fixture
def expo(db: Database) -> ExpoInfo:
    """Two bodies with a member in common, who changed role in the year; one of them has an agreement half signed."""
    db.actor, db.clock = Actor("周敏", Role.ADMIN), lambda: NOW
    with db.transaction() as session:
        key = make_expo(session, groups=(), is_sample=False).id
        make_organisation(session, "甲中心", name_en="Centre A", region_code="42")
        make_organisation(session, "乙中心", region_code="43")
    rows = (
        ("alliances", {"name": "江汉联盟", "name_en": "Jianghan Alliance", "founded": "2018", "secretariat": "武昌"}),
        ("alliances", {"name": "洞庭联盟"}),
        ("members", {"alliance_id": "江汉联盟", "organisation_id": "甲中心", "role": "会员", "since": "2018-11",
                     "until": "2021-02"}),
        ("members", {"alliance_id": "江汉联盟", "organisation_id": "甲中心", "role": "理事", "since": "2021-03"}),
        ("members", {"alliance_id": "江汉联盟", "organisation_id": "乙中心", "since": "2021-09"}),
        ("members", {"alliance_id": "洞庭联盟", "organisation_id": "甲中心", "since": "2019"}),
        ("platforms", {"alliance_id": "江汉联盟", "title": "研究院", "state_since": "2020-01-01"}),
        ("agreements", {"title": "两方机制", "alliance_id": "江汉联盟", "parties": "乙中心；已签；2021-05\n甲中心"}),
        ("sharing_events", {"alliance_id": "江汉联盟", "title": "对接会", "on_day": "2021-04", "attended": 12}),
        ("sharing_events", {"alliance_id": "江汉联盟", "title": "旧会", "on_day": "2020-04"}),
        ("tasks", {"title": "复函", "alliance_id": "江汉联盟", "due_on": "2021-05-31", "assignee": "周敏"}),
    )  # fmt: skip
    for spec, values in rows:
        records.save(db, SPECS[spec], values, expo_id=key)
    found = expos.current(db)
    assert found is not None
    return found


def _text(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_a_member_of_two_counts_once_and_what_is_to_come_is_not_told(db: Database, expo: ExpoInfo) -> None:
    data = alliance_report.read(db, expo.id, NOW, DAY)
    assert data.members == 1
    first = next(year for year in data.years if year.seen.body.name == "江汉联盟")
    assert [(line.change, line.name, line.on_day) for line in first.changes] == [(Change.TURNED, "甲中心", "2021-03")]
    assert [(task.title, task.is_late) for task in first.tasks] == [("复函", True)]
    assert [line.certificate_no for line in first.seen.members] == ["001"]


def test_programs_get_the_figures_of_the_report(db: Database, expo: ExpoInfo) -> None:
    told = documents.figures(db, expo, "alliance", DAY)
    assert json.loads(json.dumps(told, default=str))
    assert isinstance(told, dict)
    assert (told["day"], told["members"], told["platforms"], told["agreements"]) == (DAY, 1, 1, 1)
    one = next(body for body in told["alliances"] if body["name"] == "江汉联盟")
    assert (one["members"], one["by_role"]["council"], one["changes"][0]["change"]) == (1, 1, "turned")
    assert (one["agreements"][0]["signatures"], one["agreements"][0]["amount"]) == (1, None)
    assert [event["title"] for event in one["events"]] == ["对接会"]
    earlier = documents.figures(db, expo, "alliance", date(2019, 6, 1), part="江汉联盟")
    assert isinstance(earlier, dict)
    (only,) = earlier["alliances"]
    assert (only["name"], only["by_role"]["member"], only["platforms"]) == ("江汉联盟", 1, [])
    assert documents.figures(db, expo, "alliance") == told  # today


def test_samples_and_what_came_later_are_in_no_number_of_the_report(db: Database, expo: ExpoInfo) -> None:
    with db.transaction() as session:
        body = session.scalars(select(Alliance.id).where(Alliance.name == "江汉联盟")).one()
        session.add(JointPlatform(alliance_id=body, title="示例平台", is_sample=True))
        session.add(Agreement(title="示例协议", signed="2020-01", alliance_id=body, is_sample=True))
        session.add(Agreement(title="后来的协议", signed="2021-07"))
    data = alliance_report.read(db, expo.id, NOW, DAY)
    assert (data.platforms, data.agreements, data.loose) == (1, 1, ())
    early = alliance_report.read(db, expo.id, NOW, date(2019, 1, 1))
    assert early.platforms == 0


def test_the_report_of_one_body(db: Database, expo: ExpoInfo, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert not documents.write(db, expo, "alliance", path, part="江汉联盟", day=DAY)
    text = _text(path)
    for words in (
        "江汉联盟",
        "武昌",
        "换角色",
        "研究院",
        "已停 180 天以上",
        "1 / 2",
        "无金额",
        "对接会",
        "逾期",
        "成员名册",
    ):
        assert words in text, words
    assert "洞庭联盟" not in text
    assert "旧会" not in text
    with pytest.raises(UserError, match="汉水"):
        documents.write(db, expo, "alliance", path, part="汉水联盟")


def test_bodies_without_records_share_a_page(db: Database, expo: ExpoInfo, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    documents.write(db, expo, "alliance", path, day=DAY)
    before = len(pypdfium2.PdfDocument(path))
    for name in ("荆江联盟", "清江联盟"):
        records.save(db, SPECS["alliances"], {"name": name}, expo_id=expo.id)
    documents.write(db, expo, "alliance", path, day=DAY)
    assert len(pypdfium2.PdfDocument(path)) <= before + 1
    assert "没有记录：成员、变动、共建平台、协议、活动。" in _text(path)


def test_the_workbook_has_a_sheet_for_each_part(db: Database, expo: ExpoInfo, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    documents.write(db, expo, "alliance", path, day=DAY)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["成员名册", "成员的角色和地区", "当年的变动", "共建平台", "协议", "当年的活动"]
    cells = {str(cell.value) for row in book["成员名册"].iter_rows() for cell in row}
    assert {"江汉联盟", "洞庭联盟", "甲中心", "理事", "会员"} <= cells
    assert "乙中心" not in cells
    (row,) = [line for line in book["成员名册"].iter_rows(values_only=True) if line[:2] == ("江汉联盟", "001")]
    assert row[5:7] == ("2018-11", "2021-03")
    assert "金额（万元）" in {cell.value for row in book["协议"].iter_rows() for cell in row}


def test_certificates_in_both_languages_whatever_is_spoken(db: Database, expo: ExpoInfo, tmp_path: Path) -> None:
    whole, one = tmp_path / "all.pdf", tmp_path / "one.pdf"
    documents.write(db, expo, "certificate", whole, day=DAY)
    assert len(pypdfium2.PdfDocument(whole)) == 2
    data = alliance_report.read(db, expo.id, NOW, DAY)
    member = next(year for year in data.years if year.seen.body.name == "江汉联盟").seen.members[0].id
    i18n.set_language("en")
    certificates.write_certificates(db, expo, [member], one)
    text = _text(one)
    for words in (
        "江汉联盟",
        "Jianghan Alliance",
        "甲中心",
        "Centre A",
        "理事",
        "Council",
        "001",
        "2018-11",
        "任现角色",
        "2021-03",
    ):
        assert words in text, words
    assert len(pypdfium2.PdfDocument(one)) == 1


def test_an_empty_file_says_so(db: Database, tmp_path: Path) -> None:
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        make_expo(session)
    found = expos.current(db)
    assert found is not None
    for name, words in (("alliance", "还没有联盟与共同体。"), ("certificate", "还没有成员。")):
        path = tmp_path / f"{name}.pdf"
        documents.write(db, found, name, path)
        assert words in _text(path)
