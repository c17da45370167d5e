-- What is found in the performance history: made anew from it whenever files are read in (see harness/src/store/findings.ts),
-- so that whoever shows it decides nothing. A PostgreSQL is exported instead, and has no such tables.

-- A change of level that nobody has judged yet, corrected for the number of series.
CREATE TABLE change_point (
  series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  place INTEGER NOT NULL CHECK (place > 0), -- of the first value after the change, in the order of the series, from 0
  commit_hash TEXT NOT NULL, -- of the first value after the change
  before_hash TEXT NOT NULL, -- of the last value before it
  p REAL NOT NULL,
  adjusted_p REAL NOT NULL,
  effect REAL NOT NULL, -- level after over level before, minus 1
  worse INTEGER NOT NULL CHECK (worse IN (0, 1)),
  PRIMARY KEY (series_id, place)
) STRICT, WITHOUT ROWID;

-- A commit that the paired gate convicted on a testbed, as the last event about it left it.
CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('untriaged', 'acknowledged', 'accepted', 'invalid', 'fixed')),
  commit_hash TEXT NOT NULL,
  parent_hash TEXT NOT NULL,
  environment_id TEXT NOT NULL,
  reference TEXT NOT NULL, -- '' when absolute values were measured
  opened_at TEXT NOT NULL, -- UTC
  reason TEXT, -- why the state is what it is; NULL when nobody said
  reproduce TEXT NOT NULL -- the gate that convicted it
) STRICT;

-- What the gate said of each series of the commit.
CREATE TABLE alert_series (
  alert_id TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  case_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  unit TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('lower', 'higher')),
  effect REAL NOT NULL,
  ratio REAL NOT NULL, -- of the commit to its parent, with its 95 % interval
  low REAL NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (alert_id, case_id, metric, unit, direction)
) STRICT, WITHOUT ROWID;
