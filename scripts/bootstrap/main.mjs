import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAddon, isAddonReady } from "./addon.mjs";
import { jobs, usage } from "./jobs.mjs";
import { withLock } from "./lock.mjs";
import { requireRust } from "./prerequisites.mjs";
import { createProgress } from "./progress.mjs";
import { runJob } from "./run-job.mjs";
import { failureIn, knownFailure, SetupError } from "./setup-error.mjs";
import {
  areDependenciesReady,
  installDependencies,
  installToolchain,
  isToolchainReady,
  toolchainOf,
} from "./toolchain.mjs";

/**
 * Sets up what is missing, then runs the job; its exit code becomes this process's.
 *
 * Exit codes of the set-up itself: 2 for an unknown job, 3 when something needed is missing, 70 for a bug.
 *
 * @param {string[]} argv the job and its arguments
 */
export async function main(argv) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  try {
    process.exitCode = await setUpAndRun(argv, { root, env: process.env });
  } catch (error) {
    const known = error instanceof SetupError ? error : fromSystem(error, { root, argv });
    console.error(known ? `drift: ${known.message}` : error);
    process.exitCode = known ? 3 : 70;
  }
}

async function setUpAndRun([name, ...args], { root, env }) {
  const job = name !== undefined && Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (name === "--help" || name === "-h") {
    process.stdout.write(usage());
    return 0;
  }
  if (job === undefined) {
    process.stderr.write(name === undefined ? usage() : `drift: there is no job "${name}".\n\n${usage()}`);
    return 2;
  }
  const toolchain = toolchainOf(root, env);
  const jobEnv = environmentFor(toolchain, env);
  const asksForHelp = args.includes("--help") || args.includes("-h");
  await setUp({
    toolchain,
    addon: job.addon && !asksForHelp,
    rust: (job.rust ?? false) && !asksForHelp,
    context: { root, env: jobEnv, command: commandLine(name), begin: createProgress() },
  });
  if (!existsSync(join(root, job.script)))
    throw new SetupError(
      "NO_JOB",
      `The job "${name}" needs ${job.script}, which this checkout does not have: restore it with "git checkout -- ${job.script}".`,
    );
  const cwd = job.userFolder ? (env.npm_lifecycle_event && env.INIT_CWD) || process.cwd() : root;
  return runJob([toolchain.node, join(root, job.script), ...(job.args ?? []), ...args], { cwd, env: jobEnv });
}

async function setUp({ toolchain, addon, rust, context }) {
  if (rust) noteRust(context);
  const isReady = () =>
    isToolchainReady(toolchain) &&
    areDependenciesReady(toolchain, context.root) &&
    (!addon || isAddonReady(context.root, toolchain.folder));
  if (isReady()) return;
  if (addon && !rust && !isAddonReady(context.root, toolchain.folder)) noteRust(context);
  await withLock(join(context.root, ".toolchain", "lock"), {
    onWait: (pid) =>
      console.error(
        `drift: another set-up (process ${pid}) is at work in this checkout; waiting for it (if it is no such thing, remove .toolchain/lock)`,
      ),
    async work(onChild) {
      const inLock = { ...context, onChild };
      if (!isToolchainReady(toolchain)) await installToolchain(toolchain, inLock);
      if (!areDependenciesReady(toolchain, context.root)) await installDependencies(toolchain, inLock);
      if (addon && !isAddonReady(context.root, toolchain.folder)) await buildAddon(toolchain, inLock);
    },
  });
}

/** The compiler's version is an input of every task that compiles: the task graph reads it from the environment. */
function noteRust(context) {
  context.env.DRIFT_RUST_VERSION = requireRust(context);
}

/** The pinned Node and pnpm come first on PATH, and no tool reports its use. */
function environmentFor(toolchain, env) {
  const path = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return {
    ...env,
    [path]: [toolchain.bin, env[path] ?? ""].join(delimiter),
    DRIFT_NODE_VERSION: toolchain.nodeVersion,
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    ASTRO_TELEMETRY_DISABLED: "1",
  };
}

/** What the user most likely typed, to be typed again. */
function commandLine(name) {
  return ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`;
}

function fromSystem(error, { root, argv }) {
  const code = failureIn(`${error?.code ?? ""}`);
  return code === "READ_ONLY" || code === "DISK_FULL"
    ? knownFailure(code, { root, command: commandLine(argv[0] ?? "start"), step: "the set-up", cause: error })
    : undefined;
}
