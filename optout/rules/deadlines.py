"""When a company must answer, when to appeal, when to complain: dates with their citations.

The day of receipt is never counted; the last day is. Calendar days run through weekends;
business days are Monday to Friday without federal and state holidays. A last day on a weekend
or holiday moves to the next business day only where the law's file says that it does. Months
end on the same date, or on that month's last day; abroad only weekends are known. Nothing is
called missed before three more business days have passed: that grace, the thirty days for an
appeal and the day a complaint makes sense are our own, and their basis is `practice`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from optout.errors import WrongUsage
from optout.model.deadline import PRACTICE, Deadline, DeadlineKind
from optout.model.law import Law, LawKind, LawRight, Protects, Term, Unit
from optout.model.words import UNSURE, By, Right
from optout.rules import calendar
from optout.rules.agencies import is_yearly_copy, owes_yearly_copy
from optout.text import Text, as_written

if TYPE_CHECKING:  # a name only, as in model/record.py
    from optout.model.broker import Channel

APPEAL_WITHIN_DAYS: Final = 30  # the laws say "within a reasonable period"; this is ours
POST_TAKES_DAYS: Final = 5  # where nothing proves the day a letter came
RECHECK_MONTHS: Final = 6  # records return
JOINED: Final = "; "  # between the sections of a date that rests on more than one


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The dates that run, soonest first, and what a person should know about them."""

    deadlines: tuple[Deadline, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One question to the calculator, checked."""

    law: Law
    right: LawRight
    state: str
    received: date
    extended_on: date | None
    denied_on: date | None
    appealed_on: date | None
    appeal_extended_on: date | None = None
    ordinary: bool = False


def deadlines_for(
    law: Law,
    right: Right,
    *,
    received: date,
    state: str = "",
    cra: str = "",
    extended_on: date | None = None,
    denied_on: date | None = None,
    appealed_on: date | None = None,
    appeal_extended_on: date | None = None,
) -> tuple[Deadline, ...]:
    """Return every date that runs from these events, soonest first."""
    return clocks_for(
        law,
        right,
        received=received,
        state=state,
        cra=cra,
        extended_on=extended_on,
        denied_on=denied_on,
        appealed_on=appealed_on,
        appeal_extended_on=appeal_extended_on,
    ).deadlines


def clocks_for(
    law: Law,
    right: Right,
    *,
    received: date,
    state: str = "",
    cra: str = "",
    extended_on: date | None = None,
    denied_on: date | None = None,
    appealed_on: date | None = None,
    appeal_extended_on: date | None = None,
    ordinary: bool = False,
) -> Clocks:
    """Return every date that runs from these events, with notes; refuse what cannot be.

    `state` says whose holidays count where the law is not a state's own; `cra` is the company's
    role under the credit-report law, where it is known: it decides whether a term binds it.
    `appeal_extended_on` is the day of a notice that the appeal takes them longer. `ordinary`
    counts what the act says for the ordinary case, and tells the rest in notes; without it the
    latest day counts that the act may allow, so that nothing is called late too soon.
    """
    events = (received, extended_on, denied_on, appealed_on, appeal_extended_on)
    given = [day for day in events if day]
    calendar.check_countable(*given, state=state)
    _check_order(received, extended_on, denied_on, appealed_on)
    if law.kind is LawKind.VOLUNTARY:
        return Clocks(deadlines=(), notes=(Text("No law is named, so no law sets a date."),))
    _check_in_force(law, received)
    asked = _Asked(
        law=law,
        right=_as_owed(law, right, cra, received),
        state=_whose_holidays(law, state),
        received=received,
        extended_on=extended_on,
        denied_on=denied_on,
        appealed_on=appealed_on,
        appeal_extended_on=appeal_extended_on,
        ordinary=ordinary,
    )
    found = sorted(_deadlines(asked), key=lambda each: (each.due_on, _ORDER[each.kind]))
    notes = (
        *_note_law(law),
        *_note_state(asked, state),
        *_note_role(law, right, cra),
        *_notes(asked),
    )
    return Clocks(deadlines=tuple(found), notes=notes)


def may_be_missed(kind: DeadlineKind) -> bool:
    """Say whether a company breaks a rule by letting such a day pass.

    Its own usual time is no promise, and the other days are the person's: they fall due, and
    nobody is late.
    """
    return kind in _OWED


USUAL_TIME: Final = Text("the time it usually takes, by its own count: no promise")


def received_on(by: By, *, sent_on: date, arrived_on: date | None = None) -> date:
    """Return the day a request counts as received: the proof's day, else by channel.

    A form or a mail counts on the day it left; a letter without proof five days later.
    """
    if arrived_on is not None:
        return arrived_on
    return calendar.add_days(sent_on, POST_TAKES_DAYS) if by is By.POST else sent_on


def company_says(channel: Channel, *, sent_on: date, state: str = "") -> Deadline | None:
    """Return the day by which the company usually answers, by its own count, or None.

    A median that it filed is no promise: such a day is never missed (`may_be_missed`).
    """
    if channel.answers_in_days is None:
        return None
    due = calendar.add_days(sent_on, channel.answers_in_days)
    return Deadline(
        kind=DeadlineKind.COMPANY_SAYS,
        due_on=due,
        basis=channel.answers_basis or PRACTICE,
        grace_until=calendar.grace_after(due, state),
    )


def recheck_after(day: date, *, state: str = "") -> Deadline:
    """Return when to look again: records return, so six months after an answer."""
    due = calendar.add_months(day, RECHECK_MONTHS)
    return Deadline(
        kind=DeadlineKind.RECHECK,
        due_on=due,
        basis=PRACTICE,
        grace_until=calendar.grace_after(due, state),
    )


_OWED: Final = frozenset(
    {
        DeadlineKind.ACKNOWLEDGE,
        DeadlineKind.OPT_OUT,
        DeadlineKind.RESPONSE,
        DeadlineKind.EXTENDED_RESPONSE,
        DeadlineKind.APPEAL_DECISION,
    }
)
_ORDER: Final = {kind: place for place, kind in enumerate(DeadlineKind)}


def _deadlines(asked: _Asked) -> Iterator[Deadline]:
    right, start = asked.right, asked.received
    if right.acknowledge:
        yield _by_law(asked, DeadlineKind.ACKNOWLEDGE, right.acknowledge, start)
    yield from _carried_out(asked)
    if right.answer:
        yield _by_law(asked, DeadlineKind.RESPONSE, right.answer, start)
    if right.answer and right.extension and _extended_in_time(asked):
        both = _together(right.answer, right.extension, start, asked.state)
        yield _deadline(
            asked, DeadlineKind.EXTENDED_RESPONSE, _moved(both, asked), right.extension.cite
        )
    yield from _after_refusal(asked)


def _carried_out(asked: _Asked) -> Iterator[Deadline]:
    """Yield when it is to be done, and when to be told: the later day where a case gives more.

    A term that runs only if something more happened sets no date: it is told as a note.
    """
    right, done = asked.right, asked.right.opt_out_within
    if done is None or (done.only_if and not asked.ordinary):
        return
    if asked.ordinary and right.longer:
        yield from _ordinary(asked, done)
        return
    cites = [done.cite, right.longer.cite] if right.longer else [done.cite]
    by = _done_by(asked, done, right.longer)
    carried_out = _deadline(asked, DeadlineKind.OPT_OUT, by, JOINED.join(cites))
    if right.told_within is None:
        yield carried_out
        return
    last = _moved(_ends(right.told_within, by, asked.state), asked)
    basis = JOINED.join((*cites, right.told_within.cite))
    told = _deadline(asked, DeadlineKind.RESPONSE, last, basis)
    yield replace(carried_out, grace_until=told.grace_until)  # before, nobody outside can know
    yield told


def _ordinary(asked: _Asked, done: Term) -> Iterator[Deadline]:
    """Yield the act's first term and, after a notice in time, its extension."""
    first = _by_law(asked, DeadlineKind.RESPONSE, done, asked.received)
    yield first
    more = asked.right.extension
    if more and asked.extended_on and asked.extended_on <= first.due_on:
        both = _moved(_together(done, more, asked.received, asked.state), asked)
        yield _deadline(asked, DeadlineKind.EXTENDED_RESPONSE, both, more.cite)


def _done_by(asked: _Asked, done: Term, longer: Term | None = None) -> date:
    terms = (done, longer) if longer else (done,)
    return max(_moved(_ends(term, asked.received, asked.state), asked) for term in terms)


def _after_refusal(asked: _Asked) -> Iterator[Deadline]:
    """Appeal where the law has one; else complain at once; after an appeal, when it ran out."""
    if not _may_appeal(asked.law):
        if asked.denied_on:
            yield _deadline(asked, DeadlineKind.COMPLAINT_FROM, asked.denied_on, PRACTICE)
        return
    if asked.denied_on:
        yield _appeal_by(asked, asked.denied_on)
    if asked.appealed_on:
        yield from _after_appeal(asked, asked.appealed_on)


def _appeal_by(asked: _Asked, denied_on: date) -> Deadline:
    """Return the person's own last day: the law's where it sets one, else ours."""
    if asked.law.appeal_by:
        return _by_law(asked, DeadlineKind.APPEAL_BY, asked.law.appeal_by, denied_on)
    ours = calendar.add_days(denied_on, APPEAL_WITHIN_DAYS)
    return _deadline(asked, DeadlineKind.APPEAL_BY, ours, PRACTICE)


def _after_appeal(asked: _Asked, appealed_on: date) -> Iterator[Deadline]:
    """Count to the decision or, where the law sets no more, to the receipt of the appeal."""
    term = _appeal_term(asked.law)
    kind = DeadlineKind.APPEAL_DECISION if asked.law.appeal else DeadlineKind.ACKNOWLEDGE
    if term is not None:
        awaited = _by_law(asked, kind, term, appealed_on)
        more = asked.law.appeal_extension
        if more and asked.appeal_extended_on and asked.appeal_extended_on <= awaited.due_on:
            both = _together(term, more, appealed_on, asked.state)
            awaited = _deadline(asked, kind, _moved(both, asked), more.cite)
        yield awaited
        complain = calendar.add_days(awaited.grace_until, 1)
        yield _deadline(asked, DeadlineKind.COMPLAINT_FROM, complain, PRACTICE)


def _may_appeal(law: Law) -> bool:
    return bool(law.may_appeal or law.appeal or law.appeal_acknowledge)


def _by_law(asked: _Asked, kind: DeadlineKind, term: Term, start: date) -> Deadline:
    return _deadline(asked, kind, _moved(_ends(term, start, asked.state), asked), term.cite)


def _deadline(asked: _Asked, kind: DeadlineKind, due: date, basis: str) -> Deadline:
    return Deadline(
        kind=kind,
        due_on=due,
        basis=basis,
        grace_until=calendar.grace_after(due, asked.state),
        law=asked.law.id,
    )


def _ends(term: Term, start: date, state: str) -> date:
    """Return a term's last day, before any move for weekends."""
    if term.unit is Unit.BUSINESS_DAYS:
        return calendar.add_business_days(start, term.length, state)
    if term.unit is Unit.MONTHS:
        return calendar.add_months(start, term.length)
    if term.unit is Unit.HOURS:
        return calendar.add_days(start, calendar.whole_days(term.length))
    return calendar.add_days(start, term.length)


def _together(first: Term, more: Term, start: date, state: str) -> date:
    """Return the last day of a term and its extension, counted in one run from the start.

    Two months more on 31 January are 31 March, not 28 February and then two months.
    """
    if first.unit is more.unit:
        whole = Term(length=first.length + more.length, unit=first.unit, cite=more.cite)
        return _ends(whole, start, state)
    return _ends(more, _ends(first, start, state), state)


def _moved(day: date, asked: _Asked) -> date:
    return calendar.next_business_day(day, asked.state) if asked.law.rolls_over else day


def _extended_in_time(asked: _Asked) -> bool:
    if asked.extended_on is None or asked.right.answer is None:
        return False
    return asked.extended_on <= _first_window(asked, asked.right.answer)


def _first_window(asked: _Asked, answer: Term) -> date:
    return _moved(_ends(answer, asked.received, asked.state), asked)


def _whose_holidays(law: Law, state: str) -> str:
    """Return the law's own state; for a federal law, the state given; abroad, no holidays."""
    if law.federal_holidays_only:
        return ""
    if law.jurisdiction in {"US", "US-*", ""} or f"US-{state}" in law.also_in:
        return state
    if law.jurisdiction.startswith("US-"):
        return law.jurisdiction.removeprefix("US-")
    return calendar.WEEKENDS_ONLY


def _right_given(law: Law, right: Right, day: date) -> LawRight:
    found = law.rights.get(right)
    if found is None:
        given = ", ".join(sorted(law.rights)) or "–"
        raise WrongUsage(
            Text("{law} does not give the right “{right}”.", law=law.name, right=right.value),
            hint=Text("It gives: {given}.", given=given),
        )
    if found.in_force_from and day < found.in_force_from:
        raise WrongUsage(
            Text(
                "{law} gives the right “{right}” only from {since}; {day} is before that.",
                law=law.name,
                right=right.value,
                since=found.in_force_from.isoformat(),
                day=day.isoformat(),
            )
        )
    return found.on(day)


def _as_owed(law: Law, right: Right, cra: str, day: date) -> LawRight:
    """Return the right as it stands that day, with the terms that bind a company of this role."""
    given = _right_given(law, right, day)
    if cra and is_yearly_copy(law, right) and not owes_yearly_copy(cra):
        return replace(given, answer=None, extension=None)
    return given


def _check_in_force(law: Law, day: date) -> None:
    if law.in_force_from and day < law.in_force_from:
        raise WrongUsage(
            Text(
                "{law} is in force only from {since}; {day} is before that.",
                law=law.name,
                since=law.in_force_from.isoformat(),
                day=day.isoformat(),
            )
        )
    if law.in_force_until and day > law.in_force_until:
        raise WrongUsage(
            Text(
                "{law} was in force only until {until}; {day} is after that.",
                law=law.name,
                until=law.in_force_until.isoformat(),
                day=day.isoformat(),
            )
        )


def _check_order(
    received: date, extended_on: date | None, denied_on: date | None, appealed_on: date | None
) -> None:
    """Refuse events that cannot have happened in this order."""
    for day, event in ((extended_on, _EXTENSION), (denied_on, _REFUSAL), (appealed_on, _APPEAL)):
        if day and day < received:
            raise _impossible(event, day, _RECEIPT, received)
    if denied_on and appealed_on and appealed_on < denied_on:
        raise _impossible(_APPEAL, appealed_on, _REFUSAL, denied_on)
    if denied_on and extended_on and denied_on < extended_on:
        raise _impossible(_REFUSAL, denied_on, _EXTENSION, extended_on)


_RECEIPT: Final = Text("the receipt of the request")
_EXTENSION: Final = Text("the notice that it will take longer")
_REFUSAL: Final = Text("the refusal")
_APPEAL: Final = Text("the appeal")


def _impossible(event: Text, day: date, other: Text, other_day: date) -> WrongUsage:
    return WrongUsage(
        Text(
            "These dates cannot be: {event} ({day}) would come before {other} ({other_day}).",
            event=event,
            day=day.isoformat(),
            other=other,
            other_day=other_day.isoformat(),
        ),
        hint=Text("Look at the dates on the letters again; write them like 2026-11-02."),
    )


def _note_law(law: Law) -> Iterator[Text]:
    """Say what must be known before any of its dates: whom it protects, since when it holds."""
    if law.protects not in {Protects.RESIDENTS, Protects.EVERYONE}:
        yield Text(
            "This law does not protect everybody. {covered}", covered=as_written(law.covered)
        )
    if law.in_force_from is None:
        yield Text("The day from which {law} is in force is not known to us.", law=law.name)


def _note_state(asked: _Asked, state: str) -> Iterator[Text]:
    if asked.state == calendar.WEEKENDS_ONLY:
        yield Text(
            "Only weekends are counted here: look up the holidays of the country. A last day on"
            " a holiday may move."
        )
    elif state and state != asked.state and asked.law.federal_holidays_only:
        yield Text("{law} is counted by federal holidays only.", law=asked.law.name)
    elif state and state != asked.state:
        yield Text(
            "{law} is counted by the holidays of {own}, not of {state}.",
            law=asked.law.name,
            own=asked.state,
            state=state,
        )


def _note_role(law: Law, right: Right, cra: str) -> Iterator[Text]:
    if not is_yearly_copy(law, right) or owes_yearly_copy(cra):
        return
    if cra:
        yield Text("The law sets days only for the free yearly copy of a nationwide agency.")
    else:
        yield Text("These days are for the free yearly copy of a nationwide agency.")


def _notes(asked: _Asked) -> Iterator[Text]:
    yield from _note_extension(asked)
    yield from _note_weekends(asked)
    if asked.appealed_on and asked.law.appeal_extension:
        yield Text(
            "If they say why in time, they may take {days} days more for the appeal ({cite}).",
            days=asked.law.appeal_extension.length,
            cite=asked.law.appeal_extension.cite,
        )
    for term in _terms(asked):
        if term.runs_from:
            yield Text(
                "{cite}: counted from {start}.", cite=term.cite, start=as_written(term.runs_from)
            )
        if term.only_if:
            yield Text(
                "{cite}: only if {condition}.", cite=term.cite, condition=as_written(term.only_if)
            )
        if term.confidence in UNSURE:
            yield Text("Not sure: {cite}. Check it before you rely on this date.", cite=term.cite)
    yield from _note_carried_out(asked)
    if asked.appealed_on and not _may_appeal(asked.law):
        yield Text(
            "The appeal of {day} moves nothing: as far as we know, this law has no appeal.",
            day=asked.appealed_on.isoformat(),
        )
    if not _terms(asked):
        yield Text("How long they have is not known to us.")
    if asked.appealed_on and _may_appeal(asked.law) and not _appeal_term(asked.law):
        yield Text("How long they have to decide an appeal is not known to us.")


def _note_carried_out(asked: _Asked) -> Iterator[Text]:
    """Say which day holds in the ordinary case, and which where something more must happen."""
    done, longer, told = asked.right.opt_out_within, asked.right.longer, asked.right.told_within
    if done is None:
        return
    by, late = _done_by(asked, done), _done_by(asked, done, longer)
    if done.only_if and not asked.ordinary:
        yield Text("If so, the last day to carry it out is {day}.", day=by.isoformat())
    if longer and asked.ordinary:
        yield Text(
            "It is {day} if {condition} ({cite}).",
            day=late.isoformat(),
            condition=as_written(longer.only_if),
            cite=longer.cite,
        )
    elif longer:
        yield Text(
            "The longer time counts only if {condition} ({cite}); it is counted here, so that"
            " nothing is called late too soon.",
            condition=as_written(longer.only_if),
            cite=longer.cite,
        )
        yield Text(
            "If not, it is to be carried out by {done} ({cite}).",
            done=by.isoformat(),
            cite=done.cite,
        )
    if longer and told:
        yield Text(
            "Then the result is to be sent by {told} ({cite}).",
            told=_moved(_ends(told, by, asked.state), asked).isoformat(),
            cite=told.cite,
        )


def _note_extension(asked: _Asked) -> Iterator[Text]:
    if asked.extended_on is None:
        return
    day = asked.extended_on.isoformat()
    if asked.right.longer:
        if not asked.ordinary:
            yield Text(
                "The notice of {day} moves nothing: the longer time is counted here.", day=day
            )
    elif asked.right.answer is None or asked.right.extension is None:
        yield Text("The notice of {day} moves nothing: this law gives no more time here.", day=day)
    elif not _extended_in_time(asked):
        yield Text(
            "The notice of {day} moves nothing: it came after the first period ended on {due}.",
            day=day,
            due=_first_window(asked, asked.right.answer).isoformat(),
        )


def _note_weekends(asked: _Asked) -> Iterator[Text]:
    """Say which last day moved, or that we do not know whether it moves."""
    unsure = "rolls_over" in asked.law.not_sure
    for plain in _plain_last_days(asked):
        if calendar.is_business_day(plain, asked.state) or asked.law.rolls_over is False:
            continue
        if asked.law.rolls_over is None:
            yield Text(
                "{plain} is a weekend or holiday. Whether the last day moves under this law is"
                " not known, so the plain date stands.",
                plain=plain.isoformat(),
            )
        else:
            yield Text(
                "{plain} is a weekend or holiday, so the last day moves to {due} ({cite}).",
                plain=plain.isoformat(),
                due=_moved(plain, asked).isoformat(),
                cite=asked.law.rolls_over_cite or asked.law.citation,
            )
            if unsure:
                yield Text(
                    "Whether it moves is not sure: the plain date is {plain}. Check it.",
                    plain=plain.isoformat(),
                )


def _plain_last_days(asked: _Asked) -> Iterator[date]:
    right, state = asked.right, asked.state
    done = right.opt_out_within
    for term in (right.acknowledge, None if done and done.only_if else done, right.answer):
        if term:
            yield _ends(term, asked.received, state)
    if right.answer and right.extension and _extended_in_time(asked):
        yield _together(right.answer, right.extension, asked.received, state)
    decides = _appeal_term(asked.law)
    if decides and asked.appealed_on:
        yield _ends(decides, asked.appealed_on, state)


def _appeal_term(law: Law) -> Term | None:
    return law.appeal or law.appeal_acknowledge


def _terms(asked: _Asked) -> list[Term]:
    right = asked.right
    used = [right.acknowledge, right.opt_out_within, right.told_within, right.answer]
    if asked.extended_on:
        used.append(right.extension)
    if asked.appealed_on:
        used.append(_appeal_term(asked.law))
    return [term for term in used if term]
