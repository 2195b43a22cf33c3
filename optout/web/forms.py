"""What a person typed or dropped into a form: read into memory, and into no file of its own."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from optout.errors import WrongUsage
from optout.text import Text
from optout.web.gate import MOST_BYTES
from optout.workflows.record_answer import Paper

_MOST_FIELDS: Final = 8
_MOST_TICKED: Final = 1000  # a list has a box for each of its entries
_PASTED: Final = "pasted.txt"


class _InMemory(MultiPartParser):
    """Keeps a dropped file in memory: the usual way puts a large one, open, onto the disk."""

    spool_max_size = MOST_BYTES


async def read_form(request: Request) -> tuple[dict[str, str], Paper | None]:
    """Return what stands in each box, and the file that was chosen, if any."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form(max_files=0, max_fields=_MOST_TICKED)
        return _boxes(form), None
    reading = _InMemory(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
    try:
        form = await reading.parse()
    except MultiPartException:
        raise WrongUsage(
            Text("That could not be read."),
            known=Text("Nothing was changed."),
            hint=Text("Go back and try again. A long text is better given as a file."),
        ) from None
    return _boxes(form), await _file(form)


def _boxes(form: FormData) -> dict[str, str]:
    """Return what stands in each box; those of one list share a name, and what is ticked counts."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return {name: ",".join(several) for name, several in found.items()}


async def _file(form: FormData) -> Paper | None:
    """Return the file of the form; a box for files that was left empty holds none."""
    for _name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            await value.close()
            return Paper(name=value.filename or "", content=content) if content else None
    return None


def pasted(text: str) -> Paper | None:
    """Return a text as the paper that it is; None where nothing was pasted."""
    return Paper(name=_PASTED, content=text.encode("utf-8")) if text.strip() else None
