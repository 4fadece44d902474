"""The grade sheet and the audit sheet: each value with its limit and records, unknown said as such, nothing graded."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from factories import make_attendee, make_booth, make_exhibitor, make_expo, make_gate, make_organisation, make_scan
from python_calamine import CalamineWorkbook

from expo_app import documents
from expo_app.errors import InvalidRecord
from expo_app.model import ExhibitorKind, Expo, Role
from expo_app.rules.grade import GRADES, is_met
from expo_app.services import expos, records, statistics
from expo_app.services.statistics.grade import grade
from expo_app.specs import EDITIONS, SURVEYS
from expo_app.store.database import Actor

NOW = datetime(2024, 11, 15, 8, tzinfo=UTC)
DAY = date(2024, 11, 13)
AAA, AA = GRADES


@pytest.fixture
def fair(db):
    """The seventh edition: 9,000 m² of which 4,500 special-built, a foreign exhibitor, a visitor from each side."""
    with db.transaction() as session:
        expo = make_expo(session, edition_no=7, starts_on=DAY, ends_on=date(2024, 11, 15), name="第七届")
        home = make_exhibitor(session, expo, "甲公司", region_code="310114")
        abroad = make_exhibitor(session, expo, "乙公司", region_code="DE")
        make_exhibitor(session, expo, "丙公司", main_id=home.id, brings_own=True, region_code="330300")
        make_exhibitor(session, expo, "丁公司", main_id=home.id, kind=ExhibitorKind.REPRESENTED, region_code="US")
        make_booth(session, expo, "A001", home, area=Decimal(4_500))
        make_booth(session, expo, "A002", abroad, area=Decimal(4_500), kind="raw_space")
        gate = make_gate(session, expo)
        for code, kind in (("310114", "visitor"), ("JP", "trade_visitor"), (None, "trade_visitor")):
            body = make_organisation(session, region_code=code)
            person = make_attendee(session, expo, category=kind, organisation_id=body.id)
            make_scan(session, gate, person, datetime(2024, 11, 13, 2, tzinfo=UTC))
        return expo.id


def survey(db, expo_id, **given):
    values = {"title": "参展商满意度", "sent": 200, "returned": 180, "valid": 170, "satisfied": 140} | given
    return records.save(db, SURVEYS, values, expo_id=expo_id)


def told(db, expo_id):
    lines = grade(db, expo_id, NOW).lines
    return {line.criterion.name: (line.figure.shown, line.met(AAA), line.met(AA)) for line in lines}


def test_each_criterion_beside_what_is_asked(db, fair):
    for number, year in ((5, 2022), (6, 2023)):
        records.save(db, EDITIONS, {"name": "某展", "edition_no": number, "starts_on": f"{year}-11-15"})
    survey(db, fair)
    assert told(db, fair) == {
        "net_area": ("9,000", False, True),
        "raw_share": ("50.0%", True, True),
        "editions": ("3", False, False),
        "satisfied": ("82.4%", True, True),
    }
    notes = {line.criterion.name: line.figure.note for line in grade(db, fair, NOW).lines}
    assert notes["satisfied"] == "有效问卷 n = 170"
    assert "第 7 届" in notes["editions"]


def test_without_a_survey_nobody_knows(db, fair):
    assert told(db, fair)["satisfied"] == ("—", None, None)
    survey(db, fair, audience="VISITORS", title="观众问卷")
    assert told(db, fair)["satisfied"] == ("—", None, None), "visitors' sheets are no exhibitors'"


def test_valid_sheets_are_the_whole_and_too_many_unusable_ones_are_told(db, fair):
    survey(db, fair, returned=180, valid=100, satisfied=75)
    lines = {line.criterion.name: line for line in grade(db, fair, NOW).lines}
    line = lines["satisfied"]
    assert (line.figure.value, line.met(AAA), line.met(AA)) == (Decimal("0.75"), False, True)
    assert line.figure.note == "有效问卷 n = 100；废卷占收回的 44.4%，超过一成"
    for name in ("net_area", "editions", "satisfied"):
        assert lines[name].figure.trace is not None, name
    assert len(statistics.traced(db, line.figure)) == 1


def test_an_edition_told_twice_is_one(db, fair):
    for name, number, day in (("某展", 6, "2023-11-15"), ("某展一", 6, "2023-11-15"), ("某展", 7, "2024-11-12")):
        records.save(db, EDITIONS, {"name": name, "edition_no": number, "starts_on": day})
    assert told(db, fair)["editions"][0] == "2"


def test_an_edition_after_this_one_is_not_counted(db, fair):
    records.save(db, EDITIONS, {"name": "某展", "edition_no": 8, "starts_on": "2025-11-15"})
    assert told(db, fair)["editions"][0] == "1"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"returned": 201}, "returned"),
        ({"valid": 181}, "valid"),
        ({"satisfied": 171}, "satisfied"),
        ({"handed_out_on": "2024-11-15", "collected_on": "2024-11-14"}, "collected_on"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(db, fair, given, field):
    with pytest.raises(InvalidRecord) as refused:
        survey(db, fair, **given)
    assert list(refused.value.problems) == [field]


def test_limits_are_reached_at_the_limit():
    assert [is_met(value, Decimal(10_000)) for value in (9_999, 10_000, None)] == [False, True, None]


def test_the_audit_sheet_splits_home_and_abroad(db, fair):
    rows = {line.label: (line.home, line.abroad, line.unknown, line.total) for line in grade(db, fair, NOW).audit}
    assert rows == {
        "净面积（㎡）": (4_500, 4_500, 0, 9_000),
        "参展商（家）": (1, 1, 0, 2),
        "联合参展（家）": (1, 0, 0, 1),
        "代表企业（家，不计入参展商）": (0, 1, 0, 1),
        "专业观众（人）": (0, 1, 1, 2),
        "观众（人）": (1, 1, 1, 3),
        "观众人次": (1, 1, 1, 3),
        "参展商来自的境外国家和地区（个）": (None, 1, None, None),
        "观众来自的境外国家和地区（个）": (None, 1, None, None),
    }


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_written_sheet_holds_the_same_figures(db, fair, tmp_path: Path, language, pdf_text):
    from expo_app import i18n

    i18n.set_language(language)
    survey(db, fair)
    db.actor, db.clock = Actor("王主任", Role.ADMIN), lambda: NOW
    expo = expos.current(db, fair)
    assert expo is not None
    with db.reading() as session:
        assert session.get_one(Expo, fair).name == "第七届"
    documents.write(db, expo, "grade", tmp_path / "grade.xlsx")
    documents.write(db, expo, "grade", tmp_path / "grade.pdf")
    book = CalamineWorkbook.from_path(tmp_path / "grade.xlsx")
    first, second = (book.get_sheet_by_name(name).to_python(skip_empty_area=True) for name in book.sheet_names[:2])
    data = grade(db, fair, NOW)
    values = {row[0]: row[1] for row in first}
    for line in data.lines:
        assert values[line.figure.label] == pytest.approx(float(line.figure.value or 0), abs=1e-6), line.criterion.name
    kept = {row[0]: row[1:5] for row in second}
    for one in data.audit:
        assert kept[one.label] == [
            "" if v is None else float(v) for v in (one.home, one.abroad, one.unknown, one.total)
        ]
    text = "".join("".join(page.split()) for page in pdf_text(tmp_path / "grade.pdf"))
    assert "SB/T10358-2012" in text
    assert "".join(data.lines[0].figure.shown.split()) in text
    only = {"zh_CN": "仅供参考，不是评定", "en": "Forinformationonly"}[language]
    assert only in text
