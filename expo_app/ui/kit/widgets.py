"""One place to import the kit's widgets from."""

from expo_app.ui.kit.buttons import Button, Chip, ChipRow, IconButton, MenuButton, Segmented, Tick, repolish
from expo_app.ui.kit.fields import ComboBox, FormField, SearchField, SpinBox
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import ElidedLabel, IconView, KeyCap, Label, Line, Meter, Pill, SectionTitle
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import Card, DetailPanel, FactRow, KpiCard, PageHeader, Tabs, clear, column, row, scrolled
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, NoResult, Skeleton

__all__ = [
    "Banner", "Button", "Card", "Chip", "ChipRow", "ComboBox", "DetailPanel", "ElidedLabel", "EmptyState",
    "ErrorState", "FactRow", "FlowLayout", "FormField", "IconButton", "IconView", "KeyCap", "KpiCard", "Label",
    "Line", "Menu", "MenuButton", "Meter", "NoResult", "PageHeader", "Pill", "SearchField", "SectionTitle", "Segmented",
    "Skeleton", "SpinBox", "Tabs", "Tick", "clear", "column", "repolish", "row", "scrolled",
]  # fmt: skip
