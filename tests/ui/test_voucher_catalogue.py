"""资源目录 in the window: find by typing, tick, sort, see whose voucher works and why not, go on to a use."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from expo_app.model import Instrument, ListedProvider, Provider, Role, ServiceItem, VoucherPolicy
from expo_app.routes import ListRoute
from expo_app.routes.vouchers import CatalogueRoute, UseRoute
from expo_app.rules.catalogue import CATEGORY, TAKES, Kind
from expo_app.rules.regions import brief_name
from expo_app.services import expos, voucher_acts
from expo_app.settings import Settings
from expo_app.specs import PROVIDERS
from expo_app.specs.voucher_shown import Application
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.vouchers import VouchersPage
from tests.factories import local, make_expo, make_organisation
from tests.ui.conftest import put

TODAY = local(28, 10).date()


@dataclass
class Screen:
    context: Context
    page: VouchersPage
    routes: list[Any]
    ids: dict[str, Any]

    @property
    def face(self):
        return self.page.face

    def titles(self) -> list[str]:
        return [row[1].title for row in self.face.search.view.rows_model.rows()]

    def search(self, text: str) -> list[str]:
        self.face.search.search.setText(text)
        settle()
        return self.titles()

    def choose(self, title: str) -> None:
        assert self.face.search.view.select_id(self.ids[title])
        settle()

    def texts(self) -> list[str]:
        """What the panel says."""
        return [label.text().replace("\u200b", "") for label in self.face.panel.findChildren(Label)]


def settle() -> None:
    """Until what is read and found is shown."""
    for _turn in range(4):
        jobs.wait()
        QApplication.processEvents()
        QTest.qWait(1)


def fill(session: Any) -> dict[str, Any]:
    """Two providers of two regions with instruments and a service, two policies; keys of the entries by title."""
    ids = {}
    for name, region in (("甲测试所", "330302"), ("乙大学", "340104")):
        owner = make_organisation(session, name, region_code=region, search_text=name)
        provider = Provider(organisation_id=owner.id, kind="检验检测", search_text="检验检测")
        session.add(provider)
        session.flush()
        ids[name] = provider.id
    made = [
        Instrument(provider_id=ids["甲测试所"], title="扫描电镜", model_no="SEM-8", category="分析仪器",
                   price=Decimal("480.00"), unit="样", search_text="扫描电镜 sem-8 smdj"),
        Instrument(provider_id=ids["甲测试所"], title="旧电镜", category="分析仪器", price=Decimal(90),
                   listed_until=TODAY - timedelta(days=1), search_text="旧电镜 jdj"),
        Instrument(provider_id=ids["乙大学"], title="拉力试验机", category="物理性能测试仪器",
                   search_text="拉力试验机"),
        ServiceItem(provider_id=ids["乙大学"], title="电镜制样", search_text="电镜制样", is_sample=True),
    ]  # fmt: skip
    session.add_all(made)
    session.add_all(
        VoucherPolicy(region_code=code, title="办法", valid_from=date(2018, 1, 1), rate=Decimal(50), needs_list=listed)
        for code, listed in (("3303", True), ("3401", False))
    )
    session.add(ListedProvider(region_code="3303", provider_id=ids["甲测试所"], valid_from=date(2018, 1, 1)))
    session.flush()
    return ids | {one.title: one.id for one in made}


@pytest.fixture
def screen(db, window, request):
    """Window 1500 wide: the panel stands beside. `empty`: nothing was entered; `providers`: nothing else."""
    said = getattr(request, "param", "")
    with db.transaction() as session:
        make_expo(session)
        ids = {} if said == "empty" else fill(session)
        if said == "providers":
            session.query(Instrument).delete()
            session.query(ServiceItem).delete()
    db.actor = Actor("陈放", Role.DEALS)
    db.clock = lambda: local(28, 10)
    window.resize(1500, 800)
    context = Context(db, Settings(), expos.current(db), window, clock=lambda: local(28, 10))
    page = VouchersPage(context)
    put(window, page)
    page.open_with(CatalogueRoute())
    settle()
    routes: list[Any] = []
    context.navigated.connect(routes.append)
    yield Screen(context, page, routes, ids)
    settle()
    context.close()


def test_found_by_typing_cheapest_first(screen):
    assert screen.titles() == ["旧电镜", "扫描电镜", "拉力试验机"]
    assert screen.search("dj") == ["旧电镜", "扫描电镜"]
    assert screen.search("SEM") == ["扫描电镜"]
    assert screen.search("乙大") == ["拉力试验机"]
    assert screen.search("不存在") == []
    QTest.keyClick(screen.face.search.search, Qt.Key.Key_Escape)
    settle()
    assert len(screen.titles()) == 3


def test_the_other_kinds_say_how_many_they_have_samples_left_out(screen):
    screen.search("电镜")
    chips = screen.face.search.kinds
    assert [chips.chip(kind).count for kind in Kind] == [2, 0, 0]
    chips.chip(Kind.SERVICE).click()
    settle()
    assert screen.titles() == ["电镜制样"]


def test_ticks_narrow_and_their_numbers_say_what_a_tick_shows(screen):
    facets = screen.face.search.facets.facets
    analysis = facets[CATEGORY].tick_of("分析仪器")
    assert analysis.count == 2
    assert facets[TAKES].tick_of("3303").count == 1
    analysis.click()
    settle()
    assert screen.titles() == ["旧电镜", "扫描电镜"]
    assert facets[CATEGORY].tick_of("物理性能测试仪器").count == 1
    assert facets[TAKES].tick_of("3401").count == 1
    tick = facets[TAKES].tick_of("3303")
    assert tick.accessibleName() == f"{brief_name('330300')} 1"  # the heading says that vouchers are meant
    tick.click()
    settle()
    assert screen.titles() == ["扫描电镜"]
    assert f"{brief_name('330300')}券" in screen.face.search.foot.whole_text
    assert screen.face.search.foot.whole_text.startswith("1 条：")
    facets[CATEGORY].clear()
    facets[TAKES].clear()
    settle()
    assert len(screen.titles()) == 3


def test_sorted_by_a_press_on_the_header(screen):
    head = screen.face.search.view.horizontalHeader()
    head.sectionClicked.emit(2)
    settle()
    assert screen.titles() == ["扫描电镜", "旧电镜", "拉力试验机"]
    head.sectionClicked.emit(0)
    settle()
    assert screen.titles() == sorted(screen.titles())


def test_the_panel_says_whose_voucher_works_and_why_another_does_not(screen):
    screen.choose("扫描电镜")
    assert {"SEM-8", "480.00 元 / 样", "通兑：机构收券款", "50 %"} <= set(screen.texts())
    screen.choose("拉力试验机")
    assert "本机构不在其名录" in screen.texts()
    assert screen.face.panel.use_button.isEnabled()
    screen.choose("旧电镜")
    assert screen.texts().count("不在目录有效期内") == 2
    assert not screen.face.panel.use_button.isEnabled()


def test_enter_goes_on_to_a_use_of_this_resource(screen, shown):
    screen.choose("扫描电镜")
    QTest.keyClick(screen.face.search.view, Qt.Key.Key_Return)
    (route,) = screen.routes
    assert isinstance(route, UseRoute)
    assert (route.instrument, route.provider) == (screen.ids["扫描电镜"], screen.ids["甲测试所"])
    screen.choose("旧电镜")
    QTest.keyClick(screen.face.search.view, Qt.Key.Key_Return)
    assert len(screen.routes) == 1
    assert shown(screen.face)[-1][1] == "不在目录有效期内，不能登记新的用券。"


def test_who_may_not_enter_uses_is_told_so(screen, shown):
    screen.context.set_actor(Actor("看", Role.AUDITOR))
    screen.choose("扫描电镜")
    assert not screen.face.panel.use_button.isEnabled()
    screen.face.use()
    assert screen.routes == []
    assert "没有这项权限" in shown(screen.face)[-1][1]


def test_two_are_put_side_by_side(screen):
    assert not screen.face.panel.compare_button.isEnabled()
    screen.face.search.view.selectAll()
    settle()
    assert screen.face.panel.compare_button.isEnabled()
    screen.face.panel.compare_button.click()
    box = dialog.top(screen.page.window())
    words = [label.text() for label in box.findChildren(Label)]
    assert {"扫描电镜", "旧电镜", "拉力试验机", "480.00 元 / 样", "甲测试所", "乙大学"} <= set(words)
    box.cancel()


def test_the_providers_page_is_a_press_away(screen):
    screen.choose("扫描电镜")
    screen.face.panel.body_button.click()
    assert screen.routes == [ListRoute(PROVIDERS, record=screen.ids["甲测试所"])]


def test_a_route_brings_one_resource_whatever_was_ticked(screen):
    screen.search("拉力")
    screen.page.open_with(CatalogueRoute(service_item=screen.ids["电镜制样"]))
    settle()
    assert screen.face.search.chosen().title == "电镜制样"
    assert screen.face.place().service_item == screen.ids["电镜制样"]


def test_what_somebody_changes_is_read_again(screen, qtbot):
    with screen.context.db.transaction() as session:
        session.query(Instrument).filter(Instrument.title == "旧电镜").update({"title": "新电镜", "listed_until": None})
    qtbot.waitUntil(lambda: "新电镜" in screen.titles())


@pytest.mark.parametrize("screen", ["empty"], indirect=True)
def test_without_a_catalogue_providers_come_first(screen):
    state = screen.face.findChildren(EmptyState)[-1]
    assert "先导入服务机构" in state.text.text()
    state.findChildren(Button)[0].click()
    assert screen.routes[-1] == ListRoute(PROVIDERS, imports=True)


@pytest.mark.parametrize("screen", ["providers"], indirect=True)
def test_a_catalogue_of_providers_alone_begins_with_them(screen):
    assert screen.face.search.kind is Kind.BODY
    assert screen.titles() == ["乙大学", "甲测试所"]


def test_instruments_are_a_list_too(screen):
    screen.face.list_button.click()
    settle()
    assert len(screen.page.shown.view.rows_model.rows()) == 3
    screen.face.list_button.click()
    settle()
    assert screen.page.shown is screen.face


def buyer(screen: Screen, amount: str) -> None:
    """A company of the region 3303 with a voucher of so many yuan, chosen in the panel."""
    db, expo_id = screen.context.db, screen.context.expo_id
    with db.transaction() as session:
        company = make_organisation(session, "买券公司", region_code="330304", search_text="买券公司 mqgs")
        company_id = company.id
    db.actor = Actor("主管", Role.SUPERVISOR)
    voucher = voucher_acts.apply(db, expo_id, Application(company_id, Decimal(amount)))
    voucher_acts.approve(db, expo_id, voucher, "可以")
    db.actor = Actor("陈放", Role.DEALS)
    screen.page.open_with(CatalogueRoute(organisation=company_id))
    settle()


def test_the_sum_for_a_company_follows_every_key_and_names_what_cuts_it(screen):
    buyer(screen, "5000")
    screen.choose("扫描电镜")
    box = screen.face.panel.sum
    assert box.picker.text() == "买券公司"
    box.amount.setText("3000.01")
    box.amount.edited.emit()
    share, own = box.bar.parts
    assert (share.amount, own.amount) == (Decimal("1500.00"), Decimal("1500.01"))
    assert "5,000.00 → 3,500.00" in screen.texts()
    box.amount.setText("20000")
    box.amount.edited.emit()
    assert [part.amount for part in box.bar.parts] == [Decimal("5000.00"), Decimal("15000.00")]
    assert "5,000.00 → 0.00" in screen.texts()
    assert any("办法 第 1 版 · 50 % · 2018-01-01 起" in text for text in screen.texts())
    assert screen.face.search.view.own == brief_name("330300")


def test_the_company_stays_while_one_goes_on(screen):
    buyer(screen, "5000")
    screen.choose("拉力试验机")
    settle()
    assert screen.face.panel.sum.company is not None
    assert "不在" in screen.face.panel.sum.why.text()
    QTest.keyClick(screen.face.search.view, Qt.Key.Key_Return)
    assert screen.routes[-1].organisation == screen.face.panel.sum.company


def test_a_company_without_a_voucher_is_told_what_to_do(screen):
    with screen.context.db.transaction() as session:
        key = make_organisation(session, "没券公司", region_code="330304").id
    screen.page.open_with(CatalogueRoute(organisation=key))
    settle()
    screen.choose("扫描电镜")
    assert "先申领" in screen.face.panel.sum.why.text()


def test_the_form_of_a_use_opens_with_company_and_resource(screen):
    buyer(screen, "5000")
    screen.choose("扫描电镜")
    QTest.keyClick(screen.face.search.view, Qt.Key.Key_Return)
    company = screen.face.panel.sum.company
    screen.page.open_with(screen.routes[-1])
    settle()
    draft = screen.face.form.draft
    assert (draft.organisation_id, draft.instrument_id) == (company, screen.ids["扫描电镜"])
    screen.face.form.cancel()
