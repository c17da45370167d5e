import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DriftError, open } from "../src/index.ts";
import type { IndexProgress, IndexSummary, OpenOptions, Project } from "../src/index.ts";
import { folder, SHOP, write } from "./folder.ts";

async function indexed(root: string): Promise<{ project: Project; summary: IndexSummary }> {
  const project = await open(root);
  return { project, summary: await project.index() };
}

function counts({ parsed, reused, removed }: IndexSummary): [number, number, number] {
  return [parsed, reused, removed];
}

/** A fresh answer that owes nothing to any index. */
async function cold(root: string): Promise<string> {
  const project = await open(root, { indexPath: null });
  await project.index();
  return text(project);
}

async function text(project: Project): Promise<string> {
  return Buffer.from(await project.callGraphJson()).toString("utf8");
}

async function checkFails(work: Promise<unknown>, code: string): Promise<DriftError> {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(DriftError);
  expect((error as DriftError).code).toBe(code);
  return error as DriftError;
}

test("a project is opened, indexed and asked", async () => {
  const { project, summary } = await indexed(folder(SHOP));
  expect(counts(summary)).toEqual([3, 0, 0]);
  expect(summary.warnings).toEqual([]);

  const graph = await project.callGraph();
  expect(graph.functions.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["src/cart.ts#Cart.total", "src/price.ts#round"]),
  );
  expect(graph.stats).toEqual(await project.stats());
  expect(graph.stats).toEqual(summary.stats);
  expect(graph.stats.files).toBe(3);
  expect(graph.stats.callSites).toBe(graph.callSites.length);
  expect(graph.stats.functions).toBe(graph.functions.length);

  const [call] = await project.callers("src/price.ts#price");
  expect(call).toEqual({
    kind: "call",
    file: "src/cart.ts",
    line: 3,
    column: 29,
    endLine: 3,
    endColumn: 37,
    caller: "src/cart.ts#Cart.total",
    status: "certain",
    basis: "tracked",
    targets: [{ id: "src/price.ts#price", probability: expect.closeTo(1, 1) as number, evidence: "tracked", among: 1 }],
  });
  expect(await project.callees("src/cart.ts#Cart.total")).toEqual([call]);
  const top = await project.callees("src/main.ts#<module>");
  expect(top.map(({ kind, caller }) => [kind, caller])).toEqual(
    expect.arrayContaining([
      ["new", "src/main.ts#<module>"],
      ["call", "src/main.ts#<module>"],
    ]),
  );
});

test("every call site of the answer is a caller's and a callee's as well", async () => {
  const { project } = await indexed(folder(SHOP));
  const { callSites, functions } = await project.callGraph();
  for (const site of callSites) {
    expect(await project.callees(site.caller)).toContainEqual(site);
    for (const id of site.targets.flatMap(({ id }) => id ?? [])) {
      expect(await project.callers(id)).toContainEqual(site);
    }
  }
  expect(await project.symbols()).toEqual(functions);
});

test("symbols are found by name, qualified name and file, up to a limit", async () => {
  const { project } = await indexed(folder(SHOP));
  const ids = async (query: Parameters<Project["symbols"]>[0]): Promise<string[]> =>
    (await project.symbols(query)).map(({ id }) => id);
  expect(await ids({ name: "total" })).toEqual(["src/cart.ts#Cart.total"]);
  expect(await ids({ name: "Cart.total" })).toEqual(["src/cart.ts#Cart.total"]);
  expect(await ids({ name: "tot" })).toEqual([]);
  expect(await ids({ file: "src/price.ts" })).toEqual(["src/price.ts#price", "src/price.ts#round"]);
  expect(await ids({ file: "src/price.ts", limit: 1 })).toEqual(["src/price.ts#price"]);
  expect(await ids({ limit: 0 })).toEqual([]);
});

