"""The report of parks: what was reported of one is what is printed of it; Word, PDF and workbook tell the same."""

import shutil
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from expo_app import documents
from expo_app.errors import UserError
from expo_app.model import Park, ParkTotal, Role, Tenant
from expo_app.reports import park
from expo_app.rules.masks import UNSEEN
from expo_app.services import expos, park_report, records, tenant_acts
from expo_app.services.expos import ExpoInfo
from expo_app.services.park_report import parts_of
from expo_app.specs import PARK_FIGURES, PARKS, TENANT_SUPPORTS, TENANTS
from expo_app.store.database import Actor, Database, open_database

FIGURES = {
    "走访意向企业": "超过 530", "意向": "—", "签约": "—", "入驻企业和团队": "46", "其中研发中心": "23",
    "落地项目": "14",
    "毕业企业": "—", "高层次人才": "126", "协助专利申请": "1,176", "举办活动": "108", "高校合作项目": "超过 200",
    "服务平台": "超过 30", "投资（万元）": "—", "营收（万元）": "—", "使用面积": "—",
}  # fmt: skip

ORDER = (
    "企业名称", "入驻时间", "获天使或风险投资额（千元）", "使用场地面积（㎡）", "注册资本（千元）", "总收入（千元）",
    "上缴税费（千元）", "从业人员（人）", "当年申请数（件）", "技术合同（项）", "省级以上奖励（项）",
)  # fmt: skip
NAMED = {"park_id": "两地园", "organisation_id": "甲公司（示例）"}


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Iterator[tuple[Database, ExpoInfo]]:
    db = open_database(shutil.copy(sample_file, tmp_path / "expo.db"))
    expo = expos.current(db)
    assert expo is not None
    db.clock = expos.clock_of(db, expo)
    yield db, expo
    db.close()


def test_the_report_of_a_reported_park_is_what_was_reported(sample: tuple[Database, ExpoInfo]) -> None:
    db, expo = sample
    key = next(key for key, name in parts_of(db, expo.id) if "科创园" in name)
    data = park_report.read(db, expo.id, db.now(), key)
    (part,) = data.parts
    rows = park.figure_rows(part)
    assert {words: shown for words, shown, _when, _source in rows} == FIGURES
    told = {(when, source) for _words, shown, when, source in rows if shown != "—"}
    assert told == {("2019-12 至 2022-12", "2022 年 12 月的媒体报道")}
    as_json = park_report.as_json(db, expo.id, db.now(), key)
    assert as_json[0]["figures"]["tenants"]["value"] == 46  # type: ignore[index]


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_it_is_written_in_every_form(sample: tuple[Database, ExpoInfo], tmp_path: Path, form: str) -> None:
    db, expo = sample
    assert documents.write(db, expo, "park", tmp_path / f"out.{form}") == frozenset()
    assert (tmp_path / f"out.{form}").stat().st_size > 5_000


def test_one_park_is_told_alone_and_another_name_is_refused(
    sample: tuple[Database, ExpoInfo], tmp_path: Path
) -> None:  # fmt: skip
    db, expo = sample
    name = parts_of(db, expo.id)[0][1]
    documents.write(db, expo, "park", tmp_path / "one.pdf", part=name)
    with pytest.raises(UserError, match="没有“别处”"):
        documents.write(db, expo, "park", tmp_path / "two.pdf", part="别处")


def test_the_torch_sheet_is_in_thousands_and_in_the_forms_order(
    sample: tuple[Database, ExpoInfo], tmp_path: Path
) -> None:  # fmt: skip
    db, expo = sample
    records.save(db, PARKS, {"name": "两地园"}, expo_id=expo.id)
    key = records.save(db, TENANTS, {**NAMED, "moved_in_on": "2017-01"}, expo_id=expo.id)
    tenant_acts.fill(db, expo.id, key, date(2017, 12, 31), {"revenue": "12,480", "staff": 31})
    path = tmp_path / "park.xlsx"
    documents.write(db, expo, "park", path, part="两地园")
    sheet = next(one for one in openpyxl.load_workbook(path) if one.title.startswith("火炬口径"))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(n for n, row in enumerate(rows) if "企业名称" in row)
    head, row = rows[at], rows[at + 1]
    told = dict(zip(head, row, strict=True))
    assert (told["总收入（千元）"], told["从业人员（人）"], told["净利润（千元）"]) == (12_480, 31, None)
    assert [head.index(name) for name in ORDER] == sorted(head.index(name) for name in ORDER)


