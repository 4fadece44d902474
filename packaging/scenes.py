"""Every picture: a name and a function that sets the stage and returns the window to draw (None: the main window).

A scene that needs a page which is not there is left out. Scenes come in an order in which those that write (scans,
moved items) stand last.
"""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PureWindowsPath
from typing import Any

import openpyxl
from achievements_scenes import ACHIEVEMENTS as SUPPLY
from alliance_scenes import ALLIANCES
from catalogue_scenes import CATALOGUE
from hall_scenes import HALL
from interest_scenes import INTEREST_SCENES
from meeting_scenes import MEETINGS
from parks_scenes import PARKS_SCENES
from PySide6.QtWidgets import QWidget
from roadshow_scenes import ROADSHOW
from settlement_scenes import SETTLEMENT
from sqlalchemy import select
from stage import REHEARSAL_AT, Stage
from suggestion_scenes import SUGGESTIONS
from till_scenes import TILL
from timetable_scenes import TIMETABLE
from voucher_scenes import VOUCHER_SCENES

from expo_app import paths
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    DealStage,
    Desk,
    Expo,
    Gate,
    Organisation,
    Person,
    Registration,
    Verdict,
)
from expo_app.routes import ListRoute
from expo_app.routes.attendees import WalkInRoute
from expo_app.routes.auction import AuctionRoute
from expo_app.routes.duplicates import DuplicatesRoute
from expo_app.routes.floor import BoothRowsRoute
from expo_app.routes.reports import ReportsRoute
from expo_app.routes.settings import SectionRoute
from expo_app.routes.statistics import StatisticsRoute
from expo_app.rules.auction_checklist import ITEMS, Mark
from expo_app.services import attendees, badges, expos, press, programme, records
from expo_app.services.steady_clock import Jump, SteadyClock
from expo_app.services.words import PRESETS
from expo_app.specs import ATTENDEES, AUCTIONS, BIDDERS, DEALS, EXHIBITORS, PROGRAMME, SPECS, floor_sheet
from expo_app.specs.records import RecordSpec
from expo_app.store import faults
from expo_app.store.database import open_database
from expo_app.ui.kit import dialog, messages
from expo_app.ui.kit.placeholders import ErrorState
from expo_app.ui.pages.checkin_desk.scan_queue import Waiting
from expo_app.ui.pages.statistics.press_face import PressFace
from expo_app.ui.pages.statistics.press_projector import Projector
from expo_app.ui.parts.follow_up import TaskBox
from expo_app.ui.records.import_wizard import ImportWizard
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.window.pages import PAGES

PLAIN_LISTS = ("expos", "venues", "halls", "zones", "rooms", "gates", "desks", "operators", "organisations", "people")
RARE = (
    "exhibitors-panel-", "dialog-palette-", "dialog-export-", "desk-wrong", "desk-revoked", "desk-unknown",
    *(f"settings-{key}" for key in PLAIN_LISTS),
)  # fmt: skip
Draw = Callable[[Stage], QWidget | None]
TODAY = "2018-11-29"
COMPANY = "嘉定氢能动力"


@dataclass(frozen=True)
class Scene:
    """`page`: the page it needs."""

    name: str
    draw: Draw
    page: str = ""

    @property
    def is_first(self) -> bool:
        """Whether people meet it often: not a form for set-up, not one more state of a screen drawn already."""
        return not self.name.startswith(RARE) and not self.name.endswith("-new")

    @property
    def is_there(self) -> bool:
        """Whether what it needs exists."""
        return not self.page or any(known.name == self.page for known in PAGES)


def scenes() -> list[Scene]:
    """All that can be drawn now."""
    return [scene for scene in all_scenes() if scene.is_there]


def _contract_of(stage: Stage) -> Any:
    """The page, at a contract that the office sent back."""
    shown = stage.go("contracts")
    key = next(row[0] for row in shown.rows if shown.value(row, "registration") is Registration.RETURNED)
    shown.view.select_id(key)
    return shown


def _contract_panel(stage: Stage) -> None:
    shown = _contract_of(stage)
    shown.open_record(shown.view.current_id())


