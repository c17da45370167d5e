/**
 * The tools that indexing is compared with, as data: where each comes from, and how it is run over a folder. What a tool
 * does differs (parse, lint, module graph, types, call graph), so each says it, and its counts stand beside its times.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "../runners/process.ts";
import { astGrepVersion, neverMatchingScan } from "../suites/ast-grep.ts";

/** One way to run a tool. */
export interface Pass {
  /** `cold`: from nothing. `unchanged`: again, with what the run before has left. */
  name: "cold" | "unchanged";
  command: Command;
  /** Takes away what a run before has left. */
  forget?: () => void;
}

export interface Peer {
  tool: string;
  version: string;
  /** What it does with the files. */
  does: string;
  passes: Pass[];
  /** How much it says it did, from what it printed. */
  counts: (stdout: string) => Record<string, number>;
}

/** A copy of the folder that is measured, in which tools may leave what they like. */
export interface Place {
  folder: string;
  /** An empty folder beside it. */
  scratch: string;
}

/** A tool from the npm registry. */
interface Package {
  tool: string;
  package: string;
  version: string;
  /** Other packages that it needs, `name@version`. */
  beside?: string[];
  does: string;
  /** Its program, inside the package. */
  program: string;
  passes: (program: string, place: Place) => Pass[];
  counts?: Peer["counts"];
}

const none = (): Record<string, number> => ({});

/** Counts of the JSON document that a tool printed; none when it printed something else. */
function fromJson(read: (document: Record<string, unknown>) => Record<string, number>): Peer["counts"] {
  return (stdout) => {
    try {
      return read(JSON.parse(stdout) as Record<string, unknown>);
    } catch {
      return {};
    }
  };
}

/** What stands in front of a word of the output, `12,345 files`. */
function before(words: readonly string[]): Peer["counts"] {
  return (stdout) =>
    Object.fromEntries(
      words.flatMap((word) => {
        const found = new RegExp(String.raw`([\d,]+) ${word}`).exec(stdout)?.[1];
        return found === undefined ? [] : [[word, Number(found.replaceAll(",", ""))]];
      }),
    );
}

function node(tool: string, args: string[], { folder }: Place, okCodes: number[] = [0]): Command {
  return { tool, file: process.execPath, args, cwd: folder, okCodes };
}

function remove(place: Place, name: string): () => void {
  return () => fs.rmSync(path.join(place.folder, name), { recursive: true, force: true });
}

/** Versions are exact; a tool is installed when it is first asked for. */
export const PACKAGES: readonly Package[] = [
  {
    ...{ tool: "oxlint", package: "oxlint", version: "1.94.0", program: "bin/oxlint" },
    does: "parse, scopes, resolve imports, module graph (import/no-cycle)",
    passes: (program, place) => [
      {
        name: "cold",
        command: node(
          "oxlint",
          [program, "-A", "all", "--import-plugin", "-D", "import/no-cycle", "--silent", "."],
          place,
          [0, 1],
        ),
      },
    ],
    counts: before(["files"]),
  },
  {
    ...{ tool: "dependency-cruiser", package: "dependency-cruiser", version: "18.7.2" },
    beside: ["typescript@5.9.3"],
    program: "bin/dependency-cruiser.mjs",
    does: "parse, module graph",
    passes: (program, place) => [
      {
        name: "cold",
        command: node("dependency-cruiser", [program, "--no-config", "--output-type", "json", "."], place),
      },
    ],
    counts: fromJson(({ modules }) => ({ modules: (modules as unknown[]).length })),
  },
  {
    ...{ tool: "madge", package: "madge", version: "8.0.0", program: "bin/cli.js" },
    beside: ["typescript@5.9.3"],
    does: "parse, module graph",
    passes: (program, place) => [
      {
        name: "cold",
        command: node("madge", [program, "--json", "--extensions", "js,mjs,cjs,jsx,ts,mts,cts,tsx", "."], place),
      },
    ],
    counts: fromJson((modules) => ({ modules: Object.keys(modules).length })),
  },
  {
    ...{ tool: "tsc", package: "typescript", version: "5.9.3", program: "bin/tsc" },
    does: "parse, types of everything",
    passes: (program, place) => {
      const config = path.join(place.scratch, "tsconfig.json");
      const compilerOptions = {
        ...{ allowJs: true, noEmit: true, jsx: "preserve", skipLibCheck: true, types: [] },
        ...{ target: "esnext", module: "esnext", moduleResolution: "bundler", allowImportingTsExtensions: true },
      };
      fs.mkdirSync(place.scratch, { recursive: true });
      fs.writeFileSync(
        config,
        JSON.stringify({ compilerOptions, include: [`${place.folder}/**/*`], exclude: ["**/node_modules"] }),
      );
      // It prints every error, and exits with 1 or 2 when there are some.
      const args = [program, "-p", config, "--diagnostics", "--pretty", "false"];
      return [{ name: "cold", command: node("tsc", args, place, [0, 1, 2]) }];
    },
    counts: (stdout) => {
      const of = (name: string): number | undefined =>
        Number(new RegExp(String.raw`^${name}:\s+(\d+)$`, "m").exec(stdout)?.[1] ?? Number.NaN);
      const files = of("Files");
      return files === undefined || Number.isNaN(files) ? {} : { files };
    },
  },
  {
    ...{ tool: "codegraph", package: "@colbymchenry/codegraph", version: "1.6.1", program: "" },
    does: "symbols, calls, index in SQLite",
    passes: (program, place) => [
      {
        name: "cold",
        command: node("codegraph", [program, "init", "."], place),
        forget: remove(place, ".codegraph"),
      },
      { name: "unchanged", command: node("codegraph", [program, "sync", "."], place) },
    ],
    counts: before(["files", "nodes", "edges"]),
  },
];

