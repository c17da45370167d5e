/**
 * A control group of the kernel for one run, where this computer lets us make one (root, mostly): then the number of
 * processes has a bound that nothing outruns, which the kernel's limit per user is not for root.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { isAlive } from "../../cache.ts";
import type { SandboxLimits } from "./limits.ts";

/** Version 1 has a tree for each resource, version 2 one for all. */
const TREES = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"];
/** Above the limit, so that the watch sees who reaches it. */
const SPARE_PROCESSES = 32;
const LONGEST_END_MS = 10_000;

export interface ControlGroup {
  /** The command line that runs `command` in the group. */
  wrap(command: readonly string[]): string[];
  /** Call when all of it has ended. */
  remove(): Promise<void>;
}

/** Null where none can be made. What killed runs left behind is removed. */
export async function makeControlGroup(
  limits: SandboxLimits,
  trees: readonly string[] = TREES,
): Promise<ControlGroup | null> {
  for (const tree of trees) {
    await removeAbandoned(tree);
    const folder = path.join(tree, `drift-${process.pid}-${randomUUID()}`);
    if (!(await succeeds(mkdir(folder)))) continue;
    const group = controlGroup(folder);
    const limited =
      (await succeeds(stat(path.join(folder, "pids.max")))) &&
      (await succeeds(writeFile(path.join(folder, "pids.max"), String(limits.processes + SPARE_PROCESSES))));
    const [program = "", ...args] = group.wrap(["true"]);
    if (limited && (await execa(program, args, { reject: false, stdio: "ignore" })).exitCode === 0) return group;
    await group.remove();
  }
  return null;
}

function controlGroup(folder: string): ControlGroup {
  return {
    wrap: (command) => ["sh", "-c", 'echo 0 > "$1/cgroup.procs" && shift && exec "$@"', "sh", folder, ...command],
    remove: async () => {
      for (let waited = 0; waited < LONGEST_END_MS; waited += 10) {
        // A group with processes that are still ending cannot be removed.
        if ((await succeeds(rmdir(folder))) || !(await succeeds(stat(folder)))) return;
        await sleep(10);
      }
    },
  };
}

async function removeAbandoned(tree: string): Promise<void> {
  for (const name of await readdir(tree).catch(() => [])) {
    const owner = /^drift-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await succeeds(rmdir(path.join(tree, name)));
  }
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
