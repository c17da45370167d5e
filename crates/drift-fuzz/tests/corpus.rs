//! What was once found stays mended.

use std::fs;
use std::path::Path;

use drift_fuzz::{Finding, check_caught, on_worker_stack};

#[test]
fn no_saved_finding_is_one_any_more() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut checked = 0;
    for entry in fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("it can be listed").path();
        let text = fs::read_to_string(&path).expect("it can be read");
        let finding: Finding = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("{}: {error}; facts of an older form have to be made again", path.display())
        });
        let result = on_worker_stack(|| check_caught(&finding.case));
        assert!(result.is_ok(), "{}: {result:?}", path.display());
        checked += 1;
    }
    assert!(checked > 0);
}
