"""Which link in a pasted mail may be opened: the defence against forged confirmations (T13).

A link counts only if it is https (http under the reserved `.test`), its host is one that the
definition names for confirmations, and a request to that company waits for it. Everything else
in the mail is ignored; what the mail says about itself is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from optout.errors import Refused, WrongUsage
from optout.rules.hosts import host_allowed, host_of
from optout.text import Text

WAITS_AT_MOST = timedelta(days=14)
MOST_PASTED = 200_000  # characters; a long mail with its headers has about 60,000
_LINK = re.compile(r"https?://[^\s<>\"'\]\[(){}|^`]+", re.IGNORECASE)


def links_in(untrusted_mail: str) -> tuple[str, ...]:
    """Return every http(s) link of a pasted text once, in order, closing marks cut off."""
    found = (match.group().rstrip(".,;:!?") for match in _LINK.finditer(untrusted_mail))
    return tuple(dict.fromkeys(found))


def confirm_links(untrusted_mail: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Return the links that may be opened; raise with the reason where there is none."""
    if len(untrusted_mail) > MOST_PASTED:
        raise WrongUsage(
            Text("That is more text than a mail has."),
            hint=Text("Paste only the link from the mail."),
        )
    links = links_in(untrusted_mail)
    if not links:
        raise WrongUsage(
            Text("There is no link in what you pasted."),
            hint=Text("Open the mail, hold or right-click the button, copy the link, paste it."),
        )
    allowed = tuple(link for link in links if _host_is_expected(link, hosts))
    if not allowed:
        raise Refused(
            Text("No link in this mail leads to {hosts}.", hosts=", ".join(hosts)),
            known=Text("Nothing was opened. The mail may not be from the company."),
            hint=Text("Do not open its links yourself. Wait for the right mail, or look in spam."),
        )
    return allowed


def check_still_waiting(sent_at: datetime, now: datetime, within_hours: int) -> None:
    """Refuse a link whose request waits no longer: the site would not accept it either."""
    if now - sent_at <= min(WAITS_AT_MOST, timedelta(hours=within_hours)):
        return
    raise Refused(
        Text("This link is too old: it worked for {hours} hours.", hours=within_hours),
        known=Text("Nothing was opened."),
        hint=Text("Send the request again with: optout plan"),
    )


def _host_is_expected(link: str, hosts: Collection[str]) -> bool:
    try:
        return host_allowed(host_of(link), hosts)
    except (Refused, WrongUsage):
        return False
