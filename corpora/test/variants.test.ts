import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { UNSAFE } from "../src/derive/sandbox.ts";
import type { FetchedCorpus } from "../src/fetch.ts";
import { generateLayered } from "../src/generate/layered/project.ts";
import type { LayeredFact } from "../src/generate/layered/truth.ts";
import { CorpusSpec, listCorpora } from "../src/manifest.ts";
import { runCli } from "../src/cli/program.ts";
import { checkVariant, isSame } from "../src/variants/check.ts";
import { makeVariant, writeVariant } from "../src/variants/make.ts";
import { RenamedPlaces } from "../src/variants/renamed-places.ts";
import { type VariantKind, VariantTable } from "../src/variants/schema.ts";
import { folderWith } from "./support/folder.ts";
import { pythonCorpus } from "./support/python.ts";

const SEED = 5;

function layered(
  language: "typescript" | "javascript" | "python",
  count = 20,
): { corpus: FetchedCorpus; facts: LayeredFact[] } {
  const batches = [...generateLayered({ language, files: count, seed: 11 })];
  const all = batches.flatMap(({ sources, support }) => [...sources, ...support]);
  const root = folderWith(Object.fromEntries(all.map(({ file, text }) => [file, text])));
  const spec = listCorpora().find(({ id }) => id === `layered-${language}`) as CorpusSpec;
  return { corpus: { spec, root, files: [] }, facts: batches.flatMap(({ facts }) => facts) };
}

/** A variant on disk. */
async function variantOf(
  corpus: FetchedCorpus,
  kind: VariantKind,
): Promise<{ variant: FetchedCorpus; table: VariantTable }> {
  const folder = folderWith();
  const table = await writeVariant(corpus, { kind, seed: SEED }, folder);
  return { variant: { ...corpus, root: path.join(folder, "project") }, table: VariantTable.parse(table) };
}

test.for(["typescript", "javascript", "python"] as const)(
  "variants of a layered project in %s have its tree, bindings, tests and traced calls, under other names",
  { timeout: 60_000 },
  async (language) => {
    const { corpus, facts } = layered(language);
    const { variant, table } = await variantOf(corpus, "misleading");
    const check = await checkVariant(corpus, variant, table, { cacheDir: folderWith(), sandbox: UNSAFE });
    expect(isSame(check), JSON.stringify(check, null, 1)).toBe(true);
    expect(check.tests?.after.passed).toBeGreaterThan(10);
    expect(check.static?.items).toBeGreaterThan(50);
    expect(check.traced?.items).toBeGreaterThan(50);
    expect(check.errors).toEqual(language === "typescript" ? { before: 0, after: 0 } : null);
    expect(table.renamed / table.names).toBeGreaterThan(0.6);
    expect(table.leftOut).toEqual([]);
    // Definitions are called what they are called where they stand in the variant.
    const places = await RenamedPlaces.read(corpus.root, variant.root, table.changed);
    const named = facts.flatMap((fact) => {
      if (fact.fact !== "definition" || /\W$|__init__$|constructor$/.test(fact.definition.name)) return [];
      const { file, span, name } = fact.definition;
      const now = places.definition(fact.definition).name;
      const line = readFileSync(path.join(variant.root, file), "utf8").split("\n")[span.line - 1];
      return [{ now: now.split(".").at(-1) ?? "", isOther: now !== name, line: names(line) }];
    });
    for (const { now, line } of named) expect(line).toContain(now);
    expect(named.filter(({ isOther }) => isOther).length).toBeGreaterThan(40);
  },
);

test.for(["misleading", "lying"] as const)(
  "the same seed gives the same bytes of a %s variant, another seed others",
  async (kind) => {
    const { corpus } = layered("javascript", 10);
    const texts = async (seed: number): Promise<string> => {
      const { texts: made, table } = await makeVariant(corpus, { kind, seed });
      return JSON.stringify([[...made], { ...table, seed: 0 }]);
    };
    const first = await texts(1);
    expect(await texts(1)).toBe(first);
    expect(await texts(2)).not.toBe(first);
  },
);

