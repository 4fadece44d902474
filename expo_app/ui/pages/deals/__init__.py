"""成交台账: the ledger and its totals that say what they leave out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.model import SIGNED_STAGES, DealKind, DealStage, Entry
from expo_app.routes import ListRoute, Route
from expo_app.routes.deals import CeremonyRoute
from expo_app.routes.vouchers import UseRoute
from expo_app.rules import amounts, currencies
from expo_app.rules.deals_duplicates import Suspicion
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.rules.palette_rows import Command
from expo_app.services import deals, deals_attachments, deals_history, records, roadshow_deals
from expo_app.services.records import Row
from expo_app.services.statistics.deals import deal_figures, deal_totals
from expo_app.services.steps import Step
from expo_app.specs import CONTRACTS, DEALS, Field
from expo_app.specs.chain import Link
from expo_app.specs.deals_figures import DealPart, DealTotals
from expo_app.store.database import Database
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, MenuButton
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.filters import Toggle
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import Card, clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.deals.asking import ask_signing
from expo_app.ui.pages.deals.ceremony import CeremonyDialog
from expo_app.ui.pages.deals.form import DealDialog
from expo_app.ui.pages.deals.papers import Papers, story
from expo_app.ui.pages.deals.share_bar import Share, ShareBar
from expo_app.ui.pages.deals.side import comparison
from expo_app.ui.parts.agreement_of_deal import agreement_notice
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.parts.follow_up import TaskBox, milestone_panel
from expo_app.ui.parts.roadshow_deals import ask_interest
from expo_app.ui.records import state_colours
from expo_app.ui.records.list_page import ListPage, Panel
from expo_app.ui.records.undo_list import Act

__all__ = ["DealDialog", "DealsPage"]

SHARES = ("cat.it", "cat.research", "plum", "cat.energy", "cat.mfg", "cat.service", "cat.health")
STAGES = (*SIGNED_STAGES, DealStage.TERMINATED)


def _largest(parts: Sequence[DealPart], most: int) -> list[tuple[str, Decimal, int]]:
    """(label, yuan, deals) of the parts with an amount, in their order; the smallest together where there are more."""
    known = [(part.label, part.amount, part.count - part.without) for part in parts if part.amount]
    if len(known) <= most:
        return known
    ranked = sorted(known, key=lambda part: part[1])
    rest = ranked[: len(known) - most + 1]
    amount, count = sum((part[1] for part in rest), Decimal(0)), sum(part[2] for part in rest)
    return [*(part for part in known if part not in rest), (_("其余 {n} 类").format(n=len(rest)), amount, count)]


def _share(label: str, amount: Decimal, count: int, token: str) -> Share:
    number, unit = amounts.apart(amount)
    return Share(label, float(amount), token, number, " · ".join(filter(None, (unit, _("{n} 项").format(n=count)))))


class DealsPage(ListPage):
    """One true figure for the press release."""

    spec = DEALS
    noun, counted = N_("成交"), N_("共 {n} 项")
    placeholder = N_("编号、项目、单位、拼音首字母")
    columns = ("deal_no", "entry", "stage", "title", "contract_kind", "sellers", "buyers", "amount", "signed_on")
    stretch = "title"
    gives_way = ("contract_kind", "entry", "buyers", "sellers")
    chips = ("entry", "stage", "kind")
    also_shows = ("deal_party", "organisation")
    also_reads = ("is_prior", "currency")
    _pairs: Sequence[Suspicion] = ()
    dialog_class = DealDialog

    def defaults(self) -> dict[str, Any]:
        return {"kind": DealKind.TECH_CONTRACT, "stage": DealStage.SIGNED}

    def load(self, db: Database, expo_id: uuid.UUID | None) -> list[Row]:
        """Parties of a framework agreement stand where a contract has its seller; its kind where the contract's is."""
        self._pairs = deals.suspected(db, expo_id) if expo_id else []
        rows = records.list_rows(db, self.spec, expo_id, (*self.fields, self.spec.field("others")), spoken=True)
        names = [field.name for field in self.fields]
        seller, contract, kind = (names.index(name) + 1 for name in ("sellers", "contract_kind", "kind"))
        return [self._with_parties(list(r), seller, contract, kind) for r in rows]

    @staticmethod
    def _with_parties(values: list[Any], seller: int, contract: int, kind: int) -> Row:
        others = values.pop(-2)
        values[seller] = values[seller] or others
        values[contract] = values[contract] or values[kind].label
        return tuple(values)

    def is_faded(self, row: Sequence[Any]) -> bool:
        return self.value(row, "entry") is Entry.VOID

    def words(self, field: Field, value: Any) -> str:
        if field.name == "deal_no" and value:
            return short_deal_no(value)
        return super().words(field, value)

    def filters(self) -> list[Toggle]:
        """What the totals name apart."""
        return [
            Toggle("prior", _("此前已签"), lambda row: bool(self.value(row, "is_prior"))),
            Toggle("foreign", _("外币"), lambda row: self.value(row, "currency") != currencies.HOME),
        ]

    def fact(self, rows: Sequence[Row]) -> str:
        totals = self._totals_of(None)
        words = [
            _("已签约 {n} 项").format(n=f"{totals.signed:,}"),
            _("签约 {amount}").format(amount=amounts.in_words(totals.signed_amount)),
            _("意向 {n} 项，{amount}，不相加").format(
                n=totals.intended, amount=amounts.in_words(totals.intended_amount)
            ),
        ]
        more = [totals.holding_words] if totals.holding_words else []
        return " · ".join([*words[:2], *more, *(words[2:] if totals.intended else [])])

    def _totals_of(self, ids: Sequence[uuid.UUID] | None) -> DealTotals:
        if self.context.expo_id is None:
            return DealTotals()
        return deal_totals(self.context.db, self.context.expo_id, ids)

    def totals(self, rows: Sequence[Row]) -> Mapping[str, str]:
        if not rows:
            return {}
        shown = self._totals_of([r[0] for r in rows])
        title = _("已签约 {n} 项").format(n=f"{shown.signed:,}")
        notes = [words for words in (shown.holding_words, shown.left_out, shown.without_words) if words]
        if shown.intended:
            amount = amounts.in_words(shown.intended_amount)
            notes.append(_("意向 {n} 项 {amount}另计").format(n=shown.intended, amount=amount))
        return {
            "deal_no": _("合计"),
            "title": title,
            "amount": amounts.format_wan(shown.signed_amount),
            "": _("；").join(notes),
        }

    # --- above the table ---

    def above_table(self) -> QWidget | None:
        box = QWidget()
        lines = column(box, theme.Space.M)
        self._share_card, self.shares = Card(), ShareBar()
        self._share_card.body.addWidget(self.shares)
        lines.addWidget(self._share_card)
        self._warning = column()
        lines.addLayout(self._warning)
        return box

    def refreshed(self) -> None:
        if self.context.expo_id is None:
            return
        every = deal_figures(self.context.db, self.context.expo_id).shares
        parts, without = _largest(every, len(SHARES)), sum(part.without for part in every)
        shares = [_share(*part, token) for part, token in zip(parts, SHARES, strict=False)]
        unpriced = Share(_("无金额或未折算"), 0, "border", f"{without:,}", _("项"))
        self.shares.set([*shares, unpriced] if without else shares)
        self._share_card.setVisible(bool(parts))
        self._warn_of_duplicates()

    def _warn_of_duplicates(self) -> None:
        clear(self._warning)
        found = self._pairs
        if not found:
            return
        pair = found[0]
        text = _("{a} 与 {b} 可能重复：{why}。核对前不计入签约公报。").format(
            a=pair.deal.deal_no, b=short_deal_no(pair.other.deal_no), why=pair.text
        )
        if len(found) > 1:
            text += _("另有 {n} 处。").format(n=len(found) - 1)
        buttons: list[QWidget] = [Button(_("并排核对"), clicked=partial(self._compare, pair))]
        if self.context.may_write("deals.confirm"):
            buttons.append(Button(_("确认不是重复"), "text", clicked=partial(self._clear, pair)))
        self._warning.addWidget(Banner("warn", text, buttons))

    def _compare(self, pair: Suspicion) -> None:
        dialog = Dialog(self, _("并排核对"), theme.Width.DIALOG)
        dialog.body.addWidget(comparison(pair))
        for deal in (pair.deal, pair.other):
            button = Button(_("打开 {no}").format(no=short_deal_no(deal.deal_no)))
            button.clicked.connect(partial(self._go, dialog, deal.id))
            dialog.add_action(button)
        dialog.open()

    def _go(self, dialog: Dialog, deal_id: uuid.UUID | None) -> None:
        dialog.cancel()
        self.open_with(ListRoute(DEALS, record=deal_id))

    def _clear(self, pair: Suspicion) -> None:
        if pair.deal.id is not None:
            self.attempt(partial(deals.clear_duplicate, self.context.db, pair.deal.id), _("已记录，不是重复"))

    # --- moving on ---

    def act_of(self, words: str, record_id: uuid.UUID, step: Step | None, is_new: bool) -> Act:
        """A deal that counts is never deleted: to take its entry back is to void it."""
        db = self.context.db
        entry = records.get(db, self.spec, record_id)["entry"]
        if not is_new or entry is Entry.DRAFT:
            return super().act_of(words, record_id, step, is_new)
        if not self.context.may_write("deals.confirm"):
            return Act(words, None)
        made = {record_id: ({"entry": Entry.VOID}, {"entry": entry})}
        return Act(words, partial(deals.restore_entries, db, made, _("撤销新增")))

    def remove(self, ids: Sequence[uuid.UUID] | None = None) -> None:
        """Only drafts are deleted; of anything else it is said before anybody confirms, and 作废 offered."""
        wanted = list(ids or self.meant())
        entries = {row[0]: self.value(row, "entry") for row in self.rows if row[0] in wanted}
        kept = [key for key in wanted if entries.get(key, Entry.DRAFT) is not Entry.DRAFT]
        if not kept or not self.context.may_write(self.spec.permission):
            super().remove(wanted)
            return
        no = self.value(self.rows[self._index[kept[0]]], "deal_no")
        words = _("{no} 不是草稿，不能删除，可以作废。").format(no=no)
        if len(kept) > 1:
            words = _("其中 {n} 项不是草稿，不能删除，可以作废。").format(n=f"{len(kept):,}")
        counting = [key for key in kept if entries[key] is not Entry.VOID]
        if not counting:
            words = _("已作废的项目留在台账里，不能删除。")
        may = bool(counting) and self.context.may_write("deals.confirm")
        messages.show(self, words, "warn", (_("作废"), partial(self._void, counting)) if may else None)

    def delete(self, ids: Sequence[uuid.UUID]) -> None:
        deals.delete_drafts(self.context.db, ids)

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[tuple[str, str, Any]]:
        if not self.context.may_write("deals.edit"):
            return []
        return [(_("有效"), "check-line", self._validate_ticked), (_("作废"), "close-circle-line", self._void_ticked)]

    def _validate_ticked(self, ids: list[uuid.UUID]) -> None:
        if wanted := self.taken(ids, {Entry.VALID: _("早已有效")}, "entry"):
            self.reviving(wanted, "entry", Entry.VOID, _("设为有效"), partial(self._enter, Entry.VALID, wanted))

    def _void_ticked(self, ids: list[uuid.UUID]) -> None:
        if wanted := self.taken(ids, {Entry.VOID: _("早已作废")}, "entry"):
            self._void(wanted)

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        if not self.context.may_write("deals.edit") or values["entry"] is Entry.VOID:
            return []
        step = MenuButton(_("推进"), partial(self._fill_stages, record_id, values), "primary", "arrow-right-line")
        return [Button(_("作废"), "danger", clicked=lambda: self._void([record_id])), step]

    def _fill_stages(self, record_id: uuid.UUID, values: Mapping[str, Any], menu: Menu) -> None:
        for stage in STAGES:
            if stage is values["stage"] or (
                stage is DealStage.REGISTERED and values["kind"] is not DealKind.TECH_CONTRACT
            ):
                continue
            menu.add(stage.label, partial(self._advance, record_id, values, stage))
        if values["entry"] is not Entry.VALID:
            menu.addSeparator()
            menu.add(_("设为有效"), partial(self._enter, Entry.VALID, [record_id]))

    def _advance(self, record_id: uuid.UUID, values: Mapping[str, Any], stage: DealStage) -> None:
        today = self.context.expo.local_day(self.context.now()) if self.context.expo else None
        act = partial(deals.advance, self.context.db, [record_id], stage, today)
        if stage is DealStage.REGISTERED and values["entry"] is Entry.VALID and values["stage"] in SIGNED_STAGES:
            self.context.navigate(ListRoute(CONTRACTS, record=record_id))  # the number comes in there
        elif deals.goes_back(values["stage"], stage) and deals.was_signed(self.context.db, record_id):
            ask_reason(
                self,
                stage.label,
                _("签约过的项目退回阶段，原因记入经过。"),
                _("确定"),
                lambda why: self._move(values, stage, partial(act, reason=why)),
            )
        else:
            self._move(values, stage, act)

    def _move(self, values: Mapping[str, Any], stage: DealStage, act: Callable[..., None]) -> None:
        said = _("已推进到{stage}").format(stage=stage.label)
        if deals.is_signing(stage, values):
            today = self.context.expo.local_day(self.context.now()) if self.context.expo else None
            ask_signing(self, values, stage, today, lambda day: act(signed_on=day), partial(self.acts.bar, said))
        elif stage is DealStage.TERMINATED:
            ask_reason(
                self,
                _("终止项目"),
                _("终止后不再计入签约，记录保留。"),
                _("终止项目"),
                lambda why: self.attempt(partial(act, reason=why), said),
            )
        else:
            self.attempt(act, said)

    def _enter(self, entry: Entry, ids: list[uuid.UUID]) -> None:
        self._set_entry(ids, entry, _("{n} 项已设为有效"))

    def _void(self, ids: list[uuid.UUID]) -> None:
        text = _("作废的项目留在台账里，灰显，不计入任何合计。")
        ask_reason(
            self, _("作废 {n} 项").format(n=len(ids)), text, _("作废"),
            lambda why: self._set_entry(ids, Entry.VOID, _("已作废 {n} 项"), why),
        )  # fmt: skip

    def _set_entry(self, ids: list[uuid.UUID], entry: Entry, words: str, why: str = "") -> None:
        """All of them at once, and taken back at once."""
        db, changed = self.context.db, dict[uuid.UUID, Any]()
        if self.attempt(lambda: changed.update(deals.set_entry(db, ids, entry, why))) and changed:
            back = partial(deals.restore_entries, db, changed)
            self.remember(words.format(n=len(changed)), back, partial(back, why or _("重做"), forth=True))

    # --- the panel ---

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        amount = values["amount"]
        facts = [values["kind"].label, amounts.in_words(amount)]
        if values["foreign_amount"] is not None:
            facts.insert(1, amounts.own_in_words(values["foreign_amount"], values["currency"]))
            facts[2] = facts[2] if amount is not None else _("未折算")
        if values["is_prior"]:
            facts.append(_("此前已签"))
        pills = [(short_deal_no(values["deal_no"]), "info")]
        pills += [(values[name].label, state_colours.pill(values[name])) for name in ("entry", "stage")]
        return values["title"], " · ".join(facts), pills

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        kept = len(deals_attachments.attachments(self.context.db, record_id))
        words = _("附件 {n}").format(n=kept) if kept else _("附件")
        return [
            Panel("steps", _("经过"), partial(self._story, record_id)),
            milestone_panel(self, self.context, self.acts, record_id),
            Panel("papers", words, partial(self._papers, record_id, values)),
        ]

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        chain = ChainStrip(self.context, self.spec.name, record_id, partial(self._begin, record_id))
        also = agreement_notice(self.context, record_id) if values["kind"] is DealKind.FRAMEWORK else []
        return [*also, chain, TaskBox(self, self.context, self.acts, "deal_id", record_id)]

    def _begin(self, record_id: uuid.UUID, link: Link) -> Callable[[], object] | None:
        """Of which interest a deal came may be said afterwards."""
        expo_id = self.context.expo_id
        if link.key != "interest" or expo_id is None or not self.context.may_write(self.spec.permission):
            return None
        choices = roadshow_deals.without_deal(self.context.db, expo_id)
        return partial(ask_interest, self, self.context, self.acts, record_id, choices) if choices else None

    def commands(self) -> Sequence[Command]:
        """A voucher may pay for a test of the current deal."""
        current = self.view.current_id()
        if current is None or not self.context.may_write("vouchers.edit"):
            return super().commands()
        go = partial(self.context.navigate, UseRoute(deal=current))
        return [*super().commands(), Command(_("登记用券"), self.what, "coupon-3-line", "", go)]

    def _story(self, record_id: uuid.UUID) -> list[QWidget]:
        zone = self.context.expo.zone if self.context.expo else None
        return story(deals_history.history(self.context.db, record_id), zone)

    def _papers(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        needs_reason = deals.was_signed(self.context.db, record_id)
        return [Papers(self.context, record_id, values["deal_no"], needs_reason)]

    # --- the ceremony ---

    def actions(self) -> list[QWidget]:  # type: ignore[override]
        return [Button(_("签约仪式"), icon="slideshow-3-line", clicked=self.open_ceremony)]

    def open_ceremony(self, item: uuid.UUID | None = None) -> CeremonyDialog | None:
        """What is signed on stage, at one item of the programme or all."""
        if self.context.expo_id is None:
            return None
        box = CeremonyDialog(self, self.context, self.remember, item)
        box.open()
        return box

    def open_with(self, route: Route) -> None:
        super().open_with(route)
        if isinstance(route, CeremonyRoute):
            self.open_ceremony(route.item)
