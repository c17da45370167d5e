//! Random programs, of TypeScript and JavaScript or of Python, of one to five files that import each other, well-formed as far as a grammar alone can see to it.
//!
//! The same dice under two name tables give the same program under other names, which is how renaming is tested.

mod expressions;
mod modules;
mod python;
mod statements;
mod types;

use crate::case::{Case, Input};
use crate::dice::Dice;

/// A program, and the same one under other names.
pub fn program(dice: &mut Dice) -> Case {
    if dice.one_in(3) {
        let rolls = u64::from(dice.index(u32::MAX));
        return Case { files: python::files(rolls, Names::Plain), renamed: python::files(rolls, Names::Other) };
    }
    let plan = Plan::roll(dice);
    let rolls = u64::from(dice.index(u32::MAX));
    let mut both = [Names::Plain, Names::Other].map(|names| plan.files(rolls, names));
    let renamed = std::mem::take(&mut both[1]);
    let files = std::mem::take(&mut both[0]);
    Case { files, renamed }
}

/// Paths that files of a program can have, with the sort of code that goes there.
const PATHS: &[(&str, Dialect)] = &[
    ("a.ts", Dialect { ts: true, jsx: false, cjs: false }),
    ("b.js", Dialect { ts: false, jsx: true, cjs: false }),
    ("c.tsx", Dialect { ts: true, jsx: true, cjs: false }),
    ("d.cjs", Dialect { ts: false, jsx: true, cjs: true }),
    ("e.mts", Dialect { ts: true, jsx: false, cjs: false }),
    ("lib/f.js", Dialect { ts: false, jsx: true, cjs: true }),
    ("lib/index.ts", Dialect { ts: true, jsx: false, cjs: false }),
    ("m.mjs", Dialect { ts: false, jsx: true, cjs: false }),
];

#[derive(Clone, Copy)]
struct Dialect {
    ts: bool,
    jsx: bool,
    cjs: bool,
}

/// Which files there are, and how large.
struct Plan {
    files: Vec<usize>,
    fuel: u32,
    has_script: bool,
}

impl Plan {
    fn roll(dice: &mut Dice) -> Self {
        let mut files: Vec<usize> = (0..=dice.below(5)).map(|_| dice.below(PATHS.len())).collect();
        files.sort_unstable();
        files.dedup();
        Self { files, fuel: 8 << dice.below(6), has_script: dice.one_in(8) }
    }

    fn files(&self, rolls: u64, names: Names) -> Vec<Input> {
        let paths: Vec<&str> = self.files.iter().map(|&file| PATHS[file].0).collect();
        let mut dice = Dice::new(rolls, 0, crate::Target::FrontEnd);
        let mut files: Vec<Input> = self
            .files
            .iter()
            .map(|&file| {
                let (path, dialect) = PATHS[file];
                let is_script = self.has_script && !dialect.ts && !path.ends_with(".mjs");
                let mut generator = Generator::new(&mut dice, names, dialect, self.fuel);
                generator.file(path, &paths, is_script);
                Input::text(path, generator.out)
            })
            .collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }
}

/// Which names identifiers get.
#[derive(Clone, Copy)]
enum Names {
    Plain,
    Other,
}

/// What a name is the name of.
#[derive(Clone, Copy)]
enum Of {
    Value,
    Component,
    Property,
    Type,
}

/// How many names there are of each sort: few, so that uses meet definitions.
const NAMES: usize = 24;

/// What may stand here.
#[derive(Clone, Copy, Default)]
struct Allowed {
    awaits: bool,
    yields: bool,
    returns: bool,
    breaks: bool,
    supers: bool,
    privates: bool,
}

struct Generator<'d> {
    dice: &'d mut Dice,
    names: Names,
    dialect: Dialect,
    /// How many more pieces of syntax are wanted; with none left only leaves are made.
    fuel: u32,
    depth: u32,
    allowed: Allowed,
    /// Counts declared names, so that few are declared twice.
    declared: usize,
    out: String,
}

impl<'d> Generator<'d> {
    fn new(dice: &'d mut Dice, names: Names, dialect: Dialect, fuel: u32) -> Self {
        let allowed = Allowed { awaits: !dialect.cjs, ..Allowed::default() };
        Self { dice, names, dialect, fuel, depth: 0, allowed, declared: 0, out: String::new() }
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn put_one(&mut self, of: &[&str]) {
        let text = *self.dice.pick(of);
        self.put(text);
    }

    /// The first text once in so many times, else the second.
    fn put_if(&mut self, times: usize, rarely: &str, mostly: &str) {
        let text = if self.dice.one_in(times) { rarely } else { mostly };
        self.put(text);
    }

    /// Takes fuel; false when it is used up or the syntax is deep enough.
    fn burn(&mut self) -> bool {
        let left = self.fuel > 0 && self.depth < 24;
        self.fuel = self.fuel.saturating_sub(1);
        left
    }

    fn name(&mut self, of: Of) {
        let index = self.dice.below(NAMES);
        self.name_at(of, index);
    }

    fn name_at(&mut self, of: Of, index: usize) {
        let (plain, other) = match of {
            Of::Value => ('v', 'h'),
            Of::Component => ('V', 'H'),
            Of::Property => ('p', 'k'),
            Of::Type => ('T', 'Q'),
        };
        let name = match self.names {
            Names::Plain => format!("{plain}x{index:02}"),
            Names::Other => format!("{other}q{:02}", (index * 7 + 5) % NAMES),
        };
        self.put(&name);
    }

    /// A name that was probably not declared yet.
    fn fresh(&mut self, of: Of) {
        self.declared += 1;
        let index = self.declared % NAMES;
        self.name_at(of, index);
    }

    /// So many times something, with a separator between.
    fn list(&mut self, most: usize, separator: &str, mut one: impl FnMut(&mut Self)) {
        for index in 0..self.dice.below(most + 1) {
            if index > 0 {
                self.put(separator);
            }
            one(self);
        }
    }

    /// Something in which other things are allowed.
    fn within(&mut self, allowed: Allowed, inner: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.allowed, allowed);
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        self.allowed = before;
    }
}
