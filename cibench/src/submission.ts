/** What can be said of files that somebody hands in before anything in them is believed: their size, and their texts. */
import { lstat } from "node:fs/promises";
import type { ItemRecord } from "./schema/item-record.ts";
import type { Report } from "./schema/report.ts";

/** The largest report and the largest compressed items that are taken, in bytes. */
export const SUBMISSION_LIMITS = { reportBytes: 1_000_000, itemsBytes: 3_000_000 } as const;

/** Findings of one kind that are listed; more are counted. */
const LISTED = 20;
/** Characters. */
const LONGEST_TEXT = 20_000;

/** What is wrong with a file as a file; null when nothing is. Links are not followed: they could lead anywhere. */
export async function fileFault(path: string, largestBytes: number): Promise<string | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return "it is not there";
  if (!found.isFile()) return "it is a link, a folder or a device, and not a file";
  if (found.size > largestBytes) return `it has ${found.size} bytes, of ${largestBytes} at most`;
  return null;
}

/**
 * Texts that could make a page or a terminal show something else than what they say: control characters (in answers, which may
 * quote code, all but tabs and line breaks), characters that turn the direction of writing or are not seen, texts that never end,
 * and, in what names the tool, elements of HTML. The site escapes what it shows; this is for whoever looks elsewhere.
 *
 * @returns a sentence each with the path of the text; at most {@link LISTED}, then how many more
 */
export function hostileTexts(report: Report, records: readonly ItemRecord[]): string[] {
  const findings: string[] = [];
  for (const [path, text] of textsOf(report, "report")) {
    const fault = textFault(text, CONTROL);
    if (fault !== null) findings.push(`${path} ${fault}`);
  }
  const { name, version, role, command } = report.subject;
  for (const [key, text] of Object.entries({ name, version, role, command, reproduce: report.reproduce })) {
    if (/[<>`]|\$\(|javascript:/i.test(text)) findings.push(`report.${key} holds markup, or what a shell runs`);
  }
  for (const [index, record] of records.entries()) {
    // The rest of an item is made here, from what is true and from this.
    for (const [path, text] of textsOf(record.answer, `answer ${index + 1}`)) {
      const fault = textFault(text, CONTROL_BUT_BREAKS);
      if (fault !== null) findings.push(`${path} ${fault}`);
    }
  }
  const more = findings.length - LISTED;
  return more <= 0 ? findings : [...findings.slice(0, LISTED), `and ${more} more of this kind`];
}

/** When it was made, as it says; null when that can be. */
export function timeFault({ startedAt, endedAt }: Report, now: Date): string | null {
  const [start, end] = [Date.parse(startedAt), Date.parse(endedAt)];
  if (end < start) return `it ended (${endedAt}) before it started (${startedAt})`;
  if (end > now.getTime() + DAY_MS) return `it ended in the future (${endedAt})`;
  return null;
}

const DAY_MS = 86_400_000;

function textFault(text: string, control: RegExp): string | null {
  if (text.length > LONGEST_TEXT) return `has ${text.length} characters, of ${LONGEST_TEXT} at most`;
  const found = control.exec(text) ?? UNSEEN.exec(text);
  if (found === null) return text.isWellFormed() ? null : "is no well-formed Unicode";
  return `holds the character U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /[^\P{Cc}\t\n\r]/u;
/** Marks that turn the direction of writing, and characters without a width. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u;

function* textsOf(value: unknown, path: string): Generator<[path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const [index, part] of value.entries()) yield* textsOf(part, `${path}[${index}]`);
  else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) yield* textsOf(part, `${path}.${key}`);
  }
}
