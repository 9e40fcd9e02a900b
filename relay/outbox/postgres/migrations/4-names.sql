-- Version 4, what SQLite's version 5 holds: the field's words. Nothing but names changes.
ALTER TABLE letters RENAME COLUMN state TO status;
ALTER TABLE letters RENAME COLUMN waits TO held_for;
ALTER TABLE letters RENAME COLUMN refusals TO policy_blocks;
ALTER TABLE letters RENAME COLUMN told TO reported;
ALTER TABLE submissions RENAME COLUMN standing TO status;
ALTER TABLE pauses RENAME COLUMN strikes TO failed_probes;
ALTER TABLE suspects RENAME TO suppressions;
ALTER TABLE facts RENAME TO metadata;
