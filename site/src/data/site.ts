/** The one store that a build reads, named by the environment of the build. */
import path from "node:path";
import { Store } from "./open.ts";

/** Where results and corpora lie: as the environment says, else beside the package in `packageDir`. */
export function dataFiles(
  env: Record<string, string | undefined>,
  packageDir: string,
): { db: string; corpora: string } {
  return {
    db: path.resolve(packageDir, env["DRIFT_RESULTS_DB"] ?? "../results/history.db"),
    corpora: path.resolve(packageDir, env["DRIFT_CORPORA_DIR"] ?? "../corpora"),
  };
}

/** The files of this build; Astro runs in the package's folder. */
export function siteFiles(): { db: string; corpora: string } {
  return dataFiles(process.env, process.cwd());
}

let opened: Store | undefined;

/** The store of this build, opened once. */
export function siteStore(): Store {
  opened ??= Store.open(siteFiles().db);
  return opened;
}

/** Where the site is published, for feeds, which need whole addresses: `DRIFT_SITE_URL`, else the local server's. */
export function siteOrigin(env: Record<string, string | undefined>): string {
  return (env["DRIFT_SITE_URL"] ?? "http://127.0.0.1:4321").replace(/\/+$/, "");
}
