/** Writes a plan as TypeScript or JavaScript modules. */
import path from "node:path";
import type {
  Call,
  ClassDecl,
  ConstDecl,
  Decl,
  Expr,
  FunctionDecl,
  InterfaceDecl,
  Lambda,
  Module,
  Stmt,
  Type,
} from "../ir.ts";
import { camel, type LanguagePrinter, pascal, type Printed, type SupportFile, Writer } from "../printer.ts";

/** @param typed TypeScript, else JavaScript */
export function ecmascript(typed: boolean): LanguagePrinter {
  const extension = typed ? "ts" : "js";
  const fileOf = (module: Module): string => {
    const kebab = (name: string): string => name.replaceAll("_", "-");
    return module.layer === "test"
      ? `test/${kebab(module.folder)}-${kebab(module.name)}.test.${extension}`
      : `src/${kebab(module.folder)}/${kebab(module.name)}.${extension}`;
  };
  return {
    fileOf,
    print: (module) => new EcmascriptWriter(module, typed, fileOf).print(),
    support: () => support(typed),
  };
}

/** Compiler options under which a project has no errors; Node's own types are found where the compiler is. */
export const LAYERED_OPTIONS = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  lib: ["es2022"],
  types: ["node"],
} as const;

function support(typed: boolean): SupportFile[] {
  const extension = typed ? "ts" : "js";
  const json = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;
  const scripts = { start: `node main.${extension}`, test: `node --test "test/*.test.${extension}"` };
  return [
    { file: "package.json", text: json({ name: "layered", private: true, type: "module", scripts }) },
    {
      file: `main.${extension}`,
      text: `import { startServer } from "./src/server/app.${extension}";\n\nprocess.exitCode = startServer() === 200 ? 0 : 1;\n`,
    },
    ...(typed
      ? [
          {
            file: "tsconfig.json",
            text: json({ compilerOptions: LAYERED_OPTIONS, include: ["main.ts", "src", "test"] }),
          },
        ]
      : []),
  ];
}

const METHODS_OF = { upper: "toUpperCase", trim: "trim", replace: "replaceAll", contains: "includes" } as const;

class EcmascriptWriter extends Writer {
  protected readonly step = "  ";
  protected readonly stop = ";";
  readonly #typed: boolean;
  readonly #fileOf: (module: Module) => string;
  /** Names imported by module; those that only stand for types are false. */
  readonly #imports = new Map<Module, Map<string, boolean>>();

  constructor(module: Module, typed: boolean, fileOf: (module: Module) => string) {
    super(module);
    this.#typed = typed;
    this.#fileOf = fileOf;
  }

