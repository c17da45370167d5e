import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/program.ts";
import { deriveCompilerTruth } from "../src/derive/compiler.ts";
import { derivePythonStatic, derivePythonTrace } from "../src/derive/python.ts";
import { findPython } from "../src/derive/python/interpreter.ts";
import { readTraces } from "../src/derive/trace/gather.ts";
import { instrument, Registry } from "../src/derive/trace/instrument.ts";
import { type Checked, checkProject } from "../src/generate/layered/check.ts";
import { LAYERED_OPTIONS } from "../src/generate/layered/printers/ecmascript.ts";
import { generateLayered, headerOf, type LayeredOptions } from "../src/generate/layered/project.ts";
import { splitOfTrait, type Trait, TRAITS } from "../src/generate/layered/traits.ts";
import { LayeredLanguage } from "../src/generate/layered/language.ts";
import { LayeredFact, LayeredHeader } from "../src/generate/layered/truth.ts";
import { PROJECT_FOLDER, TRUTH_FILE, writeLayered } from "../src/generate/layered/write.ts";
import { findTellingText } from "../src/lint/leaks.ts";
import { Stratum } from "../src/truth/schema.ts";
import { folderWith } from "./support/folder.ts";
import { OPEN, pythonCorpus } from "./support/python.ts";

type Fact<Kind extends LayeredFact["fact"]> = Extract<LayeredFact, { fact: Kind }>;

/** Ten domains: each way of planting something has had its turn. */
const PROJECT = { files: 100, seed: 11 };

function generate(options: LayeredOptions): { files: Map<string, string>; facts: LayeredFact[]; sources: string[] } {
  const batches = [...generateLayered(options)];
  const sources = batches.flatMap((batch) => batch.sources);
  return {
    files: new Map([...sources, ...batches.flatMap(({ support }) => support)].map(({ file, text }) => [file, text])),
    facts: batches.flatMap(({ facts }) => facts),
    sources: sources.map(({ file }) => file),
  };
}

function of<Kind extends LayeredFact["fact"]>(facts: readonly LayeredFact[], kind: Kind): Fact<Kind>[] {
  return facts.filter((one): one is Fact<Kind> => one.fact === kind);
}

/** Files whose calls are known. */
function measured(facts: readonly LayeredFact[]): string[] {
  return [...new Set(of(facts, "definition").map(({ definition }) => definition.file))].sort();
}

function written(options: LayeredOptions): { root: string } & ReturnType<typeof generate> {
  const made = generate(options);
  return { root: folderWith(Object.fromEntries(made.files)), ...made };
}

// --- the same for all languages --------------------------------------------------------------------------------------------

const DIGESTS: Record<LayeredLanguage, string> = {
  typescript: "d46740814c2f2cc75ee12e515040ace951d0ab07f627f78cad256e3d7bd552b3",
  javascript: "7d24e25480b75172fd4ff0171ec66d2a84a19f99cf4b76032cd6f0ddc4467162",
  python: "499d038b0e6712fd5c57388d39e6f07a93a107b80c02b757495cd8c30869d1a0",
  go: "fe3e97afb356a522b88ae910d7cdb2f25bb615fc57df2290086eb0569bdafb8b",
  java: "9fb2fc7f8e7e7550931ff9231f282a3e93d49e3d02f0a21706ad20bb3aeb8933",
};

test.for(LayeredLanguage.options)("the same seed gives the same bytes of %s, another seed others", (language) => {
  const digest = (seed: number): string => {
    const hash = createHash("sha256");
    for (const batch of generateLayered({ language, files: PROJECT.files, seed })) hash.update(JSON.stringify(batch));
    return hash.digest("hex");
  };
  expect(digest(1)).toBe(DIGESTS[language]);
  expect(digest(2)).not.toBe(digest(1));
});

test("a project has exactly as many sources as were asked for, each once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 450 }),
      fc.nat(),
      fc.constantFrom(...LayeredLanguage.options),
      fc.constantFrom("fit", "report", null),
      (files, seed, language, split) => {
        const { sources } = generate({ language, files, seed, split });
        expect(sources).toHaveLength(files);
        expect(new Set(sources.map((file) => file.toLowerCase())).size).toBe(files);
      },
    ),
    { seed: 1, numRuns: 8 },
  );
});

