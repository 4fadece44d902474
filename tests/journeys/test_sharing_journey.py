"""A deal → a voucher of its region used for its test → settled between two regions → a tenant → landed: in the real
window, on an expo set up from nothing. What regions owe each other is reckoned here by hand, to the fen.
"""

import json
import uuid
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit
from sqlalchemy import select

from expo_app.model import (
    Deal,
    Organisation,
    Role,
    SettlementStatement,
    StatementPaper,
    Tenant,
    TenantState,
    UseState,
    Voucher,
    VoucherState,
    VoucherUse,
)
from expo_app.routes import ListRoute
from expo_app.routes.parks import TenantRoute
from expo_app.routes.vouchers import SettlementRoute, UseRoute
from expo_app.services import chain
from expo_app.specs import TENANTS, VOUCHER_USES, VOUCHERS
from expo_app.specs.chain import Link
from expo_app.specs.records import by_name
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.parks.step_dialog import StepDialog
from expo_app.ui.pages.parks.tenant import TenantView
from expo_app.ui.pages.vouchers import VouchersPage
from expo_app.ui.pages.vouchers.apply_form import ApplyDialog
from expo_app.ui.pages.vouchers.settlement import SettlementFace
from expo_app.ui.pages.vouchers.settlement_dialogs import SignDialog
from expo_app.ui.parts.chain import ChainCard
from tests import made_auction as made
from tests.journeys.command import called
from tests.journeys.in_hall import (
    Hall,
    import_list,
    made_hall,  # noqa: F401
    settle,
    submit,
)
from tests.ui.conftest import qtbot, themed  # noqa: F401

HERE, THERE = "3702", "2102"
"""Two cities that issue vouchers; the smaller code stands first in a statement."""
MAKER, MENDER = "胶东海工装备有限公司", "旅顺缆索有限公司"
TESTER, OTHER_TESTER = "渤海材料测试中心", "崂山计量研究院"
TANK, SCALE = "深海压力试验舱", "万吨拉力机"
DEAL, TEST, PARK = "深海连接器联合开发", "耐压试验", "两港创新园"
LISTS: dict[str, list[list[object]]] = {
    "organisations": [
        ["单位名称", "地区", "法定代表人"],
        [MAKER, "青岛市", "白芷"], [MENDER, "大连市", "商陆"],
        [TESTER, "大连市", "杜若"], [OTHER_TESTER, "青岛市", "苏木"],
    ],
    "providers": [["机构名称", "机构类别"], [TESTER, "检验检测"], [OTHER_TESTER, "检验检测"]],
    "instruments": [["仪器名称", "仪器编号", "服务机构"], [TANK, "BH-1", TESTER], [SCALE, "LS-1", OTHER_TESTER]],
    "policies": [
        ["发券地区", "办法名称", "版本", "起日", "止日", "券付比例（%）", "结算方式", "单次上限（元）",
         "每企业每年上限（元）", "年度预算（元）", "认可哪些地区的机构", "只认名录内机构", "核验级数",
         "券的有效期（个月）"],
        *([place, f"{place}用券办法", 1, "2027-01-01", "2028-12-31", rate, "通兑", 60000, 100000, 1000000, other, "是",
           2, 12] for place, rate, other in (("青岛市", 40, "大连市"), ("大连市", 33, "青岛市"))),
    ],
    "listed_providers": [
        ["发券地区", "服务机构", "起日"], ["青岛市", TESTER, "2027-01-01"], ["大连市", OTHER_TESTER, "2027-01-01"],
    ],
    "deals": [
        ["项目名称", "类型", "卖方", "买方", "成交额（万元）", "签订日期", "阶段", "登记"],
        [DEAL, "投资 / 融资", MENDER, MAKER, 600, "2027-05-13", "签约", "有效"],
    ],
    "parks": [["园区名称", "研发地", "产业化地", "启用时间"], [PARK, "大连市", "青岛市", "2027-03"]],
}  # fmt: skip
AMOUNT, BACK = "123,456.78", "88,888.88"
OWED = (Decimal("123456.78") * 40 / 100, Decimal("88888.88") * 33 / 100)
"""What the vouchers pay before it is cut to the fen: 49,382.712 and 29,333.3304."""
SHARE, SHARE_BACK = Decimal("49382.71"), Decimal("29333.33")
NET = SHARE - SHARE_BACK
FIRST, SECOND = Actor("周敏", Role.SUPERVISOR), Actor("郑岚", Role.DEALS)


def at(hall: Hall, *moment: int) -> None:
    """It is that day and hour."""
    now = datetime(*moment, tzinfo=made.ZONE)
    hall.db.clock = lambda: now


def as_actor(hall: Hall, actor: Actor) -> None:
    hall.context.set_actor(actor)
    settle()


def ids(hall: Hall, model: Any, column: str) -> dict[str, uuid.UUID]:
    table = model.__table__
    with hall.db.reading() as session:
        return dict(session.execute(select(table.c[column], table.c.id)).all())


def rows(hall: Hall, model: Any) -> list[Any]:
    with hall.db.reading() as session:
        return list(session.scalars(select(model)))


