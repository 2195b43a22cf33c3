"""The words people see for our closed lists: one list for every screen and paper (SAFETY 8).

People never meet vault, outbox, delivery, grade or suppression; they see *locked folder*,
*sending*, *checked?*, *hide*. Each function returns a `Text`, translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from optout.due_words import DEADLINE_WORDS
from optout.model.clinic import AuthorizationKind, AuthorizationState, CheckResult, PartyRole
from optout.model.fields import Field, IdentifierKind
from optout.model.record import Answer, DeadlineKind, EvidenceKind, TaskKind, TaskState, Wanted
from optout.model.request import Delivery, Presence, Purpose, Status, StatusReason
from optout.model.subject import Acting, ReplyKind, Share
from optout.model.words import (
    Basis,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Holding,
    Origin,
    Right,
    WhoMayAsk,
)
from optout.text import Text

_WORDS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Text]]] = MappingProxyType(
    {
        Field: {
            Field.FULL_NAME: Text("full name"),
            Field.FIRST_NAME: Text("first name"),
            Field.MIDDLE_NAME: Text("middle name"),
            Field.LAST_NAME: Text("last name"),
            Field.STREET: Text("street address"),
            Field.CITY: Text("city"),
            Field.STATE: Text("state"),
            Field.STATE_NAME: Text("name of the state"),
            Field.ZIP: Text("ZIP code"),
            Field.EMAIL: Text("e-mail address"),
            Field.PHONE: Text("phone number"),
            Field.BIRTH_DATE: Text("birth date"),
            Field.BIRTH_DAY: Text("birthday without the year"),
            Field.AGE: Text("age"),
            Field.REPLY_ADDRESS: Text("address for the answer"),
            Field.LISTING_URL: Text("address of the page about you"),
        },
        IdentifierKind: {
            IdentifierKind.NAME: Text("name"),
            IdentifierKind.ALIAS: Text("other name"),
            IdentifierKind.ADDRESS: Text("address"),
            IdentifierKind.EMAIL: Text("e-mail address"),
            IdentifierKind.PHONE: Text("phone number"),
            IdentifierKind.BIRTH_DATE: Text("birth date"),
        },
        Share: {
            Share.NEVER: Text("never give it to anyone"),
            Share.KNOWN: Text("only to a company that already has it"),
            Share.ASK: Text("to whomever I approve"),
        },
        ReplyKind: {
            ReplyKind.NEW_EMAIL: Text("an e-mail address made for this"),
            ReplyKind.RELAY_EMAIL: Text("a forwarding e-mail address"),
            ReplyKind.OWN: Text("your own address"),
            ReplyKind.PO_BOX: Text("a PO box"),
            ReplyKind.CARE_OF: Text("care of somebody else"),
            ReplyKind.SUBSTITUTE: Text("a substitute address from a state program"),
        },
        Acting: {
            Acting.SELF: Text("for yourself"),
            Acting.HELPER: Text("as a helper"),
            Acting.AGENT: Text("as an agent with written permission"),
            Acting.LAWYER: Text("as a lawyer"),
        },
        Right: {
            Right.OPT_OUT: Text("stop selling and sharing"),
            Right.DELETE: Text("delete"),
            Right.ACCESS: Text("show me what you have"),
            Right.CORRECT: Text("correct"),
            Right.LIMIT: Text("limit the use of sensitive data"),
            Right.SUPPRESS: Text("hide"),
            Right.FREEZE: Text("freeze"),
            Right.FILE_DISCLOSURE: Text("send me my file"),
            Right.DISPUTE: Text("dispute an error"),
            Right.PRESCREEN_OPT_OUT: Text("no credit and insurance offers"),
            Right.RECORDS_REQUEST: Text("public records request"),
        },
        By: {
            By.WEB: Text("web form"),
            By.EMAIL: Text("e-mail"),
            By.POST: Text("post"),
            By.PHONE: Text("phone call"),
            By.PORTAL: Text("web site, by hand with our guide"),
            By.NONE: Text("no way that we know"),
        },
        Origin: {
            Origin.EMPLOYER: Text("employers and payroll"),
            Origin.LENDER: Text("lenders and cards"),
            Origin.BANK: Text("banks"),
            Origin.INSURER: Text("insurers"),
            Origin.UTILITY: Text("utilities and phone companies"),
            Origin.MOTOR_VEHICLES: Text("motor vehicle offices"),
            Origin.JAIL: Text("jails"),
            Origin.COURT: Text("courts"),
            Origin.POLICE: Text("police"),
            Origin.PROPERTY: Text("property records"),
            Origin.VOTER_ROLL: Text("voter rolls"),
            Origin.PHONE: Text("phones, by their ad number"),
            Origin.CAMERA: Text("license plate cameras"),
            Origin.WEB: Text("web and social media"),
            Origin.TRAVEL: Text("travel agencies"),
        },
        Basis: {
            Basis.STATE_PRIVACY: Text("a state privacy law"),
            Basis.FCRA: Text("the Fair Credit Reporting Act"),
            Basis.STATE_FREEZE: Text("a state freeze law"),
            Basis.POLICY: Text("the company's own offer"),
        },
        Eligible: {
            Eligible.ANYONE: Text("anyone"),
            Eligible.PRIVACY_LAW_STATES: Text("people in states with a privacy law"),
            Eligible.PROTECTED_GROUPS: Text("some groups only: officials, people at risk, victims"),
            Eligible.UNCLEAR: Text("not clear: sources disagree"),
        },
        WhoMayAsk: {
            WhoMayAsk.SELF: Text("the person"),
            WhoMayAsk.AGENT: Text("an agent with written permission"),
            WhoMayAsk.PARENT: Text("a parent"),
        },
        Confidence: {
            Confidence.CONFIRMED: Text("confirmed"),
            Confidence.ONE_SOURCE: Text("from one source"),
            Confidence.CONFLICTING: Text("sources disagree"),
            Confidence.UNVERIFIED: Text("not checked"),
        },
        BrokerKind: {
            BrokerKind.RISK_DATA: Text("sells background files"),
            BrokerKind.CREDIT_BUREAU: Text("credit bureau"),
            BrokerKind.SPECIALTY_CRA: Text("special consumer reports"),
            BrokerKind.PEOPLE_SEARCH: Text("people-search site"),
            BrokerKind.MARKETING: Text("marketing data"),
            BrokerKind.LOCATION: Text("location data"),
            BrokerKind.PLATES: Text("license plate pictures"),
            BrokerKind.BIOMETRIC: Text("face and body data"),
            BrokerKind.JUSTICE_DATA: Text("jail and court data"),
            BrokerKind.PUBLIC_BODY: Text("government office"),
            BrokerKind.OTHER: Text("other"),
        },
        Holding: {
            Holding.NAME: Text("name"),
            Holding.HOME_ADDRESS: Text("home address"),
            Holding.PHONE: Text("phone"),
            Holding.EMAIL: Text("e-mail"),
            Holding.BIRTH_DATE: Text("birth date"),
            Holding.SSN: Text("Social Security number"),
            Holding.RELATIVES: Text("relatives"),
            Holding.JAIL: Text("jail records"),
            Holding.COURT: Text("court records"),
            Holding.WORK: Text("work"),
            Holding.INCOME: Text("income"),
            Holding.UTILITIES: Text("utility accounts"),
            Holding.VEHICLE: Text("vehicles"),
            Holding.DRIVING_LICENCE: Text("driver license"),
            Holding.PLATES: Text("license plate sightings"),
            Holding.LOCATION: Text("location"),
            Holding.PROPERTY: Text("property"),
            Holding.CREDIT: Text("credit"),
            Holding.INSURANCE: Text("insurance"),
            Holding.PHOTO: Text("photos"),
            Holding.SOCIAL_MEDIA: Text("social media"),
            Holding.GOVERNMENT_ID: Text("government ID"),
            Holding.CITIZENSHIP: Text("citizenship"),
        },
        Grade: {
            Grade.DRAFTED: Text("never tried on the live site"),
            Grade.VERIFIED: Text("the live site was seen"),
            Grade.TESTED: Text("a real request went through"),
            Grade.SUSPENDED: Text("set aside: it does not work now"),
        },
        Delivery: {
            Delivery.DRAFT: Text("waiting for your yes"),
            Delivery.READY: Text("ready, not sent"),
            Delivery.FILLING: Text("filling in the form"),
            Delivery.SENDING: Text("sending"),
            Delivery.SENT: Text("sent"),
            Delivery.UNKNOWN: Text("did it arrive? We do not know"),
            Delivery.FAILED: Text("not sent: it failed"),
            Delivery.HANDED_OVER: Text("in your hands: post or send it"),
        },
        Status: {
            Status.OPEN: Text("no answer yet"),
            Status.IN_PROGRESS: Text("they are working on it"),
            Status.FULFILLED: Text("they say they did it"),
            Status.DENIED: Text("they said no"),
            Status.EXPIRED: Text("too late"),
            Status.REVOKED: Text("taken back"),
        },
        StatusReason: {
            StatusReason.NEED_USER_VERIFICATION: Text("they want proof of who you are"),
            StatusReason.SUSPECTED_FRAUD: Text("they suspect fraud"),
            StatusReason.INSUF_VERIFICATION: Text("they could not tell who you are"),
            StatusReason.NO_MATCH: Text("they found nobody"),
            StatusReason.CLAIM_NOT_COVERED: Text("they say the law does not cover it"),
            StatusReason.OUTSIDE_JURISDICTION: Text("they say the law does not reach them"),
            StatusReason.TOO_MANY_REQUESTS: Text("they say you asked too often"),
            StatusReason.PARTIAL: Text("only in part"),
            StatusReason.SEEN_GONE: Text("two looks did not show it any more"),
            StatusReason.RETURNED: Text("it came back"),
            StatusReason.OTHER: Text("another reason"),
        },
        Presence: {
            Presence.EVIDENCE: Text("they have you: there is proof"),
            Presence.LIKELY: Text("they probably have you"),
            Presence.UNLIKELY: Text("they may not know you"),
        },
        Purpose: {
            Purpose.REQUEST: Text("request"),
            Purpose.CONFIRMATION: Text("confirmation"),
            Purpose.REMINDER: Text("reminder"),
            Purpose.APPEAL: Text("appeal"),
            Purpose.COMPLAINT: Text("complaint"),
            Purpose.WITHDRAWAL: Text("taking it back"),
            Purpose.AUTHORIZATION: Text("permission for somebody else"),
        },
        TaskKind: {
            TaskKind.CONFIRM_EMAIL: Text("open the mail they sent and confirm"),
            TaskKind.POST_LETTER: Text("print and post the letter"),
            TaskKind.SEND_EMAIL: Text("send the e-mail"),
            TaskKind.USE_PORTAL: Text("use their web site"),
            TaskKind.CALL: Text("make the call"),
            TaskKind.DID_IT_ARRIVE: Text("find out whether it arrived"),
            TaskKind.CHECK_ADDRESS: Text("check the address"),
            TaskKind.KEEP_OR_DESTROY: Text("keep or destroy the paper"),
            TaskKind.READ_ANSWER: Text("read the answer"),
            TaskKind.READ_REFUSAL: Text("read why they refused"),
            TaskKind.UNDERSTAND: Text("find out what their letter says"),
        },
        TaskState: {
            TaskState.OPEN: Text("to do"),
            TaskState.DONE: Text("done"),
            TaskState.EXPIRED: Text("too late"),
        },
        DeadlineKind: DEADLINE_WORDS,
        Answer: {
            Answer.ACKNOWLEDGED: Text("they got it"),
            Answer.EXTENDED: Text("they need more time"),
            Answer.NEEDS_MORE: Text("they want more from you"),
            Answer.FULFILLED: Text("they say they did it"),
            Answer.PARTIAL: Text("they say they did part of it"),
            Answer.DENIED: Text("they said no"),
            Answer.FILE_RECEIVED: Text("your file came"),
            Answer.RETURNED: Text("it came back"),
            Answer.APPEAL_DENIED: Text("they turned the appeal down"),
        },
        Wanted: {
            Wanted.ID_COPY: Text("a copy of an ID"),
            Wanted.SSN: Text("your Social Security number"),
            Wanted.FACE: Text("a picture or video of your face"),
            Wanted.ADDRESS_PROOF: Text("proof of where you live"),
            Wanted.NOTARY: Text("a paper signed before a notary"),
            Wanted.ACCOUNT: Text("that you make an account"),
            Wanted.MORE_FACTS: Text("more facts about you"),
            Wanted.OTHER: Text("something else"),
        },
        EvidenceKind: {
            EvidenceKind.CAPTURE: Text("picture of the page"),
            EvidenceKind.CONFIRMATION: Text("confirmation"),
            EvidenceKind.LETTER: Text("letter as sent"),
            EvidenceKind.MAIL: Text("mail as sent"),
            EvidenceKind.REPLY: Text("their answer"),
            EvidenceKind.SIGNED: Text("signed paper"),
        },
        PartyRole: {
            PartyRole.HOUSEHOLD: Text("in the home"),
            PartyRole.ADVERSE: Text("against the client"),
        },
        CheckResult: {
            CheckResult.CLEAR: Text("no conflict"),
            CheckResult.CONFLICT: Text("conflict"),
        },
        AuthorizationKind: {
            AuthorizationKind.OWN_NAME: Text("in the client's own name"),
            AuthorizationKind.AGENT: Text("as the client's agent"),
        },
        AuthorizationState: {
            AuthorizationState.UNSIGNED: Text("not signed"),
            AuthorizationState.SIGNED: Text("signed"),
            AuthorizationState.EXPIRED: Text("too old"),
            AuthorizationState.REVOKED: Text("taken back"),
        },
    }
)


def word(member: StrEnum) -> Text:
    """Return the words for one member of a closed list.

    Looked up by its list first: `Field.EMAIL` and `By.EMAIL` are the same string.
    """
    return _WORDS[type(member)][member]


def said_by_company(status: Status, reason: StatusReason | None) -> Text:
    """Return the company's side of a request; where it waits for the person, it says so."""
    if status is Status.IN_PROGRESS and reason is StatusReason.NEED_USER_VERIFICATION:
        return Text("they wait for you")
    if reason is StatusReason.RETURNED:
        return Text("none: it came back")
    if status is Status.FULFILLED and reason is StatusReason.SEEN_GONE:
        return Text("their page does not show it any more: you looked twice")
    if status is Status.DENIED and reason is StatusReason.PARTIAL:
        return Text("they say they did part of it")
    return word(status)


def words(members: Iterable[StrEnum]) -> tuple[Text, ...]:
    """Return the words for several members, in their order."""
    return tuple(word(member) for member in members)
