/** A gate as a check run: its conclusion, its title, and a line for each regression. */
import type { GateReport } from "../gate/schema.ts";
import { renderSummary } from "./markdown.ts";
import { describe, type SourceLine } from "./sarif.ts";
import { describeScore, redScores } from "./scores.ts";
import { headline, isEmpty } from "./text.ts";

/** GitHub takes no more annotations in one request, and no longer texts. */
export const ANNOTATIONS_PER_REQUEST = 50;
const TEXT_LIMIT = 65_535;

export type Conclusion = "success" | "failure" | "neutral" | "action_required";

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: "failure" | "notice";
  message: string;
  title: string;
}

export interface CheckOutput {
  conclusion: Conclusion;
  title: string;
  summary: string;
  annotations: Annotation[];
}

/** `success` when everything could be told and nothing regressed; `neutral` when something could not. */
export function checkOutput(report: GateReport, source: (caseId: string) => SourceLine): CheckOutput {
  const failed = report.notCompared.some(({ state }) => state === "failed");
  const conclusions = {
    regressed: "failure",
    inconclusive: "neutral",
    improved: "success",
    unchanged: "success",
  } as const;
  const red = report.cases.filter(({ verdict, quarantined }) => verdict === "regressed" && !quarantined);
  return {
    conclusion:
      isEmpty(report) || (failed && report.verdict !== "regressed") ? "action_required" : conclusions[report.verdict],
    title: headline(report),
    summary: limited(renderSummary(report)),
    annotations: [
      ...red.map((one) => ({
        caseId: one.caseId,
        title: "Performance regression",
        message: describe(one, report),
      })),
      ...redScores(report).map((one) => ({ caseId: one.id, title: "Score regression", message: describeScore(one) })),
    ].map(({ caseId, title, message }) => {
      const { path, line } = source(caseId);
      return { path, start_line: line, end_line: line, annotation_level: "failure", title, message };
    }),
  };
}

/** What a check says when there is no report: never a pass, and never the title of a regression. */
export function brokenCheck(reason: string): CheckOutput {
  return { conclusion: "action_required", title: "Nothing was measured", summary: limited(reason), annotations: [] };
}

function limited(text: string): string {
  if (text.length <= TEXT_LIMIT) return text;
  const note = "\n\n(shortened)";
  const cut = text.slice(0, TEXT_LIMIT - note.length);
  return cut.slice(0, cut.lastIndexOf("\n")) + note;
}
