"""Phone numbers that companies filed: a desk's stay, a person's go, all are written one way."""

from __future__ import annotations

from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from optout.errors import WrongUsage
from optout.rules.countries import UNITED_STATES
from optout.workflows.facts import country_code

_OPEN_TO_ALL = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN}
)
_IN_A_POCKET = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER})


def desk_phone(filed: str, /, *, country: str, beside_a_person: bool) -> str:
    """Return the number as it is called from abroad, or "" where it is probably somebody's own.

    A number that costs the caller nothing is a desk's. A mobile number, an extension, or what
    stands beside a person's e-mail address is not.
    """
    try:
        number = phonenumbers.parse(filed, _region(country))
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    kind = phonenumbers.number_type(number)
    own = beside_a_person or bool(number.extension) or kind in _IN_A_POCKET
    if own and kind not in _OPEN_TO_ALL:
        return ""
    number.extension = None
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


@cache
def _region(country: str) -> str:
    """Return the country whose people would write the number without + as it stands."""
    try:
        return country_code(country) if country else UNITED_STATES
    except WrongUsage:
        return UNITED_STATES
