-- The working store of all results. Every row can be made again from the run files (see results/GLOSSARY.md).
-- Shares and scores are in their natural range ([0, 1], scores signed); times end in their unit; `low` and `high`
-- bound a 95 % interval, NULL when none could be made. Instants are ISO 8601 in UTC.

CREATE TABLE environment (
  id TEXT PRIMARY KEY, -- first 16 hex digits of the sha256 over the columns below: one testbed, one series
  cpu_model TEXT NOT NULL,
  cores INTEGER NOT NULL CHECK (cores > 0),
  memory_bytes INTEGER NOT NULL,
  architecture TEXT NOT NULL,
  os TEXT NOT NULL, -- platform and distribution, e.g. 'linux Debian GNU/Linux 12'
  kernel TEXT NOT NULL,
  node_version TEXT NOT NULL,
  rustc_version TEXT, -- NULL when no compiler was found
  governor TEXT -- NULL when the frequency governor cannot be read
) STRICT;

CREATE TABLE run (
  id TEXT PRIMARY KEY, -- '<suite>-<subject>-<start>-<hash>', e.g. 'cibench-drift-20261123T121500Z-1a2b3c4d'
  suite TEXT NOT NULL CHECK (suite IN ('cibench', 'bench')),
  suite_version TEXT NOT NULL,
  suite_hash TEXT NOT NULL, -- runs are comparable only when it is the same
  subject_name TEXT NOT NULL, -- the tool: drift, grep, null, gold …
  subject_version TEXT NOT NULL,
  subject_role TEXT NOT NULL CHECK (subject_role IN ('contestant', 'self-check')),
  environment_id TEXT NOT NULL REFERENCES environment (id),
  commit_hash TEXT, -- NULL outside a git checkout
  commit_dirty INTEGER CHECK (commit_dirty IN (0, 1)), -- changes outside results/ at the time of the run
  committed_at TEXT, -- when that commit was made
  engine_version TEXT,
  load_average REAL NOT NULL, -- one-minute load when the run began
  seed INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  answers_id TEXT NOT NULL, -- the report's own id: the same answers to the same suite have the same one
  input_sha256 TEXT NOT NULL, -- over everything that went in: engine binary, suite, truth, seed, subject
  report_sha256 TEXT NOT NULL, -- of the run file
  raw_sha256 TEXT NOT NULL, -- of the uncompressed raw items or samples: results/raw/<sha256>.jsonl.gz
  measured_weight REAL NOT NULL, -- points of 100 that were measured on real corpora; 0 for benches
  points REAL, -- Σ weight · max(0, score) over those; NULL when nothing was measured on real corpora
  reproduce TEXT NOT NULL,
  published_path TEXT -- below results/published/; NULL for a run that only this machine has
) STRICT;
CREATE INDEX run_subject ON run (suite, subject_name, started_at);
CREATE INDEX run_input ON run (input_sha256);

