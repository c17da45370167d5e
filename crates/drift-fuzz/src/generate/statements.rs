//! Statements, declarations, classes and functions.

use super::{Allowed, Generator, Of};

impl Generator<'_> {
    pub(super) fn statement(&mut self) {
        if !self.burn() {
            self.assignment();
            self.put(";");
            return;
        }
        self.depth += 1;
        match self.dice.below(20) {
            0..6 => {
                // What starts an expression statement must not read as something else.
                self.put("void (");
                self.expression();
                self.put(");");
            }
            6 => {
                self.name(Of::Value);
                self.put("(");
                self.arguments();
                self.put(");");
            }
            7..11 => self.declaration(),
            11 => {
                self.put("if (");
                self.expression();
                self.put(") ");
                self.block();
                if self.dice.one_in(2) {
                    self.put(" else ");
                    self.block();
                }
            }
            12 => self.loop_statement(),
            13 => {
                self.put("try ");
                self.block();
                self.put(" catch ");
                if self.dice.one_in(2) {
                    self.put("(");
                    self.binding(Of::Value);
                    self.put(") ");
                }
                self.block();
                if self.dice.one_in(2) {
                    self.put(" finally ");
                    self.block();
                }
            }
            14 => {
                self.put("switch (");
                self.expression();
                self.put(") { ");
                self.list(3, " ", |this| {
                    this.put("case ");
                    this.expression();
                    this.put(": ");
                    this.statement();
                });
                self.put(" default: ");
                let allowed = Allowed { breaks: true, ..self.allowed };
                self.within(allowed, Self::statement);
                self.put(" }");
            }
            15 if self.allowed.returns => {
                self.put("return ");
                self.expression();
                self.put(";");
            }
            16 if self.allowed.breaks => self.put("break;"),
            17 => {
                self.put("throw ");
                self.assignment();
                self.put(";");
            }
            18 if self.dialect.ts => self.type_statement(),
            19 => {
                self.name(Of::Value);
                self.put(": ");
                self.block();
            }
            _ => {
                self.target();
                self.put_one(&[" = ", " = ", " ||= ", " ??= ", " &&= ", " += "]);
                self.assignment();
                self.put(";");
            }
        }
        self.depth -= 1;
    }

    /// What can stand on the left of an assignment, at the start of a statement.
    fn target(&mut self) {
        self.name(Of::Value);
        match self.dice.below(6) {
            0 => {
                self.put(".prototype.");
                self.name(Of::Property);
            }
            1 | 2 => {
                self.put(".");
                self.name(Of::Property);
            }
            3 => {
                self.put("[");
                self.expression();
                self.put("]");
            }
            _ => {}
        }
    }

    fn loop_statement(&mut self) {
        let kind = self.dice.below(6);
        match kind {
            0 => {
                self.put("while (");
                self.expression();
                self.put(") ");
            }
            1 => {
                self.put("for (let ");
                self.fresh(Of::Value);
                self.put(" = ");
                self.assignment();
                self.put("; ");
                self.expression();
                self.put("; ");
                self.expression();
                self.put(") ");
            }
            2 => {
                self.put("for (const ");
                self.fresh(Of::Value);
                self.put(" in ");
                self.expression();
                self.put(") ");
            }
            3 => self.put("do "),
            _ => {
                let awaits = self.allowed.awaits && self.dice.one_in(3);
                self.put(if awaits { "for await (" } else { "for (" });
                self.put_one(&["const ", "let ", "var "]);
                self.binding(Of::Value);
                self.put(" of ");
                self.assignment();
                self.put(") ");
            }
        }
        let allowed = Allowed { breaks: true, ..self.allowed };
        self.within(allowed, Self::block);
        if kind == 3 {
            self.put(" while (");
            self.expression();
            self.put(");");
        }
    }

    pub(super) fn block(&mut self) {
        self.put("{ ");
        self.list(3, " ", Self::statement);
        self.put(" }");
    }

    pub(super) fn declaration(&mut self) {
        match self.dice.below(7) {
            0 | 1 => {
                self.put_one(&["const ", "let ", "var "]);
                self.binding(Of::Value);
                self.put(" = ");
                self.assignment();
                self.put(";");
            }
            2 => {
                self.put("const ");
                self.fresh(Of::Component);
                self.put(" = ");
                self.assignment();
                self.put(";");
            }
            3 => self.class(false),
            _ => self.function(true),
        }
    }

    /// A name or a pattern.
    pub(super) fn binding(&mut self, of: Of) {
        if !self.burn() || self.dice.below(4) > 0 {
            self.fresh(of);
            return;
        }
        self.depth += 1;
        if self.dice.one_in(2) {
            self.put("[");
            self.list(3, ", ", |this| {
                if this.dice.below(6) > 0 {
                    this.binding(of);
                    this.default_value();
                }
            });
            if self.dice.one_in(4) {
                self.put(", ...");
                self.binding(of);
            }
            self.put("]");
        } else {
            self.put("{ ");
            self.list(3, ", ", |this| {
                this.property_key();
                this.put(": ");
                this.binding(of);
                this.default_value();
            });
            if self.dice.one_in(4) {
                if !self.out.ends_with("{ ") {
                    self.put(", ");
                }
                self.put("...");
                self.fresh(of);
            }
            self.put(" }");
        }
        self.depth -= 1;
    }

    fn default_value(&mut self) {
        if self.dice.one_in(4) {
            self.put(" = ");
            self.assignment();
        }
    }

    pub(super) fn parameters(&mut self) {
        self.put("(");
        let count = self.dice.below(4);
        for index in 0..count {
            if index > 0 {
                self.put(", ");
            }
            let is_rest = index + 1 == count && self.dice.one_in(4);
            if is_rest {
                self.put("...");
            }
            self.binding(Of::Value);
            if self.dialect.ts && self.dice.one_in(3) {
                self.put(": ");
                self.type_expression();
            }
            if !is_rest {
                self.default_value();
            }
        }
        self.put(")");
        if self.dialect.ts && self.dice.one_in(4) {
            self.put(": ");
            self.type_expression();
        }
    }

    pub(super) fn function(&mut self, is_declaration: bool) {
        let (awaits, yields) = (self.dice.one_in(4), self.dice.one_in(5));
        self.put(if awaits { "async function" } else { "function" });
        self.put(if yields { "* " } else { " " });
        if is_declaration || self.dice.one_in(3) {
            self.fresh(Of::Value);
        }
        let allowed = Allowed { awaits, yields, returns: true, ..Allowed::default() };
        self.within(allowed, |this| {
            this.parameters();
            this.put(" ");
            this.block();
        });
    }

    pub(super) fn class(&mut self, is_expression: bool) {
        let decorated = self.dialect.ts && !is_expression && !self.out.ends_with("export ");
        if decorated && self.dice.one_in(5) {
            self.put("@");
            self.name(Of::Value);
            self.put_if(2, "() ", " ");
        }
        if self.dialect.ts && !is_expression && self.dice.one_in(5) {
            self.put("abstract ");
        }
        self.put("class ");
        if !is_expression || self.dice.one_in(3) {
            let of = if self.dice.one_in(3) { Of::Component } else { Of::Value };
            self.fresh(of);
        }
        let extends = self.dice.one_in(2);
        if extends {
            self.put(" extends ");
            if self.dice.one_in(4) {
                self.put("(");
                self.expression();
                self.put(")");
            } else {
                self.name(Of::Value);
            }
        }
        if self.dialect.ts && self.dice.one_in(5) {
            self.put(" implements ");
            self.name(Of::Type);
        }
        self.put(" { ");
        let allowed = Allowed { supers: true, privates: true, ..Allowed::default() };
        self.within(allowed, |this| {
            this.put("#priv = ");
            this.assignment();
            this.put("; ");
            if this.dice.one_in(2) {
                this.constructor(extends);
            }
            this.list(5, " ", Self::class_member);
        });
        self.put(" }");
    }

    fn constructor(&mut self, extends: bool) {
        self.put("constructor");
        let allowed = Allowed { returns: true, ..self.allowed };
        self.within(allowed, |this| {
            if this.dialect.ts && this.dice.one_in(3) {
                this.put("(private readonly ");
                this.fresh(Of::Value);
                this.put(": ");
                this.type_expression();
                this.put(")");
            } else {
                this.put("(");
                this.binding(Of::Value);
                this.put(")");
            }
            this.put(" { ");
            if extends {
                this.put("super(");
                this.arguments();
                this.put("); ");
            }
            this.put("this.");
            this.name(Of::Property);
            this.put(" = ");
            this.assignment();
            this.put("; ");
            this.list(2, " ", Self::statement);
            this.put(" } ");
        });
    }

    fn class_member(&mut self) {
        if !self.burn() {
            self.name(Of::Property);
            self.put(";");
            return;
        }
        if self.dialect.ts && self.dice.one_in(8) {
            self.put("@");
            self.name(Of::Value);
            self.put("(");
            self.arguments();
            self.put(") ");
        }
        let is_static = self.dice.one_in(4);
        if is_static {
            self.put("static ");
        }
        if is_static && self.dice.one_in(4) {
            self.block();
            return;
        }
        match self.dice.below(7) {
            0 | 1 => {
                self.property_key();
                self.put(" = ");
                self.assignment();
                self.put(";");
            }
            2 => {
                self.put("get ");
                self.property_key();
                self.put("() ");
                self.body(false, false);
            }
            3 => {
                self.put("set ");
                self.property_key();
                self.put("(");
                self.binding(Of::Value);
                self.put(") ");
                self.body(false, false);
            }
            _ => self.method(),
        }
    }

    pub(super) fn method(&mut self) {
        let (awaits, yields) = (self.dice.one_in(5), self.dice.one_in(5));
        self.put(if awaits { "async " } else { "" });
        self.put(if yields { "*" } else { "" });
        match self.dice.below(8) {
            0 => self.put("[Symbol.iterator]"),
            1 => self.put("[Symbol.asyncIterator]"),
            2 if self.allowed.privates && self.out.ends_with(' ') => self.put("#priv2"),
            _ => self.property_key(),
        }
        let allowed = Allowed { awaits, yields, returns: true, supers: true, ..self.allowed };
        self.within(allowed, |this| {
            this.parameters();
            this.put(" ");
            this.block();
        });
    }

    pub(super) fn body(&mut self, awaits: bool, yields: bool) {
        let allowed = Allowed { awaits, yields, returns: true, ..self.allowed };
        self.within(allowed, |this| {
            this.put("{ ");
            this.list(2, " ", Self::statement);
            this.put(" return ");
            this.expression();
            this.put("; }");
        });
    }

    pub(super) fn property_key(&mut self) {
        match self.dice.below(10) {
            0 => {
                self.put("[");
                self.assignment();
                self.put("]");
            }
            1 => {
                self.put("\"");
                self.name(Of::Property);
                self.put("\"");
            }
            2 => self.put_one(&["0", "1e3", "0x10", "then", "next", "value", "length", "toString", "__proto__"]),
            3 => {
                self.put("['");
                self.name(Of::Property);
                self.put("']");
            }
            _ => self.name(Of::Property),
        }
    }
}
