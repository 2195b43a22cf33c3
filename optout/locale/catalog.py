"""Collect every sentence of the program, and compile translations: no tool from outside.

    python -m optout.locale.catalog         bring each .po up to date and compile it
    python -m optout.locale.catalog --new   print what Spanish still lacks

The `.mo` files are kept in the repository: they work in a checkout, an editable install and the
wheel alike, without a build step. A test compiles each `.po` again and compares.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
PACKAGE: Final = HERE.parent
MAGIC: Final = 0x950412DE
_CALLS: Final = frozenset({"_", "Text"})
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


class Message(NamedTuple):
    """One sentence; `many` is its plural form where it has one."""

    one: str
    many: str = ""


Translations = dict[Message, tuple[str, ...]]


def collect(package: Path = PACKAGE) -> set[Message]:
    """Return every sentence that the code can show."""
    found: set[Message] = set()
    for path in sorted(package.rglob("*.py")):
        found.update(said_in(path))
    return found


def said_in(path: Path) -> Iterator[Message]:
    """Yield every sentence that one file can show."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from _called(node)
        elif isinstance(node, ast.FunctionDef) and any(map(_declares_command, node.decorator_list)):
            yield Message(ast.get_docstring(node) or "")


def _called(call: ast.Call) -> Iterator[Message]:
    name = getattr(call.func, "id", "")
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    texts = [word for word in words if isinstance(word, str) and word]
    if name == "Counted" and texts:
        yield Message(*texts[:2])
    elif name in _CALLS and texts:
        yield Message(texts[0])
    elif name == "Entry" and texts:  # the table of commands: name, file, help
        yield Message(texts[-1])


def _declares_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == "command"


def read(po: str) -> Translations:
    """Return what a `.po` file says, its header under the empty message."""
    found: Translations = {}
    for block in re.split(r"\n\s*\n", po):
        parts = _parts(block)
        if "msgid" in parts:
            forms = [text for key, text in sorted(parts.items()) if key.startswith("msgstr")]
            found[Message(parts["msgid"], parts.get("msgid_plural", ""))] = tuple(forms)
    return found


def _parts(block: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    key = ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            key = line.partition(" ")[0]
        for string in _STRING.findall(line):
            parts[key] = parts.get(key, "") + ast.literal_eval(string)
    return parts


def write(translations: Translations) -> str:
    """Return a `.po` file: header first, then by sentence, so that changes stay small."""
    return "\n".join(_block(message, translations[message]) for message in sorted(translations))


def _block(message: Message, forms: tuple[str, ...]) -> str:
    lines = [f"msgid {_quoted(message.one)}"]
    if message.many:
        lines.append(f"msgid_plural {_quoted(message.many)}")
        lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
    else:
        lines.append(f"msgstr {_quoted(forms[0])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    pieces = text.splitlines(keepends=True) or [""]
    escaped = (piece.replace("\\", r"\\").replace('"', r"\"") for piece in pieces)
    lines = ['"' + piece.replace("\n", r"\n") + '"' for piece in escaped]
    return lines[0] if len(lines) == 1 else '""\n' + "\n".join(lines)


def compiled(translations: Translations) -> bytes:
    """Return the `.mo` file: pairs sorted by sentence, as gettext wants them."""
    pairs = sorted(
        (
            "\0".join(filter(None, message)).encode(),
            "\0".join(forms).encode(),
        )
        for message, forms in translations.items()
        if all(forms)
    )
    return _mo(pairs)


def _mo(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Lay out header, table of sentences, table of translations, then the texts themselves."""
    count = len(pairs)
    start = 28 + 16 * count
    tables, texts = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<II", len(pair[column]), start + len(texts))
            texts += pair[column] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, start)
    return header + tables + texts


def catalogs() -> Mapping[str, Path]:
    """Return the `.po` file of each language."""
    return {path.parts[-3]: path for path in sorted(HERE.glob("*/LC_MESSAGES/optout.po"))}


def renew(po: Path, messages: set[Message]) -> None:
    """Drop sentences that are gone, keep the others, and compile."""
    known = read(po.read_text("utf-8"))
    kept = {key: forms for key, forms in known.items() if key in messages or not key.one}
    po.write_text(write(kept), "utf-8")
    po.with_suffix(".mo").write_bytes(compiled(kept))


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    messages = collect()
    for po in catalogs().values():
        renew(po, messages)
        if "--new" in arguments:
            missing = messages - set(read(po.read_text("utf-8")))
            sys.stdout.write(write({m: ("", "") if m.many else ("",) for m in missing if m.one}))


if __name__ == "__main__":
    main(sys.argv[1:])