def one(hall: Hall, model: Any, key: uuid.UUID) -> Any:
    with hall.db.reading() as session:
        return session.get_one(model, key)


def shown(hall: Hall, route: Any) -> Any:
    """The page a route leads to."""
    hall.context.navigate(route)
    settle()
    return hall.window.frame.page


def button(box: Any, words: str) -> Button:
    return next(b for b in box.findChildren(Button) if words in (b.text(), b.property("words")) and b.isVisible())


def press(hall: Hall, route: ListRoute, words: str, answer: str, verb: str) -> None:
    """An act of the panel of a record, its first line answered, done by the verb of its question."""
    page = shown(hall, route)
    button(page.face.shown.panel, words).click()
    settle()
    box = dialog.top(hall.window)
    line = next(each for each in box.findChildren(QLineEdit) if each.isVisible())
    line.setText(answer)
    line.textEdited.emit(answer)
    button(box, verb).click()
    settle()
    assert not box.is_open


def choose(editor: Any, text: str) -> None:
    """Typed, and the first of what is offered taken."""
    editor.setText(text)
    editor.textEdited.emit(text)
    editor.offer()
    assert len(editor._found) == 1, text
    editor._on_chosen(editor._found[0][1])


# --- a voucher and its use --------------------------------------------------------------------------------------------
def voucher(hall: Hall, company: str) -> uuid.UUID:
    """Applied for by one and approved by another."""
    page = shown(hall, ListRoute(VOUCHERS))
    page.face.shown.add()
    settle()
    box = dialog.top(hall.window)
    assert isinstance(box, ApplyDialog)
    choose(box.company, company)
    box.amount.setText("60,000")
    submit(box)
    key = next(row.id for row in rows(hall, Voucher) if row.organisation_id == ids(hall, Organisation, "name")[company])
    assert one(hall, Voucher, key).state is VoucherState.APPLIED
    press(hall, ListRoute(VOUCHERS, record=key), "批准", "同意", "批准")
    assert (one(hall, Voucher, key).state, one(hall, Voucher, key).held) == (VoucherState.APPROVED, Decimal(60_000))
    return key


def use(hall: Hall, company: str, resource: str, deal: str, amount: str, share: Decimal) -> uuid.UUID:
    """登记 as it is typed; both shares stand there before anything is saved."""
    page = shown(hall, UseRoute())
    assert isinstance(page, VouchersPage)
    box = page.face.form
    for name, text in (("organisation", company), ("resource", resource), ("deal", deal)):
        if text:
            choose(box.fields.editor(name), text)
    typed = {"contract_no": "HT-1", "contract_on": "2027-05-20", "kind": "检验检测", "title": TEST,
             "contract_amount": amount, "other_support": "0"}  # fmt: skip
    for name, text in typed.items():
        editor = box.fields.editor(name)
        editor.setText(text)
        editor.textEdited.emit(text)
    box.side.declared.click()
    box.ask()
    settle()
    assert box.look.blocking == ()
    paid, own = box.policy.bar.parts
    assert (paid.amount, paid.amount + own.amount) == (share, Decimal(amount.replace(",", "")))
    submit(box)
    return next(row.id for row in rows(hall, VoucherUse) if row.share == share)


def check(hall: Hall, key: uuid.UUID) -> None:
    """Report in, checked by one and by another; the same person may not do both."""
    route = ListRoute(VOUCHER_USES, record=key)
    press(hall, route, "报告登记", "BG-1", "登记")
    press(hall, route, "核验通过", "报告相符", "通过")
    assert one(hall, VoucherUse, key).state is UseState.FIRST_PASSED
    page = shown(hall, route)
    button(page.face.shown.panel, "核验通过").click()
    settle()
    box = dialog.top(hall.window)
    button(box, "通过").click()
    settle()
    assert box.is_open
    box.close_with(None)
    assert one(hall, VoucherUse, key).state is UseState.FIRST_PASSED
    as_actor(hall, SECOND)
    press(hall, route, "核验通过", "复核无误", "通过")
    assert one(hall, VoucherUse, key).state is UseState.VERIFIED
    as_actor(hall, FIRST)


# --- between the regions ----------------------------------------------------------------------------------------------
def settle_period(hall: Hall, tmp_path: Path) -> None:
    """Drawn, sent, signed by each with a scan of its own."""
    page = shown(hall, SettlementRoute("2027H1"))
    face = page.face
    assert isinstance(face, SettlementFace)
    button(page, "出对账单").click()
    dialog.top(hall.window).press("verb")
    settle()
    button(page, "发出 1 份").click()
    dialog.top(hall.window).verb.click()
    settle()
    face.open_pair(HERE, THERE)
    settle()
    for n, side in enumerate(("大连", "青岛")):
        assert [row.state for row in rows(hall, VoucherUse)] == [UseState.VERIFIED] * 2
        scan = tmp_path / f"{side}.pdf"
        scan.write_bytes(f"%PDF-1.4 {side}".encode())
        face.acts.sign(face.line)
        box = dialog.top(hall.window)
        assert isinstance(box, SignDialog)
        assert box.side.key == "ab"[n]
        box.signer.setText(f"{side}结算岗")
        box.paper.setText(str(scan))
        box.verb.click()
        settle()
        assert not box.is_open
    assert [row.state for row in rows(hall, VoucherUse)] == [UseState.SETTLED] * 2
    (statement,) = rows(hall, SettlementStatement)
    assert {row.statement_id for row in rows(hall, VoucherUse)} == {statement.id}
    assert len(rows(hall, StatementPaper)) == 2


