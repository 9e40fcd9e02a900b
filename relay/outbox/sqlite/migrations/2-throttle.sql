-- Version 2: alerts belong to nobody's submission; domains are paced and paused; each attempt is kept.

CREATE TABLE letters_2 (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    submission TEXT REFERENCES submissions (id), -- NULL: an alert to an organiser
    campaign TEXT NOT NULL,
    kind TEXT NOT NULL,
    chamber TEXT NOT NULL,
    district TEXT NOT NULL,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    domain TEXT NOT NULL,              -- of to_email, lower case: what is paced and paused
    from_name TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    transport TEXT NOT NULL,
    state TEXT NOT NULL,
    waits TEXT NOT NULL DEFAULT '',    -- held: what for (confirmation, address, roster); else ''
    due INTEGER,                       -- queued: the next try; sending: the end of the lease; else NULL
    attempts INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0, -- how often it was refused for policy; those attempts are not counted
    claim INTEGER NOT NULL DEFAULT 0,  -- the number of the newest claim: settling with an older one is refused
    withdrawn INTEGER NOT NULL DEFAULT 0, -- taken back while on its way: never tried again
    told INTEGER NOT NULL DEFAULT 0,   -- failed, bounced: the organiser has been told
    changed_at INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO letters_2
    SELECT number, id, submission, campaign, kind, chamber, district, to_name, to_email,
        lower(substr(to_email, instr(to_email, '@') + 1)), from_name, reply_to, subject, body, transport, state,
        CASE state WHEN 'held' THEN 'confirmation' ELSE '' END, due, attempts, 0, claim, withdrawn, 0, changed_at, answer
    FROM letters;
DROP TABLE letters;
ALTER TABLE letters_2 RENAME TO letters;
CREATE INDEX letters_of_submission ON letters (submission);
CREATE INDEX letters_due ON letters (transport, domain, due, number) WHERE state IN ('queued', 'sending');
CREATE INDEX letters_withdrawn ON letters (transport, due) WHERE state = 'sending' AND withdrawn;
CREATE INDEX letters_unaddressed ON letters (campaign, chamber, district) WHERE waits = 'roster';
CREATE INDEX letters_to_offices ON letters (to_email) WHERE state IN ('queued', 'held');
CREATE INDEX letters_untold ON letters (changed_at) WHERE state IN ('failed', 'bounced') AND NOT told;

-- Every time a letter was taken to be sent: what the operator reads, and what rates and caps are counted by.
CREATE TABLE attempts (
    letter TEXT NOT NULL,
    claim INTEGER NOT NULL,
    domain TEXT NOT NULL,
    transport TEXT NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',  -- sent, failed, queued, policy; '': not known (yet)
    answer TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (letter, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_domain ON attempts (transport, domain, at);
CREATE INDEX attempts_by_time ON attempts (transport, at);

-- Campaigns and domains that nothing is sent for. until: when one letter may try; NULL: when somebody says so.
CREATE TABLE pauses (
    scope TEXT NOT NULL CHECK (scope IN ('campaign', 'domain')),
    name TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('operator', 'policy')),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    strikes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;

-- Addresses of offices that a mail server said do not exist. Letters to them are held.
CREATE TABLE suspects (
    address TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the outbox has to remember about itself: first_sent (a time), hold (why nothing may be erased).
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
