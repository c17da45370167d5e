/** What `cibench run` left in a folder, as one run of one side. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CibenchError, type ItemOutcome, itemCredit, macroF1Of, readRun, type StoredRun } from "@drift/cibench/runs";
import { DriftError } from "@drift/engine";
import type { CategoryRun, ScoreRun } from "./schema.ts";

/** A run with its items. */
export interface ReadRun {
  subject: string;
  suite: string;
  itemsSha256: string;
  items: ReadonlyMap<string, RunItem>;
  categories: readonly RunCategory[];
}

export interface RunItem {
  outcome: ItemOutcome;
  /** In [0, 1]; null where truth says nothing. */
  credit: number | null;
  /** What is asked and what is true: items are compared where it is the same. */
  truth: string;
}

interface RunCategory {
  /** `call-graph/real` */
  category: string;
  floor: number;
  corpora: readonly string[];
}

/**
 * Reads the one run of a folder.
 *
 * @throws DriftError `PROCESS_FAILED` when there is none or more than one, when it can't be read, or when a category was not run
 */
export async function readScoreRun(folder: string): Promise<ReadRun> {
  const reports = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const [only] = reports;
  if (only === undefined || reports.length > 1)
    throw new DriftError("PROCESS_FAILED", `the command left ${reports.length} reports in {out}, not one`, {
      hint: "Let it write one run of `cibench run --out {out}`.",
    });
  return fromStored(await stored(join(folder, only)));
}

async function stored(file: string): Promise<StoredRun> {
  try {
    return await readRun(file);
  } catch (cause) {
    if (!(cause instanceof CibenchError)) throw cause;
    throw new DriftError("PROCESS_FAILED", cause.message, {
      cause,
      ...(cause.hint !== undefined && { hint: cause.hint }),
    });
  }
}

function fromStored({ report, items }: StoredRun): ReadRun {
  const categories = report.scores.flatMap((score): RunCategory[] => {
    // A tool that failed is neither right nor wrong, and never a pass.
    if (score.state === "not-run")
      throw new DriftError("PROCESS_FAILED", `${score.category} on ${score.kind} corpora was not run: ${score.reason}`);
    if (score.state !== "scored") return [];
    const corpora = score.corpora.map(({ corpus }) => corpus);
    return [{ category: `${score.category}/${score.kind}`, floor: score.floor, corpora }];
  });
  return {
    subject: `${report.subject.name} ${report.subject.version}`,
    suite: report.suite.hash,
    itemsSha256: report.itemsSha256,
    categories,
    items: new Map(
      items.map((outcome) => [
        itemName(outcome),
        {
          outcome,
          credit: itemCredit(outcome),
          truth: JSON.stringify([outcome.truth, outcome.stratum, outcome.must, outcome.may]),
        },
      ]),
    ),
  };
}

/** How an item is called in lists: `corpus:item`. */
export function itemName({ corpus, itemId }: Pick<ItemOutcome, "corpus" | "itemId">): string {
  return `${corpus}:${itemId}`;
}

/**
 * The scores of a run, counted from its items.
 *
 * @param restored outcomes to be judged in place of the run's own
 */
export function scoresOf(run: ReadRun, restored: ReadonlyMap<string, ItemOutcome>): ScoreRun {
  const byTask = Map.groupBy(run.items, ([, { outcome }]) => `${outcome.category}/${outcome.corpus}`);
  return {
    subject: run.subject,
    suite: run.suite,
    items: run.itemsSha256,
    categories: run.categories.map(({ category, floor, corpora }): CategoryRun => {
      const score = (outcomes: readonly ItemOutcome[]): number => (macroF1Of(outcomes) - floor) / (1 - floor);
      return {
        category,
        corpora: corpora.map((corpus) => {
          const items = byTask.get(`${category.split("/", 1)[0]}/${corpus}`) ?? [];
          return {
            corpus,
            score: score(items.map(([, { outcome }]) => outcome)),
            judged: score(items.map(([name, { outcome }]) => restored.get(name) ?? outcome)),
          };
        }),
      };
    }),
  };
}
