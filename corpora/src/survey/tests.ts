/** How the tests of a folder are run, as far as its files tell. */
import path from "node:path";
import { z } from "zod";
import { readJson } from "../cache.ts";
import type { InstalledPackages } from "../fetch/folder.ts";
import { type CorpusTests, listCorpora, PinnedDependency } from "../manifest.ts";
import { selectFiles } from "../tree.ts";

export interface TestSurvey {
  tests: CorpusTests | null;
  /** What was seen, in whole sentences. */
  found: string[];
  /** What could not be told or will not work, in whole sentences. */
  couldNot: string[];
  /** What a person can do about it, in whole sentences. */
  next: string[];
}

const TEN_MINUTES_MS = 600_000;
const MOST_PACKAGES = 400;

const PackageJson = z.object({
  scripts: z.record(z.string(), z.unknown()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
});

/**
 * @param files relative to `root`
 * @param installed what the user has installed, which is then used as it is; see `findInstalledPackages`
 */
export async function surveyTests(
  root: string,
  files: readonly string[],
  language: string | null,
  installed: InstalledPackages = { nodeModules: null, sitePackages: null },
): Promise<TestSurvey> {
  if (language === "python") return surveyPython(files, installed.sitePackages);
  if (language === null || !["typescript", "javascript", "mixed"].includes(language)) {
    return { tests: null, found: [], couldNot: [], next: [] };
  }
  return surveyScripts(root, files, installed.nodeModules);
}

// --- JavaScript and TypeScript -----------------------------------------------------------------------------------

async function surveyScripts(root: string, files: readonly string[], nodeModules: string | null): Promise<TestSurvey> {
  const include = scriptTests(files);
  if (include.length === 0) {
    return {
      tests: null,
      found: [],
      couldNot: ["No test files were found."],
      next: ["Write tests: what they enter becomes truth that no tool can argue with."],
    };
  }
  if (!files.includes("package.json")) {
    return withoutRunner(["There are tests, but no package.json says how they are run."]);
  }
  const manifest = PackageJson.safeParse(await readJson(path.join(root, "package.json")));
  if (!manifest.success)
    return withoutRunner(["package.json is not readable JSON, so nobody knows how the tests are run."]);
  const { scripts, dependencies, devDependencies } = manifest.data;
  const command = typeof scripts["test"] === "string" ? scripts["test"] : "";
  const installed = { ...dependencies, ...devDependencies };
  const runner = RUNNERS.find(
    ([, pattern, name]) => pattern.test(command) || (name !== null && name in installed),
  )?.[0];
  if (runner === undefined) {
    const said = command === "" ? "package.json names no test command" : `the test command is "${command}"`;
    return withoutRunner([
      `There are tests, but ${said}, and none of the runners known here (vitest, node --test, mocha, tape).`,
    ]);
  }
  const ours = runner === "vitest" ? ["vitest"] : [];
  const needsPackages = Object.keys(installed).some((name) => !ours.includes(name));
  const packages = await packagesFor(needsPackages, nodeModules, async () => lockedPackages(root, files, ours));
  return {
    tests: {
      runner,
      include,
      exclude: [],
      ownProcess: [],
      conditions: [],
      dependencies: packages.pinned,
      timeoutMs: TEN_MINUTES_MS,
    },
    found: [`The tests are run with ${runner}.`, ...packages.found],
    couldNot: packages.couldNot,
    next: packages.next,
  };
}

/** By the test command first, then by what is installed. */
const RUNNERS: readonly [CorpusTests["runner"], RegExp, string | null][] = [
  ["vitest", /\bvitest\b/, "vitest"],
  ["node", /\bnode\b.*--test\b|\bborp\b/, "borp"],
  ["mocha", /\bmocha\b/, "mocha"],
  ["tape", /\btape\b/, "tape"],
];

function withoutRunner(couldNot: string[]): TestSurvey {
  return {
    tests: null,
    found: [],
    couldNot,
    next: ['Fill in "tests" of the manifest by hand if one of the known runners can run them.'],
  };
}

function scriptTests(files: readonly string[]): string[] {
  const code = "{js,jsx,mjs,cjs,ts,tsx,mts,cts}";
  const outside = ["**/node_modules/**", "**/{dist,build,fixtures}/**"];
  for (const pattern of [`**/*.{test,spec}.${code}`, `{test,tests,__tests__}/**/*.${code}`]) {
    if (selectFiles(files, { include: [pattern], exclude: outside }).length > 0) return [pattern];
  }
  return [];
}

const PackageLock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      integrity: z.string().optional(),
      optional: z.boolean().optional(),
    }),
  ),
});

