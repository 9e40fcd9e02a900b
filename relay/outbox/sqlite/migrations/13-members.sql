-- Version 13: people on a campaign's list, and what became of those who ticked its box.
CREATE TABLE members (
    campaign TEXT NOT NULL,
    submission TEXT PRIMARY KEY,   -- whose writer ticked the box; random, so it names them to the organization, too
    mailbox_key BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('asked', 'joined', 'exported', 'left')),
    since INTEGER NOT NULL,
    sealed BLOB NOT NULL,          -- who, and the words of the box; empty once exported
    reported INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX members_by_mailbox ON members (mailbox_key) WHERE length(mailbox_key) > 0;
CREATE INDEX members_by_campaign ON members (campaign, status);
