/** Which of the engine's functions a question means. */
import type { CallGraph, FunctionSymbol } from "@drift/engine";
import type { Subject } from "../schema/choice.ts";

/** Functions by where they stand, and by what they are called. */
export class SymbolFinder {
  readonly #byFile: ReadonlyMap<string, readonly FunctionSymbol[]>;
  readonly #byName: ReadonlyMap<string, readonly FunctionSymbol[]>;

  constructor({ functions }: CallGraph) {
    this.#byFile = Map.groupBy(functions, ({ file }) => file);
    this.#byName = Map.groupBy(functions, lastName);
  }

  /** The one whose text holds the place and that starts last; positions of tools differ by modifiers. */
  of({ file, span, name }: Subject): FunctionSymbol | undefined {
    const last = name?.split(/[.#]/).at(-1);
    const own = (this.#byFile.get(file) ?? []).filter(
      (one) => span !== null && one.line <= span.endLine && one.endLine >= span.line,
    );
    return own.find((one) => lastName(one) === last) ?? own[0];
  }

  /** Functions that a text names: those of its file, others where no second one has the name. */
  namedIn(text: string, file: string): FunctionSymbol[] {
    const words = new Set(text.match(/[\w$]+/g));
    return [...words].flatMap((word) => {
      const all = this.#byName.get(word) ?? [];
      const here = all.filter((one) => one.file === file);
      if (here.length > 0) return here;
      return all.length === 1 ? all : [];
    });
  }
}

function lastName({ id, file }: FunctionSymbol): string {
  return (
    id
      .slice(file.length + 1)
      .split(".")
      .at(-1) ?? ""
  );
}