def all_scenes() -> Iterator[Scene]:
    """Everything, in order."""
    for known in PAGES:
        if not known.own_window:
            yield Scene(known.name, partial(_page, known.name), known.name)
    for name, draw in PANELS.items():
        yield Scene(name, draw, name.partition("-")[0])
    yield from _settings()
    for name, page in LISTS.items():
        yield Scene(f"new-{name}", partial(_new, page))
    for name, draw in DIALOGS.items():
        yield Scene(f"dialog-{name}", draw, NEEDS.get(name, ""))
    for name, draw in OTHERS.items():
        yield Scene(name, draw)
    for name, draw in INTEREST_SCENES.items():
        yield Scene(name, draw, "roadshow_lists")
    for name, draw in (*HALL.items(), *TILL.items()):
        yield Scene(name, draw, "auction")
    matched = SUGGESTIONS | MEETINGS | TIMETABLE
    vouchers = VOUCHER_SCENES | CATALOGUE | SETTLEMENT
    for page, drawn in (
        ("achievements", SUPPLY), ("alliances", ALLIANCES), ("roadshow", ROADSHOW), ("matching", matched),
        ("vouchers", vouchers),
        ("parks", PARKS_SCENES),
    ):  # fmt: skip
        yield from (Scene(name, draw, page) for name, draw in drawn.items())
    for verdict in (None, *Verdict):
        name = verdict.name.lower() if verdict else "idle"
        yield Scene(f"desk-{name}", partial(_desk, verdict), "checkin_desk")
    for name, draw in DUPLICATES.items():
        yield Scene(f"duplicates-{name}", draw, "settings")
    for name, draw in DESK_PANELS.items():
        yield Scene(f"desk-panel-{name}", draw, "checkin_desk")


# --- pages ------------------------------------------------------------------------------------------------------------
def _page(name: str, stage: Stage) -> None:
    stage.go(name)


def _record(stage: Stage, spec: str, search: str) -> uuid.UUID:
    found: uuid.UUID = records.list_rows(stage.context.db, SPECS[spec], stage.context.expo_id, search=search)[0][0]
    return found


def _press(stage: Stage) -> None:
    """发布口径 with two versions behind it."""
    db, expo_id = stage.context.db, stage.context.expo_id
    if expo_id is not None and not press.versions(db, expo_id):
        now = db.now()
        for hours in (20, 0.5):
            press.approve(db, expo_id, (now - timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0))
    stage.go(StatisticsRoute(face="press"))


def _cooperation(stage: Stage) -> None:
    """区域协同."""
    stage.go(StatisticsRoute(face="cooperation"))


def _panel(spec: str, search: str, stage: Stage) -> None:
    stage.go(ListRoute(SPECS[spec], record=_record(stage, spec, search)))


def _tab_of_panel(spec: str, key: str, stage: Stage) -> None:
    """The panel of the first record at one of its tabs."""
    shown = stage.go(ListRoute(SPECS[spec], record=_record(stage, spec, "")))
    shown.panel.choose_tab(key)
    shown.panel._build(key)


def _panel_tab(tab: int, stage: Stage) -> None:
    shown = stage.go(ListRoute(EXHIBITORS, record=_record(stage, "exhibitors", COMPANY)))
    keys = [key for key, _words in shown.panel._tab_keys]
    shown.panel._on_tab(keys[tab % len(keys)])


def _filtered(stage: Stage) -> None:
    shown = stage.go("exhibitors")
    shown.open_with(ListRoute(EXHIBITORS, search="zzzz"))


def _checked(stage: Stage) -> None:
    shown = stage.go("attendees")
    for row in range(3):
        shown.model.set_checked(shown.model.id_at(row), True)


def _booth(stage: Stage) -> None:
    shown = stage.go("booths")
    shown.show_exhibitor(_record(stage, "exhibitors", COMPANY))


def _coloured(by: str, stage: Stage) -> None:
    stage.go("booths").colour(by)


def _adjusting(stage: Stage) -> None:
    stage.go("booths").set_adjusting(True)


def _programme_table(stage: Stage) -> None:
    stage.go("programme").show_view("table")
    stage.settle()


def _programme_item(stage: Stage) -> None:
    stage.go(ListRoute(PROGRAMME, record=_record(stage, "programme", "科创嘉")))


def _walk_in(stage: Stage) -> None:
    stage.go(WalkInRoute())


def _walk_in_known(stage: Stage) -> None:
    """Somebody of the name and the organisation of the first visitor, without a phone."""
    shown = stage.go(WalkInRoute())
    row = shown.model.row(0)
    shown.walk_in.form.fill({name: shown.value(row, name) for name in ("person.name", "organisation_id")})
    shown.walk_in.submit()


def _reports(stage: Stage) -> None:
    """With two files made before, and a folder whose path looks at home in a picture."""
    shown = stage.go("reports")
    for name in ("deals", "directory"):
        shown.open_with(ReportsRoute(name))
        shown.make()
    stage.settle()
    shown.open_with(ReportsRoute("summary"))
    shown.panel.show_folder(PureWindowsPath("D:/科交会/报表"))
    for toast in messages.toasts(stage.window)[:-1]:
        toast.dismiss()


def _directory_check(stage: Stage) -> None:
    shown = stage.go(ReportsRoute("directory"))
    stage.settle()
    shown.open_checks()


def _daily(stage: Stage) -> None:
    stage.go("reports").choose_daily()


def _projector(stage: Stage) -> QWidget | None:
    """发布口径 on the second screen."""
    _press(stage)
    stage.settle()
    seen = stage.window.findChild(PressFace).seen
    shown = Projector(seen.shown)
    shown.resize(stage.window.size())
    return shown


