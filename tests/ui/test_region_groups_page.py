"""地区分组: presets with what they add, seen before; what the other pages make of an expo's own groups."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from sqlalchemy import delete

from expo_app import i18n
from expo_app.model import ExhibitorState, Expo, RegionGroup
from expo_app.services import records, region_groups
from expo_app.specs import EXHIBITORS, REGION_GROUPS, floor_sheet
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, theme
from expo_app.ui.kit.filters import UNFILLED
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.picker import PickerLine
from expo_app.ui.pages.booths import BoothsPage
from expo_app.ui.pages.exhibitors import ExhibitorsPage
from expo_app.ui.pages.home import HomePage
from expo_app.ui.pages.settings.region_groups import CITIES, EVERY, RegionGroupsList
from expo_app.ui.records.record_dialog import RecordDialog
from tests.factories import make_booth, make_exhibitor
from tests.ui.clipping import clipped
from tests.ui.conftest import put

CODES = {"南山科技": "440305", "广州机床": "440106", "成都光电": "510104", "西门子": "DE", "不知哪里": None}


@pytest.fixture
def elsewhere(context: Context) -> Context:
    """The expo without groups, with five exhibitors of other provinces and abroad."""
    with context.db.transaction() as session:
        session.execute(delete(RegionGroup))
        expo = session.get_one(Expo, context.expo_id)
        for place, (name, code) in enumerate(CODES.items(), 1):
            made = make_exhibitor(session, expo, name, region_code=code, state=ExhibitorState.ARRIVED)
            make_booth(session, expo, f"A-{place:03}", made, x=place * 4.0, y=4.0)
    return context


@pytest.fixture
def page(elsewhere: Context, window: QMainWindow) -> RegionGroupsList:
    made = RegionGroupsList(elsewhere)
    put(window, made)
    return made


def settle(qapp: QApplication) -> None:
    qapp.processEvents()
    assert jobs.wait(60_000)
    qapp.processEvents()


def names(context: Context) -> list[str]:
    return [group.name for group in region_groups.rule_of(context.db, context.expo_id).groups]


def said(box: object) -> list[str]:
    labels = [line.itemAt(place).widget() for line in [box._said] for place in range(line.count())]  # type: ignore[attr-defined]
    return [label.text() for label in labels if isinstance(label, Label)]


def test_a_preset_says_what_it_adds_adds_it_and_is_taken_back(
    page: RegionGroupsList, elsewhere: Context, qapp: QApplication
) -> None:
    assert page.header._fact.whole_text == "还没有分组，各处按省列出"
    records.save(elsewhere.db, REGION_GROUPS, {"name": "粤", "prefixes": "广东"}, expo_id=elsewhere.expo_id)
    settle(qapp)
    box = page.preset()
    assert said(box) == ["新增 2 组：四川、境外", "已有 1 组，不变：广东"]
    assert box.apply.text() == "添加 2 组"
    box.submit()
    settle(qapp)
    assert names(elsewhere) == ["粤", "四川", "境外"]
    assert [page.value(row, "name") for row in page.model.rows()] == ["粤", "四川", "境外"]
    page.acts.undo()
    settle(qapp)
    assert names(elsewhere) == ["粤"]


def test_cities_of_chosen_provinces_and_all_provinces(page: RegionGroupsList, qapp: QApplication) -> None:
    box = page.preset()
    assert box._provinces_box.isHidden()
    box.choose_kind(EVERY)
    assert box.apply.text() == "添加 35 组"
    box.choose_kind(CITIES)
    assert (said(box), box.apply.isEnabled(), box._provinces_box.isHidden()) == (["先选省。"], False, False)
    box.choose_kind(CITIES, ("460000",))
    assert said(box)[0].startswith("新增 ")
    assert "海口、三亚" in said(box)[0]


def test_a_new_group_comes_last_and_reads_names(page: RegionGroupsList, elsewhere: Context, qapp: QApplication) -> None:
    for name, place in (("粤", "广东"), ("蜀", "四川")):
        page.add()
        box = dialog.top(page)
        box.form.fill({"name": name, "prefixes": place})
        box.submit()
        settle(qapp)
    assert [(g.name, g.prefixes) for g in region_groups.rule_of(elsewhere.db, elsewhere.expo_id).groups] == [
        ("粤", ("44",)), ("蜀", ("51",)),
    ]  # fmt: skip
    page.edit(page.model.id_at(0))
    box = dialog.top(page)
    assert box.form.editor("prefixes").text() == "广东省"
    box.form.fill({"prefixes": "广东省、火星"})
    assert not box.form.check("prefixes")
    assert box.form.box("prefixes").problem.startswith("没有地区“火星”")
    box.form.fill({"prefixes": "广东省、四川省"})
    box.submit()
    assert box.form.box("prefixes").problem == "“四川省”已在“蜀”组里，一个地区只能在一组。"


def test_lists_plan_and_home_follow_the_groups(elsewhere: Context, window: QMainWindow, qapp: QApplication) -> None:
    exhibitors = ExhibitorsPage(elsewhere)
    put(window, exhibitors)

    def chips() -> list[str]:
        return [chip.text() for chip in exhibitors.bar._chips._chips.values()]

    assert chips() == ["全部 5", "广东 2", "四川 1", "境外 1", "未填 1"]
    exhibitors.bar.choose(region_group=UNFILLED)
    assert [exhibitors.value(row, "organisation.name") for row in exhibitors.model.rows()] == ["不知哪里"]
    exhibitors.bar.clear()
    for name, place in (("深圳", "深圳"), ("德日", "德国、日本")):
        records.save(elsewhere.db, REGION_GROUPS, {"name": name, "prefixes": place}, expo_id=elsewhere.expo_id)
    settle(qapp)
    assert chips() == ["全部 5", "深圳 1", "德日 1", "其他 2", "未填 1"]
    record = exhibitors.model.id_at(0)
    title, facts, _pills = exhibitors.head(records.get(elsewhere.db, EXHIBITORS, record))
    assert (title, facts.split(" · ")[0]) == ("南山科技", "深圳")
    plan = BoothsPage(elsewhere)
    put(window, plan)
    plan.colour(floor_sheet.REGION)
    assert [look.words for look in plan.legend.looks][:4] == ["深圳", "德日", "其他", "地区未填"]
    home = HomePage(elsewhere)
    put(window, home)
    settle(qapp)
    assert home.shown is not None
    assert [(part.label, part.count) for part in home.shown.arrivals] == [
        ("深圳", 1), ("德日", 1), ("其他", 2), ("未填", 1),
    ]  # fmt: skip


def test_a_form_offers_places_of_the_file_first_and_knows_what_is_at_home(
    elsewhere: Context, window: QMainWindow
) -> None:
    exhibitors = ExhibitorsPage(elsewhere)
    put(window, exhibitors)

    def region() -> tuple[RecordDialog, PickerLine]:
        exhibitors.add()
        box = dialog.top(exhibitors)
        editor = box.form.editor("organisation.region_code")
        assert isinstance(editor, PickerLine)
        return box, editor

    box, editor = region()
    offered = [name for _key, name in editor._options("")]
    assert set(offered[:4]) == {"天河区", "深圳市南山区", "锦江区", "德国"}
    assert offered[4] == "北京市"
    box.form.fill({"organisation.region_code": "南山区"})
    assert not box.form.check("organisation.region_code")
    box.close_with(None)
    records.save(elsewhere.db, REGION_GROUPS, {"name": "深圳", "prefixes": "深圳"}, expo_id=elsewhere.expo_id)
    box, editor = region()
    box.form.fill({"organisation.region_code": "南山区"})
    assert box.form.check("organisation.region_code")
    assert box.form.read("organisation.region_code") == "440305"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("tone", ["light", "dark"])
def test_nothing_is_clipped(elsewhere: Context, window: QMainWindow, language: str, tone: str, tmp_path: Path) -> None:
    i18n.set_language(language)
    theme.apply(QApplication.instance(), tone)
    made = RegionGroupsList(elsewhere)
    put(window, made)
    box = made.preset()
    for kind in (EVERY, CITIES):
        box.choose_kind(kind, ("440000", "510000"))
        assert clipped(window) == []
