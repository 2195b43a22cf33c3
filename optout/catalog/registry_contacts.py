"""Contacts in a registry's filing: a desk's stay, a person's go, a page becomes one plain address.

Filers often name an employee. Nobody asked them whether their name may stand in a list that is
copied everywhere, and a letter needs the desk: what looks like a person's is dropped.
"""

from __future__ import annotations

import re
from typing import Final

from optout.rules.hosts import BadAddress, checked_host, host_of

MOST_PAGES: Final = 4
_MAIL: Final = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Parts that no person's name holds.
_DESK: Final = re.compile(
    r"privacy|privcy|legal|complian|support|opt-?out|ccpa|cpra|gdpr|consumer|customer|contact"
    r"|request|remov|inquir|enquir|notice|counsel|protection|registration|registry|regulat"
    r"|security|infosec|safety|feedback|question|unsubscribe|suppress|delet|webmaster|policy"
    r"|governance|licens|rights|databroker|marketing|accounting|operations|business|donotsell"
    r"|(?:^|[^a-z])(?:dpo?|drop)(?:[^a-z]|$)"
)
# Short words are a desk's only where nothing else is left beside them: `carey` is somebody.
_WORDS: Final = (
    *("accounts", "admin", "and", "ask", "bizdev", "broker", "ca", "california", "care", "data"),
    *("dns", "dpo", "drop", "dsar", "dsr", "finance", "general", "group", "hello", "help", "hr"),
    *("info", "it", "list", "lists", "mail", "mailbox", "media", "my", "office", "online", "ops"),
    *("pii", "press", "sales", "service", "services", "sourcing", "tax", "team", "tech", "us"),
    *("usa", "web", "your"),
)
_ONLY_WORDS: Final = re.compile(rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))}|[^a-z])+")
_LETTERS: Final = re.compile(r"[^a-z0-9]")
_TOLL_FREE: Final = re.compile(r"\(?(?:800|833|844|855|866|877|888)\b")


def desk_mail(filed: str) -> str:
    """Return the first address in the cell that is a desk's, or "" where all look like people's."""
    found = _MAIL.findall(filed.lower())
    return next((address for address in found if is_desk(address)), "")


def is_desk(address: str) -> bool:
    """Say whether a mail address is a role's or the company's, by what stands before the `@`."""
    local, _at, domain = address.lower().partition("@")
    if _DESK.search(local) or _ONLY_WORDS.fullmatch(local):
        return True
    return _LETTERS.sub("", local) == _LETTERS.sub("", domain.split(".")[0])


def desk_phone(filed: str, *, beside_a_person: bool) -> str:
    """Return the number, unless it is probably the line of the person it was filed with."""
    number = re.sub(r"[^0-9 ().-]", "", filed.partition("ext")[0]).strip(" .-")
    digits = re.sub(r"\D", "", number).removeprefix("1")
    if not 7 <= len(digits) <= 15:  # noqa: PLR2004 - the shortest number, and the longest of E.164
        return ""
    if _TOLL_FREE.match(digits[:3]):
        return number
    return "" if beside_a_person or "ext" in filed.lower() else number


def pages(filed: str) -> tuple[str, ...]:
    """Return the web addresses in a cell, each with https:// and no trap in it."""
    found = (_page(part) for part in re.split(r"[;,\s]+", filed))
    return tuple(dict.fromkeys(page for page in found if page))[:MOST_PAGES]


def _page(part: str) -> str:
    rest = re.sub(r"^https?://", "", part.strip("<>()[]\"'"), flags=re.IGNORECASE)
    if "." not in rest.partition("/")[0]:
        return ""
    host, slash, path = rest.partition("/")
    url = f"https://{host.lower()}{slash}{path}"
    try:
        host_of(url)
    except BadAddress:
        return ""
    return url.removesuffix("/") if path == "" else url


def hosts(filed: str) -> tuple[str, ...]:
    """Return the names of the sites in a cell, without `www.`."""
    names = (page.split("/")[2].removeprefix("www.") for page in pages(filed))
    return tuple(dict.fromkeys(checked_host(name) for name in names))
