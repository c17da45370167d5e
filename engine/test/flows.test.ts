import { expect, test } from "vitest";
import { type FlowSink, open } from "../src/index.ts";
import { type Files, folder } from "./folder.ts";

/** Where what stands at the first `text` of a file arrives: `callee(argument) as, effects`, with the line of the call. */
async function arrivals(files: Files, file: string, text: string): Promise<string[]> {
  const lines = String(files[file]).split("\n");
  const index = lines.findIndex((line) => line.includes(text));
  const column = (lines[index]?.indexOf(text) ?? -1) + 1;
  const project = await open(folder(files), { indexPath: null });
  await project.index();
  const place = { file, line: index + 1, column, endLine: index + 1, endColumn: column + text.length };
  const { sinks, complete } = await project.flows(place);
  await project.close();
  expect(complete).toBe(true);
  return sinks.map(described);
}

function described({ call, argument, arrives, effects, bound }: FlowSink): string {
  return [`${call.callee}(${argument}) ${arrives}`, ...effects, ...(bound ? ["bound"] : [])].join(", ");
}

const SHOP: Files = {
  "src/text.ts": [
    "export function quoted(text: string): string {",
    '  return text.replaceAll("\'", "\'\'");',
    "}",
    "export function tidy(text: string): string {",
    "  return text.trim().toUpperCase();",
    "}",
    "export const masked = (text: string) => `***${text.length}`;",
  ].join("\n"),
  "src/books.ts": [
    'import { quoted, tidy } from "./text.ts";',
    'import { query } from "db";',
    "export class Books {",
    "  private filter: string = '';",
    "  find(word: string) {",
    "    let part: string = tidy(word);",
    "    return query(`select * from books where title = '${part}'`, []);",
    "  }",
    "  findQuoted(word: string) {",
    '    const text = "select * from books where title = \'" + quoted(word) + "\'";',
    "    return query(text, []);",
    "  }",
    "  findGiven(word: string) {",
    '    return query("select * from books where title = ?", [word]);',
    "  }",
    "  findAll(word: string) {",
    "    let part: string = word;",
    '    if (part.length === 0) return query("none", []);',
    '    part = "all";',
    '    return query("select " + part, []);',
    "  }",
    "  keep(word: string) {",
    "    this.filter = word;",
    "  }",
    "  findKept() {",
    '    return query("select " + this.filter, []);',
    "  }",
    "}",
  ].join("\n"),
  "src/main.ts": [
    'import { Books } from "./books.ts";',
    'import { masked } from "./text.ts";',
    "const books = new Books();",
    "export function handle(request: any) {",
    "  const tidied: string = request.tidied;",
    "  books.find(tidied);",
    "  const cleaned = request.cleaned;",
    "  books.findQuoted(cleaned);",
    "  const { given } = request;",
    "  books.findGiven(given);",
    "  const gone = request.gone;",
    "  books.findAll(gone);",
    "  const kept = request.kept;",
    "  books.keep(kept);",
    "  const token = request.token;",
    "  console.log(masked(token), Number(token));",
    "}",
  ].join("\n"),
};

test.each([
  ["a text that functions hand on and put together", "const tidied: string = request.tidied;", "query(0) text"],
  ["what was quoted on the way", "const cleaned = request.cleaned;", "query(0) text, quoted"],
  ["what is given beside the text of a query", "const { given } = request;", "query(1) inside, bound"],
  ["a field", "const kept = request.kept;", "query(0) text"],
])("%s is followed into the arguments of calls", async (_what, source, expected) => {
  const found = await arrivals(SHOP, "src/main.ts", source);
  expect(found.filter((sink) => sink.startsWith("query("))).toEqual([expected]);
});

test("what is overwritten, or only measured, does not arrive", async () => {
  const overwritten = await arrivals(SHOP, "src/main.ts", "const gone = request.gone;");
  expect(overwritten).toEqual(["books.findAll(0) whole"]);
  const token = await arrivals(SHOP, "src/main.ts", "const token = request.token;");
  expect(token).toEqual(["console.log(1) whole, number", "masked(0) whole", "Number(0) whole"]);
});

