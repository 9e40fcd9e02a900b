-- Version 3, what SQLite's version 4 holds: a letter is greeted when it goes, and knows until when its office is known
-- to be held by its addressee.
ALTER TABLE letters ADD COLUMN greeting text NOT NULL DEFAULT ''; -- what [Legislator] becomes; '': nobody known, or none
ALTER TABLE letters ADD COLUMN known_until bigint;                -- NULL: no such day is known
