use drift_graph::{CallGraph, Status};

/// How much a graph holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Functions.
    pub functions: u64,
    /// Sites with exactly one possible target.
    pub certain: u64,
    /// Sites with candidates.
    pub likely: u64,
    /// Sites that leave the project.
    pub external: u64,
    /// Sites about which nothing can be said.
    pub unknown: u64,
}

impl Counts {
    /// Counts a graph. O(sites).
    pub fn of(graph: &CallGraph) -> Self {
        let mut counts = Self { functions: graph.functions.len() as u64, ..Self::default() };
        for site in &graph.sites {
            *match site.status {
                Status::Certain => &mut counts.certain,
                Status::Likely(_) => &mut counts.likely,
                Status::External(_) => &mut counts.external,
                Status::Unknown(_) => &mut counts.unknown,
            } += 1;
        }
        counts
    }

    /// So that an unchanged project needs no look at its rows.
    pub(crate) fn to_bytes(self) -> [u8; 40] {
        let mut bytes = [0; 40];
        let numbers = [self.functions, self.certain, self.likely, self.external, self.unknown];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, []) = bytes.as_chunks::<8>() else { return None };
        let [functions, certain, likely, external, unknown] =
            *numbers.iter().map(|number| u64::from_le_bytes(*number)).collect::<Vec<_>>().as_slice()
        else {
            return None;
        };
        Some(Self { functions, certain, likely, external, unknown })
    }
}