/** The corpus of these files, and what its variant says. */
async function changed(
  files: Record<string, string>,
  kind: VariantKind,
): Promise<{ texts: (file: string) => string; table: VariantTable; same: boolean }> {
  const corpus = pythonCorpus(folderWith(files), Object.keys(files), null);
  const { variant, table } = await variantOf(corpus, kind);
  const check = await checkVariant(corpus, variant, table, { cacheDir: folderWith(), sandbox: null });
  return {
    texts: (file) => readFileSync(path.join(variant.root, file), "utf8"),
    table,
    same: check.trees.differing.length + check.bindings.differing.length === 0,
  };
}

/** The names of a line. */
function names(line: string | undefined): string[] {
  return line?.match(/[A-Za-z_]\w*/g) ?? [];
}

test("names that other files, texts or callers use change with them, or not at all", async () => {
  const { texts, table, same } = await changed(
    {
      "app/box.py":
        "class Crate:\n    def unpack(self, amount, spare=0):\n        amount = amount + spare\n        def inner(amount):\n            return f'{amount} {spare}'\n        return inner(amount)\n    def visit_leaf(self): pass\n",
      "app/use.py":
        "from app.box import Crate\nimport json\ncrate = Crate()\nprint(crate.unpack(3, spare=1), json.dumps({}), getattr(crate, 'visit_leaf'))\n",
    },
    "renamed",
  );
  expect(same).toBe(true);
  const [, unpack, , inner, formatted] = texts("app/box.py").split("\n");
  const use = texts("app/use.py");
  const [, method, self, amount, spare] = names(unpack);
  expect(self).toBe("self");
  expect(method).not.toBe("unpack");
  expect(use).toContain(`.${method}(3, ${spare}=1)`);
  expect(spare).not.toBe("spare");
  // The parameter of the inner function is another one.
  expect(names(inner)[2]).not.toBe(amount);
  expect(formatted).toContain(`{${names(inner)[2]}} {${spare}}`);
  expect(use).toContain("json.dumps");
  expect(texts("app/box.py")).toContain("def visit_leaf(self)");
  expect(table.left).toMatchObject({
    "it stands in a text, a file of settings, an import from outside or where nothing binds it": 1,
  });
});

test("a file that asks for names while it runs is left out, and counted", async () => {
  const { texts, table, same } = await changed(
    {
      "app/table.py": "def handle_first(value): return value\ndef pick(name): return globals()['handle_' + name]\n",
      "app/plain.py": "from app.table import handle_first\ndef simple(value): return handle_first(value)\n",
    },
    "misleading",
  );
  expect(same).toBe(true);
  expect(table.leftOut).toEqual([{ file: "app/table.py", reason: "it asks for names while it runs: globals()" }]);
  expect(table.changed).toEqual(["app/plain.py"]);
  expect(texts("app/plain.py")).toContain("import handle_first\n");
  expect(texts("app/plain.py")).not.toContain("def simple");
});

