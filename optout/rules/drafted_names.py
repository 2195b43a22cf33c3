"""What a page's title says of a company: its name, and the short name made from that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from optout.model.form import SeenPage
from optout.model.words import Right
from optout.rules.box_meaning import Use, meanings_of, options_for, right_of
from optout.rules.box_words import plain_words

_PARTS: Final = re.compile(r"\s+[-–—|·:»]\s+|\s+\|\s*|:\s+")
_ABOUT_THE_FORM: Final = re.compile(
    r"\b(?:opt|out|privacy|request|requests|form|remove|removal|delete|data|rights|choices|sell|"
    r"information|consumer|your|ccpa|home|page|submit|personal|center|portal|profile|my|not|do|"
    r"policy|notice|contact|record|us|access|manage|welcome|official|site)\b"
)
_LEGAL: Final = re.compile(r"\b(?:inc|llc|l l c|ltd|corp|corporation|lp|llp|plc|s a|gmbh)\b")
_LONGEST: Final = 60


def name_in(title: str) -> str:
    """Return the company's name as a page's title shows it; "" if it shows none plainly."""
    parts = [part.strip() for part in _PARTS.split(title) if part.strip()]
    if len(parts) < 2:  # noqa: PLR2004 - one part is the page's own name
        return ""
    named = [part for part in parts if not _is_about_the_form(part)]
    return named[-1] if len(named) == 1 else ""


def _is_about_the_form(part: str) -> bool:
    words = plain_words(part).split()
    return bool(words) and len(_ABOUT_THE_FORM.findall(" ".join(words))) * 2 > len(words)


def slug_of(name: str) -> str:
    """Return a short name for a company: “Example Data Co, Inc.” is example-data-co."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    plain = _LEGAL.sub(" ", plain_words(flat))
    return "-".join(plain.split())[:_LONGEST].strip("-")


def right_in(texts: Sequence[str]) -> Right | None:
    """Return the right that a page's headings speak of; None where they name several, or none."""
    found = {right for text in texts if (right := right_of(text)) is not None}
    return found.pop() if len(found) == 1 else None


def rights_offered(page: SeenPage) -> tuple[Right, ...]:
    """Return the rights that a form lets people choose from, in the order of the page."""
    found: dict[Right, None] = {}
    for box, meaning in zip(page.boxes, meanings_of(page), strict=True):
        if meaning.use is Use.RIGHT:
            words = [choice.words for choice in box.choices] or [box.label]
            found |= {right: None for text in words if (right := right_of(text)) is not None}
    return tuple(found)


def title_for(page: SeenPage, right: Right) -> str:
    """Return the page's own words for one right; "" where its heading speaks of another one."""
    heading = next(iter(page.headings), "")
    if right_of(heading) in {None, right}:
        return heading
    return next((one.words for box in page.boxes for one in options_for(box, right)), "")