test("an unchanged project is opened again without parsing, and answers before it is indexed", async () => {
  const root = folder(SHOP);
  const first = await indexed(root);
  const answer = await text(first.project);
  await first.project.close();

  const again = await open(root);
  expect(await text(again)).toBe(answer);
  const summary = await again.index();
  expect(counts(summary)).toEqual([0, 3, 0]);
  expect(summary.stats).toEqual(first.summary.stats);
  expect(await text(again)).toBe(answer);

  const third = await open(root);
  expect(counts(await third.index())).toEqual([0, 3, 0]);
  expect(await third.stats()).toEqual(first.summary.stats);
  expect(readFileSync(join(root, ".drift", ".gitignore"), "utf8")).toBe("*\n");
});

test.each([true, false])(
  "after any change only what changed is parsed, and the answer is a fresh one's (on disk: %s)",
  async (onDisk) => {
    const root = folder(SHOP);
    const project = await open(root, onDisk ? {} : { indexPath: null });
    await project.index();
    const step = async (change: () => void, expected: [number, number, number]): Promise<void> => {
      change();
      expect(counts(await project.index())).toEqual(expected);
      expect(await text(project)).toBe(await cold(root));
    };
    await step(() => undefined, [0, 3, 0]);
    await step(() => write(root, { "src/price.ts": "export function price() { return 1; }\n" }), [1, 2, 0]);
    await step(() => write(root, { "src/extra.ts": "export const extra = () => extra();\n" }), [1, 3, 0]);
    await step(() => renameSync(join(root, "src/extra.ts"), join(root, "src/moved.ts")), [0, 4, 1]);
    await step(() => rmSync(join(root, "src/moved.ts")), [0, 3, 1]);
    await step(() => write(root, { "package.json": '{ "name": "other" }' }), [0, 3, 0]);
    await step(() => write(root, { "src/copy.ts": "export function price() { return 1; }\n" }), [0, 4, 0]);
    await step(() => write(root, { "src/copy.ts": "(((" }), [1, 3, 0]);
    await step(() => write(root, { ".gitignore": "copy.ts" }), [0, 3, 1]);
  },
);

test("an edit that keeps size and times is noticed", async () => {
  const root = folder({ "a.js": "f();" });
  const at = join(root, "a.js");
  utimesSync(at, 1_000_000, 1_000_000);
  const { project } = await indexed(root);
  writeFileSync(at, "g();");
  utimesSync(at, 1_000_000, 1_000_000);
  expect(counts(await project.index())).toEqual([1, 0, 0]);
});

test("two projects on one folder index at once and agree", async () => {
  const root = folder(SHOP);
  const projects = await Promise.all([open(root), open(root), open(root)]);
  const summaries = await Promise.all(projects.map((project) => project.index()));
  expect(summaries.map(({ stats }) => stats)).toEqual(summaries.map(() => summaries[0]?.stats));
  expect(counts(await (await open(root)).index())).toEqual([0, 3, 0]);
});

test("the answer depends neither on the number of threads nor on the run", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `src/m${at}.ts`,
      `import { f${(at + 1) % 60} } from "./m${(at + 1) % 60}.ts";\nexport function f${at}(g: () => void) { g(); f${(at + 1) % 60}(() => f${at}(g)); }\n${"// x\n".repeat(at * 7)}`,
    ]),
  );
  const root = folder(files);
  const answers = new Set<string>();
  for (const threads of [1, 2, 1, 2, 7]) {
    const project = await open(root, { indexPath: null });
    await project.index({ threads });
    answers.add(await text(project));
  }
  expect(answers.size).toBe(1);
});

test("progress names every phase in order and ends with the result", async () => {
  const events: IndexProgress[] = [];
  const project = await open(folder(SHOP));
  let settled = false;
  const indexing = project.index({
    onProgress: (event) => {
      expect(settled).toBe(false);
      events.push(event);
    },
  });
  await indexing;
  settled = true;
  expect([...new Set(events.map(({ phase }) => phase))]).toEqual(["scan", "parse", "resolve", "store"]);
  expect(events).toContainEqual({ phase: "parse", done: 3, total: 3 });
  expect(events.at(-1)).toEqual({ phase: "store", done: 1, total: 1 });
});

