/**
 * Runs a corpus's code apart from this computer: no network, nothing writable but one folder, its own processes, a
 * scrubbed environment, and limits on time, memory, processes and disk.
 */
import { mkdir, mkdtemp, open, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { removeTree } from "../remove.ts";
import { CANDIDATES } from "./sandbox/candidates.ts";
import { makeControlGroup } from "./sandbox/control-group.ts";
import { DEFAULT_LIMITS, limitCommand, type SandboxLimits } from "./sandbox/limits.ts";
import { makeRealFolder, OWN_FOLDER, TEMPORARY, tidyOwnFolder } from "./sandbox/own-folder.ts";
import { type Excess, Watch } from "./sandbox/watch.ts";

/** A way to run a command apart. */
export interface Sandbox {
  name: string;
  /** The command line that runs `command` inside, where only `folder` can be written. */
  wrap(command: readonly string[], folder: string, limits?: SandboxLimits): string[];
}

/** How a run inside ended. */
export interface SandboxedRun {
  /** Null when it was stopped. */
  exitCode: number | null;
  /** It reached the limit on wall time. */
  timedOut: boolean;
  /** The limit that it was stopped for; null when it ended by itself or by its own limit per process. */
  stopped: "time" | Excess | null;
  /** The end of what it said, for messages. */
  tail: string;
}

/**
 * No sandbox at all: corpus code can then do whatever the user can. Only where the user asked for it by name; the
 * environment is scrubbed and the limits hold, as far as processes do not leave their parents.
 */
export const UNSAFE: Sandbox = { name: "none (--unsafe)", wrap: (command) => [...command] };

/**
 * The first sandbox that holds here: it runs a program that can write its folder, cannot write outside or change the
 * kernel, sees no network and none of our processes. Null where none does, and then corpus code must not be run.
 *
 * @param options with `unsafe`, {@link UNSAFE} instead of null
 */
export async function findSandbox(
  candidates: readonly Sandbox[] = CANDIDATES,
  { unsafe = false }: { unsafe?: boolean } = {},
): Promise<Sandbox | null> {
  for (const sandbox of candidates) if (await holds(sandbox)) return sandbox;
  return unsafe ? UNSAFE : null;
}

async function holds(sandbox: Sandbox): Promise<boolean> {
  const outer = await realpath(await mkdtemp(path.join(tmpdir(), "drift-sandbox-")));
  const folder = path.join(outer, "folder");
  try {
    await mkdir(path.join(folder, OWN_FOLDER), { recursive: true });
    const command = ["sh", "-c", PROBE, "sh", path.join(outer, "outside"), String(process.pid)];
    const [program = "", ...args] = sandbox.wrap(command, folder, DEFAULT_LIMITS);
    // What is found must be found again when it counts.
    const { exitCode } = await execa(program, args, {
      cwd: folder,
      reject: false,
      extendEnv: false,
      env: { PATH },
      stdio: "ignore",
      timeout: 10_000,
    });
    return exitCode === 0;
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
}

/** Where programs are looked for, those of the sandbox too. */
const PATH = `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;

/** Fails unless every promise is kept; $1 is a file outside, $2 a process of ours. */
const PROBE = `
echo inside > inside || exit 1
if (echo outside > "$1") 2>/dev/null; then exit 2; fi
if grep -v '^ *lo:' /proc/net/dev | grep -q ':'; then exit 3; fi
if kill -0 "$2" 2>/dev/null; then exit 4; fi
if [ -w /proc/sys/kernel/core_pattern ]; then exit 5; fi
`;

/**
 * Runs a command in `folder`, which it may change, with an environment of its own: nothing of ours but what `env` says.
 * Everything it started ends with it, after `timeoutMs`, and when it exceeds a limit; when this returns none of it lives,
 * and what lies in our own part of the folder are files and folders, never links or pipes that it put there.
 *
 * @param options `limits` stand in for those of {@link DEFAULT_LIMITS}
 */
export async function runSandboxed(options: {
  sandbox: Sandbox;
  command: readonly string[];
  folder: string;
  env: Record<string, string>;
  timeoutMs: number;
  limits?: Partial<SandboxLimits>;
}): Promise<SandboxedRun> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const folder = await realpath(options.folder);
  const own = path.join(folder, OWN_FOLDER);
  const temporary = path.join(own, TEMPORARY);
  await makeRealFolder(own);
  await makeRealFolder(temporary);
  // Into a file: a test may say more than fits into memory.
  const file = path.join(own, "output");
  await removeTree(file);
  const wrapped = options.sandbox.wrap(await limitCommand(options.command, limits), folder, limits);
  const group = await makeControlGroup(limits);
  const [command = "", ...rest] = group === null ? wrapped : group.wrap(wrapped);
  const running = execa(command, rest, {
    cwd: folder,
    reject: false,
    extendEnv: false,
    stdin: "ignore",
    stdout: { file },
    stderr: { file, append: true },
    buffer: false,
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
    env: {
      PATH,
      HOME: temporary,
      TMPDIR: temporary,
      LANG: "C.UTF-8",
      TZ: "UTC",
      CI: "1",
      NO_COLOR: "1",
      ...options.env,
    },
  });
  const watch = new Watch(running.pid ?? 0, folder, limits, () => running.kill("SIGKILL"));
  const result = await running;
  const excess = await watch.end();
  await group?.remove();
  await tidyOwnFolder(folder);
  return {
    exitCode: result.exitCode ?? null,
    timedOut: result.timedOut,
    stopped: excess ?? (result.timedOut ? "time" : null),
    tail: await readTail(file),
  };
}

/** The end of a file that the command may have removed. */
async function readTail(file: string): Promise<string> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return "";
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(TAIL_BYTES),
      position: Math.max(0, size - TAIL_BYTES),
    });
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await handle.close();
  }
}

const TAIL_BYTES = 2000;
