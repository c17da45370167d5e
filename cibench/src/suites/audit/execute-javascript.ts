/** Runs a case in JavaScript in a sandbox, as it is and under the trace oracle, and says what was seen. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  gather,
  instrument,
  readTraces,
  Registry,
  runSandboxed,
  type SandboxedRun,
  TRACE_RUNTIME,
} from "@drift/corpora/tracing";
import { z } from "zod";
import { endOf, type Entry, type Execution, filesOf, inCopy, OWN, type RunLimits, withoutRun } from "./execution.ts";
import { type Places, placesIn } from "./places.ts";

/**
 * Runs the main file of `folder` (`main.js`, `.mjs` or `.cjs`) in a copy; the other files run when they are imported.
 * Whether a file is a module is left to Node, which looks for `import` and `export`.
 */
export async function executeJavaScript(folder: string, { sandbox, timeoutMs }: RunLimits): Promise<Execution> {
  const files = filesOf(folder, /\.[cm]?js$/);
  const main = files.find((file) => /^main\.[cm]?js$/.test(file));
  if (main === undefined) return withoutRun("not-run", "it has no main file");
  return inCopy(folder, async (scratch) => {
    if (!existsSync(path.join(scratch, "package.json"))) writeFileSync(path.join(scratch, "package.json"), "{}\n");
    const run = (hooks: string[], env: Record<string, string>): Promise<SandboxedRun> => {
      const command = [process.execPath, ...hooks.flatMap((hook) => ["--import", pathToFileURL(hook).href]), main];
      return runSandboxed({ sandbox, command, folder: scratch, env, timeoutMs });
    };
    const plain = await run([], {});
    if (plain.stopped !== null) return withoutRun("stopped", `it was stopped at the limit on ${plain.stopped}`);
    const registry = new Registry();
    let places: Places;
    try {
      places = instrumentAll(scratch, files, registry);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return withoutRun("not-run", `it cannot be parsed: ${error.message}`);
    }
    const own = path.join(scratch, OWN);
    const traces = path.join(own, "traces");
    mkdirSync(traces, { recursive: true });
    const hooks = [TRACE_RUNTIME, HOOKS].map((file) => {
      const copy = path.join(own, path.basename(file));
      copyFileSync(file, copy);
      return copy;
    });
    const entered = path.join(own, "entries.jsonl");
    const env = { DRIFT_TRACE_FOLDER: traces, DRIFT_TRACE_ROOT: scratch, DRIFT_ENTRIES: entered };
    const traced = await run(hooks, env);
    const ending = endOf(plain, traced, { scratch, message: MESSAGE, place: PLACE });
    if (ending === null) {
      return withoutRun("not-run", `instrumented it ended with ${traced.exitCode}, as it is with ${plain.exitCode}`);
    }
    const { sites } = gather(await readTraces(traces), registry, { scratch, doubles: new Set() });
    return { ...ending, main, places, sites, entries: existsSync(entered) ? readEntries(entered, registry) : [] };
  });
}

/** The line of the error, else what stands before the stack. */
const MESSAGE = /^\w*Error\b.*: .*$|^[^\n]*(?=\n\s+at )/m;
const PLACE = /(?:^|[ (])([^ (:\n]+\.[cm]?js):(\d+)(?::|$)/m;

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
