//! Random programs of Python, of one to three modules.

use super::{NAMES, Names};
use crate::case::Input;
use crate::dice::Dice;

const PATHS: &[&str] = &["ma.py", "mb.py", "pk/__init__.py", "pk/mc.py", "md.pyi"];
const MODULES: &[&str] = &["ma", "mb", "pk", "pk.mc", ".mc", ".", "md", "functools", "typing"];

/// The files of a program; the same rolls with other names give the same program under these.
pub(super) fn files(rolls: u64, names: Names) -> Vec<Input> {
    let mut dice = Dice::new(rolls, 0, crate::Target::FrontEnd);
    let mut paths: Vec<&str> = (0..=dice.below(3)).map(|_| *dice.pick(PATHS)).collect();
    paths.sort_unstable();
    paths.dedup();
    let fuel = 8 << dice.below(5);
    let make = |path: &str| {
        let mut program = Program { dice: &mut dice, names, fuel, indent: 0, out: String::new() };
        for _ in 0..=program.dice.below(8) {
            program.statement(true);
        }
        Input::text(path, program.out)
    };
    paths.into_iter().map(make).collect()
}

struct Program<'d> {
    dice: &'d mut Dice,
    names: Names,
    fuel: u32,
    indent: usize,
    out: String,
}

impl Program<'_> {
    fn name(&mut self) -> String {
        let (index, sort) = (self.dice.below(NAMES), *self.dice.pick(&["v", "v", "_v"]));
        match self.names {
            Names::Plain => format!("{sort}x{index:02}"),
            Names::Other => format!("{}q{:02}", sort.replace('v', "h"), (index * 7 + 5) % NAMES),
        }
    }

    fn burn(&mut self) -> bool {
        let left = self.fuel > 0 && self.indent < 8;
        self.fuel = self.fuel.saturating_sub(1);
        left
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(&"    ".repeat(self.indent));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn block(&mut self, head: &str, in_function: bool) {
        self.line(head);
        self.indent += 1;
        for _ in 0..=self.dice.below(3) {
            self.statement(!in_function);
        }
        self.indent -= 1;
    }

    /// `is_outside`: of all functions.
    fn statement(&mut self, is_outside: bool) {
        if !self.burn() {
            return self.line("pass");
        }
        let (one, two) = (self.name(), self.name());
        match self.dice.below(20) {
            0..4 => {
                let value = self.expression();
                let target = self.target();
                self.line(&format!("{target} = {value}"));
            }
            4..7 => {
                let value = self.expression();
                self.line(&value);
            }
            7 => {
                let (hint, value) = (self.hint(), self.expression());
                self.line(&format!("{one}: {hint} = {value}"));
            }
            8 => {
                let (target, value) = (self.target(), self.expression());
                let operator = *self.dice.pick(&["+=", "-=", "|=", "//="]);
                self.line(&format!("{target} {operator} {value}"));
            }
            9..12 => {
                let decorators = ["", "@property", "@staticmethod", "@classmethod", "@functools.lru_cache(None)"];
                let decorator = (*self.dice.pick(&decorators)).to_owned();
                let decorator = if self.dice.one_in(4) { format!("@{two}") } else { decorator };
                if !decorator.is_empty() {
                    self.line(&decorator);
                }
                let (parameters, hint) = (self.parameters(), self.hint());
                let special =
                    *self.dice.pick(&["__init__", "__call__", "__getattr__", "__iter__", "__add__", "__get__"]);
                let name = if self.dice.one_in(6) { special.to_owned() } else { one };
                let asynchronous = if self.dice.one_in(6) { "async " } else { "" };
                self.block(&format!("{asynchronous}def {name}({parameters}) -> {hint}:"), true);
            }
            12 => {
                let meta = if self.dice.one_in(4) { format!(", metaclass={one}") } else { String::new() };
                let bases = self.names_of(2);
                self.block(&format!("class {two}({bases}{meta}):"), !is_outside);
            }
            13 => {
                let test = self.test();
                self.block(&format!("if {test}:"), !is_outside);
                if self.dice.one_in(2) {
                    self.block("else:", !is_outside);
                }
            }
            14 => {
                let (target, value) = (self.target(), self.expression());
                self.block(&format!("for {target} in {value}:"), !is_outside);
            }
            15 => {
                self.block("try:", !is_outside);
                self.block(&format!("except {one} as {two}:"), !is_outside);
            }
            16 => {
                let value = self.expression();
                self.block(&format!("with {value} as {one}:"), !is_outside);
            }
            17 => {
                let value = self.expression();
                self.line(&format!("match {value}:"));
                self.indent += 1;
                let pattern = match self.dice.below(4) {
                    0 => format!("[{one}, *{two}]"),
                    1 => format!("{{'k': {one}}}"),
                    2 => format!("{one}({two}={one})"),
                    _ => format!("{one}() as {two}"),
                };
                self.block(&format!("case {pattern}:"), !is_outside);
                self.indent -= 1;
            }
            18 if is_outside => {
                let module = *self.dice.pick(MODULES);
                let names = ["*".to_owned(), one.clone(), format!("{one} as {two}")];
                let what = self.dice.pick(&names).clone();
                if self.indent == 0 || what != "*" {
                    self.line(&format!("from {module} import {what}"));
                } else {
                    self.line(&format!("import functools as {one}"));
                }
            }
            18 => {
                let word = *self.dice.pick(&["return", "yield", "yield from", "raise"]);
                let value = self.expression();
                self.line(&format!("{word} {value}"));
            }
            _ => {
                let word = *self.dice.pick(&["del", "assert"]);
                let value = self.expression();
                self.line(&if word == "del" { format!("del {one}[{value}]") } else { format!("assert {value}") });
            }
        }
    }

    fn names_of(&mut self, most: usize) -> String {
        let names: Vec<String> = (0..self.dice.below(most + 1)).map(|_| self.name()).collect();
        if names.is_empty() { "object".to_owned() } else { names.join(", ") }
    }

    fn target(&mut self) -> String {
        let (one, two) = (self.name(), self.name());
        match self.dice.below(6) {
            0 => format!("{one}.{two}"),
            1 => format!("{one}['k']"),
            2 => format!("{one}, *{two}"),
            _ => one,
        }
    }

    fn parameters(&mut self) -> String {
        let names: Vec<String> = (0..4).map(|_| self.name()).collect();
        let value = self.expression();
        match self.dice.below(5) {
            0 => String::new(),
            1 => format!("self, {}", names[0]),
            2 => format!("{}, *{}, **{}", names[0], names[1], names[2]),
            3 => format!("self, {}={value}, *, {}=None", names[0], names[1]),
            _ => format!("{}: {}", names[0], self.hint()),
        }
    }

    fn hint(&mut self) -> String {
        let (one, two) = (self.name(), self.name());
        match self.dice.below(7) {
            0 => format!("list[{one}]"),
            1 => format!("dict[str, {one}]"),
            2 => format!("'{one} | None'"),
            3 => format!("type[{one}]"),
            4 => format!("tuple[{one}, {two}]"),
            _ => one,
        }
    }

    fn test(&mut self) -> String {
        let (one, two) = (self.name(), self.name());
        match self.dice.below(4) {
            0 => format!("isinstance({one}, {two})"),
            1 => format!("not isinstance({one}, ({two}, {one})) and {one}.{two}()"),
            _ => self.expression(),
        }
    }

    fn expression(&mut self) -> String {
        let (one, two) = (self.name(), self.name());
        if !self.burn() {
            return one;
        }
        let inner = self.expression();
        match self.dice.below(22) {
            0..4 => format!("{one}({inner})"),
            4..6 => format!("{one}.{two}({inner})"),
            6 => format!("{one}({inner}, *{two}, {one}={two})"),
            7 => format!("lambda {one}: ({inner})"),
            8 => format!("[{inner}, {one}]"),
            9 => format!("{{'k': {inner}, {one}: {two}}}"),
            10 => format!("[{one} for {one} in ({inner}) if {two}]"),
            11 => format!("({inner} if {one} else {two})"),
            12 => format!("({inner}) + [{one}]"),
            13 => format!("({inner}) | {one}"),
            14 => format!("super().{one}({inner})"),
            15 => format!("f'{{{one}({two})}} and {{{one}!r:>{{{two}}}}}'"),
            16 => format!("getattr({one}, 'a' + {two}, {inner})"),
            17 => format!("{one}[{inner}]"),
            18 => format!("({one} := {inner})"),
            19 => format!("functools.partial({one}, {inner})"),
            20 => format!("map({one}, {inner})"),
            _ => format!("type({one})({inner})"),
        }
    }
}
