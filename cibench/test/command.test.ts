import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, type Asked } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { jsonLines } from "../src/adapters/json-lines.ts";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { judgeCallGraph } from "../src/evaluators/graph-edges.ts";
import type { ItemLimits } from "../src/schema/limits.ts";
import { callGraphTask } from "../src/tasks/perception/call-graph.ts";
import { ITEM_LIMITS } from "./support/resolved-corpus.ts";
import { sourceTruth, writeSources } from "./support/source-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  writeSources(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const truth = tinyTruth([{ must: [0] }, { must: [1] }, { must: [2] }]);
const task = callGraphTask(truth);
const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };

/** A program with `good` (the right answer to an item) and `say`; `answer` is run for each question. */
async function askProgram(
  answer: string,
  more: { before?: string; itemLimits?: Partial<ItemLimits> } = {},
): Promise<Asked> {
  const file = join(folder, "tool.mjs");
  writeFileSync(
    file,
    `import { createInterface } from "node:readline";
     const say = (reply) => process.stdout.write((typeof reply === "string" ? reply : JSON.stringify(reply)) + "\\n");
     const good = ({ taskId, item }) => {
       const target = { file: item.file, line: 1, column: 1, probability: 1 };
       return { taskId, itemId: item.id, status: "certain", targets: [target] };
     };
     const forever = (text) => process.stdout.write(text, () => forever(text));
     let count = 0;
     ${more.before ?? ""}
     for await (const line of createInterface({ input: process.stdin })) {
       const request = JSON.parse(line);
       if (request.type === "hello") say({ version: "3" });
       else if (request.type === "open") say({ ready: true });
       else { count++; ${answer} }
     }`,
  );
  const adapter = commandAdapter({
    name: "program",
    command: `"${process.execPath}" "${file}"`,
    itemLimits: { ...ITEM_LIMITS, ...more.itemLimits },
    limits: { lineBytes: 10_000, totalBytes: 1_000_000 },
  });
  return ask(adapter, { task, root: folder, truth, context, timeoutMs: 60_000 });
}

const none = { malformed: 0, unasked: 0, repeated: 0, unanswered: 3 };

