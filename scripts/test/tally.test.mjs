import { expect, test } from "vitest";
import { closingLine, oneFailure, onePass, sum } from "../checks/tally.mjs";

test("the closing line names skipped tests only when there are some", () => {
  expect(closingLine(sum([onePass(), onePass()]))).toBe("2 passed, 0 failed");
  expect(closingLine(sum([onePass(), oneFailure("a"), { passed: 3, failed: 0, skipped: 2, problems: [] }]))).toBe(
    "4 passed, 1 failed, 2 skipped",
  );
});
