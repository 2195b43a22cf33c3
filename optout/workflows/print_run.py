"""Print the approved letters of many clients: stacks for the printer, each all or nothing.

A stack is one file of at most so many letters, with lists and labels beside it. Its letters are set
and their proofs kept first; then its files are written under names that no printer takes; then one
commit says of all its letters that they were printed; then the files get their names. Whatever
stops the run, each letter is in a whole file and written down as printed, or neither, and the next
run begins by settling which.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Final

from optout.drafting.cover import CoverSheet, cover_sheet_pdf
from optout.drafting.letter import Letter
from optout.drafting.pdf import NoGlyph
from optout.drafting.print_pages import (
    Addressed,
    Mailed,
    Separator,
    ToDo,
    envelopes_pdf,
    labels_pdf,
    mailing_list_pdf,
    separators,
)
from optout.drafting.stack import Paper, stacked
from optout.drafting.together import SetLetter, set_together
from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.i18n import language, say
from optout.model.request import MessageId, Reference
from optout.model.secret import Personal
from optout.model.words import By as Way
from optout.rules.label_sheets import LABEL_SHEETS
from optout.text import Counted, Text, as_written
from optout.vault.ids import new_reference
from optout.vault.locks import FileLock
from optout.vault.outbox import PRINTED, Handed
from optout.workflows.approve import Prepared
from optout.workflows.approve_many import (
    check_may_go,
    left_out,
    prepare_as_approved,
)
from optout.workflows.approved import Approved, approved
from optout.workflows.clients import Client, LeftOut
from optout.workflows.desk import Desk, ReadOnce, errand_for
from optout.workflows.exports import (
    NewFile,
    WrittenAside,
    check_place,
    give_up,
    put_in_place,
    still_aside,
    written_together,
)
from optout.workflows.four_eyes import FourEyes
from optout.workflows.mailing_table import mailing_table
from optout.workflows.read_once import read_once
from optout.workflows.send_paper import (
    cover_sheet_of,
    enclosed_with,
    has_return_address,
    signed_paper,
)

MOST: Final = 500  # letters in one file: two reams, what a machine takes before somebody looks
STACK: Final = "letters to print"
PRINTED_AGAIN: Final = "letters.printed-again"
AGAIN: Final = "-again-"  # between the number of a stack and how often it was printed again
_AT_ONCE: Final = 2  # pages are set by so many threads
_AHEAD: Final = 64  # clients whose letters are set before their turn
_TOGETHER: Final = 20  # letters of one client in one go
_BYTES_A_LETTER: Final = 45_000


Stacks = Mapping[str, tuple[MessageId, ...]]  # the letters of each, by its number


class By(StrEnum):
    """What a stack is sorted by."""

    CLIENT = "client"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintChoice:
    """How a stack is to be printed."""

    by: By = By.CLIENT
    most: int = MOST
    large_print: bool = False
    two_sided: bool = True
    cover_sheets: bool = False
    envelopes: bool = False
    labels: str = ""  # a key of LABEL_SHEETS
    skip_labels: int = 0
    certified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Printed(Personal):
    """One letter of a stack, with its pages."""

    waiting: Approved
    prepared: Prepared
    pages: SetLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One stack that was written: its number, how many letters, and its files."""

    number: str
    letters: int
    paths: tuple[Path, ...]


@dataclass(slots=True, kw_only=True)
class Run:
    """What came of a run, as far as it went."""

    stacks: list[Stack] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def approved_letters(
    desk: Desk, clients: Collection[Client], by: By
) -> tuple[tuple[Approved, ...], list[LeftOut]]:
    """Return the approved letters of these clients in the order of the stack; say what is not."""
    found, left = approved(desk, clients, {Way.POST})
    return tuple(sorted(found, key=_place(by))), left


def print_letters(
    desk: Desk, letters: Sequence[Approved], choice: PrintChoice, run: Run
) -> Iterator[Stack]:
    """Print in stacks, one after the other; the letters of the next are set meanwhile."""
    check_choice(choice)
    check_place(desk, min(len(letters), choice.most) * _BYTES_A_LETTER)
    number, began = new_reference(), desk.vault.changed_elsewhere()
    parts = [letters[at : at + choice.most] for at in range(0, len(letters), choice.most)]
    with _threads(_AT_ONCE) as setters, _threads(1) as elsewhere:
        set_pages = _ahead(desk, parts, choice, run, setters)
        for place, group in groupby(set_pages, key=itemgetter(0)):
            stack = _print_stack(
                desk,
                parts[place],
                (theirs for _place, theirs in group),
                choice,
                run,
                number=f"{number}-{place + 1}",
                began=began,
                elsewhere=elsewhere,
            )
            if stack:
                run.stacks.append(stack)
                yield stack


