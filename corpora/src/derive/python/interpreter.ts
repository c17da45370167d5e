/** The Python that reads and runs Python corpora. */
import { execa } from "execa";
import { CorpusError } from "../../errors.ts";

export interface Python {
  /** Absolute path of the interpreter itself, not of a launcher. */
  command: string;
  /** e.g. "3.11.7" */
  version: string;
}

/** What to say when there is none. */
export const WANTED = {
  message: "there is no Python of at least 3.11 on this computer (python3)",
  hint: 'Install one, for example with "apt-get install python3".',
} as const;

const OLDEST = [3, 11] as const;
const NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"];
const PROBE = "import sys, platform; print(sys.executable); print(platform.python_version())";

/** The first Python on the path that is new enough; null when there is none. */
export async function findPython(env: Record<string, string | undefined> = process.env): Promise<Python | null> {
  for (const name of NAMES) {
    const { stdout, exitCode } = await execa(name, ["-I", "-c", PROBE], { env, extendEnv: false, reject: false });
    const [command = "", version = ""] = exitCode === 0 ? stdout.split("\n") : [];
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (command !== "" && (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))) {
      return { command, version };
    }
  }
  return null;
}

/**
 * Runs a program of ours, which reads sources but runs none.
 *
 * @returns what it printed
 * @throws CorpusError `CORPUS_TRUTH` when it ends with an error, which is a bug in it
 */
export async function runPython(
  python: Python,
  args: readonly string[],
  options: { input: string; onLine: (line: string) => void },
): Promise<string> {
  const running = execa(python.command, ["-I", "-B", "-W", "ignore", ...args], {
    input: options.input,
    reject: false,
    maxBuffer: Number.MAX_SAFE_INTEGER,
    env: { PYTHONHASHSEED: "0" },
  });
  const said: string[] = [];
  for await (const line of running.iterable({ from: "stderr" })) {
    if (/^\d+\/\d+$/.test(line)) options.onLine(line);
    else said.push(line);
  }
  const { stdout, exitCode } = await running;
  if (exitCode === 0) return stdout;
  throw new CorpusError("CORPUS_TRUTH", `the reader of Python sources ended with ${exitCode ?? "no"} code`, {
    hint: said.slice(-3).join("\n"),
  });
}
