"""给哪家企业算: what a company would pay itself and what its voucher would, computed from the policy that is named."""

from __future__ import annotations

import uuid
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from expo_app.i18n import BRIEF, N_, _, meant
from expo_app.rules.catalogue import Entry, Kind
from expo_app.services import records, voucher_uses
from expo_app.specs import ORGANISATIONS
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.voucher_shown import BITES_WORDS, LIMIT_WORDS, Limit, Look, Mark, UseDraft
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.kit.labels import Label, Pill, SectionTitle
from expo_app.ui.kit.layouts import clear
from expo_app.ui.kit.panels import Card, column, row
from expo_app.ui.kit.picker import PickerLine
from expo_app.ui.pages.vouchers import catalogue_words
from expo_app.ui.pages.vouchers.split_bar import Part, SplitBar
from expo_app.ui.records.editors import MoneyEditor

AMOUNT = Field("contract_amount", N_("合同金额"), 14, type=FieldType.YUAN)
SOON, BAR = 200, 32
"""Milliseconds after the last key before the database is asked; px of the split bar."""
SHOWN_LIMITS = ("per_use", "per_year", "voucher")


class SumBox(QWidget):
    """The company stays chosen while one goes from resource to resource. `company_changed(region of its voucher)`.

    The split follows every key by what was last read; the database is asked again in a worker.
    """

    company_changed = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.company: uuid.UUID | None = None
        self.look: Look | None = None
        self._entry: Entry | None = None
        self._is_listed = True
        self._asked = 0
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._ask)
        lines = column(self, theme.Space.S)
        lines.addWidget(SectionTitle(_("给哪家企业算")))
        self.picker = PickerLine(self._options)
        self.picker.setPlaceholderText(_("企业名称、拼音首字母"))
        self.picker.setAccessibleName(_("给哪家企业算"))
        self.picker.picked.connect(lambda key, _name: self.choose(key))
        self.picker.edited.connect(self._on_typed)
        lines.addWidget(self.picker)
        money = row(spacing=theme.Space.S)
        money.addWidget(Label(_("合同"), "fact"))
        self.amount = MoneyEditor(AMOUNT)
        self.amount.setAccessibleName(_("合同金额"))
        self.amount.setMinimumWidth(110)
        self.amount.edited.connect(self._on_amount)
        money.addWidget(self.amount)
        self._unit = Label(_("元"), "fact")
        money.addWidget(self._unit, 1)
        lines.addLayout(money)
        self.card = Card(padding=theme.Space.M)
        self.card.set_colors("bg.subtle", "border")
        self.bar = SplitBar(BAR)
        self.card.body.addWidget(self.bar)
        self._limits = column(spacing=theme.Space.XS)
        self.card.body.addLayout(self._limits)
        self._policy = Label("", "caption", wrap=True)
        self._made_up = Pill(_("示例政策"), "warn", shape=False)
        self.card.body.addWidget(self._policy)
        self.card.body.addWidget(self._made_up)
        lines.addWidget(self.card)
        self.why = Label("", "fact", "warn", wrap=True)
        lines.addWidget(self.why)
        self._show()

    # --- what is chosen ---

    def _options(self, text: str) -> list[tuple[uuid.UUID, str]]:
        return records.options(self._context.db, ORGANISATIONS, text, self._context.expo_id)

    def choose(self, key: uuid.UUID | None) -> None:
        """Reckon for this company from now on."""
        self.company = key
        self._ask()

    def set_company(self, key: uuid.UUID) -> None:
        """The same, by a route: its name is read first."""
        values = records.get(self._context.db, ORGANISATIONS, key)
        self.picker.setText(str(values["name"]))
        self.choose(key)

    def _on_typed(self) -> None:
        if self.company is not None:
            self.choose(None)

    def _on_amount(self) -> None:
        self._show()
        self._soon.start()

    def show_entry(self, entry: Entry, is_listed: bool) -> None:
        """Another resource; the company and the amount stay."""
        self._is_listed = is_listed
        if entry is not self._entry:
            self._entry = entry
            self._ask()

    def again(self) -> None:
        """What it rests on was changed."""
        if self.isVisible():
            self._soon.start()

    def draft(self) -> UseDraft | None:
        """The use as it would be; None while company or resource is missing."""
        entry = self._entry
        if entry is None or self.company is None:
            return None
        return UseDraft(
            organisation_id=self.company, provider_id=entry.body.id,
            instrument_id=entry.id if entry.kind is Kind.INSTRUMENT else None,
            service_item_id=entry.id if entry.kind is Kind.SERVICE else None,
            contract_on=self._context.today(), contract_amount=self.amount.yuan(),
        )  # fmt: skip

    # --- asking and showing ---

    def _ask(self) -> None:
        """Read limits and checks in a worker; what comes late for another question is dropped."""
        self._soon.stop()
        self._asked += 1
        draft, expo_id = self.draft(), self._context.expo_id
        if draft is None or expo_id is None:
            self._take(self._asked, None)
            return
        read = partial(voucher_uses.look, self._context.db, expo_id, draft)
        done = partial(self._take, self._asked)
        jobs.run_job(self, _("用券"), lambda _progress: read(), done, self._on_failed, card=False)

    def _on_failed(self, error: Exception) -> None:
        self.why.setText(str(error))
        self.why.show()

    def _take(self, number: int, look: Look | None) -> None:
        if number != self._asked:
            return
        self.look = look
        region = look.policy.region_code if look is not None and look.policy is not None else ""
        self.company_changed.emit(region)
        self._show()

    def _show(self) -> None:
        look, amount = self.look, self.amount.yuan()
        policy = look.policy if look is not None else None
        self.card.setVisible(policy is not None)
        self.why.setText(self._why(look))
        self.why.setVisible(bool(self.why.text()))
        clear(self._limits)
        if look is None or policy is None:
            return
        self._unit.setText(" · ".join((_("元"), _(catalogue_words.BASIS_WORDS[policy.basis]))))
        look = look.with_basis(amount)
        done = look.split
        if done is None:
            self.bar.set_empty(_("填合同金额，算券付和自付"))
        else:
            self.bar.set_parts(
                Part(meant(BRIEF, "券付"), done.share, _(catalogue_words.WAY_WORDS[policy.way])),
                Part(meant(BRIEF, "自付"), done.own),
            )
        for limit in look.limits:
            if limit.key in SHOWN_LIMITS and limit.most is not None:
                self._limits.addLayout(self._limit(limit))
        rate, since = f"{policy.rate.normalize():f}", policy.valid_from.isoformat()
        version = _("{title} 第 {n} 版 · {rate} % · {day} 起")
        self._policy.setText(version.format(title=policy.title, n=policy.version_no, rate=rate, day=since))
        self._made_up.setVisible(policy.is_sample)

    def _limit(self, limit: Limit) -> QHBoxLayout:
        line = row(spacing=theme.Space.S)
        line.addWidget(Label(_(LIMIT_WORDS[limit.key]), "caption"))
        line.addStretch(1)
        before = (limit.most or Decimal(0)) - limit.used
        if limit.key == "per_use":
            met = _(BITES_WORDS[limit.key]) if limit.bites else _("未触及")
            words = _("{amount}，{met}").format(amount=f"{before:,.2f}", met=met)
        else:
            words = f"{before:,.2f}" if limit.is_reserved else f"{before:,.2f} → {before - limit.now:,.2f}"
        line.addWidget(Label(words, "fact", "warn" if limit.bites else "ok" if limit.key == "per_use" else ""))
        return line

    def _why(self, look: Look | None) -> str:
        """Why there is nothing to reckon, or what would keep this use from being submitted: the first of it."""
        if look is None:
            return ""
        if not self._is_listed:
            return _("不在目录有效期内，不能登记新的用券。")
        if look.no_policy or look.no_voucher:
            return look.no_policy or look.no_voucher
        return next((check.words for check in look.blocking if check.mark is Mark.BAD), "")
