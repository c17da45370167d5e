/** A gate as SARIF 2.1.0: one rule per case and per entry of scores, one result for each that is not unchanged. */
import type { CaseVerdict, GateReport } from "../gate/schema.ts";
import type { ScoreComparison } from "../gate/scores/schema.ts";
import { describeScore } from "./scores.ts";
import { caseName, change, interval, isEmpty, percent, printable, wouldSee } from "./text.ts";

/** Where a case is described. */
export interface SourceLine {
  /** From the root of the repository, with "/" separators. */
  path: string;
  /** From 1. */
  line: number;
}

export interface SarifOptions {
  version: string;
  source: (caseId: string) => SourceLine;
}

const LEVELS = { regressed: "error", inconclusive: "note", improved: "note", unchanged: "none" } as const;

/** The log as an object; `JSON.stringify` makes the file. */
export function renderSarif(report: GateReport, { version, source }: SarifOptions): object {
  const ids = [...new Set(report.cases.map(caseName))];
  const scoreIds = report.scores.map(({ id }) => id);
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "drift-bench",
            semanticVersion: version,
            version,
            rules: [
              ...ids.map((id) =>
                rule(id, report, {
                  short: `The performance of ${id}.`,
                  full: `How ${id} compares with its base, measured in interleaved pairs on one machine.`,
                }),
              ),
              ...scoreIds.map((id) =>
                rule(id, report, {
                  short: `The scores of ${id}.`,
                  full: `How the categories of ${id} score beside those of the base, item by item.`,
                }),
              ),
            ],
          },
        },
        automationDetails: { id: `drift-bench/${report.head.commit ?? "folder"}` },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: !isEmpty(report) && report.notCompared.every(({ state }) => state !== "failed"),
            startTimeUtc: report.startedAt,
            endTimeUtc: report.endedAt,
            toolExecutionNotifications: report.notCompared.map(({ caseId, state, reason }) => ({
              level: state === "failed" ? "error" : "note",
              message: { text: `${caseId}: ${state}, ${printable(reason)}` },
            })),
          },
        ],
        results: [
          ...report.cases.flatMap((one) => (one.verdict === "unchanged" ? [] : [resultOf(one, report, ids, source)])),
          ...report.scores.flatMap((one, i) =>
            one.decision.verdict === "unchanged" ? [] : [scoreResult(one, ids.length + i, source)],
          ),
        ],
      },
    ],
  };
}

function rule(id: string, report: GateReport, { short, full }: { short: string; full: string }) {
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: short },
    fullDescription: { text: full },
    help: { text: `Run this to measure it again: ${printable(report.reproduce)}` },
    defaultConfiguration: { level: "error" },
  };
}

function scoreResult(one: ScoreComparison, ruleIndex: number, source: SarifOptions["source"]) {
  const { verdict } = one.decision;
  return {
    ruleId: one.id,
    ruleIndex,
    level: LEVELS[verdict],
    kind: verdict === "regressed" ? "fail" : verdict === "inconclusive" ? "review" : "informational",
    message: { text: printable(describeScore(one)) },
    locations: [locationOf(one.id, source)],
    partialFingerprints: { "seriesKey/v1": `${one.id} score` },
    properties: { verdict, lost: one.lost.count, won: one.won.count, lostKept: one.lostKept.length },
  };
}

function locationOf(caseId: string, source: SarifOptions["source"]) {
  const { path, line } = source(caseId);
  return { physicalLocation: { artifactLocation: { uri: encodeURI(path) }, region: { startLine: line } } };
}

function resultOf(one: CaseVerdict, report: GateReport, ids: readonly string[], source: SarifOptions["source"]) {
  const name = caseName(one);
  return {
    ruleId: name,
    ruleIndex: ids.indexOf(name),
    level: one.quarantined ? "note" : LEVELS[one.verdict],
    kind:
      one.verdict === "regressed" && !one.quarantined
        ? "fail"
        : one.verdict === "inconclusive"
          ? "review"
          : "informational",
    message: { text: describe(one, report) },
    locations: [locationOf(one.caseId, source)],
    partialFingerprints: { "seriesKey/v1": `${one.caseId} ${one.metric} ${one.unit} ${report.environment.id}` },
    properties: {
      verdict: one.verdict,
      ratio: one.ratio,
      adjustedP: one.adjustedP,
      pairs: one.screenPairs + one.confirmPairs,
    },
  };
}

/** One sentence about one case, without Markdown. */
export function describe(one: CaseVerdict, { settings }: GateReport): string {
  const figures =
    one.ratio === null
      ? ""
      : `: ${change(one.ratio)}${one.interval === null ? "" : ` (95 % interval ${interval(one)})`}`;
  const p = one.channel === "count" ? "" : `, adjusted p ${one.adjustedP.toPrecision(2)}`;
  const why = one.reason === null ? "" : `; ${printable(one.reason)}`;
  return `${caseName(one)} is ${one.verdict}${figures}${p}; margin ${percent(settings.margin)}, would see ${wouldSee(one)}${why}.`;
}

function pascalCase(id: string): string {
  return id
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`)
    .join("");
}

/** The line of a configuration file that names a case; the first line when none does. A case that measures itself has the id of its group in front. */
export function sourceIn(path: string, text: string): (caseId: string) => SourceLine {
  const lines = text.split("\n");
  const lineOf = (id: string): number => lines.findIndex((line) => line.includes(`"id": ${JSON.stringify(id)}`)) + 1;
  return (caseId) => {
    const parts = caseId.split("/");
    for (let n = parts.length; n > 0; n--) {
      const line = lineOf(parts.slice(0, n).join("/"));
      if (line > 0) return { path, line };
    }
    return { path, line: 1 };
  };
}
