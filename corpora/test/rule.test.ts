import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { StatsRecord } from "../src/cli/commands/stats.ts";
import { SampleRecord } from "../src/cli/sample.ts";
import { loadRuleTruth } from "../src/derive/load-rules.ts";
import { askAgain, askEverywhere, drawFiles, newCodes } from "../src/derive/rule/append.ts";
import type { Checker } from "../src/derive/rule/checker.ts";
import { drawItems } from "../src/derive/rule/draw.ts";
import { specifiersOf } from "../src/derive/rule/reach.ts";
import { PYTHON_TEXTS } from "../src/derive/rule/texts-python.ts";
import { findSandbox } from "../src/derive/sandbox.ts";
import { fetchCorpus } from "../src/fetch.ts";
import { checkRules } from "../src/lint/check-rules.ts";
import { truthHead } from "../src/truth/head.ts";
import { appended, readStoredRules, RuleTruth, storedRulesFile, writeStoredRules } from "../src/truth/rule-schema.ts";
import { truthManifestSha256 } from "../src/truth/stored.ts";
import { cachedCorpus } from "./support/cached-corpus.ts";
import { folderWith } from "./support/folder.ts";
import { OPEN, pythonCorpus } from "./support/python.ts";

const FILES = {
  "src/a.py": "A = 1",
  "src/b.py": "print(1)\n",
  "docs/c.py": "",
  "docs/broken.py": "(",
  "README.md": "",
};

const MINDS = `const { readFileSync } = require("node:fs");
console.log(JSON.stringify(process.argv.slice(1).flatMap((file) => {
  const text = readFileSync(file, "utf8");
  if (text.startsWith("(")) return [];
  return [[file, file.startsWith("docs/") ? [] : [...text.matchAll(/print/g)].map(() => "no-print")]];
})));`;

/** Minds `print` outside of docs, and cannot read what does not close. */
const noPrint: Checker = {
  name: "no print",
  version: "1",
  sharesCodeWith: [],
  declaredIn: ["README.md"],
  texts: PYTHON_TEXTS.slice(0, 2),
  reads: (file) => file.endsWith(".py"),
  command: [process.execPath, "-e", MINDS],
  read: (said) => new Map(said as [string, string[]][]),
};

test("a text is judged by what the checker says of each file that it did not say before", async () => {
  const [root, folder] = [folderWith(FILES), folderWith(FILES)];
  const copy = { root, folder, sandbox: OPEN };
  const { asked, dropped } = await askEverywhere(noPrint, Object.keys(FILES), copy, { seed: 1 });
  const items = asked.map(({ item }) => item);
  expect(dropped).toEqual(["the checker cannot read the file as it is"]);
  expect(items).toHaveLength(3 * 4);
  expect(items.filter(({ verdict }) => verdict === "violates").map(({ id, said }) => [id, said])).toEqual([
    ["src/a.py + print 1", ["no-print"]],
    ["src/b.py + print 1", ["no-print"]],
  ]);
  // What is written lies in the copy alone.
  expect(readFileSync(path.join(root, "src/a.py"), "utf8")).toBe("A = 1");
  const drawn = drawItems(asked, 1);
  expect(drawn.pairs.map(({ by }) => by).sort()).toEqual(["form", "place"]);
  expect(drawItems(asked.toReversed(), 1).items).toEqual(drawn.items);
  // What nobody minds is asked about once.
  expect(drawn.items.filter(({ name }) => name === "assert")).toHaveLength(1);
  expect(await askAgain(noPrint, drawn.items.slice(0, 1), { ...copy, folder: folderWith(FILES) })).toEqual([]);
  const [first] = items;
  const lying = { ...first, verdict: "violates", said: ["other"] } as (typeof items)[number];
  expect(await askAgain(noPrint, [lying], { ...copy, folder: folderWith(FILES) })).toEqual([
    `${first?.id ?? ""}: no print says , not other`,
  ]);
  const failing = { ...noPrint, command: [process.execPath, "-e", "throw new Error('no')"] };
  await expect(askAgain(failing, [lying], copy)).rejects.toThrow("no print does not come to its end");
  const { spec } = pythonCorpus(root, []);
  const truth = { corpus: "tiny", manifestSha256: truthManifestSha256(spec), oracles: [{ name: "no print" }] };
  expect(checkRules({ ...truth, ...drawn } as RuleTruth, spec)).toEqual([]);
  const swapped = drawn.pairs.map(({ by, ...rest }) => ({ ...rest, by: by === "form" ? "place" : "form" }));
  expect(checkRules({ ...truth, ...drawn, pairs: swapped } as RuleTruth, spec).map(({ message }) => message)).toEqual([
    "its pair differs in something else",
    "its pair differs in something else",
  ]);
});

test("codes count when they are said more often; files of all folders are asked about", () => {
  expect(newCodes(["E1", "E2"], ["E2", "E1", "E1", "E3", "E3"])).toEqual(["E1", "E3"]);
  expect(newCodes([], undefined)).toBeNull();
  const many = Array.from({ length: 200 }, (_, at) => `src/deep/${at}.py`);
  const drawn = drawFiles([...many, "docs/conf.py", "setup.py"], 1);
  expect(drawn).toHaveLength(60);
  expect(drawn).toEqual(expect.arrayContaining(["docs/conf.py", "setup.py"]));
  expect(appended("a", "b")).toBe("a\n\n\nb\n");
  expect(new Set(PYTHON_TEXTS.map(({ name }) => name)).size).toBe(PYTHON_TEXTS.length);
});

