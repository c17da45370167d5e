/**
 * What functions of one role have in common, and which of them do otherwise: functions that are called alike, or that stand in files
 * of one name, mostly call the same thing; copies of one function mostly have the same shape. After "bugs as deviant behaviour"
 * (Engler et al. 2001) and CP-Miner (Li et al. 2004). Nothing is known but the call graph and the tokens of functions.
 */
import type { CallGraph, CallTarget, FunctionSymbol } from "./types.ts";

/** What most peers do. */
export interface Convention {
  /** `calls`: each calls a target; `shape`: each is a copy of the others but for names and numbers. */
  kind: "calls" | "shape";
  /** What is called: one function by its id, functions of one name, or any function of files of one name; null for a shape. */
  target: { level: "function" | "outside" | "name" | "file"; name: string } | null;
  /** Functions of the project that are called, by id; none for what lies outside. */
  called: string[];
  /** The call is the first that each makes. */
  isFirst: boolean;
  /** What the peers have in common, as a sentence. */
  peers: string;
  /** Ids of those that do so, at least {@link LEAST_SHARE} of all. */
  keep: string[];
  /** Ids of those that do otherwise; none where all agree. */
  deviate: string[];
}

/** Fewer functions are no habit. */
const LEAST_PEERS = 4;
/** What fewer do is no convention. */
const LEAST_SHARE = 0.7;
/** Tokens in which a copy may differ from the others. */
const MOST_TOKENS = 4;
/** Shorter functions are alike by chance. */
const LEAST_TOKENS = 12;

/** @param texts of the files, by path; what is absent has no shape. @returns those with deviants first, then by how many keep them */
export function findConventions(graph: CallGraph, texts: ReadonlyMap<string, string>): Convention[] {
  const functions = graph.functions.filter(({ kind }) => kind !== "implicit-constructor" && kind !== "static-block");
  const featuresOf = featuresByCaller(graph);
  const found = [...peerGroups(functions)].flatMap(([peers, group]) => habits(peers, group, featuresOf));
  const shapes = [...Map.groupBy(functions, ({ file }) => file)].flatMap(([file, group]) =>
    copies(group, texts.get(file) ?? ""),
  );
  return [...found, ...shapes].toSorted(
    (a, b) =>
      Number(b.deviate.length > 0) - Number(a.deviate.length > 0) ||
      b.keep.length - a.keep.length ||
      (a.peers < b.peers ? -1 : 1),
  );
}

