"""Definitions and laws: `brokers/` and `letters/laws/` read into the model, checked, compared.

brokers.py      one folder a broker: find, list, load; those that are gone
laws.py         one file a law; law_lint.py what must hold in each; shipped_law.py one, read quickly
asset_hosts.py  foreign hosts by name, from the maintainers' file
examples.py     the saved pages that stand in for a live site
schema.py       the closed schema, made from the model's dataclasses
files.py        a file into a dataclass, or every reason why not
mending.py      schema errors into sentences that repair; lines.py finds their lines
registry.py     companies of a state's list, for looking up; registry_csv.py reads the list as
                filed, registry_contacts.py tells a desk's contact from a person's
lint.py         every check of checks/ over one definition
"""
