-- What a team needs beside the findings themselves: the judged list, people, decisions, the ledger.

-- `body` is the asset as it counts: what its sensor reported, with what people said about it on top.
ALTER TABLE asset ADD COLUMN reported TEXT NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN edits TEXT NOT NULL DEFAULT '{}';
ALTER TABLE asset ADD COLUMN said_in TEXT NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN service TEXT;
ALTER TABLE asset ADD COLUMN owner TEXT;
ALTER TABLE asset ADD COLUMN exposure TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE asset ADD COLUMN is_ai BIGINT NOT NULL DEFAULT 0;
-- When any sensor saw it last.
ALTER TABLE asset ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
-- Of the last report: everything beside its snapshots that its findings are judged by.
ALTER TABLE asset ADD COLUMN report_digest TEXT NOT NULL DEFAULT '';
-- For components (by purl) with several findings: the version that closes them all.
ALTER TABLE asset ADD COLUMN closes_all TEXT NOT NULL DEFAULT '{}';
-- The revision of the rules that its findings are judged by; -1 to have them judged again.
ALTER TABLE asset ADD COLUMN judged_by BIGINT NOT NULL DEFAULT -1;
-- Its open findings by priority.
ALTER TABLE asset ADD COLUMN open_immediate BIGINT NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN open_out_of_cycle BIGINT NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN open_scheduled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN open_defer BIGINT NOT NULL DEFAULT 0;

UPDATE asset SET reported = body, seen_at = updated_at;

CREATE INDEX asset_name ON asset (name, id);
CREATE INDEX asset_service ON asset (service, name, id);
CREATE INDEX asset_owner ON asset (owner, name, id);
CREATE INDEX asset_exposure ON asset (exposure, name, id);
-- Few assets say what they depend on: whoever looks for those that name one need not read the others.
CREATE INDEX asset_depends ON asset (name, id) WHERE body NOT LIKE '%"depends_on":[]%';
CREATE INDEX asset_seen ON asset (seen_at, id);
CREATE INDEX asset_judged ON asset (judged_by, id);
CREATE INDEX snapshot_seen ON snapshot (seen_at, asset_id, sensor);

CREATE TABLE asset_change (
    asset_id TEXT NOT NULL REFERENCES asset (id),
    seq BIGINT NOT NULL,
    field TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    why TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (asset_id, seq)
);

