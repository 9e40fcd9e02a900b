-- Version 1, what SQLite's version 2 holds. Times are whole microseconds since 1970, UTC. Text that names a person is ''
-- once erased.

CREATE TABLE submissions (
    id text PRIMARY KEY,
    campaign text NOT NULL,
    language text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    town text NOT NULL,
    senate text NOT NULL,
    house text NOT NULL,
    join_list boolean NOT NULL,
    repeat_key bytea NOT NULL UNIQUE,   -- keyed hashes outlive the rest: they recognise a repeat
    mailbox_key bytea NOT NULL,
    confirm_hash bytea NOT NULL UNIQUE, -- SHA-256: a copied database opens no link
    standing text NOT NULL CHECK (standing IN ('accepted', 'held', 'confirmed', 'denied', 'expired')),
    accepted_at bigint NOT NULL,
    erased_at bigint
);
CREATE INDEX submissions_mailbox ON submissions (mailbox_key);
CREATE INDEX submissions_to_forget ON submissions (accepted_at) WHERE erased_at IS NULL;

-- Every receipt link; a repeat's points at the first submission and is redacted.
CREATE TABLE receipts (
    hash bytea PRIMARY KEY,
    submission text NOT NULL REFERENCES submissions (id),
    redacted boolean NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE letters (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of acceptance
    id text NOT NULL UNIQUE,
    submission text REFERENCES submissions (id), -- NULL: an alert to an organiser
    campaign text NOT NULL,
    kind text NOT NULL,
    chamber text NOT NULL,
    district text NOT NULL,
    to_name text NOT NULL,
    to_email text NOT NULL,
    domain text NOT NULL,              -- of to_email, lower case: what is paced and paused
    from_name text NOT NULL,
    reply_to text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    transport text NOT NULL,
    state text NOT NULL,
    waits text NOT NULL DEFAULT '',    -- held: what for (confirmation, address, roster); else ''
    due bigint,                        -- queued: the next try; sending: the end of the lease; else NULL
    attempts integer NOT NULL DEFAULT 0,
    refusals integer NOT NULL DEFAULT 0, -- how often it was refused for policy; those attempts are not counted
    claim integer NOT NULL DEFAULT 0,  -- the number of the newest claim: settling with an older one is refused
    withdrawn boolean NOT NULL DEFAULT false, -- taken back while on its way: never tried again
    told boolean NOT NULL DEFAULT false, -- failed, bounced: the organiser has been told
    changed_at bigint NOT NULL,
    answer text NOT NULL DEFAULT ''
);
CREATE INDEX letters_of_submission ON letters (submission);
CREATE INDEX letters_due ON letters (transport, domain, due, number) WHERE state IN ('queued', 'sending');
CREATE INDEX letters_withdrawn ON letters (transport, due) WHERE state = 'sending' AND withdrawn;
CREATE INDEX letters_unaddressed ON letters (campaign, chamber, district) WHERE waits = 'roster';
CREATE INDEX letters_to_offices ON letters (to_email) WHERE state IN ('queued', 'held');
CREATE INDEX letters_untold ON letters (changed_at) WHERE state IN ('failed', 'bounced') AND NOT told;

-- Every time a letter was taken to be sent: what the operator reads, and what rates and caps are counted by.
CREATE TABLE attempts (
    letter text NOT NULL,
    claim integer NOT NULL,
    domain text NOT NULL,
    transport text NOT NULL,
    at bigint NOT NULL,
    outcome text NOT NULL DEFAULT '',  -- sent, failed, queued, policy; '': not known (yet)
    answer text NOT NULL DEFAULT '',
    PRIMARY KEY (letter, claim)
);
CREATE INDEX attempts_by_domain ON attempts (transport, domain, at);
CREATE INDEX attempts_by_time ON attempts (transport, at);

-- Campaigns and domains that nothing is sent for. until: when one letter may try; NULL: when somebody says so.
CREATE TABLE pauses (
    scope text NOT NULL CHECK (scope IN ('campaign', 'domain')),
    name text NOT NULL,
    cause text NOT NULL CHECK (cause IN ('operator', 'policy')),
    reason text NOT NULL,
    since bigint NOT NULL,
    until bigint,
    strikes integer NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, name)
);

-- Addresses of offices that a mail server said do not exist. Letters to them are held.
CREATE TABLE suspects (
    address text PRIMARY KEY,
    since bigint NOT NULL,
    answer text NOT NULL
);

-- What the outbox has to remember about itself: first_sent (a time), hold (why nothing may be erased).
CREATE TABLE facts (
    name text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE tallies (
    campaign text NOT NULL,
    senate text NOT NULL,
    house text NOT NULL,
    day text NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (campaign, senate, house, day)
);

-- First name and town of those who ticked the box; outlives the submission, shown once it is not held.
CREATE TABLE participants (
    submission text PRIMARY KEY REFERENCES submissions (id),
    campaign text NOT NULL,
    name text NOT NULL,
    town text NOT NULL,
    at bigint NOT NULL,
    visible boolean NOT NULL
);
CREATE INDEX participants_newest ON participants (campaign, at) WHERE visible;
