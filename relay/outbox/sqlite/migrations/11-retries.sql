-- Version 11: a post that comes again because its answer was lost gets another link to the first receipt.
CREATE TABLE retries (
    mark BLOB PRIMARY KEY,  -- keyed hash of a letter and of the key its page made, or of the address it came from
    submission TEXT NOT NULL REFERENCES submissions (id),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX retries_by_submission ON retries (submission);
CREATE INDEX retries_by_time ON retries (until);
-- Whether a letter begins with a reason of its writer's own. It is counted, and outlives the words.
ALTER TABLE submissions ADD COLUMN gave_reason INTEGER NOT NULL DEFAULT 0;
