"""A network in between that can fail: it forwards to a server, falls silent, or cuts."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Listens on a free loopback port and forwards to host:port. Silent: nothing passes, connections stay open."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._open: list[socket.socket] = []
        self._passing = threading.Event()
        self._passing.set()
        self._is_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def fall_silent(self) -> None:
        self._passing.clear()

    def cut(self) -> None:
        """Every connection ends, none is made."""
        self._is_cut = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def heal(self) -> None:
        self._is_cut = False
        self._passing.set()

    def close(self) -> None:
        self._passing.set()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                here, _address = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                here.close()
                continue
            there = socket.create_connection(self._there)
            self._open += [here, there]
            for ends in ((here, there), (there, here)):
                threading.Thread(target=self._forward, args=ends, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._passing.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
