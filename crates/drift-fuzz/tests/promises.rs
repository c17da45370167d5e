//! A few hundred cases of fixed seeds for each target, and planted faults that have to be noticed.

use drift_engine::analyse;
use drift_facts::{FileFacts, Flow};
use drift_fuzz::{Case, Content, Input, Target, check_caught, make, minimise, on_worker_stack};
use drift_syntax::Language;

/// Random facts take much longer than programs: nodes that hold everything, and every case is solved several times.
const fn cases(target: Target) -> u64 {
    match target {
        Target::FrontEnd => 600,
        Target::Solver => 120,
    }
}
const SEED: u64 = 20_261_123;

fn check_target(target: Target) {
    for number in 0..cases(target) {
        let result = on_worker_stack(|| check_caught(&make(target, SEED, number, &[])));
        assert!(
            result.is_ok(),
            "drift-fuzz make --target {} --seed {SEED} --first {number}: {result:?}",
            target.as_str()
        );
    }
}

#[test]
fn the_front_end_keeps_its_promises() {
    check_target(Target::FrontEnd);
}

#[test]
fn the_solver_keeps_its_promises() {
    check_target(Target::Solver);
}

#[test]
fn the_same_seed_and_number_make_the_same_case() {
    for target in Target::ALL {
        assert_eq!(make(target, 3, 14, &[]), make(target, 3, 14, &[]));
        assert_ne!(make(target, 3, 14, &[]), make(target, 3, 15, &[]));
        assert_eq!(Target::of_name(target.as_str()), Some(target));
    }
}

#[test]
fn most_generated_programs_parse_and_have_a_renamed_twin_of_the_same_length() {
    let programs: Vec<Case> = (0..200).map(|number| make(Target::FrontEnd, SEED, number, &[])).collect();
    let twins: Vec<&Case> = programs.iter().filter(|case| !case.renamed.is_empty()).collect();
    assert!(twins.len() > 60, "{}", twins.len());
    let parses =
        |case: &&&Case| case.files.iter().all(|file| analyse(language(&file.path), text(file), None).notes.is_empty());
    let parsed = twins.iter().filter(parses).count();
    assert!(parsed * 3 > twins.len() * 2, "{parsed} of {}", twins.len());
    for case in twins {
        for (file, twin) in case.files.iter().zip(&case.renamed) {
            assert_eq!((&file.path, text(file).len()), (&twin.path, text(twin).len()));
        }
    }
}

fn language(path: &str) -> Language {
    Language::of_path(path).expect("programs consist of sources")
}

fn text(input: &Input) -> &str {
    match &input.content {
        Content::Text(text) => text,
        Content::Facts(_) => panic!("programs are text"),
    }
}

/// The property that a change of one file's facts breaks.
fn broken_by(source: &str, plant: impl FnOnce(&mut FileFacts)) -> &'static str {
    let mut facts = analyse(Language::TypeScript, source, None).facts.expect("it parses");
    plant(&mut facts);
    let file = Input { path: "a.ts".to_owned(), content: Content::Facts(Box::new(facts)) };
    let case = Case { files: vec![file], renamed: Vec::new() };
    check_caught(&case).expect_err("a planted fault").property
}

const SOURCE: &str = "export function f(a: () => void) { a(); a(); return { b: a }; }\nf(() => {}).b();\n";

#[test]
fn planted_faults_are_noticed() {
    assert_eq!(broken_by(SOURCE, |facts| facts.sites[1].span = facts.sites[0].span), "nothing-comes-twice");
    assert_eq!(broken_by(SOURCE, |facts| facts.functions[1].name = "f".to_owned()), "nothing-comes-twice");
    assert_eq!(broken_by(SOURCE, |facts| facts.sites.swap(0, 2)), "sorted-by-position");
    let outside = |facts: &mut FileFacts| facts.node_count + 7;
    assert_eq!(broken_by(SOURCE, |facts| facts.sites[0].callee = outside(facts)), "every-number-means-something");
    assert_eq!(broken_by(SOURCE, |facts| facts.functions[0].parent = Some(0)), "every-number-means-something");
    let flow = |facts: &mut FileFacts| facts.flows.push(Flow::Unknown { to: facts.node_count });
    assert_eq!(broken_by(SOURCE, flow), "every-number-means-something");
}

#[test]
fn names_that_decide_are_noticed() {
    let files = vec![Input::text("a.ts", "function aa() {}\naa();\n".to_owned())];
    let renamed = vec![Input::text("a.ts", "function bb() {}\ncc();\n".to_owned())];
    let failure = check_caught(&Case { files, renamed }).expect_err("another name is called");
    assert_eq!(failure.property, "names-do-not-decide");
}

#[test]
fn a_finding_is_made_small() {
    let lines = |at: usize| format!("const a{at} = () => a{at};\n");
    let files = vec![
        Input::text("a.ts", (0..40).map(lines).collect()),
        Input::text("b.ts", (0..40).map(lines).collect::<String>() + "needle" + &lines(41)),
    ];
    let breaks = |case: &Case| case.files.iter().any(|file| text(file).contains("needle"));
    let small = minimise(&Case { files, renamed: Vec::new() }, 2_000, &mut { breaks });
    assert_eq!(small.files, vec![Input::text("b.ts", "needle".to_owned())]);

    let facts = make(Target::Solver, SEED, 0, &[]);
    let small = minimise(&facts, 2_000, &mut |case: &Case| !case.files.is_empty());
    assert_eq!(small.files.len(), 1);
    assert!(small.size() < facts.size());
}
