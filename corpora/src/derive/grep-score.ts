/** What a search for the names in a text scores on the question which functions it is about. Pure. */
import { namedIn } from "./changelog.ts";
import type { FunctionChange } from "./changes.ts";

/**
 * F1 of the functions whose last name stands in the text, in [0, 1]; those that changed without being in `must` count
 * neither way, as nobody knows.
 *
 * @param about `changed`: all that changed; `named`: all functions of both versions by last name; `own`: names of the package
 */
export function grepScore(
  text: string,
  must: readonly FunctionChange[],
  about: {
    changed: readonly FunctionChange[];
    named: ReadonlyMap<string | null, readonly { file: string; name: string }[]>;
    own: ReadonlySet<string>;
  },
): number {
  const key = ({ file, name }: { file: string; name: string }): string => `${file} ${name}`;
  const names = new Set(namedIn(text).identifiers.flatMap((parts) => parts.at(-1) ?? []));
  const claimed = new Set(
    [...names]
      .filter((name) => !about.own.has(name))
      .flatMap((name) => about.named.get(name) ?? [])
      .map(key),
  );
  const right = new Set(must.map(key));
  const unknown = new Set(about.changed.map(key).filter((one) => !right.has(one)));
  const judged = [...claimed].filter((one) => !unknown.has(one));
  const hits = judged.filter((one) => right.has(one)).length;
  return judged.length + right.size === 0 ? 0 : (2 * hits) / (judged.length + right.size);
}
