-- The tables of migrations/003_history.sql for PostgreSQL; what each column means is said there.

CREATE TABLE environment (
  id text PRIMARY KEY,
  cpu_model text NOT NULL,
  cores bigint NOT NULL CHECK (cores > 0),
  memory_bytes bigint NOT NULL,
  architecture text NOT NULL,
  os text NOT NULL,
  kernel text NOT NULL,
  node_version text NOT NULL,
  rustc_version text,
  governor text
);

CREATE TABLE history_entry (
  id text PRIMARY KEY,
  commit_hash text NOT NULL,
  parents text NOT NULL CHECK (parents::json IS NOT NULL),
  committed_at text NOT NULL,
  measured_at text NOT NULL,
  environment_id text NOT NULL REFERENCES environment (id),
  reference text NOT NULL,
  seed bigint NOT NULL,
  harness_version text NOT NULL,
  load_average double precision NOT NULL
);
CREATE INDEX history_entry_commit ON history_entry (commit_hash);

CREATE TABLE series (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id text NOT NULL,
  metric text NOT NULL,
  unit text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('lower', 'higher')),
  environment_id text NOT NULL REFERENCES environment (id),
  reference text NOT NULL,
  UNIQUE (case_id, metric, unit, direction, environment_id, reference)
);

CREATE TABLE point (
  series_id bigint NOT NULL REFERENCES series (id),
  committed_at text NOT NULL,
  entry_id text NOT NULL REFERENCES history_entry (id) ON DELETE CASCADE,
  ordinal bigint NOT NULL,
  commit_hash text NOT NULL,
  value double precision NOT NULL,
  low double precision,
  high double precision,
  processes text NOT NULL CHECK (processes::json IS NOT NULL),
  PRIMARY KEY (series_id, committed_at, entry_id)
);
CREATE INDEX point_entry ON point (entry_id);

CREATE TABLE raw_sample (
  entry_id text PRIMARY KEY REFERENCES history_entry (id) ON DELETE CASCADE,
  measured_at text NOT NULL,
  samples text NOT NULL CHECK (samples::json IS NOT NULL)
);
CREATE INDEX raw_sample_age ON raw_sample (measured_at);

CREATE TABLE history_event (
  id text PRIMARY KEY,
  at text NOT NULL,
  alert_id text NOT NULL,
  record text NOT NULL CHECK (record::json IS NOT NULL)
);
CREATE INDEX history_event_alert ON history_event (alert_id, at);