def by_the_command_line(hall: Hall) -> None:
    told = json.loads(called("report", "settlement", "--period", "2027H1", "--json", "--db", str(hall.file)))
    (pair,) = told["pairs"]
    assert (pair["a"], pair["b"], pair["payer"], pair["uses"]) == (THERE, HERE, HERE, 2)
    assert [Decimal(str(pair[name])) for name in ("a_pays", "b_pays", "net")] == [SHARE_BACK, SHARE, NET]
    assert told["check"]["is_right"]


# --- the tenant -------------------------------------------------------------------------------------------------------
STEPS = (
    ((2027, 8, 2), TenantState.INTENDED, ""), ((2027, 10, 16), TenantState.SIGNED, ""),
    ((2028, 1, 8), TenantState.MOVED_IN, "B-301"), ((2029, 6, 20), TenantState.LANDED, "前湾基地"),
)  # fmt: skip


def tenant(hall: Hall) -> uuid.UUID:
    """From the deal, step by step, to the landed project."""
    (deal,) = rows(hall, Deal)
    given = {"organisation_id": MAKER, "park_id": PARK, "deal_id": deal.deal_no, "visited_on": "2027-05-13",
             "production_region": "青岛市"}  # fmt: skip
    shown(hall, ListRoute(TENANTS, new=True, values=given))
    submit(dialog.top(hall.window))
    (made_one,) = rows(hall, Tenant)
    assert made_one.deal_id == deal.id
    for day, state, place in STEPS:
        at(hall, *day, 10)
        page = shown(hall, TenantRoute(made_one.id))
        assert isinstance(page, TenantView)
        page.record_step()
        box = dialog.top(hall.window)
        assert isinstance(box, StepDialog)
        box.states.choose(state)
        box._fit()
        box.place.setText(place)
        submit(box)
        assert page.shown is not None
        assert page.shown.state is state
    key: uuid.UUID = made_one.id
    return key


def chain_from(hall: Hall, kind: str, key: uuid.UUID) -> list[tuple[Any, ...]]:
    """The chain as one record shows it, but for where one stands."""
    links: tuple[Link, ...] = chain.chain_of(hall.db, hall.context.expo_id, kind, key)
    assert [link.is_here for link in links].count(True) == 1
    return [(link.words, link.records) for link in links]


def in_the_window(hall: Hall, deal: uuid.UUID, used: uuid.UUID, landed: uuid.UUID) -> None:
    """The tenant's page leads back to its deal, the panel of the use on to where the project landed."""
    page = shown(hall, TenantRoute(landed))
    assert deal in [tile.card.record_id for tile in page.chain.tiles]
    page = shown(hall, ListRoute(VOUCHER_USES, record=used))
    cards = [card.link for card in page.face.shown.panel.findChildren(ChainCard)]
    assert [record.id for link in cards if link.key == "tenant" for record in link.records] == [landed]
    assert cards[-1].is_there


def told_by(chained: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(words, record.title) for words, records in chained for record in records]


def test_from_a_deal_to_a_landed_tenant(hall: Hall, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    assert [exact.quantize(Decimal("0.01"), ROUND_DOWN) for exact in OWED] == [SHARE, SHARE_BACK]
    for kind, lines in LISTS.items():
        plan = import_list(qtbot, hall, by_name(kind), made.sheet(tmp_path / f"{kind}.xlsx", lines))
        assert not any(row.problems for row in plan.rows), (kind, [row.problems for row in plan.rows])
    at(hall, 2027, 5, 13, 16)
    as_actor(hall, FIRST)
    for company in (MAKER, MENDER):
        voucher(hall, company)
    at(hall, 2027, 5, 25, 10)
    used = use(hall, MAKER, TANK, DEAL, AMOUNT, SHARE)
    back = use(hall, MENDER, SCALE, "", BACK, SHARE_BACK)
    at(hall, 2027, 6, 8, 10)
    for key in (used, back):
        check(hall, key)
    at(hall, 2027, 7, 8, 10)
    settle_period(hall, tmp_path)
    by_the_command_line(hall)
    landed = tenant(hall)
    deal = ids(hall, Deal, "title")[DEAL]
    in_the_window(hall, deal, used, landed)
    whole = chain_from(hall, "tenants", landed)
    assert whole == chain_from(hall, "voucher_uses", used) == chain_from(hall, "deals", deal)
    assert told_by(whole) == [
        ("签约", DEAL), ("用券", TEST), ("结算", "大连市 — 青岛市"), ("入驻", MAKER), ("项目落地", "前湾基地"),
    ]  # fmt: skip
