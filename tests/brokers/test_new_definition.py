"""A definition drafted from a form passes lint, and its form arrives box by box as it says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import trustme

from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.read_form import PageNotRead
from optout.browser.rehearsal import Rehearsal
from optout.browser.window import Window
from optout.catalog.brokers import load_broker
from optout.catalog.examples import Examples, load_examples
from optout.catalog.lint import lint_folder
from optout.catalog.write_example import without_people
from optout.errors import OptoutError, WrongUsage
from optout.model.delivery import LegEnd
from optout.model.flow import AskPerson
from optout.model.ports import Option, Person
from optout.rules.hosts import host_of
from optout.text import Text
from optout.workflows.new_definition import OpenFence, Wish, new_definition
from tests.brokers.test_drafted_meanings import FORMS as FORMS_FOLDER
from tests.brokers.test_drafted_meanings import URL, Form, forms
from tests.brokers.test_web_flows import Certificate, WebFlow, expected, run, running

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

pytestmark = pytest.mark.browser

ON = date(2026, 11, 22)
FORMS = [*forms("tuned"), *forms("held_back")]


@dataclass
class Volunteer:
    """Somebody who presses Enter, and leaves to the person what has no usual answer."""

    name: str = "Example Company, Inc."
    slug: str = "example-company"
    right: str = "delete"
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def tell(self, text: Text) -> None:
        self.told.append(text.english())

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        self.asked.append(question.english())
        given = {"Legal name": self.name, "Short name": self.slug}
        answer = next((told for words, told in given.items() if words in self.asked[-1]), default)
        if check:
            check(answer)
        return answer

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        self.asked.append(question.english())
        keys = [option.key for option in options]
        if "What do people ask" in self.asked[-1]:
            return self.right
        return default or ("person" if "person" in keys else keys[0])

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        self.asked.append(question.english())
        return default or "service for its form" in self.asked[-1]


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


def draft(form: Form, into: Path, volunteer: Volunteer, shared: Window) -> Path:
    made = new_definition(
        Wish(url=URL, into=into, on=ON),
        person=cast("Person", volunteer),
        window=shared,
        open_fence=lambda hosts: Rehearsal(hosts, form.answer),
    )
    assert made == into / volunteer.slug
    return made


@dataclass(frozen=True)
class DraftedFlow(WebFlow):
    folder: Path = Path()

    @property
    def examples(self) -> Examples:
        return load_examples(self.folder / "examples")


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_draft_passes_lint_and_arrives_as_it_says(
    form: Form, window: Window, tmp_path: Path
) -> None:
    made = draft(form, tmp_path, Volunteer(), window)
    assert [found for found in lint_folder(made, on=ON) if not found.warning] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["example-company"]
    broker = load_broker(made / "broker.toml")
    text = (made / "broker.toml").read_text("utf-8")
    assert not [name for name in form.never if f"'{name}'" in text or f"#{name}" in text]
    flow = DraftedFlow(broker, broker.channel[0], made)
    hosts = tuple(sorted({host_of(page.url) for page in flow.examples.pages.page}))
    context, key = Certificate(trustme.CA(), hosts).context()
    with running(flow, context) as company:
        outcome, _pressed = run(flow, company, window, key)
    if "#next" in form.text:  # nobody showed the second part: it is left to a person
        assert any(isinstance(step, AskPerson) for step in flow.legs[0].steps)
        assert company.received == []
        return
    assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
    assert company.received == expected(flow, flow.channel.discloses)


# ---- a form of several parts, with a person at the window ----


class ShownWindow(Window):
    """Says that a person sees it, on a machine without a display."""

    def can_show(self) -> bool:
        return True

    async def context_for(self, fence: Fence, *, visible: bool = False) -> BrowserContext:
        assert visible
        self.context = await super().context_for(fence, visible=False)
        return self.context


@dataclass
class AtTheWindow(Volunteer):
    """Presses Next in the window when asked to."""

    shown: ShownWindow | None = None

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        if "next part" in question.english() and self.shown:
            self.shown.background.wait(self.shown.context.pages[-1].click("#next"))
        return super().confirm(question, default=default)


def test_the_parts_of_a_form_are_read_one_after_another(tmp_path: Path) -> None:
    form = Form(FORMS_FOLDER / "tuned" / "two_parts.html")
    with ShownWindow(may_show=True) as shown:
        made = draft(form, tmp_path, AtTheWindow(shown=shown), shown)
        broker = load_broker(made / "broker.toml")
        flow = DraftedFlow(broker, broker.channel[0], made)
        assert [step.do for step in flow.legs[0].steps].count("press") == 1
        context, key = Certificate(trustme.CA(), broker.hosts).context()
    with Window.hidden() as hidden, running(flow, context) as company:
        outcome, _pressed = run(flow, company, hidden, key)
    assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
    assert company.received == expected(flow, flow.channel.discloses)
    given = {one.value for one in broker.channel[0].discloses}
    assert {"first_name", "street", "birth_date"} <= given


# ---- pages that cannot be described ----


@dataclass
class Site:
    """A company's site that misbehaves, path by path."""

    posted: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def resolve(self, host: str, _port: int) -> Sequence[Address]:
        if host != "privacy.example.com":
            raise OSError
        return (Address("127.0.0.1", self.port, ours=True),)


