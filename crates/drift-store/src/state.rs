//! What the index says about each file, and reading it.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row};
use xxhash_rust::xxh3::Xxh3;

use crate::{Counts, FactsKey, FileBlocks, FileId, Store, StoreError};

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

/// A file as the index holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedFile {
    /// Stays with the path for as long as it is in the index.
    pub id: FileId,
    /// What is known of it.
    pub row: FileRow,
    /// [`FileBlocks::checks`] of its blocks.
    pub checks: [u64; 3],
    /// Of all of this, so that a state is named without looking at each file again.
    digest: u128,
}

impl IndexedFile {
    /// What is known of a file. O(path).
    pub fn new(id: FileId, row: FileRow, checks: [u64; 3]) -> Self {
        let mut hasher = Xxh3::new();
        hasher.update(row.path.as_bytes());
        hasher.update(&row.hash.to_le_bytes());
        hasher.update(&row.facts.to_le_bytes());
        let numbers = [
            row.path.len() as u64,
            u64::from(id),
            row.bytes,
            row.modified_ns.cast_unsigned(),
            row.changed_ns.cast_unsigned(),
            u64::from(row.lines),
        ];
        for number in numbers.iter().chain(&checks) {
            hasher.update(&number.to_le_bytes());
        }
        Self { id, row, checks, digest: hasher.digest128() }
    }
}

/// A file or folder that was not analysed, or only in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkippedRow {
    /// Relative to the root; a folder ends in `/`.
    pub path: String,
    /// A stable code, then details behind `: `.
    pub reason: String,
}

/// A whole state of the index, but for facts and blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Names the paths and manifests that the graph was made from.
    pub frame: u128,
    /// Names everything that the graph was made from.
    pub input: u128,
    /// Names the rule by which files were left out; 0 when that is not known.
    pub policy: u64,
    /// By path.
    pub files: Vec<Arc<IndexedFile>>,
    /// Sorted.
    pub skipped: Vec<SkippedRow>,
    /// How much the graph holds.
    pub counts: Counts,
}

impl State {
    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&Arc<IndexedFile>> {
        let at = self.files.binary_search_by(|file| file.row.path.as_str().cmp(path));
        at.ok().map(|at| &self.files[at])
    }

    /// Names this state: two that have the same name are the same, but for what was skipped.
    pub fn check(&self) -> u128 {
        let mut hasher = Xxh3::new();
        hasher.update(&self.frame.to_le_bytes());
        hasher.update(&self.input.to_le_bytes());
        if self.policy != 0 {
            hasher.update(&self.policy.to_le_bytes());
        }
        hasher.update(&self.counts.to_bytes());
        for file in &self.files {
            hasher.update(&file.digest.to_le_bytes());
        }
        hasher.digest128()
    }
}

/// A part of the graph that is kept for each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// [`FileBlocks::functions`]
    Functions,
    /// [`FileBlocks::sites`]
    Sites,
    /// [`FileBlocks::callers`]
    Callers,
}

impl Part {
    /// In the order of [`FileBlocks::checks`].
    pub const ALL: [Self; 3] = [Self::Functions, Self::Sites, Self::Callers];

    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::Sites => "sites",
            Self::Callers => "callers",
        }
    }

    /// This part of a file's blocks.
    pub fn of(self, blocks: &FileBlocks) -> &Vec<u8> {
        match self {
            Self::Functions => &blocks.functions,
            Self::Sites => &blocks.sites,
            Self::Callers => &blocks.callers,
        }
    }
}

const COLUMNS: &str =
    "id, path, hash, facts, bytes, modified_ns, changed_ns, lines, functions_check, sites_check, callers_check";

impl Store {
    /// What is saved, checked against what was written; `None` when nothing is, or another build of Drift saved it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not what was saved.
    pub fn state(&self, tool: &str) -> Result<Option<State>, StoreError> {
        let Some(check) = self.saved_check(tool)? else { return Ok(None) };
        let state = self.sql(|db| {
            let number = |key: &str| -> rusqlite::Result<Option<u128>> {
                Ok(read_meta(db, key)?.and_then(|bytes| bytes.try_into().ok()).map(u128::from_le_bytes))
            };
            let mut select = db.prepare(&format!("SELECT {COLUMNS} FROM file ORDER BY path"))?;
            let files =
                select.query_map([], |row| indexed_file(row).map(Arc::new))?.collect::<rusqlite::Result<_>>()?;
            let mut select = db.prepare("SELECT path, reason FROM skipped ORDER BY id")?;
            let skipped = select.query_map([], |row| Ok(SkippedRow { path: row.get(0)?, reason: row.get(1)? }))?;
            Ok(State {
                frame: number("frame")?.unwrap_or_default(),
                input: number("input")?.unwrap_or_default(),
                policy: read_meta(db, "policy")?
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(u64::from_le_bytes)
                    .unwrap_or_default(),
                files,
                skipped: skipped.collect::<rusqlite::Result<_>>()?,
                counts: read_meta(db, "counts")?.and_then(|bytes| Counts::from_bytes(&bytes)).unwrap_or_default(),
            })
        })?;
        if state.check() == check { Ok(Some(state)) } else { Err(self.corrupt("its files are not what was saved")) }
    }

