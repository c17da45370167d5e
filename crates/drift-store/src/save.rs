use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use drift_graph::CallGraph;

use crate::graph::{read_graph, write_graph};
use crate::{Counts, FactsKey, Store, StoreError};

/// A file that was analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Relative to the root, with `/` separators.
    pub path: String,
    /// Of the bytes on disk.
    pub hash: u128,
    /// Where its facts are.
    pub facts: FactsKey,
    /// Size.
    pub bytes: u64,
    /// Time of the last change of content, in nanoseconds since 1970; 0 when it is not to be relied on.
    pub modified_ns: i64,
    /// Time of the last change of content or attributes; 0 where the system has none.
    pub changed_ns: i64,
    /// Lines, from 1.
    pub lines: u32,
}

/// A file or folder that was not analysed, or only in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkippedRow {
    /// Relative to the root; a folder ends in `/`.
    pub path: String,
    /// A stable code, then details behind `: `.
    pub reason: String,
}

/// A whole new state of the index.
pub struct Update<'u> {
    /// Names the build of Drift: facts and graphs of another one are not read.
    pub tool: &'u str,
    /// Names everything the graph was made from.
    pub input: u128,
    /// Sorted by path; the graph's file indices point here.
    pub files: &'u [FileRow],
    /// Sorted.
    pub skipped: &'u [SkippedRow],
    /// Encoded facts that may not be there yet.
    pub facts: &'u [(FactsKey, Vec<u8>)],
    /// `None` when it is as it was.
    pub graph: Option<&'u CallGraph>,
}

impl Store {
    /// What the saved graph was made from; `None` when nothing is saved, or another tool saved it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn input(&self, tool: &str) -> Result<Option<u128>, StoreError> {
        self.sql(|db| {
            let saved = read_meta(db, "tool")?;
            if saved.as_deref() != Some(tool.as_bytes()) {
                return Ok(None);
            }
            Ok(read_meta(db, "input")?.and_then(|bytes| bytes.try_into().ok()).map(u128::from_le_bytes))
        })
    }

    /// The files of the saved state, by path.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn files(&self) -> Result<Vec<FileRow>, StoreError> {
        self.sql(|db| {
            let mut select =
                db.prepare("SELECT path, hash, facts, bytes, modified_ns, changed_ns, lines FROM file ORDER BY id")?;
            let rows = select.query_map([], |row| {
                Ok(FileRow {
                    path: row.get(0)?,
                    hash: u128::from_le_bytes(row.get(1)?),
                    facts: FactsKey::from_le_bytes(row.get(2)?),
                    bytes: row.get::<_, i64>(3)?.unsigned_abs(),
                    modified_ns: row.get(4)?,
                    changed_ns: row.get(5)?,
                    lines: row.get(6)?,
                })
            })?;
            rows.collect()
        })
    }

    /// The skipped files of the saved state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn skipped(&self) -> Result<Vec<SkippedRow>, StoreError> {
        self.sql(|db| {
            let mut select = db.prepare("SELECT path, reason FROM skipped ORDER BY id")?;
            let rows = select.query_map([], |row| Ok(SkippedRow { path: row.get(0)?, reason: row.get(1)? }))?;
            rows.collect()
        })
    }

    /// The saved graph, checked against the checksum it was saved with.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not what was saved.
    pub fn graph(&self, files: &[FileRow]) -> Result<CallGraph, StoreError> {
        let (graph, check) = self.sql(|db| Ok((read_graph(db, files)?, read_meta(db, "graph")?)))?;
        match graph {
            Some((graph, found)) if check.as_deref() == Some(&found.to_le_bytes()[..]) => Ok(graph),
            _ => Err(StoreError::Corrupt { path: self.path.clone(), what: "the graph is not what was saved".into() }),
        }
    }

    /// One consistent view for all reads of `work`, whoever writes meanwhile.
    ///
    /// # Errors
    /// What `work` gives, and when the database cannot be read.
    pub fn read<T>(&self, work: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let _view = self.connection.unchecked_transaction().map_err(|source| StoreError::sqlite(&self.path, source))?;
        work(self)
    }

    /// Replaces the saved state by `update`, all of it or nothing. Facts that no file needs any more go.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another writer does not come to an end, [`StoreError::Database`] when the disk is
    /// full or refuses.
    pub fn save(&mut self, update: &Update<'_>) -> Result<(), StoreError> {
        self.write(update).map_err(|source| StoreError::sqlite(&self.path, source))
    }

    fn write(&mut self, update: &Update<'_>) -> rusqlite::Result<()> {
        // Rows refer to each other by indices that were just made, so checking each reference would prove nothing.
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare("INSERT OR REPLACE INTO facts (key, data) VALUES (?1, ?2)")?;
            for (key, data) in update.facts {
                insert.execute((&key.to_le_bytes()[..], data))?;
            }
        }
        if let Some(graph) = update.graph {
            let check = write_graph(&transaction, graph, update.files)?;
            write_meta(&transaction, "graph", &check.to_le_bytes())?;
            write_meta(&transaction, "counts", &Counts::of(graph).to_bytes())?;
        }
        write_files(&transaction, update.files)?;
        write_skipped(&transaction, update.skipped)?;
        transaction.execute("DELETE FROM facts WHERE key NOT IN (SELECT facts FROM file)", [])?;
        write_meta(&transaction, "tool", update.tool.as_bytes())?;
        write_meta(&transaction, "input", &update.input.to_le_bytes())?;
        transaction.commit()?;
        self.connection.pragma_update(None, "foreign_keys", true)
    }
}

fn write_files(connection: &Connection, files: &[FileRow]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM file", [])?;
    let mut insert = connection.prepare(
        "INSERT INTO file (id, path, hash, facts, bytes, modified_ns, changed_ns, lines)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (id, file) in files.iter().enumerate() {
        insert.execute((
            id as u32,
            &file.path,
            &file.hash.to_le_bytes()[..],
            &file.facts.to_le_bytes()[..],
            i64::try_from(file.bytes).unwrap_or(i64::MAX),
            file.modified_ns,
            file.changed_ns,
            file.lines,
        ))?;
    }
    Ok(())
}

fn write_skipped(connection: &Connection, skipped: &[SkippedRow]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM skipped", [])?;
    let mut insert = connection.prepare("INSERT INTO skipped (id, path, reason) VALUES (?1, ?2, ?3)")?;
    for (id, row) in skipped.iter().enumerate() {
        insert.execute((id as u32, &row.path, &row.reason))?;
    }
    Ok(())
}

fn read_meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

fn write_meta(connection: &Connection, key: &str, value: &[u8]) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", (key, value)).map(drop)
}
