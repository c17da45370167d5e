import { rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DriftError } from "./errors.ts";
import { progressReporter } from "./progress.ts";
import { open, type OpenOptions, type Project } from "./project.ts";
import type { CallSite, FlowPlace, FlowSink, IndexSummary } from "./types.ts";

/** What the command touches beside the folder it is asked about. */
export interface CommandContext {
  /** Relative paths start here. */
  cwd: string;
  /** Takes results; resolves when they are handed over. */
  stdout: (data: Uint8Array | string) => Promise<void>;
  /** Takes progress, warnings and errors. */
  stderr: (text: string) => void;
  /** Whether `stderr` is a terminal. */
  isTerminal: boolean;
  /** Milliseconds from any fixed moment. */
  nowMs: () => number;
}

const HELP = `Usage: npm run --silent callgraph -- <dir> [options]

The engine's whole answer for a folder of JavaScript or TypeScript: functions, call sites
with their targets, skipped files with the reason, counts.

Options:
  --json                 print the answer as one JSON text (shape: CallGraph in engine/src/types.ts)
  --out <file>           write that JSON to a file instead, all of it or nothing
  --in-memory            write no index (the default)
  --index                keep an index in <dir>/.drift, which makes the next call fast
  --callers <function>   instead, the calls that can reach a function, by id or name, out of the index in
                         <dir>/.drift as it is; made if there is none, and brought up to date with --index
  --flows <file:line:column>
                         instead, where the value that is read there arrives: arguments of calls, and by which way
  --threads <n>          worker threads (default: one per core); the answer does not depend on it
  --max-file-bytes <n>   leave out larger files (default: 10000000)
  --minified <what>      "leave-out" or "read" what a minifier wrote (default: leave-out)
  --generated <what>     "leave-out" or "read" what says at its start that it was generated (default: read)
  --help                 print this

Exit codes: 0 done, 2 bad arguments, 3 something needed is missing, 70 a bug in Drift.
`;

/** `npm run callgraph`: prints what the engine knows about a folder. @returns the exit code */
export async function callgraph(argv: string[], context: CommandContext): Promise<number> {
  try {
    const request = parse(argv, context.cwd);
    if (request === "help") await context.stdout(HELP);
    else if (request.flows !== undefined) await answerFlows(request, request.flows, context);
    else if (request.callers === undefined) await answer(request, context);
    else await answerCallers(request, request.callers, context);
    return 0;
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    context.stderr(`callgraph: ${error.message} (${error.code})\n`);
    if (error.hint !== undefined) context.stderr(`${error.hint}\n`);
    return error.code === "BAD_ARGUMENTS" ? 2 : 3;
  }
}

interface Request {
  root: string;
  json: boolean;
  out: string | undefined;
  /** Id or name of the function whose callers are asked for. */
  callers: string | undefined;
  /** The place whose value is followed. */
  flows: FlowPlace | undefined;
  /** Whether a saved index may answer as it is. */
  asSaved: boolean;
  threads: number | undefined;
  open: OpenOptions;
}

function parse(argv: string[], cwd: string): Request | "help" {
  const { values, positionals } = parsed(argv);
  if (values.help === true) return "help";
  const [root, ...rest] = positionals;
  if (root === undefined || rest.length > 0) throw badArguments("exactly one folder is needed");
  if (values.index === true && values["in-memory"] === true) {
    throw badArguments("--index and --in-memory exclude each other");
  }
  if (values.callers !== undefined && (values["in-memory"] === true || values.out !== undefined)) {
    throw badArguments("--callers goes with neither --in-memory nor --out");
  }
  const maxFileBytes = count("--max-file-bytes", values["max-file-bytes"]);
  return {
    root: resolve(cwd, root),
    json: values.json === true,
    out: values.out === undefined ? undefined : resolve(cwd, values.out),
    callers: values.callers,
    flows: values.flows === undefined ? undefined : place(values.flows),
    asSaved: values.index !== true,
    threads: count("--threads", values.threads),
    open: {
      ...(values.index === true || values.callers !== undefined ? {} : { indexPath: null }),
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      ...treatment("minified", values.minified),
      ...treatment("generated", values.generated),
    },
  };
}

function parsed(
  argv: string[],
): ReturnType<typeof parseArgs<{ args: string[]; options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw badArguments(error instanceof Error ? error.message : String(error));
  }
}

const OPTIONS = {
  json: { type: "boolean" },
  out: { type: "string" },
  "in-memory": { type: "boolean" },
  index: { type: "boolean" },
  callers: { type: "string" },
  flows: { type: "string" },
  threads: { type: "string" },
  "max-file-bytes": { type: "string" },
  minified: { type: "string" },
  generated: { type: "string" },
  help: { type: "boolean" },
} as const;

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 0xffff_ffff) {
    throw badArguments(`${name} takes a whole number from 1, not "${text}"`);
  }
  return value;
}

function treatment(name: "minified" | "generated", value: string | undefined): OpenOptions {
  if (value === undefined) return {};
  if (value === "leave-out" || value === "read") return { [name]: value };
  throw badArguments(`--${name} takes "leave-out" or "read", not "${value}"`);
}

function place(text: string): FlowPlace {
  const { file, line, column } = /^(?<file>.+):(?<line>[1-9]\d*):(?<column>[1-9]\d*)$/.exec(text)?.groups ?? {};
  if (file === undefined) throw badArguments(`--flows takes file:line:column, not "${text}"`);
  return { file, line: Number(line), column: Number(column) };
}

function badArguments(message: string): DriftError {
  return new DriftError("BAD_ARGUMENTS", message, { hint: "See --help." });
}

