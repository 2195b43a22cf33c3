"""Files a folder's requests for real and tells at each step how far it is, to be killed there.

Run by conftest.py. It imports everything once and then forks a worker for each socket that comes
in over its control socket, so that a restart costs milliseconds. Workers share nothing: each opens
the folder anew, with its own lock, and takes the road that the commands take.

What a worker says, a line each: the mark of the step it has reached, with the request's number.

    b4 A   A   commit A is next, is done      p           the button is pressed next
    f          a value is typed next          P           the company's answer is there
    b4 B   B   commit B is next, is done      proof       the proof's own file is half made
    end        this request is dealt with     b4 C   C    commit C is next, is done
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import traceback
import urllib.parse
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import playwright.async_api  # noqa: F401 - heavy: imported once, before the forks

from optout.browser import submitting
from optout.browser.fence import Fence
from optout.browser.visit import Visit
from optout.browser.window import Window
from optout.catalog.brokers import find_broker
from optout.catalog.laws import list_laws
from optout.errors import OutcomeUnknown, Refused
from optout.model.broker import Slug
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field, IdentifierKind
from optout.model.flow import Leg
from optout.model.law import LawId
from optout.model.payload import Payload
from optout.model.request import (
    Delivery,
    Message,
    MessageId,
    Presence,
    Purpose,
    Request,
    RequestId,
)
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
    SubjectId,
)
from optout.model.words import By, Right
from optout.sample.risk_data import SLUG
from optout.sample.scripted_person import ScriptedPerson
from optout.sample.servers import PracticeResolver
from optout.vault import evidence, messages, outbox
from optout.vault.folder import read_folder
from optout.vault.ids import new_id, new_reference
from optout.vault.open import Database, open_database
from optout.vault.outbox import Outbox, RunningAttempt
from optout.vault.unlock import unlock_with_key
from optout.vault.vault import Vault
from optout.workflows import file_request
from optout.workflows.approve import approve, prepare
from optout.workflows.desk import Desk, errand_for
from optout.workflows.file_message import file_message

NOW: Final = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LONG_AGO: Final = date(2015, 6, 1)
HOST: Final = "sample-risk-data.test"
BROKER: Final = find_broker(SLUG, samples=True)  # read before the forks, as what follows
LAWS: Final = list_laws()
TRIES: Final = 3  # a busy machine may miss a time limit before anything was sent
# What the practice form calls the values, as Confirm posts them.
BOXES: Final = {
    Field.FIRST_NAME: "first",
    Field.LAST_NAME: "last",
    Field.STREET: "street",
    Field.CITY: "city",
    Field.STATE: "state",
    Field.ZIP: "zip",
    Field.EMAIL: "email",
}
Job = Mapping[str, Any]


class Line:
    """The wire to whoever started this worker."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self._heard = wire.makefile("r", encoding="utf-8")

    def say(self, **words: object) -> None:
        self._wire.sendall(json.dumps(words).encode() + b"\n")

    def hear(self) -> Job:
        try:
            line = self._heard.readline()
        except ConnectionResetError:
            line = ""
        if not line:
            raise SystemExit  # nobody is there any more
        heard: Job = json.loads(line)
        return heard


class Marks:
    """Tells each step before it is taken, and stops for good at the one where the kill comes."""

    def __init__(self, line: Line, stop_at: str, times: int) -> None:
        self.about = ""  # which request
        self._line = line
        self._stop = (stop_at, times)
        self._seen: Counter[str] = Counter()

    def __call__(self, mark: str) -> None:
        self._seen[mark] += 1
        self._line.say(mark=mark, about=self.about)
        if (mark, self._seen[mark]) == self._stop:
            self._line.say(stopped=mark)
            self._line.hear()


# ---- the folder ----


def opened(job: Job) -> Vault:
    """Open the folder as the next command would: rule R runs here."""
    switch_off(job.get("without", ""))
    key = Secret(bytes.fromhex(job["key"]))
    return unlock_with_key(read_folder(Path(job["folder"])), key, clock=lambda: NOW, actor="person")


