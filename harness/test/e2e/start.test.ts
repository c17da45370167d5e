/** The loop, closed: from a generated project to a page that shows what was measured on it. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ADAPTERS } from "@drift/cibench";
import { listCorpora } from "@drift/corpora";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { rebuildCommand } from "../../src/commands/results.ts";
import { startCommand } from "../../src/commands/start.ts";
import type { StartResult } from "../../src/run.ts";
import { takeLock } from "../../src/store/lock.ts";
import { contextOf, createLab, inspect, type Lab, runMain } from "./lab.ts";

const LONG_MS = 300_000;
const SYNTHETIC = ["calls-small"];
const CORPORA = [...SYNTHETIC, ...listCorpora().flatMap(({ id, kind }) => (kind === "real" ? [id] : []))];

describe("npm start on the synthetic corpus", { timeout: LONG_MS }, () => {
  let lab: Lab;
  let first: Shown;
  let second: Shown;

  beforeAll(async () => {
    lab = createLab();
    // The package manager's own cache may hold the real corpora; here nothing is cached.
    vi.stubEnv("npm_config_cache", lab.env["npm_config_cache"]);
    first = await start(lab, {});
    second = await start(lab, {});
  }, LONG_MS);
  afterAll(() => {
    vi.unstubAllEnvs();
    lab.remove();
  });

  test("scores every tool: gold is 1, null is 0, Drift is between", () => {
    const f1 = Object.fromEntries(first.result.board.corpora.map((row) => [row.tool, row.f1.value]));
    expect(Object.keys(f1).toSorted()).toEqual(["drift", "gold", "grep", "imports", "null"]);
    expect(f1["gold"]).toBe(1);
    expect(f1["null"]).toBe(0);
    expect(f1["drift"]).toBeGreaterThan(f1["grep"] as number);
    expect(first.result.runs.map(({ tool, reused }) => [tool, reused])).toEqual(
      ["drift", "grep", "imports", "null", "gold"].map((tool) => [tool, false]),
    );
  });

  test("says that it is offline and measures on the synthetic corpus alone", () => {
    expect(first.stderr).toContain("measuring on the synthetic corpus alone");
    expect(first.result.limited).toContain("offline");
    expect(new Set(first.result.board.corpora.map(({ corpus }) => corpus))).toEqual(new Set(SYNTHETIC));
    expect(first.result.board.runs.every(({ points, measuredWeight }) => points === null && measuredWeight === 0)).toBe(
      true,
    );
  });

  test("times the engine and keeps every sample", () => {
    const { measurements } = first.result.benches;
    expect(new Set(measurements.map(({ caseId }) => caseId.split("/", 2).join("/")))).toEqual(
      new Set(["engine/index-cold", "engine/reopen-unchanged", "engine/callers", "engine/call-graph"]),
    );
    const db = new Database(join(lab.results, "history.db"), { readonly: true });
    const counts = db
      .prepare(
        "SELECT sample_count, (SELECT count(*) FROM sample WHERE measurement_id = measurement.id) FROM measurement",
      )
      .raw()
      .all() as [number, number][];
    expect(counts.length).toBe(measurements.length);
    expect(counts.every(([said, kept]) => said === kept && said >= 8)).toBe(true);
    db.close();
  });

  test("builds a site that shows the figures of the store", () => {
    expect(existsSync(join(lab.site, "index.html"))).toBe(true);
    const pages = ["leaderboard", ...SYNTHETIC.map((corpus) => join("corpora", corpus))];
    const board = pages.map((page) => textOf(readFileSync(join(lab.site, page, "index.html"), "utf8"))).join(" ");
    const rows = first.result.board.corpora;
    const figures = rows.flatMap(({ precision, recall, f1, macroF1 }) =>
      [precision, recall, f1, macroF1].flatMap(({ value }) => value ?? []),
    );
    const shown = figures.map((value) => value.toFixed(3).replace("-", "−"));
    const words = [...Object.keys(ADAPTERS), ...SYNTHETIC, ...shown, "not measured"];
    expect(words.filter((word) => !board.includes(word))).toEqual([]);
    const runs = first.result.runs.filter(({ id }) => !existsSync(join(lab.site, "runs", id, "index.html")));
    expect(runs).toEqual([]);
  });

  test("a second call shows the stored runs, with their own date, and says so", () => {
    expect(second.result.runs.every(({ reused }) => reused)).toBe(true);
    expect(second.result.bench.reused).toBe(true);
    expect(second.result.runs.map(({ id, startedAt }) => [id, startedAt])).toEqual(
      first.result.runs.map(({ id, startedAt }) => [id, startedAt]),
    );
    expect(second.result.board).toEqual(first.result.board);
    expect(second.stderr).toContain("nothing that decides them changed");
    expect(inspect(lab).runs).toHaveLength(6);
  });

  test("the table on standard output has every tool, its intervals and what is missing", async () => {
    const { text } = await start(lab, { json: false });
    expect(text).toMatch(/call graph, synthetic\s+│.*\[[01]\.\d{3}, [01]\.\d{3}\]/);
    expect(text).toMatch(/drift │.*gold \(self-check\) │/);
    expect(text).toContain("of 90 points");
    expect(text).toContain("shown from the store, not measured again");
    expect(text).toMatch(/site: .*index\.html \(npm run site/);
  });

  test("a deleted store comes back from the run files with the same answers", async () => {
    const before = inspect(lab);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(lab.results, `history.db${suffix}`), { force: true });
    const output: string[] = [];
    await rebuildCommand({ json: false }, { ...contextOf(lab), stdout: { write: (text) => output.push(text) } });
    expect(output.join("")).toContain("6 runs");
    expect(inspect(lab)).toEqual(before);
    const again = await start(lab, {});
    expect(again.result.board).toEqual(first.result.board);
  });

  test("another seed is measured anew", async () => {
    const other = await start(lab, { seed: 2 });
    expect(other.result.runs.some(({ reused }) => reused)).toBe(false);
    expect(inspect(lab).runs).toHaveLength(12);
  });

  test("only one call works in a checkout at a time", async () => {
    const lock = takeLock(join(lab.results, "local/start.lock"), { what: "start" });
    const { code, stdout, stderr } = await runMain(["start", "--offline", "--quick"], lab.env);
    lock.release();
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr.trim().split("\n")).toEqual([
      'another "npm start" is running in this checkout',
      expect.stringContaining("Wait"),
    ]);
  });
});

interface Shown {
  result: StartResult;
  text: string;
  stderr: string;
}

async function start(lab: Lab, { seed = 1, json = true }: { seed?: number; json?: boolean }): Promise<Shown> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  await startCommand(
    { seed, json, offline: true, quick: true, corpus: CORPORA },
    {
      ...contextOf(lab),
      stdout: { write: (text) => stdout.push(text) },
      stderr: { write: (text) => stderr.push(text) },
    },
  );
  const text = stdout.join("");
  return { result: (json ? JSON.parse(text) : null) as StartResult, text, stderr: stderr.join("") };
}

/** What a reader sees of a page, without its markup. */
function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}
