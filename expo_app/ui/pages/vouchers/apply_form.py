"""申领: a company asks for a voucher of its region; the policy of the day says how much, the pots how much is left."""

from __future__ import annotations

import uuid
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import N_, _
from expo_app.rules.amounts import format_yuan
from expo_app.services import policy_page, record_writer, steps, voucher_acts
from expo_app.services.policy_page import Applying
from expo_app.specs import Field, FieldType
from expo_app.specs.voucher_shown import LIMIT_WORDS, Application
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.jobs import run_job
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.vouchers import use_words
from expo_app.ui.pages.vouchers.use_fields import KeyLine, name_of
from expo_app.ui.pages.vouchers.use_parts import LimitBar, LimitView
from expo_app.ui.records.editors import MoneyEditor, WordEditor

POLICY_LINES = 2
"""Lines kept for the policy, or for why there is none."""
AMOUNT = Field("amount", N_("申领金额"), type=FieldType.YUAN)
EDIT, CHECK = "vouchers.edit", "vouchers.check"


class ApplyDialog(Dialog):
    """One application, for a company that may be chosen already. `saved(id, words, step)` follows its transaction."""

    saved = Signal(object, str, object)

    def __init__(self, parent: QWidget, context: Context, organisation_id: uuid.UUID | None = None) -> None:
        super().__init__(parent, _("申领券"), theme.Width.DIALOG)
        self.context = context
        self._page, self._asked = parent, 0
        self._left: Decimal | None = None
        self._top = column()
        self.body.addLayout(self._top)
        self.company = KeyLine(lambda text: context.options("organisations", text))
        self._company_box = FormField(_("用券企业"), self.company, required=True)
        self.body.addWidget(self._company_box)
        line = row(spacing=theme.Space.M)
        self.amount = MoneyEditor(AMOUNT)
        self._amount_box = FormField(_("申领金额"), self.amount, required=True, unit=_("元"))
        self.applicant = WordEditor(())
        self._applicant_box = FormField(_("申领人类别"), self.applicant)
        for box in (self._company_box, self._amount_box):
            box.keep_room()
        policy = self._applicant_box.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # a policy with classes of applicants moves nothing
        self._applicant_box.setSizePolicy(policy)
        line.addWidget(self._amount_box, 1)
        line.addWidget(self._applicant_box, 1)
        self.body.addLayout(line)
        self.purpose = LineEditor()
        self.purpose.setMaxLength(200)
        self.body.addWidget(FormField(_("用途"), self.purpose))
        self._card = Card(_("今天适用的办法"))
        self._policy = Label("", "secondary", wrap=True)
        self._policy.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._policy.setMinimumHeight(POLICY_LINES * self._policy.fontMetrics().lineSpacing())
        self._card.body.addWidget(self._policy)
        self._limits = column()
        self._card.body.addLayout(self._limits)
        self.body.addWidget(self._card)
        self.at_once = Tick(_("同时批准，留出预算"))
        self.body.addWidget(self.at_once)
        self.at_once.setVisible(context.may_write(CHECK))  # in its place: alone it would be a window
        self.body.addWidget(Label(_("批准以后才从年度预算里留出；到期、撤销时退回没用的部分。"), "fact", wrap=True))
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.submit_button = Button(_("提交申领"), "primary", "check-line", clicked=self.submit)
        self.add_action(self.submit_button)
        self.show_submit_keys()
        self.company.edited.connect(self.ask)
        self.amount.edited.connect(self._hint)
        self.applicant.edited.connect(self.ask)
        self.company.hold(organisation_id, name_of(context, "organisations", organisation_id))
        self.ask()

    def first_focus(self) -> QWidget:
        return self.amount if self.company.key else self.company

    def ask(self) -> None:
        """The policy of today and what is left of its pots, read in a worker."""
        expo, db, key, now = self.context.expo, self.context.db, self.company.key, self.context.now()
        self._asked += 1
        if expo is None or key is None:
            self._show(Applying(None, _("选好企业后显示。")))
            return
        asked, expo_id, today, applicant = self._asked, expo.id, expo.local_day(now), self.applicant.value() or ""

        def came(found: Applying) -> None:
            if asked == self._asked and self.is_open:
                self._show(found)

        def failed(error: Exception) -> None:
            if asked == self._asked and self.is_open and isinstance(error, UserError):
                self._say(error)

        def work(_progress: object) -> Applying:
            return policy_page.for_application(db, expo_id, key, applicant, today)

        run_job(self, "", work, came, failed, card=False)

    def _show(self, found: Applying) -> None:
        policy = found.policy
        clear(self._limits)
        classes = policy.applicants if policy is not None else ()
        if tuple(self.applicant.offered) != classes:
            self.applicant.offer(classes)
        self._applicant_box.setVisible(bool(classes))
        left = [most - taken for most, taken in (found.year, found.budget) if most is not None] if policy else []
        self._left = min(left, default=None)
        self._hint()
        if policy is None:
            self._policy.setText(found.why)
        else:
            facts = dict(use_words.policy_facts(policy))
            title = _("{title} 第 {n} 版").format(title=policy.title, n=policy.version_no)
            self._policy.setText(" · ".join((title, facts[_("比例")], facts[_("有效")])))
        for key, (most, taken) in (("per_year", found.year), ("budget", found.budget)):
            rest = use_words.yuan(None if most is None else most - taken)
            words = _("已批 {used}，余 {left}").format(used=format_yuan(taken), left=rest) if policy else "—"
            self._limits.addWidget(LimitView(LimitBar(_(LIMIT_WORDS[key]), most, taken, taken, words)))

    def _hint(self) -> None:
        """What the pots have no room for is said while one types; it may be applied for all the same."""
        try:
            amount = AMOUNT.parse(self.amount.value())
        except ValueError:
            amount = None
        is_more = amount is not None and self._left is not None and amount > self._left
        words = _("只余 {left} 元，申领后批不下来。").format(left=format_yuan(self._left))
        self._amount_box.set_hint(words if is_more else "")

    def _say(self, error: UserError) -> None:
        clear(self._top)
        self._top.addWidget(Banner("bad", str(error)))

    def _read(self) -> Application | None:
        """What was filled in; what is wrong with it is said beside it."""
        amount: Decimal | None = None
        self._company_box.clear_problem()
        self._amount_box.clear_problem()
        try:
            amount = AMOUNT.parse(self.amount.value())
        except ValueError as problem:
            self._amount_box.set_problem(str(problem))
            return None
        if self.company.key is None:
            self._company_box.set_problem(_("从列表里选一家企业。"))
            self.company.setFocus()
            return None
        if not amount:
            self._amount_box.set_problem(_("写要申领多少元。"))
            self.amount.setFocus()
            return None
        purpose = self.purpose.text().strip()
        return Application(self.company.key, amount, self.applicant.value() or "", purpose=purpose)

    def submit(self) -> None:
        """Apply; where that was ticked, approve at once."""
        context, given = self.context, self._read()
        if given is None or context.expo_id is None:
            return
        approves = self.at_once.isChecked() and context.may_write(CHECK)
        try:
            with record_writer.followed() as writers:
                key = voucher_acts.apply(context.db, context.expo_id, given)
        except InvalidRecord as refused:
            self._say(UserError(_("；").join(refused.problems.values())))
            return
        except UserError as error:
            self._say(error)
            return
        words, step = _("已提交申领"), steps.step_of(EDIT, writers)
        self.close_with(key)
        self.saved.emit(key, words, step)
        if approves:
            self._approve(key, given.amount)

    def _approve(self, key: uuid.UUID, seen: Decimal) -> None:
        """An act of its own: refused, the application stays and waits."""
        context = self.context
        if context.expo_id is None:
            return
        try:
            with record_writer.followed() as writers:
                voucher_acts.approve(context.db, context.expo_id, key, seen=seen)
        except UserError as error:
            words = _("申领已提交，还在等批准。这次没有批准：{why}").format(why=error.message)
            messages.show(self._page, UserError(words, error.code))
        else:
            self.saved.emit(key, _("已批准"), steps.step_of(CHECK, writers))
