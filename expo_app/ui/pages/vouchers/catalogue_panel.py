"""The panel of a resource: what it is, where whose voucher works and why not elsewhere, what one company would pay."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from expo_app.i18n import N_, _
from expo_app.rules.catalogue import Catalogue, Entry, Issuer, Kind, refusal
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import IconView, Label, Line, Pill, SectionTitle
from expo_app.ui.kit.layouts import clear
from expo_app.ui.kit.panels import DetailPanel, FactRow, caption_width, column, row
from expo_app.ui.pages.vouchers import catalogue_words
from expo_app.ui.pages.vouchers.catalogue_sum import SumBox

WIDTH = 372
COMPARED = (2, 3)
"""At least and at most so many resources are put side by side."""
CATEGORY_WORDS = N_("类型")


def facts_of(entry: Entry, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Caption and words of what is known of a resource, as panel and comparison show it; "" for what nobody said."""
    kinds = " / ".join(_(word) for word in (entry.category, entry.subcategory) if word)
    model = [(_("型号"), entry.model_no)] if entry.kind is Kind.INSTRUMENT else []
    booked = [] if entry.kind is Kind.BODY else [(_("价格"), catalogue_words.whole_price(entry))]
    listed = [] if entry.kind is Kind.BODY else [(_("目录有效"), catalogue_words.valid(entry))]
    return [
        *model,
        (_(CATEGORY_WORDS), kinds),
        *booked,
        (_("资质"), catalogue_words.qualified(entry, catalogue.day)),
        *listed,
    ]


class _Taking(QWidget):
    """A region: whether its voucher works here, how, and at which rate; else why not."""

    def __init__(self, issuer: Issuer, entry: Entry, catalogue: Catalogue, width: int) -> None:
        super().__init__()
        why, policy = refusal(issuer, entry, catalogue.day), issuer.policy
        line = row(self, theme.Space.S)
        mark = ("checkbox-circle-fill", "ok") if why is None else ("subtract-line", "text.3")
        line.addWidget(IconView(*mark))
        name = Label(issuer.name, wrap=True)
        name.setFixedWidth(width)
        line.addWidget(name)
        is_taken = why is None and policy is not None
        words = _(catalogue_words.WAY_WORDS[policy.way]) if is_taken and policy else why.label if why else ""
        line.addWidget(Label(words, "fact", wrap=True), 1)
        rate = f"{policy.rate.normalize():f} %" if is_taken and policy else "—"
        line.addWidget(Label(rate, "strong" if is_taken else "fact"))
        self.setAccessibleName(f"{issuer.name} {words} {rate}")


