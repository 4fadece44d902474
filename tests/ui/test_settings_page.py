"""数据与设置: every subject opens in both languages; booths are generated; imports are taken back; restore is asked."""

import pytest

from expo_app import i18n
from expo_app.services import expos, imports, records
from expo_app.specs import ATTENDEES, BOOTHS, HALLS, VENUES, ZONES
from expo_app.specs.plan import ImportPlan, Outcome, PlanRow
from expo_app.store import backup
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.pages.settings import SECTIONS, SettingsPage
from expo_app.ui.pages.settings.lists import RowsDialog
from tests.ui.conftest import put


@pytest.fixture
def page(context, window):
    made = SettingsPage(context)
    put(window, made)
    return made


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_subject_opens(context, window, qapp, language):
    i18n.set_language(language)
    page = SettingsPage(context)
    put(window, page)
    for section in SECTIONS:
        page.choose(section.key)
        qapp.processEvents()
        assert jobs.wait()
        qapp.processEvents()
        assert page.current.isVisible()


def test_rows_of_booths(page, context, window):
    db, expo = context.db, context.expo_id
    venue = records.list_rows(db, VENUES)[0][1] if records.count(db, VENUES) else None
    if venue is None:
        records.save(db, VENUES, {"name": "展馆"})
        venue = "展馆"
    records.save(db, HALLS, {"name": "9 号馆", "venue_id": venue}, expo_id=expo)
    records.save(db, ZONES, {"code": "Z", "name": "新区", "hall_id": "9 号馆"}, expo_id=expo)
    page.choose("booths")
    page.current.generate()
    box = dialog.top(window)
    assert isinstance(box, RowsDialog)
    box.zone.setCurrentText("Z")
    box._fields["count"].setValue(24)
    assert box.said.text() == "将生成 24 个展位：Z-001 至 Z-024。"
    box.submit()
    numbers = [row[1] for row in records.list_rows(db, BOOTHS, expo, [BOOTHS.field("number")])]
    assert numbers == [f"Z-{n:03d}" for n in range(1, 25)]
    page.current.generate()
    again = dialog.top(window)
    again.zone.setCurrentText("Z")
    again.submit()
    assert again.said.text().startswith("已有展位 Z-001 等 12 个，没有生成任何展位。")


def test_an_import_is_taken_back(page, context, window, qapp):
    plan = ImportPlan("attendees", "名单.xlsx", (), (PlanRow(2, Outcome.NEW, {"person.name": "李四"}),))
    imports.apply(context.db, plan, context.expo_id)
    page.choose("imports")
    page.current._ask(imports.history(context.db, context.expo_id)[0])
    dialog.top(window).press("verb")
    assert records.count(context.db, ATTENDEES, context.expo_id) == 0


def test_restoring_asks_first(page, context, window, tmp_path):
    info = backup.backup(context.db, tmp_path / "b.db")
    wanted = []
    context.restore_wanted.connect(wanted.append)
    page.choose("backup")
    page.current._ask(info.path if hasattr(info.path, "name") else tmp_path / "b.db")
    assert wanted == []
    dialog.top(window).press("verb")
    assert [path.name for path in wanted] == ["b.db"]


def test_the_next_expo_from_this_one(page, context, window):
    page.choose("expos")
    values = records.get(context.db, page.current.spec, context.expo_id)
    page.current._begin_next(context.expo_id, values)
    box = dialog.top(window)
    box.form.fill({"name": "第二届", "code": "KJH19", "starts_on": "2019-11-28", "ends_on": "2019-11-30"})
    box.submit()
    assert [e.code for e in expos.all_expos(context.db)] == ["KJH19", "KJH18"]
