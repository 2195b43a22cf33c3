"""What this does and does not do, in plain words: at the start, in the plan, in the README."""

from __future__ import annotations

from optout.model.broker import Broker
from optout.model.words import Grade
from optout.text import Text

TRUTH = (
    Text(
        "This can make some companies sell less about you. It does not hide you from ICE. ICE "
        "also uses government files, court and jail records, and products that these laws do "
        "not reach. Nobody outside can see what an officer sees."
    ),
    Text("The company keeps a record that you asked."),
    Text(
        "It does not change what you must tell an immigration court or USCIS. If you have a court "
        "case, keep your address there up to date: form EOIR-33, within five working days of "
        "moving. A missed notice can end in an order to leave."
    ),
    Text(
        "This gives information. It is not a lawyer, and it does not replace one. You choose and "
        "you sign. It is free: nobody may charge you in our name. In the United States a notary "
        "public is not a lawyer."
    ),
    Text(
        "Afterwards some things can get harder: instant identity checks, credit, apartment, job "
        "and benefits checks. A Work Number freeze can block them. Most of it can be "
        "undone: the plan says how."
    ),
    Text(
        "'Sent' does not mean 'it arrived'. 'They wrote that they deleted it' does not mean 'it "
        "is gone'. For LexisNexis, CLEAR and Equifax nothing can be checked from outside."
    ),
    Text(
        "'Erased' means gone from this folder. It does not mean gone from backups, files you "
        "saved, paper, or worn-out disks."
    ),
)


def live_checks(brokers: tuple[Broker, ...]) -> Text:
    """Say how many of the shipped web forms anybody has seen on the live site."""
    with_form = [broker for broker in brokers if broker.flow and not broker.sample]
    seen = [b for b in with_form if b.grade in {Grade.VERIFIED, Grade.TESTED} and b.verified_on]
    newest = max((b.verified_on for b in seen if b.verified_on), default=None)
    if newest is None:
        return Text(
            "Checked on the live site so far: 0 of {all} web forms. The first real use may meet a "
            "changed page; then you go on by hand, with our notes.",
            all=len(with_form),
        )
    return Text(
        "Checked on the live site so far: {seen} of {all} web forms, the last on {day}.",
        seen=len(seen),
        all=len(with_form),
        day=newest.isoformat(),
    )
