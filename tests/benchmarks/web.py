"""The page with 1,000 requests in the folder: each screen against a bare page and the bare rows.

Bare is what nothing can undercut: an empty Starlette page, served as ours is, and one lookup
for each request of the folder. Companies' definitions are read once, before; a passphrase is slow
on purpose, and stands beside. `optout web` itself is timed until its first screen.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from optout.model.request import Delivery
from optout.sample.scripted_person import PASSPHRASE
from optout.web.gate import HOST, OPENING
from optout.web.keeper import Keeper, Place
from optout.web.server import serve
from optout.workflows.desk import Desk
from optout.workflows.set_out import set_out
from tests.benchmarks.queries import Shape, filled_vault, look_up, now
from tests.benchmarks.ratio import held, medians, milliseconds, seconds, told
from tests.benchmarks.startup import starting

A_THOUSAND = Shape(people=10, each=100, unsettled=100)  # all of them open: the longest screens
REFERENCE = "ABCD-2345"
SCREENS = {
    "/": 1.9,
    "/status": 1.1,
    "/due": 2.0,
    "/pictures": 2.6,
    "/map": 2.3,
    "/papers": 0.3,
    "/answer": 2.0,
    f"/answer/{REFERENCE}": 0.5,
    f"/request/{REFERENCE}": 0.5,
    f"/go/file/{REFERENCE}": 0.5,
}
FIRST_SCREEN = 12.0  # times `import typer`


class Browser:
    """What a browser does, and no more: one connection, one cookie."""

    def __init__(self, opening: str) -> None:
        """Open the page by its link."""
        parts = urlsplit(opening)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        self._cookie = ""
        given = self._answer(f"{parts.path}?{parts.query}").getheader("set-cookie") or ""
        self._cookie = given.partition(";")[0]

    def _answer(self, path: str) -> http.client.HTTPResponse:
        self._connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        answer.read()
        return answer

    def get(self, path: str) -> None:
        """Ask for one screen and read it whole."""
        answer = self._answer(path)
        assert answer.status == 200, (path, answer.status)


@contextmanager
def served(keeper: Keeper) -> Iterator[Browser]:
    """Serve the page, and sit at it."""
    up, ended, opening = threading.Event(), threading.Event(), list[str]()

    def opened(address: str) -> None:
        opening.append(address)
        up.set()

    thread = threading.Thread(target=serve, args=(keeper, opened), kwargs={"until": ended})
    thread.start()
    up.wait(30)
    try:
        yield Browser(opening[0])
    finally:
        ended.set()
        thread.join()


def empty(_request: Request) -> PlainTextResponse:
    """Answer with nothing."""
    return PlainTextResponse("")


def name_one(desk: Desk) -> None:
    """Give one letter that was sent a reference as people type them."""
    sent = desk.vault.messages.list(deliveries=[Delivery.SENT])[0]
    sql = "UPDATE message SET reference = :reference WHERE id = :id"
    desk.vault.db.connection.execute(sql, {"reference": REFERENCE, "id": sent.id})


def bare_rows(keeper: Keeper) -> None:
    """Look up each request of the folder by itself."""
    keeper.read(lambda desk: look_up(desk.vault, A_THOUSAND.requests))


@contextmanager
def bare_page() -> Iterator[str]:
    """Serve an empty page as ours is served, with nothing before it."""
    app = Starlette(routes=[Route("/", empty), Route(OPENING, empty)])
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
    bare = uvicorn.Server(config)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind((HOST, 0))
        listening.listen()
        thread = threading.Thread(target=bare.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://{HOST}:{listening.getsockname()[1]}{OPENING}"
        bare.should_exit = True
        thread.join()


def screens() -> bool:
    """Measure each screen; say whether all hold."""
    with tempfile.TemporaryDirectory(prefix="optout-bench-") as name:
        place = Path(name)
        filled_vault(place, A_THOUSAND).close()
        keeper = Keeper(Place(folder=place / "folder", papers=place, clock=now, set_out=set_out))
        keeper.unlock(PASSPHRASE)
        keeper.read(name_one)
        with bare_page() as address, served(keeper) as ours:
            empty_page = Browser(address)
            good = [_screen(path, ours, empty_page, keeper) for path in SCREENS]
            return all(good)


def _screen(path: str, ours: Browser, empty_page: Browser, keeper: Keeper) -> bool:
    shown, page, rows = medians(
        [partial(ours.get, path), partial(empty_page.get, "/"), partial(bare_rows, keeper)],
        at_most=6,
    )
    told(f"{path}: {milliseconds(shown)} (to reach on a quiet machine: 100 ms)")
    against = f"an empty page and {A_THOUSAND.requests} indexed lookups"
    return held(path, shown, page + rows, SCREENS[path], against=against)


def first_screen() -> float:
    """Return how long `optout web` takes to its first screen, where there is no folder yet."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="optout-bench-") as name:
        command = [str(Path(sys.executable).with_name("optout")), "--vault", f"{name}/x", "web"]
        with subprocess.Popen(
            [*command, "--no-open"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as started:
            assert started.stdout is not None
            address = next(line for line in started.stdout if line.startswith("http"))
            Browser(address.strip()).get("/")
            there = time.perf_counter()
            started.send_signal(signal.SIGINT)
            started.stdout.read()
    return there - began


def start_up() -> bool:
    """Measure from the command to the first screen; say whether it holds."""
    taken, bare = [], []
    for _round in range(5):
        taken.append(first_screen())
        bare.append(seconds(starting(sys.executable, "-c", "import typer")))
    first, least = statistics.median(taken), statistics.median(bare)
    told(f"first screen: {milliseconds(first)} (to reach on a quiet machine: 1000 ms)")
    against = 'python -c "import typer"'
    return held("optout web to its first screen", first, least, FIRST_SCREEN, against=against)


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    good = [screens(), start_up()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