@contextmanager
def printing_alone(desk: Desk) -> Iterator[None]:
    """Keep every other window from printing: what it has under way looks like a torn run."""
    lock = FileLock(desk.vault.place.locks / "printing.lock")
    if not lock.take():
        raise Refused(
            Text("Another window is printing."),
            known=Text("Nothing was printed here."),
            hint=Text("Wait until it is done, then: optout clinic print"),
        )
    with lock:
        yield


def settle_cut_short(desk: Desk) -> tuple[Text, ...]:
    """Finish or undo what an earlier run left half done, and say so."""
    return tuple(_settle(desk))


def check_choice(choice: PrintChoice) -> None:
    """Refuse a sheet of labels that nobody makes, and numbers that cannot be."""
    known = Text("Nothing was printed.")
    if choice.labels and choice.labels not in LABEL_SHEETS:
        raise WrongUsage(
            Text("We know no sheet of labels called {name}.", name=choice.labels),
            known=known,
            hint=Text("There are: {names}", names=tuple(LABEL_SHEETS)),
        )
    if choice.most < 1:
        raise WrongUsage(Text("A file holds at least 1 letter: --most 1"), known=known)
    if choice.skip_labels and not choice.labels:
        raise WrongUsage(Text("--skip-labels goes with --labels."), known=known)
    most = LABEL_SHEETS[choice.labels].count - 1 if choice.labels else 0
    if not 0 <= choice.skip_labels <= most:
        raise WrongUsage(
            Text("On this sheet --skip-labels goes from 0 to {most}.", most=most), known=known
        )


def _place(by: By) -> Callable[[Approved], tuple[str, ...]]:
    def place(each: Approved) -> tuple[str, ...]:
        client, company = f"{each.client.number:08}", each.company.casefold()
        first = (client, company) if by is By.CLIENT else (company, client)
        return (*first, each.message.reference)

    return place


