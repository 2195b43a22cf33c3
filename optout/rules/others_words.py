"""Words that make a box somebody else's, another place's or time's, or a paper's.

“Email” and “Representative's email” ask for the same kind of thing, and not for the same person's.
A box whose words gained or lost such a word is another box, however alike the rest reads.
"""

from __future__ import annotations

import re
from typing import Final

from optout.model.form import Box
from optout.rules.box_words import FORMER, SOMEBODY_ELSE, plain_words, words_of_name
from optout.rules.hands_off import names_what_is_never_typed

# Those who ask, and what the asking is about: “of the requester” is nobody else.
_ASKS: Final = (
    r"(?:requests?|requesters?|requestors?|consumers?|customers?|applicants?|individuals?|"
    r"data subjects?|subjects?|residence|records?|listings?|profiles?|pages?|forms?|"
    r"confirmations?|opt ?outs?|removals?|files?|contact|choice|best|same|us|united)\b"
)
_PERSON: Final = re.compile(
    rf"\b(?:of|for|from) (?:the|an?|another|other|any|my|your|his|her|their) (?!{_ASKS})\w+"
    r"|\b(?:persons?|people|someone|somebody|him|her|they|them|whom?) (?:who|that|you|whose|i)\b"
    r"|\bpersons? (?:to|we|authori[sz]ed)\b"
    r"|\b(?:another|other|third|second) (?:person|part(?:y|ies))"
    r"|\b(?:husband|wife|partner|sister|brother|son|daughter|roommate|neighbo[u]?r|friend|boss|"
    r"supervisor|landlord|doctor|school|reference|beneficiary|dependents?|members?|household|"
    r"authori[sz]ed|caregiver|advocate|nominee|deceased|defendant|abuser|offender|espos[oa]|marido|"
    r"madre|padre|hij[oa]|linked ?in|facebook|twitter|instagram|billing|shipping)\b"
)
_PLACE: Final = re.compile(
    r"(?<!date )(?<!day )(?<!month )(?<!year )(?<!dates )\bof birth\b"
    r"|\bbirth ?(?:place|city|state|country|name|number|certificate)\b"
    r"|\bborn in\b|\blugar de nacimiento\b|\bbefore (?:marriage|you)\b"
)
_PAPER: Final = re.compile(
    r"\b(?:ids?|identification|identity|licen[cs]e|cards?|certificate|badge|plate|policy|case|"
    r"permit|docket|court|medicare|medicaid|insurance|credit|bank|routing|cedula)\b"
)
# “First name (as on your ID)” says how to write one's own name.
_AS_WRITTEN: Final = re.compile(
    r"\b(?:exactly )?(?:as|how|like) (?:it )?(?:is )?(?:appears? |shown? |written |printed |"
    r"listed )?(?:on|in) (?:your|the|an?) .*"
)
_OWNER: Final = re.compile(r"\b(\w+)(?:['’]s|s['’])(?=\s)", re.IGNORECASE)
_OWN: Final = re.compile(_ASKS)


def others_words(*words: str) -> frozenset[str]:
    """Return the words that speak of another person, place, time or of a paper; mostly none."""
    return frozenset(found for each in words for found in _in_one(each))


def _in_one(words: str) -> set[str]:
    plain = _AS_WRITTEN.sub(" ", plain_words(words))
    patterns = (SOMEBODY_ELSE, FORMER, _PERSON, _PLACE, _PAPER)
    found = {match[0] for pattern in patterns for match in pattern.finditer(plain)}
    owners = {plain_words(match[1]) for match in _OWNER.finditer(words)}
    found |= {owner for owner in owners if not _OWN.match(owner)}
    return found | ({"a paper"} if names_what_is_never_typed(plain) else set())


def speaks_of_another(before: Box, now: Box) -> bool:
    """Say whether a box gained or lost words of another person, place, time or of a paper."""
    if others_words(*_words_of(before)) != others_words(*_words_of(now)):
        return True
    return bool(others_words(*_names_of(now)) - others_words(*_names_of(before)))


def gained_others_words(before: Box, now: Box) -> bool:
    """Say whether words of another person, place, time or of a paper are new on a box."""
    return bool(others_words(*_words_of(now)) - others_words(*_words_of(before)))


def _words_of(box: Box) -> tuple[str, ...]:
    near = (box.beside, "" if "@" in box.hint else box.hint)  # “me@company.com” names nobody
    return (*(box.labels or near), *box.group, box.section)


def _names_of(box: Box) -> tuple[str, str]:
    return words_of_name(box.name), words_of_name(box.id)
