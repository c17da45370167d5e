/** Runs that were interrupted: what was heard is used, the rest is asked, and the result is that of a run in one go. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { Journals } from "../src/journal.ts";
import { itemLines, type Run, type RunOptions, runTool } from "../src/run.ts";
import { RunOutput } from "../src/schema/cli-output.ts";
import type { Report } from "../src/schema/report.ts";
import { commandsOn } from "./support/cli.ts";
import { type CountingTool, countingTool, SAY_EXTERNAL } from "./support/counting-tool.ts";
import { corpusOf, fixedNow, ITEM_LIMITS } from "./support/resolved-corpus.ts";
import { writeSources } from "./support/source-corpus.ts";
import { tinyAnswer, tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
let notes: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  notes = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const SITES = [{ must: [0] }, { must: [1] }, { must: [2] }, { must: [0], file: "b.ts" }, { must: [1], file: "b.ts" }];
const ONE = tinyTruth(SITES, undefined, "one");
const TWO = tinyTruth(SITES.slice(0, 3), undefined, "two");

function run(adapter: Contestant, more: Partial<RunOptions> & { code?: string; goOn?: boolean } = {}): Promise<Run> {
  const { code = "same", goOn = true, ...rest } = more;
  const journals = new Journals(join(folder, "runs"), { goOn, code, note: (text) => notes.push(text) });
  const corpora = [ONE, TWO].map((truth) => corpusOf(truth));
  return runTool({ adapter, corpora, seed: 1, now: fixedNow, journals, ...rest });
}

/** As a call that was killed leaves it: the journal is there, nobody writes it. */
function interrupted({ journal }: Run): void {
  journal?.close();
}

function journalFiles(): string[] {
  return readdirSync(join(folder, "runs")).filter((name) => name.endsWith(".journal"));
}

function program({ command }: CountingTool): Contestant {
  return commandAdapter({ name: "counting", command, itemLimits: ITEM_LIMITS });
}

function withoutMemory(report: Report): Report {
  const corpora = report.corpora.map((one) => ({ ...one, usage: one.usage && { ...one.usage, memory: null } }));
  return { ...report, corpora };
}

function same(one: Run, other: Run): void {
  expect(itemLines(one)).toBe(itemLines(other));
  expect(withoutMemory(one.report)).toEqual(withoutMemory(other.report));
}

describe("a program that dies", () => {
  test.each([1, 3, 5, 6, 8])("at question %i is asked the rest by the next call, nothing twice", async (dies) => {
    const tool = countingTool(folder, `if (asked === ${dies}) process.exit(1); ${SAY_EXTERNAL}`);
    const first = await run(program(tool));
    expect(first.report.corpora.some(({ notRun }) => notRun !== null)).toBe(true);
    interrupted(first);
    const second = await run(program(tool));
    expect(second.report.corpora.map(({ notRun }) => notRun)).toEqual([null, null]);
    second.journal?.remove();
    // The question at which it died is the only one that is put again.
    const asked = tool.asked();
    expect([asked.length, new Set(asked).size]).toEqual([9, 8]);
    same(second, await run(program(tool)));
    expect(notes).toEqual([expect.stringMatching(/^goes on with the run begun at 2026-11-23T12:00:00.000Z: /)]);
  });

  test("counts what it said wrong as if it had not died", async () => {
    const says = `
      if (request.item.id.startsWith("a.ts:1001")) say({ taskId: request.taskId, itemId: "nobody" });
      else if (request.item.id.startsWith("a.ts:1002")) say("NaN");
      else { ${SAY_EXTERNAL} }`;
    const dying = countingTool(folder, `if (asked === 5) process.exit(1); ${says}`);
    interrupted(await run(program(dying)));
    const second = await run(program(dying));
    const kinds = { "wrong-form": 2 };
    expect(second.report.corpora[0]?.problems).toMatchObject({ malformed: 2, unanswered: 2, kinds });
    second.journal?.remove();
    same(second, await run(program(dying)));
  });
});

