"""A list page made of a spec and a few words, where nothing about the list wants code of its own."""

from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.specs.list_look import ADD, DELETE, EXPORT, IMPORT, MERGE, ListLook
from expo_app.specs.records import RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.records.list_page import ListPage


class PlainList(ListPage):
    """Everything as ListPage has it."""

    def __init__(self, context: Context, spec: RecordSpec, look: ListLook, parent: QWidget | None = None) -> None:
        self.spec, self.noun, self.counted, self.placeholder = spec, look.noun, look.counted, look.placeholder
        self.can_add, self.can_import = ADD in look.can, IMPORT in look.can
        self.can_export, self.can_delete = EXPORT in look.can, DELETE in look.can
        self.merges = spec if MERGE in look.can else None
        self._begins = look.begins
        super().__init__(context, parent)

    def defaults(self) -> dict[str, Any]:
        return dict(self._begins(self.context)) if self._begins else {}
