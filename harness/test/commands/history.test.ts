import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import type { CommandContext } from "../../src/commands/context.ts";
import { addHistoryCommands } from "../../src/drift-bench-history.ts";
import type { GateReport } from "../../src/gate/schema.ts";
import { publishEntry, publishEvent } from "../../src/store/history-files.ts";
import { ChangePointRecord } from "../../src/store/long-file.ts";
import { openPerformanceHistory } from "../../src/store/open-history.ts";
import { contextOf, createLab } from "../e2e/lab.ts";
import { gateReport } from "../gate-report.ts";
import { driftBench } from "../gate/in-process.ts";
import { tinyRepository } from "../gate/tiny-repository.ts";
import { NOW, temporaryFolder } from "../fixtures.ts";
import { entryAt, openedAt } from "../store/history-fixtures.ts";

/** One lab, and what its commands print; the history is that of `root`. */
function historyLab(root?: string): { context: CommandContext; run: (...args: string[]) => Promise<string> } {
  let output = "";
  const context: CommandContext = {
    ...contextOf(createLab()),
    stdout: { write: (text: string) => (output += text) },
    now: () => NOW,
    ...(root !== undefined && { root }),
  };
  const run = async (...args: string[]): Promise<string> => {
    output = "";
    const program = new Command().exitOverride();
    addHistoryCommands(program, context, () => {});
    await program.parseAsync(args, { from: "user" });
    return output;
  };
  return { context, run };
}

test("a history is listed, shown, scanned, judged, exported and read in again", async () => {
  const { context, run } = historyLab();
  const { store } = await openPerformanceHistory(context.results, { url: null, now: NOW });
  for (let n = 0; n < 40; n++)
    await publishEntry(
      store,
      context.results.history,
      entryAt(n, { "engine/scan": (n < 20 ? 1 : 1.2) * (1 + ((n * 7) % 5) / 1000) }),
    );
  const opened = openedAt(3, "engine/scan");
  await store.close();

  expect(await run("history", "list")).toContain("engine/scan");
  expect(await run("history", "show", "1")).toContain("2026-01-0");
  await expect(run("history", "show", "9")).rejects.toMatchObject({ code: "SERIES_UNKNOWN" });
  expect(await run("history", "scan")).toMatch(/\+20\.\d %.*drift-bench bisect/s);
  expect(await run("history", "alerts")).toBe("no alerts\n");
  await expect(run("history", "ack", opened.alert)).rejects.toMatchObject({ code: "ALERT_UNKNOWN" });

  const again = await openPerformanceHistory(context.results, { url: null, now: NOW });
  await publishEvent(again.store, context.results.history, opened);
  await again.store.close();
  expect(await run("history", "ack", opened.alert, "--reason", "looking")).toContain("acknowledged");
  expect(await run("history", "accept", opened.alert, "--reason", "more checks")).toContain("accepted");
  expect(await run("history", "alerts")).toContain("more checks");
  expect(JSON.parse(await run("history", "alerts", "--json"))).toMatchObject([{ state: "accepted" }]);

  const file = join(temporaryFolder(), "history.jsonl");
  expect(await run("history", "export", file)).toBe("43 entries and events\n");
  const text = readFileSync(file, "utf8");
  expect(await run("history", "export")).toBe(text);
  const other = historyLab();
  expect(await other.run("history", "list")).toContain("nothing is stored yet");
  expect(await other.run("history", "import", file)).toBe("43 entries and events, 43 of them new\n");
  expect(await other.run("history", "export")).toBe(text);
  await expect(other.run("history", "import", `${file}.none`)).rejects.toMatchObject({ code: "INPUT_MISSING" });
  expect(await other.run("history", "prune")).toContain("40 entries");
  expect(await other.run("history", "scan")).toContain("+20");
});