test("bindings of JavaScript keep apart what shadows, what is short for a member and what is global", async () => {
  const files = {
    "lib/index.js":
      "'use strict';\nvar helper = require('./helper');\nfunction outer(alpha, beta) {\n  var gamma = alpha;\n  {\n    let gamma = beta;\n    console.log(gamma, /delta/);\n  }\n  process.title = 'x';\n  return { alpha, inner: helper.assist(gamma), delta: 1 };\n}\nmodule.exports = { outer };\n",
    "lib/helper.js": "exports.assist = function (gamma) { return gamma; };\n",
    "lib/odd.js": "exports.run = function (text) { return eval(text); };\n",
  };
  const spec = CorpusSpec.parse({
    ...pythonCorpus("", [], null).spec,
    language: "javascript",
    measure: { include: ["lib/*.js"], exclude: [] },
  });
  const corpus: FetchedCorpus = { spec, root: folderWith(files), files: Object.keys(files) };
  for (const kind of ["renamed", "misleading"] as const) {
    const { variant, table } = await variantOf(corpus, kind);
    const check = await checkVariant(corpus, variant, table, { cacheDir: folderWith(), sandbox: null });
    expect([check.trees.differing, check.bindings.differing, check.static?.differing]).toEqual([[], [], []]);
    expect(check).toMatchObject({ tests: null, traced: null, notRun: "the corpus brings no tests" });
    const text = readFileSync(path.join(variant.root, "lib/index.js"), "utf8");
    for (const kept of ["console.log", "process.title", "module.exports", "require('./helper')", "delta: 1"])
      expect(text).toContain(kept);
    const [, required = ""] = /var (\w+) = require/.exec(text) ?? [];
    const [, outer = "", given = "", other = ""] = /function (\w+)\((\w+), (\w+)\)/.exec(text) ?? [];
    const [, first = "", second = ""] = /var (\w+) = \w+;\s+\{\s+let (\w+) = /.exec(text) ?? [];
    expect(first).not.toBe(second);
    expect([first, second]).not.toContain("gamma");
    expect(required).not.toBe("helper");
    // What is short for a member is called like the member, in the definition and wherever it is used.
    for (const one of [
      `var ${first} = ${given};`,
      `let ${second} = ${other};`,
      `{ ${given}, `,
      `module.exports = { ${outer} }`,
    ])
      expect(text).toContain(one);
    expect([outer, given]).not.toEqual(["outer", "alpha"]);
    expect(table.leftOut.map(({ file }) => file)).toEqual(["lib/odd.js"]);
  }
});

test("comments go, or come from elsewhere, and what programs read in comments stays", async () => {
  const files = {
    "app/one.py":
      '#!/usr/bin/env python3\nimport os  # noqa: F401\n\n\ndef load(path):\n    """Opens the path and reads it."""\n    # Nobody closes this.\n    return path\n',
    "app/two.py": "# Saves what was read, slowly.\ndef store(path, value):\n    return value  # the value as it came\n",
  };
  const stripped = await changed(files, "uncommented");
  expect(stripped.same).toBe(true);
  expect(stripped.table.comments).toEqual({ changed: 4, added: 0, kept: 2 });
  const one = stripped.texts("app/one.py");
  expect(one).toContain("#!/usr/bin/env python3\nimport os  # noqa: F401\n");
  expect(one).toMatch(/""" +"""/);
  expect(one).not.toMatch(/Opens|Nobody/);
  expect(one.length).toBe(files["app/one.py"].length);
  const lying = await changed(files, "lying");
  expect(lying.same).toBe(true);
  expect(lying.table.comments).toEqual({ changed: 4, added: 2, kept: 2 });
  expect(lying.texts("app/one.py")).toMatch(/def load\(path\): {2}# calls store\(\)\n {4}"""(?:Saves what|the value)/);
  expect(lying.texts("app/two.py")).toMatch(/^# (?:Opens the path|Nobody closes)/);
});

test("the command writes the variant and its table, says what differs, and overwrites nothing", async () => {
  const said = { stdout: "", stderr: "" };
  const world = {
    env: process.env,
    stdout: (text: string) => (said.stdout += text),
    stderr: (text: string) => (said.stderr += text),
  };
  const out = path.join(folderWith(), "made");
  const command = [
    "variants",
    "calls-small",
    "--kind",
    "renamed",
    "--seed",
    "3",
    "--out",
    out,
    "--cache-dir",
    folderWith(),
  ];
  expect(await runCli([...command, "--check", "--json"], world), said.stderr).toBe(0);
  const record = JSON.parse(said.stdout) as {
    corpus: string;
    checked: { trees: { items: number; differing: string[] } };
  };
  expect(record).toMatchObject({
    corpus: "calls-small",
    kind: "renamed",
    seed: 3,
    checked: { trees: { differing: [] } },
  });
  const table = VariantTable.parse(JSON.parse(readFileSync(path.join(out, "variant.json"), "utf8")));
  expect(table.renamed).toBeGreaterThan(100);
  expect(await runCli(command, world)).toBe(2);
  expect(said.stderr).toContain("is not an empty folder");
  expect(await runCli(["variants", "calls-small", "--kind", "shouted", "--out", out], world)).toBe(2);
}, 60_000);
