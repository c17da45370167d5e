/**
 * What may be reached from outside of an npm package: Node itself resolves specifiers of its files from a module beside
 * it, and obeys the `exports` of its package.json.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJson } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import type { FetchedCorpus } from "../../fetch.ts";
import type { RuleItem, RulePair } from "../../truth/rule-schema.ts";
import { inRandomOrder } from "../../truth/sample.ts";
import { runSandboxed, type Sandbox } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import { drawing, inOrder } from "./draw.ts";

/** Who says so. */
export const NODE = "Node's resolver";
/** Pairs of a package, and for each as many files that tell nothing apart. */
const MOST_PAIRS = 12;
const TIMEOUT_MS = 120_000;

/** A package that says what may be reached: its name, and the ways in that it names; null for others. */
export async function restrictedPackage({
  root,
}: Pick<FetchedCorpus, "root">): Promise<{ name: string; named: string[] } | null> {
  const text = await readFile(path.join(root, "package.json"), "utf8").catch(() => "{}");
  const manifest = Manifest.safeParse(jsonOf(text));
  if (!manifest.success) return null;
  const { name, exports } = manifest.data;
  const keys = typeof exports === "object" && exports !== null ? Object.keys(exports) : [];
  return { name, named: keys.filter((key) => key.startsWith("./") && !key.includes("*")).map((key) => key.slice(2)) };
}

const Manifest = z.object({
  name: z.string().regex(/^(?:@[\w.-]+\/)?[\w.-]+$/),
  exports: z.unknown().refine((it) => it != null),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

/** Every way in which the files of a package could be named from outside, and those that it names itself, sorted. */
export function specifiersOf(
  { name, named }: { name: string; named: readonly string[] },
  files: readonly string[],
): string[] {
  const specifiers = new Set(named.map((way) => `${name}/${way}`));
  for (const file of files) {
    if (!/\.[cm]?js$/.test(file) || file.startsWith(".") || file.includes("node_modules/")) continue;
    const inside = file.replace(/^(?:dist|lib|build|es|esm|cjs)\/(?:esm|cjs|commonjs)?\/?/, "");
    for (const one of [file, inside]) {
      const bare = one.replace(/(?:\.min)?\.[cm]?js$/, "");
      for (const way of [one, bare, bare.replace(/(?:^|\/)index$/, "")])
        if (way !== "") specifiers.add(`${name}/${way}`);
    }
  }
  return [name, ...[...specifiers].sort()];
}

/** What Node says of a specifier: the file, or the code of its error. */
const Resolved = z.array(
  z.strictObject({ specifier: z.string(), by: z.enum(["import", "require"]), exists: z.boolean(), code: z.string() }),
);
type Resolved = z.infer<typeof Resolved>;

const SCRIPT = `import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
const require = createRequire(import.meta.url);
const ways = { import: (one) => fileURLToPath(import.meta.resolve(one)), require: (one) => require.resolve(one) };
const asked = JSON.parse(readFileSync("asked.json", "utf8"));
const said = [];
for (const specifier of asked) for (const [by, resolve] of Object.entries(ways)) {
  try {
    const file = resolve(specifier);
    said.push({ specifier, by, exists: existsSync(file) && statSync(file).isFile(), code: "" });
  } catch (error) {
    said.push({ specifier, by, exists: false, code: String(error.code) });
  }
}
writeFileSync("said.json", JSON.stringify(said));
`;

/** Asks Node about each specifier. `folder` is a scratch folder that holds the package below `node_modules`. */
export async function resolveFromOutside(
  specifiers: readonly string[],
  { folder, sandbox }: { folder: string; sandbox: Sandbox },
): Promise<RuleItem[]> {
  await mkdir(path.join(folder, OWN_FOLDER), { recursive: true });
  await writeFile(path.join(folder, "asked.json"), JSON.stringify(specifiers));
  await writeFile(path.join(folder, "ask.mjs"), SCRIPT);
  const command = [process.execPath, "ask.mjs"];
  const ended = await runSandboxed({ sandbox, command, folder, env: {}, timeoutMs: TIMEOUT_MS });
  const said = Resolved.safeParse(await readJson(path.join(folder, "said.json")));
  if (ended.exitCode !== 0 || !said.success)
    throw new CorpusError("CORPUS_TRUTH", "Node does not say what it resolves", { hint: ended.tail });
  return said.data.flatMap(itemOf);
}

/** Node refuses what is not exported; what it finds nothing for is neither. */
function itemOf({ specifier, by, exists, code }: Resolved[number]): RuleItem[] {
  const refused = code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  if (!refused && !exists) return [];
  const item = {
    id: `${by} ${specifier}`,
    by: NODE,
    name: "reach",
    proposal: { kind: "reach" as const, by, specifier },
  };
  return [{ ...item, verdict: refused ? "violates" : "allowed", said: refused ? [code] : [] }];
}

/**
 * Up to {@link MOST_PAIRS} specifiers that only one of `import` and `require` may use, then as many pairs of specifiers of
 * which one may be used: written alike as far as there are any, else of one kind.
 */
export function drawReached(all: readonly RuleItem[], seed: number): { items: RuleItem[]; pairs: RulePair[] } {
  const { items, pairs, add } = drawing();
  const shuffled = inRandomOrder(all, seed);
  for (const both of Map.groupBy(shuffled, specifierOf).values()) {
    const violates = both.find(({ verdict }) => verdict === "violates");
    const allowed = both.find(({ verdict }) => verdict === "allowed");
    if (violates !== undefined && allowed !== undefined && pairs.length < MOST_PAIRS) add(violates, allowed, "form");
  }
  let places = 0;
  for (const looks of [looksOf, byOf]) {
    for (const allowed of shuffled) {
      if (allowed.verdict !== "allowed" || items.has(allowed.id) || places === MOST_PAIRS) continue;
      const violates = shuffled.find(
        (one) => one.verdict === "violates" && !items.has(one.id) && looks(one) === looks(allowed),
      );
      if (violates === undefined) continue;
      add(violates, allowed, "place");
      places += 1;
    }
  }
  return { items: inOrder(items), pairs };
}

function specifierOf({ id, proposal }: RuleItem): string {
  return proposal.kind === "reach" ? proposal.specifier : id;
}

/** How a specifier is written: by what, how deep, with which ending. */
function looksOf(item: RuleItem): string {
  const specifier = specifierOf(item);
  return `${byOf(item)} ${specifier.split("/").length} ${path.posix.extname(specifier)}`;
}

function byOf({ proposal }: RuleItem): string {
  return proposal.kind === "reach" ? proposal.by : "";
}

/** Asks about items again. @returns what differs, in a line each */
export async function reachedAgain(
  items: readonly RuleItem[],
  where: { folder: string; sandbox: Sandbox },
): Promise<string[]> {
  const asked = new Set(items.map(specifierOf));
  const now = new Map((await resolveFromOutside([...asked], where)).map((item) => [item.id, item]));
  return items.flatMap((item) =>
    JSON.stringify(now.get(item.id)) === JSON.stringify(item)
      ? []
      : [`${item.id}: Node says ${now.get(item.id)?.verdict ?? "that there is nothing"}, not ${item.verdict}`],
  );
}
