/** Human judgements in one form, whatever file they come from. */
import { CibenchError } from "../errors.ts";
import type { Rating, Study } from "../schema/rating.ts";

/** The values that one item was given, by rater; of external data, raters may be numbers in a row. */
export interface RatedItem {
  id: string;
  group: string;
  values: ReadonlyMap<string, number>;
}

export interface HumanData {
  study: string;
  source: "own study" | "external human data";
  kind: "graded" | "binary";
  items: readonly RatedItem[];
  /** Ratings without a value. */
  undecided: number;
  /** Candidates of a group, where there are more than those that were rated; these count as not relevant. */
  candidates: ReadonlyMap<string, number>;
}

/**
 * The ratings of a study of ours.
 *
 * @throws CibenchError `RATINGS_UNREADABLE` where a rating is of another study, about no item, or no step of the rubric
 */
export function ratedStudy({ study, kind, rubric, items }: Study, ratings: readonly Rating[]): HumanData {
  const steps = new Set(rubric.map(({ value }) => value));
  const values = new Map(items.map((item) => [item.id, new Map<string, number | null>()]));
  for (const [index, rating] of ratings.entries()) {
    const own = values.get(rating.itemId);
    if (rating.study !== study) throw unreadable(index, `is of the study "${rating.study}" and not of "${study}"`);
    if (own === undefined) throw unreadable(index, `is about "${rating.itemId}", which is not in the study`);
    if (rating.value !== null && !steps.has(rating.value)) throw unreadable(index, `has a value outside the rubric`);
    own.set(rating.rater, rating.value);
  }
  const all = [...values.values()].flatMap((own) => [...own.values()]);
  return {
    study,
    source: "own study",
    kind,
    items: items.map(({ id, group }) => {
      const own = [...(values.get(id) ?? [])].flatMap(([rater, value]) =>
        value === null ? [] : [[rater, value] as const],
      );
      return { id, group, values: new Map(own) };
    }),
    undecided: all.filter((value) => value === null).length,
    candidates: new Map(),
  };
}

function unreadable(index: number, what: string): CibenchError {
  return new CibenchError("RATINGS_UNREADABLE", `rating ${index + 1} ${what}`, {
    hint: "Ratings are what cibench rate writes for this study.",
  });
}
