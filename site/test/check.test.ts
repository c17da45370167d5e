import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkCommand, lighthouseProblems } from "../src/check/main.ts";
import { kindOf, samplePages } from "../src/check/pages.ts";
import { figureAddress, readFigure } from "../src/data/figure-address.ts";
import { Store } from "../src/data/open.ts";
import { formatShare } from "../src/format.ts";
import { emptyStore, seedStore } from "./seed.ts";

const RUN = "cibench-drift-20261123T120000Z-1a2b3c4d";
let folder = "";
let db = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "drift-check-"));
  db = path.join(folder, "history.db");
  const store = emptyStore(db);
  seedStore(store, { items: 6 });
  store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FRAME = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body><main>${body}</main></body></html>`;

/** Writes pages and checks them without a browser. */
async function check(
  pages: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  for (const [name, body] of Object.entries(pages)) {
    mkdirSync(path.dirname(path.join(folder, "dist", name)), { recursive: true });
    writeFileSync(path.join(folder, "dist", name), FRAME(body));
  }
  let [stdout, stderr] = ["", ""];
  const io = { env: {}, stdout: (text: string) => (stdout += text), stderr: (text: string) => (stderr += text) };
  const options = ["--dir", path.join(folder, "dist"), "--db", db, ...args];
  const code = await checkCommand(args.includes("--browser") ? options : ["--no-browser", ...options], io);
  return { code, stdout, stderr };
}

const raw = figureAddress("score", "raw", { run_id: RUN, category: "call-graph", kind: "real" });

function stored(address: string): number | null | undefined {
  const store = Store.open(db);
  const value = readFigure(store, address);
  store.close();
  return value;
}

test("a site whose links, figures and HTML are right passes", async () => {
  const value = formatShare(stored(raw) ?? null);
  const { code, stdout } = await check({
    "index.html": `<h1 id="top">Home</h1><p><a href="/runs/#first">Runs</a> <a href="#top">Up</a> <a href="/a%20b/">A</a></p>`,
    "runs/index.html": `<h1 id="first">Runs</h1><p><span data-figure="${raw.replaceAll("&", "&#38;")}" data-form="share">${value}</span></p>`,
    "a b/index.html": "<h1>A</h1>",
  });
  expect(stdout).toBe("links: 3 pages: fine\nfigures: 1 figures against the store: fine\nhtml: 3 pages: fine\n");
  expect(code).toBe(0);
});

test("links that lead nowhere, to no element or to another site are told", async () => {
  const { code, stdout } = await check({
    "index.html": `<h1>Home</h1><p><a href="/gone/">1</a><a href="#gone">2</a><a href="https://example.org/">3</a></p>`,
  });
  expect(code).toBe(1);
  expect(stdout).toContain("/: /gone/ leads to no file");
  expect(stdout).toContain("/: /#gone leads to no element");
  expect(stdout).toContain("/: https://example.org/ leads out of the site");
});

test("a figure that is not the store's is told, and so is one whose row or form does not exist", async () => {
  const figure = (address: string, form: string): string =>
    `<p><span data-figure="${address.replaceAll("&", "&amp;")}" data-form="${form}">0.999</span></p>`;
  const { code, stdout } = await check({
    "index.html": `<h1>Home</h1>${figure(raw, "share")}${figure(raw.replace(RUN, "gone"), "share")}${figure(raw, "odd")}${figure("item.x?a=b", "share")}`,
  });
  expect(code).toBe(1);
  expect(stdout).toContain("figures: 4 figures against the store: 4 problems");
  expect(stdout).toContain(`shows 0.999 where the store has ${formatShare(stored(raw) ?? null)} (score.raw?`);
  expect(stdout).toContain("shows 0.999 where the store has nothing (score.raw?run_id=gone");
});

