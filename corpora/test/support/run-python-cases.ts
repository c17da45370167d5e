/** Python's conformance cases on disk and at work: traced as corpora are, and asked where functions are entered from. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import type { ConformanceCase } from "../../conformance/javascript/cases.ts";
import { moduleOf } from "../../conformance/python/notebook.ts";
import { derivePythonStatic, derivePythonTrace } from "../../src/derive/python.ts";
import { findPython } from "../../src/derive/python/interpreter.ts";
import type { TracedSite, TraceTruth } from "../../src/derive/trace/traced-tests.ts";
import { OPEN, pythonCorpus, sharedFolder } from "./python.ts";

/** What was read and seen of all cases; sites and definitions are at the places that they have in the cases' files. */
export interface PythonRun {
  trace: TraceTruth;
  /** By folder and id. */
  sites: Map<string, Map<string, TracedSite>>;
  /** What reading alone is sure of, by folder and id. */
  certain: Map<string, Map<string, string[]>>;
  /** From which lines each function was entered, by its place and `path:line`, for all lines on the stack. */
  entered: { definition: string; lines: string[] }[];
}

/** Runs each case in turn, as a script of its own, in one process. */
export async function runPythonCases(cases: readonly (ConformanceCase & { folder: string })[]): Promise<PythonRun> {
  const files: Record<string, string> = {};
  const columns = new Map<string, (line: number, column: number) => number>();
  for (const { folder, files: own } of cases) {
    for (const [file, text] of Object.entries(own)) {
      if (!file.endsWith(".ipynb")) files[`${folder}/${file}`] = text;
      else {
        const { module, column } = moduleOf(text);
        const run = `${folder}/${file.replace(/\.ipynb$/, ".py")}`;
        files[run] = module;
        columns.set(run, column);
      }
    }
  }
  const root = sharedFolder({
    ...files,
    "tests/test_cases.py": RUNNER.replace("[]", JSON.stringify(cases.map(planOf))),
  });
  const measured = Object.keys(files).filter((file) => /\.pyi?$/.test(file));
  const sources = measured.filter((file) => file.endsWith(".py")).sort();
  const trace = await derivePythonTrace(pythonCorpus(root, sources), {
    cacheDir: sharedFolder({}),
    context: [],
    sandbox: OPEN,
  });
  const read = await derivePythonStatic({ root, measured: sources, context: [] });

  const placed = (place: string): { folder: string; id: string } => {
    const [, folder = "", file = "", rest = ""] = /^(case\d+)\/([^:]*):(.*)$/.exec(place) ?? [];
    const column = columns.get(`${folder}/${file}`);
    if (column === undefined) return { folder, id: `${file}:${rest}` };
    const moved = rest.replaceAll(/(\d+):(\d+)/g, (_, line: string, at: string) => `${line}:${column(+line, +at)}`);
    return { folder, id: `${file.replace(/\.py$/, ".ipynb")}:${moved}` };
  };
  const idOf = (place: string): string => placed(place).id;
  const sites: PythonRun["sites"] = new Map(cases.map(({ folder }) => [folder, new Map()]));
  for (const [place, site] of trace.sites) {
    const { folder, id } = placed(place);
    const { definitions, callbacks } = site;
    sites.get(folder)?.set(id, { ...site, definitions: definitions.map(idOf), callbacks: callbacks.map(idOf) });
  }
  const certain: PythonRun["certain"] = new Map(cases.map(({ folder }) => [folder, new Map()]));
  for (const { id: place, must } of read.sites) {
    const { folder, id } = placed(place);
    const names = must.map((target) => ("external" in target ? `<${target.external}>` : idOf(target.definition)));
    certain.get(folder)?.set(id, names);
  }
  return { trace, sites, certain, entered: await entriesOf(root) };
}