describe("an unfinished run", () => {
  const answered: string[] = [];
  const tool = (version: string, breaksOn?: string): Contestant => ({
    name: "x",
    role: "contestant",
    version: async () => version,
    answer: async (task) => {
      answered.push(task.corpus);
      if (task.corpus === breaksOn) throw new Error("no memory");
      const truth = task.corpus === "one" ? ONE : TWO;
      const items = truth.sites.map((_, site) => tinyAnswer(truth, site, site === 1 ? ["nowhere"] : [0]));
      return { taskId: task.id, items: [...items, null], usage: { indexMs: 3, answerMs: 4, tokens: 5 } };
    },
  });
  beforeEach(() => answered.splice(0));

  test("of a tool that answers in one go keeps whole tasks", async () => {
    interrupted(await run(tool("1", "two")));
    const second = await run(tool("1"));
    expect(answered).toEqual(["one", "two", "two"]);
    same(second, await run(tool("1"), { journals: undefined as never }));
  });

  test("with a torn last line, at whatever byte, loses that line alone", async () => {
    const whole = await run(tool("1"));
    interrupted(whole);
    const [name] = journalFiles() as [string];
    const text = readFileSync(join(folder, "runs", name), "utf8");
    const last = text.trimEnd().lastIndexOf("\n") + 1;
    for (const end of [last, last + 1, Math.floor((last + text.length) / 2), text.length - 1]) {
      writeFileSync(join(folder, "runs", name), text.slice(0, end));
      answered.splice(0);
      const again = await run(tool("1"));
      expect(answered).toEqual(["two"]);
      same(again, whole);
      expect(readFileSync(join(folder, "runs", journalFiles()[0] as string), "utf8")).toBe(text);
      interrupted(again);
    }
    appendFileSync(
      join(folder, "runs", name),
      '{"taskId":"call-graph/two","spentMs":0,"asked":{"state":"answered"}}\n',
    );
    interrupted(await run(tool("1")));
    expect(readFileSync(join(folder, "runs", journalFiles()[0] as string), "utf8")).toBe(text);
  });

  test.each<[string, string, Partial<RunOptions> & { code?: string; goOn?: boolean }]>([
    ["version of the tool", "2", {}],
    ["suite", "1", { corpora: [corpusOf({ ...ONE, corpusVersion: "2.0.0" }), corpusOf(TWO)] }],
    ["code", "1", { code: "other" }],
    ["as was asked", "1", { goOn: false }],
  ])("is not used when this is another one: %s", async (what, version, more) => {
    interrupted(await run(tool("1", "two")));
    answered.splice(0);
    interrupted(await run(tool(version), more));
    expect(answered).toEqual(["one", "two"]);
    expect(notes).toEqual([expect.stringContaining(`${what}): it starts anew`)]);
    expect(journalFiles()).toHaveLength(1);
  });

  test.each<[string, Partial<RunOptions>, string[]]>([
    ["another seed", { seed: 2 }, ["one", "two"]],
    ["a sample alone", { profile: "quick" }, ["one", "two"]],
    ["another shard", { corpora: [corpusOf(ONE)] }, ["one"]],
  ])("with other parameters is left alone, and said to be there: %s", async (_what, more, asks) => {
    interrupted(await run(tool("1", "two")));
    answered.splice(0);
    interrupted(await run(tool("1"), more));
    expect(answered).toEqual(asks);
    expect(notes).toEqual([expect.stringContaining("with other parameters and is left alone")]);
    expect(journalFiles()).toHaveLength(2);
  });

  test("that a living process is at is not taken from it", async () => {
    const first = await run(tool("1", "two"));
    const [name] = journalFiles() as [string];
    const second = await run(tool("1"));
    expect(journalFiles()).toHaveLength(2);
    interrupted(first);
    interrupted(second);
    expect(journalFiles()).toContain(name);
  });

  test("that cannot be read starts anew", async () => {
    interrupted(await run(tool("1")));
    writeFileSync(join(folder, "runs", journalFiles()[0] as string), "{}\n");
    answered.splice(0);
    interrupted(await run(tool("1")));
    expect([answered, notes]).toEqual([["one", "two"], [expect.stringContaining("it cannot be read")]]);
  });
});

