/** What can be told about a folder of code without running anything of it: enough for a first manifest. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { InstalledPackages } from "../fetch/folder.ts";
import { findWorkspacePackages, type WorkspacePackage } from "../fetch/workspaces.ts";
import type { CorpusSource, CorpusSpec } from "../manifest.ts";
import { CANARY } from "../truth/canary.ts";
import { splitOf } from "../truth/split.ts";
import { listFiles, selectFiles } from "../tree.ts";
import { countLines, isIn, type LanguageSurvey, sizeClassOf, surveyLanguages } from "./languages.ts";
import { findLicence } from "./licence.ts";
import { surveyTests } from "./tests.ts";
import { counted } from "./count.ts";

export interface Survey {
  spec: CorpusSpec;
  lines: LanguageSurvey["lines"];
  /** Files under measure. */
  measured: string[];
  /** What was found, in whole sentences. */
  found: string[];
  /** What could not be told or will not work, in whole sentences. */
  couldNot: string[];
  /** What a person who publishes it has to decide, in whole sentences. */
  decisions: string[];
  /** What would let more be derived, in whole sentences. */
  next: string[];
}

/**
 * A first manifest of the files below `root`.
 *
 * @param about what the files do not say of themselves
 * @param installed packages beside the code that its tests can use as they are
 */
export async function survey(
  root: string,
  about: { id: string; family: string; version: string; source: CorpusSource },
  installed?: InstalledPackages,
): Promise<Survey> {
  const files = await listFiles(root);
  const { language, lines, measure } = await surveyLanguages(root, files);
  const licence = await findLicence(root, files);
  const tests = await surveyTests(root, files, language, installed);
  // Only a folder is linked as a workspace; a published package brings the others as dependencies.
  const packages = isScript(language) && about.source.type === "folder" ? await findWorkspacePackages(root, files) : [];
  const measured = language === null ? [] : selectFiles(files, measure);
  const found = language === null ? [] : [...sentences(lines, measured), ...tests.found];
  const couldNot = language === null ? [nothingKnown(files)] : [...notMeasured(lines, measured), ...tests.couldNot];
  if (packages.length > 0) {
    found.push(`It is a workspace of ${counted(packages.length, "package")}, which see each other by their names.`);
    couldNot.push(...unbuilt(packages));
  }
  const decisions: string[] = [];
  if (licence === null)
    decisions.push('Look up the licence and write it, as an SPDX expression, in place of "NOASSERTION".');
  else found.push(`The licence is ${licence.licence}, as ${licence.from} says.`);
  const description = await descriptionOf(root, files);
  if (description === "") decisions.push("Describe in a sentence what the code is and what is hard about it.");
  const spec: CorpusSpec = {
    schemaVersion: 2,
    canary: CANARY,
    id: about.id,
    kind: "real",
    family: about.family,
    description,
    version: about.version,
    language: language ?? "other",
    licence: licence?.licence ?? "NOASSERTION",
    split: splitOf(about.family),
    sizeClass: sizeClassOf(await countLines(root, measured)),
    source: about.source,
    measure,
    context: { include: [], exclude: [] },
    compilerOptions: await compilerOptionsOf(root, files, language, packages),
    tests: tests.tests,
  };
  return { spec, lines, measured, found, couldNot, decisions, next: tests.next };
}

function sentences(lines: LanguageSurvey["lines"], measured: readonly string[]): string[] {
  const parts = lines.map((one) => `${counted(one.lines, "line")} of ${one.language} in ${counted(one.files, "file")}`);
  return [
    `The code is ${parts.join(", ")}.`,
    `${counted(measured.length, "file")} ${measured.length === 1 ? "is" : "are"} under measure.`,
  ];
}

/** The code in languages of which nothing is measured. */
function notMeasured(lines: LanguageSurvey["lines"], measured: readonly string[]): string[] {
  return lines
    .filter(({ language }) => !measured.some((file) => isIn(file, language)))
    .map(
      (one) =>
        `Left out: ${counted(one.lines, "line")} of ${one.language} in ${counted(one.files, "file")}, as most of the code is in another language.`,
    );
}

