/** Runs a case in Python in a sandbox, as it is and under the trace oracle, and says what was seen. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Definition,
  derivePythonStatic,
  findPython,
  gatherRecords,
  PYTHON_RUNTIME,
  runSandboxed,
  type SandboxedRun,
  type TracedSite,
} from "@drift/corpora/tracing";
import { z } from "zod";
import { endOf, type Entry, type Execution, filesOf, inCopy, OWN, type RunLimits, withoutRun } from "./execution.ts";
import type { PlacedCall, Places } from "./places.ts";

/** Runs `main.py` of `folder` in a copy; the other files run when they are imported. */
export async function executePython(folder: string, { sandbox, timeoutMs }: RunLimits): Promise<Execution> {
  // The folder itself is no package while a file in it is run.
  const files = filesOf(folder, /\.py$/).filter((file) => file !== "__init__.py");
  if (!files.includes(MAIN)) return withoutRun("not-run", "it has no main file");
  const python = await findPython();
  if (python === null) return withoutRun("not-run", "there is no Python of at least 3.11 on this computer");
  return inCopy(folder, async (scratch) => {
    const run = (args: string[], env: Record<string, string>): Promise<SandboxedRun> => {
      const fixed = { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" };
      const command = [python.command, "-B", "-X", "utf8", ...args];
      return runSandboxed({ sandbox, command, folder: scratch, env: { ...fixed, ...env }, timeoutMs });
    };
    const plain = await run([MAIN], {});
    if (plain.stopped !== null) return withoutRun("stopped", `it was stopped at the limit on ${plain.stopped}`);
    const places = await placesOf(scratch, files);
    const own = path.join(scratch, OWN);
    const [programs, traces] = [path.join(own, "python"), path.join(own, "traces")];
    cpSync(PYTHON_RUNTIME, programs, { recursive: true });
    copyFileSync(HOOKS, path.join(programs, path.basename(HOOKS)));
    mkdirSync(traces, { recursive: true });
    const config = path.join(own, "config.json");
    const asked = { root: scratch, folder: traces, measured: files, context: [], testFiles: [] };
    writeFileSync(config, JSON.stringify(asked));
    const entered = path.join(own, "entries.jsonl");
    const env = { PYTHONPATH: programs, DRIFT_TRACE_CONFIG: config, DRIFT_ENTRIES: entered };
    const traced = await run([path.join(programs, path.basename(HOOKS)), scratch, path.parse(MAIN).name], env);
    const ending = endOf(plain, traced, { scratch, message: MESSAGE, place: PLACE });
    if (ending === null) {
      return withoutRun("not-run", `traced it ended with ${traced.exitCode}, as it is with ${plain.exitCode}`);
    }
    const { sites } = await gatherRecords(traces);
    return { ...ending, main: MAIN, places, sites, entries: existsSync(entered) ? readEntries(entered, sites) : [] };
  });
}

const MAIN = "main.py";
const HOOKS = fileURLToPath(new URL("./drift_entries.py", import.meta.url));
/** The last line of a traceback, and the innermost place in it. */
const MESSAGE = /[^\n]+(?=\s*$(?![\s\S]))/m;
const PLACE = /^[\s\S]*File "([^"/<][^"]*)", line (\d+)/;

async function placesOf(root: string, files: readonly string[]): Promise<Places> {
  const { definitions, sites } = await derivePythonStatic({ root, measured: files, context: [] });
  const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), "utf8").split("\n")]));
  const functions = definitions.filter((one) => !isClass(one, texts.get(one.file) ?? []));
  return {
    functions: functions.map(({ id, file, span, name }) => ({
      id,
      file,
      qualifiedName: name,
      isAnonymous: name.endsWith("<lambda>"),
      ...span,
    })),
    calls: sites.map(({ id, file, span, callee }): PlacedCall => ({
      id,
      file,
      line: span.line,
      column: span.column,
      caller: functions.filter((one) => one.file === file && holds(one, span)).toSorted(innermostFirst)[0]?.id ?? null,
      name: callee?.name ?? null,
      isNew: false,
    })),
  };
}

/** A class stands among the definitions when it has no `__init__`; its header says what it is. */
function isClass({ span, body }: Definition, lines: readonly string[]): boolean {
  return lines.slice(span.line - 1, body.line).some((line) => /^\s*class\b/.test(line));
}

/** Decorators and defaults belong to what is around the function. */
function holds({ body, span: outer }: Definition, inner: Definition["span"]): boolean {
  const starts = body.line < inner.line || (body.line === inner.line && body.column <= inner.column);
  const ends = outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn);
  return starts && ends;
}

function innermostFirst(a: Definition, b: Definition): number {
  return b.body.line - a.body.line || b.body.column - a.body.column;
}

const EntryLine = z.tuple([z.boolean(), z.array(z.string())]);

/** Whoever asks a generator for its next value starts it; where the call that made it was seen, that is its caller. */
function readEntries(file: string, sites: ReadonlyMap<string, TracedSite>): Entry[] {
  const called = new Set([...sites.values()].flatMap(({ definitions }) => definitions));
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => EntryLine.parse(JSON.parse(line)))
    .flatMap(([isGenerator, [definition = "", ...below]]) =>
      isGenerator && called.has(definition) ? [] : [{ definition, below }],
    );
}
