"""The window: start page, one open database in its frame, the pages, the palette, the status bar."""

from expo_app.ui.window.main_window import Window
from expo_app.ui.window.pages import PAGES, PageDef

__all__ = ["PAGES", "PageDef", "Window"]
