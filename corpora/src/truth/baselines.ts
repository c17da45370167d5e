/** What answers without any understanding score on each item: search by name, imports, one constant. Pure. */
import { type FileImports, reachable } from "./import-scan.ts";
import { isJudged, OUTSIDE, scoreItem } from "./item-score.ts";
import type { MergedSite } from "./merge.ts";
import { type Definition, type ItemBaselines, type SiteTruth, Stratum } from "./schema.ts";

/** What trivial answers look at. */
export interface BaselineInputs {
  definitions: readonly Definition[];
  /** Imports of every file, by path. */
  imports: ReadonlyMap<string, FileImports>;
}

/**
 * Fills in what grep, the import graph and {@link CONSTANT} score on each site, and whether one of the first two solves
 * it (scores 1). Items that are not judged have nulls and are not easy.
 *
 * - *grep* takes all definitions of the callee's name, those of the same file first; the outside when there are none.
 * - The *import graph* takes the definitions of that name in the same file, else in files that this one imports (what
 *   those re-export included), else the outside.
 * - Of two candidates both are claimed, of more the first: no candidate of more than two reaches probability one half.
 * - `new` looks for a class or a constructor of that name. Calls without a name stay unanswered.
 */
export function withBaselines(sites: readonly MergedSite[], inputs: BaselineInputs): SiteTruth[] {
  const answers = trivialAnswers(inputs);
  return sites.map((site) => {
    const baselines: ItemBaselines = {
      grep: scoreItem(site, answers.grep(site)),
      importGraph: scoreItem(site, answers.importGraph(site)),
      constant: scoreItem(site, answers.constant(site, CONSTANT)),
    };
    return { ...site, baselines, easy: baselines.grep === 1 || baselines.importGraph === 1 };
  });
}

/** Answers that need no understanding, the same everywhere. */
export const CONSTANTS = ["external", "first-in-file", "last-in-file", "nearest-above", "only-in-file"] as const;
export type Constant = (typeof CONSTANTS)[number];

/** The best of {@link CONSTANTS} on split `fit`; `corpora lint` says so when another becomes better. */
export const CONSTANT: Constant = "external";

/** Mean score of each constant: over the items of a kind, then over kinds, then over corpora. Unanswered scores 0. */
export function compareConstants(
  truths: readonly { definitions: readonly Definition[]; sites: readonly SiteTruth[] }[],
): Map<Constant, number> {
  const perCorpus = truths.map(({ definitions, sites }) => {
    const answers = trivialAnswers({ definitions, imports: new Map() });
    return new Map(
      CONSTANTS.map((name) => {
        const means = Stratum.options.flatMap((stratum) => {
          const scores = sites
            .filter((site) => site.stratum === stratum && isJudged(site))
            .map((site) => scoreItem(site, answers.constant(site, name)) ?? 0);
          return scores.length === 0 ? [] : [mean(scores)];
        });
        return [name, mean(means)] as const;
      }),
    );
  });
  return new Map(CONSTANTS.map((name) => [name, mean(perCorpus.map((scores) => scores.get(name) ?? 0))]));
}

type Asked = Pick<MergedSite, "callee" | "file" | "span" | "syntax">;

interface TrivialAnswers {
  grep(site: Asked): string[];
  importGraph(site: Asked): string[];
  constant(site: Asked, name: Constant): string[];
}

function trivialAnswers({ definitions, imports }: BaselineInputs): TrivialAnswers {
  const byName = Map.groupBy(definitions, nameOf);
  const byFile = Map.groupBy(definitions, ({ file }) => file);
  const atHand = new Map<string, Set<string>>();
  const named = (site: Asked): Definition[] => {
    const all = byName.get(site.callee?.name ?? "") ?? [];
    const entered = site.syntax === "new" ? all.filter(isConstructed) : [];
    return entered.length > 0 ? entered : all;
  };
  return {
    grep: (site) => {
      if (site.callee === null) return [];
      const found = named(site);
      const isHere = ({ file }: Definition): boolean => file === site.file;
      return commit([...found.filter(isHere), ...found.filter((definition) => !isHere(definition))]);
    },
    importGraph: (site) => {
      if (site.callee === null) return [];
      const found = named(site);
      const here = found.filter(({ file }) => file === site.file);
      if (here.length > 0) return commit(here);
      let files = atHand.get(site.file);
      if (files === undefined) atHand.set(site.file, (files = reachable(site.file, imports)));
      return commit(found.filter(({ file }) => files.has(file)));
    },
    constant: (site, name) => {
      if (name === "external") return [OUTSIDE];
      const here = byFile.get(site.file) ?? [];
      const chosen: Record<Exclude<Constant, "external">, readonly Definition[]> = {
        "first-in-file": here.slice(0, 1),
        "last-in-file": here.slice(-1),
        "nearest-above": here.filter(({ span }) => isBefore(span, site.span)).slice(-1),
        "only-in-file": here.length === 1 ? here : [],
      };
      return chosen[name].map(({ id }) => id);
    },
  };
}

/** What an answer claims that gives each candidate the same probability. */
function commit(found: readonly Definition[]): string[] {
  if (found.length === 0) return [OUTSIDE];
  return found.slice(0, found.length <= 2 ? 2 : 1).map(({ id }) => id);
}

/** The name that a search would look for: `m` of `C.m`, and the class's of its constructor. */
function nameOf({ name }: Definition): string {
  return (
    name
      .replace(/\.(?:constructor|__init__|__new__)$/, "")
      .split(".")
      .at(-1) ?? name
  );
}

function isConstructed({ name }: Definition): boolean {
  return name.endsWith(".constructor") || /^[A-Z]/.test(name);
}

function isBefore(a: { line: number; column: number }, b: { line: number; column: number }): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
