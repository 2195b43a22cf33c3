"""Print the approved letters of many clients: stacks for the printer, each all or nothing.

A stack is one file of at most so many letters. Its letters are set and their proofs kept first;
then the file is written under a name that no printer takes; then one commit says of all its
letters that they were printed; then the file gets its name. Whatever stops the run, each letter is
in a whole file and written down as printed, or neither, and the next run begins by settling which.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Final

from optout.drafting.cover import cover_sheet_pdf
from optout.drafting.pdf import letter_pdf
from optout.drafting.print_pages import (
    Addressed,
    Mailed,
    Separator,
    ToDo,
    envelopes_pdf,
    labels_pdf,
    mailing_list_pdf,
    separator_pdf,
)
from optout.drafting.stack import Paper, stacked
from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.i18n import language, say
from optout.model.record import EvidenceKind
from optout.model.request import Approval, Delivery, Message, MessageId
from optout.model.secret import Personal
from optout.rules.label_sheets import LABEL_SHEETS
from optout.text import Text
from optout.vault.ids import new_reference
from optout.vault.locks import FileLock
from optout.vault.outbox import PRINTED, Handed
from optout.workflows.approve import Prepared
from optout.workflows.approve_many import (
    FourEyes,
    check_may_go,
    left_out,
    prepare_as_approved,
    waiting_letters,
)
from optout.workflows.clients import Client, LeftOut
from optout.workflows.desk import Desk, errand_for
from optout.workflows.exports import (
    WrittenAside,
    check_place,
    give_up,
    put_in_place,
    write_aside,
    write_export,
)
from optout.workflows.mailing_table import write_mailing_table
from optout.workflows.send_paper import cover_sheet_of

MOST: Final = 500  # letters in one file: two reams, what a machine takes before somebody looks
STACK: Final = "letters to print"
_AT_ONCE: Final = 2  # pages are set by so many threads
_AHEAD: Final = 24  # letters whose pages are set before their client's turn
_BYTES_A_LETTER: Final = 45_000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One approved letter that was not printed yet."""

    client: Client
    message: Message
    approval: Approval
    company: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Printed(Personal):
    """One letter of a stack, with its pages."""

    waiting: Waiting
    prepared: Prepared
    pdf: bytes


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
) -> tuple[tuple[Waiting, ...], list[LeftOut]]:
    """Return the approved letters of these clients in the order of the stack; say what is not."""
    pairs = waiting_letters(desk, tuple(clients))
    yeses = desk.vault.approvals.unused(message.id for _client, message in pairs)
    eyes = FourEyes.of(desk)
    found, left = [], []
    for client, message in pairs:
        approval = yeses.get(message.id)
        if approval is None or message.delivery is not Delivery.READY:
            continue
        try:
            eyes.check(message.id, approval.approved_by)
            company = desk.find_broker(message.broker).called()
        except OptoutError as error:
            left.append(left_out(client, message, desk, error.what))
            continue
        found.append(Waiting(client=client, message=message, approval=approval, company=company))
    return tuple(sorted(found, key=_place(by))), left


def print_letters(
    desk: Desk, letters: Sequence[Waiting], choice: PrintChoice, run: Run
) -> Iterator[Stack]:
    """Print in stacks, one after the other; memory holds one at a time."""
    _check_choice(choice)
    check_place(desk, min(len(letters), choice.most) * _BYTES_A_LETTER)
    number = new_reference()
    with ThreadPoolExecutor(_AT_ONCE) as setters:
        for count, start in enumerate(range(0, len(letters), choice.most), start=1):
            part = letters[start : start + choice.most]
            stack = _print_stack(
                desk, part, choice, run, number=f"{number}-{count}", setters=setters
            )
            if stack is not None:
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


def _check_choice(choice: PrintChoice) -> None:
    known = Text("Nothing was printed.")
    if choice.labels and choice.labels not in LABEL_SHEETS:
        raise WrongUsage(
            Text("We know no sheet of labels called {name}.", name=choice.labels),
            known=known,
            hint=Text("There are: {names}", names=tuple(LABEL_SHEETS)),
        )
    most = LABEL_SHEETS[choice.labels].count if choice.labels else 1
    if choice.most < 1 or not 0 <= choice.skip_labels < most:
        raise WrongUsage(Text("That number is too small or too large."), known=known)


def _place(by: By) -> Callable[[Waiting], tuple[str, ...]]:
    def place(each: Waiting) -> tuple[str, ...]:
        client, company = f"{each.client.number:08}", each.company.casefold()
        first = (client, company) if by is By.CLIENT else (company, client)
        return (*first, each.message.reference)

    return place


