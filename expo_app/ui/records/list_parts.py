"""What a list screen is made of: its usual buttons, the line below the table, what is said about ticked rows, and what
stands in the table's place when it has nothing to show.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.specs import RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import KeyCap, Label
from expo_app.ui.kit.panels import clear, row
from expo_app.ui.kit.placeholders import EmptyState, NoResult

KEYS = (("↑↓", N_("选择")), ("Enter", N_("打开")), ("Space", N_("勾选")), ("F", N_("筛选")))
Act = Callable[[], object]
BulkAction = tuple[str, str, Callable[[list[uuid.UUID]], object]]


def toolbar(
    context: Context, spec: RecordSpec, import_file: Act | None, export: Act | None, add: Act | None
) -> list[Button]:
    """导入, 导出, 新增: those that are given, disabled (and saying why) where the role may not."""
    may_write, buttons = context.may_write(spec.permission), []
    if import_file:
        button = Button(_("导入"), icon="upload-2-line", clicked=import_file)
        buttons.append(_allow(button, may_write and context.may("data.import"), context))
    if export:
        button = Button(_("导出"), icon="download-2-line", clicked=export)
        buttons.append(_allow(button, context.may("data.export"), context))
    if add:
        button = Button(_("新增"), "primary", "add-line", "Ctrl+N", clicked=add)
        button.setToolTip("Ctrl+N")
        buttons.append(_allow(button, may_write, context))
    return buttons


def _allow(button: Button, allowed: bool, context: Context) -> Button:
    button.setEnabled(allowed)
    if not allowed:
        usual = _("{role}没有这项权限").format(role=context.actor.role.label)
        button.setToolTip(_("数据库以只读方式打开") if context.is_read_only else usual)
    return button


class Foot(QWidget):
    """The line below a table: how many rows, which columns found no room, the keys."""

    def __init__(self, can_tick: bool) -> None:
        super().__init__()
        self._line = line = row(self)
        line.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        self.count, self._hidden = Label("", "fact"), Label("", "fact")
        line.addWidget(self.count)
        line.addWidget(self._hidden)
        line.addStretch(1)
        for keys, words in KEYS:
            if can_tick or keys != "Space":
                line.addWidget(KeyCap(keys))
                line.addWidget(Label(_(words), "fact"))
        self.set_hidden(())

    def add_keys(self, keys: str, words: str) -> None:
        """One more key, behind the usual ones."""
        self._line.addWidget(KeyCap(keys))
        self._line.addWidget(Label(words, "fact"))

    def add_link(self, words: str, icon: str, go: Act) -> None:
        """A way to somewhere else, after the counts."""
        self._line.insertWidget(2, Button(words, "link", icon, clicked=go))

    def set_hidden(self, labels: Sequence[str]) -> None:
        """Headers of the columns left out; an open panel says what they hold."""
        self._hidden.setText(_("· 收起 {n} 列").format(n=len(labels)))
        self._hidden.setToolTip(_("、").join(labels))
        self._hidden.setVisible(bool(labels))


class BulkBar(QWidget):
    """What can be done with the ticked rows: 已选 3 and a text button for each act; nothing when none is ticked.

    Ticked rows that a filter hides are counted beside it: no act touches them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._line = row(self, 0)

    def show_acts(self, count: int, hidden: int, acts: Iterable[tuple[str, str, Act]]) -> None:
        """Offer these acts for so many ticked rows; `hidden`: ticked ones that are not shown."""
        clear(self._line)
        if not count and not hidden:
            return
        words = _("已选 {n}").format(n=f"{count:,}")
        if hidden:
            words = _("已选 {n}，另有 {m} 被筛选隐藏").format(n=f"{count:,}", m=f"{hidden:,}")
        self._line.addWidget(Label(words, "fact"))
        for said, icon, call in acts:
            self._line.addWidget(Button(said, "text", icon, clicked=call))


def nothing_there(
    icon: str,
    what: str,
    save_template: Act | None,
    import_file: Act | None,
    add: Act | None,
    others: Sequence[QWidget] = (),
) -> EmptyState:
    """An empty list and the ways to fill it; `others`: further buttons, which stand first."""
    buttons: list[QWidget] = []
    text = ""
    if import_file and save_template:
        text = _("从 Excel 名单导入，或逐条新增。导入前会先预览，不会覆盖已有记录。")
        buttons = [
            Button(_("下载模板"), icon="download-2-line", clicked=save_template),
            Button(_("导入名单"), "primary", "upload-2-line", clicked=import_file),
        ]
    elif add:
        buttons = [Button(_("新增"), "primary", "add-line", clicked=add)]
    return EmptyState(icon, _("还没有{what}").format(what=what), text, [*others, *buttons])


def nothing_found(conditions: str, clear_all: Act, add: Act | None) -> NoResult:
    """No row meets the conditions."""
    others = [Button(_("新增"), "text", "add-line", clicked=add)] if add else []
    return NoResult(conditions, _("去掉一个条件试试，或清除全部条件。"), clear_all, others)
