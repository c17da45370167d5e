/** A local embedding model behind a program: lines of `{"text": "..."}` in, a line of `{"vector": [...]}` for each out. */
import { execa } from "execa";
import { z } from "zod";
import { CibenchError } from "../errors.ts";

const Reply = z.object({ vector: z.array(z.number()).min(1).max(10_000) });

export interface EmbedOptions {
  /** What a shell would run; its current folder is that of the process. */
  command: string;
  timeoutMs: number;
}

/**
 * One vector of length 1 per text, in their order. The program is started once, gets all texts and then the end of its input.
 *
 * @throws CibenchError `EMBEDDER_FAILED` when it ends early, takes too long, or answers anything but one vector of one size per text
 */
export async function embedTexts(
  texts: readonly string[],
  { command, timeoutMs }: EmbedOptions,
): Promise<Map<string, Float64Array>> {
  if (texts.length === 0) return new Map();
  const input = texts.map((text) => `${JSON.stringify({ text })}\n`).join("");
  try {
    const { stdout } = await execa({ shell: true, input, timeout: timeoutMs, maxBuffer: 2 ** 29 })`${command}`;
    const vectors = stdout
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => unit(Reply.parse(JSON.parse(line)).vector));
    const sizes = new Set(vectors.map(({ length }) => length));
    if (vectors.length !== texts.length || sizes.size !== 1) {
      throw new TypeError(`${vectors.length} vectors of ${sizes.size} sizes for ${texts.length} texts`);
    }
    return new Map(texts.map((text, index) => [text, vectors[index] as Float64Array]));
  } catch (cause) {
    throw new CibenchError("EMBEDDER_FAILED", `the embedder gave no vectors: ${String(cause).slice(0, 300)}`, {
      hint: 'It reads lines of {"text": "..."} and writes a line of {"vector": [...]} for each.',
      cause,
    });
  }
}

function unit(vector: readonly number[]): Float64Array {
  const norm = Math.hypot(...vector);
  return Float64Array.from(vector, (value) => (norm === 0 ? 0 : value / norm));
}
