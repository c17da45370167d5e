//! The program: exit codes, and a worker that dies.

use std::path::Path;
use std::process::{Command, Output};

fn drift_fuzz(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_drift-fuzz")).args(arguments).output().expect("it runs")
}

#[test]
fn a_run_without_findings_ends_with_0_and_says_where_to_go_on() {
    let run = drift_fuzz(&["run", "--target", "solver", "--cpu-seconds", "1", "--first", "5"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    let summary: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let (executions, next) = (summary["executions"].as_u64(), summary["next"].as_u64());
    assert!(executions > Some(0));
    assert_eq!(next, executions.map(|executions| executions + 5));
    assert!(summary["cpuMs"].as_u64() >= Some(900), "{summary}");
}

#[test]
fn a_worker_that_dies_is_a_finding() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("findings");
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let folder_name = folder.to_str().expect("a path of text");
    let arguments = ["run", "--target", "front-end", "--cpu-seconds", "1", "--die-at", "3", "--corpus", folder_name];
    let run = drift_fuzz(&arguments);
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    let summary: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let name = summary["findings"][0].as_str().expect("one finding");
    assert!(name.starts_with("front-end-crash-"), "{name}");
    let saved = std::fs::read_to_string(folder.join(name)).expect("it was saved");
    let finding: drift_fuzz::Finding = serde_json::from_str(&saved).expect("a finding");
    assert_eq!(finding.case, drift_fuzz::make(drift_fuzz::Target::FrontEnd, 1, 3, &[]));
    // Nothing is wrong with the case itself.
    let check = drift_fuzz(&["check", folder.join(name).to_str().expect("a path of text")]);
    assert_eq!(check.status.code(), Some(0), "{check:?}");
}

#[test]
fn bad_arguments_end_with_2() {
    assert_eq!(drift_fuzz(&["run", "--target", "nothing"]).status.code(), Some(2));
    assert_eq!(drift_fuzz(&["check", "no-such-file.json"]).status.code(), Some(2));
    assert_eq!(drift_fuzz(&["--help"]).status.code(), Some(0));
}
