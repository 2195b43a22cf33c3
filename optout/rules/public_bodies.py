"""Who is a public body: nothing is written to one in the way of a company (SAFETY 3).

Judged by what a person types: a name, the lines of an envelope, the host of a mail or a page.
Doubt is yes. A company that has such a word in its name is refused too: it can be asked by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from optout.rules.spelled import mixes_scripts, spelled
from optout.rules.states import is_state

_TELLING: Final = (
    "sheriff sheriffs police constable dmv fbi dea atf doj irs cfpb ftc eoir nypd lapd "
    "interpol europol jail prison corrections probation parole government govt embassy "
    "consulate ministry treasury prosecutor marshals courthouse policia alguacil gobierno "
    "consulado embajada fiscalia carcel prision migracion procuraduria polizei policie polizia "
    "policja gendarmerie ayuntamiento juzgado courts judiciary judicial legislature trooper "
    "troopers dol dps ssa usps omb cbi cnil bfdi edpb aepd"
)
_WORDS: Final = frozenset(_TELLING.split())
_RUNS: Final = (
    "department of",
    "department on",
    "department for",
    "dept of",
    "dept on",
    "dept for",
    "labor department",
    "labor dept",
    "secretary of",
    "internal revenue",
    "state patrol",
    "highway patrol",
    "information commissioner",
    "data protection commission",
    "data protection authority",
    "supervisory authority",
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
    "information commissioners office",
    "data protection commissioner",
    "data protection supervisor",
    "privacy protection agency",
    "departamento de",
    "condado de",
    "ciudad de",
    "estado de",
    "secretaria de",
)
_ALONE: Final = frozenset({"city", "county", "state", "town", "village", "government"})
_DEPARTMENT: Final = frozenset({"department", "dept"})
# A company has departments too: what they are called there.
_IN_A_COMPANY: Final = (
    "privacy legal compliance customer consumer service services support relations care claims "
    "billing accounts mail mailing marketing disputes dispute disclosure credit freeze removal "
    "optout out opt data subject requests request protection sales it hr communications "
    "correspondence operations"
)
_OF_COMPANIES: Final = frozenset(_IN_A_COMPANY.split())
_IN_HOSTS: Final = (
    "sheriff",
    "police",
    "polizei",
    "policia",
    "polizia",
    "gendarmerie",
    "uscis",
    "homelandsecurity",
    "courthouse",
    "countycourt",
    "districtcourt",
    "circuitcourt",
    "superiorcourt",
    "supremecourt",
    "municipalcourt",
)
_HOSTS_BEGIN: Final = ("cityof", "countyof", "townof", "villageof", "stateof")
_HOSTS_END: Final = ("court", "courts")
# Offices for data protection, and parts of the web below which governments stand.
_OFFICES: Final = (
    "europa.eu",
    "bund.de",
    "admin.ch",
    "ico.org.uk",
    "cnil.fr",
    "dataprotection.ie",
    "aepd.es",
    "garanteprivacy.it",
    "gpdp.it",
    "autoriteitpersoonsgegevens.nl",
    "gegevensbeschermingsautoriteit.be",
    "datatilsynet.dk",
    "datatilsynet.no",
    "imy.se",
    "tietosuoja.fi",
)
# "12 Police Plaza, Suite 5" is where a company may sit; "Division 5" after a jail is not.
_STREET: Final = re.compile(
    r"\d+[\w-]*\s.*?\b(?:street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|way"
    r"|place|pl|plaza|plz|square|sq|circle|cir|highway|hwy|parkway|pkwy|terrace|trail)\.?"
    r"(?:\s(?:n|s|e|w|ne|nw|se|sw)\.?)?"
    r"(?:,?\s(?:suite|ste|unit|apt|floor|fl|room|rm|#)\.?\s?#?\w{1,5})?",
    re.IGNORECASE,
)
_TOWN: Final = re.compile(r"^government camp\b", re.IGNORECASE)  # a town of that name
# How governments name their part of the web: dhs.gov, army.mil, gov.uk, gob.mx, gouv.fr.
_LABELS: Final = frozenset({"gov", "mil", "gob", "gouv", "govt", "gc", "mod", "gv"})
_US_BODIES: Final = frozenset({"fed", "nsn", "dni", "isa"})


def is_public_name(typed: str) -> bool:
    """Say whether a name is that of a public body; letters made to look like others are a yes."""
    words = _words(typed)
    line = f" {' '.join(word for word in words if word != 'the')} "
    whole = f" {' '.join(words)} "
    return (
        mixes_scripts(typed)
        or bool(_WORDS.intersection(words))
        or any(f" {run} " in line or f" {run} " in whole for run in _RUNS)
        or _is_place_or_department(line.split())
    )


def _is_place_or_department(words: Sequence[str]) -> bool:
    """Say whether the words are City, Cook County or Health Dept."""
    if not words:
        return False
    if words[-1] in _DEPARTMENT:
        return len(words) > 1 and words[-2] not in _OF_COMPANIES
    return words[-1] == "county" or (len(words) == 1 and words[0] in _ALONE)


def is_public_envelope(lines: Sequence[str]) -> bool:
    """Say whether the lines of an envelope name one; what is plainly a street is not read."""
    return any(map(is_public_name, lines_with_names(lines)))


def lines_with_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that may name somebody: all but plain streets, and without such a town."""
    for line in lines:
        if not _STREET.fullmatch(line):
            yield _TOWN.sub("", line)


def is_public_host(host: str) -> bool:
    """Say whether a site or a mail server belongs to a government, by its name."""
    name = host.casefold().strip(".")
    labels = name.split(".")
    if _LABELS.intersection(labels[-2:]) or any(f".{name}".endswith(f".{o}") for o in _OFFICES):
        return True
    if labels[-1] == "us" and len(labels) > 1:
        place = labels[-2].upper()
        if is_state(place) or labels[-2] in _US_BODIES:
            return True
    return _is_own_site(labels) or any(map(_is_public_label, labels[:-1]))


def _is_own_site(labels: Sequence[str]) -> bool:
    """Say whether the part that somebody registered ends as governments end theirs: denvergov."""
    return any(label != "gov" and label.endswith("gov") for label in labels[-2:-1])


def _is_public_label(label: str) -> bool:
    plain = label.replace("-", "")
    return (
        plain == "dmv"
        or plain.startswith(_HOSTS_BEGIN)
        or plain.endswith(_HOSTS_END)
        or any(part in plain for part in _IN_HOSTS)
    )


def _words(typed: str) -> list[str]:
    """Return the words in small letters, without accents, dots and apostrophes: D.M.V. is dmv."""
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]s\b|['’]", "", spelled(typed)))
