/** Packages of the npm registry, by npm's own client library: the user's registries, proxies and credentials hold. */
import { rm } from "node:fs/promises";
import { CorpusError, isCode } from "../errors.ts";
import { MANIFEST_ROOT } from "../manifest.ts";
import { type FetchContext, missingError, offlineError, unreachableError } from "./context.ts";

/** The same, and which specifiers npm is given. */
export interface NpmContext extends FetchContext {
  /** The specifier that npm's client is given for a package; default `name@version`. Tests point it at files. */
  specifierOf?: ((wanted: NpmPackage) => string) | undefined;
}

/** A package that is wanted, in one version. */
export interface NpmPackage {
  name: string;
  version: string;
  /** Checked where it is known. */
  integrity?: string;
}

/**
 * Writes the archive of a package to `target`.
 *
 * @returns its integrity, sha512
 * @throws CorpusError `CORPUS_OFFLINE`, `CORPUS_UNREACHABLE`, `CORPUS_INTEGRITY`, `CORPUS_ARCHIVE`
 */
export async function downloadNpm(wanted: NpmPackage, target: string, context: NpmContext): Promise<string> {
  const label = `${wanted.name}@${wanted.version}`;
  // Most runs find everything in the cache, and need no client.
  const { default: pacote } = await import("pacote");
  await rm(target, { force: true });
  try {
    const { integrity } = await pacote.tarball.file(context.specifierOf?.(wanted) ?? label, target, {
      ...(await npmSettings(context.env)),
      ...(wanted.integrity === undefined ? {} : { integrity: wanted.integrity }),
      offline: context.offline,
      preferOffline: true,
      retry: { retries: 1, minTimeout: 500, maxTimeout: 2000 },
      timeout: 60_000,
    });
    return integrity;
  } catch (cause) {
    throw explain(label, cause);
  }
}

/** Registry, proxy, credentials and certificates as the user's own npm has them. */
async function npmSettings(env: FetchContext["env"]): Promise<Record<string, unknown>> {
  const { default: Config } = await import("@npmcli/config");
  const { default: npmDefinitions } = await import("@npmcli/config/lib/definitions/index.js");
  const config = new Config({
    npmPath: MANIFEST_ROOT,
    ...npmDefinitions,
    argv: [],
    env: { ...env },
    cwd: MANIFEST_ROOT,
    warn: false,
  });
  await config.load();
  return config.flat;
}

const UNREACHABLE =
  /^(?:ENOTFOUND|ECONN|ETIMEDOUT|EAI_|EHOST|ENET|ERR_SOCKET|E4\d\d|E5\d\d|FETCH_ERROR|ECERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/;

function explain(label: string, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (isCode(cause, "EINTEGRITY")) {
    return new CorpusError("CORPUS_INTEGRITY", `${label} is not the archive that was pinned`, {
      hint: "Somebody changed it between its author and this computer; nothing was unpacked.",
      cause,
    });
  }
  if (code === "ENOTCACHED") return offlineError(label, cause);
  if (code === "E404" || code === "ETARGET") {
    return missingError(
      label,
      code,
      "Check name and version; the registry that was asked is the one your npmrc names.",
      cause,
    );
  }
  if (UNREACHABLE.test(code)) {
    const hint = "Check the network and the registry in your npmrc, or use --offline for what is cached.";
    return unreachableError(label, code, hint, cause);
  }
  if (["ENOSPC", "EROFS", "EACCES"].includes(code) && cause instanceof Error) return cause;
  return new CorpusError("CORPUS_ARCHIVE", `${label} cannot be read${code === "" ? "" : ` (${code})`}`, {
    hint: "The archive is damaged or hostile.",
    cause,
  });
}
