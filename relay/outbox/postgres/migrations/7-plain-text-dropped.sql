-- Version 7, what SQLite's version 8 holds: nothing that names a person is stored in the clear.
ALTER TABLE submissions DROP COLUMN first_name;
ALTER TABLE submissions DROP COLUMN last_name;
ALTER TABLE submissions DROP COLUMN email;
ALTER TABLE submissions DROP COLUMN phone;
ALTER TABLE submissions DROP COLUMN town;
ALTER TABLE submissions DROP COLUMN subject;
ALTER TABLE submissions DROP COLUMN message;
ALTER TABLE letters DROP COLUMN from_name;
ALTER TABLE letters DROP COLUMN reply_to;
ALTER TABLE letters DROP COLUMN subject;
ALTER TABLE letters DROP COLUMN body;
ALTER TABLE participants DROP COLUMN name;
ALTER TABLE participants DROP COLUMN town;
