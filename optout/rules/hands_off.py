"""What no run does, whatever a definition says: agree for a person, or type what is never typed.

Lint reads the words of a definition with these rules; the runner reads the page with them too.
"""

from __future__ import annotations

import re
from typing import Final

from optout.model.flow import AddRow, Check, Choose, Fill, Open, Press, ReadCode, Step, Submit

_AGREES: Final = re.compile(
    r"""
    \b(i|we)\s+(have\s+read|agree|accept|consent|certify|attest|declare|swear|affirm|confirm
        |authori[sz]e|understand|certif|represent\s+that|warrant|verify\s+that)
    | \bterms\b | \bconsent | perjury | \battest | \bcertif(y|ication) | \bswear\b
    | \bsignature\b | \backnowledg | privacy\s+policy | captcha | not\s+a\s+robot
    | i\s+am\s+(the|this)\s+person | \bcheckbox_tou | toucheckbox | hereby
    | \bby\s+(checking|clicking|ticking|selecting|marking|submitting|signing|pressing)\b
    | \byou\s+(agree|authori[sz]e|accept|understand|certify|confirm\s+that|declare)\b
    | \b(read|understood)\s+and\s+(agree|accept|understand|understood)
    | \bagree\s+(to|that|with)\b | \bagreement\b | under\s+oath | \baffidavit
    | true\s+and\s+(correct|accurate|complete) | \be-?sign(ed|ing)?\b

    | \b(acepto|aceptamos|aceptar|acepta|concuerdo|consiento|consentimiento|autorizo|autorizamos
        |autoriza|autorizaci[oó]n|certifico|declaro|declaramos|juro|afirmo|confirmo\s+que|entiendo
        |comprendo|reconozco|manifiesto|atestiguo)\b
    | estoy\s+de\s+acuerdo | de\s+conformidad | \bhe\s+le[ií]do | le[ií]do\s+y
    | bajo\s+(protesta|juramento|pena) | \bperjurio | t[eé]rminos\s+(y|de|del)\b
    | \blos\s+t[eé]rminos | pol[ií]tica\s+de\s+privacidad | aviso\s+de\s+privacidad
    | \bal\s+(marcar|hacer\s+clic|seleccionar|enviar|pulsar|presionar|firmar)\b
    | por\s+la\s+presente | \bfirma\b | no\s+soy\s+un\s+robot | soy\s+(la|esta)\s+persona
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Selectors write words together: `agreeToTerms`, `i-accept`, `tos_agreed`.
_JOINED: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_]")
_SELECTS_CONSENT: Final = re.compile(
    r"\bagree(d|s|ment)?\b|\b(tos|tou)\b|\bacept(o|ar|ado)\b|\bterminos\b", re.IGNORECASE
)

_NEVER: Final = re.compile(
    r"""
    ssn | social[\W_]*security | \bitin\b | tax[\W_]*(payer[\W_]*)?id | national[\W_]*id
    | passport | driv\w*([\W_]*s)?[\W_]*licen[cs]e | \bdl[\W_]*(no|num) | dlnumber
    | licen[cs]e[\W_]*(no|num)
    | alien | a[\W_]number | uscis | \bvisa\b | immigra | citizen | nationality
    | (country|place)[\W_]*of[\W_]*birth | ethnic | \brace\b | religio
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_for_people(step: Step) -> bool:
    """Say whether this step would agree, sign, attest or answer a robot check for a person."""
    words, selector = _place_of(step)
    joined = _JOINED.sub(" ", selector)
    return (
        says_agreed(*words, selector)
        or says_agreed(joined)
        or _SELECTS_CONSENT.search(joined) is not None
    )


def says_agreed(*words: str) -> bool:
    """Say whether a box or button with these words agrees to something or attests it."""
    return any(_AGREES.search(one) for one in words)


def is_never_typed(step: Step) -> bool:
    """Say whether this step would touch a box for a number, a paper or a status."""
    if isinstance(step, Press | AddRow | Submit):
        return False
    words, selector = _place_of(step)
    address = step.url if isinstance(step, Open) else ""
    return names_what_is_never_typed(*words, selector, address)


def names_what_is_never_typed(*names: str) -> bool:
    """Say whether a box of these names is for an SSN, an identity paper, or a status."""
    return any(_NEVER.search(name) for name in names)


def _place_of(step: Step) -> tuple[tuple[str, ...], str]:
    """Return the words that name a step's box or button, and its selector."""
    if isinstance(step, Check | Fill | ReadCode):
        return (step.label,), step.into
    if isinstance(step, Choose):
        return (step.label, step.option), step.into
    if isinstance(step, Press | AddRow | Submit):
        return (step.press,), step.into
    return (), ""
