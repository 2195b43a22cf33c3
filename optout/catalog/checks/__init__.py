"""One check a file: id, why, and a function that yields every finding with its repair.

`optout.catalog.lint` runs them all. Adding a rule is adding a file here and its name there.
"""
