"""Qt's own words (file dialogs, context menus) in the program's language."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

_held: list[QTranslator] = []
_PROVIDER, _DIALOG, _PRINT = "QAbstractFileIconProvider", "QFileDialog", "QPrintSettingsOutput"
GAPS: Mapping[str, Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        "zh_CN": {
            (_DIALOG, "&Look in:"): "位置(&L)：",
            (_DIALOG, "Files of &type:"): "文件类型(&T)：",
            (_DIALOG, "All files (*)"): "所有文件 (*)",
            (_PROVIDER, "Drive"): "磁盘",
            (_PROVIDER, "File"): "文件",
            (_PROVIDER, "%1 File"): "%1 文件",
            (_PROVIDER, "File Folder"): "文件夹",
            (_PROVIDER, "Folder"): "文件夹",
            (_PROVIDER, "Shortcut"): "快捷方式",
            (_PROVIDER, "Alias"): "替身",
            (_PROVIDER, "Symbolic Link"): "符号链接",
            (_PROVIDER, "Unknown"): "未知",
            (_PRINT, "Duplex Printing"): "双面打印",
            (_PRINT, "None"): "无",
            (_PRINT, "Long side"): "长边",
            (_PRINT, "Short side"): "短边",
            (_PRINT, "All Pages"): "所有页",
            (_PRINT, "Odd Pages"): "奇数页",
            (_PRINT, "Even Pages"): "偶数页",
        }
    }
)
"""What Qt 6.11's own translation leaves in English: (context, source) → words."""


class _Gaps(QTranslator):
    """Answers what Qt's catalogue has no words for."""

    def __init__(self, words: Mapping[tuple[str, str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def isEmpty(self) -> bool:
        return not self._words

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return self._words.get((context, source))  # None: the next translator is asked


def install(language: str) -> bool:
    """Put Qt's translation for `language` ("zh_CN", "en") in force; False where Qt ships none."""
    app = QCoreApplication.instance()
    if app is None:
        return False
    while _held:
        app.removeTranslator(_held.pop())
    QLocale.setDefault(QLocale(language))
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(f"qtbase_{language}", folder):
        return False
    for part in (_Gaps(GAPS.get(language, {})), translator):  # the newest is asked first
        app.installTranslator(part)
        _held.append(part)
    return True