function nothingKnown(files: readonly string[]): string {
  if (files.length === 0) return "There are no files.";
  const code = files.filter((file) => isIn(file));
  if (code.length > 0) {
    return `There is no code to measure: what there is (${counted(code.length, "file")}, such as ${code[0]}) lies where tests, examples, dependencies or built files lie.`;
  }
  return `There is no code in a language that is known here (${counted(files.length, "file")}).`;
}

function isScript(language: string | null): boolean {
  return language !== null && ["typescript", "javascript", "mixed"].includes(language);
}

/** The packages of a workspace that others cannot enter as they are. */
function unbuilt(packages: readonly WorkspacePackage[]): string[] {
  const missing = packages.filter(({ entry }) => entry === null);
  const names = (some: readonly WorkspacePackage[]): string => some.map(({ name }) => name).join(", ");
  const [known, unknown] = [
    missing.filter(({ source }) => source !== null),
    missing.filter((one) => one.source === null),
  ];
  const told: string[] = [];
  if (known.length > 0)
    told.push(`These packages are not built, so tests that load them by their names will fail: ${names(known)}.`);
  if (unknown.length > 0)
    told.push(
      `Nobody can tell where these packages start, so calls into them from others count as calls of something outside: ${names(unknown)}.`,
    );
  return told;
}

async function descriptionOf(root: string, files: readonly string[]): Promise<string> {
  for (const [file, pattern] of [
    ["package.json", /"description"\s*:\s*"((?:[^"\\]|\\.)*)"/],
    ["pyproject.toml", /^description\s*=\s*"([^"]*)"/m],
    ["Cargo.toml", /^description\s*=\s*"([^"]*)"/m],
    ["PKG-INFO", /^Summary: (.*)$/m],
  ] as const) {
    if (!files.includes(file)) continue;
    const found = pattern.exec(await readFile(path.join(root, file), "utf8"))?.[1];
    if (found !== undefined && found !== "") return found;
  }
  return "";
}

/** What decides how names are resolved. */
const KEPT = [
  "target",
  "module",
  "moduleResolution",
  "lib",
  "types",
  "strict",
  "jsx",
  "jsxImportSource",
  "allowJs",
  "baseUrl",
  "paths",
]
  .concat(["esModuleInterop", "allowSyntheticDefaultImports", "allowImportingTsExtensions", "customConditions"])
  .concat(["experimentalDecorators", "resolveJsonModule", "rootDirs"]);

/** Those of the tsconfig.json at the top where there is one that can be read, else what suits most code. */
async function compilerOptionsOf(
  root: string,
  files: readonly string[],
  language: string | null,
  packages: readonly WorkspacePackage[],
): Promise<CorpusSpec["compilerOptions"]> {
  if (!isScript(language)) return {};
  // Of a workspace each package says by itself what it is.
  const isModule =
    packages.length > 0 ||
    (files.includes("package.json") &&
      /"type"\s*:\s*"module"/.test(await readFile(path.join(root, "package.json"), "utf8")));
  const scripts = language === "typescript" ? {} : { allowJs: true, checkJs: true };
  const resolution =
    language === "javascript" && !isModule
      ? { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0", strict: false }
      : { module: "nodenext", moduleResolution: "nodenext", strict: language !== "javascript" };
  const usual = {
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    types: ["node"],
    ...resolution,
    ...scripts,
  };
  const sources = packages.flatMap(({ name, source }) => (source === null ? [] : [[name, [`./${source}`]] as const]));
  const paths = sources.length === 0 ? {} : { paths: Object.fromEntries(sources) };
  if (!files.includes("tsconfig.json")) return { ...usual, ...paths };
  const { default: ts } = await import("typescript-classic");
  const parsed = ts.parseConfigFileTextToJson(
    "tsconfig.json",
    await readFile(path.join(root, "tsconfig.json"), "utf8"),
  );
  const config = parsed.config as { compilerOptions?: Record<string, unknown>; extends?: unknown } | undefined;
  if (config?.compilerOptions === undefined || config.extends !== undefined) return { ...usual, ...paths };
  const kept = Object.fromEntries(Object.entries(config.compilerOptions).filter(([key]) => KEPT.includes(key)));
  // Of a pair that belongs together, both are theirs or both are ours.
  const { module: _module, moduleResolution: _resolution, ...rest } = usual;
  const base = "module" in kept || "moduleResolution" in kept ? { ...rest, ignoreDeprecations: "6.0" } : usual;
  return { ...base, ...paths, ...kept, ...scripts };
}