CREATE TABLE service (
    id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What the intelligence said of a finding's advisories: content-addressed, shared by all findings that rest on it.
CREATE TABLE evidence (
    id TEXT NOT NULL PRIMARY KEY,
    -- How many findings rest on it; at 0 it may go.
    findings BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX evidence_idle ON evidence (id) WHERE findings <= 0;

-- The judged list. `rank_key` orders it: last day, then expected harm (see `rank_key` in the code).
ALTER TABLE finding ADD COLUMN evidence_id TEXT;
-- 0 until it is judged for the first time.
ALTER TABLE finding ADD COLUMN facet_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE finding ADD COLUMN rank_key BIGINT NOT NULL DEFAULT 0;
-- 1 while it asks for action: open, or accepted or mitigated until an earlier day.
ALTER TABLE finding ADD COLUMN is_open BIGINT NOT NULL DEFAULT 0;
-- The most urgent finding of the same act (an upgrade, a rotation): its id.
ALTER TABLE finding ADD COLUMN action_id TEXT NOT NULL DEFAULT '';
-- How many findings the act closes, and what it is where that differs from the finding's own remedy.
ALTER TABLE finding ADD COLUMN action_findings BIGINT NOT NULL DEFAULT 1;
ALTER TABLE finding ADD COLUMN action_remedy TEXT;
ALTER TABLE finding ADD COLUMN assignee TEXT;

DROP INDEX finding_asset;
CREATE INDEX finding_asset ON finding (asset_id, rank_key, id, facet_id);
CREATE INDEX finding_facet ON finding (facet_id, rank_key, id);
CREATE INDEX finding_rank ON finding (is_open, rank_key, id, facet_id);
CREATE INDEX finding_rule ON finding (rule, rank_key, id, facet_id);
CREATE INDEX finding_assignee ON finding (assignee, rank_key, id, facet_id) WHERE assignee IS NOT NULL;
CREATE INDEX finding_until ON finding (until_day) WHERE until_day IS NOT NULL AND is_open = 0;
CREATE INDEX state_change_at ON state_change (changed_at, finding_id, seq);

-- Under which rules (or preferred advisories) findings are kept that are known under an id.
CREATE TABLE advisory_rule (
    advisory TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (advisory, rule)
);

INSERT INTO advisory_rule (advisory, rule)
    SELECT DISTINCT a.advisory, f.rule FROM finding_advisory a JOIN finding f ON f.id = a.finding_id;

-- Every combination of what the queue filters by, with how many findings have it. The id is a digest of the rest.
CREATE TABLE facet (
    id BIGINT NOT NULL PRIMARY KEY,
    service TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    priority TEXT NOT NULL,
    scenario BIGINT NOT NULL,
    -- Bits: 1 threat, 2 vulnerability, 4 asset.
    ai BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- 1 for the most urgent finding of its act, and for what is not open.
    leads BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    -- No finding of it comes before this in the order.
    first_key BIGINT NOT NULL,
    -- When it changed last, as a number that only grows: whoever keeps facets in memory reads what changed since.
    revision BIGINT NOT NULL DEFAULT 0
);

-- Two orders: to find and count by service and owner, and to count by the rest.
CREATE INDEX facet_people ON facet (state, service, owner, leads, priority, kind, scenario, ai, findings, first_key, id);
CREATE INDEX facet_kinds ON facet (state, kind, priority, scenario, ai, leads, service, owner, findings);
CREATE INDEX facet_revision ON facet (revision);
CREATE INDEX facet_empty ON facet (id) WHERE findings <= 0;

-- Counts by day (days since 1970): `opened` and `closed` on that day; `moved` between services or priorities while open
-- (negative where it left); `due` on that day and open now.
CREATE TABLE tally (
    metric TEXT NOT NULL,
    day BIGINT NOT NULL,
    service TEXT NOT NULL,
    priority TEXT NOT NULL,
    findings BIGINT NOT NULL,
    PRIMARY KEY (metric, day, service, priority)
);

-- Sources of intelligence as sensors last saw them: one row for each standing that a sensor reported.
CREATE TABLE source (
    name TEXT NOT NULL,
    -- The id of the token that said so, or the sensor of this machine: nobody speaks for another.
    reported_by TEXT NOT NULL,
    state TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    body TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    PRIMARY KEY (name, reported_by, state)
);

CREATE INDEX source_latest ON source (name, state, reported_at);

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who works here, as imported: an owner who left leaves assets behind.
CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- The e-mail address folded to lower case as those of accounts are: the engines fold differently.
    address TEXT NOT NULL,
    team TEXT NOT NULL,
    active BIGINT NOT NULL,
    source TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);

CREATE INDEX staff_name ON staff (name);
CREATE INDEX staff_email ON staff (email);
CREATE INDEX staff_address ON staff (address);
CREATE INDEX staff_team ON staff (team);

CREATE TABLE comment (
    id TEXT NOT NULL PRIMARY KEY,
    finding_id TEXT NOT NULL REFERENCES finding (id),
    said_by TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX comment_finding ON comment (finding_id, id);

-- A decision that waits for an approver.
CREATE TABLE proposal (
    id TEXT NOT NULL PRIMARY KEY,
    finding_id TEXT NOT NULL REFERENCES finding (id),
    state TEXT NOT NULL,
    until_day TEXT,
    why TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    -- The account or token: nobody answers an own proposal, whatever the name.
    proposer_id TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    -- The account that is asked to answer; NULL for whoever may. It reserves nothing: any approver may answer.
    asked_id TEXT,
    -- NULL while it waits, then `approved`, `refused` or `overtaken`.
    answer TEXT,
    answered_by TEXT,
    answerer_id TEXT,
    answered_at BIGINT
);

CREATE INDEX proposal_finding ON proposal (finding_id, id);
CREATE INDEX proposal_waiting ON proposal (id) WHERE answer IS NULL;

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    -- Folded to lower case: one account for one address.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Ids of the services that an owner answers for, as JSON.
    services TEXT NOT NULL,
    active BIGINT NOT NULL,
    -- argon2id in PHC form; NULL for those who sign in elsewhere.
    password TEXT,
    -- Encrypted under the service's key.
    totp TEXT,
    oidc_subject TEXT UNIQUE,
    lang TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- NULL until the account was opened with a second factor, or by single sign-on.
    signed_in_at BIGINT
);

CREATE TABLE recovery_code (
    person_id TEXT NOT NULL REFERENCES person (id),
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (person_id, code_hash)
);

CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    counter BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX passkey_person ON passkey (person_id);

-- A one-time link: the first account, an invitation, a new way to sign in.
CREATE TABLE invitation (
    token_hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    -- The account that was made with it, or that it is for.
    person_id TEXT,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    services TEXT NOT NULL,
    made_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- `joining` until a second factor is set up, `password` until it is shown, then `full`.
    stage TEXT NOT NULL,
    csrf TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
);

CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires_at);

