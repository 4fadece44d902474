"""Qt's own words: nothing of a file dialog stays in English beside Chinese."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QTreeView

from expo_app.ui.window import translators


@pytest.fixture
def chinese() -> Iterator[None]:
    usual = QLocale()
    assert translators.install("zh_CN")
    yield
    translators.install("en")
    QLocale.setDefault(usual)


@pytest.mark.parametrize("mode", list(QFileDialog.AcceptMode))
def test_a_file_dialog_speaks_one_language(
    chinese: None, qapp: QApplication, tmp_path: Path, mode: QFileDialog.AcceptMode
) -> None:
    (tmp_path / "子文件夹").mkdir()
    box = QFileDialog(None, "打开展会数据库", str(tmp_path), "展会数据库 (*.db)")
    box.setOption(QFileDialog.Option.DontUseNativeDialog)
    box.setAcceptMode(mode)
    table = box.findChild(QTreeView)
    assert table is not None
    model = table.model()
    said = [label.text() for label in box.findChildren(QLabel)]
    said += [button.text() or button.toolTip() for button in box.findChildren(QAbstractButton)]
    said += [action.text() for action in box.actions()]
    said += [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    said += [QApplication.translate("QAbstractFileIconProvider", "Folder")]
    words = [re.sub(r"\(&\w\)", "", text) for text in said if text]
    assert [text for text in words if re.search("[A-Za-z]", text)] == []
    box.deleteLater()


def test_english_leaves_the_source(chinese: None) -> None:
    translators.install("en")
    assert QApplication.translate("QFileDialog", "&Look in:") == "&Look in:"
