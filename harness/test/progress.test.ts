import { describe, expect, test } from "vitest";
import { createProgress } from "../src/progress.ts";

describe("progress elsewhere than on a terminal", () => {
  test("is one plain line per start, part and end, and repeats nothing", () => {
    const { text, progress, wait } = recording(false);
    const phase = progress.begin("score tools");
    phase.at(0, 2, "drift");
    phase.at(0, 2, "drift");
    phase.at(1, 2, "grep");
    wait(2500);
    phase.end("2 tools");
    expect(text()).toBe(
      [
        "[1/3] score tools",
        "[1/3] score tools 0/2 drift",
        "[1/3] score tools 1/2 grep",
        "[1/3] score tools: 2 tools (2.5 s)",
        "",
      ].join("\n"),
    );
    expect(progress.seconds).toEqual([{ phase: "score tools", seconds: 2.5 }]);
  });

  test("counts that change quickly within one part are not lines of their own", () => {
    const { text, progress } = recording(false);
    const phase = progress.begin("score tools");
    for (let done = 0; done < 100; done++) phase.at(0, 2, "drift", `parse ${done}/100`);
    expect(text().split("\n")).toHaveLength(3);
  });
});

describe("progress on a terminal", () => {
  test("rewrites one line with count and time left, cut to the width", () => {
    const { text, progress, wait } = recording(true);
    const phase = progress.begin("derive truth");
    wait(2000);
    phase.at(1, 3, "zod");
    expect(text()).toContain("\r\u001B[K[1/3] derive truth 1/3 zod · about 4 s left");
    phase.at(2, 3, "x".repeat(200));
    const last = text().split("\u001B[K").at(-1) ?? "";
    expect(last).toHaveLength(79);
  });

  test("a message takes the place of the open line", () => {
    const { text, progress } = recording(true);
    progress.begin("fetch corpora");
    progress.say("offline");
    expect(text()).toBe("\r\u001B[K[1/3] fetch corpora\r\u001B[Koffline\n");
  });
});

function recording(isTTY: boolean): {
  text: () => string;
  progress: ReturnType<typeof createProgress>;
  wait: (ms: number) => void;
} {
  const written: string[] = [];
  let nowMs = 0;
  const progress = createProgress(
    { write: (text) => written.push(text), isTTY, columns: 80 },
    { phases: 3, nowMs: () => nowMs },
  );
  return { text: () => written.join(""), progress, wait: (ms) => (nowMs += ms) };
}
