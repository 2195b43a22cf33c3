"""Contacts in a registry's filing: a desk's stay, a person's go, a page becomes one plain address.

Filers often name an employee. Nobody asked them whether their name may stand in a list that is
copied everywhere, and a letter needs the desk: what looks like a person's is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol

from optout.rules.hosts import BadAddress, checked_host, host_of

MOST_PAGES: Final = 4
_MAIL: Final = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Parts that no person's name holds.
_DESK: Final = re.compile(
    r"privacy|privcy|legal|complian|support|opt-?out|ccpa|cpra|gdpr|consumer|customer|contact"
    r"|request|remov|inquir|enquir|notice|counsel|protection|registration|registry|regulat"
    r"|security|infosec|safety|feedback|question|unsubscribe|suppress|delet|webmaster|policy"
    r"|governance|licens|rights|databroker|marketing|accounting|operations|business|donotsell"
    r"|datenschutz"
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
# Two or three names in capitals, with nothing of a firm in them: `Jordan Q. Sample`.
_NAME: Final = r"[^\W\d_a-z][\w'’.-]+"
_LIKE_A_PERSON: Final = re.compile(rf"{_NAME}(?: [^\W\d_a-z]\.?)?(?: {_NAME}){{1,2}}")
_BETWEEN_NAMES: Final = re.compile(
    r";|,(?! *(?:inc|llc|ltd|l\.?p|l\.?l\.?c|corp|co)\b)", re.IGNORECASE
)
_FORMS: Final = (
    r"inc|incorporated|llc|l\.l\.c|l\.p|ltd|limited|corp|corporation|co|company|lp|llp|plc|pte"
    r"|gmbh|mbh|ug|ag|kg|kgaa|se|e\.? ?v|sas|sasu|sarl|srl|s\.r\.l|spa|s\.p\.a|s\.l|sl|sa|s\.a"
    r"|bv|b\.v|nv|n\.v|ab|oy|as|a/s|aps|a\.s|s\.r\.o|pty"
)
_TRADES: Final = (
    r"group|holdings?|partners?|brands|agency|data\w*|media|digital|marketing|advertising"
    r"|analytics|insights?|intelligence|research|solutions?|services?|systems?|software"
    r"|technolog\w+|communications?|networks?|online|direct|information|info|people|persons?"
    r"|public|records?|search\w*|checks?|checkmate|background|phone|lists?|leads?|lookup|directory"
    r"|health\w*|insurance|credit|bank|american?|us|usa|ai|labs?|industries|audiences?|customers?"
    r"|consumers?|contacts?|email|mail|science|the"
)
_OF_A_FIRM: Final = re.compile(rf"\b(?:{_FORMS}|{_TRADES})\b", re.IGNORECASE)
_HAS_A_FORM: Final = re.compile(rf"\b(?:{_FORMS})\b", re.IGNORECASE)


class ReadPhone(Protocol):
    """What makes a number that can be called of a filed one; "" where it is a person's, or none."""

    def __call__(self, filed: str, /, *, country: str, beside_a_person: bool) -> str:
        """Return the number; `country` is where the company says that it is."""


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


def is_of_a_firm(name: str) -> bool:
    """Say whether there is a word in it that only firms have: LLC, GmbH, data, media."""
    return _OF_A_FIRM.search(name) is not None


def may_be_a_person(name: str, sites: Iterable[str] = ()) -> bool:
    """Say whether a company's name could be somebody's: two or three names, and no site like it."""
    if not _LIKE_A_PERSON.fullmatch(name.strip()) or is_of_a_firm(name):
        return False
    letters = _LETTERS.sub("", name.lower())
    labels = (_LETTERS.sub("", site.lower().rpartition(".")[0]) for site in sites)
    return not any(letters in label or (label and label in letters) for label in labels)


def names_somebody(name: str) -> bool:
    """Say whether a trader's own name stands in it: `Jordan Sample, Data Services`, no LLC."""
    parts = re.split(r"\s[–—-]\s|,", name)
    return (
        len(parts) > 1
        and not _HAS_A_FORM.search(name)
        and any(may_be_a_person(part) for part in parts)
    )


def firms_only(filed: str, sites: Iterable[str] = ()) -> str:
    """Return the other names of a company, without those that could be a person's."""
    parts = [part.strip() for part in _BETWEEN_NAMES.split(filed)]
    if not any(may_be_a_person(part, sites) for part in parts):
        return filed
    return "; ".join(part for part in parts if part and not may_be_a_person(part, sites))


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
    named = (page.split("/")[2].removeprefix("www.") for page in pages(filed))
    return tuple(dict.fromkeys(checked_host(name) for name in named if "." in name))