PAGES = {
    "/404": (404, {}, b"<h1>Not found</h1>"),
    "/403": (403, {}, b"<h1>Forbidden</h1>"),
    "/pdf": (200, {"content-type": "application/pdf"}, b"%PDF-1.7"),
    "/loop": (302, {"location": "/loop"}, b""),
    "/elsewhere": (302, {"location": "https://elsewhere.example.net/"}, b""),
    "/login": (200, {}, b"<form><input name=user><input type=password><button>Log in</form>"),
    "/none": (200, {}, b"<h1>We respect your privacy</h1>"),
    "/posts": (200, {}, b"<form id=f action=/in method=post></form><script>f.submit()</script>"),
}  # fmt: skip


def answering(site: Site) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/never":
                site.closing.wait(60)
                return
            if self.path == "/big":
                self._endless()
                return
            status, headers, body = PAGES.get(self.path, PAGES["/404"])
            self.send_response(status)
            for name, value in {"content-type": "text/html", **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            site.posted.append(self.path)

        def _endless(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            with suppress(OSError):
                for _block in range(50):
                    self.wfile.write(b"<p>very long</p>" * 65_536)

        def log_message(self, *_parts: object) -> None:
            return

    return Answering


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Site, OpenFence]]:
    context, key = Certificate(trustme.CA(), ("privacy.example.com",)).context()
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering(site))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # visitors who leave early
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    trusted = f"--ignore-certificate-errors-spki-list={key}"
    yield site, lambda hosts: Fence(hosts, resolver=site.resolve, extra_args=(trusted,))
    site.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


BAD = {
    "/404": "There is no such page: the site answers 404.",
    "/403": "does not show this page to us (answer 403)",
    "/pdf": "That is no web page but a file",
    "/loop": "in a circle",
    "/elsewhere": "leads to another site, elsewhere.example.net",
    "/login": "asks for a login",
    "/none": "shows no form",
    "/big": "larger than 8 MB",
    "/never": "did not come in time",
    "/posts": "wanted to send something",
}


@pytest.mark.parametrize("path", BAD)
def test_a_page_that_is_no_form_is_told_and_nothing_is_written(
    path: str, site: tuple[Site, OpenFence], window: Window, tmp_path: Path
) -> None:
    patience = 4 if path == "/never" else 60
    wish = Wish(
        url=f"https://privacy.example.com{path}", into=tmp_path / "new", on=ON, patience=patience
    )
    with pytest.raises(OptoutError) as refused:
        new_definition(wish, person=cast("Person", Volunteer()), window=window, open_fence=site[1])
    assert BAD[path] in refused.value.what.english()
    assert refused.value.known is not None
    assert refused.value.hint is not None
    assert not (tmp_path / "new").exists()
    assert site[0].posted == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("example", "does not begin with https://"),
        ("http://privacy.example.com/", "does not begin with https://"),
        ("https://privacy.example.com:8443/", "port number"),
        ("https://127.0.0.1/", "number instead of a site"),
        ("https://good.example.com@evil.example.net/", "user name"),
        ("javascript:alert(1)", "does not begin with https://"),
    ],
)
def test_what_is_no_address_opens_nothing(url: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage) as refused:
        new_definition(
            Wish(url=url, into=tmp_path, on=ON),
            person=cast("Person", Volunteer()),
            window=cast("Window", None),
        )
    assert said in refused.value.what.english()


def test_a_site_that_is_not_there_is_told(window: Window, tmp_path: Path) -> None:
    def nowhere(_host: str, _port: int) -> Sequence[Address]:
        raise OSError

    with pytest.raises(PageNotRead, match="does not answer"):
        new_definition(
            Wish(url=URL, into=tmp_path, on=ON),
            person=cast("Person", Volunteer()),
            window=window,
            open_fence=lambda hosts: Fence(hosts, resolver=nowhere),
        )


def test_a_folder_that_is_there_is_never_overwritten(window: Window, tmp_path: Path) -> None:
    mine = tmp_path / "example-company" / "broker.toml"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(WrongUsage, match="already") as refused:
        new_definition(
            Wish(url=URL, into=tmp_path, slug="example-company", on=ON),
            person=cast("Person", Volunteer()),
            window=window,
        )
    assert "broker check" in str(refused.value.hint)
    assert mine.read_text() == "mine"


class Gone(Volunteer):
    """Presses Ctrl-C at the last question."""

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        if "Write it" in question.english():
            raise KeyboardInterrupt
        return super().confirm(question, default=default)


def test_ctrl_c_half_way_leaves_nothing(window: Window, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        draft(FORMS[0], tmp_path, Gone(), window)
    assert list(tmp_path.iterdir()) == []
    draft(FORMS[0], tmp_path, Volunteer(), window)  # control
    assert [path.name for path in tmp_path.iterdir()] == ["example-company"]


def test_nobody_is_named_in_what_is_kept_of_a_page() -> None:
    kept = without_people(
        "<p>Ask Robin at robin.stranger@company.test or (212) 736-5000, file 123-45-6789</p>"
    )
    assert kept == "<p>Ask Robin at privacy@example.com or 303-555-0100, file </p>"
