import { expect, test } from "vitest";
import { nameOf, parseCoordinate } from "../src/coordinate.ts";
import { CorpusSource, CorpusSpec } from "../src/manifest.ts";
import { sizeClassOf } from "../src/survey/languages.ts";
import { findLicence } from "../src/survey/licence.ts";
import { manifestText } from "../src/survey/manifest-text.ts";
import { survey, type Survey } from "../src/survey/survey.ts";
import { listFiles } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";

const MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software";

async function surveyed(files: Record<string, string>): Promise<Survey> {
  const source = CorpusSource.parse({ type: "folder", path: ".", sha256: "0".repeat(64) });
  const found = await survey(folderWith(files), { id: "tiny", family: "tiny", version: "1", source });
  expect(CorpusSpec.parse(found.spec)).toEqual(found.spec);
  return found;
}

const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });
const sha512 = `sha512-${"A".repeat(86)}==`;

test("a TypeScript package: its sources are measured; tests, made and configuring files are not", async () => {
  const { spec, measured, couldNot, next } = await surveyed({
    "package.json": JSON.stringify({
      dependencies: { abc: "1" },
      description: "Does things.",
      license: "MIT",
      type: "module",
      scripts: { test: "vitest run" },
    }),
    "package-lock.json": lock({
      "": {},
      "node_modules/vitest": { version: "5.0.0", integrity: sha512 },
      "node_modules/abc": { version: "1.0.0", integrity: sha512 },
      "node_modules/abc/node_modules/@s/b": { version: "2.0.0", integrity: sha512 },
      "node_modules/alias": { name: "real", version: "1.0.0", integrity: sha512 },
      "node_modules/linked": { link: true },
      "node_modules/native": { version: "1.0.0", integrity: sha512, optional: true },
    }),
    "tsconfig.json":
      '{ // as people write it\n "compilerOptions": { "target": "es2024", "outDir": "dist", "jsx": "preserve", }, }',
    "src/a.ts": "export const a = 1;\n",
    "src/b.tsx": "export const b = 1;\n",
    "src/a.test.ts": "",
    "src/types.d.ts": "",
    "dist/a.js": "var a;\n".repeat(50),
    "vitest.config.ts": "",
  });
  expect(measured).toEqual(["src/a.ts", "src/b.tsx"]);
  expect(spec).toMatchObject({
    language: "typescript",
    licence: "MIT",
    description: "Does things.",
    sizeClass: "small",
    measure: { include: ["src/**/*.{ts,tsx}"], exclude: ["**/*.{test,spec,bench}.*", "**/*.d.{ts,mts,cts}"] },
    compilerOptions: { target: "es2024", jsx: "preserve", module: "nodenext" },
    tests: { runner: "vitest", include: ["**/*.{test,spec}.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"] },
  });
  expect(spec.compilerOptions).not.toHaveProperty("outDir");
  expect(spec.tests?.dependencies).toEqual([
    { name: "abc", version: "1.0.0", integrity: sha512 },
    { name: "@s/b", version: "2.0.0", integrity: sha512, path: "abc/node_modules/@s/b" },
  ]);
  expect(couldNot.join(" ")).toContain("2 of its packages have no sha512");
  expect(next).toEqual([]);
});

test("JavaScript of the old kind, with tests that node runs and no lock file", async () => {
  const { spec, couldNot, decisions, next } = await surveyed({
    "package.json": JSON.stringify({
      scripts: { test: "node --test" },
      dependencies: { abc: "1" },
      license: "SEE LICENSE IN x",
    }),
    "index.js": "",
    "lib/a.js": "exports.a = 1\n",
    "test/a.js": "",
    LICENSE: MIT,
  });
  expect(spec).toMatchObject({
    language: "javascript",
    licence: "MIT",
    measure: { include: ["*.js", "lib/**/*.js"], exclude: [] },
    compilerOptions: { module: "commonjs", allowJs: true },
    tests: {
      runner: "node",
      include: ["{test,tests,__tests__}/**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"],
      dependencies: [],
    },
  });
  expect(couldNot.join(" ")).toContain("those that need one will fail");
  expect(next.join(" ")).toContain("package-lock-only");
  expect(decisions.join(" ")).toContain("Describe");
});

