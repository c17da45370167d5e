import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { CorpusSpec } from "../../src/manifest.ts";
import type { FetchedCorpus } from "../../src/fetch.ts";
import { CANARY } from "../../src/truth/canary.ts";
import { splitOf } from "../../src/truth/split.ts";
import type { Sandbox } from "../../src/derive/sandbox.ts";

/** Runs what a test wrote itself without a sandbox, so that it says the same on every computer. */
export const OPEN: Sandbox = { name: "none, the code is our own", wrap: (command) => [...command] };

/** A Python corpus in a folder, whose tests in `tests/` are run with unittest unless told otherwise. */
export function pythonCorpus(root: string, files: string[], tests: object | null = {}): FetchedCorpus {
  const spec = CorpusSpec.parse({
    schemaVersion: 2,
    canary: CANARY,
    id: "tiny",
    kind: "real",
    family: "tiny",
    description: "for tests",
    version: "1.0",
    language: "python",
    licence: "MIT",
    split: splitOf("tiny"),
    sizeClass: "small",
    source: {
      type: "pypi",
      name: "tiny",
      version: "1.0",
      file: "tiny-1.0.tar.gz",
      archiveSha256: "0".repeat(64),
      sha256: "0".repeat(64),
    },
    measure: { include: ["**/*.py"], exclude: ["tests/**"] },
    context: { include: [], exclude: [] },
    compilerOptions: {},
    tests:
      tests === null
        ? null
        : {
            runner: "unittest",
            include: ["tests/test_*.py"],
            exclude: [],
            ownProcess: [],
            conditions: [],
            dependencies: [],
            timeoutMs: 100_000,
            ...tests,
          },
  });
  return { spec, root, files };
}

/** A folder with these files, gone when all tests of the file have ended. */
export function sharedFolder(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-python-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}
