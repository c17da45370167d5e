-- Who is better than whom, only as fine as the data: among the newest runs of one suite, per kind of corpus. Derived from
-- the items of those runs by a paired test, and derived again whenever a run joins the suite.

CREATE TABLE rank (
  suite_hash TEXT NOT NULL,
  category TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('real', 'synthetic')),
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  rank INTEGER CHECK (rank >= 1), -- 1 + tools that are separated and better; NULL when the run is not ranked
  reason TEXT, -- why it is not ranked; NULL when it is
  PRIMARY KEY (suite_hash, category, kind, run_id),
  CHECK ((rank IS NULL) <> (reason IS NULL))
) STRICT;

CREATE TABLE pair_comparison (
  suite_hash TEXT NOT NULL,
  category TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('real', 'synthetic')),
  run_a TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  run_b TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  difference REAL, difference_low REAL, difference_high REAL, difference_n INTEGER NOT NULL, -- raw of a minus raw of b
  p REAL NOT NULL, -- two-sided, paired bootstrap
  q REAL NOT NULL, -- p after Benjamini-Hochberg over all pairs of the ranking
  separated INTEGER NOT NULL CHECK (separated IN (0, 1)), -- q is at most false_discovery
  false_discovery REAL NOT NULL,
  seed INTEGER NOT NULL,
  PRIMARY KEY (suite_hash, category, kind, run_a, run_b)
) STRICT;
