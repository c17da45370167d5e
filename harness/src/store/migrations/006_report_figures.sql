-- What newer reports say beside their scores (cibench/src/schema/score.ts, report.ts). NULL, or no row, where an older report does
-- not say it. A run that was stored before these tables is read again from its file at the next opening (write.ts).

ALTER TABLE run ADD COLUMN languages TEXT CHECK (languages IS NULL OR json_valid(languages)); -- array: what the tool says it reads; NULL: it says nothing
ALTER TABLE run ADD COLUMN intervals TEXT CHECK (intervals IN ('percentile', 'expanded')); -- how those on these corpora are made; NULL for benches

-- The mean over corpora of their scores, with its interval for new corpora. `n` is the number of corpora, NULL when the report has
-- no such interval; the figures are NULL where there is a reason.
ALTER TABLE score ADD COLUMN new_corpora REAL;
ALTER TABLE score ADD COLUMN new_corpora_low REAL;
ALTER TABLE score ADD COLUMN new_corpora_high REAL;
ALTER TABLE score ADD COLUMN new_corpora_n INTEGER;
ALTER TABLE score ADD COLUMN new_corpora_reason TEXT;

-- The same category on the corpora in languages that the tool says it reads. Never what is ranked.
ALTER TABLE score ADD COLUMN read_corpora TEXT CHECK (read_corpora IS NULL OR json_valid(read_corpora)); -- array; '[]': it reads none of them; NULL: the tool says nothing
ALTER TABLE score ADD COLUMN read_raw REAL;
ALTER TABLE score ADD COLUMN read_raw_low REAL;
ALTER TABLE score ADD COLUMN read_raw_high REAL;
ALTER TABLE score ADD COLUMN read_raw_n INTEGER;
ALTER TABLE score ADD COLUMN read_floor REAL;
ALTER TABLE score ADD COLUMN read_floor_by TEXT;
ALTER TABLE score ADD COLUMN read_score REAL;
ALTER TABLE score ADD COLUMN read_score_low REAL;
ALTER TABLE score ADD COLUMN read_score_high REAL;
ALTER TABLE score ADD COLUMN read_score_n INTEGER;

-- Levels and the total as the report states them: weighed means of signed scores. Points clip each category at 0, so they can be higher.
CREATE TABLE level_score (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4), -- 0 is the total of all levels
  weight REAL NOT NULL, -- points of 100 of all its categories
  measured_weight REAL NOT NULL, -- of those that are measured
  score REAL, score_low REAL, score_high REAL, score_n INTEGER NOT NULL, -- n: categories
  new_corpora REAL, new_corpora_low REAL, new_corpora_high REAL, new_corpora_n INTEGER NOT NULL, -- n: corpora
  new_corpora_reason TEXT, -- why there is no interval for new corpora; NULL when there is one
  PRIMARY KEY (run_id, level)
) STRICT;

-- What a run was asked and what answering cost, for each task: one category about one corpus. `run_corpus` says the same of the first
-- task about each corpus alone.
CREATE TABLE run_task (
  run_id TEXT NOT NULL,
  corpus TEXT NOT NULL,
  category TEXT NOT NULL,
  task_id TEXT NOT NULL,
  items INTEGER NOT NULL,
  index_ms REAL, -- NULL when the tool did not run. Tasks about one corpus may share an index; then each says what it took
  answer_ms REAL,
  tokens INTEGER, -- of a language model; NULL when none was asked, or the tool does not say it
  cost_usd REAL, -- likewise, in US dollars
  peak_bytes INTEGER, -- most memory at one time (peak resident set); NULL when it was not measured
  peak_of TEXT CHECK (peak_of IN ('tool', 'process', 'process-so-far')), -- whose memory (cibench/src/schema/answer.ts)
  malformed INTEGER, -- faults in the form of the answer, in items; NULL when the tool did not run
  unasked INTEGER,
  repeated INTEGER,
  unanswered INTEGER,
  not_run TEXT, -- why there is no answer; NULL when there is one, or when the tool does not support the category
  PRIMARY KEY (run_id, corpus, category),
  FOREIGN KEY (run_id, corpus) REFERENCES run_corpus (run_id, corpus) ON DELETE CASCADE,
  CHECK ((peak_bytes IS NULL) = (peak_of IS NULL)),
  CHECK ((index_ms IS NULL) = (answer_ms IS NULL))
) STRICT;

-- What a corpus cost over all of its tasks that ran, added up as CIBench's reports do (cibench/src/report-cost.ts): the longest
-- preparation, since tasks may share an index; the greatest memory; everything else as a sum. No row where none ran.
CREATE VIEW corpus_cost AS
SELECT run_id, corpus, sum(items) AS items, max(index_ms) AS index_ms, sum(answer_ms) AS answer_ms, sum(tokens) AS tokens,
  sum(cost_usd) AS cost_usd, max(peak_bytes) AS peak_bytes,
  (SELECT p.peak_of FROM run_task AS p
   WHERE p.run_id = u.run_id AND p.corpus = u.corpus ORDER BY p.peak_bytes DESC, p.category LIMIT 1) AS peak_of
FROM run_task AS u WHERE index_ms IS NOT NULL GROUP BY run_id, corpus;

-- The same of a run, on all corpora and on those of one kind: what corpora cost is added up, since they share nothing; of memory it is the
-- greatest. A table and not a view, so that one run is found without reading all. No row where no task ran.
CREATE TABLE run_cost (
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('all', 'real', 'synthetic')),
  corpora INTEGER NOT NULL, -- those with a task that ran
  items INTEGER NOT NULL,
  index_ms REAL NOT NULL,
  answer_ms REAL NOT NULL,
  tokens INTEGER,
  cost_usd REAL,
  peak_bytes INTEGER,
  peak_of TEXT CHECK (peak_of IN ('tool', 'process', 'process-so-far')),
  PRIMARY KEY (run_id, kind),
  CHECK ((peak_bytes IS NULL) = (peak_of IS NULL))
) STRICT;
