/** Which functions differ between two versions of some files. Pure. */
import type { ChangedFunction } from "../truth/change-schema.ts";
import type { OwnFunction, ReadFunctions } from "./functions.ts";

/** A function that is not as it was, and by what words it may be known. */
export interface FunctionChange extends ChangedFunction {
  /** Its name alone, without what it stands in; null when it has none that could be searched for. */
  lastName: string | null;
  /** What it stands in, outermost first: names of classes and functions. */
  within: string[];
  /** Identifiers that stand in it more or less often than before, save those that stand in many functions. */
  words: Set<string>;
  /** Issues that its text mentions and did not before. */
  issues: Set<string>;
  /** Whether it says something else without its annotations, and whether these say something else: both of one that is new or gone. */
  codeDiffers: boolean;
  typesDiffer: boolean;
}

/**
 * Functions that are new, gone, or say something else than before, in the order of the newer files. Told apart by file,
 * qualified name and, where several share both, their order. One that is gone and stands in another file under the same
 * last name, saying the same, was moved and did not change. Files that could not be read in one version say nothing.
 */
export function compareFunctions(before: ReadFunctions, after: ReadFunctions): FunctionChange[] {
  const common = commonWords(before, after);
  const unread = new Set([...before.unreadable, ...after.unreadable]);
  const [old, now] = [before, after].map(({ functions }) => byKey(functions.filter(({ file }) => !unread.has(file))));
  if (old === undefined || now === undefined) return [];
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, one]) => one);
  const fresh = [...now].filter(([key]) => !old.has(key)).map(([, one]) => one);
  const moved = movedBetween(gone, fresh);
  const found: FunctionChange[] = [];
  for (const [key, one] of now) {
    const known = old.get(key) ?? null;
    if (known?.digest !== one.digest && !moved.has(one)) found.push(describe(known, one, common));
  }
  for (const one of gone) if (!moved.has(one)) found.push(describe(one, null, common));
  return found;
}

/** A word that stands in more functions of a version than this says little about any of them. */
const MOST_USERS = 12;

function commonWords(...versions: readonly ReadFunctions[]): Set<string> {
  const common = new Set<string>();
  for (const { functions } of versions) {
    const users = new Map<string, number>();
    for (const [word] of functions.flatMap(({ words }) => words)) {
      users.set(word, (users.get(word) ?? 0) + 1);
      if ((users.get(word) ?? 0) > MOST_USERS) common.add(word);
    }
  }
  return common;
}

function byKey(functions: readonly OwnFunction[]): Map<string, OwnFunction> {
  const seen = new Map<string, number>();
  return new Map(
    functions.map((one) => {
      const place = JSON.stringify([one.file, one.name]);
      const number = seen.get(place) ?? 0;
      seen.set(place, number + 1);
      return [`${place} ${number}`, one];
    }),
  );
}

function movedBetween(gone: readonly OwnFunction[], fresh: readonly OwnFunction[]): Set<OwnFunction> {
  const identity = (one: OwnFunction): string => `${one.digest} ${lastNameOf(one)}`;
  const waiting = Map.groupBy(gone, identity);
  const moved = new Set<OwnFunction>();
  for (const one of fresh) {
    const from = waiting.get(identity(one))?.shift();
    if (from !== undefined) moved.add(one).add(from);
  }
  return moved;
}

function describe(before: OwnFunction | null, after: OwnFunction | null, common: ReadonlySet<string>): FunctionChange {
  const one = after ?? before;
  if (one === null) throw new TypeError("a change has at least one side");
  const [old, now] = [new Map(before?.words), new Map(after?.words)];
  const known = new Set(before?.issues);
  const isKept = before !== null && after !== null;
  return {
    file: one.file,
    name: one.name,
    before: before?.id ?? null,
    after: after?.id ?? null,
    lastName: lastNameOf(one),
    within: one.name.split(/[.#]/).slice(0, -1),
    words: new Set(
      [...old.keys(), ...now.keys()].filter((word) => old.get(word) !== now.get(word) && !common.has(word)),
    ),
    issues: new Set((after?.issues ?? []).filter((number) => !known.has(number))),
    codeDiffers: !isKept || before.code !== after.code,
    typesDiffer: !isKept || before.types !== after.types,
  };
}

/**
 * The name that people use for a function: the last part of its own, that of its class for a constructor, and that of its
 * file (of its folder, if the file is an index) for the one thing that a CommonJS module is.
 */
export function lastNameOf({ file, name }: Pick<OwnFunction, "file" | "name">): string | null {
  if (name === "module.exports") return stemOf(file);
  const parts = name.replace(/\.(?:constructor|__init__|__new__)$/, "").split(/[.#]/);
  return /[\w$]+$/.exec(parts.at(-1) ?? "")?.[0] ?? null;
}

/** The name of a file without folder and ending; of an index, the name of its folder. */
export function stemOf(file: string): string {
  const parts = file.split("/");
  const stem = (parts.at(-1) ?? "").replace(/\.[^.]+$/, "");
  return ["index", "__init__", "mod"].includes(stem) ? (parts.at(-2) ?? stem) : stem;
}
