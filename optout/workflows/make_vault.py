"""Make the locked folder: one question about this computer, one key, one recovery code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.ports import Clock, Person
from optout.model.secret import Secret
from optout.text import Text
from optout.vault.create import check_place, create_vault
from optout.vault.keyring_slot import trusted_keyring
from optout.vault.passphrase import check_passphrase, propose_passphrase
from optout.vault.recovery import as_written
from optout.vault.vault import Vault
from optout.workflows.clinic import check_responsible, clinic_of

TRIES = 5


def make_vault(folder: Path, person: Person, clock: Clock, actor: str) -> Vault:
    """Create a locked folder with the key the person chose; nothing else is stored yet."""
    check_place(folder)  # before anybody thinks of a passphrase for nothing
    shared = person.confirm(Text("Does anyone else use this computer?"), default=True)
    use_keyring = not shared and _wants_keyring(person)
    passphrase = None if use_keyring else ask_new_passphrase(person)
    made = create_vault(
        folder, clock=clock, actor=actor, passphrase=passphrase, use_keyring=use_keyring
    )
    try:
        show_recovery_code(person, made.recovery_code)
    except BaseException:
        made.vault.close()
        raise
    return made.vault


def _wants_keyring(person: Person) -> bool:
    """Offer the system's key store only where a real one answers."""
    name = trusted_keyring()
    if name is None:
        return False
    return person.confirm(
        Text(
            "Keep the key in this computer's own key store ({name})? Then nothing needs to be "
            "typed, but any program you run as yourself can read it. No means: a passphrase.",
            name=name,
        )
    )


def ask_new_passphrase(person: Person) -> Secret[str]:
    """Ask for a passphrase twice; offer one of five words."""
    person.tell(
        Text(
            "Choose a passphrase: at least 12 characters, longer is better. One you could use, "
            "made by chance: {words}",
            words=propose_passphrase().reveal(),
        )
    )
    for _try in range(TRIES):
        first = person.ask_secret(Text("Passphrase"))
        try:
            check_passphrase(first)
        except WrongUsage as error:
            person.tell(error.what)
            continue
        if person.ask_secret(Text("The same again")) == first:
            return first
        person.tell(Text("The two are not the same."))
    raise NeedsPerson(
        Text("No passphrase was chosen."),
        known=Text("Nothing was created."),
        hint=Text("Try again when you have time: optout init"),
    )


def show_recovery_code(person: Person, code: Secret[str]) -> None:
    """Show the code once, and ask for its end: it opens the folder when the passphrase is lost.

    Whoever cannot type it goes on all the same, and is told how to make another one.
    """
    person.tell(
        Text(
            "Your recovery code: {code}\nWrite it on paper and keep it away from this computer. "
            "It is shown only now. Without it and without the passphrase nobody can open this "
            "folder: not you, and not us.",
            code=code.reveal(),
        )
    )
    try:
        written = _type_last_group(person, code.reveal())
    except KeyboardInterrupt:
        raise Refused(
            Text("Stopped. The locked folder is there all the same."),
            known=Text("Nothing is lost, and nothing was sent."),
            hint=Text("If the code is not on paper, make another: optout vault key new-code"),
        ) from None
    if not written:
        person.tell(
            Text(
                "We do not know whether you have the code. If you have not, make another one: "
                "optout vault key new-code"
            )
        )


def _type_last_group(person: Person, code: str) -> bool:
    """Ask for the last letters of the code, as they stand on the paper."""
    wanted = code.rpartition("-")[2]
    try:
        for _try in range(TRIES):
            typed = person.ask(
                Text(
                    "When it is on paper, type its last {count} letters and numbers from there",
                    count=len(wanted),
                )
            )
            if as_written(typed).endswith(wanted):
                return True
            person.tell(
                Text("That is not the end of the code. Here it is once more: {code}", code=code)
            )
    except NeedsPerson:  # nobody is at the keyboard any more; the folder is made
        pass
    return False


def rotate_key(vault: Vault, person: Person) -> None:
    """Encrypt everything under a new key; what is typed here opens it, nothing else does."""
    _rotate(vault, person, _ask_kept(person))