/** What the runner needs to know of a case. */
function planOf({ folder, files, entry }: ConformanceCase & { folder: string }): object {
  const project = files["pyproject.toml"] ?? "";
  const where = /where = \[(.*)\]/.exec(project)?.[1]?.matchAll(/"([^"]+)"/g) ?? [];
  const folders = [...project.matchAll(/(\w+|"") = "(\w+)"/g)].map(([, name = "", at = ""]) => [name, at]);
  const own = project.includes("package-dir") ? folders : [];
  const roots = [
    ...[...where].map(([, at = ""]) => at),
    ...own.filter(([name]) => name === '""').map(([, at = ""]) => at),
    ...(Object.keys(files).some((file) => file.startsWith("src/")) ? ["src"] : []),
  ];
  const named = own.filter(([name]) => name !== '""');
  return { folder, entry: entry.replace(/\.ipynb$/, ".py"), roots, named };
}

async function entriesOf(root: string): Promise<PythonRun["entered"]> {
  const python = await findPython();
  if (python === null) return [];
  const out = path.join(root, "entries.jsonl");
  const program = path.join(root, "entries.py");
  writeFileSync(program, ENTRIES);
  const run = await execa(python.command, ["-B", "-W", "ignore", program, out], { cwd: root, reject: false });
  if (!existsSync(out) || run.exitCode !== 0) throw new Error(`the cases did not run: ${run.stderr}`);
  return readFileSync(out, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as PythonRun["entered"][number]);
}

/** Each case is run as the script that it is; what it imported is forgotten before the next one. */
const RUNNER = `import importlib, importlib.util, os, sys, unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CASES = []


def run(plan):
    own = os.path.join(ROOT, plan["folder"])
    entry = os.path.join(own, plan["entry"])
    path, modules, main = list(sys.path), set(sys.modules), sys.modules["__main__"]
    is_package = entry.endswith("__main__.py")
    first = own if is_package else os.path.dirname(entry)
    sys.path[:0] = [first] + [os.path.join(own, root) for root in plan["roots"]]
    try:
        for name, folder in plan["named"]:
            at = os.path.join(own, folder)
            spec = importlib.util.spec_from_file_location(
                name, os.path.join(at, "__init__.py"), submodule_search_locations=[at])
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        if is_package:
            importlib.import_module(os.path.relpath(entry, own)[:-3].replace(os.sep, "."))
        else:
            spec = importlib.util.spec_from_file_location("__main__", entry)
            sys.modules["__main__"] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules["__main__"])
    finally:
        sys.path[:] = path
        sys.modules["__main__"] = main
        # The deepest first: a package without a file asks the one around it where it lies.
        for name in sorted(set(sys.modules) - modules, reverse=True):
            module = sys.modules[name]
            places = [getattr(module, "__file__", None) or "", *map(str, getattr(module, "__path__", []))]
            if any(place.startswith(own + os.sep) for place in places) or name == "fast":
                del sys.modules[name]
        importlib.invalidate_caches()


class Cases(unittest.TestCase):
    pass


def add(plan):
    setattr(Cases, "test_" + plan["folder"], lambda self: run(plan))


for plan in CASES:
    add(plan)
`;

/** Writes each entered function of a case, with the lines on the stack above it. */
const ENTRIES = `import json, os, sys

sys.path.insert(0, "tests")
import test_cases

ROOT = test_cases.ROOT + os.sep
out = open(sys.argv[1], "w", encoding="utf-8")


def own(frame):
    file = os.path.abspath(frame.f_code.co_filename)
    return file[len(ROOT):] if file.startswith(ROOT + "case") else None


def trace(frame, event, _):
    file = own(frame)
    if event != "call" or file is None or frame.f_code.co_name == "<module>":
        return
    lines, above = [], frame.f_back
    while above is not None:
        if own(above) is not None:
            lines.append(f"{own(above)}:{above.f_lineno}")
        above = above.f_back
    record = {"definition": f"{file}:{frame.f_code.co_firstlineno}", "lines": lines}
    out.write(json.dumps(record) + "\\n")


sys.settrace(trace)
for plan in test_cases.CASES:
    test_cases.run(plan)
sys.settrace(None)
out.close()
`;
