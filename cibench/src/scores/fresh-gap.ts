/** How much better a tool is on published projects than on such as nobody has seen. */
import type { StoredRun } from "../read-run.ts";
import type { FreshGap } from "../schema/fresh.ts";
import type { CategoryScore } from "../schema/score.ts";
import { estimate, mapResampled, type Resampled } from "./bootstrap.ts";
import { rawOf } from "./category-score.ts";
import { normalise } from "./floor.ts";
import { MEASURED } from "./scoring.ts";

/**
 * Per category that both runs have a score of on generated corpora: score on the published ones minus score on the fresh ones. Its
 * interval resamples the files of both, each by itself, since they are different files. Above 0 the tool is worse where it could
 * not have been fitted.
 */
export function freshGaps(published: StoredRun, fresh: StoredRun, seed: number): FreshGap[] {
  return MEASURED.flatMap((category): FreshGap[] => {
    const [before, after] = [published, fresh].map((run) => scoreDraws(run, category, seed));
    if (before == null || after == null) return [];
    const draws = before.draws.map((draw, index) => draw - (after.draws[index] as number));
    const clusters = Math.min(before.clusters, after.clusters);
    const gap = estimate({ value: before.value - after.value, n: before.n + after.n, clusters, draws });
    return [
      { tool: published.report.subject.name, category, published: estimate(before), fresh: estimate(after), gap },
    ];
  });
}

type Scored = Extract<CategoryScore, { state: "scored" }>;

function scoreDraws({ report, items }: StoredRun, category: string, seed: number): Resampled | null {
  const score = report.scores.find(
    (one): one is Scored => one.category === category && one.state === "scored" && one.kind === "synthetic",
  );
  if (score === undefined) return null;
  const own = items.filter((item) => item.category === category);
  const judged = score.corpora.map(({ corpus }) => ({
    id: corpus,
    outcomes: own.filter((item) => item.corpus === corpus),
  }));
  return mapResampled(rawOf(score.category, judged, seed), (value) => normalise(value, score.floor));
}
