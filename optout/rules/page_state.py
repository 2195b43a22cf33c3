"""Whether a page is still the page: gone, moved, behind a login or a robot wall."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from optout.model.change import Change, ChangeKind
from optout.model.form import BoxKind, SeenPage
from optout.model.look import Look, Reached
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.text import Text

_GONE: Final = frozenset({404, 410})
_REFUSED: Final = frozenset({401, 403, 407, 429, 503})
FAULT: Final = 500
_SAYS_GONE: Final = re.compile(
    r"\b(page|content) (was |is )?(not|no longer) (be )?(found|available|exists?|here)"
    r"|\b(can.?t|cannot|could not|couldn.?t) (be )?find|page does(n.?t| not) exist|\b404\b|\b410\b"
    r"|no longer (available|in service|exists)|has been (removed|discontinued)",
    re.IGNORECASE,
)
_SAYS_PARKED: Final = re.compile(
    r"domain (name )?(is |may be )?(for sale|parked|has expired)|buy this domain|parked free"
    r"|this domain (is|has|may)|hugedomains|sedo|afternic",
    re.IGNORECASE,
)
_SAYS_WALL: Final = re.compile(
    r"just a moment|attention required|access (to this page )?(has been |is )?denied"
    r"|are you (a )?(human|robot)|verify(ing)? (that )?you are (a )?human|checking your browser"
    r"|unusual traffic|request blocked|pardon our interruption|you have been blocked",
    re.IGNORECASE,
)
_SAYS_LOGIN: Final = re.compile(r"\b(log|sign) ?-?in\b|\byour account\b", re.IGNORECASE)


def led_away(now: Look) -> Change | None:
    """Return the change where the page sends visitors to a host that is not the company's here."""
    if now.reached is not Reached.ELSEWHERE:
        return None
    return Change(
        kind=ChangeKind.MOVED_AWAY,
        what=Text("The page leads to another site now: {host}", host=now.led_to or "?"),
        means=Text(
            "Nothing can be sent there. If it is the company's, two people have to agree to put "
            "it into `hosts`; look it up apart from this page."
        ),
        stops=True,
        look=True,
    )


def instead_of_the_form(now: Look, *, form_is_there: bool) -> Change | None:
    """Return what stands in place of the form, if anything does."""
    if now.status in _GONE:
        return _gone(Text("The page is gone: the site answers {status}.", status=now.status))
    if now.status in _REFUSED and now.page is None:
        return _wall()
    if form_is_there or now.page is None:
        return None
    return _instead(now.status, now.page)


def _instead(status: int, page: SeenPage) -> Change | None:
    words = " | ".join((page.title, *page.headings))
    asks_password = any(box.kind is BoxKind.PASSWORD for box in page.boxes)
    if status in _REFUSED or _SAYS_WALL.search(words):
        return _wall()
    if _SAYS_PARKED.search(words):
        return _gone(Text("The site is gone: somebody offers its name for sale."))
    if asks_password or (_SAYS_LOGIN.search(words) and not page.boxes):
        return _login()
    if _SAYS_GONE.search(words):
        return _gone(Text("The page is gone: it says so itself."))
    return None if page.boxes else _no_form()


def _no_form() -> Change:
    return Change(
        kind=ChangeKind.NO_FORM,
        what=Text("There is no form on this page."),
        means=Text(
            "Look in an ordinary browser whether it shows only after a click, or has another "
            "address now. Of a saved page: save it once the form is there."
        ),
        stops=True,
        look=True,
    )


def _gone(what: Text) -> Change:
    return Change(
        kind=ChangeKind.GONE,
        what=what,
        means=Text(
            "Nobody can ask here any more. Look for the new page on the company's own site; if "
            "there is none, the company has to be asked another way."
        ),
        stops=True,
        look=True,
    )


def _wall() -> Change:
    return Change(
        kind=ChangeKind.WALL,
        what=Text("The site shows a page that checks visitors, and not the form."),
        means=Text(
            "The form itself was not seen. A person in a window may still get through: open it "
            "in an ordinary browser and look."
        ),
        look=True,
    )


def _login() -> Change:
    return Change(
        kind=ChangeKind.LOGIN,
        what=Text("The page wants a login now."),
        means=Text("Without an account nobody can ask here. Look whether there is another way."),
        stops=True,
        look=True,
    )


def moved_to(opened: str, now: SeenPage) -> str:
    """Return the address to open from now on, "" where it is still the same page.

    Query and fragment do not count, and neither does a slash at the end.
    """
    return "" if _place(opened) == _place(now.url) else now.url


def may_move_to(address: str, hosts: Collection[str]) -> bool:
    """Say whether an address lies on a host that the definition names."""
    try:
        return host_allowed(host_of(address), hosts)
    except BadAddress:
        return False


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc.casefold(), parts.path.rstrip("/")
