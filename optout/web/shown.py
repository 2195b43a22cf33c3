"""What stands around every screen: its language, its menu, what waits; and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from optout.due_words import said_basis
from optout.i18n import entry, language, languages, say
from optout.model.payload import Newness
from optout.rules.days import in_words
from optout.text import Text
from optout.web.keeper import Keeper
from optout.web.linked import with_links
from optout.web.page_words import WORDS
from optout.web.roads import ROADS
from optout.web.talk import Kind, Talk
from optout.words import said_by_company, word

HERE: Final = Path(__file__).parent
LANGUAGE_COOKIE: Final = "optout-language"
LEFT: Final = "/left"  # where a tab goes by itself; `page.js` names it too
_AFTER_IDLE: Final = 10
_NAMES: Final = {"en": "English", "es": "Español"}


def templates_of_all() -> Environment:
    """Return the templates; every value in them is escaped, and a missing one is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"say": say, "say_with": _say_with, "linked": with_links, "entry": entry}
    made.filters |= {"word": word, "written": _in_words}
    made.globals |= {"words": WORDS, "roads": ROADS, "kinds": Kind, "newness": Newness}
    made.globals |= {"said_basis": said_basis, "said_by_company": said_by_company}
    return made


def _in_words(day: date | None) -> str:
    return say(in_words(day)) if day else ""


def _say_with(template: str, **values: object) -> str:
    return say(Text(template, **values))


def wanted_language(request: Request) -> str:
    """Return the language that was chosen on the page, else the browser's, else the computer's."""
    known = languages()
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in known:
        return chosen
    for each in request.headers.get("accept-language", "").split(","):
        name = each.partition(";")[0].strip().lower().partition("-")[0]
        if name in known:
            return name
    return ""


def show(
    request: Request,
    keeper: Keeper,
    template: str,
    values: Mapping[str, object] | None = None,
    code: int = 200,
) -> Response:
    """Return a screen with everything around it."""
    # A tab that nobody looks at shows nothing for longer than the folder stays open.
    idle = int(keeper.place.idle_seconds) + _AFTER_IDLE
    around = {
        "language": language(),
        "languages": [(each, _NAMES.get(each, each)) for each in languages()],
        "is_open": keeper.is_open(),
        "path": request.url.path if request.method == "GET" else "/",
        "here": _here(request),
        "idle": idle,
        "away": LEFT,
        "waits": _waits(keeper),
        "can_practice": keeper.place.practice is not None,
        "made_up": keeper.place.made_up_passphrase,
    }
    templates: Environment = request.app.state.templates
    page = templates.get_template(template).render({**around, **(values or {})})
    return HTMLResponse(page, code)


def _here(request: Request) -> str:
    """Return where to ask for this screen again; what answers a form is not asked for twice."""
    if request.method != "GET":
        return "/"
    return f"{request.url.path}?{request.url.query}".removesuffix("?")


def _waits(keeper: Keeper) -> Talk | None:
    talk = keeper.talk
    return talk if talk is not None and not talk.ended else None


def typed(request: Request, name: str) -> str:
    """Return what was typed into the form; "" where it has no such box."""
    return str(request.state.typed.get(name, ""))
