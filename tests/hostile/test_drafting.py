"""A hostile page writes nothing of its own into a drafted definition or its example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from optout.browser.rehearsal import Rehearsal
from optout.browser.window import Window
from optout.catalog.brokers import load_broker
from optout.catalog.examples import Answer
from optout.catalog.lint import lint_folder
from optout.catalog.write_definition import definition_text
from optout.errors import Refused
from optout.model.broker import Broker
from optout.model.ports import Person
from optout.workflows.new_definition import Wish, new_definition
from tests.brokers.test_drafted_meanings import URL
from tests.brokers.test_new_definition import ON, Volunteer

pytestmark = pytest.mark.browser

SPOILS = """<script>String.prototype.replace = function () { return String(this); };
String.prototype.normalize = String.prototype.replace; JSON.stringify = () => "[[channel]]";
</script>"""
FORM = """<!doctype html><meta charset="utf-8"><title>Opt out | Example</title>
<form method="post" action="/sent"><h1>Opt out</h1>
<p><label>First name <input name="first" required></label></p>
<p><label>Last name <input name="last" required></label></p>
<p><label>Email <input name="mail" type="email" required></label></p>
<p><label for="co" id="words">Company</label> <input id="co" name="co"></p>
{more}<button>Submit request</button></form>{script}"""
SECOND_CHANNEL = (
    'document.getElementById("words").textContent = \'Company\\n[[channel]]\\nright = "access"\\n'
    'by = ["email"]\\nbasis = ["policy"]\\neligible = "anyone"\\n#\';'
)
SCRIPT_IN_WORDS = (
    'document.getElementById("words").textContent = '
    '"</label><script>document.title=1<\\/script><img src=x onerror=alert(1)>";'
)
HALF_A_CHARACTER = (
    'document.getElementById("words").textContent = "Firm \\ud800 x";'
    'document.title = "Bad \\udc00 title";'
)


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


def draft(into: Path, window: Window, script: str = "", more: str = "") -> Path:
    page = FORM.format(more=more, script=f"{SPOILS}<script>{script}</script>" if script else "")

    def answer(_method: str, url: str) -> Answer | None:
        media_type = "text/html; charset=utf-8"
        return Answer(media_type=media_type, content=page.encode()) if url == URL else None

    return new_definition(
        Wish(url=URL, into=into, on=ON),
        person=cast("Person", Volunteer()),
        window=window,
        open_fence=lambda hosts: Rehearsal(hosts, answer),
    )


def form_in(made: Path) -> str:
    page = (made / "examples" / "form.html").read_text("utf-8")
    return page[page.index("<form") : page.index("</form>")]


@pytest.mark.parametrize("script", ["", SECOND_CHANNEL, SCRIPT_IN_WORDS, HALF_A_CHARACTER])
def test_words_stay_words(script: str, window: Window, tmp_path: Path) -> None:
    made = draft(tmp_path, window, script)
    broker = load_broker(made / "broker.toml")
    assert [channel.right.value for channel in broker.channel] == ["delete"]
    form = form_in(made)
    assert "<label" in form
    assert "<script" not in form
    assert "<img" not in form
    assert [found for found in lint_folder(made, on=ON) if not found.warning] == []


ODD = """<div id="odd"></div><div contenteditable="true">Typed by somebody</div><script>
for (const tag of ["plaintext", "xmp", "noframes", "listing"]) {
  const one = document.createElement(tag);
  one.innerHTML = "<b>odd words</b>";
  document.getElementById("odd").append(one);
}</script>"""


def test_elements_that_swallow_a_page_and_what_was_typed_are_not_kept(
    window: Window, tmp_path: Path
) -> None:
    form = form_in(draft(tmp_path, window, more=f"<p>Other words</p>{ODD}"))
    assert "Other words" in form  # control
    for gone in ("odd words", "Typed by", "<plaintext", "<xmp", "<noframes", "<listing"):
        assert gone not in form


def test_a_file_that_says_more_than_was_agreed_to_is_not_written(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ""

    def longer(broker: Broker, *, above: Sequence[str], flows: Sequence[str]) -> str:
        return definition_text(broker, above=above, flows=flows) + more

    monkeypatch.setattr("optout.workflows.new_definition.definition_text", longer)
    draft(tmp_path / "control", window)
    more = '\n[[sources]]\nkey = "X"\nwhat = "x"\nread_on = 2026-11-22\n'
    with pytest.raises(Refused, match="would change"):
        draft(tmp_path / "longer", window)
    assert [path.name for path in tmp_path.iterdir()] == ["control"]
