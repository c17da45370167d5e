/** Which corpora a command works on. */
import { type CorpusSpec, listCorpora } from "@drift/corpora";
import { DriftError } from "@drift/engine";

/**
 * The corpora named, or every one of this checkout.
 *
 * @throws DriftError `CORPUS_UNKNOWN`
 */
export function chooseCorpora(ids?: readonly string[]): CorpusSpec[] {
  const known = listCorpora();
  const unknown = ids?.find((id) => known.every((spec) => spec.id !== id));
  if (unknown !== undefined) {
    throw new DriftError("CORPUS_UNKNOWN", `there is no corpus "${unknown}"`, {
      hint: `Known: ${known.map(({ id }) => id).join(", ")}.`,
    });
  }
  return known.filter(({ id }) => ids?.includes(id) ?? true);
}