-- One row per category and kind of corpus. `not-measured` (no task yet), `unsupported` (offered, the tool cannot: 0) and
-- `not-run` (the tool or its machinery failed: neither right nor wrong) are states, not numbers.
CREATE TABLE score (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  category TEXT NOT NULL,
  title TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
  weight REAL NOT NULL, -- points of 100
  state TEXT NOT NULL CHECK (state IN ('scored', 'unsupported', 'not-measured', 'not-run')),
  kind TEXT CHECK (kind IN ('real', 'synthetic')), -- of the corpora; NULL when no corpus was asked
  reason TEXT, -- NULL when scored
  raw REAL, raw_low REAL, raw_high REAL, raw_n INTEGER,
  floor REAL, floor_by TEXT,
  score REAL, score_low REAL, score_high REAL, score_n INTEGER,
  CHECK ((state IN ('scored', 'not-run')) = (kind IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX score_key ON score (run_id, category, coalesce(kind, ''));

-- What a run was asked, per corpus, and what answering cost.
CREATE TABLE run_corpus (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  corpus TEXT NOT NULL,
  version TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('real', 'synthetic')),
  split TEXT NOT NULL CHECK (split IN ('fit', 'report')),
  inputs_sha256 TEXT NOT NULL,
  truth_sha256 TEXT NOT NULL,
  task_id TEXT NOT NULL,
  items INTEGER NOT NULL,
  index_ms REAL, -- what the answer cost; NULL when the tool did not run
  answer_ms REAL,
  tokens INTEGER, -- NULL when no language model was asked
  malformed INTEGER, -- faults in the form of the answer, in items; NULL when the tool did not run
  unasked INTEGER,
  repeated INTEGER,
  unanswered INTEGER,
  not_run TEXT, -- why there is no answer; NULL when there is one
  PRIMARY KEY (run_id, corpus)
) STRICT;

CREATE TABLE oracle (
  run_id TEXT NOT NULL,
  corpus TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  shares_code_with TEXT NOT NULL CHECK (json_valid(shares_code_with)), -- array of tool names
  command TEXT NOT NULL,
  seed INTEGER,
  repeats INTEGER NOT NULL,
  agreement REAL NOT NULL,
  not_run TEXT, -- what it could not do, in one sentence
  PRIMARY KEY (run_id, corpus, ordinal),
  FOREIGN KEY (run_id, corpus) REFERENCES run_corpus (run_id, corpus) ON DELETE CASCADE
) STRICT;

-- What trivial answers are expected to reach in `raw`; the highest one is the floor of the score.
CREATE TABLE baseline (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  category TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('real', 'synthetic')),
  name TEXT NOT NULL,
  raw REAL NOT NULL,
  PRIMARY KEY (run_id, category, kind, name)
) STRICT;

CREATE TABLE corpus_score (
  run_id TEXT NOT NULL,
  category TEXT NOT NULL,
  corpus TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('real', 'synthetic')),
  true_positives INTEGER NOT NULL,
  false_positives INTEGER NOT NULL,
  false_negatives INTEGER NOT NULL,
  on_unknown INTEGER NOT NULL,
  precision REAL, precision_low REAL, precision_high REAL, precision_n INTEGER NOT NULL,
  recall REAL, recall_low REAL, recall_high REAL, recall_n INTEGER NOT NULL,
  f1 REAL, f1_low REAL, f1_high REAL, f1_n INTEGER NOT NULL,
  macro_f1 REAL, macro_f1_low REAL, macro_f1_high REAL, macro_f1_n INTEGER NOT NULL,
  trace_recall REAL, trace_recall_low REAL, trace_recall_high REAL, trace_recall_n INTEGER, -- n is NULL without a trace
  unknown_share REAL NOT NULL,
  sites INTEGER NOT NULL,
  files INTEGER NOT NULL, -- files that hold these sites: what the intervals resample
  PRIMARY KEY (run_id, category, corpus),
  FOREIGN KEY (run_id, corpus) REFERENCES run_corpus (run_id, corpus) ON DELETE CASCADE
) STRICT;

CREATE TABLE stratum_score (
  run_id TEXT NOT NULL,
  category TEXT NOT NULL,
  corpus TEXT NOT NULL,
  stratum TEXT NOT NULL,
  sites INTEGER NOT NULL,
  true_positives INTEGER NOT NULL,
  false_positives INTEGER NOT NULL,
  false_negatives INTEGER NOT NULL,
  on_unknown INTEGER NOT NULL,
  precision REAL,
  recall REAL,
  f1 REAL,
  PRIMARY KEY (run_id, category, corpus, stratum),
  FOREIGN KEY (run_id, category, corpus) REFERENCES corpus_score (run_id, category, corpus) ON DELETE CASCADE
) STRICT;

