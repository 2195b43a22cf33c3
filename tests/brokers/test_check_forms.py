"""The live page is only looked at: whatever it does, nothing is sent, and the next one follows.

The company's pages come over TLS under its real host name, through the fence that filings use.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.window import Window
from optout.catalog.brokers import folder_of
from optout.cli import main as shell
from optout.model.broker import Broker
from optout.model.change import ChangeKind
from optout.workflows import check_forms as checking
from optout.workflows.check_forms import Checked, check_forms

pytestmark = pytest.mark.browser

ON = date(2026, 11, 22)
HOST = "www.spokeo.com"
FORM = (folder_of("spokeo") / "examples" / "opt-out.html").read_bytes()
SENDS = (
    b"<script>navigator.sendBeacon('/beacon', 'x');"
    b"fetch('/api', {method: 'POST', body: 'x'})</script>"
)
Answer = Callable[[BaseHTTPRequestHandler], None]


def page(content: bytes, status: int = 200) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("content-type", "text/html; charset=utf-8")
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def leads_to(address: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        moved = handler.path != "/optout"
        handler.send_response(200 if moved else 302)
        handler.send_header("location", address)
        handler.send_header("content-length", str(len(FORM) if moved else 0))
        handler.send_header("content-type", "text/html")
        handler.end_headers()
        handler.wfile.write(FORM if moved else b"")

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"<!-- more to come -->")
        time.sleep(0.2)  # a page that drips: there is nothing to wait for


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b"<p>x</p>" * (1024 * 1024 // 8))


@contextmanager
def company(answer: Answer) -> Iterator[tuple[Callable[[Broker], Fence], list[str]]]:
    """Serve one page as the company, and note everything that it is asked."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"GET {self.path}")
            try:
                answer(self)
            except OSError:
                return  # whoever asked went away

        def do_POST(self) -> None:
            asked.append(f"POST {self.path}")

        def log_message(self, *_parts: object) -> None:
            return

    context, key = certificate()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def resolve(_host: str, _port: int) -> Sequence[Address]:
        return (Address("127.0.0.1", port, ours=True),)

    def fence(broker: Broker) -> Fence:
        spki = f"--ignore-certificate-errors-spki-list={key}"
        return Fence(broker.hosts, resolver=resolve, extra_args=(spki,))

    try:
        yield fence, asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


AUTHORITY = trustme.CA()


def certificate() -> tuple[ssl.SSLContext, str]:
    issued = AUTHORITY.issue_cert(HOST, "elsewhere.example.net")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    leaf = load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
    spki = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return context, base64.b64encode(hashlib.sha256(spki).digest()).decode()


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


def checked(window: Window, answer: Answer, *, seconds: float = 20) -> tuple[Checked, list[str]]:
    with company(answer) as (fence, asked):
        (found,) = check_forms(["spokeo"], window=window, on=ON, fence_of=fence, seconds=seconds)
    assert found.problem is None
    return found, asked


def kinds(found: Checked) -> set[ChangeKind]:
    return {change.kind for page in found.pages for change in page.compared.changes}


def test_a_live_page_like_the_example_has_not_changed_and_is_sent_nothing(window: Window) -> None:
    found, asked = checked(window, page(FORM + SENDS))
    assert not found.is_changed
    assert not found.not_reached
    assert asked
    assert [each for each in asked if not each.startswith("GET ")] == []
    (seen,) = found.pages
    assert len(seen.compared.found) == 4
    assert all("leg[1]" in step for step in seen.compared.not_seen)


def test_a_live_page_that_changed_is_told_and_mended(window: Window) -> None:
    renamed = FORM.replace(b'name="email"', b'name="e_mail"')
    found, _asked = checked(window, page(renamed))
    assert kinds(found) == {ChangeKind.NAME}
    assert found.mended is not None
    assert "input[name='e_mail']" in found.mended.after
    assert 'grade = "drafted"' in found.mended.after