    /// [`State::check`] of what is saved; `None` when nothing is, or another build of Drift saved it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn saved_check(&self, tool: &str) -> Result<Option<u128>, StoreError> {
        self.sql(|db| saved_check(db, tool))
    }

    /// Every file's blocks, by the order of the state's files.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when they are not what was saved.
    pub fn blocks(&self, state: &State) -> Result<Vec<FileBlocks>, StoreError> {
        let read = |part: Part| {
            self.sql(|db| {
                let mut select = db.prepare(&format!("SELECT file, data FROM {}", part.table()))?;
                let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<rusqlite::Result<rustc_hash::FxHashMap<FileId, Vec<u8>>>>()
            })
        };
        let [mut functions, mut sites, mut callers] =
            [read(Part::Functions)?, read(Part::Sites)?, read(Part::Callers)?];
        let mut take = |file: &IndexedFile| {
            let blocks = FileBlocks {
                functions: functions.remove(&file.id)?,
                sites: sites.remove(&file.id)?,
                callers: callers.remove(&file.id)?,
            };
            (blocks.checks() == file.checks).then_some(blocks)
        };
        let blocks: Option<Vec<_>> = state.files.iter().map(|file| take(file)).collect();
        blocks.ok_or_else(|| self.corrupt("the graph is not what was saved"))
    }

    /// The file at a path, without reading any other.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn file_at(&self, path: &str) -> Result<Option<IndexedFile>, StoreError> {
        self.one_file("path", path)
    }

    /// The file with an id, without reading any other.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn file(&self, id: FileId) -> Result<Option<IndexedFile>, StoreError> {
        self.one_file("id", id)
    }

    fn one_file(&self, column: &str, value: impl rusqlite::ToSql) -> Result<Option<IndexedFile>, StoreError> {
        self.sql(|db| {
            let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} FROM file WHERE {column} = ?1"))?;
            select.query_row([value], indexed_file).optional()
        })
    }

    /// One block of a file.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not what was saved.
    pub fn block(&self, file: &IndexedFile, part: Part) -> Result<Vec<u8>, StoreError> {
        let block: Option<Vec<u8>> = self.sql(|db| {
            let mut select = db.prepare_cached(&format!("SELECT data FROM {} WHERE file = ?1", part.table()))?;
            select.query_row([file.id], |row| row.get(0)).optional()
        })?;
        block
            .filter(|block| crate::check_of(block) == file.checks[part as usize])
            .ok_or_else(|| self.corrupt("a part of the graph is not what was saved"))
    }

    /// One consistent view for all reads of `work`, whoever writes meanwhile.
    ///
    /// # Errors
    /// What `work` gives, and when the database cannot be read.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let _view = self.connection.unchecked_transaction().map_err(|source| StoreError::sqlite(&self.path, source))?;
        work(self)
    }

    /// This index, found to be damaged.
    pub fn corrupt(&self, what: &str) -> StoreError {
        StoreError::Corrupt { path: self.path.clone(), what: what.to_owned() }
    }
}

fn indexed_file(row: &Row<'_>) -> rusqlite::Result<IndexedFile> {
    let check = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let read = FileRow {
        path: row.get(1)?,
        hash: u128::from_le_bytes(row.get(2)?),
        facts: FactsKey::from_le_bytes(row.get(3)?),
        bytes: row.get::<_, i64>(4)?.cast_unsigned(),
        modified_ns: row.get(5)?,
        changed_ns: row.get(6)?,
        lines: row.get(7)?,
    };
    Ok(IndexedFile::new(row.get(0)?, read, [check(8)?, check(9)?, check(10)?]))
}

pub fn saved_check(db: &Connection, tool: &str) -> rusqlite::Result<Option<u128>> {
    if read_meta(db, "tool")?.as_deref() != Some(tool.as_bytes()) {
        return Ok(None);
    }
    Ok(read_meta(db, "state")?.and_then(|bytes| bytes.try_into().ok()).map(u128::from_le_bytes))
}

fn read_meta(db: &Connection, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}
