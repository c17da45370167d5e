/** Go modules, by the go command: GOPROXY, GOPRIVATE, GOSUMDB and credentials hold. */
import { copyFile } from "node:fs/promises";
import { z } from "zod";
import { runClient } from "./client.ts";
import { type FetchContext, unreachableError } from "./context.ts";

const Downloaded = z.object({ Zip: z.string() });

/** Writes the zip of a module's version to `target`. */
export async function downloadGoModule(
  wanted: { module: string; version: string },
  target: string,
  folder: string,
  context: FetchContext,
): Promise<void> {
  const label = `module ${wanted.module}@${wanted.version}`;
  const stdout = await runClient(["go", "mod", "download", "-json", `${wanted.module}@${wanted.version}`], {
    label,
    folder,
    context,
    // No other version of Go is downloaded to read this module.
    env: { GOTOOLCHAIN: "local", GO111MODULE: "on", GOFLAGS: "" },
  });
  const said = Downloaded.safeParse(JSON.parse(stdout));
  if (!said.success)
    throw unreachableError(label, "go names no file", "Give the exact version, as `go list -m -versions` shows it.");
  await copyFile(said.data.Zip, target);
}
