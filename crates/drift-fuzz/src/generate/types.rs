//! What only TypeScript has.

use super::{Generator, Of};

impl Generator<'_> {
    pub(super) fn type_statement(&mut self) {
        match self.dice.below(8) {
            0 => {
                self.put("enum ");
                self.fresh(Of::Value);
                self.put(" { ");
                self.name(Of::Property);
                self.put(", ");
                self.fresh(Of::Property);
                self.put("Z = 3 }");
            }
            1 => {
                self.put("namespace ");
                self.fresh(Of::Value);
                if self.dice.one_in(3) {
                    self.put(".");
                    self.fresh(Of::Value);
                }
                self.put(" { export ");
                self.declaration();
                self.put(" ");
                self.statement();
                self.put(" }");
            }
            2 => {
                self.put("declare function ");
                self.fresh(Of::Value);
                self.parameters();
                self.put(";");
            }
            3 => {
                self.put("type ");
                self.fresh(Of::Type);
                self.put("<A> = ");
                self.type_expression();
                self.put(";");
            }
            4 => {
                // Overloads.
                let index = self.dice.below(super::NAMES);
                for _ in 0..2 {
                    self.put("function ");
                    self.name_at(Of::Value, index);
                    self.put("(one: ");
                    self.type_expression();
                    self.put("): void; ");
                }
                self.put("function ");
                self.name_at(Of::Value, index);
                self.parameters();
                self.put(" ");
                self.block();
            }
            _ => {
                self.put("interface ");
                self.fresh(Of::Type);
                if self.dice.one_in(3) {
                    self.put(" extends ");
                    self.name(Of::Type);
                }
                self.put(" { ");
                self.list(4, "; ", Self::type_member);
                self.put(" }");
            }
        }
    }

    fn type_member(&mut self) {
        match self.dice.below(5) {
            0 => {
                self.put("(one: ");
                self.type_expression();
                self.put("): ");
                self.type_expression();
            }
            1 => {
                self.put("[key: string]: ");
                self.type_expression();
            }
            2 => {
                self.name(Of::Property);
                self.put("(): ");
                self.type_expression();
            }
            _ => {
                self.name(Of::Property);
                self.put("?: ");
                self.type_expression();
            }
        }
    }

    pub(super) fn type_expression(&mut self) {
        if !self.burn() {
            self.name(Of::Type);
            return;
        }
        self.depth += 1;
        match self.dice.below(12) {
            0 => {
                self.type_expression();
                self.put("[]");
            }
            1 => {
                self.put("Promise<");
                self.type_expression();
                self.put(">");
            }
            2 => {
                self.put("((one: ");
                self.type_expression();
                self.put(") => ");
                self.type_expression();
                self.put(")");
            }
            3 => {
                self.put("(");
                self.type_expression();
                self.put(" | ");
                self.type_expression();
                self.put(")");
            }
            4 => {
                self.put("typeof ");
                self.name(Of::Value);
            }
            5 => {
                self.put("{ ");
                self.list(3, "; ", Self::type_member);
                self.put(" }");
            }
            6 => {
                self.put("Map<string, ");
                self.type_expression();
                self.put(">");
            }
            7 => self.put_one(&["string", "number", "unknown", "any", "void", "this", "Date", "RegExp"]),
            8 => {
                self.put("Partial<");
                self.type_expression();
                self.put(">");
            }
            9 => self.name(Of::Value),
            _ => self.name(Of::Type),
        }
        self.depth -= 1;
    }
}