test.for(LayeredLanguage.options)(
  "facts about %s fit their schema, and nothing in the files gives them away",
  (language) => {
    const { facts, files, sources } = generate({ language, ...PROJECT });
    expect(LayeredHeader.parse(headerOf({ language, ...PROJECT }))).toMatchObject({ language, ...PROJECT });
    for (const fact of facts) LayeredFact.parse(fact);
    const texts = sources.map((file) => ({ file, text: files.get(file) ?? "" }));
    const names = of(facts, "definition").map(({ definition }) => definition);
    expect(findTellingText(texts, names)).toEqual([]);
    const telling = /dead|unsafe|outlier|\btrap|taint|sanit|vulner|missing|planted|undecid|legacy|unused/i;
    expect(texts.filter(({ file, text }) => telling.test(file) || telling.test(text)).map(({ file }) => file)).toEqual(
      [],
    );
    // What a fact is about stands where it says.
    const known = new Set(names.map(({ id }) => id));
    expect(known.size).toBe(names.length);
    for (const { must, file, span, callee } of of(facts, "call")) {
      for (const target of must) expect("external" in target || known.has(target.definition)).toBe(true);
      const lines = (files.get(file) ?? "").split("\n");
      expect(lines[span.endLine - 1]?.slice(0, span.endColumn - 1)).toMatch(/\)$/);
      const named = callee === null ? "" : lines[callee.line - 1]?.slice(callee.column - 1);
      expect(named?.startsWith(callee?.name ?? "")).toBe(true);
    }
  },
);

test("a project of ten domains has facts of every kind and trait, calls of every kind among them", () => {
  const { facts } = generate({ language: "typescript", ...PROJECT });
  expect(new Set(facts.map(({ fact }) => fact))).toEqual(
    new Set(LayeredFact.options.map((one) => one.shape.fact.value)),
  );
  const told = new Set(facts.flatMap((fact) => ("trait" in fact ? [fact.trait] : [])));
  // These are told by what calls they hold.
  const silent = TRAITS.filter((trait) => trait.startsWith("calls-"));
  expect([...told, ...silent].sort()).toEqual([...TRAITS].sort());
  expect(new Set(of(facts, "call").map(({ stratum }) => stratum))).toEqual(new Set(Stratum.options));
  expect(new Set(of(facts, "route").map(({ by }) => by))).toEqual(
    new Set(["route", "router", "mount", "handler", null]),
  );
});

test("a folder that cannot be written is an error that says so, and what is cut short has no truth", async () => {
  const options = { language: "go" as const, files: 10, seed: 1 };
  const root = folderWith();
  const long = path.join(root, "x".repeat(300));
  await expect(writeLayered(long, options)).rejects.toMatchObject({ code: "CORPUS_FOLDER" });
  const out = path.join(root, "cut");
  const stop = (): never => {
    throw new Error("stopped");
  };
  await expect(writeLayered(out, options, stop)).rejects.toThrow("stopped");
  expect(readdirSync(out).sort()).toEqual([PROJECT_FOLDER, `${TRUTH_FILE}.part`]);
});

test.for(["fit", "report"] as const)("a project of split %s has only traits of that side", (split) => {
  const { facts } = generate({ language: "javascript", ...PROJECT, split });
  const traits = facts.flatMap((fact) => ("trait" in fact ? [fact.trait as Trait] : []));
  expect(traits.length).toBeGreaterThan(0);
  for (const trait of traits) expect(splitOfTrait(trait)).toBe(split);
});

test("what is planned is the same in every language", () => {
  const shown = (language: LayeredLanguage): unknown[] =>
    generate({ language, ...PROJECT }).facts.flatMap((fact) => ("trait" in fact ? [[fact.fact, fact.trait]] : []));
  for (const language of LayeredLanguage.options) expect(shown(language)).toEqual(shown("typescript"));
});

test("names alone do not tell where a call goes", () => {
  const { facts } = generate({ language: "typescript", files: 400, seed: 3 });
  const names = of(facts, "definition").map(({ definition }) => definition.name.split(".").at(-1));
  const count = new Map<string | undefined, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  const inCore = (id: string): boolean => id.startsWith("src/core/");
  const calls = of(facts, "call").filter(({ callee, must }) =>
    must.some((target) => callee !== null && "definition" in target && !inCore(target.definition)),
  );
  const unique = calls.filter(({ callee }) => count.get(callee?.name) === 1);
  expect(unique.length / calls.length).toBeLessThan(0.25);
});