def _print_stack(
    desk: Desk,
    letters: Sequence[Waiting],
    choice: PrintChoice,
    run: Run,
    *,
    number: str,
    setters: ThreadPoolExecutor,
) -> Stack | None:
    with ExitStack() as held:
        set_pages = _ahead(desk, sorted(letters, key=_place(By.CLIENT)), choice, run, setters)
        printed = _keep_all(desk, letters, set_pages, held)
        if not printed:
            return None
        beside = _write_beside(desk, printed, choice, number)
        aside = write_aside(
            desk, f"papers-{number}.pdf", STACK, _stack_pdf(desk, printed, choice, number)
        )
        try:
            desk.vault.outbox.hand_over_together(map(_handed, printed), run=number)
        except OptoutError:
            give_up(desk, aside)
            raise
        put_in_place(aside)
    return Stack(number=number, letters=len(printed), paths=(aside.path, *beside))


def _handed(each: Printed) -> Handed:
    return Handed(
        payload=each.prepared.payload,
        approval_id=each.waiting.approval.id,
        newness=each.prepared.newness,
    )


def _keep_all(
    desk: Desk, letters: Sequence[Waiting], set_pages: Iterator[Printed], held: ExitStack
) -> list[Printed]:
    """Keep every letter's proof as its pages come, client by client; return stack order."""
    found: dict[MessageId, Printed] = {}
    for subject_id, group in groupby(set_pages, key=lambda e: e.waiting.message.subject_id):
        with desk.vault.evidence.of_one_person(subject_id):
            for each in group:
                _keep_proof(desk, each, held)
                found[each.waiting.message.id] = each
    return [found[each.message.id] for each in letters if each.message.id in found]


def _ahead(
    desk: Desk,
    letters: Sequence[Waiting],
    choice: PrintChoice,
    run: Run,
    setters: ThreadPoolExecutor,
) -> Iterator[Printed]:
    """Yield letters with their pages in order, while those behind them are being set."""
    under_way: deque[tuple[Waiting, Prepared, Future[bytes]]] = deque()
    for waiting in letters:
        prepared = _prepared(desk, waiting, run)
        if prepared is None:
            continue
        assert prepared.letter is not None  # what goes by post has one
        pages = setters.submit(letter_pdf, prepared.letter, large_print=choice.large_print)
        under_way.append((waiting, prepared, pages))
        while len(under_way) > _AHEAD:
            yield from _pages_of(desk, under_way.popleft(), run)
    while under_way:
        yield from _pages_of(desk, under_way.popleft(), run)


def _prepared(desk: Desk, waiting: Waiting, run: Run) -> Prepared | None:
    try:
        errand = errand_for(desk, waiting.message)
        check_may_go(desk, errand)
        prepared = prepare_as_approved(desk, errand, waiting.approval)
        if prepared is None:
            raise NeedsPerson(
                Text("It has changed since the yes to it, or the yes is old: approve it again.")
            )
    except OptoutError as error:
        run.left_out.append(left_out(waiting.client, waiting.message, desk, error.what))
        return None
    return prepared


def _pages_of(
    desk: Desk, under_way: tuple[Waiting, Prepared, Future[bytes]], run: Run
) -> Iterator[Printed]:
    waiting, prepared, pages = under_way
    try:
        yield Printed(waiting=waiting, prepared=prepared, pdf=pages.result())
    except OptoutError as error:
        run.left_out.append(left_out(waiting.client, waiting.message, desk, error.what))


def _keep_proof(desk: Desk, each: Printed, held: ExitStack) -> None:
    """Put the letter into its person's own file; its card is written with the commit."""
    evidence, message = desk.vault.evidence, each.waiting.message
    evidence.hold(message.id)
    held.callback(evidence.release, message.id)
    evidence.store(
        message.subject_id,
        EvidenceKind.LETTER,
        "application/pdf",
        each.pdf,
        message_id=message.id,
    )


def _stack_pdf(desk: Desk, printed: Sequence[Printed], choice: PrintChoice, number: str) -> bytes:
    return stacked(_papers(desk, printed, choice, number), title=number, two_sided=choice.two_sided)


def _papers(
    desk: Desk, printed: Sequence[Printed], choice: PrintChoice, number: str
) -> Iterator[Paper]:
    by_client = choice.by is By.CLIENT
    for title, group in groupby(printed, key=lambda each: _group(each, by_client=by_client)):
        letters = tuple(group)
        yield Paper(
            title=title,
            begins_group=True,
            pdf=separator_pdf(
                Separator(
                    title=title,
                    stack=number,
                    letters=tuple(_to_do(each, by_client=by_client) for each in letters),
                    language=language(),
                    large_print=choice.large_print,
                )
            ),
        )
        for each in letters:
            mark = _group(each, by_client=not by_client)
            if choice.cover_sheets:
                sheet = cover_sheet_of(desk, each.prepared.errand, large_print=choice.large_print)
                yield Paper(title=say(Text("Sheet for the client")), pdf=cover_sheet_pdf(sheet))
            yield Paper(title=f"{each.waiting.message.reference} {mark}", pdf=each.pdf)


