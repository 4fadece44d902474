"""What is to be corrected before the directory is printed: each finding leads to its exhibitor."""

from typing import Any

import pytest
from factories import local, make_attendee, make_exhibitor, make_expo

from expo_app import i18n
from expo_app.documents import by_name
from expo_app.model import ExhibitorState, Organisation
from expo_app.services import exhibitors_report, expos
from expo_app.services.records import list_rows
from expo_app.specs import EXHIBITORS
from expo_app.store.database import open_database


@pytest.fixture
def expo_id(db: Any) -> Any:
    with db.transaction() as session:
        expo = make_expo(session)
        made = [
            make_exhibitor(session, expo, "甲光电有限公司", exhibits="雷达，详询 13812345678"),
            make_exhibitor(session, expo, "乙激光！", contact="张同意", phone="13912345678"),
            make_exhibitor(session, expo, "丙材料有限公司", wants="字" * 201),
            make_exhibitor(session, expo, "没签约，也不印！", state=ExhibitorState.APPLIED),
        ]
        body = session.get_one(Organisation, made[0].organisation_id)
        body.name_en = "Jia Optics Co., Ltd."
        make_attendee(session, expo, person_id=made[1].contact_id, category="exhibitor", consent_at=local(1))
        return expo.id


def test_each_names_its_exhibitor_and_those_to_be_corrected_come_first(db: Any, expo_id: Any) -> None:
    found = exhibitors_report.findings(db, expo_id)
    assert [(f.name, f.words, f.is_mended) for f in found] == [
        ("丙材料有限公司", "文字有 201 字，超过 200 字，印出时会截短。", False),
        ("甲光电有限公司", "文字里有联系方式“13812345678”，移到联系栏。", False),
        ("乙激光！", "单位名称里有标点“！”，会刊只印名称本身。", False),
        ("甲光电有限公司", "英文名称印成大写：JIA OPTICS CO LTD。", True),
    ]
    ids = {row[0] for row in list_rows(db, EXHIBITORS, expo_id, EXHIBITORS.excel_fields)}
    assert {finding.id for finding in found} <= ids
    assert {finding.spec for finding in found} == {"exhibitors"}


def test_in_english_the_same_is_found_of_names_spoken_in_english(db: Any, expo_id: Any) -> None:
    found = [(f.id, f.is_mended) for f in exhibitors_report.findings(db, expo_id)]
    i18n.set_language("en")
    english = exhibitors_report.findings(db, expo_id)
    assert sorted((f.id, f.is_mended) for f in english) == sorted(found)
    assert "Jia Optics Co., Ltd." in {f.name for f in english}


def test_the_report_knows_its_check(db: Any, expo_id: Any) -> None:
    check = by_name("directory").check
    assert check is not None
    assert check(db, expo_id) == exhibitors_report.findings(db, expo_id)


def test_the_sample_has_nothing_to_be_corrected(sample_file: Any, tmp_path: Any) -> None:
    path = tmp_path / "expo.db"
    path.write_bytes(sample_file.read_bytes())
    db = open_database(path)
    try:
        found = exhibitors_report.findings(db, expos.all_expos(db)[0].id)
    finally:
        db.close()
    assert [(f.name, f.words) for f in found if not f.is_mended] == []
