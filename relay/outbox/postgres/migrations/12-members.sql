-- Version 12, what SQLite's version 13 holds: people on a campaign's list, and what became of those who ticked its box.
CREATE TABLE members (
    campaign text NOT NULL,
    submission text PRIMARY KEY,   -- whose writer ticked the box; random, so it names them to the organization, too
    mailbox_key bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('asked', 'joined', 'exported', 'left')),
    since bigint NOT NULL,
    sealed bytea NOT NULL,         -- who, and the words of the box; empty once exported
    reported boolean NOT NULL DEFAULT false
);
CREATE INDEX members_by_mailbox ON members (mailbox_key) WHERE length(mailbox_key) > 0;
CREATE INDEX members_by_campaign ON members (campaign, status);
