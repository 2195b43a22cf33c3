"""Files that left the locked folder: written, listed, warned about, deleted."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from optout.errors import OptoutError, Refused
from optout.i18n import say
from optout.model.record import Export
from optout.model.secret import Personal, Secret
from optout.model.subject import SubjectId
from optout.text import Text, as_written
from optout.vault.ids import new_id, new_reference
from optout.workflows.desk import Desk, instant

CLIENT_FILE = "client file"  # what a closed file is called in the list
_KINDS = (
    Text("letter"),
    Text("mail"),
    Text("reading copy"),
    Text("cover sheet"),
    Text("signed paper"),
    Text("letters to print"),
    Text("envelopes"),
    Text("labels"),
    Text("mailing list"),
    Text("paper"),
    Text("plan"),
    Text("report"),
    Text("summary"),
    Text("proof"),
    Text("picture"),
    Text("dates"),
    Text("receipt"),
    Text("client file"),
    Text("answers form"),
    Text("names"),
)
PAGE = Text("page")  # what the picture of one is called
_NAME_NOBODY = frozenset({"summary", "dates", "receipt"})

# Folders that a cloud program copies elsewhere: known by the names their makers give them.
SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "nextcloud", "box sync")
SYNCED_PATHS = ("library/mobile documents", "library/cloudstorage")


def file_name(what: Text, number: str, suffix: str) -> str:
    """Return the name of a paper: what it is, in the reader's language, and its number.

    Neither person, company nor purpose: whoever sees the folder learns nothing from it.
    """
    return f"{say(what)}-{number}{suffix}" if number else f"{say(what)}{suffix}"


def code_of(whose: SubjectId) -> str:
    """Return what stands for a person in a file's name, and tells nobody who it is.

    A newer page of theirs takes the place of the older one; of nobody else's.
    """
    return hashlib.sha256(whose.encode()).hexdigest()[:8]


def what_it_is(export: Export) -> Text:
    """Return what a file is, to be said: the folder keeps the English words."""
    return next((each for each in _KINDS if each.template == export.what), as_written(export.what))


def write_export(
    desk: Desk,
    name: str,
    what: str,
    content: bytes,
    *,
    place_is_checked: bool = False,
    about: SubjectId | None = None,
) -> Path:
    """Write a file for its owner only, and list it in the folder.

    Of a file `about` one person, erasing another says nothing. The row is written first: a file
    that exists is always listed. A file that was there before and is not on the list is somebody's
    own: it is left as it is.
    """
    if not place_is_checked:
        check_place(desk, len(content))
    path = (desk.out_folder / name).resolve()
    _listed(desk, path, NewFile(name=name, what=what, content=content, about=about))
    try:
        _write_private(path, content)
    except OSError as error:
        raise _cannot_write(path.parent, error) from None
    return path


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewFile(Personal):
    """A file to be written: its name, what it is, and whom it is `about` where it is one person."""

    name: str
    what: str
    content: bytes
    about: SubjectId | None = None


@contextmanager
def written_together(desk: Desk, files: Iterable[NewFile]) -> Iterator[tuple[Path, ...]]:
    """Write files that count only together: they get their names when the block ends well.

    Before the block they are whole and on the disk, so that a full one is found before it. A run
    that is killed leaves names that nothing opens.
    """
    written: list[WrittenAside] = []
    try:
        for new in files:
            written.append(_write_aside(desk, new))  # noqa: PERF401 - known when the next one fails
        yield tuple(each.path for each in written)
    except OptoutError:
        for each in written:
            give_up(desk, each)
        raise
    for each in written:
        put_in_place(each)


@dataclass(frozen=True, slots=True)
class WrittenAside:
    """A listed file that was written under another name first: nobody takes it for finished."""

    export: Export

    @property
    def path(self) -> Path:
        """Return the name it gets in the end."""
        return Path(self.export.path.reveal())

    @property
    def aside(self) -> Path:
        """Return the name it has until then."""
        return self.path.with_name(f"{self.path.name}.part")

    def is_there(self) -> bool:
        """Say whether the file is there, under either name."""
        return self.path.exists() or self.aside.exists()

    def is_whole(self) -> bool:
        """Say whether it is, to the last byte, what was to be written."""
        return hashlib.sha256(self.aside.read_bytes()).hexdigest() == self.export.sha256

    def drop(self) -> None:
        """Delete what was never finished, if it is there."""
        self.aside.unlink(missing_ok=True)


def _write_aside(desk: Desk, new: NewFile) -> WrittenAside:
    """List a file and write it, whole and on the disk, under a name that nothing opens yet."""
    path = (desk.out_folder / new.name).resolve()
    written = WrittenAside(_listed(desk, path, new))
    try:
        _write_private(written.aside, new.content, durably=True)
    except OSError as error:
        give_up(desk, written)
        raise _cannot_write(path.parent, error) from None
    return written


def give_up(desk: Desk, written: WrittenAside) -> None:
    """Delete a file that was written aside: what it was for did not come about."""
    with suppress(OSError, OptoutError):
        written.drop()
        desk.vault.exports.mark_deleted(written.export.id, at=instant(desk.clock))


def put_in_place(written: WrittenAside) -> None:
    """Give a file that was written aside its name."""
    written.aside.replace(written.path)


def still_aside(desk: Desk) -> tuple[WrittenAside, ...]:
    """Return the files that a run which was cut short left without their names."""
    newest: dict[Path, WrittenAside] = {}
    for export in desk.vault.exports.list(still_there=True):
        written = WrittenAside(export)
        if written.aside.exists():
            newest.setdefault(written.path, written)
    return tuple(newest.values())


def _listed(desk: Desk, path: Path, new: NewFile) -> Export:
    """Put a file on the list before it is written: one that exists is always listed."""
    _check_is_ours(desk, path, new.content)
    export = Export(
        id=new_id(),
        path=Secret(str(path)),
        what=new.what,
        sha256=hashlib.sha256(new.content).hexdigest(),
        at=instant(desk.clock),
    )
    desk.vault.exports.add(export, subject_id=new.about)
    return export


def _check_is_ours(desk: Desk, path: Path, content: bytes) -> None:
    if not path.exists() or _is_as_written(desk, path, content):
        return
    raise Refused(
        Text("There is a file of that name already, and it is not from here: {path}", path=path),
        known=Text("It was left as it is. Nothing was written."),
        hint=Text("Choose another folder or name, or move that file away."),
    )


def _is_as_written(desk: Desk, path: Path, content: bytes) -> bool:
    """Say whether a file is still what was written here, or a torn piece of it.

    A name that became free can be taken by a file of somebody's own.
    """
    listed = desk.vault.exports.list(still_there=True)
    ours = {one.sha256 for one in listed if one.path.reveal() == str(path)}
    try:
        there = path.read_bytes() if ours else b""
    except OSError:
        return False
    return bool(ours) and (content.startswith(there) or hashlib.sha256(there).hexdigest() in ours)


def check_place(desk: Desk, size: int) -> None:
    """Refuse a folder that cannot take a file of that size; ask about a cloud folder.

    Called before a paper counts as given to the person: then it can be written, too.
    """
    folder = desk.out_folder.resolve()
    if folder.is_relative_to(desk.vault.place.path.resolve()):
        raise Refused(
            Text("This is the locked folder itself, and the file would not be locked."),
            known=Text("Nothing was written or sent."),
            hint=Text("Choose another place with: --to FOLDER"),
        )
    if is_synced(folder):
        _ask_about_cloud(desk, folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(size))
    except OSError as error:
        raise _cannot_write(folder, error) from None


def _ask_about_cloud(desk: Desk, folder: Path) -> None:
    desk.person.tell(
        Text("This folder is copied to the cloud by another program: {folder}", folder=folder)
    )
    if not desk.person.confirm(Text("Write the file there all the same?")):
        raise Refused(
            Text("The file was not written."), hint=Text("Choose another place with: --to FOLDER")
        )


def _cannot_write(folder: Path, error: OSError) -> Refused:
    return Refused(
        Text(
            "The file could not be written to {folder} ({why}).",
            folder=folder,
            why=error.strerror or "",
        ),
        known=Text("Nothing is lost, and nothing was sent."),
        hint=Text("Choose another place with: --to FOLDER"),
    )


def save_picture(desk: Desk, picture: bytes) -> Path:
    """Write a picture of a page where the person can see it, listed as an export."""
    name = file_name(PAGE, new_reference(), ".jpg")
    return write_export(desk, name, "picture", picture)


def _write_private(path: Path, content: bytes, *, durably: bool = False) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        path.chmod(0o600)  # a file of that name may have been there, open to others
        file.write(content)
        if durably:
            file.flush()
            os.fsync(file.fileno())


def write_new(path: Path, content: bytes) -> None:
    """Write a file for its owner only, where nothing stands yet; `OSError` where something does."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)


