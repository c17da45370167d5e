/** The Go that reads, compiles and runs Go corpora, and our program that reads them. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { createFolder } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import { listFiles, treeSha256 } from "../../tree.ts";

export interface GoToolchain {
  /** Absolute path of the command. */
  go: string;
  /** e.g. "go1.26.8" */
  version: string;
}

/** What to say when there is none. */
export const WANTED_GO = {
  message: "there is no Go of at least 1.25 on this computer (go)",
  hint: "Install it from https://go.dev/dl and see that it is on PATH.",
} as const;

const OLDEST = [1, 25] as const;

/** The Go on the path; null when there is none, or it is older than our reader needs. No other version is downloaded. */
export async function findGo(env: Record<string, string | undefined> = process.env): Promise<GoToolchain | null> {
  const asked = await execa("go", ["env", "GOVERSION", "GOROOT"], {
    env: { ...env, GOTOOLCHAIN: "local" },
    extendEnv: false,
    reject: false,
  });
  if (asked.failed) return null;
  const [version = "", root = ""] = asked.stdout.split("\n");
  const [major = 0, minor = 0] = version.replace(/^go/, "").split(".").map(Number);
  const isNew = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return isNew ? { go: path.join(root, "bin", "go"), version } : null;
}

/** What every command of Go gets: nothing is fetched, no other version, no C. */
export const GO_ENV = {
  GOPROXY: "off",
  GOWORK: "off",
  GOENV: "off",
  GOFLAGS: "-mod=mod -buildvcs=false",
  GOTOOLCHAIN: "local",
  CGO_ENABLED: "0",
};

/**
 * Our program that reads modules, built once for each version of it and of Go, and kept in the cache. What it imports is
 * pinned by its go.sum, and comes by the go command.
 *
 * @returns the file of the program
 * @throws CorpusError `CORPUS_UNREACHABLE` when it cannot be built, as without a network the first time
 */
export async function buildReader({ go, version }: GoToolchain, cacheDir: string): Promise<string> {
  const sources = fileURLToPath(new URL("./calls/", import.meta.url));
  const name = (await treeSha256(sources, await listFiles(sources))).slice(0, 16);
  const folder = path.join(cacheDir, "dependencies", `go-reader-${version}-${name}`);
  const program = path.join(folder, "calls");
  if ((await stat(program).catch(() => null)) !== null) return program;
  await mkdir(path.dirname(folder), { recursive: true });
  await createFolder(folder, async (temporary) => {
    const built = await execa(go, ["build", "-trimpath", "-o", path.join(temporary, "calls"), "."], {
      cwd: sources,
      env: {
        ...GO_ENV,
        GOPROXY: process.env["GOPROXY"] ?? "https://proxy.golang.org,direct",
        GOFLAGS: "-mod=readonly -buildvcs=false",
      },
      reject: false,
    });
    if (!built.failed) return;
    throw new CorpusError("CORPUS_UNREACHABLE", "the reader of Go sources cannot be built", {
      hint: built.stderr.split("\n").slice(0, 3).join("\n"),
    });
  });
  return program;
}
