-- The graph as one block for each file instead of a row for each site and target: an edit rewrites the blocks that it
-- changes, and a question reads the few that it needs. What version 1 kept is made anew.

DROP TABLE target;
DROP TABLE site;
DROP TABLE external;
DROP TABLE function;
DROP TABLE facts;
DROP TABLE file;
DELETE FROM skipped;
DELETE FROM meta;

-- `id` stays with a path for as long as it is in the index. The checks are XXH3-64 of the file's blocks.
CREATE TABLE file (
  id              INTEGER PRIMARY KEY,
  path            TEXT NOT NULL UNIQUE,
  hash            BLOB NOT NULL,    -- XXH3-128 of the bytes on disk
  facts           BLOB NOT NULL,    -- key into facts; may be absent there, and is then made anew
  bytes           INTEGER NOT NULL,
  modified_ns     INTEGER NOT NULL, -- 0: not to be relied on
  changed_ns      INTEGER NOT NULL,
  lines           INTEGER NOT NULL,
  functions_check INTEGER NOT NULL,
  sites_check     INTEGER NOT NULL,
  callers_check   INTEGER NOT NULL
) STRICT;

-- What was read from one content: language and extractor are part of the key.
CREATE TABLE facts (
  key  BLOB PRIMARY KEY,
  data BLOB NOT NULL -- see drift-store/src/facts.rs
) STRICT;

-- The layout of `data` is in drift-store/src/blocks.rs. One table each, so that a question reads no other part.
CREATE TABLE functions (
  file INTEGER PRIMARY KEY REFERENCES file (id),
  data BLOB NOT NULL
) STRICT;

CREATE TABLE sites (
  file INTEGER PRIMARY KEY REFERENCES file (id),
  data BLOB NOT NULL
) STRICT;

-- Which files call each function of this one.
CREATE TABLE callers (
  file INTEGER PRIMARY KEY REFERENCES file (id),
  data BLOB NOT NULL
) STRICT;
