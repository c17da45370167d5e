/** What the printers of all languages share: text with positions, statements and expressions; read `printers/` next. */
import type { Position, SiteSyntax, Span, Stratum } from "../../truth/schema.ts";
import type {
  Call,
  ClassDecl,
  ConstDecl,
  Decl,
  Entered,
  Expr,
  FunctionDecl,
  InterfaceDecl,
  Lambda,
  Module,
  Stmt,
  Type,
} from "./ir.ts";

/** A call as it was written. `node` is null for what only this language needs a call for. */
export interface PrintedSite {
  node: Call | null;
  span: Span;
  callee: ({ name: string } & Position) | null;
  syntax: SiteSyntax;
  stratum: Stratum;
  /** What it calls outside the project. */
  external: string | null;
}

/** A definition as it was written. */
export interface PrintedDefinition {
  span: Span;
  body: Position;
  name: string;
  classHeader?: Position & { body: Position };
}

/** A file as it was written, and where its parts are. */
export interface Printed {
  module: Module;
  file: string;
  text: string;
  definitions: Map<Entered, PrintedDefinition>;
  sites: PrintedSite[];
  /** Where statements, calls and declarations stand. */
  places: Map<object, Span>;
}

/** A file that is no source: what a project needs beside them. */
export interface SupportFile {
  file: string;
  text: string;
}

/** How one language is written. */
export interface LanguagePrinter {
  print(module: Module): Printed;
  fileOf(module: Module): string;
  /** Build files, and the program's start. `tests` and `folders` are all that were made. */
  support(tests: readonly string[], folders: readonly string[]): SupportFile[];
}

/** Names are few and written often; those of single folders are not kept. */
const camels = new Map<string, string>();
const KEPT_NAMES = 20_000;

/** `bulk_orders` as `bulkOrders`. */
export function camel(name: string): string {
  const known = camels.get(name);
  if (known !== undefined) return known;
  const made = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (camels.size < KEPT_NAMES) camels.set(name, made);
  return made;
}

/** `bulk_orders` as `BulkOrders`. */
export function pascal(name: string): string {
  const inner = camel(name);
  return inner.charAt(0).toUpperCase() + inner.slice(1);
}

/** Writes one file. Languages fill in what they write differently. */
export abstract class Writer {
  readonly module: Module;
  readonly #positions: Position[] = [];
  readonly #spans: Span[] = [];
  #body = "";
  #line = 1;
  #lineStart = 0;
  #indent = 0;
  /** Where the last statement or member ended. */
  protected lastEnd: Position = { line: 1, column: 1 };
  protected readonly definitions = new Map<Entered, PrintedDefinition>();
  protected readonly sites: PrintedSite[] = [];
  protected readonly places = new Map<object, Span>();
  /** The class whose methods are being written. */
  protected inside: ClassDecl | null = null;

  readonly #imported = new Map<string, Module>();

  constructor(module: Module) {
    this.module = module;
  }

  /** Two files that give this one the same name would hide each other: a mistake of the plan. */
  protected assertOnlyOne(name: string, from: Module): void {
    const known = this.#imported.get(name) ?? from;
    if (known !== from)
      throw new Error(`${known.folder}/${known.name} and ${from.folder}/${from.name} both have ${name}`);
    this.#imported.set(name, from);
  }

  /** The lines above everything else, known once the rest is written; ends with a line feed when there are any. */
  protected abstract header(): string;
  protected abstract declaration(decl: Decl): void;
  protected abstract testCases(): void;
  protected abstract readonly step: string;
  /** How far declarations are indented. */
  protected readonly level: number = 0;
  /** Empty lines between declarations. */
  protected readonly gap: number = 1;

