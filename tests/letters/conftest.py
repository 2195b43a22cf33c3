"""The letters that can occur for the five companies this project began from.

Every test that asks for `name` and `given` runs once for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from optout.catalog.laws import find_law
from optout.drafting.letter import Ask, LetterInput
from optout.model.fields import Field
from optout.model.words import Right
from optout.rules.agencies import owes_yearly_copy

DAY = date(2026, 11, 23)
REFERENCE = "K7F3-Q2MX"
STATES = {
    "co": ("CO", "us-co-cpa", "Denver", "80202"),
    "ca": ("CA", "us-ca-ccpa", "Fresno", "93701"),
    "va": ("VA", "us-va-vcdpa", "Richmond", "23219"),
    "ny": ("NY", "voluntary", "Albany", "12207"),
}
OTHER_STATES = {  # one letter each, with every right that the state's law gives
    "al": ("AL", "us-al-apdpa", "Montgomery", "36104"),
    "ct": ("CT", "us-ct-ctdpa", "Hartford", "06103"),
    "de": ("DE", "us-de-dpdpa", "Dover", "19901"),
    "ia": ("IA", "us-ia-icdpa", "Des Moines", "50309"),
    "in": ("IN", "us-in-icdpa", "Indianapolis", "46204"),
    "ky": ("KY", "us-ky-kcdpa", "Frankfort", "40601"),
    "la": ("LA", "us-la-ldpa", "Baton Rouge", "70802"),
    "md": ("MD", "us-md-modpa", "Annapolis", "21401"),
    "mn": ("MN", "us-mn-mcdpa", "Saint Paul", "55102"),
    "mt": ("MT", "us-mt-mcdpa", "Helena", "59601"),
    "ne": ("NE", "us-ne-ndpa", "Lincoln", "68508"),
    "nh": ("NH", "us-nh-nhpa", "Concord", "03301"),
    "nj": ("NJ", "us-nj-njdpa", "Trenton", "08608"),
    "nv": ("NV", "us-nv-603a", "Carson City", "89701"),
    "ok": ("OK", "us-ok-ocdpa", "Oklahoma City", "73102"),
    "or": ("OR", "us-or-ocpa", "Salem", "97301"),
    "ri": ("RI", "us-ri-dtppa", "Providence", "02903"),
    "tn": ("TN", "us-tn-tipa", "Nashville", "37219"),
    "tx": ("TX", "us-tx-tdpsa", "Austin", "78701"),
    "ut": ("UT", "us-ut-ucpa", "Salt Lake City", "84111"),
    "vt": ("VT", "us-vt-vdposa", "Montpelier", "05602"),
    "wa": ("WA", "us-wa-mhmda", "Olympia", "98501"),
}
ABROAD = {  # country, law, city, the lines of a letter box
    "germany": ("DE", "eu-gdpr", "Berlin", ("Postfach 100", "10115 Berlin", "Germany")),
    "kingdom": ("GB", "uk-gdpr", "Leeds", ("PO Box 100", "Leeds", "LS1 1AA", "United Kingdom")),
}
COMPANIES = {
    "lexisnexis-risk": "LexisNexis Risk Solutions Inc.",
    "relx-lexisnexis": "RELX Inc.",
    "thomson-reuters-clear": "West Publishing Corporation",
    "appriss-insights": "Appriss Insights",
    "equifax-work-number": "Equifax Workforce Solutions LLC",
    "equifax": "Equifax Information Services LLC",
}


def asks(*pairs: tuple[str, str]) -> tuple[Ask, ...]:
    return tuple(Ask(right=Right(right), law=find_law(law)) for right, law in pairs)


def written(company: str, state: str, by: str, *pairs: tuple[str, str]) -> LetterInput:
    """Return the letter of Jordan Q. Sample, with what each way needs and no more."""
    code, _law, city, _zip = (STATES | OTHER_STATES)[state]
    name = COMPANIES[company]
    base = LetterInput(
        asks=asks(*pairs),
        broker_name=name,
        full_name="Jordan Q. Sample",
        state=code,
        values={Field.FULL_NAME: "Jordan Q. Sample", Field.CITY: city, Field.STATE: code},
        reference=REFERENCE,
        date=DAY,
        reply_email="jordan.sample@example.com",
    )
    if by == "email":
        return base
    return replace(
        base,
        broker_lines=(name, "Attn: Privacy Requests", "100 Example Plaza", "Springfield, ST 00000"),
        reply_email="",
        reply_lines=("P.O. Box 100", f"{city}, {code} {_zip}"),
    )


def with_file_values(given: LetterInput, state: str, *, ssn: bool = True) -> LetterInput:
    """Add what an agency needs to find a file."""
    code, _law, city, zip_code = STATES[state]
    values = {
        Field.FULL_NAME: "Jordan Q. Sample",
        Field.STREET: "100 Example Street",
        Field.CITY: city,
        Field.STATE: code,
        Field.ZIP: zip_code,
        Field.BIRTH_DATE: "1990-02-03",
    }
    return replace(given, values=values, blank_ssn_line=ssn)


def other_states() -> Iterator[tuple[str, LetterInput]]:
    """Yield a letter with all rights of each act, on a day on which the act is in force."""
    for state, (_, law_id, _, _) in OTHER_STATES.items():
        law = find_law(law_id)
        given = written(
            "relx-lexisnexis", state, "email", *((right, law_id) for right in law.rights)
        )
        yield (
            f"relx-lexisnexis-{state}-all-rights-email",
            replace(given, date=max(DAY, law.in_force_from or DAY)),
        )


def abroad() -> Iterator[tuple[str, LetterInput]]:
    """Yield what people in Germany and in the United Kingdom ask of an American company."""
    for place, (country, law, city, lines) in ABROAD.items():
        base = replace(
            written("relx-lexisnexis", "co", "email", ("opt-out", "us-co-cpa")),
            state="",
            country=country,
            values={Field.FULL_NAME: "Jordan Q. Sample", Field.CITY: city},
            date=date(2026, 11, 2),
        )
        for right in find_law(law).rights:
            yield (
                f"relx-lexisnexis-{place}-{right}-email",
                replace(base, asks=asks((right, law))),
            )
        post = written("relx-lexisnexis", "co", "post", ("opt-out", "us-co-cpa"))
        yield (
            f"relx-lexisnexis-{place}-three-rights-post",
            replace(
                base,
                asks=asks(("opt-out", law), ("access", law), ("delete", law)),
                broker_lines=post.broker_lines,
                reply_email="",
                reply_lines=lines,
            ),
        )
    yield (
        "lexisnexis-risk-germany-file-disclosure-delete-email",
        replace(
            base,
            asks=asks(("file-disclosure", "us-fcra-file"), ("delete", "eu-gdpr")),
            country="DE",
            values={Field.FULL_NAME: "Jordan Q. Sample", Field.CITY: "Berlin"},
            broker_name=COMPANIES["lexisnexis-risk"],
        ),
    )


def bureaus() -> Iterator[tuple[str, LetterInput]]:
    """Yield what only the nationwide credit bureaus owe."""
    for right, law in (("freeze", "us-fcra-freeze"), ("prescreen-opt-out", "us-fcra-prescreen")):
        given = written("equifax", "co", "post", (right, law))
        given = replace(with_file_values(given, "co", ssn=False), nationwide_bureau=True)
        if right == "prescreen-opt-out":  # no channel gives a birth date for it
            values = dict(given.values)
            del values[Field.BIRTH_DATE]
            given = replace(given, values=values)
        yield f"equifax-co-{right}-post", given


def all_cases() -> Iterator[tuple[str, LetterInput]]:
    yield from other_states()
    yield from abroad()
    yield from bureaus()
    for state, (_, law, _, _) in STATES.items():
        for right in ("opt-out", "access", "delete", "correct"):
            yield (
                f"relx-lexisnexis-{state}-{right}-email",
                written("relx-lexisnexis", state, "email", (right, law)),
            )
        three = (("opt-out", law), ("access", law), ("delete", law))
        yield (
            f"appriss-insights-{state}-three-rights-post",
            replace(
                written("appriss-insights", state, "post", *three),
                products=("Appriss Insights", "Justice Intelligence", "JusticeXchange"),
            ),
        )
        yield (
            f"thomson-reuters-clear-{state}-opt-out-delete-email",
            written("thomson-reuters-clear", state, "email", ("opt-out", law), ("delete", law)),
        )
        yield (
            f"equifax-work-number-{state}-opt-out-post",
            written("equifax-work-number", state, "post", ("opt-out", law)),
        )
    yield (
        "appriss-insights-co-access-post",
        replace(
            written("appriss-insights", "co", "post", ("access", "us-co-cpa")),
            products=("Appriss Insights", "Justice Intelligence", "JusticeXchange", "VINE"),
        ),
    )
    yield (
        "lexisnexis-risk-ca-limit-email",
        written("lexisnexis-risk", "ca", "email", ("limit", "us-ca-ccpa")),
    )
    lexisnexis = ("lexisnexis-risk", "co", "post")
    for right, law, ssn in (
        ("file-disclosure", "us-fcra-file", True),
        ("freeze", "voluntary", False),
        ("dispute", "us-fcra-dispute", False),
    ):
        yield (
            f"lexisnexis-risk-co-{right}-post",
            with_file_values(written(*lexisnexis, (right, law)), "co", ssn=ssn),
        )
    yield (
        "equifax-work-number-co-file-freeze-post",
        replace(
            with_file_values(
                written(
                    "equifax-work-number",
                    "co",
                    "post",
                    ("file-disclosure", "us-fcra-file"),
                    ("freeze", "voluntary"),
                ),
                "co",
            ),
            yearly_copy_owed=owes_yearly_copy("nationwide-specialty"),
        ),
    )
    for by in ("post", "email"):
        yield (
            f"thomson-reuters-clear-ny-suppress-{by}",
            replace(
                written("thomson-reuters-clear", "ny", by, ("suppress", "voluntary")),
                listing_url="https://example-people.test/jordan-sample",
                enclosures=("Copy of a letter",) if by == "post" else (),
            ),
        )


CASES = dict(all_cases())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "given" in metafunc.fixturenames:
        metafunc.parametrize(("name", "given"), CASES.items(), ids=CASES.keys())


@pytest.fixture
def cases() -> dict[str, LetterInput]:
    return dict(CASES)
