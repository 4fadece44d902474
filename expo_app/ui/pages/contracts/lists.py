"""登记清单 in the settings: the file's own choices beside those that ship."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.services import contracts_lists
from expo_app.specs import REGISTRY_CHOICES
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.records.list_page import ListPage


class RegistryLists(ListPage):
    """What ships holds without being listed here; taken over, its dates and codes can be changed."""

    spec = REGISTRY_CHOICES
    noun, counted = N_("登记清单"), N_("共 {n} 项")
    placeholder = N_("名称、代码、拼音首字母")

    def actions(self) -> list[QWidget]:  # type: ignore[override]  # Qt's own of that name is for menus
        button = Button(_("带入随附清单"), icon="download-2-line", clicked=self.add_shipped)
        button.setEnabled(self.context.may_write(self.spec.permission))
        button.setToolTip(_("把程序随附的清单和时限抄进来，可以改日期、填代码；已有的不动"))
        return [button]

    def add_shipped(self) -> None:
        """Take over what the program ships."""
        self.attempt(lambda: contracts_lists.add_shipped(self.context.db), _("已带入随附清单"))

    def _empty(self) -> EmptyState:
        text = _("程序随附的清单照样有效。登记机构另有清单或代码时从它的表导入，或带入随附清单后修改。")
        buttons: list[QWidget] = []
        if self.may_import:
            buttons = [Button(_("导入"), "primary", "upload-2-line", clicked=self.import_file)]
        return EmptyState("file-list-3-line", _("还没有自己的登记清单"), text, buttons)
