/** `npm run bench:peers -- <dir>`: what indexing a folder costs beside other tools, on the same files, in turns. */
import * as fs from "node:fs";
import * as path from "node:path";
import { defaultCacheDir } from "@drift/corpora";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { cargoProgram } from "../cargo-program.ts";
import { copyOf } from "../peers/copy.ts";
import { type Candidate, measurePeers, PeersReport, renderPeers } from "../peers/measure.ts";
import { astGrepPeer, driftPeer, packagePeer, PACKAGES, type Place, treeSitterPeer } from "../peers/tools.ts";
import { createProgress } from "../progress.ts";
import { inScratch } from "../scratch.ts";
import { type CommandContext, print } from "./context.ts";

export interface PeersFlags {
  tools?: readonly string[];
  rounds: number;
  json: boolean;
}

/** The names that `--tools` takes. */
export const PEER_TOOLS: readonly string[] = [
  "drift",
  "@ast-grep/cli",
  "tree-sitter",
  ...PACKAGES.map(({ tool }) => tool),
];

/** @throws DriftError `FOLDER_MISSING`, `UNKNOWN_TOOL` */
export async function peersCommand(folder: string, flags: PeersFlags, context: CommandContext): Promise<void> {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DriftError("FOLDER_MISSING", "the folder to index does not exist", {
      hint: "Give the path of a checked-out project.",
    });
  }
  const tools = flags.tools ?? PEER_TOOLS;
  const unknown = tools.find((tool) => !PEER_TOOLS.includes(tool));
  if (unknown !== undefined) {
    throw new DriftError("UNKNOWN_TOOL", `there is no tool "${unknown}"`, {
      hint: `There are ${PEER_TOOLS.join(", ")}.`,
    });
  }
  const { environment, engineVersion } = await context.testbed();
  const rounds = Math.max(1, flags.rounds);
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin("peers");
  const measured = await inScratch(async (scratch) => {
    const place = { folder: copyOf(folder, path.join(scratch, "project")), scratch: path.join(scratch, "beside") };
    const candidates: Candidate[] = [];
    for (const tool of tools) candidates.push(await candidate(tool, place, engineVersion, context));
    return measurePeers(candidates, { rounds, onRound: (done, total, what) => phase.at(done, total, what) });
  });
  phase.end(`${rounds} rounds`);
  const report = PeersReport.parse({
    schemaVersion: 1,
    folder: path.basename(path.resolve(folder)),
    environment: `${environment.cpuModel}, ${environment.cores} cores, ${environment.os}, Node ${environment.nodeVersion}`,
    rounds,
    tools: measured,
  });
  print(context, flags.json, report, renderPeers);
}

async function candidate(
  tool: string,
  place: Place,
  driftVersion: string,
  context: CommandContext,
): Promise<Candidate> {
  if (tool === "drift") return driftPeer(place, driftVersion);
  if (tool === "@ast-grep/cli") return astGrepPeer(place);
  if (tool === "tree-sitter") return treeSitter(place, context);
  const wanted = PACKAGES.find((one) => one.tool === tool);
  if (wanted === undefined) throw new DriftError("UNKNOWN_TOOL", `there is no tool "${tool}"`);
  const cache = path.join(context.cacheDir ?? defaultCacheDir({}), "peers");
  const modules = path.join(cache, `${tool}-${wanted.version}`);
  const installed = path.join(modules, "node_modules", wanted.package, "package.json");
  if (!fs.existsSync(installed)) {
    const said = await install(modules, [`${wanted.package}@${wanted.version}`, ...(wanted.beside ?? [])]);
    if (said !== null) return { tool, version: wanted.version, reason: said };
  }
  return packagePeer(wanted, path.join(modules, "node_modules"), place);
}

/** Null when it is done, else why not. No script of a package is run. */
async function install(folder: string, packages: readonly string[]): Promise<string | null> {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--save-exact"];
  const { exitCode, stderr } = await execa("npm", ["install", ...flags, ...packages], {
    cwd: folder,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode === 0) return null;
  const line = stderr.split("\n").find((text) => text.includes("ERR!")) ?? "npm did not say why";
  return `npm cannot install it: ${line.trim()}`;
}

async function treeSitter(place: Place, { root }: CommandContext): Promise<Candidate> {
  const version = /^tree-sitter = \{ version = "=([^"]+)"/m.exec(
    fs.readFileSync(path.join(root, "Cargo.toml"), "utf8"),
  );
  const tool = { tool: "tree-sitter", version: version?.[1] ?? "unknown" };
  const program = await cargoProgram(root, "tree_sitter_parse", ["-p", "drift-bench", "--bin", "tree_sitter_parse"]);
  if (program === null) return { ...tool, reason: "cargo cannot build the parser's bench" };
  return treeSitterPeer(place, program, tool.version);
}
