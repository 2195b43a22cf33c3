"""The entry of the program: rules of the process first, then the language, then the command.

Errors are put into words only here: what happened, what is known, what to do next. Nobody
meets a stack trace; `OPTOUT_DEVELOPER=1` shows where in the code it was, never a value.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.main import get_group

from optout import __version__
from optout.cli import ctrl_c
from optout.cli.commands import Commands, Entry, LateGroup
from optout.cli.framework import UsageProblem, usage_error
from optout.cli.plain import for_stream, sentence, wants_plain
from optout.cli.session import Session, begin, session
from optout.cli.worst import worst_exit
from optout.errors import NeedsPerson, OptoutError, Refused
from optout.i18n import _
from optout.text import Text

INTERRUPTED = 130  # how typer reports Ctrl-C

LateGroup.sections.update(
    {
        _("Begin"): (
            Entry("demo", "demo", "Watch the whole road on made-up companies, in a minute."),
            Entry("start", "start", "Be guided, one question at a time."),
            Entry("web", "web", "Be guided on a page in your browser, on this computer only."),
            Entry("init", "vault", "Make the locked folder that remembers everything."),
            Entry("person", "person", "Say who you are, and what may be given to whom.", noun=True),
        ),
        _("Ask"): (
            Entry("scan", "scan", "Look which people-search sites show this person."),
            Entry("review", "scan", "Say which of the records found are this person."),
            Entry("plan", "plan", "See what to ask of whom, and what to leave alone."),
            Entry("request", "request", "Ask a company that is not in the catalog."),
            Entry("file", "file", "Look at a request, approve it, and send it."),
            Entry("letter", "letter", "Read, print and post a letter.", noun=True),
            Entry("confirm", "record", "Open the link or type the code that a company sent."),
        ),
        _("Afterwards"): (
            Entry("status", "status", "See where everything stands."),
            Entry("next", "status", "See what you can do now, and how long it takes."),
            Entry("due", "status", "See who must answer until when."),
            Entry("record", "record", "Write down what a company answered."),
            Entry("follow-up", "follow_up", "Remind, appeal or complain, when it is time."),
            Entry("reconcile", "record", "Say whether a request arrived."),
            Entry("report", "report", "Make one page about everything, to print."),
            Entry("exports", "exports", "See and delete the files that left the locked folder."),
        ),
        _("Look up"): (
            Entry("broker", "broker", "Look up companies: what they hold, how to ask.", noun=True),
            Entry("law", "law", "Look up laws and count their days.", noun=True),
            Entry("records", "records", "Ask public bodies who gets their records.", noun=True),
            Entry("match", "match", "See whether a listing is the person, and why."),
        ),
        _("For a clinic"): (
            Entry("clinic", "clinic", "Work for many clients: import, papers, print.", noun=True),
        ),
        _("Keep"): (
            Entry("vault", "vault", "Lock, back up, check or destroy the folder.", noun=True),
            Entry("shell", "shell", "Unlock once, then give several commands."),
            Entry("doctor", "doctor", "See what is wrong here, and how to mend it."),
        ),
    }
)

app = Commands(
    _("Ask data brokers to stop selling, to delete or to show your records. All on this computer."),
    cls=LateGroup,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"optout {__version__}")
        raise typer.Exit


@app.callback()
def _global_options(
    *,
    vault: Annotated[
        Path | None,
        typer.Option(
            "--vault", envvar="OPTOUT_VAULT", metavar="FOLDER", help=_("Use this locked folder.")
        ),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help=_("One fact a line: no tables, no colors."))
    ] = False,
    passphrase_fd: Annotated[
        int | None,
        typer.Option(
            "--passphrase-fd",
            metavar="NUMBER",
            help=_("Read the passphrase from this file descriptor."),
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=_("Show the version.")
        ),
    ] = False,
) -> None:
    begin(
        Session(
            folder=vault,
            plain=plain or wants_plain(sys.stdout),
            passphrase_fd=passphrase_fd,
            kept=session().kept,
        )
    )


_ANYWHERE: Final = {"--vault": 1, "--passphrase-fd": 1, "--plain": 0}  # option: its values


def global_options_first(args: list[str]) -> list[str]:
    """Move the global options to the front: people write them where they think of them."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(args)
    for word in words:
        if word == "--":
            return [*front, *rest, word, *words]
        if word.partition("=")[0] not in _ANYWHERE:
            rest.append(word)
            continue
        front.append(word)
        if _ANYWHERE[word.partition("=")[0]] and "=" not in word:
            front.extend(value for value in (next(words, None),) if value is not None)
    return [*front, *(rest or ["start"])]


