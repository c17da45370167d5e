use drift_store::{FileId, TargetRow, decode_sites};

/// A function by its file and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The function's place in its file; [`MODULE`] for the top level.
    pub function: u32,
}

/// Stands for the top level of a file.
pub const MODULE: u32 = u32::MAX;

/// Who calls whom from within one file, each pair once.
pub struct Edges(Vec<(u32, Place)>);

impl Edges {
    /// Reads the block of a file's sites; `None` when it is no such block.
    pub fn of(sites: &[u8]) -> Option<Self> {
        let rows = decode_sites(sites)?;
        let mut edges = Vec::new();
        for site in &rows.sites {
            let caller = site.caller.unwrap_or(MODULE);
            edges.extend(rows.targets[site.targets as usize].iter().filter_map(place_of).map(|to| (caller, to)));
        }
        edges.sort_unstable();
        edges.dedup();
        Some(Self(edges))
    }

    /// What a function of the file calls.
    pub fn from(&self, caller: u32) -> impl Iterator<Item = Place> {
        let first = self.0.partition_point(|&(from, _)| from < caller);
        self.0[first..].iter().take_while(move |&&(from, _)| from == caller).map(|&(_, to)| to)
    }

    /// Which functions of the file call one, each once.
    pub fn to(&self, target: Place) -> impl Iterator<Item = u32> {
        self.0.iter().filter(move |&&(_, to)| to == target).map(|&(from, _)| from)
    }
}

/// `None`: outside of the project.
pub fn place_of(target: &TargetRow) -> Option<Place> {
    match *target {
        TargetRow::Function { file, function, .. } => Some(Place { file, function }),
        TargetRow::Module { file, .. } => Some(Place { file, function: MODULE }),
        TargetRow::External { .. } => None,
    }
}
