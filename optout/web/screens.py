"""The pages: what stands there, one screen a function. Reading changes nothing; a form does."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from typing import Final
from urllib.parse import quote

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from optout.errors import OptoutError, VaultLocked, WrongUsage
from optout.i18n import in_language, languages
from optout.model.request import Delivery
from optout.web.answers import about_request, ask_paper, choose_request, take_paper
from optout.web.company import company
from optout.web.forms import read_form
from optout.web.keeper import Keeper
from optout.web.page_words import WORDS
from optout.web.papers import in_hand, paper, papers
from optout.web.pictures import Drawn, pictures, the_map
from optout.web.proofs import proof
from optout.web.roads import ROADS
from optout.web.shown import (
    HERE,
    LANGUAGE_COOKIE,
    LEFT,
    show,
    templates_of_all,
    typed,
    wanted_language,
)
from optout.web.talk import OUR_MISTAKE, Kind, Talk
from optout.workflows.choose_way import other_ways
from optout.workflows.desk import Desk
from optout.workflows.guide import begin_guide
from optout.workflows.pictures import way_of
from optout.workflows.standing import Standing, dues, standings_of, to_do
from optout.workflows.timeline import Timeline, timeline
from optout.workflows.whose_answer import names_here

_LONGEST_NUMBER: Final = 6
_AT_ONCE: Final = 100  # requests on one screen
_MOMENT: Final = 0.5  # most answers bring the next question at once
_OUR_PATH: Final = re.compile(r"/(?:[A-Za-z0-9-]+/?)*")
_OPEN_ROADS: Final = ("guide", "scan", "review", "plan", "person", "report", "help")

Seen = Callable[[Request, Keeper], Response]


def application(keeper: Keeper) -> Starlette:
    """Return the pages over one locked folder. The gate stands before them."""
    app = Starlette(
        routes=[
            Route("/", _page(keeper, home)),
            Route("/unlock", _page(keeper, unlock), methods=["POST"]),
            Route("/lock", _page(keeper, lock), methods=["POST"]),
            Route("/still-open", _page(keeper, is_open)),
            Route("/still-here", _page(keeper, is_here), methods=["POST"]),
            Route(LEFT, _page(keeper, left)),
            Route("/language", _page(keeper, choose_language), methods=["POST"]),
            Route("/begin", _page(keeper, begin), methods=["POST"]),
            Route("/practice", _page(keeper, practice), methods=["POST"]),
            Route("/mail", _page(keeper, practice_mail)),
            Route("/later", _page(keeper, days_later), methods=["POST"]),
            Route("/go/{road}", _page(keeper, before_road)),
            Route("/go/{road}/{reference}", _page(keeper, before_road)),
            Route("/walk/{road}", _page(keeper, walk), methods=["POST"]),
            Route("/walk/{road}/{reference}", _page(keeper, walk), methods=["POST"]),
            Route("/talk", _page(keeper, talk)),
            Route("/talk/news", _page(keeper, news)),
            Route("/talk/picture", _page(keeper, picture)),
            Route("/talk/answer", _page(keeper, answer), methods=["POST"]),
            Route("/talk/back", _page(keeper, back), methods=["POST"]),
            Route("/talk/stop", _page(keeper, stop), methods=["POST"]),
            Route("/answer", _page(keeper, choose_request)),
            Route("/answer/{reference}", _page(keeper, ask_paper)),
            Route("/answer/{reference}", _page(keeper, take_paper), methods=["POST"]),
            Route("/status", _page(keeper, status)),
            Route("/request/{reference}", _page(keeper, request_page)),
            Route("/company/{company}", _page(keeper, company)),
            Route("/proof/{proof}", _page(keeper, proof)),
            Route("/due", _page(keeper, due)),
            Route("/pictures", _page(keeper, pictures)),
            Route("/map", _page(keeper, the_map)),
            Route("/papers", _page(keeper, papers)),
            Route("/papers/{paper}", _page(keeper, paper)),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={HTTPException: _page_not_there(keeper)},
    )
    app.state.templates = templates_of_all()
    return app


# ---- around every page ----


def _page(keeper: Keeper, seen: Seen) -> Callable[[Request], Awaitable[Response]]:
    """Return one page as the server calls it: in its reader's language, errors in words."""

    async def shown(request: Request) -> Response:
        request.state.typed, request.state.paper = {}, None
        unread: OptoutError | None = None
        if request.method == "POST":
            try:
                request.state.typed, request.state.paper = await read_form(request)
            except OptoutError as error:
                unread = error

        def in_its_language() -> Response:
            with in_language(wanted_language(request)):
                if unread:
                    return show(request, keeper, "problem.html", {"error": unread}, 400)
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
        with in_language(wanted_language(request)):
            return show(request, keeper, "problem.html", {"error": _not_found()}, code)

    return shown


