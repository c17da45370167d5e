use drift_facts::FileFacts;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::{Store, StoreError, plain};

/// Names the facts of one content, read as one language by one extractor.
pub type FactsKey = u128;

const CHECKSUM_BYTES: usize = 8;

/// What is kept of one file's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredFacts {
    /// `None` when the content was refused; then [`StoredFacts::notes`] says why.
    pub facts: Option<FileFacts>,
    /// What could not be understood, each starting with a stable code: `syntax-error: … (2:14)`.
    pub notes: Vec<String>,
}

impl StoredFacts {
    /// As bytes that notice when they are damaged.
    pub fn encode(&self) -> Vec<u8> {
        let mut data = plain::append(self, vec![0; CHECKSUM_BYTES]);
        let check = xxh3_64(&data[CHECKSUM_BYTES..]);
        data[..CHECKSUM_BYTES].copy_from_slice(&check.to_le_bytes());
        data
    }

    /// `None` when the bytes are not what [`StoredFacts::encode`] gave.
    pub fn decode(data: &[u8]) -> Option<Self> {
        let (check, data) = data.split_first_chunk::<CHECKSUM_BYTES>()?;
        (u64::from_le_bytes(*check) == xxh3_64(data)).then(|| postcard::from_bytes(data).ok()).flatten()
    }
}

impl Store {
    /// The keys of all facts that are there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn facts_keys(&self) -> Result<FxHashSet<FactsKey>, StoreError> {
        self.sql(|db| {
            let mut select = db.prepare("SELECT key FROM facts")?;
            let rows = select.query_map([], |row| Ok(FactsKey::from_le_bytes(row.get(0)?)))?;
            rows.collect()
        })
    }

    /// The encoded facts under each key; `None` where there are none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn load_facts(&self, keys: &[FactsKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        use rusqlite::OptionalExtension;
        self.sql(|db| {
            let mut select = db.prepare("SELECT data FROM facts WHERE key = ?1")?;
            keys.iter().map(|key| select.query_row([&key.to_le_bytes()[..]], |row| row.get(0)).optional()).collect()
        })
    }
}
