"""A form is read as a person sees it, and nothing on the page is touched meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from optout.browser.read_form import PageNotRead, read_page
from optout.browser.rehearsal import Rehearsal
from optout.browser.window import Window
from optout.model.form import Box, BoxKind, SeenPage

pytestmark = pytest.mark.browser

URL = "https://privacy.example.com/optout"


@dataclass(frozen=True)
class Html:
    content: bytes
    media_type: str = "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


def read(window: Window, body: str, more: Mapping[str, str] | None = None) -> SeenPage:
    pages = {URL: body, **(more or {})}

    def answer(method: str, url: str) -> Html | None:
        page = pages.get(url) if method == "GET" else None
        return None if page is None else Html(f"<!doctype html>{page}".encode())

    with Rehearsal(["privacy.example.com", "forms.example.net"], answer) as fence:
        return read_page(URL, fence=fence, window=window)


def box(page: SeenPage, name: str) -> Box:
    return next(one for one in page.boxes if name in {one.name, one.id})


LABELS = """<title>Opt out - Example Data Co</title><h1>Your privacy choices</h1>
<form action="/send" method="post">
  <label for="a">First name *</label><input id="a" name="first">
  <label>Last name <input name="last" required></label>
  <span id="w">E-mail address</span><input name="mail" type="email" aria-labelledby="w">
  <input name="zip" aria-label="ZIP code" aria-required="true">
  <input name="city" placeholder="City">
  <table><tr><td>Street</td><td><input name="input_7"></td></tr></table>
  <select name="state" aria-label="State"><option value="">Choose
    <option value="CO">Colorado</select>
  <fieldset><legend>I am a</legend>
    <label><input type="radio" name="who" value="1"> Consumer</label>
    <label><input type="radio" name="who" value="2"> Agent</label></fieldset>
  <p><input type="checkbox" name="agree" id="agree"> I agree to the terms</p>
  <label for="id">Proof of identity</label><input type="file" id="id">
  <div class="g-recaptcha"></div>
  <button>Send request</button><button type="button">Add another</button>
