//! Starts workers, notices when one dies or hangs, and saves what was found.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use drift_fuzz::{Case, Finding, Target, make, minimise};
use serde::Serialize;

use crate::worker::read_seeds;

/// Longer than any case takes on a loaded computer by far.
const HANGS_AFTER: Duration = Duration::from_mins(2);
/// Processes that minimising a crash may start.
const MINIMISING: usize = 300;
/// After so many findings there is something to mend first.
const ENOUGH: usize = 20;

pub struct Options {
    pub target: Target,
    pub seed: u64,
    pub first: u64,
    pub cpu_seconds: u64,
    pub seeds: Option<PathBuf>,
    pub corpus: Option<PathBuf>,
    pub die_at: Option<u64>,
}

/// What `run` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    target: Target,
    engine: &'static str,
    seed: u64,
    first: u64,
    /// The number of the case to go on with.
    next: u64,
    executions: u64,
    /// Processor time of the workers.
    cpu_ms: u64,
    /// Names of the files that were saved, or of the properties where there is no folder.
    findings: Vec<String>,
}

/// Exit codes: 0 nothing found, 1 something was.
pub fn run(options: &Options) -> ExitCode {
    let mut at = options.first;
    let mut cpu_ms = 0;
    let mut findings = Vec::new();
    while cpu_ms < options.cpu_seconds * 1_000 && findings.len() < ENOUGH {
        let ended = watch(options, at, options.cpu_seconds - cpu_ms / 1_000, &mut findings);
        cpu_ms += ended.cpu_ms;
        at = ended.next;
        if let Some(property) = ended.died {
            let seeds = read_seeds(options.seeds.as_deref());
            findings.push(dead(options, make(options.target, options.seed, at, &seeds), property));
            at += 1;
        }
    }
    let mut names = BTreeSet::new();
    for finding in &findings {
        eprintln!("{}: {}", finding.property, finding.detail);
        names
            .insert(options.corpus.as_deref().map_or_else(|| finding.property.clone(), |folder| save(folder, finding)));
    }
    let summary = Summary {
        target: options.target,
        engine: drift_engine::TOOL,
        seed: options.seed,
        first: options.first,
        next: at,
        executions: at - options.first,
        cpu_ms,
        findings: names.into_iter().collect(),
    };
    println!("{}", serde_json::to_string(&summary).expect("a summary has a JSON form"));
    ExitCode::from(u8::from(!findings.is_empty()))
}

struct Ended {
    /// The case it was at when it died, else the one after its last.
    next: u64,
    cpu_ms: u64,
    died: Option<&'static str>,
}

fn watch(options: &Options, first: u64, cpu_seconds: u64, findings: &mut Vec<Finding>) -> Ended {
    let mut arguments = vec![
        "worker".to_owned(),
        format!("--target={}", options.target.as_str()),
        format!("--seed={}", options.seed),
        format!("--first={first}"),
        format!("--cpu-seconds={}", cpu_seconds.max(1)),
    ];
    arguments.extend(options.seeds.iter().map(|path| format!("--seeds={}", path.display())));
    arguments.extend(options.die_at.iter().map(|number| format!("--die-at={number}")));
    let mut child = start(&arguments, Stdio::null());
    let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let (tell, hear) = mpsc::channel();
    let reader = thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    let mut ended = Ended { next: first, cpu_ms: 0, died: Some("crash") };
    loop {
        match hear.recv_timeout(HANGS_AFTER) {
            Ok(line) => {
                let mut words = line.splitn(2, ' ');
                let (word, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                if word == "finding" {
                    findings.push(serde_json::from_str(rest).expect("a worker writes findings"));
                    if findings.len() >= ENOUGH {
                        let _ = child.kill();
                        ended.died = None;
                        ended.next += 1;
                        break;
                    }
                } else if let Some((number, cpu_ms)) = rest.split_once(' ') {
                    ended.next = number.parse().unwrap_or(ended.next);
                    ended.cpu_ms = cpu_ms.parse().unwrap_or(ended.cpu_ms);
                    if word == "end" {
                        ended.died = None;
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                ended.died = Some("hang");
                break;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let _ = child.wait();
    let _ = reader.join();
    ended
}

fn start(arguments: &[String], stdin: Stdio) -> Child {
    let own = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(own);
    command.args(arguments).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("a process is to be had")
}

/// A case on which a worker died, made small with a process for each attempt.
fn dead(options: &Options, case: Case, property: &'static str) -> Finding {
    let mut dies = |case: &Case| {
        let text = serde_json::to_string(case).expect("a case has a JSON form");
        let mut child = start(&["check".to_owned(), "/dev/stdin".to_owned()], Stdio::piped());
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(text.as_bytes());
        }
        child.wait().is_ok_and(|status| status.code().is_none())
    };
    let case = if property == "hang" { case } else { minimise(&case, MINIMISING, &mut dies) };
    let detail = "the process ended, or did not end, on this case".to_owned();
    Finding { target: options.target, property: property.to_owned(), detail, case }
}

/// Returns the name of the file.
fn save(folder: &Path, finding: &Finding) -> String {
    let text = serde_json::to_string_pretty(finding).expect("findings have a JSON form") + "\n";
    let case = serde_json::to_string(&finding.case).expect("a case has a JSON form");
    let hash = case
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let name = format!("{}-{}-{:08x}.json", finding.target.as_str(), finding.property, hash as u32);
    fs::write(folder.join(&name), text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    name
}
