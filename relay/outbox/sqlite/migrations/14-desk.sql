-- Version 14: whether a letter has words of its writer's own, and how many wrote from each town. Both outlive the letter.
ALTER TABLE submissions ADD COLUMN own_words INTEGER NOT NULL DEFAULT 0;
CREATE TABLE town_tallies (
    id TEXT PRIMARY KEY,     -- keyed hash of the next three and of the town
    campaign TEXT NOT NULL,
    senate TEXT NOT NULL,
    house TEXT NOT NULL,
    sealed BLOB NOT NULL,   -- the town: of one writer it says where they live
    count INTEGER NOT NULL
) STRICT;
CREATE INDEX town_tallies_by_campaign ON town_tallies (campaign);
-- What waits because it looks like one hand's.
CREATE INDEX submissions_suspected ON submissions (campaign, evidence) WHERE status = 'held' AND evidence <> '';
