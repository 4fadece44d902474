"""用券登记: is it allowed, how much, from which pot; recomputed while one types, kept as typed, submitted once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import ShareBasis
from expo_app.routes import ListRoute
from expo_app.routes.vouchers import UseRoute
from expo_app.rules.amounts import format_yuan
from expo_app.rules.voucher_split import Split
from expo_app.services import record_writer, steps, voucher_uses
from expo_app.services.voucher_resources import read as read_resource
from expo_app.specs import POLICIES, VOUCHER_USES
from expo_app.specs.voucher_shown import LIMIT_WORDS, Limit, Look, UseDraft
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.jobs import run_job
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label, Line, Pill, SectionTitle
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.kit.questions import confirm
from expo_app.ui.pages.vouchers import use_words
from expo_app.ui.pages.vouchers.apply_form import ApplyDialog
from expo_app.ui.pages.vouchers.policy_block import PolicyBlock
from expo_app.ui.pages.vouchers.use_fields import UseFields
from expo_app.ui.pages.vouchers.use_parts import StepLine
from expo_app.ui.pages.vouchers.use_side import NARROW, WIDE, UseSide
from expo_app.ui.pages.vouchers.voucher_choice import VoucherChoice
from expo_app.ui.records import drafts
from expo_app.ui.records.record_dialog import draft_key

WIDTH = 1200
LOOKED_AFTER, KEPT_AFTER = 200, 800
"""Milliseconds after the last key until the database is asked, and until what was typed is kept on this computer."""
TABLES = frozenset(
    {"voucher", "voucher_pot", "voucher_use", "voucher_policy", "listed_provider", "related_bodies", "instrument"}
)
EDIT = "vouchers.edit"


class UseDialog(Dialog):
    """One use, new (`route` fills in what is known) or a draft (`route.use`). `saved(id, words, step)` once it is
    submitted.
    """

    saved = Signal(object, str, object)

    def __init__(self, parent: QWidget, context: Context, route: UseRoute) -> None:
        self.context, self.route = context, route
        self._base = UseDraft()
        self.look: Look | None = None
        self._split: Split | None = None
        self._asked, self._is_dirty, self._is_offline = 0, False, False
        self._is_first = route.use is not None
        self._first_used: dict[object, Decimal] = {}
        self._moved = ""
        self._draft_key = drafts.free(draft_key(context, VOUCHER_USES, route.use))
        super().__init__(parent, _("用券登记"), WIDTH)
        self._number = row(spacing=theme.Space.S)
        self.head_row.insertLayout(1, self._number)
        self.steps = StepLine()
        held = QWidget()
        lines = column(held)
        lines.setContentsMargins(theme.Space.XL, theme.Space.S, theme.Space.XL, theme.Space.S)
        lines.addWidget(self.steps)
        self._outer.insertWidget(2, held)
        self._outer.insertWidget(3, Line())
        self._top = column(spacing=theme.Space.S)
        self.body.addLayout(self._top)
        both = row(spacing=theme.Space.XL)
        both.addLayout(self._left(), 1)
        self.side = UseSide(self._on_declared)
        both.addWidget(self.side)
        self.body.addLayout(both)
        self.body.addStretch(1)
        self._waiting = QTimer(self, singleShot=True, interval=LOOKED_AFTER)
        self._waiting.timeout.connect(self.ask)
        self._keeping = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._keeping.timeout.connect(self.keep)
        self._make_footer()
        self.fields.edited.connect(self._on_edited)
        context.changed.connect(self._on_changed)
        self._begin()

    def _left(self) -> Any:
        lines = column(spacing=theme.Space.S)
        lines.addWidget(SectionTitle(_("合同")))
        self.fields = UseFields(self.context)
        lines.addWidget(self.fields)
        self.voucher = VoucherChoice(self.apply, self.context.may_write(EDIT))
        self.voucher.chosen.connect(self._on_voucher)
        lines.addWidget(self.voucher)
        lines.addWidget(Line())
        self.policy = PolicyBlock(self.enter_policy)
        lines.addWidget(self.policy)
        lines.addStretch(1)
        return lines

    def _make_footer(self) -> None:
        for keys, words in (("Ctrl+S", _("存草稿")), ("Ctrl+Enter", _("提交"))):
            self.add_left(KeyCap(keys))
            self.add_left(Label(words, "fact"))
        self._first = ElidedLabel("", "caption", "warn")
        self.add_action(self._first)
        self.draft_button = Button(_("存草稿"), icon="save-3-line", clicked=self.put_draft)
        self.add_action(self.draft_button)
        self.submit_button = Button(_("登记使用"), "primary", "check-line", clicked=self.submit)
        self.submit_button.setEnabled(False)
        self.add_action(self.submit_button)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.put_draft)

    # --- what it begins with ---

    def _begin(self) -> None:
        db, route = self.context.db, self.route
        if route.use is not None:
            self._base = voucher_uses.open_use(db, route.use)
        else:
            kinds = (("instrument", route.instrument), ("service_item", route.service_item),
                     ("provider", route.provider))  # fmt: skip
            found = next(((kind, key) for kind, key in kinds if key is not None), None)
            self.fields.hold_resource(read_resource(db, *found) if found else None)
            self.fields.hold_named("organisation", route.organisation)
            self.fields.hold_named("deal", route.deal)
            self._offer_kept()
        self._show(Look(self._base))
        self.ask()

    def first_focus(self) -> QWidget | None:
        """The company, or the amount where company and resource are known already."""
        is_known = self.route.use is not None or (self.fields.editor("organisation").key and self.fields.resource)
        return self.fields.editor("contract_amount" if is_known else "organisation")

    # --- what is typed ---

    @property
    def draft(self) -> UseDraft:
        """What the form holds so far."""
        return self.fields.draft(replace(self._base, is_unrelated=self.side.declared.isChecked()))

    def _on_edited(self, name: str) -> None:
        self._is_dirty = True
        if name == "organisation":
            self._base = replace(self._base, voucher_id=None)
            self._first_used.clear()
        self._resplit()
        self._waiting.start()
        self._keeping.start()

    def _on_declared(self) -> None:
        self._is_dirty = True
        self.ask()

    def _on_voucher(self, key: uuid.UUID | None) -> None:
        self._is_dirty = True
        self._base = replace(self._base, voucher_id=key)
        self._first_used.clear()
        self.ask()

    def _resplit(self) -> None:
        """At once, with the balances last read."""
        look = self.look
        if look is None or look.policy is None:
            return
        amount, invoice = self.fields.read("contract_amount"), self.fields.read("invoice_amount")
        self.fields.say_amount(amount)
        now = look.with_basis(look.policy.basis_of(amount, invoice))
        self._split = now.split
        self.policy.show_split(now, now.split)
        self.side.show_limits(now)

    # --- what the database says of it ---

    def ask(self) -> None:
        """Look in a worker; only the last answer counts."""
        expo_id = self.context.expo_id
        self._waiting.stop()
        if expo_id is None:
            return
        self._asked += 1
        asked, db = self._asked, self.context.db
        is_first, self._is_first = self._is_first, False
        draft = self._base if is_first else self.draft

        def came(look: Look) -> None:
            if asked == self._asked and self.is_open:
                self._is_offline = False
                self._take(look, is_first)

        def failed(error: Exception) -> None:
            if asked == self._asked and self.is_open and isinstance(error, UserError):
                self._say_offline(error)

        run_job(self, "", lambda _progress: voucher_uses.look(db, expo_id, draft), came, failed, card=False)

    def _take(self, look: Look, is_first: bool) -> None:
        if is_first:
            self.fields.hold(look)
            self._offer_kept()
        self._notice_others(look)
        self._show(look)

    def _show(self, look: Look) -> None:
        self.look = look
        clear(self._number)
        if look.use_no:
            self._number.addWidget(Pill(look.use_no, "mute", shape=False))
        self.steps.set(use_words.steps_of(look))
        self.voucher.show_look(look)
        self._show_hints(look)
        self.policy.show_policy(look)
        self.side.show_checks(look)
        self.side.show_limits(look)
        self.policy.show_split(look, look.split)
        self._resplit()
        self._show_state()

    def _show_state(self) -> None:
        """Whether it can be submitted, and what stands in the way first."""
        look = self.look
        may = look is not None and look.may_submit and not self._is_offline
        self.submit_button.setEnabled(may)
        empty, blocking = self.fields.first_empty, look.blocking if look is not None else ()
        what = _("填{field}").format(field=empty) if empty else blocking[0].words if blocking else ""
        self._first.set_text("" if may or not what else _("先处理：{what}").format(what=what))

    def _show_hints(self, look: Look) -> None:
        company, provider, policy = look.company, look.provider, look.policy
        applicant = look.voucher.applicant if look.voucher is not None else ""
        said = [use_words.place(company.region_code), applicant] if company and company.region_code else []
        self.fields.say("organisation", " · ".join(filter(None, said)))
        said = []
        if provider is not None:
            until = provider.listed_until
            said = [provider.name, use_words.place(provider.region_code) if provider.region_code else ""]
            said.append(_("名录有效至 {day}").format(day=until.isoformat()) if until else "")
        self.fields.say("resource", " · ".join(filter(None, said)))
        is_invoice = policy is not None and policy.basis is ShareBasis.INVOICE
        hint = _("本办法按发票金额计") if is_invoice else _("本办法按合同金额计，发票核验时补")
        self.fields.say("invoice_amount", hint if policy is not None else "")
        self.fields.say("other_support", _("填 0 表示确认没有"))
        self.fields.offer_kinds(policy.kinds if policy is not None else None)
        self.fields.say_amount(self.fields.read("contract_amount"))

    def _notice_others(self, look: Look) -> None:
        """Who used balance since the form was opened is said, until it was seen to."""
        words = []
        for limit in look.limits:
            key = self._of(look, limit)
            before = self._first_used.setdefault(key, limit.used)
            if limit.used > before and not limit.is_reserved:
                words.append(_("{limit}少了 {n} 元").format(limit=_(LIMIT_WORDS[limit.key]),
                                                            n=format_yuan(limit.used - before)))  # fmt: skip
        self._moved = ""
        if words:
            self._moved = _("打开表单以后有人用了额度：{what}。金额已重新计算。").format(what=_("，").join(words))
        self.side.say_used(self._moved)

    @staticmethod
    def _of(look: Look, limit: Limit) -> object:
        """Which balance a limit is of."""
        return (
            limit.key, look.policy.id if look.policy else None, look.voucher.id if look.voucher else None,
            look.company.id if look.company else None, look.draft.contract_no if limit.key == "per_use" else "",
        )  # fmt: skip

    def _on_changed(self, tables: frozenset[str]) -> None:
        if self.is_open and tables & TABLES:
            self.ask()

    # --- refusals ---

    def _say(self, error: UserError, buttons: tuple[QWidget, ...] = ()) -> None:
        clear(self._top)
        self._top.addWidget(Banner("bad", str(error), buttons))
        self._area.verticalScrollBar().setValue(0)

    def _say_offline(self, error: UserError) -> None:
        """Nothing can be judged or submitted; what is typed stays, and is kept on this computer."""
        self._is_offline = True
        self.keep()
        retry = Button(_("重试"), icon="refresh-line", clicked=self._retry)
        words = _("{error} 表单里的内容没有丢，只能存成这台电脑上的草稿。").format(error=error.message)
        self._say(UserError(words, error.code), (retry,))
        self._show_state()

    def _retry(self) -> None:
        clear(self._top)
        self.ask()

    # --- drafts ---

    def _typed_values(self) -> dict[str, Any]:
        base = self._base
        return {
            **self.fields.typed(), "is_unrelated": self.draft.is_unrelated,
            "voucher": str(base.voucher_id) if base.voucher_id else "",
        }  # fmt: skip

    def keep(self) -> None:
        """What was typed is kept on this computer, and when is said."""
        if not self._is_dirty or not self.is_open:
            return
        try:
            drafts.keep(self._draft_key, self._typed_values())
        except UserError as error:
            self._say(error)
            return
        self._say_kept(_("草稿 {when} 自动保存"))

    def _say_kept(self, words: str) -> None:
        expo, now = self.context.expo, self.context.now()
        self.note.setText(words.format(when=f"{now.astimezone(expo.zone) if expo else now:%H:%M}"))

    def put_draft(self) -> None:
        """Ctrl+S: into the database, where company and provider are chosen; else on this computer. Reserves nothing."""
        draft, expo_id = self.draft, self.context.expo_id
        if expo_id is None or self._is_offline or draft.organisation_id is None or draft.provider_id is None:
            self._is_dirty = True
            self.keep()
            return
        try:
            use_id = voucher_uses.save_draft(self.context.db, expo_id, draft)
        except UserError as error:
            self._say(error)
            return
        self._base = replace(self._base, use_id=use_id)
        self._is_dirty = False
        drafts.discard(self._draft_key)
        clear(self._top)
        self._say_kept(_("草稿 {when} 已存"))
        self.ask()

    def _offer_kept(self) -> None:
        """What was not submitted the last time."""
        for key, draft in drafts.kept(draft_key(self.context, VOUCHER_USES, self.route.use)):
            name = str(draft.values.get("organisation") or draft.values.get("resource") or "")
            words = _("“{name}”没有提交，内容还在。") if name else _("上次没有提交的内容还在。")

            def take(key: str = key) -> None:
                self.take_up(key)

            def drop(key: str = key) -> None:
                drafts.discard(key)
                clear(self._top)

            buttons = [Button(_("接着填"), clicked=take), Button(_("丢弃"), "text", clicked=drop)]
            self._top.addWidget(Banner("info", words.format(name=name), buttons, icon="draft-line"))

    def take_up(self, key: str = "") -> None:
        """Go on with what was kept on this computer."""
        kept = dict(drafts.kept(draft_key(self.context, VOUCHER_USES, self.route.use)))
        key = key or next(iter(kept), "")
        if key not in kept:
            return
        clear(self._top)
        values = kept[key].values
        self._draft_key, self._is_dirty = key, True
        self.fields.take(values)
        voucher = values.get("voucher")
        self._base = replace(self._base, voucher_id=uuid.UUID(voucher) if voucher else None)
        self.side.declared.setChecked(bool(values.get("is_unrelated")))
        self.ask()

    def cancel(self) -> None:
        """Esc and the cross: nothing is asked, what was typed is kept as a draft."""
        if self._is_dirty and self.is_open:
            self.keep()
            again, owner, context, route = type(self), self._window, self.context, self.route

            def go_on() -> None:
                box = again(owner, context, route)
                box.open()
                box.take_up()

            messages.show(self, _("没有提交，内容已存为草稿"), "info", (_("接着填"), go_on))
        self.close_with(None)

    # --- other ways ---

    def enter_policy(self) -> None:
        """录入办法: what was typed stays as a draft."""
        company = self.look.company if self.look is not None else None
        values = {"region_code": company.region_code} if company is not None and company.region_code else {}
        self.cancel()
        self.context.navigate(ListRoute(POLICIES, new=True, values=values))

    def apply(self) -> None:
        """申领 for the company, over the form; it goes on once that is done."""
        box = ApplyDialog(self, self.context, self.fields.editor("organisation").key)
        box.closed.connect(lambda _done: self.ask())
        box.open()

    # --- submit ---

    def on_submit_keys(self, button: QAbstractButton) -> None:
        if button.isEnabled():
            super().on_submit_keys(button)
            return
        self.fields.problems()
        blocking = self.look.blocking if self.look is not None else ()
        if blocking and not self.fields.has_problem:
            self._area.ensureWidgetVisible(self.side.related if blocking[0] in self._related else self.side.before)

    @property
    def _related(self) -> tuple[object, ...]:
        return self.look.related if self.look is not None else ()

    def submit(self) -> None:
        """Check, ask once where somebody used balance meanwhile, submit, close."""
        if self.fields.problems():
            return
        if self._moved:
            moved, self._moved = self._moved, ""
            self._first_used.clear()
            text = _("{moved} 按新的金额提交吗？").format(moved=moved)
            confirm(self, _("额度变了"), text, _("按新金额提交"), self._submit)
            return
        self._submit()

    def _submit(self) -> None:
        expo_id = self.context.expo_id
        if expo_id is None:
            return
        seen = self._split.share if self._split is not None else None
        try:
            with record_writer.followed() as writers:
                use_id = voucher_uses.submit(self.context.db, expo_id, self.draft, seen)
        except UserError as error:
            self._say(error)
            self.ask()
            return
        drafts.discard(self._draft_key)
        self.close_with(use_id)
        self.saved.emit(use_id, _("已登记用券，等核验"), steps.step_of(EDIT, writers))

    def wanted_size(self) -> QSize:
        """As high as the window from the start: what is read meanwhile moves no button away from under the mouse."""
        return QSize(super().wanted_size().width(), self._window.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(NARROW if self.width() < WIDTH - 1 else WIDE)
