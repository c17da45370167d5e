import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DriftError } from "@drift/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { growthCommand, phasesCommand } from "../../src/commands/growth.ts";
import { GrowthRecord, readLongFile } from "../../src/store/long-file.ts";
import { contextOf, createLab, type Lab } from "./lab.ts";

let lab: Lab;
beforeEach(() => {
  lab = createLab();
});
afterEach(() => lab.remove());

test("sizes are measured, kept and shown with their exponent", async () => {
  const { context, output } = written();
  const flags = { sizes: [40, 10], rounds: 1, seed: 1, save: true, json: false };
  const failure: unknown = await growthCommand(flags, context).catch((error: unknown) => error);
  // What so small sizes cost says nothing about growth; the record is kept and shown whatever it says.
  expect([undefined, "GROWS_TOO_FAST"]).toContain((failure as DriftError | undefined)?.code);
  const kept = readLongFile(lab.results, "growth", GrowthRecord);
  expect(kept?.sizes.map(({ files }) => files >= 10)).toEqual([true, true]);
  expect(kept?.sizes.every(({ callSites, cpuSeconds }) => callSites > 0 && cpuSeconds > 0)).toBe(true);
  expect(output.join("")).toContain("cost = c · (n · log n)^k");
});

test.each([
  { sizes: [1000], rounds: 1 },
  { sizes: [1000, 1000], rounds: 1 },
  { sizes: [5, 1000], rounds: 1 },
  { sizes: [10, 20], rounds: 0 },
])("$sizes with $rounds rounds are refused before anything runs", async (given) => {
  const flags = { ...given, seed: 1, save: true, json: true };
  await expect(growthCommand(flags, written().context)).rejects.toMatchObject({ code: "BAD_SIZES" });
  expect(existsSync(join(lab.results, "long"))).toBe(false);
});

test("the stages of indexing a folder, with and without the solver", async () => {
  const folder = join(lab.results, "project");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "a.ts"), "function f() {}\nf();\n");
  const { context, output } = written();
  await phasesCommand(folder, { rounds: 0, json: false }, context);
  expect(output.join("")).toContain("1 files, 1 call sites");
  await phasesCommand(folder, { rounds: 1, json: true }, context);
  expect(JSON.parse(output.slice(1).join(""))).toMatchObject([{ stats: { files: 1, callSites: 1 } }]);
});

test("a folder that is not there is said to be missing", async () => {
  const missing = phasesCommand(join(lab.results, "nowhere"), { rounds: 1, json: false }, written().context);
  await expect(missing).rejects.toMatchObject({ code: "FOLDER_MISSING" });
});

function written(): { context: ReturnType<typeof contextOf>; output: string[] } {
  const output: string[] = [];
  const context = { ...contextOf(lab), stdout: { write: (text: string) => output.push(text) } };
  return { context, output };
}