test("HTML that is not valid is told with its place and rule", async () => {
  const { code, stdout } = await check({
    "index.html": `<h1>Home</h1><p><div>no</div></p><p id="a"></p><p id="a"></p>`,
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/\/: 1:\d+ no-dup-id:/);
});

test("memory and money that are not what the store has are found, each in its unit", async () => {
  const GREP = { run_id: "cibench-grep-20261123T120500Z-2b3c4d5e", kind: "all" };
  const mark = (column: string, form: string, text: string): string =>
    `<span data-figure="${figureAddress("run_cost", column, GREP).replaceAll("&", "&#38;")}" data-form="${form}">${text}</span>`;
  const right = [mark("peak_bytes", "bytes", "700 MiB"), mark("cost_usd", "dollars", "0.0519 US dollars")].join(" ");
  expect(await check({ "index.html": `<h1>Home</h1><p>${right}</p>` })).toMatchObject({ code: 0 });
  const wrong = [mark("peak_bytes", "bytes", "700 MB"), mark("cost_usd", "dollars", "0.0519")].join(" ");
  const { code, stdout } = await check({ "index.html": `<h1>Home</h1><p>${wrong}</p>` });
  expect(code).toBe(1);
  expect(stdout).toContain("shows 700 MB where the store has 700 MiB");
  expect(stdout).toContain("shows 0.0519 where the store has 0.0519 US dollars");
});

test("many problems are cut, and all of them are in the JSON", async () => {
  const body = `<h1>Home</h1><p>${Array.from({ length: 30 }, (_, n) => `<a href="/gone-${n}/">${n}</a>`).join(" ")}</p>`;
  expect((await check({ "index.html": body })).stdout).toContain("  and 10 more\n");
  const [links] = JSON.parse((await check({ "index.html": body }, "--json")).stdout);
  expect(links).toMatchObject({ name: "links", looked: "1 pages" });
  expect(links.problems).toHaveLength(30);
});

test("without a site, and with wrong arguments, the command says what to do", async () => {
  expect(await check({})).toMatchObject({ code: 3, stderr: expect.stringContaining("npm run site:build") });
  expect(await check({}, "--nope")).toMatchObject({ code: 2 });
  expect(await check({}, "--per-kind", "0")).toMatchObject({ code: 2, stderr: expect.stringContaining("--per-kind") });
  expect((await check({}, "--help")).stdout).toContain("--no-lighthouse");
});

test("every form of a figure is read at its address", () => {
  const corpus = { run_id: RUN, corpus: "zod" };
  expect(stored(figureAddress("run_corpus", "index_ms", corpus))).toBe(812.4);
  expect(stored(figureAddress("corpus_score", "sites", { ...corpus, category: "call-graph" }))).toBe(11_498);
  expect(stored(figureAddress("corpus_cost", "peak_bytes", corpus))).toBe(734_003_200);
  expect(stored(figureAddress("run_cost", "index_ms", { run_id: RUN, kind: "real" }))).toBeCloseTo(1624.8, 6);
  expect(stored(figureAddress("run_cost", "tokens", { run_id: RUN, kind: "all" }))).toBeNull();
  expect(stored(figureAddress("level_score", "score", { run_id: RUN, level: "0" }))).toBeCloseTo(0.8066, 4);
  expect(stored(figureAddress("level_score", "score", { run_id: RUN, level: "4" }))).toBeUndefined();
  expect(stored("run.points?id=gone")).toBeUndefined();
});

test("the kind of a page is its first folder and its depth; a sample is spread over all of a kind", () => {
  expect(["/", "/404.html", "/runs/", "/runs/a/", "/runs/a/b/"].map(kindOf)).toEqual([
    "/",
    "/404.html",
    "/runs",
    "/runs/*",
    "/runs/*/*",
  ]);
  const pages = Array.from({ length: 9 }, (_, n) => `/runs/${n}/`);
  expect(samplePages(pages, 3).get("/runs/*")).toEqual(["/runs/0/", "/runs/3/", "/runs/6/"]);
});

test("Lighthouse's scores and sizes are held against the budgets", () => {
  const scores = { performance: 99, accessibility: 100, "best-practices": 94, seo: 100 };
  const result = { page: "/", scores, transferredBytes: 150_001, scriptBytes: 30_001, failed: ["x"] };
  expect(lighthouseProblems(result).map(({ what }) => what)).toEqual([
    "best-practices is 94, below 95 (x)",
    "150001 bytes are transferred, more than 150000",
    "30001 bytes of JavaScript, more than 30000",
  ]);
  expect(
    lighthouseProblems({ ...result, page: "/x/", scores: { ...scores, "best-practices": 95 }, scriptBytes: 0 }),
  ).toEqual([]);
});
