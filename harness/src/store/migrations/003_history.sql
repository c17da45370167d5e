-- The performance history: what each commit measured, case by case. Every row can be made again from the files of
-- results/history/ (see harness/src/store/history-files.ts); migrations-postgres/ holds the same tables.

-- One session that measured one commit on one testbed, beside a pinned reference build where there is one.
CREATE TABLE history_entry (
  id TEXT PRIMARY KEY, -- first 32 hex digits of the sha256 over the rest: the same session is stored once
  commit_hash TEXT NOT NULL,
  parents TEXT NOT NULL CHECK (json_valid(parents)), -- array of commits
  committed_at TEXT NOT NULL, -- UTC
  measured_at TEXT NOT NULL, -- UTC
  environment_id TEXT NOT NULL REFERENCES environment (id),
  reference TEXT NOT NULL, -- commit of the reference build; '' when absolute values were measured
  seed INTEGER NOT NULL,
  harness_version TEXT NOT NULL,
  load_average REAL NOT NULL
) STRICT;
CREATE INDEX history_entry_commit ON history_entry (commit_hash);

-- Values that may be compared: one case, metric, testbed and reference build.
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  unit TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('lower', 'higher')),
  environment_id TEXT NOT NULL REFERENCES environment (id),
  reference TEXT NOT NULL,
  UNIQUE (case_id, metric, unit, direction, environment_id, reference)
) STRICT;

-- One value of a series. Clustered by series and time, so that a series is one range of the file.
CREATE TABLE point (
  series_id INTEGER NOT NULL REFERENCES series (id),
  committed_at TEXT NOT NULL,
  entry_id TEXT NOT NULL REFERENCES history_entry (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, -- of the series within its entry
  commit_hash TEXT NOT NULL,
  value REAL NOT NULL, -- ratio to the reference build; the median in the series' unit where there is none
  low REAL, -- its 95 % interval; NULL with a single process
  high REAL,
  processes TEXT NOT NULL CHECK (json_valid(processes)), -- medians of the processes, in the order taken; kept for ever
  PRIMARY KEY (series_id, committed_at, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX point_entry ON point (entry_id);

-- Samples within the processes; pruned after 90 days.
CREATE TABLE raw_sample (
  entry_id TEXT PRIMARY KEY REFERENCES history_entry (id) ON DELETE CASCADE,
  measured_at TEXT NOT NULL,
  samples TEXT NOT NULL CHECK (json_valid(samples))
) STRICT;
CREATE INDEX raw_sample_age ON raw_sample (measured_at);

-- What people and the gate said of change points, in order; the state of an alert is the fold of its events.
CREATE TABLE history_event (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
CREATE INDEX history_event_alert ON history_event (alert_id, at);