describe("the command line", () => {
  test("goes on with what failed, and leaves nothing when all has run", async () => {
    const root = join(folder, "source");
    writeSources(root);
    const cibench = commandsOn(() => root);
    const tool = countingTool(folder, `if (asked === 4) process.exit(1); ${SAY_EXTERNAL}`);
    const out = join(folder, "runs");
    const argv = ["run", "--command", tool.command, "--corpus", "source", "--out", out, "--json"];
    const failed = await cibench(...argv);
    expect([failed.code, failed.stderr]).toEqual([
      3,
      expect.stringContaining("the same command goes on with the rest"),
    ]);
    expect(journalFiles()).toHaveLength(1);
    const done = await cibench(...argv);
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining("and 3 questions of others")]);
    expect([journalFiles(), tool.asked().length]).toEqual([[], 10]);
    const anew = await cibench(...argv);
    expect(anew.stderr).not.toContain("goes on");
    expect(RunOutput.parse(JSON.parse(anew.stdout)).reports[0]?.scores).toEqual(
      RunOutput.parse(JSON.parse(done.stdout)).reports[0]?.scores,
    );
  });
});

describe("the process itself, killed", () => {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const start = (out: string, ...argv: string[]) => {
    const env = { DRIFT_CACHE_DIR: join(folder, "cache"), npm_config_cache: join(folder, "npm") };
    const flags = ["--corpus", "calls-small", "--offline", "--json", "--out", out];
    return execa(process.execPath, [main, "run", ...argv, ...flags], { reject: false, cwd: folder, env });
  };
  const itemsOf = (out: string) => {
    const [name] = readdirSync(join(folder, out)).filter((one) => one.endsWith(".gz")) as [string];
    return gunzipSync(readFileSync(join(folder, out, name))).toString();
  };

  test("at several places goes on, and ends with the answers of a run in one go", async () => {
    // It kills its parent's parent, which is the benchmark: between them is a shell.
    const killing = `
      if ([10, 11, 200].includes(asked)) { process.kill(Number(process.env.CIBENCH_PID), "SIGKILL"); process.exit(); }
      ${SAY_EXTERNAL}`;
    const tool = countingTool(folder, killing.replace("process.env.CIBENCH_PID", "process.argv[2]"));
    const argv = ["--command", `${tool.command} $PPID`, "--name", "counting"];
    const ends: (string | undefined)[] = [];
    let last = await start("killed", ...argv);
    for (; last.signal !== undefined && ends.length < 9; last = await start("killed", ...argv)) ends.push(last.signal);
    expect([ends, last.exitCode]).toEqual([["SIGKILL", "SIGKILL", "SIGKILL"], 0]);
    const { reports } = RunOutput.parse(JSON.parse(last.stdout));
    const items = reports[0]?.corpora[0]?.items as number;
    expect(tool.asked()).toHaveLength(items + 3);
    expect(readdirSync(join(folder, "killed")).filter((name) => name.endsWith(".journal"))).toEqual([]);
    const whole = await start("whole", "--command", `${tool.command} 0`, "--name", "counting");
    const report = RunOutput.parse(JSON.parse(whole.stdout)).reports[0];
    expect(itemsOf("killed")).toBe(itemsOf("whole"));
    expect(reports[0]?.scores).toEqual(report?.scores);
    expect(reports[0]?.corpora[0]?.problems).toEqual(report?.corpora[0]?.problems);
  });

  test("while a tool in the process itself answers goes on with the tasks that are left", async () => {
    const whole = await start("whole", "--tool", "grep");
    const running = start("killed", "--tool", "grep");
    await firstTask(join(folder, "killed"));
    running.kill("SIGKILL");
    expect((await running).signal).toBe("SIGKILL");
    const done = await start("killed", "--tool", "grep");
    expect(done.stderr).toMatch(/note: goes on with the run begun at .*: [1-9]\d* tasks are answered/);
    expect(itemsOf("killed")).toBe(itemsOf("whole"));
    const [one, other] = [done, whole].map(({ stdout }) => RunOutput.parse(JSON.parse(stdout)).reports[0]);
    expect(one?.scores).toEqual(other?.scores);
    expect(one?.runId).toBe(other?.runId);
  });
});

/** Settles when a journal in the folder has its head and a task. */
async function firstTask(out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const signal = AbortSignal.timeout(60_000);
  for await (const { filename } of watch(out, { signal })) {
    const isJournal = filename?.endsWith(".journal") === true;
    if (isJournal && readFileSync(join(out, filename), "utf8").split("\n").length > 2) return;
  }
}
