-- Version 1. Times are whole microseconds since 1970, UTC. Text that names a person is '' once erased.

CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    language TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    town TEXT NOT NULL,
    senate TEXT NOT NULL,
    house TEXT NOT NULL,
    join_list INTEGER NOT NULL,
    repeat_key BLOB NOT NULL UNIQUE,   -- keyed hashes outlive the rest: they recognise a repeat
    mailbox_key BLOB NOT NULL,
    confirm_hash BLOB NOT NULL UNIQUE, -- SHA-256: a copied database opens no link
    standing TEXT NOT NULL CHECK (standing IN ('accepted', 'held', 'confirmed', 'denied', 'expired')),
    accepted_at INTEGER NOT NULL,
    erased_at INTEGER
) STRICT;
CREATE INDEX submissions_mailbox ON submissions (mailbox_key);
CREATE INDEX submissions_to_forget ON submissions (accepted_at) WHERE erased_at IS NULL;

-- Every receipt link; a repeat's points at the first submission and is redacted.
CREATE TABLE receipts (
    hash BLOB PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submissions (id),
    redacted INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE letters (
    number INTEGER PRIMARY KEY,        -- order of acceptance
    id TEXT NOT NULL UNIQUE,
    submission TEXT NOT NULL REFERENCES submissions (id),
    campaign TEXT NOT NULL,
    kind TEXT NOT NULL,
    chamber TEXT NOT NULL,
    district TEXT NOT NULL,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    from_name TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    transport TEXT NOT NULL,
    state TEXT NOT NULL,
    due INTEGER,                       -- queued: the next try; sending: the end of the lease; else NULL
    attempts INTEGER NOT NULL DEFAULT 0,
    claim INTEGER NOT NULL DEFAULT 0,  -- the number of the newest claim: settling with an older one is refused
    withdrawn INTEGER NOT NULL DEFAULT 0, -- taken back while on its way: never tried again
    changed_at INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letters_of_submission ON letters (submission);
CREATE INDEX letters_due ON letters (transport, due, number) WHERE state IN ('queued', 'sending');
CREATE INDEX letters_withdrawn ON letters (transport, due) WHERE state = 'sending' AND withdrawn;

CREATE TABLE tallies (
    campaign TEXT NOT NULL,
    senate TEXT NOT NULL,
    house TEXT NOT NULL,
    day TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (campaign, senate, house, day)
) STRICT, WITHOUT ROWID;

-- First name and town of those who ticked the box; outlives the submission, shown once it is not held.
CREATE TABLE participants (
    submission TEXT PRIMARY KEY REFERENCES submissions (id),
    campaign TEXT NOT NULL,
    name TEXT NOT NULL,
    town TEXT NOT NULL,
    at INTEGER NOT NULL,
    visible INTEGER NOT NULL
) STRICT;
CREATE INDEX participants_newest ON participants (campaign, at) WHERE visible;
