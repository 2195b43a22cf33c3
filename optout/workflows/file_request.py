"""File one web form at most once, and remember it even if we crash half-way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from optout.browser.fence import Fence
from optout.browser.find import find_browser
from optout.browser.runner import run_leg
from optout.errors import OutcomeUnknown, Refused
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.flow import ConfirmEmail, ReadCode
from optout.model.record import Deadline, EvidenceKind, Task, TaskKind
from optout.model.request import Delivery, Purpose, RequestId, Status, StatusReason
from optout.model.secret import Secret
from optout.model.words import Grade
from optout.rules.flows import confirmation_of
from optout.text import Text
from optout.vault.ids import new_id
from optout.vault.outbox import RunningAttempt
from optout.workflows.approve import Prepared, approve, prepare
from optout.workflows.clocks import deadlines_when_received
from optout.workflows.desk import Desk, Errand, instant
from optout.workflows.filed import Filed
from optout.workflows.sessions import check_client_is_there


def file_form(
    desk: Desk,
    errand: Errand,
    *,
    digest: str = "",
    link: str = "",
    code: Secret[str] | None = None,
    with_somebody: bool = False,
) -> Filed:
    """Approve and file one leg in the browser: sent, unknown or not sent, never twice.

    `with_somebody`: a person presses the last button, even where the form is known well.
    """
    _check_can_begin(errand)
    check_client_is_there(desk, errand, _next_mail(errand))
    window = desk.window()
    if window.executable is None:
        find_browser()  # without one, or without a fence, nobody needs to read and say yes first
    around = desk.fence_for(errand.broker)
    prepared = prepare(desk, errand)
    approval = approve(desk, prepared, digest=digest)
    with (
        around as fence,
        desk.vault.outbox.begin(
            errand.message.id,
            payload=prepared.payload,
            approval_id=approval.id,
            newness=prepared.newness,
        ) as attempt,
        _nothing_given_unless_reached(attempt, fence),
    ):
        assert prepared.leg is not None  # By.WEB messages have one

        def about_to_send() -> None:
            desk.still_wanted()
            attempt.sending()

        try:
            outcome = run_leg(
                prepared.leg,
                prepared.payload,
                fence=fence,
                window=window,
                person=desk.person,
                before_submit=about_to_send,
                rehearse=False,
                link=link,
                code=code,
                assisted=with_somebody or errand.broker.grade is not Grade.TESTED,
            )
        except KeyboardInterrupt:
            if attempt.delivery is not Delivery.SENDING:
                raise
            return _stopped_while_sending(desk, errand, attempt)
        return _remember(desk, prepared, attempt, outcome)


@contextmanager
def _nothing_given_unless_reached(attempt: RunningAttempt, fence: Fence) -> Iterator[None]:
    """Take back what was to be given where the run broke off before it reached the company."""
    try:
        yield
    except BaseException:
        if attempt.delivery is Delivery.FILLING and not fence.proxy.sent_to_broker():
            attempt.ready_again("company-not-reached", seen=False)
        raise


def _stopped_while_sending(desk: Desk, errand: Errand, attempt: RunningAttempt) -> Filed:
    """Say that it may have left: Ctrl-C came after the last button."""
    attempt.unknown("person-stopped")
    return Filed(
        message=desk.vault.messages.get(errand.message.id),
        errand=errand,
        why=Text("You stopped it after the last button was pressed. It may have arrived."),
        stopped=True,
    )


def _check_can_begin(errand: Errand) -> None:
    """Refuse early, in words, what the outbox would refuse anyway."""
    message = errand.message
    if message.delivery in {Delivery.DRAFT, Delivery.READY, Delivery.FAILED}:
        return
    r = message.reference
    known = Text("Nothing new was sent. We never send twice without your decision.")
    if message.delivery is Delivery.SENT:
        raise Refused(
            Text("{r} was already sent.", r=r), known=known, hint=Text("See: optout status")
        )
    if message.delivery is Delivery.UNKNOWN:
        raise OutcomeUnknown(
            Text("We do not know whether {r} arrived.", r=r),
            known=known,
            hint=Text("Look for a confirmation, then: optout reconcile {r}", r=r),
        )
    raise Refused(
        Text("{r} is being sent right now.", r=r),
        known=known,
        hint=Text("Wait until the other window is done with it, then see: optout status"),
    )


def _remember(
    desk: Desk, prepared: Prepared, attempt: RunningAttempt, outcome: LegOutcome
) -> Filed:
    """Write what came of it: evidence first, then the outcome, in one commit."""
    errand = prepared.errand
    evidence = _keep_picture(desk, errand, outcome)
    if outcome.end is LegEnd.CONFIRMED:
        confirm = _next_mail(errand)
        waits = confirm is not None or answers_by_mail(errand)
        attempt.sent(
            reference=outcome.reference,
            deadlines={} if confirm else _deadlines(desk, errand),
            tasks=_confirm_task(desk, errand, confirm) if waits else (),
            status=(Status.IN_PROGRESS, StatusReason.NEED_USER_VERIFICATION)
            if waits
            else (Status.OPEN, None),
        )
    elif outcome.refused and errand.message.purpose is Purpose.CONFIRMATION:
        # A code typed wrong, a link that is dead: the request itself went before, and waits on.
        attempt.failed("confirmation-refused", filled=outcome.filled)
    elif outcome.end is LegEnd.UNKNOWN:
        attempt.unknown("no-confirmation-seen")
    elif outcome.stopped:
        attempt.ready_again("person-stopped", seen=bool(outcome.filled), filled=outcome.filled)
    elif outcome.person_submitted or not outcome.why:
        attempt.ready_again("person-did-not-send", seen=bool(outcome.filled), filled=outcome.filled)
    else:
        attempt.failed("stopped-before-submit", seen=bool(outcome.filled), filled=outcome.filled)
    was_filed, mail = outcome.end is LegEnd.CONFIRMED, _next_mail(errand)
    return Filed(
        message=desk.vault.messages.get(errand.message.id),
        errand=errand,
        why=outcome.why,
        step="" if was_filed else outcome.step,
        seen=() if was_filed else outcome.filled,
        evidence_ids=evidence,
        mail_comes=mail is not None or answers_by_mail(errand),
        mail_hours=mail.within_hours if mail else 0,
        by_code=isinstance(_this_mail(errand), ReadCode),
        stopped=outcome.stopped,
    )


def _keep_picture(desk: Desk, errand: Errand, outcome: LegOutcome) -> tuple[str, ...]:
    if not outcome.capture:
        return ()
    kind = EvidenceKind.CONFIRMATION if outcome.end is LegEnd.CONFIRMED else EvidenceKind.CAPTURE
    evidence = desk.vault.evidence.store(
        errand.subject.id, kind, "image/jpeg", outcome.capture, message_id=errand.message.id
    )
    return (evidence.id,)


def _this_mail(errand: Errand) -> ConfirmEmail | ReadCode | None:
    return confirmation_of(errand.broker.flow[errand.channel.flow], errand.message.leg)


def _next_mail(errand: Errand) -> ConfirmEmail | ReadCode | None:
    flow = errand.broker.flow[errand.channel.flow]
    return confirmation_of(flow, errand.message.leg + 1)


def answers_by_mail(errand: Errand) -> bool:
    """Say whether the company mails the person, and does nothing before they answer that mail."""
    return errand.channel.confirmation == "email-reply" and _next_mail(errand) is None


def _confirm_task(
    desk: Desk, errand: Errand, mail: ConfirmEmail | ReadCode | None
) -> tuple[Task, ...]:
    now = instant(desk.clock)
    return (
        Task(
            id=new_id(),
            kind=TaskKind.CONFIRM_EMAIL,
            message_id=errand.message.id,
            request_id=errand.requests[0].id,
            minutes=3,
            not_after=now + timedelta(hours=mail.within_hours) if mail else None,
            created_at=now,
        ),
    )


def _deadlines(desk: Desk, errand: Errand) -> Mapping[RequestId, tuple[Deadline, ...]]:
    """Count from today: a web form is received when it is sent."""
    return deadlines_when_received(desk, errand, desk.today(errand.subject))
