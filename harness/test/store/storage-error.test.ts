import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { removeLeftovers, writeFileAtomically } from "../../src/store/atomic-file.ts";
import { migrate, MIGRATIONS } from "../../src/store/open.ts";
import { asStorageError, withStorageErrors } from "../../src/store/storage-error.ts";
import { insertRun } from "../../src/store/write.ts";
import { cibenchRun, temporaryFolder } from "../fixtures.ts";

describe("a disk that cannot take more", () => {
  test.each([
    ["ENOSPC", "DISK_FULL"],
    ["EROFS", "DISK_READ_ONLY"],
    ["EACCES", "DISK_READ_ONLY"],
    ["SQLITE_FULL", "DISK_FULL"],
    ["SQLITE_READONLY", "DISK_READ_ONLY"],
    ["SQLITE_BUSY", "STORE_BUSY"],
  ])("%s is said as %s, with the next step and the original error", (system, code) => {
    const cause = Object.assign(new Error("raw"), { code: system });
    expect(() =>
      withStorageErrors("history.db", () => {
        throw cause;
      }),
    ).toThrow(
      expect.objectContaining({
        code,
        cause,
        hint: expect.any(String) as string,
        message: expect.stringContaining("history.db") as string,
      }),
    );
  });

  test("other errors pass unchanged", () => {
    const bug = new TypeError("bug");
    expect(asStorageError("x", bug)).toBe(bug);
    expect(asStorageError("x", "text")).toBe("text");
    const other = Object.assign(new Error("other"), { code: "EISDIR" });
    expect(asStorageError("x", other)).toBe(other);
  });

  test("a store that may not grow refuses the whole run and stays sound", () => {
    const db = new Database(":memory:");
    migrate(db, MIGRATIONS);
    db.pragma(`max_page_count = ${db.pragma("page_count", { simple: true }) as number}`);
    const run = cibenchRun();
    expect(() => insertRun(db, { ...run, publishedPath: null })).toThrow(
      expect.objectContaining({ code: "DISK_FULL" }),
    );
    expect(db.prepare("SELECT count(*) FROM run").pluck().get()).toBe(0);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    db.close();
  });
});

describe("writeFileAtomically", () => {
  test("makes folders, replaces whole files and leaves nothing beside them", () => {
    const folder = join(temporaryFolder(), "a/b");
    writeFileAtomically(join(folder, "x.json"), "one");
    writeFileAtomically(join(folder, "x.json"), "two");
    expect(readFileSync(join(folder, "x.json"), "utf8")).toBe("two");
    expect(readdirSync(folder)).toEqual(["x.json"]);
  });

  test("keeps the old content when the new one cannot be put in place", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "x.json"));
    writeFileSync(join(folder, "x.json/old"), "old");
    expect(() => writeFileAtomically(join(folder, "x.json"), "new")).toThrow(/EISDIR|ENOTEMPTY|EPERM/);
    expect(readdirSync(folder)).toEqual(["x.json"]);
    expect(existsSync(join(folder, "x.json/old"))).toBe(true);
  });

  test("what a killed process left is removed, and nothing else", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "x.json.123.tmp"), "half");
    writeFileSync(join(folder, "x.json"), "whole");
    const written = statSync(join(folder, "x.json.123.tmp")).mtimeMs;
    removeLeftovers(folder, new Date(written + 60_000));
    expect(readdirSync(folder)).toHaveLength(2);
    removeLeftovers(folder, new Date(written + 2 * 3_600_000));
    removeLeftovers(join(folder, "missing"), new Date(written));
    expect(readdirSync(folder)).toEqual(["x.json"]);
  });
});