def _reports_busy(stage: Stage) -> None:
    """The progress card as it stands in the middle of a run, without a race against one."""
    from expo_app.ui.pages.reports.making import Order

    shown = stage.go("reports")
    order = Order(shown.document, "pdf", stage.folder, stage.context.expo)
    card = shown.panel.progress
    card.show_progress(order.title, (4, 6, _("签约与意向")), 9.0, 1, False)


def _points(stage: Stage) -> None:
    stage.go(ListRoute(SPECS["milestones"]))


def _payments(stage: Stage) -> None:
    """The payments of a deal that has the most to come."""
    rows = records.list_rows(stage.context.db, SPECS["milestones"], stage.context.expo_id)
    number = max(Counter(row[1] for row in rows).items(), key=lambda pair: pair[1])[0]
    shown = stage.go(ListRoute(DEALS, record=_record(stage, "deals", number)))
    shown.panel._on_tab("milestones")


def _quick_task(stage: Stage) -> None:
    shown = stage.go(ListRoute(DEALS, record=_record(stage, "deals", "")))
    shown.panel.findChild(TaskBox).add()


def _table(no: str, stage: Stage) -> None:
    shown = stage.go(StatisticsRoute(face="tables", table=no))
    stage.settle()
    shown.face.fold_all(True)


def _checks(stage: Stage) -> None:
    shown = stage.go("statistics")
    stage.settle()
    shown.face.show_checks()


def _checklist(stage: Stage) -> None:
    stage.go(AuctionRoute("checklist"))
    stage.settle()


def _checklist_form(of_session: bool, stage: Stage) -> None:
    shown = stage.go(AuctionRoute("checklist"))
    stage.settle()
    view = shown.views["checklist"]
    line = next(line for line in reversed(view.checklist.lines) if line.conclusion is not Mark.OK)
    item = next(item for item in ITEMS if item.of_session is of_session and (of_session or item.cell))
    view.open_item(line.id, item)


def _auction_list(spec: RecordSpec, stage: Stage) -> None:
    stage.go(ListRoute(spec))
    stage.settle()


PANELS: dict[str, Draw] = {
    "auction-checklist": _checklist,
    "auction-lot": partial(_checklist_form, False),
    "auction-session": partial(_checklist_form, True),
    "auction_lists-bidders": partial(_auction_list, BIDDERS),
    "auction_lists-sessions": partial(_auction_list, AUCTIONS),
    "follow_up-panel": partial(_panel, "tasks", ""),
    "follow_up-milestones": _points,
    "follow_up-payments": _payments,
    "follow_up-quick": _quick_task,
    "exhibitors-panel": partial(_panel, "exhibitors", COMPANY),
    "exhibitors-panel-2": partial(_panel_tab, 1),
    "exhibitors-panel-3": partial(_panel_tab, 2),
    "exhibitors-panel-4": partial(_panel_tab, 3),
    "exhibitors-nothing": _filtered,
    "statistics-t5": partial(_table, "T5"),
    "statistics-t7": partial(_table, "T7"),
    "statistics-t10": partial(_table, "T10"),
    "statistics-checks": _checks,
    "attendees-panel": partial(_panel, "attendees", ""),
    "attendees-checked": _checked,
    "attendees-walk-in": _walk_in,
    "attendees-walk-in-known": _walk_in_known,
    "booths-panel": _booth,
    "booths-region": partial(_coloured, floor_sheet.REGION),
    "booths-arrival": partial(_coloured, floor_sheet.ARRIVAL),
    "booths-deals": partial(_coloured, floor_sheet.DEALS),
    "booths-adjusting": _adjusting,
    "programme-item": _programme_item,
    "programme-table": _programme_table,
    "guests-panel": partial(_panel, "pitches", ""),
    "deals-panel": partial(_panel, "deals", ""),
    "contracts-panel": _contract_panel,
    "statistics-press": _press,
    "statistics-cooperation": _cooperation,
    "deals-papers": partial(_tab_of_panel, "deals", "papers"),
    "deals-story": partial(_tab_of_panel, "deals", "steps"),
    "reports-files": _reports,
    "reports-check": _directory_check,
    "reports-busy": _reports_busy,
}


def _settings() -> Iterator[Scene]:
    if not any(known.name == "settings" for known in PAGES):
        return
    from expo_app.ui.pages.settings import homes, subjects

    for key in homes():
        yield Scene(f"settings-words-{key}", partial(_section, key), "settings")
    yield Scene("gates-panel", _gate, "settings")
    for section in subjects():
        yield Scene(f"settings-{section.key}", partial(_section, section.key), "settings")
        yield Scene(f"settings-{section.key}-new", partial(_section_new, section.key), "settings")


def _section(key: str, stage: Stage) -> None:
    stage.go(SectionRoute(key))


