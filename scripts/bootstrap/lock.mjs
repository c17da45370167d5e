import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Lets one process at a time change the set-up of this checkout; another one waits until it is done.
 *
 * The lock is a folder that is made complete under another name and then renamed, which only one process can do. It
 * holds the process ids of the owner and of the program that it runs; a lock whose processes are gone (killed, or the
 * computer was switched off) is taken over, but not while that program outlives its owner and still writes.
 *
 * @template T
 * @param {string} path
 * @param {{ onWait: (pid: number) => void, work: (onChild: (pid: number) => void) => Promise<T> }} options
 *   `work` tells the programs it starts, one at a time
 * @returns {Promise<T>}
 */
export async function withLock(path, { onWait, work }) {
  let told = false;
  while (!acquire(path)) {
    const holder = holderOf(path);
    if (holder === undefined) {
      evict(path);
      continue;
    }
    if (!told) onWait(holder);
    told = true;
    await sleep(200);
  }
  const release = () => remove(path);
  process.once("exit", release);
  try {
    return await work((pid) => writeFileSync(`${path}/child`, String(pid)));
  } finally {
    process.removeListener("exit", release);
    release();
  }
}

function acquire(path) {
  const draft = `${path}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(`${draft}/pid`, String(process.pid));
  try {
    renameSync(draft, path); // fails when `path` is a folder that is not empty
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) return false;
    throw error;
  }
}

/** The living process that the lock stands for; undefined when there is none, so that the lock is left over. */
function holderOf(path) {
  return ["pid", "child"].map((name) => numberIn(`${path}/${name}`)).find((pid) => pid !== undefined && isAlive(pid));
}

function numberIn(path) {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // it lives, under another user
  }
}

/** Moves the dead lock aside first, so that of two processes which both saw it only one removes it. */
function evict(path) {
  const aside = moveAside(path);
  if (aside === undefined) return; // the other one was faster
  if (holderOf(aside) !== undefined) {
    renameSync(aside, path); // it changed hands between the look and the move: give it back
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** In one move, since a folder that is emptied first could be taken by another process before it is gone. */
function remove(path) {
  const aside = moveAside(path);
  if (aside !== undefined) rmSync(aside, { recursive: true, force: true });
}

function moveAside(path) {
  const aside = `${path}.old.${process.pid}`;
  try {
    renameSync(path, aside);
    return aside;
  } catch {
    return undefined;
  }
}
