/** Versions of the packages that parse and run corpora: what is derived rests on them. */
import { createRequire } from "node:module";

/** As its own manifest says. A program that brings the packages along has a table in place of this file (`harness/pack-cibench.ts`). */
export function versionOf(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return manifest.version;
}
