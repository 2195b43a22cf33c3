"""Sentences name commands, for people at a terminal; on the page each becomes what it does here.

No command and no option is shown: what the page does is a link, and for what it does not do the
link leads to help. A day is written in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote

from markupsafe import Markup, escape

from optout.i18n import say
from optout.rules.days import in_words
from optout.text import Text
from optout.web.page_words import WORDS
from optout.web.roads import ROADS
from optout.web.said_here import SAID_HERE

_WITH_REFERENCE: Final = {
    "file": "file",
    "letter post": "sent",
    "letter pdf": "file",
    "record": "record",
    "reconcile": "reconcile",
    "follow-up": "follow-up",
    "confirm": "confirm",
    "next --done": "settled",
    "next --leave": "leave",
    "plan --by": "another-way",
}
_REQUEST: Final = frozenset({"report --proof", "letter show"})
_SCREENS: Final = {
    "status": ("/status", WORDS["status"]),
    "due": ("/due", WORDS["due"]),
    "follow-up": ("/due", WORDS["due"]),
    "next": ("/", WORDS["home"]),
    "exports": ("/papers", WORDS["papers"]),
    "report": ("/go/report", ROADS["report"].title),
    "report --for-helper": ("/go/helper", ROADS["helper"].title),
    "doctor": ("/go/help", ROADS["help"].title),
    "scan": ("/go/scan", ROADS["scan"].title),
    "scan --due": ("/go/look-again", ROADS["look-again"].title),
    "scan --pictures": ("/go/pictures", ROADS["pictures"].title),
    "review": ("/go/review", ROADS["review"].title),
    "plan": ("/go/plan", ROADS["plan"].title),
    "person add": ("/go/person", ROADS["person"].title),
    "person edit": ("/go/person", ROADS["person"].title),
    "person show": ("/go/person", ROADS["person"].title),
}
_NAMES: Final = sorted({*_WITH_REFERENCE, *_REQUEST, *_SCREENS}, key=len, reverse=True)
_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# What stands after a command: its options, each with its value. A word of the sentence is none.
_OPTIONS: Final = (
    r'(?: --[a-z][a-z-]*(?: (?:"[^"]*"|[A-Z][A-Z-]+\b|\d[\d-]*|[a-z0-9_-]+(?=[.,;:)]|$| --)))?)*'
)
_COMMANDS: Final = (
    "(?:demo|start|web|init|person|scan|review|plan|request|file|letter|confirm|status|next|due"
    "|record|follow-up|reconcile|report|exports|broker|law|records|match|shell|vault|doctor|clinic)"
)
_COMMAND: Final = re.compile(
    rf"optout (?:broker show|plan --explain) (?P<company>{_SLUG})"
    rf"|optout records (?P<records>draft|list)(?: {_SLUG})?"
    rf"|optout (?P<name>{'|'.join(_NAMES)})(?: (?P<ref>[A-Z0-9]{{4}}-[A-Z0-9]{{4}})"
    rf"(?: (?:denied|returned|acknowledged)\b)?)?(?![\w-])(?P<options>{_OPTIONS})"
    r"|optout (?:(?:vault key|clinic papers) [a-z-]+"
    r"|(?:vault|clinic|broker|law|person|letter|records) [a-z][a-z-]*"
    rf"|{_COMMANDS})\b(?: [a-z]+-{_SLUG})?(?: [A-Z]{{2,}})*{_OPTIONS}"
)
_CODE: Final = re.compile(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3,}\b")  # what opens the folder
_DAY: Final = re.compile(r"(?<![\w/=.-])\d{4}-\d{2}-\d{2}(?![\w/-])")
_OPTION: Final = re.compile(r"(?<![\w-])--[a-z]")

# What these name is on the list of papers, and opens from there.
_OUR_FILES: Final = frozenset(
    {
        "The file is here: {path}",
        "This copy is for you to read, do not send it: {path}",
        "This page is for you, do not send it: {path}",
        "Written: {path}",
    }
)


def with_links(text: Text) -> Markup:
    """Return a sentence for the page: escaped, its commands and our files as links.

    A code to write down stands by itself, and no group of it is broken.
    """
    return Markup(_CODE.sub(_in_a_block, _with_links(text)))  # noqa: S704 - escaped there


def in_plain_words(text: Text) -> str:
    """Return what a sentence says on the page, for paper: without links."""
    return with_links(text).striptags()


def _in_a_block(code: re.Match[str]) -> str:
    groups = "-</span><wbr><span>".join(code[0].split("-"))
    return f'<strong class="code"><span>{groups}</span></strong>'


def _with_links(text: Text) -> Markup:
    here = _on_the_page(text)
    said = say(here)
    if _names_option(here) and _OPTION.search(_COMMAND.sub("", said)):
        return _anchor("/go/help", WORDS["not_here"])  # of a terminal, with no other words yet
    if text.template not in _OUR_FILES:
        return _linked(said)
    path = str(text.values["path"])
    before, _found, after = said.partition(path)
    return Markup("").join([_linked(before), _file(path), _linked(after)])


def _names_option(said: object) -> bool:
    """Say whether our own words name an option: in a company's or a person's it is none."""
    if isinstance(said, tuple):
        return any(map(_names_option, said))
    if not isinstance(said, Text):
        return False
    return bool(_OPTION.search(said.template)) or _names_option(tuple(said.values.values()))


def _on_the_page(text: Text) -> Text:
    values = {
        name: _on_the_page(value) if isinstance(value, Text) else value
        for name, value in text.values.items()
    }
    return SAID_HERE.get(text.template, text).holding(values)


def _linked(said: str) -> Markup:
    return Markup("").join(_parts(_DAY.sub(_day_in_words, said)))


def _day_in_words(day: re.Match[str]) -> str:
    try:
        return say(in_words(date.fromisoformat(day[0])))
    except ValueError:  # no day: a number that looks like one
        return day[0]


def _parts(said: str) -> Iterator[Markup]:
    at = 0
    for found in _COMMAND.finditer(said):
        yield escape(said[at : found.start()])
        yield _said_instead(found)
        at = found.end()
    yield escape(said[at:])


def _said_instead(found: re.Match[str]) -> Markup:
    """Return what stands where a command stood."""
    name, reference = found["name"], found["ref"]
    if found["company"]:
        return _anchor(f"/company/{found['company']}", WORDS["this_company"])
    if found["records"]:
        return escape(say(WORDS["by_an_office"]))
    if reference and name in _REQUEST:
        return _anchor(f"/request/{reference}", WORDS["this_request"])
    if reference and name in _WITH_REFERENCE:
        road = _WITH_REFERENCE[name]
        title = WORDS["did_not_send"] if "--not-sent" in found["options"] else ROADS[road].title
        return _anchor(f"/go/{road}/{reference}", title)
    if only := _only(name, found["options"] or ""):
        return _anchor(f"/go/plan-only/{only}", ROADS["plan-only"].title)
    return _anchor(*_SCREENS.get(name, ("/go/help", WORDS["not_here"])))


def _only(name: str | None, options: str) -> str:
    """Return the one company that a plan is made for, and what is asked of it; "" for no such."""
    if name != "plan":
        return ""
    slug = re.search(rf"--only ({_SLUG})", options)
    return "--".join([slug[1], *re.findall(r"--right ([a-z_-]+)", options)]) if slug else ""


def _file(path: str) -> Markup:
    name = Path(path).name
    return Markup('<a href="/papers/{}">{}</a>').format(quote(name), name)


def _anchor(address: str, title: Text) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, say(title))