test("files are written as they were generated, the truth beside them, and nothing is overwritten", async () => {
  const out = path.join(folderWith(), "made");
  const options = { language: "python" as const, files: 20, seed: 5 };
  const { files, facts } = await writeLayered(out, options);
  expect(files).toBe(20);
  const lines = readFileSync(path.join(out, TRUTH_FILE), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([headerOf(options), ...generate(options).facts]);
  expect(Object.values(facts).reduce((sum, count) => sum + count)).toBe(lines.length - 1);
  for (const [file, text] of generate(options).files) {
    expect(readFileSync(path.join(out, PROJECT_FOLDER, file), "utf8")).toBe(text);
  }
  expect(readdirSync(out).sort()).toEqual([PROJECT_FOLDER, TRUTH_FILE]);
  await expect(writeLayered(out, options)).rejects.toMatchObject({ code: "CORPUS_EXISTS" });
  await expect(writeLayered(path.join(out, TRUTH_FILE), options)).rejects.toMatchObject({ code: "CORPUS_EXISTS" });
});

// --- TypeScript and JavaScript -----------------------------------------------------------------------------------------------

test("the compiler sees the definitions and calls in TypeScript that were planted", () => {
  const { root, facts } = written({ language: "typescript", ...PROJECT });
  const said = deriveCompilerTruth({ root, measured: measured(facts), context: [], compilerOptions: LAYERED_OPTIONS });
  const byId = <T extends { id: string }>(items: readonly T[]): T[] => items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(byId(of(facts, "definition").map(({ definition }) => definition))).toEqual(byId(said.definitions));
  const about = ({ id, span, callee, syntax, stratum }: Omit<Fact<"call">, "fact" | "must">): unknown => ({
    id,
    span,
    callee,
    syntax,
    stratum,
  });
  expect(byId(of(facts, "call")).map(about)).toEqual(
    byId(said.sites).map((site) => about({ ...site, executed: null })),
  );
  const planted = new Map(of(facts, "call").map(({ id, must }) => [id, must]));
  for (const { id, must } of said.sites.filter((site) => site.must.length === 1))
    expect(planted.get(id), id).toEqual(must);
});

test.for(["typescript", "javascript"] as const)(
  "the tests of %s pass, and enter from each call exactly what was planted, under both environments",
  async (language) => {
    const { root, files, facts, sources } = written({ language, ...PROJECT });
    const extension = language === "typescript" ? "ts" : "js";
    const tests = sources.filter((file) => file.startsWith("test/"));
    const all = tests.map((file) => `import "./${file}";\n`).join("");
    await writeFile(path.join(root, "all.mjs"), all);
    const plain = await execa(process.execPath, ["--test-reporter=tap", "all.mjs"], { cwd: root });
    expect(plain.stdout).toMatch(/^# pass [1-9]\d+$/m);
    expect(plain.stdout).toContain("# fail 0");
    expect((await execa(process.execPath, [`main.${extension}`], { cwd: root })).exitCode).toBe(0);

    const registry = new Registry();
    for (const file of [...measured(facts), ...tests]) {
      await writeFile(
        path.join(root, file),
        instrument({ file, text: files.get(file) ?? "", registry, withSites: true }),
      );
    }
    const hooks = path.resolve(import.meta.dirname, "../src/derive/trace/runtime.mts");
    const outside = of(facts, "undecidable").map(({ runs }) => runs[1]?.env ?? {});
    const seen = await Promise.all(
      [{}, Object.assign({}, ...outside) as Record<string, string>].map(async (env, i) => {
        const folder = path.join(root, `traces-${i}`);
        await mkdir(folder);
        await execa(process.execPath, ["--import", hooks, "all.mjs"], {
          cwd: root,
          env: { ...env, DRIFT_TRACE_FOLDER: folder },
        });
        const entered = new Map<string, Set<string>>();
        for (const { site, kind, target } of await readTraces(folder)) {
          const id = registry.sites[site] ?? "";
          const shown = kind === "d" ? (registry.definitions[Number(target)] ?? "") : `${kind} ${target}`;
          entered.set(id, (entered.get(id) ?? new Set()).add(shown));
        }
        return entered;
      }),
    );
    const [usual, other] = seen as [Map<string, Set<string>>, Map<string, Set<string>>];
    for (const { id, must, executed } of of(facts, "call")) {
      const found = new Set([...(usual.get(id) ?? []), ...(other.get(id) ?? [])]);
      const targets = must.map((target) => ("external" in target ? `n ${target.external}` : target.definition));
      // What a language needs a call for by itself may or may not run.
      const isRun = executed ?? found.size > 0;
      expect([...found].sort(), id).toEqual(isRun ? targets.sort() : []);
    }
    for (const { call, definition, runs } of of(facts, "undecidable")) {
      expect([usual.get(call)?.has(definition), other.get(call)?.has(definition)], call).toEqual(
        runs.map(({ reaches }) => reaches),
      );
    }
    const enteredFrom = (isFrom: (site: string) => boolean): Set<string> =>
      new Set([usual, other].flatMap((run) => [...run].flatMap(([site, found]) => (isFrom(site) ? [...found] : []))));
    const [fromSources, fromTests] = [
      enteredFrom((id) => id.startsWith("src/")),
      enteredFrom((id) => id.startsWith("test/")),
    ];
    for (const { definition, state } of of(facts, "liveness")) {
      expect([fromSources.has(definition), fromTests.has(definition)], definition).toEqual([
        state === "alive",
        state === "test-only" || (state === "alive" && fromTests.has(definition)),
      ]);
    }
    for (const { definition, entered } of of(facts, "definition")) {
      expect(fromSources.has(definition.id) || fromTests.has(definition.id), definition.id).toBe(entered);
    }
  },
);

test("who gets in without a token, and what reaches the store and the journal, is what was planted", async () => {
  const { root, facts } = written({ language: "javascript", ...PROJECT });
  const routes = of(facts, "route");
  const flows = of(facts, "flow");
  const probe = [
    `import { createApp } from "./src/server/app.js";`,
    `import { Request } from "./src/core/http.js";`,
    `import { mainJournal } from "./src/core/store.js";`,
    `const app = createApp();`,
    `const ask = (way, token) => { const [area, path] = way.split("/"); return app.handleRequest(new Request(area, path, token, "ca'nary", 3)); };`,
    `const statuses = ${JSON.stringify(routes.map((route) => route.path))}.map((way) => ask(way, "").status);`,
    `const arrived = [];`,
    `for (const file of ${JSON.stringify(flows.map(({ source }) => source.file))}) {`,
    `  const area = file.split("/")[1].replaceAll("-", "_");`,
    `  const { mainRepository } = await import("./" + file);`,
    `  mainRepository.store.statements.length = 0;`,
    `  mainJournal.lines.length = 0;`,
    `  ask(area + "/list", "k-771");`,
    `  ask(area + "/change", "k-771");`,
    `  arrived.push([mainRepository.store.statements[0], [...mainJournal.lines]]);`,
    `}`,
    `console.log(JSON.stringify({ statuses, arrived }));`,
  ];
  await writeFile(path.join(root, "probe.mjs"), probe.join("\n"));
  const { stdout } = await execa(process.execPath, ["probe.mjs"], { cwd: root });
  const { statuses, arrived } = JSON.parse(stdout) as { statuses: number[]; arrived: [string, string[]][] };
  routes.forEach(({ checked, path: way }, i) => expect(statuses[i], way).toBe(checked ? 401 : 200));
  expect(new Set(statuses)).toEqual(new Set([200, 401]));
  flows.forEach(({ sink, safe, by, source }, i) => {
    const [statement, lines] = arrived[i] as [string, string[]];
    const found =
      sink.type === "log"
        ? [lines.some((line) => line.includes("k-771"))]
        : [/ca'nary/i.test(statement), /nary/i.test(statement)];
    const planted = sink.type === "log" ? [!safe] : [!safe, by === "quoted" || !safe];
    expect(found, source.file).toEqual(planted);
  });
});

// --- Python --------------------------------------------------------------------------------------------------------------------

test("the tests of Python pass, and enter from each call exactly what was planted", async () => {
  expect(await findPython()).not.toBeNull();
  const { root, facts, files, sources } = written({ language: "python", ...PROJECT });
  const packages = [...files.keys()].filter((file) => file.endsWith("__init__.py"));
  const all = [...measured(facts), ...packages].sort();
  const said = await derivePythonStatic({ root, measured: all, context: [] });
  const definitions = new Map(said.definitions.map((one) => [one.id, one]));
  for (const { definition } of of(facts, "definition")) {
    expect(definitions.get(definition.id)).toEqual({ ...definition, name: definitions.get(definition.id)?.name });
  }
  expect(said.sites.map(({ id }) => id).sort()).toEqual(
    of(facts, "call")
      .map(({ id }) => id)
      .sort(),
  );
  const planted = new Map(of(facts, "call").map((call) => [call.id, call]));
  for (const { id, must } of said.sites.filter(
    (site) => site.must.length === 1 && "definition" in (site.must[0] ?? {}),
  ))
    expect(planted.get(id)?.must, id).toEqual(must);

  const tests = sources.filter((file) => file.startsWith("tests/"));
  const outcome = await derivePythonTrace(pythonCorpus(root, all, { include: ["tests/test_*.py"] }), {
    cacheDir: folderWith(),
    context: [],
    sandbox: OPEN,
    only: tests,
  });
  expect(outcome.notRun).toBeNull();
  const undecidable = new Set(of(facts, "undecidable").map(({ call }) => call));
  for (const { id, must, executed } of of(facts, "call")) {
    const seen = outcome.sites.get(id);
    expect(seen !== undefined, id).toBe(executed ?? seen !== undefined);
    const targets = must.flatMap((target) => ("definition" in target ? [target.definition] : []));
    // One run has one environment.
    const wanted = undecidable.has(id) ? targets.filter((target) => seen?.definitions.includes(target)) : targets;
    expect(seen?.definitions ?? [], id).toEqual(seen === undefined ? [] : wanted.sort());
  }
  await execa("python3", ["main.py"], { cwd: root });
});

// --- with the tools of each language ---------------------------------------------------------------------------------------------------------------

/** Builds and tests a project; undefined with the reason said where its tools are missing. */
async function build(language: LayeredLanguage, skip: (why: string) => void): Promise<Checked["steps"]> {
  // The compiler is the one that is strict about everything that is written; the others see a small form.
  const { root } = written({ language, ...PROJECT, files: language === "typescript" ? PROJECT.files : 30 });
  const { missing, steps } = await checkProject(language, root, { scratch: folderWith() });
  if (missing !== null) skip(missing);
  return steps;
}

test.for(LayeredLanguage.options)(
  "a project in %s compiles, its tests pass, and it starts",
  { timeout: 300_000 },
  async (language, { skip }) => {
    const steps = await build(language, skip);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.filter(({ passed }) => !passed)).toEqual([]);
  },
);

test("what does not compile or pass is said, with what was printed", async () => {
  const { root } = written({ language: "javascript", files: 10, seed: 1 });
  await writeFile(path.join(root, "test/bad.test.js"), `throw new Error("it does not load");\n`);
  const { steps } = await checkProject("javascript", root, { scratch: folderWith() });
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ passed: false, command: "node --test test/*.test.js" });
  expect(steps[0]?.tail).toContain("bad.test.js");
});

