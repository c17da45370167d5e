/** Which names change, and to what: names of one scope each by itself, names that files share all alike. */
import type { Dice } from "../generate/module-builder.ts";
import { composedName, meaninglessName, partsOf, shuffled, styleOf } from "./new-names.ts";
import type { NameUse, ProjectNames, SourceNames } from "./names.ts";

/** Why a name stays. */
export const LEFT_REASONS = {
  library: "the language or its libraries have it, too",
  text: "it stands in a text, a file of settings, an import from outside or where nothing binds it",
  reflection: "a file that asks for names while it runs has it",
  elsewhere: "nothing but tests defines it, if anything does: it may belong to what these use",
  convention: "the language calls it so",
  taken: "no other name of its length is free",
} as const;
export type LeftReason = keyof typeof LEFT_REASONS;

/** Which names are new. */
export interface ChosenNames {
  /** Of members, exports and keyword arguments, in all files alike. */
  shared: ReadonlyMap<string, string>;
  /** By file, and there by the number of the binding. */
  bindings: ReadonlyMap<string, ReadonlyMap<number, string>>;
  /** Names that stay, each word and each binding once. */
  left: Record<LeftReason, number>;
}

interface ChoiceOptions {
  isMisleading: boolean;
  elsewhere: ReadonlySet<string>;
  own: ReadonlySet<string>;
  dice: Dice;
}

/** Names that are arguments of every method by convention, or belong to the syntax of a module. */
const CONVENTIONAL = new Set(["self", "cls", "_", "arguments", "undefined"]);

/**
 * @param isMisleading names are taken from each other, among those that can be called or those that cannot; else they mean nothing
 * @param elsewhere words of files that are not read as sources
 * @param own files of the project itself: what only others define may be named after something outside
 */
export function chooseNames(project: ProjectNames, options: ChoiceOptions): ChosenNames {
  const chooser = new Chooser(project, options);
  return chooser.choose();
}

class Chooser {
  readonly #project: ProjectNames;
  readonly #isMisleading: boolean;
  readonly #dice: Dice;
  readonly #kept: Set<string>;
  readonly #reflecting: ReadonlySet<string>;
  readonly #defined: ReadonlySet<string>;
  readonly #callable: ReadonlySet<string>;
  readonly #everywhere: ReadonlySet<string>;
  readonly #left = new Map<string, LeftReason>();
  readonly #shared = new Map<string, string>();
  readonly #bindings = new Map<string, Map<number, string>>();
  /** Real names that can stand for one of a kind and style. */
  #real: ReadonlyMap<string, readonly string[]> = new Map();
  /** The words of these, by their length. */
  #words: ReadonlyMap<number, readonly string[]> = new Map();

