"""Files that left the locked folder: written, listed, warned about, deleted."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from optout.errors import OptoutError, Refused
from optout.model.record import Export
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text
from optout.vault.ids import new_id, new_reference
from optout.workflows.desk import Desk, instant

# Folders that a cloud program copies elsewhere: known by the names their makers give them.
SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "nextcloud", "box sync")
SYNCED_PATHS = ("library/mobile documents", "library/cloudstorage")


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
    _check_is_ours(desk, path, content)
    export = Export(
        id=new_id(),
        path=Secret(str(path)),
        what=what,
        sha256=hashlib.sha256(content).hexdigest(),
        at=instant(desk.clock),
    )
    desk.vault.exports.add(export, subject_id=about)
    try:
        _write_private(path, content)
    except OSError as error:
        raise _cannot_write(path.parent, error) from None
    return path


@dataclass(frozen=True, slots=True)
class WrittenAside:
    """A listed file that was written under another name first: nobody takes it for finished."""

    export: Export

    @classmethod
    def of(cls, export: Export) -> WrittenAside:
        """Return the file that an entry of the list is about."""
        return cls(export)

    @property
    def path(self) -> Path:
        """Return the name it gets in the end."""
        return Path(self.export.path.reveal())

    @property
    def aside(self) -> Path:
        """Return the name it has until then."""
        return self.path.with_name(f"{self.path.name}.part")

    def is_waiting(self) -> bool:
        """Say whether it did not get its name yet."""
        return self.aside.exists() and not self.path.exists()

    def is_whole(self) -> bool:
        """Say whether it is, to the last byte, what was to be written."""
        return hashlib.sha256(self.aside.read_bytes()).hexdigest() == self.export.sha256

    def drop(self) -> None:
        """Delete what was never finished, if it is there."""
        self.aside.unlink(missing_ok=True)


def write_aside(desk: Desk, name: str, what: str, content: bytes) -> WrittenAside:
    """List a file and write it, whole and on the disk, under a name that nothing opens yet."""
    path = (desk.out_folder / name).resolve()
    written = WrittenAside(_listed(desk, path, what, content))
    try:
        _write_private(written.aside, content, durably=True)
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


def _listed(desk: Desk, path: Path, what: str, content: bytes) -> Export:
    _check_is_ours(desk, path, content)
    export = Export(
        id=new_id(),
        path=Secret(str(path)),
        what=what,
        sha256=hashlib.sha256(content).hexdigest(),
        at=instant(desk.clock),
    )
    desk.vault.exports.add(export)
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
    return write_export(desk, f"page-{new_reference()}.jpg", "picture", picture)


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


def list_exports(desk: Desk) -> tuple[tuple[Export, bool], ...]:
    """Return every file once and whether it is still there, newest first."""
    newest: dict[str, Export] = {}
    for export in desk.vault.exports.list():
        newest.setdefault(export.path.reveal(), export)
    return tuple(
        (export, Path(path).exists() or WrittenAside(export).aside.exists())
        for path, export in newest.items()
    )


def delete_exports(desk: Desk) -> tuple[int, tuple[Export, ...]]:
    """Delete the listed files; return how many went and which could not be deleted."""
    gone, stuck = 0, []
    for export in desk.vault.exports.list():
        path = Path(export.path.reveal())
        try:
            gone += path.exists()
            path.unlink(missing_ok=True)
            WrittenAside(export).drop()
            desk.vault.exports.mark_deleted(export.id, at=instant(desk.clock))
        except OSError:
            stuck.append(export)
    return gone, tuple(stuck)
