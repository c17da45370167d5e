/** Writes a plan as Python packages, tested by unittest. */
import type { Call, ClassDecl, ConstDecl, Decl, Expr, FunctionDecl, Lambda, Module, Stmt, Type } from "../ir.ts";
import { type LanguagePrinter, pascal, type Printed, type SupportFile, Writer } from "../printer.ts";

export const python: LanguagePrinter = {
  fileOf,
  print: (module) => new PythonWriter(module).print(),
  support,
};

function fileOf(module: Module): string {
  return module.layer === "test"
    ? `tests/test_${module.folder}_${module.name}.py`
    : `app/${module.folder}/${module.name}.py`;
}

function support(_tests: readonly string[], folders: readonly string[]): SupportFile[] {
  return [
    { file: "pyproject.toml", text: `[project]\nname = "layered"\nversion = "1.0.0"\nrequires-python = ">=3.11"\n` },
    {
      file: "main.py",
      text: `import sys\n\nfrom app.server.app import start_server\n\nif __name__ == "__main__":\n    sys.exit(0 if start_server() == 200 else 1)\n`,
    },
    { file: "app/__init__.py", text: "" },
    ...folders.map((folder) => ({ file: `app/${folder}/__init__.py`, text: "" })),
  ];
}

class PythonWriter extends Writer {
  protected readonly step = "    ";
  protected readonly stop = "";
  protected override readonly gap = 2;
  protected override readonly words = { yes: "True", no: "False", not: "not ", self: "self" };
  readonly #imports = new Map<Module, Set<string>>();
  /** Modules of its cycle, which are imported whole. */
  readonly #whole = new Set<Module>();
  readonly #library = new Set<string>();
  #isAbstract = false;

  print(): Printed {
    return this.write(fileOf(this.module));
  }

  protected header(): string {
    const library = [
      ...(this.#isAbstract ? ["from abc import ABC, abstractmethod"] : []),
      ...[...this.#library].map((name) => `import ${name}`),
      ...(this.module.cases.length > 0 ? ["import unittest"] : []),
    ].sort((a, b) => (a.slice(a.indexOf(" ")) < b.slice(b.indexOf(" ")) ? -1 : 1));
    const own = [
      ...[...this.#imports].map(
        ([{ folder, name }, names]) => `from app.${folder}.${name} import ${[...names].sort().join(", ")}`,
      ),
      ...[...this.#whole].map(({ folder, name }) => `from app.${folder} import ${name}`),
    ].sort();
    const groups = [library, own].filter((group) => group.length > 0);
    return groups.length === 0 ? "" : `${groups.map((group) => group.join("\n")).join("\n\n")}\n\n\n`;
  }

  // --- declarations ----------------------------------------------------------------------------------------------------

  protected declaration(decl: Decl): void {
    switch (decl.kind) {
      case "function":
        this.#function(
          decl,
          decl.name,
          decl.params.map(({ name }) => name),
        );
        break;
      case "class":
        this.#class(decl);
        break;
      case "interface":
        this.#isAbstract = true;
        this.put(`class ${pascal(decl.name)}(ABC):`);
        this.newline();
        this.indented(() => {
          for (const { name, params } of decl.methods) {
            this.lineOf(() => this.put("@abstractmethod"));
            this.lineOf(() => this.put(`def ${name}(${["self", ...params.map((one) => one.name)].join(", ")}):`));
            this.indented(() => this.lineOf(() => this.put("...")));
          }
        });
        break;
      case "const":
        this.put(`${decl.name} = `);
        this.expr(decl.value);
        this.newline();
        break;
    }
  }

  #function(decl: FunctionDecl, name: string, params: readonly string[]): void {
    const start = this.here();
    this.put(`def ${decl.name}(${params.join(", ")}):`);
    this.newline();
    this.indented(() => {
      const body = this.#bodyStart();
      this.statements(decl.body);
      this.definitions.set(decl, { span: this.spanFrom(start, this.lastEnd), body, name });
    });
  }

  /** Where the first statement of a block is going to stand. */
  #bodyStart(): { line: number; column: number } {
    const { line, column } = this.here();
    return this.moving({ line, column: column + this.depth * this.step.length });
  }

  #class(decl: ClassDecl): void {
    const name = pascal(decl.name);
    const start = this.here();
    this.put(
      `class ${name}${decl.implements === null ? "" : `(${this.#import(decl.implements.home, pascal(decl.implements.name))})`}:`,
    );
    this.newline();
    this.inside = decl;
    this.indented(() => {
      const body = this.#bodyStart();
      if (decl.fields.length > 0) this.#initializer(decl, start, body);
      decl.methods.forEach((method, i) => {
        if (i > 0 || decl.fields.length > 0) this.newline();
        this.startLine();
        this.#function(method, `${name}.${method.name}`, ["self", ...method.params.map((one) => one.name)]);
      });
      if (decl.fields.length === 0)
        this.definitions.set(decl, { span: this.spanFrom(start, this.lastEnd), body, name });
    });
    this.inside = null;
  }

  #initializer(decl: ClassDecl, start: { line: number; column: number }, body: { line: number; column: number }): void {
    this.startLine();
    const from = this.here();
    const taken = decl.fields.filter(({ initial }) => initial === null).map(({ name }) => name);
    this.put(`def __init__(${["self", ...taken].join(", ")}):`);
    this.newline();
    this.indented(() => {
      const first = this.#bodyStart();
      for (const { name, initial } of decl.fields) {
        this.lineOf(() => {
          this.put(`self.${name} = `);
          if (initial === null) this.put(name);
          else this.expr(initial);
        });
      }
      this.definitions.set(decl, {
        span: this.spanFrom(from, this.lastEnd),
        body: first,
        name: `${pascal(decl.name)}.__init__`,
        classHeader: Object.assign(this.moving(start), { body: this.moving(body) }),
      });
    });
  }

