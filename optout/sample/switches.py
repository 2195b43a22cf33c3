"""What can be made to go wrong at a practice company."""

from __future__ import annotations

from enum import StrEnum


class Switch(StrEnum):
    """One misbehaviour that real companies' pages have shown."""

    SLOW = "slow"  # every page takes its time
    DOWN = "down"  # nobody answers: connection refused; mail is put off (451)
    HANGS = "hangs"  # takes the request, then never answers
    REDIRECT_302 = "redirect-302"  # the first page sends visitors to another host
    REDIRECT_307 = "redirect-307"  # submit is re-posted, body and all, to another host
    DROPS_VALUE = "drops-value"  # a script clears the e-mail box again
    CHANGED_FORM = "changed-form"  # the e-mail box has another name and label now
    HONEYPOT = "honeypot"  # a box no person can see, labelled like the e-mail box
    DUPLICATE = "duplicate"  # a newsletter box labelled like the e-mail box
    KEYSTROKE_SPY = "keystroke-spy"  # each key stroke goes to another host
    UPSELL = "upsell"  # an offer is shown instead of a confirmation
    WRONG_NAME = "wrong-name"  # the confirmation names somebody else
    NO_CONFIRMATION = "no-confirmation"  # takes the request, shows a page that says nothing
    REFUSES = "refuses"  # "We could not process your request"; mail is refused (550)
    KEEPS_RECORD = "keeps-record"  # says that a record is removed, and goes on showing it
    COMES_BACK = "comes-back"  # what was removed is shown again
    BOT_WALL = "bot-wall"  # results only behind “are you a person?”
    SESSION_EXPIRES = "session-expires"  # forgets the visit before it shows results
    EMPTY_PAGE = "empty-page"  # results are a heading and nothing else
    CHANGED_RESULTS = "changed-results"  # the rows are built otherwise now
    NAMELESS_ROW = "nameless-row"  # the first row has no name
    MANY_ROWS = "many-rows"  # ten thousand strangers and one
    ENDLESS_REDIRECT = "endless-redirect"  # the first page leads to itself, for ever
    FORGED_MAIL = "forged-mail"  # a look-alike mail arrives before the real one
