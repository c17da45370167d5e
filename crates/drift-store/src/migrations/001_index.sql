-- The index of one project. Written whole in one transaction, so readers see the old one or the new one.
-- `kind`, `status` and `reason` are the variants' numbers in drift-facts/flow.rs and drift-graph/model.rs; `meta.tool`
-- changes with those files, and an index of another tool is not read.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- `id` is the file's place in the order of paths.
CREATE TABLE file (
  id          INTEGER PRIMARY KEY,
  path        TEXT NOT NULL,
  hash        BLOB NOT NULL,    -- XXH3-128 of the bytes on disk
  facts       BLOB NOT NULL,    -- key into facts; may be absent there, and is then made anew
  bytes       INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL, -- 0: not to be relied on
  changed_ns  INTEGER NOT NULL,
  lines       INTEGER NOT NULL
) STRICT;

-- What was read from one content: language and extractor are part of the key.
CREATE TABLE facts (
  key  BLOB PRIMARY KEY,
  data BLOB NOT NULL -- checksum, then postcard
) STRICT;

CREATE TABLE skipped (
  id     INTEGER PRIMARY KEY,
  path   TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

-- `symbol` is the id behind the path. Positions are 1-based, columns in UTF-16 units, ends exclusive.
CREATE TABLE function (
  id         INTEGER PRIMARY KEY,
  file       INTEGER NOT NULL REFERENCES file (id),
  symbol     TEXT NOT NULL,
  name       TEXT NOT NULL,
  kind       INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  "column"   INTEGER NOT NULL,
  end_line   INTEGER NOT NULL,
  end_column INTEGER NOT NULL
) STRICT;

CREATE TABLE site (
  id         INTEGER PRIMARY KEY,
  file       INTEGER NOT NULL REFERENCES file (id),
  kind       INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  "column"   INTEGER NOT NULL,
  end_line   INTEGER NOT NULL,
  end_column INTEGER NOT NULL,
  caller     INTEGER REFERENCES function (id), -- null: the top level of the module
  status     INTEGER NOT NULL,
  reason     INTEGER                           -- of status unknown; of likely and external the basis
) STRICT;

CREATE TABLE external (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

-- Exactly one of `function`, `module` (a file's top level) and `external` is set. `rank` orders a site's candidates, most probable first.
CREATE TABLE target (
  site        INTEGER NOT NULL REFERENCES site (id),
  rank        INTEGER NOT NULL,
  function    INTEGER REFERENCES function (id),
  module      INTEGER REFERENCES file (id),
  external    INTEGER REFERENCES external (id),
  probability REAL NOT NULL,
  PRIMARY KEY (site, rank)
) STRICT, WITHOUT ROWID;
