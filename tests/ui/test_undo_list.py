"""Acts of a page and their toasts: an offered 撤销 takes back the act it tells of, never another."""

from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.undo_list import Act, UndoList


def offers(window: QMainWindow) -> list[tuple[str, Button]]:
    """What toasts on the screen offer to take back."""
    QApplication.processEvents()
    found = [(toast.text, toast.findChildren(Button)) for toast in messages.toasts(window) if toast.isVisible()]
    return [(text, buttons[0]) for text, buttons in found if buttons]


def test_only_the_last_act_is_offered_for_undo(window: QMainWindow) -> None:
    state: list[str] = []
    acts = UndoList(window.centralWidget())
    for name in ("甲", "乙"):
        state.append(name)
        acts.add(Act(name, state.pop, lambda name=name: state.append(name)))
    assert [text for text, _button in offers(window)] == ["乙"]
    acts.undo()  # by Ctrl+Z, while the toast still stands
    assert (state, offers(window)) == (["甲"], [])
    acts.redo()
    assert (state, offers(window)) == (["甲", "乙"], [])


def test_the_offer_takes_its_act_back(window: QMainWindow) -> None:
    state = ["甲"]
    acts = UndoList(window.centralWidget())
    acts.add(Act("甲", state.pop))
    ((_text, button),) = offers(window)
    button.click()
    assert (state, acts.can_undo, offers(window)) == ([], False, [])
