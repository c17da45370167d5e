/** Builds the static site from the store, beside the old one, and swaps them when it is complete. */
import * as fs from "node:fs";
import * as path from "node:path";
import { createRequire } from "node:module";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { z } from "zod";
import { takeLock } from "./store/lock.ts";
import { withStorageErrors } from "./store/storage-error.ts";

export interface SiteOptions {
  /** The site's package. */
  folder: string;
  /** Where the finished site goes. */
  out: string;
  /** The store that it is built from. */
  db: string;
  /** Called when the new site is complete and the old one still in place. */
  beforeSwap: () => void;
}

/** @throws DriftError `SITE_BUILD_FAILED` with the last line of the build; the old site stays as it was */
export async function buildSite(options: SiteOptions): Promise<void> {
  // Astro keeps files of its own beside the sources, so two builds of one checkout take turns.
  const lock = takeLock(path.join(options.folder, ".astro", "build.lock"), {
    what: "build of the site",
    waitMs: WAIT_MS,
  });
  try {
    await build(options);
  } finally {
    lock.release();
  }
}

const WAIT_MS = 120_000;

async function build({ folder, out, db, beforeSwap }: SiteOptions): Promise<void> {
  // Beside the sources, so that the built pages find the packages they import while they are rendered.
  const next = path.join(folder, ".astro", "next");
  fs.rmSync(next, { recursive: true, force: true });
  const result = await execa(
    process.execPath,
    [astroProgram(folder), "build", "--outDir", path.relative(folder, next)],
    {
      cwd: folder,
      env: { DRIFT_RESULTS_DB: db, ASTRO_TELEMETRY_DISABLED: "1" },
      stdin: "ignore",
      reject: false,
      all: true,
    },
  );
  if (result.exitCode !== 0) {
    throw new DriftError("SITE_BUILD_FAILED", `the site was not built: ${reasonIn(result.all)}`, {
      hint: "The results are stored; run `npm start` again after mending the cause.",
      cause: result.cause,
    });
  }
  withStorageErrors("the site", () => {
    beforeSwap();
    fs.mkdirSync(path.dirname(out), { recursive: true });
    fs.rmSync(out, { recursive: true, force: true });
    moveFolder(next, out);
  });
}

function moveFolder(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    fs.cpSync(from, to, { recursive: true }); // Another disk cannot be renamed to.
    fs.rmSync(from, { recursive: true });
  }
}

function astroProgram(folder: string): string {
  const manifest = createRequire(path.join(folder, "package.json")).resolve("astro/package.json");
  const { bin } = z
    .looseObject({ bin: z.looseObject({ astro: z.string() }) })
    .parse(JSON.parse(fs.readFileSync(manifest, "utf8")));
  return path.join(path.dirname(manifest), bin.astro);
}

/** The line that names the error, else the last one. */
function reasonIn(output: string): string {
  const lines = output
    .replaceAll(/\u001B\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it failed without a word";
}
