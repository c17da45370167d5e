import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { shortened } from "../src/cli/remarks.ts";
import { SampleRecord } from "../src/cli/sample.ts";
import { StatsRecord } from "../src/cli/commands/stats.ts";
import { loadCallGraphTruth } from "../src/derive/load.ts";
import { findSandbox } from "../src/derive/sandbox.ts";
import { fetchCorpus } from "../src/fetch.ts";
import { LintRecord } from "../src/lint/lint.ts";
import { CANARY } from "../src/truth/canary.ts";
import { CallGraphTruth } from "../src/truth/schema.ts";
import { decodeTruth, encodeTruth } from "../src/truth/stored-form.ts";
import { readStoredTruth, storedTruthFile, writeStoredTruth } from "../src/truth/stored.ts";
import { cachedCorpus } from "./support/cached-corpus.ts";

const FILES = {
  "package.json": '{ "name": "tiny" }',
  "index.js": [
    "function twice (n) { return n * 2 }",
    "class Box { open (by) { return by(21) } }",
    "module.exports = () => new Box().open(twice)",
    "// fetchRemote is what comes next",
    "module.exports.late = (go) => go()",
    "module.exports.fetchRemote = function fetchRemote () { return 1 }",
    "",
  ].join("\n"),
  "test/a.js": "const it = require('..')\nrequire('node:test').test('runs', () => { it(); it.late(it.fetchRemote) })\n",
};

const TESTS = {
  runner: "node",
  include: ["test/*.js"],
  exclude: [],
  ownProcess: [],
  conditions: [],
  dependencies: [],
  timeoutMs: 60_000,
};

/** A checkout with the corpus above. */
const tiny = async (files: Record<string, string> = FILES) =>
  cachedCorpus(files, { measure: { include: ["index.js"], exclude: [] }, tests: TESTS });

const sandbox = await findSandbox();

