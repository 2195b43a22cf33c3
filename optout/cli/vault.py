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
from optout.text import Counted, Text

if TYPE_CHECKING:
    from optout.cli.terminal import Terminal
    from optout.model.subject import Subject
    from optout.vault.keys import Slot
    from optout.vault.vault import Vault

app = Commands()
noun = Commands(_("Lock, back up, check or destroy the folder."))

_IS_LOCKED = Text("Locked. The next command asks for your passphrase or recovery code.")
_ALWAYS_LOCKED = Text("It is locked: the key is gone whenever a command ends.")


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
            (Text("Opens with"), Text("{ways}", ways=_ways(vault.keys.list()))),
            (Text("People"), len(vault.subjects.list())),
            (Text("Requests"), sum(vault.requests.tally().values())),
        )
    )


@noun.command(example="optout vault lock")
def lock() -> None:
    """Close the page, and take the key out of this computer's key store.

    From then on the passphrase is needed. Where it is typed each time there is no key to take out:
    it is gone whenever a command ends.
    """
    from optout.vault.folder import read_folder, say_locked

    here = session()
    say_locked(read_folder(here.vault_folder()).path)
    show(Text("A page that shows this folder closes within a few seconds."))
    vault = here.unlock()
    if here.kept:
        here.kept.forget()
    if not vault.keys.uses_keyring():
        show(_IS_LOCKED if here.kept else _ALWAYS_LOCKED)
        return
    if not any(slot.kind == "passphrase" for slot in vault.keys.list()):
        show(Text("Type the recovery code first, so that you are not locked out."))
        vault.keys.confirm_recovery_code(here.person().ask_secret(Text("Recovery code")))
    vault.keys.lock()
    show(_IS_LOCKED)


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
            Counted(
                "1 message was waiting when the copy was made. Look at it before you "
                "send it again: optout next",
                "{count} messages were waiting when the copy was made. Look at each before you "
                "send it again: optout next",
                count=restored.doubted,
            )
        )


@noun.command(example="optout vault audit\noptout vault audit --last 20\noptout vault audit --json")
def audit(
    *,
    last: Annotated[
        int,
        typer.Option("--last", metavar="N", help=_("Show the newest N entries: when, who, what.")),
    ] = 0,
    json: Json = False,
) -> None:
    """Check every page, every proof and the whole history of the folder.

    The chain shows accidents and careless edits. It cannot show a forger who has the key. An
    entry holds no name of a client; with --json it has a code instead of words.
    """
    vault = session().unlock()
    found = vault.audit()
    newest = vault.events.list(after=max(0, found.events - last)) if last > 0 else ()
    if json:
        told = [{"at": e.at, "actor": e.actor, "code": e.code, "ids": e.ids} for e in newest]
        sound = {"events": found.events, "sound": True, "rolled_back": vault.rolled_back}
        emit({**sound, "newest": told} if last else sound)
        return
    if newest:
        from optout.workflows.history_words import said_event

        table(
            (Text("When"), Text("Who"), Text("What")),
            ((f"{each.at:%Y-%m-%d %H:%M} UTC", each.actor, said_event(each)) for each in newest),
        )
    show(
        Counted(
            "Everything is as it was written: 1 event, in one chain.",
            "Everything is as it was written: {count} events, in one chain.",
            count=found.events,
        )
    )


@noun.command(
    example="optout vault key list\noptout vault key add-passphrase\n"
    'optout vault key add-passphrase --for "Sam Example"\n'
    'optout vault key remove --for "Sam Example"\noptout vault key rotate'
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
    `remove` encrypts everything anew. With four eyes a second person types theirs before a
    passphrase is added or gets a name.
    """
    here = session()
    vault = here.unlock()
    if action is KeyAction.ADD_PASSPHRASE:
        from optout.workflows.make_vault import ask_new_passphrase, ask_same_person, name_for_key

        whose = name_for_key(vault, whose)
        ask_same_person(vault, here.person(), whose)
        _ask_second_person(vault, here.person())
        vault.keys.add_passphrase(ask_new_passphrase(here.person()), whose)
    elif action is KeyAction.NAME:
        from optout.workflows.make_vault import ask_same_person, key_to_name, name_for_key

        named, whose = key_to_name(vault, slot), name_for_key(vault, whose)
        ask_same_person(vault, here.person(), whose)
        _ask_second_person(vault, here.person())
        vault.keys.set_label(named, whose)
    elif action is KeyAction.ADD_KEYRING:
        vault.keys.add_keyring()
    elif action is KeyAction.NEW_CODE:
        from optout.workflows.make_vault import show_recovery_code

        show_recovery_code(here.person(), vault.keys.add_recovery_code())
    elif action is KeyAction.PROVE_CODE:
        vault.keys.confirm_recovery_code(here.person().ask_secret(Text("Recovery code")))
        show(Text("That is it: this code opens the locked folder. Keep the paper where it was."))
        return
    elif action is KeyAction.REMOVE:
        from optout.workflows.make_vault import remove_key, which_key

        if remove_key(vault, here.person(), which_key(vault, slot, whose)):
            return
    elif action is KeyAction.ROTATE:
        from optout.workflows.make_vault import rotate_key

        rotate_key(vault, here.person())
        return
    _show_keys(vault.keys.list(), vault.subjects.list(), as_json=json)


def _ask_second_person(vault: Vault, person: Terminal) -> None:
    """Let nobody give themselves a second name, where an office wants four eyes."""
    from optout.workflows.clinic import clinic_of
    from optout.workflows.second_person import ask_second_person

    clinic = clinic_of(vault)
    ask_second_person(vault, person, four_eyes=clinic is not None and clinic.four_eyes)


def _ways(slots: tuple[Slot, ...]) -> tuple[Text, ...]:
    from optout.workflows.history_words import KEY_KINDS

    return tuple(KEY_KINDS[slot.kind] for slot in slots)


def _show_keys(slots: tuple[Slot, ...], people: tuple[Subject, ...], *, as_json: bool) -> None:
    from optout.workflows.desk import day_among

    if as_json:
        emit(slots)
        return
    opens_with = _ways(slots)
    table(
        (Text("ID"), Text("Opens with"), Text("Whose"), Text("Since")),
        (
            (slot.id, way, slot.label, day_among(people, slot.added_at))
            for slot, way in zip(slots, opens_with, strict=True)
        ),
    )


@noun.command(example="optout vault destroy")
def destroy() -> None:
    """Delete the locked folder for good: keys first, then everything else.

    Backups elsewhere, exported files and paper are not touched. Not while your lawyer holds a
    client's file in it (optout clinic hold).
    """
    from optout.vault.destroy import check_not_held
    from optout.vault.destroy import destroy as delete

    here = session()
    here.check_is_there()
    folder = here.vault_folder()
    check_not_held(folder)
    if not here.person().type_word(
        Text("This deletes {folder} and everything in it. It cannot be undone.", folder=folder),
        Text("destroy"),
    ):
        raise Refused(Text("Nothing was deleted."))
    delete(folder)
    show(Text("Gone. Backups elsewhere and files you exported are still there."))
