/** The trait "calls": a JavaScript and TypeScript project of any size in which every call's targets are known. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { MergedSite } from "../truth/merge.ts";
import type { Definition } from "../truth/schema.ts";
import { diceOf } from "./dice.ts";
import {
  type Dice,
  type ExportedClass,
  type ExportedFunction,
  type GeneratedFile,
  ModuleBuilder,
} from "./module-builder.ts";
import { type Offer, PLANTS, type Surroundings } from "./plants.ts";

/** Grows with every change of what is generated for the same seed. */
export const GENERATOR_VERSION = "1";

const MODULES_PER_FOLDER = 50;
const PLANTS_PER_MODULE = 7;
/** How far back a module may import from. */
const WINDOW = 200;

/** Modules that later ones can import from, with ids in place of indices. */
interface Earlier {
  file: string;
  functions: ExportedFunction[];
  classes: ExportedClass[];
  defaultExport: string | undefined;
}

/**
 * The files of a project, one after another, each with the definitions and calls in it. `src/main.ts` runs every call
 * once. Modules import only what came before them, so nothing has to be kept, and 100,000 files need little memory.
 *
 * @param options `files` counts source files, 10 to 100,000; the same seed and number give the same bytes
 */
export function* generateProject(options: { seed: number; files: number }): Generator<GeneratedFile> {
  const dice = diceOf(options.seed);
  const { modules, folders } = layout(options.files);
  const recent: Earlier[] = [];
  const roots: Earlier[] = [];
  for (let folder = 0; folder < folders; folder += 1) {
    const inFolder: Earlier[] = [];
    for (let i = folder * MODULES_PER_FOLDER; i < Math.min(modules, (folder + 1) * MODULES_PER_FOLDER); i += 1) {
      const file = `src/part${folder}/unit${i}.${dice.below(3) === 0 ? "js" : "ts"}`;
      const builder = new ModuleBuilder(file, dice);
      const around = surroundings(file, recent, dice);
      for (let n = 0; n < PLANTS_PER_MODULE; n += 1) {
        // Half of the plants rotate, so that a small project has all kinds; the others are drawn.
        const index = n % 2 === 0 ? i * Math.ceil(PLANTS_PER_MODULE / 2) + n / 2 : dice.below(PLANTS.length);
        PLANTS[index % PLANTS.length]?.(builder, around);
      }
      const { generated, earlier } = settle(builder);
      yield generated;
      inFolder.push(earlier);
      recent.push(earlier);
      if (recent.length > WINDOW) recent.shift();
    }
    const { generated, earlier } = settle(gather(`src/part${folder}/all.ts`, inFolder, dice));
    yield generated;
    roots.push(earlier);
  }
  yield settle(gather("src/main.ts", roots, dice, true)).generated;
}

/** Writes the files of a project below `folder`, with a `package.json` and `tsconfig.json` that fit them. */
export async function writeProject(project: Iterable<GeneratedFile>, folder: string): Promise<void> {
  const made = new Set<string>();
  const write = async (file: string, text: string): Promise<void> => {
    const parent = path.join(folder, path.dirname(file));
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    await writeFile(path.join(folder, file), text);
  };
  await write("package.json", `${JSON.stringify({ name: "generated", private: true, type: "module" }, null, 2)}\n`);
  await write(
    "tsconfig.json",
    `${JSON.stringify({ compilerOptions: GENERATED_OPTIONS, include: ["src"] }, null, 2)}\n`,
  );
  for (const { file, text } of project) await write(file, text);
}

/** Compiler options under which a generated project has no errors. */
export const GENERATED_OPTIONS = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  lib: ["es2022"],
  types: ["node"],
} as const;

/** The whole truth of a project, in the order of the compiler oracle. */
export function projectTruth(options: { seed: number; files: number }): {
  files: string[];
  definitions: Definition[];
  sites: MergedSite[];
} {
  const project = [...generateProject(options)].sort((a, b) => (a.file < b.file ? -1 : 1));
  const byPlace = (a: { span: Definition["span"] }, b: { span: Definition["span"] }): number =>
    a.span.line - b.span.line ||
    a.span.column - b.span.column ||
    a.span.endLine - b.span.endLine ||
    a.span.endColumn - b.span.endColumn;
  return {
    files: project.map(({ file }) => file),
    definitions: project.flatMap(({ definitions }) => definitions.sort(byPlace)),
    sites: project.flatMap(({ sites }) => sites.sort(byPlace)),
  };
}

/** How many modules and folders make exactly `files` files: each folder has one file more, and one starts it all. */
function layout(files: number): { modules: number; folders: number } {
  const folders = Math.ceil((files - 1) / (MODULES_PER_FOLDER + 1));
  return { modules: files - 1 - folders, folders };
}

/** A module that runs others. */
function gather(file: string, parts: readonly Earlier[], dice: Dice, start = false): ModuleBuilder {
  const builder = new ModuleBuilder(file, dice);
  parts.forEach((part, i) => {
    const run = part.functions[0] as ExportedFunction;
    const name = `run${i}`;
    builder.import(`import { run as ${name} } from "${specifier(file, part.file)}";`);
    builder.state(
      `total += ${builder.call({ name, rest: "()", stratum: "imported", syntax: "call", must: [run.definition] })};`,
    );
  });
  if (start) builder.start();
  return builder;
}

/** A module that is done, and what later ones may use of it. */
function settle(builder: ModuleBuilder): { generated: GeneratedFile; earlier: Earlier } {
  const { generated, idOf } = builder.finish();
  const earlier: Earlier = {
    file: builder.file,
    functions: builder.functions.map(({ name, definition }) => ({ name, definition: idOf(definition) })),
    classes: builder.classes.map((made) => ({
      ...made,
      entered: idOf(made.entered),
      methods: new Map([...made.methods].map(([name, method]) => [name, idOf(method)] as const)),
    })),
    defaultExport: builder.defaultExport === undefined ? undefined : idOf(builder.defaultExport),
  };
  return { generated, earlier };
}

function surroundings(file: string, recent: readonly Earlier[], dice: Dice): Surroundings {
  const offer = <T>(choose: (earlier: Earlier) => readonly T[]): Offer<T> | undefined => {
    const able = recent.filter((earlier) => choose(earlier).length > 0);
    if (able.length === 0) return undefined;
    const earlier = dice.pick(able);
    return { specifier: specifier(file, earlier.file), offered: dice.pick(choose(earlier)) };
  };
  return {
    // `run` is called by the module that gathers its folder, nobody else.
    someFunction: () => offer(({ functions }) => functions.slice(1)),
    someClass: () => offer(({ classes }) => classes),
    someDefault: () => offer(({ defaultExport }) => (defaultExport === undefined ? [] : [defaultExport])),
  };
}

function specifier(from: string, to: string): string {
  const relative = path.posix.relative(path.posix.dirname(from), to);
  return relative.startsWith(".") ? relative : `./${relative}`;
}
