/**
 * go test -bench: its text, or the text inside `-json` events. Each line of a benchmark is one sample of each of its units;
 * `-count` gives several.
 */
import * as z from "zod";
import type { Source } from "./read.ts";
import { badOutput, caseIdOf, type IngestedCase } from "./record.ts";

type Kind = Pick<IngestedCase, "metric" | "unit" | "direction">;

const TIME: Kind = { metric: "time", unit: "ns", direction: "lower" };
const RATE: Kind = { metric: "rate", unit: "per-second", direction: "higher" };

/** Units that go itself writes; others are the benchmark's own, counted as lower is better. */
const UNITS: Record<string, Kind & { factor: number }> = {
  "ns/op": { ...TIME, factor: 1 },
  "MB/s": { ...RATE, factor: 1e6 },
  "B/op": { metric: "value", unit: "bytes", direction: "lower", factor: 1 },
  "allocs/op": { metric: "allocations", unit: "count", direction: "lower", factor: 1 },
};

export function parseGo(source: Source): IngestedCase[] {
  const cases = new Map<string, IngestedCase>();
  let pkg = "";
  for (const { text, line } of textLines(source)) {
    const [, named] = /^pkg: (\S+)/.exec(text) ?? [];
    if (named !== undefined) pkg = named;
    if (/^(--- FAIL|FAIL\b|panic:)/.test(text))
      throw badOutput(source.name, line, `go reports a failure: ${text.trim()}`);
    const [, name, rest] = /^(Benchmark\S+)\s+\d+\s+(.+)$/.exec(text) ?? [];
    if (name === undefined || rest === undefined) continue;
    const fields = rest.trim().split(/\s+/);
    if (fields.length % 2 === 1) throw badOutput(source.name, line, `the line of ${name} is cut off`);
    for (let i = 0; i < fields.length; i += 2) {
      const value = Number(fields[i]);
      const unit = fields[i + 1] as string;
      if (!(value >= 0) || !Number.isFinite(value)) throw badOutput(source.name, line, `"${fields[i]}" is no value`);
      add(cases, { pkg, name, value, unit });
    }
  }
  return [...cases.values()];
}

function add(
  cases: Map<string, IngestedCase>,
  { pkg, name, value, unit }: { pkg: string; name: string; value: number; unit: string },
): void {
  // The suffix is GOMAXPROCS, which says something of the machine and nothing of the benchmark.
  const whole = [pkg, name.replace(/^Benchmark/, "").replace(/-\d+$/, "")].filter(Boolean).join("/");
  const known = UNITS[unit];
  const { factor, ...kind } = known ?? {
    metric: "value" as const,
    unit: "count" as const,
    direction: "lower" as const,
    factor: 1,
  };
  const caseId =
    known === undefined ? `${caseIdOf(whole)}/${caseIdOf(unit.replaceAll("/", "-per-"))}` : caseIdOf(whole);
  const key = `${caseId} ${kind.metric}`;
  const one = cases.get(key);
  if (one === undefined)
    cases.set(key, { caseId, name: whole, ...kind, samples: [value * factor], summaryOnly: false });
  else one.samples.push(value * factor);
}

const Event = z.looseObject({ Action: z.string(), Output: z.string().optional() });

/** Lines of the text with their place in the file; what `-json` split over events is put together again. */
function textLines({ text, name }: Source): { text: string; line: number }[] {
  const lines = text.split("\n").map((content, i) => ({ text: content, line: i + 1 }));
  if (!text.trimStart().startsWith("{")) return lines;
  const joined: { text: string; line: number }[] = [];
  let open = "";
  for (const { text: content, line } of lines.filter((one) => one.text.trim() !== "")) {
    const event = parseEvent(content);
    if (event === undefined) throw badOutput(name, line, "no event of go test -json");
    open += event.Action === "output" ? (event.Output ?? "") : "";
    if (!open.endsWith("\n")) continue;
    joined.push(
      ...open
        .trimEnd()
        .split("\n")
        .map((part) => ({ text: part, line })),
    );
    open = "";
  }
  return joined;
}

function parseEvent(text: string): z.infer<typeof Event> | undefined {
  try {
    return Event.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