def _section_new(key: str, stage: Stage) -> None:
    shown = stage.go(SectionRoute(key))
    if isinstance(shown.current, ListPage):
        shown.current.add()


# --- dialogs ----------------------------------------------------------------------------------------------------------
LISTS = {
    "task": "tasks",
    "milestone": "milestones",
    "exhibitor": "exhibitors",
    "attendee": "attendees",
    "deal": "deals",
    "programme": "programme",
}
"""Form: its spec, which has the page of that name."""


def _new(page: str, stage: Stage) -> None:
    stage.go(ListRoute(SPECS[page], new=True))


def _import(stage: Stage) -> None:
    shown = stage.go("attendees")
    ImportWizard(shown, stage.context, shown.spec, shown.what).open()


REGIONS = {
    "安徽": (
        ("合肥量芯微电子有限公司（示例）", "集成电路", "合肥", "王磊 13800000001", 36, "需三相电"),
        ("芜湖海川智能装备有限公司（示例）", "高端制造", "芜湖", "李敏 0553-6000012", 18, None),
        ("宣城绿能储热有限公司（示例）", "储能、氢能", "宣城", "张涛／13800000003", 54, "与昆山同台"),
        ("滁州康源医疗器械有限公司（示例）", "生物医药", "滁州", "赵静 13800000004", 9, None),
        ("马鞍山精锻科技有限公司（示例）", "高端制造", "马鞍山", "孙宁 1380000005", 18, None),
    ),
    "浙江": (
        ("宁波甬芯传感技术有限公司（示例）", "集成电路", "宁波", "周文博 13800000204", 36, None),
        ("湖州苕溪生物科技有限公司（示例）", "其它", "湖州", "吴佳怡 13800000205", 18, None),
        ("嘉兴南湖储能系统有限公司（示例）", "储能、氢能", "嘉兴", "陈曦 13800000206", 54, None),
        (None, "信息技术", "嘉兴", "许静 13800000207", 9, None),
    ),
    "江苏": (
        ("昆山德盈机器人股份公司（示例）", "高端制造", "昆山", "陆文涛 13800000318", 72, None),
        ("嘉定氢能动力公司（示例）", "新材料", "长三角", "高建峰 13800000409", 72, None),
    ),
    "去年名单": (("旧单位有限公司（示例）", "新能源", "嘉兴", "旧人 13800000009", 9, None),),
}
"""A list as organisers send it: a sheet per region, two header rows, name and phone in one cell."""


