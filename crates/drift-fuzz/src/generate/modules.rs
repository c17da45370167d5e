//! Files: imports, exports, and what stands between.

use super::{Generator, Of};

impl Generator<'_> {
    pub(super) fn file(&mut self, path: &str, paths: &[&str], is_script: bool) {
        if self.dice.one_in(16) {
            self.put("#!/usr/bin/env node\n");
        }
        if self.dice.one_in(12) {
            self.put("\"use strict\";\n");
        }
        let common = is_script || self.dialect.cjs;
        if !is_script {
            for _ in 0..self.dice.below(5) {
                if common { self.require(path, paths) } else { self.import(path, paths) }
            }
        }
        let count = 2 + self.dice.below(8);
        for _ in 0..count {
            match (is_script, common, self.dice.below(3)) {
                (true, ..) | (_, _, 0) => self.statement(),
                (_, true, _) => self.common_export(),
                (_, false, _) => self.export(path, paths),
            }
            self.put("\n");
        }
        if !is_script && !common {
            self.put("export {};\n");
        }
    }

    /// How another file is named in an import from this one.
    fn specifier(&mut self, path: &str, paths: &[&str]) {
        let target = *self.dice.pick(paths);
        let up = if path.contains('/') { "../" } else { "./" };
        let (stem, ending) = target.rsplit_once('.').unwrap_or((target, ""));
        let text = match self.dice.below(12) {
            0..7 => format!("{up}{target}"),
            7 => format!("{up}{stem}"),
            8 => format!("{up}{stem}.{}", ending.replace("ts", "js")),
            9 => format!("{up}lib"),
            10 => "node:fs".to_owned(),
            _ => (*self.dice.pick(&[
                "left-pad",
                "react",
                "./nowhere",
                "",
                ".",
                "..",
                "@scope/pkg/sub",
                "#inner",
                "/a.ts",
            ]))
            .to_owned(),
        };
        let quote = *self.dice.pick(&["'", "\""]);
        self.put(quote);
        self.put(&text);
        self.put(quote);
    }

    fn import(&mut self, path: &str, paths: &[&str]) {
        self.put("import ");
        match self.dice.below(8) {
            0 => {
                self.fresh(Of::Value);
                self.put(" from ");
            }
            1 => {
                self.put("* as ");
                self.fresh(Of::Value);
                self.put(" from ");
            }
            2 => {
                self.fresh(Of::Value);
                self.put(", { default as ");
                self.fresh(Of::Value);
                self.put(" } from ");
            }
            3 if self.dialect.ts => {
                self.put("type { ");
                self.name(Of::Type);
                self.put(" } from ");
            }
            4 if self.dialect.ts => {
                self.fresh(Of::Value);
                self.put(" = require(");
                self.specifier(path, paths);
                self.put(");\n");
                return;
            }
            5 => {}
            _ => {
                self.put("{ ");
                self.list(4, ", ", |this| {
                    let of = if this.dice.one_in(6) { Of::Component } else { Of::Value };
                    this.name(of);
                    if this.dice.one_in(3) {
                        this.put(" as ");
                        this.fresh(of);
                    }
                });
                self.put(" } from ");
            }
        }
        self.specifier(path, paths);
        self.put(";\n");
    }

    fn export(&mut self, path: &str, paths: &[&str]) {
        match self.dice.below(10) {
            0 => {
                self.put("export * from ");
                self.specifier(path, paths);
                self.put(";");
            }
            1 => {
                self.put("export * as ");
                self.fresh(Of::Value);
                self.put(" from ");
                self.specifier(path, paths);
                self.put(";");
            }
            2 => {
                self.put("export { ");
                self.list(3, ", ", |this| {
                    this.name(Of::Value);
                    this.put(" as ");
                    if this.dice.one_in(4) { this.put("default") } else { this.name(Of::Value) }
                });
                self.put(" } from ");
                self.specifier(path, paths);
                self.put(";");
            }
            3 => {
                self.put("export { ");
                self.name(Of::Value);
                self.put(" };");
            }
            4 => {
                self.put("export default ");
                if self.dice.one_in(2) {
                    self.class(true);
                } else {
                    self.assignment();
                }
                self.put(";");
            }
            5 if self.dialect.ts => {
                self.put("export ");
                self.type_statement();
            }
            _ => {
                self.put("export ");
                self.declaration();
            }
        }
    }

    fn require(&mut self, path: &str, paths: &[&str]) {
        match self.dice.below(4) {
            0 => {
                self.put("const ");
                self.fresh(Of::Value);
            }
            1 => {
                self.put("const { ");
                self.name(Of::Value);
                self.put(", ");
                self.name(Of::Value);
                self.put(": ");
                self.fresh(Of::Value);
                self.put(" }");
            }
            2 => {
                self.put("Object.assign(exports, require(");
                self.specifier(path, paths);
                self.put("));\n");
                return;
            }
            _ => {
                self.put("const { ");
                self.name(Of::Value);
                self.put(" = ");
                self.assignment();
                self.put(" }");
            }
        }
        self.put(" = require(");
        self.specifier(path, paths);
        self.put(")");
        if self.dice.one_in(4) {
            self.put(".");
            self.name(Of::Value);
        }
        self.put(";\n");
    }

    fn common_export(&mut self) {
        match self.dice.below(7) {
            0 => self.put("module.exports = "),
            1 => {
                self.put("module.exports.");
                self.name(Of::Value);
                self.put(" = ");
            }
            2 => self.put("exports = module.exports = "),
            3 => {
                self.put("exports[\"");
                self.name(Of::Value);
                self.put("\"] = ");
            }
            4 => {
                self.put("module.exports = { ");
                self.list(4, ", ", |this| this.name(Of::Value));
                self.put(" };");
                return;
            }
            5 => {
                self.put("Object.defineProperty(exports, '");
                self.name(Of::Value);
                self.put("', { enumerable: true, get: function () { return ");
                self.assignment();
                self.put("; } });");
                return;
            }
            _ => {
                self.put("exports.");
                self.name(Of::Value);
                self.put(" = ");
            }
        }
        self.assignment();
        self.put(";");
    }
}
