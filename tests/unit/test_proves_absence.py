"""Who is not among the rows counts as not listed only where the rows answer this very search."""

from __future__ import annotations

import pytest

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.row import City, Row
from optout.model.search import Found, Looked, SearchFor
from optout.model.secret import Secret
from optout.rules.looking import proves_absence
from optout.rules.row_identity import row_key

ANA = {Field.FIRST_NAME: "Ana", Field.LAST_NAME: "de la Cruz"}
JORDAN = {Field.FIRST_NAME: "Jordan", Field.MIDDLE_NAME: "Q.", Field.LAST_NAME: "Sample"}
JUNIOR = {Field.FULL_NAME: "Jordan Q. Sample Jr."}


@pytest.mark.parametrize(
    ("asked", "shown", "proves"),
    [
        (JORDAN, "Alex Sample", True),
        (JORDAN, "SAMPLE, ALEX Q", True),
        (JORDAN, "Maria Lopez", False),
        (JORDAN, "Maria Q Lopez", False),  # an initial
        (JUNIOR, "Pedro Fuente Jr", False),
        (JUNIOR, "Alex Sample Jr", True),
        (ANA, "Pedro de la Cruz", True),
        (ANA, "Ána Fuente", True),
        (ANA, "Pedro de la Fuente", False),  # the particles of any name
        (ANA, "DE LA FUENTE PEDRO", False),
        ({Field.FULL_NAME: "Ana de la Cruz"}, "Pedro de la Fuente", False),
    ],
)
def test_others_answer_a_search_only_where_they_share_a_name_that_was_asked(
    asked: dict[Field, str],
    shown: str,
    proves: bool,  # noqa: FBT001 - what is expected
) -> None:
    row = Row(name=shown, age=70, addresses=(City(city="Miami", state="FL"),))
    looked = Looked(
        broker=Slug("example"),
        rows=(Found(row=row, key=row_key(row)),),
        said_none=False,
        picture=b"",
        pages=1,
    )
    search = SearchFor(values={field: Secret(value) for field, value in asked.items()})
    assert proves_absence(looked, search) is proves
