/** The record of gaps between published and fresh projects, to which each `run --fresh` adds what it found. */
import { FreshRecord } from "../schema/fresh.ts";
import { addToRecordFile } from "./record-file.ts";

/** As {@link addToRecordFile}. */
export async function addToRecord(file: string, entries: FreshRecord["entries"]): Promise<void> {
  await addToRecordFile(file, entries, { schema: FreshRecord, what: "record of gaps to fresh projects" });
}
