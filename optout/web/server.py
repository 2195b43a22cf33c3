"""Serve the page on this computer, on a port of its own, until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from optout.web.gate import HOST, OPENING, Gate, Key
from optout.web.keeper import Keeper
from optout.web.screens import application

_LAST_ANSWERS_SECONDS: Final = 2
_ENDS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def serve(
    keeper: Keeper, opened: Callable[[str], None], *, until: threading.Event | None = None
) -> None:
    """Serve until Ctrl-C, or until somebody sets `until`.

    `opened` gets the address that opens the page, once, when it is up.
    """
    # Named as TCP: asyncio then sends at once. Else each answer waits 40 ms for the one before.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind((HOST, 0))
        listening.listen()
        port = listening.getsockname()[1]
        key = Key()
        config = uvicorn.Config(
            Gate(application(keeper), port=port, key=key),
            log_config=None,
            log_level=logging.CRITICAL + 1,  # an address can name a request: nothing is written
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        )
        server = _Server(config, lambda: opened(f"http://{HOST}:{port}{OPENING}?token={key.token}"))
        if until:
            threading.Thread(target=server.stop_after, args=(until,), daemon=True).start()
        # What is loaded by now stays: looking through it for what can go would hold up screens.
        gc.freeze()
        try:
            asyncio.run(server.serve(sockets=[listening]))
        finally:
            keeper.end()


class _Server(uvicorn.Server):
    """Says when it is up, and ends quietly: the folder is locked before the program is gone."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._say_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._say_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take Ctrl-C, the end of the terminal and the end of the session as: stop serving.

        The library's own way raises the signal again at the end, before anything was locked.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in _ENDS}
        try:
            yield
        finally:
            for each, usual in before.items():
                signal.signal(each, usual)

    def stop_after(self, until: threading.Event) -> None:
        """Stop once somebody says so."""
        until.wait()
        self.should_exit = True
