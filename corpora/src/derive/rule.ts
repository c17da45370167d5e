/**
 * Ground truth about the rules that a repository enforces: changes are put to the checkers that it chose, as it configured
 * them, in a scratch copy within a sandbox; what they say is the truth.
 */
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { withTemporaryFolder } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import type { RuleItem, RuleOracle, RulePair, RuleTruth } from "../truth/rule-schema.ts";
import { inRandomOrder } from "../truth/sample.ts";
import { truthHead } from "../truth/head.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import { listFiles } from "../tree.ts";
import { cacheDirOf, type DeriveOptions, inputsOf } from "./call-graph.ts";
import type { Recheck, RecheckOptions } from "./recheck.ts";
import { counted } from "./release-diff.ts";
import { askAgain, askEverywhere, REPEATS } from "./rule/append.ts";
import type { Checker } from "./rule/checker.ts";
import { drawItems } from "./rule/draw.ts";
import { drawReached, NODE, reachedAgain, resolveFromOutside, restrictedPackage, specifiersOf } from "./rule/reach.ts";
import { findRuff } from "./rule/ruff.ts";
import { findSandbox, type Sandbox } from "./sandbox.ts";
import { OWN_FOLDER } from "./sandbox/own-folder.ts";

/** Grows with every change of what becomes an item, and of what it says. */
export const RULE_VERSION = "1";
const SEED = 1;

/** Every checker that may have been chosen. */
const CHECKERS = [findRuff];

/**
 * @throws CorpusError `CORPUS_TRUTH` when the corpus enforces nothing that can be asked about here, a checker does not
 *   come to its end, or there is no sandbox; else as fetching
 */
export async function deriveRules(fetched: FetchedCorpus, options: DeriveOptions = {}): Promise<RuleTruth> {
  const { spec } = fetched;
  const place = await placeOf(fetched, options);
  const found: Found[] = [];
  for (const one of place.chosen) found.push(await one.ask());
  return {
    ...truthHead(spec, place.inputsSha256),
    command: `npm run --silent corpora -- derive ${spec.id} --kind rule`,
    oracles: found.map(({ oracle }) => oracle),
    items: found.flatMap(({ items }) => items),
    pairs: found.flatMap(({ pairs }) => pairs),
  };
}

interface Found {
  oracle: RuleOracle;
  items: RuleItem[];
  pairs: RulePair[];
}

/** A checker that the corpus chose. */
interface Chosen {
  name: string;
  ask: () => Promise<Found>;
  /** Asks again about items, no two of them about one file. @returns what differs, in a line each */
  again: (items: readonly RuleItem[]) => Promise<string[]>;
}

interface Place {
  fetched: FetchedCorpus;
  all: string[];
  inputsSha256: string;
  sandbox: Sandbox;
  cacheDir: string;
  chosen: Chosen[];
}

async function placeOf(fetched: FetchedCorpus, options: DeriveOptions): Promise<Place> {
  const { spec, root } = fetched;
  const sandbox = await findSandbox(undefined, { unsafe: options.unsafe === true });
  if (sandbox === null) {
    throw new CorpusError("CORPUS_TRUTH", "neither bwrap nor unshare works on this computer", {
      hint: "A corpus's checkers run in a sandbox only, or with --unsafe.",
    });
  }
  const all = await listFiles(root);
  const { inputsSha256 } = await inputsOf(fetched);
  const place: Place = { fetched, all, inputsSha256, sandbox, cacheDir: cacheDirOf(options), chosen: [] };
  for (const find of CHECKERS) {
    const checker = await find(fetched, all, options);
    if (checker !== null) place.chosen.push(linting(checker, place));
  }
  const restricted = await restrictedPackage(fetched);
  if (restricted !== null) place.chosen.push(resolving(restricted, place));
  if (place.chosen.length === 0)
    throw new CorpusError("CORPUS_TRUTH", `${spec.id} has no rules that can be put to a checker of its own here`);
  return place;
}