test("both script languages together are mixed, and a little of the other is left out", async () => {
  const code = "f();\n";
  expect((await surveyed({ "a.ts": code.repeat(3), "b.js": code })).spec.language).toBe("mixed");
  const mostly = await surveyed({ "a.ts": code.repeat(9), "b.js": code });
  expect([mostly.spec.language, mostly.measured]).toEqual(["typescript", ["a.ts"]]);
  expect(mostly.couldNot).toContain(
    "Left out: 1 line of javascript in 1 file, as most of the code is in another language.",
  );
});

test("a Python package", async () => {
  const { spec, measured, next } = await surveyed({
    "pyproject.toml": '[project]\nname = "x"\ndescription = "Python things"\nlicense = "BSD-3-Clause"\n',
    "src/x/__init__.py": "",
    "src/x/a.py": "def a(): pass\n",
    "tests/test_a.py": "import pytest\n",
    "tests/conftest.py": "",
    "setup.py": "",
  });
  expect(measured).toEqual(["setup.py", "src/x/__init__.py", "src/x/a.py"]);
  expect(spec).toMatchObject({
    language: "python",
    licence: "BSD-3-Clause",
    compilerOptions: {},
    tests: { runner: "pytest", include: ["**/test_*.py"] },
  });
  expect(next.join(" ")).toContain("wheels");
});

test("what cannot be told is said, never guessed", async () => {
  const empty = await surveyed({});
  expect(empty.spec).toMatchObject({ language: "other", licence: "NOASSERTION", tests: null });
  expect(empty.couldNot).toEqual(["There are no files."]);
  const prose = await surveyed({ "README.md": "words" });
  expect(prose.couldNot).toEqual(["There is no code in a language that is known here (1 file)."]);
  const built = await surveyed({ "README.md": "words", "dist/a.js": "f()\n", "dist/b.d.ts": "" });
  expect(built.couldNot).toEqual([
    "There is no code to measure: what there is (2 files, such as dist/a.js) lies where tests, examples, dependencies or built files lie.",
  ]);
  const rust = await surveyed({ "src/lib.rs": "fn a() {}\n" });
  expect([rust.spec.language, rust.spec.tests]).toEqual(["rust", null]);
  const noTests = await surveyed({ "a.js": "f()\n" });
  expect(noTests.couldNot).toContain("No test files were found.");
  const broken = await surveyed({ "package.json": "{ broken", "a.js": "f()\n", "test/a.js": "" });
  expect(broken.couldNot.join(" ")).toContain("not readable JSON");
  const jest = await surveyed({
    "package.json": '{ "scripts": { "test": "jest" } }',
    "a.js": "f()\n",
    "a.test.js": "",
  });
  expect([jest.spec.tests, jest.couldNot.join(" ")]).toEqual([
    null,
    expect.stringContaining('the test command is "jest"'),
  ]);
  const silent = await surveyed({ "package.json": "{}", "a.js": "f()\n", "a.test.js": "" });
  expect(silent.couldNot.join(" ")).toContain("names no test command");
  const alone = await surveyed({ "a.js": "f()\n", "a.test.js": "" });
  expect(alone.couldNot.join(" ")).toContain("no package.json");
  const noTestsPython = await surveyed({ "a.py": "f()\n" });
  expect(noTestsPython.couldNot.join(" ")).toContain("No test files (test_*.py");
  const many = Object.fromEntries(
    Array.from({ length: 401 }, (_, i) => [`node_modules/p${i}`, { version: "1.0.0", integrity: sha512 }]),
  );
  const large = await surveyed({
    "package.json": '{ "scripts": { "test": "mocha" }, "devDependencies": { "mocha": "1" } }',
    "package-lock.json": lock(many),
    "a.js": "",
    "a.test.js": "",
  });
  expect([large.spec.tests?.runner, large.spec.tests?.dependencies, large.couldNot.join(" ")]).toEqual([
    "mocha",
    [],
    expect.stringContaining("more than 400"),
  ]);
});

