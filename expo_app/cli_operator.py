"""Who works at the command line: `--operator`, with the PIN from `EXPO_PIN` or typed at the terminal itself, as is the
password of a server.

Standard input is never asked: it holds badge codes, or nothing.
"""

from __future__ import annotations

import os
import sys

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import operators
from expo_app.store.database import Database, shown

PIN = "EXPO_PIN"


def enter(db: Database, name: str) -> None:
    """Work as the operator of that name from now on; without a name as the command line itself, where it may."""
    if not name:
        db.actor = operators.unnamed_actor(db)
        return
    is_asked = any(operator.name == name and operator.is_asked for operator in operators.list_active(db))
    db.actor = operators.sign_in(db, name, _pin(name) if is_asked else "")


def _pin(name: str) -> str:
    given = os.environ.get(PIN, "")
    if given:
        return given
    try:
        return typed(_("{name} 的 PIN：").format(name=name))
    except OSError:
        raise UserError(
            _(
                "{name} 要输 PIN，这里没有终端可问，什么也没有做。请在终端里运行，或把 PIN 放进环境变量 {variable}。"
            ).format(name=name, variable=PIN),
            "E-NO-TERMINAL",
        ) from None


def password(address: str) -> str:
    """That of a server, typed at the terminal; "" where there is none to ask at."""
    try:
        return typed(_("{address} 的密码：").format(address=shown(address)))
    except OSError:
        return ""


def typed(prompt: str) -> str:
    """A line typed unseen at the terminal, wherever standard input comes from; OSError where there is none.

    Not `getpass`, which reads standard input where it finds no terminal.
    """
    return _typed_on_windows(prompt) if sys.platform == "win32" else _typed_on_posix(prompt)


def _typed_on_posix(prompt: str) -> str:
    import termios

    with open("/dev/tty", "r+b", buffering=0) as terminal:
        try:
            usual = termios.tcgetattr(terminal)
            unseen = [*usual[:3], usual[3] & ~termios.ECHO, *usual[4:]]
            termios.tcsetattr(terminal, termios.TCSAFLUSH, unseen)
        except termios.error as error:
            raise OSError(*error.args) from error
        try:
            terminal.write(prompt.encode())
            line = terminal.readline()
        finally:
            termios.tcsetattr(terminal, termios.TCSAFLUSH, usual)
            terminal.write(b"\n")
    if not line:
        raise KeyboardInterrupt
    return line.decode(errors="replace").rstrip("\r\n")


def _typed_on_windows(prompt: str) -> str:
    import msvcrt  # its functions speak to the console, not to the standard streams

    getwch, putwch = msvcrt.getwch, msvcrt.putwch  # type: ignore[attr-defined]
    with open("CONIN$", encoding="utf-8"):
        for letter in prompt:
            putwch(letter)
        line = ""
        while (letter := getwch()) not in "\r\n":
            if letter in "\x03\x1a\uffff":
                raise KeyboardInterrupt
            if letter in "\0\xe0":  # an arrow or function key, which has a second part
                getwch()
                continue
            line = line[:-1] if letter == "\b" else line + letter
        putwch("\r")
        putwch("\n")
    return line
