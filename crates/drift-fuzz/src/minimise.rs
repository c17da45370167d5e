use drift_facts::FileFacts;

use crate::case::{Case, Content};

/// The case with as much left out as `breaks` allows: whole files first, then halves, quarters, … of what is in them.
/// `breaks` says whether a smaller case still shows the fault; it is asked at most `budget` times.
pub fn minimise(case: &Case, budget: usize, breaks: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut best = case.clone();
    let mut left = budget;
    let mut attempt = |best: &mut Case, smaller: Case| {
        let is_better = left > 0 && smaller != *best && {
            left -= 1;
            breaks(&smaller)
        };
        if is_better {
            *best = smaller;
        }
        is_better
    };
    loop {
        let before = best.size();
        let without_twin = Case { renamed: Vec::new(), ..best.clone() };
        attempt(&mut best, without_twin);
        for file in (0..best.files.len()).rev() {
            let mut smaller = best.clone();
            let path = smaller.files.remove(file).path;
            smaller.renamed.retain(|input| input.path != path);
            if !smaller.files.is_empty() {
                attempt(&mut best, smaller);
            }
        }
        // A renamed program would have to shrink in step with its twin.
        for file in 0..if best.renamed.is_empty() { best.files.len() } else { 0 } {
            match best.files[file].content.clone() {
                Content::Text(text) => {
                    let mut pieces: Vec<char> = text.chars().collect();
                    let mut size = pieces.len().div_ceil(2);
                    while size > 0 {
                        let mut at = 0;
                        while at < pieces.len() {
                            let mut fewer = pieces.clone();
                            fewer.drain(at..(at + size).min(pieces.len()));
                            let mut smaller = best.clone();
                            smaller.files[file].content = Content::Text(fewer.iter().collect());
                            if attempt(&mut best, smaller) { pieces = fewer } else { at += size }
                        }
                        size /= 2;
                    }
                }
                Content::Facts(_) => {
                    for list in LISTS {
                        let Content::Facts(facts) = &best.files[file].content else { break };
                        let mut size = list(&mut facts.clone(), 0, 0).div_ceil(2);
                        while size > 0 {
                            let mut at = 0;
                            loop {
                                let mut smaller = best.clone();
                                let Content::Facts(facts) = &mut smaller.files[file].content else { break };
                                if at >= list(facts, at, size) {
                                    break;
                                }
                                if !attempt(&mut best, smaller) {
                                    at += size;
                                }
                            }
                            size /= 2;
                        }
                    }
                }
            }
        }
        if best.size() >= before {
            return best;
        }
    }
}

/// Takes some entries out of one list of the facts that nothing refers to by number; returns how many there were.
type List = fn(&mut FileFacts, usize, usize) -> usize;

const LISTS: &[List] = &[
    |facts, at, size| cut(&mut facts.flows, at, size),
    |facts, at, size| cut(&mut facts.details, at, size),
    |facts, at, size| cut(&mut facts.sites, at, size),
    |facts, at, size| cut(&mut facts.accesses, at, size),
    |facts, at, size| cut(&mut facts.iterations, at, size),
    |facts, at, size| cut(&mut facts.imports, at, size),
    |facts, at, size| cut(&mut facts.exports, at, size),
    |facts, at, size| cut(&mut facts.globals, at, size),
];

fn cut<T>(list: &mut Vec<T>, at: usize, size: usize) -> usize {
    let length = list.len();
    list.drain(at.min(length)..(at + size).min(length));
    length
}
