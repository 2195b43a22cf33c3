"""The pages: what stands there, one screen a function. Reading changes nothing; a form does."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import anyio.to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from optout.due_words import said_basis
from optout.errors import OptoutError, Refused, VaultLocked, WrongUsage
from optout.i18n import in_language, language, languages, say
from optout.model.payload import Newness
from optout.model.record import Export
from optout.model.request import Delivery
from optout.rules.days import written
from optout.text import Text
from optout.web.keeper import Keeper
from optout.web.linked import with_links
from optout.web.page_words import WORDS
from optout.web.roads import ROADS
from optout.web.talk import OUR_MISTAKE, Kind, Talk
from optout.words import said_by_company, word
from optout.workflows.desk import Desk
from optout.workflows.exports import list_exports
from optout.workflows.find import find_requests
from optout.workflows.guide import begin_guide
from optout.workflows.standing import Standing, dues, standings, to_do

HERE: Final = Path(__file__).parent
LANGUAGE_COOKIE: Final = "optout-language"
_AFTER_IDLE: Final = 10
_LONGEST_NUMBER: Final = 6
_MOMENT: Final = 0.5  # most answers bring the next question at once
_OUR_PATH: Final = re.compile(r"/(?:[A-Za-z0-9-]+/?)*")
_OPEN_ROADS: Final = ("guide", "plan", "person")
_NAMES: Final = {"en": "English", "es": "Español"}

Seen = Callable[[Request, Keeper], Response]


def _templates() -> Environment:
    """Return the templates; every value in them is escaped, and a missing one is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"say": say, "say_with": _say_with, "linked": with_links}
    made.filters |= {"word": word, "written": written}
    made.globals |= {"words": WORDS, "roads": ROADS, "kinds": Kind, "newness": Newness}
    made.globals |= {"said_basis": said_basis, "said_by_company": said_by_company}
    return made


def _say_with(template: str, **values: object) -> str:
    return say(Text(template, **values))


