"""An event loop on a thread of its own: it goes on while the main thread asks a person.

The browser needs an answer for each request it makes, also during the minutes in which somebody
solves a captcha; and Ctrl-C must find the main thread waiting, never inside the browser's library.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final, Self, TypeVar

T = TypeVar("T")
# On Windows a waiting main thread hears Ctrl-C only when it wakes.
_WAKE_SECONDS: Final = 0.25


class _LoopApart(asyncio.SelectorEventLoop):
    """A loop whose child processes hear no Ctrl-C of the terminal.

    Ctrl-C goes to every process in front of the terminal. The browser's driver would end at once,
    and with it the picture and the last look at the page that the outcome is told from.
    """

    async def subprocess_exec(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - asyncio's
        """Start a child in a session of its own; it still ends when its pipe to us does."""
        return await super().subprocess_exec(*args, **{**options, "start_new_session": True})


class Background:
    """One event loop in one thread, from `with` to its end."""

    def __init__(self, name: str) -> None:
        """Nothing runs yet, and nothing has to be closed."""
        self._name = name
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread

    def __enter__(self) -> Self:
        """Start the thread."""
        self._loop = asyncio.new_event_loop() if sys.platform == "win32" else _LoopApart()
        self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop what still runs, then the thread."""
        self.wait(self._cancel_all())
        self.wait(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait(self, coroutine: Coroutine[Any, Any, T], ctrl_c: CtrlC | None = None) -> T:
        """Run a coroutine over there and return its result; Ctrl-C cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return _patiently(future, ctrl_c)
        except KeyboardInterrupt:
            future.cancel()
            raise

    @staticmethod
    async def _cancel_all() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _patiently(future: Future[T], ctrl_c: CtrlC | None) -> T:
    while True:
        if ctrl_c:
            ctrl_c.check()
        try:
            return future.result(timeout=_WAKE_SECONDS)
        except TimeoutError:
            if future.done():
                return future.result()


class CtrlC:
    """Hear Ctrl-C only where a run can be stopped cleanly: while it waits for the browser.

    Raised anywhere, it can fall into a callback that swallows it, or between a press and the note
    that it was pressed. Pressed a second time, it is raised at once.
    """

    def __init__(self) -> None:
        """Nothing is changed yet."""
        self._asked = False
        self._is_over = False
        self._usual: Any = None

    def __enter__(self) -> Self:
        """Take over, in the main thread: others never hear Ctrl-C."""
        if threading.current_thread() is threading.main_thread():
            self._usual = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_exc: object) -> None:
        """Give back."""
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def check(self) -> None:
        """Raise what was heard."""
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt

    def hear_no_more(self) -> None:
        """Go on to the end: how the run ended is known, and nothing may cut its report short."""
        self._asked, self._is_over = False, True

    @contextmanager
    def as_usual(self) -> Iterator[None]:
        """Let Ctrl-C be raised at once, for a person at a prompt."""
        if self._usual is None:
            yield
            return
        signal.signal(signal.SIGINT, self._usual)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, self._note)

    def _note(self, _signal: int, _frame: object) -> None:
        if self._is_over:
            return
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
