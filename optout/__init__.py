"""optout: ask data brokers to stop selling, delete or show one person's records.

Four things are kept strictly apart: what is true about brokers (`brokers/`), what we say and
on which law (`letters/`), what is allowed and when (`optout.rules`), and what we did
(`optout.vault`). A workflow reads the first three, asks the person, writes the intention into
the vault, performs one side effect through an adapter, and writes the outcome.

    cli ──► workflows ──► catalog  drafting  vault  browser  mail ──► rules ──► model ─► errors

Arrows only to the right; the five adapters never import each other. `web` (the local page) stands
beside `cli`: another face of the same workflows. `sample` (the built-in practice companies) may
import everything but these two. `tests/architecture` holds this.
"""

__version__ = "0.1.0"