def application(keeper: Keeper) -> Starlette:
    """Return the pages over one locked folder. The gate stands before them."""
    app = Starlette(
        routes=[
            Route("/", _page(keeper, home)),
            Route("/unlock", _page(keeper, unlock), methods=["POST"]),
            Route("/lock", _page(keeper, lock), methods=["POST"]),
            Route("/language", _page(keeper, choose_language), methods=["POST"]),
            Route("/begin", _page(keeper, begin), methods=["POST"]),
            Route("/go/{road}", _page(keeper, before_road)),
            Route("/go/{road}/{reference}", _page(keeper, before_road)),
            Route("/walk/{road}", _page(keeper, walk), methods=["POST"]),
            Route("/walk/{road}/{reference}", _page(keeper, walk), methods=["POST"]),
            Route("/talk", _page(keeper, talk)),
            Route("/talk/news", _page(keeper, news)),
            Route("/talk/picture", _page(keeper, picture)),
            Route("/talk/answer", _page(keeper, answer), methods=["POST"]),
            Route("/talk/stop", _page(keeper, stop), methods=["POST"]),
            Route("/status", _page(keeper, status)),
            Route("/request/{reference}", _page(keeper, request_page)),
            Route("/due", _page(keeper, due)),
            Route("/papers", _page(keeper, papers)),
            Route("/papers/{paper}", _page(keeper, paper)),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={HTTPException: _page_not_there(keeper)},
    )
    app.state.templates = _templates()
    return app


# ---- around every page ----


def _page(keeper: Keeper, seen: Seen) -> Callable[[Request], Awaitable[Response]]:
    """Return one page as the server calls it: in its reader's language, errors in words."""

    async def shown(request: Request) -> Response:
        request.state.typed = {}
        if request.method == "POST":
            request.state.typed = dict(await request.form(max_files=0, max_fields=8))

        def in_its_language() -> Response:
            with in_language(_wanted(request)):
                return _in_words(request, keeper, seen)

        answer = await anyio.to_thread.run_sync(in_its_language)
        if request.method == "POST":  # Chromium keeps a page for Back until a cookie changes
            answer.set_cookie("optout-seen", secrets.token_hex(4), httponly=True, samesite="strict")
        return answer

    return shown


def _page_not_there(keeper: Keeper) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return what is shown for an address that leads nowhere."""

    async def shown(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 500
        with in_language(_wanted(request)):
            return _show(request, keeper, "problem.html", {"error": _not_found()}, code)

    return shown


def _in_words(request: Request, keeper: Keeper, seen: Seen) -> Response:
    if request.url.path != "/talk/news":  # the page asks for news by itself: nobody was here
        keeper.touch()
    if not (keeper.is_open() or _needs_no_folder(keeper, seen)):
        return RedirectResponse("/", 303)
    try:
        return seen(request, keeper)
    except HTTPException as error:
        return _show(request, keeper, "problem.html", {"error": _not_found()}, error.status_code)
    except OptoutError as error:
        return _show(request, keeper, "problem.html", {"error": error}, 409)
    except Exception:  # noqa: BLE001 - the one place where a page's errors become words
        return _show(request, keeper, "problem.html", {"error": OUR_MISTAKE}, 500)


def _needs_no_folder(keeper: Keeper, seen: Seen) -> bool:
    """Say whether a page may be shown while the folder is locked, or not made yet."""
    if seen in {home, unlock, choose_language, begin}:
        return True
    now = keeper.talk
    return seen in {talk, news, answer, stop} and now is not None and now.before_folder


def _not_found() -> OptoutError:
    return WrongUsage(WORDS["not_found"])


def _wanted(request: Request) -> str:
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


def _show(
    request: Request,
    keeper: Keeper,
    template: str,
    values: Mapping[str, object] | None = None,
    code: int = 200,
) -> Response:
    around = {
        "language": language(),
        "languages": [(each, _NAMES.get(each, each)) for each in languages()],
        "is_open": keeper.is_open(),
        "path": request.url.path if request.method == "GET" else "/",
        "waits": _waits(keeper),
    }
    templates: Environment = request.app.state.templates
    page = templates.get_template(template).render({**around, **(values or {})})
    # A tab that nobody looks at shows nothing for longer than the folder stays open.
    idle = int(keeper.place.idle_seconds) + _AFTER_IDLE
    return HTMLResponse(page, code, headers={"Refresh": f"{idle}; url=/"})


def _waits(keeper: Keeper) -> Talk | None:
    talk = keeper.talk
    return talk if talk is not None and not talk.ended else None


def _typed(request: Request, name: str) -> str:
    """Return what was typed into the form; "" where it has no such box."""
    value = request.state.typed.get(name)
    return value if isinstance(value, str) else ""


# ---- locked and open ----


def home(request: Request, keeper: Keeper) -> Response:
    """Show what can be done now; before that, how to open or make the folder."""
    keeper.forget_ended_talk()  # it can have shown a recovery code
    if not keeper.is_there():
        return _show(request, keeper, "welcome.html")
    if not keeper.is_open() and not keeper.was_locked:
        with suppress(VaultLocked):  # this computer may keep the key; else it is asked for
            keeper.unlock()
    if not keeper.is_open():
        return _show(request, keeper, "locked.html", {"error": None})
    todo = keeper.read(to_do)
    return _show(
        request,
        keeper,
        "home.html",
        {
            "todo": todo,
            "minutes": sum(each.minutes for each in todo),
            "open_roads": [(name, ROADS[name]) for name in _OPEN_ROADS],
        },
    )


def unlock(request: Request, keeper: Keeper) -> Response:
    """Open the folder."""
    try:
        keeper.unlock(_typed(request, "passphrase"))
    except OptoutError as error:
        return _show(request, keeper, "locked.html", {"error": error}, 403)
    return RedirectResponse("/", 303)


def lock(_request: Request, keeper: Keeper) -> Response:
    """Close the folder."""
    keeper.lock()
    return RedirectResponse("/", 303)


def choose_language(request: Request, _keeper: Keeper) -> Response:
    """Remember the language of this browser."""
    wanted, back = _typed(request, "to"), _typed(request, "back")
    answer = RedirectResponse(back if _OUR_PATH.fullmatch(back) else "/", 303)
    if wanted in languages():
        answer.set_cookie(LANGUAGE_COOKIE, wanted, httponly=True, samesite="strict")
    return answer


def begin(_request: Request, keeper: Keeper) -> Response:
    """Show the truth and make the folder, as a talk."""
    place = keeper.place

    def make(talk: Talk) -> None:
        begin_guide(place.folder, talk, place.clock, place.actor)

    keeper.begin_without_folder(WORDS["welcome"], make)
    return RedirectResponse("/talk", 303)


# ---- a talk ----


def before_road(request: Request, keeper: Keeper) -> Response:
    """Say what will be begun; following a link begins nothing."""
    name, reference = request.path_params["road"], request.path_params.get("reference", "")
    road = ROADS.get(name)
    if road is None or road.needs_reference != bool(reference):
        raise HTTPException(404)
    about = keeper.read(lambda desk: _about(desk, reference)) if reference else ()
    return _show(
        request,
        keeper,
        "before.html",
        {"road": road, "name": name, "reference": reference, "about": about},
    )


def _about(desk: Desk, reference: str) -> tuple[Standing, ...]:
    ids = {each.id for each in find_requests(desk, reference)}
    return tuple(each for each in standings(desk) if each.request.id in ids)


def walk(request: Request, keeper: Keeper) -> Response:
    """Begin a workflow."""
    name, reference = request.path_params["road"], request.path_params.get("reference", "")
    road = ROADS.get(name)
    if road is None or road.needs_reference != bool(reference):
        raise HTTPException(404)
    keeper.begin(road.title, lambda desk: road.walk(desk, reference))
    return RedirectResponse("/talk", 303)


def talk(request: Request, keeper: Keeper) -> Response:
    """Show what was said and what is asked."""
    now = keeper.talk
    if now is None:
        return RedirectResponse("/", 303)
    now.wait(len(now.entries), _MOMENT)
    return _show(request, keeper, "talk.html", _talk_values(now))


def news(request: Request, keeper: Keeper) -> Response:
    """Return what is new in a talk; nothing where nothing is, and the page asks again."""
    now = keeper.talk
    if now is None:
        return Response(status_code=204, headers={"HX-Redirect": "/"})
    if request.query_params.get("seen") == str(len(now.entries)) and not now.ended:
        return Response(status_code=204)
    return _show(request, keeper, "talk-now.html", _talk_values(now))


def _talk_values(now: Talk) -> Mapping[str, object]:
    waiting, entries = now.waiting(), tuple(now.entries)
    said = [each for each in entries if not each.waits]
    since = max((each.number for each in said if each.kind is not Kind.TOLD), default=0)
    return {
        "talk": now,
        "earlier": [each for each in said if each.number < since],
        "latest": [each for each in said if each.number >= since],
        "waiting": waiting,
        "seen": len(entries),
    }


def picture(_request: Request, keeper: Keeper) -> Response:
    """Return the page that is handed over, as a picture: only while it is."""
    waiting = keeper.talk.waiting() if keeper.talk else None
    handed = waiting.hand_over if waiting else None
    if handed is None or handed.picture is None:
        raise HTTPException(404)
    return Response(handed.picture, media_type="image/jpeg")


def answer(request: Request, keeper: Keeper) -> Response:
    """Take one answer; one that comes late or twice changes nothing."""
    now = keeper.talk
    number = _typed(request, "number")
    is_number = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    if now is not None and is_number and _typed(request, "talk") == now.id:
        now.answer(int(number), _typed(request, "answer"))
    return RedirectResponse("/talk" if now else "/", 303)


def stop(request: Request, keeper: Keeper) -> Response:
    """Stop the talk at its question: the one that was on the screen, no other."""
    if keeper.talk is not None and _typed(request, "talk") == keeper.talk.id:
        keeper.stop_talk()
    return RedirectResponse("/", 303)


# ---- looking ----


def status(request: Request, keeper: Keeper) -> Response:
    """Show every request with its four tracks."""
    return _show(request, keeper, "status.html", {"found": keeper.read(standings)})


def due(request: Request, keeper: Keeper) -> Response:
    """Show who must answer until when."""
    return _show(request, keeper, "due.html", {"found": keeper.read(dues)})


def papers(request: Request, keeper: Keeper) -> Response:
    """Show the files that were written for the person, to open and to print."""
    return _show(request, keeper, "papers.html", {"found": keeper.read(_papers)})


def _papers(desk: Desk) -> list[tuple[Export, str]]:
    there = [each for each, is_there in list_exports(desk) if is_there]
    return [(each, Path(each.path.reveal()).name) for each in reversed(there)]


def paper(request: Request, keeper: Keeper) -> Response:
    """Return one of these files, if it is still as it was written; others are not reached.

    Only a PDF is shown in the browser: other kinds are saved and opened by their own program.
    """
    wanted = request.path_params["paper"]
    found = next((each for each, _ in keeper.read(_papers) if each.id == wanted), None)
    if found is None:
        raise HTTPException(404)
    path = Path(found.path.reveal())
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Refused(
            Text("This file was changed since it was written, so it is not shown here."),
            known=Text("Nothing was changed by us."),
            hint=Text("Look at it in its own program, or have it written anew."),
        )
    is_pdf = path.suffix == ".pdf"
    shown = "inline" if is_pdf else "attachment"
    return Response(
        content,
        media_type="application/pdf" if is_pdf else "application/octet-stream",
        headers={"Content-Disposition": f"{shown}; filename*=utf-8''{quote(path.name)}"},
    )


def request_page(request: Request, keeper: Keeper) -> Response:
    """Show one request: what was given to whom, what happened, and what can be done with it."""
    reference = request.path_params["reference"]
    found, given, answers, dates = keeper.read(lambda desk: _everything(desk, reference))
    return _show(
        request,
        keeper,
        "request.html",
        {
            "found": found,
            "reference": found[0].reference if found else reference,
            "given": given,
            "answers": answers,
            "dates": dates,
            "ways": _ways_on(found),
        },
    )


def _everything(desk: Desk, reference: str) -> tuple[tuple[Standing, ...], object, object, object]:
    found = _about(desk, reference)
    ids = [each.request.id for each in found]
    vault = desk.vault
    given = [each for several in vault.disclosures.for_requests(ids).values() for each in several]
    answers = [
        each for several in vault.correspondence.for_requests(ids).values() for each in several
    ]
    dates = [each for several in vault.deadlines.for_requests(ids).values() for each in several]
    return found, given, answers, dates


_WAYS: Final = {
    Delivery.DRAFT: ("file", "leave"),
    Delivery.READY: ("file", "leave"),
    Delivery.FAILED: ("file", "leave"),
    Delivery.HANDED_OVER: ("sent",),
    Delivery.UNKNOWN: ("reconcile",),
    Delivery.SENT: ("record", "follow-up"),
}


def _ways_on(found: tuple[Standing, ...]) -> tuple[str, ...]:
    return _WAYS.get(found[0].message.delivery, ()) if found else ()
