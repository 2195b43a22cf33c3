"""Where the answer to a company's mail would go: to the company itself, or nowhere (T13).

What a mail says of its sender can be forged. So nothing is believed but this: an answer that goes
to the company's own mail host reaches the company, whoever wrote the mail.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from optout.errors import Refused, WrongUsage
from optout.rules.hosts import host_allowed
from optout.rules.links import MOST_PASTED
from optout.text import Text

_ADDRESS: Final = re.compile(
    r"""(?<![^\s<>,;:"'()\[\]])[\w.+-]{1,64}@[A-Za-z0-9.-]{1,253}(?![^\s<>,;:"'()\[\]])"""
)
_HEADER: Final = re.compile(r"^(reply-to|from):(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)


def answer_address(untrusted_mail: str, domains: Collection[str]) -> str:
    """Return where an answer goes, of a whole mail or a pasted address; refuse any other place."""
    if len(untrusted_mail) > MOST_PASTED:
        raise WrongUsage(
            Text("That is more text than a mail has."),
            hint=Text("Paste only the address that the mail came from."),
        )
    written = _answered_to(untrusted_mail.replace("\r\n", "\n"))
    found: set[str] = {each.lower() for each in _ADDRESS.findall(written)}
    if not found:
        raise WrongUsage(
            Text("There is no address in what you pasted."),
            hint=Text("Paste the line that begins with From, or the address in it."),
        )
    if len(found) > 1 or not _is_theirs(next(iter(found)), domains):
        raise Refused(
            Text("An answer to this mail would not go to {domains} alone.", domains=tuple(domains)),
            known=Text("Nothing was sent. The mail may not be from the company."),
            hint=Text("Do not answer it. Wait for the right mail, or look in spam."),
        )
    return next(iter(found))


def _answered_to(mail: str) -> str:
    """Return what a mail program would answer to: the head's Reply-To before its From."""
    head = mail.partition("\n\n")[0]
    headers: dict[str, str] = {}
    for name, value in _HEADER.findall(head):  # of two such lines nobody knows which one counts
        headers[name.lower()] = f"{headers.get(name.lower(), '')} {value}"
    return headers.get("reply-to") or headers.get("from") or ("" if "\n" in mail.strip() else mail)


def _is_theirs(address: str, domains: Collection[str]) -> bool:
    host = address.rpartition("@")[2].rstrip(".")
    return host_allowed(host, domains)