  print(): Printed {
    return this.write(this.#fileOf(this.module));
  }

  protected header(): string {
    const lines =
      this.module.cases.length === 0
        ? []
        : [`import assert from "node:assert/strict";`, `import { test } from "node:test";`];
    const here = path.posix.dirname(this.#fileOf(this.module));
    const imports = [...this.#imports].map(([module, names]) => ({ file: this.#fileOf(module), names }));
    for (const { file, names } of imports.sort((a, b) => (a.file < b.file ? -1 : 1))) {
      const relative = path.posix.relative(here, file);
      const from = relative.startsWith(".") ? relative : `./${relative}`;
      const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
      const values = sorted.filter(([, isValue]) => isValue).map(([name]) => name);
      const types = sorted.filter(([, isValue]) => !isValue).map(([name]) => name);
      if (values.length > 0) lines.push(`import { ${values.join(", ")} } from "${from}";`);
      if (types.length > 0) lines.push(`import type { ${types.join(", ")} } from "${from}";`);
    }
    return lines.length === 0 ? "" : `${lines.join("\n")}\n\n`;
  }

  // --- declarations ----------------------------------------------------------------------------------------------------

  protected declaration(decl: Decl): void {
    switch (decl.kind) {
      case "function":
        this.define(
          decl,
          camel(decl.name),
          () => {
            this.put(`${decl.exported ? "export " : ""}function ${camel(decl.name)}${this.#signature(decl)} `);
          },
          () => this.block(decl.body),
        );
        this.newline();
        break;
      case "class":
        this.#class(decl);
        break;
      case "interface":
        if (!this.#typed) return;
        this.put(`export interface ${pascal(decl.name)} {`);
        this.newline();
        this.indented(() => {
          for (const method of decl.methods)
            this.lineOf(() => this.put(`${camel(method.name)}${this.#signature(method)};`));
        });
        this.put("}");
        this.newline();
        break;
      case "const":
        this.put(`export const ${camel(decl.name)}${this.#annotation(decl.type)} = `);
        this.expr(decl.value);
        this.put(";");
        this.newline();
        break;
    }
  }

  #class(decl: ClassDecl): void {
    const name = pascal(decl.name);
    const start = this.here();
    const implemented = this.#typed && decl.implements !== null ? ` implements ${this.#typeName(decl.implements)}` : "";
    this.put(`export class ${name}${implemented} `);
    const body = this.here();
    this.put("{");
    this.newline();
    this.inside = decl;
    this.indented(() => {
      if (this.#typed) {
        for (const { name: of, type } of decl.fields)
          this.lineOf(() => this.put(`${camel(of)}${this.#annotation(type)};`));
      }
      if (decl.fields.length > 0) this.#initializer(decl, start, body);
      for (const method of decl.methods) {
        this.lineOf(() =>
          this.define(
            method,
            `${name}.${camel(method.name)}`,
            () => this.put(`${camel(method.name)}${this.#signature(method)} `),
            () => this.block(method.body),
          ),
        );
      }
    });
    this.inside = null;
    this.put("}");
    if (decl.fields.length === 0) this.definitions.set(decl, { span: this.spanFrom(start), body, name });
    this.newline();
  }

  #initializer(decl: ClassDecl, start: { line: number; column: number }, body: { line: number; column: number }): void {
    const taken = decl.fields.filter(({ initial }) => initial === null);
    this.startLine();
    this.define(
      decl,
      `${pascal(decl.name)}.constructor`,
      () => this.put(`constructor(${this.#params(taken)}) `),
      () => {
        this.put("{");
        this.newline();
        this.indented(() => {
          for (const { name, initial } of decl.fields) {
            this.lineOf(() => {
              this.put(`this.${camel(name)} = `);
              if (initial === null) this.put(camel(name));
              else this.expr(initial);
              this.put(";");
            });
          }
        });
        this.startLine();
        this.put("}");
      },
    );
    this.newline();
    const made = this.definitions.get(decl);
    if (made !== undefined) made.classHeader = Object.assign(this.moving(start), { body: this.moving(body) });
  }

  protected testCases(): void {
    for (const { name, body } of this.module.cases) {
      this.newline();
      this.put(`test("${name.replaceAll("_", " ")}", () => `);
      this.block(body);
      this.put(");");
      this.newline();
    }
  }

  // --- types -------------------------------------------------------------------------------------------------------------

  #signature({ params, gives }: { params: readonly { name: string; type: Type }[]; gives: Type }): string {
    return `(${this.#params(params)})${this.#annotation(gives)}`;
  }

  #params(params: readonly { name: string; type: Type }[]): string {
    return params.map(({ name, type }) => `${camel(name)}${this.#annotation(type)}`).join(", ");
  }