def _regions(stage: Stage) -> ImportWizard:
    """The wizard at its second step."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in REGIONS.items():
        sheet = book.create_sheet(name)
        sheet.append([f"首届长三角科技交易博览会参展单位汇总表（{name} · 示例）"])
        sheet.append(["单位信息", None, None, "联系信息"])
        sheet.merge_cells("A2:C2")
        for row in (("单位全称", "产业", "所在市", "联系人及电话", "面积(㎡)", "备注"), *rows):
            sheet.append(row)
        sheet.append(["合计", None, None, None, sum(row[4] for row in rows)])
    book["去年名单"].sheet_state = "hidden"
    book["浙江"].row_dimensions[5].hidden = True
    path = stage.folder / "各地报名汇总（示例）.xlsx"
    book.save(path)
    shown = stage.go("exhibitors")
    wizard = ImportWizard(shown, stage.context, shown.spec, shown.what)
    wizard.open()
    wizard.read(path)
    stage.settle()
    return wizard


def _import_mapping(stage: Stage) -> None:
    _regions(stage)


def _import_values(stage: Stage) -> None:
    wizard = _regions(stage)
    field = "organisation.industry_id"
    wizard.go(2)
    chosen = {"集成电路": "信息技术", "储能、氢能": "新能源", "新材料": "+"}
    wizard.work.choose(replace(wizard.work.choices, values={field: chosen}))
    stage.settle()


def _import_plan(stage: Stage) -> None:
    wizard = _regions(stage)
    wizard.go(3)
    stage.settle()


def _import_cell(stage: Stage) -> None:
    _import_plan(stage)
    dialog.top(stage.window).rows_step._edit(("浙江", 7), "")  # type: ignore[union-attr]


def _export(stage: Stage) -> None:
    stage.go("attendees").export()


def _export_revealed(stage: Stage) -> None:
    stage.go("attendees").export()
    dialog.top(stage.window).reveal.setChecked(True)  # type: ignore[union-attr]


def _staff(stage: Stage) -> None:
    """Contacts that become people with badges, and who does not."""
    shown = stage.go("exhibitors")
    shown.sheet.register([row[0] for row in shown.rows[:60]])
    stage.settle()
    dialog.top(stage.window).everybody.click()  # type: ignore[union-attr]
    stage.settle()


def _forget_drafts() -> None:
    """What the picture before left half filled in."""
    shutil.rmtree(paths.config_dir() / "drafts", ignore_errors=True)


def _twice(stage: Stage) -> None:
    """A deal that looks like one there is."""
    names = ("title", "kind", "stage", "sellers", "buyers", "contract_kind", "amount")
    fields = [DEALS.field(name) for name in names]
    rows = records.list_rows(stage.context.db, DEALS, stage.context.expo_id, fields)
    whole = next(row for row in rows if all(row[1 : len(names) + 1]))
    values = dict(zip(names, whole[1:], strict=False))
    _forget_drafts()
    given = values | {"title": f"{values['title']}（二期）", "signed_on": date(2018, 11, 29)}
    stage.go(ListRoute(DEALS, new=True, values=given))
    dialog.top(stage.window)._look()  # type: ignore[union-attr]


def _on_stage(stage: Stage) -> None:
    """The stage: what is signed in two batches, and who signs."""
    shown = stage.go("deals")
    box = shown.open_ceremony()
    for one in box.signings[:3]:
        box.add(one.id)
    box.begin_batch()
    stage.settle()


def _foreign(stage: Stage) -> None:
    """An amount in another currency, a party that nobody knows."""
    _forget_drafts()
    given = {"title": "Joint laboratory", "sellers": "Foreign Partner Ltd.", "signed_on": date(2018, 11, 29)}
    stage.go(ListRoute(DEALS, new=True, values=given))
    box = dialog.top(stage.window)
    rate = {"rate": "6.9347", "rate_on": "2018-11-28"}
    box.form.fill({"currency": "USD", "foreign_amount": "120", **rate})  # type: ignore[union-attr]
    box._ask_parties()  # type: ignore[union-attr]
    stage.settle()


def _confirm(stage: Stage) -> None:
    stage.go("exhibitors").remove([_record(stage, "exhibitors", COMPANY)])


def _crash(stage: Stage) -> None:
    stage.go("home")
    messages.crash(stage.frame, 'Traceback (most recent call last):\n  File "…", line 1\nValueError: …')


def _palette(text: str, stage: Stage) -> None:
    stage.go("home")
    stage.frame.open_palette()
    stage.frame._palette.line.setText(text)  # type: ignore[union-attr]


def _help(page: str, stage: Stage) -> None:
    stage.go(page)
    stage.frame.open_help()


def _preview(stage: Stage) -> None:
    shown = stage.go("reports")
    shown.preview()


def _publish(stage: Stage) -> None:
    shown = stage.go("programme")
    context = stage.context
    known = programme.load(context.db, context.expo_id)
    item = next(item for item in known.items if item.slot.starts_at and not item.slot.is_locked)
    before = item.position
    programme.move(context.db, item.id, replace(before, minutes=before.minutes + 5))
    stage.settle()
    shown.plan.acts.publish()
    programme.move(context.db, item.id, before)


def _signing(stage: Stage) -> None:
    shown = stage.go("deals")
    key = next(row[0] for row in shown.rows if shown.value(row, "stage") is DealStage.INTENT)
    shown._advance(key, records.get(stage.context.db, DEALS, key), DealStage.SIGNED)


def _contract_form(stage: Stage) -> None:
    _contract_of(stage).next_missing()


def _register_export(stage: Stage) -> None:
    stage.go("contracts").export_register()


def _rows_of_booths(stage: Stage) -> None:
    stage.go(BoothRowsRoute())


def _vocabulary(name: str, stage: Stage) -> Any:
    """The words of one vocabulary."""
    return stage.go(SectionRoute(name)).current.current


def _word_refused(stage: Stage) -> None:
    shown = _vocabulary("industries", stage)
    first, second, *_rest = shown.terms
    shown.table.edit_cell(second.id, "name", first.name)
    shown.table._on_wanted("keep")


def _word_merged(stage: Stage) -> None:
    shown = _vocabulary("industries", stage)
    shown.ask_merge(next(iter(shown.terms)))


def _word_preset(stage: Stage) -> None:
    shown = _vocabulary("industries", stage)
    shown.offer_preset(next(preset for preset in PRESETS if preset.name == "industries_strategic"))


def _region_preset(stage: Stage) -> None:
    box = _vocabulary("region_groups", stage).preset()
    box.choose_kind("cities", ("320000", "330000"))


def _reissue(stage: Stage) -> None:
    stage.go("badges").reissue(_record(stage, "attendees", "沈"))


def _toasts(stage: Stage) -> None:
    shown = stage.go("deals")
    action = (_("撤销"), lambda: None)
    messages.show(shown, _("已保存"), "ok", action)
    messages.show(shown, _("已存为 {name}").format(name="KJH18.pdf"), "info", action)
    messages.show(shown, UserError(_("打印机没有接受，没有打印，也没有记数。检查打印机后再试。"), "E-PRINTER"), "bad")


DIALOGS: dict[str, Draw] = {
    "daily": _daily,
    "import": _import,
    "import-mapping": _import_mapping,
    "import-values": _import_values,
    "import-plan": _import_plan,
    "import-cell": _import_cell,
    "staff": _staff,
    "export": _export,
    "export-revealed": _export_revealed,
    "deal-duplicate": _twice,
    "deal-signing": _signing,
    "contract": _contract_form,
    "register-export": _register_export,
    "deal-stage": _on_stage,
    "deal-foreign": _foreign,
    "palette": partial(_palette, "kcj"),
    "palette-empty": partial(_palette, ""),
    "palette-nothing": partial(_palette, "qqqqqq"),
    "confirm": _confirm,
    "crash": _crash,
    "help": partial(_help, "exhibitors"),
    "preview": _preview,
    "publish": _publish,
    "booth-rows": _rows_of_booths,
    "reissue": _reissue,
    "region-preset": _region_preset,
    "word-refused": _word_refused,
    "word-merged": _word_merged,
    "word-preset": _word_preset,
    "toasts": _toasts,
}
NEEDS = {
    "daily": "reports",
    "import": "attendees", "import-mapping": "exhibitors", "import-values": "exhibitors",
    "import-plan": "exhibitors", "import-cell": "exhibitors", "export": "attendees", "export-revealed": "attendees",
    "deal-duplicate": "deals", "deal-signing": "deals", "deal-stage": "deals", "deal-foreign": "deals",
    "contract": "contracts", "register-export": "contracts", "confirm": "exhibitors", "help": "exhibitors",
    "preview": "reports",
    "publish": "programme", "booth-rows": "settings", "region-preset": "settings", "reissue": "badges",
    "word-refused": "settings", "word-merged": "settings", "word-preset": "settings",
    "toasts": "deals",
}  # fmt: skip


# --- beside the frame -------------------------------------------------------------------------------------------------
def _start(stage: Stage) -> QWidget:
    from expo_app.ui.window.start import StartPage

    return stage.keep(StartPage([str(stage.file), "postgresql://expo@10.0.0.5/kjh", str(stage.folder / "2017.db")]))


def _new_expo(stage: Stage) -> QWidget:
    from expo_app.ui.window.start import StartPage

    page = StartPage([])
    stage.keep(page)
    page.make_new()
    return page


def _sign_in(name: str, stage: Stage) -> QWidget:
    from expo_app.ui.window.sign_in import SignInPage

    return stage.keep(SignInPage(stage.context.db, name))


def _locked(stage: Stage) -> QWidget:
    from expo_app.ui.window.locked import LockedPage

    return stage.keep(LockedPage(stage.context.db))


def _failure(stage: Stage) -> QWidget:
    other = stage.folder / "notes.db"
    other.write_text("not a database at all\n" * 100, encoding="utf-8")
    try:
        open_database(other)
    except UserError as error:
        return stage.keep(ErrorState(_("打不开“{name}”").format(name=other.name), error, lambda: None))
    raise AssertionError("a text file was opened as a database")


# --- duplicates -------------------------------------------------------------------------------------------------------
def _doubled(stage: Stage) -> None:
    """Organisations, and somebody registered at the desk a second time, as other lists spelt them."""
    db, expo_id = stage.context.db, stage.context.expo_id
    with db.transaction() as session:
        names = session.scalars(select(Organisation.name).where(Organisation.name.endswith("公司（示例）"))).all()
        for name in sorted(names)[:6] if not any("有限责任公司" in name for name in names) else ():
            spelt = name.replace("有限公司", "有限责任公司")
            session.add(Organisation(name=spelt, address="嘉定区示例路 1 号", is_sample=True))
    fields = [ATTENDEES.field(name) for name in ("person.name", "organisation_id", "title", "is_sample")]
    rows = records.list_rows(db, ATTENDEES, expo_id, fields)
    first = next((row for row in rows if row[2] and len(row[1]) == 3), None)
    if first is None:  # other names than the sample's
        return
    spelt = f"{first[1][0]} {first[1][1:]}"
    given = {"person.name": spelt, "organisation_id": first[2], "title": "经理", "state": "已确认", "is_sample": True}
    if not any(row[1:4] == (first[1], first[2], "经理") for row in rows):
        badges.issue(db, [records.save(db, ATTENDEES, given, expo_id=expo_id)])


def _duplicates(spec: str, act: str, stage: Stage) -> None:
    _doubled(stage)
    shown = stage.go(DuplicatesRoute(spec=spec)).current
    if act:
        getattr(shown, act)()


DUPLICATES: dict[str, Draw] = {
    "organisations": partial(_duplicates, "organisations", ""),
    "attendees": partial(_duplicates, "attendees", ""),
    "merge": partial(_duplicates, "organisations", "merge"),
    "merge-attendees": partial(_duplicates, "attendees", "merge"),
    "all": partial(_duplicates, "organisations", "ask_all"),
}


OTHERS: dict[str, Draw] = {
    "start": _start,
    "new-expo": _new_expo,
    "sign-in": partial(_sign_in, ""),
    "sign-in-pin": partial(_sign_in, "陈放"),
    "locked": _locked,
    "failure": _failure,
    "projector": _projector,
}


# --- the check-in desk ------------------------------------------------------------------------------------------------
def _open(stage: Stage, desk: str = "南门 02 号台", at: datetime = REHEARSAL_AT) -> Any:
    known = next(known for known in PAGES if known.own_window)
    stage.freeze(at)
    stage.context.settings.desk_name, stage.context.settings.gate_name = desk, ""
    made = known.make(stage.context)
    stage.keep(made)
    return made


def _gate_named(stage: Stage, name: str) -> uuid.UUID:
    with stage.context.db.reading() as session:
        return session.scalars(select(Gate.id).where(Gate.name == name, Gate.expo_id == stage.context.expo_id)).one()


def _crowded(stage: Stage) -> None:
    """Approved numbers at which the expo is getting full and a room nearly is."""
    from expo_app.services import checkin_gates

    db, expo_id = stage.context.db, stage.context.expo_id
    room, south = (_gate_named(stage, name) for name in ("A 会场", "南门"))
    for gate in checkin_gates.board(db, expo_id).gates if expo_id else ():
        records.save(db, SPECS["gates"], {"ways": "BOTH"}, gate.id, expo_id=expo_id)
    inside = checkin_gates.crowd_of(db, room).inside
    number = {"approved_headcount": inside * 100 // 92, "at_capacity": "STOP"}
    records.save(db, SPECS["gates"], number, room, expo_id=expo_id)
    records.save(db, SPECS["gates"], {"hours": "08:30–16:30"}, south, expo_id=expo_id)
    whole = checkin_gates.crowd_of(db, south).inside * 3 // 2
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        expo.approved_headcount = whole


def _gate(stage: Stage) -> None:
    _crowded(stage)
    stage.go(SectionRoute("gates"))
    stage.go(ListRoute(SPECS["gates"], record=_gate_named(stage, "A 会场")))


def _at_the_gate(verdict: Verdict, stage: Stage) -> None:
    """Make the south gate answer that."""
    from expo_app.services import checkin_gates

    db, south = stage.context.db, _gate_named(stage, "南门")
    if verdict is Verdict.CLOSED:
        checkin_gates.stop(db, south)
    elif verdict in (Verdict.FULL, Verdict.OUT):
        ways = {"ways": "OUT"} if verdict is Verdict.OUT else {"approved_headcount": 1, "at_capacity": "STOP"}
        records.save(db, SPECS["gates"], ways, south, expo_id=stage.context.expo_id)


def _desk(verdict: Verdict | None, stage: Stage) -> QWidget:
    if verdict is not None:
        _at_the_gate(verdict, stage)
    shown = _open(stage, "东门 04 号台" if verdict is Verdict.WRONG_CATEGORY else "南门 02 号台")
    if verdict is not None:
        shown.line.scanned.emit(_code(stage, verdict), True)
        stage.settle()
    return shown  # type: ignore[no-any-return]


def _code(stage: Stage, verdict: Verdict) -> str:
    """What a reader would send for this verdict at this moment."""
    if verdict is Verdict.UNKNOWN:
        return "E1" + "Q7" * 13
    if verdict is Verdict.MALFORMED:
        return "https://example.com/v/8c21"
    if verdict is Verdict.WRONG_PLACE:
        return _foreign_badge(stage)
    if verdict is Verdict.UNCONFIRMED:
        return _cancelled_badge(stage)
    if verdict is Verdict.DAMAGED:
        return _damaged_badge(stage)
    if verdict in (Verdict.FULL, Verdict.CLOSED):
        verdict = Verdict.ADMITTED
    today = date.fromisoformat(TODAY)
    entered = select(CheckIn.attendee_id).where(CheckIn.local_day == today, CheckIn.verdict == Verdict.ADMITTED)
    query = select(Badge.code).join(Attendee, Attendee.id == Badge.attendee_id).join(Person).order_by(Attendee.badge_no)
    fine = (Attendee.state == AttendeeState.CONFIRMED, Attendee.valid_days.is_(None), Badge.revoked_at.is_(None))
    asked: dict[Verdict, tuple[Any, ...]] = {
        Verdict.ADMITTED: (*fine, Attendee.id.not_in(entered), _is("trade_visitor")),
        Verdict.AGAIN: (*fine, Attendee.id.in_(_entered_south(today)), _is("trade_visitor")),
        Verdict.WRONG_TIME: (
            Attendee.state == AttendeeState.CONFIRMED, Attendee.valid_days.is_not(None), Badge.revoked_at.is_(None),
        ),
        Verdict.WRONG_CATEGORY: (*fine, _is("trade_visitor")),
        Verdict.OUT: (*fine, Attendee.id.in_(_entered_south(today)), _is("trade_visitor")),
        Verdict.REVOKED: (Badge.revoked_at.is_not(None),),
    }  # fmt: skip
    with stage.context.db.reading() as session:
        if verdict is Verdict.WRONG_TIME:
            rows = session.execute(query.add_columns(Attendee.valid_days).where(*asked[verdict])).all()
            return str(next(row[0] for row in rows if TODAY not in row[1]))
        return str(session.scalars(query.where(*asked[verdict]).limit(1)).one())


def _is(key: str) -> Any:
    return Attendee.category_id.in_(select(Category.id).where(Category.key == key))


def _entered_south(day: date) -> Any:
    south = select(Desk.gate_id).where(Desk.name == "南门 02 号台")
    return select(CheckIn.attendee_id).where(
        CheckIn.local_day == day,
        CheckIn.verdict == Verdict.ADMITTED,
        CheckIn.gate_id.in_(south),
        CheckIn.at < REHEARSAL_AT - timedelta(minutes=30),
    )


def _damaged_badge(stage: Stage) -> str:
    """A badge whose holder's days of entry cannot be read, as after a fault of the disk."""
    code = _code(stage, Verdict.ADMITTED)
    hurt = "UPDATE attendee SET valid_days = '{' WHERE id = (SELECT attendee_id FROM badge WHERE code = ?)"
    with stage.context.db.writer.begin() as connection:
        connection.exec_driver_sql(hurt, (code,))
    return code


