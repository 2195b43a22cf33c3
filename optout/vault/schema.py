"""The tables of the first release. Never edited after it: later changes are migrations.

Three things are held here rather than in code, so that no path around the code exists: one open
request for the same thing, one person's rows never on another's, and a history nobody rewrites.
"""

from __future__ import annotations

from typing import Final

_TABLES: Final = (
    """CREATE TABLE subject (
        id TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        zone TEXT NOT NULL,
        acting TEXT NOT NULL,
        minor_allowed_by_parent INTEGER NOT NULL,
        residences TEXT NOT NULL,
        reply_to TEXT NOT NULL
    ) STRICT""",
    # About a person who is not kept yet: there is no row of theirs to hang it on.
    """CREATE TABLE first_answer (
        place INTEGER PRIMARY KEY,
        asked_in TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE identifier (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        share TEXT NOT NULL,
        valid_from TEXT,
        valid_to TEXT
    ) STRICT""",
    """CREATE TABLE matter (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        evidence_file TEXT NOT NULL UNIQUE,
        evidence_key TEXT NOT NULL,
        number TEXT NOT NULL DEFAULT '',
        responsible TEXT NOT NULL DEFAULT '',
        hold INTEGER NOT NULL DEFAULT 0,
        keep_until TEXT,
        opened_at TEXT NOT NULL,
        closed_at TEXT
    ) STRICT""",
    """CREATE TABLE authorization (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        kind TEXT NOT NULL,
        reference TEXT NOT NULL,
        agent TEXT NOT NULL,
        agent_lines TEXT NOT NULL DEFAULT '[]',
        scope TEXT NOT NULL,
        written_on TEXT NOT NULL,
        signed_on TEXT,
        expires_on TEXT NOT NULL,
        revoked_on TEXT,
        evidence_id TEXT NOT NULL DEFAULT '',
        document_sha256 TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    # Printed for one client and to be signed, besides what they allow (authorization).
    """CREATE TABLE paper (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        kind TEXT NOT NULL,
        reference TEXT NOT NULL UNIQUE,
        language TEXT NOT NULL,
        draft INTEGER NOT NULL,
        written_on TEXT NOT NULL,
        signed_on TEXT,
        evidence_id TEXT NOT NULL DEFAULT '',
        document_sha256 TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE party (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        role TEXT NOT NULL,
        name TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE conflict_check (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        checked_on TEXT NOT NULL,
        checked_by TEXT NOT NULL,
        names TEXT NOT NULL,
        hits INTEGER NOT NULL,
        result TEXT NOT NULL,
        note TEXT
    ) STRICT""",
    # The fingerprint of a row of a spreadsheet: the same row again is told from a new one.
    """CREATE TABLE imported (
        sha256 TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE
    ) STRICT""",
    """CREATE TABLE listing (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        broker TEXT NOT NULL,
        url TEXT NOT NULL,
        shown TEXT NOT NULL,
        state TEXT NOT NULL,
        verdict TEXT NOT NULL,
        decided_by TEXT NOT NULL,
        key TEXT NOT NULL DEFAULT '',
        searched_as TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '[]',
        first_on TEXT,
        seen_on TEXT,
        looked_on TEXT,
        absent_on TEXT,
        gone_on TEXT,
        back_on TEXT
    ) STRICT""",
    # One search for one person at one company. It has no message: nothing is asked of anybody.
    """CREATE TABLE search (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        broker TEXT NOT NULL,
        searched_as TEXT NOT NULL,
        digest TEXT NOT NULL,
        approved_by TEXT NOT NULL,
        definition_sha256 TEXT NOT NULL,
        ended TEXT NOT NULL CHECK (ended IN ('looking', 'found', 'nothing', 'not-understood',
            'stopped', 'not-reached')),
        rows INTEGER NOT NULL DEFAULT 0,
        evidence_id TEXT NOT NULL DEFAULT '',
        began_at TEXT NOT NULL,
        ended_at TEXT
    ) STRICT""",
    """CREATE TABLE sighting (
        listing_id TEXT NOT NULL REFERENCES listing ON DELETE CASCADE,
        search_id TEXT NOT NULL REFERENCES search ON DELETE CASCADE,
        on_day TEXT NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (listing_id, search_id)
    ) STRICT""",
    """CREATE TABLE request (
        id TEXT PRIMARY KEY,
        reference TEXT NOT NULL UNIQUE,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        broker TEXT NOT NULL,
        "right" TEXT NOT NULL,
        listing_id TEXT NOT NULL DEFAULT '',
        law TEXT NOT NULL,
        law_sha256 TEXT NOT NULL,
        presence TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN
            ('open', 'in_progress', 'fulfilled', 'denied', 'expired', 'revoked')),
        reason TEXT,
        received_on TEXT,
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE message (
        id TEXT PRIMARY KEY,
        reference TEXT NOT NULL UNIQUE,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        purpose TEXT NOT NULL,
        broker TEXT NOT NULL,
        channel_right TEXT NOT NULL,
        by TEXT NOT NULL,
        channel_key TEXT NOT NULL,
        leg INTEGER NOT NULL,
        delivery TEXT NOT NULL CHECK (delivery IN
            ('draft', 'ready', 'filling', 'sending', 'sent', 'unknown', 'failed', 'handed_over')),
        seen_by_broker INTEGER NOT NULL,
        posted_on TEXT,
        tracking TEXT NOT NULL,
        broker_reference TEXT NOT NULL,
        not_after TEXT,
        said TEXT NOT NULL DEFAULT '',
        as_agent INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE message_request (
        message_id TEXT NOT NULL REFERENCES message ON DELETE CASCADE,
        request_id TEXT NOT NULL REFERENCES request ON DELETE CASCADE,
        place INTEGER NOT NULL,
        PRIMARY KEY (message_id, request_id)
    ) STRICT""",
    """CREATE TABLE approval (
        id TEXT PRIMARY KEY,
        message_id TEXT NOT NULL REFERENCES message ON DELETE CASCADE,
        digest TEXT NOT NULL,
        approved_by TEXT NOT NULL,
        approved_at TEXT NOT NULL,
        spent_at TEXT
    ) STRICT""",
    """CREATE TABLE attempt (
        id TEXT PRIMARY KEY,
        message_id TEXT NOT NULL REFERENCES message ON DELETE CASCADE,
        approval_id TEXT NOT NULL REFERENCES approval ON DELETE CASCADE,
        delivery TEXT NOT NULL,
        payload_sha256 TEXT NOT NULL,
        definition_sha256 TEXT NOT NULL,
        letter_sha256 TEXT NOT NULL,
        code TEXT NOT NULL DEFAULT '',
        began_at TEXT NOT NULL,
        sending_at TEXT,
        ended_at TEXT
    ) STRICT""",
    """CREATE TABLE disclosure (
        id INTEGER PRIMARY KEY,
        attempt_id TEXT REFERENCES attempt ON DELETE CASCADE,
        search_id TEXT REFERENCES search ON DELETE CASCADE,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        recipient TEXT NOT NULL,
        company TEXT NOT NULL,
        broker TEXT NOT NULL,
        field TEXT NOT NULL,
        new_to_them INTEGER NOT NULL,
        at TEXT NOT NULL,
        CHECK ((attempt_id IS NULL) <> (search_id IS NULL))
    ) STRICT""",
    """CREATE TABLE task (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        message_id TEXT REFERENCES message ON DELETE CASCADE,
        request_id TEXT REFERENCES request ON DELETE CASCADE,
        minutes INTEGER NOT NULL,
        not_after TEXT,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        CHECK (message_id IS NOT NULL OR request_id IS NOT NULL)
    ) STRICT""",
    """CREATE TABLE deadline (
        id TEXT PRIMARY KEY,
        request_id TEXT NOT NULL REFERENCES request ON DELETE CASCADE,
        kind TEXT NOT NULL,
        due_on TEXT NOT NULL,
        basis TEXT NOT NULL,
        grace_until TEXT NOT NULL,
        law TEXT,
        met INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE correspondence (
        id TEXT PRIMARY KEY,
        request_id TEXT NOT NULL REFERENCES request ON DELETE CASCADE,
        answer TEXT NOT NULL,
        received_on TEXT NOT NULL,
        exemption TEXT NOT NULL,
        note TEXT,
        evidence_id TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE evidence (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        matter_id TEXT NOT NULL REFERENCES matter ON DELETE CASCADE,
        message_id TEXT REFERENCES message ON DELETE CASCADE,
        request_id TEXT REFERENCES request ON DELETE CASCADE,
        kind TEXT NOT NULL,
        media_type TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # Outlives an erasure: whoever asked for it must still be told which files are out there.
    """CREATE TABLE export (
        id TEXT PRIMARY KEY,
        subject_id TEXT REFERENCES subject ON DELETE SET NULL,
        path TEXT NOT NULL,
        what TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        at TEXT NOT NULL,
        deleted_at TEXT
    ) STRICT""",
    """CREATE TABLE backup (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE note (
        id TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        request_id TEXT REFERENCES request ON DELETE CASCADE,
        text TEXT NOT NULL,
        salt TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # Outside the catalog: the name tells whom somebody asked, so it goes when they go.
    """CREATE TABLE company (
        slug TEXT PRIMARY KEY,
        subject_id TEXT NOT NULL REFERENCES subject ON DELETE CASCADE,
        written_on TEXT NOT NULL,
        definition TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        code TEXT NOT NULL,
        ids TEXT NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT""",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE slot (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        label TEXT NOT NULL,
        added_at TEXT NOT NULL
    ) STRICT""",
    # Kept by triggers, so that `status` counts a million requests without reading them.
    """CREATE TABLE tally (
        of TEXT NOT NULL,
        state TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (of, state)
    ) STRICT""",
)

_INDEXES: Final = (
    "CREATE INDEX identifier_subject ON identifier (subject_id)",
    "CREATE INDEX matter_subject ON matter (subject_id)",
    "CREATE INDEX authorization_subject ON authorization (subject_id)",
    "CREATE INDEX paper_subject ON paper (subject_id)",
    "CREATE INDEX party_subject ON party (subject_id)",
    "CREATE INDEX conflict_check_subject ON conflict_check (subject_id)",
    "CREATE INDEX imported_subject ON imported (subject_id)",
    "CREATE INDEX listing_subject ON listing (subject_id)",
    """CREATE UNIQUE INDEX listing_kept_once ON listing (subject_id, broker, key)
        WHERE key <> ''""",
    "CREATE INDEX listing_to_review ON listing (subject_id) WHERE verdict = 'unsure'",
    "CREATE INDEX listing_own ON listing (subject_id) WHERE verdict = 'same'",
    "CREATE INDEX search_subject ON search (subject_id)",
    "CREATE INDEX search_running ON search (id) WHERE ended = 'looking'",
    "CREATE INDEX sighting_search ON sighting (search_id)",
    "CREATE INDEX disclosure_search ON disclosure (search_id)",
    # SQLite takes two NULLs for different, so a missing listing is '' and never NULL.
    """CREATE UNIQUE INDEX request_asked_once ON request (subject_id, broker, "right", listing_id)
        WHERE status IN ('open', 'in_progress')""",
    "CREATE INDEX request_subject ON request (subject_id)",
    "CREATE INDEX request_status ON request (status)",
    "CREATE INDEX request_broker ON request (broker)",
    "CREATE INDEX message_subject ON message (subject_id)",
    "CREATE INDEX message_delivery ON message (delivery)",
    "CREATE INDEX message_request_request ON message_request (request_id)",
    "CREATE INDEX approval_message ON approval (message_id, digest)",
    "CREATE INDEX attempt_message ON attempt (message_id)",
    "CREATE INDEX attempt_approval ON attempt (approval_id)",
    """CREATE UNIQUE INDEX attempt_running ON attempt (message_id)
        WHERE delivery IN ('filling', 'sending')""",
    "CREATE INDEX disclosure_attempt ON disclosure (attempt_id)",
    "CREATE INDEX disclosure_subject ON disclosure (subject_id)",
    "CREATE INDEX task_open ON task (not_after) WHERE state = 'open'",
    "CREATE INDEX task_message ON task (message_id)",
    "CREATE INDEX task_request ON task (request_id)",
    "CREATE INDEX deadline_open ON deadline (due_on) WHERE met = 0",
    "CREATE INDEX deadline_request ON deadline (request_id)",
    "CREATE INDEX correspondence_request ON correspondence (request_id)",
    "CREATE INDEX evidence_subject ON evidence (subject_id)",
    "CREATE INDEX evidence_matter ON evidence (matter_id)",
    "CREATE INDEX evidence_message ON evidence (message_id)",
    "CREATE INDEX evidence_request ON evidence (request_id)",
    "CREATE INDEX export_subject ON export (subject_id)",
    "CREATE INDEX company_subject ON company (subject_id)",
    "CREATE INDEX note_subject ON note (subject_id)",
    "CREATE INDEX note_request ON note (request_id)",
)


def _same_subject(table: str, column: str, other: str) -> str:
    """Refuse a row of `table` whose `column` points to another person's `other`."""
    return f"""CREATE TRIGGER {table}_{column}_same_subject BEFORE INSERT ON {table}
        WHEN coalesce(new.{column}, '') <> '' AND NOT EXISTS (
            SELECT 1 FROM {other} WHERE id = new.{column} AND subject_id = new.subject_id)
        BEGIN SELECT raise(ABORT, 'another person''s {other}'); END"""  # noqa: S608 - our own names


def _keeps_subject(table: str) -> str:
    return f"""CREATE TRIGGER {table}_keeps_subject BEFORE UPDATE OF id, subject_id ON {table}
        WHEN new.id IS NOT old.id OR new.subject_id IS NOT old.subject_id
        BEGIN SELECT raise(ABORT, 'a row never changes its person'); END"""


def _keeps_tally(table: str, column: str) -> tuple[str, ...]:
    def step(row: str, by: int) -> str:
        return f"""INSERT INTO tally VALUES ('{table}', {row}.{column}, {by})
            ON CONFLICT DO UPDATE SET count = count + {by};"""  # noqa: S608 - our own names

    return (
        f"""CREATE TRIGGER {table}_tally_added AFTER INSERT ON {table}
            BEGIN {step("new", 1)} END""",
        f"""CREATE TRIGGER {table}_tally_gone AFTER DELETE ON {table}
            BEGIN {step("old", -1)} END""",
        f"""CREATE TRIGGER {table}_tally_moved AFTER UPDATE OF {column} ON {table}
            BEGIN {step("old", -1)} {step("new", 1)} END""",
    )


_TRIGGERS: Final = (
    _same_subject("request", "listing_id", "listing"),
    _same_subject("evidence", "matter_id", "matter"),
    _same_subject("evidence", "message_id", "message"),
    _same_subject("evidence", "request_id", "request"),
    _same_subject("note", "request_id", "request"),
    """CREATE TRIGGER message_request_same_subject BEFORE INSERT ON message_request
        WHEN (SELECT subject_id FROM message WHERE id = new.message_id)
            IS NOT (SELECT subject_id FROM request WHERE id = new.request_id)
        BEGIN SELECT raise(ABORT, 'another person''s request'); END""",
    """CREATE TRIGGER attempt_same_message BEFORE INSERT ON attempt
        WHEN (SELECT message_id FROM approval WHERE id = new.approval_id) IS NOT new.message_id
        BEGIN SELECT raise(ABORT, 'another message''s approval'); END""",
    """CREATE TRIGGER disclosure_same_subject BEFORE INSERT ON disclosure
        WHEN new.attempt_id IS NOT NULL AND (SELECT subject_id FROM message WHERE id =
            (SELECT message_id FROM attempt WHERE id = new.attempt_id)) IS NOT new.subject_id
        BEGIN SELECT raise(ABORT, 'another person''s attempt'); END""",
    _same_subject("disclosure", "search_id", "search"),
    """CREATE TRIGGER search_evidence_same_subject BEFORE UPDATE OF evidence_id ON search
        WHEN new.evidence_id <> '' AND NOT EXISTS (SELECT 1 FROM evidence
            WHERE id = new.evidence_id AND subject_id = new.subject_id)
        BEGIN SELECT raise(ABORT, 'another person''s evidence'); END""",
    """CREATE TRIGGER sighting_same_subject BEFORE INSERT ON sighting
        WHEN (SELECT subject_id || broker FROM listing WHERE id = new.listing_id)
            IS NOT (SELECT subject_id || broker FROM search WHERE id = new.search_id)
        BEGIN SELECT raise(ABORT, 'another person''s listing'); END""",
    # A page that nobody understood says nothing about anybody, least of all that they are gone.
    """CREATE TRIGGER sighting_needs_its_control BEFORE INSERT ON sighting
        WHEN (SELECT ended FROM search WHERE id = new.search_id) NOT IN ('found', 'nothing')
        BEGIN SELECT raise(ABORT, 'this page proves nothing'); END""",
    """CREATE TRIGGER listing_begins BEFORE INSERT ON listing
        WHEN new.state NOT IN ('not-seen', 'seen')
        BEGIN SELECT raise(ABORT, 'a listing begins with being seen'); END""",
    """CREATE TRIGGER listing_life BEFORE UPDATE OF state ON listing
        WHEN new.state IS NOT old.state AND (old.state || '>' || new.state) NOT IN (
            'not-seen>seen', 'seen>absent-once', 'absent-once>seen', 'absent-once>absent',
            'absent>reappeared', 'reappeared>absent-once')
        BEGIN SELECT raise(ABORT, 'that cannot follow from what was seen'); END""",
    """CREATE TRIGGER listing_gone_after_two_looks BEFORE UPDATE OF state ON listing
        WHEN new.state = 'absent' AND old.state IS NOT 'absent'
            AND (julianday(new.gone_on) - julianday(old.absent_on) >= 3) IS NOT TRUE
        BEGIN SELECT raise(ABORT, 'gone only after two looks, three days apart'); END""",
    """CREATE TRIGGER listing_keeps_key BEFORE UPDATE OF key, broker ON listing
        WHEN new.key IS NOT old.key OR new.broker IS NOT old.broker
        BEGIN SELECT raise(ABORT, 'a listing never becomes another'); END""",
    # What a person called a stranger's, or has not looked at, is never filed (T9).
    """CREATE TRIGGER request_for_own_listing BEFORE INSERT ON request
        WHEN new.listing_id <> '' AND NOT EXISTS (SELECT 1 FROM listing
            WHERE id = new.listing_id AND verdict = 'same' AND broker = new.broker)
        BEGIN SELECT raise(ABORT, 'nobody said that this listing is the person'); END""",
    """CREATE TRIGGER correspondence_same_subject BEFORE INSERT ON correspondence
        WHEN new.evidence_id <> ''
            AND (SELECT subject_id FROM evidence WHERE id = new.evidence_id)
            IS NOT (SELECT subject_id FROM request WHERE id = new.request_id)
        BEGIN SELECT raise(ABORT, 'another person''s evidence'); END""",
    """CREATE TRIGGER request_keeps_listing BEFORE UPDATE OF listing_id ON request
        WHEN new.listing_id IS NOT old.listing_id
        BEGIN SELECT raise(ABORT, 'a request never changes its listing'); END""",
    *(
        f"""CREATE TRIGGER {table}_same_subject BEFORE UPDATE OF evidence_id ON {table}
        WHEN new.evidence_id <> '' AND NOT EXISTS (SELECT 1 FROM evidence
            WHERE id = new.evidence_id AND subject_id = new.subject_id)
        BEGIN SELECT raise(ABORT, 'another person''s evidence'); END"""  # noqa: S608 - our own names
        for table in ("authorization", "paper")
    ),
    _same_subject("authorization", "evidence_id", "evidence"),
    *map(
        _keeps_subject,
        (
            *("request", "message", "listing", "matter", "evidence", "note"),
            *("authorization", "paper", "party", "conflict_check", "search"),
        ),
    ),
    """CREATE TRIGGER event_stays BEFORE UPDATE ON event
        BEGIN SELECT raise(ABORT, 'history is never changed'); END""",
    """CREATE TRIGGER event_remains BEFORE DELETE ON event
        BEGIN SELECT raise(ABORT, 'history is never changed'); END""",
    *_keeps_tally("request", "status"),
    *_keeps_tally("message", "delivery"),
)

FIRST_SCHEMA: Final = (*_TABLES, *_INDEXES, *_TRIGGERS)

EVIDENCE_SCHEMA: Final = """CREATE TABLE IF NOT EXISTS proof (
    id TEXT PRIMARY KEY,
    message_id TEXT,
    request_id TEXT,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT"""
"""A matter's own file: each proof beside its card, so that a lost card can be written again."""
