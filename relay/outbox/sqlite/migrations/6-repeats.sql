-- Version 6: only an identical letter that goes is a repeat. A submission that waits for its writer's yes claims its
-- repeat_key when it is confirmed; until then, and once it no longer goes, repeat_key is the row's own id.
ALTER TABLE submissions ADD COLUMN subject TEXT NOT NULL DEFAULT '';     -- as typed, with placeholders; '': the campaign's
ALTER TABLE submissions ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN pending_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE submissions ADD COLUMN repeats TEXT REFERENCES submissions (id); -- the identical submission that goes instead
UPDATE submissions SET pending_key = repeat_key WHERE status = 'held';
UPDATE submissions SET repeat_key = CAST(id AS BLOB) WHERE status IN ('held', 'denied', 'expired');
