-- Portable SQL: ids and hashes TEXT, times BIGINT microseconds UTC, days TEXT yyyy-mm-dd, JSON as TEXT.

CREATE TABLE asset (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Content-addressed: assets with the same components share one row.
CREATE TABLE component_set (
    id TEXT NOT NULL PRIMARY KEY,
    components BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE snapshot (
    asset_id TEXT NOT NULL REFERENCES asset (id),
    sensor TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    component_set_id TEXT NOT NULL REFERENCES component_set (id),
    problems TEXT NOT NULL,
    PRIMARY KEY (asset_id, sensor)
);

CREATE INDEX snapshot_component_set ON snapshot (component_set_id);

-- Apart from `snapshot`, so that noting a new `seen_at` does not rewrite megabytes.
-- The n-th entry of `body` belongs to the n-th component of the set.
CREATE TABLE snapshot_occurrences (
    asset_id TEXT NOT NULL,
    sensor TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (asset_id, sensor),
    FOREIGN KEY (asset_id, sensor) REFERENCES snapshot (asset_id, sensor)
);

CREATE TABLE finding (
    id TEXT NOT NULL PRIMARY KEY,
    asset_id TEXT NOT NULL REFERENCES asset (id),
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    purl TEXT NOT NULL,
    state TEXT NOT NULL,
    until_day TEXT,
    decided_by TEXT NOT NULL,
    vex_statement_id TEXT,
    first_seen BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX finding_asset ON finding (asset_id, state);

-- Every id under which a finding is known.
CREATE TABLE finding_advisory (
    advisory TEXT NOT NULL,
    finding_id TEXT NOT NULL REFERENCES finding (id),
    PRIMARY KEY (advisory, finding_id)
);

-- Which sensor sees which finding, under which fingerprint it reported it last.
CREATE TABLE sighting (
    asset_id TEXT NOT NULL,
    sensor TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    finding_id TEXT NOT NULL REFERENCES finding (id),
    PRIMARY KEY (asset_id, sensor, fingerprint)
);

CREATE TABLE state_change (
    finding_id TEXT NOT NULL REFERENCES finding (id),
    seq BIGINT NOT NULL,
    state TEXT NOT NULL,
    until_day TEXT,
    changed_by TEXT NOT NULL,
    why TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (finding_id, seq)
);

CREATE TABLE vex_statement (
    id TEXT NOT NULL PRIMARY KEY,
    arrival BIGINT NOT NULL,
    stated_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE vex_advisory (
    advisory TEXT NOT NULL,
    statement_id TEXT NOT NULL REFERENCES vex_statement (id),
    PRIMARY KEY (advisory, statement_id)
);