test("a sink says by which calls the value came", async () => {
  const project = await open(folder(SHOP), { indexPath: null });
  await project.index();
  const { sinks } = await project.flows({ file: "src/main.ts", line: 5, column: 26 });
  const query = sinks.find(({ call }) => call.callee === "query");
  expect(query?.through.map(({ file, line, callee }) => `${file}:${line} ${callee}`)).toEqual([
    "src/main.ts:6 books.find",
    "src/books.ts:6 tidy",
  ]);
  expect(query?.probability).toBeGreaterThan(0.5);
  await expect(project.flows({ file: "src/main.ts", line: 400, column: 1 })).rejects.toMatchObject({
    code: "PLACE_UNKNOWN",
  });
  await expect(project.flows({ file: "src/main.ts", line: 0, column: 1 })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  await project.close();
});

test("functions are told apart by who calls them", async () => {
  const files = {
    "a.js": [
      "const same = (value) => value;",
      "function main(input) {",
      "  const first = same(input.first);",
      "  const second = same('constant');",
      "  one(first);",
      "  two(second);",
      "}",
    ].join("\n"),
  };
  expect(await arrivals(files, "a.js", "input.first")).toEqual(["same(0) whole", "one(0) whole"]);
});

test("containers, callbacks, loops and objects that are filled elsewhere are followed", async () => {
  const files = {
    "a.js": [
      "function fill(box, value) { box.inner.push(value); }",
      "function main(input) {",
      "  const box = { inner: [] };",
      "  fill(box, input.term);",
      "  for (const one of box.inner) first(one);",
      "  box.inner.map((each) => each + '!').forEach((text) => second(text));",
      "  const copy = { ...box };",
      "  third({ copy });",
      "  fourth(...box.inner);",
      "  let last = '';",
      "  while (more()) { sixth(last); last = box.inner[0]; }",
      "  seventh(input.other);",
      "}",
    ].join("\n"),
  };
  const found = await arrivals(files, "a.js", "input.term");
  for (const callee of ["first(0) whole", "second(0) text", "third(0) inside", "fourth(0) inside", "sixth(0) whole"])
    expect(found).toContain(callee);
  expect(found.some((sink) => sink.startsWith("seventh"))).toBe(false);
});

const PYTHON: Files = {
  "app/text.py":
    'def tidy(text):\n    return text.strip().upper()\n\n\ndef masked(text):\n    return "***" + str(len(text))\n',
  "app/books.py": [
    "from app.text import tidy",
    "from db import query",
    "",
    "",
    "class Books:",
    "    def __init__(self, store):",
    "        self.store = store",
    "",
    "    def find(self, word, *, order='title'):",
    "        part = tidy(word)",
    "        return query(f\"select * from books where title = '{part}' order by {order}\", [])",
    "",
    "    def find_given(self, word):",
    "        return query('select * from books where title = %s', [word])",
    "",
    "    def find_replaced(self, word):",
    "        part = word",
    "        if not part:",
    "            return None",
    "        part = 'all'",
    "        return query('select ' + part)",
    "",
    "    def find_all(self, words):",
    "        parts = [tidy(one) for one in words if one]",
    "        return query('select %s' % ', '.join(parts), limit=int(words[0]))",
  ].join("\n"),
  "main.py": [
    "from app.books import Books",
    "from app.text import masked",
    "",
    "books = Books(None)",
    "",
    "",
    "def handle(request):",
    "    word = request.word",
    "    books.find('a', order=word)",
    "    other = request.other",
    "    books.find_given(other)",
    "    gone = request.gone",
    "    books.find_replaced(gone)",
    "    token = request.token",
    "    print('by ' + masked(token))",
    "    both = {'a': request.both}",
    "    books.find_all(list(both.values()))",
    "    books.find(both['a'])",
  ].join("\n"),
};

test.each([
  ["word = request.word", ["query(0) text"]],
  ["other = request.other", ["query(1) inside, bound"]],
  ["gone = request.gone", []],
  ["request.both", ["query(0) text", "query(0) text", "query(1) whole, number, bound"]],
])("in Python %s arrives as it does when it runs", async (source, expected) => {
  const found = await arrivals(PYTHON, "main.py", source);
  expect(found.filter((sink) => sink.startsWith("query("))).toEqual(expected);
});

test("what was only measured in Python does not arrive", async () => {
  const found = await arrivals(PYTHON, "main.py", "token = request.token");
  expect(found).toEqual(["len(0) whole", "masked(0) whole"]);
});
