/** The memory of tools: measured where they run, in every form of report, and "not measured" where nobody looked. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { processMemory } from "../src/memory.ts";
import { csvReport } from "../src/report-csv.ts";
import { htmlReport } from "../src/report-html.ts";
import { markdownReport, terminalReport } from "../src/report.ts";
import { type RunOptions, runTool } from "../src/run.ts";
import { Report } from "../src/schema/report.ts";
import { countingTool, SAY_EXTERNAL } from "./support/counting-tool.ts";
import { corpusOf, fixedNow, ITEM_LIMITS } from "./support/resolved-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TRUTH = tinyTruth([{ must: [0] }, { must: [1] }, { must: [2] }]);
const MIB = 2 ** 20;

async function reportOf(adapter: Contestant, more: Partial<RunOptions> = {}): Promise<Report> {
  const options = { adapter, corpora: [corpusOf(TRUTH, "real")], seed: 1, now: fixedNow, ...more };
  return (await runTool(options)).report;
}

/** A tool in this process that holds so much while it answers. */
function holding(bytes: number): Contestant {
  const answer: Contestant["answer"] = async (task) => {
    const held = new Uint8Array(bytes).fill(1).buffer;
    // Gives it back at once, and not when it is collected.
    held.transfer(0);
    return { taskId: task.id, items: [], usage: { indexMs: 12, answerMs: 3 } };
  };
  return { name: "x", role: "contestant", isHere: true, version: async () => "1", answer };
}

// Peaks are read from /proc, which only Linux has: elsewhere those of other processes are not measured.
describe.skipIf(process.platform !== "linux")("memory on Linux", () => {
  test("of a program is that of all its processes, also of such as have a group of their own", async () => {
    const hold = (bytes: number) => `Buffer.alloc(${bytes}, 1)`;
    const child = `const held = ${hold(150 * MIB)}; process.stdout.write(String(held.length)); setInterval(() => held, 1000);`;
    const tool = countingTool(
      folder,
      `if (asked === 1) {
         globalThis.held = ${hold(100 * MIB)};
         const { spawn } = await import("node:child_process");
         const child = spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { detached: true });
         await new Promise((resolve) => child.stdout.once("data", resolve));
         globalThis.child = child;
       }
       if (asked === 3) process.kill(child.pid, "SIGKILL");
       ${SAY_EXTERNAL}`,
    );
    const { corpora } = await reportOf(commandAdapter({ name: "t", command: tool.command, itemLimits: ITEM_LIMITS }));
    const memory = corpora[0]?.usage?.memory;
    expect(memory?.of).toBe("tool");
    expect(memory?.peakBytes).toBeGreaterThan(250 * MIB);
    expect(memory?.peakBytes).toBeLessThan(600 * MIB);
  });

  test("of a tool in this process is counted anew for each question", async () => {
    const [large, small] = [
      await reportOf(holding(300 * MIB), { memory: processMemory() }),
      await reportOf(holding(1), { memory: processMemory() }),
    ].map(({ corpora }) => corpora[0]?.usage?.memory);
    expect([large?.of, small?.of]).toEqual(["process", "process"]);
    expect(large?.peakBytes).toBeGreaterThan(300 * MIB);
    expect((large?.peakBytes ?? 0) - (small?.peakBytes ?? 0)).toBeGreaterThan(100 * MIB);
  });
});

describe("a report", () => {
  const measured = (): Promise<Report> =>
    reportOf(holding(1), { memory: { begin: () => undefined, peak: () => ({ peakBytes: 300 * MIB, of: "process" }) } });

  test("shows time and memory in every form", async () => {
    const report = await measured();
    const row = ["x", "tiny", "12 ms", "3 ms", "3", "–", "–", "300 MiB (process)"];
    expect(terminalReport([report])).toMatch(
      new RegExp(row.map((cell) => `${cell.replace(/[()]/g, "\\$&")}\\s+`).join("│ ")),
    );
    expect(markdownReport([report])).toContain(`| ${row.join(" | ")} |`);
    expect(htmlReport([{ report, items: [] }])).toContain(row.map((cell) => `<td>${cell}</td>`).join(""));
    expect(markdownReport([report])).toContain("the process in which tool and benchmark ran together");
    const [header, ...rows] = csvReport([report])
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    const own = rows.find((cells) => cells[header?.indexOf("corpus") ?? 0] === "tiny") ?? [];
    expect(["index_ms", "answer_ms", "peak_bytes", "peak_of"].map((name) => own[header?.indexOf(name) ?? 0])).toEqual([
      "12",
      "3",
      `${300 * MIB}`,
      "process",
    ]);
  });

  test("of a run whose memory nobody measured says so", async () => {
    expect(markdownReport([await reportOf(holding(1))])).toContain("| not measured |");
  });

  test("of version 1 is read as one of version 2 that says neither limits nor memory", async () => {
    const { limits: _, ...now } = await measured();
    const corpora = now.corpora.map(({ usage, ...rest }) => ({
      ...rest,
      usage: { indexMs: usage?.indexMs, answerMs: 3 },
    }));
    const read = Report.parse({ ...now, schemaVersion: 1, corpora });
    expect(read).toEqual({
      ...now,
      limits: null,
      corpora: now.corpora.map((one) => ({ ...one, usage: { indexMs: 12, answerMs: 3, memory: null } })),
    });
    expect(markdownReport([read])).toContain("| not measured |");
    for (const wrong of [{ ...now, schemaVersion: 1, corpora: null }, { ...now, schemaVersion: 3 }, null, 1]) {
      expect(Report.safeParse(wrong).success).toBe(false);
    }
  });

  test("that was published before there was memory is still read", () => {
    const name = "../../results/published/cibench/2026-11-23-242ff50b6807-drift.json";
    const { report } = JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as { report: unknown };
    expect(Report.parse(report)).toMatchObject({ schemaVersion: 2, limits: null, subject: { name: "drift" } });
  });
});
