import { expect, test } from "vitest";
import { open } from "../src/index.ts";
import { folder } from "./folder.ts";

const AREAS = ["books", "films", "games", "songs", "plays"];

/** A folder for each area, with handlers that note what they change; that of one does not. */
function project(): Record<string, string> {
  const files: Record<string, string> = {
    "core/journal.ts": "export function noteLine(text: string) { return text; }\n",
    "core/answer.ts": "export function answerWith(text: string) { return { text }; }\n",
  };
  for (const area of AREAS) {
    const note = area === "games" ? "" : "  noteLine('change');\n";
    files[`${area}/handlers.ts`] = [
      'import { answerWith } from "../core/answer.ts";',
      'import { noteLine } from "../core/journal.ts";',
      `export function change_${area}(text: string) {\n${note}  return answerWith(text);\n}`,
    ].join("\n");
  }
  return files;
}

test("what most functions of one role call is a convention, with those that do not", async () => {
  const opened = await open(folder(project()), { indexPath: null });
  await opened.index();
  const conventions = await opened.conventions();
  await opened.close();
  const ofFunctions = conventions.filter(({ target }) => target?.level === "function");
  expect(
    ofFunctions.map(({ target, isFirst, keep, deviate }) => [target?.name, isFirst, keep.length, deviate.join()]),
  ).toEqual([
    ["core/journal.ts#noteLine", false, 4, "games/handlers.ts#change_games"],
    ["core/journal.ts#noteLine", true, 4, "games/handlers.ts#change_games"],
    ["core/answer.ts#answerWith", false, 5, ""],
  ]);
  expect(ofFunctions[0]).toMatchObject({
    kind: "calls",
    called: ["core/journal.ts#noteLine"],
    peers: "functions called change… in files called handlers",
  });
});

test("the odd one of several copies is found", async () => {
  const check = (name: string, test: string): string =>
    `def check_${name}(n):\n    if ${test}:\n        return 1  # ${name}\n    return 0\n`;
  const text = [
    check("width", "n > 10"),
    check("height", "n > 23"),
    check("depth", "n < 11"),
    check("length", "n > 5"),
    "def other(n):\n    return [n, n, n, n, n, n, n]\n",
  ].join("\n");
  const opened = await open(folder({ "checks.py": text }), { indexPath: null });
  await opened.index();
  const shapes = (await opened.conventions()).filter(({ kind }) => kind === "shape");
  await opened.close();
  expect(shapes.map(({ deviate, keep, peers }) => [peers, keep.length, ...deviate])).toEqual([
    ["copies in checks.py", 3, "checks.py#check_depth"],
  ]);
});
