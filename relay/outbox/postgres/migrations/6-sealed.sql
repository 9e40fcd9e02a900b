-- Version 6, what SQLite's version 7 holds: what names a person is sealed (relay.keys.keyring). '' once erased. The rows are sealed between this
-- script and the next, which drops the plain columns.
ALTER TABLE submissions ADD COLUMN sealed bytea NOT NULL DEFAULT '';     -- first and last name, email, phone, town, subject, message
ALTER TABLE letters ADD COLUMN sealed bytea NOT NULL DEFAULT '';         -- to_name, to_email, from_name, reply_to, subject, body
ALTER TABLE participants ADD COLUMN sealed bytea NOT NULL DEFAULT '';    -- name, town
ALTER TABLE submissions ADD COLUMN folded_key bytea NOT NULL DEFAULT ''; -- keyed hash of the mailbox without variants: limits only
CREATE INDEX submissions_folded ON submissions (folded_key);
