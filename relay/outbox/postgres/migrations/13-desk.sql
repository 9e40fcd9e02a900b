-- Version 13, what SQLite's version 14 holds: whether a letter has words of its writer's own, and how many wrote from each
-- town. Both outlive the letter.
ALTER TABLE submissions ADD COLUMN own_words boolean NOT NULL DEFAULT false;
CREATE TABLE town_tallies (
    id text PRIMARY KEY,     -- keyed hash of the next three and of the town
    campaign text NOT NULL,
    senate text NOT NULL,
    house text NOT NULL,
    sealed bytea NOT NULL,   -- the town: of one writer it says where they live
    count integer NOT NULL
);
CREATE INDEX town_tallies_by_campaign ON town_tallies (campaign);
-- What waits because it looks like one hand's.
CREATE INDEX submissions_suspected ON submissions (campaign, evidence) WHERE status = 'held' AND evidence <> '';
