/** Reads the cases of a suite from its folder; nothing of them is kept. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CibenchError } from "../errors.ts";
import { SuiteErrata, type SuiteFormat, SuiteLabels } from "../schema/suite.ts";

/** One labelled program. */
export interface SuiteCase {
  /** `category/case`, with "/" separators. */
  id: string;
  category: string;
  /** Absolute folder with the sources. */
  folder: string;
  labels: SuiteLabels;
}

const LABELS = "callgraph.json";

/**
 * Every folder in `dir` that holds a `callgraph.json`, by id. `dir` may be the top of a checkout, the folder of the
 * categories, one category or one case: the category is always the folder above the case.
 *
 * @throws CibenchError `SUITE_UNREADABLE` when the folder cannot be read, holds no case or those of several suites, or a
 *   label file is damaged
 */
export function readCases(dir: string): SuiteCase[] {
  const cases = filesBelow(dir)
    .filter((file) => path.basename(file) === LABELS)
    .map((file) => {
      const folder = path.resolve(dir, path.dirname(file));
      const category = path.basename(path.dirname(folder));
      const id = `${category}/${path.basename(folder)}`;
      const labels = SuiteLabels.safeParse(readJson(path.join(dir, file)));
      if (!labels.success) throw unreadable(`${id}/${LABELS} is not a map from functions to lists of functions`);
      return { id, category, folder, labels: labels.data };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (cases.length === 0) throw unreadable(`${dir} holds no case with a ${LABELS}`);
  const twice = cases.find(({ id }, index) => id === cases[index + 1]?.id);
  if (twice !== undefined) throw unreadable(`${dir} holds several suites: ${twice.id} is in it more than once`);
  return cases;
}

/** @throws CibenchError `SUITE_UNREADABLE` when it is damaged, or for another suite */
export function readErrata(file: string, suite: SuiteFormat): SuiteErrata["errata"] {
  const errata = SuiteErrata.safeParse(readJson(file));
  if (!errata.success) throw unreadable(`${file} is not a list of errata: ${errata.error.issues[0]?.message ?? ""}`);
  if (errata.data.suite !== suite) throw unreadable(`${file} has errata of ${errata.data.suite}, not of ${suite}`);
  return errata.data.errata;
}

function filesBelow(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: "utf8" });
  } catch (cause) {
    throw unreadable(`${dir} cannot be read`, cause);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unreadable(`${file} is not readable JSON`, cause);
  }
}

function unreadable(message: string, cause?: unknown): CibenchError {
  return new CibenchError("SUITE_UNREADABLE", message, {
    hint: "Give the folder of a checkout of the suite that holds its categories.",
    cause,
  });
}
