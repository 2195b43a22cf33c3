"""The locked folder: encrypted database, keys, outbox, evidence, backups."""