async function answer(request: Request, { stdout, stderr, isTerminal, nowMs }: CommandContext): Promise<void> {
  const startMs = nowMs();
  const progress = progressReporter({ write: stderr, isTerminal, nowMs });
  const project = await open(request.root, request.open);
  try {
    const threads = request.threads === undefined ? {} : { threads: request.threads };
    const summary = await project.index({ ...threads, onProgress: progress.show });
    progress.end();
    for (const warning of summary.warnings) stderr(`warning: ${warning}\n`);
    if (request.out !== undefined) await writeWhole(request.out, await project.callGraphJson());
    else if (request.json) await stdout(await project.callGraphJson());
    if (!request.json) {
      const skipped = await project.skipped();
      await stdout(described(summary, topReasons(skipped.map(({ reason }) => reason))));
    }
    const seconds = ((nowMs() - startMs) / 1000).toFixed(2);
    stderr(`${summary.parsed} files parsed, ${summary.reused} reused, ${seconds} s\n`);
  } finally {
    progress.end();
    await project.close();
  }
}

async function answerCallers(request: Request, of: string, { stdout, stderr }: CommandContext): Promise<void> {
  const project = await open(request.root, request.open);
  try {
    if (!request.asSaved) await project.index();
    const sites = await calls(project, of).catch(async (error: unknown) => {
      if (!(error instanceof DriftError) || error.code !== "NOT_INDEXED") throw error;
      stderr("there is no index yet: it is made now\n");
      await project.index();
      return calls(project, of);
    });
    if (request.json) await stdout(`${JSON.stringify(sites)}\n`);
    else await stdout(sites.map((site) => `${site.file}:${site.line}:${site.column} ${site.caller}\n`).join(""));
  } finally {
    await project.close();
  }
}

async function answerFlows(request: Request, of: FlowPlace, { stdout, stderr }: CommandContext): Promise<void> {
  const project = await open(request.root, request.open);
  try {
    await project.index();
    const found = await project.flows(of);
    if (request.json) await stdout(`${JSON.stringify(found)}\n`);
    else await stdout(found.sinks.toSorted(nearest).map(arrival).join(""));
    if (!found.complete) stderr("warning: the value goes on from here; no more of its ways were followed\n");
  } finally {
    await project.close();
  }
}

/** Through the fewest calls, then the surest, first; else as they are. */
function nearest(one: FlowSink, other: FlowSink): number {
  return one.through.length - other.through.length || other.probability - one.probability;
}

/** Steps of a way that a person is shown at each of its ends. */
const SHOWN_STEPS = 2;

/** `src/db.ts:3:5 db.query, argument 1, as a part of a text, quoted: by src/main.ts:7:3 find` */
function arrival({ call, argument, arrives, effects, bound, through }: FlowSink): string {
  const as = { whole: "as it is", text: "as a part of a text", inside: "inside of it" }[arrives];
  const done = [...effects, ...(bound ? ["beside a text with a place for it"] : [])];
  const steps = through.map(({ file, line, column, callee }) => `${file}:${line}:${column} ${callee}`);
  const hidden = steps.length - 2 * SHOWN_STEPS;
  if (hidden > 1) steps.splice(SHOWN_STEPS, hidden, `${hidden} more calls`);
  const way = steps.join(", ");
  const where = `${call.file}:${call.line}:${call.column} ${call.callee}`;
  return `${[where, `argument ${argument + 1}`, as, ...done].join(", ")}${way === "" ? "" : `: by ${way}`}\n`;
}

/** Of the function with this id, or of every one with this name. */
async function calls(project: Project, of: string): Promise<CallSite[]> {
  if (of.includes("#")) return project.callers(of);
  const named = await project.symbols({ name: of });
  if (named.length === 0) {
    throw new DriftError("SYMBOL_UNKNOWN", `no function of the project has the name "${of}"`, {
      hint: 'Names are those of the JSON answer: "parse", "Parser.parse", or an id "src/parser.ts#Parser.parse".',
    });
  }
  const sites = [];
  for (const { id } of named) sites.push(...(await project.callers(id)));
  return sites;
}

/** Under another name first, so that a reader never meets half a file. */
async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, data);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new DriftError("OUT_UNWRITABLE", `cannot write ${path}`, {
      hint: "Check that its folder exists and can be written.",
      cause,
    });
  }
}

function described({ stats }: IndexSummary, reasons: [string, number][]): string {
  const share = (part: number): string =>
    stats.callSites === 0 ? "" : ` (${((100 * part) / stats.callSites).toFixed(1)} %)`;
  const rows: [string, string][] = [
    ["files", `${stats.files}`],
    ["lines", `${stats.lines}`],
    ["functions", `${stats.functions}`],
    ["call sites", `${stats.callSites}`],
    ["  certain", `${stats.certain}${share(stats.certain)}`],
    ["  likely", `${stats.likely}${share(stats.likely)}`],
    ["  external", `${stats.external}${share(stats.external)}`],
    ["  unknown", `${stats.unknown}${share(stats.unknown)}`],
    ["left out or noted", `${stats.skipped}`],
    ...reasons.map(([reason, times]): [string, string] => [`  ${reason}`, `${times}`]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join("");
}

/** How often each code stands at the start of a reason, the most frequent ten first. */
function topReasons(reasons: string[]): [string, number][] {
  const times = new Map<string, number>();
  for (const reason of reasons) {
    const [code = reason] = reason.split(":");
    times.set(code, (times.get(code) ?? 0) + 1);
  }
  return [...times].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 10);
}
