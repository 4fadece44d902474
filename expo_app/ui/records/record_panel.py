"""The detail panel of a list page, filled from the spec: head, facts by group, the page's own tabs and actions."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules import amounts
from expo_app.services import records
from expo_app.specs import MISSING, Field
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.labels import Line, SectionTitle
from expo_app.ui.kit.panels import DetailPanel, FactRow, caption_width
from expo_app.ui.records import list_columns

if TYPE_CHECKING:
    from expo_app.ui.records.list_page import ListPage

MOST_ACTIONS = 3
ABOUT = "about"


@dataclass(frozen=True)
class Panel:
    """A tab: `build()` makes its widgets when it is first looked at."""

    key: str
    words: str
    build: Callable[[], Sequence[QWidget]]


class RecordPanel(DetailPanel):
    """Shows `record_id` of the page's spec. Phones are masked; the eye asks for a reason and logs it."""

    def __init__(self, page: "ListPage") -> None:
        super().__init__()
        self._page = page
        self.record_id: uuid.UUID | None = None
        self._panels: dict[object, tuple[Panel, QVBoxLayout]] = {}
        self._eye = IconButton("eye-line", _("显示手机和邮箱"), self._ask_why)
        self._bin = IconButton("delete-bin-line", _("删除"), lambda: page.remove([self.record_id]))  # type: ignore[list-item]
        self.add_corner(self._eye)
        self.add_corner(self._bin)
        self.tab_chosen.connect(self._build)

    def show_record(self, record_id: uuid.UUID, keep_tab: bool = False, reveal: str = "") -> None:
        """Fill in a record; a record that is gone closes the panel."""
        page = self._page
        try:
            values = records.get(page.context.db, page.spec, record_id, reveal=reveal, spoken=True)
        except UserError as error:
            if error.code != "E-GONE":
                messages.show(self, error)
            self.record_id = None
            self.close_panel()
            return
        tab = self.tabs.key if keep_tab else None
        self.record_id = record_id
        self.set_head(*(page.head(values) or self._head(values)))
        self._fill(record_id, values)
        self._corner_for(values, bool(reveal))
        self.set_actions(*self._actions(record_id, values))
        if tab in self._panels:
            self.choose_tab(tab)
            self._build(tab)

    def _head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        page, fields = self._page, self._page.spec.fields
        pills = [f for f in fields if f.show == "pill" and values.get(f.name) not in (None, [])]
        facts = [f for f in fields if f.show == "dot" and values.get(f.name) is not None]
        named = self._named()
        return (
            page.words(named, values.get(named.name)),
            " · ".join(page.words(f, values[f.name]) for f in facts),
            [self._pill(f, values[f.name]) for f in pills],
        )

    def _pill(self, field: Field, value: Any) -> tuple[str, str]:
        words = list_columns.short_words(field, self._page.words, value)
        return words, self._page.cell_pill(field, list_columns.first_of(field, value))

    def _named(self) -> Field:
        fields, natural = self._page.spec.fields, self._page.spec.natural
        bold = next((f for f in fields if f.show == "bold" and not f.is_number), None)
        return bold or next((f for f in fields if f.name == natural), fields[0])

    def _fill(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> None:
        self.clear_tabs()
        panels = self._page.panels(record_id, values)
        about = self.add_tab(ABOUT, _("概况") if panels else "")
        for notice in self._page.notices(record_id, values):
            about.addWidget(notice)
        self._add_facts(about, values)
        self._panels = {panel.key: (panel, self.add_tab(panel.key, panel.words)) for panel in panels}
        self.choose_tab(ABOUT)

    def _add_facts(self, body: QVBoxLayout, values: Mapping[str, Any]) -> None:
        """Facts by group, those that are missing left out."""
        groups: dict[str, list[QWidget]] = {}
        names = self._page.facts
        listed = [f for f in self._page.spec.fields if (f.name in names if names else f.name != "is_sample")]
        shown = {f: self._words(f, values.get(f.name)) for f in listed if f is not self._named()}
        width = caption_width(field.title for field, words in shown.items() if words != MISSING)
        for field, words in shown.items():
            if words != MISSING:
                groups.setdefault(field.group, []).append(FactRow(field.title, words, width))
        for number, (group, rows) in enumerate(sorted(groups.items(), key=lambda pair: not pair[0])):
            if number:
                body.addWidget(Line())
            if group:
                body.addWidget(SectionTitle(_(group)))
            for fact in rows:
                body.addWidget(fact)

    def _words(self, field: Field, value: Any) -> str:
        if field.show == "bar":
            return MISSING if value in (None, "0/0") else str(value)
        if field.unit == amounts.UNIT and isinstance(value, Decimal):
            return amounts.in_words(value)
        words = self._page.words(field, value)
        return f"{words} {_(field.unit)}" if field.unit and words != MISSING else words

    def _corner_for(self, values: Mapping[str, Any], revealed: bool) -> None:
        page = self._page
        masked = any(f.mask and values.get(f.name) for f in page.spec.fields)
        self._eye.setVisible(masked and not revealed and page.context.may_write("data.reveal"))
        self._bin.setVisible(page.can_delete and page.context.may_write(page.spec.permission))

    def _actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        page = self._page
        own = page.panel_actions(record_id, values)
        edit = []
        if page.context.may_write(page.spec.permission) and any(f.in_form for f in page.spec.writable):
            edit = [Button(_("编辑"), "plain", "edit-line", clicked=lambda: page.edit(record_id))]
            edit[0].setToolTip("F2")
        return [*edit, *own][:MOST_ACTIONS]

    def _build(self, key: object) -> None:
        if key not in self._panels:
            return
        panel, body = self._panels[key]
        if not body.count():
            for widget in panel.build():
                body.addWidget(widget)

    def _ask_why(self) -> None:
        record_id = self.record_id
        if record_id is None:
            return
        text = _("手机和邮箱是个人信息，谁在何时看过会留下记录。")
        ask_reason(
            self, _("显示手机和邮箱"), text, _("显示"), lambda why: self.show_record(record_id, True, reveal=why)
        )
