/** Sets of functions, and what is known about how complete they are. */
import type { Callable } from "./positions.ts";
import type { Stratum } from "../../truth/schema.ts";

/** The functions an expression may hold. */
export interface Value {
  targets: Set<Callable>;
  /** Names of functions outside the project. */
  externals: Set<string>;
  /** The binding holds one function and nothing in the project can bind another. */
  fixed: boolean;
  /** Nothing beyond `targets` and `externals` was seen to be possible. */
  complete: boolean;
  /** Why the set is not complete. */
  reason: string | null;
}

/** What is called, and what kind of call that makes. */
export interface Callee extends Value {
  stratum: Stratum;
}

export function one(target: Callable): Value {
  return { targets: new Set([target]), externals: new Set(), fixed: true, complete: true, reason: null };
}

export function empty(): Value {
  return { targets: new Set(), externals: new Set(), fixed: false, complete: true, reason: null };
}

export function unknown(reason: string): Value {
  return { ...empty(), complete: false, reason };
}

/** The same targets, and more that nobody can name. */
export function open(value: Value, reason: string): Value {
  return { ...value, fixed: false, complete: false, reason: value.reason ?? reason };
}

export function union(values: readonly Value[]): Value {
  const all: Value = { ...empty(), fixed: values.length > 0 };
  for (const value of values) {
    for (const target of value.targets) all.targets.add(target);
    for (const name of value.externals) all.externals.add(name);
    all.fixed &&= value.fixed;
    all.complete &&= value.complete;
    all.reason ??= value.reason;
  }
  return all;
}

export function alternatives(values: readonly Value[]): Value {
  return { ...union(values), fixed: false };
}
