/** Whether what lies in `real/` and `synthetic/` is whole: families, licences, canaries, sizes. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { familyOf } from "../family.ts";
import type { CorpusSpec } from "../manifest.ts";
import { CANARY } from "../truth/canary.ts";
import { splitOf } from "../truth/split.ts";
import type { Finding, LintRule } from "./finding.ts";

/** Each file of committed truth stays below this. */
export const MAX_TRUTH_BYTES = 400_000;
/** What a corpus's folder may hold. */
const TRUTHS = ["call-graph", "deletion", "mutation", "release-diff", "rule"].map((kind) => `truth/${kind}.json.gz`);
const KNOWN_FILES = new Set(["corpus.json", "errata.json", ...TRUTHS, "README.md"]);

export function checkRegistry(specs: readonly CorpusSpec[], root: string): Finding[] {
  return [
    ...checkFamilies(specs),
    ...checkVersions(specs),
    ...specs.flatMap((spec) => checkFolder(spec, path.join(root, spec.kind, spec.id))),
  ];
}

/** No family may have corpora on both sides of the split, and none may stand on the side its hash does not say. */
export function checkFamilies(specs: readonly Pick<CorpusSpec, "id" | "family" | "split">[]): Finding[] {
  const sides = new Map<string, string>();
  return specs.flatMap(({ id, family, split }) => {
    const find = (message: string): Finding => ({ corpus: id, rule: "family", at: `family ${family}`, message });
    const other = sides.get(family);
    sides.set(family, other ?? split);
    return [
      ...(splitOf(family) === split ? [] : [find(`its hash says ${splitOf(family)}, the manifest ${split}`)]),
      ...(other === undefined || other === split ? [] : [find(`another corpus of it is in ${other}`)]),
    ];
  });
}

/** Versions of one package are one code base, and so one family. */
export function checkVersions(specs: readonly CorpusSpec[]): Finding[] {
  return specs.flatMap((spec) => {
    const family = familyOf(spec.source, specs) ?? spec.family;
    const message = `another version of its package has the family ${family}`;
    return family === spec.family
      ? []
      : [{ corpus: spec.id, rule: "family" as const, at: `family ${spec.family}`, message }];
  });
}

function checkFolder(spec: CorpusSpec, folder: string): Finding[] {
  const findings: Finding[] = [];
  const find = (rule: LintRule, at: string, message: string): void => {
    findings.push({ corpus: spec.id, rule, at, message });
  };
  if (spec.licence === "NOASSERTION") find("licence", "corpus.json", "nobody said under which licence it stands");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
  for (const file of files) {
    if (!KNOWN_FILES.has(file)) find("size", file, "only manifest, errata and truth are committed");
    else if (/\.(?:json|gz)$/.test(file) && !holdsCanary(path.join(folder, file))) {
      find("canary", file, "the canary is missing");
    }
  }
  for (const file of files.filter((one) => TRUTHS.includes(one))) {
    const { size } = statSync(path.join(folder, file));
    if (size > MAX_TRUTH_BYTES) find("size", file, `${size} bytes, at most ${MAX_TRUTH_BYTES} are committed`);
  }
  return findings;
}

function holdsCanary(file: string): boolean {
  const bytes = readFileSync(file);
  try {
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).includes(CANARY);
  } catch {
    return false; // A damaged archive holds nothing; reading it as truth says more.
  }
}