def test_a_page_that_moved_is_followed_on_the_companys_own_hosts_only(window: Window) -> None:
    found, _asked = checked(window, leads_to("/privacy/choices"))
    assert kinds(found) == {ChangeKind.MOVED}
    assert found.mended is not None
    assert "https://www.spokeo.com/privacy/choices" in found.mended.after
    assert found.mended_pages is not None
    away, _asked = checked(window, leads_to("https://elsewhere.example.net/choices"))
    assert kinds(away) == {ChangeKind.MOVED_AWAY}
    assert away.mended is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (page(b"gone", 404), ChangeKind.GONE),
        (page(b"gone", 410), ChangeKind.GONE),
        (page(b"no", 403), ChangeKind.WALL),
        (page(b"<h1>Sign in</h1><input type=password>"), ChangeKind.LOGIN),
        (page(b"<h1>This domain is for sale</h1>"), ChangeKind.GONE),
    ],
)
def test_what_stands_in_place_of_the_form_is_told(
    answer: Answer, kind: ChangeKind, window: Window
) -> None:
    found, _asked = checked(window, answer)
    assert kinds(found) == {kind}
    assert found.mended is None


@pytest.mark.parametrize("answer", [endless, huge, page(b"broken", 500)])
def test_a_page_that_cannot_be_looked_at_is_not_called_fine(answer: Answer, window: Window) -> None:
    found, _asked = checked(window, answer, seconds=4)
    assert found.not_reached or found.is_changed
    assert found.mended is None


# ---- the command ----


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int) -> str:
    assert shell.main(["broker", "check", *words]) == code
    told = capsys.readouterr()
    return told.out + told.err


def test_a_saved_page_is_compared_without_any_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(FORM)
    assert "nothing changed" in run(capsys, "spokeo", "--page", str(saved), code=0)
    saved.write_bytes(FORM.replace(b'name="email"', b'name="e_mail"'))
    said = run(capsys, "spokeo", "--page", str(saved), code=1)
    assert "email is e_mail now" in said
    assert '+  { do = "fill", field = "email", into = "input[name=\'e_mail\']"' in said
    told = json.loads(run(capsys, "spokeo", "--page", str(saved), "--json", code=1))
    assert told[0]["pages"][0]["changes"][0]["kind"] == "name"
    assert told[0]["diff"].startswith("--- a/brokers/spokeo/broker.toml")


@pytest.mark.parametrize("name", [b"email", b"rep_email"])
def test_a_step_is_never_led_to_the_box_of_somebody_else(
    name: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.html"
    theirs = FORM.replace(b"Enter your email", b"Representative's email")
    assert theirs != FORM
    saved.write_bytes(theirs.replace(b'name="email"', b'name="' + name + b'"'))
    (told,) = json.loads(run(capsys, "spokeo", "--page", str(saved), "--json", code=1))
    gone = next(each for each in told["pages"][0]["changes"] if each["kind"] == "box-gone")
    assert (gone["stops"], gone["look"]) == (True, True)
    assert "another person" in gone["means"]
    assert "rep_email" not in told["diff"]
    assert not any("email" in step for step in told["pages"][0]["found"])


def test_bad_input_is_told_and_nothing_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no company of that name" in run(capsys, "no-such-company", code=2)
    assert "one company" in run(capsys, "--page", "x.html", code=2)
    assert "cannot be read" in run(capsys, "spokeo", "--page", str(tmp_path / "no"), code=2)
    huge_file = tmp_path / "huge.html"
    huge_file.write_bytes(b"x" * (9 * 1024 * 1024))
    assert "larger than any form" in run(capsys, "spokeo", "--page", str(huge_file), code=3)
    assert "--flow" in run(capsys, "acxiom", "--page", str(huge_file), code=2)
    assert "letters only" in run(capsys, "palantir", code=0)


def test_one_broken_definition_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("palantir", "spokeo"):
        shutil.copytree(folder_of(slug), tmp_path / slug)
    (tmp_path / "palantir" / "broker.toml").write_text("slug = ", encoding="utf-8")
    monkeypatch.setattr(checking, "folder_of", lambda slug, **_more: tmp_path / slug)
    monkeypatch.setattr(checking, "fence_for", lambda broker: Fence(broker.hosts, resolver=nobody))
    said = run(capsys, "palantir", "spokeo", code=1)
    assert "palantir: could not be checked" in said
    assert "spokeo (opt-out): not seen" in said
    assert "could not be reached" in said


def nobody(_host: str, _port: int) -> Sequence[Address]:
    return ()