def desk_with(job: Job, vault: Vault, window: Window) -> Desk:
    """Set out the practice desk. Its person says no, unless the job says otherwise."""
    resolver = PracticeResolver({host: (ip, port) for host, (ip, port) in job["places"].items()})

    def fence(_broker: object) -> Fence:
        return Fence(BROKER.hosts, resolver=resolver)

    return Desk(
        vault=vault,
        person=ScriptedPerson(says_yes=job.get("says_yes", False)),
        clock=lambda: NOW,
        find_broker=lambda _slug: BROKER,
        list_brokers=lambda: (BROKER,),
        laws=lambda: LAWS,
        fence_for=fence,
        rehearsal_for=fence,
        window=lambda: window,
        out_folder=Path(job["folder"]) / "never",
    )


def sample_person(name: str) -> Subject:
    """Return a made-up person whose first name and e-mail no other one has."""
    facts: dict[IdentifierKind, IdentifierValue] = {
        IdentifierKind.NAME: PersonName(given=name.title(), family="Sample"),
        IdentifierKind.ADDRESS: PostalAddress(
            street="100 Example Street", city="Denver", state="CO", zip="80202"
        ),
    }
    return Subject(
        id=SubjectId(new_id()),
        label=Secret(name),
        identifiers=tuple(
            Identifier(
                id=IdentifierId(new_id()),
                kind=kind,
                value=value,
                share=Share.ASK,
                valid_from=LONG_AGO,
            )
            for kind, value in facts.items()
        ),
        residences=(Residence(state="CO", since=LONG_AGO),),
        reply_to=(ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret(f"{name}@example.com")),),
    )


def add_request(vault: Vault, name: str) -> Message:
    """Keep one person with one request, as an accepted plan would."""
    subject = sample_person(name)
    vault.subjects.add(subject)
    request = Request(
        id=RequestId(new_id()),
        reference=new_reference(),
        subject_id=subject.id,
        broker=Slug(SLUG),
        right=Right.OPT_OUT,
        law=LawId("us-co-cpa"),
        law_sha256="1" * 64,
        presence=Presence.LIKELY,
        created_at=NOW,
    )
    message = Message(
        id=MessageId(new_id()),
        reference=new_reference(),
        subject_id=subject.id,
        purpose=Purpose.REQUEST,
        broker=Slug(SLUG),
        channel_right=Right.OPT_OUT,
        by=By.WEB,
        request_ids=(request.id,),
        created_at=NOW,
    )
    vault.requests.add(request)
    vault.messages.add(message)
    return message


def stock(job: Job, line: Line) -> None:
    """Add people with one request each, and store a person's yes to every one of them."""
    digests = {}
    with opened(job) as vault, vault.together():
        desk = desk_with({**job, "says_yes": True}, vault, Window.hidden())
        for name in job["names"]:
            prepared = prepare(desk, errand_for(desk, add_request(vault, name)))
            approve(desk, prepared)
            digests[name] = prepared.digest
    line.say(done=True, digests=digests)


def account(job: Job, line: Line) -> None:
    """Tell, request by request, what the folder knows; first check that it is whole."""
    with opened(job) as vault:
        vault.audit()
        line.say(done=True, requests=[_known(vault, each) for each in vault.messages.list()])


def _known(vault: Vault, message: Message) -> Mapping[str, object]:
    given = vault.disclosures.for_message(message.id)
    return {
        "name": vault.subjects.get(message.subject_id).label.reveal(),
        "stands": message.delivery,
        "disclosed": sorted({row.field for row in given}),
        "proofs": len(vault.evidence.for_message(message.id)),
    }


# ---- filing ----


def file_everything(job: Job, line: Line) -> None:
    """File what is ready, one after another; be told first when to stop for good."""
    with window_for(job) as window:
        if job["by"] == "browser":
            warm_up(window, job)
        line.say(warm=True)
        go = line.hear()
        marks = Marks(line, go.get("stop_at", ""), go.get("times", 1))
        watch(marks, job)
        with opened(job) as vault:
            line.say(open=True)
            file_all(desk_with(job, vault, window), marks, go["digests"])
    line.say(done=True)


def window_for(job: Job) -> Window:
    """Return a hidden window; where nothing opens it, no browser need be looked for either."""
    return Window(may_show=False, executable=None if job["by"] == "browser" else Path("none"))


