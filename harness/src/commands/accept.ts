/** `results accept`: a run that somebody handed in goes into the store, with the badge that it may have. */
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { type Badge, readReport, readRun, type Report, VerifyOutput } from "@drift/cibench";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { inputHash } from "../inputs.ts";
import { openHistory } from "../store/publish.ts";
import { completeRun, readRunFiles } from "../store/run-file.ts";
import { recordRun } from "../store/write.ts";
import { type CommandContext, print } from "./context.ts";

/** What `cibench verify-submission` says of a file. */
export type Verify = (file: string) => Promise<VerifyOutput>;

/**
 * Verifies a run and stores it; `results publish` publishes it then. What the store says about machine and commit of such a run is
 * where it was verified; when it ran and what it cost is what it says itself.
 *
 * @param options.rerun our own run of the same tool: where it gave the same answers, the badge is "re-run by us"
 * @throws DriftError `SUBMISSION_REFUSED` with the findings; `RERUN_DIFFERS` where our answers are others
 */
export async function acceptCommand(
  file: string,
  { rerun, json }: { rerun?: string; json: boolean },
  context: CommandContext,
  verify: Verify = (run) => verifyByCommand(context.root, run),
): Promise<void> {
  const { verified, checks } = await verify(file);
  if (!verified) {
    const findings = checks.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`);
    throw new DriftError("SUBMISSION_REFUSED", `${file} is not accepted: ${findings.join("; ")}`, {
      hint: "See cibench/SUBMITTING.md.",
    });
  }
  const { report } = await readRun(file);
  const badge = rerun === undefined ? "self-reported" : badgeOf(report, await readReport(rerun));
  const rawText = gunzipSync(fs.readFileSync(path.join(path.dirname(file), `${report.itemsSha256}.jsonl.gz`)));
  const { environment, commit, engineVersion, code } = await context.testbed();
  const { subject, seed, suite } = report;
  const inputs = { suite: "cibench" as const, subject: subject.name, seed, corpora: [suite.hash, badge], code, commit };
  const complete = completeRun(
    {
      ...{ suite: "cibench", environment, commit, engineVersion, loadAverage: 0 },
      report: { ...report, badge },
      inputSha256: inputHash({ ...inputs, more: [report.itemsSha256] }),
    },
    rawText.toString("utf8"),
  );
  const { db } = openHistory(context.results, { now: context.now() });
  try {
    if (!readRunFiles(context.results).some((run) => run.file.id === complete.file.id)) {
      recordRun(db, context.results, complete);
    }
  } finally {
    db.close();
  }
  print(context, json, { schemaVersion: 1, id: complete.file.id, badge }, ({ id }) => {
    return `${id}: ${badge}; publish it with "npm run results -- publish ${id}"`;
  });
}

/** Equal items are equal answers: their lines hold no times. */
function badgeOf(handedIn: Report, ours: Report): Badge {
  const isSame = handedIn.suite.hash === ours.suite.hash && handedIn.itemsSha256 === ours.itemsSha256;
  if (isSame && handedIn.subject.name === ours.subject.name) return "re-run by us";
  throw new DriftError("RERUN_DIFFERS", `${ours.runId} has other answers than ${handedIn.runId}`, {
    hint: `Leave out --rerun to store it as self-reported; "cibench compare" shows the items that differ.`,
  });
}

async function verifyByCommand(root: string, file: string): Promise<VerifyOutput> {
  const cli = path.join(root, "cibench/src/cli/main.ts");
  // Exit code 1 is an answer, and so is what it prints then.
  const { stdout, stderr } = await execa(process.execPath, [cli, "verify-submission", file, "--json"], {
    reject: false,
  });
  try {
    return VerifyOutput.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new DriftError("SUBMISSION_REFUSED", `${file} cannot be verified: ${stderr.split("\n")[0] ?? ""}`, { cause });
  }
}
