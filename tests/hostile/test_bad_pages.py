"""Pages that no definition is prepared for: each ends in a sentence, in time, with nothing sent."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from optout.browser import capture
from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.rehearsal import Rehearsal
from optout.browser.runner import run_leg
from optout.browser.searching import run_search
from optout.browser.window import Window
from optout.catalog.examples import PAGES_FILE, Answer, NoExample, load_examples
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import Extract, Fill, Leg, Open, Search, Submit
from optout.model.payload import Payload, Recipient
from optout.model.ports import Person
from optout.model.reading import Reading
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId

pytestmark = pytest.mark.browser

HOST = "broker.test"
HUGE = 50 * 1024 * 1024
PATIENCE = 150.0  # seconds, on a machine that does much else
FORM = """<form method="post" action="/file"><label>Full name <input name="full_name"></label>
<button>Send request</button></form>"""
LOGIN = """<h1>Welcome back</h1><form><label>User <input name="user"></label>
<label>Password <input type="password" name="secret"></label><button>Log in</button></form>"""
PAYLOAD = Payload(
    message_id=MessageId("m-1"),
    subject_id=SubjectId("s-1"),
    recipient=Recipient(name="Broker", hosts=(HOST,)),
    values={Field.FULL_NAME: Secret("Jordan Q. Sample")},
)


@contextmanager
def site(page: bytes, length: int, filling: bytes = b"x") -> Iterator[tuple[int, list[str]]]:
    """A site whose page is filled up to a length; it writes down what is sent to it."""
    took: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(page, length)

        def do_POST(self) -> None:
            took.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self._answer(b"<h1>Request received</h1>", 0)

        def _answer(self, content: bytes, filled_to: int) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            try:
                self.wfile.write(b"<!doctype html>" + content)
                for _ in range(filled_to // 65536):
                    self.wfile.write(filling * (65536 // len(filling)))
            except OSError:
                pass  # it was not waited for

        def log_message(self, *_parts: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1], took
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


def run(
    fence: Fence, window: Window, *, opens_within: int = 30, rehearse: bool = False
) -> LegOutcome:
    with fence:
        return run_leg(
            Leg(
                steps=(
                    Open(url=f"http://{HOST}/", within_seconds=opens_within),
                    Fill(field=Field.FULL_NAME, label="Full name", within_seconds=1),
                    Submit(press="Send request", expect="Request received", within_seconds=30),
                )
            ),
            PAYLOAD,
            fence=fence,
            window=window,
            person=cast("Person", None),
            before_submit=lambda: None,
            rehearse=rehearse,
            assisted=False,
        )


def fence_to(port: int) -> Fence:
    def resolve(_host: str, _port: int) -> Sequence[Address]:
        return (Address("127.0.0.1", port, ours=True),)

    return Fence([HOST], resolver=resolve)


def test_a_page_that_needs_a_login_is_told_in_words(window: Window) -> None:
    with site(LOGIN.encode(), 0) as (port, took):
        outcome = run(fence_to(port), window)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.why is not None
    assert "wants you to log in first" in outcome.why.english()
    assert (took, outcome.filled) == ([], ())


def test_a_login_beside_the_form_is_nobodys_business(window: Window) -> None:
    """The control: a form that is there is filed, whatever else the page offers."""
    with site((LOGIN + FORM).encode(), 0) as (port, took):
        outcome = run(fence_to(port), window)
    assert outcome.end is LegEnd.CONFIRMED
    assert took == ["full_name=Jordan+Q.+Sample"]


def test_a_rehearsal_says_it_too(window: Window) -> None:
    answer = Answer(media_type="text/html; charset=utf-8", content=LOGIN.encode())
    outcome = run(Rehearsal([HOST], lambda _method, _url: answer), window, rehearse=True)
    assert outcome.why is not None
    assert "wants you to log in first" in outcome.why.english()


@pytest.mark.parametrize("filling", [b"word ", b"<p>w</p>"], ids=["text", "parts"])
def test_a_page_of_fifty_megabytes_ends_in_time(filling: bytes, window: Window) -> None:
    began = time.monotonic()
    with site(FORM.encode(), HUGE, filling) as (port, took):
        outcome = run(fence_to(port), window, opens_within=5)
    # A fast machine may load it; whatever happens is known for certain, and a sentence says it.
    assert outcome.end in {LegEnd.NOT_SENT, LegEnd.CONFIRMED}
    assert bool(took) is (outcome.end is LegEnd.CONFIRMED)
    assert (outcome.why is None) is (outcome.end is LegEnd.CONFIRMED)
    assert time.monotonic() - began < PATIENCE


def test_an_example_of_fifty_megabytes_is_told_before_any_browser(tmp_path: Path) -> None:
    (tmp_path / PAGES_FILE).write_text(
        f'[[page]]\nurl = "https://{HOST}/"\nfile = "big.html"\n', encoding="utf-8"
    )
    with (tmp_path / "big.html").open("wb") as file:
        file.truncate(HUGE)
    with pytest.raises(NoExample, match="too large"):
        load_examples(tmp_path)
    (tmp_path / "big.html").write_text(FORM, encoding="utf-8")
    assert load_examples(tmp_path).answer("GET", f"https://{HOST}/")


ROW = "<div class=row><b>Jordan Q. Sample</b></div>"
SEARCH = Search(
    steps=(
        Open(url=f"http://{HOST}/{{first_name}}", reveals=True, within_seconds=20),
        Extract(rows=".row", none="#nobody", read={"name": Reading(selector="b")}),
    ),
    discloses=(Field.FIRST_NAME,),
)
GROWS = """<script>setInterval(() => {
  for (let n = 0; n < 5; n++) document.body.append(Object.assign(document.createElement("p"),
    { textContent: "One more. ".repeat(20) }));
}, 100)</script>"""
ENDLESS = {
    "tall and wide": "<div style='width:30000px;height:60000px;background:blue'>",
    "a huge picture": "<img src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 "
    "width=%2220000%22 height=%2220000%22><rect width=%22100%25%22 height=%22100%25%22/></svg>'>",
    "grows for ever": GROWS,
}


def searched(window: Window, page: str) -> bytes:
    """Return the picture of a search whose one row stands above all of this."""
    with site((ROW + page).encode(), 0) as (port, _took), fence_to(port) as fence:
        seen = run_search(
            SEARCH,
            {Field.FIRST_NAME: Secret("Jordan")},
            fence=fence,
            window=window,
            person=cast("Person", None),
        )
    assert [row.name for row in seen.rows] == ["Jordan Q. Sample"]
    return seen.picture


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Return how wide and high a JPEG is, read from its own frame header."""
    at = 2
    while jpeg[at + 1] not in {0xC0, 0xC2}:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])


