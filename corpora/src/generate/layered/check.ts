/** Builds a layered project and runs its tests, with nothing but its language's own tools. */
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { execa } from "execa";
import { withTemporaryFolder } from "../../cache.ts";
import { findPython, WANTED } from "../../derive/python/interpreter.ts";
import { listFiles } from "../../tree.ts";
import type { LayeredLanguage } from "./language.ts";

/** One command, and how it ended. */
export interface CheckedStep {
  command: string;
  seconds: number;
  passed: boolean;
  /** The last lines that it printed. */
  tail: string;
}

/** `missing` says which tools are not on this computer; then nothing was run. */
export interface Checked {
  missing: string | null;
  steps: CheckedStep[];
}

interface Step {
  command: string[];
  env?: Record<string, string>;
}

const TAIL_LINES = 12;
/** Of one command; a thousand files take a minute. */
const PATIENCE_MS = 1_800_000;

/**
 * Compiles (where the language does), tests and starts the project in `folder`; steps after one that failed are left out.
 *
 * @param scratch where what is built is put, and goes away
 */
export async function checkProject(
  language: LayeredLanguage,
  folder: string,
  options: { scratch: string; env?: Record<string, string | undefined> },
): Promise<Checked> {
  const missing = await missingTools(language, options.env);
  if (missing !== null) return { missing, steps: [] };
  return withTemporaryFolder(options.scratch, "check", async (build) => {
    const steps: CheckedStep[] = [];
    for (const { command, env = {} } of await stepsOf(language, folder, build, options.env)) {
      const [program = "", ...args] = command;
      const started = performance.now();
      const { all, failed } = await execa(program, args, {
        cwd: folder,
        env,
        all: true,
        reject: false,
        timeout: PATIENCE_MS,
        buffer: true,
      });
      steps.push({
        command: [path.basename(program), ...args].map((word) => word.replace(build, "build")).join(" "),
        seconds: Math.round(performance.now() - started) / 1000,
        passed: !failed,
        tail: all.trimEnd().split("\n").slice(-TAIL_LINES).join("\n"),
      });
      if (failed) break;
    }
    return { missing: null, steps };
  });
}

async function missingTools(
  language: LayeredLanguage,
  env: Record<string, string | undefined> | undefined,
): Promise<string | null> {
  if (language === "python") return (await findPython(env)) === null ? `${WANTED.message}; ${WANTED.hint}` : null;
  const asked = {
    go: [["go", "version"]],
    java: [
      ["javac", "-version"],
      ["java", "-version"],
    ],
    typescript: [],
    javascript: [],
  };
  for (const [program = "", argument = ""] of asked[language]) {
    const { failed } = await execa(program, [argument], { reject: false });
    if (failed) return `"${program} ${argument}" does not work on this computer; install ${TOOLS[program]}`;
  }
  return null;
}

const TOOLS: Record<string, string> = {
  go: "Go 1.21 or newer",
  javac: "a Java development kit, 17 or newer",
  java: "a Java runtime, 17 or newer",
};

async function stepsOf(
  language: LayeredLanguage,
  folder: string,
  build: string,
  env: Record<string, string | undefined> | undefined,
): Promise<Step[]> {
  const node = process.execPath;
  switch (language) {
    case "typescript": {
      const require = createRequire(import.meta.url);
      const compiler = require.resolve("typescript-classic/bin/tsc");
      const types = path.resolve(path.dirname(require.resolve("@types/node/package.json")), "..");
      return [
        { command: [node, compiler, "-p", folder, "--typeRoots", types] },
        { command: [node, "--test", "test/*.test.ts"] },
        { command: [node, "main.ts"] },
      ];
    }
    case "javascript":
      return [{ command: [node, "--test", "test/*.test.js"] }, { command: [node, "main.js"] }];
    case "python": {
      const python = (await findPython(env))?.command ?? "python3";
      return [
        { command: [python, "-B", "-m", "unittest", "discover", "-s", "tests"] },
        { command: [python, "-B", "main.py"] },
      ];
    }
    case "go": {
      // Nothing beside the standard library is needed, so nothing is to be asked for.
      const offline = { GOPROXY: "off", GOFLAGS: "-mod=mod" };
      return [
        { command: ["go", "vet", "./..."], env: offline },
        { command: ["go", "test", "./..."], env: offline },
        { command: ["go", "run", "."], env: offline },
      ];
    }
    case "java":
    default: {
      const sources = (await listFiles(folder)).filter((file) => file.endsWith(".java"));
      await mkdir(path.join(build, "classes"));
      await writeFile(path.join(build, "sources"), sources.join("\n"));
      const classes = path.join(build, "classes");
      return [
        {
          command: [
            "javac",
            "-Xlint:all",
            "-Werror",
            "-encoding",
            "UTF-8",
            "-d",
            classes,
            `@${path.join(build, "sources")}`,
          ],
        },
        { command: ["java", "-cp", classes, "app.testing.RunTests"] },
        { command: ["java", "-cp", classes, "app.Main"] },
      ];
    }
  }
}
