//! The process that does the work: it says which case it is at, so that whoever started it knows on which one it died.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use drift_fuzz::{Case, Finding, Input, Target, check_caught, make, minimise, on_worker_stack};
use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Address space of a worker. The deepest stack that the engine asks for is 4 GiB, of which little is ever touched.
const MEMORY_BYTES: u64 = 6 << 30;
/// Cases that minimising one finding may try.
const MINIMISING: usize = 4_000;

pub struct Options {
    pub target: Target,
    pub seed: u64,
    pub first: u64,
    pub cpu_seconds: u64,
    pub seeds: Option<PathBuf>,
    pub die_at: Option<u64>,
}

/// Lines on standard output: `case <number> <cpu ms>` before each case, `finding <json>`, and `end <number> <cpu ms>`.
pub fn work(options: &Options) -> ExitCode {
    limit_memory();
    std::panic::set_hook(Box::new(|_| ())); // A panic is a finding, and told as one.
    let seeds = read_seeds(options.seeds.as_deref());
    on_worker_stack(|| work_through(options, &seeds));
    ExitCode::SUCCESS
}

fn work_through(options: &Options, seeds: &[Vec<Input>]) {
    let mut out = io::stdout().lock();
    let mut number = options.first;
    while cpu_time() < Duration::from_secs(options.cpu_seconds) {
        say(&mut out, &format!("case {number} {}", cpu_time().as_millis()));
        if options.die_at == Some(number) {
            std::process::abort();
        }
        let case = make(options.target, options.seed, number, seeds);
        if let Err(failure) = check_caught(&case) {
            let same = |case: &Case| check_caught(case).is_err_and(|now| now.property == failure.property);
            let small = minimise(&case, MINIMISING, &mut { same });
            let detail = check_caught(&small).map_or_else(|failure| failure.detail, |()| failure.detail);
            let property = failure.property.to_owned();
            let finding = Finding { target: options.target, property, detail, case: small };
            say(&mut out, &format!("finding {}", serde_json::to_string(&finding).expect("findings have a JSON form")));
        }
        number += 1;
    }
    say(&mut out, &format!("end {number} {}", cpu_time().as_millis()));
}

/// Checks a saved finding, or the case on standard input when there is no path.
pub fn check_file(path: Option<&Path>) -> ExitCode {
    limit_memory();
    let text = path.map_or_else(|| io::read_to_string(io::stdin()), fs::read_to_string);
    let case = text.map_err(|error| error.to_string()).and_then(|text| {
        let finding = serde_json::from_str::<Finding>(&text).map(|finding| finding.case);
        finding.or_else(|_| serde_json::from_str(&text)).map_err(|error| error.to_string())
    });
    match case.map(|case| on_worker_stack(|| check_caught(&case))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            println!("{}: {}", failure.property, failure.detail);
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("drift-fuzz: {error}");
            ExitCode::from(2)
        }
    }
}

/// Programs to start mutations from; none without a file.
pub fn read_seeds(path: Option<&Path>) -> Vec<Vec<Input>> {
    let Some(path) = path else { return Vec::new() };
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn limit_memory() {
    let limit = Rlimit { current: Some(MEMORY_BYTES), maximum: Some(MEMORY_BYTES) };
    // Where there is no such limit, the system's own has to do.
    let _ = setrlimit(Resource::As, limit);
}

/// Processor time of this process, in all its threads.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn say(out: &mut impl Write, line: &str) {
    let told = writeln!(out, "{line}").and_then(|()| out.flush());
    if told.is_err() {
        std::process::exit(0); // Nobody listens any more.
    }
}
