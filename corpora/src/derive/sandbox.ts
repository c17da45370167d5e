/** Runs a corpus's code apart from this computer: no network, its own processes, a scrubbed environment, a time limit. */
import { chmod, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";

/** A way to run a command apart. */
export interface Sandbox {
  name: string;
  /** The command line that runs `command` inside. */
  wrap(command: readonly string[], folder: string): string[];
}

/** How a run inside ended. */
export interface SandboxedRun {
  exitCode: number | null;
  timedOut: boolean;
  /** The end of what it said, for messages. */
  tail: string;
}

const BUBBLEWRAP: Sandbox = {
  name: "bwrap",
  wrap: (command, folder) =>
    ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", folder, folder]
      .concat(["--unshare-all", "--die-with-parent", "--new-session", "--chdir", folder, "--"])
      .concat(command),
};

// A network namespace starts with its loopback down, and tests of servers listen there.
const NAMESPACES: Sandbox = {
  name: "unshare",
  wrap: (command) =>
    ["unshare", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"]
      .concat(["sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"])
      .concat(command),
};

/** The same, and everything inside ends when this process does, even by a kill. */
const TIED_NAMESPACES: Sandbox = {
  name: "unshare",
  wrap: (command, folder) => ["setpriv", "--pdeathsig", "KILL", ...NAMESPACES.wrap(command, folder)],
};

const CANDIDATES: readonly Sandbox[] = [BUBBLEWRAP, TIED_NAMESPACES, NAMESPACES];

/** The first sandbox that works here; null where none does, and then corpus code must not be run. */
export async function findSandbox(candidates: readonly Sandbox[] = CANDIDATES): Promise<Sandbox | null> {
  for (const sandbox of candidates) {
    const [command = "", ...rest] = sandbox.wrap(["true"], "/");
    const { exitCode } = await execa(command, rest, { reject: false, stdio: "ignore", timeout: 10_000 });
    if (exitCode === 0) return sandbox;
  }
  return null;
}

/**
 * Runs a command in `folder`, which it may change, with an environment of its own: nothing of ours but what `env` says.
 * Everything it started ends with it, and after `timeoutMs`.
 */
export async function runSandboxed(options: {
  sandbox: Sandbox;
  command: readonly string[];
  folder: string;
  env: Record<string, string>;
  timeoutMs: number;
}): Promise<SandboxedRun> {
  const temporary = path.join(options.folder, ".drift", "tmp");
  await mkdir(temporary, { recursive: true });
  await chmod(temporary, 0o700);
  // Into a file: a test may say more than fits into memory.
  const file = path.join(options.folder, ".drift", "output");
  await rm(file, { force: true });
  const [command = "", ...rest] = options.sandbox.wrap(options.command, options.folder);
  const result = await execa(command, rest, {
    cwd: options.folder,
    reject: false,
    extendEnv: false,
    stdin: "ignore",
    stdout: { file },
    stderr: { file, append: true },
    buffer: false,
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
    env: {
      PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
      HOME: temporary,
      TMPDIR: temporary,
      LANG: "C.UTF-8",
      TZ: "UTC",
      CI: "1",
      NO_COLOR: "1",
      ...options.env,
    },
  });
  return { exitCode: result.exitCode ?? null, timedOut: result.timedOut, tail: await readTail(file) };
}

async function readTail(file: string): Promise<string> {
  const handle = await open(file, "a+");
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
