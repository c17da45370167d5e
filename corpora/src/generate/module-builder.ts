/** One generated module: its text, and the truth about its calls, grown together. */
import type { MergedSite } from "../truth/merge.ts";
import type { Definition, SiteSyntax, Stratum, Target } from "../truth/schema.ts";
import { mark, takeMarks } from "./marked-text.ts";

/** A definition: of this module (by index) or of another (by id). */
export type DefinitionRef = number | string;

/** A function that other modules can import. */
export interface ExportedFunction {
  name: string;
  definition: DefinitionRef;
}

/** A class that other modules can import and extend. */
export interface ExportedClass {
  name: string;
  /** What `new` enters: a constructor, its own or inherited, else the class. */
  entered: DefinitionRef;
  /** Takes a number. */
  hasConstructor: boolean;
  methods: Map<string, DefinitionRef>;
}

/** A module that is done. */
export interface GeneratedFile {
  file: string;
  text: string;
  definitions: Definition[];
  sites: MergedSite[];
}

interface SiteDraft {
  name: string;
  stratum: Stratum;
  syntax: SiteSyntax;
  must: (DefinitionRef | { external: string })[];
}

/** Numbers drawn from the seed. */
export interface Dice {
  /** An integer in [0, below). */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

export class ModuleBuilder {
  readonly file: string;
  readonly typed: boolean;
  readonly dice: Dice;
  readonly functions: ExportedFunction[] = [];
  readonly classes: ExportedClass[] = [];
  defaultExport: DefinitionRef | undefined = undefined;
  readonly #imports: string[] = [];
  #startsItself = false;
  readonly #declarations: string[] = [];
  readonly #statements: string[] = [];
  readonly #definitions: string[] = [];
  readonly #sites: SiteDraft[] = [];
  readonly #names = new Set<string>(["run", "total"]);

  constructor(file: string, dice: Dice) {
    this.file = file;
    this.typed = file.endsWith(".ts");
    this.dice = dice;
  }

  /** A type annotation, in TypeScript. */
  type(annotation: string): string {
    return this.typed ? `: ${annotation}` : "";
  }

  /** A name from `pool` that this module does not use yet; other modules use the same ones for other things. */
  name(pool: readonly string[]): string {
    const start = this.dice.below(pool.length);
    for (let i = 0; i < pool.length; i += 1) {
      const name = pool[(start + i) % pool.length] as string;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
    const name = `${pool[start]}${this.#names.size}`;
    this.#names.add(name);
    return name;
  }

  import(line: string): void {
    this.#imports.push(line);
  }

  declare(text: string): void {
    this.#declarations.push(text);
  }

  /** A statement of `run`; `total` is at hand. */
  state(text: string): void {
    this.#statements.push(text);
  }

  /** Announces a definition; its text comes from {@link defined}. */
  define(name: string): number {
    return this.#definitions.push(name) - 1;
  }

  /** The text of a definition: a header that ends with a blank, and a body. */
  defined(index: number, header: string, body: string): string {
    return `${mark("D", index)}${header}${mark("B", index)}${body}${mark("d", index)}`;
  }

  /** The text of a class whose constructor is the definition `index`: a header that ends with a blank, and a body. */
  classAround(index: number, header: string, body: string): string {
    return `${mark("H", index)}${header}${mark("h", index)}${body}`;
  }

  /**
   * A call whose targets are known. `receiver` comes before the callee's name, `rest` after it:
   * `call({ receiver: "a.", name: "b", rest: "(1)", … })` is `a.b(1)`.
   */
  call(draft: SiteDraft & { receiver?: string; rest: string }): string {
    const index = this.#sites.push(draft) - 1;
    return `${mark("S", index)}${draft.receiver ?? ""}${mark("C", index)}${draft.name}${draft.rest}${mark("s", index)}`;
  }

  /** Makes loading this module call `run`. */
  start(): void {
    this.#startsItself = true;
  }

  finish(): { generated: GeneratedFile; idOf: (ref: DefinitionRef) => string } {
    const run = this.define("run");
    const body = `{\n  let total = 0;\n${this.#statements.map((s) => indent(s)).join("")}  return total;\n}`;
    const runText = this.defined(run, `export function run()${this.type("number")} `, body);
    this.functions.unshift({ name: "run", definition: run });
    const start = this.#startsItself
      ? [`${this.call({ name: "run", rest: "()", stratum: "direct", syntax: "call", must: [run] })};`]
      : [];
    const lines = [...this.#imports, "", ...this.#declarations, runText, ...start, ""];
    const { text, positions } = takeMarks(lines.join("\n"));
    const at = (key: string): { line: number; column: number } => {
      const position = positions.get(key);
      if (position === undefined) throw new Error(`${this.file}: mark ${key} was never placed`);
      return position;
    };
    const spanOf = (kind: "D" | "S", index: number): Definition["span"] => {
      const start = at(`${kind}${index}`);
      const end = at(`${kind.toLowerCase()}${index}`);
      return { ...start, endLine: end.line, endColumn: end.column };
    };
    const definitions = this.#definitions.map((name, index): Definition => {
      const span = spanOf("D", index);
      const id = `${this.file}:${span.line}:${span.column}`;
      const definition = { id, file: this.file, span, body: at(`B${index}`), name };
      const header = positions.get(`H${index}`);
      return header === undefined ? definition : { ...definition, classHeader: { ...header, body: at(`h${index}`) } };
    });
    const idOf = (ref: DefinitionRef): string => (typeof ref === "string" ? ref : (definitions[ref] as Definition).id);
    const sites = this.#sites.map((draft, index): MergedSite => {
      const span = spanOf("S", index);
      const must = draft.must
        .map((target): Target => (typeof target === "object" ? target : { definition: idOf(target) }))
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      return {
        id: `${this.file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`,
        file: this.file,
        span,
        callee: draft.name === "" ? null : { name: draft.name, ...at(`C${index}`) },
        syntax: draft.syntax,
        stratum: draft.stratum,
        must,
        may: [],
        closed: true,
        by: ["generator"],
        traced: [],
        callbacks: [],
        witness: null,
        unknownReason: null,
      };
    });
    return { generated: { file: this.file, text, definitions, sites }, idOf };
  }
}

function indent(statement: string): string {
  return `${statement
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n")}\n`;
}