@contextmanager
def _threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Yield so many threads; what they have not begun when the block ends is not begun any more."""
    threads = ThreadPoolExecutor(count)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


def _print_stack(
    desk: Desk,
    letters: Sequence[Approved],
    set_pages: Iterator[list[Printed]],
    choice: PrintChoice,
    run: Run,
    *,
    number: str,
    began: int,
    elsewhere: ThreadPoolExecutor,
) -> Stack | None:
    """Print one stack; None where none of its letters may go any more."""
    found: dict[MessageId, Printed] = {}
    proofs = []
    for theirs in set_pages:
        alone = {each.waiting.message.id: each.pages.alone for each in theirs}
        try:
            to_keep = desk.vault.evidence.to_keep(theirs[0].waiting.message.subject_id, alone)
        except OptoutError as error:  # another window erased them meanwhile
            run.left_out += [_left_out(desk, each.waiting, error) for each in theirs]
            continue
        proofs.append(elsewhere.submit(to_keep.write))
        for each in theirs:
            kept = replace(each, pages=replace(each.pages, alone=b""))
            found[each.waiting.message.id] = kept
    printed = [found[each.message.id] for each in letters if each.message.id in found]
    if not printed:
        return None
    # A thread of its own would speak the language of nobody.
    mailing = elsewhere.submit(copy_context().run, _mailing_list, printed, choice, number)
    pages = _stack_pdf(printed, _covers(desk, printed, choice), choice, number)
    try:
        for cards in proofs:
            desk.vault.evidence.hold_letters(cards.result())
        _check_still_stands(desk, printed, began)  # before anything is written for nothing
        beside = _beside(desk, printed, choice, number, mailing.result())
        with written_together(desk, chain(beside, [stack_file(number, pages)])) as paths:
            desk.vault.outbox.hand_over_together(
                map(_handed, printed),
                run=number,
                check=lambda: _check_still_stands(desk, printed, began),
            )
    finally:
        for message_id in found:
            desk.vault.evidence.release(message_id)
    return Stack(number=number, letters=len(printed), paths=stack_first(paths))


def _check_still_stands(desk: Desk, printed: Sequence[Printed], began: int) -> None:
    """Raise where another window changed, since the run `began`, what one of them may say.

    A thousand letters take minutes, and somebody may take a yes or an address back meanwhile.
    """
    eyes = FourEyes.of(desk)  # always: the letters were chosen before the run began
    for each in printed:
        eyes.check(each.waiting.message.id, each.waiting.approval.approved_by)
    if desk.vault.changed_elsewhere() == began:
        return
    anew = Run()
    for _place, theirs in _by_client([[each.waiting for each in printed]]):
        _prepared(desk, theirs, anew)
    for left in anew.left_out[:1]:
        raise Refused(
            Text(
                "While these letters were being set, another window changed something. "
                "{letter}: {why}",
                letter=left.what,
                why=left.why,
            ),
            known=Text("Nothing of this stack was printed or written down."),
            hint=Text("Print the others: optout clinic print"),
        )


def _handed(each: Printed) -> Handed:
    return Handed(
        payload=each.prepared.payload,
        approval_id=each.waiting.approval.id,
        newness=each.prepared.newness,
    )


Ready = tuple[Approved, Prepared]
Together = tuple[int, list[Ready], Future[tuple[SetLetter | OptoutError, ...]]]


def _ahead(
    desk: Desk,
    parts: Sequence[Sequence[Approved]],
    choice: PrintChoice,
    run: Run,
    setters: ThreadPoolExecutor,
) -> Iterator[tuple[int, list[Printed]]]:
    """Yield for which stack, and letters of one client with their pages.

    Those of the next clients are being set meanwhile, also while a stack is joined and written.
    """
    under_way: deque[Together] = deque()
    for place, theirs in _by_client(parts):
        ready = _prepared(desk, theirs, run)
        for start in range(0, len(ready), _TOGETHER):
            part = ready[start : start + _TOGETHER]
            drafts = [_letter_of(prepared) for _waiting, prepared in part]
            pages = setters.submit(set_together, drafts, large_print=choice.large_print)
            under_way.append((place, part, pages))
        while len(under_way) > _AHEAD:
            yield from _pages_of(desk, under_way.popleft(), run)
    while under_way:
        yield from _pages_of(desk, under_way.popleft(), run)


def _by_client(
    parts: Sequence[Sequence[Approved]],
) -> Iterator[tuple[int, tuple[Approved, ...]]]:
    for place, letters in enumerate(parts):
        in_order = sorted(letters, key=_place(By.CLIENT))
        for _number, group in groupby(in_order, key=lambda each: each.client.number):
            yield place, tuple(group)


def _prepared(desk: Desk, theirs: Sequence[Approved], run: Run) -> list[Ready]:
    """Prepare the letters of one client; what may not go is left out with its reason."""
    ready: list[Ready] = []
    try:
        known = read_once(
            desk, theirs[0].message.subject_id, [waiting.message for waiting in theirs]
        )
    except OptoutError as error:  # nothing of theirs may go
        run.left_out += [_left_out(desk, waiting, error) for waiting in theirs]
        return ready
    for waiting in theirs:
        try:
            ready.append((waiting, _prepare(desk, waiting, known)))
        except OptoutError as error:
            run.left_out.append(_left_out(desk, waiting, error))
    return ready


def _prepare(desk: Desk, waiting: Approved, known: ReadOnce) -> Prepared:
    errand = errand_for(desk, waiting.message, known)
    check_may_go(desk, errand)
    prepared = prepare_as_approved(desk, errand, waiting.approval)
    if prepared is None:
        raise NeedsPerson(
            Text("It has changed since the yes to it, or the yes is old: approve it again.")
        )
    return prepared


def _left_out(desk: Desk, waiting: Approved, error: OptoutError) -> LeftOut:
    """Say why; of characters without a font also what to do, for else nobody can go on."""
    why = error.what
    if isinstance(error, NoGlyph) and error.hint:
        why = Text("{why} {do}", why=why, do=error.hint)
    return left_out(waiting.client, waiting.message, desk, why)


def _pages_of(desk: Desk, under_way: Together, run: Run) -> Iterator[tuple[int, list[Printed]]]:
    place, ready, future = under_way
    found = []
    for (waiting, prepared), pages in zip(ready, future.result(), strict=True):
        if isinstance(pages, OptoutError):
            run.left_out.append(_left_out(desk, waiting, pages))
        else:
            found.append(Printed(waiting=waiting, prepared=prepared, pages=pages))
    if found:
        yield place, found


def _covers(desk: Desk, printed: Sequence[Printed], choice: PrintChoice) -> list[CoverSheet]:
    """Return the sheet for each letter's client, or none where they are not wanted."""
    return [
        cover_sheet_of(desk, each.prepared.errand, large_print=choice.large_print)
        for each in printed
        if choice.cover_sheets
    ]


