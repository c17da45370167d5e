import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askMethod, CHOICE_METHODS, type Contestant } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { importsAdapter } from "../src/adapters/imports.ts";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { claimedChoices } from "../src/evaluators/choices.ts";
import { type Choice, ChoiceAnswer, type ChoiceCategory, type ChoiceTask, type Subject } from "../src/schema/choice.ts";
import { ITEM_LIMITS } from "./support/resolved-corpus.ts";

const FILES: Record<string, string[]> = {
  "src/auth.ts": ["export function requireLogin(request: any) {", "  return request.user !== undefined;", "}"],
  "src/db.ts": ["export function send(text: string, values: string[]) {", "  return [text, ...values];", "}"],
  "src/books.ts": [
    'import { send } from "./db.ts";',
    "export function findBooks(word: string) {",
    '  const text = "select * from books where title = \'" + word + "\'";',
    "  return send(text, []);",
    "}",
    "export function findAuthor(name: string) {",
    '  return send("select * from authors where name = ?", [name]);',
    "}",
    "export function countBooks() {",
    '  return send("select count(*) from books", []);',
    "}",
    "export function oldCount() {",
    "  return 1;",
    "}",
    "export function sampleBook() {",
    "  return 2;",
    "}",
  ],
  "src/handlers.ts": [
    'import { requireLogin } from "./auth.ts";',
    'import { countBooks, findAuthor, findBooks } from "./books.ts";',
    "export function search(request: any) {",
    "  const word = request.word;",
    "  return findBooks(word);",
    "}",
    "export function author(request: any) {",
    "  const name = request.name;",
    "  return findAuthor(name);",
    "}",
    "export function shelf(request: any) {",
    "  if (!requireLogin(request)) return [];",
    "  return findBooks(request.word).concat(countBooks());",
    "}",
    "export function addRoutes(app: any) {",
    '  app.add("search", search);',
    '  app.add("author", withCheck(requireLogin, author));',
    '  app.add("shelf", shelf);',
    "}",
    "function withCheck(check: any, handler: any) {",
    "  return (request: any) => (check(request) ? handler(request) : []);",
    "}",
  ],
  "src/main.ts": ['import { addRoutes } from "./handlers.ts";', "addRoutes({ add: () => undefined });"],
  "src/made.ts": ["// generated, do not edit", "export function width() {", "  return 3;", "}"],
  "src.def": ["width 3"],
  "test/books.test.ts": ['import { sampleBook } from "../src/books.ts";', 'test("a book", () => { sampleBook(); });'],
};

/** What stands at the first line of a file that has this text. */
function at(file: string, text: string): Pick<Choice, "file" | "span"> {
  const index = (FILES[file] ?? []).findIndex((line) => line.includes(text));
  const content = FILES[file]?.[index] ?? "";
  const column = content.indexOf(text) + 1;
  return { file, span: { line: index + 1, column, endLine: index + 1, endColumn: column + text.length } };
}

function definition(file: string, name: string): Choice {
  const { span } = at(file, `function ${name}(`);
  const lines = FILES[file] ?? [];
  const end = lines.findIndex((line, index) => index >= (span?.line ?? 0) && line === "}");
  return { id: name, file, name, span: span === null ? null : { ...span, endLine: end + 1, endColumn: 2 } };
}

function taskOf(
  category: ChoiceCategory,
  choices: Choice[],
  questions: [kind: string, subject: Subject, rule?: string][],
) {
  const check: Subject = { role: "check", ...definition("src/auth.ts", "requireLogin") };
  const subjectOf = ({ role, name, file, span }: Subject): Subject => ({ role, name, file, span });
  return {
    id: `${category}/shop`,
    version: 1,
    level: 1,
    category,
    corpus: "shop",
    files: Object.keys(FILES),
    choices,
    items: questions.map(([kind, subject, rule = "nothing"], index) => ({
      id: `${index}`,
      kind,
      question: `A convention of this project: ${rule}. Which?`,
      subjects: [subjectOf(subject), ...(category === "compositional-reasoning" ? [subjectOf(check)] : [])],
      choices: choices.map(({ id }) => id),
    })),
  } satisfies ChoiceTask;
}