test("an error thrown by the caller's progress ends the run and comes back from it", async () => {
  const project = await open(folder(SHOP));
  const mine = new Error("mine");
  const fail = (): never => {
    throw mine;
  };
  await expect(project.index({ onProgress: fail })).rejects.toBe(mine);
});

test("an aborted run is CANCELLED and leaves the index as it was", async () => {
  const root = folder(SHOP);
  const { project } = await indexed(root);
  const before = await text(project);
  write(root, { "src/price.ts": "export function price() {}" });
  await checkFails(project.index({ signal: AbortSignal.abort() }), "CANCELLED");

  const controller = new AbortController();
  const abort = ({ phase }: IndexProgress): void => {
    if (phase === "scan") controller.abort();
  };
  // By the time the first event arrives a run this small may be over; both ends are right, half of one is not.
  const outcome = await project.index({ signal: controller.signal, onProgress: abort }).then(
    () => "done",
    (error: unknown) => (error as DriftError).code,
  );
  expect(["done", "CANCELLED"]).toContain(outcome);
  expect(await text(project)).toBe(outcome === "done" ? await cold(root) : before);
  await project.index();
  expect(await text(project)).toBe(await cold(root));
});

test("failures carry a code and a next step", async () => {
  const root = folder({ "a.ts": "", "not-a-folder": "" });
  expect((await checkFails(open(join(root, "missing")), "ROOT_MISSING")).hint).toMatch(/path/);
  await checkFails(open(join(root, "not-a-folder")), "ROOT_NOT_A_FOLDER");
  await checkFails(open(root, { maxFileBytes: 0 }), "INVALID_ARGUMENT");
  const project = await open(root);
  expect((await checkFails(project.callGraph(), "NOT_INDEXED")).hint).toMatch(/index\(\)/);
  await checkFails(project.index({ threads: 1.5 }), "INVALID_ARGUMENT");
  await checkFails(project.symbols({ limit: -1 }), "INVALID_ARGUMENT");
  await project.index();
  await checkFails(project.callers("a.ts#nope"), "SYMBOL_UNKNOWN");
  await checkFails(project.callees("b.ts#<module>"), "SYMBOL_UNKNOWN");
  expect(await project.callers("a.ts#<module>")).toEqual([]);
  rmSync(root, { recursive: true });
  await checkFails(project.index(), "ROOT_MISSING");
});

test("a closed project answers no more, and closing cancels what runs", async () => {
  const { project } = await indexed(folder(SHOP));
  const running = project.index();
  await project.close();
  await expect(running.catch((error: unknown) => error)).resolves.toBeDefined();
  await checkFails(project.stats(), "PROJECT_CLOSED");
});

test("a file over the limit is skipped and named", async () => {
  const project = await open(folder({ "a.ts": "f();", "b.ts": "long();" }), { indexPath: null, maxFileBytes: 5 });
  await project.index();
  expect((await project.callGraph()).skipped).toEqual([{ file: "b.ts", reason: "too-large: 7 bytes, limit 5" }]);
});

test("what nobody wrote by hand is treated as asked, and always reported", async () => {
  const minified = "function a(b,c){return c(b)};".repeat(100);
  const root = folder({
    "a.js": minified,
    "b.ts": "// Code generated by a tool. DO NOT EDIT.\nexport function f() {}\n",
    "c.ts": 'import { f } from "./b";\nf();\n',
  });
  const skipped = async (options: OpenOptions): Promise<string[]> => {
    const project = await open(root, options);
    await project.index();
    return (await project.skipped()).map(({ file, reason }) => `${file} ${reason}`);
  };
  const minifiedRow = "a.js minified: 100 % of it in lines of more than 250 bytes";
  const generatedRow = "b.ts generated: line 1 says so";
  expect(await skipped({})).toEqual([minifiedRow, generatedRow]);
  // The same index under another rule: files are looked at again, though none has changed.
  expect(await skipped({ minified: "read", generated: "leave-out" })).toEqual([generatedRow]);
  const project = await open(root, { minified: "read", generated: "leave-out" });
  const stats = await project.stats();
  expect([stats.files, stats.unknown + stats.external]).toEqual([2, 101]);
  expect(await skipped({})).toEqual([minifiedRow, generatedRow]);
  expect((await open(root).then((again) => again.stats())).files).toBe(2);
  await checkFails(open(root, { minified: "skip" as "read" }), "INVALID_ARGUMENT");
});