@pytest.mark.parametrize("page", ENDLESS)
def test_the_picture_of_an_endless_page_is_its_top(window: Window, page: str) -> None:
    picture = searched(window, ENDLESS[page])
    assert 0 < len(picture) <= capture.LARGEST
    width, height = size_of(picture)
    assert width <= capture.WIDEST
    assert 900 <= height <= capture.TALLEST


def test_the_picture_of_an_ordinary_page_is_all_of_it(window: Window) -> None:
    """The control: what is not endless is cut nowhere."""
    assert size_of(searched(window, "<div style='height:2000px'>")) >= (1265, 2000)
    assert size_of(searched(window, "")) == (1280, 900)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_endless_pages_leave_no_memory_behind(window: Window) -> None:
    searched(window, GROWS)
    after_one = resident_megabytes()
    assert after_one > 100  # control: the browser is counted
    for _ in range(2):
        searched(window, GROWS)
    assert resident_megabytes() - after_one < 400


def resident_megabytes() -> int:
    """Return what this process and all that it started hold in memory."""
    parents, held = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            number = int(told["Pid"])
            parents[number] = int(told["PPid"])
            held[number] = int(told.get("VmRSS", "0").split()[0])
    ours = {os.getpid()}
    while more := {each for each, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(held.get(each, 0) for each in ours) // 1024