def _cancelled_badge(stage: Stage) -> str:
    """A badge whose holder has cancelled meanwhile."""
    db = stage.context.db
    with db.reading() as session:
        query = select(Badge.code, Badge.attendee_id).join(Attendee, Attendee.id == Badge.attendee_id)
        fine = (Attendee.state == AttendeeState.CONFIRMED, Badge.revoked_at.is_(None), _is("visitor"))
        code, attendee = session.execute(query.where(*fine).order_by(Attendee.badge_no).limit(1)).one()
    attendees.cancel(db, [attendee], _("行程有变"))
    return str(code)


def _foreign_badge(stage: Stage) -> str:
    """A badge of another expo in the same file."""
    db = stage.context.db
    given = {
        "name": "第二届科技交易会（示例）", "code": "SAMPLE2", "edition_no": "2", "starts_on": "2018-12-20",
        "ends_on": "2018-12-21", "is_sample": True,
    }  # fmt: skip
    other = expos.create(db, given, like=stage.context.expo_id)
    person = {"person.name": "林示例", "category_id": "观众", "state": "已确认"}
    attendee = records.save(db, SPECS["attendees"], person, expo_id=other)
    badges.issue(db, [attendee])
    with db.reading() as session:
        return str(session.scalars(select(Badge.code).where(Badge.attendee_id == attendee)).one())


