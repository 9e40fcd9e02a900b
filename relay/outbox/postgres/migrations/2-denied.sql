-- Version 2, what SQLite's version 3 holds: letters that the owner of a mailbox says are not theirs are found without
-- reading every submission.
CREATE INDEX submissions_denied ON submissions (id) WHERE standing = 'denied';
