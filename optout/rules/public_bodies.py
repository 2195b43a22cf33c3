"""Who is a public body: nothing is written to one in the way of a company (SAFETY 3).

Judged by what a person types: a name, the lines of an envelope, the host of a mail or a page.
Doubt is yes. A company that has such a word in its name is refused too: it can be asked by hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from optout.rules.states import is_state

_TELLING: Final = (
    "sheriff sheriffs police constable dmv fbi dea atf doj irs cfpb ftc eoir nypd lapd "
    "interpol europol jail prison corrections probation parole government govt embassy "
    "consulate ministry treasury prosecutor marshals courthouse policia alguacil gobierno "
    "consulado embajada fiscalia carcel prision migracion procuraduria"
)
_WORDS: Final = frozenset(_TELLING.split())
_RUNS: Final = (
    "department of",
    "dept of",
    "office of",
    "bureau of",
    "division of",
    "board of",
    "county of",
    "city of",
    "town of",
    "village of",
    "state of",
    "commonwealth of",
    "motor vehicles",
    "motor vehicle division",
    "attorney general",
    "district attorney",
    "county attorney",
    "city attorney",
    "county clerk",
    "county court",
    "district court",
    "superior court",
    "circuit court",
    "municipal court",
    "supreme court",
    "immigration court",
    "clerk of court",
    "clerk of the court",
    "county recorder",
    "detention center",
    "fusion center",
    "federal bureau",
    "federal trade commission",
    "social security administration",
    "national guard",
    "public safety",
    "secret service",
    "united states attorney",
    "us attorney",
    "us marshal",
    "departamento de",
    "condado de",
    "ciudad de",
    "estado de",
    "secretaria de",
)
_IN_HOSTS: Final = ("sheriff", "police", "uscis", "homelandsecurity")
# How governments name their part of the web: dhs.gov, army.mil, gov.uk, gob.mx, gouv.fr.
_LABELS: Final = frozenset({"gov", "mil", "gob", "gouv", "govt", "gc", "mod"})
_US_BODIES: Final = frozenset({"fed", "nsn", "dni", "isa"})


def is_public_name(typed: str) -> bool:
    """Say whether a name is that of a public body."""
    words = _words(typed)
    line = f" {' '.join(word for word in words if word != 'the')} "
    whole = f" {' '.join(words)} "
    return bool(_WORDS.intersection(words)) or any(
        f" {run} " in line or f" {run} " in whole for run in _RUNS
    )


def is_public_envelope(lines: Sequence[str]) -> bool:
    """Say whether the lines of an envelope name one; streets and cities are not read."""
    return any(is_public_name(line) for line in lines if not re.search(r"\d", line))


def is_public_host(host: str) -> bool:
    """Say whether a site or a mail server belongs to a government, by its name."""
    labels = host.casefold().strip(".").split(".")
    if _LABELS.intersection(labels[-2:]) or host.casefold().endswith(".europa.eu"):
        return True
    if labels[-1] == "us" and len(labels) > 1:
        place = labels[-2].upper()
        if is_state(place) or labels[-2] in _US_BODIES:
            return True
    return any(part in label.replace("-", "") for label in labels for part in _IN_HOSTS)


def _words(typed: str) -> list[str]:
    """Return the words in small letters, without accents, dots and apostrophes: D.M.V. is dmv."""
    spelled = unicodedata.normalize("NFKD", typed).casefold()
    letters = "".join(each for each in spelled if not unicodedata.combining(each))
    together = re.sub(r"(?<=\b[a-z])[.\s](?=[a-z]\b)\.?", "", letters)
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]s\b|['’]", "", together))
