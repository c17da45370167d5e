import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./setup-error.mjs";
import { clearStamp, hashOf, isCurrent, writeStamp } from "./stamp.mjs";
import { runStep } from "./step.mjs";

/** The Node that jobs run on and the pnpm that installs: pinned, so that every machine has the same. */
export const versions = { node: "24.21.0", pnpm: "12.21.0" };

/** The oldest Node on which jobs themselves run, for those who choose `DRIFT_NODE=system`. */
const oldestJobNode = [22, 19];

/**
 * Where Node and pnpm are, once installed.
 *
 * With `DRIFT_NODE=system` the Node that runs this script is used for jobs too, when it is new enough: that is how
 * other versions are tested.
 *
 * @param {string} root @param {NodeJS.ProcessEnv} env
 */
export function toolchainOf(root, env) {
  const folder = join(root, ".toolchain");
  const bin = join(folder, "node_modules", ".bin");
  const [major, minor] = process.versions.node.split(".").map(Number);
  const newEnough = major > oldestJobNode[0] || (major === oldestJobNode[0] && minor >= oldestJobNode[1]);
  const own = env.DRIFT_NODE === "system" && newEnough;
  return {
    folder,
    bin,
    packages: [...(own ? [] : [`node@${versions.node}`]), `pnpm@${versions.pnpm}`],
    nodeVersion: own ? process.versions.node : versions.node,
    node: own ? process.execPath : join(bin, process.platform === "win32" ? "node.cmd" : "node"),
    pnpm: join(bin, process.platform === "win32" ? "pnpm.cmd" : "pnpm"),
  };
}

/** @param {ReturnType<typeof toolchainOf>} toolchain */
export function isToolchainReady(toolchain) {
  return (
    isCurrent(join(toolchain.folder, "toolchain.stamp"), toolchain.packages.join(" ")) &&
    existsSync(toolchain.node) &&
    existsSync(toolchain.pnpm)
  );
}

/**
 * One `npm install` into `.toolchain`, begun from nothing: what a killed one left is not trusted. Both packages put their
 * binaries in place by an install script, which is allowed here whatever the user's settings say.
 */
export async function installToolchain(toolchain, context) {
  const stamp = join(toolchain.folder, "toolchain.stamp");
  clearStamp(stamp);
  for (const left of ["node_modules", "package.json", "package-lock.json"])
    rmSync(join(toolchain.folder, left), { recursive: true, force: true });
  const allowScripts = { node: true, pnpm: true };
  mkdirSync(toolchain.folder, { recursive: true });
  writeFileSync(join(toolchain.folder, "package.json"), JSON.stringify({ private: true, allowScripts }));
  const npm = [
    "npm",
    "install",
    "--prefix",
    toolchain.folder,
    "--fetch-retries=0",
    "--no-audit",
    "--no-fund",
    "--save-exact",
    "--ignore-scripts=false",
    ...toolchain.packages,
  ];
  await runStep(npm, {
    ...context,
    name: `installing ${toolchain.packages.join(" and ")}`,
    log: join(toolchain.folder, "logs", "npm.log"),
  });
  for (const program of [toolchain.node, toolchain.pnpm]) {
    if (spawnSync(program, ["--version"], { env: context.env, shell: process.platform === "win32" }).status === 0)
      continue;
    throw new SetupError(
      "NO_TOOLCHAIN",
      `The installed ${program} does not run on this computer: install Node 22.19 or newer yourself and run "DRIFT_NODE=system ${context.command}".`,
    );
  }
  writeStamp(stamp, toolchain.packages.join(" "));
}

const manifests = [
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  ...["crates", "engine", "corpora", "cibench", "harness", "site"].map((name) => `${name}/package.json`),
];

function dependencyHash(toolchain, root) {
  return hashOf(root, { paths: manifests, facts: toolchain.packages });
}

/** @param {ReturnType<typeof toolchainOf>} toolchain @param {string} root */
export function areDependenciesReady(toolchain, root) {
  return (
    existsSync(join(root, "node_modules", ".modules.yaml")) &&
    isCurrent(join(toolchain.folder, "dependencies.stamp"), dependencyHash(toolchain, root))
  );
}

/**
 * `pnpm install` from the frozen lockfile. A connection that fails is tried once more, which goes on from what has come;
 * pnpm's own retries are off, since without a network they take minutes to say so.
 */
export async function installDependencies(toolchain, context) {
  const { root } = context;
  const stamp = join(toolchain.folder, "dependencies.stamp");
  const total =
    readFileSync(join(root, "pnpm-lock.yaml"), "utf8")
      .split("\nsnapshots:")[1]
      ?.match(/^ {2}\S/gm)?.length ?? 0;
  clearStamp(stamp);
  const install = () =>
    runStep(
      [
        toolchain.pnpm,
        "install",
        "--frozen-lockfile",
        "--prefer-offline",
        "--reporter=append-only",
        "--config.confirm-modules-purge=false",
        "--config.fetch-retries=0",
      ],
      {
        ...context,
        name: "installing dependencies",
        log: join(toolchain.folder, "logs", "pnpm.log"),
        onLine(line) {
          const [, reused, downloaded] = /reused (\d+), downloaded (\d+)/.exec(line) ?? [];
          return reused === undefined ? undefined : [Number(reused) + Number(downloaded), total];
        },
      },
    );
  await install().catch((error) => {
    if (error.code !== "NO_NETWORK") throw error;
    return install();
  });
  writeStamp(stamp, dependencyHash(toolchain, root));
}
