/** How the tests of a file of tape ended, read from what it wrote and, where that names another test, from its source. */
import traverse from "@babel/traverse";
import type * as t from "@babel/types";
import { parseSource } from "../trace/parse-source.ts";
import { type EndedFile, type Point, type Told, WHOLE_FILE } from "./outcome.ts";

/** A run of one test file. */
export interface TapeRun extends Pick<EndedFile, "output" | "code"> {
  /** As it was run, relative. */
  file: string;
  /** The text of that file. */
  source: string;
}

/** A test that has begun. */
interface Begun extends Point {
  /** At least one of its assertions was made, or it is known how it ended. */
  hasResult: boolean;
}

/** Where an assertion stands. */
interface Place {
  file: string;
  line: number;
}

/**
 * One result for each test that made an assertion, which fails when any of them does. Tests that are skipped or to be done
 * have none. Tape catches nothing: a process that ends badly without the sum at the end, or says that a test never ended,
 * ended in the last test that began, which fails. A test that ends with other assertions than it planned says so only after
 * those that follow: what it says counts for the test that it stands in, and for the whole file when nobody can tell which.
 */
export function readTape({ output, code, file, source }: TapeRun): Told {
  const tests: Begun[] = [];
  const begin = (name: string): Begun => {
    const test = { name, ok: true, hasResult: false };
    tests.push(test);
    return test;
  };
  const unplanned: (Place | null)[] = [];
  let [isSummed, isWaiting] = [false, false];
  const lines = output.split("\n");
  for (const [at, line] of lines.entries()) {
    if (/^# tests +\d+$/.test(line)) isSummed = true;
    const header = /^# (?!(?:tests|pass|fail|skip|todo) +\d+$|ok$|SKIP|TODO)(.+)$/.exec(line)?.[1];
    if (header !== undefined) {
      begin(header);
      continue;
    }
    const point = /^(not )?ok \d+(?: (.*))?$/.exec(line);
    if (point === null || / # (?:SKIP|TODO)/i.test(line)) continue;
    const [, not, said = ""] = point;
    if (not !== undefined && said === "plan != count") {
      const place = placeBelow(lines, at);
      // Tape says it of its own accord when the process ends with a test that still waits.
      if (place?.file.endsWith("/tape/index.js") === true) isWaiting = true;
      else unplanned.push(place);
      continue;
    }
    const test = tests.at(-1) ?? begin("");
    test.hasResult = true;
    if (not === undefined) continue;
    test.ok = false;
    if (said.startsWith("test exited without ending: ")) isWaiting = true;
  }
  const last = tests.at(-1);
  const isCut = !isSummed && code !== 0;
  const endedEarly = last !== undefined && (isCut || isWaiting);
  const failed = new Set(unplanned.map((place) => ownerOf(place, { tests, file, source })));
  if (endedEarly) failed.add(last);
  const points = tests
    .map((test): Begun => (failed.has(test) ? { name: test.name, ok: false, hasResult: true } : test))
    .filter(({ hasResult }) => hasResult)
    .map(({ name, ok }): Point => ({ name, ok }));
  if (failed.has(null)) points.push({ name: WHOLE_FILE, ok: false });
  return { points, endedEarly };
}

/** The place that stands below a failed assertion; null when there is none. */
function placeBelow(lines: readonly string[], assertion: number): Place | null {
  for (let at = assertion + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (!line.startsWith("  ") || line === "  ...") return null;
    const [, file, number] = /^ {4}at: (?:.*\()?(.+):(\d+):\d+\)?$/.exec(line) ?? [];
    if (file !== undefined) return { file, line: Number(number) };
  }
  return null;
}

/** The test that a place stands in; null when it lies elsewhere or several have its name and not all of them began. */
function ownerOf(
  place: Place | null,
  { tests, file, source }: { tests: readonly Begun[] } & Pick<TapeRun, "file" | "source">,
): Begun | null {
  if (place === null || (place.file !== file && !place.file.endsWith(`/${file}`))) return null;
  const calls = testCalls(file, source);
  // Calls come in the order in which they start, so that the last around a line is the innermost.
  const call = calls.findLast(({ from, to }) => from <= place.line && place.line <= to);
  if (call === undefined || call.name === null) return null;
  const alike = calls.filter(({ name }) => name === call.name);
  const begun = tests.filter(({ name }) => name === call.name);
  return begun.length === alike.length ? (begun[alike.indexOf(call)] ?? null) : null;
}

/** A call that makes a test. */
interface TestCall {
  /** As tape writes it; null when it is computed. */
  name: string | null;
  /** Its lines. */
  from: number;
  to: number;
}

/** In the order in which they start; none of a file that does not parse. */
function testCalls(file: string, source: string): TestCall[] {
  const calls: TestCall[] = [];
  let tree: t.File;
  try {
    tree = parseSource(file, source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
  traverse(tree, {
    CallExpression: ({ node: { callee, arguments: given, loc } }) => {
      const called = callee.type === "MemberExpression" && !callee.computed ? callee.property : callee;
      const isTest = called.type === "Identifier" && ["test", "tape", "only"].includes(called.name);
      if (!isTest || !given.some(({ type }) => FUNCTIONS.has(type))) return;
      const [name] = given;
      const text = name?.type === "StringLiteral" ? name.value.replaceAll(/\s+/g, " ") : null;
      calls.push({ name: text, from: loc?.start.line ?? 0, to: loc?.end.line ?? 0 });
    },
  });
  return calls;
}

const FUNCTIONS: ReadonlySet<string> = new Set(["FunctionExpression", "ArrowFunctionExpression"]);
