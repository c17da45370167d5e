/** How the tests of a run ended, each by its name, read from what the runners of all languages report. Pure. */
import { z } from "zod";

/** One test file. */
export interface FileOutcome {
  /** Names of tests; of several with one name the later ones are numbered. */
  passed: string[];
  failed: string[];
  /** Its process ended in a test that had begun: what is in neither list may not have had its turn. */
  endedEarly: boolean;
  seconds: number;
}

/** The name under which the end of a test file's own process is a test as well: a crash fails it. */
export const WHOLE_FILE = "(the file as a whole)";

/** What the process of each test file left behind; as `each-file.mts` writes it. */
export const EndedFiles = z.array(
  z.object({
    /** Which of the processes that were wanted. */
    id: z.int(),
    /** Null when it was stopped. */
    code: z.int().nullable(),
    timedOut: z.boolean(),
    seconds: z.number(),
    output: z.string(),
  }),
);
export type EndedFile = z.infer<typeof EndedFiles>[number];

/**
 * Named results of a file, with its end as a test: it passes when the process ended well or named tests say why not, unless
 * it ended early or {@link WHOLE_FILE} is among what failed.
 */
export function fileOutcome(
  { points, endedEarly }: Told,
  { code, seconds }: Pick<EndedFile, "code" | "seconds">,
): FileOutcome {
  const named = numbered(points.filter(({ name }) => name !== WHOLE_FILE));
  const failed = named.filter(({ ok }) => !ok).map(({ name }) => name);
  const passed = named.filter(({ ok }) => ok).map(({ name }) => name);
  const endsWell = !endedEarly && (code === 0 || failed.length > 0);
  const isWell = endsWell && points.every(({ name, ok }) => ok || name !== WHOLE_FILE);
  (isWell ? passed : failed).push(WHOLE_FILE);
  return { passed, failed, endedEarly, seconds };
}

/** A result of a test. */
export interface Point {
  name: string;
  ok: boolean;
}

/** What a runner says of one test file. */
export interface Told extends Pick<FileOutcome, "endedEarly"> {
  points: readonly Point[];
}

/**
 * The results in a text of the TAP protocol: of node's runner those of its innermost tests, under the names of those
 * around them; of mocha each point. Tests that are skipped or to be done have no result.
 */
export function readPoints(text: string, runner: "node" | "mocha"): Point[] {
  const points: Point[] = [];
  const around: string[] = [];
  let deepest = -1;
  for (const line of text.split("\n")) {
    const subtest = /^( *)# Subtest: (.*)$/.exec(line);
    if (subtest !== null) {
      const depth = (subtest[1] ?? "").length / 4;
      around.length = Math.floor(depth);
      around.push(subtest[2] ?? "");
      continue;
    }
    const point = /^( *)(not )?ok \d+(?: - | )?(.*)$/.exec(line);
    if (point === null) continue;
    const [, indent = "", not, said = ""] = point;
    const depth = indent.length / 4;
    if (runner === "mocha" && depth > 0) continue;
    // What stands right after deeper ones is the sum of these.
    const isSum = runner === "node" && deepest > depth;
    deepest = depth;
    const [name = "", directive] = said.split(/ # (?=SKIP|TODO|skip|todo)/);
    if (isSum || directive !== undefined) continue;
    points.push({
      name: [...around.slice(0, Math.floor(depth)), name.replace(/^- /, "")].join(" > "),
      ok: not === undefined,
    });
  }
  return points;
}

function numbered(points: readonly Point[]): Point[] {
  const seen = new Map<string, number>();
  return points.map(({ name, ok }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times === 1 ? name : `${name} (${times})`, ok };
  });
}

/** What Python's test programs report of one file. */
const PythonReport = z.object({ passes: z.array(z.string()), failures: z.array(z.string()) });

/** The results in such a report; null when it is none. A test that passes and is torn down with an error fails. */
export function readPythonReport(report: unknown): Point[] | null {
  const read = PythonReport.safeParse(report);
  if (!read.success) return null;
  const failed = new Set(read.data.failures);
  return [
    ...read.data.passes.filter((name) => !failed.has(name)).map((name) => ({ name, ok: true })),
    ...[...failed].map((name) => ({ name, ok: false })),
  ];
}

const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number().optional(),
      endTime: z.number().optional(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** Results by the absolute path of the test file; null for what is no report of vitest. */
export function readVitestOutcomes(report: unknown): Map<string, FileOutcome> | null {
  const read = VitestReport.safeParse(report);
  if (!read.success) return null;
  return new Map(
    read.data.testResults.map(({ name, status, startTime = 0, endTime = 0, assertionResults }) => {
      const points = assertionResults
        .filter(({ status: ended }) => ended === "passed" || ended === "failed")
        .map(({ status: ended, fullName }) => ({ name: fullName.trim(), ok: ended === "passed" }));
      const ended = { code: status === "passed" ? 0 : 1, seconds: (endTime - startTime) / 1000 };
      return [name, fileOutcome({ points, endedEarly: false }, ended)];
    }),
  );
}
