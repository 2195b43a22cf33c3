"""Proves that a box is found by what a person sees, and that traps for robots stay empty."""

from __future__ import annotations

import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page

from optout.browser import choosing, entering
from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.readback import check_entered
from optout.browser.stops import NotFound, Stop
from optout.browser.visit import Ask, Visit
from optout.browser.window import Window
from optout.model.fields import Field
from optout.model.flow import Choose, Fill
from optout.model.secret import Secret

pytestmark = pytest.mark.browser

HOST = "broker.test"
VALUES = {
    Field.EMAIL: Secret("jordan.sample@example.com"),
    Field.STATE: Secret("CO"),
    Field.STATE_NAME: Secret("Colorado"),
    Field.CITY: Secret("Denver"),
}


@dataclass
class Bench:
    """One open page whose markup a test writes."""

    window: Window
    fence: Fence
    page: Page

    def do(self, coroutine: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever it returns
        return self.window.background.wait(coroutine)

    def show(self, html: str) -> Visit:
        self.do(self.page.set_content(f"<!doctype html><body>{html}</body>"))
        return Visit(page=self.page, fence=self.fence, values=VALUES, recognize={})

    def find(self, html: str, ask: Ask, seconds: float = 0) -> str:
        """Return the id of what was found."""
        visit = self.show(html)

        async def find() -> str:
            found = await visit.find(ask, in_frame=None, seconds=seconds)
            return str(await found.element.get_attribute("id"))

        return str(self.do(find()))

    def js(self, code: str) -> Any:  # noqa: ANN401 - whatever the page says
        return self.do(self.page.evaluate(code))


def _blank(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, suppress(OSError):  # a browser that leaves in mid-sentence
            connection.recv(65536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
            )


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        threading.Thread(target=_blank, args=(server,), daemon=True).start()
        port = server.getsockname()[1]
        with (
            Window.hidden() as window,
            Fence(
                [HOST], resolver=lambda _h, _p: (Address("127.0.0.1", port, ours=True),)
            ) as fence,
        ):

            async def start() -> Page:
                context = await window.context_for(fence)
                page = await context.new_page()
                await page.goto(f"http://{HOST}/")
                return page

            yield Bench(window, fence, window.background.wait(start()))


# ---- by what a person sees ----

SEEN = {
    "label for": '<label for="x">Your email</label><input id="x">',
    "label around": '<label>Your email <input id="x"></label>',
    "label with a star": '<label for="x">Your email *</label><input id="x">',
    "label with a colon": '<label for="x">Your email:</label><input id="x">',
    "label says required": '<label for="x">Your email (required)</label><input id="x">',
    "label in capitals": '<label for="x">YOUR EMAIL</label><input id="x">',
    "label with odd spaces": '<label for="x">Your&nbsp;\n  email</label><input id="x">',
    "label with markup": '<label for="x">Your <b>email</b><sup>*</sup></label><input id="x">',
    "aria-label": '<input id="x" aria-label="Your email">',
    "aria-labelledby": '<span id="l">Your email</span><input id="x" aria-labelledby="l">',
    "placeholder": '<input id="x" placeholder="Your email">',
    "title": '<input id="x" title="Your email">',
    "text beside": '<div><span>Your email</span><input id="x"></div>',
    "text above": "<div><div>Your email</div><div><input id='x'></div></div><input id='y'>",
    "table": "<table><tr><td>Your email</td><td><input id='x'></td></tr>"
    "<tr><td>Phone</td><td><input id='y'></td></tr></table>",
    "longer label": '<label for="x">Your email (we answer there)</label><input id="x">',
    "textarea": '<label for="x">Your email</label><textarea id="x"></textarea>',
    "text box made of a div": '<div id="x" role="textbox" contenteditable="true" '
    'aria-label="Your email" style="width:99px;height:20px"></div>',
    "open shadow root": '<div id="h"></div><script>h.attachShadow({mode: "open"}).innerHTML = '
    "'<label for=x>Your email</label><input id=x>'</script>",
    "exact before longer": '<label for="y">Your email again</label><input id="y">'
    '<label for="x">Your email</label><input id="x">',
    "label before placeholder": '<input id="y" placeholder="Your email">'
    '<label for="x">Your email</label><input id="x">',
    "curly quotes": '<label for="x">Your email</label><input id="x"><p>Your email’s fate</p>',
}


@pytest.mark.parametrize("html", SEEN.values(), ids=SEEN.keys())
def test_a_box_is_found_by_its_words(bench: Bench, html: str) -> None:
    assert bench.find(html, Ask(want="fill", words="Your email")) == "x"


SELECTED = {
    "css": ("#x", '<input id="x">'),
    "css by name": ("input[name='Residence_City']", '<input id="x" name="Residence_City">'),
    "id with a digit first": ("[id='00-1']", '<input id="00-1">'),
    "xpath": ("//form//input[2]", '<form><input id="y"><input id="x"></form>'),
    "xpath in brackets": ("(//input)[2]", '<input id="y"><input id="x">'),
    "a wrapper": ("#wrap", '<div id="wrap"><input id="x"></div>'),
}


@pytest.mark.parametrize(("into", "html"), SELECTED.values(), ids=SELECTED.keys())
def test_without_its_words_the_selector_serves(bench: Bench, into: str, html: str) -> None:
    found = bench.find(html, Ask(want="fill", words="Your email", into=into))
    assert found in {"x", "00-1"}


def test_words_come_before_the_selector(bench: Bench) -> None:
    html = '<label for="x">Your email</label><input id="x"><label>Phone<input id="y"></label>'
    assert bench.find(html, Ask(want="fill", words="Your email", into="#y")) == "x"


def test_the_selector_chooses_among_equal_words(bench: Bench) -> None:
    html = '<label>Your email<input id="y"></label><label>Your email<input id="x"></label>'
    assert bench.find(html, Ask(want="fill", words="Your email", into="#x")) == "x"


@pytest.mark.parametrize(
    "html",
    [
        '<label>Your email<input id="x"></label><label>Your email<input id="y"></label>',
        '<input id="x" placeholder="Your email"><input id="y" placeholder="Your email">',
        '<label>Your email (home)<input id="x"></label><label>Your email (work)<input></label>',
    ],
)
def test_of_several_none_is_guessed(bench: Bench, html: str) -> None:
    with pytest.raises(NotFound):
        bench.find(html, Ask(want="fill", words="Your email"))


@pytest.mark.parametrize("into", ["#nothing", "###", "//[", "input:has(", "*"])
def test_a_selector_that_fits_nothing_or_too_much_finds_nothing(bench: Bench, into: str) -> None:
    html = "<input id='a'><input id='b'>"
    with pytest.raises(NotFound):
        bench.find(html, Ask(want="fill", words="Your email", into=into))


def test_a_box_that_comes_later_is_waited_for(bench: Bench) -> None:
    html = "<script>setTimeout(() => document.body.innerHTML = '<input id=x>', 300)</script>"
    assert bench.find(html, Ask(want="fill", into="#x"), seconds=5) == "x"


# ---- what must stay empty ----

LABELLED = '<label for="x">Your email</label>'
TRAPS = {
    "display": LABELLED + '<input id="x" style="display:none">',
    "visibility": LABELLED + '<input id="x" style="visibility:hidden">',
    "hidden": LABELLED + '<input id="x" hidden>',
    "type hidden": '<input id="x" type="hidden" aria-label="Your email">',
    "no size": LABELLED + '<input id="x" style="width:0;height:0;padding:0;border:0">',
    "one pixel": LABELLED + '<input id="x" style="width:1px;height:1px;padding:0;border:0">',
    "far left": f'<div style="position:absolute;left:-9999px">{LABELLED}<input id="x"></div>',
    "far above": f'<div style="position:absolute;top:-9999px">{LABELLED}<input id="x"></div>',
    "transparent": f'<div style="opacity:0">{LABELLED}<input id="x"></div>',
    "clipped": f'<div style="position:absolute;clip:rect(0,0,0,0)">{LABELLED}<input id="x"></div>',
    "clip path": f'<div style="clip-path:inset(50%)">{LABELLED}<input id="x"></div>',
    "in a folded box": f'<div style="height:0;overflow:hidden">{LABELLED}<input id="x"></div>',
    "hidden from readers": f'<div aria-hidden="true">{LABELLED}<input id="x"></div>',
    "hidden far up": f'<section hidden><div><div>{LABELLED}<input id="x"></div></div></section>',
    "gravity forms": f'<li class="gfield gform_honeypot">{LABELLED}<input id="x"></li>',
    "named honeypot": LABELLED + '<input id="x" name="my_honeypot">',
    "named hp": LABELLED.replace('"x"', '"hp_email"') + '<input id="hp_email">',
    "named website": LABELLED + '<input id="x" name="website">',
    "named instagram": LABELLED + '<input id="x" name="instagram">',
    "told to stay empty": '<label for="x">Leave this field blank</label><input id="x">',
    "search box": LABELLED + '<input id="x" type="search">',
    "search by name": LABELLED + '<input id="x" name="q">',
    "search by role": f'<form role="search">{LABELLED}<input id="x"></form>',
    "newsletter": f'<form class="newsletter">{LABELLED}<input id="x"><button>Go</button></form>',
    "subscribe button": f'<form>{LABELLED}<input id="x"><button>Subscribe</button></form>',
    "mailing list": f'<form action="/mailing-list">{LABELLED}<input id="x"></form>',
    "both ways": f'<form class="newsletter">{LABELLED}<input id="x"><button>Subscribe</button>'
    '<a href="/out">Unsubscribe</a></form>',
    "password": LABELLED + '<input id="x" type="password">',
    "tick box": LABELLED + '<input id="x" type="checkbox">',
    "file": LABELLED + '<input id="x" type="file">',
}


@pytest.mark.parametrize("html", TRAPS.values(), ids=TRAPS.keys())
def test_a_trap_is_never_filled(bench: Bench, html: str) -> None:
    for words in ("Your email", "Leave this field blank"):
        with pytest.raises(NotFound):
            bench.find(html, Ask(want="fill", words=words, into="#x, #hp_email"))


@pytest.mark.parametrize("html", TRAPS.values(), ids=TRAPS.keys())
def test_beside_a_trap_the_right_box_is_found(bench: Bench, html: str) -> None:
    real = '<main><label>Your email<input id="real"></label></main>'
    assert bench.find(html + real, Ask(want="fill", words="Your email")) == "real"


def test_a_form_that_also_offers_a_newsletter_is_still_a_form(bench: Bench) -> None:
    html = (
        '<form><label>Name<input></label><label>Your email<input id="x"></label>'
        '<label>City<input></label><label><input type="checkbox">Subscribe to news</label>'
        "<button>Send</button></form>"
    )
    assert bench.find(html, Ask(want="fill", words="Your email")) == "x"


@pytest.mark.parametrize(
    "form",
    [
        "<form>{box}<button>Unsubscribe</button></form>",
        '<form class="newsletter">{box}<button>Unsubscribe</button></form>',
        '<form action="/unsubscribe">{box}<button>Go</button></form>',
        '<form class="subscription">{box}<button>Opt out</button></form>',
    ],
)
def test_a_form_that_ends_a_newsletter_is_a_request(form: str, bench: Bench) -> None:
    html = form.format(box=f'{LABELLED}<input id="x" name="unsubscribe_email">')
    assert bench.find(html, Ask(want="fill", words="Your email")) == "x"


def test_a_people_search_form_is_no_site_search(bench: Bench) -> None:
    html = (
        '<form role="search" id="search"><label>Name<input id="x" name="name"></label>'
        "<label>City<input name='city'></label><button>Search</button></form>"
    )
    assert bench.find(html, Ask(want="fill", words="Name")) == "x"


# ---- buttons ----

BUTTONS = {
    "button": '<button id="x">Send request</button>',
    "input": '<input id="x" type="submit" value="Send request">',
    "picture": '<input id="x" type="image" alt="Send request" src="data:,">',
    "link": '<a id="x" href="#">Send request</a>',
    "role": '<div id="x" role="button" tabindex="0">Send request</div>',
    "aria-label": '<button id="x" aria-label="Send request">→</button>',
    "words under a label for readers": '<button id="x" aria-label="Click to submit">'
    "Send request</button>",
    "with an icon": '<button id="x"><svg width="9" height="9"></svg> Send request</button>',
    "beside a hidden twin": "<button hidden>Send request</button>"
    '<button id="x">Send request</button>',
    "beside a longer one": "<button>Send request later</button>"
    '<button id="x">Send request</button>',
}


@pytest.mark.parametrize("html", BUTTONS.values(), ids=BUTTONS.keys())
def test_a_button_is_found_by_its_words(bench: Bench, html: str) -> None:
    assert bench.find(html, Ask(want="press", words="Send request")) == "x"


def test_of_two_equal_buttons_none_is_pressed(bench: Bench) -> None:
    html = '<button id="a">Next</button><button id="b">Next</button>'
    with pytest.raises(NotFound):
        bench.find(html, Ask(want="press", words="Next"))
    assert bench.find(html, Ask(want="press", words="Next", into="#b")) == "b"


# ---- lists of options, as request-form platforms build them ----

LISTBOX = """
<div id="types" role="listbox" aria-label="Select request type">
  <div role="option" aria-label="Delete my PI" aria-selected="false">Delete my PI</div>
  <div role="option" aria-label="Do Not Sell" aria-selected="false">Do Not Sell</div>
</div>
<div id="people" role="listbox" aria-label="I am a (an)">
  <div role="option" aria-selected="false">Other</div>
</div>
<script>
  for (const option of document.querySelectorAll("[role=option]")) option.onclick = () => {
    for (const one of option.parentElement.children)
      one.setAttribute("aria-selected", one === option);
  };
</script>"""
STATES = """
<label for="state">State of Residency</label>
<input id="state" role="combobox" aria-expanded="false" autocomplete="off"><ul id="list"></ul>
<script>
  const states = ["California", "Colorado", "Connecticut"];
  state.oninput = () => { list.innerHTML = ""; for (const name of states) {
    if (!name.toLowerCase().startsWith(state.value.toLowerCase()) || !state.value) continue;
    const li = document.createElement("li"); li.setAttribute("role", "option"); li.innerText = name;
    li.onclick = () => { state.value = PICK; list.innerHTML = "" }; list.append(li); } };
  state.onblur = () => { if (!states.includes(state.value)) state.value = "" };
</script>"""


def test_an_option_of_a_list_is_clicked_and_seen_to_be_chosen(bench: Bench) -> None:
    visit = bench.show(LISTBOX)
    step = Choose(label="Select request type", option="Do Not Sell", how="listbox")
    bench.do(choosing.choose(visit, step))
    bench.do(check_entered(visit))
    chosen = "document.querySelector('#types [aria-selected=true]').innerText"
    assert bench.js(chosen) == "Do Not Sell"


def test_an_option_that_another_one_replaced_stops_the_run(bench: Bench) -> None:
    visit = bench.show(LISTBOX)
    step = Choose(label="Select request type", option="Do Not Sell", how="listbox")
    bench.do(choosing.choose(visit, step))
    bench.js("document.querySelector('#types [role=option]').click()")
    with pytest.raises(Stop):
        bench.do(check_entered(visit))


def test_an_option_that_does_not_take_the_click_stops_the_run(bench: Bench) -> None:
    visit = bench.show(
        LISTBOX.replace("<script>", "<template>").replace("</script>", "</template>")
    )
    step = Choose(option="Do Not Sell", how="listbox", within_seconds=1)
    with pytest.raises(NotFound):
        bench.do(choosing.choose(visit, step))


def test_a_list_is_opened_by_its_button_first(bench: Bench) -> None:
    html = """<button id="b" aria-haspopup="listbox" aria-expanded="false" aria-label="Residency"
      aria-controls="l">Choose</button><div id="l" role="listbox" hidden>
      <div role="option" id="o">USA Resident</div></div><script>
      b.onclick = () => { l.hidden = false; b.setAttribute("aria-expanded", "true") };
      o.onclick = () => { l.hidden = true; b.innerText = "USA Resident";
        b.removeAttribute("aria-label") };</script>"""
    visit = bench.show(html)
    bench.do(
        choosing.choose(visit, Choose(label="Residency", option="USA Resident", how="listbox"))
    )
    bench.do(check_entered(visit))
    assert bench.js("b.innerText") == "USA Resident"


def test_a_list_that_is_drawn_without_any_role_is_chosen_from(bench: Bench) -> None:
    html = """<div id="r"><div class="select__control" id="c">Select…</div>
      <div class="select__menu" id="m" hidden><div class="select__option" id="o">Consumer</div>
      <div class="select__option">Customer</div></div></div><script>
      c.onclick = () => { m.hidden = false };
      o.onclick = () => { c.innerText = "Consumer"; m.remove() };</script>"""
    visit = bench.show(html)
    step = Choose(into="#r .select__control", option="Consumer", how="listbox")
    bench.do(choosing.choose(visit, step))
    bench.do(check_entered(visit))
    bench.js("c.innerText = 'Customer'")
    with pytest.raises(Stop):
        bench.do(check_entered(visit))


@pytest.mark.parametrize(
    "card",
    ['<button id="x"><h4>Delete my data</h4><p>All</p></button>', '<h4 id="x">Delete my data</h4>'],
)
def test_a_card_is_pressed_by_its_title(bench: Bench, card: str) -> None:
    html = f"<div>{card}<h4>Correct my data</h4></div>"
    title = "//h4[normalize-space()='Delete my data']"
    assert bench.find(html, Ask(want="press", into=title)) == "x"
    with pytest.raises(NotFound):  # only where a definition points at it: words find buttons
        bench.find(html, Ask(want="press", words="Correct my data"))


def test_a_suggestion_is_clicked_not_only_typed(bench: Bench) -> None:
    visit = bench.show(STATES.replace("PICK", "name"))
    step = Choose(label="State of Residency", field=Field.STATE_NAME, how="autocomplete")
    bench.do(choosing.choose(visit, step))
    bench.do(check_entered(visit))
    assert bench.js("state.value") == "Colorado"


def test_a_suggestion_that_jumps_to_another_state_stops_the_run(bench: Bench) -> None:
    visit = bench.show(STATES.replace("PICK", "'Connecticut'"))
    step = Choose(
        label="State of Residency", field=Field.STATE, how="autocomplete", within_seconds=1
    )
    with pytest.raises(NotFound):
        bench.do(choosing.choose(visit, step))


def test_a_suggestion_that_never_comes_stops_the_run(bench: Bench) -> None:
    visit = bench.show('<label>State of Residency<input id="state"></label>')
    step = Choose(
        label="State of Residency", field=Field.STATE, how="autocomplete", within_seconds=1
    )
    with pytest.raises(NotFound):
        bench.do(choosing.choose(visit, step))


def test_a_state_is_found_by_its_code_or_its_name(bench: Bench) -> None:
    options = '<option value="">-</option><option value="{}">{}</option><option>Utah</option>'
    for value, text in (("CO", "Colorado"), ("7", "CO"), ("7", "Colorado"), ("co", "x")):
        visit = bench.show(f"<label>State<select>{options.format(value, text)}</select></label>")
        bench.do(choosing.choose(visit, Choose(label="State", field=Field.STATE, within_seconds=1)))
        assert bench.js("document.querySelector('select').selectedIndex") == 1


def test_a_state_that_is_offered_twice_or_not_at_all_is_not_chosen(bench: Bench) -> None:
    for options in ("<option>Colorado<option>CO", "<option>Utah", "<option disabled>Colorado"):
        visit = bench.show(f"<label>State<select><option>-{options}</select></label>")
        with pytest.raises(NotFound):
            bench.do(
                choosing.choose(visit, Choose(label="State", field=Field.STATE, within_seconds=0))
            )


# ---- frames ----


def test_a_frame_of_somebody_else_is_never_typed_into(bench: Bench) -> None:
    visit = bench.show('<iframe id="f" src="data:text/html,<input aria-label=Mail>"></iframe>')
    step = Fill(field=Field.EMAIL, label="Mail", in_frame="other.test", within_seconds=0)
    with pytest.raises(NotFound):
        bench.do(entering.fill(visit, step))
    assert visit.filled == {}


def test_a_frame_is_looked_into_only_where_the_definition_names_it(bench: Bench) -> None:
    inner = "<iframe srcdoc='<label>Mail<input id=x></label>'></iframe>"
    visit = bench.show(inner)
    step = Fill(field=Field.EMAIL, label="Mail", within_seconds=0)
    with pytest.raises(NotFound):
        bench.do(entering.fill(visit, step))
    named = Fill(field=Field.EMAIL, label="Mail", in_frame=HOST, within_seconds=5)
    bench.do(entering.fill(visit, named))
    typed = "document.querySelector('iframe').contentDocument.querySelector('input').value"
    assert bench.js(typed) == "jordan.sample@example.com"
    bench.do(check_entered(visit))


def test_a_page_that_breaks_the_browsers_own_words_is_still_read(bench: Bench) -> None:
    """The search runs in a world of its own: what a page redefines does not reach it."""
    html = (
        "<script>Element.prototype.matches = () => false; "
        "Document.prototype.querySelectorAll = () => []; "
        "String.prototype.toLowerCase = () => 'nothing'; Array.prototype.filter = () => [];"
        '</script><label for="x">Your email</label><input id="x">'
    )
    assert bench.find(html, Ask(want="fill", words="Your email")) == "x"
    bench.do(bench.page.goto(f"http://{HOST}/"))
