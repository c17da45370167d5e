/** Tests that vitest runs: each file in a realm of its own, or where it asks for it in a process. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJson } from "../../cache.ts";
import type { CorpusTests } from "../../manifest.ts";
import { selectFiles } from "../../tree.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { Counts } from "./report.ts";
import type { Wanted } from "./tap.ts";

/** Vitest's defaults for code on a server, behind the conditions of the corpus. */
const CONDITIONS = ["module", "node", "development|production", "import", "default"];

export async function vitestCommand({ scratch, tests, files, report }: Wanted): Promise<string[]> {
  const apart = selectFiles(files, { include: tests.ownProcess, exclude: [] });
  // A slow computer is no reason to fail; the whole run has a limit. Yet pictures that nobody loads are waited for.
  const patience = tests.setup?.environment === undefined ? 120_000 : 15_000;
  const shared = {
    watch: false,
    maxWorkers: 2,
    testTimeout: patience,
    hookTimeout: patience,
    setupFiles: [path.join(scratch, OWN_FOLDER, "setup.mjs"), ...(tests.setup?.files ?? [])],
  };
  const project = (name: string, test: object): object => ({ extends: true, test: { ...shared, name, ...test } });
  const together = files.filter((one) => !apart.includes(one));
  const projects = [
    ...(together.length > 0 ? [project("realms", { pool: "vmForks", include: together })] : []),
    ...(apart.length > 0 ? [project("processes", { pool: "forks", include: apart })] : []),
  ];
  const conditions = [...tests.conditions, ...CONDITIONS];
  const config = {
    define: tests.setup?.define ?? {},
    resolve: { conditions, alias: aliases(scratch, tests) },
    ssr: { resolve: { conditions, externalConditions: [...tests.conditions, "node", "import"] } },
    test: { ...shared, projects },
  };
  const file = path.join(scratch, OWN_FOLDER, "vitest.config.mjs");
  await writeFile(file, `export default ${JSON.stringify(config, null, 2)};\n`);
  const environment = tests.setup?.environment === "jsdom" ? BROWSER : "";
  await writeFile(path.join(scratch, OWN_FOLDER, "setup.mjs"), SETUP + environment);
  const vitest = path.join(scratch, "node_modules", "vitest", "vitest.mjs");
  const reporting = ["--reporter=json", `--outputFile=${report}`];
  return [process.execPath, vitest, "run", "--root", scratch, "--config", file, ...reporting];
}

/** Brings the hooks into the realm of a test file, and saves before its process may be stopped. */
const SETUP = `import { afterAll } from "vitest";
const trace = process[Symbol.for("drift.trace")];
if (trace !== undefined) {
  // Known before the test file itself is loaded; its modules already count.
  trace.begin(globalThis.__vitest_worker__?.filepath ?? "");
  Object.defineProperty(globalThis, "__drift__", { value: trace.hooks, enumerable: false, configurable: true });
  afterAll(() => trace.flush());
}
`;

/**
 * What a page sees, for corpora that draw or listen; what both have stays node's, save events. Its canvas draws nothing:
 * tests that look at pixels fail, with and without tracing, and what they enter until then counts.
 */
const BROWSER = `// Loaded once for a process, not for each realm.
const { JSDOM } = process.getBuiltinModule("node:module").createRequire(import.meta.url)("jsdom");
const { window } = new JSDOM("<!DOCTYPE html>", { url: "http://localhost/", pretendToBeVisual: true });
const browsers = /^(?:.*Event|EventTarget|navigator|Blob|File|FormData|DOMException|Abort.*)$/;
for (const name of Object.getOwnPropertyNames(window)) {
  if (name in globalThis && !browsers.test(name)) continue;
  const value = window[name];
  const bound = typeof value === "function" && /^[a-z]/.test(name) ? value.bind(window) : value;
  Object.defineProperty(globalThis, name, { value: bound, writable: true, configurable: true });
}
Object.assign(globalThis, { window: globalThis, self: globalThis, top: globalThis, parent: globalThis, jsdom: { window } });
const pixels = (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) });
const paint = () => ({ addColorStop() {}, setTransform() {} });
const drawing = (canvas) => ({
  canvas,
  measureText: (text) => ({ width: 10 * text.length, actualBoundingBoxAscent: 10, actualBoundingBoxDescent: 2 }),
  getTransform: () => ({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }),
  getImageData: (x, y, width, height) => pixels(width, height),
  createImageData: pixels,
  createLinearGradient: paint,
  createRadialGradient: paint,
  createPattern: paint,
});
const contexts = new WeakMap();
window.HTMLCanvasElement.prototype.toDataURL = () => "data:image/png;base64,";
window.HTMLCanvasElement.prototype.toBlob = (give, type = "image/png") => queueMicrotask(() => give(new Blob([], { type })));
window.HTMLCanvasElement.prototype.getContext = function (kind) {
  if (kind !== "2d") return null;
  const nothing = { get: (target, key) => (key in target ? target[key] : () => undefined) };
  if (!contexts.has(this)) contexts.set(this, new Proxy(drawing(this), nothing));
  return contexts.get(this);
};
`;

function aliases(scratch: string, tests: CorpusTests): { find: string; replacement: string }[] {
  return Object.entries(tests.setup?.alias ?? {}).map(([find, file]) => ({
    find,
    replacement: path.join(scratch, file),
  }));
}

const VitestReport = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

export async function readVitestReport(file: string): Promise<Counts | null> {
  const report = VitestReport.safeParse(await readJson(file));
  if (!report.success) return null;
  const failures = report.data.testResults.flatMap((suite) => {
    const failed = suite.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => fullName.trim());
    // A file that cannot be loaded fails without a single test.
    return failed.length === 0 && suite.status === "failed" ? [path.basename(suite.name)] : failed;
  });
  return { passed: report.data.numPassedTests, failed: failures.length, failures };
}
