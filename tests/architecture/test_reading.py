"""What people read is easy to read: school grade 6, by Flesch and Kincaid's own formula."""

from __future__ import annotations

import re
import statistics
from typing import Final

from optout.locale.catalog import collect
from optout.workflows.truth import TRUTH

GRADE: Final = 6
HARDEST: Final = 12  # of single sentences, where one long word weighs much
LEGALESE: Final = (
    "Notwithstanding the aforementioned provisions, the undersigned hereby irrevocably authorizes "
    "the dissemination of personally identifiable information to affiliated organizations."
)


def grade(text: str) -> float:
    """Return the school grade: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?]+(?:\s|$)", text) if re.search("[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(map(syllables_of, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def syllables_of(word: str) -> int:
    """Count vowel groups; a silent ending is none."""
    spoken = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))


def shown() -> list[str]:
    """Return every sentence of six words or more, its values and commands as one short word."""
    texts = [re.sub(r"\{\w*\}|optout( [a-z-]+)+|--[\w-]+", "it", m.one) for m in collect()]
    return [text for text in texts if len(text.split()) >= 6]


def test_the_truth_is_easy_to_read() -> None:
    for text in TRUTH:
        assert grade(text.english()) <= GRADE + 2, text.english()
    assert grade(" ".join(text.english() for text in TRUTH)) <= GRADE


def test_every_screen_is_easy_to_read() -> None:
    grades = {text: grade(text) for text in shown()}
    assert len(grades) > 300
    assert statistics.mean(grades.values()) <= GRADE
    assert {text: g for text, g in grades.items() if g > HARDEST} == {}


def test_legalese_would_be_found() -> None:
    """The control."""
    assert grade(LEGALESE) > HARDEST
    assert grade("You choose and you sign.") < GRADE
