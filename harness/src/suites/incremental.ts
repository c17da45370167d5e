/**
 * What an edit, a start and a question cost once a folder is indexed, on a copy of it: in a process that has the project
 * loaded, and from the command line, Node's start included. Read `measureIncremental` first.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { DriftError, open } from "@drift/engine";
import { quantile } from "simple-statistics";
import { z } from "zod";
import { copyOf } from "../peers/copy.ts";
import { runProcess } from "../runners/process.ts";
import { edited, isEditable } from "./edits.ts";

const Times = z.array(z.number());
const PerKind = <T extends z.ZodType>(of: T) =>
  z.strictObject({ move: of.optional(), call: of.optional(), function: of.optional() });

/** What `runners/edits-once.ts` is asked for. */
export const EditsRequest = z.strictObject({
  seed: z.int().nonnegative(),
  /** Edits of each kind. */
  edits: z.strictObject({ move: z.int(), call: z.int(), function: z.int() }),
  /** So many edited states of each kind are compared with a cold index. */
  checks: z.int().nonnegative(),
  queries: z.int().nonnegative(),
});
export type EditsRequest = z.infer<typeof EditsRequest>;

/** What it answers; times in milliseconds. */
export const EditsAnswer = z.strictObject({
  edits: PerKind(Times),
  central: z.strictObject({ callingFiles: z.int(), samples: PerKind(Times) }).nullable(),
  queries: z.strictObject({ callers: Times, reachCallees: Times, reachCallers: Times }).nullable(),
  checked: z.int(),
  wrong: z.int(),
});
export type EditsAnswer = z.infer<typeof EditsAnswer>;

/** Milliseconds. */
const Figure = z.strictObject({ p50: z.number(), p95: z.number(), n: z.int().positive() });
type Figure = z.infer<typeof Figure>;

export const IncrementalReport = z.strictObject({
  schemaVersion: z.literal(1),
  /** The last part of the folder's path. */
  folder: z.string(),
  environment: z.string(),
  files: z.int(),
  /** One file edited, in a process that has the project loaded: parsed, solved and committed. */
  edit: PerKind(Figure),
  /** The same, of the file that most files call into. */
  centralEdit: z.strictObject({ callingFiles: z.int(), of: PerKind(Figure) }).nullable(),
  /** From the command line, Node's start included, and Node's start alone in the same minutes. */
  oneShot: z.strictObject({ nodeAlone: Figure, afterOneEdit: Figure, nothingChanged: Figure, callers: Figure }),
  /** In a process that has the project loaded, through the API of Node. */
  query: z.strictObject({ callers: Figure, reachCallees5: Figure, reachCallers5: Figure }).nullable(),
  /** Edited states compared with a cold index, and how many of them differed. */
  checked: z.int(),
  wrong: z.int(),
});
export type IncrementalReport = z.infer<typeof IncrementalReport>;

export interface IncrementalOptions extends EditsRequest {
  folder: string;
  scratch: string;
  /** Starts from the command line of each sort. */
  starts: number;
  onStep: (done: number, total: number, what: string) => void;
}

const command = fileURLToPath(new URL("../../../engine/bin/callgraph.mjs", import.meta.url));
const editsOnce = fileURLToPath(new URL("../runners/edits-once.ts", import.meta.url));
const STEPS = 4;

