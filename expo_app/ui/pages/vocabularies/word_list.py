"""One vocabulary: its words in a table that is edited in place, where they are seen, and what merging and hiding do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import N_, _, singular
from expo_app.model import WordRole
from expo_app.routes import ListRoute, Route
from expo_app.rules.terms import Term, Terms
from expo_app.services import record_writer, records, steps, words
from expo_app.services.words import PRESETS, Preset, Usage
from expo_app.specs import SPECS
from expo_app.specs.names import name_key
from expo_app.specs.words import ROLES
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, MenuButton
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.labels import Line as Hairline
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import Card, PageHeader, column, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState, ErrorState
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.page import Page
from expo_app.ui.pages.vocabularies.cells import Line
from expo_app.ui.pages.vocabularies.dialogs import MergeDialog, OfferDialog
from expo_app.ui.pages.vocabularies.entries import COLUMNS, FOR_WRITERS, Entry
from expo_app.ui.pages.vocabularies.looks import LookPopup, Sample
from expo_app.ui.pages.vocabularies.table import WordTable, corner_below
from expo_app.ui.records import list_parts
from expo_app.ui.records.undo_list import Act, UndoList, step_act

KEYS = (("↑↓", N_("选择")), ("F2", N_("改名")), ("Alt+↑↓", N_("移动")), ("M", N_("并入")), ("H", N_("隐藏或显示")))
MANY = 12
"""Words from which the search above the table is always there."""


class WordList(Page):
    """`header` stands above the page, beside the list of vocabularies."""

    def __init__(self, context: Context, entry: Entry) -> None:
        super().__init__()
        self.context, self.entry, self.spec = context, entry, entry.spec
        self.terms: Terms[Term] = Terms()
        self.usage: Usage | None = None
        self._stale = True
        self._wanted: list[Callable[[], object]] = []
        self.acts = UndoList(self)
        self.may_edit = context.may_write(self.spec.permission) and context.expo_id is not None
        self._build()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)

    # --- building ---

    def _build(self) -> None:
        self.header = PageHeader(_("类目 · {what}").format(what=self.spec.label))
        for button in self._buttons():
            self.header.add(button)
        content = QWidget()
        lines = column(content, theme.Space.M)
        self.search = SearchField(_("搜索名称、英文、别名"))
        self.search.searched.connect(lambda _text: self._show())
        self.search.hide()
        lines.addWidget(self.search)
        shown = [name for name in self.entry.columns if self.may_edit or name not in FOR_WRITERS]
        columns = [COLUMNS[name]() for name in shown]
        self.table = WordTable(self.spec.label, columns, self.save_cell, content, self.entry.tall)
        self.table.may_edit = self.may_edit
        self.table.asked.connect(self.do)
        self.table.moved.connect(self.move_word)
        self.table.current_changed.connect(self._say_merge)
        self._card = TableCard(self.table)
        self._card.add_below(Hairline())
        self._card.add_below(self._foot())
        lines.addWidget(self._card)
        self._about = self._make_about()
        lines.addWidget(self._about)
        lines.addStretch(1)
        self._area = scrolled(content)
        self._state: QWidget | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self._area)
        outer = column(self, theme.Space.S)
        outer.setContentsMargins(theme.Space.L, 0, theme.Space.XL, theme.Space.M)
        outer.addWidget(self._pages, 1)
        outer.addLayout(self._keys())
        self.setFocusProxy(self.table)
        self._follow = QTimer(self, singleShot=True, interval=0)
        self._follow.timeout.connect(self._reveal)
        self.table.current_changed.connect(self._follow.start)

    def _buttons(self) -> list[Button]:
        """导入, 导出, 新增."""
        buttons = list_parts.toolbar(self.context, self.spec, self.import_file, self.export, self.add)
        buttons[-1].set_text(_("新增{what}").format(what=singular(self.spec.title)))
        buttons[-1].setEnabled(self.may_edit)
        return buttons

    def _foot(self) -> QWidget:
        foot = QWidget()
        line = row(foot)
        line.setContentsMargins(theme.Space.L, theme.Space.XS, theme.Space.S, theme.Space.XS)
        self.add_line = Button(_("新增一行"), "text", "add-line", clicked=self.add)
        self.presets = MenuButton(_("套用预设"), self._fill_presets, icon="list-check")
        line.addWidget(self.add_line)
        line.addStretch(1)
        line.addWidget(self.presets)
        if not self.may_edit:
            foot.hide()
        return foot

    def _make_about(self) -> QWidget:
        card = self._card_about = Card(_("在哪里看得到"), _("颜色和图案一起用，黑白也分得清"), theme.Space.M)
        self._samples = QWidget()
        card.body.addWidget(self._samples)
        self._merging, self._lacking = Label("", "fact", wrap=True), Label("", "fact")
        self._lacking_head = Label(_("没填"), "caption.bold")
        self._open_lacking = Button(_("打开名单"), "link", clicked=self._show_lacking)
        self._open_lacking.setAccessibleName(_("打开没填的名单"))
        said = Label(_("用过的不能删，只能隐藏；旧记录照样显示"), "fact", wrap=True)
        for head, parts in (
            (Label(_("合并"), "caption.bold"), (self._merging,)),
            (Label(_("隐藏"), "caption.bold"), (said,)),
            (self._lacking_head, (self._lacking, self._open_lacking)),
        ):
            line = row()
            head.setMinimumWidth(theme.Space.XXXL)
            line.addWidget(head)
            for part in parts:
                line.addWidget(part, len(parts) == 1)
            if len(parts) > 1:
                line.addStretch(1)
            card.body.addLayout(line)
        return card

    def _keys(self) -> Any:
        line = row()
        line.addStretch(1)
        for keys, said in KEYS if self.may_edit else KEYS[:1]:
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(_(said), "fact"))
        return line

    # --- reading ---

    @property
    def _tables(self) -> set[str]:
        found = {"word", "word_choice", self.spec.table.name}
        if self.entry.shown_in:
            kept = SPECS[self.entry.shown_in]
            found |= {kept.table.name, *(SPECS[parent.spec].table.name for parent in (kept.parents or {}).values())}
        return found

    def refresh(self) -> None:
        """Read the words again, and how many records use them."""
        self._stale = False
        try:
            self._read()
        except UserError as error:
            self._show_state(ErrorState(_("读不出{what}").format(what=self.spec.label), error, self.refresh))
            return
        self._show()

    def _read(self) -> None:
        db, expo_id, shown_in = self.context.db, self.context.expo_id, self.entry.shown_in
        self.terms = words.terms(db, self.spec.name, expo_id)
        self.usage = words.usage(db, self.spec, SPECS[shown_in], expo_id) if shown_in else None

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & self._tables:
            if self.isVisible():
                self.refresh()
            else:
                self._stale = True

    def _on_expo(self) -> None:
        self.acts.clear()
        self.search.set_text("")
        self._stale = True
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
        wanted, self._wanted = self._wanted, []
        for act in wanted:
            act()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.table.problem.hide()

    def line_of(self, term: Term) -> Line:
        """A word as the table shows it."""
        used = None if self.usage is None else self.usage.counts.get(term.id, 0)
        values = {"name": term.name, "name_en": term.name_en, "aliases": words.LIST_MARK.join(term.aliases)}
        return Line(term, used, values)

    def _show(self) -> None:
        if not len(self.terms) and not self.table.is_editing:
            self._show_state(self._empty())
            self.header.set_fact(_("还没有词"))
            return
        self._pages.setCurrentWidget(self._area)
        wanted = name_key(self.search.text())
        self.search.setVisible(bool(wanted) or self.search.hasFocus() or len(self.terms) > MANY)
        found = [term for term in self.terms if not wanted or _is_found(term, wanted)]
        self.table.can_move = self.may_edit and not wanted
        self.table.show_lines([self.line_of(term) for term in found])
        self.header.set_fact(self._fact())
        self._show_about()

    def _fact(self) -> str:
        shown, hidden = len(self.terms.offered), len(self.terms) - len(self.terms.offered)
        said = _("{n} 个在用、{m} 个隐藏") if hidden else _("{n} 个在用")
        parts = [said.format(n=shown, m=hidden)]
        if self.usage is not None:
            filled = self.usage.whole - self.usage.without
            told = _("{list} {n} 条，{m} 条已填")
            parts.append(told.format(list=self.usage.list.label, n=f"{self.usage.whole:,}", m=f"{filled:,}"))
        return " · ".join([*parts, _("改名会改所有记录的显示，不改原始数据")])

    def _show_about(self) -> None:
        held = QWidget()
        flow = FlowLayout(held, theme.Space.S)
        for term in self.terms.offered:
            flow.addWidget(Sample(term, self.line_of(term).used))
        self._card_about.body.replaceWidget(self._samples, held)
        held.show()
        self._samples.hide()
        self._samples.deleteLater()
        self._samples = held
        self._say_merge()
        without = self.usage.without if self.usage else 0
        what = self.usage.list.label if self.usage else ""
        said = _("{n} 条{list}没有{what}").format(n=f"{without:,}", list=what, what=self.spec.label)
        self._lacking.setText(said if without else _("都填了"))
        for part in (self._lacking_head, self._lacking):
            part.setVisible(self.usage is not None)
        self._open_lacking.setVisible(bool(without))

    def _say_merge(self) -> None:
        term = self.terms.get(self.table.current_key())
        used = self.line_of(term).used if term else None
        said = _("“{name}”的 {n} 条记录改成并入的那个，原名记成别名，可撤销")
        usual = _("记录改成并入的那个，原名记成别名，可撤销")
        self._merging.setText(said.format(name=term.label, n=f"{used:,}") if term and used else usual)

    def _empty(self) -> EmptyState:
        buttons: list[QWidget] = []
        if self.may_edit:
            buttons = [Button(_("新增"), icon="add-line", clicked=self.add)]
            buttons.append(MenuButton(_("套用预设"), self._fill_presets, "primary", "list-check"))
        text = _("套用一套现成的词，再改成自己的；以后导入名单时，没见过的词也会先列出来再加进来。")
        return EmptyState("price-tag-3-line", _("还没有{what}").format(what=self.spec.label), text, buttons)

    def _show_state(self, state: QWidget) -> None:
        if self._state is not None:
            self._pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        self._pages.addWidget(state)
        self._pages.setCurrentWidget(state)

    def _reveal(self) -> None:
        """The current row in sight: the page scrolls, not the table."""
        index = self.table.currentIndex()
        content = self._area.widget()
        if index.isValid() and content is not None and self.table.hasFocus():
            point = self.table.viewport().mapTo(content, self.table.visualRect(index).center())
            self._area.ensureVisible(point.x(), point.y(), 0, 2 * theme.Height.ROW)

    # --- going somewhere ---

    def open_with(self, route: Route) -> None:
        """A word, a search, the line for a new one, or a file of them."""
        if not isinstance(route, ListRoute):
            return
        if route.search or route.record:
            self.search.set_text(route.search)
            self._when_shown(self._show)
        if route.imports:
            self.import_file()
        elif route.new:
            self._when_shown(self.add)
        elif route.record is not None:
            self._when_shown(partial(self._choose, route.record))

    def _when_shown(self, act: Callable[[], object]) -> None:
        if self.isVisible() and not self._stale:
            act()
        else:
            self._wanted.append(act)

    def _choose(self, key: uuid.UUID) -> None:
        self.table.choose(key)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        self.search.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def undo(self) -> None:
        self.acts.undo()
        self.refresh()

    def redo(self) -> None:
        self.acts.redo()
        self.refresh()

    # --- writing ---

    def add(self) -> None:
        """A line for a new word at the end; a filter is taken off, for what is new may not meet it."""
        if not self.may_edit:
            return
        if self.search.text():
            self.search.set_text("")
            self._show()
        self._pages.setCurrentWidget(self._area)
        self.table.begin_new()

    def save_cell(self, key: uuid.UUID | None, name: str, text: str) -> Mapping[str, str]:
        """Keep what was typed in a cell; problems by field."""
        if key is None:
            return self._kept({name: text, **self._begins()}, None, _("已新增“{name}”").format(name=text))
        term = self.terms.get(key)
        if term is None:
            self.refresh()
            return {}
        seen = {"name": term.name, "name_en": term.name_en, "aliases": list(term.aliases) or None}
        said = _("已改名：{name}").format(name=text) if name == "name" else _("已保存“{name}”").format(name=term.name)
        return self._kept({name: self._tidied(term, text) if name == "aliases" else text}, key, said, seen)

    def _begins(self) -> dict[str, Any]:
        """What a new word is taken for until somebody says otherwise."""
        roles = ROLES.get(self.spec.constant.get("vocabulary"), ())  # type: ignore[arg-type]
        return {"role": WordRole.OTHER if WordRole.OTHER in roles else roles[0]} if roles else {}

    def _tidied(self, term: Term, text: str) -> str:
        """Each alias once, and not the word itself."""
        field = self.spec.field("aliases")
        spelt: dict[str, str] = {}
        for word in field.parse(text) or ():
            spelt.setdefault(name_key(word), word)
        spelt.pop(name_key(term.name), None)
        return words.LIST_MARK.join(spelt.values())

    def _kept(
        self, values: Mapping[str, Any], key: uuid.UUID | None, said: str, seen: Mapping[str, Any] | None = None
    ) -> Mapping[str, str]:
        expo_id, new = self.context.expo_id, key
        try:
            with record_writer.followed() as writers:
                new = records.save(self.context.db, self.spec, values, key, expo_id=expo_id, seen=seen)
        except InvalidRecord as refused:
            return refused.problems
        except UserError as error:
            messages.show(self, error)
        else:
            self.acts.add(step_act(said, self.context.db, steps.step_of(self.spec.permission, writers)))
        self.refresh()
        if key is None and new is not None:
            QTimer.singleShot(0, self, partial(self.table.choose, new))
        return {}

    def _do(self, said: str, work: Callable[[], object]) -> bool:
        """Do it, offer to take it back, show it; a refusal is said instead."""
        try:
            with record_writer.followed() as writers:
                work()
        except UserError as error:
            messages.show(self, error)
            self.refresh()
            return False
        self.acts.add(step_act(said, self.context.db, steps.step_of(self.spec.permission, writers)))
        self.refresh()
        return True

    def do(self, verb: str, key: uuid.UUID, about: str = "") -> None:
        """What a cell or a key asks for."""
        term = self.terms.get(key)
        if term is None or (verb != "used" and not self.may_edit):
            return
        acts: dict[str, Callable[[], object]] = {
            "used": partial(self._show_used, term), "look": partial(self.choose_look, term),
            "merge": partial(self.ask_merge, term), "hide": partial(self.hide_word, term),
            "more": partial(self._show_menu, term), "delete": partial(self.delete, term),
            "untag": partial(self._untag, term, about), "role": partial(self._choose_role, term),
        }  # fmt: skip
        acts[verb]()

    def move_word(self, key: uuid.UUID, place: int) -> None:
        """Put a word at another place of the order."""
        if not self.table.can_move:
            return
        term = self.terms.get(key)
        order = [other.id for other in self.terms if other.id != key]
        order.insert(place, key)
        if term is not None:
            said = _("已移动“{name}”").format(name=term.label)
            db, expo_id = self.context.db, self.context.expo_id
            self._do(said, lambda: words.arrange(db, expo_id, self.spec, order))  # type: ignore[arg-type]

    def _restyle(self, term: Term, said: str, **look: Any) -> None:
        db, expo_id = self.context.db, self.context.expo_id
        self._do(said, lambda: words.restyle(db, expo_id, self.spec, term.id, **look))  # type: ignore[arg-type]

    def hide_word(self, term: Term) -> None:
        """Hide a word in forms, or show it again; records keep it."""
        said = _("已重新显示“{name}”") if term.is_hidden else _("已隐藏“{name}”，旧记录照样显示")
        self._restyle(term, said.format(name=term.label), is_hidden=not term.is_hidden)

    def choose_look(self, term: Term) -> None:
        """Open every pair of colour and pattern below the cell."""
        popup = LookPopup(self, term, self.terms)
        said = _("已改“{name}”的颜色和图案").format(name=term.label)
        popup.chosen.connect(lambda colour, pattern: self._restyle(term, said, colour=colour, pattern=pattern))
        popup.open_at(corner_below(self.table, term.id, "look"))

    def ask_merge(self, term: Term) -> None:
        """Ask which word to merge it into."""
        others = [other for other in self.terms if other.id != term.id]
        if not others:
            messages.show(self, _("只有这一个词，没有可以并入的。"))
            return
        with self.context.db.reading() as session:
            count = words.uses(session, self.spec.table).get(term.id, 0)
        note = _("各届展会共用这些词，别届的记录也一起改。") if words.is_of_file(self.spec) else ""
        MergeDialog(self, term, others, count, note, partial(self.merge, term)).open()

    def merge(self, term: Term, kept: Term) -> None:
        """Give every record of a word another one; in a worker, as those may be many."""
        db, expo_id = self.context.db, self.context.expo_id
        said = _("已把“{name}”并入“{kept}”").format(name=term.label, kept=kept.label)

        def work(_progress: object) -> steps.Step | None:
            with record_writer.followed() as writers:
                words.merge(db, self.spec, term.id, kept.id, expo_id)
            return steps.step_of(self.spec.permission, writers)

        def done(step: steps.Step | None) -> None:
            act = step_act(said, db, step)
            self.acts.add(Act(act.words, act.undo, act.redo, slow=True))
            self.refresh()
            self.table.choose(kept.id)

        self.context.run(_("并入“{kept}”").format(kept=kept.label), work, done, parent=self)

    def delete(self, term: Term) -> None:
        """Delete a word that nothing uses; one that is used can be hidden or merged."""
        with self.context.db.reading() as session:
            count = words.uses(session, self.spec.table).get(term.id, 0)
        if count:
            refused = _("“{name}”有 {n} 条记录在用，没有删除，数据未变。可以隐藏（H），或并入另一个词（M）。")
            messages.show(self, refused.format(name=term.label, n=f"{count:,}"), "warn")
            return
        said = _("已删除“{name}”").format(name=term.label)
        self._do(said, lambda: words.remove(self.context.db, self.spec, term.id))

    def _untag(self, term: Term, alias: str) -> None:
        rest = [word for word in term.aliases if word != alias]
        self.save_cell(term.id, "aliases", words.LIST_MARK.join(rest))

    def _choose_role(self, term: Term) -> None:
        menu = Menu(self)
        for role in ROLES.get(self.spec.constant.get("vocabulary"), ()):  # type: ignore[arg-type]
            menu.add(role.label, partial(self._take_role, term, role), ticked=role is term.role)
        menu.popup(corner_below(self.table, term.id, "role"))

    def _take_role(self, term: Term, role: WordRole) -> None:
        if role is not term.role:
            said = _("“{name}”现在用作{role}").format(name=term.label, role=role.label)
            if problems := self._kept({"role": role}, term.id, said, {"role": term.role}):
                messages.show(self, "；".join(problems.values()), "bad")

    def _show_menu(self, term: Term) -> None:
        menu = Menu(self)
        self.fill_menu(menu, term)
        menu.popup(corner_below(self.table, term.id, "acts"))

    def fill_menu(self, menu: Menu, term: Term) -> None:
        """All that can be done with a word, and its key."""
        edit, here = self.table.edit_cell, self.table.words.place_of(term.id)
        acts: list[tuple[str, str, Callable[[], object]]] = [
            (_("改名"), "F2", partial(edit, term.id, "name")),
            (_("改英文"), "", partial(edit, term.id, "name_en")),
            (_("改别名"), "", partial(edit, term.id, "aliases")),
            (_("颜色和图案"), "", partial(self.choose_look, term)),
            (_("上移"), "Alt+↑", partial(self.move_word, term.id, here - 1)),
            (_("下移"), "Alt+↓", partial(self.move_word, term.id, here + 1)),
            (_("并入…"), "M", partial(self.ask_merge, term)),
            (_("重新显示") if term.is_hidden else _("隐藏这个词"), "H", partial(self.hide_word, term)),
            (_("删除"), "Del", partial(self.delete, term)),
        ]
        for said, keys, call in acts:
            act = menu.add(said, call, keys)
            if keys.startswith("Alt"):
                target = here + (-1 if keys.endswith("↑") else 1)
                act.setEnabled(self.table.can_move and 0 <= target < len(self.table.words.lines))

    # --- lists behind the numbers ---

    def _show_used(self, term: Term) -> None:
        if self.usage is not None:
            said = f"{self.spec.label} {term.label}"
            self.context.navigate(ListRoute(self.usage.list, trace=self.usage.trace(term.id, said)))

    def _show_lacking(self) -> None:
        if self.usage is not None:
            said = _("没有{what}").format(what=self.spec.label)
            self.context.navigate(ListRoute(self.usage.list, trace=self.usage.trace(None, said)))

    # --- ready-made words and files ---

    def _fill_presets(self, menu: Menu) -> None:
        menu.add(_("只补没有的，不动已有的"))
        for preset in PRESETS:
            if preset.spec == self.spec.name:
                menu.add(_(preset.title), partial(self.offer_preset, preset))
        menu.addSeparator()
        menu.add(_("从文件导入…"), self.import_file)
        with self.context.db.reading() as session:
            last = words.last_edition(session, self.context.expo_id) if self.context.expo_id else None
        if last is None:
            menu.add(_("从上一届沿用…"), keys=_("没有上一届"))
        else:
            menu.add(_("从上一届沿用…"), partial(self.offer_last, last))

    def offer_preset(self, preset: Preset) -> None:
        """Show first what a ready-made set would add."""
        db, expo_id = self.context.db, self.context.expo_id
        with db.reading() as session:
            offered = words.offered(session, self.spec, expo_id, preset.name)
        said = _("已套用预设：{title}").format(title=_(preset.title))
        add = partial(self._do, said, lambda: words.add_preset(db, expo_id, preset.name))  # type: ignore[arg-type]
        OfferDialog(self, _("套用预设：{title}").format(title=_(preset.title)), offered, add).open()

    def offer_last(self, last: uuid.UUID) -> None:
        """Show first what the last edition's words would add; those of the file are shown as they were there."""
        db, expo_id = self.context.db, self.context.expo_id
        take = partial(
            self._do,
            _("已从上一届沿用"),
            lambda: words.take_over(db, expo_id, self.spec, last),  # type: ignore[arg-type]
        )
        if words.is_of_file(self.spec):
            title, text = _("照上一届的样子显示？"), _("顺序、颜色、图案和隐藏都照上一届；词本身不变。可撤销。")
            messages.confirm(self, title, text, _("沿用"), take)
            return
        with db.reading() as session:
            offered = words.offered_by(session, self.spec, expo_id, last)  # type: ignore[arg-type]
        OfferDialog(self, _("从上一届沿用"), offered, take).open()

    def import_file(self) -> None:
        """Open the import wizard."""
        from expo_app.ui.records.import_wizard import ImportWizard

        ImportWizard(self, self.context, self.spec, self.spec.label, self.acts).open()

    def export(self) -> None:
        """Open the export dialog."""
        from expo_app.ui.records.export_dialog import ExportDialog

        every = [term.id for term in self.terms]
        shown = [line.key for line in self.table.words.lines if line.key]
        ExportDialog(self, self.context, self.spec, every, shown, [], self.spec.label).open()


def _is_found(term: Term, wanted: str) -> bool:
    return any(wanted in name_key(word) for word in (term.name, term.name_en, term.key, *term.aliases))
