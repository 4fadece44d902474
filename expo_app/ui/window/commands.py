"""What the palette offers from anywhere: pages, new records, imports, settings, looks, language, backup."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from expo_app.i18n import LANGUAGES, N_, _, language
from expo_app.registry import areas
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.rules.palette_rows import Command
from expo_app.ui.kit import theme
from expo_app.ui.pages.settings import subjects

if TYPE_CHECKING:
    from expo_app.ui.window.frame import Frame

LOOKS = (("light", N_("换成浅色")), ("dark", N_("换成深色")), ("system", N_("深浅跟随系统")))


def everywhere(frame: Frame) -> list[Command]:
    """The commands, those used most first; only what this person may do in this file."""
    return [*_pages(frame), *_acts(frame), *_this_computer(frame), *_subjects(frame)]


def _pages(frame: Frame) -> Iterator[Command]:
    spots = {name: spot for spot, name in enumerate((d.name for d in frame.defs.values() if not d.inside), 1)}
    for known in frame.defs.values():
        spot = spots.get(known.name, 0)
        keys = known.shortcut or (f"Ctrl+{spot}" if 0 < spot <= 9 else "")
        words = _("进入{page}") if known.own_window else _("打开{page}")
        go = partial(frame.show_page, known.name)
        yield Command(words.format(page=_(known.title)), "", f"{known.icon}-line", keys, go)


def _acts(frame: Frame) -> Iterator[Command]:
    context, defs = frame.context, frame.defs
    lists = [entry for area in areas() for entry in area.lists if context.may_write(entry.spec.permission)]
    for entry in sorted((entry for entry in lists if entry.new), key=lambda entry: entry.new.order):
        go = partial(frame.go, ListRoute(entry.spec, new=True))
        yield Command(entry.new_words, _(defs[entry.page_name].title), "add-line", "Ctrl+N", go)
    takes = [entry for entry in lists if entry.imported and context.may_write("data.import")]
    for entry in sorted(takes, key=lambda entry: entry.imported.order):
        go, place = partial(frame.go, ListRoute(entry.spec, imports=True)), _(defs[entry.page_name].title)
        yield Command(entry.import_words, place, "upload-2-line", "", go, (_("从 Excel 导入"),))
    for act in (act for area in areas() for act in area.acts):
        if context.may_write(act.permission):
            go = partial(frame.go, act.route)
            yield Command(_(act.words), _(defs[act.page].title), act.icon, "", go)


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
    place = _(frame.defs[SectionRoute.page].title)
    for section in subjects():
        go = partial(frame.go, SectionRoute(section.key))
        yield Command(_(section.title), place, section.icon, "", go, (_("设置"),))
