"""The closed list of personal values that a broker can be given."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Field(StrEnum):
    """One personal value a form or a letter can carry. SSN and ITIN are absent on purpose."""

    FULL_NAME = "full_name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    LAST_NAME = "last_name"
    STREET = "street"
    CITY = "city"
    STATE = "state"  # two letters
    STATE_NAME = "state_name"  # "Colorado"
    ZIP = "zip"
    EMAIL = "email"  # where answers may come: reply_to first
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    BIRTH_DAY = "birth_day"  # month and day, no year
    AGE = "age"  # in whole years, on the day it is given
    REPLY_ADDRESS = "reply_address"  # the return address of a letter
    LISTING_URL = "listing_url"


class IdentifierKind(StrEnum):
    """One kind of fact about a subject."""

    NAME = "name"
    ALIAS = "alias"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"


# Which stored fact a field is taken from. State (of residence), reply address and listing are
# not identifiers: the first decides the law, the second is `reply_to`, the third is public.
SOURCE_OF: Final = MappingProxyType(
    {
        Field.FULL_NAME: IdentifierKind.NAME,
        Field.FIRST_NAME: IdentifierKind.NAME,
        Field.MIDDLE_NAME: IdentifierKind.NAME,
        Field.LAST_NAME: IdentifierKind.NAME,
        Field.STREET: IdentifierKind.ADDRESS,
        Field.CITY: IdentifierKind.ADDRESS,
        Field.ZIP: IdentifierKind.ADDRESS,
        Field.EMAIL: IdentifierKind.EMAIL,
        Field.PHONE: IdentifierKind.PHONE,
        Field.BIRTH_DATE: IdentifierKind.BIRTH_DATE,
        Field.BIRTH_DAY: IdentifierKind.BIRTH_DATE,
        Field.AGE: IdentifierKind.BIRTH_DATE,
    }
)
