/**
 * Indexing that is killed at random moments: afterwards the index must be the old one or the new one, whole, and the next
 * run must bring it up to date without a warning. Read `killTimes` first.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { generateProject, writeProject } from "@drift/corpora";
import { open } from "@drift/engine";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface KillOptions {
  /** An empty folder. */
  scratch: string;
  seed: number;
  /** Number of the first kill: each one is decided by the seed and its number alone. */
  first: number;
  times: number;
  /** Files of the project. */
  files: number;
  onKill: (done: number) => void;
}

export interface Kills {
  /** Runs that were killed at work, and runs that had ended before. */
  killed: number;
  late: number;
  /** What the index held afterwards: nothing yet, the state before, the new one. */
  left: { nothing: number; old: number; new: number };
  /** What was not as it must be, with the number of the kill. */
  failures: string[];
}

/** States of the project that take turns. */
const VERSIONS = 3;

/** Indexes, and kills, so many times. */
export async function killTimes(options: KillOptions): Promise<Kills> {
  const { scratch, first, times, seed } = options;
  const root = path.join(scratch, "project");
  await writeProject(generateProject({ seed, files: options.files }), root);
  const answers: string[] = [];
  for (let version = 0; version < VERSIONS; version += 1) {
    change(root, version);
    answers.push(await coldAnswer(root));
  }
  const index = path.join(scratch, "index", "index.db");
  const fullMs = await durationMs(root, path.join(scratch, "first", "index.db"));
  const kills: Kills = { killed: 0, late: 0, left: { nothing: 0, old: 0, new: 0 }, failures: [] };
  let before: string | null = null;
  for (let number = first; number < first + times; number += 1) {
    const random = xoroshiro128plus(seed + number * 7919);
    // From time to time there is no index to begin with.
    if (number % 10 === 0) fs.rmSync(path.dirname(index), { recursive: true, force: true });
    if (number % 10 === 0) before = null;
    const version = number % VERSIONS;
    change(root, version);
    const wanted = answers[version] ?? "";
    const delayMs = (uniformInt(random, 0, 1000) / 1000) * fullMs * 1.1;
    if (await killed(root, index, delayMs)) kills.killed += 1;
    else kills.late += 1;
    const left = await savedAnswer(root, index);
    if (left === null && before === null) kills.left.nothing += 1;
    else if (left === wanted) kills.left.new += 1;
    else if (left !== null && left === before) kills.left.old += 1;
    else kills.failures.push(`${number}: the index is neither the old nor the new one`);
    const { warnings, answer } = await indexed(root, index);
    if (warnings.length > 0) kills.failures.push(`${number}: ${warnings.join("; ")}`);
    if (answer !== wanted) kills.failures.push(`${number}: the next run does not give the right answer`);
    before = answer;
    options.onKill(number - first + 1);
  }
  return kills;
}

/** Makes the project be in one of its states: each adds calls of its own to every third file. */
function change(root: string, version: number): void {
  for (const [at, file] of sources(root).entries()) {
    if (at % 3 !== 0) continue;
    const text = fs.readFileSync(file, "utf8").replace(/\n\/\/ state \d+\n[^]*$/, "");
    const functions = Array.from({ length: version + 1 }, (_, n) => `function state${n}() { state0(); }\n`).join("");
    fs.writeFileSync(file, `${text}\n// state ${version}\n${functions}`);
  }
}

function sources(root: string): string[] {
  return fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith(".d.ts"))
    .sort()
    .map((file) => path.join(root, file));
}

const indexOnce = fileURLToPath(new URL("../runners/index-once.ts", import.meta.url));

/** Whether the process was still at work. */
async function killed(root: string, index: string, delayMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [indexOnce, root, index], { stdio: ["ignore", "ignore", "ignore"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), delayMs);
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_, by) => resolve(by));
  });
  clearTimeout(timer);
  return signal === "SIGKILL";
}

async function durationMs(root: string, index: string): Promise<number> {
  const start = performance.now();
  await killed(root, index, 3_600_000);
  return performance.now() - start;
}

async function coldAnswer(root: string): Promise<string> {
  const project = await open(root, { indexPath: null });
  await project.index();
  return answerOf(project);
}

/** What the index says without being brought up to date; null when it holds nothing. */
async function savedAnswer(root: string, index: string): Promise<string | null> {
  const project = await open(root, { indexPath: index });
  const { hasAnswer } = await project.stats().then(
    () => ({ hasAnswer: true }),
    () => ({ hasAnswer: false }),
  );
  if (hasAnswer) return answerOf(project);
  await project.close();
  return null;
}

async function indexed(root: string, index: string): Promise<{ warnings: string[]; answer: string }> {
  const project = await open(root, { indexPath: index });
  const { warnings } = await project.index();
  return { warnings, answer: await answerOf(project) };
}

async function answerOf(project: Awaited<ReturnType<typeof open>>): Promise<string> {
  const json = await project.callGraphJson();
  await project.close();
  return Buffer.from(json).toString("utf8");
}
