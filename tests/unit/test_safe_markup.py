"""What is kept of somebody's page can do nothing, and lint finds what could."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.checks import examples
from optout.catalog.example_scripts import LOOKED_AT, digest_of, list_text
from optout.catalog.safe_markup import safe_markup
from optout.catalog.stand_ins import frame_script, is_stand_in, scripts_for
from optout.catalog.write_example import ReadMarkup, example_files
from optout.shipped import shipped

PLAIN = '<div class="a"><label for="x">E-mail &amp; more</label>\n<input id="x" required>'
HARMFUL = (
    "<script>x</script>",
    "<scr<script>x</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<input onfocus=alert(1) autofocus>",
    '<a href="javascript:alert(1)">Go</a>',
    "<svg><a xlink:href='javascript:x'><text>x</text></a></svg>",
    "<math><mtext><script>x</script></mtext></math>",
    "<style>*{}</style>",
    "<iframe srcdoc='<script>x</script>'></iframe>",
    "<template><script>x</script></template>",
    "<noframes><input></noframes>",
    "<xmp><b>x</b></xmp>",
    "<base href=https://elsewhere.example.net/>",
    "<meta http-equiv=refresh content='0;url=/'>",
    "<form action=/x><button formaction=/y>Go</button></form>",
    "<textarea></textarea><script>x</script>",
    "<!--><script>x</script-->",
    "<plaintext><p>",
)


def test_what_is_harmless_stays_as_it_is() -> None:
    assert safe_markup(PLAIN) == f"{PLAIN}</div>"


@pytest.mark.parametrize("harmful", HARMFUL)
def test_what_could_do_something_is_gone(harmful: str) -> None:
    kept = safe_markup(f"{PLAIN}{harmful}").lower()
    assert kept.startswith(PLAIN.lower())
    for mark in ("<script", "onerror", "onfocus", "javascript", "action", "srcdoc", "<style",
                 "<iframe", "<template", "<noframes", "<xmp", "<base", "<meta", "<plaintext",
                 "<form", "<svg", "<math", "<img"):  # fmt: skip
        assert mark not in kept


def test_words_stay_words_and_half_characters_go() -> None:
    kept = safe_markup("<p title='a\" onclick=\"b'>&lt;script&gt; \ud800\u202e</p>")
    assert kept == '<p title="a&quot; onclick=&quot;b">&lt;script&gt; \ufffd </p>'


def findings(page: str) -> list[str]:
    found = examples._content("examples/form.html", page.encode())  # noqa: SLF001 - what lint does with one file
    return [each.what.english() for each in found]


@pytest.mark.parametrize(
    "harmful",
    [
        "<script>document.title = 1</script>",
        "<SCRIPT >x</SCRIPT>",
        "<script src=x.js></script>",
        "<img src=x onerror=alert(1)>",
        "<img/onerror=alert(1) src=x>",
        "<img src='x'onerror=alert(1)>",
        "<img src=x onerror=&quot;alert(1)>",
        '<img title=">" onerror = "x">',
        "<!-- --!><img title='>' onerror=x>-->",
        "<style></style/><img title='>' onerror=x>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href=' java&#10;script&colon;alert(1)'>x</a>",
        "<a href='&#106;avascript:x'>x</a>",
        "<iframe srcdoc='x'></iframe>",
    ],
)
def test_lint_refuses_what_runs(harmful: str) -> None:
    words = """Only one = the other, &lt;img onerror=x&gt;<input title='a " onfocus=x'>"""
    page = f"<!doctype html>\n<p>{words}</p>\n{harmful}"
    (found,) = findings(page)
    assert found.startswith("Line ")
    assert found.endswith("runs a script that nobody looked at.")
    assert findings(page.replace(harmful, "")) == []  # control


def test_lint_knows_our_stand_ins_and_no_change_of_them() -> None:
    every = 'data-by-hand="x" data-next data-sends data-of="y"'
    for script in (scripts_for(every), frame_script("https://forms.example.net/a/b%20c'd")):
        assert script
        assert findings(script) == []
        assert findings(script.replace("</script>", "alert(1)</script>")) != []
    assert not is_stand_in('x"; alert(1); "')
    assert findings(frame_script('https://forms.example.net/"+alert(1)+"')) != []


def test_every_script_of_the_catalog_is_in_the_list() -> None:
    folder = shipped("brokers")
    assert (folder / LOOKED_AT).read_text("utf-8") == list_text(folder)
    assert digest_of("  a\n    b\n") == digest_of("a\nb")
    with_pages = [folder / b.slug / "examples" for b in list_brokers() if b.flow and not b.sample]
    pages = [path for one in with_pages for path in one.glob("*.html")]
    assert len(pages) > 20
    assert [path for path in pages if findings(path.read_text("utf-8"))] == []


def test_what_is_written_of_hostile_markup_passes_lint(tmp_path: Path) -> None:
    page = ReadMarkup(
        title="</title><script>x</script>", heading="<img onerror=x>", markup=[*HARMFUL, PLAIN]
    )
    files = example_files(
        "https://privacy.example.com/a",
        page,
        sent_from="https://privacy.example.com/a",
        answered_in={},
        expect="<script>Your request was received",
        on=date(2026, 11, 22),
    )
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
        assert name.endswith(".toml") or findings(text) == [], text
