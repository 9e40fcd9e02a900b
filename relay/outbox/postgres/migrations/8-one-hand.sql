-- Version 8, what SQLite's version 9 holds: evidence of one hand, ceilings that delay, mailboxes that are never written to.
ALTER TABLE submissions ADD COLUMN evidence text NOT NULL DEFAULT ''; -- kinds of it, if it was enough; see relay.outbox.evidence

-- Erased daily, with the key of the day.
CREATE TABLE traces (
    mark bytea NOT NULL,      -- keyed hash of an address, a network, a phrase, a street, a mailbox
    person bytea NOT NULL,    -- keyed hash of who left it, or of what differs
    at bigint NOT NULL
);
CREATE INDEX traces_by_mark ON traces (mark, at);
CREATE INDEX traces_by_time ON traces (at);
CREATE TABLE day_keys (
    day text PRIMARY KEY,
    sealed bytea NOT NULL
);

-- When what waits its turn goes, for a day.
CREATE TABLE slots (
    bucket bytea NOT NULL,    -- keyed hash of a mailbox, a mail domain, or a campaign and an office
    due bigint NOT NULL,
    submission text NOT NULL    -- whose confirmation frees it; '' for mail
);
CREATE INDEX slots_by_bucket ON slots (bucket, due);
CREATE INDEX slots_by_submission ON slots (submission) WHERE submission <> '';
CREATE INDEX slots_by_time ON slots (due);

CREATE TABLE opt_outs (
    folded_key bytea PRIMARY KEY -- of a mailbox; kept for good
);

-- Mail servers' words, which may quote a letter, are no longer kept: only their code.
UPDATE letters SET answer = substr(answer, 1, 3) WHERE answer >= '200' AND answer < '600';
UPDATE letters SET answer = 'bounced' WHERE answer LIKE 'bounced:%';
UPDATE attempts SET answer = substr(answer, 1, 3) WHERE answer >= '200' AND answer < '600';
UPDATE pauses SET reason = substr(reason, 1, 3) WHERE cause = 'policy';
UPDATE suppressions SET answer = CASE WHEN answer LIKE 'bounced:%' THEN 'bounced' ELSE substr(answer, 1, 3) END;
