-- Version 10: an organizer may stop a campaign, too. SQLite changes no CHECK in place.
CREATE TABLE pauses_10 (
    scope TEXT NOT NULL CHECK (scope IN ('campaign', 'domain')),
    name TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('operator', 'organizer', 'policy')),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    failed_probes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
INSERT INTO pauses_10 SELECT scope, name, cause, reason, since, until, failed_probes FROM pauses;
DROP TABLE pauses;
ALTER TABLE pauses_10 RENAME TO pauses;