const runners = fileURLToPath(new URL("../runners", import.meta.url));

/** Drift itself: read, parse, resolve, save; and again with nothing changed. */
export function driftPeer(place: Place, version: string): Peer {
  const index = path.join(place.scratch, "index");
  const command: Command = {
    tool: "drift",
    file: process.execPath,
    args: [path.join(runners, "index-once.ts"), place.folder, path.join(index, "index.db")],
    cwd: place.folder,
  };
  return {
    ...{ tool: "drift", version, does: "parse, resolve every call, index in SQLite" },
    passes: [
      { name: "cold", command, forget: () => fs.rmSync(index, { recursive: true, force: true }) },
      { name: "unchanged", command },
    ],
    counts: fromJson(({ files, functions, callSites }) => ({
      ...{ files: Number(files), functions: Number(functions), callSites: Number(callSites) },
      indexBytes: fs.statSync(path.join(index, "index.db")).size,
    })),
  };
}

/** The peer that others are put in relation to. */
export function astGrepPeer(place: Place): Peer {
  const command = neverMatchingScan(place.folder);
  const inspected = { ...command, args: [...command.args.slice(0, -1), "--inspect", "summary", "."] };
  return {
    ...{ tool: "@ast-grep/cli", version: astGrepVersion(), does: "parse, look for a rule that never matches" },
    passes: [{ name: "cold", command: { ...inspected, tool: "@ast-grep/cli", mergeStderr: true } }],
    counts: (said) => {
      const files = /scannedFileCount=(\d+)/.exec(said)?.[1];
      return files === undefined ? {} : { files: Number(files) };
    },
  };
}

/** The floor: tree-sitter alone, on two threads, keeping nothing. */
export function treeSitterPeer(place: Place, program: string, version: string): Peer {
  const command = { tool: "tree-sitter", file: program, args: [place.folder, "2"], cwd: place.folder };
  return {
    ...{ tool: "tree-sitter", version, does: "parse", passes: [{ name: "cold", command }] },
    counts: fromJson(({ files, bytes }) => ({ files: Number(files), bytes: Number(bytes) })),
  };
}

/** A tool from the registry, when its package is installed below `modules`. */
export function packagePeer(of: Package, modules: string, place: Place): Peer {
  const folder = path.join(modules, of.package);
  const program = path.join(folder, of.program === "" ? onlyProgram(folder) : of.program);
  const { tool, version, does } = of;
  return { tool, version, does, passes: of.passes(program, place), counts: of.counts ?? none };
}

function onlyProgram(folder: string): string {
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as {
    bin?: string | Record<string, string>;
  };
  const program = typeof bin === "string" ? bin : Object.values(bin ?? {})[0];
  return program ?? "";
}
