import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { CompilerSite, CompilerTruth } from "../src/derive/compiler.ts";
import { derivePythonStatic, derivePythonTrace } from "../src/derive/python.ts";
import type { TracedSite, TraceTruth } from "../src/derive/trace/traced-tests.ts";
import { OPEN, pythonCorpus, sharedFolder } from "./support/python.ts";

/**
 * Small programs with known edges, one feature each, in `python-cases/*.py`. `####` starts a program, `##` a file of it.
 * What a line's calls do stands behind `#!`, from the language reference: `callee=targets`, then what reading says
 * (`!` the language fixes it, `~` allowed, `?` not known, nothing: anything that fits), then `+` and the functions that
 * a native enters under the call. A target is a definition's name, with `@line` or `@line:column` or `file:` where names
 * repeat; `ext` is anything outside the program, `?` something that is neither; callee `?` is one without a name.
 */
const CASES = fileURLToPath(new URL("./python-cases/", import.meta.url));

const SHARED = "def shared(): return 1\n";

interface Expected {
  file: string;
  line: number;
  callee: string | null;
  targets: string[];
  reading: string;
  callbacks: string[];
}

interface Case {
  title: string;
  folder: string;
  files: Record<string, string>;
  expected: Expected[];
}

const cases = readdirSync(CASES)
  .filter((name) => name.endsWith(".py"))
  .sort()
  .flatMap(readGroup);

let root = "";
let read: CompilerTruth;
let traced: TraceTruth;

beforeAll(async () => {
  const files = Object.assign({ "case_lib_shared.py": SHARED }, ...cases.map((one) => one.files)) as Record<
    string,
    string
  >;
  root = sharedFolder({ ...files, "tests/test_cases.py": testOf(cases) });
  const measured = Object.keys(files).sort();
  read = await derivePythonStatic({ root, measured, context: [] });
  traced = await derivePythonTrace(pythonCorpus(root, measured), {
    cacheDir: sharedFolder({}),
    context: [],
    sandbox: OPEN,
  });
}, 120_000);

test("there are enough of them, and all of them run, in the same way twice", () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
  expect(traced).toMatchObject({ notRun: null, broken: false, agreement: 1 });
});

describe.each(cases)("$title", (one) => {
  test("is read and traced as it should be", () => {
    const sites = read.sites.filter(({ file }) => file.startsWith(`${one.folder}/`));
    for (const wanted of one.expected) check(wanted, sites);
    for (const site of sites) checkConsistent(site, traced.sites.get(site.id));
  });
});

function check(wanted: Expected, sites: readonly CompilerSite[]): void {
  const found = sites.filter(
    ({ file, span, callee }) =>
      file === wanted.file &&
      (callee?.line ?? span.endLine) === wanted.line &&
      (callee?.name ?? null) === wanted.callee,
  );
  expect(found, describeWanted(wanted)).not.toEqual([]);
  for (const site of found) {
    const seen = traced.sites.get(site.id);
    expect(seen === undefined ? ["?"] : shown(seen), describeWanted(wanted)).toEqual(wanted.targets);
    const callbacks = (seen?.callbacks ?? []).map((id) => nameOf(id, wanted.callbacks));
    expect(callbacks.sort(), `callbacks of ${describeWanted(wanted)}`).toEqual(wanted.callbacks);
    checkReading(site, wanted);
  }

  function shown({ definitions, externals, outside }: TracedSite): string[] {
    const names = definitions.map((id) => nameOf(id, wanted.targets));
    const others = [...(externals.length > 0 ? ["ext"] : []), ...(outside ? ["?"] : [])];
    return [...names, ...others].sort();
  }
}

