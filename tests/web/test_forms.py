"""What is dropped into a form stays in memory, within its limits; a mail is words only."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.types import Message

from optout.cli.record import Because
from optout.errors import WrongUsage
from optout.web import gate
from optout.web.forms import pasted, read_form
from optout.web.gate import HOST, Gate, Key
from optout.web.proofs import words_of_mail
from optout.workflows.record_answer import REFUSED_BECAUSE, Paper

BOUNDARY = "a-line-that-nobody-writes"
LARGE = bytes(3 * 2**20)  # more than the usual reader keeps in memory


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def read(*parts: bytes) -> tuple[Mapping[str, str], Paper | None]:
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    header = (b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [header], "query_string": b""}
    return asyncio.run(read_form(Request(scope, receive)))


def test_a_large_file_is_read_without_a_file_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    rolled: list[object] = []

    def noted(spooled: object) -> None:
        rolled.append(spooled)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", noted)
    typed, paper = read(part("text", b"hello"), part("paper", LARGE, "scan.pdf"))
    assert typed == {"text": "hello"}
    assert paper == Paper(name="scan.pdf", content=LARGE)
    assert rolled == []
    with tempfile.SpooledTemporaryFile(max_size=2**20) as usual:
        usual.write(LARGE)
    assert rolled == [usual], "the control: this is how a file would have come to be"


def test_a_file_that_was_not_chosen_is_no_file() -> None:
    assert read(part("paper", b"", "")) == ({}, None)
    assert pasted("  \n") is None
    assert pasted("words") == Paper(name="pasted.txt", content=b"words")


@pytest.mark.parametrize(
    "parts",
    [
        [part("paper", b"one", "1.pdf"), part("paper", b"two", "2.pdf")],
        [part(f"box{number}", b"x") for number in range(9)],
        [part("text", bytes(2**20 + 1))],
        [b"not a form at all"],
    ],
)
def test_a_form_that_is_not_ours_is_refused_in_words(parts: list[bytes]) -> None:
    with pytest.raises(WrongUsage) as told:
        read(*parts)
    assert told.value.known is not None
    assert read(part("text", b"ours"))[0] == {"text": "ours"}, "the control"


def test_a_mail_is_shown_as_its_plain_words_only() -> None:
    html = b"Subject: Hello\nContent-Type: text/html\n\n<b onclick=alert(1)>shown?</b>\n"
    assert "shown?" not in words_of_mail(html)
    assert "Subject: Hello" in words_of_mail(html)
    plain = b"Subject: Hello\nContent-Type: text/plain; charset=no-such\n\nwords\n"
    assert "Subject: Hello" in words_of_mail(plain)
    assert "words" in words_of_mail(plain.replace(b"no-such", b"utf-8")), "the control"


@pytest.mark.parametrize(
    "broken",
    [
        b"From: Acme <",
        b"From: @[,",
        b"To: <\n ,\n .>",
        b"From: =?utf-8?q?a=0Ab?= <a@x.test>",
        b"To: \xff<",
    ],
)
def test_a_mail_with_a_broken_head_is_shown_too(broken: bytes) -> None:
    name = broken[: broken.index(b":") + 1].decode()
    said = words_of_mail(broken + b"\nSubject: Hello\n\nwords\n")
    assert {"Subject: Hello", "words"} <= set(said.splitlines())
    assert name in said, "the control: its head is there, as it came"
    said.encode("utf-8")


def test_a_mail_that_cannot_be_read_at_all_shows_nothing() -> None:
    assert words_of_mail(b"Content-Type: multipart/related; start: ;1.*\n\nwords\n") == ""


def test_the_page_offers_the_reasons_of_the_terminal() -> None:
    assert [each.value for each in Because] == [each.value for each in REFUSED_BECAUSE]


@pytest.mark.parametrize(
    ("path", "most"), [("/answer/ABCD-2345", 26), ("/begin", 2), ("/talk/answer", 2)]
)
def test_only_where_a_paper_is_dropped_a_request_may_be_large(
    path: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "is_of_another_user", lambda *_: False)  # there is no connection

    def code(size: int) -> int:
        told: list[int] = []

        async def app(_scope: object, _receive: object, _send: object) -> None:
            told.append(200)

        async def send(message: Message) -> None:
            told.append(message.get("status", 0))

        async def receive() -> Message:
            return {"type": "http.request"}

        key = Key()
        headers = {
            "host": f"{HOST}:9",
            "cookie": f"{key.name}={key.cookie}",
            "origin": f"http://{HOST}:9",
            "content-length": str(size),
        }
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "client": (HOST, 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        asyncio.run(Gate(app, port=9, key=key)(scope, receive, send))
        return told[0]

    assert code(most * 2**20) == 200, "the control"
    assert code(most * 2**20 + 1) == 413
