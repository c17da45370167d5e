/** The Java development kit that reads, compiles and runs Java corpora. */
import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { createFolder } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import { listFiles, treeSha256 } from "../../tree.ts";

export interface Jdk {
  /** Absolute paths of its programs. */
  java: string;
  javac: string;
  /** e.g. "17.0.15" */
  version: string;
}

/** What to say when there is none. */
export const WANTED_JDK = {
  message: "there is no Java development kit of at least 17 on this computer (java, javac)",
  hint: 'Install one, for example with "apt-get install openjdk-17-jdk-headless".',
} as const;

const OLDEST = 17;

/** For programs that end in seconds: what a virtual machine does to be fast later would take longer than they do. */
export const SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"];

/** The kit to which the `java` on the path belongs; null when there is none, it is older, or has no compiler. */
export async function findJdk(env: Record<string, string | undefined> = process.env): Promise<Jdk | null> {
  const asked = await execa("java", ["-XshowSettings:properties", "-version"], {
    env,
    extendEnv: false,
    reject: false,
  });
  if (asked.failed) return null;
  const said = (name: string): string | undefined =>
    new RegExp(`^\\s*${name} = (.+)$`, "m").exec(asked.stderr)?.[1]?.trim();
  const [home = "", version = ""] = [said("java\\.home"), said("java\\.version")];
  const [java, javac] = [path.join(home, "bin", "java"), path.join(home, "bin", "javac")];
  const isNew = Number(version.split(".")[0]) >= OLDEST;
  return isNew && (await stat(javac).catch(() => null)) !== null ? { java, javac, version } : null;
}

/** @throws CorpusError `CORPUS_CLIENT` when there is none */
export async function needJdk(env?: Record<string, string | undefined>): Promise<Jdk> {
  const jdk = await findJdk(env);
  if (jdk === null) throw new CorpusError("CORPUS_CLIENT", WANTED_JDK.message, { hint: WANTED_JDK.hint });
  return jdk;
}

/** Our own programs: `read` understands sources by javac's own classes, `trace` rewrites bytecode and runs tests. */
export type JavaProgram = "read" | "trace";

/**
 * Compiles one of our programs into `folder`, which is made.
 *
 * @throws CorpusError `CORPUS_TRUTH` when it does not compile with this kit, which is a bug in it
 */
export async function compileProgram(
  jdk: Jdk,
  program: JavaProgram,
  { folder, classPath = [] }: { folder: string; classPath?: readonly string[] },
): Promise<void> {
  const sources = fileURLToPath(new URL(`./${program}/`, import.meta.url));
  const files = (await readdir(sources)).filter((name) => name.endsWith(".java")).sort();
  await mkdir(folder, { recursive: true });
  const options = [
    ...SHORT_LIVED.map((option) => `-J${option}`),
    "-nowarn",
    "-proc:none",
    // Without a locale a kit of 17 takes sources for ASCII.
    "-encoding",
    "UTF-8",
    "-d",
    folder,
    ...(classPath.length === 0 ? [] : ["-cp", classPath.join(":")]),
  ];
  const done = await execa(jdk.javac, [...options, ...files.map((name) => path.join(sources, name))], {
    reject: false,
  });
  if (!done.failed) return;
  throw new CorpusError("CORPUS_TRUTH", `our ${program}er of Java does not compile with ${jdk.version}`, {
    hint: done.stderr.split("\n").slice(0, 3).join("\n"),
  });
}

/**
 * The folder of our reader of sources, compiled once for each version of it and of the kit, and kept in the cache.
 *
 * @throws CorpusError as {@link compileProgram}
 */
export async function buildJavaReader(jdk: Jdk, cacheDir: string): Promise<string> {
  const sources = fileURLToPath(new URL("./read/", import.meta.url));
  const name = (await treeSha256(sources, await listFiles(sources))).slice(0, 16);
  const folder = path.join(cacheDir, "dependencies", `java-reader-${jdk.version}-${name}`);
  if ((await stat(folder).catch(() => null)) === null) {
    await mkdir(path.dirname(folder), { recursive: true });
    await createFolder(folder, async (made) => compileProgram(jdk, "read", { folder: made }));
  }
  return folder;
}
