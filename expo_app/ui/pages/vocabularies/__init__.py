"""类目: the vocabularies of an expo at the left, the words of the chosen one beside them."""

from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.settings import SectionRoute
from expo_app.services import records
from expo_app.specs import CATEGORIES
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import column, row, scrolled
from expo_app.ui.page import Page
from expo_app.ui.pages.vocabularies.category_list import CategoryList
from expo_app.ui.pages.vocabularies.entries import Entry, entries
from expo_app.ui.pages.vocabularies.word_list import WordList

WIDTH = 184


class EntryButton(Button):
    """A vocabulary with how many of its words are in use."""

    def __init__(self, title: str) -> None:
        super().__init__(title, "section")
        self._title, self._count = title, ""
        self.setCheckable(True)

    def set_count(self, count: int) -> None:
        """Show another number."""
        self._count = f"{count:,}"
        self.setAccessibleName(f"{self._title} {self._count}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        room = QRect(0, 0, self.width() - theme.Space.M, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._count)


class VocabulariesPage(Page):
    """A `SectionRoute` of its name shows a vocabulary; the `ListRoute` of one, or of all words, what is asked there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._made: dict[str, Page] = {}
        self._buttons: dict[str, EntryButton] = {}
        outer = column(self, theme.Space.M)
        outer.setContentsMargins(theme.Space.XL, theme.Space.L, 0, 0)
        self._heads = QStackedWidget()
        self._heads.setContentsMargins(0, 0, theme.Space.XL, 0)
        self._heads.setSizePolicy(self._heads.sizePolicy().horizontalPolicy(), self._heads.sizePolicy().Policy.Maximum)
        outer.addWidget(self._heads)
        line = row(spacing=0)
        line.addWidget(self._contents())
        self._stack = QStackedWidget()
        line.addWidget(self._stack, 1)
        outer.addLayout(line, 1)
        self.key = ""
        self.choose(entries()[0].name)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._count)

    def _contents(self) -> QWidget:
        content = QWidget()
        lines = column(content, 2)
        group, one = "", QButtonGroup(self)
        for entry in entries():
            if entry.group != group:
                lines.addSpacing(theme.Space.S if group else 0)
                lines.addWidget(Label(_(entry.group), "fact"))
            group = entry.group
            button = EntryButton(entry.spec.label)
            button.clicked.connect(partial(self.choose, entry.name))
            one.addButton(button)
            self._buttons[entry.name] = button
            lines.addWidget(button)
        lines.addStretch(1)
        area = scrolled(content)
        area.setFixedWidth(WIDTH)
        return area

    @property
    def current(self) -> Page:
        """The page of the vocabulary shown."""
        return self._made[self.key]

    def choose(self, name: str, _checked: bool = False) -> None:
        """Show a vocabulary."""
        self.key = name
        self._buttons[name].setChecked(True)
        if name not in self._made:
            made = self._made[name] = self._make(next(entry for entry in entries() if entry.name == name))
            self._stack.addWidget(made)
            if isinstance(made, WordList):
                self._heads.addWidget(made.header)
        made = self._made[name]
        self._heads.setVisible(isinstance(made, WordList))
        if isinstance(made, WordList):
            self._heads.setCurrentWidget(made.header)
        self._stack.setCurrentWidget(made)
        self._count()

    def _make(self, entry: Entry) -> Page:
        if entry.columns:
            return (CategoryList if entry.spec is CATEGORIES else WordList)(self.context, entry)
        from expo_app.registry import areas

        found = (known for area in areas() for known in area.lists if known.spec is entry.spec)
        made: Page = next(found).make(self.context)
        return made

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & {"word", "word_choice", *(entry.spec.table.name for entry in entries())}:
            self._count()

    def _count(self) -> None:
        """How many words of each vocabulary are in use."""
        for entry in entries():
            if entry.columns:
                count = len(self.context.terms(entry.name).offered)
            else:
                count = records.count(self.context.db, entry.spec, self.context.expo_id)
            self._buttons[entry.name].set_count(count)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._count()

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, SectionRoute) and route.key in self._buttons:
            self.choose(route.key)
        elif isinstance(route, ListRoute):
            name = route.spec.name if route.spec.name in self._buttons else self._home_of(route)
            self.choose(name)
            self.current.open_with(route)

    def _home_of(self, route: ListRoute) -> str:
        """The vocabulary of the word that is asked for."""
        shown = [entry.name for entry in entries() if entry.columns]
        return next((name for name in shown if self.context.terms(name).get(route.record)), self.key)

    def place(self) -> Route:
        return SectionRoute(self.key)

    def undo(self) -> None:
        self.current.undo()

    def redo(self) -> None:
        self.current.redo()

    def refresh(self) -> None:
        self.current.refresh()
        self._count()

    def focus_search(self) -> None:
        self.current.focus_search()