test("after a change elsewhere, a file that is left out stays left out and reported", async () => {
  const root = folder({ "a.js": "function a(b,c){return c(b)};".repeat(100), "b.ts": "f();" });
  const project = await open(root);
  await project.index();
  write(root, { "b.ts": "f(); g();" });
  await project.index({ changed: ["b.ts"] });
  expect((await project.skipped()).map(({ file }) => file)).toEqual(["a.js"]);
  write(root, { "a.js": "a();" });
  await project.index({ changed: ["a.js"] });
  expect(await project.skipped()).toEqual([]);
  expect((await project.stats()).files).toBe(2);
});

test("an index that cannot be written is kept in memory, with a warning", async () => {
  const root = folder({ ...SHOP, ".drift": "a file in the way" });
  const { project, summary } = await indexed(root);
  expect(summary.warnings).toEqual([expect.stringMatching(/^the index is kept in memory only: .*\.drift/)]);
  expect(await text(project)).toBe(await cold(root));
  expect(counts(await project.index())).toEqual([0, 3, 0]);
});

test("a folder that may not be written is indexed all the same", async () => {
  const root = folder(SHOP);
  chmodSync(root, 0o555);
  const { project, summary } = await indexed(root);
  chmodSync(root, 0o755);
  // Root may write where others may not.
  expect(summary.warnings).toHaveLength(existsSync(join(root, ".drift")) ? 0 : 1);
  expect(await text(project)).toBe(await cold(root));
});

test("a damaged index is set aside, rebuilt and reported", async () => {
  const root = folder(SHOP);
  const { project } = await indexed(root);
  const answer = await text(project);
  const index = join(root, ".drift", "index.db");
  writeFileSync(index, "no longer a database".repeat(500));
  const again = await indexed(root);
  expect(counts(again.summary)).toEqual([3, 0, 0]);
  expect(again.summary.warnings).toEqual([expect.stringMatching(/is damaged: kept as .*index\.db\.unusable/)]);
  expect(await text(again.project)).toBe(answer);
  expect(counts((await indexed(root)).summary)).toEqual([0, 3, 0]);
});

test("whichever page of an index is damaged, the answer is right", async () => {
  const root = folder(SHOP);
  await (await indexed(root)).project.close();
  const answer = await cold(root);
  const index = join(root, ".drift", "index.db");
  const sound = readFileSync(index);
  for (let at = 0; at < sound.length; at += 4096) {
    const broken = Buffer.from(sound);
    broken.fill(0x5a, at + 8, at + 4096);
    writeFileSync(index, broken);
    const project = await open(root);
    // Asked first, indexed first: either way round.
    if ((at / 4096) % 2 === 0) await project.index();
    const seen = await project.callGraphJson().catch(async (error: unknown) => {
      if ((error as DriftError).code !== "NOT_INDEXED") throw error;
      await project.index();
      return project.callGraphJson();
    });
    expect(Buffer.from(seen).toString("utf8")).toBe(answer);
    await project.close();
  }
});

test("an index removed under an open project is made again", async () => {
  const root = folder(SHOP);
  const { project } = await indexed(root);
  rmSync(join(root, ".drift"), { recursive: true });
  expect((await project.index()).parsed).toBe(3);
  expect(statSync(join(root, ".drift", "index.db")).isFile()).toBe(true);
});

test("an index elsewhere leaves the folder alone", async () => {
  const root = folder(SHOP);
  const elsewhere = join(folder(), "deep", "my.db");
  const before = readdirSync(root);
  const project = await open(root, { indexPath: elsewhere });
  await project.index();
  expect(readdirSync(root)).toEqual(before);
  expect(counts(await (await open(root, { indexPath: elsewhere })).index())).toEqual([0, 3, 0]);
});
