import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { filesUnder } from "./files.mjs";
import { rustBoundaryProblems } from "./rust-boundaries.mjs";

/**
 * The arrows of ARCHITECTURE.md: which packages of this repository a package may import. A new arrow is a design change.
 *
 * @type {Record<string, string[]>}
 */
export const arrows = {
  engine: [],
  corpora: [],
  cibench: ["corpora", "engine"],
  harness: ["engine", "corpora", "cibench"],
  site: [],
};

/** What only some files may import, and why. A path ending in "/" is a folder. */
const reserved = [
  {
    what: "the network",
    modules:
      /^(node:)?(https?|http2|net|tls|dgram|dns)$|^(undici|pacote|make-fetch-happen|npm-registry-fetch|got|axios|node-fetch)$/,
    globals: /(?<![.\w])(fetch|WebSocket|EventSource)\(/,
    allowed: [
      "corpora/src/fetch.ts",
      "corpora/src/fetch/",
      "harness/src/publish/",
      "harness/src/store/postgres.ts",
      "cibench/src/adapters/",
      "cibench/src/rating/server.ts",
      "site/src/serve.ts",
      "site/src/scripts/",
    ],
  },
  {
    what: "the results database",
    modules: /^better-sqlite3$|^(node:)?sqlite$/,
    allowed: ["harness/src/store/", "site/src/data/"],
  },
  {
    what: "a tool under test",
    modules: /^@drift\/engine(\/|$)/,
    within: "cibench",
    allowed: ["cibench/src/adapters/"],
  },
  { what: "unseeded randomness", globals: /\bMath\.random\b/, allowed: [] },
];

/**
 * Where the sources of the repository break the data flow that ARCHITECTURE.md draws.
 *
 * @param {string} root
 * @returns {string[]} a line for each break, ordered by file
 */
export function boundaryProblems(root) {
  return [...typescriptProblems(root), ...rustBoundaryProblems(root)];
}

function typescriptProblems(root) {
  return Object.keys(arrows).flatMap((name) => [
    ...manifestProblems(name, JSON.parse(readFileSync(join(root, name, "package.json"), "utf8"))),
    ...filesUnder(root, `${name}/src`, /\.(ts|tsx|mts|mjs|js|astro)$/).flatMap((path) =>
      sourceProblems(path, readFileSync(join(root, path), "utf8")),
    ),
  ]);
}

/** @param {string} name of the folder @param {Record<string, any>} manifest its package.json @returns {string[]} */
export function manifestProblems(name, manifest) {
  const used = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  return used
    .filter(
      (dependency) => dependency.startsWith("@drift/") && !arrows[name].includes(dependency.slice("@drift/".length)),
    )
    .map((dependency) => `${name}/package.json: ${name} may not depend on ${dependency}`);
}

/**
 * The breaks in one source file.
 *
 * @param {string} path from the root of the repository, with forward slashes
 * @param {string} text
 * @returns {string[]}
 */
export function sourceProblems(path, text) {
  const [owner] = path.split("/");
  const code = withoutComments(text);
  const modules = importsOf(code);
  const loaded = importsOf(code.replace(/\b(import|export)\s+type\b[^"'`;]*?from\s*["'][^"']+["']/g, "")); // types open nothing
  const problems = modules.flatMap((module) => {
    const target = packageOf(path, module);
    return target === undefined || target === owner || arrows[owner].includes(target)
      ? []
      : [`${path}: ${owner} may not import ${module}`];
  });
  for (const module of modules) {
    if (module.startsWith(".") && packageOf(path, module) !== owner)
      problems.push(`${path}: import ${module} by its package's name, not by its path`);
  }
  for (const { what, modules: named, globals, within, allowed } of reserved) {
    if (
      (within !== undefined && within !== owner) ||
      allowed.some((place) => path === place || (place.endsWith("/") && path.startsWith(place)))
    )
      continue;
    const found = [...loaded.filter((module) => named?.test(module)), ...(globals?.exec(code) ?? []).slice(0, 1)];
    if (found.length > 0)
      problems.push(
        `${path}: ${what} (${found[0].replace(/\($/, "")}) is reserved for ${allowed.join(", ") || "nobody"}`,
      );
  }
  if (/^\s*export\s+\*/m.test(code)) problems.push(`${path}: "export *" hides what is promised; list the names`);
  if (path.endsWith("/index.ts") && path !== `${owner}/src/index.ts`)
    problems.push(`${path}: index.ts exists only at the root of a package`);
  return problems;
}

/** The package a module belongs to: by its name, or by where a relative path leads; undefined for others' packages. */
function packageOf(path, module) {
  if (module.startsWith("@drift/")) return module.split("/")[1];
  if (!module.startsWith(".")) return undefined;
  return normalize(join(dirname(path), module)).split("/")[0];
}

function importsOf(code) {
  const forms = [
    /(?:^|[\s;}])(?:import|export)\s[^"'`;]*?from\s*["']([^"']+)["']/g,
    /(?:^|[\s;}])import\s*["']([^"']+)["']/g,
    /\b(?:import|require)\s*\(\s*["']([^"']+)["']/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map(([, module]) => module));
}

/** Good enough for looking at imports: a comment sign within a string ends the line there. */
function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}
