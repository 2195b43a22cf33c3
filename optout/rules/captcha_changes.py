"""Robot checks that came or went: a person answers them, and the definition has to expect them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from optout.model.change import AddCaptcha, Change, ChangeKind, Mend, NewStep
from optout.model.flow import AskPerson, Flow
from optout.model.form import SeenPage
from optout.rules.held_steps import placed
from optout.rules.new_boxes import before_the_last
from optout.text import Text

UNKNOWN: Final = "unknown"
_ANSWERS: Final = MappingProxyType(
    {
        "google-recaptcha": "#g-recaptcha-response",
        "hcaptcha": "[name='h-captcha-response']",
        "cloudflare-turnstile": "[name='cf-turnstile-response']",
    }
)
_SAY: Final = "Answer the robot check. Do not send the form yet."


def captcha_changes(flows: Mapping[str, Flow], before: SeenPage, now: SeenPage) -> Iterator[Change]:
    """Yield each robot check that is new, and tell if there is none where there was one."""
    expected = {name for name, flow in flows.items() if _asks_for_one(flow)}
    for name in now.captchas:
        if name not in before.captchas and not (name == UNKNOWN and before.captchas):
            yield _new(name, {each: flows[each] for each in flows if each not in expected})
    if before.captchas and not now.captchas:
        yield Change(
            kind=ChangeKind.CAPTCHA_GONE,
            what=Text("There is no robot check on the page any more."),
            means=Text(
                "Some show one only now and then. Where it is gone for good, take its step out: "
                "until then a person is asked for what is not there."
            ),
            look=bool(expected),
        )


def _new(name: str, unprepared: Mapping[str, Flow]) -> Change:
    mends: list[Mend] = []
    if name != UNKNOWN:
        mends.append(AddCaptcha(group=name))
        for flow_name, flow in unprepared.items():
            if (place := before_the_last(flow)) is not None:
                mends.append(NewStep(flow=flow_name, before=place, keys=_step(name)))
    return Change(
        kind=ChangeKind.CAPTCHA_NEW,
        what=Text("There is a robot check now: {name}", name=name),
        means=Text(
            "A person has to answer it, in the window. Whoever runs it learns that somebody "
            "visited the page."
        ),
        stops=bool(unprepared),
        mends=tuple(mends),
        look=name == UNKNOWN,
    )


def _step(name: str) -> Mapping[str, str]:
    done = _ANSWERS.get(name, "")
    keys = {"do": "ask_person", "reason": "captcha", "say": _SAY, "done_when": done}
    return {key: value for key, value in keys.items() if value}


def _asks_for_one(flow: Flow) -> bool:
    return any(
        isinstance(step, AskPerson) and step.reason == "captcha" for _place, step in placed(flow)
    )