class ResourcePanel(DetailPanel):
    """`body_wanted`, `compare_wanted`, `use_wanted` by its buttons; `company_changed`: another one is reckoned for."""

    body_wanted = Signal()
    compare_wanted = Signal()
    use_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.entry: Entry | None = None
        self.setAccessibleName(_("资源"))
        self.setFixedWidth(WIDTH)
        self._lines_of_facts = column(spacing=theme.Space.XS)
        self.body.addLayout(self._lines_of_facts)
        self.body.addWidget(Line())
        head = row(spacing=theme.Space.S)
        head.addWidget(SectionTitle(_("哪里的券能用")))
        self._made_up = Pill(_("示例政策"), "warn", shape=False)
        head.addWidget(self._made_up)
        head.addStretch(1)
        self.body.addLayout(head)
        self._regions = column(spacing=2)
        self.body.addLayout(self._regions)
        self.body.addWidget(Line())
        self.sum = SumBox(context)
        self.body.addWidget(self.sum)
        self.body_button = Button(_("机构页"), icon="building-line", clicked=self.body_wanted.emit)
        self.compare_button = Button(_("对比"), icon="layout-column-line", clicked=self.compare_wanted.emit)
        self.use_button = Button(_("登记用券"), "primary", "coupon-3-line", clicked=self.use_wanted.emit)
        self.set_actions(self.body_button, self.compare_button, self.use_button)

    def _take_width(self) -> None:
        if self.maximumWidth() != WIDTH:
            self.setFixedWidth(WIDTH)
            self._fit_actions()

    def show_entry(self, entry: Entry, catalogue: Catalogue, may_use: bool, lacks: str) -> None:
        """Show a resource; `lacks`: why no use can be entered by who works, where that is so."""
        self.entry = entry
        self.set_head(entry.title, _head_facts(entry), _pills(entry, catalogue))
        clear(self._lines_of_facts)
        facts = facts_of(entry, catalogue)
        width = caption_width([name for name, _words in facts])
        for name, words in facts:
            self._lines_of_facts.addWidget(FactRow(name, words, width))
        self._show_regions(entry, catalogue)
        is_listed = entry.is_listed(catalogue.day)
        self.use_button.setEnabled(may_use and is_listed)
        expired = _("不在目录有效期内，不能登记新的用券。")
        self.use_button.setToolTip("Enter" if may_use and is_listed else lacks or expired)
        self.sum.show_entry(entry, is_listed)

    def _show_regions(self, entry: Entry, catalogue: Catalogue) -> None:
        clear(self._regions)
        self._made_up.setVisible(any(one.policy and one.policy.is_sample for one in catalogue.issuers))
        if not catalogue.issuers:
            self._regions.addWidget(Label(_("还没有录入任何地区的办法。"), "fact", wrap=True))
        width = caption_width([issuer.name for issuer in catalogue.issuers])
        for issuer in catalogue.issuers:
            self._regions.addWidget(_Taking(issuer, entry, catalogue, width))

    def show_chosen(self, count: int) -> None:
        """How many rows are chosen in the list: so many would be compared."""
        least, most = COMPARED
        self.compare_button.setEnabled(least <= count <= most)
        tip = _("按住 Ctrl 在列表里选两三项，再对比。")
        self.compare_button.setToolTip("" if least <= count <= most else tip)
        self.compare_button.set_text(_("对比 {n}").format(n=count) if least <= count <= most else _("对比"))


def _head_facts(entry: Entry) -> str:
    body = entry.body
    own = [] if entry.kind is Kind.BODY else [body.name]
    return " · ".join(filter(None, [*own, body.place, body.nature]))


def _pills(entry: Entry, catalogue: Catalogue) -> list[tuple[str, str]]:
    pills = [(entry.kind.label, "info")]
    if entry.kind is not Kind.BODY:
        pills.append((_("在目录内"), "ok") if entry.is_listed(catalogue.day) else (_("不在有效期"), "mute"))
    if entry.kind is Kind.INSTRUMENT and entry.is_listed(catalogue.day):
        pills.append((_("可预约"), "ok") if entry.is_bookable else (_("暂不可预约"), "warn"))
    return pills + ([(_("示例"), "warn")] if entry.is_sample else [])


def comparison(entries: Sequence[Entry], catalogue: Catalogue) -> list[tuple[str, list[str]]]:
    """Lines of a comparison: caption, and what each of the resources says; "" for what nobody said."""
    named: dict[str, dict[int, str]] = {}
    for place, entry in enumerate(entries):
        for name, words in [(_("机构"), entry.body.name), (_("地区"), entry.body.place), *facts_of(entry, catalogue)]:
            named.setdefault(name, {})[place] = words
    lines = [(name, [said.get(place, "") for place in range(len(entries))]) for name, said in named.items()]
    for issuer in catalogue.issuers:
        answers = [refusal(issuer, entry, catalogue.day) for entry in entries]
        rate = f"{issuer.policy.rate.normalize():f} %" if issuer.policy else ""
        told = [why.label if why else rate for why in answers]
        lines.append((_("{region}券").format(region=issuer.name), told))
    return lines


class Comparison(QWidget):
    """Two or three resources side by side; what differs is bold."""

    def __init__(self, entries: Sequence[Entry], catalogue: Catalogue) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.Space.L)
        grid.setVerticalSpacing(theme.Space.S)
        lines = comparison(entries, catalogue)
        width = caption_width([name for name, _said in lines])
        grid.setColumnMinimumWidth(0, width)
        for place, entry in enumerate(entries, 1):
            grid.addWidget(Label(entry.title, "strong", wrap=True), 0, place)
            grid.setColumnStretch(place, 1)
        for at, (name, said) in enumerate(lines, 1):
            grid.addWidget(Label(name, "caption", wrap=True), at, 0)
            differs = len(set(said)) > 1
            for place, words in enumerate(said, 1):
                grid.addWidget(Label(words or "—", "strong" if differs else "body", wrap=True), at, place)
