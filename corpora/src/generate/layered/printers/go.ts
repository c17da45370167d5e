/** Writes a plan as a Go module without dependencies. */
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

const MODULE = "example.com/layered";

export const go: LanguagePrinter = { fileOf, print: (module) => new GoWriter(module).print(), support };

function packageOf(folder: string): string {
  return folder.replaceAll("_", "");
}

function fileOf({ folder, name, layer }: Module): string {
  return `${packageOf(folder)}/${name}${layer === "test" ? "_test" : ""}.go`;
}

function support(): SupportFile[] {
  const main = [
    "package main",
    "",
    `import (\n\t"os"\n\n\t"${MODULE}/server"\n)`,
    "",
    "func main() {\n\tif server.StartServer() != 200 {\n\t\tos.Exit(1)\n\t}\n}",
    "",
  ];
  return [
    { file: "go.mod", text: `module ${MODULE}\n\ngo 1.21\n` },
    { file: "main.go", text: main.join("\n") },
  ];
}

class GoWriter extends Writer {
  protected readonly step = "\t";
  protected readonly stop = "";
  protected override readonly words = { yes: "true", no: "false", not: "!", self: "it" };
  readonly #imports = new Set<string>();

  print(): Printed {
    return this.write(fileOf(this.module));
  }

  protected header(): string {
    const own = [...this.#imports].filter((name) => name.startsWith(MODULE)).sort();
    const library = [...this.#imports].filter((name) => !name.startsWith(MODULE)).sort();
    if (this.module.cases.length > 0) library.push("testing");
    const lines = [`package ${packageOf(this.module.folder)}`, ""];
    const groups = [library, own].filter((group) => group.length > 0);
    if (groups.length > 0) {
      lines.push(
        "import (",
        ...groups
          .map((group) => group.map((name) => `\t"${name}"`).join("\n"))
          .join("\n\n")
          .split("\n"),
        ")",
        "",
      );
    }
    return `${lines.join("\n")}\n`;
  }

  // --- declarations ----------------------------------------------------------------------------------------------------

  protected declaration(decl: Decl): void {
    switch (decl.kind) {
      case "function":
        this.define(
          decl,
          this.#name(decl),
          () => this.put(`func ${this.#name(decl)}${this.#signature(decl)} `),
          () => this.block(decl.body),
        );
        this.newline();
        break;
      case "class":
        this.#class(decl);
        break;
      case "interface":
        this.put(`type ${pascal(decl.name)} interface {`);
        this.newline();
        this.indented(() => {
          for (const method of decl.methods)
            this.lineOf(() => this.put(`${pascal(method.name)}${this.#signature(method)}`));
        });
        this.put("}");
        this.newline();
        break;
      case "const":
        this.put(`var ${pascal(decl.name)} ${this.#type(decl.type)} = `);
        this.expr(decl.value);
        this.newline();
        break;
    }
  }

  #class(decl: ClassDecl): void {
    const name = pascal(decl.name);
    this.put(`type ${name} struct {`);
    this.newline();
    this.indented(() => {
      for (const one of decl.fields) this.lineOf(() => this.put(`${pascal(one.name)} ${this.#type(one.type)}`));
    });
    this.put("}");
    this.newline();
    this.newline();
    const taken = decl.fields.filter(({ initial }) => initial === null);
    this.define(
      decl,
      `New${name}`,
      () => this.put(`func New${name}(${this.#params(taken)}) *${name} `),
      () => {
        this.put("{");
        this.newline();
        this.indented(() => {
          this.lineOf(() => {
            this.put(`return &${name}`);
            const fields = decl.fields.map((one) => (): void => {
              this.put(`${pascal(one.name)}: `);
              if (one.initial === null) this.put(camel(one.name));
              else this.expr(one.initial);
            });
            this.list(fields, ["{", "}"]);
          });
        });
        this.put("}");
      },
    );
    this.newline();
    this.inside = decl;
    for (const method of decl.methods) {
      this.newline();
      this.define(
        method,
        `${name}.${pascal(method.name)}`,
        () => this.put(`func (it *${name}) ${pascal(method.name)}${this.#signature(method)} `),
        () => this.block(method.body),
      );
      this.newline();
    }
    this.inside = null;
  }

  protected testCases(): void {
    for (const { name, body } of this.module.cases) {
      this.put(`func Test${pascal(name)}(t *testing.T) `);
      this.block(body);
      this.newline();
      this.newline();
    }
  }

  #name(decl: FunctionDecl): string {
    return decl.exported ? pascal(decl.name) : camel(decl.name);
  }

  // --- types -------------------------------------------------------------------------------------------------------------

  #signature({ params, gives }: { params: readonly { name: string; type: Type }[]; gives: Type }): string {
    return `(${this.#params(params)})${gives === "void" ? "" : ` ${this.#type(gives)}`}`;
  }

