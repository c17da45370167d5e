/** The record of what variants do to tools, to which each `robustness --record` adds what it found. */
import { RobustnessRecord } from "../schema/robustness.ts";
import { addToRecordFile } from "./record-file.ts";

/** As {@link addToRecordFile}. */
export async function addToRobustnessRecord(file: string, entries: RobustnessRecord["entries"]): Promise<void> {
  await addToRecordFile(file, entries, { schema: RobustnessRecord, what: "record of robustness" });
}