/** @throws DriftError `FOLDER_MISSING`, `NOTHING_TO_INDEX`, `PROCESS_FAILED` */
export async function measureIncremental(
  options: IncrementalOptions,
): Promise<Omit<IncrementalReport, "schemaVersion" | "environment">> {
  const { scratch, onStep, starts, seed, edits, checks, queries } = options;
  if (!fs.statSync(options.folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DriftError("FOLDER_MISSING", "the folder to index does not exist", {
      hint: "Give the path of a checked-out project.",
    });
  }
  onStep(0, STEPS, "copy and first index");
  const folder = copyOf(options.folder, path.join(scratch, "project"));
  const { files, called, editable } = await firstIndex(folder);
  onStep(1, STEPS, "starts from the command line");
  const oneShot = await oneShots(folder, { starts, called, editable });
  onStep(2, STEPS, "edits and questions in a loaded process");
  const request = JSON.stringify({ seed, edits, checks, queries } satisfies EditsRequest);
  const index = path.join(folder, ".drift", "index.db");
  const ran = { tool: "drift", file: process.execPath, args: [editsOnce, folder, index, request], cwd: folder };
  const answer = EditsAnswer.parse(JSON.parse((await runProcess(ran)).stdout));
  onStep(3, STEPS, "figures");
  const { central } = answer;
  return {
    folder: path.basename(path.resolve(options.folder)),
    files,
    edit: figures(answer.edits),
    centralEdit: central === null ? null : { callingFiles: central.callingFiles, of: figures(central.samples) },
    oneShot,
    query:
      answer.queries === null || answer.queries.callers.length === 0
        ? null
        : {
            callers: figure(answer.queries.callers),
            reachCallees5: figure(answer.queries.reachCallees),
            reachCallers5: figure(answer.queries.reachCallers),
          },
    checked: answer.checked,
    wrong: answer.wrong,
  };
}

/** Indexes the copy; a function that is called, and a file that can be edited, come back. */
async function firstIndex(folder: string): Promise<{ files: number; called: string; editable: string }> {
  const project = await open(folder);
  try {
    const { stats } = await project.index();
    const { callSites } = await project.callGraph();
    const called = callSites.flatMap(({ targets }) => targets.flatMap(({ id }) => id ?? []))[0];
    const editable = callSites.find(({ file }) => isEditable(file))?.file;
    if (called === undefined || editable === undefined) {
      throw new DriftError("NOTHING_TO_INDEX", "the folder holds no call that Drift resolves", {
        hint: "Give another folder.",
      });
    }
    return { files: stats.files, called, editable };
  } finally {
    await project.close();
  }
}

async function oneShots(
  folder: string,
  { starts, called, editable }: { starts: number; called: string; editable: string },
): Promise<IncrementalReport["oneShot"]> {
  const run = async (args: string[]): Promise<number> =>
    (await runProcess({ tool: "drift", file: process.execPath, args, cwd: folder })).wallNs / 1e6;
  const index = [command, folder, "--index"];
  const callers = [command, folder, "--callers", called];
  const times = {
    nodeAlone: [] as number[],
    afterOneEdit: [] as number[],
    nothingChanged: [] as number[],
    callers: [] as number[],
  };
  // The first start fills the cache of compiled code; files that changed just now are not trusted by their times.
  await run(callers);
  await settled();
  await run(index);
  for (let start = 0; start < starts; start += 1) {
    times.nodeAlone.push(await run(["-e", "0"]));
    times.nothingChanged.push(await run(index));
    times.callers.push(await run(callers));
  }
  const at = path.join(folder, editable);
  for (let start = 0; start < starts; start += 1) {
    fs.writeFileSync(at, edited(editable, fs.readFileSync(at, "utf8"), "move", 1_000_000 + start));
    times.afterOneEdit.push(await run(index));
  }
  return {
    nodeAlone: figure(times.nodeAlone),
    afterOneEdit: figure(times.afterOneEdit),
    nothingChanged: figure(times.nothingChanged),
    callers: figure(times.callers),
  };
}

/** Until the copied files' times of change are far enough in the past to be relied on. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_100));
}

function figures(samples: EditsAnswer["edits"]): IncrementalReport["edit"] {
  return Object.fromEntries(
    Object.entries(samples).flatMap(([kind, times]) =>
      times === undefined || times.length === 0 ? [] : [[kind, figure(times)]],
    ),
  );
}

export function figure(samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), n: sorted.length };
}

export function renderIncremental(report: IncrementalReport): string {
  const row = (name: string, of: Figure | undefined): string[] =>
    of === undefined
      ? []
      : [
          `${name.padEnd(44)} p50 ${of.p50.toFixed(2).padStart(9)}  p95 ${of.p95.toFixed(2).padStart(9)} ms  (n ${of.n})`,
        ];
  const { edit, centralEdit, oneShot, query } = report;
  return [
    `${report.folder}: ${report.files} files`,
    ...row("one file edited, code moved", edit.move),
    ...row("one file edited, one call more", edit.call),
    ...row("one file edited, one function more", edit.function),
    ...(centralEdit === null
      ? []
      : [
          ...row(`a file that ${centralEdit.callingFiles} files call, code moved`, centralEdit.of.move),
          ...row(`a file that ${centralEdit.callingFiles} files call, one call more`, centralEdit.of.call),
          ...row(`a file that ${centralEdit.callingFiles} files call, one function more`, centralEdit.of.function),
        ]),
    ...row("command line: Node alone", oneShot.nodeAlone),
    ...row("command line: after one edit (code moved)", oneShot.afterOneEdit),
    ...row("command line: nothing changed", oneShot.nothingChanged),
    ...row("command line: callers", oneShot.callers),
    ...row("loaded: callers", query?.callers),
    ...row("loaded: reach to callees, depth 5", query?.reachCallees5),
    ...row("loaded: reach to callers, depth 5", query?.reachCallers5),
    `${report.checked} edited states compared with a cold index, ${report.wrong} differed`,
  ].join("\n");
}
