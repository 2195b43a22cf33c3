"""The few lines of script of ours that stand in an example for what a company's scripts did.

Nothing here comes from a page: lists that open, a next step, a robot check that a person ticks, a
frame. Whatever other script stands in an example, somebody has to have looked at it.
"""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Final

# Stand-ins for what the company's scripts do. Nothing here comes from the page.
_BEGIN: Final = """\
    "use strict";
    const form = document.querySelector("form");
    const all = (selector) => [...document.querySelectorAll(selector)];
"""
_HANDS: Final = """\
    // Whatever is left to a person: a click on one answers all that have the same reason.
    const answer = (one) => {
      if (one.matches("[type=checkbox], [type=radio]")) one.checked = true;
      else if (one.matches("select")) one.selectedIndex = one.options.length - 1;
      else {
        if (one.type === "file") one.type = "text";
        one.value = "Written by a person.";
      }
    };
    addEventListener("click", (event) => {
      const hand = event.target.closest("[data-by-hand]");
      if (!hand) return;
      if (hand.matches("[type=file]")) event.preventDefault();
      const same = all(`[data-by-hand="${hand.dataset.byHand}"]`);
      setTimeout(() => same.forEach(answer));
      if (hand.dataset.byHand === "captcha")
        for (const one of all("[data-answer]")) one.value = "stand-in-token";
    });
"""
_STEPS: Final = """\
    addEventListener("click", (event) => {
      const step = event.target.closest("[data-next]")?.closest("[data-step]");
      if (!step) return;
      step.hidden = true;
      step.nextElementSibling.hidden = false;
    });
"""
_SENDS: Final = """\
    addEventListener("click", (event) => {
      if (event.target.closest("[data-sends]")) form.requestSubmit();
    });
"""
_LISTS: Final = """\
    for (const list of all("[data-of]")) {
      const box = all("[role=combobox], [aria-haspopup=listbox]")
        .find((one) => one.nextElementSibling === list || one.name === list.dataset.of);
      if (!box) continue;
      const isTyped = box.matches("input");
      const sent = isTyped ? box : document.createElement("input");
      if (!isTyped) form.append(Object.assign(sent, { type: "hidden", name: list.dataset.of }));
      box.addEventListener(isTyped ? "input" : "click", () => { list.hidden = false; });
      for (const option of list.children) option.addEventListener("click", () => {
        sent.value = option.textContent;
        if (!isTyped) box.textContent = option.textContent;
        option.setAttribute("aria-selected", "true");
        list.hidden = true;
      });
    }
"""
_FRAME: Final = """\
    const frame = document.createElement('iframe');
    frame.width = 800;
    frame.height = 1600;
    frame.src = [%s].join('/');
    document.body.append(frame);
"""
_NEEDED_FOR: Final = (
    ("data-by-hand=", _HANDS),
    (" data-next", _STEPS),
    (" data-sends", _SENDS),
    ("data-of=", _LISTS),
)


def scripts_for(form: str) -> str:
    """Return only those stand-ins that this form needs, as its script element."""
    needed = "".join(script for mark, script in _NEEDED_FOR if mark in form)
    return f"  <script>\n{_BEGIN}{needed}  </script>\n" if needed else ""


def frame_script(address: str) -> str:
    """Return the script element that shows this address in a frame of the page."""
    scheme, rest = address.split("://", 1)
    parts = ", ".join(json.dumps(part) for part in (f"{scheme}:", "", *rest.split("/")))
    return f"  <script>\n{_FRAME % parts}  </script>\n"


def is_stand_in(script: str) -> bool:
    """Say whether this is the inside of a script element that we write ourselves."""
    return _bare(script) in _WHOLE or _FRAMED.fullmatch(_bare(script)) is not None


def _bare(script: str) -> str:
    return "\n".join(line.strip() for line in script.strip().splitlines())


_WHOLE: Final = frozenset(
    _bare(_BEGIN + "".join(chosen))
    for chosen in product(*(("", script) for _mark, script in _NEEDED_FOR))
)
# An address in parts: only what stands in an address, so nothing ends the words or the script.
_PART: Final = r"\"[A-Za-z0-9.:%_~!$&'()*+,;=@|^\[\]-]*\""
_FRAMED: Final = re.compile(re.escape(_bare(_FRAME)).replace("%s", rf"{_PART}(?:, {_PART})*"))
