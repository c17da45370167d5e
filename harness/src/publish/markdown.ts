/** A gate as Markdown: the comment of a pull request, and the summary of a job. */
import type { CaseVerdict, GateReport } from "../gate/schema.ts";
import { lostItems, scoreNotes, scoreRows } from "./scores.ts";
import { caseName, change, code, headline, interval, isEmpty, percent, provedRate, wouldSee } from "./text.ts";

/** GitHub refuses longer comments; summaries may be larger. */
export const COMMENT_LIMIT = 65_536;

export interface CommentOptions {
  /** Tells this comment from those of other gates of the same pull request. */
  name: string;
  /** Where the whole report is; null when nowhere. */
  link: string | null;
  /** Whether an earlier form of this comment said that something regressed. */
  wasRed: boolean;
  /** Said of measurements that their author could have made up. */
  advisory: boolean;
}

/** The hidden line by which the comment is found again. */
export function commentMarker(name: string): string {
  return `<!-- drift-bench:${name.replaceAll(/[^A-Za-z0-9._-]/g, "-")} -->`;
}

const RED = "<!-- drift-bench-state:red -->";

/** Whether a comment that this module wrote said that something regressed. */
export function saidRed(comment: string): boolean {
  return comment.includes(RED);
}

/** The comment, with as many unchanged rows as fit. */
export function renderComment(report: GateReport, options: CommentOptions): string {
  const isRed = report.verdict === "regressed";
  const state = isRed || isEmpty(report) ? "" : options.wasRed ? "Resolved: " : "";
  const top = [
    commentMarker(options.name),
    ...(isRed ? [RED] : []),
    `### ${isRed ? "🔴" : isEmpty(report) ? "⚠️" : "🟢"} ${state}${headline(report)}`,
    "",
    ...(options.advisory ? ["_Measured by code of a fork: advisory until a maintainer measures it again._", ""] : []),
  ];
  const shown = report.cases.filter(({ verdict }) => verdict !== "unchanged");
  const unchanged = report.cases.filter(({ verdict }) => verdict === "unchanged");
  const end = ["", ...footer(report), ...(options.link === null ? [] : [`[The whole report](${options.link})`])];
  const render = (visible: readonly CaseVerdict[], folded: readonly CaseVerdict[]): string =>
    [
      ...top,
      ...table(visible),
      ...left(shown.length - visible.length),
      ...(unchanged.length === 0 ? [] : fold(unchanged.length, folded)),
      ...scores(report, ITEMS_IN_COMMENT),
      ...others(report),
      ...end,
    ].join("\n");
  let [visible, folded] = [shown.length, unchanged.length];
  while (render(shown.slice(0, visible), unchanged.slice(0, folded)).length > COMMENT_LIMIT) {
    if (folded > 0) folded = Math.floor(folded / 2);
    else visible = Math.floor(visible / 2);
  }
  return render(shown.slice(0, visible), unchanged.slice(0, folded));
}

/** The summary of a job: every case, and where to find the raw numbers. */
export function renderSummary(report: GateReport): string {
  return [
    `## ${headline(report)}`,
    "",
    ...table(report.cases),
    ...scores(report, ITEMS_IN_SUMMARY),
    ...others(report),
    "",
    ...footer(report),
    "",
  ].join("\n");
}

const ICONS = { regressed: "🔴", improved: "🔵", unchanged: "⚪", inconclusive: "🟡" } as const;

/** By effect, the worst first, as the report has them. */
function table(cases: readonly CaseVerdict[]): string[] {
  if (cases.length === 0) return [];
  return [
    "| Case | Verdict | Change | 95 % interval | Adjusted p | Pairs | Would see |",
    "| --- | --- | ---: | --- | ---: | ---: | ---: |",
    ...cases.map((one) => {
      const { verdict, quarantined, channel, ratio, adjustedP, screenPairs, confirmPairs } = one;
      const cells = [
        code(caseName(one)),
        `${ICONS[verdict]} ${verdict}${quarantined ? " (quarantined)" : ""}`,
        change(ratio),
        interval(one),
        channel === "count" ? "" : adjustedP.toPrecision(2),
        confirmPairs === 0 ? `${screenPairs}` : `${screenPairs} + ${confirmPairs}`,
        wouldSee(one),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ];
}

/** Lost items that are listed for each entry. */
const ITEMS_IN_COMMENT = 20;
const ITEMS_IN_SUMMARY = 200;

function scores(report: GateReport, mostItems: number): string[] {
  if (report.scores.length === 0) return [];
  const rows = scoreRows(report).map((row) => {
    const { name, verdict, base, head, change: by, interval: bounds, adjustedP, wouldSee: seen } = row;
    const cells = [code(name), `${ICONS[verdict]} ${verdict}`, base, head, by, bounds, adjustedP, seen];
    return `| ${cells.join(" | ")} |`;
  });
  const lost = report.scores.flatMap((one) => {
    const lines = lostItems(one, mostItems);
    if (lines.length === 0) return [];
    const title = `<summary>${one.lost.count} items lost in ${one.id}</summary>`;
    return ["", "<details>", title, "", ...lines.map((line) => `- ${code(line)}`), "", "</details>"];
  });
  return [
    "",
    "| Score | Verdict | Base | Head | Change | 90 % interval | Adjusted p | Would see |",
    "| --- | --- | ---: | ---: | ---: | --- | ---: | ---: |",
    ...rows,
    "",
    ...scoreNotes(report).map((note) => `- ${code(note)}`),
    ...lost,
  ];
}

function left(n: number): string[] {
  return n === 0 ? [] : ["", `and ${n} more, whose change is smaller.`];
}

function fold(all: number, rows: readonly CaseVerdict[]): string[] {
  const title = `<summary>${all} unchanged</summary>`;
  return ["", "<details>", title, "", ...table(rows), ...left(all - rows.length), "", "</details>"];
}

/** Cases of one side, failures, and why a case cannot be told. */
function others({ cases, notCompared }: GateReport): string[] {
  const reasons = cases.flatMap((one) =>
    one.reason === null ? [] : [`- ${code(caseName(one))}: ${code(one.reason)}`],
  );
  const lines = notCompared.map(
    ({ caseId, state, reason }) => `- ${code(caseId)}: ${state}, ${code(reason.slice(0, 500))}`,
  );
  const all = [...reasons, ...lines];
  if (all.length === 0) return [];
  return ["", "<details>", `<summary>${all.length} notes</summary>`, "", ...all.slice(0, 100), "", "</details>"];
}

function footer(report: GateReport): string[] {
  const { settings, environment, loadAverage, base, head, measuredMs, reproduce } = report;
  const rate = provedRate(report);
  const side = ({ ref, commit }: { ref: string; commit: string | null }): string => code(commit?.slice(0, 12) ?? ref);
  return [
    `Red is what is worse by more than ${percent(settings.margin)}; at most ${percent(settings.q)} of the reds are wrong.` +
      ` "Would see" is the slowdown found in 9 of 10 runs.${rate === null ? "" : ` ${rate}`}`,
    "",
    `${side(base)} against ${side(head)}, ${(measuredMs / 1000).toFixed(0)} s on ${code(environment.cpuModel)}, ${environment.cores} cores, ${code(environment.os)}, load ${loadAverage.toFixed(1)}. Again: ${code(reproduce)}`,
  ];
}