test.runIf(sandbox !== null)(
  "truth is stored only when asked, read without deriving, and a sample of it comes out the same",
  { timeout: 120_000 },
  async () => {
    const { manifestRoot, cacheDir, home, run } = await tiny();
    const options = { manifestRoot, cacheDir, offline: true };
    const fetched = await fetchCorpus("tiny", options);
    await expect(loadCallGraphTruth(fetched, options)).rejects.toMatchObject({ code: "CORPUS_TRUTH" });

    const unasked = await run("derive", "--all");
    expect(unasked.code).toBe(1);
    expect(unasked.stdout).toContain("tiny: nothing was stored, 4 items are new\n  nothing was written");
    expect(await readStoredTruth("tiny", manifestRoot)).toBeNull();
    const asked = await run("derive", "--write");
    expect([asked.code, asked.stdout.split("\n").at(-2)]).toEqual([0, "  stored"]);
    const again = await run("derive");
    expect([again.code, again.stdout.split("\n").at(-2)]).toEqual([0, "tiny: as stored"]);
    expect(again.stderr).toBe(again.stdout);

    // As after a kill between the two steps: what was done is not done again.
    const kept = await readdir(path.join(cacheDir, "truth"));
    const traced = kept.find((name) => name.startsWith("tiny-trace-")) ?? "";
    rmSync(path.join(cacheDir, "truth", traced));
    const resumed = await run("derive");
    expect([resumed.code, resumed.stdout.split("\n").at(-2)]).toEqual([0, "tiny: as stored"]);
    expect(resumed.stderr).toContain("run the tests of tiny");
    expect(resumed.stderr).not.toContain("resolve the calls of tiny");

    const truth = await loadCallGraphTruth(fetched, options);
    expect(CallGraphTruth.parse(truth)).toEqual(truth);
    const late = truth.sites.find(({ callee }) => callee?.name === "go");
    expect(late).toMatchObject({ witness: "test/a.js", traced: [{ definition: "index.js:6:30" }], by: ["trace"] });

    const sample = await run("derive", "--sample", "--seed", "3", "--json");
    expect(sample.code).toBe(0);
    const { rechecks } = SampleRecord.parse(JSON.parse(sample.stdout));
    expect(rechecks.map(({ oracle, items, differing }) => [oracle, items, differing])).toEqual([
      ["compiler", 4, []],
      ["trace", 4, []],
    ]);
    // What is done is said with its time before the end.
    expect(sample.stderr).toMatch(/^tiny, trace: 4 items derived again, as stored, \d+\.\d s$/m);

    const wrong = truth.sites.map((site) =>
      site === late
        ? { ...site, must: [{ definition: "index.js:1:1" }], traced: [{ definition: "index.js:1:1" }] }
        : site,
    );
    await writeStoredTruth({ ...truth, sites: wrong }, manifestRoot);
    const differing = await run("derive", "--sample");
    expect(differing.code).toBe(1);
    expect(differing.stdout).toContain(`${late?.id}: enters index.js:6:30, which is not stored`);
    expect(differing.stdout).toContain(`${late?.id}: test/a.js shows none of its traced targets`);

    await writeStoredTruth({ ...truth, lines: 99, sites: truth.sites.slice(1) }, manifestRoot);
    const changed = await run("derive");
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain("tiny: 1 items gained, 0 lost, 0 changed; also different: lines");

    await writeStoredTruth({ ...truth, manifestSha256: "0".repeat(64) }, manifestRoot);
    await expect(loadCallGraphTruth(fetched, options)).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
    await writeStoredTruth({ ...truth, inputsSha256: "0".repeat(64) }, manifestRoot);
    await expect(loadCallGraphTruth(fetched, options)).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
    expect((await run("derive", "--sample")).stdout).toContain("it is about other files");

    rmSync(home, { recursive: true });
    const gone = await run("derive", "--sample");
    expect(gone.code).toBe(3);
    expect(gone.stdout).toContain("tiny, compiler: not run (");
    // What stood in the way, its code, and what to do about it.
    expect(gone.stdout).toMatch(/tiny, compiler: not run \(.+ Run the command once with a network/);
    const missing = await run("derive");
    expect(missing.code).toBe(3);
    expect(missing.stdout).toMatch(/^tiny: not run \(CORPUS_OFFLINE: .+ Run the command once with a network/);
    expect(missing.stderr.split("\n").slice(1).join("\n")).toBe(missing.stdout);
  },
);

test("what was left out for the same reason is named together", () => {
  expect(shortened("a.ts left out (no network); slow; b.ts left out (no network); c.ts left out (slow)")).toBe(
    "a.ts and 1 more left out (no network); slow; c.ts left out (slow)",
  );
});

test.runIf(sandbox !== null)(
  "stats and lint look at what is stored, errata included",
  { timeout: 120_000 },
  async () => {
    const { manifestRoot, home, run } = await tiny();
    const before = await run("lint");
    expect(before.code).toBe(3);
    expect(before.stdout).toContain("tiny: no truth is stored, so nothing is asked about it");
    expect((await run("stats")).code).toBe(3);
    expect((await run("derive", "--sample")).code).toBe(3);
    await run("derive", "--write");

    const stats = await run("stats", "--json");
    const record = StatsRecord.parse(JSON.parse(stats.stdout));
    expect(record.corpora[0]).toMatchObject({ corpus: "tiny", errata: 0, found: { sites: 4 }, all: { traced: 4 } });
    expect(record.total).toMatchObject({ corpora: 1, sites: 4 });
    const table = await run("stats");
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toContain("NO   at least 20000 sites: 4, 4 of them judged");
    // One corpus alone is not meant to reach them.
    expect((await run("stats", "tiny")).stdout).not.toContain("at least 20000 sites");

    const lint = await run("lint", "--json");
    const { findings, checked } = LintRecord.parse(JSON.parse(lint.stdout));
    expect(checked).toEqual({ corpora: 1, sites: 4, definitions: 6, errata: 0 });
    // The comment above `go()` names the function that it enters.
    expect(findings.map(({ rule, at }) => [rule, at])).toEqual([["answer-leak", "index.js:5:31-5:35"]]);
    expect(lint.code).toBe(1);

    const erratum = (site: string) => ({
      site,
      wrong: "a comment names the target",
      decision: { type: "drop" },
      evidence: { kind: "source", text: "fetchRemote is what comes next" },
    });
    const errata = (sites: string[]) => ({
      schemaVersion: 1,
      canary: CANARY,
      corpus: "tiny",
      errata: sites.map(erratum),
    });
    const file = path.join(manifestRoot, "real", "tiny", "errata.json");
    writeFileSync(file, JSON.stringify(errata(["index.js:5:31-5:35"])));
    expect((await run("lint")).stdout).toBe("1 corpora, 4 sites, 6 definitions, 1 errata: 0 findings\n");
    expect(StatsRecord.parse(JSON.parse((await run("stats", "--json")).stdout)).corpora[0]).toMatchObject({
      errata: 1,
      all: { sites: 3 },
    });
    writeFileSync(file, JSON.stringify(errata(["index.js:5:31-5:35", "index.js:9:1-9:2"])));
    const stale = await run("lint");
    expect(stale.code).toBe(1);
    expect(stale.stdout).toContain("tiny erratum: index.js:9:1-9:2: there is no such site (any more)");

    rmSync(file);
    const stored = storedTruthFile("tiny", manifestRoot);
    const truth = decodeTruth(readFileSync(stored));
    writeFileSync(stored, encodeTruth({ ...truth, inputsSha256: "0".repeat(64) }));
    expect((await run("lint")).stdout).toContain("tiny stored-truth: truth: it is about other files");
    writeFileSync(stored, encodeTruth(truth));

    rmSync(home, { recursive: true });
    expect((await run("lint")).stdout).toContain("tiny: its files were not looked at");
    writeFileSync(
      storedTruthFile("tiny", manifestRoot),
      readFileSync(path.join(manifestRoot, "real/tiny/corpus.json")),
    );
    expect((await run("lint")).stdout).toContain("tiny stored-truth: truth: the stored truth of tiny cannot be read");
  },
);