def _in_words(request: Request, keeper: Keeper, seen: Seen) -> Response:
    keeper.lock_if_left()  # the computer slept: nobody looked at the clock meanwhile
    if seen not in {news, is_open, left}:  # the page asks for these by itself: nobody was here
        keeper.touch()
    if not (keeper.is_open() or _needs_no_folder(keeper, seen)):
        return RedirectResponse("/", 303)
    try:
        return seen(request, keeper)
    except HTTPException as error:
        return show(request, keeper, "problem.html", {"error": _not_found()}, error.status_code)
    except OptoutError as error:
        return show(request, keeper, "problem.html", {"error": error}, 409)
    except Exception:  # noqa: BLE001 - the one place where a page's errors become words
        return show(request, keeper, "problem.html", {"error": OUR_MISTAKE}, 500)


def _needs_no_folder(keeper: Keeper, seen: Seen) -> bool:
    """Say whether a page may be shown while the folder is locked, or not made yet."""
    if seen in {home, left, unlock, choose_language, begin, practice}:
        return True
    now = keeper.talk
    return seen in {talk, news, answer, stop} and now is not None and now.before_folder


def _not_found() -> OptoutError:
    return WrongUsage(WORDS["not_found"])


# ---- locked and open ----


def home(request: Request, keeper: Keeper) -> Response:
    """Show what can be done now; before that, how to open or make the folder."""
    keeper.forget_ended_talk()  # it can have shown a recovery code
    if not keeper.is_there():
        return show(request, keeper, "welcome.html")
    if not keeper.is_open() and not keeper.was_locked:
        with suppress(VaultLocked):  # this computer may keep the key; else it is asked for
            keeper.unlock()
    if not keeper.is_open():
        return _locked(request, keeper)
    todo, names, asked = keeper.read(
        lambda desk: (to_do(desk), names_here(desk), desk.vault.requests.tally())
    )
    return show(
        request,
        keeper,
        "home.html",
        {
            "todo": todo,
            "names": names,
            "has_asked": bool(asked),
            "minutes": sum(each.minutes for each in todo),
            "open_roads": [(name, ROADS[name]) for name in _OPEN_ROADS],
        },
    )


def unlock(request: Request, keeper: Keeper) -> Response:
    """Open the folder."""
    try:
        keeper.unlock(typed(request, "passphrase"))
    except OptoutError as error:
        return _locked(request, keeper, error, 403)
    return RedirectResponse("/", 303)


def _locked(
    request: Request, keeper: Keeper, error: OptoutError | None = None, code: int = 200
) -> Response:
    values = {"error": error, "keeps_key": keeper.computer_keeps_key()}
    return show(request, keeper, "locked.html", values, code)


def lock(_request: Request, keeper: Keeper) -> Response:
    """Close the folder."""
    keeper.lock()
    return RedirectResponse("/", 303)


def is_open(_request: Request, _keeper: Keeper) -> Response:
    """Answer a screen that asks whether it may still be shown; a locked folder leads elsewhere."""
    return Response(status_code=204)


def is_here(_request: Request, _keeper: Keeper) -> Response:
    """Take note that somebody writes in a screen: like whoever opens one, they are here."""
    return Response(status_code=204)


def left(request: Request, keeper: Keeper) -> Response:
    """Show a tab that nobody was at: that the folder is locked, or only that it is still open.

    It opens nothing by itself: nobody asked for it.
    """
    keeper.forget_ended_talk()
    if keeper.is_open():
        return show(request, keeper, "left.html")
    return _locked(request, keeper) if keeper.is_there() else show(request, keeper, "welcome.html")


def choose_language(request: Request, _keeper: Keeper) -> Response:
    """Remember the language of this browser."""
    wanted, back = typed(request, "to"), typed(request, "back")
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


def practice(request: Request, keeper: Keeper) -> Response:
    """Open the page over practice companies beside this one."""
    if keeper.place.practice is None:
        raise HTTPException(404)
    return show(request, keeper, "practice.html", {"address": keeper.place.practice()})


def practice_mail(request: Request, keeper: Keeper) -> Response:
    """Show what the practice companies wrote, as text: its links are copied, never followed."""
    if keeper.place.mails is None:
        raise HTTPException(404)
    mails = [(mail["From"], mail["Subject"], _text_of(mail)) for mail in keeper.place.mails()]
    return show(request, keeper, "mail.html", {"mails": mails[::-1]})


def days_later(_request: Request, keeper: Keeper) -> Response:
    """Let days pass in practice: what is gone is looked at twice, days apart."""
    if keeper.place.later is None:
        raise HTTPException(404)
    keeper.let_days_pass(keeper.place.later)
    return RedirectResponse("/", 303)


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


# ---- a talk ----