describe("a program that speaks JSON lines", () => {
  test.each([
    ["garbage", "say('all right');", { malformed: 3, kinds: { "not-json": 3 } }],
    ["NaN", "say(JSON.stringify(good(request)).replace('1}', 'NaN}'));", { malformed: 3, kinds: { "not-json": 3 } }],
    [
      "a probability of 2",
      "const a = good(request); a.targets[0].probability = 2; say(a);",
      { malformed: 3, kinds: { "out-of-range": 3 } },
    ],
    ["a status of its own", "say({ ...good(request), status: 'sure' });", { malformed: 3, kinds: { "wrong-form": 3 } }],
    ["a list", "say([]);", { malformed: 3, kinds: { "wrong-form": 3 } }],
    ["deep brackets", "say('['.repeat(9_000));", { malformed: 3, kinds: { "not-json": 3 } }],
    ["wrong ids", "say({ ...good(request), itemId: 'x' });", { unasked: 3 }],
    ["another task's id", "say({ ...good(request), taskId: 'x' });", { malformed: 3, kinds: { "wrong-form": 3 } }],
    ["a long line", "say('x'.repeat(20_000));", { malformed: 3, kinds: { "too-long": 3 } }],
    ["garbage without end", "forever('x'.repeat(100) + '\\n');", { malformed: 3, kinds: { "not-json": 3 } }],
  ])("that says %s is counted by kind, and gains nothing", async (_what, answer, problems) => {
    expect(await askProgram(answer)).toMatchObject({
      state: "answered",
      answer: { items: [] },
      problems: { ...none, ...problems },
    });
  });

  test.each([
    ["ends", "process.exit(0);", "the program ended with code 0"],
    ["crashes", "throw new Error('no memory');", /ended with code 1: .*no memory/],
    ["is killed", "process.kill(process.pid, 'SIGKILL');", /ended (by SIGKILL|with code 137)/],
    ["writes one line without end", "forever('x'.repeat(10_000));", "more than 1000000 bytes of answers"],
    [
      "answers everything again and again",
      "for (let i = 0; i < 99; i++) say(good(request));",
      "it says more than it was asked",
    ],
  ])("that %s half-way has not run", async (_what, answer, reason) => {
    const asked = await askProgram(`if (count < 2) say(good(request)); else { ${answer} }`);
    expect(asked).toEqual({ state: "not-run", reason: expect.stringMatching(reason) });
  });

  test("that is late counts as silent for that item alone", async () => {
    const asked = await askProgram(
      "if (count === 2) say(first); if (count > 1) say(good(request)); else first = good(request);",
      {
        before: "let first;",
        itemLimits: { timeMs: 1000 },
      },
    );
    expect(asked).toMatchObject({ state: "answered", problems: { kinds: { late: expect.any(Number) } } });
    const answered = asked.state === "answered" ? asked.answer.items.map(({ itemId }) => itemId) : [];
    expect(answered).not.toContain(task.items[0]?.id);
  });

  test("that is not there, or introduces itself as nobody, has not run", async () => {
    const adapter = commandAdapter({ name: "x", command: "no-such-program-anywhere", itemLimits: ITEM_LIMITS });
    const asked = await ask(adapter, { task, root: folder, truth, context, timeoutMs: 60_000 });
    expect(asked).toMatchObject({ state: "not-run", reason: expect.stringContaining("ended with code 127") });
    expect(await askProgram("", { before: "say('hello');" })).toMatchObject({ state: "not-run" });
  });

  test("and hangs ends with the limit of the run", async () => {
    const command = `"${process.execPath}" -e "setInterval(() => undefined, 1000)"`;
    const adapter = commandAdapter({ name: "x", command, itemLimits: ITEM_LIMITS });
    const asked = await ask(adapter, { task, root: folder, truth, context, timeoutMs: 300 });
    expect(asked).toEqual({ state: "not-run", reason: "no answer within 0.3 s" });
  });

  test("as the README shows it finds what is named once", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const file = join(folder, "example.mjs");
    writeFileSync(file, /^## Another tool$.*?```js\n(.*?)```/ms.exec(readme)?.[1] as string);
    const adapter = commandAdapter({ name: "x", command: `"${process.execPath}" "${file}"`, itemLimits: ITEM_LIMITS });
    expect(await adapter.version()).toBe("1.0.0");
    const source = sourceTruth();
    const options = { task: callGraphTask(source), root: folder, truth: source, context, timeoutMs: 60_000 };
    const asked = await ask(adapter, options);
    const outcomes = asked.state === "answered" ? judgeCallGraph(asked.answer.items, source) : [];
    expect(outcomes.filter(({ outcome }) => outcome === "right").map(({ callee }) => callee)).toContain("add");
  });
});

describe("a file of predictions", () => {
  async function read(lines: readonly unknown[]): Promise<Asked> {
    const file = join(folder, "predictions.jsonl");
    writeFileSync(file, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
    const adapter = predictionsAdapter({ name: "made", file, version: "1" });
    return ask(adapter, { task, root: folder, truth, context, timeoutMs: 60_000 });
  }
  const item = { taskId: task.id, itemId: task.items[0]?.id, status: "unknown", targets: [] };

  test("gives each corpus its own lines; what belongs to nobody is counted", async () => {
    const asked = await read([{ ...item, taskId: "call-graph/other" }, item, "", item, "NaN", { itemId: "x" }]);
    const problems = {
      malformed: 2,
      unasked: 0,
      repeated: 1,
      unanswered: 2,
      kinds: { "not-json": 1, "wrong-form": 1 },
    };
    expect(asked).toMatchObject({ state: "answered", problems });
  });

  test("about other corpora only, or that is not there, has not run", async () => {
    expect(await read([{ ...item, taskId: "other" }])).toMatchObject({ state: "not-run" });
    const adapter = predictionsAdapter({ name: "made", file: join(folder, "gone"), version: "1" });
    const asked = await ask(adapter, { task, root: folder, truth, context, timeoutMs: 60_000 });
    expect(asked).toMatchObject({ state: "not-run", reason: expect.stringContaining("ENOENT") });
  });
});

test("lines may be cut anywhere, and the last one needs no end", async () => {
  const text = Buffer.from('{"a":"é"}\r\n\n[1]\n2');
  const chunks = (async function* () {
    for (const byte of text) yield Uint8Array.of(byte);
  })();
  const values: unknown[] = [];
  for await (const value of jsonLines(chunks)) values.push(value);
  expect(values).toEqual([{ a: "é" }, [1], 2]);
});
