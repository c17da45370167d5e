/** Edges of small programs whose every call is known, labelled with what their run enters. */
import type { ConformanceCase } from "@drift/corpora/conformance";
import type { CallGraph, CallSite } from "@drift/engine";
import type { Edge } from "./edges.ts";

type Mark = Pick<ConformanceCase["calls"][number], "entered" | "outside" | "callbacks" | "allowed">;

/**
 * What the run of a case entered is right; what types allow and what a library function calls in its turn is left out;
 * all else is wrong. Calls of functions that are made of text have no name and are left out.
 *
 * @param graph of the files of `one`, their paths being the same
 */
export function labelCase(one: ConformanceCase, graph: CallGraph): Edge[] {
  const names = namesOf(one, graph);
  const calls = one.calls.filter(({ unnamed }) => !unnamed);
  const marked = (sites: CallSite[], mark: Mark): Edge[] => sites.flatMap((site) => label(site, mark, names, one));
  return [
    ...calls.flatMap((call) =>
      marked(
        graph.callSites.filter(
          (site) => CALLS.has(site.kind) && site.file === call.file && `${site.endLine}:${site.endColumn}` === call.end,
        ),
        call,
      ),
    ),
    ...one.entries.flatMap((entry) =>
      marked(
        graph.callSites.filter(
          (site) =>
            site.kind === entry.kind && site.file === entry.file && `${site.line}:${site.column}` === entry.start,
        ),
        { ...entry, outside: [], callbacks: [] },
      ),
    ),
  ];
}

const CALLS: ReadonlySet<string> = new Set(["call", "new", "optional-call", "tagged-template", "super-call"]);

function label(site: CallSite, mark: Mark, names: ReadonlyMap<string, string>, one: ConformanceCase): Edge[] {
  const right = new Set([...mark.entered, ...(mark.outside.length > 0 ? [OUTSIDE] : [])]);
  // Where types allow something outside it is written `<name>` as well.
  const allowed = mark.allowed.map((name) => (name.startsWith("<") ? OUTSIDE : name));
  const leftOut = new Set([...allowed, ...mark.callbacks]).difference(right);
  const seen = new Set<string>();
  return site.targets.flatMap(({ id, evidence, among, probability }): Edge[] => {
    const name = id === undefined ? OUTSIDE : (names.get(id) ?? id);
    if (leftOut.has(name) || seen.has(name)) return [];
    seen.add(name);
    const file = `${one.feature}: ${one.behaviour}`;
    const place = `${file} ${site.file}:${site.line}:${site.column} ${site.kind}`;
    return [{ evidence, among, probability, right: right.has(name), file, site: place, by: "ran" }];
  });
}

const OUTSIDE = "<outside>";

/** Names of the marks by id of the engine's functions. The marks stand before `export`, the functions behind it. */
function namesOf(one: ConformanceCase, graph: CallGraph): Map<string, string> {
  const marked = new Map<string, string>();
  for (const [place, name] of one.definitions) {
    const [, file = "", line = "", column = ""] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
    const text = (one.files[file] ?? "").replace(/^\uFEFF/, "").split("\n")[Number(line) - 1] ?? "";
    const [exported = ""] = /^export\s+(default\s+)?/.exec(text.slice(Number(column) - 1)) ?? [];
    marked.set(`${file}:${line}:${Number(column) + exported.length}`, name);
  }
  return new Map(
    graph.functions.map(({ id, file, line, column }) => [id, marked.get(`${file}:${line}:${column}`) ?? id]),
  );
}
