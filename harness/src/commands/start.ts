/** `npm start`: the whole lab, then the board on standard output. */
import { DriftError } from "@drift/engine";
import { renderBenches, renderBoard } from "../leaderboard.ts";
import { createProgress } from "../progress.ts";
import { START_PHASES, startLab, type StartOptions, type StartResult } from "../run.ts";
import { type CommandContext, print } from "./context.ts";

export async function startCommand(
  { json, ...options }: StartOptions & { json: boolean },
  context: CommandContext,
): Promise<void> {
  const progress = createProgress(context.stderr, { phases: START_PHASES, nowMs: context.clock });
  const result = await startLab(options, { ...context, progress });
  print(context, json, result, renderStart);
  if (result.benches.measurements.length === 0) {
    throw new DriftError("NOTHING_TIMED", "the benches measured nothing", {
      hint: "Their reasons are printed with the results.",
    });
  }
}

function renderStart(result: StartResult): string {
  const reused = result.runs.filter((run) => run.reused);
  return [
    renderBoard(result.board),
    renderBenches(result.benches),
    [
      ...(result.limited === null ? [] : [result.limited]),
      ...(reused.length === 0
        ? []
        : [
            `shown from the store, not measured again: ${reused.map(({ tool, startedAt }) => `${tool} (${startedAt})`).join(", ")}`,
          ]),
      ...(result.bench.reused ? [`benches shown from the store, not measured again (${result.bench.startedAt})`] : []),
      `site: ${result.site} (npm run site serves it on this computer)`,
    ].join("\n"),
  ].join("\n\n");
}
