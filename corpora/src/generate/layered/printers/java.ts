/** Writes a plan as Java packages; a small program of its own runs the tests. */
import type {
  Call,
  ClassDecl,
  ConstDecl,
  Decl,
  Expr,
  FnType,
  FunctionDecl,
  InterfaceDecl,
  Lambda,
  Module,
  Stmt,
  Type,
} from "../ir.ts";
import { camel, type LanguagePrinter, pascal, type Printed, type SupportFile, Writer } from "../printer.ts";

export const java: LanguagePrinter = { fileOf, print: (module) => new JavaWriter(module).print(), support };

function packageOf(folder: string): string {
  return `app.${folder.replaceAll("_", "")}`;
}

/** The class that holds what a file declares. */
function outerOf({ folder, name, layer }: Module): string {
  return `${pascal(folder)}${pascal(name)}${layer === "test" ? "Test" : ""}`;
}

function fileOf(module: Module): string {
  const root = module.layer === "test" ? "test" : "src";
  return `${root}/${packageOf(module.folder).replaceAll(".", "/")}/${outerOf(module)}.java`;
}

/** Calls in one method; Java limits how long methods are. */
const TESTS_PER_METHOD = 500;

function support(tests: readonly string[]): SupportFile[] {
  const names = tests.map((file) =>
    file
      .replace(/^test\//, "")
      .replace(/\.java$/, "")
      .replaceAll("/", "."),
  );
  const groups = Array.from({ length: Math.ceil(names.length / TESTS_PER_METHOD) }, (_, i) =>
    names.slice(i * TESTS_PER_METHOD, (i + 1) * TESTS_PER_METHOD),
  );
  const methods = groups.map(
    (group, i) =>
      `    private static void part${i}() {\n${group.map((name) => `        ${name}.runAll();\n`).join("")}    }\n`,
  );
  const runner = [
    "package app.testing;",
    "",
    "public final class RunTests {",
    "    public static void main(String[] args) {",
    ...groups.map((_, i) => `        part${i}();`),
    `        System.out.println(Check.count + " checks passed");`,
    "    }",
    "",
    methods.join("\n"),
  ];
  const checks = [
    "package app.testing;",
    "",
    "public final class Check {",
    "    public static int count = 0;",
    "",
    "    public static void same(Object found, Object wanted) {",
    "        count += 1;",
    `        if (!wanted.equals(found)) throw new AssertionError(found + " instead of " + wanted);`,
    "    }",
    "}",
    "",
  ];
  const main = [
    "package app;",
    "",
    "import app.server.ServerApp;",
    "",
    "public final class Main {",
    "    public static void main(String[] args) {",
    "        System.exit(ServerApp.startServer() == 200 ? 0 : 1);",
    "    }",
    "}",
    "",
  ];
  return [
    { file: "src/app/Main.java", text: main.join("\n") },
    { file: "test/app/testing/Check.java", text: checks.join("\n") },
    { file: "test/app/testing/RunTests.java", text: `${runner.join("\n")}}\n` },
  ];
}

class JavaWriter extends Writer {
  protected readonly step = "    ";
  protected readonly stop = ";";
  protected override readonly level = 1;
  readonly #imports = new Set<string>();

  print(): Printed {
    return this.write(fileOf(this.module));
  }

  protected header(): string {
    if (this.module.cases.length > 0) this.#imports.add("app.testing.Check");
    const imports = [...this.#imports].sort().map((name) => `import ${name};`);
    const lines = [`package ${packageOf(this.module.folder)};`, "", ...imports, ...(imports.length > 0 ? [""] : [])];
    return `${lines.join("\n")}\npublic final class ${outerOf(this.module)} {\n`;
  }

  protected override closeFile(): void {
    this.put("}\n");
  }

  // --- declarations ----------------------------------------------------------------------------------------------------

  protected declaration(decl: Decl): void {
    switch (decl.kind) {
      case "function":
        this.define(
          decl,
          camel(decl.name),
          () => this.put(`${decl.exported ? "public" : "private"} static ${this.#signature(decl)} `),
          () => this.block(decl.body),
        );
        this.newline();
        break;
      case "class":
        this.#class(decl);
        break;
      case "interface":
        this.put(`public interface ${pascal(decl.name)} {`);
        this.newline();
        this.indented(() => {
          for (const method of decl.methods) this.lineOf(() => this.put(`${this.#signature(method)};`));
        });
        this.lineOf(() => this.put("}"));
        break;
      case "const":
        this.put(`public static final ${this.#type(decl.type)} ${camel(decl.name)} = `);
        this.expr(decl.value);
        this.put(";");
        this.newline();
        break;
    }
  }

  #class(decl: ClassDecl): void {
    const name = pascal(decl.name);
    const start = this.here();
    this.put(
      `public static class ${name}${decl.implements === null ? "" : ` implements ${this.#typeName(decl.implements)}`} `,
    );
    const body = this.here();
    this.put("{");
    this.newline();
    this.inside = decl;
    this.indented(() => {
      for (const one of decl.fields) this.lineOf(() => this.put(`public ${this.#type(one.type)} ${camel(one.name)};`));
      if (decl.fields.length > 0) this.#initializer(decl, start, body);
      decl.methods.forEach((method, i) => {
        if (i > 0 || decl.fields.length > 0) this.newline();
        this.lineOf(() =>
          this.define(
            method,
            `${name}.${camel(method.name)}`,
            () => this.put(`public ${this.#signature(method)} `),
            () => this.block(method.body),
          ),
        );
      });
    });
    this.inside = null;
    this.startLine();
    this.put("}");
    if (decl.fields.length === 0) this.definitions.set(decl, { span: this.spanFrom(start), body, name });
    this.newline();
  }

  #initializer(decl: ClassDecl, start: { line: number; column: number }, body: { line: number; column: number }): void {
    const taken = decl.fields.filter(({ initial }) => initial === null);
    this.newline();
    this.startLine();
    this.define(
      decl,
      `${pascal(decl.name)}.${pascal(decl.name)}`,
      () => this.put(`public ${pascal(decl.name)}(${this.#params(taken)}) `),
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
      this.lineOf(() => {
        this.put(`public static void ${camel(`test_${name}`)}() `);
        this.block(body);
      });
      this.newline();
    }
    this.lineOf(() => this.put("public static void runAll() {"));
    this.indented(() => {
      for (const { name } of this.module.cases) this.lineOf(() => this.put(`${camel(`test_${name}`)}();`));
    });
    this.lineOf(() => this.put("}"));
  }

  // --- types -------------------------------------------------------------------------------------------------------------

  #signature({
    name,
    params,
    gives,
  }: {
    name: string;
    params: readonly { name: string; type: Type }[];
    gives: Type;
  }): string {
    return `${this.#type(gives)} ${camel(name)}(${this.#params(params)})`;
  }

  #params(params: readonly { name: string; type: Type }[]): string {
    return params.map(({ name, type }) => `${this.#type(type)} ${camel(name)}`).join(", ");
  }

  #type(type: Type): string {
    if (typeof type === "string") return { int: "int", str: "String", bool: "boolean", void: "void" }[type];
    switch (type.kind) {
      case "list-type":
        return `${this.#library("java.util.List")}<${this.#boxed(type.of)}>`;
      case "map-type":
        return `${this.#library("java.util.Map")}<String, ${this.#boxed(type.of)}>`;
      case "fn-type":
        return this.#functional(type);
      case "class":
      case "interface":
      default:
        return this.#typeName(type);
    }
  }

  #functional({ takes, gives }: FnType): string {
    const name = ["Supplier", "Function", "BiFunction"][takes.length] as string;
    return `${this.#library(`java.util.function.${name}`)}<${[...takes, gives].map((one) => this.#boxed(one)).join(", ")}>`;
  }

  #boxed(type: Type): string {
    return type === "int" ? "Integer" : type === "bool" ? "Boolean" : this.#type(type);
  }

  #library(name: string): string {
    this.#imports.add(name);
    return name.slice(name.lastIndexOf(".") + 1);
  }

  #typeName(type: ClassDecl | InterfaceDecl): string {
    return type.home === this.module ? pascal(type.name) : `${this.#outer(type.home)}.${pascal(type.name)}`;
  }

  #outer(module: Module): string {
    if (module.folder !== this.module.folder) this.#imports.add(`${packageOf(module.folder)}.${outerOf(module)}`);
    return outerOf(module);
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
    this.put(`${this.#type(type)} ${camel(name)} = `);
    this.expr(value);
    this.put(";");
  }

  protected pushing(list: Expr, item: Expr): void {
    this.library("add", () => this.expr(list), [() => this.expr(item)]);
    this.put(";");
  }

  protected putting(map: Expr, key: Expr, value: Expr): void {
    this.library("put", () => this.expr(map), [() => this.expr(key), () => this.expr(value)]);
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

  protected each({ name, type, list, body }: Extract<Stmt, { kind: "each" }>): void {
    this.put(`for (${this.#type(type)} ${camel(name)} : `);
    this.expr(list);
    this.put(") ");
    this.block(body);
  }

  protected check({ actual, wanted }: Extract<Stmt, { kind: "check" }>): void {
    this.put("Check.same(");
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
    // Inside a class, a method of the same name would hide what stands around it.
    return decl.home === this.module && this.inside === null
      ? camel(decl.name)
      : `${this.#outer(decl.home)}.${camel(decl.name)}`;
  }

  protected override functionValue(decl: FunctionDecl): void {
    this.put(`${this.#outer(decl.home)}::${camel(decl.name)}`);
  }

  protected override invocation({ fn }: Extract<Call, { kind: "invoke" }>): { before: string; name: string } {
    return { before: ".", name: fn.takes.length === 0 ? "get" : "apply" };
  }

  protected equality(of: "int" | "str", left: Expr, right: Expr): void {
    if (of === "str") {
      this.library("equals", () => this.operand(left), [() => this.expr(right)]);
      return;
    }
    this.operand(left);
    this.put(" == ");
    this.operand(right);
  }

  protected lambda(lambda: Lambda): void {
    this.define(
      lambda,
      "lambda",
      () => this.put(`(${lambda.params.map((name) => camel(name)).join(", ")}) -> `),
      () => this.expr(lambda.body),
    );
  }

  protected mapAt(map: Expr, key: Expr): void {
    this.library("get", () => this.expr(map), [() => this.expr(key)]);
  }

  protected mapHas(map: Expr, key: Expr): void {
    this.library("containsKey", () => this.expr(map), [() => this.expr(key)]);
  }

  protected listLiteral(of: Type, items: readonly Expr[]): void {
    this.#collection(
      "ArrayList",
      "List",
      `<${this.#boxed(of)}>of`,
      items.map((item) => () => this.expr(item)),
    );
  }

  protected mapLiteral(of: Type, entries: readonly [string, Expr][]): void {
    const parts = entries.flatMap(([key, item]) => [() => this.put(JSON.stringify(key)), () => this.expr(item)]);
    this.#collection("HashMap", "Map", `<String, ${this.#boxed(of)}>of`, parts);
  }

  /** `new ArrayList<>(List.<T>of(…))`, or without anything to copy. */
  #collection(made: string, from: string, of: string, items: readonly (() => void)[]): void {
    this.#library(`java.util.${made}`);
    this.site({ node: null, stratum: "external", syntax: "new", external: made }, (write) => {
      this.put("new ");
      write(made);
      this.put("<>(");
      if (items.length > 0) {
        this.#library(`java.util.${from}`);
        this.site({ node: null, stratum: "external", external: "of" }, (inner) => {
          this.put(`${from}.${of.slice(0, -2)}`);
          inner("of");
          this.list(items);
        });
      }
      this.put(")");
    });
  }

  protected sizeOf(value: Expr, of: "list" | "str"): void {
    this.library(of === "list" ? "size" : "length", () => this.operand(value), []);
  }

  protected create(call: Extract<Call, { kind: "new" }>): void {
    const stratum = call.of.home === this.module ? "direct" : "imported";
    const qualifier = call.of.home === this.module ? "" : `${this.#outer(call.of.home)}.`;
    this.site({ node: call, stratum, syntax: "new" }, (write) => {
      this.put(`new ${qualifier}`);
      write(pascal(call.of.name));
      this.args(call.args);
    });
  }

  protected std(call: Extract<Call, { kind: "std" }>): void {
    const [first, ...rest] = call.args.map((arg) => () => this.expr(arg));
    if (first === undefined) return;
    switch (call.std) {
      case "env": {
        const environment = (): void => this.library("getenv", () => this.put("System"), []);
        this.library("getOrDefault", environment, [first, () => this.put(`""`)], call);
        break;
      }
      case "text_of":
        this.library("toString", () => this.put("Integer"), [first], call);
        break;
      case "upper":
        this.library("toUpperCase", first, rest, call);
        break;
      case "trim":
      case "replace":
      case "contains":
      default:
        this.library(call.std, first, rest, call);
    }
  }
}
