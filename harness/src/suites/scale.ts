/**
 * Large generated projects: of one language, of two, and of a thousand packages. What a file costs must not grow with how
 * many there are. Processor time, so that other work on the computer counts little.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { generateProject, writeProject } from "@drift/corpora";
import type { ScaleRow } from "../store/long-file.ts";
import { measureFolder } from "./growth.ts";

/** The shape of a project. */
export type Shape = ScaleRow["shape"];

/** Indexes a project of this shape and size from nothing. */
export async function measureScale(
  shape: Shape,
  size: number,
  { seed, scratch }: { seed: number; scratch: string },
): Promise<ScaleRow> {
  const folder = path.join(scratch, "project");
  if (shape === "packages") writeAll(folder, packages(size));
  else {
    const ofOne = shape === "mixed" ? Math.ceil(size / 2) : size;
    await writeProject(generateProject({ seed, files: ofOne }), folder);
    if (shape === "mixed") writeAll(folder, pythonModules(size - ofOne));
  }
  const { least } = await measureFolder(folder, { rounds: 1, scratch, onRound: () => {} });
  fs.rmSync(folder, { recursive: true, force: true });
  return { shape, size, ...least };
}

type Files = Iterable<readonly [path: string, text: string]>;

function writeAll(folder: string, files: Files): void {
  for (const [name, text] of files) {
    const at = path.join(folder, name);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, text);
  }
}

/** Packages of a workspace, four files each, that import each other by name. */
function* packages(count: number): Files {
  yield ["package.json", JSON.stringify({ private: true, workspaces: ["packages/*"] })];
  for (let at = 0; at < count; at += 1) {
    const folder = `packages/p${at}`;
    const next = `@scale/p${(at * 7 + 1) % count}`;
    yield [`${folder}/package.json`, JSON.stringify({ name: `@scale/p${at}`, main: "src/index.ts", type: "module" })];
    yield [`${folder}/src/index.ts`, `export { start } from "./start.ts";\nexport { Part } from "./part.ts";\n`];
    yield [
      `${folder}/src/start.ts`,
      `import { Part } from "./part.ts";\nexport function start(n: number): number {\n  return n > 0 ? new Part(n).step() : stop();\n}\nfunction stop() { return 0; }\n`,
    ];
    yield [
      `${folder}/src/part.ts`,
      `import { start } from "${next}";\nimport { half } from "./half.ts";\nexport class Part {\n  constructor(readonly n: number) {}\n  step() { return start(half(this.n)); }\n}\n`,
    ];
    yield [`${folder}/src/half.ts`, `export const half = (n: number) => Math.floor(n / 2);\n`];
  }
}

/** Modules of one package of Python in folders of a hundred, that import each other. */
function* pythonModules(count: number): Files {
  yield ["py/__init__.py", ""];
  for (let at = 0; at < count; at += 1) {
    if (at % 100 === 0) yield [`py/part${at / 100}/__init__.py`, ""];
    const next = (at + 1) % count;
    yield [
      `py/part${Math.floor(at / 100)}/module${at}.py`,
      `from py.part${Math.floor(next / 100)}.module${next} import Stage as Next\n\n\n` +
        `class Stage:\n    def __init__(self, size):\n        self.size = size\n\n    def total(self, items):\n` +
        `        return sum(step(item) for item in items)\n\n\n` +
        `def step(item):\n    return Next(item).total([item]) if item > 0 else abs(item)\n`,
    ];
  }
}

/** By how much a row's cost for a file, or call site, exceeds that of the smallest size of its shape; 0: not at all. */
export function excessOf(rows: readonly ScaleRow[], cost: (row: ScaleRow) => number | null): number {
  let most = 0;
  for (const shape of new Set(rows.map((row) => row.shape))) {
    const own = rows.filter((row) => row.shape === shape).toSorted((a, b) => a.files - b.files);
    const [first] = own;
    const base = first === undefined ? null : cost(first);
    if (first === undefined || base === null) continue;
    for (const row of own.slice(1)) {
      const value = cost(row);
      if (value !== null) most = Math.max(most, value / row.files / (base / first.files) - 1);
    }
  }
  return most;
}

export function renderScale(rows: readonly ScaleRow[]): string {
  const header = "shape       size    files  call sites    CPU s  of it solver s  per file ms  peak MiB";
  const lines = rows.map((row) =>
    [
      row.shape.padEnd(8),
      String(row.size).padStart(7),
      String(row.files).padStart(8),
      String(row.callSites).padStart(11),
      row.cpuSeconds.toFixed(2).padStart(8),
      row.solverSeconds.toFixed(2).padStart(15),
      ((1000 * row.cpuSeconds) / row.files).toFixed(2).padStart(12),
      (row.peakBytes === null ? "" : (row.peakBytes / 2 ** 20).toFixed(0)).padStart(9),
    ].join(" "),
  );
  return [header, ...lines].join("\n");
}
