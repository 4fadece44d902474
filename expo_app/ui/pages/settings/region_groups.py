"""地区分组: by what an expo's places are counted and shown; presets fill it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.rules import regions
from expo_app.rules.region_groups import RegionGroup, by_city, by_province
from expo_app.services import record_writer, region_groups, steps
from expo_app.services.records import Row
from expo_app.specs import REGION_GROUPS
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import clear, column
from expo_app.ui.kit.placeholders import Banner, EmptyState
from expo_app.ui.records.editors import TagChips
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.undo_list import step_act

OCCURRING, EVERY, CITIES = "occurring", "every", "cities"


class PresetDialog(Dialog):
    """Closes with the step that added groups. What would be added, and what is there already, is said before."""

    def __init__(self, parent: QWidget, context: Context) -> None:
        super().__init__(parent, _("套用预设"), theme.Width.DIALOG)
        self.context = context
        self._rule = region_groups.rule_of(context.db, context.expo_id)
        self._codes = region_groups.codes_of(context.db, context.expo_id) if context.expo_id else []
        self.kinds = Segmented(
            [(OCCURRING, _("参展商所在的省"), ""), (EVERY, _("全部省和境外"), ""), (CITIES, _("所选省的地市"), "")],
            OCCURRING,
        )
        self.kinds.chosen.connect(lambda _key: self._say())
        self.body.addWidget(FormField(_("按什么分组"), self.kinds))
        self._by_name = {regions.brief_name(code): code for code in regions.provinces()}
        self.provinces = TagChips(tuple(self._by_name))
        self.provinces.edited.connect(self._say)
        self._provinces_box = FormField(_("省"), self.provinces)
        self.body.addWidget(self._provinces_box)
        self._said = column(spacing=theme.Space.XS)
        self.body.addLayout(self._said)
        self.body.addStretch(1)
        self.show_submit_keys()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.apply = Button(_("添加"), "primary", "check-line", clicked=self.submit)
        self.add_action(self.apply)
        self._say()

    def choose_kind(self, kind: str, provinces: Sequence[str] = ()) -> None:
        """Choose a preset, and the provinces (codes) whose cities it lists, as if by hand."""
        self.kinds.choose(kind)
        self.provinces.set_value([name for name, code in self._by_name.items() if code in provinces])
        self._say()

    def groups(self) -> Sequence[RegionGroup]:
        """The groups of the preset chosen."""
        kind = self.kinds.key
        if kind == CITIES:
            return by_city([self._by_name[name] for name in self.provinces.value() or ()])
        return by_province(self._codes if kind == OCCURRING else None)

    def _say(self) -> None:
        self._provinces_box.setVisible(self.kinds.key == CITIES)
        new, there = region_groups.missing(self._rule, self.groups())
        clear(self._said)
        for words, groups in ((_("新增 {n} 组：{names}"), new), (_("已有 {n} 组，不变：{names}"), there)):
            if groups:
                names = _("、").join(group.label for group in groups)
                self._said.addWidget(Label(words.format(n=len(groups), names=names), "body", wrap=True))
        if not new and not there:
            words = _("先选省。") if self.kinds.key == CITIES else _("参展商还没有填地区，没有可列出的省。")
            self._said.addWidget(Label(words, "secondary", wrap=True))
        self.apply.setEnabled(bool(new))
        self.apply.set_text(_("添加 {n} 组").format(n=len(new)) if new else _("添加"))

    def submit(self) -> None:
        """Add what is missing."""
        if self.context.expo_id is None:
            return
        try:
            with record_writer.followed() as writers:
                region_groups.add(self.context.db, self.context.expo_id, self.groups())
        except UserError as error:
            clear(self._said)
            self._said.addWidget(Banner("bad", str(error), small=True))
            return
        self.close_with(steps.step_of(REGION_GROUPS.permission, writers))


class RegionGroupsList(ListPage):
    """The expo's groups of places; without any, everything is grouped by province."""

    spec, noun, counted = REGION_GROUPS, N_("地区分组"), N_("共 {n} 组")
    stretch = "prefixes"

    def actions(self) -> list[QWidget]:  # type: ignore[override]
        button = Button(_("套用预设"), icon="list-check", clicked=self.preset)
        button.setEnabled(self.context.may_write(self.spec.permission) and self.context.expo_id is not None)
        return [button]

    def fact(self, rows: Sequence[Row]) -> str:
        """Without groups: what stands for them."""
        return super().fact(rows) if rows else _("还没有分组，各处按省列出")

    def _empty(self) -> EmptyState:
        if not self.context.may_write(self.spec.permission) or self.context.expo_id is None:
            return super()._empty()
        text = _("各处按省列出。套用预设，或逐个新增、导入。")
        template = Button(_("下载模板"), icon="download-2-line", clicked=self.save_template)
        preset = Button(_("套用预设"), "primary", "list-check", clicked=self.preset)
        return EmptyState(f"{self.spec.icon}-line", _("还没有地区分组"), text, [template, preset])

    def defaults(self) -> dict[str, Any]:
        """A new one comes last."""
        return {"position": max((self.value(row, "position") for row in self.rows), default=0) + 1}

    def preset(self) -> PresetDialog:
        """Choose a preset, see what it adds, add it."""
        box = PresetDialog(self, self.context)
        box.closed.connect(self._on_added)
        box.open()
        return box

    def _on_added(self, step: steps.Step | None) -> None:
        if step is not None:
            self.acts.add(step_act(_("已套用预设"), self.context.db, step))
