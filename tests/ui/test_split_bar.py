"""The split of an amount shows both amounts whole, however small a part is and however narrow its place."""

from decimal import Decimal

from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from expo_app.ui.kit import theme
from expo_app.ui.pages.vouchers.split_bar import LINE, THIN, Part, SplitBar

NOTES = ("Paid by the region; paid to provider", "Company pays the provider; deal value unchanged")


def test_a_small_part_in_a_narrow_panel_stands_below_the_bar(qtbot: QtBot) -> None:
    bar = SplitBar(32)
    qtbot.addWidget(bar)
    bar.show()
    bar.set_parts(Part("Voucher", Decimal("1700.00"), NOTES[0]), Part("Own", Decimal("83000.00"), NOTES[1]))
    bar.resize(560, bar.height())
    assert not bar.is_stacked
    bar.resize(200, bar.height())
    assert bar.is_stacked
    note = QFontMetrics(theme.font("caption")).height()
    assert bar.height() >= THIN + 2 * LINE + 2 * note
    bar.set_parts(Part("Voucher", Decimal(0)), Part("Own", Decimal("83000.00"), NOTES[1]))
    assert not bar.is_stacked  # one part has the whole bar