def is_synced(path: Path) -> bool:
    """Say whether a path looks like a folder that a cloud program copies."""
    lowered = str(path).lower()
    parts = {part.lower() for part in path.parts}
    return any(name in part for part in parts for name in SYNCED) or any(
        name in lowered for name in SYNCED_PATHS
    )


def by_folder(
    exports: Iterable[Export], *, there: bool
) -> tuple[tuple[Path, tuple[str, ...]], ...]:
    """Return the files that can hold somebody, by folder: those still there, or those that went."""
    found: dict[Path, dict[str, None]] = {}
    for written in (WrittenAside(each) for each in exports if each.what not in _NAME_NOBODY):
        if written.is_there() is there:
            found.setdefault(written.path.parent, {})[written.path.name] = None
    return tuple((folder, tuple(names)) for folder, names in found.items())


def list_exports(desk: Desk) -> tuple[tuple[Export, bool], ...]:
    """Return every file once and whether it is still there, newest first."""
    newest: dict[str, Export] = {}
    for export in desk.vault.exports.list():
        newest.setdefault(export.path.reveal(), export)
    return tuple((export, WrittenAside(export).is_there()) for export in newest.values())


def held_back(desk: Desk) -> tuple[Export, ...]:
    """Return the files that stay while a hold is on a client: about them, or of several people."""
    held = {each.subject_id for each in desk.vault.matters.list() if each.hold}
    return desk.vault.exports.may_be_about(held) if held else ()


def delete_exports(
    desk: Desk, only: Container[Path] | None = None
) -> tuple[int, tuple[Export, ...]]:
    """Delete the listed files; return how many went and which could not be deleted.

    What a hold keeps is left as it is.
    """
    gone, stuck = 0, []
    kept = {each.path.reveal() for each in held_back(desk)}
    for export in desk.vault.exports.list():
        if only is not None and Path(export.path.reveal()) not in only:
            continue
        path = Path(export.path.reveal())
        if str(path) in kept:
            continue
        try:
            gone += path.exists()
            path.unlink(missing_ok=True)
            WrittenAside(export).drop()
            desk.vault.exports.mark_deleted(export.id, at=instant(desk.clock))
        except OSError:
            stuck.append(export)
    return gone, tuple(stuck)
