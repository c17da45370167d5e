import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runCli } from "../../src/cli/program.ts";
import { listFiles, treeSha256 } from "../../src/tree.ts";
import { folderWith } from "./folder.ts";
import { checkoutWith } from "./manifest.ts";

/** A checkout with one corpus, "tiny", that is in the cache, so that nothing has to be fetched; `changes` go into its manifest. */
export async function cachedCorpus(files: Record<string, string>, changes: Record<string, unknown>) {
  const made = folderWith(files);
  const sha256 = await treeSha256(made, await listFiles(made));
  const integrity = `sha512-${"A".repeat(86)}==`;
  const source = { type: "npm", name: "tiny", version: "1.0.0", integrity, archiveSha256: "0".repeat(64), sha256 };
  const manifestRoot = checkoutWith(source, changes);
  const cacheDir = folderWith();
  const home = path.join(cacheDir, "corpora", "tiny", `1.0.0-${sha256.slice(0, 12)}`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  }
  const run = async (...argv: string[]) => {
    const ran = { code: -1, stdout: "", stderr: "" };
    ran.code = await runCli([...argv, "--offline", "--cache-dir", cacheDir], {
      env: {},
      stdout: (text) => (ran.stdout += text),
      stderr: (text) => (ran.stderr += text),
      manifestRoot,
    });
    return ran;
  };
  return { manifestRoot, cacheDir, home, run };
}
