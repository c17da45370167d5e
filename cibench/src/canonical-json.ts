/** Hashes of values that do not depend on the order in which their keys were written. */
import { createHash } from "node:crypto";

/** JSON with sorted keys and no white space; `undefined` members are left out as in JSON. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => Number(a > b) - Number(a < b)))
      : member,
  );
}

/** sha256 of the UTF-8 text, as 64 hex digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