def before_road(request: Request, keeper: Keeper) -> Response:
    """Say what will be begun; following a link begins nothing."""
    name, reference = request.path_params["road"], request.path_params.get("reference", "")
    road = ROADS.get(name)
    if road is None or road.needs_reference != bool(reference):
        raise HTTPException(404)
    if name == "record":  # their paper is asked for first
        return RedirectResponse(f"/answer/{quote(reference)}", 303)
    is_request = bool(reference) and name != "plan-only"
    about = keeper.read(lambda desk: about_request(desk, reference)) if is_request else ()
    other = name == "file" and "another-way" in keeper.read(lambda desk: _ways_on(desk, about))
    return show(
        request,
        keeper,
        "before.html",
        {"road": road, "name": name, "reference": reference, "about": about, "other": other},
    )


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
    return show(request, keeper, "talk.html", _talk_values(now))


def news(request: Request, keeper: Keeper) -> Response:
    """Return what is new in a talk; nothing where nothing is, and the page asks again."""
    now = keeper.talk
    if now is None:
        return Response(status_code=204, headers={"HX-Redirect": "/"})
    if request.query_params.get("seen") == str(len(now.entries)) and not now.ended:
        return Response(status_code=204)
    return show(request, keeper, "talk-now.html", _talk_values(now))


def _talk_values(now: Talk) -> Mapping[str, object]:
    entries = tuple(now.entries)  # once: the talk goes on meanwhile, and `seen` says what is shown
    waiting = entries[-1] if entries and entries[-1].waits else None
    said = [each for each in entries if each is not waiting]
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
    number = typed(request, "number")
    if now is not None and _is_number(number) and typed(request, "talk") == now.id:
        now.answer(int(number), typed(request, "all") or typed(request, "answer"))
    return RedirectResponse("/talk" if now else "/", 303)


def back(request: Request, keeper: Keeper) -> Response:
    """Go back to the question before; where something was kept since, nothing happens."""
    now = keeper.talk
    number = typed(request, "number")
    if now is not None and _is_number(number) and typed(request, "talk") == now.id:
        now.go_back(int(number))
    return RedirectResponse("/talk" if now else "/", 303)


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_NUMBER


def stop(request: Request, keeper: Keeper) -> Response:
    """Stop the talk at its question: the one that was on the screen, no other."""
    if keeper.talk is not None and typed(request, "talk") == keeper.talk.id:
        keeper.stop_talk()
    return RedirectResponse("/", 303)


# ---- looking ----


def status(request: Request, keeper: Keeper) -> Response:
    """Show the requests with their four tracks, so many at a time as somebody can read."""
    number = request.query_params.get("from", "")
    wanted = int(number) if _is_number(number) else 0
    found, start, count = keeper.read(lambda desk: _standing_from(desk, wanted))
    return show(
        request,
        keeper,
        "status.html",
        {"found": found, "start": start, "count": count, "at_once": _AT_ONCE},
    )


def _standing_from(desk: Desk, wanted: int) -> tuple[tuple[Standing, ...], int, int]:
    """Return the requests of one screen, with which it begins, and how many there are in all."""
    requests = desk.vault.requests.list()
    last = max(len(requests) - 1, 0) // _AT_ONCE * _AT_ONCE
    start = min(wanted, last)  # an address from when there were more leads to the last ones
    return standings_of(desk, requests[start : start + _AT_ONCE]), start, len(requests)


def due(request: Request, keeper: Keeper) -> Response:
    """Show who must answer until when."""
    return show(request, keeper, "due.html", {"found": keeper.read(dues)})


def request_page(request: Request, keeper: Keeper) -> Response:
    """Show one request: what was given to whom, what happened, and what can be done with it."""
    reference = request.path_params["reference"]
    found, given, line = keeper.read(lambda desk: _everything(desk, reference))
    files, mail = keeper.read(lambda desk: in_hand(desk, found))
    ways = keeper.read(lambda desk: _ways_on(desk, found))
    return show(
        request,
        keeper,
        "request.html",
        {
            "found": found,
            "reference": found[0].reference if found else reference,
            "given": given,
            "line": line,
            "drawn": Drawn(way_of(line)),
            "ways": ways,
            "papers": files,
            "mail": mail,
        },
    )


def _everything(desk: Desk, reference: str) -> tuple[tuple[Standing, ...], object, Timeline]:
    found = about_request(desk, reference)
    given = desk.vault.disclosures.for_requests(each.request.id for each in found)
    return (
        found,
        [each for several in given.values() for each in several],
        timeline(desk, reference),
    )


_WAYS: Final = {
    Delivery.DRAFT: ("file", "leave"),
    Delivery.READY: ("file", "leave"),
    Delivery.FAILED: ("file", "leave"),
    Delivery.HANDED_OVER: ("sent",),
    Delivery.UNKNOWN: ("reconcile",),
    Delivery.SENT: ("record", "follow-up"),
}


def _ways_on(desk: Desk, found: tuple[Standing, ...]) -> tuple[str, ...]:
    if not found:
        return ()
    ways = _WAYS.get(found[0].message.delivery, ())
    return (*ways, "another-way") if other_ways(desk, found[0].message) else ways
