import { describe, expect, test } from "vitest";
import { manifestProblems, sourceProblems } from "../checks/boundaries.mjs";
import { crateProblems, rustSourceProblems } from "../checks/rust-boundaries.mjs";

describe("TypeScript", () => {
  test.each([
    ["corpora/src/manifest.ts", 'import { open } from "@drift/engine";'],
    ["corpora/src/manifest.ts", 'import type { Project } from "@drift/engine";'],
    ["engine/src/project.ts", 'const { run } = await import("@drift/cibench");'],
    ["site/src/data/board.ts", 'import { Measurement } from "@drift/harness";'],
    ["site/src/pages/index.astro", '---\nimport { x } from "../../../harness/src/store/schema.ts";\n---'],
  ])("%s may not take an arrow that is not drawn: %s", (path, text) => {
    expect(sourceProblems(path, text)).toContainEqual(expect.stringMatching(/may not import/));
  });

  test.each([
    ["cibench/src/adapters/drift.ts", 'import { open } from "@drift/engine";'],
    ["harness/src/run.ts", 'import { runTool } from "@drift/cibench";\nimport { listCorpora } from "@drift/corpora";'],
    ["corpora/src/fetch.ts", 'import pacote from "pacote";'],
    ["harness/src/store/open.ts", 'import Database from "better-sqlite3";'],
    ["site/src/data/board.ts", 'import Database from "better-sqlite3";'],
    ["site/src/pages/index.astro", 'import type { Database } from "better-sqlite3";'],
    [
      "engine/src/project.ts",
      '// import { run } from "@drift/cibench";\n/* fetch("x") */ const a = corpus.fetch("zod"); prefetch(a);',
    ],
    ["engine/src/index.ts", 'export { open } from "./project.ts";'],
  ])("%s may: %s", (path, text) => {
    expect(sourceProblems(path, text)).toEqual([]);
  });

  test.each([
    ["cibench/src/run.ts", 'import { open } from "@drift/engine";', "a tool under test"],
    ["cibench/src/run.ts", 'import http from "node:http";', "the network"],
    ["harness/src/run.ts", 'await fetch("https://example.com");', "the network"],
    ["harness/src/leaderboard.ts", 'import Database from "better-sqlite3";', "the results database"],
    ["corpora/src/generate/shapes.ts", "const x = Math.random();", "unseeded randomness"],
    ["harness/src/run.ts", 'import { tasks } from "../../cibench/src/run.ts";', "by its package's name"],
    ["engine/src/index.ts", 'export * from "./project.ts";', "export *"],
    ["engine/src/binding/index.ts", "", "index.ts exists only"],
  ])("%s: %s", (path, text, words) => {
    expect(sourceProblems(path, text)).toEqual([expect.stringContaining(words)]);
  });

  test("a package depends on nothing it may not import", () => {
    expect(manifestProblems("corpora", { dependencies: { "@drift/engine": "workspace:*", zod: "catalog:" } })).toEqual([
      "corpora/package.json: corpora may not depend on @drift/engine",
    ]);
    expect(manifestProblems("harness", { dependencies: { "@drift/engine": "workspace:*" } })).toEqual([]);
  });
});

describe("Rust", () => {
  const manifest = (crate, body) => crateProblems(`crates/${crate}/Cargo.toml`, body);

  test("a crate uses those below it", () => {
    expect(
      manifest(
        "drift-graph",
        '[dependencies]\ndrift-facts.workspace = true\ndrift-text = { workspace = true }\n[dev-dependencies]\ndrift-engine.workspace = true\nrusqlite = "1"\n',
      ),
    ).toEqual([]);
    expect(manifest("drift-facts", "[dependencies]\ndrift-graph.workspace = true\n")).toEqual([
      expect.stringContaining("may not use drift-graph"),
    ]);
    expect(manifest("drift-facts", '[dependencies.drift-store]\npath = "../drift-store"\n')).toEqual([
      expect.stringContaining("may not use drift-store"),
    ]);
    expect(manifest("drift-new", "[dependencies]\n")).toEqual([expect.stringContaining("has no place")]);
  });

  test("only one crate each knows SQLite, Node and ignore rules", () => {
    expect(manifest("drift-store", "[dependencies]\nrusqlite.workspace = true\n")).toEqual([]);
    expect(manifest("drift-engine", "[dependencies]\nrusqlite.workspace = true\n")).toEqual([
      expect.stringContaining("reserved for drift-store"),
    ]);
    expect(manifest("drift-engine", '[dependencies]\nnapi-derive = "3"\n')).toEqual([
      expect.stringContaining("reserved for drift-napi"),
    ]);
    expect(manifest("drift-engine", "[dependencies]\nignore.workspace = true\n")).toEqual([
      expect.stringContaining("reserved for drift-scan"),
    ]);
  });

  test("only the scanner and the store open files, tests apart", () => {
    expect(rustSourceProblems("crates/drift-graph/src/build.rs", "use std::fs;\n")).toEqual([
      expect.stringContaining("build.rs:1"),
    ]);
    expect(
      rustSourceProblems(
        "crates/drift-graph/src/build.rs",
        "// std::fs\nfn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n",
      ),
    ).toEqual([]);
    expect(rustSourceProblems("crates/drift-graph/src/tests.rs", "use std::fs;\n")).toEqual([]);
    expect(rustSourceProblems("crates/drift-scan/src/walk.rs", "use std::fs;\n")).toEqual([]);
  });
});
