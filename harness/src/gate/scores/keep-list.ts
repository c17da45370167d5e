/** The keep list of a repository: items that must not be lost, and losses that somebody accepted and why. */
import * as fs from "node:fs";
import { DriftError } from "@drift/engine";
import * as z from "zod";
import { writeFileAtomically } from "../../store/atomic-file.ts";

const Item = z.string().min(1).max(500);

export const KeepList = z.strictObject({
  schemaVersion: z.literal(1).default(1),
  /** Items that stay right, as `corpus:item`. */
  keep: z.array(Item).default([]),
  accepted: z
    .array(z.strictObject({ reason: z.string().trim().min(1).max(500), items: z.array(Item).min(1) }))
    .default([]),
});
export type KeepList = z.infer<typeof KeepList>;

/** An empty list when there is no file. @throws DriftError `CONFIG_INVALID` */
export function readKeepList(file: string): KeepList {
  if (!fs.existsSync(file)) return KeepList.parse({});
  try {
    return KeepList.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (cause) {
    const why =
      cause instanceof z.ZodError ? `${cause.issues[0]?.path.join(".")}: ${cause.issues[0]?.message}` : String(cause);
    throw new DriftError("CONFIG_INVALID", `${file}: ${why}`, {
      hint: 'A keep list is {"keep": ["corpus:item"], "accepted": [{"reason": "…", "items": ["corpus:item"]}]}.',
      cause,
    });
  }
}

export function writeKeepList(file: string, list: KeepList): void {
  writeFileAtomically(file, `${JSON.stringify(list, null, 2)}\n`);
}

/** With the items on it; what was accepted before counts again. Sorted, so that files differ where lists do. */
export function withKept(list: KeepList, items: readonly string[]): KeepList {
  const added = new Set(items);
  return {
    ...list,
    keep: [...new Set([...list.keep, ...items])].toSorted(),
    accepted: list.accepted.flatMap((one) => {
      const left = one.items.filter((item) => !added.has(item));
      return left.length === 0 ? [] : [{ ...one, items: left }];
    }),
  };
}

/** With the loss of the items accepted; they leave the list of what is kept. */
export function withAccepted(list: KeepList, items: readonly string[], reason: string): KeepList {
  const gone = new Set(items);
  const others = withKept(list, items).accepted;
  return {
    ...list,
    keep: list.keep.filter((item) => !gone.has(item)),
    accepted: [...others, { reason, items: [...gone].toSorted() }],
  };
}

/** The reason for each accepted item. */
export function acceptedReasons({ accepted }: KeepList): Map<string, string> {
  return new Map(accepted.flatMap(({ items, reason }) => items.map((item) => [item, reason] as const)));
}
