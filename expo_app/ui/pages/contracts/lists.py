"""登记清单 and 登记时限 in the settings: the file's own beside those that ship."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.rules.regions import region_name
from expo_app.rules.registry_lists import Deadline, shipped
from expo_app.services import contracts_lists
from expo_app.specs import REGISTRY_CHOICES, REGISTRY_DEADLINES
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.records.list_page import ListPage


class RegistryLists(ListPage):
    """What ships holds without being listed here; taken over, its dates and codes can be changed."""

    spec = REGISTRY_CHOICES
    noun, counted = N_("登记清单"), N_("共 {n} 项")
    placeholder = N_("名称、代码、拼音首字母")

    def actions(self) -> list[QWidget]:  # type: ignore[override]  # Qt's own of that name is for menus
        return [self._take_over("plain")]

    def _take_over(self, role: str) -> Button:
        button = Button(_("带入随附清单"), role, "download-2-line", clicked=self.add_shipped)
        button.setEnabled(self.context.may_write(self.spec.permission))
        button.setToolTip(_("把程序随附的清单和时限抄进来，可以改日期、填代码；已有的不动"))
        return button

    def add_shipped(self) -> None:
        """Take over what the program ships."""
        self.attempt(lambda: contracts_lists.add_shipped(self.context.db), _("已带入随附清单"))

    def _empty(self) -> EmptyState:
        buttons: list[QWidget] = [self._take_over("primary")]
        if self.may_import:
            buttons.insert(0, Button(_("导入"), icon="upload-2-line", clicked=self.import_file))
        return EmptyState(f"{self.spec.icon}-line", self._none(), self._what_holds(), buttons)

    def _none(self) -> str:
        return _("还没有自己的登记清单")

    def _what_holds(self) -> str:
        return _("程序随附的清单照样有效。登记机构另有清单或代码时从它的表导入，或带入随附清单后修改。")


class RegistryDeadlines(RegistryLists):
    """The days an office has, by region and date."""

    spec = REGISTRY_DEADLINES
    noun, counted = N_("登记时限"), N_("共 {n} 条")
    placeholder = N_("地区、依据")

    def _none(self) -> str:
        return _("还没有自己的登记时限")

    def _what_holds(self) -> str:
        said = _("；").join(map(_said, shipped().deadlines))
        return _("程序随附的照样有效：{rules}。新办法的天数照原文加一条。").format(rules=said)


def _said(rule: Deadline) -> str:
    """全国 30 天（2000-02-16 至 2026-02-28）."""
    where = region_name(rule.region) if rule.region else _("全国")
    until = _("至 {day}").format(day=rule.until.isoformat()) if rule.until else _("起")
    return _("{where} {n} 天（{since} {until}）").format(
        where=where, n=rule.days, since=rule.since.isoformat(), until=until
    )
