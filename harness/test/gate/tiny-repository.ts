/** A tiny repository of another project, outside this workspace: a C program that measures its own processor time. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../fixtures.ts";

export interface TinyRepository {
  root: string;
  /** Replaces files and commits. @returns the commit */
  commit(files: Record<string, string>): string;
}

export function tinyRepository(files: Record<string, string>): TinyRepository {
  const root = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", root, "-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    }).trim();
  const commit = (changed: Record<string, string>): string => {
    for (const [name, text] of Object.entries(changed)) writeFileSync(join(root, name), text);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "change");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet");
  commit(files);
  return { root, commit };
}

/**
 * Samples of the processor time of a loop with `steps` steps, in the documented JSON. Processor time, because a test runs
 * on machines that do other things, too.
 */
export const cProgram = (steps: number): string => `
#include <stdio.h>
#include <time.h>
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}
int main(void) {
  volatile unsigned long sum = 0;
  printf("{\\"cases\\": [{\\"id\\": \\"sum\\", \\"unit\\": \\"ns\\", \\"samples\\": [");
  for (int sample = 0; sample < 31; sample++) {
    double start = now();
    for (unsigned long i = 0; i < ${steps}ul; i++) sum += i * i;
    printf("%s%.0f", sample == 0 ? "" : ", ", now() - start);
  }
  puts("]}]}");
  return sum == 1;
}
`;

export const cConfig = JSON.stringify({
  build: [["cc", "-O1", "-o", "work", "work.c"]],
  cases: [{ id: "c", command: ["./work"], output: { format: "drift" } }],
});
