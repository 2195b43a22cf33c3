"""What must hold in every law file beyond its shape: cited, dated, and no surer than it may be.

The same findings as for definitions, so that a volunteer reads one kind of complaint.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from optout.catalog.findings import Finding
from optout.model.law import Law, LawKind, LawRight, Protects, RightChange, Term
from optout.model.words import UNSURE, Right
from optout.rules.eligibility import may_be_named
from optout.text import Text

_WHERE: Final = re.compile(r"|US|EU|UK|US-[A-Z]{2}|US-\*")
_TERMS: Final = (
    *("acknowledge", "opt_out_within", "longer", "told_within", "answer", "extension"),
)
_APPEALS: Final = ("appeal", "appeal_extension", "appeal_acknowledge")
_LINES: Final = frozenset(field.name for field in dataclasses.fields(Law))


def lint_law(law: Law) -> tuple[Finding, ...]:
    """Return everything to mend in one law, in the order of the checks."""
    return tuple(
        dataclasses.replace(finding, check=check.__name__.strip("_").replace("_", "-"))
        for check in _CHECKS
        for finding in check(law)
    )


def _rights_are_cited(law: Law) -> Iterator[Finding]:
    """Find rights without a section: they may stand here only if no letter can print them."""
    if law.kind is LawKind.VOLUNTARY:
        return
    for right, given in law.rights.items():
        if not given.cite and given.confidence not in UNSURE:
            yield Finding(
                f"rights.{right}.cite",
                Text("A right needs the section that gives it."),
                Text('Write the section, or confidence = "unverified": then it is not printed.'),
            )


def _narrow_rights_say_so(law: Law) -> Iterator[Finding]:
    """Find a right that reaches less than is asked, and no words for reminders and complaints."""
    for right, given in law.rights.items():
        if given.scope.startswith("only") and not given.narrow and may_be_named(law):
            yield Finding(
                f"rights.{right}.narrow",
                Text("Its scope begins with “only”: say what it reaches."),
                Text('For instance: narrow = "personal data that I provided"'),
            )


def _terms_are_cited(law: Law) -> Iterator[Finding]:
    for where, term in _all_terms(law):
        if not term.cite:
            yield Finding(f"{where}.cite", Text("A term needs the section that sets it."))
        if term.length < 1:
            yield Finding(
                f"{where}.length",
                Text("A term is at least one day."),
                Text("Leave it out where you do not know it."),
            )


def _extensions_extend(law: Law) -> Iterator[Finding]:
    for right, given in law.rights.items():
        if given.extension and not (given.answer or given.longer):
            yield Finding(f"rights.{right}.extension", Text("There is no term to extend."))
        if (given.longer or given.told_within) and not given.opt_out_within:
            yield Finding(f"rights.{right}.opt_out_within", Text("There is no term to follow."))
        if given.longer and not given.longer.only_if:
            yield Finding(
                f"rights.{right}.longer.only_if", Text("Say in which case the longer time counts.")
            )
    if law.appeal_extension and not law.appeal:
        yield Finding("appeal_extension", Text("There is no term to extend."))
    if law.may_appeal is False and (law.appeal or law.appeal_acknowledge):
        yield Finding("may_appeal", Text("It says that nobody can appeal, and sets a term."))


def _days_are_in_order(law: Law) -> Iterator[Finding]:
    first = law.in_force_from
    if first and law.in_force_until and law.in_force_until < first:
        yield Finding("in_force_until", Text("It ends before it begins."))
    for right, given in law.rights.items():
        days = [given.in_force_from, *(change.since for change in given.changes)]
        known = [day for day in (first, *days) if day]
        if any(later < earlier for earlier, later in pairwise(known)):
            yield Finding(f"rights.{right}", Text("Its days are not in order."))


def _first_day_is_known(law: Law) -> Iterator[Finding]:
    """Never cite a law before its day: so a law that letters may name must have one."""
    sure = any(given.confidence not in UNSURE for given in law.rights.values())
    if law.kind is not LawKind.VOLUNTARY and may_be_named(law) and sure and not law.in_force_from:
        yield Finding(
            "in_force_from",
            Text("A law that letters may name needs its first day."),
            Text("Write the day, or say in never_named why no letter may name it."),
        )


def _place_is_known(law: Law) -> Iterator[Finding]:
    for where in (law.jurisdiction, *law.also_in):
        if not _WHERE.fullmatch(where) or (not where and law.kind is not LawKind.VOLUNTARY):
            yield Finding("jurisdiction", Text("Write US-CO, US, US-*, EU or UK."))


def _people_are_told(law: Law) -> Iterator[Finding]:
    if not law.covered:
        yield Finding("covered", Text("Say in words whom it protects and whom it binds."))
    if law.protects is Protects.NOBODY and law.rights:
        yield Finding("protects", Text("It gives rights, so it protects somebody."))
    if law.protects is not Protects.NOBODY and not law.rights:
        yield Finding(
            "protects",
            Text("It gives no right that can be asked for."),
            Text('Write protects = "nobody".'),
        )


def _opt_out_needs_no_proof(law: Law) -> Iterator[Finding]:
    """Find an opt-out spared from proof without the section: letters would claim it."""
    if law.opt_out_may_authenticate is False and not law.verification:
        yield Finding("verification", Text("Name the section that spares an opt-out the proof."))
    if law.opt_out_may_authenticate is not None and Right.OPT_OUT not in law.rights:
        yield Finding("opt_out_may_authenticate", Text("This law gives no opt-out."))


def _agents_ask_for_what_is_given(law: Law) -> Iterator[Finding]:
    for right in law.agent_rights:
        if right not in law.rights:
            yield Finding("agent_rights", Text("{right}: not a right of this law.", right=right))


def _weekends_are_cited(law: Law) -> Iterator[Finding]:
    if law.rolls_over is not None and not law.rolls_over_cite:
        yield Finding("rolls_over_cite", Text("Name the section, or leave both lines out."))


def _doubts_are_lines(law: Law) -> Iterator[Finding]:
    for line in law.not_sure:
        if line not in _LINES:
            yield Finding("not_sure", Text("{line}: there is no such line.", line=line))


def _rests_on_something(law: Law) -> Iterator[Finding]:
    if not law.sources:
        yield Finding("sources", Text("Say what you read, and when."))


_CHECKS: Final[tuple[Callable[[Law], Iterator[Finding]], ...]] = (
    _rights_are_cited,
    _narrow_rights_say_so,
    _terms_are_cited,
    _extensions_extend,
    _days_are_in_order,
    _first_day_is_known,
    _place_is_known,
    _people_are_told,
    _opt_out_needs_no_proof,
    _agents_ask_for_what_is_given,
    _weekends_are_cited,
    _doubts_are_lines,
    _rests_on_something,
)


def _all_terms(law: Law) -> Iterator[tuple[str, Term]]:
    """Yield every term of the file, with its place."""
    for name in _APPEALS:
        if term := getattr(law, name):
            yield name, term
    for right, given in law.rights.items():
        yield from _terms_of(f"rights.{right}", given)
        for at, change in enumerate(given.changes):
            yield from _terms_of(f"rights.{right}.changes[{at}]", change)


def _terms_of(where: str, given: LawRight | RightChange) -> Iterator[tuple[str, Term]]:
    for name in _TERMS:
        if term := getattr(given, name, None):
            yield f"{where}.{name}", term
