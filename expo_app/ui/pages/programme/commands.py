"""What is done to the programme from the plan: each act is saved at once, said, and can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.rules.programme_clashes import Clash
from expo_app.rules.programme_remedies import Remedy, free_place
from expo_app.services import programme, records
from expo_app.services.programme import Item, Position, Programme
from expo_app.services.steps import Step
from expo_app.specs import PROGRAMME
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.kit.menus import Menu
from expo_app.ui.pages.programme import blocks
from expo_app.ui.pages.programme.item_dialog import ItemDialog
from expo_app.ui.pages.programme.publish import PublishDialog
from expo_app.ui.records.undo_list import Act, UndoList, attempt, step_act

Call = Callable[[], object]


class PlanActs:
    """Acts on `planned`, on the `day` shown. `host` carries dialogs and toasts; `done(id)` is called after each act to
    read again and to show that item (None: nothing in particular)."""

    def __init__(self, host: QWidget, context: Context, done: Callable[[uuid.UUID | None], object]) -> None:
        self._host, self._context, self._done = host, context, done
        self.list = UndoList(host)
        self._toast: messages.Toast | None = None
        self.planned: Programme | None = None
        self.day: date | None = None

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return self.list.can_undo

    def clear(self) -> None:
        """Forget what was done (another expo)."""
        self.list.clear()

    def find(self, key: Any) -> Item | None:
        """The item of that id."""
        return self.planned.find(key) if self.planned else None

    def menu_of(self, item: Item) -> Menu:
        """What can be done with an item."""
        menu, may_edit = Menu(self._host), self._context.may_write(PROGRAMME.permission)
        locked, free = item.slot.is_locked, may_edit and not item.slot.is_locked
        offered: list[tuple[str, str, Call, bool]] = [
            (_("编辑"), "Enter", partial(self.edit, item.id), True),
            (_("解锁") if locked else _("锁定"), "", partial(self.lock, item, not locked), may_edit),
            (_("移到待排"), "U", partial(self.to_tray, item.id), free and item.is_placed),
            (_("排到当天空档"), "", partial(self.place_free, item), free),
            (_("删除"), "", partial(self.remove, item), may_edit),
        ]
        for words, keys, call, on in offered:
            menu.add(words, call, keys).setEnabled(on)
        return menu

    # --- saying ---

    def say(self, words: str, kind: str, action: messages.Action | None = None) -> None:
        """One toast of this page at a time: a row of moves is no row of toasts."""
        self.hush()
        self._toast = messages.show(self._host, words, kind, action)
        self._toast.gone.connect(self._forget_toast)

    def hush(self) -> None:
        """Take the last toast away."""
        if self._toast is not None:
            self._toast.dismiss()

    def _forget_toast(self) -> None:
        self._toast = None

    def _did(self, act: Act, kind: str = "ok", words: str = "", quiet: bool = False) -> None:
        """Remember an act and say it, with 撤销."""
        self.list.add(act, say=False)
        if quiet:
            self.hush()
        else:
            self.say(words or act.words, kind, (_("撤销"), self.undo) if act.undo is not None else None)

    def _bar(self, words: str) -> None:
        """Say what cannot be taken back, nor anything before it."""
        self.list.bar(words, say=False)
        self.say(words, "ok")

    def undo(self) -> None:
        """Take back the last act."""
        self.hush()
        self.list.undo()
        self._done(None)

    def redo(self) -> None:
        """Do it again."""
        self.hush()
        self.list.redo()
        self._done(None)

    # --- places ---

    def clashes_at(self, item: Item, to: Position) -> list[Clash]:
        """What an item would clash with at another place."""
        return programme.clashes_at(self.planned, item, to) if self.planned else []

    def put(self, item: Item, to: Position, quiet: bool = False, words: str = "") -> None:
        """Put an item somewhere; new clashes are warned of, not refused. `quiet`: said only where it clashes."""
        before = {clash.key for clash in self.clashes_at(item, item.position)}
        new = [blocks.reason(c, item.id) for c in self.clashes_at(item, to) if c.key not in before]
        db, seen = self._context.db, item.position if item.is_placed else None
        try:
            was = programme.move(db, item.id, to, seen)
        except UserError as error:
            messages.show(self._host, error)
            self._done(item.id)
            return
        words = words or (_("“{title}”移到待排") if to.is_tray else _("“{title}”已移动")).format(title=item.slot.title)
        act = Act(words, partial(programme.move, db, item.id, was, to), partial(programme.move, db, item.id, to, was))
        if new:
            self._did(act, "warn", _("已存入草稿，新增冲突：{what}").format(what=blocks.several(new)))
        else:
            self._did(act, quiet=quiet)
        self._done(item.id)

    def to_tray(self, key: Any) -> None:
        """Take an item off the plan, with its length kept."""
        item = self.find(key)
        if item is not None and item.is_placed:
            self.put(item, Position(None, None, item.position.minutes))

    def place_free(self, item: Item) -> None:
        """Put an item where it clashes with nothing on the day shown."""
        if self.day is None or self.planned is None:
            return
        length = blocks.MINUTE * max(programme.SHORTEST, item.position.minutes)
        found = free_place(item.slot, length, self.planned.slots, self.planned.frame, self.day)
        if found is not None:
            self.put(item, Position(found.room_id, found.starts_at, length // blocks.MINUTE))
            return
        words = _("{day}没有放得下“{title}”的空档，没有移动")
        self.say(words.format(day=blocks.day_words(self.day), title=item.slot.title), "info")

    def refuse(self, key: Any) -> None:
        """Say why an item does not move."""
        item = self.find(key)
        if item is None:
            return
        if not self._context.may_write(PROGRAMME.permission):
            why = _("数据库以只读方式打开") if self._context.is_read_only else _("{role}没有这项权限")
            self.say(why.format(role=self._context.actor.role.label), "info")
            return
        words = _("“{title}”已锁定，没有移动").format(title=item.slot.title)
        self.say(words, "info", (_("解锁"), partial(self.lock, item, False)))

    # --- clashes ---

    def remedy(self, clash: Clash, found: Remedy) -> None:
        """Do what a card proposes."""
        item = self.find(found.item_id)
        if item is not None:
            to = Position(found.room_id, found.starts_at, (found.ends_at - found.starts_at) // blocks.MINUTE)
            words = _("“{title}”：{remedy}").format(title=item.slot.title, remedy=found.label)
            self.put(item, to, words=words)

    def waive(self, clash: Clash, reason: str) -> None:
        """Allow a warning with a reason, or ("") no longer."""
        db, words = self._context.db, _("已允许：{what}") if reason else _("已收回允许：{what}")
        redo, undo = (partial(programme.waive, db, clash, why) for why in (reason, clash.waived or ""))
        if attempt(self._host, redo):
            self._did(Act(words.format(what=clash.kind.label), undo, redo))
        self._done(None)

    # --- one item ---

    def lock(self, item: Item, locked: bool) -> None:
        """Lock or unlock an item."""
        db, words = self._context.db, _("“{title}”已锁定") if locked else _("“{title}”已解锁")
        redo, undo = (partial(programme.lock, db, item.id, on) for on in (locked, not locked))
        if attempt(self._host, redo):
            self._did(Act(words.format(title=item.slot.title), undo, redo))
        self._done(item.id)

    def add(self) -> None:
        """The form for a new item; without room and time it goes to the tray."""
        if self._context.may_write(PROGRAMME.permission):
            self.edit(None)

    def edit(self, item_id: uuid.UUID | None) -> None:
        """The form of an item."""
        try:
            dialog = ItemDialog(self._host, self._context, PROGRAMME, item_id, noun=N_("场次"))
        except UserError as error:
            messages.show(self._host, error)
            self._done(None)
            return
        dialog.saved.connect(partial(self._on_saved, item_id is None))
        dialog.open()

    def _on_saved(self, is_new: bool, item_id: uuid.UUID, _values: object, step: Step | None) -> None:
        self._did(step_act(_("已新增场次") if is_new else _("已保存"), self._context.db, step))
        self._done(item_id)

    def remove(self, item: Item) -> None:
        """Ask, then delete."""
        title = _("删除“{title}”？").format(title=item.slot.title)
        words = _("嘉宾安排、议程和路演项目一起删除，不能恢复，日志里留有记录。只是不办了，可以改为“已取消”。")
        then = partial(self._delete, item.id)
        messages.confirm(self._host, title, words, _("删除场次"), then, danger=True, safe=_("保留场次"))

    def _delete(self, item_id: uuid.UUID) -> None:
        if attempt(self._host, partial(records.delete, self._context.db, PROGRAMME, [item_id])):
            self._bar(_("已删除 1 场"))
        self._done(None)

    # --- publishing ---

    def publish(self) -> None:
        """List what would change, then publish."""
        if self.planned is not None:
            PublishDialog(self._host, self.planned, self._publish).open()

    def _publish(self) -> None:
        try:
            count = programme.publish(self._context.db, self._context.expo_id)  # type: ignore[arg-type]
        except UserError as error:
            messages.show(self._host, error)
        else:
            self._bar(_("已发布 {n} 处改动").format(n=count))
        self._done(None)
