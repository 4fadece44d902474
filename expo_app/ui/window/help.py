"""F1: the page of the user guide that belongs to a screen, from resources/help/<language>/<page>.md, and its keys."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QTextBrowser, QWidget

from expo_app import paths
from expo_app.i18n import N_, _, language
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog

EVERYWHERE = (
    ("Ctrl+K", N_("命令面板")), ("Ctrl+1…9", N_("各页面")), ("Ctrl+F", N_("页内搜索")), ("F1", N_("本页帮助")),
    ("F5", N_("刷新")), ("F6", N_("下一个区域")), ("F11", N_("签到台")), ("Ctrl+B", N_("收起导航")),
    ("Ctrl+Z / Ctrl+Y", N_("撤销 / 重做")), ("Esc", N_("关闭最上层")),
)  # fmt: skip
LISTS = (
    ("↑↓", N_("选择行")), ("Enter", N_("打开详情")), ("Space", N_("勾选")), ("Shift+↑↓", N_("连续选择")),
    ("Ctrl+A", N_("勾选全部")), ("F", N_("筛选")), ("Ctrl+N", N_("新增")), ("F2", N_("编辑")),
    ("Delete", N_("删除（先询问）")), ("Ctrl+C", N_("复制为表格")),
)  # fmt: skip
FORMS = (("Tab", N_("下一项")), ("Alt+↓", N_("打开选项")), ("Ctrl+S", N_("存草稿")), ("Ctrl+Enter", N_("提交")))
KEYS = ((N_("到处可用"), EVERYWHERE), (N_("列表"), LISTS), (N_("表单"), FORMS))


def text_of(page: str) -> str:
    """The help of a page in the current language as Markdown: its own text, then the keys."""
    path = paths.resource("help", language(), f"{page}.md")
    own = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [own] if own else []
    for title, keys in KEYS:
        rows = "\n".join(f"| `{key}` | {_(words)} |" for key, words in keys)
        parts.append(f"### {_(title)}\n\n| {_('按键')} | {_('作用')} |\n|---|---|\n{rows}\n")
    return "\n\n".join(parts)


def show(parent: QWidget, page: str, title: str) -> Dialog:
    """Open the help of a page."""
    box = Dialog(parent, _("帮助：{page}").format(page=title))
    view = QTextBrowser()
    view.setOpenLinks(False)
    view.anchorClicked.connect(lambda url: QDesktopServices.openUrl(QUrl(url)))
    view.setMarkdown(text_of(page))
    view.setMinimumHeight(theme.Width.SEARCH)
    box.body.addWidget(view)
    box.add_action(Button(_("关闭"), "primary", clicked=box.cancel), safe=True)
    box.open()
    return box
