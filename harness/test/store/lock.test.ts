import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { takeLock } from "../../src/store/lock.ts";
import { temporaryFolder } from "../fixtures.ts";

const START = { what: "start" };
const ALREADY = expect.objectContaining({ code: "ALREADY_RUNNING" }) as Error;

test("a lock is held until it is released", () => {
  const file = join(temporaryFolder(), "start.lock");
  const lock = takeLock(file, START);
  expect(() => takeLock(file, START)).toThrow(ALREADY);
  lock.release();
  takeLock(file, START).release();
});

test("the lock of a killed process is free", async () => {
  const file = join(temporaryFolder(), "start.lock");
  const module = fileURLToPath(new URL("../../src/store/lock.ts", import.meta.url));
  // A lock that nobody refers to is closed by the garbage collector.
  const script = `const { takeLock } = await import(${JSON.stringify(module)}); globalThis.lock = takeLock(${JSON.stringify(file)}, { what: "x" }); console.log("held"); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  // A holder that outlived a failed test would keep the test runner waiting for it.
  onTestFinished(() => void holder.kill("SIGKILL"));
  await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  expect(() => takeLock(file, START)).toThrow(ALREADY);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  takeLock(file, START).release();
}, 60_000);
