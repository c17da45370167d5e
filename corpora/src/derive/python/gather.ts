/** From what the tracer of Python wrote to what was seen at each call site. */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TracedSite } from "../trace/traced-tests.ts";

interface Seen {
  definitions: Set<string>;
  externals: Set<string>;
  callbacks: Set<string>;
  outside: boolean;
  /** Something that only running it could tell. */
  hidden: boolean;
  /** What was seen under each test file. */
  byTest: Map<string, Set<string>>;
}

/**
 * What all processes of a run wrote, and the sites whose target could not be named. A line `="text"` numbers a text, from 0 in each file; a line
 * `<kind> <site> <target> <test file>` is a record of such numbers.
 */
export async function gatherRecords(folder: string): Promise<{ sites: Map<string, TracedSite>; lost: Set<string> }> {
  const seen = new Map<string, Seen>();
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".trace")).sort()) {
    const texts: string[] = [];
    for await (const line of createInterface({ input: createReadStream(path.join(folder, name)) })) {
      if (line.startsWith("=")) texts.push(textOf(line.slice(1)));
      else take(/^([dxohc]) (\d+) (\d+) (\d+)$/.exec(line), texts, seen);
    }
  }
  const told = [...seen].filter(
    ([, { definitions, externals, outside }]) => definitions.size + externals.size > 0 || outside,
  );
  const lost = [...seen].filter(([, { hidden }]) => hidden).map(([id]) => id);
  return { sites: new Map(told.map(([id, site]) => [id, describe(site)])), lost: new Set(lost) };
}

/** The text of a line; empty for the cut last line of a killed process. */
function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return "";
  }
}

function take(record: RegExpExecArray | null, texts: readonly string[], seen: Map<string, Seen>): void {
  const [, kind, ...numbers] = record ?? [];
  const [id, target, test] = numbers.map((number) => texts[Number(number)]);
  if (id === undefined || target === undefined || test === undefined) return;
  const site = seen.get(id) ?? {
    definitions: new Set(),
    externals: new Set(),
    callbacks: new Set(),
    outside: false,
    hidden: false,
    byTest: new Map<string, Set<string>>(),
  };
  seen.set(id, site);
  if (kind === "d") site.definitions.add(target);
  else if (kind === "x") site.externals.add(target);
  else if (kind === "c") site.callbacks.add(target);
  else site.outside = true;
  if (kind === "h") site.hidden = true;
  if (kind === "c" || test === "") return;
  site.byTest.set(test, (site.byTest.get(test) ?? new Set()).add(`${kind}${target}`));
}

function describe(site: Seen): TracedSite {
  let witness: [string, number] | null = null;
  for (const [test, targets] of [...site.byTest].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (witness === null || targets.size > witness[1]) witness = [test, targets.size];
  }
  return {
    definitions: [...site.definitions].sort(),
    externals: [...site.externals].sort(),
    outside: site.outside,
    // A target of the site itself is none of its callbacks.
    callbacks: [...site.callbacks].filter((id) => !site.definitions.has(id)).sort(),
    witness: witness?.[0] ?? null,
  };
}
