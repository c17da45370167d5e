/** `drift-bench doctor`: how noisy this machine is, why, and what a gate could see here. */
import * as os from "node:os";
import type { Command } from "commander";
import { complaints, type Conditions, readConditions } from "../doctor/machine.ts";
import { measureNoise, type NoiseReport } from "../doctor/noise.ts";
import type { Answer } from "../drift-bench.ts";
import { fingerprint, loadAverage, readMachine } from "../environment.ts";
import { caseEnvironment, GATE_DEFAULTS } from "../gate/gate.ts";
import type { Environment } from "../store/testbed-schema.ts";
import { type CommandContext, print } from "./context.ts";
import { parseDuration, parsePositive } from "./gate-options.ts";

interface DoctorFlags {
  /** Milliseconds. */
  budget: number;
  cases: number;
  json: boolean;
}

/** What `doctor --json` prints. */
export interface DoctorReport {
  schemaVersion: 1;
  environment: Environment;
  conditions: Conditions;
  complaints: string[];
  /** Cases of the suite that `noise` foretells for. */
  cases: number;
  noise: NoiseReport;
}

export function addDoctor(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  root
    .command("doctor")
    .description("How noisy this machine is now, why, and what slowdown a gate could see on it in some minutes.")
    .option("--budget <time>", "time for measuring identical work, like 20s", parseDuration, 20_000)
    .option("--cases <n>", "cases of the suite that is thought of", parsePositive, 20)
    .option("--json", "print as JSON", false)
    .addHelpText("after", "\nExit code: 0 whatever it found, 3 it could not measure.")
    .action(async (flags: DoctorFlags) => {
      const environment = fingerprint(await readMachine());
      const { cores } = environment;
      const conditions = readConditions({
        root: "/",
        load: loadAverage(),
        cores,
        clock: () => process.hrtime.bigint(),
      });
      const noise = await measureNoise({
        budgetMs: flags.budget,
        cases: flags.cases,
        settings: GATE_DEFAULTS,
        clock: context.clock,
        folder: os.tmpdir(),
        env: caseEnvironment(context.env, {}),
      });
      const said = complaints(conditions);
      const report: DoctorReport = {
        schemaVersion: 1,
        environment,
        conditions,
        complaints: said,
        cases: flags.cases,
        noise,
      };
      print(context, flags.json, report, renderDoctor);
      answer(0);
    });
}

export function renderDoctor({ environment, complaints: said, cases, noise }: DoctorReport): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const { sd, pairs, visible } = noise;
  const word = sd < 0.01 ? "quiet" : sd < 0.03 ? "usable" : sd < 0.08 ? "noisy" : "very noisy";
  return [
    `${environment.cpuModel}, ${environment.cores} cores, ${environment.os}`,
    `This machine is ${word}: identical work differs by ${percent(sd)} from process to process (${pairs} pairs).`,
    ...visible.map(({ minutes, effect }) =>
      effect === null
        ? `In ${minutes} min a gate of ${cases} such cases could see nothing: too few pairs fit.`
        : `In ${minutes} min a gate of ${cases} such cases sees a slowdown of ${percent(effect)} in 9 of 10 runs.`,
    ),
    ...(said.length === 0 ? ["Nothing was found that disturbs."] : said.map((one) => `- ${one}`)),
  ].join("\n");
}
