import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder } from "./files.mjs";

/** The crates from the ground up: each may use those before it. */
const layers = [
  "drift-text",
  "drift-scan",
  "drift-syntax",
  "drift-facts",
  "drift-graph",
  "drift-analysis",
  "drift-store",
  "drift-engine",
  "drift-napi",
  "drift-bench",
  "drift-fuzz",
];

/** What only some crates may depend on. */
const reservedCrates = [
  { what: /^rusqlite$/, allowed: ["drift-store"] },
  { what: /^napi(-derive|-build)?$/, allowed: ["drift-napi"] },
  { what: /^ignore$/, allowed: ["drift-scan"] },
];

/** The crates whose code (tests apart) may open files. */
const readers = ["drift-scan", "drift-store", "drift-bench", "drift-fuzz", "xtask"];

/** @param {string} root @returns {string[]} a line for each break, ordered by file */
export function rustBoundaryProblems(root) {
  const manifests = filesUnder(root, "crates", /^Cargo\.toml$/);
  return manifests.flatMap((path) => {
    const crate = path.split("/").at(-2);
    const sources = filesUnder(root, `crates/${crate}/src`, /\.rs$/);
    return [
      ...crateProblems(path, readFileSync(join(root, path), "utf8")),
      ...sources.flatMap((source) => rustSourceProblems(source, readFileSync(join(root, source), "utf8"))),
    ];
  });
}

/**
 * The breaks in one crate's manifest; its dependencies for tests alone are free.
 *
 * @param {string} path from the root @param {string} manifest @returns {string[]}
 */
export function crateProblems(path, manifest) {
  const crate = path.split("/").at(-2);
  const level = layers.indexOf(crate);
  if (level === -1 && crate !== "xtask")
    return [`${path}: ${crate} has no place among the layers yet; scripts/checks/rust-boundaries.mjs lists them`];
  return dependenciesOf(manifest).flatMap((dependency) => {
    const isLower = !dependency.startsWith("drift-") || crate === "xtask" || layers.indexOf(dependency) < level;
    const isFree = reservedCrates.every(({ what, allowed }) => !what.test(dependency) || allowed.includes(crate));
    return [
      ...(isLower ? [] : [`${path}: ${crate} may not use ${dependency}, which stands above it`]),
      ...(isFree
        ? []
        : [
            `${path}: ${dependency} is reserved for ${reservedCrates.find(({ what }) => what.test(dependency))?.allowed.join(", ")}`,
          ]),
    ];
  });
}

function dependenciesOf(manifest) {
  let section = "";
  const names = [];
  for (const line of manifest.split("\n")) {
    const [, header] = /^\s*\[+([^\]]+)\]+/.exec(line) ?? [];
    if (header !== undefined) {
      section = header.trim();
      const [, table] = /^(?:target\..*\.)?dependencies\.(.+)$/.exec(section) ?? [];
      if (table !== undefined) names.push(table);
    } else if (/^(target\..*\.)?dependencies$/.test(section)) {
      const [, name] = /^\s*([\w-]+)\s*(?:\.|=)/.exec(line) ?? [];
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}

/** @param {string} path from the root @param {string} text @returns {string[]} */
export function rustSourceProblems(path, text) {
  const [, crate] = path.split("/");
  if (readers.includes(crate) || /\/(tests?|test_\w+)(\/|\.rs$)|_tests?\.rs$/.test(path)) return [];
  const [code] = text.split(/^\s*#\[cfg\(test\)\]/m);
  const line = code
    .split("\n")
    .findIndex((content) =>
      /\b(std::fs|std::net|fs::(read|write|File|OpenOptions|create_dir))\b/.test(content.replace(/\/\/.*$/, "")),
    );
  return line === -1 ? [] : [`${path}:${line + 1}: only ${readers.join(", ")} open files`];
}
