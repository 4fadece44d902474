"""The panel of a contract: what is to be filled in, what is there, what the office said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from expo_app.i18n import _
from expo_app.model import Registration
from expo_app.rules.contract_completeness import Finding, State, open_ones
from expo_app.rules.who import called
from expo_app.services import contracts
from expo_app.specs.contracts import Line as RegisterLine
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line, SectionTitle
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.contracts import cells
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.records import state_colours
from expo_app.ui.records.record_panel import ABOUT, Panel, RecordPanel

if TYPE_CHECKING:
    from expo_app.ui.pages.contracts import ContractsPage

ESSENTIALS = 7
"""So many items that are there are shown, the rest when asked for."""
DONE, GREEN = "checkbox-circle-fill", "ok"
ICONS = {State.MISSING: ("error-warning-fill", "warn"), State.WRONG: ("close-circle-fill", "bad")}


class ContractPanel(RecordPanel):
    """登记材料, 合同, 经办."""

    def _fill(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> None:
        self.clear_tabs()
        page = cast("ContractsPage", self._page)
        history = contracts.history(page.context.db, record_id)
        bodies = {
            ABOUT: self.add_tab(ABOUT, _("登记材料")),
            "contract": self.add_tab("contract", _("合同")),
            "steps": self.add_tab("steps", _("经办 {n}").format(n=len(history)) if history else _("经办")),
        }
        zone = page.context.expo.zone if page.context.expo else None
        line = contracts.line(page.context.db, record_id)
        if line is not None:
            page.lines[record_id] = line
            back = max((s for s in history if s.state is Registration.RETURNED), key=lambda step: step.at, default=None)
            self._materials(bodies[ABOUT], page, record_id, values, line, _when(back, zone) if back else "")
        bodies["contract"].addWidget(ChainStrip(page.context, page.spec.name, record_id))
        self._add_facts(bodies["contract"], values)
        for step in history:
            until = _("补正到 {day}").format(day=step.correct_by.isoformat()) if step.correct_by else ""
            detail = " · ".join(filter(None, (_when(step, zone), called(step.operator), step.words, until)))
            pill = (step.state.label, state_colours.pill(step.state))
            bodies["steps"].addWidget(ItemRow(step.state.label, detail, "history-line", pill, below=True))
        self._panels = {key: (Panel(key, "", tuple), body) for key, body in bodies.items() if key != ABOUT}
        self.choose_tab(ABOUT)

    def _materials(
        self, body: QVBoxLayout, page: ContractsPage, key: uuid.UUID, values: Mapping[str, Any], line: RegisterLine,
        back: str,
    ) -> None:  # fmt: skip
        """`back`: when it was sent back."""
        if line.returned:
            body.addWidget(Banner("bad", _("{when} 退回：{words}").format(when=back, words=line.returned)))
        for words in line.warnings:
            body.addWidget(Banner("warn", words))
        body.addWidget(self._head_of(page, values, line))
        lacking = open_ones(line.findings)
        if lacking:
            body.addWidget(SectionTitle(_("要补的")))
            for finding in lacking:
                body.addWidget(self._open_item(page, key, finding))
            body.addWidget(Line())
        self._there(body, [one for one in line.findings if one.state is State.OK])
        if files := contracts.files_of(page.context.db, key):
            body.addWidget(Line())
            for name, kind in files:
                body.addWidget(ItemRow(kind, name, "file-list-3-line"))

    def _head_of(self, page: ContractsPage, values: Mapping[str, Any], line: RegisterLine) -> QWidget:
        box = QWidget()
        across = row(box, theme.Space.M)
        done = line.total - line.lacking
        across.addWidget(cells.Ring(done, line.total, cells.missing_token(line)), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=theme.Space.XS)
        state: Registration = values["registration"]
        words.addStretch(1)
        words.addWidget(Label(_summary(state, line.lacking), "strong", wrap=True))
        when = page.cell("due", self.record_id) if self.record_id else None
        facts = [values["registry_office"] or "", _due_words(state, when)]
        words.addWidget(Label(" · ".join(filter(None, facts)), "fact", wrap=True))
        words.addStretch(1)
        across.addLayout(words, 1)
        return box

    def _open_item(self, page: ContractsPage, key: uuid.UUID, finding: Finding) -> QWidget:
        icon, token = ICONS[finding.state]
        buttons = []
        if page.context.may_write(page.spec.permission):
            verb = _("填") if finding.state is State.MISSING else _("改")
            link = Button(verb, "link", clicked=partial(page.fill, key, finding.field))
            link.setAccessibleName(f"{verb} {finding.label}")
            buttons = [link]
        return ItemRow(finding.label, finding.words, icon, buttons=buttons, token=token)

    def _there(self, body: QVBoxLayout, found: list[Finding]) -> None:
        """What is there, folded to the essentials."""
        head = row(spacing=theme.Space.S)
        head.addWidget(SectionTitle(_("已有 {n} 项").format(n=len(found))), 1)
        body.addLayout(head)
        rows = [ItemRow(f.label, f.words, DONE, token=GREEN) for f in found]
        for place, item in enumerate(rows):
            body.addWidget(item)
            item.setVisible(place < ESSENTIALS)
        if len(rows) > ESSENTIALS:
            more = Button(_("全部展开"), "link")

            def unfold() -> None:
                for item in rows:
                    item.show()
                more.hide()

            more.clicked.connect(unfold)
            head.addWidget(more)


def _summary(state: Registration, lacking: int) -> str:
    if state is Registration.REGISTERED:
        return _("已登记")
    if lacking:
        again = _("缺 {n} 项，补完才能再提交") if state is Registration.RETURNED else _("缺 {n} 项，补完才能提交")
        return again.format(n=lacking)
    if state is Registration.SUBMITTED:
        return _("材料齐全，等登记机构决定")
    return _("材料齐全，可以提交")


def _due_words(state: Registration, cell: cells.Cell | None) -> str:
    if cell is None or not cell.small:
        return ""
    words = {
        Registration.OPEN: _("提交到 {day}，{left}"), Registration.SUBMITTED: _("决定到 {day}，{left}"),
        Registration.RETURNED: _("补正到 {day}，{left}"), Registration.REGISTERED: "{left}",
    }[state]  # fmt: skip
    return words.format(day=cell.words, left=cell.small)


def _when(step: Any, zone: ZoneInfo | None) -> str:
    """The day that was said of a step, else the moment it was entered."""
    return step.on_date.isoformat() if step.on_date else f"{step.at.astimezone(zone):%m-%d %H:%M}"
