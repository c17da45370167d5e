/**
 * The process that growth and phases are measured with: `node phases-once.ts <folder> <index file>` indexes a folder from
 * nothing and prints what it cost, and of that each stage. Stages begin and end with progress events; on a busy computer
 * these come late, and a stage seems cheaper than it is, while the whole stays right.
 */
import { type IndexProgress, open } from "@drift/engine";
import type { PhaseCost } from "../suites/growth.ts";

const [root, indexPath] = process.argv.slice(2);
if (root === undefined || indexPath === undefined) {
  process.stderr.write("usage: node phases-once.ts <folder> <index file>\n");
  process.exitCode = 2;
} else {
  const began = new Map<string, { cpu: number; wall: number }>();
  const phases: PhaseCost["phases"] = {};
  const onProgress = ({ phase, done, total }: IndexProgress): void => {
    const now = { cpu: cpuNs(), wall: performance.now() * 1e6 };
    if (!began.has(phase)) began.set(phase, now);
    const { cpu, wall } = began.get(phase) ?? now;
    if (done === total) phases[phase] = { cpuNs: now.cpu - cpu, wallNs: now.wall - wall };
  };
  const project = await open(root, { indexPath });
  const cpuBefore = cpuNs();
  const { stats } = await project.index({ onProgress });
  const cost: PhaseCost = {
    stats,
    phases,
    cpuNs: cpuNs() - cpuBefore,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  await project.close();
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}

/** Processor time of this process so far, in all threads. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
