"""The field's nouns as frozen dataclasses and enums: no I/O, standard library only."""
