/** A study of answers that tools gave, blinded: who rates them sees neither the tool nor what the scorer thinks. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { sha256 } from "../canonical-json.ts";
import type { ItemScore, Study, StudyItem } from "../schema/rating.ts";
import type { Report } from "../schema/report.ts";
import type { ItemOutcome } from "../schema/score.ts";
import { CATEGORIES } from "../schema/task.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { shuffle } from "../scores/shuffle.ts";

/** The rubric of such a study, fixed here before anybody rates. */
export const RUBRIC: Study["rubric"] = [
  { value: 0, label: "wrong", means: "Acting on this answer would be a mistake." },
  { value: 1, label: "mostly wrong", means: "Something in it is right, but what matters is missing or false." },
  { value: 2, label: "mostly right", means: "What matters is right; something lesser is missing or too much." },
  { value: 3, label: "right", means: "Nothing is missing, and nothing is false." },
];

export interface DrawnStudy {
  study: Study;
  /** What the scorer says each item is worth, and whose it is. It stays with who drew the study. */
  key: (ItemScore & { tools: string[] })[];
}

/**
 * Draws answers of which truth is known, categories in turn. The same answer of several tools is one item.
 *
 * @param count at most this many; fewer where there are no more
 */
export function drawStudy(
  runs: readonly { report: Report; items: readonly ItemOutcome[] }[],
  { count, seed, name }: { count: number; seed: number; name: string },
): DrawnStudy {
  const known = new Map<string, { item: StudyItem; category: string; score: number; tools: string[] }>();
  for (const { report, items } of runs) {
    for (const outcome of items) {
      if (outcome.outcome === "unjudged" || outcome.status === "unanswered") continue;
      const item = studyItem(outcome);
      const entry = known.get(item.id) ?? { item, category: outcome.category, score: worth(outcome), tools: [] };
      entry.tools.push(`${report.subject.name} ${report.subject.version}`);
      known.set(item.id, entry);
    }
  }
  const queues = [...Map.groupBy(known.values(), ({ category }) => category)].map(([category, entries]) =>
    shuffle(
      entries.toSorted((a, b) => Number(a.item.id > b.item.id) - Number(a.item.id < b.item.id)),
      xoroshiro128plus(mixSeed(seed, category)),
    ),
  );
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? [])).flat();
  const drawn = turns.slice(0, count);
  return {
    study: {
      schemaVersion: 1,
      study: name,
      title: "How good are these answers about code?",
      kind: "graded",
      rubric: RUBRIC,
      items: drawn.map(({ item }) => item),
    },
    key: drawn.map(({ item, score, tools }) => ({ itemId: item.id, score, tools })),
  };
}

function studyItem(outcome: ItemOutcome): StudyItem {
  const { category, corpus, itemId, file, line, column, callee, syntax, predicted, status } = outcome;
  const about = callee === null ? syntax : `${syntax} of ${callee}`;
  const answer = predicted.length > 0 ? predicted.join("\n") : status === "unknown" ? "I cannot tell." : "Nothing.";
  return {
    id: sha256(`${category}\n${corpus}\n${itemId}\n${answer}`).slice(0, 16),
    group: `${category}/${corpus}`,
    question: `${CATEGORIES[category].title}: ${about}, at ${file}:${line}:${column} of ${corpus}`,
    answer,
  };
}

function worth({ outcome }: ItemOutcome): number {
  return outcome === "right" ? 1 : outcome === "partly" ? 0.5 : 0;
}
