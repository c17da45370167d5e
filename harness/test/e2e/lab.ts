/** The whole lab on the synthetic corpus, in folders of the test's own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import type { CommandContext } from "../../src/commands/context.ts";
import { fingerprint } from "../../src/environment.ts";
import { MACHINE } from "../fixtures.ts";
import { resultPaths } from "../../src/store/run-file.ts";

export const ROOT = resolve(import.meta.dirname, "../../..");
const MAIN = join(ROOT, "harness/src/main.ts");

export interface Lab {
  /** Results, cache and site of this lab. */
  env: Record<string, string>;
  results: string;
  site: string;
  remove(): void;
}

/** A lab without results and with empty caches, npm's among them; it shares nothing with the checkout's own. */
export function createLab(): Lab {
  const folder = mkdtempSync(join(tmpdir(), "drift-lab-"));
  const [results, site, cache] = ["results", "site", "cache"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  return {
    env: {
      DRIFT_RESULTS_DIR: results,
      DRIFT_SITE_DIR: site,
      DRIFT_CACHE_DIR: cache,
      npm_config_cache: join(folder, "npm"),
    },
    results,
    site,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Finished {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs the real program as a process of its own. */
export async function runMain(args: string[], env: Record<string, string> = {}): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, stdout: stdout.join(""), stderr: stderr.join("") };
}

/** The store as it lies there; a damaged one fails here. */
export function inspect(lab: Lab): { integrity: unknown; foreignKeys: unknown[]; runs: string[]; files: string[] } {
  const db = new Database(join(lab.results, "history.db"), { readonly: true });
  const inspected = {
    integrity: db.pragma("integrity_check", { simple: true }),
    foreignKeys: db.pragma("foreign_key_check") as unknown[],
    runs: db.prepare<[], string>("SELECT id FROM run ORDER BY id").pluck().all(),
    files: readdirSync(join(lab.results, "local"))
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -5))
      .toSorted(),
  };
  db.close();
  return inspected;
}

/** What `main` would hand to a command in this lab; nothing is printed. */
export function contextOf(lab: Lab): CommandContext {
  return {
    root: ROOT,
    results: resultPaths(lab.results),
    siteOut: lab.site,
    cacheDir: lab.env["DRIFT_CACHE_DIR"] as string,
    // Fixed, so that a test is not measured anew because somebody edits the checkout while it runs.
    testbed: async () => ({
      environment: fingerprint(MACHINE),
      commit: { hash: "c".repeat(40), dirty: false, committedAt: "2026-11-23T11:00:00Z" },
      engineVersion: "0.1.0",
      code: "code",
    }),
    now: () => new Date(),
    clock: () => performance.now(),
    checkpoint: () => {},
    stdout: { write: () => true },
    stderr: { write: () => true },
    version: "0.1.0",
    cwd: ROOT,
    env: process.env,
  };
}
