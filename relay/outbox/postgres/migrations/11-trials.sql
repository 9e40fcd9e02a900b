-- Version 11, what SQLite's version 12 holds: a suppression ends by itself after a trial that passes, and a pause that
-- reports began likewise.
ALTER TABLE suppressions ADD COLUMN until bigint NOT NULL DEFAULT 0;          -- when one letter may try
ALTER TABLE suppressions ADD COLUMN failed_trials integer NOT NULL DEFAULT 0;
ALTER TABLE suppressions ADD COLUMN trial text NOT NULL DEFAULT '';           -- the letter that tries; '': none
ALTER TABLE suppressions ADD COLUMN reported boolean NOT NULL DEFAULT false;  -- the organizers were told
ALTER TABLE pauses ADD COLUMN by_report boolean NOT NULL DEFAULT false;       -- letters came back that had been accepted
ALTER TABLE pauses ADD COLUMN trial text NOT NULL DEFAULT '';                 -- the letter that was accepted since; '': none
ALTER TABLE pauses ADD COLUMN reported boolean NOT NULL DEFAULT false;
UPDATE pauses SET reported = true;
