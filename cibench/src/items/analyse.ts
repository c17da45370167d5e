/** Classical item analysis over the tools of a board: difficulty, discrimination, and items that look wrong. Pure. */
import type { Language } from "@drift/corpora";
import { sampleCorrelation } from "simple-statistics";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { StoredRun } from "../read-run.ts";
import type { FlaggedItem, ItemFlag, ItemGroup } from "../schema/items.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { itemCredit } from "../scores/item-credit.ts";
import { isRead } from "../scores/languages-read.ts";
import { shuffle } from "../scores/shuffle.ts";
import { type About, keyOf } from "./item-key.ts";
import { RULE } from "./rule.ts";

/** Of two tools the correlation is always 1 or −1. */
const FEWEST_TOOLS = 3;
/** How often tools are drawn by lot. */
const CHANCE_DRAWS = 100;

/** What is known of all items. */
export interface ItemAnalysis {
  groups: ItemGroup[];
  /** By category, then the lowest discrimination first. */
  flagged: FlaggedItem[];
}

/**
 * Difficulty is the mean over tools of what an item is worth; discrimination the item-rest correlation, Pearson's over tools between that and
 * the mean of what the other items of the group are worth to them, so that an item is not correlated with itself. Items that truth says nothing
 * about, whatever a tool answers or what one of them did, are left out; so are tools that say they do not read the language of a corpus, and tools whose answers decide nothing.
 *
 * @param runs of one suite, one per tool
 * @param languageOf a corpus; undefined where it is not known
 * @see Crocker and Algina, "Introduction to Classical and Modern Test Theory" (1986), chapter 14
 */
export function analyseItems(
  runs: readonly StoredRun[],
  languageOf: (corpus: string) => Language | undefined,
  seed: number,
): ItemAnalysis {
  const deciding = runs.filter(
    ({ report: { subject } }) => subject.role === "contestant" && !RULE.leftOut.includes(subject.name),
  );
  const items = creditedItems(deciding, languageOf);
  const groups = Map.groupBy(items, ({ category, kind, credits }) => [category, kind, ...credits.keys()].join(" "));
  const analysed = [...groups.values()].map((own) => analyseGroup(own, seed));
  return { groups: analysed.map(({ group }) => group), flagged: analysed.flatMap(({ flagged }) => flagged) };
}

/** An item and what it is worth to each tool, by name, in the order of the runs. */
interface CreditedItem extends About {
  kind: ItemGroup["kind"];
  credits: Map<string, number>;
}

function creditedItems(
  runs: readonly StoredRun[],
  languageOf: (corpus: string) => Language | undefined,
): CreditedItem[] {
  const items = new Map<string, CreditedItem>();
  // Some answers to an item meet what truth knows, others do not: it is not the same item to all.
  const unjudged = new Set<string>();
  for (const { report, items: outcomes } of runs) {
    const { name, languages } = report.subject;
    const kinds = new Map(report.corpora.map(({ id, kind }) => [id, kind]));
    for (const outcome of outcomes) {
      const { category, corpus, itemId } = outcome;
      if (languages !== undefined && !isRead(languageOf(corpus), languages)) continue;
      const [key, credit] = [keyOf(outcome), itemCredit(outcome)];
      if (credit === null) {
        unjudged.add(key);
        continue;
      }
      const item = items.get(key) ?? {
        category,
        corpus,
        itemId,
        kind: kinds.get(corpus) ?? "real",
        credits: new Map(),
      };
      item.credits.set(name, credit);
      items.set(key, item);
    }
  }
  return [...items].flatMap(([key, item]) => (unjudged.has(key) ? [] : [item]));
}

/** @param items at least one, all worth something to the same tools */
function analyseGroup(items: readonly CreditedItem[], seed: number): { group: ItemGroup; flagged: FlaggedItem[] } {
  const { category, kind, credits } = items[0] as CreditedItem;
  const tools = [...credits.keys()];
  const sums = tools.map((tool) => items.reduce((sum, item) => sum + (item.credits.get(tool) as number), 0));
  const rng = xoroshiro128plus(mixSeed(seed, `items ${category} ${kind} ${tools.join(" ")}`));
  let byChance = 0;
  const described = items.map((item): Omit<FlaggedItem, "flag"> => {
    const own = [...item.credits.values()];
    const rest = sums.map((sum, tool) => sum - (own[tool] as number));
    const discrimination = correlation(own, rest);
    if (discrimination !== null) byChance += negativeByLot(own, rest, rng);
    return {
      ...{ category, kind, corpus: item.corpus, itemId: item.itemId, discrimination },
      difficulty: own.reduce((sum, credit) => sum + credit, 0) / own.length,
      credits: Object.fromEntries(item.credits),
    };
  });
  const flagged = described
    .flatMap((item): FlaggedItem[] => {
      const flag = flagOf(item);
      return flag === null ? [] : [{ ...item, flag }];
    })
    .toSorted((a, b) => (a.discrimination ?? 0) - (b.discrimination ?? 0));
  const count = (flag: ItemFlag) => flagged.filter((item) => item.flag === flag).length;
  const group: ItemGroup = {
    ...{ category, kind, tools, items: items.length },
    difficulty: meanOf(described.map(({ difficulty }) => difficulty)),
    discrimination: meanOf(described.flatMap(({ discrimination }) => discrimination ?? [])),
    flagged: { negative: count("negative"), "all-right": count("all-right"), "all-wrong": count("all-wrong") },
    negativeByChance: byChance,
  };
  return { group, flagged };
}

/** Share of the ways in which tools are drawn by lot that correlate below 0. */
function negativeByLot(
  own: readonly number[],
  rest: readonly number[],
  rng: ReturnType<typeof xoroshiro128plus>,
): number {
  let negative = 0;
  for (let draw = 0; draw < CHANCE_DRAWS; draw++) {
    negative += Number((correlation(shuffle([...own], rng), rest) ?? 0) < 0);
  }
  return negative / CHANCE_DRAWS;
}

/** A tool alone flags nothing: it would be its own measure. */
function flagOf({ discrimination, credits }: Omit<FlaggedItem, "flag">): ItemFlag | null {
  if (discrimination !== null && discrimination < 0) return "negative";
  const worth = Object.values(credits);
  if (worth.length < 2) return null;
  if (worth.every((credit) => credit === 1)) return "all-right";
  return worth.every((credit) => credit <= 0) ? "all-wrong" : null;
}

/** Pearson's; null where one of them does not vary, or there are too few tools. */
function correlation(own: readonly number[], rest: readonly number[]): number | null {
  if (own.length < FEWEST_TOOLS || isConstant(own) || isConstant(rest)) return null;
  return Math.min(1, Math.max(-1, sampleCorrelation([...own], [...rest])));
}

function isConstant([first, ...others]: readonly number[]): boolean {
  return others.every((one) => one === first);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