-- What works once (a one-time code, a challenge, the state of a single sign-on), by its hash.
CREATE TABLE used_once (
    key_hash TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX used_once_expires ON used_once (expires_at);

CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    -- What a sensor may speak of, as JSON: asset names, or beginnings of names that end in `*`.
    assets TEXT NOT NULL,
    -- The account that made it, and its name at that time: the token ends with the account.
    maker_id TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    used_at BIGINT
);

-- Attempts by what they name: an address, an account, a device. Each is counted before it is tried.
CREATE TABLE throttle (
    key TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE INDEX throttle_last ON throttle (last_at);

-- The report that came last of an asset: the digest of its bytes, what was stored with it, and its sensors as JSON.
CREATE TABLE pushed (
    asset_id TEXT NOT NULL PRIMARY KEY REFERENCES asset (id),
    digest TEXT NOT NULL,
    stored TEXT NOT NULL,
    sensors TEXT NOT NULL
);

-- Large inventories that arrive in parts.
CREATE TABLE upload (
    id TEXT NOT NULL PRIMARY KEY,
    token_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    -- How the whole is encoded: `gzip` or `identity`.
    encoding TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    -- Of all parts together.
    bytes BIGINT NOT NULL,
    -- What was answered when it was complete, for whoever asks again; NULL until then.
    answer TEXT
);

CREATE INDEX upload_token ON upload (token_id);
CREATE INDEX upload_started ON upload (started_at);

CREATE TABLE upload_part (
    upload_id TEXT NOT NULL REFERENCES upload (id),
    part BIGINT NOT NULL,
    digest TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    -- Base64.
    body TEXT NOT NULL,
    PRIMARY KEY (upload_id, part)
);

-- The ledger: written here in the transaction of what it tells of, then given its place in the log.
CREATE TABLE ledger_pending (
    id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE ledger_entry (
    seq BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    said_at BIGINT NOT NULL,
    -- What the search looks at; the entry itself is `body`.
    what TEXT NOT NULL,
    actor TEXT NOT NULL,
    resource TEXT NOT NULL,
    leaf TEXT NOT NULL,
    body TEXT NOT NULL
);


-- Hashes of the tree, in tiles of height 8; only whole tiles.
CREATE TABLE ledger_tile (
    level BIGINT NOT NULL,
    tile BIGINT NOT NULL,
    hashes TEXT NOT NULL,
    PRIMARY KEY (level, tile)
);

-- The newest state, and every checkpoint that was signed.
CREATE TABLE ledger_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    frontier TEXT NOT NULL,
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL
);
