"""The command line is called in the reader's language, people as they are written."""

from expo_app.i18n import set_language
from expo_app.rules.who import COMMAND_LINE, called


def test_the_command_line_is_called_in_the_readers_language() -> None:
    assert [called(name) for name in (COMMAND_LINE, "周敏", "", None)] == ["命令行", "周敏", "", ""]
    set_language("en")
    assert [called(name) for name in (COMMAND_LINE, "周敏")] == ["command line", "周敏"]
