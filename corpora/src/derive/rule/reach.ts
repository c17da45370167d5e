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

/** Who says so. */
export const NODE = "Node's resolver";
/** Pairs of a package, and for each as many files that tell nothing apart. */
const MOST_PAIRS = 12;
const TIMEOUT_MS = 120_000;

/** The name of a package that says what may be reached; null for others. */
export async function restrictedPackage({ root }: Pick<FetchedCorpus, "root">): Promise<string | null> {
  const text = await readFile(path.join(root, "package.json"), "utf8").catch(() => "{}");
  const manifest = Manifest.safeParse(jsonOf(text));
  return manifest.success ? manifest.data.name : null;
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

/** Every way in which the files of a package could be named from outside, sorted. */
export function specifiersOf(name: string, files: readonly string[]): string[] {
  const specifiers = new Set<string>();
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
 * Up to {@link MOST_PAIRS} specifiers that only one of `import` and `require` may use, then as many pairs of specifiers
 * that are written alike and of which one may be used. What is refused is drawn where no other item says so.
 */
export function drawReached(all: readonly RuleItem[], seed: number): { items: RuleItem[]; pairs: RulePair[] } {
  const drawn = new Map<string, RuleItem>();
  const pairs: RulePair[] = [];
  const add = (violates: RuleItem, allowed: RuleItem, by: RulePair["by"]): void => {
    for (const item of [violates, allowed]) drawn.set(item.id, item);
    pairs.push({ violates: violates.id, allowed: allowed.id, by });
  };
  const shuffled = inRandomOrder(all, seed);
  for (const both of Map.groupBy(shuffled, specifierOf).values()) {
    const violates = both.find(({ verdict }) => verdict === "violates");
    const allowed = both.find(({ verdict }) => verdict === "allowed");
    if (violates !== undefined && allowed !== undefined && pairs.length < MOST_PAIRS) add(violates, allowed, "form");
  }
  let places = 0;
  const left = shuffled.filter(({ verdict }) => verdict === "violates");
  for (const allowed of shuffled) {
    if (allowed.verdict !== "allowed" || drawn.has(allowed.id) || places === MOST_PAIRS) continue;
    const at = left.findIndex((one) => !drawn.has(one.id) && looksOf(one) === looksOf(allowed));
    const violates = left[at];
    if (violates === undefined) continue;
    left.splice(at, 1);
    add(violates, allowed, "place");
    places += 1;
  }
  return { items: [...drawn.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), pairs };
}

function specifierOf({ id, proposal }: RuleItem): string {
  return proposal.kind === "reach" ? proposal.specifier : id;
}

/** How a specifier is written: by what, how deep, with which ending. */
function looksOf(item: RuleItem): string {
  const specifier = specifierOf(item);
  const by = item.proposal.kind === "reach" ? item.proposal.by : "";
  return `${by} ${specifier.split("/").length} ${path.posix.extname(specifier)}`;
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