/** Functions of one name, and those of files of one name whose own names begin with one word. */
function peerGroups(functions: readonly FunctionSymbol[]): Map<string, FunctionSymbol[]> {
  const named = functions.filter(({ name }) => /^[#\w$]+$/.test(name) && name !== "constructor");
  return new Map([
    ...Map.groupBy(named, ({ name }) => `functions called ${name}`),
    ...Map.groupBy(named, ({ file, name }) => `functions called ${wordsOf(name)[0]}… in files called ${stemOf(file)}`),
  ]);
}

interface Feature {
  key: string;
  target: NonNullable<Convention["target"]>;
  called: string | null;
  isFirst: boolean;
}

/** What each function calls, at each level, in the order of the text. */
function featuresByCaller({ functions, callSites }: CallGraph): Map<string, Map<string, Feature>> {
  const byId = new Map(functions.map((symbol) => [symbol.id, symbol]));
  const features = new Map<string, Map<string, Feature>>();
  for (const site of callSites) {
    const own = features.get(site.caller) ?? new Map<string, Feature>();
    features.set(site.caller, own);
    const isFirst = own.size === 0;
    for (const feature of committed(site.targets).flatMap((target) => featuresOf(target, byId))) {
      if (!own.has(feature.key)) own.set(feature.key, feature);
      if (isFirst) own.set(`first ${feature.key}`, { ...feature, key: `first ${feature.key}`, isFirst });
    }
  }
  return features;
}

function featuresOf({ id, external }: CallTarget, byId: ReadonlyMap<string, FunctionSymbol>): Feature[] {
  const of = (level: Feature["target"]["level"], name: string): Feature => {
    return { key: `${level} ${name}`, target: { level, name }, called: id ?? null, isFirst: false };
  };
  const symbol = id === undefined ? undefined : byId.get(id);
  if (symbol === undefined) return external === undefined ? [] : [of("outside", external)];
  return [of("function", symbol.id), of("name", symbol.name), of("file", stemOf(symbol.file))];
}

/** What is at least as likely as not, else the likeliest. */
function committed(targets: readonly CallTarget[]): readonly CallTarget[] {
  const likely = targets.filter(({ probability }) => probability >= 0.5);
  return likely.length > 0 ? likely : targets.slice(0, 1);
}

/** What most functions of a group call. */
function habits(
  peers: string,
  group: readonly FunctionSymbol[],
  featuresOfCaller: ReadonlyMap<string, ReadonlyMap<string, Feature>>,
): Convention[] {
  if (group.length < LEAST_PEERS) return [];
  const known = new Map<string, { feature: Feature; keep: string[]; called: Set<string> }>();
  for (const { id } of group) {
    for (const feature of featuresOfCaller.get(id)?.values() ?? []) {
      const entry = known.get(feature.key) ?? { feature, keep: [], called: new Set<string>() };
      known.set(feature.key, entry);
      entry.keep.push(id);
      if (feature.called !== null) entry.called.add(feature.called);
    }
  }
  return [...known.values()]
    .filter(({ keep }) => keep.length >= LEAST_PEERS - 1 && keep.length >= LEAST_SHARE * group.length)
    .map(({ feature: { target, isFirst }, keep, called }): Convention => {
      const keeping = new Set(keep);
      const deviate = group.flatMap(({ id }) => (keeping.has(id) ? [] : [id]));
      return { kind: "calls", target, called: [...called], isFirst, peers, keep, deviate };
    });
}

/** Functions of one file that are copies of each other, with those that differ from the shape of most by a few tokens. */
function copies(group: readonly FunctionSymbol[], text: string): Convention[] {
  if (group.length < LEAST_PEERS || text === "") return [];
  const lines = text.split(/\r\n|\n|\r/);
  const shaped = group.map(({ id, line, endLine, file }) => {
    return { id, shape: shapeOf(lines.slice(line - 1, endLine).join("\n"), file.endsWith(".py")) };
  });
  const byShape = Map.groupBy(
    shaped.filter(({ shape }) => shape.length >= LEAST_TOKENS),
    ({ shape }) => shape.join(" "),
  );
  return [...byShape.values()].flatMap((same): Convention[] => {
    const shape = same[0]?.shape ?? [];
    const near = shaped.filter((one) => {
      const differing = one.shape.length === shape.length ? one.shape.filter((token, i) => token !== shape[i]) : null;
      return differing !== null && differing.length > 0 && differing.length <= MOST_TOKENS;
    });
    const all = same.length + near.length;
    if (all < LEAST_PEERS || same.length < LEAST_SHARE * all) return [];
    const [keep, deviate] = [same, near].map((some) => some.map(({ id }) => id)) as [string[], string[]];
    const peers = `copies in ${group[0]?.file ?? ""}`;
    return [{ kind: "shape", target: null, called: [], isFirst: false, peers, keep, deviate }];
  });
}

const TOKEN =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\d[\w.]*|[\p{L}_$][\p{L}\p{N}_$]*|[<>=!&|+*/%^?.-]+|\S/gu;
const KEYWORDS = new Set(
  "if else elif for while return and or not in is await async yield throw raise new try except catch finally break continue".split(
    " ",
  ),
);

/** Tokens of a text with names numbered by where they come first, and all numbers alike, as all texts. */
function shapeOf(text: string, isPython: boolean): string[] {
  const code = text.replaceAll(isPython ? /#.*$/gm : /\/\/.*$|\/\*[^]*?\*\//gm, "");
  const names = new Map<string, string>();
  return [...code.matchAll(TOKEN)].map(([token]) => {
    if (/^["'`]/.test(token)) return "text";
    if (/^\d/.test(token)) return "number";
    if (!/^[\p{L}_$]/u.test(token) || KEYWORDS.has(token)) return token;
    const known = names.get(token) ?? `name${names.size}`;
    names.set(token, known);
    return known;
  });
}

/** The words of a name, small: `addHandler`, `add_handler` are "add" and "handler". */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** The name of a file without folder and ending. */
function stemOf(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const [stem = name] = name.split(".");
  return stem;
}
