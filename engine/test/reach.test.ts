import { expect, test } from "vitest";
import { open, type Project } from "../src/index.ts";
import { folder, SHOP, write } from "./folder.ts";

/** Asks twice: the first question is answered from the saved index, the second one from memory. */
async function both<T>(root: string, ask: (project: Project) => Promise<T>): Promise<T> {
  const project = await open(root);
  const [saved, loaded] = [await ask(project), await ask(project)];
  expect(loaded).toEqual(saved);
  await project.close();
  return saved;
}

async function indexed(): Promise<string> {
  const root = folder(SHOP);
  const project = await open(root);
  await project.index();
  await project.close();
  return root;
}

test("what a function reaches comes with the fewest calls it takes", async () => {
  const root = await indexed();
  expect(await both(root, (project) => project.reach("src/main.ts#<module>"))).toEqual([
    { id: "src/cart.ts#Cart.constructor", depth: 1 },
    { id: "src/cart.ts#Cart.total", depth: 1 },
    { id: "src/price.ts#price", depth: 2 },
    { id: "src/price.ts#round", depth: 3 },
  ]);
  expect(await both(root, (project) => project.reach("src/cart.ts#Cart.total", { depth: 1 }))).toEqual([
    { id: "src/price.ts#price", depth: 1 },
  ]);
});

test("what reaches a function is found against the calls", async () => {
  const root = await indexed();
  expect(
    await both(root, (project) => project.reach("src/price.ts#round", { direction: "callers", depth: 2 })),
  ).toEqual([
    { id: "src/price.ts#price", depth: 1 },
    { id: "src/cart.ts#Cart.total", depth: 2 },
  ]);
});

test("calls in a circle end", async () => {
  const root = folder({ "a.ts": "function f() { g(); }\nfunction g() { f(); }\n" });
  const project = await open(root, { indexPath: null });
  await project.index();
  expect(await project.reach("a.ts#f")).toEqual([{ id: "a.ts#g", depth: 1 }]);
  await expect(project.reach("a.ts#f", { depth: 0 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await expect(project.reach("a.ts#h")).rejects.toMatchObject({ code: "SYMBOL_UNKNOWN" });
});

test("each kind of question has one answer, saved or loaded", async () => {
  const root = await indexed();
  write(root, { "src/bad.ts": "(" });
  const project = await open(root);
  await project.index();
  await project.close();
  expect(await both(root, (asked) => asked.symbols({ file: "src/price.ts" }))).toHaveLength(2);
  expect(await both(root, (asked) => asked.callers("src/price.ts#price"))).toHaveLength(1);
  expect(await both(root, (asked) => asked.callees("src/main.ts#<module>"))).toHaveLength(2);
  expect((await both(root, (asked) => asked.skipped())).map(({ file }) => file)).toEqual(["src/bad.ts"]);
  expect((await both(root, (asked) => asked.stats())).files).toBe(4);
});

test("a project at rest answers from what is saved", async () => {
  const root = await indexed();
  const project = await open(root);
  await project.index();
  const before = await project.callGraph();
  await project.rest();
  expect(await project.callGraph()).toEqual(before);
  expect(await project.index()).toMatchObject({ parsed: 0, reused: 3, changed: false });
  const inMemory = await open(root, { indexPath: null });
  await inMemory.index();
  await inMemory.rest();
  expect(await inMemory.callGraph()).toEqual(before);
});
