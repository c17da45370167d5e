/** Edges of a case against its labels. Pure. */
import type { EdgeScore, SuiteScore } from "../schema/suite.ts";

/** An edge between functions, by label. */
export type Edge = readonly [caller: string, callee: string];

/** What one case came to. */
export interface JudgedCase {
  id: string;
  category: string;
  edges: number;
  right: Edge[];
  missing: Edge[];
  extra: Edge[];
}

/** Names of what the language brings, as suites spell them: `<builtin>.print`, `<global>.eval`, `<**JSArray**>.join`. */
const BUILTIN = /^<(?:builtin|global|\*\*\w+\*\*)>/;

/**
 * Strict comparison: an edge is right when it is labelled. An outside function is the same as a labelled built-in when
 * their last names are equal.
 *
 * @param labelled as published, or audited
 * @param predicted outside callees start with `<outside>.`
 */
export function judgeCase(
  { id, category }: { id: string; category: string },
  labelled: readonly Edge[],
  predicted: readonly Edge[],
  options: { builtins: boolean },
): JudgedCase {
  const counts = ([caller, callee]: Edge): boolean => options.builtins || !(isOutside(caller) || isOutside(callee));
  const truth = new Map(labelled.filter(counts).map((edge) => [keyOf(edge), edge]));
  const said = new Map(predicted.filter(counts).map((edge) => [keyOf(edge), edge]));
  const only = (edges: Map<string, Edge>, holds: (key: string) => boolean): Edge[] =>
    [...edges].filter(([key]) => holds(key)).map(([, edge]) => edge);
  return {
    id,
    category,
    edges: truth.size,
    right: only(truth, (key) => said.has(key)),
    missing: only(truth, (key) => !said.has(key)),
    extra: only(said, (key) => !truth.has(key)),
  };
}

/** All cases, and each category. */
export function scoreCases(cases: readonly JudgedCase[]): SuiteScore {
  const categories = [...Map.groupBy(cases, (one) => one.category)].map(([name, own]) => [name, pool(own)] as const);
  return { ...pool(cases), categories: Object.fromEntries(categories) };
}

function pool(cases: readonly JudgedCase[]): EdgeScore {
  const sum = (of: (one: JudgedCase) => number): number => cases.reduce((total, one) => total + of(one), 0);
  const [tp, fp, fn] = [
    sum((one) => one.right.length),
    sum((one) => one.extra.length),
    sum((one) => one.missing.length),
  ];
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    cases: cases.length,
    edges: sum((one) => one.edges),
    truePositives: tp,
    falsePositives: fp,
    falseNegatives: fn,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    complete: cases.filter((one) => one.extra.length === 0).length,
    sound: cases.filter((one) => one.missing.length === 0).length,
  };
}

/** Whether it is a name of what the language brings. */
export function isOutside(name: string): boolean {
  return BUILTIN.test(name) || name.startsWith("<outside>.");
}

/** Equal for edges that count as the same. */
export function keyOf([caller, callee]: Edge): string {
  const spelled = (name: string): string => (isOutside(name) ? `<outside>.${name.split(".").at(-1) ?? ""}` : name);
  return JSON.stringify([spelled(caller), spelled(callee)]);
}