def _desk_search(stage: Stage) -> QWidget:
    shown = _open(stage)
    shown.acts.search("fyy")
    return shown  # type: ignore[no-any-return]


def _desk_act(act: str, verdict: Verdict | None, stage: Stage) -> QWidget:
    shown = _desk(verdict, stage)
    getattr(shown.acts, act)()  # type: ignore[attr-defined]
    return shown


def _desk_outage(stage: Stage) -> QWidget:
    """Two scans wait for a server that is away."""
    shown = _desk(Verdict.ADMITTED, stage)
    away = UserError(_(faults.SERVER), "E-DB-SERVER")
    shown._on_waiting(Waiting(2, away, REHEARSAL_AT, 60.0))  # type: ignore[attr-defined]
    return shown


def _desk_clock(stage: Stage) -> QWidget:
    shown = _open(stage)
    jump = Jump(REHEARSAL_AT, REHEARSAL_AT - timedelta(days=1))
    shown.acts.ask_clock(jump, SteadyClock())
    return shown  # type: ignore[no-any-return]


def _desk_walk_in_known(stage: Stage) -> QWidget:
    shown = _desk_act("walk_in", None, stage)
    panel = shown.right.shown  # type: ignore[attr-defined]
    name, body = records.list_rows(
        stage.context.db, SPECS["attendees"], stage.context.expo_id,
        [SPECS["attendees"].field(name) for name in ("person.name", "organisation_id")],
    )[0][1:3]  # fmt: skip
    panel.name.setText(name)
    panel.place.setText(body)
    panel.notice.look()
    return shown


DESK_PANELS: dict[str, Draw] = {
    "outage": _desk_outage,
    "clock": _desk_clock,
    "search": _desk_search,
    "walk-in": partial(_desk_act, "walk_in", None),
    "walk-in-known": _desk_walk_in_known,
    "badge": partial(_desk_act, "badge", Verdict.AGAIN),
    "override": partial(_desk_act, "override", Verdict.UNCONFIRMED),
    "choose": partial(_desk_act, "choose", None),
    "help": partial(_desk_act, "help", None),
    "undo": partial(_desk_act, "undo", Verdict.ADMITTED),
}