test("what a gate measured beside the reference build is stored, and only of a commit that git knows", async () => {
  const root = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", root, "-c", "user.name=T", "-c", "user.email=t@example.org", ...args], {
      encoding: "utf8",
    }).trim();
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "first");
  const commit = git("rev-parse", "HEAD");
  const { run } = historyLab(root);
  const file = join(temporaryFolder(), "gate.json");
  const write = (report: GateReport): void => writeFileSync(file, JSON.stringify(report));
  write(gateReport({ "engine/scan": 1.1 }, { head: commit }));
  expect(await run("history", "add", file)).toContain("stored 1 series");
  expect(await run("history", "add", file)).toContain("stored before");
  write(gateReport({ "engine/scan": 1.1 }, { head: "1".repeat(40) }));
  await expect(run("history", "add", file)).rejects.toMatchObject({ code: "COMMIT_UNKNOWN" });
  write({ ...gateReport({}, { head: commit }), samples: [] });
  await expect(run("history", "add", file)).rejects.toMatchObject({ code: "NOTHING_MEASURED" });
  writeFileSync(file, "{}");
  await expect(run("history", "add", file)).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("the detector is scored on labelled series, on noise and on steps", { timeout: 120_000 }, async () => {
  const data = temporaryFolder();
  mkdirSync(join(data, "tcpd"));
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(data, "tcpd", `${name}.json`), JSON.stringify(content));
  // "nile" is of half `tune`, "bank" of half `report`.
  const steps = Array.from({ length: 40 }, (_, i) => (i < 20 ? 100 : 150) + ((i * 7) % 5));
  for (const name of ["nile", "bank"]) write(name, { series: [{ raw: steps.with(7, null as unknown as number) }] });
  write("annotations", { nile: { "6": [20], "7": [20] }, bank: { "6": [], "7": [20] }, absent: { "6": [] } });
  const { run } = historyLab();
  const flags = ["--evaluate", "--data", data, "--without-rivals", "--series", "3"];
  const record = ChangePointRecord.parse(JSON.parse(await run("changepoints", ...flags, "--json")));
  expect(record.series["drift"]?.map(({ found }) => found)).toEqual([[20], [20]]);
  expect(record.methods.find(({ method, half }) => method === "drift" && half === "tune")?.f1.value).toBe(1);
  expect(record.methods.find(({ method, half }) => method === "zero" && half === "tune")?.lead?.f1.value).toBeCloseTo(
    1 / 3,
  );
  expect(record.noise.map(({ falsePoints }) => falsePoints.of)).toEqual(record.noise.map(() => 3));
  expect(await run("changepoints", ...flags)).toContain("any point without a step");
  writeFileSync(join(data, "tcpd", "nile.json"), "[]");
  await expect(run("changepoints", ...flags)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(run("changepoints", "--evaluate", "--data", temporaryFolder())).rejects.toMatchObject({
    code: "INPUT_MISSING",
  });
});

test("a commit is measured beside the pinned reference build, and stored as a file", async () => {
  const says = (value: number): string =>
    `echo '{"cases": [{"id": "fixed", "unit": "us", "samples": [${value}, ${value + 1}, ${value}]}]}'\n`;
  const config = (reference?: string): string =>
    JSON.stringify({
      ...(reference !== undefined && { reference }),
      cases: [{ id: "own", command: ["sh", "say.sh"], output: { format: "drift" } }],
      scores: [{ id: "scores/never-run", command: "exit 7 {out}" }],
      gate: { screenPairs: 6, confirmPairs: 7, mostPairs: 8 },
    });
  const repository = tinyRepository({ "say.sh": says(100), "drift-bench.json": config() });
  const first = repository.commit({});
  const cache = ["--cache", temporaryFolder()];
  const record = (...args: string[]) => driftBench(repository.root, ["history", "record", ...cache, ...args]);
  await expect(record()).rejects.toMatchObject({ code: "CONFIG_INVALID", message: "no reference build is pinned" });
  repository.commit({ "say.sh": says(130), "drift-bench.json": config(first) });
  expect((await record()).output).toMatch(/^stored 1 series of [0-9a-f]{12}\n$/);
  const { output } = await driftBench(repository.root, ["history", "show", "1", "--json"]);
  expect(JSON.parse(output)).toMatchObject({ series: { reference: first }, points: [{ value: 1.3 }] });
});
