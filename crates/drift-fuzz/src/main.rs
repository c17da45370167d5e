//! `drift-fuzz`: makes cases and checks them, in a process of their own that may die.

mod run;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use drift_fuzz::Target;

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    match matches.subcommand() {
        Some(("run", of)) => run::run(&run::Options {
            target: target(of),
            seed: number(of, "seed"),
            first: number(of, "first"),
            cpu_seconds: number(of, "cpu-seconds"),
            seeds: path(of, "seeds"),
            corpus: path(of, "corpus"),
            die_at: of.get_one::<u64>("die-at").copied(),
        }),
        Some(("worker", of)) => worker::work(&worker::Options {
            target: target(of),
            seed: number(of, "seed"),
            first: number(of, "first"),
            cpu_seconds: number(of, "cpu-seconds"),
            seeds: path(of, "seeds"),
            die_at: of.get_one::<u64>("die-at").copied(),
        }),
        Some(("make", of)) => {
            let seeds = worker::read_seeds(path(of, "seeds").as_deref());
            let case = drift_fuzz::make(target(of), number(of, "seed"), number(of, "first"), &seeds);
            println!("{}", serde_json::to_string_pretty(&case).expect("a case has a JSON form"));
            ExitCode::SUCCESS
        }
        Some(("check", of)) => worker::check_file(path(of, "file").as_deref()),
        _ => ExitCode::from(2),
    }
}

fn command() -> Command {
    let target = Arg::new("target").long("target").required(true).value_parser(["front-end", "solver"]);
    let count = |name: &'static str, default: &'static str| {
        Arg::new(name).long(name).value_parser(value_parser!(u64)).default_value(default)
    };
    let file = |name: &'static str| Arg::new(name).long(name).value_parser(value_parser!(PathBuf));
    let random = [
        target.help("what is fuzzed"),
        count("seed", "1").help("seed of every case, together with its number"),
        count("first", "0").help("number of the first case"),
        file("seeds").help("JSON: a list of programs, each a list of { path, text }, to start mutations from"),
    ];
    let seconds = count("cpu-seconds", "60").help("processor time to spend on cases");
    // For tests: the worker ends there as a stack overflow would end it.
    let die_at = Arg::new("die-at").long("die-at").value_parser(value_parser!(u64)).hide(true);
    Command::new("drift-fuzz")
        .about("Random programs and random facts against what the front end and the solver promise.")
        .subcommand_required(true)
        .subcommand(
            Command::new("run")
                .about("Check cases in a process of their own; findings are made small and saved; sums up in JSON.")
                .args(random.clone())
                .arg(seconds.clone())
                .arg(die_at.clone())
                .arg(file("corpus").help("folder for findings")),
        )
        .subcommand(Command::new("worker").about("What `run` starts.").args(random.clone()).arg(seconds).arg(die_at))
        .subcommand(Command::new("make").about("Print the case of a number.").args(random))
        .subcommand(
            Command::new("check")
                .about("Check one saved finding; exit code 1 when it still is one.")
                .arg(Arg::new("file").required(true).value_parser(value_parser!(PathBuf))),
        )
}

fn target(matches: &ArgMatches) -> Target {
    let name: &String = matches.get_one("target").expect("it is required");
    Target::of_name(name).expect("only names of targets are accepted")
}

fn number(matches: &ArgMatches, name: &str) -> u64 {
    *matches.get_one(name).expect("it has a default")
}

fn path(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(name).cloned()
}