  #params(params: readonly { name: string; type: Type }[]): string {
    return params.map(({ name, type }) => `${camel(name)} ${this.#type(type)}`).join(", ");
  }

  #type(type: Type): string {
    if (typeof type === "string") return { int: "int", str: "string", bool: "bool", void: "" }[type];
    switch (type.kind) {
      case "list-type":
        return `[]${this.#type(type.of)}`;
      case "map-type":
        return `map[string]${this.#type(type.of)}`;
      case "fn-type":
        return `func(${type.takes.map((taken) => this.#type(taken)).join(", ")}) ${this.#type(type.gives)}`;
      case "class":
        return `*${this.#import(type.home, pascal(type.name))}`;
      case "interface":
      default:
        return this.#interfaceName(type);
    }
  }

  #interfaceName(type: InterfaceDecl): string {
    return this.#import(type.home, pascal(type.name));
  }

  #import(from: Module, name: string): string {
    if (from.folder === this.module.folder) return name;
    this.#imports.add(`${MODULE}/${packageOf(from.folder)}`);
    return `${packageOf(from.folder)}.${name}`;
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
    this.put(`var ${camel(name)} ${this.#type(type)} = `);
    this.expr(value);
  }

  protected pushing(list: Expr, item: Expr): void {
    this.expr(list);
    this.put(" = ");
    this.library("append", null, [() => this.expr(list), () => this.expr(item)]);
  }

  protected putting(map: Expr, key: Expr, value: Expr): void {
    this.mapAt(map, key);
    this.put(" = ");
    this.expr(value);
  }

  protected condition(condition: Expr): void {
    this.put("if ");
    this.expr(condition);
    this.put(" ");
  }

  protected otherwise(body: readonly Stmt[]): void {
    this.put(" else ");
    this.block(body);
  }

  protected each({ name, list, body }: Extract<Stmt, { kind: "each" }>): void {
    this.put(`for _, ${camel(name)} := range `);
    this.expr(list);
    this.put(" ");
    this.block(body);
  }

  protected check({ actual, wanted }: Extract<Stmt, { kind: "check" }>): void {
    this.put("if got := ");
    this.expr(actual);
    this.put(`; got != ${JSON.stringify(wanted)} {`);
    this.newline();
    this.indented(() => this.lineOf(() => this.put(`t.Errorf("got %v", got)`)));
    this.startLine();
    this.put("}");
  }

  // --- expressions -------------------------------------------------------------------------------------------------------

  protected localName(name: string): string {
    return camel(name);
  }

  protected memberName(name: string): string {
    return pascal(name);
  }

  protected reference(decl: FunctionDecl | ConstDecl): string {
    return this.#import(decl.home, decl.kind === "const" ? pascal(decl.name) : this.#name(decl));
  }

  protected equality(_of: "int" | "str", left: Expr, right: Expr): void {
    this.operand(left);
    this.put(" == ");
    this.operand(right);
  }

  protected lambda(lambda: Lambda): void {
    const params = lambda.params.map((name, i) => `${camel(name)} ${this.#type(lambda.fn.takes[i] ?? "int")}`);
    this.define(
      lambda,
      "func literal",
      () => this.put(`func(${params.join(", ")}) ${this.#type(lambda.fn.gives)} `),
      () => {
        this.put("{ return ");
        this.expr(lambda.body);
        this.put(" }");
      },
    );
  }

  protected mapAt(map: Expr, key: Expr): void {
    this.expr(map);
    this.put("[");
    this.expr(key);
    this.put("]");
  }

  /** Plans keep neither "" nor nothing in a map. */
  protected mapHas(map: Expr, key: Expr, of: Type): void {
    this.mapAt(map, key);
    this.put(of === "str" ? ` != ""` : " != nil");
  }

  protected listLiteral(of: Type, items: readonly Expr[]): void {
    this.put(`[]${this.#type(of)}`);
    this.list(
      items.map((item) => () => this.expr(item)),
      ["{", "}"],
    );
  }

  protected mapLiteral(of: Type, entries: readonly [string, Expr][]): void {
    this.put(`map[string]${this.#type(of)}`);
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
    const [, qualifier = "", name = ""] =
      /^(.*\.)?(\w+)$/.exec(this.#import(call.of.home, `New${pascal(call.of.name)}`)) ?? [];
    this.site({ node: call, stratum }, (write) => {
      this.put(qualifier);
      write(name);
      this.args(call.args);
    });
  }

  protected std(call: Extract<Call, { kind: "std" }>): void {
    const args = call.args.map((arg) => () => this.expr(arg));
    const [from, name] = {
      text_of: ["strconv", "Itoa"],
      upper: ["strings", "ToUpper"],
      trim: ["strings", "TrimSpace"],
      replace: ["strings", "ReplaceAll"],
      contains: ["strings", "Contains"],
      env: ["os", "Getenv"],
    }[call.std] as [string, string];
    this.#imports.add(from);
    this.library(name, () => this.put(from), args, call);
  }
}