def warm_up(window: Window, job: Job) -> None:
    """Start the browser before the folder is opened: kills are for the filing."""
    with Fence(BROKER.hosts, resolver=PracticeResolver(job["places"])) as fence:
        context = window.background.wait(window.context_for(fence))
        window.background.wait(context.close())


def file_all(desk: Desk, marks: Marks, digests: Mapping[str, str]) -> None:
    """File what was said yes to, until nothing is ready any more; nobody is there to ask."""
    for _try in range(TRIES):
        left = desk.vault.messages.list(deliveries=(Delivery.READY, Delivery.FAILED))
        for message in left:
            marks.about = desk.vault.subjects.get(message.subject_id).label.reveal()
            file_message(desk, message.reference, digest=digests[marks.about])
            marks("end")


def push_everything(job: Job, line: Line) -> None:
    """Try to file everything again, whatever it stands at; tell how often that was refused."""
    refused = 0
    with opened(job) as vault, window_for(job) as window:
        desk = desk_with({**job, "says_yes": True}, vault, window)
        swap(file_request, run_leg=courier(job, Marks(line, "", 1)))
        for message in vault.messages.list():
            try:
                file_message(desk, message.reference)
            except (OutcomeUnknown, Refused):
                refused += 1
    line.say(done=True, refused=refused)


def watch(marks: Marks, job: Job) -> None:
    """Put a mark around each commit, each value, and the press."""
    swap(Outbox, begin=marked(Outbox.begin, marks, "A"))
    swap(RunningAttempt, sending=marked(RunningAttempt.sending, marks, "B"))
    for outcome in ("sent", "unknown", "failed", "ready_again"):
        commit = getattr(RunningAttempt, outcome)
        swap(RunningAttempt, **{outcome: marked(commit, marks, "C")})
    swap(evidence, open_database=half_made(open_database, marks))
    if job["by"] == "browser":
        watch_the_browser(marks)
    else:
        swap(file_request, run_leg=courier(job, marks))


def swap(place: object, **things: object) -> None:
    """Put other things into a module or class, in this worker only."""
    for name, thing in things.items():
        setattr(place, name, thing)


def marked(commit: Callable[..., Any], marks: Marks, name: str) -> Callable[..., Any]:
    def with_marks(*args: object, **named: object) -> object:
        marks(f"b4 {name}")
        result = commit(*args, **named)
        marks(name)
        return result

    return with_marks


def half_made(open_file: Callable[..., Any], marks: Marks) -> Callable[..., Any]:
    """Mark the moment in which a person's proof file is there, and holds no table yet."""

    def with_mark(*args: object, **named: object) -> object:
        file = open_file(*args, **named)
        if marks.about:  # not while rule R looks into it
            marks("proof")
        return file

    return with_mark


def watch_the_browser(marks: Marks) -> None:
    will_type, press, reference = Visit.will_type, submitting.press, submitting.reference

    def typing(visit: Visit, value: str, of: Field | None) -> None:
        marks("f")
        will_type(visit, value, of)

    async def pressing(button: Any, seconds: float) -> None:  # noqa: ANN401 - Playwright's own
        marks("p")
        await press(button, seconds)

    async def answered(visit: Visit, step: Any) -> str:  # noqa: ANN401 - passed on
        marks("P")
        return await reference(visit, step)

    swap(Visit, will_type=typing)
    swap(submitting, press=pressing, reference=answered)


def courier(job: Job, marks: Marks) -> Callable[..., LegOutcome]:
    """Return what delivers without a browser: the same values, posted to the same company."""
    place = job["places"][HOST]
    commits_late = job.get("without") == "commit B"

    def deliver(
        leg: Leg, payload: Payload, *, before_submit: Callable[[], None], **_more: object
    ) -> LegOutcome:
        del leg
        values = {box: payload.values[name].reveal() for name, box in BOXES.items()}
        for page in (("first", "last"), ("street", "city", "state", "zip"), ("email",)):
            marks("f")
            post(place, "/opt-out/step", {box: values[box] for box in page})
        if not commits_late:
            before_submit()
        marks("p")
        answer = post(place, "/opt-out/request", values)
        marks("P")
        if commits_late:
            before_submit()
        took = "Your request was received" in answer
        return LegOutcome(
            end=LegEnd.CONFIRMED if took else LegEnd.UNKNOWN,
            capture=answer.encode(),
            filled=tuple(payload.values),
        )

    return deliver


