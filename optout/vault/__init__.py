"""The locked folder: encrypted database, keys, outbox, evidence, backups.

    from optout.vault.create import create_vault
    from optout.vault.unlock import unlock

    with unlock(folder, clock=clock, actor="person", passphrase=ask) as vault:
        vault.requests.list(...)

Where to look, from the disk upwards:

    platform, locks     the one file of system differences; locks that end with their process
    open                the one importer of sqlcipher3; every setting, transactions, errors in words
    schema, migrations  the tables and the rules that live in them; how they grow
    folder              what lies where; a generation for each key, and the pointer that swaps it
    events              the sealed history; `witness` notes its head outside, `clock` doubts dates
    subjects … tasks    one file a noun: dataclasses in, dataclasses out, never a row
    evidence            one encrypted file a matter
    outbox              the three commits around a delivery, and what a crash left
    slots, passphrase, recovery, keyring_slot, keys    who can open the vault
    vault, create, unlock, destroy                     the open folder, and its beginning and end
    backup, backup_file, rekey, erase                  what needs the folder for itself

Each store takes the database and the history, and writes both in one transaction. Only `outbox`
moves a message towards `sent`.
"""
