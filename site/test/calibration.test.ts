import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCalibration } from "../src/data/calibration.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-site-calibration-"));
  mkdirSync(join(folder, "calibration"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string): void => writeFileSync(join(folder, "calibration", "drift.json"), text);

test("the published record is read", () => {
  const published = new URL("../../results/history.db", import.meta.url).pathname;
  const calibration = readCalibration(published);
  expect(calibration?.tool.name).toBe("drift");
  expect(calibration?.reliability.reduce((sum, { edges }) => sum + edges, 0)).toBe(calibration?.all.edges);
});

test("where there is no record nothing was measured", () => {
  expect(readCalibration(join(folder, "history.db"))).toBeNull();
});

test("a damaged record is an error, and says how to make it again", () => {
  for (const text of ["{", '{ "schemaVersion": 2 }']) {
    write(text);
    expect(() => readCalibration(join(folder, "history.db"))).toThrow(
      expect.objectContaining({
        code: "CALIBRATION_UNREADABLE",
        hint: expect.stringContaining("calibration show") as string,
      }),
    );
  }
});
