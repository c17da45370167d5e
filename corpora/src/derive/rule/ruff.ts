/** Ruff, for Python projects whose pyproject.toml or ruff.toml configures it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { CorpusError } from "../../errors.ts";
import { fetchScripts } from "../../fetch.ts";
import type { PinnedWheel } from "../../manifest.ts";
import type { FindChecker } from "./checker.ts";
import { PYTHON_TEXTS } from "./texts-python.ts";

/** The version that attrs pins for itself; the others name none. A sandbox is a thing of Linux, so these two are enough. */
const VERSION = "0.15.6";
const WHEELS: Readonly<Record<string, PinnedWheel>> = {
  x64: {
    type: "pypi",
    name: "ruff",
    version: VERSION,
    file: "ruff-0.15.6-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "98893c4c0aadc8e448cfa315bd0cc343a5323d740fe5f28ef8a3f9e21b381f7e",
  },
  arm64: {
    type: "pypi",
    name: "ruff",
    version: VERSION,
    file: "ruff-0.15.6-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    sha256: "13f4594b04e42cd24a41da653886b04d2ff87adbf57497ed4f728b0e8a4866f8",
  },
};

export const findRuff: FindChecker = async (fetched, all, options) => {
  const declaredIn = await configured(fetched.root, all);
  if (declaredIn.length === 0) return null;
  const wheel = WHEELS[process.arch];
  if (wheel === undefined) throw new CorpusError("CORPUS_CLIENT", `no ruff is pinned for ${process.arch}`);
  const program = path.join(await fetchScripts(wheel, options), "ruff");
  return {
    name: "ruff check",
    version: VERSION,
    sharesCodeWith: ["ruff"],
    declaredIn,
    texts: PYTHON_TEXTS,
    reads: (file) => file.endsWith(".py"),
    command: [
      program,
      "check",
      "--no-fix",
      "--no-cache",
      "--exit-zero",
      "--force-exclude",
      "--output-format=json",
      "--",
    ],
    read: (said, folder, files) => {
      const report = Report.safeParse(said);
      if (report.success) return byFile(folder, files, report.data);
      throw new CorpusError("CORPUS_TRUTH", `ruff says something unknown about ${fetched.spec.id}`);
    },
  };
};

async function configured(root: string, all: readonly string[]): Promise<string[]> {
  const named = all.filter((file) => /(?:^|\/)\.?ruff\.toml$/.test(file));
  const project = all.filter((file) => /(?:^|\/)pyproject\.toml$/.test(file));
  for (const file of project) {
    if (/^\[tool\.ruff\b/m.test(await readFile(path.join(root, file), "utf8"))) named.push(file);
  }
  return named.sort();
}

/** What does not parse has no code, or the name of that in its place. */
const Report = z.array(z.object({ code: z.string().nullable(), filename: z.string() }));
const UNREADABLE = new Set([null, "invalid-syntax"]);

function byFile(folder: string, files: readonly string[], said: z.infer<typeof Report>): Map<string, string[]> {
  const codes = new Map(files.map((file): [string, string[]] => [file, []]));
  for (const { code, filename } of said) {
    const file = path.relative(folder, filename).split(path.sep).join("/");
    if (code === null || UNREADABLE.has(code)) codes.delete(file);
    else codes.get(file)?.push(code);
  }
  return codes;
}