test("licences are read from what states them, and recognised by sentences of their own", async () => {
  const told = async (files: Record<string, string>): Promise<string | undefined> => {
    const root = folderWith(files);
    return (await findLicence(root, await listFiles(root)))?.licence;
  };
  expect(await told({ "Cargo.toml": 'license = "MIT OR Apache-2.0"\n' })).toBe("MIT OR Apache-2.0");
  expect(await told({ "PKG-INFO": "License-Expression: MIT\n" })).toBe("MIT");
  expect(
    await told({ "PKG-INFO": "License: BSD\n", COPYING: "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007" }),
  ).toBe("GPL-3.0-only");
  expect(await told({ "META-INF/LICENSE.txt": MIT })).toBe("MIT");
  expect(await told({ LICENSE: "Redistribution and use in source and binary forms, with or without" })).toBe(
    "BSD-2-Clause",
  );
  expect(await told({ LICENSE: "Mine." })).toBeUndefined();
  expect(await told({ "package.json": "{", LICENSE: "Apache License\n  Version 2.0" })).toBe("Apache-2.0");
});

test("a manifest is laid out as the formatter would: lists on one line where they fit", async () => {
  const { spec } = await surveyed({ "a.js": "f()\n", "a.test.js": "" });
  const long = Array.from({ length: 12 }, (_, i) => `**/{folder-${i},"other"}/**`);
  const text = manifestText({
    ...spec,
    context: { include: long, exclude: ["x"] },
    measure: { include: ["*.js"], exclude: [] },
  });
  expect(JSON.parse(text)).toMatchObject({ context: { include: long } });
  expect(text).toContain('    "include": ["*.js"],\n    "exclude": []\n');
  expect(text).toContain(`    "include": [\n      ${JSON.stringify(long[0])},\n`);
  expect(text.endsWith("}\n")).toBe(true);
  expect(manifestText({ ...spec, compilerOptions: {} })).toContain('"compilerOptions": {},');
});

test("classes of size begin where the manifest says", () => {
  expect([9_999, 10_000, 99_999, 100_000, 499_999, 500_000].map(sizeClassOf)).toEqual([
    "small",
    "medium",
    "medium",
    "large",
    "large",
    "huge",
  ]);
});

test("coordinates name a source exactly", () => {
  const commit = "a".repeat(40);
  expect(
    [
      "npm:@types/node@24.1.0",
      "pypi:click@8.1.8",
      "pypi:click@8.1.8/click-8.1.8.tar.gz",
      "crates:itoa@1.0.15",
      "go:golang.org/x/text@v0.3.0",
      "maven:org.slf4j:slf4j-api@2.0.17",
      "debian:hello@2.10-3",
      `git:https://git.example/a/b.git@${commit}`,
      "folder:../x",
    ].map((text) => ({ ...parseCoordinate(text, "/home/me"), named: nameOf(parseCoordinate(text, "/home/me")) })),
  ).toEqual([
    { type: "npm", name: "@types/node", version: "24.1.0", named: { id: "types-node", version: "24.1.0" } },
    { type: "pypi", name: "click", version: "8.1.8", named: { id: "click", version: "8.1.8" } },
    {
      type: "pypi",
      name: "click",
      version: "8.1.8",
      file: "click-8.1.8.tar.gz",
      named: { id: "click", version: "8.1.8" },
    },
    { type: "crates", name: "itoa", version: "1.0.15", named: { id: "itoa", version: "1.0.15" } },
    { type: "go", module: "golang.org/x/text", version: "v0.3.0", named: { id: "text", version: "v0.3.0" } },
    {
      type: "maven",
      group: "org.slf4j",
      artifact: "slf4j-api",
      version: "2.0.17",
      classifier: "sources",
      named: { id: "slf4j-api", version: "2.0.17" },
    },
    { type: "debian", package: "hello", version: "2.10-3", named: { id: "hello", version: "2.10-3" } },
    { type: "git", url: "https://git.example/a/b.git", commit, named: { id: "b", version: "a".repeat(12) } },
    { type: "folder", path: "/home/x", named: { id: "x", version: "1" } },
  ]);
});

test("what is no exact coordinate is refused, options in disguise too", () => {
  for (const bad of [
    "qs",
    "npm:qs",
    "npm:qs@",
    "gem:x@1",
    "npm:--x@1",
    "npm:../x@1",
    "git:ext::sh@abc",
    "git:https://x@abc",
    "maven:x@1",
    "pypi:a@1/../b",
    "",
  ]) {
    expect(() => parseCoordinate(bad, "/")).toThrow(
      expect.objectContaining({ code: "CORPUS_COORDINATE", hint: expect.stringContaining("npm:") }),
    );
  }
});
