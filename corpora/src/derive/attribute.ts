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
/** A file in which more functions than this changed was not changed for one thing. */
const MOST_IN_FILE = 2;

/** What attributing knows beside the entries and what changed. */
export interface About {
  /** Names of the package itself, which stand before others without saying anything. */
  own: ReadonlySet<string>;
  /** All files that either version has, changed or not. */
  files: readonly string[];
  /** Last names of the functions of the older version. */
  before: ReadonlySet<string | null>;
}

/**
 * The rule, for each entry about code:
 *
 * 1. A name that no other entry about code of the release names is tied to the changed functions of that name; where
 *    something stands before the name (`Box.open`), to those within it or in a file or folder of that name. An entry that
 *    names changed functions which another one names as well is tied to none by name: what it names beside those may be
 *    there for comparison. Nor do names count that only the language calls (`__init__`), that methods of several classes
 *    have, or that the text calls built-in; a class stands for its constructor where that is new or gone, or the text
 *    calls it (`Box(`).
 * 2. Where no changed function has the name, and no file, it is tied to the functions that were there before and still are
 *    in which it stands more or less often than before, unless it is common, or another entry names something that has the
 *    same words and more (`limit`, `upperLimit`). In an entry that names changed functions only these count, what stands
 *    in them, and what stands in their class.
 * 3. An issue that no other entry names is tied to the changed functions whose text mentions it and did not before.
 * 4. Without any of these, a name is tied to the changed functions of the class of that name, unless its constructor is one
 *    of them and no new one; a name that the text calls a module or the like, to those in the file of that name, unless more
 *    than {@link MOST_IN_FILE} of its functions changed or the entry names a function that did not. None of it counts where
 *    another entry means any of them too, or their file.
 * 5. Without any of these, the only entry about code of a release is tied to the only function that it changed.
 *
 * An entry about annotations is tied to functions alone whose annotations differ, and one that mentions no types to those
 * alone that differ without them. What would tie more than {@link MOST_TIED} functions ties none. Entries without a tie are
 * dropped, with the reason.
 */
