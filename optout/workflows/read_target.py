"""Read whom a person wants to ask: an e-mail address, a postal address, or a web page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from optout.errors import Refused, WrongUsage
from optout.model.words import By
from optout.rules.hosts import host_of
from optout.rules.never_written_to import check_may_be_written_to
from optout.rules.public_bodies import (
    is_public_envelope,
    is_public_host,
    is_public_name,
    lines_with_names,
)
from optout.text import Text
from optout.workflows import facts

NOTHING: Final = Text("Nothing was written or sent.")
MOST_LINES: Final = 7
LONGEST_LINE: Final = 80
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\s)|//|\\\\")
_BARE_SITE: Final = re.compile(r"(www\.)?[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}(/\S*)?")
_US_END: Final = re.compile(r"[A-Za-z]{2},? \d{5}(-\d{4})?")
_COUNTRY: Final = re.compile(r"u\.?s\.?a?\.?|united states( of america)?", re.IGNORECASE)
# Names that lead to this computer or its neighbours, or nowhere that a browser goes by itself.
_NOT_OPEN: Final = (
    "local localhost localdomain internal intranet lan home corp private arpa onion invalid"
)
_PRIVATE: Final = frozenset(_NOT_OPEN.split())
GOVERNMENT: Final = Text(
    "This looks like a public body. It would put your name and address into government files, and "
    "agencies may share them. Talk to a lawyer or an accredited representative first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request would go. Only one of the three is filled."""

    by: By
    email: str = ""
    lines: tuple[str, ...] = ()  # as on the envelope
    url: str = ""

    @property
    def host(self) -> str:
        """Return whose server it is; "" of paper."""
        if self.email:
            return self.email.rpartition("@")[2].casefold()
        return host_of(self.url) if self.url else ""


def read_target(typed: str) -> Target:
    """Return where a request would go, or say what is wrong with what was typed."""
    text = typed.strip()
    if not text.isprintable() and not text.replace("\n", "").isprintable():
        raise _unreadable(Text("There are characters in it that nobody can see."))
    if _SCHEME.match(text) and "\n" not in text:
        return _page(text)
    if "@" in text and not re.search(r"[\s,]", text):
        return Target(by=By.EMAIL, email=_public_mail(facts.email(text)))
    if _BARE_SITE.fullmatch(text):
        raise _unreadable(
            Text("That is a site without its beginning."),
            Text("Copy the whole address of the page: it begins with https://"),
        )
    return Target(by=By.POST, lines=_envelope(text))


def check_not_public(target: Target, name: str) -> None:
    """Refuse public bodies, and DHS with its own words; nothing was kept (SAFETY 3)."""
    # What is plainly a street is not read: there is an Ice House Road.
    named = lines_with_names(target.lines)
    labels = [label.replace("-", "") for label in target.host.split(".")[:-1]]
    for words in (name, *named, *labels):
        check_may_be_written_to(words)
    public = (
        is_public_name(name)
        or is_public_envelope(target.lines)
        or (target.host and is_public_host(target.host))
    )
    if public:
        raise Refused(
            GOVERNMENT,
            known=NOTHING,
            hint=Text("See what there is for public bodies: optout broker list"),
        )


def _page(text: str) -> Target:
    """Return a page that a person can open; whatever a browser could read otherwise is refused."""
    if text.casefold().startswith("mailto:"):
        raise _unreadable(
            Text("That is a link to write a mail."), Text("Write the e-mail address alone.")
        )
    host = host_of(text)
    if host.rpartition(".")[2] in _PRIVATE:
        raise _unreadable(Text("That page is not on the open web."))
    return Target(by=By.PORTAL, url=text.partition("#")[0])


def _public_mail(address: str) -> str:
    host = address.rpartition("@")[2].casefold()
    host_of(f"https://{host}/")  # as strict as a page: no number, no look-alike letters
    if host.rpartition(".")[2] in _PRIVATE:
        raise _unreadable(Text("No mail arrives there from outside."))
    return address


def _envelope(text: str) -> tuple[str, ...]:
    """Return the lines of an envelope, typed on several lines or with commas."""
    parts = [
        part for raw in re.split(r"[\n;]" if re.search(r"[\n;]", text) else ",", text)
        if (part := " ".join(raw.split()))
    ]  # fmt: skip
    if parts and _COUNTRY.fullmatch(parts[-1]):
        parts.pop()
    if len(parts) > 1 and _US_END.fullmatch(parts[-1]):
        end = parts.pop()
        parts[-1] = f"{parts[-1]}, {end}"
    if len(parts) < 2 or not any(map(str.isdigit, "".join(parts))):  # noqa: PLR2004 - a street, a city
        raise _unreadable(
            Text("That is no e-mail address, no web page, and no whole postal address."),
            Text(
                "A postal address looks like this: Acme Data LLC, 100 Example Street, Denver, "
                "CO 80202"
            ),
        )
    if len(parts) > MOST_LINES or max(map(len, parts)) > LONGEST_LINE:
        raise _unreadable(Text("That is too long for an envelope."))
    return tuple(parts)


def _unreadable(what: Text, hint: Text | None = None) -> WrongUsage:
    usual = Text("Give an e-mail address, a postal address, or a page that begins with https://")
    return WrongUsage(what, known=NOTHING, hint=hint or usual)