def post(place: Sequence[Any], path: str, values: Mapping[str, str]) -> str:
    """Post a form as a browser does, and return the page that comes back."""
    company = http.client.HTTPConnection(place[0], place[1], timeout=30)
    try:
        body = urllib.parse.urlencode(values)
        form = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"}
        company.request("POST", path, body, form)
        return company.getresponse().read().decode()
    finally:
        company.close()


# ---- controls: what the defences are good for ----


def switch_off(defence: str) -> None:
    """Take one defence away, in this worker only."""
    if defence == "rule R":
        swap(Outbox, recover=lambda _self: ())
    elif defence == "guard":
        for each in (messages, outbox):
            swap(each, move_together=unguarded)
        swap(file_request, _check_can_begin=lambda _errand: None)
    elif defence == "belief":
        swap(RunningAttempt, sent=doubting)


def unguarded(
    db: Database, message_ids: Collection[MessageId], _old: Delivery, new: Delivery
) -> None:
    """Move messages from wherever they stand."""
    for each in message_ids:
        db.change("UPDATE message SET delivery = :new WHERE id = :id", {"id": each, "new": new})


def doubting(attempt: RunningAttempt, *_what: object, **_more: object) -> None:
    """Call a success unknown: that program never files twice either, and is useless."""
    attempt.unknown("no-confirmation-seen")


def file_naively(job: Job, line: Line) -> None:
    """File from a list on which each request is ticked off: after sending it, or before."""
    line.say(warm=True)
    go = line.hear()
    marks = Marks(line, go.get("stop_at", ""), go.get("times", 1))
    line.say(open=True)
    for marks.about in unticked(Path(job["folder"])):
        with ticked_off(Path(job["folder"]), marks, first=job["by"] == "write first"):
            marks("p")
            name = marks.about
            values = {"first": name.title(), "last": "Sample", "email": f"{name}@example.com"}
            post(job["places"][HOST], "/opt-out/request", values)
            marks("P")
        marks("end")
    line.say(done=True)


@contextmanager
def ticked_off(folder: Path, marks: Marks, *, first: bool) -> Iterator[None]:
    if not first:
        yield
    marks("b4 C")
    with (folder / "ticked").open("a") as ticks:
        ticks.write(f"{marks.about}\n")
        ticks.flush()
        os.fsync(ticks.fileno())
    marks("C")
    if first:
        yield


def unticked(folder: Path) -> Sequence[str]:
    ticks = (folder / "ticked").read_text().split()
    return [name for name in (folder / "names").read_text().split() if name not in ticks]


JOBS: Final[Mapping[str, Callable[[Job, Line], None]]] = {
    "stock": stock,
    "file": file_everything,
    "file naively": file_naively,
    "push": push_everything,
    "account": account,
}


# ---- forking ----


def live(wire: socket.socket) -> None:
    """Do one job in a process group of its own, and end."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line = Line(wire)
    line.say(pid=os.getpid())
    try:
        job = line.hear()
        JOBS[job["job"]](job, line)
    except Exception:  # noqa: BLE001 - told to the one who started it
        with suppress(BrokenPipeError):
            line.say(error=traceback.format_exc())


def fork_for_each_wire(control: socket.socket) -> None:
    """Fork a worker for each socket that comes in; end when nobody is there any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need nobody to count them
    while True:
        _word, wires, _flags, _address = socket.recv_fds(control, 1, 1)
        if not wires:
            return
        if os.fork() == 0:
            control.close()
            os.set_inheritable(wires[0], False)  # noqa: FBT003 - the standard library's
            live(socket.socket(fileno=wires[0]))
            os._exit(0)
        os.close(wires[0])


if __name__ == "__main__":
    fork_for_each_wire(socket.socket(fileno=int(sys.argv[1])))
