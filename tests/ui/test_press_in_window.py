"""发布口径 from anywhere in two clicks, in the program's own window, on an expo that is not the sample."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from expo_app.model import Entry
from expo_app.services import deals
from expo_app.store.database import open_database
from expo_app.ui.kit import jobs
from expo_app.ui.pages.deals import DealsPage
from expo_app.ui.pages.statistics import StatisticsPage
from tests.factories import make_deal, make_expo


def settle(qapp):
    """Until nothing is being counted or read."""
    for _n in range(3):
        qapp.processEvents()
        while jobs.running():
            qapp.processEvents()
    qapp.processEvents()


def test_two_clicks_and_a_key_to_the_records_as_they_were(main_window, tmp_path, qapp):
    path = tmp_path / "spring.db"
    db = open_database(path, create=True)
    with db.transaction() as session:
        expo = make_expo(session, name="春季交易会")
        counted = make_deal(session, expo, "水下定位系统", "8600000")
        make_deal(session, expo, "氢能电堆", "100", is_prior=True)
    db.close()
    main_window.open(str(path))
    settle(qapp)
    frame = main_window.frame
    QTest.mouseClick(rail_item(frame, "统计"), Qt.MouseButton.LeftButton)
    settle(qapp)
    page = frame.page
    assert isinstance(page, StatisticsPage)
    QTest.mouseClick(page.switch.button("press"), Qt.MouseButton.LeftButton)
    settle(qapp)
    face = page.face
    number = face.seen.shown.number("signed")
    assert (number.value, number.amount_shown) == (1, "860.00 万元")
    assert "此前已签的 1 项不算：氢能电堆" in number.words
    face.approve_button.click()
    settle(qapp)
    assert page.header._fact.whole_text.startswith("发布口径 · 时点 ")
    assert "第 1 版" in page.header._fact.whole_text
    deals.set_entry(frame.context.db, [counted.id], Entry.VOID, "签错了")
    settle(qapp)
    face.setFocus()
    QTest.keyClick(face, Qt.Key.Key_4)
    settle(qapp)
    shown = frame.page
    assert isinstance(shown, DealsPage)
    assert [row[0] for row in shown.model.rows()] == [counted.id]
    assert "发布口径第 1 版：签约 1" in {button.text() for button in shown.findChildren(QPushButton)}


def rail_item(frame, words: str) -> QWidget:
    """The entry of the rail that says so."""
    return next(
        item
        for item in frame.rail.findChildren(QWidget)
        if item.accessibleName().startswith(words) and item.isVisible()
    )
