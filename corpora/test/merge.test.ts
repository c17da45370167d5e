import { expect, test } from "vitest";
import type { CompilerSite } from "../src/derive/compiler.ts";
import { noTrace, type TracedSite } from "../src/derive/trace/traced-tests.ts";
import { MAX_CONTRADICTION_RATE, mergeTruth, MIN_CHECKED } from "../src/truth/merge.ts";
import type { Stratum } from "../src/truth/schema.ts";
import { statsOf } from "../src/truth/stats.ts";
import { truthWith } from "./support/truth.ts";

const f = { definition: "a.ts:1:1" };
const g = { definition: "a.ts:2:1" };

function site(id: string, about: Partial<CompilerSite>): CompilerSite {
  const span = { line: 1, column: 1, endLine: 1, endColumn: 2 };
  const blank = {
    file: "a.ts",
    span,
    callee: null,
    syntax: "call",
    stratum: "method",
    must: [],
    may: [],
    reason: null,
  } as const;
  return { ...blank, must: [], may: [], id, complete: false, ...about };
}

function saw(about: Partial<TracedSite>): TracedSite {
  return { definitions: [], externals: [], outside: false, callbacks: [], witness: null, ...about };
}

function merge(sites: CompilerSite[], traced: Record<string, TracedSite>): ReturnType<typeof mergeTruth> {
  return mergeTruth(
    { version: "6", definitions: [], sites },
    { ...noTrace("1", ""), sites: new Map(Object.entries(traced)) },
  );
}

/** `n` sites with the closed set {f}, on which the trace saw f, save the first `wrong`, where it saw g. */
function stratum(name: Stratum, n: number, wrong = 0, binding = false): [CompilerSite[], Record<string, TracedSite>] {
  const ids = Array.from({ length: n }, (_, i) => `${name}-${i}`);
  const told = binding ? { must: [f] } : { may: [f] };
  const sites = ids.map((id) => site(id, { stratum: name, complete: true, ...told }));
  return [sites, Object.fromEntries(ids.map((id, i) => [id, saw({ definitions: [(i < wrong ? g : f).definition] })]))];
}

test("what was traced is certain, what else is allowed stays allowed", () => {
  const [merged] = merge([site("s", { may: [f, g], complete: true })], {
    s: saw({ definitions: [f.definition] }),
  }).sites;
  expect(merged).toMatchObject({ must: [f], may: [g], traced: [f], by: ["compiler", "trace"], unknownReason: null });
});

test("what the outside called in its turn is kept beside the targets, with a test file that saw them", () => {
  const seen = saw({ externals: ["map"], callbacks: [f.definition, g.definition], witness: "test/a.js" });
  const [merged] = merge([site("s", {})], { s: seen }).sites;
  expect(merged).toMatchObject({ must: [{ external: "map" }], witness: "test/a.js" });
  expect(merged?.callbacks).toEqual([f.definition, g.definition]);
  const read = { ...site("s", { may: [f] }), callbacks: [g.definition] };
  expect(merge([read], {}).sites[0]?.callbacks).toEqual([g.definition]);
  expect(merge([read], { s: seen }).sites[0]?.callbacks).toEqual([f.definition, g.definition]);
  const both = saw({ definitions: [f.definition], callbacks: [f.definition], witness: null });
  expect(merge([site("s", {})], { s: both }).sites[0]).toMatchObject({ must: [f], callbacks: [], witness: null });
});

test("a site that neither oracle knows says why", () => {
  const sites = [site("s", { reason: "any-receiver" }), site("t", { reason: "parameter" })];
  const merged = merge(sites, { t: saw({ outside: true }) }).sites;
  expect(merged.map(({ unknownReason, by }) => [unknownReason, by])).toEqual([
    ["any-receiver", []],
    ["target-outside-measured-files", []],
  ]);
});