  constructor(project: ProjectNames, { isMisleading, elsewhere, own, dice }: ChoiceOptions) {
    const { files } = project;
    this.#project = project;
    this.#isMisleading = isMisleading;
    this.#dice = dice;
    this.#kept = new Set([...elsewhere, ...files.flatMap(({ kept }) => [...kept])]);
    this.#reflecting = new Set(files.flatMap((file) => (file.reflects === null ? [] : sharedIn(file))));
    this.#defined = new Set(
      files
        .filter(({ file }) => own.has(file))
        .flatMap(({ uses }) => uses.flatMap(({ defines, name }) => (defines ? [name] : []))),
    );
    this.#callable = new Set(files.flatMap(callableIn));
    this.#everywhere = new Set(files.flatMap(({ uses }) => uses.map(({ name }) => name)));
  }

  choose(): ChosenNames {
    const { files } = this.#project;
    const words = [...new Set(files.flatMap(sharedIn))].sort();
    this.#real = this.#realNames();
    const parts = new Set([...this.#real.values()].flat().flatMap(partsOf));
    this.#words = Map.groupBy([...parts].filter(({ length }) => length > 1).sort(), ({ length }) => length);
    this.#chooseShared(words.filter((word) => this.#mayChange(word)));
    for (const file of files) this.#chooseBindings(file);
    for (const file of files) this.#undoCaptured(file);
    const left: Record<LeftReason, number> = {
      library: 0,
      text: 0,
      reflection: 0,
      elsewhere: 0,
      convention: 0,
      taken: 0,
    };
    for (const reason of this.#left.values()) left[reason] += 1;
    return { shared: this.#shared, bindings: this.#bindings, left };
  }

  #mayChange(word: string): boolean {
    const bare = word.replace("#", "");
    const reason = this.#reasonFor(word, bare);
    if (reason !== null) this.#left.set(word, reason);
    return reason === null;
  }

  #reasonFor(word: string, bare: string): LeftReason | null {
    if (CONVENTIONAL.has(word) || /^__.*__$/.test(word)) return "convention";
    if (this.#project.library.has(bare)) return "library";
    if (this.#kept.has(bare) || this.#isPutTogether(bare)) return "text";
    if (this.#reflecting.has(word)) return "reflection";
    return this.#defined.has(word) ? null : "elsewhere";
  }

  /** `this["visit" + kind]()` */
  #isPutTogether(word: string): boolean {
    return Array.from(word, (_, at) => at).some(
      (at) => at > 0 && this.#kept.has(word.slice(0, at)) && this.#kept.has(word.slice(at)),
    );
  }

  /** One name for another, so that no two become one. */
  #chooseShared(words: readonly string[]): void {
    const groups = Map.groupBy(words, (word) => (this.#isMisleading ? this.#kindOf(word) : word));
    for (const own of groups.values()) {
      const order = shuffled(own, this.#dice);
      order.forEach((word, index) => {
        const next = order[(index + 1) % order.length] as string;
        if (next === word) this.#invent(word);
        else this.#shared.set(word, next);
      });
    }
  }

  #invent(word: string): void {
    const used = new Set(this.#shared.values());
    const isTaken = (name: string): boolean =>
      used.has(name) || this.#everywhere.has(name) || this.#kept.has(name) || this.#project.library.has(name);
    const made = this.#newName(word, isTaken);
    if (made === null) this.#left.set(word, "taken");
    else this.#shared.set(word, made);
  }

  #kindOf(word: string): string {
    return `${this.#callable.has(word) ? "called" : "read"} ${styleOf(word)}`;
  }

  #realNames(): Map<string, string[]> {
    const names = [...this.#everywhere].filter(
      (name) => !CONVENTIONAL.has(name) && !name.startsWith("#") && !this.#project.library.has(name),
    );
    return Map.groupBy(names.sort(), (name) => this.#kindOf(name));
  }

  #chooseBindings({ file, uses, bindings, reflects }: SourceNames): void {
    const chosen = new Map<number, string>();
    this.#bindings.set(file, chosen);
    const names = namesOf(uses);
    for (const [number, name] of names) {
      const binding = bindings[number] as SourceNames["bindings"][number];
      const label = `${file} ${number}`;
      if (reflects !== null) this.#left.set(label, "reflection");
      else if (CONVENTIONAL.has(name)) this.#left.set(label, "convention");
      else if (binding.mayBeAsked && this.#kept.has(name)) this.#left.set(label, "text");
      else {
        const within = uses.filter((use) => use.inScope && isIn(use, binding.extent) && use.of !== number);
        const taken = new Set(within.flatMap((use) => [use.name, this.#now(file, use)]));
        const made = this.#nameFor(name, (one) => taken.has(one));
        if (made === null) this.#left.set(label, "taken");
        else chosen.set(number, made);
      }
    }
  }

  #nameFor(name: string, isTaken: (name: string) => boolean): string | null {
    const isUnfit = (one: string): boolean => one === name || isTaken(one);
    if (this.#isMisleading) {
      const real = shuffled(this.#real.get(this.#kindOf(name)) ?? [], this.#dice).find((one) => !isUnfit(one));
      if (real !== undefined) return real;
    }
    return this.#newName(name, (one) => isUnfit(one) || this.#project.library.has(one));
  }

  /** One that nothing has yet. */
  #newName(name: string, isTaken: (name: string) => boolean): string | null {
    const composed = this.#isMisleading ? composedName(name, this.#words, this.#dice, isTaken) : null;
    return composed ?? meaninglessName(name, this.#dice, isTaken);
  }

  #now(file: string, { of, name }: NameUse): string {
    if (of === "free") return name;
    return (of === "shared" ? this.#shared.get(name) : this.#bindings.get(file)?.get(of)) ?? name;
  }

  /** A shared name that would mean a binding of this file keeps what it was called, in all files, and so does the one that took its name. */
  #undoCaptured({ file, uses, bindings }: SourceNames): void {
    for (const [number, name] of namesOf(uses)) {
      const binding = bindings[number] as SourceNames["bindings"][number];
      const now = this.#bindings.get(file)?.get(number) ?? name;
      for (const use of uses) {
        const isOther = use.of !== number && use.inScope && use.name !== name && isIn(use, binding.extent);
        if (isOther && use.of === "shared" && this.#now(file, use) === now) this.#keep(use.name);
      }
    }
  }

  #keep(word: string): void {
    const cycle = new Set<string>();
    for (let at: string | undefined = word; at !== undefined && !cycle.has(at); at = this.#shared.get(at))
      cycle.add(at);
    for (const one of cycle) {
      this.#shared.delete(one);
      this.#left.set(one, "taken");
    }
  }
}

function sharedIn({ uses }: SourceNames): string[] {
  return uses.flatMap(({ of, name }) => (of === "shared" ? [name] : []));
}

/** Names behind which a parenthesis stands somewhere. */
function callableIn({ text, uses }: SourceNames): string[] {
  return uses.flatMap(({ end, name }) => (/^\s{0,4}\(/.test(text.slice(end, end + 5)) ? [name] : []));
}

function namesOf(uses: readonly NameUse[]): Map<number, string> {
  return new Map(uses.flatMap(({ of, name }) => (typeof of === "number" ? [[of, name] as const] : [])));
}

function isIn(use: NameUse, extent: { start: number; end: number }): boolean {
  return use.start >= extent.start && use.end <= extent.end;
}
