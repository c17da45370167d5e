import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readGateRecord } from "../src/data/gate-record.ts";
import { gateRecord } from "./gate-record.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-site-gate-"));
  mkdirSync(join(folder, "long"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string): void => writeFileSync(join(folder, "long", "prove.json"), text);

test("the published record is read", () => {
  const record = readGateRecord(new URL("../../results/history.db", import.meta.url).pathname);
  expect(record?.simulated.length).toBeGreaterThanOrEqual(5);
  for (const { cases, falseRed } of record?.simulated ?? []) {
    expect(cases).toBe(50);
    expect(falseRed.n).toBe(1000);
  }
});

test("a record is read as it was written", () => {
  write(JSON.stringify(gateRecord()));
  expect(readGateRecord(join(folder, "history.db"))).toEqual(gateRecord());
});

test("where there is no record nothing was measured", () => {
  expect(readGateRecord(join(folder, "history.db"))).toBeNull();
});

test("a damaged record is an error, and says how to make it again", () => {
  for (const text of ["{", '{ "schemaVersion": 2 }']) {
    write(text);
    expect(() => readGateRecord(join(folder, "history.db"))).toThrow(
      expect.objectContaining({
        code: "GATE_RECORD_UNREADABLE",
        hint: expect.stringContaining("long:prove") as string,
      }),
    );
  }
});
