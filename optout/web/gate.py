"""Who may ask this page anything: the browser that was opened by us, and no page of anybody else.

A web site that somebody visits can send requests to this computer, and can make its own name lead
here (DNS rebinding). So a request must name our address, carry the cookie that only our own link
gives, and come from our own page. Everything else is refused in words (SECURITY T8).

Not stopped: browsers send the cookies of this address to every port of it, so a program that
serves pages here itself, and is opened in the same browser, sees ours. README says so. On Linux
that helps no other user: `neighbour` asks the kernel whose connection it is.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optout.web.neighbour import is_of_another_user

HOST: Final = "127.0.0.1"
OPENING: Final = "/open"
MOST_BYTES: Final = 26 * 2**20  # an answer that is dropped there, and the form around it
_DROPPED: Final = "/answer/"
_MOST_TYPED: Final = 2 * 2**20

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with it a browser says of our own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(slots=True)
class Key:
    """What opens the page: a token that works once, and the cookie that it is changed for."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    name: str = field(default_factory=lambda: f"optout-{secrets.token_hex(4)}")

    def take(self, token: str) -> bool:
        """Say whether this is the token; it is spent then."""
        if not self.token or not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        self.token = ""
        return True

    def is_carried(self, headers: Headers) -> bool:
        """Say whether a request carries the cookie."""
        carried = cookie_parser(headers.get("cookie", "")).get(self.name, "")
        return hmac.compare_digest(carried.encode(), self.cookie.encode())


class Gate:
    """Stands before every page."""

    def __init__(self, app: ASGIApp, *, port: int, key: Key) -> None:
        """Take what it guards, where it listens, and what opens it."""
        self._app = app
        self._key = key
        self._port = port
        self._host = f"{HOST}:{port}"
        self._origin = f"http://{self._host}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # nothing here speaks anything else
        answer = self._answer(scope)
        closed = _with_headers(send)
        if answer is None:
            await self._app(scope, _at_most(receive, _most(scope)), closed)
        else:
            await answer(scope, receive, closed)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what is said instead of the page; None lets the request in."""
        headers = Headers(scope=scope)
        if why := self._is_foreign(scope, headers):
            return _no(why)
        if scope["path"] == OPENING and scope["method"] == "GET":
            return self._open(headers, QueryParams(scope["query_string"]).get("token", ""))
        if not self._key.is_carried(headers):
            return _no("This page is open in another browser. To open it here, start it again.")
        if int(headers.get("content-length", "0") or 0) > _most(scope):
            return _no("That is too large.", 413)
        return None

    def _is_foreign(self, scope: Scope, headers: Headers) -> str:
        """Return why a request cannot be the person's own; "" where it can."""
        if headers.getlist("host") != [self._host]:
            return "This page answers to its own address only."
        if is_of_another_user(scope["client"], self._port):
            return "This page belongs to another user of this computer."
        if not self._is_from_here(scope["method"], headers):
            return "This was asked by another page. Nothing was done."
        return ""

    def _open(self, headers: Headers, token: str) -> Response:
        if not self._key.take(token):
            if self._key.is_carried(headers):  # Back, or the same link in the same browser
                return RedirectResponse("/", 303)
            return _no(
                "This link was used already, or is not ours. If it was not you who used it, end "
                "the program at once, with Ctrl-C where you started it. Then start it again."
            )
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._key.name, self._key.cookie, httponly=True, samesite="strict")
        return answer

    def _is_from_here(self, method: str, headers: Headers) -> bool:
        """Say whether our own page asks, or a person who typed or opened the address."""
        if len(headers.getlist("sec-fetch-site")) > 1 or len(headers.getlist("origin")) > 1:
            return False
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if method in {"GET", "HEAD"}:
            return site in {None, "same-origin", "none"} and origin in {None, self._origin}
        if method != "POST":
            return False
        return origin == self._origin and site in {None, "same-origin"}


def _most(scope: Scope) -> int:
    """Return how large a request may be: only where a paper is dropped is it more than words."""
    return MOST_BYTES if scope["path"].startswith(_DROPPED) else _MOST_TYPED


def _no(why: str, code: int = 403) -> Response:
    """Refuse in plain words, which stand in English: nobody is known here yet."""
    return PlainTextResponse(f"{why}\n", code)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


def _at_most(receive: Receive, most: int) -> Receive:
    """Stop reading where a body grows beyond what it said, or said nothing."""
    read = 0

    async def receiving() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if read > most else message

    return receiving
