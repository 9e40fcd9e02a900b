-- Version 9, what SQLite's version 10 holds: an organizer may stop a campaign, too.
ALTER TABLE pauses DROP CONSTRAINT pauses_cause_check;
ALTER TABLE pauses ADD CONSTRAINT pauses_cause_check CHECK (cause IN ('operator', 'organizer', 'policy'));
