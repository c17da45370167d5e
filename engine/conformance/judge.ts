/** What the engine answers about the conformance cases, compared with what the language does. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ConformanceCase } from "@drift/corpora/conformance";
import { type CallGraph, type CallSite, open } from "../src/index.ts";

/** From here on a target is part of the answer rather than a possibility. */
const ANSWERED_FROM = 0.5;
/** What is marked by where it ends. */
const CALL_KINDS: ReadonlySet<string> = new Set(["call", "new", "optional-call", "tagged-template", "super-call"]);

type ExpectedCall = ConformanceCase["calls"][number];

/** A case, and where the engine is wrong about it. */
export interface Judged {
  one: ConformanceCase;
  problems: string[];
}

/** Asks the engine about every case, in order. */
export async function judge(cases: readonly ConformanceCase[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const one of cases) judged.push({ one, problems: problemsOf(one, await callGraphOf(one.files)) });
  return judged;
}

/** The engine's answer for these files, in a folder of their own that is gone afterwards. */
export async function callGraphOf(files: Record<string, string>): Promise<CallGraph> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "drift-conformance-")));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const project = await open(root, { indexPath: null });
    await project.index();
    const graph = await project.callGraph();
    await project.close();
    return graph;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * Where the answer is not what the program does, as sentences in the order of the calls; empty when the case passes.
 *
 * At every marked place each function that the run enters must be among the targets; no other function of the program may
 * be at .5 or above, save what types allow, what a library function calls in its turn, and anything at all where the mark
 * leaves the set open; and what leaves the program must be answered as external, or as unknown where nobody can tell.
 */
export function problemsOf(one: ConformanceCase, graph: CallGraph): string[] {
  const names = namesOf(one, graph);
  const problems = (at: string, call: ExpectedCall, sites: CallSite[]): string[] => {
    const [site] = sites;
    if (site === undefined || sites.length > 1) {
      return [`${at}: ${sites.length} sites, to enter ${call.entered.join(", ")}`];
    }
    return problemsAt(call, site, names).map((problem) => `${at}: ${problem}; answered ${shown(site, names)}`);
  };
  const calls = one.calls.flatMap((call) => {
    const at = `${call.file}:${call.end}`;
    const isHere = ({ kind, file, endLine, endColumn }: CallSite): boolean =>
      CALL_KINDS.has(kind) && `${file}:${endLine}:${endColumn}` === at;
    return problems(`call that ends at ${at}`, call, graph.callSites.filter(isHere));
  });
  const entries = one.entries.flatMap((entry) => {
    const at = `${entry.file}:${entry.start}`;
    const isHere = ({ kind, file, line, column }: CallSite): boolean =>
      kind === entry.kind && `${file}:${line}:${column}` === at;
    return problems(`${entry.kind} at ${at}`, { ...NO_CALL, ...entry }, graph.callSites.filter(isHere));
  });
  return [...calls, ...entries];
}

/** Nothing leaves the program where functions are entered without a call, and types play no part. */
const NO_CALL = { end: "", outside: [], callbacks: [], open: false, unnamed: false, misleading: false };

/** Names of the marks by id of the engine's functions. The marks stand before `export`, the engine's functions behind it. */
function namesOf(one: ConformanceCase, graph: CallGraph): Map<string, string> {
  const named = new Map(one.definitions);
  for (const [place, name] of one.definitions) {
    const [, file = "", line = "", column = ""] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
    const text = (one.files[file] ?? "").replace(/^\uFEFF/, "").split("\n")[Number(line) - 1] ?? "";
    const [exported = ""] = /^export\s+(default\s+)?/.exec(text.slice(Number(column) - 1)) ?? [];
    named.set(`${file}:${line}:${Number(column) + exported.length}`, name);
  }
  return new Map(
    graph.functions.map(({ id, file, line, column }) => [id, named.get(`${file}:${line}:${column}`) ?? id]),
  );
}

function problemsAt(call: ExpectedCall, { status, targets }: CallSite, names: ReadonlyMap<string, string>): string[] {
  const inside = targets.flatMap(({ id, probability }) =>
    id === undefined ? [] : [{ name: names.get(id) ?? id, probability }],
  );
  const found = new Set(inside.map(({ name }) => name));
  const missing = call.entered.filter((name) => !found.has(name)).map((name) => `enters ${name}`);
  const fitting = new Set([...call.entered, ...call.allowed, ...call.callbacks]);
  const wrong = inside
    .filter(({ name, probability }) => probability >= ANSWERED_FROM && !fitting.has(name))
    .map(({ name }) => `never enters ${name}`);
  return [...missing, ...(call.open ? [] : wrong), ...(leaves(call, status, targets) ? [] : [leaving(call)])];
}

function leaves(call: ExpectedCall, status: CallSite["status"], targets: CallSite["targets"]): boolean {
  // A function that is made of text while the program runs is no known target, outside or inside.
  if (call.unnamed) return status === "unknown";
  return call.outside.length === 0 || targets.some(({ external }) => external !== undefined);
}

function leaving({ unnamed, outside }: ExpectedCall): string {
  return unnamed ? "enters what nobody can know" : `enters ${outside.join(", ")} outside`;
}

/** A site's answer in one line. */
function shown({ status, reason, targets }: CallSite, names: ReadonlyMap<string, string>): string {
  const list = targets.map(
    ({ id, external, probability }) =>
      `${id === undefined ? `<${external}>` : (names.get(id) ?? id)} ${probability.toFixed(2)}`,
  );
  return [reason === undefined ? status : `${status} (${reason})`, ...list].join(" ");
}