const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cibench-choices-"));
  for (const [file, lines] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), lines.join("\n"));
  }
});
afterAll(() => rmSync(root, { recursive: true }));

/** What a tool claims, question by question. */
async function claims(tool: Contestant, method: (typeof CHOICE_METHODS)[number], task: ChoiceTask): Promise<string[]> {
  const asked = await askMethod(tool, {
    ...{ method, task, root, truth: {}, context, itemAnswer: ChoiceAnswer },
    timeoutMs: 60_000,
  });
  if (asked.state !== "answered") throw new Error(JSON.stringify(asked));
  return asked.answer.items.map((answer) => [...claimedChoices(answer)].join(" ") || answer.status);
}

const source = (file: string, text: string): Subject => ({ role: "source", name: null, ...at(file, text) });

test.each([
  ["drift", driftAdapter],
  ["grep", grepAdapter],
])("%s follows a value to listed calls, and takes a placeholder for harmless", async (_name, tool) => {
  const calls = [
    "send(text, [])",
    'send("select * from authors where name = ?", [name])',
    'send("select count(*) from books", [])',
  ];
  const sinks = calls.map((text) => ({
    ...at("src/books.ts", text),
    id: text.slice(0, 22),
    name: null,
  }));
  const questions = ["const word", "const name"].flatMap((text): [string, Subject][] => [
    ["reach", source("src/handlers.ts", text)],
    ["harm", source("src/handlers.ts", text)],
  ]);
  const task = taskOf("data-flow", sinks, questions);
  for (const item of task.items)
    if (item.kind === "harm") item.question = "Where does it arrive in the text of a query?";
  expect(await claims(tool, "dataFlow", task)).toEqual(
    ["send(text, [])", "send(text, [])", 'send("select * from aut', "likely"].map((text) => text.slice(0, 22)),
  );
});

test("grep takes functions for outliers that have what a rule is about and not what it asks for", async () => {
  const choices = ["search", "author", "shelf"].map((name) => definition("src/handlers.ts", name));
  const file: Subject = { role: "file", name: null, file: "src/handlers.ts", span: null };
  const task = taskOf("pattern-recognition", choices, [
    ["breaks", file, "a request is for who has a login"],
    ["breaks", file, "xylophones are tuned"],
  ]);
  expect(await claims(grepAdapter, "patterns", task)).toEqual(["search author", "unknown"]);
});

test("drift takes functions for outliers that do otherwise than their peers", async () => {
  const choices = ["findBooks", "findAuthor", "countBooks", "oldCount"].map((name) => definition("src/books.ts", name));
  const file: Subject = { role: "file", name: null, file: "src/books.ts", span: null };
  const made: Subject = { role: "file", name: null, file: "src.def", span: null };
  const task = taskOf("pattern-recognition", choices, [
    ["breaks", file, "what is found is sent"],
    ["breaks", made, "what is found is sent"],
  ]);
  task.items[1]?.choices.splice(0);
  // Four functions are no habit.
  expect(await claims(driftAdapter, "patterns", task)).toEqual(["likely", "unknown"]);
});

test.each([
  ["drift", driftAdapter],
  ["grep", grepAdapter],
])("%s finds routes that lead to a function without a check", async (_name, tool) => {
  const routes = ["search", "author", "shelf"].map((name) => ({
    ...at("src/handlers.ts", `app.add("${name}"`),
    id: name,
    name,
  }));
  // A registration ends where its line does.
  for (const { file, span } of routes)
    if (span !== null) span.endColumn = (FILES[file]?.[span.line - 1]?.length ?? 0) + 1;
  const asked = ["findBooks", "findAuthor", "countBooks"].map((name): [string, Subject] => [
    "exposed",
    { role: "function", ...definition("src/books.ts", name) },
  ]);
  expect(await claims(tool, "composition", taskOf("compositional-reasoning", routes, asked))).toEqual([
    // A search upwards stays in the folder, and so does this project.
    "search",
    "likely",
    "likely",
  ]);
});

