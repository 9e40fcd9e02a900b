-- Version 9: evidence of one hand, ceilings that delay, mailboxes that are never written to.
ALTER TABLE submissions ADD COLUMN evidence TEXT NOT NULL DEFAULT ''; -- kinds of it, if it was enough; see relay.outbox.evidence

-- Erased daily, with the key of the day.
CREATE TABLE traces (
    mark BLOB NOT NULL,      -- keyed hash of an address, a network, a phrase, a street, a mailbox
    person BLOB NOT NULL,    -- keyed hash of who left it, or of what differs
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX traces_by_mark ON traces (mark, at);
CREATE INDEX traces_by_time ON traces (at);
CREATE TABLE day_keys (
    day TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- When what waits its turn goes, for a day.
CREATE TABLE slots (
    bucket BLOB NOT NULL,    -- keyed hash of a mailbox, a mail domain, or a campaign and an office
    due INTEGER NOT NULL,
    submission TEXT NOT NULL    -- whose confirmation frees it; '' for mail
) STRICT;
CREATE INDEX slots_by_bucket ON slots (bucket, due);
CREATE INDEX slots_by_submission ON slots (submission) WHERE submission <> '';
CREATE INDEX slots_by_time ON slots (due);

CREATE TABLE opt_outs (
    folded_key BLOB PRIMARY KEY -- of a mailbox; kept for good
) STRICT;

-- Mail servers' words, which may quote a letter, are no longer kept: only their code.
UPDATE letters SET answer = substr(answer, 1, 3) WHERE answer >= '200' AND answer < '600';
UPDATE letters SET answer = 'bounced' WHERE answer LIKE 'bounced:%';
UPDATE attempts SET answer = substr(answer, 1, 3) WHERE answer >= '200' AND answer < '600';
UPDATE pauses SET reason = substr(reason, 1, 3) WHERE cause = 'policy';
UPDATE suppressions SET answer = CASE WHEN answer LIKE 'bounced:%' THEN 'bounced' ELSE substr(answer, 1, 3) END;
