"""Qt's own words (file dialogs, context menus) in the program's language."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

_held: list[QTranslator] = []


def install(language: str) -> bool:
    """Put Qt's translation for `language` ("zh_CN", "en") in force; False where Qt ships none (English needs none)."""
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
    app.installTranslator(translator)
    _held.append(translator)
    return True