-- What became of every item: the evidence behind each score.
CREATE TABLE item (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  item_id TEXT NOT NULL,
  corpus TEXT NOT NULL,
  file TEXT NOT NULL,
  start_line INTEGER NOT NULL,
  start_column INTEGER NOT NULL,
  callee TEXT, -- NULL when the callee has no name
  syntax TEXT NOT NULL,
  stratum TEXT NOT NULL,
  truth TEXT NOT NULL CHECK (truth IN ('known', 'unknown')), -- of the site, whatever the answer
  outcome TEXT NOT NULL CHECK (outcome IN ('right', 'partly', 'wrong', 'abstained', 'unjudged')),
  true_positives INTEGER NOT NULL,
  false_positives INTEGER NOT NULL,
  false_negatives INTEGER NOT NULL,
  on_unknown INTEGER NOT NULL,
  traced_edges INTEGER NOT NULL, -- edges that a trace witnessed here
  traced_found INTEGER NOT NULL, -- and how many of them were predicted
  status TEXT NOT NULL CHECK (status IN ('certain', 'likely', 'external', 'unknown', 'unanswered')),
  predicted TEXT NOT NULL CHECK (json_valid(predicted)), -- arrays of display forms
  must TEXT NOT NULL CHECK (json_valid(must)),
  may TEXT NOT NULL CHECK (json_valid(may)),
  decided_by TEXT NOT NULL CHECK (json_valid(decided_by)), -- array of oracle kinds
  answer TEXT CHECK (answer IS NULL OR json_valid(answer)), -- as the tool gave it; NULL when it gave none
  PRIMARY KEY (run_id, corpus, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_outcome ON item (run_id, corpus, stratum, outcome);

-- One case, one tool, one run. The samples are kept; these figures are derived from them.
CREATE TABLE measurement (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  case_id TEXT NOT NULL, -- 'suite/case/corpus', kept for life
  tool TEXT NOT NULL, -- drift, ast-grep …
  runner TEXT NOT NULL CHECK (runner IN ('criterion', 'tinybench', 'process')),
  metric TEXT NOT NULL CHECK (metric IN ('wall', 'cpu', 'peak-memory')),
  unit TEXT NOT NULL CHECK (unit IN ('ns', 'bytes', 'count')),
  sample_count INTEGER NOT NULL CHECK (sample_count > 0),
  median REAL NOT NULL,
  median_low REAL,
  median_high REAL,
  mad REAL NOT NULL, -- median absolute deviation
  minimum REAL NOT NULL,
  maximum REAL NOT NULL,
  UNIQUE (run_id, case_id, tool, metric)
) STRICT;
CREATE INDEX measurement_case ON measurement (case_id, tool, metric);

CREATE TABLE sample (
  measurement_id INTEGER NOT NULL REFERENCES measurement (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, -- 0 is the first taken
  value REAL NOT NULL CHECK (value >= 0), -- in the measurement's unit
  PRIMARY KEY (measurement_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Two figures of one run held against each other, e.g. index wall time over that of a peer, call sites stored over counted.
CREATE TABLE ratio (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  name TEXT NOT NULL, -- 'index/wall/<corpus>', 'index/completeness/<corpus>' …
  numerator_label TEXT NOT NULL,
  numerator REAL NOT NULL,
  denominator_label TEXT NOT NULL,
  denominator REAL NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('ns', 'bytes', 'count')),
  value REAL NOT NULL,
  low REAL,
  high REAL,
  n INTEGER NOT NULL, -- rounds or items it rests on
  PRIMARY KEY (run_id, name)
) STRICT;

-- Runners of a bench run that were meant to run and could not.
CREATE TABLE not_run (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  runner TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (run_id, runner)
) STRICT;

-- The newest run of each tool and suite: what a board shows unless a run is named.
CREATE VIEW latest_run AS
SELECT * FROM run AS r
WHERE r.id = (
  SELECT n.id FROM run AS n
  WHERE n.suite = r.suite AND n.subject_name = r.subject_name
  ORDER BY n.started_at DESC, n.id DESC LIMIT 1
);
