/** `drift-bench.json`: what a repository builds and measures. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import * as z from "zod";
import { FORMATS } from "../ingest/formats.ts";
import { CaseId } from "../store/testbed-schema.ts";
import { GateSettings } from "./schema.ts";

export const CONFIG_FILE = "drift-bench.json";

/** A program and its arguments, run without a shell; or one line for `sh -c`. */
const CommandLine = z.union([z.string().min(1), z.array(z.string()).min(1)]);

const Common = {
  id: CaseId,
  command: CommandLine,
  /** A process that takes longer is stopped, and its case has failed. */
  timeoutSeconds: z.number().positive().default(60),
};

/** A command whose whole process is measured. */
const ProcessCase = z.strictObject({
  ...Common,
  metrics: z
    .array(z.enum(["wall", "cpu", "peak-memory", "page-faults"]))
    .min(1)
    .default(["wall"]),
  /** Processes in a row whose median is one value: more for commands of few milliseconds. */
  repeat: z.int().min(1).max(50).default(1),
});

/** A command that measures itself: what it writes is read, one case for each benchmark, named `<id>/<benchmark>`. */
const OutputCase = z.strictObject({
  ...Common,
  output: z.strictObject({
    format: z.enum(FORMATS),
    /** Where it writes, relative to the work tree; standard output when absent. For criterion: the folder. */
    file: z.string().min(1).optional(),
  }),
});

/** A command of which is counted what it does, which is the same whenever it runs. */
const CountCase = z.strictObject({
  ...Common,
  counts: z.array(z.enum(["instructions", "allocations", "bytes-written"])).min(1),
});

export const CaseConfig = z.union([OutputCase, CountCase, ProcessCase]);
export type CaseConfig = z.infer<typeof CaseConfig>;
export type ProcessCase = z.infer<typeof ProcessCase>;
export type OutputCase = z.infer<typeof OutputCase>;
export type CountCase = z.infer<typeof CountCase>;

/** A benchmark of what the code can do: `cibench run`, of which each category's score is compared. */
export const ScoreConfig = z.strictObject({
  id: CaseId,
  /** Runs `cibench run --out {out}`; `{out}` is an empty folder, in which one report is looked for. */
  command: CommandLine.refine((command) => command.toString().includes("{out}"), "say where to write with {out}"),
  timeoutSeconds: z.number().positive().default(1800),
  /** Runs of each side when two show that the subject answers with chance. */
  repeats: z.int().min(3).max(50).default(3),
  /** File of items that must not be lost, and of accepted losses; from the folder of the work tree. */
  keep: z.string().min(1).optional(),
});
export type ScoreConfig = z.infer<typeof ScoreConfig>;

export const BenchConfig = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1).default(1),
  /** Run once in each work tree, in order, the same for both sides. */
  build: z.array(CommandLine).default([]),
  buildTimeoutMinutes: z.number().positive().default(60),
  /** Added to the small fixed environment in which builds and cases run. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** In the file an entry may have "over": see {@link expandAll}. */
  cases: z.array(CaseConfig).default([]),
  scores: z.array(ScoreConfig).default([]),
  /** Beside which `history record` measures each commit: a commit that stays, since another one starts new series. */
  reference: z.string().min(1).optional(),
  /** Defaults of the gate for this repository; flags come first. */
  gate: GateSettings.omit({ seed: true }).partial().default({}),
});
export type BenchConfig = z.infer<typeof BenchConfig>;

/**
 * Reads a configuration file, or that of a folder.
 *
 * @throws DriftError `CONFIG_MISSING`, `CONFIG_INVALID` naming the place in the file
 */
export function readBenchConfig(where: string): BenchConfig {
  const file = fs.statSync(where, { throwIfNoEntry: false })?.isDirectory() ? path.join(where, CONFIG_FILE) : where;
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    throw new DriftError("CONFIG_MISSING", `there is no ${file}`, {
      hint: `Describe builds and cases in ${CONFIG_FILE}; \`drift-bench gate --help\` shows one.`,
      cause,
    });
  }
  const raw = expandAll(parseJson(text, file), file);
  checkCases(raw, file);
  const parsed = BenchConfig.safeParse(raw);
  if (!parsed.success) throw invalid(file, issueOf(parsed.error));
  const all = [...parsed.data.cases, ...parsed.data.scores];
  if (all.length === 0) throw invalid(file, "it has neither cases nor scores");
  const twice = all.find(({ id }, i) => all.findIndex((one) => one.id === id) < i);
  if (twice !== undefined) throw invalid(file, `the case "${twice.id}" is there twice`);
  return parsed.data;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
}

const Over = z.record(z.string().regex(/^[a-z]+$/), z.array(z.string().min(1)).min(1));

/** Entries with "over" become one for each combination of its values, the first name slowest. */
function expandAll(raw: unknown, file: string): unknown {
  const entries = z.array(z.looseObject({ over: z.unknown().optional() }));
  const lists = z.looseObject({ cases: entries.optional(), scores: entries.optional() }).safeParse(raw);
  if (!lists.success) return raw; // What is wrong is said where the whole is checked.
  const expand = (list: readonly { over?: unknown; id?: unknown }[]): unknown[] =>
    list.flatMap(({ over, ...one }) => {
      if (over === undefined) return [one];
      const parsed = Over.safeParse(over);
      if (!parsed.success) throw invalid(file, `case ${JSON.stringify(one.id)}: over.${issueOf(parsed.error)}`);
      const chosen = Object.entries(parsed.data).reduce<ReadonlyMap<string, string>[]>(
        (found, [name, values]) => found.flatMap((known) => values.map((value) => new Map([...known, [name, value]]))),
        [new Map()],
      );
      return chosen.map((values) => filled(one, values));
    });
  return Object.fromEntries(
    Object.entries(lists.data).map(([key, value]) => [
      key,
      key === "cases" || key === "scores" ? expand(value as Parameters<typeof expand>[0]) : value,
    ]),
  );
}

/** Each `{name}` of the values, in every text. */
function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replaceAll(/\{([a-z]+)\}/g, (text, name: string) => values.get(name) ?? text);
  if (Array.isArray(value)) return value.map((one) => filled(one, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, values)]));
}

/** Each case by the kind that its keys say, since of a union of kinds nobody can tell which was meant. */
function checkCases(raw: unknown, file: string): void {
  const list = z.looseObject({ cases: z.array(z.looseObject({})) }).safeParse(raw);
  for (const [i, one] of (list.data?.cases ?? []).entries()) {
    const kind = "output" in one ? OutputCase : "counts" in one ? CountCase : ProcessCase;
    const parsed = kind.safeParse(one);
    if (!parsed.success) throw invalid(file, `case ${JSON.stringify(one["id"] ?? i)}: ${issueOf(parsed.error)}`);
  }
}

/** The place and the first thing wrong there. */
function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? error.message}`;
}

function invalid(file: string, what: string): DriftError {
  return new DriftError("CONFIG_INVALID", `${file}: ${what}`, {
    hint: "`drift-bench gate --help` shows a whole configuration.",
  });
}
