/** What answers cost: time, tokens, money and memory of each tool, by corpus. */
import type { MemoryPeak } from "./schema/answer.ts";
import type { CorpusManifest, RecordedUsage, Report } from "./schema/report.ts";

type RenderTable = (title: string, header: readonly string[], rows: readonly (readonly string[])[]) => string;

/** A table of contestants, and below it what was measured as memory; nothing where no contestant ran. */
export function costParts(reports: readonly Report[], table: RenderTable, note: (text: string) => string): string[] {
  const contestants = reports.filter(({ subject }) => subject.role === "contestant");
  const rows = contestants.flatMap((report) => {
    const corpora = [...Map.groupBy(report.corpora, ({ id }) => id)].map(([id, own]) => ({ id, cost: costOf(own) }));
    const ran = corpora.filter((one): one is { id: string; cost: Cost } => one.cost !== null);
    const { name } = report.subject;
    const all = ran.length > 1 ? [[name, "all", ...cells(together(ran.map(({ cost }) => cost)))]] : [];
    return [...ran.map(({ id, cost }) => [name, id, ...cells(cost)]), ...all];
  });
  if (rows.length === 0) return [];
  const kinds = new Set(contestants.flatMap(({ corpora }) => corpora.flatMap(({ usage }) => usage?.memory?.of ?? [])));
  const said = [...kinds].map((kind) => MEMORY_NOTES[kind]).join(" ");
  return [table("Cost", HEADER, rows), ...(said === "" ? [] : [note(`Memory: ${said}`)])];
}

const HEADER = ["tool", "corpus", "index", "answers", "items", "tokens", "US dollars", "peak memory"] as const;

const MEMORY_NOTES: Readonly<Record<MemoryPeak["of"], string>> = {
  tool: "(tool) is the greatest sum of the peak resident sets of the tool's processes that lived at one time.",
  process: "(process) is the peak resident set of the process in which tool and benchmark ran together.",
  "process-so-far": "(process so far) is the same since that process began, with all that ran in it before.",
};

/** Of all categories about one corpus, or of several corpora. */
interface Cost {
  /** The longest, since categories may share an index. Over several corpora the sum. */
  indexMs: number;
  answerMs: number;
  items: number;
  tokens: number | undefined;
  costUsd: number | undefined;
  memory: MemoryPeak | null;
}

/** Null where the tool ran in no category. */
function costOf(categories: readonly CorpusManifest[]): Cost | null {
  const ran = categories.flatMap(({ items, usage }) => (usage === null ? [] : [{ items, ...usage }]));
  if (ran.length === 0) return null;
  return { ...together(ran), indexMs: Math.max(...ran.map(({ indexMs }) => indexMs)) };
}

function together(parts: readonly (RecordedUsage & { items: number })[] | readonly Cost[]): Cost {
  const sum = (of: (part: Cost | RecordedUsage) => number | undefined) => {
    const said = parts.flatMap((part) => of(part) ?? []);
    return said.length === 0 ? undefined : said.reduce((total, one) => total + one, 0);
  };
  const [greatest] = parts.flatMap(({ memory }) => memory ?? []).toSorted((a, b) => b.peakBytes - a.peakBytes);
  return {
    indexMs: sum(({ indexMs }) => indexMs) ?? 0,
    answerMs: sum(({ answerMs }) => answerMs) ?? 0,
    items: parts.reduce((total, { items }) => total + items, 0),
    tokens: sum(({ tokens }) => tokens),
    costUsd: sum(({ costUsd }) => costUsd),
    memory: greatest ?? null,
  };
}

function cells({ indexMs, answerMs, items, tokens, costUsd, memory }: Cost): string[] {
  return [
    `${Math.round(indexMs)} ms`,
    `${Math.round(answerMs)} ms`,
    `${items}`,
    tokens === undefined ? "–" : `${tokens}`,
    costUsd === undefined ? "–" : costUsd.toFixed(4),
    memory === null
      ? "not measured"
      : `${Math.round(memory.peakBytes / 2 ** 20)} MiB (${memory.of.replaceAll("-", " ")})`,
  ];
}
