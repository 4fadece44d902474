"""A sheet of days that opens beside a field."""

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QWidget

from expo_app.i18n import language
from expo_app.ui.kit import theme
from expo_app.ui.kit.layouts import column

GAP = 2  # px between a field and what opens from it
WEEKEND = (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)


def beside(field: QRect, size: QSize, room: QRect) -> QPoint:
    """Where a box of `size` opens: under `field`, above it where there is no room below, inside `room` all over."""
    below, above = field.bottom() + 1 + GAP, field.top() - GAP - size.height()
    top = below if below + size.height() <= room.bottom() + 1 or above < room.top() else above
    left = min(field.left(), room.right() + 1 - size.width())
    return QPoint(max(room.left(), left), top)


class _Sheet(QCalendarWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale(language()))
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setGridVisible(False)
        quiet = QTextCharFormat()
        quiet.setForeground(theme.color("text.2"))
        self.setHeaderTextFormat(quiet)
        for weekday in WEEKEND:
            self.setWeekdayTextFormat(weekday, quiet)

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate) -> None:
        """Days of the months before and after stand back, weekends among them too."""
        if day.month() == self.monthShown():
            super().paintCell(painter, rect, day)
            return
        painter.setPen(theme.color("text.3"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(day.day()))


class Calendar(QFrame):
    """The month of `day`, where its keys begin; `chosen` with the day pressed, after which it is gone."""

    chosen = Signal(QDate)

    def __init__(self, field: QWidget, day: QDate) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sheet = sheet = _Sheet()
        sheet.setSelectedDate(day)
        sheet.activated.connect(self._on_day)
        sheet.clicked.connect(self._on_day)
        column(self, 0, 1).addWidget(sheet)
        self.adjustSize()
        corner = field.mapToGlobal(QPoint(0, 0))
        self.move(beside(QRect(corner, field.size()), self.size(), field.screen().availableGeometry()))
        self.show()
        sheet.setFocus()

    def _on_day(self, day: QDate) -> None:
        self.close()
        self.chosen.emit(day)
