/** Runs one case in a sandbox, as it is and under the trace oracle, and says what was seen. */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  gather,
  instrument,
  readTraces,
  Registry,
  runSandboxed,
  type Sandbox,
  type SandboxedRun,
  TRACE_RUNTIME,
  type TracedSite,
} from "@drift/corpora/tracing";
import { z } from "zod";
import { type Places, placesIn } from "./places.ts";

/** A function that started to run, and the pieces of the case that stood below it on the stack, nearest first. */
export interface Entry {
  definition: string;
  /** Ids of definitions, `file#<module>`, or `<eval>`; what is none of these is left out. */
  below: string[];
}

/** What one run of a case showed. */
export interface Execution {
  /** `ended` by itself, `threw` in the end, was `stopped` at the limit, or was not run, for the reason in `message`. */
  outcome: "ended" | "threw" | "stopped" | "not-run";
  /** Null when there is nothing to say. */
  message: string | null;
  /** Where the error came from that ended it. */
  thrownAt: { file: string; line: number } | null;
  /** The file that was run; null when none was. */
  main: string | null;
  places: Places;
  /** By id of the call; a call that entered nothing has none. */
  sites: Map<string, TracedSite>;
  entries: Entry[];
}

const OWN = ".drift";
const TIMEOUT_MS = 60_000;
const SOURCE = /\.[cm]?js$/;

/**
 * Runs the main file of `folder` (`main.js`, `.mjs` or `.cjs`) in a copy; the other files run when they are imported.
 * Whether a file is a module is left to Node, which looks for `import` and `export`.
 */
export async function executeCase(
  folder: string,
  { sandbox, timeoutMs = TIMEOUT_MS }: { sandbox: Sandbox; timeoutMs?: number },
): Promise<Execution> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => SOURCE.test(file))
    .sort();
  const nothing = { thrownAt: null, main: null, places: { functions: [], calls: [] }, sites: new Map(), entries: [] };
  const main = files.find((file) => /^main\.[cm]?js$/.test(file));
  if (main === undefined) return { outcome: "not-run", message: "it has no main file", ...nothing };
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-case-")));
  try {
    cpSync(folder, scratch, { recursive: true });
    if (!existsSync(path.join(scratch, "package.json"))) writeFileSync(path.join(scratch, "package.json"), "{}\n");
    const run = (hooks: string[], env: Record<string, string>): Promise<SandboxedRun> =>
      runSandboxed({
        sandbox,
        command: [process.execPath, ...hooks.flatMap((hook) => ["--import", pathToFileURL(hook).href]), main],
        folder: scratch,
        env,
        timeoutMs,
      });
    const plain = await run([], {});
    if (plain.stopped !== null) {
      return { outcome: "stopped", message: `it was stopped at the limit on ${plain.stopped}`, ...nothing };
    }
    const registry = new Registry();
    let places: Places;
    try {
      places = instrumentAll(scratch, files, registry);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { outcome: "not-run", message: `it cannot be parsed: ${error.message}`, ...nothing };
    }
    const own = path.join(scratch, OWN);
    const traces = path.join(own, "traces");
    mkdirSync(traces, { recursive: true });
    const hooks = [TRACE_RUNTIME, HOOKS].map((file) => path.join(own, path.basename(file)));
    copyFileSync(TRACE_RUNTIME, hooks[0] as string);
    copyFileSync(HOOKS, hooks[1] as string);
    const entered = path.join(own, "entries.jsonl");
    const env = { DRIFT_TRACE_FOLDER: traces, DRIFT_TRACE_ROOT: scratch, DRIFT_ENTRIES: entered };
    const traced = await run(hooks, env);
    const ending = describeEnd(plain, traced, scratch);
    if (ending.outcome === "not-run") return { ...nothing, ...ending };
    const { sites } = gather(await readTraces(traces), registry, { scratch, doubles: new Set() });
    return { ...ending, main, places, sites, entries: existsSync(entered) ? readEntries(entered, registry) : [] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const HOOKS = fileURLToPath(new URL("./entry-hooks.mts", import.meta.url));

function instrumentAll(scratch: string, files: readonly string[], registry: Registry): Places {
  const places: Places = { functions: [], calls: [] };
  for (const file of files) {
    const text = readFileSync(path.join(scratch, file), "utf8");
    const { functions, calls } = placesIn(file, text);
    places.functions.push(...functions);
    places.calls.push(...calls);
    writeFileSync(path.join(scratch, file), withEntries(instrument({ file, text, registry, withSites: true })));
  }
  return places;
}

/**
 * Where the tracer notes that a body starts, the stack is noted too. It does not note it for generators, whose bodies
 * start later than they are called: those have its mark alone, and what it stands before may be directives.
 */
function withEntries(instrumented: string): string {
  return instrumented
    .replaceAll(BARE_MARK, "$1__entries__.enter($2);")
    .replaceAll(/__drift__\.enter\((\d+)\);/g, "__entries__.enter($1);$&");
}

const BARE_MARK = /("drift:F(\d+)@\d+";(?:\s*(?:"[^"\\\n]*"|'[^'\\\n]*')\s*;)*)(?!\s*(?:;*__drift__\.enter\(|["']))/g;

const EntryLine = z.tuple([z.int(), z.array(z.tuple([z.string(), z.int(), z.int(), z.string().nullable()]))]);

/** A function is known by where it starts in the instrumented text, which its own first frame says. */
function readEntries(file: string, registry: Registry): Entry[] {
  const lines = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => EntryLine.parse(JSON.parse(line)));
  const keyOf = ([name, line, column, called]: (typeof lines)[number][1][number]): string =>
    `${name}:${line}:${column}:${line === 1 && column === 1 ? called : ""}`;
  const known = new Map<string, string>();
  for (const [definition, [own]] of lines) {
    if (own !== undefined) known.set(keyOf(own), registry.definitions[definition] ?? "");
  }
  return lines.map(([definition, frames]) => ({
    definition: registry.definitions[definition] ?? "",
    below: frames.slice(1).flatMap((frame) => {
      const [name, line, column, called] = frame;
      if (name === "<eval>") return [name];
      const isTopLevel = line === 1 && column === 1 && (called === null || called === "Object.<anonymous>");
      return known.get(keyOf(frame)) ?? (isTopLevel ? `${name}#<module>` : []);
    }),
  }));
}

function describeEnd(
  plain: SandboxedRun,
  traced: SandboxedRun,
  scratch: string,
): Pick<Execution, "outcome" | "message" | "thrownAt"> {
  if (plain.exitCode !== traced.exitCode) {
    const message = `instrumented it ended with ${traced.exitCode}, as it is with ${plain.exitCode}`;
    return { outcome: "not-run", message, thrownAt: null };
  }
  if (plain.exitCode === 0) return { outcome: "ended", message: null, thrownAt: null };
  const lines = plain.tail.replaceAll("file://", "").replaceAll(`${scratch}/`, "").split("\n");
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  const message = lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines[stack - 1];
  const place = lines.map((line) => /(?:^|[ (])([^ (:]+\.[cm]?js):(\d+)(?::|$)/.exec(line)).find((one) => one !== null);
  return {
    outcome: "threw",
    message: message?.trim() ?? `it ended with ${plain.exitCode}`,
    thrownAt: place?.[1] === undefined ? null : { file: place[1], line: Number(place[2]) },
  };
}
