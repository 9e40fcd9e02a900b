-- Version 5, what SQLite's version 6 holds: only an identical letter that goes is a repeat.
ALTER TABLE submissions ADD COLUMN subject text NOT NULL DEFAULT '';     -- as typed, with placeholders; '': the campaign's
ALTER TABLE submissions ADD COLUMN message text NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN pending_key bytea NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN repeats text REFERENCES submissions (id); -- the identical submission that goes instead
UPDATE submissions SET pending_key = repeat_key WHERE status = 'held';
UPDATE submissions SET repeat_key = convert_to(id, 'UTF8') WHERE status IN ('held', 'denied', 'expired');