  #annotation(type: Type): string {
    return this.#typed ? `: ${this.#type(type)}` : "";
  }

  #type(type: Type): string {
    if (typeof type === "string") return { int: "number", str: "string", bool: "boolean", void: "void" }[type];
    switch (type.kind) {
      case "list-type":
        return typeof type.of === "object" && type.of.kind === "fn-type"
          ? `(${this.#type(type.of)})[]`
          : `${this.#type(type.of)}[]`;
      case "map-type":
        return `Record<string, ${this.#type(type.of)}>`;
      case "fn-type":
        return `(${type.takes.map((taken, i) => `${"abc".charAt(i)}: ${this.#type(taken)}`).join(", ")}) => ${this.#type(type.gives)}`;
      case "class":
      case "interface":
      default:
        return this.#typeName(type);
    }
  }

  #typeName(type: ClassDecl | InterfaceDecl): string {
    return this.#import(type.home, pascal(type.name), false);
  }

  #import(from: Module, name: string, isValue: boolean): string {
    if (from === this.module) return name;
    this.assertOnlyOne(name, from);
    const names = this.#imports.get(from) ?? new Map<string, boolean>();
    this.#imports.set(from, names.set(name, isValue || names.get(name) === true));
    return name;
  }

  // --- statements --------------------------------------------------------------------------------------------------------

  protected block(body: readonly Stmt[]): void {
    this.put("{");
    this.newline();
    this.indented(() => this.statements(body));
    this.startLine();
    this.put("}");
  }

  protected binding(name: string, type: Type, value: Expr): void {
    this.put(`let ${camel(name)}${this.#annotation(type)} = `);
    // A function that is bound where it is written has the name of its variable.
    if (value.kind === "lambda") this.#function(value, camel(name));
    else this.expr(value);
    this.put(";");
  }

  protected pushing(list: Expr, item: Expr): void {
    this.library("push", () => this.expr(list), [() => this.expr(item)]);
    this.put(";");
  }

  protected putting(map: Expr, key: Expr, value: Expr): void {
    this.mapAt(map, key);
    this.put(" = ");
    this.expr(value);
    this.put(";");
  }

  protected condition(condition: Expr): void {
    this.put("if (");
    this.expr(condition);
    this.put(") ");
  }

  protected otherwise(body: readonly Stmt[]): void {
    this.put(" else ");
    this.block(body);
  }

  protected each({ name, list, body }: Extract<Stmt, { kind: "each" }>): void {
    this.put(`for (const ${camel(name)} of `);
    this.expr(list);
    this.put(") ");
    this.block(body);
  }

  protected check({ actual, wanted }: Extract<Stmt, { kind: "check" }>): void {
    this.put("assert.equal(");
    this.expr(actual);
    this.put(`, ${JSON.stringify(wanted)});`);
  }

  // --- expressions -------------------------------------------------------------------------------------------------------

  protected localName(name: string): string {
    return camel(name);
  }

  protected memberName(name: string): string {
    return camel(name);
  }

  protected reference(decl: FunctionDecl | ConstDecl): string {
    return this.#import(decl.home, camel(decl.name), true);
  }

  /** JavaScript has none. */
  protected override isInterface(type: ClassDecl | InterfaceDecl): boolean {
    return this.#typed && type.kind === "interface";
  }

  protected equality(_of: "int" | "str", left: Expr, right: Expr): void {
    this.operand(left);
    this.put(" === ");
    this.operand(right);
  }

  protected lambda(lambda: Lambda): void {
    this.#function(lambda, "(anonymous)");
  }

  #function(lambda: Lambda, name: string): void {
    const params = lambda.params.map((of, i) => `${camel(of)}${this.#annotation(lambda.fn.takes[i] ?? "int")}`);
    this.define(
      lambda,
      name,
      () => this.put(`(${params.join(", ")})${this.#annotation(lambda.fn.gives)} => `),
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
    this.list(pairs, pairs.length === 0 ? ["{", "}"] : ["{ ", " }"]);
  }

  protected sizeOf(value: Expr): void {
    this.operand(value);
    this.put(".length");
  }

  protected create(call: Extract<Call, { kind: "new" }>): void {
    const stratum = call.of.home === this.module ? "direct" : "imported";
    this.site({ node: call, stratum, syntax: "new" }, (write) => {
      this.put("new ");
      write(this.#import(call.of.home, pascal(call.of.name), true));
      this.args(call.args);
    });
  }

  protected std(call: Extract<Call, { kind: "std" }>): void {
    const [first, ...rest] = call.args.map((arg) => () => this.expr(arg));
    if (call.std === "env") {
      this.put("(process.env[");
      first?.();
      this.put(`] ?? "")`);
    } else if (call.std === "text_of") this.library("String", null, first === undefined ? [] : [first], call);
    else this.library(METHODS_OF[call.std], first ?? null, rest, call);
  }
}
