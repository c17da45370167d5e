/** What an oracle did not do, short enough to be read. */

const LEFT_OUT = /^(.+) (left out \(.+\))$/s;

/**
 * The remarks of an oracle, as `notRun` holds them, with what was left out for the same reason named together: the first
 * of it, how many more, and the reason once. All of it stands in the record.
 */
export function shortened(notRun: string): string {
  const groups = Map.groupBy(notRun.split("; "), (remark) => LEFT_OUT.exec(remark)?.[2] ?? remark);
  return [...groups]
    .map(([what, [first = "", ...more]]) => {
      const name = LEFT_OUT.exec(first)?.[1];
      return name === undefined || more.length === 0 ? first : `${name} and ${more.length} more ${what}`;
    })
    .join("; ");
}
