"""An event loop on a thread of its own: it goes on while the main thread asks a person.

The browser needs an answer for each request it makes, also during the minutes in which somebody
solves a captcha; and Ctrl-C must find the main thread waiting, never inside the browser's library.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Final, Self, TypeVar

T = TypeVar("T")
# On Windows a waiting main thread hears Ctrl-C only when it wakes.
_WAKE_SECONDS: Final = 0.25


class Background:
    """One event loop in one thread, from `with` to its end."""

    def __init__(self, name: str) -> None:
        """Nothing runs yet."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop what still runs, then the thread."""
        self.wait(self._cancel_all())
        self.wait(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine over there and return its result; Ctrl-C cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return _patiently(future)
        except KeyboardInterrupt:
            future.cancel()
            raise

    @staticmethod
    async def _cancel_all() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _patiently(future: Future[T]) -> T:
    while True:
        try:
            return future.result(timeout=_WAKE_SECONDS)
        except TimeoutError:
            if future.done():
                return future.result()