test("tools that are missing are named, and nothing is run", async () => {
  const { root } = written({ language: "python", files: 10, seed: 1 });
  const { missing, steps } = await checkProject("python", root, { scratch: folderWith(), env: { PATH: "" } });
  expect(missing).toContain("Python");
  expect(steps).toEqual([]);
});

// --- the command ---------------------------------------------------------------------------------------------------------------

async function cli(args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const world = {
    env: process.env,
    stdout: (text: string) => void (said.out += text),
    stderr: (text: string) => void (said.err += text),
  };
  return { code: await runCli(["generate", ...args], world), ...said };
}

test("the command writes, checks, counts, and refuses what it cannot do", async () => {
  const out = path.join(folderWith(), "made");
  const asked = ["--language", "javascript", "--files", "12", "--seed", "4", "--out", out];
  const made = await cli([...asked, "--check", "--json"]);
  expect(made.code).toBe(0);
  const record = JSON.parse(made.out) as { files: number; facts: Record<string, number>; checked: Checked };
  expect(record).toMatchObject({ files: 12, checked: { missing: null } });
  expect(record.facts["call"]).toBeGreaterThan(50);
  expect(readdirSync(out).sort()).toEqual([PROJECT_FOLDER, TRUTH_FILE]);
  expect(await cli(asked)).toMatchObject({ code: 2, err: expect.stringContaining("not an empty folder") as string });
  const small = await cli(["--language", "go", "--files", "9", "--seed", "4", "--out", out]);
  expect(small).toMatchObject({ code: 2, err: expect.stringContaining("from 10 to 100000") as string });
  const odd = await cli(["--language", "cobol", "--files", "10", "--seed", "4", "--out", out]);
  expect(odd).toMatchObject({ code: 2, err: expect.stringContaining("Allowed choices") as string });
  const shown = await cli(["--language", "python", "--files", "10", "--seed", "4", "--out", `${out}-too`, "--check"]);
  expect(shown.out).toMatch(/^10 files in .*made-too/);
  expect(shown.out).toMatch(/^passed in [\d.]+ s: python3?\S* -B -m unittest discover -s tests$/m);
});
