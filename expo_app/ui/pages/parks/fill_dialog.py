"""填年度数: the figures of one date in the form's order; last year's stand as grey placeholders, never as values.

A number more than three times as large as the last one is asked about once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.rules.ages import ago
from expo_app.specs import TENANT_FIGURES, Field
from expo_app.specs.park_shown import FigureLine, TenantPage
from expo_app.specs.tenants import PERIOD_ENDS
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label, SectionTitle
from expo_app.ui.kit.panels import clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.parks.tenant_figures import cell
from expo_app.ui.records import drafts, editors

ACROSS, JUMP = 3, 3
"""Fields beside each other; how many times the last number may grow before it is asked about."""
NOTE = "note"


def usual_date(page: TenantPage) -> date | None:
    """The first year's or half-year's end after the last date there is; without one the last year's end.

    None where that is still to come: an existing date is chosen by entering it, never offered.
    """
    last = max(page.dates, default=None)
    if last is None:
        return date(page.today.year - 1, 12, 31)
    ends = (date(year, month, day) for year in (last.year, last.year + 1) for month, day in PERIOD_ENDS)
    found = next(end for end in ends if end > last)
    return found if found <= page.today else None


def jumped(value: Any, before: Any) -> bool:
    """Whether a number is more than `JUMP` times the last one; from nothing any number may come."""
    if isinstance(value, bool) or value is None or before is None or isinstance(before, bool) or not before:
        return False
    return abs(Decimal(value)) > JUMP * abs(Decimal(before))


class FillDialog(Dialog):
    """`then(on_date, values)` keeps what was changed here: name of a column → value, None where it was emptied.

    What another filled in meanwhile stays, and a jump is judged by it: `again()` reads the tenant as it is now.
    `day`: a date that is there, to be changed; else the next one.
    """

    def __init__(
        self, parent: QWidget, page: TenantPage, then: Callable[[date, Mapping[str, Any]], object],
        again: Callable[[], TenantPage], day: date | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent, _("填年度数"), theme.Width.DIALOG_WIDE, note=page.name)
        self._page, self._then, self._again, self._asked = page, then, again, ""
        self.lines = {one.name: one for one in page.figures if page.sees_money or not one.is_money}
        self.fields: dict[str, FormField] = {}
        self._specs: dict[str, Field] = {}
        self._loaded: dict[str, Any] = {}
        text = _("金额以千元计，没有的留空；灰字是上一期的数，只作参照，不会存成这一期。")
        self._draft_key = f"{TENANT_FIGURES.name}-{page.id}"
        self._top = column(spacing=0)
        self.body.addLayout(self._top)
        self.body.addWidget(Label(text, "secondary", wrap=True))
        self.day = self._field(TENANT_FIGURES.field("on_date"))
        self.day.editor.set_value(day or usual_date(page))  # type: ignore[attr-defined]
        self.day.editor.left.connect(self._take_date)  # type: ignore[attr-defined]
        self.day.setMaximumWidth(theme.Width.PANEL)
        self.body.addWidget(self.day)
        self._make_lines()
        self._shown_date: date | None = None
        if self.on_date is None:
            self.day.set_hint(_("下一期还没有到；要改已有的一期，双击它那一列"))
        self._take_date()
        self._offer_draft()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("保存"), "primary", "check-line", clicked=self.submit))

    def _field(self, field: Field) -> FormField:
        made = FormField(field.title, editors.make(field), required=bool(field.required), unit=_(field.unit))
        self._specs[field.name] = field
        return made

    def _make_lines(self) -> None:
        for group in dict.fromkeys(one.group for one in self.lines.values()):
            self.body.addWidget(SectionTitle(_(group)))
            grid = QGridLayout()
            grid.setHorizontalSpacing(theme.Space.L)
            grid.setVerticalSpacing(theme.Space.S)
            names = [name for name, one in self.lines.items() if one.group == group]
            for place, name in enumerate(names):
                self.fields[name] = self._field(TENANT_FIGURES.field(name))
                grid.addWidget(self.fields[name], place // ACROSS, place % ACROSS)
            for place in range(ACROSS):
                grid.setColumnStretch(place, 1)
            self.body.addLayout(grid)
        self.fields[NOTE] = self._field(TENANT_FIGURES.field(NOTE))
        self.body.addWidget(self.fields[NOTE])

    # --- which date ---

    @property
    def on_date(self) -> date | None:
        """The date in the field; None where it says none."""
        try:
            found = self._specs["on_date"].parse(self.day.editor.value())  # type: ignore[attr-defined]
        except ValueError:
            return None
        return found if isinstance(found, date) else None

    def _take_date(self) -> None:
        """Placeholders of the date before; of a date that is there its own values. What was typed stays."""
        day = self.on_date
        if day is None or day == self._shown_date:
            return
        self._shown_date, typed = day, self._changed()
        dates = list(self._page.dates)
        own = dates.index(day) if day in dates else None
        before = max((place for place, one in enumerate(dates) if one < day), default=None)
        self.day.set_hint(_("这一期已有数，改的是它；改动在日志里留旧值") if own is not None else "")
        for name, line in self.lines.items():
            editor = self.fields[name].editor
            value = None if own is None else line.values[own]
            editor.set_value(editors.shown(self._specs[name], value))  # type: ignore[attr-defined]
            last = "" if before is None or line.values[before] is None else self._said(line, before)
            if isinstance(editor, QLineEdit):
                editor.setPlaceholderText(last)
            else:
                self.fields[name].set_hint(_("上期 {value}").format(value=last) if last else "")
        note = "" if own is None else self._page.filled[own].note
        self.fields[NOTE].editor.set_value(note)  # type: ignore[attr-defined]
        self._loaded = self._texts()
        for name, text in typed.items():
            self.fields[name].editor.set_value(text)  # type: ignore[attr-defined]
        if not typed:
            self.keep_typed()

    def _texts(self) -> dict[str, Any]:
        return {name: shown.editor.value() for name, shown in self.fields.items()}  # type: ignore[attr-defined]

    def _changed(self) -> dict[str, Any]:
        """What was changed here."""
        return {name: text for name, text in self._texts().items() if text != self._loaded.get(name, text)}

    def _said(self, line: FigureLine, place: int) -> str:
        return cell(line, line.values[place], True)

    # --- drafts ---

    def cancel(self) -> None:
        """Esc and the cross: nothing is asked, what was typed is kept as a draft and offered the next time."""
        changed, day = self._changed(), self.on_date
        if changed and self.is_open:
            try:
                drafts.keep(self._draft_key, {"on_date": day.isoformat() if day else "", **changed})
            except UserError as error:
                messages.show(self, error)
                return
            messages.show(self, _("没有提交，内容已存为草稿"), "info")
        self.close_with()

    def _offer_draft(self) -> None:
        draft = drafts.find(self._draft_key)
        if draft is None:
            return
        take = Button(_("接着填"), "plain", clicked=partial(self.take_up, draft))
        drop = Button(_("丢弃"), "text", clicked=self._drop)
        words = _("上次没有提交的内容还在（{age}）。").format(age=ago(draft.at))
        self._top.addWidget(Banner("info", words, [take, drop], icon="draft-line"))

    def take_up(self, draft: drafts.Draft) -> None:
        """Go on with what was not saved."""
        clear(self._top)
        if day := draft.values.get("on_date"):
            self.day.editor.set_value(date.fromisoformat(day))  # type: ignore[attr-defined]
        self._take_date()
        for name, text in draft.values.items():
            if name in self.fields:
                self.fields[name].editor.set_value(text)  # type: ignore[attr-defined]

    def _drop(self) -> None:
        drafts.discard(self._draft_key)
        clear(self._top)

    # --- keeping ---

    def submit(self) -> None:
        """Read every field; what jumped is asked about once."""
        self._take_date()
        self.day.clear_problem()
        values: dict[str, Any] = {}
        is_wrong = False
        for name, shown in self.fields.items():
            shown.clear_problem()
            try:
                values[name] = self._specs[name].parse(shown.editor.value())  # type: ignore[attr-defined]
            except ValueError as problem:
                shown.set_problem(str(problem))
                is_wrong = True
        if self.on_date is None:
            self.day.set_problem(_("写这一期的截止日期，如 2022-12-31。"))
            is_wrong = True
        if is_wrong:
            return
        try:
            found = self._jumps(values, self._again())
        except UserError as error:
            messages.show(self, error)
            return
        if found and found != self._asked:
            self._asked = found
            title = _("比上期大三倍以上，照样保存？")
            messages.confirm(self, title, found, _("数没有错"), lambda: self._keep(values), safe=_("回去看看"))
            return
        self._keep(values)

    def _jumps(self, values: Mapping[str, Any], page: TenantPage) -> str:
        """The numbers that grew too much, beside those before."""
        day, dates = self.on_date, list(page.dates)
        before = max((place for place, one in enumerate(dates) if day and one < day), default=None)
        if before is None:
            return ""
        found = [
            _("{what}：{then} → {now}").format(
                what=_(line.words), then=self._said(line, before), now=cell(line, values[name], True)
            )
            for line in page.figures
            if (name := line.name) in self.lines and jumped(values[name], line.values[before])
        ]
        return "\n".join(found)

    def _keep(self, values: Mapping[str, Any]) -> None:
        day = self.on_date
        if day is None:
            return
        try:
            self._then(day, {name: values[name] for name in self._changed()})
        except InvalidRecord as refused:
            rest = []
            for name, words in refused.problems.items():
                field = self.day if name == "on_date" else self.fields.get(name)
                if field is None:
                    rest.append(words)
                else:
                    field.set_problem(words)
            if rest:
                messages.show(self, UserError("；".join(rest)))
        except UserError as error:
            messages.show(self, error)
        else:
            drafts.discard(self._draft_key)
            self.close_with(True)