def test_a_graduate_of_an_unknown_day_is_one_and_generated_records_stay_out(sample: tuple[Database, ExpoInfo]) -> None:
    db, expo = sample
    records.save(db, PARKS, {"name": "两地园"}, expo_id=expo.id)
    key = records.save(db, TENANTS, {**NAMED, "state": "GRADUATED"}, expo_id=expo.id)
    granted = {"tenant": NAMED["organisation_id"], "park": "两地园", "kind": "RENT", "title": "首年免租"}
    records.save(db, TENANT_SUPPORTS, granted, expo_id=expo.id)
    (park_id,) = (key for key, name in parts_of(db, expo.id) if name == "两地园")

    def told(*, park_is_sample: bool, tenant_is_sample: bool) -> tuple[list[str], list[object]]:
        with db.transaction() as session:
            session.get_one(Park, uuid.UUID(park_id)).is_sample = park_is_sample
            session.get_one(Tenant, key).is_sample = tenant_is_sample
        data = park_report.read(db, expo.id, db.now(), park_id)
        return [one.title for one in data.parts[0].granted], [row[9:11] for row in park.torch_sheet(data).rows]

    assert told(park_is_sample=True, tenant_is_sample=True) == (["首年免租"], [("是", "")])
    assert told(park_is_sample=False, tenant_is_sample=True) == ([], [])


def test_who_may_not_see_money_gets_a_sheet_without_it(sample: tuple[Database, ExpoInfo], tmp_path: Path) -> None:
    db, expo = sample
    records.save(db, PARKS, {"name": "两地园"}, expo_id=expo.id)
    key = records.save(db, TENANTS, {**NAMED, "state": "MOVED_IN"}, expo_id=expo.id)
    tenant_acts.fill(db, expo.id, key, date(2017, 12, 31), {"revenue": "12,480"})
    db.actor = Actor("吴悠", Role.REGISTRAR)
    part = next(one for one in park_report.read(db, expo.id, db.now()).parts if one.card.name == "两地园")
    (sheet,) = [one for one in park.tables(park_report.read(db, expo.id, db.now())) if one.title == "火炬口径"]
    assert next(row for row in sheet.rows if row[0] == "甲公司（示例）").count(UNSEEN) == 1
    assert part.card.totals[ParkTotal.REVENUE] is None


def test_a_park_of_which_nothing_is_known_is_a_line_at_the_end(
    sample: tuple[Database, ExpoInfo], tmp_path: Path
) -> None:  # fmt: skip
    db, expo = sample
    records.save(db, PARKS, {"name": "空园", "opened": "2022"}, expo_id=expo.id)
    documents.write(db, expo, "park", tmp_path / "bare.docx", part="空园")
    document = docx.Document(str(tmp_path / "bare.docx"))
    assert "具名案例" not in [one.text for one in document.paragraphs]
    assert ["空园", "—", "—", "2022", "—"] in [[cell.text for cell in row.cells] for row in document.tables[-1].rows]


def test_a_torch_sheet_of_a_date_has_every_company_once(sample: tuple[Database, ExpoInfo]) -> None:
    db, expo = sample
    records.save(db, PARKS, {"name": "两地园"}, expo_id=expo.id)
    for name, years in (("甲公司（示例）", (2016, 2017)), ("乙公司（示例）", (2016,))):
        key = records.save(db, TENANTS, {**NAMED, "organisation_id": name, "moved_in_on": "2016-01"}, expo_id=expo.id)
        for year in years:
            tenant_acts.fill(db, expo.id, key, date(year, 12, 31), {"staff": year - 2000})
    (park_id,) = (key for key, name in parts_of(db, expo.id) if name == "两地园")
    data = park_report.read(db, expo.id, db.now(), park_id)
    sheet = park.torch_sheet(data, date(2017, 12, 31))
    at = next(n for n, column in enumerate(sheet.columns) if column.header.startswith("从业人员"))
    assert {row[0]: row[at] for row in sheet.rows} == {"甲公司（示例）": 17, "乙公司（示例）": "—"}
    assert len(park.torch_sheet(data).rows) == 3


def test_a_value_to_calculate_with_has_the_unit_of_its_line(sample: tuple[Database, ExpoInfo]) -> None:
    db, expo = sample
    records.save(db, PARKS, {"name": "两地园"}, expo_id=expo.id)
    for figure, said in (("营收", "约 32000 万元"), ("落地项目", "14")):
        values = {"park_id": "两地园", "figure": figure, "said": said, "on_day": "2017-12"}
        records.save(db, PARK_FIGURES, values, expo_id=expo.id)
    (sheet,) = [one for one in park.tables(park_report.read(db, expo.id, db.now())) if one.title == "园区数字"]
    told = {row[1]: row[2:4] for row in sheet.rows if row[0] == "两地园" and row[3] is not None}
    assert told == {"营收（万元）": ("约 32,000.00", 32_000), "落地项目": ("14", 14)}
