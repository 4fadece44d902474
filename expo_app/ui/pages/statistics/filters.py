"""The line of filters above the tables: expo, period, region, comparison, and one basis at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.plain_text import shown
from expo_app.rules.day_spans import short_day_span
from expo_app.services.statistics.trade_options import Choices
from expo_app.specs.trade_tables import Basis, TableQuery
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, MenuButton, Segmented
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import row
from expo_app.ui.records.editors import DateEditor

Days = tuple[date | None, date | None]
LONGEST = 14
"""Characters of a name in a button; the whole stands in its tooltip."""


class FilterLine(QWidget):
    """`changed(query)` whenever something else is asked."""

    changed = Signal(object)

    def __init__(self, query: TableQuery, choices: Choices, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.query, self.choices, self.today = query, choices, today
        line = row(self, theme.Space.S)
        fills = (self._fill_expos, self._fill_periods, self._fill_regions, self._fill_against)
        self.expo, self.period, self.region, self.against = (
            MenuButton("", fill, "plain", "arrow-down-s-line") for fill in fills
        )
        for words, button in (
            (_("展会"), self.expo), (_("时期"), self.period), (_("地区"), self.region), (_("对比"), self.against)
        ):  # fmt: skip
            button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
            line.addWidget(Label(words, "fact"))
            line.addWidget(button)
            line.addSpacing(theme.Space.XS)
        line.addStretch(1)
        line.addWidget(Label(_("口径"), "fact"))
        self.basis = Segmented([(basis, basis.label) for basis in Basis], query.basis)
        self.basis.chosen.connect(lambda basis: self.ask(basis=basis))
        line.addWidget(self.basis)
        self._show()

    def ask(self, **changes: object) -> None:
        """Ask something else."""
        self.query = replace(self.query, **changes)  # type: ignore[arg-type]
        self._show()
        self.changed.emit(self.query)

    def renew(self, choices: Choices, today: date) -> None:
        """Other expos, groups or editions may be there now."""
        self.choices, self.today = choices, today
        self._show()

    def _show(self) -> None:
        several = len(self.query.expo_ids) > 1
        expos = dict(self.choices.expos)
        self._say(self.expo, _("展会"), self._all_expos if several else expos.get(self.query.expo_ids[0], ""))
        self._say(self.period, _("时期"), self._period_words)
        regions = dict(self._regions)
        words = _("全部") if self.query.region is None else regions.get(self.query.region, self.query.region)
        self._say(self.region, _("地区"), _("{region}（按市）").format(region=words) if self.query.rolls_up else words)
        against = dict(self.choices.against).get(self.query.against) if self.query.against else None
        self._say(self.against, _("对比"), against or _("不对比"))
        self.basis.choose(self.query.basis)

    def _say(self, button: Button, what: str, words: str) -> None:
        short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        button.set_text(short)
        button.setToolTip(shown(words) if short != words else "")
        button.setAccessibleName(f"{what} {words}")

    # --- expos and comparison ---

    @property
    def _all_expos(self) -> str:
        return _("全部 {n} 届").format(n=len(self.choices.expos))

    def _fill_expos(self, menu: Menu) -> None:
        for key, name in self.choices.expos:
            menu.add(
                name,
                partial(self.ask, expo_ids=(key,), region=None, against=None),
                ticked=self.query.expo_ids == (key,),
            )
        if len(self.choices.expos) > 1:
            keys = tuple(key for key, _name in self.choices.expos)
            several = len(self.query.expo_ids) > 1
            menu.addSeparator()
            menu.add(self._all_expos, partial(self.ask, expo_ids=keys, against=None), ticked=several)

    def _fill_against(self, menu: Menu) -> None:
        menu.add(_("不对比"), partial(self.ask, against=None), ticked=self.query.against is None)
        offered = [pair for pair in self.choices.against if pair[0] not in self.query.expo_ids]
        for key, name in offered:
            menu.add(name, partial(self.ask, against=key), ticked=self.query.against == key)
        if not offered:
            menu.addSeparator()
            menu.add(_("这个文件里没有可比的展会或往届；示例和真实展会不相比。"))

    # --- periods ---

    @property
    def _periods(self) -> list[tuple[str, Days]]:
        first, last, today = self.choices.starts_on, self.choices.ends_on, self.today
        until_now = max(first, today)
        found: list[tuple[str, Days]] = [
            (_("不限"), (None, None)),
            (short_day_span(first, last), (first, last)),
            (_("{day} 至今").format(day=f"{first:%m-%d}"), (first, until_now)),
            (_("今天"), (today, today)),
            (_("昨天"), (today - timedelta(1), today - timedelta(1))),
            (_("{year} 年").format(year=today.year), (date(today.year, 1, 1), date(today.year, 12, 31))),
        ]
        return found

    @property
    def _period_words(self) -> str:
        here = (self.query.since, self.query.until)
        known = next((words for words, days in self._periods if days == here), "")
        if known:
            return known
        if self.query.since and self.query.until:
            return short_day_span(self.query.since, self.query.until)
        if self.query.since:
            return _("{day} 起").format(day=self.query.since.isoformat())
        return _("{day} 止").format(day=self.query.until.isoformat()) if self.query.until else ""

    def _fill_periods(self, menu: Menu) -> None:
        here = (self.query.since, self.query.until)
        for words, (since, until) in self._periods:
            menu.add(words, partial(self.ask, since=since, until=until), ticked=(since, until) == here)
        menu.addSeparator()
        menu.add(_("选日期…"), self.choose_days)

    def choose_days(self) -> Dialog:
        """Ask for the first and the last day."""
        dialog = PeriodDialog(self, (self.query.since, self.query.until), self.choices.starts_on)
        dialog.taken.connect(lambda days: self.ask(since=days[0], until=days[1]))
        dialog.open()
        return dialog

    # --- regions ---

    @property
    def _regions(self) -> Sequence[tuple[str, str]]:
        return self.choices.rolled_regions if self.query.rolls_up else self.choices.regions

    def _fill_regions(self, menu: Menu) -> None:
        menu.add(_("全部"), partial(self.ask, region=None), ticked=self.query.region is None)
        for key, name in self._regions:
            menu.add(name, partial(self.ask, region=key), ticked=self.query.region == key)
        if self.choices.rolls:
            menu.addSeparator()
            turn: Callable[[], None] = partial(self.ask, rolls_up=not self.query.rolls_up, region=None)
            menu.add(self.choices.rolls, turn, ticked=self.query.rolls_up)


class PeriodDialog(Dialog):
    """First and last day, either may be missing; `taken((since, until))`."""

    taken = Signal(object)

    def __init__(self, parent: QWidget, days: Days, usual: date) -> None:
        super().__init__(parent, _("选时期"), theme.Width.CONFIRM)
        self.since, self.until = DateEditor(usual=usual), DateEditor(usual=usual)
        self.fields = [FormField(_("从"), self.since), FormField(_("到（含）"), self.until)]
        for field, editor, day in zip(self.fields, (self.since, self.until), days, strict=True):
            editor.set_value(day)
            self.body.addWidget(field)
        self.add_action(Button(_("取消"), clicked=self.cancel), safe=True)
        self.add_action(Button(_("看这段"), "primary", clicked=self.submit))

    def submit(self) -> None:
        """Take both days, or say what is wrong."""
        found: list[date | None] = []
        for field, editor in zip(self.fields, (self.since, self.until), strict=True):
            day = editor.day()
            wrong = (
                _("这不是日期，写成 {day}。").format(day=editor.usual.isoformat())
                if editor.text().strip() and day is None
                else ""
            )
            field.set_problem(wrong)
            if wrong:
                editor.setFocus()
                return
            found.append(day)
        since, until = found
        if since and until and until < since:
            self.fields[1].set_problem(_("结束日期早于开始日期。"))
            self.until.setFocus()
            return
        self.close_with()
        self.taken.emit((since, until))