def run() -> None:
    """Run the command line that this process was started with."""
    ctrl_c.hear()
    os.umask(0o077)  # whatever we write is ours alone
    for name in ("DEBUG", "PWDEBUG"):
        os.environ.pop(name, None)  # Playwright would print what is typed into forms
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old terminal shows ?, and goes on
    sys.exit(main(sys.argv[1:]))


def main(args: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = _run_typer(global_options_first(args))
        sys.stdout.flush()
    except OptoutError as error:
        code = report(error)
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the cursor may stand behind a question
        code = report(_stopped())
    except typer.Abort:
        code = report(NeedsPerson(Text("An answer is needed here, and nobody can give one.")))
    except BrokenPipeError:  # whoever read our output has seen enough
        _print_no_more()
        code = 1
    except OSError as error:
        _print_no_more()
        code = report(_from_system(error)) if error.errno in _SYSTEM else _surprise(error)
    except Exception as error:  # noqa: BLE001 - the one place where every error becomes words
        code = report(_stopped()) if ctrl_c.was_pressed() else _surprise(error)
    finally:
        closed = _close()
    return worst_exit((code, closed))


def _close() -> int:
    """Lock what is open. A full disk can still stop that, and then it is told like any error."""
    try:
        session().close()
    except OptoutError as error:
        return report(error)
    except OSError as error:
        return report(_from_system(error)) if error.errno in _SYSTEM else _surprise(error)
    return 0


def _print_no_more() -> None:
    """Let go of an output that takes nothing any more, so that the end is not an error again."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run_typer(args: list[str]) -> int:
    try:
        code = get_group(app).main(args, prog_name="optout", standalone_mode=False)
    except UsageProblem as error:
        print(usage_error(error), file=sys.stderr)
        return error.exit_code
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def report(error: OptoutError) -> int:
    """Say what happened, what is known and what to do next; return the exit code."""
    for text in (error.what, error.known, error.hint):
        if text is not None:
            print(for_stream(sentence(text), sys.stderr), file=sys.stderr)
    return error.exit_code


def _stopped() -> OptoutError:
    return Refused(
        Text("Stopped."),
        known=Text("What was kept before is still there. Answers that were not kept yet are gone."),
        hint=Text("Go on with the same command, or see where you stand: optout status"),
    )


_SYSTEM: Final = {
    errno.ENOSPC: Text("The disk is full."),
    errno.EDQUOT: Text("Your share of the disk is full."),
    errno.EROFS: Text("The disk can be read but not written."),
    errno.EACCES: Text("This file or folder may not be opened by you."),
    errno.EPERM: Text("This file or folder may not be changed by you."),
    errno.ENOENT: Text("A file or folder is not there."),
    errno.ENOTDIR: Text("A file stands where a folder should be."),
    errno.EISDIR: Text("A folder stands where a file should be."),
}


def _from_system(error: OSError) -> OptoutError:
    assert error.errno is not None
    return Refused(
        _SYSTEM[error.errno],
        known=Text("What was saved before is still there."),
        hint=Text("See what is wrong with: optout doctor"),
    )


def _surprise(error: Exception) -> int:
    """Say that this is our mistake. The message of the error is not shown: it may be personal."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = next((f for f in reversed(frames) if f"{os.sep}optout{os.sep}" in f.filename), None)
    where = f"{Path(place.filename).name}:{place.lineno}" if place else "?"
    code = report(
        Refused(
            Text("Something went wrong inside the program. This is our mistake, not yours."),
            known=Text("What was saved before is still there. To be sure: optout status"),
            hint=Text(
                "You can report this line, nothing in it is about you: {line}",
                line=f"optout {__version__} {type(error).__name__} {where}",
            ),
        )
    )
    if os.environ.get("OPTOUT_DEVELOPER"):
        for frame in frames:
            print(f"  {frame.filename}:{frame.lineno} {frame.name}", file=sys.stderr)
    return code
