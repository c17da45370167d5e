/** Which of the functions that a release changed belong to which entry of its changelog. Pure. */
import type { Tie } from "../truth/change-schema.ts";
import { type Entry, type Named, namedIn } from "./changelog.ts";
import { type FunctionChange, stemOf } from "./changes.ts";

/** An entry and the functions that were certainly changed for it. */
export interface Attributed {
  entry: Entry;
  must: FunctionChange[];
  ties: Tie[];
}

/** What ties more functions than this together is too common to tell anything. */
export const MOST_TIED = 8;

/**
 * The rule, for each entry about code:
 *
 * 1. A name that no other entry about code of the release names is tied to the changed functions of that name, constructors
 *    by their class; where something stands before the name (`Box.open`), to those within it or in a file or folder of that
 *    name. An entry that names changed functions which another one names as well is tied to none by name: what it names
 *    beside those may be there for comparison. Nor do names count that only the language calls (`__init__`). Where no
 *    changed function has the name, and no file, it is tied to the changed functions in which it stands more or less often
 *    than before, unless it is common; to new functions only where it is no function that was there before.
 * 2. An issue that no other entry names is tied to the changed functions whose text mentions it and did not before.
 * 3. Without any of these, a name is tied to the changed functions of the class of that name, else (as the name of a file is)
 *    to those in the file of that name, unless another entry is tied to any of them too.
 * 4. Without any of these, the only entry about code of a release is tied to the only function that it changed.
 *
 * What would tie more than {@link MOST_TIED} functions ties none. Entries without a tie are dropped, with the reason.
 *
 * @param about `own`: names of the package itself, which stand before others without saying anything; `files`: all that
 *   either version has, changed or not; `before`: last names of the functions of the older version
 */
export function attribute(
  entries: readonly Entry[],
  changed: readonly FunctionChange[],
  about: { own: ReadonlySet<string>; files: readonly string[]; before: ReadonlySet<string | null> },
): { attributed: Attributed[]; dropped: string[] } {
  const code = entries.filter(({ isCode }) => isCode).map((entry) => ({ entry, named: namedIn(entry.text) }));
  const dropped = entries.filter(({ isCode }) => !isCode).map(() => NOT_CODE);
  const isTold = toldOnce(code.map(({ named }) => named));
  const stems = new Set(about.files.map(stemOf));
  const read = code.map(({ entry, named }) => {
    const identifiers = named.identifiers.filter((parts) => !about.own.has(lastOf(parts)));
    const told = {
      identifiers: identifiers.filter((parts) => isTold(lastOf(parts))),
      issues: named.issues.filter(isTold),
    };
    const repeated = identifiers.filter((parts) => !isTold(lastOf(parts)));
    const byName = !repeated.some((parts) => changed.some(({ lastName }) => lastName === lastOf(parts)));
    return {
      entry,
      strong: strongTies(told, changed, { ...about, stems, byName }),
      weak: weakTies(identifiers.map(lastOf), named.files, changed),
      isRepeated: repeated.length > 0,
    };
  });
  const attributed = read.flatMap((one): Attributed[] => {
    const { entry, strong, weak, isRepeated } = one;
    if (strong.must.size > 0) return [{ entry, must: inOrder(strong.must, changed), ties: strong.ties }];
    const others = read.filter((other) => other !== one);
    const isShared = others.some((other) =>
      [...weak.must].some((f) => other.strong.must.has(f) || other.weak.must.has(f)),
    );
    if (weak.must.size > 0 && !isShared) return [{ entry, must: inOrder(weak.must, changed), ties: weak.ties }];
    if (code.length === 1 && changed.length === 1) {
      return [{ entry, must: [...changed], ties: [{ by: "single", what: "" }] }];
    }
    const why = isShared || isRepeated ? SHARED : strong.isVague || weak.isVague ? VAGUE : UNTIED;
    dropped.push(changed.length === 0 ? NOTHING : why);
    return [];
  });
  return { attributed, dropped };
}

/** Whether a name or the number of an issue stands in one entry alone. */
function toldOnce(all: readonly Named[]): (name: string) => boolean {
  const times = new Map<string, number>();
  for (const { identifiers, issues } of all) {
    for (const name of new Set([...identifiers.map(lastOf), ...issues])) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return (name) => times.get(name) === 1;
}

function lastOf(parts: readonly string[]): string {
  return parts.at(-1) ?? "";
}

const NOT_CODE = "it says that it is not about code";
const SHARED = "another entry of the release names the same";
const VAGUE = "what it names ties too many functions";
const NOTHING = "no function changed";
const UNTIED = "nothing it names is tied to a function that changed";

interface Ties {
  must: Set<FunctionChange>;
  ties: Tie[];
  /** Something would have tied too many. */
  isVague: boolean;
}

function strongTies(
  { identifiers, issues }: Pick<Named, "identifiers" | "issues">,
  changed: readonly FunctionChange[],
  about: { own: ReadonlySet<string>; before: ReadonlySet<string | null>; stems: ReadonlySet<string>; byName: boolean },
): Ties {
  const found: Ties = { must: new Set(), ties: [], isVague: false };
  const { own, stems, byName } = about;
  for (const parts of identifiers) {
    const last = lastOf(parts);
    const before = parts.slice(0, -1).findLast((part) => !own.has(part));
    const named = changed.filter(
      (one) => one.lastName === last && !/^__\w+__$/.test(last) && (before === undefined || isWithin(one, before)),
    );
    const isOld = about.before.has(last);
    const users = changed.filter(({ words, before: old }) => words.has(last) && (old !== null || !isOld));
    if (named.length === 0) tie(found, stems.has(last) ? [] : users, { by: "use", what: last });
    else if (byName) tie(found, named, { by: "name", what: parts.join(".") });
  }
  for (const number of issues) {
    const mentioning = changed.filter((one) => one.issues.has(number));
    tie(found, mentioning, { by: "issue", what: `#${number}` });
  }
  return found;
}

function weakTies(names: readonly string[], files: readonly string[], changed: readonly FunctionChange[]): Ties {
  const found: Ties = { must: new Set(), ties: [], isVague: false };
  for (const name of names) {
    const inClass = changed.filter(({ within }) => within.includes(name));
    const inFile = changed.filter(({ file }) => stemOf(file) === name);
    if (inClass.length > 0) tie(found, inClass, { by: "class", what: name });
    else tie(found, inFile, { by: "file", what: name });
  }
  for (const name of files) {
    const here = changed.filter(({ file }) => file === name || file.endsWith(`/${name}`));
    tie(found, here, { by: "file", what: name });
  }
  return found;
}

function tie(found: Ties, functions: readonly FunctionChange[], how: Tie): void {
  if (functions.length > MOST_TIED) found.isVague = true;
  else if (functions.length > 0) {
    for (const one of functions) found.must.add(one);
    found.ties.push(how);
  }
}

function isWithin({ within, file }: FunctionChange, name: string): boolean {
  return within.includes(name) || stemOf(file) === name || file.split("/").slice(0, -1).includes(name);
}

function inOrder(chosen: ReadonlySet<FunctionChange>, all: readonly FunctionChange[]): FunctionChange[] {
  return all.filter((one) => chosen.has(one));
}
