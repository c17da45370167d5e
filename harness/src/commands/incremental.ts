/** `npm run bench:incremental -- <dir>`: what an edit, a start and a question cost once a folder is indexed. */
import { DriftError } from "@drift/engine";
import { inScratch } from "../scratch.ts";
import { createProgress } from "../progress.ts";
import { IncrementalReport, measureIncremental, renderIncremental } from "../suites/incremental.ts";
import { type CommandContext, print } from "./context.ts";

export interface IncrementalFlags {
  edits: number;
  solves: number;
  starts: number;
  queries: number;
  checks: number;
  seed: number;
  json: boolean;
}

/** @throws DriftError `FOLDER_MISSING`, `NOTHING_TO_INDEX`, `PROCESS_FAILED`, `INDEX_WRONG` */
export async function incrementalCommand(
  folder: string,
  flags: IncrementalFlags,
  context: CommandContext,
): Promise<void> {
  const { environment } = await context.testbed();
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin("incremental");
  const { edits, solves, starts, queries, checks, seed } = flags;
  const measured = await inScratch((scratch) =>
    measureIncremental({
      folder,
      scratch,
      ...{ seed, checks, queries, starts: Math.max(1, starts) },
      edits: { move: edits, call: solves, function: solves },
      onStep: (done, total, what) => phase.at(done, total, what),
    }),
  );
  phase.end(`${measured.checked} states checked`);
  const report = IncrementalReport.parse({
    schemaVersion: 1,
    environment: `${environment.cpuModel}, ${environment.cores} cores, ${environment.os}, Node ${environment.nodeVersion}`,
    ...measured,
  });
  print(context, flags.json, report, renderIncremental);
  if (report.wrong > 0) {
    throw new DriftError("INDEX_WRONG", `${report.wrong} of ${report.checked} edited states differ from a cold index`);
  }
}
