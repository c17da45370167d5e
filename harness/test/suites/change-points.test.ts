/** The stored evaluation is what the detector of this checkout finds. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHANGE_POINT_DEFAULTS } from "../../src/stats/change-point.ts";
import { ChangePointRecord } from "../../src/store/long-file.ts";
import { driftFinds } from "../../src/suites/change-points.ts";
import { readLabelledSeries } from "../../src/suites/tcpd.ts";

const record = ChangePointRecord.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../results/long/change-points.json"), "utf8")),
);

test("the record is of the default settings, and no rival that it names is ahead on the reported half", () => {
  expect(record.options).toEqual(CHANGE_POINT_DEFAULTS);
  const reported = record.methods.filter(({ half }) => half === "report");
  expect(reported.map(({ method }) => method)).toEqual(["drift", "zero", "otava", "asv"]);
  for (const { lead } of reported) {
    expect(lead?.f1.value ?? 0).toBeGreaterThanOrEqual(0);
    expect(lead?.covering.value ?? 0).toBeGreaterThanOrEqual(0);
  }
});

test("the labelled series give the points of the record again", (context) => {
  const data = join(process.env["DRIFT_DATA_DIR"] ?? "", "tcpd");
  if (!existsSync(join(data, "annotations.json"))) {
    context.skip("not run: no data (DRIFT_DATA_DIR names no folder with tcpd/)");
    return;
  }
  const found = driftFinds(readLabelledSeries(data), CHANGE_POINT_DEFAULTS);
  expect(found).toEqual(Object.fromEntries((record.series["drift"] ?? []).map((one) => [one.name, one.found])));
});
