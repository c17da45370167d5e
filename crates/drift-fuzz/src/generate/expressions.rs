//! Expressions.

use super::{Allowed, Generator, Of};

/// Members of the library's objects that take a function.
const CALLBACKS: &[&str] = &[
    "map",
    "forEach",
    "filter",
    "reduce",
    "then",
    "catch",
    "finally",
    "on",
    "call",
    "apply",
    "bind",
    "sort",
    "find",
    "flatMap",
    "replace",
    "addEventListener",
];

/// Functions of the library that move values about.
const LIBRARY: &[&str] = &[
    "Object.assign",
    "Object.create",
    "Object.entries",
    "Object.values",
    "Object.defineProperty",
    "Object.freeze",
    "Object.setPrototypeOf",
    "Object.getPrototypeOf",
    "Object.fromEntries",
    "Reflect.apply",
    "Reflect.construct",
    "Reflect.get",
    "Reflect.set",
    "Array.from",
    "Array.of",
    "Promise.all",
    "Promise.resolve",
    "Promise.race",
    "setTimeout",
    "queueMicrotask",
    "structuredClone",
    "eval",
    "Symbol",
    "Symbol.for",
    "String",
    "require",
    "Function.prototype.call.call",
    "new Map",
    "new Set",
    "new WeakMap",
    "new Proxy",
    "new Promise",
    "new Function",
    "JSON.parse",
    "process.nextTick",
    "Object.keys",
];

