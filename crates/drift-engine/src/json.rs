use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::reader::{Blocks, Reader, symbol};
use crate::{Snapshot, VERSION};

impl Snapshot {
    /// The whole answer as one JSON text in the shape of `CallGraph` in `engine/src/types.ts`, ended by a newline.
    /// Depends on nothing but the project's content.
    ///
    /// # Panics
    /// Never: memory takes everything, every key is text, and blocks were checked when they were made or read.
    pub fn to_json(&self) -> Vec<u8> {
        let sizes = self.blocks.iter().map(|blocks| blocks.sites.len() * 24 + blocks.functions.len() * 8);
        let mut json = Vec::with_capacity(sizes.sum::<usize>() + 1024);
        serde_json::to_writer(&mut json, &Answer(self)).expect("memory takes everything, and every key is text");
        json.push(b'\n');
        json
    }
}

struct Answer<'s>(&'s Snapshot);

#[derive(serde::Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (snapshot, reader) = (self.0, Reader::new(self.0));
        let functions = || {
            snapshot.state.files.iter().flat_map(|file| {
                let rows = snapshot.functions(file).expect("blocks were checked");
                rows.iter().map(|row| symbol(file, row)).collect::<Vec<_>>()
            })
        };
        let sites = || {
            let files = snapshot.state.files.iter();
            files.flat_map(|file| reader.sites_where(file, |_| true).expect("blocks were checked"))
        };
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("schemaVersion", &1)?;
        map.serialize_entry("tool", &Tool { name: "drift", version: VERSION })?;
        map.serialize_entry("functions", &List(functions))?;
        map.serialize_entry("callSites", &List(sites))?;
        map.serialize_entry("skipped", &List(|| self.0.skipped()))?;
        map.serialize_entry("stats", &self.0.stats())?;
        map.end()
    }
}

/// Rows made one by one as they are written.
struct List<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for List<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
