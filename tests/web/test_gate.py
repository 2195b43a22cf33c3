"""Who may ask the page anything. Each refusal has its control: the same request, made right."""

from __future__ import annotations

import http.client
import os
import subprocess
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from optout.web.gate import Gate
from tests.web.conftest import Page


@dataclass(frozen=True)
class Answer:
    code: int
    headers: dict[str, str]
    said: str


@dataclass(frozen=True)
class Asking:
    """One request as a browser sends it from our own page; each attack changes one thing."""

    method: str = "GET"
    path: str = "/"
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def to(self, page: Page) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
        connection.putrequest(self.method, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        if self.body:
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(self.body)))
        try:
            connection.endheaders(self.body.encode() or None)
            answer: HTTPResponse = connection.getresponse()
            said = answer.read().decode()
        except ConnectionResetError:  # refused before its body was read
            return Answer(400, {}, "")
        finally:
            connection.close()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, said)


def cookie_of(page: Page) -> str:
    """Open the page as the person does, and return what the browser then carries."""
    opened = Asking(path=f"/open?token={page.token}", headers={"Host": host(page)}).to(page)
    assert opened.code == 303
    return opened.headers["set-cookie"].partition(";")[0]


def host(page: Page) -> str:
    return f"127.0.0.1:{page.port}"


@pytest.fixture
def right(page: Page) -> dict[str, str]:
    """Return the headers of a request from our own page."""
    return {
        "Host": host(page),
        "Cookie": cookie_of(page),
        "Origin": page.root,
        "Sec-Fetch-Site": "same-origin",
    }


def begun(page: Page) -> bool:
    return page.keeper.talk is not None


def test_the_control_our_own_page_may_begin(page: Page, right: dict[str, str]) -> None:
    answer = Asking("POST", "/begin", "x=1", right).to(page)
    assert answer.code == 303
    assert begun(page)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "attacker.test"),
        ("Host", "localhost.attacker.test:80"),
        ("Host", "127.0.0.1"),
        ("Host", "127.0.0.1:1"),
        ("Host", ""),
        ("Cookie", ""),
        ("Cookie", "optout=guess"),
        ("Origin", "https://attacker.test"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
        ("Origin", ""),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "none"),
    ],
)
def test_a_request_that_is_not_from_our_page_does_nothing(
    page: Page, right: dict[str, str], name: str, value: str
) -> None:
    changed = {**right, name: value}
    answer = Asking("POST", "/begin", "x=1", {k: v for k, v in changed.items() if v}).to(page)
    assert answer.code in {400, 403}
    assert not begun(page)
    assert "Welcome" not in answer.said


def test_the_control_without_the_gate_another_page_may_begin(
    page: Page, right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gate, "_answer", lambda *_: None)
    attack = {**right, "Host": "attacker.test", "Cookie": "", "Origin": "https://attacker.test"}
    Asking("POST", "/begin", "x=1", attack).to(page)
    assert begun(page)


@pytest.mark.parametrize(
    "path", ["/", "/status", "/talk", "/static/page.css", "/nothing", "/papers"]
)
def test_nothing_is_shown_without_the_cookie(page: Page, right: dict[str, str], path: str) -> None:
    without = {name: value for name, value in right.items() if name != "Cookie"}
    assert Asking(path=path, headers=without).to(page).code == 403
    assert Asking(path=path, headers=right).to(page).code != 403, "the control"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_cannot_even_lead_here(page: Page, right: dict[str, str], site: str) -> None:
    led = {**right, "Sec-Fetch-Site": site}
    assert Asking(path="/", headers=led).to(page).code == 403


def test_the_link_works_once(page: Page) -> None:
    token = page.token
    cookie_of(page)
    again = Asking(path=f"/open?token={token}", headers={"Host": host(page)}).to(page)
    assert again.code == 403
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("token", ["", "x", "%00", "é"])
def test_a_guessed_link_opens_nothing_and_spends_nothing(page: Page, token: str) -> None:
    guessed = Asking(path=f"/open?token={token}", headers={"Host": host(page)})
    if token.isascii():
        assert guessed.to(page).code == 403
    assert cookie_of(page), "the control: the right one still works"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(page: Page, right: dict[str, str], method: str) -> None:
    assert Asking(method, "/begin", "x=1", right).to(page).code == 403
    assert not begun(page)


@pytest.mark.parametrize("path", ["/", "/static/page.css", "/nothing", "/open?token=x"])
def test_every_answer_shuts_out_frames_scripts_and_caches(
    page: Page, right: dict[str, str], path: str
) -> None:
    headers = Asking(path=path, headers=right).to(page).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../gate.py",
        "/static/..%2fgate.py",
        "/static/%2e%2e/gate.py",
        "/static//etc/passwd",
        "/papers/..%2f..%2fetc%2fpasswd",
        "/papers/../../etc/passwd",
    ],
)
def test_no_path_leads_to_another_file(page: Page, right: dict[str, str], path: str) -> None:
    answer = Asking(path=path, headers=right).to(page)
    assert "root:" not in answer.said
    assert "hmac" not in answer.said
    assert Asking(path="/static/page.css", headers=right).to(page).code == 200, "the control"


def test_a_body_that_is_too_large_is_not_read(page: Page, right: dict[str, str]) -> None:
    headers = {**right, "Content-Length": str(13 * 2**20)}
    assert Asking("POST", "/begin", "", headers).to(page).code == 413


def test_it_listens_on_this_computer_only(page: Page) -> None:
    """The port that is open is bound to the loopback address, and to no other."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    here = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{page.port:04X}")]
    assert here == [f"0100007F:{page.port:04X}"]


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be somebody else"
)
@pytest.mark.parametrize(("user", "code"), [(65534, "403"), (0, "303")])
def test_another_user_of_this_computer_gets_nothing_for_the_link(
    page: Page, user: int, code: str
) -> None:
    """Other users can read the link in the list of programs. The control is the person's own."""
    asks = (
        "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]));"
        "c.request('GET', '/open?token=' + sys.argv[2]); print(c.getresponse().status)"
    )
    ran = subprocess.run(
        ["/usr/bin/env", "python3", "-c", asks, str(page.port), page.token],
        user=user,
        cwd="/",
        env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.strip() == code, ran.stderr


def test_every_post_makes_the_browser_forget_its_pages_for_back(
    page: Page, right: dict[str, str]
) -> None:
    first = Asking("POST", "/lock", "x=1", right).to(page).headers["set-cookie"]
    assert first != Asking("POST", "/lock", "x=1", right).to(page).headers["set-cookie"]


@pytest.mark.parametrize(
    "back", ["//attacker.test", "/\\attacker.test", "https://attacker.test", "/\t/x"]
)
def test_the_language_leads_back_to_our_own_page_only(
    page: Page, right: dict[str, str], back: str
) -> None:
    body = urlencode({"to": "es", "back": back})
    assert Asking("POST", "/language", body, right).to(page).headers["location"] == "/"
    control = urlencode({"to": "es", "back": "/request/K7F3-Q2MX"})
    led = Asking("POST", "/language", control, right).to(page).headers["location"]
    assert led == "/request/K7F3-Q2MX", "the control"
