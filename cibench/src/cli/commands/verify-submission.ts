/** `cibench verify-submission`: a run that somebody hands in. Nothing in it is trusted. */
import type { Command } from "commander";
import { dirname } from "node:path";
import { ADAPTERS, PEERS } from "../../adapters/all.ts";
import { itemsPath, readRecords, readReport } from "../../read-run.ts";
import { compareRescored } from "../../rescore.ts";
import type { Report } from "../../schema/report.ts";
import { type SubmissionCheck, VerifyOutput } from "../../schema/rescore.ts";
import { fileFault, hostileTexts, SUBMISSION_LIMITS, timeFault } from "../../submission.ts";
import { EXIT, type Io, isExpected } from "../io.ts";
import { jsonOption, offlineOption } from "../options.ts";
import { again } from "./rescore.ts";

interface VerifyFlags {
  offline: boolean;
  json: boolean;
}

export function addVerifyCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("verify-submission")
    .description(
      "Check a run that somebody hands in: size, form, evidence, texts, names, and that its scores follow from its answers.",
    )
    .argument("<run>", "<runId>.json, with its items beside it; nothing in it is trusted")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (file: string, flags: VerifyFlags) => {
      const checks = await verify(file, flags, io);
      const verified = checks.every(({ passed }) => passed);
      const badge = verified ? "self-reported" : null;
      const output = VerifyOutput.parse({ schemaVersion: 2, verified, badge, checks });
      const lines = checks.map(({ check, passed, detail }) => `${passed ? "ok  " : "FAIL"}  ${check}: ${detail}\n`);
      const verdict = verified ? 'It may be shown as "self-reported".\n' : "It may not be shown. See SUBMITTING.md.\n";
      io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : `${lines.join("")}${verdict}`);
      finish(verified ? EXIT.fine : EXIT.no);
    });
}

type Checks = VerifyOutput["checks"];

/** All that can be looked at is; scores are made only for a run with which nothing else is wrong. */
async function verify(file: string, flags: VerifyFlags, io: Io): Promise<Checks> {
  const checks: Checks = [];
  /** @returns whether nothing was found */
  const add = (check: SubmissionCheck, findings: readonly string[], fine: string): boolean => {
    if (findings.length === 0) checks.push({ check, passed: true, detail: fine });
    for (const finding of findings) checks.push({ check, passed: false, detail: printable(finding) });
    return findings.length === 0;
  };
  const { reportBytes, itemsBytes } = SUBMISSION_LIMITS;
  const tooLarge = await fileFault(file, reportBytes);
  if (tooLarge !== null) {
    add("files", [`the report: ${tooLarge}`], "");
    return checks;
  }
  const report = await expected(() => readReport(file));
  if (typeof report === "string") {
    add("form", [report], "");
    return checks;
  }
  const itemsFault = await fileFault(itemsPath(dirname(file), report), itemsBytes);
  add(
    "files",
    itemsFault === null ? [] : [`the items: ${itemsFault}`],
    `at most ${reportBytes} and ${itemsBytes} bytes`,
  );
  add("form", [timeFault(report, io.now()) ?? []].flat(), `a report of schema ${report.schemaVersion}`);
  const records = itemsFault === null ? await expected(() => readRecords(file, report)) : "";
  if (typeof records === "string") add("evidence", records === "" ? [] : [records], "not looked at");
  else add("evidence", [], `${records.length} items with the hash that the report states`);
  add("text", hostileTexts(report, typeof records === "string" ? [] : records), "nothing that shows as something else");
  add("name", nameFaults(report), `"${report.subject.name}", a contestant`);
  add("corpora", corpusFaults(report, io), "all of split report");
  if (typeof records === "string" || checks.some(({ passed }) => !passed)) return checks;
  const faults = await scoreFaults(file, flags, io);
  if (add("suite", faults.suite, report.suite.hash)) add("scores", faults.scores, "the same bit for bit");
  return checks;
}

/** Corpora are loaded by what a report calls them: what is no id of ours could be a path, and what lies there would be run. */
function corpusFaults({ corpora }: Report, io: Io): string[] {
  const known = new Set(io.corpora.list().map(({ id }) => id));
  const faults = corpora.flatMap(({ id, split }) => {
    if (!known.has(id)) return [`"${id}" is no corpus of this checkout`];
    return split === "fit" ? [`${id} is of split fit, whose scores are not published`] : [];
  });
  return corpora.length === 0 ? ["it is about no corpus"] : [...new Set(faults)];
}

function nameFaults({ subject, badge, runId }: Report): string[] {
  const { name, role } = subject;
  const faults: string[] = [];
  if (Object.hasOwn({ ...ADAPTERS, ...PEERS }, name)) faults.push(`"${name}" is a tool of this repository`);
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) faults.push(`"${name}" has more than small letters, digits and dashes`);
  if (role !== "contestant") faults.push(`it is a ${role}, which is never ranked`);
  if (badge !== undefined) faults.push(`it says "${badge}" of itself; who publishes a run says that`);
  if (!runId.startsWith(`${name}-`)) faults.push(`its id ${runId} is that of another tool`);
  return faults;
}

async function scoreFaults(file: string, flags: VerifyFlags, io: Io): Promise<{ suite: string[]; scores: string[] }> {
  const done = await expected(() => again(file, flags, io));
  if (typeof done === "string") return { suite: [done], scores: [] };
  const { stored: report } = done;
  const now = done.now.report;
  if (now.suite.hash !== report.suite.hash) {
    return { suite: [`it was judged by ${report.suite.hash}; truth and rules are ${now.suite.hash} here`], scores: [] };
  }
  const { state, moved } = compareRescored(report, now);
  if (state === "same") return { suite: [], scores: [] };
  const scores = moved.map(
    (one) => `${one.category}, ${one.kind}: ${one.stored ?? "none"} is ${one.now ?? "none"} here`,
  );
  const others = Object.keys(now).filter(
    (key) => JSON.stringify(now[key as keyof Report]) !== JSON.stringify(report[key as keyof Report]),
  );
  return { suite: [], scores: [...scores, `these fields are others when scored here: ${others.join(", ")}`] };
}

/** What a step gives, or why it cannot, in a sentence. */
async function expected<T extends object>(step: () => Promise<T>): Promise<T | string> {
  try {
    return await step();
  } catch (error) {
    if (!isExpected(error)) throw error;
    return error.message;
  }
}

/** Findings quote what is hostile: one line of what can be seen. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, 500);
}
