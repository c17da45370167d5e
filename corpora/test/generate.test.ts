import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import ts from "typescript-classic";
import { expect, test } from "vitest";
import { type CompilerSite, deriveCompilerTruth } from "../src/derive/compiler.ts";
import { instrument, Registry } from "../src/derive/trace/instrument.ts";
import { readTraces } from "../src/derive/trace/gather.ts";
import { GENERATED_OPTIONS, generateProject, projectTruth, writeProject } from "../src/generate/calls.ts";
import { SiteTruth, Stratum } from "../src/truth/schema.ts";
import { folderWith } from "./support/folder.ts";

const PROJECT = { seed: 3, files: 60 };

test("the same seed gives the same bytes, another seed others", () => {
  const digest = (seed: number): string =>
    createHash("sha256")
      .update(JSON.stringify([...generateProject({ seed, files: 30 })]))
      .digest("hex");
  expect(digest(1)).toBe("a249fe049a73f7f3ef14e724cebd74084a1910b55885ba0156f1dd0c0704a9b5");
  expect(digest(1)).toBe(digest(1));
  expect(digest(2)).not.toBe(digest(1));
});

test("a project has exactly as many files as were asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 300 }), fc.nat(), (files, seed) => {
      expect(new Set([...generateProject({ seed, files })].map(({ file }) => file)).size).toBe(files);
    }),
    { seed: 1, numRuns: 20 },
  );
});

test("even the smallest projects have calls of every kind, and truth that fits the schema", () => {
  const { sites, definitions } = projectTruth({ seed: 1, files: 40 });
  expect(new Set(sites.map(({ stratum }) => stratum))).toEqual(new Set(Stratum.options));
  expect(SiteTruth.omit({ baselines: true, easy: true }).array().safeParse(sites).success).toBe(true);
  const known = new Set(definitions.map(({ id }) => id));
  expect(known.size).toBe(definitions.length);
  for (const target of sites.flatMap(({ must }) => must)) {
    expect("external" in target || known.has(target.definition)).toBe(true);
  }
});

test("names alone do not tell where a call goes", () => {
  const { sites, definitions } = projectTruth(PROJECT);
  const byName = Map.groupBy(definitions, ({ name }) => name.split(".").at(-1) as string);
  const named = sites.filter(({ callee, must }) => callee !== null && must.some((target) => "definition" in target));
  const unique = named.filter(({ callee, must }) => {
    const found = byName.get(callee?.name ?? "") ?? [];
    return found.length === 1 && must.every((target) => "definition" in target && target.definition === found[0]?.id);
  });
  expect(unique.length / named.length).toBeLessThan(0.1);
});

test("the compiler finds no error in a project, and agrees with what was planted", async () => {
  const root = folderWith();
  await writeProject(generateProject(PROJECT), root);
  const truth = projectTruth(PROJECT);
  const typeRoots = [path.resolve(import.meta.dirname, "../node_modules/@types")];
  const { options } = ts.convertCompilerOptionsFromJson({ ...GENERATED_OPTIONS, typeRoots }, root);
  const program = ts.createProgram({ rootNames: truth.files.map((file) => path.join(root, file)), options });
  expect(
    ts.getPreEmitDiagnostics(program).map((one) => ts.flattenDiagnosticMessageText(one.messageText, "\n")),
  ).toEqual([]);

  const compiler = deriveCompilerTruth({
    root,
    measured: truth.files,
    context: [],
    compilerOptions: GENERATED_OPTIONS,
  });
  expect(compiler.definitions).toEqual(truth.definitions);
  const about = (site: { id: string; stratum: string; syntax: string; callee: unknown }): unknown[] => [
    site.id,
    site.stratum,
    site.syntax,
    site.callee,
  ];
  expect(compiler.sites.map(about)).toEqual(truth.sites.map(about));
  const told = truth.sites.map(({ id, must }, i) => ({ id, planted: must, said: compiler.sites[i] as CompilerSite }));
  for (const { id, planted, said } of told.filter((one) => one.said.complete)) {
    expect([...said.must, ...said.may], id).toEqual(expect.arrayContaining(planted));
  }
  for (const { id, planted, said } of told.filter((one) => one.said.must.length === 1))
    expect(said.must, id).toEqual(planted);
}, 120_000);

test("a project that runs under the tracer enters exactly what was planted", async () => {
  const root = folderWith();
  await writeProject(generateProject(PROJECT), root);
  const registry = new Registry();
  for (const { file, text } of generateProject(PROJECT)) {
    await writeFile(path.join(root, file), instrument({ file, text, registry, withSites: true }));
  }
  const traces = path.join(root, "traces");
  await mkdir(traces);
  const runtime = path.resolve(import.meta.dirname, "../src/derive/trace/runtime.mts");
  await execa(process.execPath, ["--import", runtime, path.join(root, "src/main.ts")], {
    env: { DRIFT_TRACE_FOLDER: traces },
  });
  const seen = new Map<string, Set<string>>();
  for (const { site, kind, target } of await readTraces(traces)) {
    if (kind === "c") continue; // What built-ins enter in their turn was not planted as a call.
    const id = registry.sites[site] ?? "";
    const shown =
      kind === "d"
        ? JSON.stringify({ definition: registry.definitions[Number(target)] })
        : kind === "n"
          ? JSON.stringify({ external: target })
          : "outside";
    seen.set(id, (seen.get(id) ?? new Set()).add(shown));
  }
  for (const { id, must } of projectTruth(PROJECT).sites) {
    // `basename` of node:path is no native function, so the tracer only knows that it lies outside.
    const planted = must.map((target) =>
      "external" in target && target.external === "basename" ? "outside" : JSON.stringify(target),
    );
    expect([...(seen.get(id) ?? [])].sort(), id).toEqual(planted.sort());
  }
  expect(seen.size).toBe(projectTruth(PROJECT).sites.length);
});

test("writing a project twice gives the same files", async () => {
  const root = folderWith();
  await writeProject(generateProject({ seed: 5, files: 12 }), root);
  const first = await readFile(path.join(root, "src/main.ts"), "utf8");
  await rm(path.join(root, "src"), { recursive: true });
  await writeProject(generateProject({ seed: 5, files: 12 }), root);
  expect(await readFile(path.join(root, "src/main.ts"), "utf8")).toBe(first);
  expect((await readdir(root)).sort()).toEqual(["package.json", "src", "tsconfig.json"]);
});
