/** Programs that write a gigabyte, in every way that could cost the benchmark its memory: counted by kind, never kept. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { runTool } from "../src/run.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Flooded {
  problems: { malformed: number; unanswered: number; kinds?: Record<string, number> } | null;
  notRun: string | null;
  peakBytes: number;
}

const CALLS = 8;

/**
 * @param answer run for each question: `request`, `say`, `flood` (writes a part again and again, up to a gigabyte) and `target` are at hand
 */
async function flooded(answer: string, before = ""): Promise<Flooded> {
  const file = join(folder, "tool.mjs");
  writeFileSync(
    file,
    `import { createInterface } from "node:readline";
     const say = (reply) => process.stdout.write((typeof reply === "string" ? reply : JSON.stringify(reply)) + "\\n");
     const flood = (part, left = Math.ceil(2 ** 30 / part.length)) => {
       if (left === 0) process.exit(0);
       process.stdout.write(part, () => flood(part, left - 1));
     };
     const target = { file: "a.ts", line: 1, column: 1, probability: 1 };
     ${before}
     for await (const line of createInterface({ input: process.stdin })) {
       const request = JSON.parse(line);
       if (request.type === "hello") say({ version: "1", categories: ["call-graph"] });
       else if (request.type === "open") say({ ready: true });
       else { const good = { taskId: request.taskId, itemId: request.item.id, status: "certain", targets: [] }; ${answer} }
     }`,
  );
  const main = fileURLToPath(new URL("support/flooded.ts", import.meta.url));
  const { stdout } = await execa(process.execPath, [main, `"${process.execPath}" "${file}"`, `${CALLS}`]);
  return JSON.parse(stdout) as Flooded;
}

describe("a gigabyte", () => {
  let usual: number;
  beforeAll(async () => {
    usual = (await flooded("say(good);")).peakBytes;
  });
  const MIB = 2 ** 20;
  const endless = "more than 268435456 bytes of answers";

  test.each<[string, string, string, Partial<Flooded>]>([
    ["as one line without end", "flood('x'.repeat(2 ** 20));", "", { notRun: `Error: ${endless}` }],
    [
      "before it said who it is",
      "",
      "flood('x'.repeat(2 ** 20)); await new Promise(() => undefined);",
      { notRun: `Error: ${endless}` },
    ],
    [
      "as short lines of garbage",
      "flood('garbage\\n'.repeat(2 ** 17));",
      "",
      { notRun: null, problems: expect.objectContaining({ malformed: CALLS, kinds: { "not-json": CALLS } }) },
    ],
    [
      "as lines of just the longest that are read, full of nothing",
      "say('[' + '{},'.repeat(1_390_000) + '{}]');",
      "",
      {
        notRun: null,
        problems: expect.objectContaining({ malformed: CALLS, unanswered: CALLS, kinds: { "out-of-range": CALLS } }),
      },
    ],
    [
      "as answers with a million targets that are none",
      "say(JSON.stringify(good).replace('[]', '[' + '{},'.repeat(1_380_000) + '{}]'));",
      "",
      {
        notRun: null,
        problems: expect.objectContaining({ malformed: CALLS, unanswered: CALLS, kinds: { "out-of-range": CALLS } }),
      },
    ],
    [
      "as answers in good form with a reason of four megabytes",
      "say({ ...good, status: 'unknown', reason: 'x'.repeat(4_190_000) });",
      "",
      { notRun: null, problems: expect.objectContaining({ malformed: CALLS, kinds: { "out-of-range": CALLS } }) },
    ],
    [
      "as answers that nest a million deep",
      "say(JSON.stringify(good).replace('[]', '['.repeat(1_000_000) + ']'.repeat(1_000_000)));",
      "",
      { notRun: null, problems: expect.objectContaining({ malformed: CALLS, unanswered: CALLS }) },
    ],
    [
      "as objects with a million names",
      "say('{' + Array.from({ length: 300_000 }, (_, at) => `\"${at}\":1`).join() + '}');",
      "",
      {
        notRun: null,
        problems: expect.objectContaining({ malformed: CALLS, unanswered: CALLS, kinds: { "out-of-range": CALLS } }),
      },
    ],
  ])("%s is counted, and its room stays bounded", { timeout: 300_000 }, async (_what, answer, before, expected) => {
    const found = await flooded(answer, before);
    expect(found).toMatchObject(expected);
    // Some of the longest lines at a time, as objects, that nobody has collected yet.
    expect(found.peakBytes - usual).toBeLessThan(1024 * MIB);
  });
});

test("a file of answers of a gigabyte is read up to its limit", async () => {
  const file = join(folder, "answers.jsonl");
  writeFileSync(file, "");
  truncateSync(file, 2 ** 30);
  const truth = tinyTruth([{ must: [0] }]);
  const adapter = predictionsAdapter({ name: "made", file, version: "1" });
  const { report } = await runTool({ adapter, corpora: [corpusOf(truth)], seed: 1, now: fixedNow });
  expect(report.corpora[0]?.notRun).toBe("Error: more than 268435456 bytes of answers");
});
