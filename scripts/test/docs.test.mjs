import { expect, test } from "vitest";
import { commandProblem, commandsIn, pathProblems } from "../checks/docs.mjs";

const context = {
  scripts: { start: "", callgraph: "", cibench: "", lonely: "" },
  helpOf: async (script, verb) => ({
    output:
      script === "cibench" ? `Usage: cibench ${verb}\n  --json   as JSON\n  -c, --corpus <id>\n` : "  --out <file>\n",
    exitCode: verb === "wrong" ? 2 : 0,
  }),
};

test("commands are the lines of shell blocks, without comments and output", () => {
  const text =
    "npm no\n```sh\n# first\nnpm start   # the job\n\nnpm test\n```\n```console\n$ npm run x\nits output\n```\n```ts\nnpm no\n```\n";
  expect(commandsIn(text)).toEqual([
    { line: 4, command: "npm start" },
    { line: 6, command: "npm test" },
    { line: 9, command: "npm run x" },
  ]);
});

test.each([
  "npm start",
  "npm run --silent callgraph -- src --out a.json",
  "npm run cibench -- run --corpus zod --json",
  'npm run --silent callgraph -- "a b" --out=x',
  "git clone x",
])("works: %s", async (command) => {
  expect(await commandProblem(command, context)).toBeUndefined();
});

test.each([
  ["npm run nothing", 'no script "nothing"'],
  ["npm run lonely", 'no job "lonely"'],
  ["npm run callgraph src", 'put "--"'],
  ["npm run cibench -- wrong", "code 2"],
  ["npm run cibench -- run --corpora zod", "--corpora"],
  ["npm run cibench -- run --corp zod", "--corp"],
  ["frobnicate", "does not know this program"],
])("does not: %s", async (command, words) => {
  expect(await commandProblem(command, context)).toContain(words);
});

test("links and paths lead somewhere", () => {
  const exists = (path) => ["engine/src/index.ts", "README.md", "engine/README.md"].includes(path);
  const text =
    "[a](../README.md) [b](https://x.y/z) `src/index.ts` `engine/src/index.ts` `engine/native/x.node`\n```text\n`src/nowhere.ts`\n```\n";
  expect(pathProblems("engine/README.md", text, exists)).toEqual([]);
  expect(pathProblems("engine/README.md", "[a](nowhere.md#b)\n\n`src/nowhere.ts`", exists)).toEqual([
    "engine/README.md:1: there is no engine/nowhere.md",
    "engine/README.md:3: there is no src/nowhere.ts",
  ]);
});
