import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { type IndexSummary, open, type Project, type WatchOptions } from "../src/index.ts";
import { folder, SHOP, write } from "./folder.ts";

interface Watched {
  project: Project;
  /** Resolves when the index says so; the changes that it took come back. */
  until: (holds: () => Promise<boolean>) => Promise<number>;
  stop: () => Promise<void>;
}

async function watched(root: string, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const project = await open(root);
  const stopped = new AbortController();
  let changes = 0;
  let heard: () => void = () => {};
  const first = Promise.withResolvers<IndexSummary>();
  const watching = project.watch({
    signal: stopped.signal,
    ...options,
    onChange: (summary) => {
      changes += 1;
      first.resolve(summary);
      heard();
    },
  });
  watching.catch(first.reject);
  const stop = async (): Promise<void> => {
    stopped.abort();
    await watching;
    await project.close();
  };
  onTestFinished(stop);
  await first.promise;
  return {
    project,
    stop,
    until: async (holds) => {
      const before = changes;
      for (;;) {
        const next = new Promise<void>((resolve) => (heard = resolve));
        if (await holds()) return changes - before;
        await next;
      }
    },
  };
}

async function cold(root: string): Promise<unknown> {
  const project = await open(root, { indexPath: null });
  await project.index();
  const graph = await project.callGraph();
  await project.close();
  return graph;
}

async function sameAsCold(project: Project, root: string): Promise<boolean> {
  return JSON.stringify(await project.callGraph()) === JSON.stringify(await cold(root));
}

for (const events of [true, false]) {
  const how = events ? "events" : "looking again and again";
  test(`edits, new and removed files and folders reach the index by ${how}`, async () => {
    const root = folder(SHOP);
    const { project, until } = await watched(root, { events, pollMs: 20 });
    const is = () => sameAsCold(project, root);
    write(root, { "src/price.ts": "export function price() { return other(); }\nfunction other() {}\n" });
    await until(is);
    write(root, { "src/deep/er/new.ts": 'import { price } from "../../price.ts";\nprice();\n' });
    await until(is);
    write(root, { "src/deep/er/new.ts": 'import { price } from "../../price.ts";\nprice();\nprice();\n' });
    await until(is);
    renameSync(join(root, "src/deep"), join(root, "src/other"));
    mkdirSync(join(root, "src/deep"));
    await until(is);
    write(root, { "src/deep/new.ts": "export const f = () => g();\nconst g = () => 1;\n", ".gitignore": "other\n" });
    await until(is);
    rmSync(join(root, "src/deep"), { recursive: true });
    rmSync(join(root, ".gitignore"));
    await until(is);
    expect((await project.stats()).files).toBe(4);
  });
}

test("thousands of files that change at once are one change, or few", { timeout: 600_000 }, async () => {
  const text = (at: number, version: number): string => `export function f${at}() { return g${version}(); }\n`;
  const files = (version: number) =>
    Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`m${at % 40}/f${at}.ts`, text(at, version)]));
  const root = folder(files(0));
  const { project, until } = await watched(root, { debounceMs: 200 });
  write(root, files(1));
  const changes = await until(() => sameAsCold(project, root));
  expect(changes).toBeLessThan(20);
});

test("an index that cannot be brought up to date for now is reported, and watching goes on", async () => {
  const root = folder(SHOP);
  await expect(
    open(root).then((project) => project.watch({ onChange: () => {}, signal: AbortSignal.abort() })),
  ).resolves.toBeUndefined();
  const gone = folder(SHOP);
  const project = await open(gone);
  rmSync(gone, { recursive: true });
  await expect(project.watch({ onChange: () => {} })).rejects.toMatchObject({ code: "ROOT_MISSING" });
  await project.close();
});

test("after a while without changes memory is let go of, and the next change is seen all the same", async () => {
  const root = folder(SHOP);
  const { project, until } = await watched(root, { restMs: 1, safeguardMs: 20, events: false, pollMs: 5 });
  await until(() => sameAsCold(project, root));
  write(root, { "src/price.ts": "export function price() {}\n" });
  expect(await until(() => sameAsCold(project, root))).toBeGreaterThanOrEqual(0);
  expect(await project.symbols({ file: "src/price.ts" })).toHaveLength(1);
});
