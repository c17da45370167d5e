import { execFileSync } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fingerprint, loadAverage, readCommit, readMachine } from "../src/environment.ts";
import { Environment } from "../src/store/schema.ts";
import { MACHINE, temporaryFolder } from "./fixtures.ts";

describe("fingerprint", () => {
  test("gives equal machines the same id and a changed one another", () => {
    expect(fingerprint({ ...MACHINE }).id).toBe(fingerprint(MACHINE).id);
    expect(fingerprint({ ...MACHINE, cores: 4 }).id).not.toBe(fingerprint(MACHINE).id);
    expect(fingerprint({ ...MACHINE, nodeVersion: "26.0.0" }).id).not.toBe(fingerprint(MACHINE).id);
  });

  test("keeps of a kernel only its version, which may carry its builder's name", () => {
    expect(fingerprint(MACHINE).kernel).toBe("6.1.0");
    expect(fingerprint({ ...MACHINE, kernel: "somebody" }).kernel).toBe("unknown");
  });

  test("of this machine is valid and names no host, no user and no path", async () => {
    const text = JSON.stringify(Environment.parse(fingerprint(await readMachine())));
    const { username, homedir } = userInfo();
    for (const secret of [hostname(), username === "root" ? "/root" : username, homedir, process.cwd()]) {
      expect(text).not.toContain(secret);
    }
  });

  test("the load is a number that can be stored", () => {
    expect(loadAverage()).toBeGreaterThanOrEqual(0);
  });
});

describe("readCommit", () => {
  test("says clean, ignores results, and says dirty for anything else", async () => {
    const root = repository();
    expect(await readCommit(root)).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      dirty: false,
    });
    mkdirSync(join(root, "results"));
    writeFileSync(join(root, "results/new.json"), "{}");
    expect((await readCommit(root)).dirty).toBe(false);
    writeFileSync(join(root, "code.ts"), "changed");
    expect((await readCommit(root)).dirty).toBe(true);
  });

  test("is null outside a checkout", async () => {
    expect(await readCommit(temporaryFolder())).toEqual({ hash: null, dirty: null, committedAt: null });
  });
});

function repository(): string {
  const root = temporaryFolder();
  const git = (...args: string[]): void => {
    execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      stdio: "ignore",
    });
  };
  git("init");
  writeFileSync(join(root, "code.ts"), "");
  git("add", ".");
  git("commit", "-m", "first");
  return root;
}
