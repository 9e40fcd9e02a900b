-- Version 10, what SQLite's version 11 holds: a post that comes again because its answer was lost gets another link to the
-- first receipt.
CREATE TABLE retries (
    mark bytea PRIMARY KEY,  -- keyed hash of a letter and of the key its page made, or of the address it came from
    submission text NOT NULL REFERENCES submissions (id),
    until bigint NOT NULL
);
CREATE INDEX retries_by_submission ON retries (submission);
CREATE INDEX retries_by_time ON retries (until);
-- Whether a letter begins with a reason of its writer's own. It is counted, and outlives the words.
ALTER TABLE submissions ADD COLUMN gave_reason boolean NOT NULL DEFAULT false;
