import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stressCommand } from "../../src/commands/history-stress.ts";
import { HistoryStressRecord } from "../../src/store/long-file.ts";
import { resultPaths } from "../../src/store/run-file.ts";
import { killWriters } from "../../src/suites/history-stress.ts";
import { contextOf, createLab } from "../e2e/lab.ts";
import { NOW, temporaryFolder } from "../fixtures.ts";

// Not on Windows, which has no SIGKILL.
describe.skipIf(process.platform === "win32")("a history whose writers are killed", () => {
  test("loses nothing published, opens undamaged, and is made again from its files", { timeout: 300_000 }, async () => {
    const folder = temporaryFolder();
    const paths = resultPaths(join(folder, "results"));
    const copyFiles = () => {
      const copy = resultPaths(join(folder, "rebuilt"));
      cpSync(paths.history, copy.history, { recursive: true });
      return copy;
    };
    const result = await killWriters(paths, { writes: 80, seed: 7, now: NOW, copyFiles, onKill: () => {} });
    expect(result).toMatchObject({ lost: [], damaged: 0, rebuildEqual: true });
    expect(result.kills).toBeGreaterThan(1);
  });

  test("is told in one record, as long:store keeps it", { timeout: 300_000 }, async () => {
    const lab = createLab();
    const out: string[] = [];
    const context = { ...contextOf(lab), stdout: { write: (text: string) => out.push(text) } };
    await stressCommand({ writes: 3, measurements: 1_000, seed: 3, save: true, json: true }, context);
    const record = HistoryStressRecord.parse(JSON.parse(out.join("")));
    expect(record.size).toMatchObject({ measurements: 1_000, series: 500, pointsPerSeries: 2 });
    expect(record.size.bytes).toBeGreaterThan(100_000);
    lab.remove();
  });
});
