"""The sheets of labels that offices buy: where each label lies, in inches on US letter paper.

Facts of the sheets as their maker draws them: 5160 has 3 × 10 labels of 1 × 2 5/8, 5163 has 2 × 5
labels of 2 × 4. Each sheet fills the page evenly, which the tests add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """How labels lie on a sheet; all measures in inches."""

    columns: int
    rows: int
    width: float  # of one label
    height: float
    left: float  # from the paper's edge to the first label
    top: float
    across: float  # from one label's left edge to the next one's
    down: float  # from one label's top edge to the next one's
    return_address: bool  # whether a label has room for the sender's too

    @property
    def count(self) -> int:
        """Return how many labels are on one sheet."""
        return self.columns * self.rows


LABEL_SHEETS: Final = MappingProxyType(
    {
        "5160": LabelSheet(
            columns=3,
            rows=10,
            width=2.625,
            height=1.0,
            left=0.1875,
            top=0.5,
            across=2.75,
            down=1.0,
            return_address=False,
        ),
        "5163": LabelSheet(
            columns=2,
            rows=5,
            width=4.0,
            height=2.0,
            left=0.15625,
            top=0.5,
            across=4.1875,
            down=2.0,
            return_address=True,
        ),
    }
)