def _stack_pdf(
    printed: Sequence[Printed], covers: Sequence[CoverSheet], choice: PrintChoice, number: str
) -> bytes:
    papers = _papers(printed, iter(covers), choice, number)
    return stacked(papers, title=number, two_sided=choice.two_sided)


def _papers(
    printed: Sequence[Printed], covers: Iterator[CoverSheet], choice: PrintChoice, number: str
) -> Iterator[Paper]:
    """Yield the papers of a stack in their order."""
    by_client = choice.by is By.CLIENT
    title = partial(_group, by_client=by_client)
    groups = [(of, tuple(letters)) for of, letters in groupby(printed, key=title)]
    sheets = [
        Separator(title=of, letters=tuple(_to_do(each, by_client=by_client) for each in letters))
        for of, letters in groups
    ]
    before_each = separators(
        sheets, stack=number, language=language(), large_print=choice.large_print
    )
    for separator, (_title, letters) in zip(before_each, groups, strict=True):
        yield separator
        for each in letters:
            for cover in islice(covers, 1):
                yield Paper(title=say(Text("Sheet for the client")), pdf=cover_sheet_pdf(cover))
            yield _paper(each, _group(each, by_client=not by_client))


def _paper(each: Printed, mark: str) -> Paper:
    return Paper(
        title=f"{each.waiting.message.reference} {mark}",
        pdf=each.pages.file,
        pages=each.pages.pages,
    )


def _group(each: Printed, *, by_client: bool) -> str:
    return each.waiting.client.name if by_client else each.waiting.company


def _to_do(each: Printed, *, by_client: bool) -> ToDo:
    """Return what a letter needs by hand before it can go into its envelope."""
    errand = each.prepared.errand
    by_office = Text("Signed above the name by the office, as the client's agent")
    lines = [say(by_office if errand.paper else Text("Signed above the name by the client"))]
    lines += [
        say(Text("Enclosed: {what}", what=as_written(what))) for what in enclosed_with(errand)
    ]
    if any(channel.blank_ssn_line for channel in errand.channels):
        lines.append(
            say(Text("The empty number line: the client alone writes on it, if they want to"))
        )
    if not has_return_address(errand):
        lines.append(say(Text("No return address is printed: the letter says where to answer")))
    lines.append(say(Text("Every page is in the envelope, and nothing else")))
    return ToDo(
        title=f"{each.waiting.message.reference}  {_group(each, by_client=not by_client)}",
        note=", ".join(_letter_of(each.prepared).recipient_lines),
        lines=tuple(lines),
    )


def _letter_of(prepared: Prepared) -> Letter:
    letter = prepared.letter
    assert letter is not None  # what goes by post has one
    return letter


def _mailing_list(printed: Sequence[Printed], choice: PrintChoice, number: str) -> bytes:
    return mailing_list_pdf(
        _mailed(printed), stack=number, certified=choice.certified, language=language()
    )


def _mailed(printed: Sequence[Printed]) -> list[Mailed]:
    return [
        Mailed(
            reference=each.waiting.message.reference,
            client=each.waiting.client.name,
            recipient=", ".join(_letter_of(each.prepared).recipient_lines),
        )
        for each in printed
    ]


def _beside(
    desk: Desk, printed: Sequence[Printed], choice: PrintChoice, number: str, mailing: bytes
) -> Iterator[NewFile]:
    """Yield the mailing list, and signed papers, envelopes and labels where they are wanted."""
    yield NewFile(name=f"mailing-{number}.pdf", what="mailing list", content=mailing)
    yield mailing_table(number, _mailed(printed))
    yield from filter(None, (signed_paper(desk, each.prepared.errand) for each in printed))
    addressed = [
        addressed_as(_letter_of(each.prepared), each.waiting.message.reference) for each in printed
    ]
    yield from address_files(addressed, choice, number)


