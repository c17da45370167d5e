/** Has the site built from the store. Swapping the old site for the new one is the site's own work. */
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { takeLock } from "./store/lock.ts";

export interface SiteOptions {
  /** The site's package. */
  folder: string;
  /** Where the finished site goes. */
  out: string;
  /** The store that it is built from. */
  db: string;
}

/** @throws DriftError `SITE_BUILD_FAILED` with the line that says why; the old site stays as it was */
export async function buildSite({ folder, out, db }: SiteOptions): Promise<void> {
  // Astro keeps files of its own beside the sources, so two builds of one checkout take turns.
  const lock = takeLock(path.join(folder, ".astro", "build.lock"), { what: "build of the site", waitMs: WAIT_MS });
  try {
    const build = path.join(folder, "src", "build.ts");
    const result = await execa(process.execPath, [build, "--db", db, "--out", out], {
      stdin: "ignore",
      reject: false,
      all: true,
    });
    if (result.exitCode === 0) return;
    throw new DriftError("SITE_BUILD_FAILED", `the site was not built: ${reasonIn(result.all)}`, {
      hint: "The results are stored; run `npm start` again after mending the cause.",
      cause: result.cause,
    });
  } finally {
    lock.release();
  }
}

const WAIT_MS = 120_000;

/** The line that names the error, else the last one. */
function reasonIn(output: string): string {
  const lines = output
    .replaceAll(/\u001B\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it failed without a word";
}