def _group(each: Printed, *, by_client: bool) -> str:
    return each.waiting.client.name if by_client else each.waiting.company


def _to_do(each: Printed, *, by_client: bool) -> ToDo:
    """Return what a letter needs by hand before it can go into its envelope."""
    errand = each.prepared.errand
    enclose = dict.fromkeys(what for channel in errand.channels for what in channel.enclose)
    lines = [say(Text("Signed above the name by the client"))]
    lines += [say(Text("Enclosed: {what}", what=Text("{what}", what=what))) for what in enclose]
    if any(channel.blank_ssn_line for channel in errand.channels):
        lines.append(
            say(Text("The empty number line: the client alone writes on it, if they want to"))
        )
    if not any(reply.address for reply in errand.subject.reply_to):
        lines.append(say(Text("No return address is printed: the letter says where to answer")))
    lines.append(say(Text("Every page is in the envelope, and nothing else")))
    return ToDo(
        title=f"{each.waiting.message.reference}  {_group(each, by_client=not by_client)}",
        note=", ".join(_letter_lines(each)[1]),
        lines=tuple(lines),
    )


def _letter_lines(each: Printed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sender's and the recipient's lines as the letter itself shows them."""
    letter = each.prepared.letter
    assert letter is not None  # what goes by post has one
    return letter.sender_lines, letter.recipient_lines


def _write_beside(
    desk: Desk, printed: Sequence[Printed], choice: PrintChoice, number: str
) -> tuple[Path, ...]:
    """Write the mailing list, and envelopes and labels where they are wanted."""
    mailed = [
        Mailed(
            reference=each.waiting.message.reference,
            client=each.waiting.client.name,
            recipient=", ".join(_letter_lines(each)[1]),
        )
        for each in printed
    ]
    content = mailing_list_pdf(
        mailed, stack=number, certified=choice.certified, language=language()
    )
    paths = [write_export(desk, f"mailing-{number}.pdf", "mailing list", content)]
    paths.append(write_mailing_table(desk, number, mailed))
    addressed = [_addressed(each) for each in printed]
    if choice.envelopes:
        content = envelopes_pdf(addressed, language=language())
        paths.append(write_export(desk, f"envelopes-{number}.pdf", "envelopes", content))
    if choice.labels:
        sheet = LABEL_SHEETS[choice.labels]
        content = labels_pdf(addressed, sheet, skip=choice.skip_labels, language=language())
        paths.append(write_export(desk, f"labels-{number}.pdf", "labels", content))
    return tuple(paths)


def _addressed(each: Printed) -> Addressed:
    sender, recipient = _letter_lines(each)
    return Addressed(sender=sender, recipient=recipient, reference=each.waiting.message.reference)


def _settle(desk: Desk) -> Iterator[Text]:
    half = [
        aside
        for export in desk.vault.exports.list(still_there=True)
        if export.what == STACK and (aside := WrittenAside.of(export)).is_waiting()
    ]
    if not half:
        return
    stacks = printed_stacks(desk)
    for aside in half:
        ids = stacks.get(aside.path.stem.removeprefix("papers-"))
        if ids is not None and aside.is_whole():
            put_in_place(aside)
            yield Text(
                "An earlier run was cut short after these {count} letters were written down as "
                "printed. Their file is whole: {path}. Print it once.",
                count=len(ids),
                path=aside.path,
            )
        elif ids is not None:
            yield Text(
                "An earlier run was cut short, and the file of {count} letters is torn. They count "
                "as printed. Write them again with: optout clinic print --again {stack}",
                count=len(ids),
                stack=aside.path.stem.removeprefix("papers-"),
            )
            aside.drop()
        else:
            aside.drop()
            desk.vault.exports.mark_deleted(aside.export.id)
            yield Text(
                "An earlier run was cut short before its letters were written down as printed. "
                "Its torn file is gone, and its letters are printed now."
            )


def printed_stacks(desk: Desk) -> Mapping[str, tuple[MessageId, ...]]:
    """Return the letters of every stack in its order, oldest stack first."""
    return {
        event.ids[0]: tuple(map(MessageId, event.ids[1:]))
        for event in desk.vault.events.with_code(PRINTED)
    }
