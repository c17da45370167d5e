/** From what instrumented tests wrote to what was seen at each call site. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { TracedSite } from "./traced-tests.ts";
import type { Registry } from "./instrument.ts";

/** A pair of call site and target, and the test file under which it was seen; "" when that is not known. */
export interface TraceEvent {
  site: number;
  /** `d` a definition, `n` a native function, `o` outside, `h` hidden (a bound function or a proxy), `c` a callback. */
  kind: "d" | "n" | "o" | "h" | "c";
  target: number | string;
  test: string;
}

const TraceLine = z.union([
  z.tuple([z.literal("t"), z.string()]),
  z.tuple([z.int().nonnegative(), z.enum(["d", "n", "o", "h", "c"]), z.union([z.int(), z.string()])]),
]);

/** What all processes of a run wrote: a line each for site number, kind, and target, below a line for the test file. */
export async function readTraces(folder: string): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".jsonl")).sort()) {
    let test = "";
    for (const text of (await readFile(path.join(folder, name), "utf8")).split("\n")) {
      if (!text.endsWith("]")) continue; // The last line of a killed process may be cut.
      const line = readLine(text);
      if (line === null) continue;
      if (line[0] === "t") test = line[1];
      else events.push({ site: line[0], kind: line[1], target: line[2], test });
    }
  }
  return events;
}

/** Null for a line that is none of ours: tests can write there too. */
function readLine(text: string): z.infer<typeof TraceLine> | null {
  try {
    return TraceLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Sites by id, and the ids of those whose target could not be named.
 *
 * @param tests the files of tests are relative to `scratch`; where one of `doubles` replaced a function of the corpus by
 *   its own, that is nothing that the corpus does, and does not count
 */
export function gather(
  events: readonly TraceEvent[],
  registry: Pick<Registry, "sites" | "definitions">,
  { scratch, doubles }: { scratch: string; doubles: ReadonlySet<string> },
): { sites: Map<string, TracedSite>; lost: Set<string> } {
  const sites = new Map<string, TracedSite>();
  const lost = new Set<string>();
  const seenUnder = new Map<string, Map<string, Set<string>>>();
  for (const { site: number, kind, target, test } of events) {
    const id = registry.sites[number];
    if (id === undefined || (kind === "o" && doubles.has(relative(scratch, test)))) continue;
    const site = sites.get(id) ?? { definitions: [], externals: [], outside: false, callbacks: [], witness: null };
    sites.set(id, site);
    if (kind === "h") lost.add(id);
    if (kind === "o" || kind === "h") site.outside = true;
    else if (kind === "n") add(site.externals, String(target));
    else add(kind === "c" ? site.callbacks : site.definitions, registry.definitions[Number(target)] ?? "");
    if (test === "" || kind === "c") continue;
    const tests = seenUnder.get(id) ?? new Map<string, Set<string>>();
    seenUnder.set(id, tests);
    const file = relative(scratch, test);
    tests.set(file, (tests.get(file) ?? new Set()).add(`${kind}${target}`));
  }
  for (const [id, site] of sites) {
    site.definitions.sort();
    site.externals.sort();
    site.callbacks.sort();
    site.witness = best(seenUnder.get(id) ?? new Map<string, Set<string>>());
  }
  return { sites, lost };
}

/** What was seen in any of two runs. */
export function join(a: Map<string, TracedSite>, b: Map<string, TracedSite>): Map<string, TracedSite> {
  const all = new Map(a);
  const both = (x: readonly string[], y: readonly string[]): string[] => [...new Set([...x, ...y])].sort();
  for (const [id, site] of b) {
    const other = all.get(id);
    if (other === undefined) all.set(id, site);
    else
      all.set(id, {
        definitions: both(site.definitions, other.definitions),
        externals: both(site.externals, other.externals),
        outside: site.outside || other.outside,
        callbacks: both(site.callbacks, other.callbacks),
        witness: other.witness ?? site.witness,
      });
  }
  return all;
}

/** Share of sites with the same targets in all runs. */
export function agreementOf(runs: readonly Map<string, TracedSite>[]): number {
  const all = new Set(runs.flatMap((run) => [...run.keys()]));
  if (all.size === 0) return 1;
  const shown = (site: TracedSite | undefined): string =>
    JSON.stringify(site === undefined ? null : [site.definitions, site.externals, site.outside]);
  const same = [...all].filter((id) => new Set(runs.map((run) => shown(run.get(id)))).size === 1);
  return same.length / all.size;
}

/** The test that saw most, the first by name of several. */
function best(tests: Map<string, Set<string>>): string | null {
  let found: [string, number] | null = null;
  for (const [test, seen] of [...tests].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (found === null || seen.size > found[1]) found = [test, seen.size];
  }
  return found?.[0] ?? null;
}

function relative(scratch: string, file: string): string {
  return path.relative(scratch, file).split(path.sep).join("/");
}

function add(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}
