"""What is made from the page of alliances: new records of every kind, forms, the ways to deals and reports."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute
from expo_app.routes.reports import ReportsRoute
from expo_app.services.steps import Step
from expo_app.specs import AGREEMENTS, ALLIANCES, DEALS
from expo_app.specs.alliances_shown import EventLine
from expo_app.specs.records import RecordSpec
from expo_app.ui.kit import messages
from expo_app.ui.kit.menus import Menu
from expo_app.ui.pages.alliances.deals import choose_deal
from expo_app.ui.pages.alliances.lists import LISTS, VIEWS
from expo_app.ui.pages.alliances.to_programme import to_programme
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.undo_list import step_act

if TYPE_CHECKING:
    from expo_app.ui.pages.alliances import AlliancesPage


class Making:
    """Acts on the body that the page looks at."""

    def __init__(self, page: AlliancesPage) -> None:
        self.page = page

    def fill_new(self, menu: Menu) -> None:
        """新增: a record of every kind, and what else is done with a body and the list in front."""
        if self.page.context.may_write(ALLIANCES.permission):
            menu.add(_("联盟或共同体"), partial(self.open_form, ALLIANCES))
            if self.page.seen is not None:
                for key, words in VIEWS:
                    if not self.page.context.may_write(LISTS[key].spec.permission):
                        continue
                    menu.add(_(words), partial(self.add_to, key))
            menu.add(_("协议"), partial(self.open_form, AGREEMENTS))
            if self.page.context.expo_id is not None:
                menu.add(_("从成交台账选协议…"), partial(choose_deal, self.page))
            menu.addSeparator()
        if self.page.seen is not None:
            words = _("编辑“{name}”").format(name=self.page.seen.body.name)
            menu.add(words, partial(self.open_form, ALLIANCES, self.page.body_id))
        menu.add(_("全部联盟与共同体"), partial(self.page.show_wanted, "alliances"))
        menu.add(_("全部协议"), partial(self.page.show_wanted, "agreements"))
        what = self.page.shown.what
        if self.page.shown.may_import:
            menu.add(_("导入{what}").format(what=what), self.page.shown.import_file)
        if self.page.context.may("data.export"):
            menu.add(_("导出{what}").format(what=what), self.page.shown.export)

    def add_to(self, key: str) -> None:
        """A new record of one of the three lists."""
        self.page.show_list(key).add()

    def add_here(self) -> None:
        """Ctrl+N: what the view in front holds; without any body, a body."""
        if self.page.seen is None:
            self.open_form(ALLIANCES)
        else:
            self.page.shown.add()

    def open_form(self, spec: RecordSpec, record_id: uuid.UUID | None = None) -> None:
        """The form of a body or an agreement."""
        seen = self.page.seen if spec is AGREEMENTS and record_id is None else None
        own = {"alliance_id": seen.body.own_name} if seen else {}
        try:
            dialog = RecordDialog(self.page, self.page.context, spec, record_id, values=own)
        except UserError as error:
            messages.show(self.page, error)
            return
        dialog.saved.connect(partial(self._on_saved, spec))
        dialog.open()

    def _on_saved(self, spec: RecordSpec, record_id: uuid.UUID, _values: object, step: Step | None) -> None:
        if spec is ALLIANCES:
            self.page.body_id = record_id
        else:
            self.page.agreement_id = record_id
        self.page.shown.acts.add(step_act(_("已保存"), self.page.context.db, step))

    def to_programme(self, event: EventLine) -> None:
        """进日程."""
        to_programme(self.page.show_list("events"), event)

    def open_deal(self, deal: tuple[uuid.UUID, uuid.UUID]) -> None:
        """The deal that an agreement is, of the open expo alone."""
        expo_id, deal_id = deal
        if expo_id == self.page.context.expo_id:
            self.page.context.navigate(ListRoute(DEALS, record=deal_id))
        else:
            messages.show(self.page, _("这项成交在另一届展会里，先切换到那一届再打开。"), "warn")

    def report(self, name: str) -> None:
        """To a report of the page of reports."""
        self.page.context.navigate(ReportsRoute(name))
