/** What a process does, counted: instructions and allocations by valgrind, bytes written by the kernel. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DriftError } from "@drift/engine";
import type { CountCase } from "../gate/config.ts";
import type { MetricUnit } from "../gate/schema.ts";
import { argumentsOf, runCommand } from "./command.ts";
import { type Place, type Reading, valueOf } from "./reading.ts";

type Count = CountCase["counts"][number];

const UNITS: Record<Count, MetricUnit> = { instructions: "count", allocations: "count", "bytes-written": "bytes" };

/** @throws DriftError `TOOL_MISSING` without valgrind or outside Linux, `PROCESS_FAILED` */
export async function runCounts(config: CountCase, place: Place): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const count of config.counts) {
    const value = count === "bytes-written" ? bytesWritten(config, place) : await valgrind(count, config, place);
    readings.push({
      ...{ caseId: config.id, metric: count, unit: UNITS[count], direction: "lower" },
      value: valueOf([value]),
    });
  }
  return readings;
}

/** Each process of the command writes one such line when it ends; their sum counts. */
const TOOLS = {
  instructions: { args: ["--tool=callgrind", "--callgrind-out-file=/dev/null"], said: /Collected\s*:\s*([\d,]+)/g },
  allocations: {
    args: ["--tool=dhat", "--dhat-out-file=/dev/null"],
    said: /Total:\s+[\d,]+ bytes in ([\d,]+) blocks/g,
  },
};

async function valgrind(count: keyof typeof TOOLS, config: CountCase, { folder, env }: Place): Promise<number> {
  if (spawnSync("valgrind", ["--version"], { env, stdio: "ignore" }).status !== 0)
    throw new DriftError("TOOL_MISSING", `${count} are counted by valgrind, which is not installed`, {
      hint: "Install valgrind, or leave the count out.",
    });
  const { args, said } = TOOLS[count];
  // Its words go to standard output, apart from what the program says on standard error.
  const { stdout } = await runCommand({
    command: ["valgrind", ...args, "--trace-children=yes", "--log-fd=1", ...argumentsOf(config.command)],
    folder,
    env,
    timeoutMs: config.timeoutSeconds * 1000,
    keepOutput: true,
  });
  const found = [...stdout.matchAll(said)].map(([, digits]) => Number((digits as string).replaceAll(",", "")));
  if (found.length === 0)
    throw new DriftError("PROCESS_FAILED", `valgrind said no ${count} of "${config.id}"`, {
      hint: "A statically linked program keeps its allocations to itself; leave that count out.",
    });
  return found.reduce((sum, value) => sum + value, 0);
}

/** The kernel adds what a finished child has written to its parent's count. Nothing else of this process runs meanwhile. */
function bytesWritten(config: CountCase, { folder, env }: Place): number {
  const [file, ...args] = argumentsOf(config.command);
  const before = ownWrites();
  const { status, error } = spawnSync(file, args, {
    cwd: folder,
    env,
    stdio: "ignore",
    timeout: config.timeoutSeconds * 1000,
    killSignal: "SIGKILL",
  });
  const after = ownWrites();
  if (status !== 0)
    throw new DriftError("PROCESS_FAILED", `"${config.id}" ended with ${status ?? "a signal"}`, { cause: error });
  return after - before;
}

function ownWrites(): number {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
  } catch (cause) {
    throw new DriftError("TOOL_MISSING", "this system does not tell how much a process wrote", {
      hint: "Linux does; leave the count out elsewhere.",
      cause,
    });
  }
}
