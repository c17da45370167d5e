/** How much of a tool's score hangs on names and comments. */
import type { VariantKind } from "@drift/corpora";
import type { StoredRun } from "../read-run.ts";
import type { RobustnessDrop } from "../schema/robustness.ts";
import type { CategoryScore, ItemOutcome } from "../schema/score.ts";
import type { Category } from "../schema/task.ts";
import { estimate, mapResampled } from "./bootstrap.ts";
import { rawOf } from "./category-score.ts";
import { normalise } from "./floor.ts";
import { MEASURED } from "./scoring.ts";

/** A run on corpora as they are, and one on variants of some of them, under the same ids. */
export interface VariedRuns {
  original: StoredRun;
  varied: StoredRun;
  variant: VariantKind;
  /** By corpus, files that are the same in the variant: what is asked about them is not compared. */
  leftOut: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Per category and kind of corpora that both runs have a score of: score on the corpora as they are minus score on the variants, over
 * the questions that both were asked. Both are put on one scale by the floor of the first, since the truth is the same. The interval
 * resamples files, the same in both: the comparison is paired.
 */
export function robustnessDrops({ original, varied, variant, leftOut }: VariedRuns, seed: number): RobustnessDrop[] {
  const tool = original.report.subject.name;
  return MEASURED.flatMap((category) =>
    (["real", "synthetic"] as const).flatMap((kind): RobustnessDrop[] => {
      const [before, after] = [original, varied].map((run) => scored(run, category, kind));
      if (before === undefined || after === undefined) return [];
      const corpora = after.corpora.map(({ corpus }) => corpus);
      const isAsked = ({ corpus, file }: ItemOutcome): boolean =>
        corpora.includes(corpus) && leftOut.get(corpus)?.has(file) !== true;
      const [first, second] = [original, varied].map(({ items }) =>
        items.filter((item) => item.category === category && isAsked(item)),
      ) as [ItemOutcome[], ItemOutcome[]];
      const both = new Set(first.map(nameOf)).intersection(new Set(second.map(nameOf)));
      if (both.size === 0) return [];
      const judged = (outcomes: readonly ItemOutcome[]) =>
        mapResampled(
          rawOf(
            category,
            onThese(
              corpora,
              outcomes.filter((item) => both.has(nameOf(item))),
            ),
            seed,
          ),
          (value) => normalise(value, before.floor),
        );
      const [was, is] = [judged(first), judged(second)];
      const draws = was.draws.map((draw, index) => draw - (is.draws[index] as number));
      const isFit = original.report.corpora.some(({ id, split }) => split === "fit" && corpora.includes(id));
      return [
        {
          ...{ tool, variant, category, kind, corpora },
          items: both.size,
          unpaired: first.length + second.length - 2 * both.size,
          original: isFit ? null : estimate(was),
          varied: isFit ? null : estimate(is),
          drop: estimate({ ...was, value: was.value - is.value, draws }),
        },
      ];
    }),
  );
}

type Scored = Extract<CategoryScore, { state: "scored" }>;

function scored({ report }: StoredRun, category: Category, kind: "real" | "synthetic"): Scored | undefined {
  return report.scores.find(
    (one): one is Scored => one.category === category && one.state === "scored" && one.kind === kind,
  );
}

/** Both runs list files in the same order, so that a draw means the same ones. */
function onThese(
  corpora: readonly string[],
  outcomes: readonly ItemOutcome[],
): { id: string; outcomes: readonly ItemOutcome[] }[] {
  const sorted = outcomes.toSorted((a, b) => Number(nameOf(a) > nameOf(b)) - Number(nameOf(a) < nameOf(b)));
  return corpora
    .map((id) => ({ id, outcomes: sorted.filter(({ corpus }) => corpus === id) }))
    .filter(({ outcomes: own }) => own.length > 0);
}

function nameOf({ corpus, itemId }: ItemOutcome): string {
  return `${corpus} ${itemId}`;
}
