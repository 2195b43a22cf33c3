"""The field's own words, as closed lists that definitions, laws, letters and the vault share."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What a person can ask of a company."""

    OPT_OUT = "opt-out"  # of sale and sharing
    DELETE = "delete"
    ACCESS = "access"
    CORRECT = "correct"
    LIMIT = "limit"
    SUPPRESS = "suppress"
    FREEZE = "freeze"
    FILE_DISCLOSURE = "file-disclosure"  # FCRA
    DISPUTE = "dispute"
    PRESCREEN_OPT_OUT = "prescreen-opt-out"
    RECORDS_REQUEST = "records-request"


class By(StrEnum):
    """How a request travels."""

    WEB = "web"  # a flow fills the form
    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    PORTAL = "portal"  # guided by hand
    NONE = "none"  # no route; the channel says what to do instead


class Grade(StrEnum):
    """How far a definition can be trusted. Earned, never claimed."""

    DRAFTED = "drafted"  # passes lint and its example; never tried on the live site
    VERIFIED = "verified"  # a person saw the live page on a date
    TESTED = "tested"  # a real filing succeeded
    SUSPENDED = "suspended"


class BrokerKind(StrEnum):
    """What a company mainly does with records."""

    RISK_DATA = "risk-data"
    CREDIT_BUREAU = "credit-bureau"
    SPECIALTY_CRA = "specialty-cra"
    PEOPLE_SEARCH = "people-search"
    MARKETING = "marketing"
    LOCATION = "location"
    PLATES = "plates"
    BIOMETRIC = "biometric"
    JUSTICE_DATA = "justice-data"
    PUBLIC_BODY = "public-body"
    OTHER = "other"


class Holding(StrEnum):
    """What a company holds, set by hand from sources; it orders the plan (SAFETY 4)."""

    NAME = "name"
    HOME_ADDRESS = "home_address"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH_DATE = "birth_date"
    SSN = "ssn"
    RELATIVES = "relatives"
    JAIL = "jail"
    COURT = "court"
    WORK = "work"
    INCOME = "income"
    UTILITIES = "utilities"
    VEHICLE = "vehicle"
    DRIVING_LICENCE = "driving_licence"
    PLATES = "plates"
    LOCATION = "location"
    PROPERTY = "property"
    CREDIT = "credit"
    INSURANCE = "insurance"
    PHOTO = "photo"
    SOCIAL_MEDIA = "social_media"
    GOVERNMENT_ID = "government_id"
    CITIZENSHIP = "citizenship"


class Origin(StrEnum):
    """Where records about people begin, before a company collects them."""

    EMPLOYER = "employer"
    LENDER = "lender"
    BANK = "bank"
    INSURER = "insurer"
    UTILITY = "utility"
    MOTOR_VEHICLES = "motor-vehicles"
    JAIL = "jail"
    COURT = "court"
    POLICE = "police"
    PROPERTY = "property"
    VOTER_ROLL = "voter-roll"
    PHONE = "phone"
    CAMERA = "camera"
    WEB = "web"
    TRAVEL = "travel"


class Basis(StrEnum):
    """What kind of ground a channel accepts: narrows which laws may be named in it."""

    STATE_PRIVACY = "state-privacy"
    FCRA = "fcra"
    STATE_FREEZE = "state-freeze"
    POLICY = "policy"  # the company's own offer; no right is claimed


class Eligible(StrEnum):
    """Whom a channel serves, as far as sources say."""

    ANYONE = "anyone"
    PRIVACY_LAW_STATES = "privacy-law-states"
    PROTECTED_GROUPS = "protected-groups"  # officials, people at risk, identity-theft victims
    UNCLEAR = "unclear"  # sources conflict: the person is asked


class Confidence(StrEnum):
    """How far a fact can be trusted; below `one-source` it is never printed unasked (SAFETY 5)."""

    CONFIRMED = "confirmed"
    ONE_SOURCE = "one-source"
    CONFLICTING = "conflicting"
    UNVERIFIED = "unverified"  # old, or from memory


SURE = frozenset({Confidence.CONFIRMED, Confidence.ONE_SOURCE})
"""Sure enough to print or plan without asking."""

UNSURE = frozenset(Confidence) - SURE
"""A person confirms it first."""


class WhoMayAsk(StrEnum):
    """Who a channel takes a request from."""

    SELF = "self"
    AGENT = "agent"
    PARENT = "parent"
