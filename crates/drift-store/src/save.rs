//! Writing: what differs from the state before, in one transaction.

use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use rustc_hash::FxHashSet;

use crate::state::saved_check;
use crate::{FactsKey, FileBlocks, IndexedFile, Part, State, Store, StoreError};

/// With more files changed than one in so many, facts are cleaned up by looking at all of them.
const SWEEP_SHARE: usize = 20;

/// A whole new state of the index.
pub struct Update<'u> {
    /// Names the build of Drift: what another one saved is not read.
    pub tool: &'u str,
    /// What it says of each file.
    pub state: &'u State,
    /// Blocks of files whose checks are not those of `before`; `None`: as they were.
    pub blocks: &'u dyn Fn(&IndexedFile) -> Option<Arc<FileBlocks>>,
    /// What the index is thought to hold. Where it holds something else, everything is written.
    pub before: &'u State,
}

impl Store {
    /// Adds encoded facts, ahead of the state that needs them. What no state comes to need goes with a later
    /// [`Store::save`].
    ///
    /// # Errors
    /// As [`Store::save`].
    pub fn add_facts(&mut self, facts: impl Iterator<Item = (FactsKey, Vec<u8>)>) -> Result<(), StoreError> {
        let add = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut insert = transaction.prepare("INSERT OR REPLACE INTO facts (key, data) VALUES (?1, ?2)")?;
            for (key, data) in facts {
                insert.execute((&key.to_le_bytes()[..], data))?;
            }
            drop(insert);
            transaction.commit()
        };
        add().map_err(|source| StoreError::sqlite(&self.path, source))
    }

    /// Replaces the saved state by `update`, all of it or nothing. Facts that no file needs any more go. Whether it was
    /// saved: not where another process has saved a state that is neither `before` nor can be replaced without blocks.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another writer does not come to an end, [`StoreError::Database`] when the disk is
    /// full or refuses.
    pub fn save(&mut self, update: &Update<'_>) -> Result<bool, StoreError> {
        self.write(update).map_err(|source| StoreError::sqlite(&self.path, source))
    }

    fn write(&mut self, update: &Update<'_>) -> rusqlite::Result<bool> {
        let nothing = State::default();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let saved = saved_check(&transaction, update.tool)?;
        // Where nothing can be kept, nothing is: what is in the way is removed, skipped files with it.
        let is_known = !update.before.files.is_empty() && saved == Some(update.before.check());
        let before = if is_known { update.before } else { &nothing };
        if before.files.is_empty() {
            let all_at_hand = update.state.files.iter().all(|file| (update.blocks)(file).is_some());
            if !all_at_hand {
                return Ok(false);
            }
            transaction.execute_batch(
                "DELETE FROM functions; DELETE FROM sites; DELETE FROM callers; DELETE FROM file; DELETE FROM skipped",
            )?;
        }
        let replaced = write_files(&transaction, update, before)?;
        clean_up(&transaction, update.state, &replaced)?;
        if before.skipped != update.state.skipped {
            write_skipped(&transaction, update.state)?;
        }
        write_meta(&transaction, "tool", update.tool.as_bytes())?;
        write_meta(&transaction, "frame", &update.state.frame.to_le_bytes())?;
        write_meta(&transaction, "input", &update.state.input.to_le_bytes())?;
        write_meta(&transaction, "policy", &update.state.policy.to_le_bytes())?;
        write_meta(&transaction, "counts", &update.state.counts.to_bytes())?;
        write_meta(&transaction, "state", &update.state.check().to_le_bytes())?;
        transaction.commit()?;
        Ok(true)
    }
}

/// Rows and blocks that differ; the facts that files had before come back, one key for each file that is not as it was.
fn write_files(db: &Connection, update: &Update<'_>, before: &State) -> rusqlite::Result<Vec<Option<FactsKey>>> {
    let mut replaced = Vec::new();
    // Both are sorted by path, and a path keeps its id.
    let (mut changed, mut was) = (Vec::new(), before.files.iter().peekable());
    let remove = |file: &IndexedFile| -> rusqlite::Result<()> {
        for part in Part::ALL {
            db.prepare_cached(&format!("DELETE FROM {} WHERE file = ?1", part.table()))?.execute([file.id])?;
        }
        db.prepare_cached("DELETE FROM file WHERE id = ?1")?.execute([file.id]).map(drop)
    };
    for file in &update.state.files {
        while let Some(gone) = was.next_if(|old| !Arc::ptr_eq(old, file) && old.row.path < file.row.path) {
            remove(gone)?;
            replaced.push(Some(gone.row.facts));
        }
        let old = was.next_if(|old| Arc::ptr_eq(old, file) || old.row.path == file.row.path);
        if old.is_none_or(|old| !Arc::ptr_eq(old, file) && old != file) {
            changed.push((old, file));
        }
    }
    for gone in was {
        remove(gone)?;
        replaced.push(Some(gone.row.facts));
    }
    if changed.is_empty() {
        return Ok(replaced);
    }
    let mut write_row = db.prepare(
        "INSERT OR REPLACE INTO file (id, path, hash, facts, bytes, modified_ns, changed_ns, lines,
                                      functions_check, sites_check, callers_check)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let write_block =
        |part: Part| db.prepare(&format!("INSERT OR REPLACE INTO {} (file, data) VALUES (?1, ?2)", part.table()));
    let mut write_blocks = [write_block(Part::Functions)?, write_block(Part::Sites)?, write_block(Part::Callers)?];
    for (old, file) in changed {
        replaced.push(old.map(|old| old.row.facts));
        let row = &file.row;
        write_row.execute((
            file.id,
            &row.path,
            &row.hash.to_le_bytes()[..],
            &row.facts.to_le_bytes()[..],
            row.bytes.cast_signed(),
            row.modified_ns,
            row.changed_ns,
            row.lines,
            file.checks[0].cast_signed(),
            file.checks[1].cast_signed(),
            file.checks[2].cast_signed(),
        ))?;
        let Some(blocks) = (update.blocks)(file) else { continue };
        for (part, write) in Part::ALL.into_iter().zip(&mut write_blocks) {
            if old.is_none_or(|old| old.checks[part as usize] != file.checks[part as usize]) {
                write.execute((file.id, part.of(&blocks)))?;
            }
        }
    }
    Ok(replaced)
}

/// Removes the facts that no file needs any more.
fn clean_up(db: &Connection, state: &State, replaced: &[Option<FactsKey>]) -> rusqlite::Result<()> {
    if replaced.len() > state.files.len() / SWEEP_SHARE {
        return db.execute("DELETE FROM facts WHERE key NOT IN (SELECT facts FROM file)", []).map(drop);
    }
    let mut unneeded: FxHashSet<FactsKey> = replaced.iter().flatten().copied().collect();
    for file in &state.files {
        if unneeded.is_empty() {
            break;
        }
        unneeded.remove(&file.row.facts);
    }
    for key in unneeded {
        db.prepare_cached("DELETE FROM facts WHERE key = ?1")?.execute([&key.to_le_bytes()[..]])?;
    }
    Ok(())
}

fn write_skipped(db: &Connection, state: &State) -> rusqlite::Result<()> {
    db.execute("DELETE FROM skipped", [])?;
    let mut insert = db.prepare("INSERT INTO skipped (id, path, reason) VALUES (?1, ?2, ?3)")?;
    for (id, row) in state.skipped.iter().enumerate() {
        insert.execute((id as u32, &row.path, &row.reason))?;
    }
    Ok(())
}

fn write_meta(db: &Connection, key: &str, value: &[u8]) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?.execute((key, value)).map(drop)
}
