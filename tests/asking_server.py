"""A server that asks everybody for a password and accepts none: enough of PostgreSQL's protocol for libpq to say so."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

NO_THANKS = {80877103, 80877104}
"""Requests for TLS and GSS encryption."""
ASK = b"R" + struct.pack("!II", 8, 3)
TEXT = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"
REFUSE = b"E" + struct.pack("!I", 4 + len(TEXT)) + TEXT


@dataclass
class Asking:
    """`passwords` that were tried, in their order."""

    port: int
    passwords: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"postgresql://desk@127.0.0.1:{self.port}/expo"


@contextmanager
def asking() -> Iterator[Asking]:
    """The server, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        known = Asking(listener.getsockname()[1])
        threading.Thread(target=_serve, args=(listener, known), daemon=True).start()
        yield known


def _serve(listener: socket.socket, known: Asking) -> None:
    while True:
        try:
            caller = listener.accept()[0]
        except OSError:  # the test is over
            return
        with caller:
            _answer(caller, known)


def _answer(caller: socket.socket, known: Asking) -> None:
    while (code := struct.unpack("!I", _rest(caller)[:4])[0]) in NO_THANKS:
        caller.sendall(b"N")
    assert code >> 16 == 3
    caller.sendall(ASK)
    if caller.recv(1) == b"p":
        known.passwords.append(_rest(caller).rstrip(b"\0").decode())
        caller.sendall(REFUSE)


def _rest(caller: socket.socket) -> bytes:
    """A message behind its length."""
    size = struct.unpack("!I", caller.recv(4, socket.MSG_WAITALL))[0]
    return caller.recv(size - 4, socket.MSG_WAITALL)
