import * as path from "node:path";
import { execa } from "execa";

/** Builds one program of the workspace as CI does; null when cargo cannot, which it has then said on standard error. */
export async function cargoProgram(root: string, name: string, flags: readonly string[]): Promise<string | null> {
  const { stdout, exitCode } = await execa(
    "cargo",
    ["build", "--locked", "--profile", "ci", "--message-format", "json", ...flags],
    {
      cwd: root,
      env: { CARGO_TARGET_DIR: path.join(root, "target") },
      stderr: "inherit",
      reject: false,
      maxBuffer: 100_000_000,
    },
  );
  const executable = new RegExp(`"executable":"([^"]*${name}[^"]*)"`).exec(stdout ?? "")?.[1];
  return exitCode !== 0 || executable === undefined ? null : (JSON.parse(`"${executable}"`) as string);
}
