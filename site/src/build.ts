/** Builds the site from a results database: `node site/src/build.ts --db <file> --out <dir>`. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Store } from "./data/open.ts";
import { DriftError, describeFailure } from "./errors.ts";

/** The folder of this package. */
export const PACKAGE_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export interface BuildOptions {
  /** The results database; when the file is missing the pages say that nothing was measured. */
  dbFile: string;
  /** Where the site goes; what was there is replaced only once the new one is whole. */
  outDir: string;
  /** Folder with `real/` and `synthetic/` corpus manifests, for licences and pins; default: this checkout's. */
  corporaDir?: string;
  /** The environment of the Astro process; the settings of the build are added. */
  env: Record<string, string | undefined>;
  /** Takes Astro's own output, line by line or in larger pieces. */
  onOutput?: (text: string) => void;
}

/** What was built. */
export interface BuildResult {
  outDir: string;
  pages: number;
  files: number;
  bytes: number;
}

/**
 * Builds the whole site. A build that fails or is killed leaves the site that was there: Astro writes elsewhere, what it
 * wrote is brought beside `outDir`, and two renames swap the folders at the end. A kill between these two is mended by
 * {@link recoverSite}. Builds may run at the same time.
 *
 * @throws DriftError `STORE_UNREADABLE`, or `SITE_BUILD_FAILED` when Astro does not end well
 */
export async function buildSite(options: BuildOptions): Promise<BuildResult> {
  const outDir = path.resolve(options.outDir);
  Store.open(options.dbFile).close();
  recoverSite(outDir);
  // Astro bundles beside what it writes, and the bundle finds its packages only from within this one. Where it is told to
  // write elsewhere, all builds bundle into one folder.
  const written = path.join(PACKAGE_DIR, ".astro", `next-${process.pid}`);
  const next = sibling(outDir, `next-${process.pid}`);
  for (const folder of [written, next]) removeAbandonedBuilds(folder);
  try {
    await runAstro(written, options);
    move(written, next);
    swap(next, outDir);
  } finally {
    for (const folder of [written, next]) rmSync(folder, { recursive: true, force: true });
  }
  return measure(outDir);
}

/**
 * Puts the previous site back when a build was killed between its two renames.
 *
 * @returns whether there was something to mend
 */
export function recoverSite(outDir: string): boolean {
  const previous = sibling(path.resolve(outDir), "previous");
  if (existsSync(outDir) || !existsSync(previous)) return false;
  renameSync(previous, outDir);
  return true;
}

/** Builds that were killed leave folders like `own`, named after their process; they go once that process is gone. */
function removeAbandonedBuilds(own: string): void {
  const parent = path.dirname(own);
  if (!existsSync(parent)) return;
  const prefix = path.basename(own).slice(0, -String(process.pid).length);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue;
    rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function sibling(outDir: string, suffix: string): string {
  return path.join(path.dirname(outDir), `.${path.basename(outDir)}.${suffix}`);
}

async function runAstro(outDir: string, options: BuildOptions): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("astro/package.json");
  const astro = path.join(path.dirname(manifest), "bin", "astro.mjs");
  const env = {
    ...options.env,
    ASTRO_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
    DRIFT_RESULTS_DB: path.resolve(options.dbFile),
    ...(options.corporaDir === undefined ? {} : { DRIFT_CORPORA_DIR: path.resolve(options.corporaDir) }),
  };
  const child = spawn(process.execPath, [astro, "build", "--outDir", outDir], {
    cwd: PACKAGE_DIR,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output.push(text);
      options.onOutput?.(text);
    });
  }
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  if (status === 0) return;
  const last = output.join("").trimEnd().split("\n").slice(-15).join("\n");
  throw new DriftError("SITE_BUILD_FAILED", `Astro ended with ${status}:\n${last}`, {
    hint: "The site that was there before is untouched.",
    exitCode: 70,
  });
}

/** Renames a folder, or copies it where the new place lies on another disk. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    cpSync(from, to, { recursive: true });
  }
}

function swap(next: string, outDir: string): void {
  const previous = sibling(outDir, "previous");
  rmSync(previous, { recursive: true, force: true });
  if (existsSync(outDir)) renameSync(outDir, previous);
  renameSync(next, outDir);
  rmSync(previous, { recursive: true, force: true });
}

function measure(outDir: string): BuildResult {
  const names = readdirSync(outDir, { recursive: true, encoding: "utf8" });
  const sizes = names.map((name) => statSync(path.join(outDir, name))).filter((stat) => stat.isFile());
  return {
    outDir,
    pages: names.filter((name) => name.endsWith(".html")).length,
    files: sizes.length,
    bytes: sizes.reduce((sum, { size }) => sum + size, 0),
  };
}

const HELP = `Usage: npm run site:build -- [options]

Builds the static site from the stored results.

Options:
  --db <file>       results database (default: $DRIFT_RESULTS_DB, else results/history.db)
  --out <dir>       where the site goes (default: site/dist)
  --json            print what was built as one JSON record
  --help            print this help

Exit codes: 0 built · 2 bad arguments · 3 the database cannot be read · 70 a bug in Drift
`;

/** Where a command writes, and its environment. */
export interface CommandIo {
  env: Record<string, string | undefined>;
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/** The command line of this file. @returns the exit code */
export async function buildCommand(args: string[], io: CommandIo): Promise<number> {
  try {
    const { db, out, json, help } = parseBuildArgs(args);
    if (help) {
      io.stdout(HELP);
      return 0;
    }
    const dbFile = db ?? io.env["DRIFT_RESULTS_DB"] ?? path.join(PACKAGE_DIR, "../results/history.db");
    const outDir = out ?? path.join(PACKAGE_DIR, "dist");
    const result = await buildSite({ dbFile, outDir, env: io.env, onOutput: io.stderr });
    const megabytes = (result.bytes / 1e6).toFixed(1);
    io.stdout(json ? `${JSON.stringify(result)}\n` : `${result.pages} pages, ${megabytes} MB, in ${result.outDir}\n`);
    return 0;
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    io.stderr(text);
    return exitCode;
  }
}

function parseBuildArgs(args: string[]): { db?: string; out?: string; json: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        db: { type: "string" },
        out: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DriftError("BAD_ARGUMENTS", message, { hint: "See --help.", cause, exitCode: 2 });
  }
}

/** Whether a module is the program that Node was started with. */
export function isProgram(moduleUrl: string): boolean {
  const program = process.argv[1];
  return program !== undefined && existsSync(program) && realpathSync(program) === fileURLToPath(moduleUrl);
}

/* v8 ignore start -- the program itself; tests start it as a process */
if (isProgram(import.meta.url)) {
  process.exitCode = await buildCommand(process.argv.slice(2), {
    env: process.env,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
/* v8 ignore stop */
