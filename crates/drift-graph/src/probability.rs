//! How probable an edge is: how often edges that were found in the same way, with as many rivals, are right where truth is
//! known. `fitted.json` says which command writes it.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::{Evidence, Support};

impl Support {
    /// In (0, 1), never higher for more rivals; O(1). Of a name outside it is that of leaving the project, for truth does
    /// not say which function outside is called.
    pub fn probability(self) -> f32 {
        let fitted = &*FITTED;
        let found = match self.evidence {
            Evidence::Tracked => &fitted.tracked,
            Evidence::Open => &fitted.open,
            Evidence::Name => &fitted.name,
            Evidence::Outside => &fitted.outside,
            Evidence::OutsideOpen => &fitted.outside_open,
            Evidence::OutsideName => &fitted.outside_name,
            Evidence::Beside => &fitted.beside,
            Evidence::Suggested => &fitted.suggested,
            Evidence::Family => &fitted.family,
        };
        of(found, self.among as usize)
    }
}

/// Probabilities by the number of candidates from which on they hold, ascending from 1.
type Buckets = Vec<Bucket>;

#[derive(Deserialize)]
struct Bucket {
    from: usize,
    probability: f32,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Fitted {
    tracked: Buckets,
    open: Buckets,
    name: Buckets,
    outside: Buckets,
    outside_open: Buckets,
    outside_name: Buckets,
    beside: Buckets,
    suggested: Buckets,
    family: Buckets,
}

#[derive(Deserialize)]
struct File {
    evidence: Fitted,
}

static FITTED: LazyLock<Fitted> = LazyLock::new(|| {
    let file: File = serde_json::from_str(include_str!("fitted.json")).expect("a test reads it");
    file.evidence
});

fn of(buckets: &Buckets, candidates: usize) -> f32 {
    let fits = buckets.iter().rev().find(|bucket| bucket.from <= candidates);
    fits.or(buckets.first()).expect("a test sees that none is empty").probability
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_probability_is_one_and_more_candidates_never_have_more() {
        let Fitted { tracked, open, name, outside, outside_open, outside_name, beside, suggested, family } = &*FITTED;
        for buckets in [tracked, open, name, outside, outside_open, outside_name, beside, suggested, family] {
            assert_eq!(buckets.first().map(|bucket| bucket.from), Some(1));
            assert!(buckets.iter().all(|bucket| 0.0 < bucket.probability && bucket.probability < 1.0));
            assert!(
                buckets.is_sorted_by(|fewer, more| fewer.from < more.from && fewer.probability >= more.probability)
            );
        }
    }

    #[test]
    fn the_bucket_is_the_last_that_begins_at_or_below_the_number_of_candidates() {
        let bucket = |from, probability| Bucket { from, probability };
        let buckets = vec![bucket(1, 0.9), bucket(2, 0.6), bucket(5, 0.2)];
        let at = |candidates| of(&buckets, candidates).to_string();
        assert_eq!([1, 2, 4, 5, 1000].map(at), ["0.9", "0.6", "0.6", "0.2", "0.2"]);
    }
}