</form>"""


def test_each_way_to_name_a_box_is_read(window: Window) -> None:
    page = read(window, LABELS)
    assert page.title == "Opt out - Example Data Co"
    assert page.headings == ("Your privacy choices",)
    assert [(one.kind.value, one.label) for one in page.boxes] == [
        ("text", "First name"),
        ("text", "Last name"),
        ("text", "E-mail address"),
        ("text", "ZIP code"),
        ("text", "City"),
        ("text", "Street"),
        ("select", "State"),
        ("radio", "I am a"),
        ("checkbox", "I agree to the terms"),
        ("file", "Proof of identity"),
    ]
    assert [one.name or one.id for one in page.boxes if one.is_required] == ["first", "last", "zip"]
    assert [(each.words, each.value) for each in box(page, "state").choices] == [
        ("Choose", ""),
        ("Colorado", "CO"),
    ]
    assert [each.words for each in box(page, "who").choices] == ["Consumer", "Agent"]
    assert box(page, "input_7").beside == "Street"
    assert box(page, "who").into == "input[name='who']"
    assert (box(page, "a").into, box(page, "id").into) == ("input[name='first']", "#id")
    assert page.captchas == ("google-recaptcha",)
    assert [(each.words, each.sends) for each in page.buttons] == [
        ("Send request", True),
        ("Add another", False),
    ]
    assert page.sends_to == ("privacy.example.com",)
    assert page.left_alone == 0


def test_what_no_person_fills_is_passed_over_and_counted(window: Window) -> None:
    request = '<form><label>Name <input name="n"></label><button>Send</button></form>'
    page = read(
        window,
        """<form role="search"><input type="search" name="q"></form>"""
        """<form id="newsletter"><input type="email" name="news"></form>"""
        """<form><label>Name <input name="n"></label>
        <input name="website"><div style="display:none"><input name="again"></div>
        <div style="position:absolute;left:-9999px"><input name="far"></div>
        <input type="hidden" name="token" value="1"><button>Send</button></form>""",
    )
    assert [one.name for one in page.boxes] == ["n"]
    assert page.left_alone == 5
    assert [one.words for one in page.buttons] == ["Send"]
    control = read(window, request)
    assert (len(control.boxes), control.left_alone) == (1, 0)


def test_frames_and_shadow_trees_are_read(window: Window) -> None:
    frame = "https://forms.example.net/f?id=3"
    page = read(
        window,
        f"""<h1>Opt out</h1><iframe src="{frame}" width=600 height=300></iframe>
        <div id="host"></div>
        <script>document.querySelector("#host").attachShadow({{mode: "open"}}).innerHTML =
          '<label for="m">E-mail</label><input id="m" type="email">';</script>""",
        {frame: "<form><label>Full name <input name=n></label><button>Go</button></form>"},
    )
    assert [(one.label, one.frame) for one in page.boxes] == [
        ("E-mail", ""),
        ("Full name", "forms.example.net"),
    ]
    assert page.frames == ("forms.example.net",)
    assert {"privacy.example.com", "forms.example.net"} <= set(page.hosts)
    assert page.url == URL


def test_words_that_belong_to_a_box_only_by_their_place_are_found(window: Window) -> None:
    page = read(
        window,
        """<style>div{display:flex;margin:30px 0} span{width:160px}</style><form>
        <div><span>First name</span><input name="input_1"><span>Last name</span>
        <input name="input_2"></div><table cellspacing=20><tr><td>City</td><td>ZIP code</td></tr>
        <tr><td><input name="input_3"></td><td><input name="input_4"></td></tr></table></form>""",
    )
    assert [(one.name, one.beside) for one in page.boxes] == [
        ("input_1", "First name"),
        ("input_2", "Last name"),
        ("input_3", "City"),
        ("input_4", "ZIP code"),
    ]


def test_a_list_that_the_page_draws_is_one_box(window: Window) -> None:
    page = read(
        window,
        """<form><label id=l>Country</label>
        <div role=combobox aria-labelledby=l aria-controls=o tabindex=0>Choose</div>
        <ul role=listbox id=o hidden><li role=option>Canada<li role=option>United States</ul>
        <label for=s>State</label><input id=s role=combobox aria-autocomplete=list></form>""",
    )
    assert [(one.kind, one.label, one.type) for one in page.boxes] == [
        (BoxKind.LISTBOX, "Country", ""),
        (BoxKind.LISTBOX, "State", "autocomplete"),
    ]
    assert [each.words for each in page.boxes[0].choices] == ["Canada", "United States"]


def test_words_that_would_lead_a_run_elsewhere_do_not_call_the_box(window: Window) -> None:
    page = read(
        window,
        """<form><fieldset><legend>You</legend><label>Name <input name=a></label></fieldset>
        <fieldset><legend>Agent</legend><label>Name <input name=b></label></fieldset>
        <label>E-mail <input name=c></label></form>""",
    )
    assert [(one.name, one.called) for one in page.boxes] == [("a", ""), ("b", ""), ("c", "E-mail")]
    assert [one.labels for one in page.boxes][:2] == [("Name", "You"), ("Name", "Agent")]


def test_reading_touches_nothing(window: Window) -> None:
    page = read(
        window,
        """<title>still</title><form><label>Name <input name=n></label><button>Send</button></form>
        <script>for (const kind of ["input", "change", "focus", "click", "submit", "keydown"])
          addEventListener(kind, () => { document.title = kind; }, true);</script>""",
    )
    assert page.title == "still"


SPOILED = {
    "Array.prototype.map = () => [{odd: 1}];": "Name",
    "String.prototype.replace = () => 'Password';": "Name",
    "document.querySelectorAll = () => [];": "Name",
    "document.querySelector('input').name = 'other';": "other",  # what it is made of does count
}


@pytest.mark.parametrize("script", SPOILED)
def test_a_page_that_spoils_its_own_scripts_spoils_none_of_ours(
    script: str, window: Window
) -> None:
    form = "<form><label>Name <input name=Name></label></form>"
    page = read(window, f"{form}<script>{script}</script>")
    assert [(one.label, one.name) for one in page.boxes] == [("Name", SPOILED[script])]


def test_frames_are_read_where_they_stand(window: Window) -> None:
    page = read(
        window,
        "<form><label>A <input name=a></label></form><iframe src=https://forms.example.net/f>"
        "</iframe><iframe srcdoc='<label>C <input name=c></label>'></iframe>",
        {"https://forms.example.net/f": "<label>B <input name=b></label>"},
    )
    assert sorted((one.name, one.frame) for one in page.boxes) == [
        ("a", ""), ("b", "forms.example.net"), ("c", "privacy.example.com")
    ]  # fmt: skip


def test_what_no_file_could_hold_and_nobody_sees_is_replaced(window: Window) -> None:
    page = read(
        window,
        """<form><label for=n id=l>Name</label><input name=n id=n></form><script>
        document.getElementById("l").textContent = "Firm \\ud800 \\u202e x\\u2028y";
        document.title = "Bad \\udc00 title";</script>""",
    )
    assert page.title == "Bad \ufffd title"
    (box,) = page.boxes
    assert "\ufffd" in box.label
    assert not {"\u202e", "\u2028", "\ud800"} & set(box.label)


def test_a_page_that_is_not_there_is_said_in_words(window: Window) -> None:
    nothing = Rehearsal(["privacy.example.com"], lambda _method, _url: None)
    with nothing as fence, pytest.raises(PageNotRead) as refused:
        read_page(URL, fence=fence, window=window)
    assert refused.value.known is not None
