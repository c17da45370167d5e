import { DriftError } from "@drift/engine";
import { describe, expect, test } from "vitest";
import { bisect } from "../src/bisect.ts";
import { bisectCommand, renderBisection } from "../src/commands/bisect.ts";
import type { GateReport } from "../src/gate/schema.ts";
import { alertsOf } from "../src/store/alert.ts";
import { publishEntry } from "../src/store/history-files.ts";
import { completeEntry } from "../src/store/history-schema.ts";
import { openPerformanceHistory } from "../src/store/open-history.ts";
import { contextOf, createLab } from "./e2e/lab.ts";
import { temporaryFolder } from "./fixtures.ts";
import { cConfig, cProgram, tinyRepository } from "./gate/tiny-repository.ts";
import { gateReport } from "./gate-report.ts";
import { entryAt } from "./store/history-fixtures.ts";

const commits = Array.from({ length: 12 }, (_, i) => String(i));

/** A gate over commits that take as long as `cost` says; null where a commit cannot be built. */
function gateOf(cost: (commit: number) => number | null) {
  const asked: string[] = [];
  const gate = (base: string, head: string): Promise<GateReport> => {
    asked.push(`${base}-${head}`);
    const [before, after] = [cost(Number(base)), cost(Number(head))];
    if (before === null || after === null) return Promise.reject(new DriftError("BUILD_FAILED", "no"));
    return Promise.resolve(gateReport({ "a/b": after / before }));
  };
  return { gate, asked };
}

describe("bisecting", () => {
  test.each([1, 4, 7, 11])("convicts commit %i against the one before it", async (guilty) => {
    const { gate, asked } = gateOf((commit) => (commit >= guilty ? 1.3 : 1));
    const found = await bisect(commits, gate);
    expect(found).toMatchObject({
      outcome: "convicted",
      culprit: { commit: String(guilty), parent: String(guilty - 1) },
    });
    expect(asked.at(-1)).toBe(`${guilty - 1}-${guilty}`);
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(renderBisection({ ...found, alert: "x" })).toMatch(/a\/b \d+\.\d % worse[^]*alert x/);
  });

  test("of two commits asks once", async () => {
    const { gate, asked } = gateOf((commit) => 1 + commit);
    expect(await bisect(["0", "1"], gate)).toMatchObject({ outcome: "convicted" });
    expect(asked).toEqual(["0-1"]);
  });

  test("convicts nobody where nothing is worse, or where it came in small steps", async () => {
    expect(await bisect(commits, gateOf(() => 1).gate)).toMatchObject({ outcome: "no-regression", culprit: null });
    const gradual = await bisect(commits, gateOf((commit) => 1.01 ** commit).gate);
    expect(gradual).toMatchObject({ outcome: "gradual", culprit: null });
    expect(renderBisection({ ...gradual, alert: null })).toContain("small steps");
  });

  test("goes round commits that cannot be built, and says where they hide the change", async () => {
    const round = gateOf((commit) => (commit === 6 ? null : commit >= 3 ? 1.3 : 1));
    expect(await bisect(commits, round.gate)).toMatchObject({ outcome: "convicted", culprit: { commit: "3" } });
    const hidden = await bisect(
      commits,
      gateOf((commit) => (commit === 5 || commit === 6 ? null : commit > 6 ? 1.3 : 1)).gate,
    );
    expect(hidden).toMatchObject({ outcome: "unclear", among: ["5", "6", "7"] });
    expect(renderBisection({ ...hidden, alert: null })).toContain("among 5, 6, 7");
    expect(await bisect(commits, gateOf((commit) => (commit === 11 ? null : 1)).gate)).toMatchObject({
      outcome: "unclear",
    });
    await expect(bisect(commits, () => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
  });

  test(
    "of a real repository convicts the commit that doubled the work, and opens an alert",
    { timeout: 300_000 },
    async () => {
      const repository = tinyRepository({ "work.c": cProgram(30_000), "drift-bench.json": cConfig });
      const first = repository.commit({ note: "1" });
      const slow = repository.commit({ "work.c": cProgram(60_000) });
      const last = repository.commit({ note: "3" });
      const lab = createLab();
      let output = "";
      const context = { ...contextOf(lab), stdout: { write: (text: string) => (output += text) } };
      const { store } = await openPerformanceHistory(context.results, { url: null, now: new Date() });
      for (let n = 0; n < 30; n++) {
        const { entry, raw } = entryAt(n, { "c/sum": n < 15 ? 1 : 2 });
        const { id: _, schemaVersion: __, ...draft } = { ...entry, commit: n < 15 ? first : last };
        await publishEntry(store, context.results.history, { entry: completeEntry(draft), raw });
      }
      await store.close();
      const flags = { nominated: true, cache: temporaryFolder(), json: true };
      const where = { env: process.env, cwd: repository.root };
      expect(await bisectCommand(flags, context, where)).toBe(1);
      const found = JSON.parse(output) as { outcome: string; culprit: unknown; alert: string };
      expect(found).toMatchObject({ outcome: "convicted", culprit: { commit: slow, parent: first } });
      expect(found.alert.startsWith(slow.slice(0, 12))).toBe(true);
      const again = await openPerformanceHistory(context.results, { url: null, now: new Date() });
      expect(alertsOf(await again.store.events())).toMatchObject([
        { id: found.alert, commit: slow, state: "untriaged" },
      ]);
      await again.store.close();

      await expect(bisectCommand({ ...flags, nominated: false }, context, where)).rejects.toMatchObject({
        code: "BAD_FLAGS",
      });
      const backwards = { ...flags, nominated: false, good: last, bad: first };
      await expect(bisectCommand(backwards, context, where)).rejects.toMatchObject({ code: "BAD_FLAGS" });
      const empty = contextOf(createLab());
      await expect(bisectCommand(flags, empty, where)).rejects.toMatchObject({ code: "NOTHING_NOMINATED" });
    },
  );
});