impl Generator<'_> {
    pub(super) fn expression(&mut self) {
        self.assignment();
        if self.dice.one_in(24) {
            self.put(", ");
            self.assignment();
        }
    }

    pub(super) fn arguments(&mut self) {
        self.list(3, ", ", |this| {
            if this.dice.one_in(8) {
                this.put("...");
            }
            this.assignment();
        });
    }

    /// An expression that can stand among others, with commas between.
    pub(super) fn assignment(&mut self) {
        if !self.burn() {
            self.leaf();
            return;
        }
        self.depth += 1;
        match self.dice.below(34) {
            0..6 => self.leaf(),
            6..9 => self.arrow(),
            9 => self.wrapped(|this| this.function(false)),
            10 => self.wrapped(|this| this.class(true)),
            11..13 => self.object(),
            13 => self.array(),
            14..18 => self.call(),
            18..20 => self.method_call(),
            20 => self.library_call(),
            21 => {
                self.put("new ");
                self.name(Of::Value);
                self.put("(");
                self.arguments();
                self.put(")");
            }
            22 => {
                self.operand();
                self.put_one(&[" + ", " || ", " && ", " === ", " instanceof ", " in ", " * "]);
                self.operand();
            }
            23 => {
                self.operand();
                self.put(" ? ");
                self.assignment();
                self.put(" : ");
                self.assignment();
            }
            24 => self.template(),
            25 => self.member(),
            26 if self.allowed.awaits => self.wrapped(|this| {
                this.put("await ");
                this.operand();
            }),
            27 if self.allowed.yields => self.wrapped(|this| {
                this.put_if(2, "yield* ", "yield ");
                this.assignment();
            }),
            28 if self.allowed.supers => {
                self.put("super.");
                self.name(Of::Property);
                if self.dice.one_in(2) {
                    self.put("(");
                    self.arguments();
                    self.put(")");
                }
            }
            29 if self.dialect.jsx => self.element(),
            30 => self.wrapped(|this| {
                let start = this.out.len();
                this.name(Of::Value);
                if this.dice.one_in(2) {
                    this.put(".");
                    this.name(Of::Property);
                } else if this.dice.one_in(4) {
                    this.out.truncate(start);
                    this.put("[");
                    this.name(Of::Value);
                    this.put(", ");
                    this.name(Of::Value);
                    this.put("]");
                }
                this.put(" = ");
                this.assignment();
            }),
            31 if self.dialect.ts => self.wrapped(|this| {
                this.operand();
                this.put_one(&[" as ", " satisfies "]);
                this.type_expression();
            }),
            32 => {
                self.put("import(");
                self.operand();
                self.put(")");
            }
            _ => {
                self.put_one(&["!", "typeof ", "void ", "-"]);
                self.operand();
            }
        }
        self.depth -= 1;
    }

    fn wrapped(&mut self, inner: impl FnOnce(&mut Self)) {
        self.put("(");
        inner(self);
        self.put(")");
    }

    /// An expression in parentheses where it needs some.
    fn operand(&mut self) {
        if self.dice.one_in(2) { self.name(Of::Value) } else { self.wrapped(Self::expression) }
    }

    fn leaf(&mut self) {
        match self.dice.below(14) {
            0 => self.put("this"),
            1 => self.put("1"),
            2 => {
                self.put("\"");
                self.name(Of::Property);
                self.put("\"");
            }
            3 => self.put("null"),
            4 => self.put_one(&["undefined", "/re+/g", "'\\u{1F600}é'", "1n", "`t`", "globalThis"]),
            5 => self.name(Of::Component),
            6 if self.allowed.privates => self.put("this.#priv"),
            7 if self.allowed.returns && self.dice.one_in(4) => self.put("arguments"),
            _ => self.name(Of::Value),
        }
    }

    fn arrow(&mut self) {
        let awaits = self.dice.one_in(5);
        self.put(if awaits { "(async " } else { "(" });
        let allowed = Allowed { awaits, yields: false, returns: true, breaks: false, ..self.allowed };
        self.within(allowed, |this| {
            this.parameters();
            this.put(" => ");
            if this.dice.one_in(2) { this.block() } else { this.wrapped(Self::expression) }
        });
        self.put(")");
    }

    fn object(&mut self) {
        self.put("({ ");
        let before = self.allowed;
        self.allowed = Allowed { privates: before.privates, awaits: before.awaits, yields: before.yields, ..before };
        self.list(4, ", ", |this| match this.dice.below(8) {
            0 => this.method(),
            1 => {
                this.put("get ");
                this.property_key();
                this.put("() ");
                this.body(false, false);
            }
            2 => {
                this.put("set ");
                this.property_key();
                this.put("(");
                this.binding(Of::Value);
                this.put(") ");
                this.body(false, false);
            }
            3 => {
                this.put("...");
                this.assignment();
            }
            4 => this.name(Of::Value),
            _ => {
                this.property_key();
                this.put(": ");
                this.assignment();
            }
        });
        self.allowed = before;
        self.put(" })");
    }

    fn array(&mut self) {
        self.put("[");
        self.list(5, ", ", |this| match this.dice.below(8) {
            0 => this.put(""),
            1 => {
                this.put("...");
                this.assignment();
            }
            _ => this.assignment(),
        });
        self.put("]");
    }

    fn call(&mut self) {
        match self.dice.below(4) {
            0 => self.wrapped(Self::expression),
            1 => self.member(),
            _ => self.name(Of::Value),
        }
        if self.dice.one_in(8) {
            self.template();
            return;
        }
        self.put_if(8, "?.(", "(");
        self.arguments();
        self.put(")");
    }

    fn member(&mut self) {
        self.operand();
        match self.dice.below(6) {
            0 => {
                self.put("[");
                self.assignment();
                self.put("]");
            }
            1 => {
                self.put("?.");
                self.name(Of::Property);
            }
            2 => self.put_one(&[".prototype", ".constructor", ".__proto__", ".length", ".default", ".next"]),
            _ => {
                self.put(".");
                self.name(Of::Property);
            }
        }
    }

    fn method_call(&mut self) {
        self.operand();
        self.put(".");
        self.put_one(CALLBACKS);
        self.put("(");
        if self.dice.one_in(2) {
            self.arrow();
            self.put(", ");
        }
        self.arguments();
        self.put(")");
    }

    fn library_call(&mut self) {
        let name = *self.dice.pick(LIBRARY);
        self.put("(");
        self.put(name);
        self.put("(");
        self.arguments();
        self.put("))");
    }

    fn template(&mut self) {
        self.put("`a");
        self.list(2, " ", |this| {
            this.put("${");
            this.expression();
            this.put("}");
        });
        self.put("`");
    }

    fn element(&mut self) {
        self.put("<");
        let index = self.dice.below(super::NAMES);
        self.name_at(Of::Component, index);
        self.list(2, "", |this| {
            this.put(" ");
            if this.dice.one_in(4) {
                this.put("{...");
                this.assignment();
            } else {
                this.name(Of::Property);
                this.put("={");
                this.assignment();
            }
            this.put("}");
        });
        if self.dice.one_in(2) {
            self.put(" />");
            return;
        }
        self.put(">text{");
        self.assignment();
        self.put("}</");
        self.name_at(Of::Component, index);
        self.put(">");
    }
}
