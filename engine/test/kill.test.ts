import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { open } from "../src/index.ts";
import { type Files, folder, write } from "./folder.ts";

const indexOnce = fileURLToPath(new URL("./index-once.ts", import.meta.url));

/** Enough work for a process to be killed in the middle of each phase. */
function project(version: number): Files {
  return Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `src/m${at}.ts`,
      `import { f0 as g } from "./m${(at + 1) % 40}.ts";\n${Array.from({ length: 40 }, (_, n) => `export function f${n}() { g(); f${(n + version) % 40}(); }`).join("\n")}\n`,
    ]),
  );
}

/** Starts indexing and kills it (SIGKILL) when it has said the given number of lines; whether it was still at work. */
async function killAfter(lines: number, root: string): Promise<boolean> {
  const child = spawn(process.execPath, [indexOnce, root], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.split("\n").length > lines) child.kill("SIGKILL");
  });
  const signal = await new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
  return signal === "SIGKILL" && !said.includes("done\n");
}

async function answer(root: string, indexPath?: null): Promise<string> {
  const opened = await open(root, indexPath === null ? { indexPath } : {});
  await opened.index();
  const json = Buffer.from(await opened.callGraphJson()).toString("utf8");
  await opened.close();
  return json;
}

test("an index that is killed at any point leaves the old one or the new one", { timeout: 600_000 }, async () => {
  const root = folder(project(1));
  let killed = 0;
  for (let round = 0; round < 24; round += 1) {
    write(root, project(round + 1));
    if (await killAfter(1 + ((round * 7) % 50), root)) killed += 1;

    const reopened = await open(root);
    const { warnings } = await reopened.index();
    expect(warnings).toEqual([]);
    await reopened.close();
    expect(await answer(root)).toBe(await answer(root, null));
  }
  expect(killed).toBeGreaterThan(0);
});