test("a trace outside a closed set drops the site and is counted", () => {
  const merged = merge([site("s", { may: [f], complete: true })], { s: saw({ definitions: [g.definition] }) });
  expect(merged.dropped).toEqual(["s"]);
  expect(merged.sites).toEqual([]);
  expect(merged.contradictions.find((one) => one.stratum === "method")).toEqual({
    stratum: "method",
    checked: 1,
    contradicted: 1,
  });
  expect(merged.disagreements).toEqual([{ site: "s", stratum: "method", compiler: [f], traced: [g], outside: false }]);
});

test("an open set cannot be contradicted", () => {
  const merged = merge([site("s", { may: [f] })], { s: saw({ definitions: [g.definition] }) });
  expect(merged.dropped).toEqual([]);
  expect(merged.sites[0]).toMatchObject({ must: [g], may: [f], closed: false });
});

test("a stratum excludes nothing below the least number of traced sites", () => {
  expect(merge(...stratum("method", MIN_CHECKED - 1)).sites.every((one) => !one.closed)).toBe(true);
  expect(merge(...stratum("method", MIN_CHECKED)).sites.every((one) => one.closed)).toBe(true);
});

test("direct calls of a binding that cannot change exclude others without a trace; methods do not", () => {
  const [direct] = stratum("direct", 1, 0, true);
  const [method] = stratum("method", 1, 0, true);
  expect(merge([...direct, ...method], {}).sites.map((one) => one.closed)).toEqual([true, false]);
});

test("a stratum that traces contradict too often excludes nothing, bindings neither", () => {
  const n = MIN_CHECKED * 5;
  const allowed = n * MAX_CONTRADICTION_RATE;
  expect(merge(...stratum("direct", n, allowed, true)).sites.every((one) => one.closed)).toBe(true);
  expect(merge(...stratum("direct", n, allowed + 1, true)).sites.some((one) => one.closed)).toBe(false);
});

test("what lies outside keeps the compiler's name, and agrees with any outside function", () => {
  const named = { stratum: "external", must: [{ external: "parse" }], complete: true } as const;
  const sites = [site("s", { ...named, must: [...named.must] }), site("t", { ...named, must: [...named.must] })];
  const merged = merge(sites, { s: saw({ outside: true }), t: saw({ externals: ["other"] }) });
  expect(merged.dropped).toEqual([]);
  expect(merged.sites.map(({ must, traced }) => [must, traced])).toEqual(
    Array.from({ length: 2 }, () => [[{ external: "parse" }], [{ external: "parse" }]]),
  );
});

test("a function outside contradicts a closed set without one", () => {
  expect(merge([site("s", { may: [f], complete: true })], { s: saw({ outside: true }) }).dropped).toEqual(["s"]);
  expect(merge([site("s", { may: [f], complete: true })], { s: saw({ externals: ["push"] }) }).dropped).toEqual(["s"]);
});

test("a member of an object without a type that is only ever native is external", () => {
  const [merged] = merge([site("s", { reason: "any-receiver" })], { s: saw({ externals: ["push"] }) }).sites;
  expect(merged).toMatchObject({ stratum: "external", must: [{ external: "push" }], by: ["trace"] });
});

test("statistics count what is known, and the reasons for what is not", () => {
  const [sites, traced] = stratum("imported", MIN_CHECKED);
  const more = [site("a", { reason: "parameter", stratum: "callback" }), site("b", { may: [f], stratum: "callback" })];
  const merged = merge([...sites, ...more], traced);
  const stats = statsOf(truthWith(merged));
  const all = { sites: 22, must: 20, mayOnly: 1, closed: 20, traced: 20, unknown: 2, mustEdges: 20, easy: 0 };
  expect(stats.all).toEqual(all);
  expect(stats.unknownShare).toBeCloseTo(2 / 22);
  expect(stats.reasons).toEqual([
    { reason: "parameter", sites: 1 },
    { reason: "allowed-targets-only", sites: 1 },
  ]);
  expect(stats.strata.find((one) => one.stratum === "imported")).toMatchObject({
    sites: 20,
    checked: 20,
    contradicted: 0,
  });
});
