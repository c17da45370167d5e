/** Lines of JSON from a program or a file that nobody vouches for. */
import type { FaultKind } from "../schema/answer.ts";

/** What cannot be an item, whatever it is. It stands among the items of an answer, so that it is counted. */
export class Unusable {
  readonly kind: FaultKind;

  constructor(kind: FaultKind) {
    this.kind = kind;
  }
}

export interface LineLimits {
  /** A longer line is skipped to its end and counts as {@link Unusable}. */
  lineBytes: number;
  /** More than this altogether is an error. */
  totalBytes: number;
}

/** Far above any real answer: ten thousand targets need less than a megabyte. */
export const LINE_LIMITS: LineLimits = { lineBytes: 4 * 2 ** 20, totalBytes: 2 ** 28 };

/**
 * The values of the lines of `chunks`. Lines without content are left out; a last line without an end counts.
 *
 * @throws Error when there is more than `totalBytes`
 */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
  limits: LineLimits = LINE_LIMITS,
): AsyncGenerator<unknown, void> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let total = 0;
  const hold = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > limits.lineBytes) held = [];
    else held.push(part);
  };
  const release = (): unknown => {
    const value = heldBytes > limits.lineBytes ? new Unusable("too-long") : readLine(Buffer.concat(held));
    [held, heldBytes] = [[], 0];
    return value;
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limits.totalBytes) throw new Error(`more than ${limits.totalBytes} bytes of answers`);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      hold(chunk.subarray(start, end));
      start = end + 1;
      const value = release();
      if (value !== undefined) yield value;
    }
    hold(chunk.subarray(start));
  }
  const last = release();
  if (last !== undefined) yield last;
}

const NEWLINE = 10;

/** @returns undefined for an empty line */
function readLine(line: Buffer): unknown {
  const text = line.toString("utf8").trim();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return new Unusable("not-json");
  }
}
