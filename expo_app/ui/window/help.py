"""F1: the user guide, resources/help/<language>/<page>.md, each page followed by the keys."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,  # noqa: TID251  the guide is ours
    QTextFrame,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QWidget  # noqa: TID251

from expo_app import paths
from expo_app.i18n import N_, _, language
from expo_app.specs import RecordSpec
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.window.pages import PAGES

INDEX, LINE_HEIGHT = "index", 130  # per cent
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
FORMS = (
    ("Tab", N_("下一项")), ("Alt+↓", N_("打开选项")), ("Ctrl+S", N_("存草稿")), ("Enter", N_("按选中的按钮")),
    ("Ctrl+Enter", N_("提交")), ("Esc", N_("取消（填过的先问，或存为草稿）")),
)  # fmt: skip
KEYS = ((N_("到处可用"), EVERYWHERE), (N_("列表"), LISTS), (N_("表单"), FORMS))


PLAIN = (
    N_("**每条记录写**：{fields}。"),
    N_("**找**：在搜索框输入文字、拼音或拼音首字母；筛选可以叠加，每个条件后面是会剩下多少条。"),
    N_("**导入、导出**：别人发来的名单原样[导入](importing.md)，先看每行会怎样，再写入；导出的表头就是上面这些名字。"),
    N_("**改**：选中一条看详情，改动留在审计里，**Ctrl+Z** 一步步撤销。"),
)
"""What the guide says of a list that has no page of its own in it."""


def text_of(page: str) -> str:
    """The help of a page in the current language as Markdown: its own text, then the keys."""
    path = paths.resource("help", language(), f"{page}.md")
    plain = next((known.spec for known in PAGES if known.name == page and known.spec), None)
    own = path.read_text(encoding="utf-8") if path.exists() else text_of_list(plain) if plain else ""
    parts = [own] if own else []
    for title, keys in KEYS if page != INDEX else ():
        rows = "\n".join(f"| **{key}** | {_(words)} |" for key, words in keys)
        parts.append(f"### {_(title)}\n\n| {_('按键')} | {_('作用')} |\n|---|---|\n{rows}\n")
    return "\n\n".join(parts)


def text_of_list(spec: RecordSpec) -> str:
    """The guide to a plain list, worked out from its spec."""
    fields = _("、").join(field.title for field in spec.writable)
    return f"## {spec.label}\n\n" + "".join(f"- {_(line).format(fields=fields)}\n" for line in PLAIN)


class HelpView(QTextBrowser):
    """One page of the guide; a link to another page opens it here, any other link the system's browser."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.setProperty("role", "reading")
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.setMinimumHeight(theme.Width.SEARCH + theme.Width.RAIL // 2)
        self.show_page(page)

    def show_page(self, page: str) -> None:
        """Show another page, from its top."""
        self.page = page
        self.setAccessibleName(_("帮助"))
        self.setMarkdown(text_of(page))
        self._loosen()
        for table in _tables(self.document().rootFrame()):
            _calm(table)
        self.verticalScrollBar().setValue(0)

    def _loosen(self) -> None:
        """Room between lines and paragraphs; lists start near the margin."""
        self.document().setIndentWidth(theme.Space.L)
        style = QTextBlockFormat()
        style.setBottomMargin(theme.Space.S)
        style.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        everything = QTextCursor(self.document())
        everything.select(QTextCursor.SelectionType.Document)
        everything.mergeBlockFormat(style)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the guide, as wide as the text."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        ratio = self.devicePixelRatioF()
        wide = theme.Width.DIALOG - 4 * theme.Space.XL
        image = QImage(str(paths.resource("help", language(), QUrl(name).toString())))
        if image.width() > wide * ratio:
            image = image.scaledToWidth(round(wide * ratio), Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
        return image

    def _follow(self, link: QUrl) -> None:
        if link.isRelative() and link.path().endswith(".md"):
            self.show_page(link.path().removesuffix(".md"))
        else:
            QDesktopServices.openUrl(link)


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child


def _calm(table: QTextTable) -> None:
    """Hairlines and room instead of the boxes Markdown tables come with."""
    style = table.format().toTableFormat()
    style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    style.setBorderCollapse(True)
    style.setBorder(1)
    style.setBorderBrush(theme.color("border"))
    style.setCellPadding(theme.Space.XS)
    style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(style)


def show(parent: QWidget, page: str, title: str) -> Dialog:
    """Open the help of a page."""
    box = Dialog(parent, _("帮助：{page}").format(page=title))
    view = HelpView(page)
    box.body.addWidget(view)
    box.add_left(Button(_("全部帮助"), "text", "list-check", clicked=lambda: view.show_page(INDEX)))
    box.add_action(Button(_("关闭"), "primary", clicked=box.cancel), safe=True)
    box.open()
    return box
