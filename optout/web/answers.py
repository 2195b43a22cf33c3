"""“An answer came”: which request it is about, the paper itself, and then what they said."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from optout.errors import OptoutError
from optout.model.request import Delivery, Status
from optout.web.forms import pasted
from optout.web.keeper import Keeper
from optout.web.roads import ROADS, record_with
from optout.web.shown import show, typed
from optout.workflows.desk import Desk
from optout.workflows.find import find_requests
from optout.workflows.record_answer import LEFT, answered_message
from optout.workflows.standing import Standing, outlines, standings_of
from optout.workflows.whose_answer import names_here

_WAITING = frozenset({Status.OPEN, Status.IN_PROGRESS})


def choose_request(request: Request, keeper: Keeper) -> Response:
    """Show every request that left, those first that no answer came to."""
    found = keeper.read(outlines)
    left = sorted(
        (each for each in found if each.message.delivery in LEFT),
        key=lambda each: (each.request.status not in _WAITING, each.company),
    )
    in_hand = [each for each in found if each.message.delivery is Delivery.HANDED_OVER]
    shown = {"left": left, "in_hand": in_hand, "names": keeper.read(names_here)}
    return show(request, keeper, "answer-choose.html", shown)


def ask_paper(request: Request, keeper: Keeper) -> Response:
    """Ask for the paper: a file, or a pasted text, or neither."""
    reference = request.path_params["reference"]
    keeper.read(lambda desk: _check_can_have_answer(desk, reference))
    return _paper_asked(request, keeper)


def _paper_asked(
    request: Request, keeper: Keeper, *, text: str = "", error: OptoutError | None = None
) -> Response:
    """Show the form; where it could not be taken, with what was pasted into it still there."""
    reference = request.path_params["reference"]
    about = keeper.read(lambda desk: about_request(desk, reference))
    shown = {"about": about, "reference": reference, "names": keeper.read(names_here)}
    shown |= {"text": text, "error": error}
    return show(request, keeper, "answer.html", shown, 409 if error else 200)


def _check_can_have_answer(desk: Desk, reference: str) -> None:
    """Refuse what nobody can have answered before a paper is asked for: it would be lost."""
    answered_message(desk, find_requests(desk, reference)[0])


def take_paper(request: Request, keeper: Keeper) -> Response:
    """Begin to write the answer down: the paper waits in memory for what they said."""
    reference = request.path_params["reference"]
    if not keeper.read(lambda desk: about_request(desk, reference)):
        raise HTTPException(404)
    text = typed(request, "text")
    paper = request.state.paper or pasted(text)
    note = text.strip() if request.state.paper else ""
    try:
        keeper.read(lambda desk: _check_can_have_answer(desk, reference))
        keeper.begin(
            ROADS["record"].title,
            lambda desk: record_with(desk, reference, paper=paper, note=note),
        )
    except OptoutError as error:
        return _paper_asked(request, keeper, text=text, error=error)
    return RedirectResponse("/talk", 303)


def about_request(desk: Desk, reference: str) -> tuple[Standing, ...]:
    """Return what a reference is about, as it stands now."""
    return standings_of(desk, find_requests(desk, reference))
