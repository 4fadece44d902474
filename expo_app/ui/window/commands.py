"""What the palette offers from anywhere: pages, new records, imports, settings, looks, language, backup."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from expo_app.i18n import LANGUAGES, N_, _, language
from expo_app.specs import SPECS
from expo_app.ui.kit import theme
from expo_app.ui.pages.settings import SECTIONS
from expo_app.ui.window.finder import Command

if TYPE_CHECKING:
    from expo_app.ui.window.frame import Frame

NEW = (
    ("exhibitors", N_("新增参展商")), ("attendees", N_("新增人员")), ("deals", N_("新增成交")),
    ("programme", N_("新增场次")),
)  # fmt: skip
IMPORTS = (
    ("exhibitors", N_("导入参展商")), ("attendees", N_("导入观众名单")), ("programme", N_("导入日程")),
    ("deals", N_("导入成交")),
)  # fmt: skip
LOOKS = (("light", N_("换成浅色")), ("dark", N_("换成深色")), ("system", N_("深浅跟随系统")))


def everywhere(frame: Frame) -> list[Command]:
    """The commands, those used most first; only what this person may do in this file."""
    return [*_pages(frame), *_acts(frame), *_this_computer(frame), *_subjects(frame)]


def _pages(frame: Frame) -> Iterator[Command]:
    for spot, known in enumerate(frame.defs.values(), 1):
        keys = known.shortcut or (f"Ctrl+{spot}" if spot <= 9 else "")
        words = _("进入{page}") if known.own_window else _("打开{page}")
        go = partial(frame.go, known.name)
        yield Command(words.format(page=_(known.title)), "", f"{known.icon}-line", keys, go)


def _acts(frame: Frame) -> Iterator[Command]:
    context, defs = frame.context, frame.defs
    for name, words in NEW:
        if name in defs and context.may_write(SPECS[name].permission):
            yield Command(_(words), _(defs[name].title), "add-line", "Ctrl+N", partial(frame.go, name, new=True))
    for name, words in IMPORTS:
        if name in defs and context.may_write("data.import") and context.may_write(SPECS[name].permission):
            act = partial(frame.do, name, "import_file")
            yield Command(_(words), _(defs[name].title), "upload-2-line", "", act, (_("从 Excel 导入"),))
    if "booths" in defs and context.may_write("floor.edit"):
        booths = defs["booths"]
        title = _(booths.title)
        yield Command(_("调整展位"), title, "drag-move-2-line", "", partial(frame.go, "booths", adjust=True))
        rows = partial(frame.go, "settings", rows=True)
        yield Command(_("成排生成展位"), title, "grid-line", "", rows)
    if "settings" in defs and context.may_write("settings.edit"):
        known, new = defs["settings"], partial(frame.go, "settings", section="expos", new=True)
        yield Command(_("新建展会"), _(known.title), "add-line", "", new)


def _this_computer(frame: Frame) -> Iterator[Command]:
    look = _("外观")
    both = (_("深色"), _("浅色"), _("主题"))
    yield Command(_("切换深浅色"), look, "moon-line", "", frame.toggle_theme, both)
    for key, words in LOOKS:
        if key != theme.choice():
            yield Command(_(words), look, "palette-line", "", partial(frame.set_theme, key), (_("主题"),))
    for key, name in LANGUAGES.items():
        if key != language():
            change = partial(frame.language_wanted.emit, key)
            words = _("切换到{language}").format(language=name)
            yield Command(words, _("语言"), "translate-2", "", change, (_("语言"), "language"))
    if frame.context.may("backup.run"):
        yield Command(_("立即备份"), _("数据"), "history-line", "", frame.machine.backups.back_up)
    yield Command(_("换人操作"), "", "user-line", "", frame.operator_wanted.emit, (_("登录"), _("切换操作员")))
    yield Command(_("本页帮助"), "", "question-line", "F1", frame.open_help)
    yield Command(_("打开其他文件"), "", "folder-open-line", "", frame.start_wanted.emit)


def _subjects(frame: Frame) -> Iterator[Command]:
    if "settings" not in frame.defs:
        return
    known = frame.defs["settings"]
    place = _(known.title)
    for section in SECTIONS:
        go = partial(frame.go, "settings", section=section.key)
        yield Command(_(section.title), place, section.icon, "", go, (_("设置"),))