interface LockedPackages extends Omit<TestSurvey, "tests"> {
  pinned: CorpusTests["dependencies"];
}

const NO_PACKAGES: LockedPackages = { pinned: [], found: [], couldNot: [], next: [] };

async function packagesFor(
  needed: boolean,
  installed: string | null,
  locked: () => Promise<LockedPackages>,
): Promise<LockedPackages> {
  if (!needed) return NO_PACKAGES;
  return installed === null ? locked() : { ...NO_PACKAGES, found: [usedAsInstalled("node_modules")] };
}

function usedAsInstalled(place: string): string {
  return `What the tests need is taken from ${place} as it is installed there; nothing pins it.`;
}

const INSTALL = 'for a folder of your own, "npm install" will do, as what is installed there is used.';

/** What package-lock.json pins; other lock files are not read yet. */
async function lockedPackages(
  root: string,
  files: readonly string[],
  ours: readonly string[],
): Promise<LockedPackages> {
  const lock = files.includes("package-lock.json")
    ? PackageLock.safeParse(await readJson(path.join(root, "package-lock.json")))
    : null;
  if (lock?.success !== true) {
    return {
      pinned: [],
      found: [],
      couldNot: [
        "No readable package-lock.json pins what the tests need, so they run without any package; those that need one will fail.",
      ],
      next: [
        `Run "npm install --package-lock-only" for a package-lock.json, or list packages under tests.dependencies; ${INSTALL}`,
      ],
    };
  }
  const wanted = Object.entries(lock.data.packages).filter(
    ([place, { optional }]) =>
      place.startsWith("node_modules/") && optional !== true && !ours.some((name) => place === `node_modules/${name}`),
  );
  const pinned = wanted.flatMap(([place, { name, version, integrity }]) => {
    const below = place.slice("node_modules/".length);
    const last = below.split("node_modules/").at(-1) ?? below;
    const one = { name: name ?? last, version, integrity, ...(below === (name ?? last) ? {} : { path: below }) };
    const parsed = PinnedDependency.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
  const found = [`package-lock.json pins ${pinned.length} packages that the tests may need.`];
  const couldNot: string[] = [];
  if (pinned.length < wanted.length)
    couldNot.push(`${wanted.length - pinned.length} of its packages have no sha512 of a registry and are left out.`);
  if (pinned.length <= MOST_PACKAGES) return { pinned, found, couldNot, next: [] };
  return {
    pinned: [],
    found,
    couldNot: [...couldNot, `That is more than ${MOST_PACKAGES}, so none is fetched.`],
    next: [`List the packages that the tests really need under tests.dependencies; ${INSTALL}`],
  };
}

// --- Python ------------------------------------------------------------------------------------------------------

function surveyPython(files: readonly string[], sitePackages: string | null): TestSurvey {
  const include = ["**/test_*.py", "**/*_test.py"].filter(
    (glob) => selectFiles(files, { include: [glob], exclude: [] }).length > 0,
  );
  if (include.length === 0) {
    return {
      tests: null,
      found: [],
      couldNot: ["No test files (test_*.py or *_test.py) were found."],
      next: ["Write tests: what they enter becomes truth that no tool can argue with."],
    };
  }
  const fromEnvironment = sitePackages !== null;
  return {
    tests: {
      // It runs the standard library's unittest as well.
      runner: "pytest",
      include,
      exclude: [],
      ownProcess: [],
      conditions: [],
      dependencies: fromEnvironment ? [] : pinnedPytest(),
      timeoutMs: TEN_MINUTES_MS,
    },
    found: ["The tests are run with pytest.", ...(fromEnvironment ? [usedAsInstalled("the virtual environment")] : [])],
    ...(fromEnvironment ? { couldNot: [], next: [] } : NOTHING_INSTALLED),
  };
}

const NOTHING_INSTALLED: Pick<TestSurvey, "couldNot" | "next"> = {
  couldNot: ["Packages that the code needs at run time are not pinned, so tests that import one will fail."],
  next: [
    "List wheels that the tests need under tests.dependencies of the manifest (name, version, file, sha256); for a folder of your own, a virtual environment .venv with pytest in it will do.",
  ],
};

/** Pytest and what it needs, as a corpus of this checkout pins them. */
function pinnedPytest(): CorpusTests["dependencies"] {
  const known = listCorpora().find(({ tests }) => tests?.runner === "pytest")?.tests?.dependencies ?? [];
  const needed = new Set(["pytest", "pluggy", "iniconfig", "packaging", "pygments"]);
  return known.filter((one) => "type" in one && one.type === "pypi" && needed.has(one.name.toLowerCase()));
}
