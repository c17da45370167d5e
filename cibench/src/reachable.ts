/** Who is reached by calls, from whom. */

/** Everything that edges lead to from `roots`, these included. */
export function reachable(roots: Iterable<string>, callees: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const seen = new Set(roots);
  const pending = [...seen];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const callee of callees.get(next) ?? []) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      pending.push(callee);
    }
  }
  return seen;
}
