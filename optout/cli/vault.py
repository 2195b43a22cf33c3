"""`optout init` and `optout vault`: the locked folder and its keys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.output import emit, facts, show, table
from optout.cli.session import session
from optout.errors import Refused
from optout.i18n import _
from optout.text import Text

if TYPE_CHECKING:
    from optout.model.subject import Subject
    from optout.vault.keys import Slot

app = Commands()
noun = Commands(_("Lock, back up, check or destroy the folder."))


class KeyAction(StrEnum):
    """What to do with the ways into the folder."""

    LIST = "list"
    ADD_PASSPHRASE = "add-passphrase"  # noqa: S105 - a word of the command line
    ADD_KEYRING = "add-keyring"
    NEW_CODE = "new-code"
    REMOVE = "remove"
    PROVE_CODE = "prove-code"
    ROTATE = "rotate"
    NAME = "name"


@app.command(example="optout init\noptout init --vault ~/my-folder")
def init() -> None:
    """Make the locked folder that remembers everything, and choose how it opens.

    A passphrase, or this computer's own key store if nobody else uses the computer. A recovery
    code is shown once: write it on paper.
    """
    from optout.workflows.make_vault import make_vault

    here = session()
    folder = here.vault_folder()
    make_vault(folder, here.person(), here.clock, here.actor).close()
    show(Text("The locked folder is here: {folder}", folder=folder))
    show(Text("Next: optout person add"))


@noun.command("info", example="optout vault info")
def show_vault(*, json: Json = False) -> None:
    """Show where the folder is, how it opens, and how much it holds."""
    vault = session().unlock()
    known = {
        "folder": vault.folder,
        "opens_with": [slot.kind for slot in vault.keys.list()],
        "people": len(vault.subjects.list()),
        "requests": dict(vault.requests.tally()),
        "messages": dict(vault.messages.tally()),
        "rolled_back": vault.rolled_back,
    }
    if json:
        emit(known)
        return
    facts(
        (
            (Text("Locked folder"), str(vault.folder)),
            (Text("Opens with"), ", ".join(slot.kind for slot in vault.keys.list())),
            (Text("People"), len(vault.subjects.list())),
            (Text("Requests"), sum(vault.requests.tally().values())),
        )
    )


@noun.command(example="optout vault lock")
def lock() -> None:
    """Take the key out of this computer's key store: from then on the passphrase is needed.

    With a passphrase there is nothing to lock: the key is gone whenever a command ends.
    """
    here = session()
    vault = here.unlock()
    if not vault.keys.uses_keyring():
        show(Text("It is locked: the key is gone whenever a command ends."))
        return
    if not any(slot.kind == "passphrase" for slot in vault.keys.list()):
        show(Text("Type the recovery code first, so that you are not locked out."))
        vault.keys.confirm_recovery_code(here.person().ask_secret(Text("Recovery code")))
    vault.keys.lock()
    show(Text("Locked. The next command asks for your passphrase or recovery code."))


@noun.command(example="optout vault backup ~/usb-stick")
def backup(
    to: Annotated[Path, typer.Argument(metavar="PLACE", help=_("A folder, or a new file."))],
) -> None:
    """Write an encrypted copy; it opens with the same passphrase or recovery code."""
    from optout.vault.backup import backup as write

    path = write(session().unlock(), to.expanduser())
    show(Text("Written, and opened once to be sure: {path}", path=path))
    show(Text("Copying the folder by hand is not a backup: use this command."))


@noun.command(example="optout vault restore ~/usb-stick/copy.backup --vault ~/new-folder")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A file from: vault backup"))],
) -> None:
    """Make a locked folder from a backup. What was not sent then may have been sent since.

    So everything that was waiting is marked: we do not know. Nothing is sent by itself.
    """
    from optout.vault.backup import restore as bring_back

    here = session()
    restored = bring_back(
        file.expanduser(),
        here.vault_folder(),
        clock=here.clock,
        actor=here.actor,
        passphrase=here.person().asks_passphrase(Text("Passphrase or recovery code")),
        tries=here.person().passphrase_tries(),
    )
    restored.vault.close()
    show(Text("The locked folder is here: {folder}", folder=here.vault_folder()))
    if restored.doubted:
        show(
            Text(
                "{count} messages were waiting when the copy was made. Look at each before you "
                "send it again: optout next",
                count=restored.doubted,
            )
        )


@noun.command(example="optout vault audit\noptout vault audit --json")
def audit(*, json: Json = False) -> None:
    """Check every page, every proof and the whole history of the folder.

    The chain shows accidents and careless edits. It cannot show a forger who has the key.
    """
    vault = session().unlock()
    found = vault.audit()
    if json:
        emit({"events": found.events, "sound": True, "rolled_back": vault.rolled_back})
        return
    show(Text("Everything is as it was written: {count} events, in one chain.", count=found.events))


@noun.command(
    example="optout vault key list\noptout vault key add-passphrase\n"
    'optout vault key add-passphrase --for "Sam Example"\noptout vault key rotate'
)
def key(
    action: Annotated[KeyAction, typer.Argument(metavar="ACTION", help=_("What to do."))],
    *,
    slot: Annotated[
        str,
        typer.Option("--id", metavar="ID", help=_("Which one to remove or name, from: key list")),
    ] = "",
    whose: Annotated[
        str, typer.Option("--for", metavar="NAME", help=_("Whose passphrase it is, in an office."))
    ] = "",
    json: Json = False,
) -> None:
    """See and change what opens the folder.

    ACTION is one of: list, add-passphrase, add-keyring, new-code, prove-code (type the recovery
    code back, so that we know you have it), name, remove, rotate. `rotate`
    encrypts everything anew; only the passphrases you type then open it.
    In an office each passphrase is somebody's (--for NAME), and the history says who did what;
    `remove` encrypts everything anew.
    """
    here = session()
    vault = here.unlock()
    if action is KeyAction.ADD_PASSPHRASE:
        from optout.workflows.make_vault import ask_new_passphrase, name_for_key

        whose = name_for_key(vault, whose)
        vault.keys.add_passphrase(ask_new_passphrase(here.person()), whose)
    elif action is KeyAction.NAME:
        from optout.workflows.make_vault import name_for_key

        vault.keys.set_label(slot, name_for_key(vault, whose))
    elif action is KeyAction.ADD_KEYRING:
        vault.keys.add_keyring()
    elif action is KeyAction.NEW_CODE:
        from optout.workflows.make_vault import show_recovery_code

        show_recovery_code(here.person(), vault.keys.add_recovery_code())
    elif action is KeyAction.PROVE_CODE:
        vault.keys.confirm_recovery_code(here.person().ask_secret(Text("Recovery code")))
    elif action is KeyAction.REMOVE:
        from optout.workflows.make_vault import remove_key

        if remove_key(vault, here.person(), slot):
            return
    elif action is KeyAction.ROTATE:
        from optout.workflows.make_vault import rotate_key

        rotate_key(vault, here.person())
        return
    _show_keys(vault.keys.list(), vault.subjects.list(), as_json=json)


def _show_keys(slots: tuple[Slot, ...], people: tuple[Subject, ...], *, as_json: bool) -> None:
    from optout.workflows.desk import day_among

    if as_json:
        emit(slots)
        return
    table(
        (Text("ID"), Text("Opens with"), Text("Whose"), Text("Since")),
        ((s.id, s.kind, s.label, day_among(people, s.added_at)) for s in slots),
    )


@noun.command(example="optout vault destroy")
def destroy() -> None:
    """Delete the locked folder for good: keys first, then everything else.

    Backups elsewhere, exported files and paper are not touched.
    """
    from optout.vault.destroy import destroy as delete

    here = session()
    folder = here.vault_folder()
    if not here.person().type_word(
        Text("This deletes {folder} and everything in it. It cannot be undone.", folder=folder),
        Text("destroy"),
    ):
        raise Refused(Text("Nothing was deleted."))
    delete(folder)
    show(Text("Gone. Backups elsewhere and files you exported are still there."))
