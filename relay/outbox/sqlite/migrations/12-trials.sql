-- Version 12: a suppression ends by itself after a trial that passes, and a pause that reports began likewise.
ALTER TABLE suppressions ADD COLUMN until INTEGER NOT NULL DEFAULT 0;         -- when one letter may try
ALTER TABLE suppressions ADD COLUMN failed_trials INTEGER NOT NULL DEFAULT 0;
ALTER TABLE suppressions ADD COLUMN trial TEXT NOT NULL DEFAULT '';           -- the letter that tries; '': none
ALTER TABLE suppressions ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;      -- the organizers were told
ALTER TABLE pauses ADD COLUMN by_report INTEGER NOT NULL DEFAULT 0;           -- letters came back that had been accepted
ALTER TABLE pauses ADD COLUMN trial TEXT NOT NULL DEFAULT '';                 -- the letter that was accepted since; '': none
ALTER TABLE pauses ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;
UPDATE pauses SET reported = 1;