def _ask_kept(person: Person) -> list[Secret[str]]:
    kept: list[Secret[str]] = []
    while True:
        kept.append(person.ask_secret(Text("A passphrase (or the recovery code) that shall stay")))
        if not person.confirm(Text("Another one that shall stay?")):
            return kept


def _rotate(vault: Vault, person: Person, kept: Sequence[Secret[str]]) -> None:
    rotated = vault.keys.rotate(kept)
    for slot in rotated.dropped:
        if slot.label:
            person.tell(Text("Whose passphrase opens it no longer: {name}.", name=slot.label))
    if rotated.recovery_code is not None:
        show_recovery_code(person, rotated.recovery_code)
    person.tell(
        Text("Done. Old backups still open with the old passphrases: delete those you do not need.")
    )


def name_for_key(vault: Vault, name: str) -> str:
    """Return whose passphrase one shall be: in an office it is always somebody's by name."""
    clinic = clinic_of(vault)
    if clinic is None:
        return " ".join(name.split())
    if not name.strip():
        raise WrongUsage(
            Text("In an office each passphrase is somebody's by name."),
            known=Text("Nothing was changed."),
            hint=Text("Say whose, with: --for NAME"),
        )
    return check_responsible(clinic, name)


def ask_same_person(vault: Vault, person: Person, name: str) -> None:
    """Let a name that the history knows stay one person's: somebody else needs another name."""
    has_key = any(slot.label == name for slot in vault.keys.list())
    if not name or not (has_key or vault.events.has_actor(name)):
        return
    if person.confirm(
        Text(
            "The history of this folder says already what {name} did. Is it the same person?",
            name=name,
        )
    ):
        return
    raise Refused(
        Text("One name for two people: afterwards nobody could tell who did what."),
        known=Text("Nothing was changed."),
        hint=Text(
            "Give this one a name that differs, with a second name or a letter, and name all of "
            "you: optout clinic start --responsible NAME --responsible NAME"
        ),
    )


def key_to_name(vault: Vault, slot_id: str) -> str:
    """Return the ID of the key that gets a name: the one that was given, else the one without."""
    unnamed = [s.id for s in vault.keys.list() if s.kind == "passphrase" and not s.label]
    if not slot_id and len(unnamed) == 1:
        return unnamed[0]
    return which_key(vault, slot_id)


def which_key(vault: Vault, slot_id: str, whose: str = "") -> str:
    """Return the ID of the one key that is meant, by its ID or by whose it is."""
    name = " ".join(whose.split()).casefold()
    found = [
        slot.id
        for slot in vault.keys.list()
        if (slot.id == slot_id if slot_id else name and slot.label.casefold() == name)
    ]
    if len(found) == 1:
        return found[0]
    raise WrongUsage(
        Text("No passphrase here is {name}'s.", name=" ".join(whose.split()))
        if name and not slot_id and not found
        else Text("It is not clear which key you mean."),
        known=Text("Nothing was changed."),
        hint=Text("Give its ID with --id. See them all: optout vault key list"),
    )


def remove_key(vault: Vault, person: Person, slot_id: str) -> bool:
    """Take one way in away; in an office encrypt everything anew, and return that it was.

    Then a copy of the old key is worth nothing, and the folder is closed.
    """
    if clinic_of(vault) is None:
        vault.keys.remove(slot_id)
        return False
    person.tell(
        Text(
            "Somebody leaves, so everything is encrypted anew. Type every passphrase that shall "
            "stay. Whoever is not here gets a new one afterwards. Old backups still open with the "
            "old passphrases: delete those you do not need."
        )
    )
    kept = _ask_kept(person)  # first: who stops here has changed nothing
    vault.keys.remove(slot_id)
    try:
        _rotate(vault, person, kept)
    except Refused as error:
        raise Refused(
            error.what,
            known=Text("That passphrase opens nothing any more. The rest is as it was."),
            hint=Text("Encrypt everything anew with: optout vault key rotate"),
        ) from None
    return True