  protected write(file: string): Printed {
    this.#indent = this.level;
    this.module.decls.forEach((decl, i) => {
      const gap = i === 0 ? 0 : this.gap;
      for (let line = 0; line < gap; line += 1) this.newline();
      this.startLine();
      this.place(decl, () => this.declaration(decl));
    });
    if (this.module.cases.length > 0) this.testCases();
    this.closeFile();
    const header = this.header();
    const shift = header.split("\n").length - 1;
    for (const position of this.#positions) position.line += shift;
    for (const span of this.#spans) {
      span.line += shift;
      span.endLine += shift;
    }
    const { module, definitions, sites, places } = this;
    return { module, file, text: header + this.#body, definitions, sites, places };
  }

  protected closeFile(): void {
    // Most languages end a file as it is.
  }

  // --- text --------------------------------------------------------------------------------------------------------

  protected put(text: string): void {
    this.#body += text;
  }

  protected here(): Position {
    const position = { line: this.#line, column: this.#body.length - this.#lineStart + 1 };
    this.#positions.push(position);
    return position;
  }

  /** A copy of a position that moves with the text, as all others do. */
  protected moving({ line, column }: Position): Position {
    const position = { line, column };
    this.#positions.push(position);
    return position;
  }

  protected spanFrom(start: Position, end: Position = this.here()): Span {
    const span = { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
    this.#spans.push(span);
    return span;
  }

  protected newline(): void {
    this.lastEnd = this.here();
    this.#body += "\n";
    this.#line += 1;
    this.#lineStart = this.#body.length;
  }

  protected startLine(): void {
    this.#body += this.step.repeat(this.#indent);
  }

  /** A whole line. */
  protected lineOf(write: () => void): void {
    this.startLine();
    write();
    this.newline();
  }

  /** How far the next line is indented, in steps. */
  protected get depth(): number {
    return this.#indent;
  }

  protected indented(write: () => void): void {
    this.#indent += 1;
    write();
    this.#indent -= 1;
  }

  protected place(node: object, write: () => void): void {
    const start = this.here();
    write();
    const end = this.lastEnd.line >= start.line ? this.lastEnd : this.here();
    this.places.set(node, this.spanFrom(start, end));
  }

  // --- definitions and calls -----------------------------------------------------------------------------------------

  /** A function: `head` writes what stands before its body, `body` the rest. */
  protected define(node: Entered, name: string, head: () => void, body: () => void): void {
    const start = this.here();
    head();
    const at = this.here();
    body();
    this.definitions.set(node, { span: this.spanFrom(start), body: at, name });
  }

  /** A call. `write` is given a function that writes the name by which it is known. */
  protected site(
    about: { node: Call | null; stratum: Stratum; syntax?: SiteSyntax; external?: string },
    write: (name: (text: string) => void) => void,
  ): void {
    const start = this.here();
    let callee: PrintedSite["callee"] = null;
    const index = this.sites.length;
    write((text) => {
      const position = this.here();
      const named = { name: text, line: position.line, column: position.column };
      this.#positions.push(named);
      callee = named;
      this.put(text);
    });
    const span = this.spanFrom(start);
    const { node, stratum, syntax = "call", external = null } = about;
    // Outer calls before the ones in their arguments.
    this.sites.splice(index, 0, { node, span, callee, syntax, stratum, external });
    if (node !== null) this.places.set(node, span);
  }

  /** A call into the library of the language: `receiver.name(args)`, or `name(args)`. */
  protected library(
    name: string,
    receiver: (() => void) | null,
    args: readonly (() => void)[],
    node: Call | null = null,
  ): void {
    this.site({ node, stratum: "external", external: name }, (write) => {
      if (receiver !== null) {
        receiver();
        this.put(".");
      }
      write(name);
      this.list(args);
    });
  }

  protected list(items: readonly (() => void)[], [open, close]: readonly [string, string] = ["(", ")"]): void {
    this.put(open);
    items.forEach((write, i) => {
      if (i > 0) this.put(", ");
      write();
    });
    this.put(close);
  }

  protected args(args: readonly Expr[]): void {
    this.list(args.map((arg) => () => this.expr(arg)));
  }

  // --- statements ----------------------------------------------------------------------------------------------------

  protected abstract binding(name: string, type: Type, value: Expr): void;
  protected abstract pushing(list: Expr, item: Expr): void;
  protected abstract putting(map: Expr, key: Expr, value: Expr): void;
  protected abstract check(statement: Extract<Stmt, { kind: "check" }>): void;
  /** The rest of an `if`, `for` or function line, and what stands below it. */
  protected abstract block(body: readonly Stmt[]): void;
  protected abstract condition(condition: Expr): void;
  protected abstract otherwise(body: readonly Stmt[]): void;
  protected abstract each(statement: Extract<Stmt, { kind: "each" }>): void;
  /** What ends a statement. */
  protected abstract readonly stop: string;

  protected statements(body: readonly Stmt[]): void {
    for (const statement of body) {
      this.startLine();
      this.place(statement, () => {
        this.statement(statement);
        this.newline();
      });
    }
  }

  protected statement(statement: Stmt): void {
    switch (statement.kind) {
      case "let":
        this.binding(statement.name, statement.type, statement.value);
        break;
      case "set":
        this.expr(statement.place);
        this.put(" = ");
        this.expr(statement.value);
        this.put(this.stop);
        break;
      case "push":
        this.pushing(statement.list, statement.item);
        break;
      case "put":
        this.putting(statement.map, statement.key, statement.value);
        break;
      case "if":
        this.condition(statement.condition);
        this.block(statement.body);
        if (statement.otherwise.length > 0) this.otherwise(statement.otherwise);
        break;
      case "each":
        this.each(statement);
        break;
      case "return":
        this.put("return ");
        this.expr(statement.value);
        this.put(this.stop);
        break;
      case "do":
        this.expr(statement.value);
        this.put(this.stop);
        break;
      case "check":
        this.check(statement);
        break;
    }
  }

  // --- expressions -----------------------------------------------------------------------------------------------------

  protected readonly words: { yes: string; no: string; not: string; self: string } = {
    yes: "true",
    no: "false",
    not: "!",
    self: "this",
  };
  protected abstract localName(name: string): string;
  protected abstract memberName(name: string): string;
  protected abstract reference(decl: FunctionDecl | ConstDecl): string;
  /** A function as a value. */
  protected functionValue(decl: FunctionDecl): void {
    this.put(this.reference(decl));
  }
  protected abstract equality(of: "int" | "str", left: Expr, right: Expr): void;
  protected abstract lambda(lambda: Lambda): void;
  protected abstract mapAt(map: Expr, key: Expr): void;
  protected abstract mapHas(map: Expr, key: Expr, of: Type): void;
  protected abstract listLiteral(of: Type, items: readonly Expr[]): void;
  protected abstract mapLiteral(of: Type, entries: readonly [string, Expr][]): void;
  protected abstract sizeOf(value: Expr, of: "list" | "str"): void;
  protected abstract create(call: Extract<Call, { kind: "new" }>): void;
  protected abstract std(call: Extract<Call, { kind: "std" }>): void;
  /** Whether a call of a member of this type is one whose implementation only the run tells. */
  protected isInterface(type: ClassDecl | InterfaceDecl): boolean {
    return type.kind === "interface";
  }
  /** What stands between a function value and its arguments, such as `.apply`; the name is what the call is known by. */
  protected invocation(call: Extract<Call, { kind: "invoke" }>): { before: string; name: string } | null {
    return call.value.kind === "local" ? { before: "", name: this.localName(call.value.name) } : null;
  }

  protected expr(expr: Expr): void {
    switch (expr.kind) {
      case "int":
        this.put(String(expr.value));
        break;
      case "str":
        this.put(JSON.stringify(expr.value));
        break;
      case "bool":
        this.put(expr.value ? this.words.yes : this.words.no);
        break;
      case "local":
        this.put(this.localName(expr.name));
        break;
      case "this":
        this.put(this.words.self);
        break;
      case "constant":
        this.put(this.reference(expr.decl));
        break;
      case "function-value":
        this.functionValue(expr.decl);
        break;
      case "op":
        if (expr.op === "==") this.equality(expr.of, expr.left, expr.right);
        else {
          this.operand(expr.left);
          this.put(` ${expr.op} `);
          this.operand(expr.right);
        }
        break;
      case "not":
        this.put(`${this.words.not}(`);
        this.expr(expr.value);
        this.put(")");
        break;
      case "field":
        this.expr(expr.on);
        this.put(`.${this.memberName(expr.name)}`);
        break;
      case "at":
        this.mapAt(expr.map, expr.key);
        break;
      case "has":
        this.mapHas(expr.map, expr.key, expr.of);
        break;
      case "list":
        this.listLiteral(expr.of, expr.items);
        break;
      case "map":
        this.mapLiteral(expr.of, expr.entries);
        break;
      case "size":
        this.sizeOf(expr.value, expr.of);
        break;
      case "lambda":
        this.lambda(expr);
        break;
      case "new":
        this.create(expr);
        break;
      case "std":
        this.std(expr);
        break;
      case "call":
      case "send":
      case "invoke":
      default:
        this.calling(expr);
    }
  }

  private calling(call: Exclude<Call, { kind: "new" | "std" }>): void {
    switch (call.kind) {
      case "call": {
        const stratum = call.to.home === this.module ? "direct" : "imported";
        const [, qualifier = "", name = ""] = /^(.*\.)?(\w+)$/.exec(this.reference(call.to)) ?? [];
        this.site({ node: call, stratum }, (write) => {
          this.put(qualifier);
          write(name);
          this.args(call.args);
        });
        break;
      }
      case "send":
        this.site({ node: call, stratum: this.isInterface(call.type) ? "interface" : "method" }, (write) => {
          this.expr(call.on);
          this.put(".");
          write(this.memberName(call.method));
          this.args(call.args);
        });
        break;
      case "invoke": {
        const { value } = call;
        const stratum =
          value.kind === "at" ? "computed" : value.kind === "local" && value.isParam ? "callback" : "stored-value";
        this.site({ node: call, stratum }, (write) => {
          const how = this.invocation(call);
          if (how === null && value.kind === "field") {
            this.expr(value.on);
            this.put(".");
            write(this.memberName(value.name));
            this.args(call.args);
            return;
          }
          if (how === null || how.before !== "") this.expr(value);
          if (how !== null) {
            this.put(how.before);
            write(how.name);
          }
          this.args(call.args);
        });
        break;
      }
    }
  }

  protected operand(expr: Expr): void {
    if (expr.kind !== "op") {
      this.expr(expr);
      return;
    }
    this.put("(");
    this.expr(expr);
    this.put(")");
  }
}