  protected testCases(): void {
    this.lineOf(() =>
      this.put(`class ${pascal(this.module.folder)}${pascal(this.module.name)}Test(unittest.TestCase):`),
    );
    this.indented(() => {
      this.module.cases.forEach(({ name, body }, i) => {
        if (i > 0) this.newline();
        this.lineOf(() => this.put(`def test_${name}(self):`));
        this.indented(() => this.statements(body));
      });
    });
  }

  #import(from: Module, name: string): string {
    if (from === this.module) return name;
    if (this.module.cycle.includes(from)) {
      this.#whole.add(from);
      return `${from.name}.${name}`;
    }
    this.assertOnlyOne(name, from);
    this.#imports.set(from, (this.#imports.get(from) ?? new Set()).add(name));
    return name;
  }

  // --- statements --------------------------------------------------------------------------------------------------------

  protected block(body: readonly Stmt[]): void {
    this.put(":");
    this.newline();
    this.indented(() => this.statements(body));
  }

  /** A block has ended its last line itself. */
  protected override statements(body: readonly Stmt[]): void {
    for (const statement of body) {
      this.startLine();
      this.place(statement, () => {
        this.statement(statement);
        if (statement.kind !== "if" && statement.kind !== "each") this.newline();
      });
    }
  }

  protected binding(name: string, _type: Type, value: Expr): void {
    this.put(`${name} = `);
    this.expr(value);
  }

  protected pushing(list: Expr, item: Expr): void {
    this.library("append", () => this.expr(list), [() => this.expr(item)]);
  }

  protected putting(map: Expr, key: Expr, value: Expr): void {
    this.mapAt(map, key);
    this.put(" = ");
    this.expr(value);
  }

  protected condition(condition: Expr): void {
    this.put("if ");
    this.expr(condition);
  }

  protected otherwise(body: readonly Stmt[]): void {
    this.startLine();
    this.put("else");
    this.block(body);
  }

  protected each({ name, list, body }: Extract<Stmt, { kind: "each" }>): void {
    this.put(`for ${name} in `);
    this.expr(list);
    this.block(body);
  }

  protected check({ actual, wanted }: Extract<Stmt, { kind: "check" }>): void {
    this.put("self.assertEqual(");
    this.expr(actual);
    this.put(`, ${typeof wanted === "boolean" ? (wanted ? "True" : "False") : JSON.stringify(wanted)})`);
  }

  // --- expressions -------------------------------------------------------------------------------------------------------

  protected localName(name: string): string {
    return name;
  }

  protected memberName(name: string): string {
    return name;
  }

  protected reference(decl: FunctionDecl | ConstDecl): string {
    return this.#import(decl.home, decl.name);
  }

  protected equality(_of: "int" | "str", left: Expr, right: Expr): void {
    this.operand(left);
    this.put(" == ");
    this.operand(right);
  }

  protected lambda(lambda: Lambda): void {
    this.define(
      lambda,
      "<lambda>",
      () => this.put(`lambda ${lambda.params.join(", ")}: `),
      () => this.expr(lambda.body),
    );
  }

  protected mapAt(map: Expr, key: Expr): void {
    this.expr(map);
    this.put("[");
    this.expr(key);
    this.put("]");
  }

  protected mapHas(map: Expr, key: Expr): void {
    this.operand(key);
    this.put(" in ");
    this.operand(map);
  }

  protected listLiteral(_of: Type, items: readonly Expr[]): void {
    this.list(
      items.map((item) => () => this.expr(item)),
      ["[", "]"],
    );
  }

  protected mapLiteral(_of: Type, entries: readonly [string, Expr][]): void {
    const pairs = entries.map(([key, item]) => (): void => {
      this.put(`${JSON.stringify(key)}: `);
      this.expr(item);
    });
    this.list(pairs, ["{", "}"]);
  }

  protected sizeOf(value: Expr): void {
    this.library("len", null, [() => this.expr(value)]);
  }

  protected create(call: Extract<Call, { kind: "new" }>): void {
    const stratum = call.of.home === this.module ? "direct" : "imported";
    this.site({ node: call, stratum }, (write) => {
      const name = this.#import(call.of.home, pascal(call.of.name));
      write(name);
      this.args(call.args);
    });
  }

  protected std(call: Extract<Call, { kind: "std" }>): void {
    const [first, ...rest] = call.args.map((arg) => () => this.expr(arg));
    if (first === undefined) return;
    switch (call.std) {
      case "env":
        this.#library.add("os");
        this.library("get", () => this.put("os.environ"), [first, () => this.put(`""`)], call);
        break;
      case "text_of":
        this.library("str", null, [first], call);
        break;
      case "contains":
        rest[0]?.();
        this.put(" in ");
        first();
        break;
      case "upper":
      case "trim":
      case "replace":
      default:
        this.library({ upper: "upper", trim: "strip", replace: "replace" }[call.std], first, rest, call);
    }
  }
}