def address_files(
    addressed: Sequence[Addressed], choice: PrintChoice, name: str
) -> Iterator[NewFile]:
    """Yield envelopes and labels where they are wanted."""
    if choice.envelopes:
        content = envelopes_pdf(addressed, language=language())
        yield NewFile(name=f"envelopes-{name}.pdf", what="envelopes", content=content)
    if choice.labels:
        sheet = LABEL_SHEETS[choice.labels]
        content = labels_pdf(addressed, sheet, skip=choice.skip_labels, language=language())
        yield NewFile(name=f"labels-{name}.pdf", what="labels", content=content)


def stack_file(name: str, pages: bytes) -> NewFile:
    """Return the file of a stack: written last, it gets its name last."""
    return NewFile(name=f"papers-{name}.pdf", what=STACK, content=pages)


def stack_first(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files of a stack as they are told: the one for the printer, then the others."""
    return (paths[-1], *paths[:-1])


def addressed_as(letter: Letter, reference: str) -> Addressed:
    """Return what stands on the envelope of a letter: the lines that the letter itself shows."""
    return Addressed(
        sender=letter.sender_lines, recipient=letter.recipient_lines, reference=reference
    )


def _settle(desk: Desk) -> Iterator[Text]:
    half = still_aside(desk)
    stacks = {**_written_down(desk, PRINTED), **_written_down(desk, PRINTED_AGAIN)} if half else {}
    undone = [aside for aside in half if not _is_of_a_stack(desk, aside, stacks)]
    for aside in undone:
        give_up(desk, aside)
    if undone:
        yield Text(
            "An earlier run was cut short before it was written down. Its torn files are gone, "
            "and no letter counts as printed by it."
        )
    for aside in half:
        if aside not in undone:
            yield from _finish(desk, aside, stacks)


def _is_of_a_stack(desk: Desk, aside: WrittenAside, stacks: Stacks) -> bool:
    """Say whether a file is of a stack that was written down: it is named after it.

    The signed paper of a letter is named after the letter.
    """
    name = _named_after(aside)
    letter = desk.vault.messages.by_reference(Reference(name))
    return name in stacks or (
        letter is not None and any(letter.id in ids for ids in stacks.values())
    )


def _named_after(aside: WrittenAside) -> str:
    return aside.path.stem.partition("-")[2]


def _finish(desk: Desk, aside: WrittenAside, stacks: Stacks) -> Iterator[Text]:
    """Give a file of a stack its name, or take it away where it is torn, and say so."""
    whole = aside.is_whole()
    if whole:
        put_in_place(aside)
    else:
        give_up(desk, aside)
    if aside.export.what == STACK:
        name = _named_after(aside)
        yield _told_of_stack(aside.path, name.partition(AGAIN)[0], len(stacks[name]), whole=whole)
    elif not whole:
        yield Text(
            "An earlier run was cut short, and this torn file is gone: {path}", path=aside.path
        )


def _told_of_stack(path: Path, number: str, count: int, *, whole: bool) -> Text:
    if whole:
        return Counted(
            "An earlier run was cut short after 1 letter was written down as "
            "printed. Its file is whole: {path}. Print it once.",
            "An earlier run was cut short after these {count} letters were written down as "
            "printed. Their file is whole: {path}. Print it once.",
            count=count,
            path=path,
        )
    return Counted(
        "An earlier run was cut short, and the file of 1 letter is torn. It "
        "counts as printed. Write it again with: optout clinic print --again "
        "{stack}",
        "An earlier run was cut short, and the file of {count} letters is torn. They count "
        "as printed. Write them again with: optout clinic print --again {stack}",
        count=count,
        stack=number,
    )


def printed_stacks(desk: Desk) -> Stacks:
    """Return the letters of every stack in its order, oldest stack first.

    A letter that was taken back and printed once more belongs to the later stack alone.
    """
    stacks = _written_down(desk, PRINTED)
    last = {message_id: number for number, ids in stacks.items() for message_id in ids}
    return {
        number: tuple(each for each in ids if last[each] == number)
        for number, ids in stacks.items()
    }


def _written_down(desk: Desk, code: str) -> Stacks:
    return {
        event.ids[0]: tuple(map(MessageId, event.ids[1:]))
        for event in desk.vault.events.with_code(code)
    }