export function attribute(
  entries: readonly Entry[],
  changed: readonly FunctionChange[],
  about: About,
): { attributed: Attributed[]; dropped: string[] } {
  const dropped = entries.filter(({ isCode }) => !isCode).map(() => NOT_CODE);
  const code = entries
    .filter(({ isCode }) => isCode)
    .map((entry) => {
      const named = namedIn(entry.text);
      const identifiers = named.identifiers.filter((parts) => !about.own.has(lastOf(parts)));
      return { entry, named: { ...named, identifiers } };
    });
  const isTold = toldOnce(code.map(({ named }) => named));
  const read = code.map(({ entry, named }) => {
    const others = code
      .filter((other) => other.entry !== entry)
      .flatMap((other) => other.named.identifiers.map(lastOf));
    const asked = { text: entry.text, named, changed, fits: couldBeFor(entry.text), about };
    return {
      entry,
      strong: strongTies(asked, isTold, others),
      weak: weakTies(asked),
      isRepeated: named.identifiers.some((parts) => !isTold(lastOf(parts))),
      fits: asked.fits,
    };
  });
  const attributed = read.flatMap((one): Attributed[] => {
    const { entry, strong, weak, isRepeated, fits } = one;
    if (strong.must.size > 0) return [{ entry, must: inOrder(strong.must, changed), ties: strong.ties }];
    const others = read.filter((other) => other !== one);
    const isShared = others.some((other) =>
      [...weak.must].some((f) => other.strong.named.has(f) || other.weak.named.has(f)),
    );
    if (weak.must.size > 0 && !isShared && strong.refused !== SHARED)
      return [{ entry, must: inOrder(weak.must, changed), ties: weak.ties }];
    if (code.length === 1 && changed.length === 1 && changed.every(fits)) {
      return [{ entry, must: [...changed], ties: [{ by: "single", what: "" }] }];
    }
    const why = isShared || isRepeated ? SHARED : (strong.refused ?? weak.refused ?? UNTIED);
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
const DOUBTFUL = "what it names may have changed for something else";
const NOTHING = "no function changed";
const UNTIED = "nothing it names is tied to a function that changed";

/** One entry, and what it is held against. */
interface Asked {
  text: string;
  named: Named;
  changed: readonly FunctionChange[];
  /** Whether a function can have changed for what the entry says, as far as types go. */
  fits: (one: FunctionChange) => boolean;
  about: About;
}

/** What ties of one strength come to. */
interface Ties {
  must: Set<FunctionChange>;
  ties: Tie[];
  /** What was found, whether it is sure enough to be tied or not. */
  named: Set<FunctionChange>;
  /** Why something that was found ties nothing; null when nothing was. */
  refused: string | null;
}

/** By names, uses and issues that `isTold` says stand in no other entry; `others` are the last names of those. */
function strongTies(asked: Asked, isTold: (name: string) => boolean, others: readonly string[]): Ties {
  const { named, changed, fits, about } = asked;
  const found: Ties = { must: new Set(), ties: [], named: new Set(), refused: null };
  const stems = new Set(about.files.map(stemOf));
  const names = new Set(named.identifiers.map(lastOf).filter((name) => !IMPLICIT.test(name)));
  const namesakes = changed.filter(({ lastName }) => lastName !== null && names.has(lastName));
  const byName = namesakes.every(({ lastName }) => isTold(lastName ?? ""));
  for (const parts of named.identifiers.filter((one) => isTold(lastOf(one)))) {
    const last = lastOf(parts);
    const meant = isBuiltIn(asked, last) ? [] : meantBy(parts, asked);
    if (meant.length > 0) {
      if (byName) tie(found, meant, oneOwner(meant.filter(fits), parts, asked), { by: "name", what: parts.join(".") });
    } else if (!stems.has(last)) {
      const users = changed.filter(({ words }) => words.has(last));
      const sure = users.filter((one) => isKept(one) && fits(one) && isBeside(one, namesakes));
      if (!others.some((other) => hasWordsOf(last, other))) tie(found, users, sure, { by: "use", what: last });
      else if (users.length > 0) found.refused ??= SHARED;
    }
  }
  for (const number of named.issues.filter(isTold)) {
    const mentioning = changed.filter((one) => one.issues.has(number));
    tie(found, mentioning, mentioning.filter(fits), { by: "issue", what: `#${number}` });
  }
  return found;
}

/** What only the language calls. */
const IMPLICIT = /^__\w+__$/;

/** The changed functions that have a name, and stand where it says. */
function meantBy(parts: readonly string[], { changed, about }: Asked): FunctionChange[] {
  const last = lastOf(parts);
  const before = parts.slice(0, -1).findLast((part) => !about.own.has(part));
  return changed.filter(
    (one) => one.lastName === last && !IMPLICIT.test(last) && (before === undefined || isWithin(one, before)),
  );
}

/** Without constructors that nobody calls; nothing where a bare name may mean the methods of several classes. */
function oneOwner(
  meant: readonly FunctionChange[],
  parts: readonly string[],
  { text, about }: Asked,
): FunctionChange[] {
  const sure = meant.filter((one) => !isKeptConstructor(one) || text.includes(`${lastOf(parts)}(`));
  const owners = new Set(sure.filter(({ within }) => within.length > 0).map(({ within }) => within.join(".")));
  return owners.size > 1 && parts.every((part, at) => at === parts.length - 1 || about.own.has(part)) ? [] : sure;
}

function isKept({ before, after }: FunctionChange): boolean {
  return before !== null && after !== null;
}

function isKeptConstructor(one: FunctionChange): boolean {
  return isKept(one) && /\.(?:constructor|__init__|__new__)$/.test(one.name);
}

/** Whether a function is one of those that an entry names, stands in one, or beside one in its class; any where it names none. */
function isBeside(one: FunctionChange, namesakes: readonly FunctionChange[]): boolean {
  const classOf = ({ within }: FunctionChange): string => within.join(".");
  return (
    namesakes.length === 0 ||
    namesakes.some(
      (other) =>
        other === one ||
        (other.file === one.file &&
          // A CommonJS module that is one thing has the functions of its file within.
          (other.name === "module.exports" ||
            one.within.includes(other.lastName ?? "") ||
            (one.within.length > 0 && classOf(one) === classOf(other)))),
    )
  );
}

/** Whether all words of a name stand in another in their order: `limit` and `upperLimit`, but not `imit`. */
function hasWordsOf(name: string, other: string): boolean {
  const wordsOf = (one: string): string[] =>
    one.split(/_+|(?<=[a-z\d])(?=[A-Z])/).flatMap((word) => (word === "" ? [] : word.toLowerCase()));
  const left = wordsOf(other);
  return wordsOf(name).every((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(0, at + 1);
    return at >= 0;
  });
}

/** Whether a text calls a name built-in: somebody else's. */
function isBuiltIn({ text }: Asked, name: string): boolean {
  return [...text.matchAll(/`([\w$.]+)`{1,2}\s+(?:\w+\s+)?built-?ins?\b/gi)].some(([, built = ""]) => built === name);
}

function weakTies(asked: Asked): Ties {
  const { named, changed, fits, about } = asked;
  const found: Ties = { must: new Set(), ties: [], named: new Set(), refused: null };
  const names = named.identifiers.map(lastOf);
  const saidFiles = filesSaidIn(asked.text);
  // An entry that names a function which stayed as it was is not about what changed elsewhere in a file.
  const isElsewhere = names.some(
    (name) => !saidFiles.has(name) && about.before.has(name) && !changed.some(({ lastName }) => lastName === name),
  );
  const tieFile = (here: readonly FunctionChange[], what: string, isSaid: boolean): void => {
    const isSure = isSaid && !isElsewhere && here.length <= MOST_IN_FILE;
    tie(found, here, isSure ? here.filter(fits) : [], { by: "file", what });
  };
  for (const name of names) {
    const inClass = changed.filter(({ within }) => within.includes(name));
    // Where the constructor changed as well, it may as well be that.
    const sure = inClass.some(isKeptConstructor) ? [] : inClass.filter(fits);
    const inFile = changed.filter(({ file }) => stemOf(file) === name);
    if (inClass.length > 0) tie(found, inClass, sure, { by: "class", what: name });
    else tieFile(inFile, name, saidFiles.has(name));
  }
  for (const name of named.files) {
    const here = changed.filter(({ file }) => file === name || file.endsWith(`/${name}`));
    // Whoever writes the name of a file is seldom about one thing in it.
    tieFile(here, name, false);
  }
  return found;
}

/** Names that a text calls a module or the like, or begins with: "the `shelf` module", "`shelf`: one more board". */
function filesSaidIn(text: string): Set<string> {
  const said = [
    ...text.matchAll(/`([\w$.]+)`{1,2}\s+(?:modules?|files?|lexers?|styles?|formatters?|plugins?)\b/gi),
    ...text.matchAll(/^(?:\[[^\]]*\]\s*)*`{1,2}([\w$.]+)`{1,2}:/gm),
  ];
  return new Set(said.map(([, dotted = ""]) => lastOf(dotted.split("."))));
}

/** An entry about what only type checkers read, in words outside of code. */
const ABOUT_TYPES = /\btyp(?:e|ing)[ -](?:hint|check|signature)|\bannotations?\b|\btypings?\b/i;
const MENTIONS_TYPES = /\btyp(?:e[sd]?|ings?)\b|annotat|overload|generic|signature/i;

function couldBeFor(text: string): Asked["fits"] {
  const words = text.replaceAll(/(`{1,2})[^`]*\1/g, " ").replaceAll(/\s+/g, " ");
  if (ABOUT_TYPES.test(words)) return ({ typesDiffer }) => typesDiffer;
  return MENTIONS_TYPES.test(text) ? () => true : ({ codeDiffers }) => codeDiffers;
}

/** Ties those of what was found that are `sure`, unless they are too many. */
function tie(found: Ties, all: readonly FunctionChange[], sure: readonly FunctionChange[], how: Tie): void {
  if (all.length <= MOST_TIED) for (const one of all) found.named.add(one);
  if (sure.length > MOST_TIED) found.refused ??= VAGUE;
  else if (sure.length > 0) {
    for (const one of sure) found.must.add(one);
    found.ties.push(how);
  } else if (all.length > 0) found.refused ??= DOUBTFUL;
}

function isWithin({ within, file }: FunctionChange, name: string): boolean {
  return within.includes(name) || stemOf(file) === name || file.split("/").slice(0, -1).includes(name);
}

function inOrder(chosen: ReadonlySet<FunctionChange>, all: readonly FunctionChange[]): FunctionChange[] {
  return all.filter((one) => chosen.has(one));
}