function linting(checker: Checker, place: Place): Chosen {
  const { fetched, all, sandbox } = place;
  const { name, version, sharesCodeWith, declaredIn } = checker;
  return {
    name,
    ask: async () => {
      const { asked, dropped } = await withCopy(place, "", async (folder) =>
        askEverywhere(checker, all, { root: fetched.root, folder, sandbox }, { seed: SEED }),
      );
      const about = oracleOf({ name, version, sharesCodeWith, declaredIn });
      const said = countedOf(asked.map(({ item }) => item));
      return { oracle: { ...about, asked: said, dropped: counted(dropped) }, ...drawItems(asked, SEED) };
    },
    again: async (items) =>
      withCopy(place, "", async (folder) => askAgain(checker, items, { root: fetched.root, folder, sandbox })),
  };
}

function resolving(restricted: { name: string; named: string[] }, place: Place): Chosen {
  const { name } = restricted;
  const { all, sandbox } = place;
  const inFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> =>
    withCopy(place, `node_modules/${name}`, use);
  return {
    name: NODE,
    ask: async () => {
      const specifiers = specifiersOf(restricted, all);
      const asked = await inFolder(async (folder) => {
        const runs: RuleItem[][] = [];
        for (let repeat = 0; repeat < REPEATS; repeat += 1)
          runs.push(await resolveFromOutside(specifiers, { folder, sandbox }));
        const [first = [], ...others] = runs;
        if (others.some((one) => JSON.stringify(one) !== JSON.stringify(first)))
          throw new CorpusError("CORPUS_TRUTH", `Node says different things about ${name}`);
        return first;
      });
      const about = oracleOf({
        name: NODE,
        version: process.versions.node.split(".")[0] ?? "",
        sharesCodeWith: ["node"],
        declaredIn: ["package.json"],
      });
      const nothing = 2 * specifiers.length - asked.length;
      const dropped = nothing === 0 ? [] : [{ reason: "there is no file of this name", number: nothing }];
      return { oracle: { ...about, asked: countedOf(asked), dropped }, ...drawReached(asked, SEED) };
    },
    again: async (items) => inFolder(async (folder) => reachedAgain(items, { folder, sandbox })),
  };
}

function oracleOf(
  about: Pick<RuleOracle, "name" | "version" | "sharesCodeWith" | "declaredIn">,
): Omit<RuleOracle, "asked" | "dropped"> {
  return { kind: "rule", ...about, version: `${RULE_VERSION}, ${about.version}`, repeats: REPEATS };
}

function countedOf(items: readonly RuleItem[]): RuleOracle["asked"] {
  const violates = items.filter(({ verdict }) => verdict === "violates").length;
  return { violates, allowed: items.length - violates };
}

/** Gives `use` a scratch folder that holds the corpus, at `where` in it. */
async function withCopy<T>(
  { fetched, cacheDir }: Place,
  where: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(path.join(cacheDir, "scratch"), fetched.spec.id, async (folder) => {
    const inside = path.join(folder, where);
    await mkdir(path.dirname(inside), { recursive: true });
    await cp(fetched.root, inside, { recursive: true, verbatimSymlinks: true });
    await mkdir(path.join(folder, OWN_FOLDER), { recursive: true });
    return use(folder);
  });
}

// --- again -----------------------------------------------------------------------------------------------------------

/** Items of each checker that are put to it again. */
const AGAIN = 24;

/** Puts some random items, no two about one file, to their checkers again: once, and everything must be as stored. */
export async function recheckRules(
  fetched: FetchedCorpus,
  truth: RuleTruth,
  options: RecheckOptions,
): Promise<Recheck> {
  const place = await placeOf(fetched, options);
  const about = { corpus: truth.corpus, oracle: "rule" as const, notRun: null };
  if (truth.inputsSha256 !== place.inputsSha256 || truth.manifestSha256 !== truthManifestSha256(fetched.spec)) {
    return { ...about, items: 0, differing: ["it is about other files or another manifest"] };
  }
  const shuffled = inRandomOrder(truth.items, options.seed);
  let items = 0;
  const differing: string[] = [];
  for (const { name } of truth.oracles) {
    const byPlace = new Map(shuffled.filter(({ by }) => by === name).map((item) => [whereOf(item), item]));
    const drawn = [...byPlace.values()].slice(0, AGAIN);
    const chosen = place.chosen.find((one) => one.name === name);
    items += drawn.length;
    differing.push(...((await chosen?.again(drawn)) ?? [`${name} is no checker of the corpus any more`]));
  }
  return { ...about, items, differing };
}

function whereOf({ id, proposal }: RuleItem): string {
  return proposal.kind === "append" ? proposal.file : id;
}
