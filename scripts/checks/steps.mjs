import { rmSync } from "node:fs";
import { join } from "node:path";
import { boundaryProblems } from "./boundaries.mjs";
import { docProblems } from "./docs.mjs";
import { staleFiles } from "./generated.mjs";
import { truthTally } from "./truth.mjs";
import { cargoTally, oneFailure, onePass, sum, vitestTally } from "./tally.mjs";
import { run, runTurbo } from "./turbo.mjs";
import { workflowProblems } from "./workflows.mjs";

/**
 * What `npm test` and `npm run check` run, in order: what is cheap comes first.
 *
 * `check`: whether the step is part of `npm run check` as well. A step never throws for a failed test; it counts.
 *
 * @typedef {{ root: string, env: NodeJS.ProcessEnv, force: boolean, onText: (text: string) => void }} StepContext
 * @type {{ name: string, check: boolean, summary: string, run: (context: StepContext) => Promise<import("./tally.mjs").Tally> }[]}
 */
export const steps = [
  {
    name: "format",
    check: true,
    summary: "prettier",
    run: (context) => program(context, "prettier", ["--check", "--log-level=warn", "."]),
  },
  {
    name: "lint",
    check: true,
    summary: "oxlint with types",
    run: (context) => program(context, "oxlint", ["--type-aware", "--deny-warnings"]),
  },
  {
    name: "boundaries",
    check: true,
    summary: "who may import whom",
    run: async ({ root, onText }) => listed(boundaryProblems(root), onText),
  },
  {
    name: "workflows",
    check: true,
    summary: "actionlint, pinned actions, least permissions",
    run: async ({ root, onText }) => listed(await workflowProblems(root), onText),
  },
  {
    name: "types",
    check: true,
    summary: "tsc, every package",
    run: (context) => perPackage("types", typescriptPackages, context),
  },
  { name: "scripts", check: false, summary: "tests of scripts/", run: scriptTests },
  {
    name: "docs",
    check: true,
    summary: "every command that the docs show",
    run: async (context) => listed(await docProblems(context), context.onText),
  },
  { name: "fmt", check: true, summary: "cargo fmt", run: (context) => perPackage("fmt", ["@drift/crates"], context) },
  {
    name: "clippy",
    check: false,
    summary: "cargo clippy",
    run: (context) => perPackage("clippy", ["@drift/crates"], context),
  },
  { name: "cargo", check: false, summary: "cargo test", run: cargoTests },
  {
    name: "build",
    check: false,
    summary: "the native engine",
    run: (context) => perPackage("build", ["@drift/engine"], context),
  },
  {
    name: "generated",
    check: true,
    summary: "generated files are not stale",
    run: async (context) => listed(await staleFiles(context), context.onText),
  },
  { name: "truth", check: false, summary: "truth is linted, and a sample derived again", run: truthTally },
  { name: "packages", check: false, summary: "vitest with coverage, every package", run: packageTests },
];

/** The packages written in TypeScript, each in the folder of the same name. */
export const typescriptPackages = [
  "@drift/engine",
  "@drift/corpora",
  "@drift/cibench",
  "@drift/harness",
  "@drift/site",
];

async function program({ root, env, onText }, name, args) {
  const suffix = process.platform === "win32" ? ".cmd" : "";
  const { exitCode } = await run(join(root, "node_modules", ".bin", name + suffix), args, { root, env, onText });
  return exitCode === 0 ? onePass() : oneFailure(`${name} ended with code ${exitCode}`);
}

function listed(problems, onText) {
  if (problems.length === 0) return onePass();
  onText(`${problems.join("\n")}\n`);
  return { ...onePass(), passed: 0, failed: problems.length, problems };
}

/** One pass or failure for each package; one that lacks the task fails. */
async function perPackage(task, packages, { root, env, force, onText }) {
  const { tasks, exitCode } = await runTurbo([task], { root, env, force, filter: packages, onText });
  return sum(
    packages.map((name) => {
      const done = tasks.find(({ id }) => id === `${name}#${task}`);
      if (done === undefined) return oneFailure(`${name} has no "${task}" (turbo ended with code ${exitCode})`);
      return done.exitCode === 0
        ? onePass()
        : oneFailure(
            `${name}: "${task}" ${done.exitCode === undefined ? "was not reached" : `ended with code ${done.exitCode}`}`,
          );
    }),
  );
}

async function packageTests({ root, env, force, onText }) {
  const reports = new Map(
    typescriptPackages.map((name) => [name, join(root, name.slice("@drift/".length), "test-results", "vitest.json")]),
  );
  for (const path of reports.values()) rmSync(path, { force: true }); // so that one which is there afterwards is of this run
  const { tasks } = await runTurbo(["test"], { root, env, force, filter: typescriptPackages, onText });
  return sum(
    [...reports].map(([name, path]) =>
      vitestTally(name, path, tasks.find(({ id }) => id === `${name}#test`)?.exitCode),
    ),
  );
}

async function cargoTests({ root, env, force, onText }) {
  const log = join(root, "crates", "test-results", "cargo-test.log");
  rmSync(log, { force: true });
  const { tasks } = await runTurbo(["test"], { root, env, force, filter: ["@drift/crates"], onText });
  return cargoTally(log, tasks.find(({ id }) => id === "@drift/crates#test")?.exitCode);
}

async function scriptTests({ root, env, onText }) {
  const report = join(root, "scripts", "test-results", "vitest.json");
  rmSync(report, { force: true });
  const { exitCode } = await run(
    process.execPath,
    [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--root", "scripts"],
    { root, env, onText },
  );
  return vitestTally("scripts", report, exitCode);
}