test("files are named from outside with and without their ending and the folder they are built into", () => {
  expect(
    specifiersOf({ name: "tiny", named: ["at"] }, [
      "dist/esm/a.min.js",
      "lib/b/index.js",
      "types.d.ts",
      ".github/x.js",
    ]),
  ).toEqual([
    "tiny",
    "tiny/a",
    "tiny/a.min.js",
    "tiny/at",
    "tiny/b",
    "tiny/b/index",
    "tiny/b/index.js",
    "tiny/dist/esm/a",
    "tiny/dist/esm/a.min.js",
    "tiny/lib/b",
    "tiny/lib/b/index",
    "tiny/lib/b/index.js",
  ]);
});

const PACKAGE = {
  "package.json": JSON.stringify({
    name: "tiny",
    exports: {
      ".": "./index.js",
      "./open/*": "./lib/open/*.js",
      "./only": { import: "./lib/only.js", require: null },
      "./gone": "./lib/gone.js",
    },
  }),
  "index.js": "",
  "lib/only.js": "",
  "lib/open/a.js": "throw new Error('nothing is run')\n",
  "lib/shut/b.js": "",
};
const sandbox = await findSandbox();

test.runIf(sandbox !== null)("what may be reached is what Node resolves from outside", async () => {
  const { manifestRoot, run } = await cachedCorpus(PACKAGE, { measure: { include: ["**/*.js"], exclude: [] } });
  expect((await run("derive", "tiny", "--kind", "rule", "--write")).stdout).toContain("  stored\n");
  const truth = RuleTruth.parse(await readStoredRules("tiny", manifestRoot));
  const verdicts = Object.fromEntries(truth.items.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({
    "import tiny/only": "allowed",
    "require tiny/only": "violates",
    "import tiny/open/a": "allowed",
    "import tiny/shut/b": "violates",
  });
  expect(Object.keys(verdicts)).not.toContain("import tiny/gone");
  expect(truth.oracles).toMatchObject([{ name: "Node's resolver", declaredIn: ["package.json"], repeats: 2 }]);
  expect(StatsRecord.parse(JSON.parse((await run("stats", "--json")).stdout)).rules).toMatchObject([
    { corpus: "tiny", pairs: { form: 1 } },
  ]);
  const completeness = (await run("stats", "--completeness")).stdout;
  expect(completeness).toMatch(new RegExp(`\\| tiny +\\| - +\\| - +\\| - +\\| - +\\| ${truth.items.length} +\\|`));
  expect(completeness).toMatch(/\| mutation +\| the corpus brings no tests +\| the corpus +\| tiny +\|/);
  expect((await run("lint")).stdout).toContain(" 0 findings");
  const sample = await run("derive", "--sample", "--kind", "rule", "--json");
  expect(SampleRecord.parse(JSON.parse(sample.stdout)).rechecks).toMatchObject([{ oracle: "rule", differing: [] }]);

  const file = storedRulesFile("tiny", manifestRoot);
  const text = gunzipSync(readFileSync(file)).toString();
  writeFileSync(file, gzipSync(text.replaceAll('"allowed","said":[]', '"violates","said":["X"]')));
  expect((await run("derive", "--kind", "rule")).stdout).toContain("nothing was written");
  const differing = await run("derive", "--sample", "--kind", "rule");
  expect(differing.code).toBe(1);
  expect(differing.stdout).toContain("import tiny/only: Node says allowed, not violates");
  expect((await run("lint")).stdout).toContain("does not hold one that violates and one that does not");
  writeFileSync(file, text);
  expect((await run("lint")).stdout).toContain("the stored rule of tiny cannot be read");
});

test("truth about rules is read for the files that it is about, and for no others", async () => {
  const { manifestRoot, cacheDir, home } = await cachedCorpus({ "index.js": "", "a.py": "x = 1\n" }, {});
  const fetched = await fetchCorpus("tiny", { manifestRoot, cacheDir, offline: true });
  expect(await loadRuleTruth(fetched, { manifestRoot })).toBeNull();
  expect(
    await loadRuleTruth({ ...fetched, spec: { ...fetched.spec, kind: "synthetic" } }, { manifestRoot }),
  ).toBeNull();
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const proposal = { kind: "append" as const, file: "a.py", text: "y", before: hash("x = 1\n"), after: hash("") };
  const reach = { kind: "reach" as const, by: "import" as const, specifier: "tiny/a" };
  const about = { by: "ruff check", name: "text", verdict: "allowed" as const, said: [] };
  await writeStoredRules(
    {
      ...truthHead(fetched.spec, "0".repeat(64)),
      command: "none",
      oracles: [
        {
          kind: "rule",
          name: "ruff check",
          version: "1",
          sharesCodeWith: [],
          declaredIn: ["pyproject.toml"],
          repeats: 2,
          asked: { violates: 0, allowed: 2 },
          dropped: [],
        },
      ],
      items: [
        { ...about, id: "1", proposal },
        { ...about, id: "2", proposal: reach },
      ],
      pairs: [],
    },
    manifestRoot,
  );
  expect((await loadRuleTruth(fetched, { manifestRoot }))?.items.map(({ id }) => id)).toEqual(["1", "2"]);
  writeFileSync(path.join(home, "a.py"), "x = 2\n");
  await expect(loadRuleTruth(fetched, { manifestRoot })).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
});

test.runIf(sandbox !== null)("a corpus that enforces nothing that can be asked about says so", async () => {
  const { run } = await cachedCorpus({ "index.js": "", "package.json": "{" }, {});
  const ran = await run("derive", "tiny", "--kind", "rule");
  expect(ran.code).toBe(3);
  expect(ran.stdout).toContain("tiny has no rules that can be put to a checker of its own here");
});