describe("what is not needed", () => {
  const choices = ["findBooks", "oldCount", "sampleBook"].map((name) => definition("src/books.ts", name));
  const files = ["src/made.ts", "src/books.ts", "src.def"].map((file) => ({ id: file, file, span: null, name: null }));
  const file: Subject = { role: "file", name: null, file: "src/books.ts", span: null };
  const edits: [string, Subject][] = [
    ["edit", { role: "function", ...definition("src/made.ts", "width") }],
    ["edit", { role: "function", ...definition("src/books.ts", "oldCount") }],
  ];

  test.each([
    ["drift", driftAdapter],
    ["grep", grepAdapter],
  ])("%s tells what nothing calls from what tests alone do", async (_name, tool) => {
    const task = taskOf("negative-knowledge", choices, [
      ["dead", file],
      ["test-only", file],
    ]);
    expect(await claims(tool, "negative", task)).toEqual(["oldCount", "sampleBook"]);
  });

  test("grep sees that a file is generated, a call graph does not", async () => {
    const task = taskOf("negative-knowledge", files, edits);
    expect(await claims(grepAdapter, "negative", task)).toEqual(["src.def", "src/books.ts"]);
    expect(await claims(driftAdapter, "negative", task)).toEqual(["unknown", "unknown"]);
  });
});

test("tools support what they can answer", () => {
  const supported = (tool: Contestant) => CHOICE_METHODS.filter((method) => tool[method] !== undefined);
  expect(supported(driftAdapter)).toEqual([...CHOICE_METHODS]);
  expect(supported(grepAdapter)).toEqual([...CHOICE_METHODS]);
  expect(supported(importsAdapter)).toEqual([]);
});

describe("answers from outside", () => {
  const choices = ["findBooks", "oldCount"].map((name) => definition("src/books.ts", name));
  const file: Subject = { role: "file", name: null, file: "src/books.ts", span: null };
  const task = taskOf("negative-knowledge", choices, [["dead", file]]);
  const asking = { method: "negative" as const, itemAnswer: ChoiceAnswer, task, truth: {}, context, timeoutMs: 60_000 };

  test.each([
    ['{ version: "1", categories: ["negative-knowledge"] }', "oldCount"],
    ['{ version: "1" }', "unsupported"],
  ])("of a program that says hello with %s", async (hello, expected) => {
    const program = join(root, "tool.mjs");
    writeFileSync(
      program,
      `import { createInterface } from "node:readline";
       let choices = [];
       for await (const line of createInterface({ input: process.stdin })) {
         const request = JSON.parse(line);
         const say = (reply) => console.log(JSON.stringify(reply));
         if (request.type === "hello") say(${hello});
         else if (request.type === "open") { choices = request.choices; say({ ready: true }); }
         else say({ taskId: request.taskId, itemId: request.item.id, status: "likely",
           chosen: [{ choice: choices.find(({ name }) => name === "oldCount").id, probability: 0.9 }] });
       }`,
    );
    const command = `"${process.execPath}" "${program}"`;
    const asked = await askMethod(commandAdapter({ name: "x", command, itemLimits: ITEM_LIMITS }), { ...asking, root });
    expect(asked.state === "answered" ? [...claimedChoices(asked.answer.items[0])].join() : asked.state).toBe(expected);
  });

  test("in a file count for the categories that it is about", async () => {
    const answers = join(root, "answers.jsonl");
    const line = { itemId: "0", status: "certain", chosen: [{ choice: "oldCount", probability: 1 }] };
    const adapter = predictionsAdapter({ name: "x", file: answers, version: "1" });
    writeFileSync(answers, JSON.stringify({ taskId: task.id, ...line }));
    expect(await askMethod(adapter, { ...asking, root })).toMatchObject({
      state: "answered",
      problems: { malformed: 0 },
    });
    writeFileSync(answers, JSON.stringify({ taskId: "negative-knowledge/another", ...line }));
    expect(await askMethod(adapter, { ...asking, root })).toMatchObject({ state: "not-run" });
    writeFileSync(answers, JSON.stringify({ taskId: "call-graph/shop", ...line }));
    expect(await askMethod(adapter, { ...asking, root })).toMatchObject({ state: "unsupported" });
  });
});