function checkReading(site: CompilerSite, wanted: Expected): void {
  const names = (targets: CompilerSite["may"]): string[] =>
    targets.map((target) => ("external" in target ? "ext" : nameOf(target.definition, wanted.targets))).sort();
  const said = describeWanted(wanted);
  if (wanted.reading === "!") expect(names(site.must), said).toEqual(wanted.targets);
  else if (wanted.reading === "") expect(wanted.targets, said).toEqual(expect.arrayContaining(names(site.must)));
  else expect(site.must, said).toEqual([]);
  if (wanted.reading === "~") expect(names(site.may), said).toEqual(expect.arrayContaining(wanted.targets));
  if (wanted.reading === "?") expect(site.complete, said).toBe(false);
}

/** What reading holds complete holds for what was seen. */
function checkConsistent(site: CompilerSite, seen: TracedSite | undefined): void {
  if (seen === undefined || !site.complete) return;
  const allowed = [...site.must, ...site.may].map((target) => ("external" in target ? "ext" : target.definition));
  const entered = [...seen.definitions, ...(seen.externals.length > 0 || seen.outside ? ["ext"] : [])];
  expect(allowed, site.id).toEqual(expect.arrayContaining(entered));
  // The `__new__` of a class is entered wherever the class is what is called.
  const isCalled = seen.definitions.some((id) => allowed.length === 1 && allowed[0] === id);
  const made = isCalled ? (site.callbacks ?? []) : [];
  expect(seen.callbacks, site.id).toEqual(expect.arrayContaining(made));
}

/** A definition's name in the form in which it is wanted. */
function nameOf(id: string, wanted: readonly string[]): string {
  const definition = read.definitions.find((one) => one.id === id);
  if (definition === undefined) return id;
  const { name, span, file } = definition;
  const forms = [`${name}@${span.line}:${span.column}`, `${name}@${span.line}`, `${path.basename(file)}:${name}`, name];
  return forms.find((form) => wanted.includes(form)) ?? name;
}

function describeWanted({ file, line, callee, targets }: Expected): string {
  return `${file}:${line} ${callee} -> ${targets.join(",")}`;
}

// --- reading the cases -------------------------------------------------------------------------------------------

function readGroup(name: string): Case[] {
  const group = name.slice(0, -".py".length);
  const programs = readFileSync(path.join(CASES, name), "utf8")
    .split(/^#### /m)
    .slice(1);
  return programs.map((program, index) => {
    const [title = "", ...lines] = program.trimEnd().split("\n");
    return readCase(title, `case_${group}_${index}`, `${lines.join("\n")}\n`);
  });
}

function readCase(title: string, folder: string, text: string): Case {
  const parts = text.startsWith("## ") ? text.split(/^## /m).slice(1) : [`main.py\n${text}`];
  const files: Record<string, string> = { [`${folder}/__init__.py`]: "" };
  const expected: Expected[] = [];
  for (const part of parts) {
    const end = part.indexOf("\n");
    const file = `${folder}/${part.slice(0, end)}`;
    files[file] = part.slice(end + 1);
    (files[file] ?? "").split("\n").forEach((line, index) => expected.push(...readLine(line, file, index + 1)));
  }
  return { title, folder, files, expected };
}

function readLine(text: string, file: string, line: number): Expected[] {
  const said = / #! (.*)$/.exec(text)?.[1];
  return (said?.split(" ") ?? []).map((item) => {
    const [, callee = "", targets = "", reading = "", callbacks = ""] =
      /^([^=]+)=(\?|[^!~?+]+)([!~?]?)(?:\+(.+))?$/u.exec(item) ?? [];
    expect(callee, `"${item}" in ${file}:${line}`).not.toBe("");
    return {
      file,
      line,
      callee: callee === "?" ? null : callee,
      targets: targets.split(",").sort(),
      reading,
      callbacks: callbacks === "" ? [] : callbacks.split(",").sort(),
    };
  });
}

function testOf(all: readonly Case[]): string {
  const tests = all.map(({ folder }) => `    def test_${folder}(self):\n        import ${folder}.main\n`);
  return `import unittest\n\n\nclass Cases(unittest.TestCase):\n${tests.join("\n")}`;
}
