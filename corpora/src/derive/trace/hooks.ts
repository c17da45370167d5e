/** What instrumented code calls, and what is known about the functions it enters; types only. */

export type Fn = (...args: unknown[]) => unknown;

/** What a function is: a definition, a class without a constructor of its own, native, none of ours, or not to be seen. */
export type Identity =
  | { kind: "definition"; index: number }
  | { kind: "class"; index: number }
  | { kind: "native"; name: string }
  | { kind: "outside" }
  | { kind: "hidden" };

/** `d` a definition, `n` a native function, `o` outside, `h` hidden, `c` a definition entered from a native or outside. */
export type Kind = "d" | "n" | "o" | "h" | "c";

export interface Hooks {
  /** The callee of `f(…)`, which tells when it is called. */
  value(site: number, callee: unknown): unknown;
  member(site: number, flags: number, object: unknown, key: unknown): unknown;
  inherited(site: number, self: unknown, callee: unknown): unknown;
  construct(site: number, callee: unknown, args: unknown[]): unknown;
  /** The callee of a `new` that stays one, before its arguments are evaluated; `made` comes behind them. */
  chosen(site: number, callee: unknown): unknown;
  made(site: number): unknown[];
  super(site: number, newTarget: unknown, here: number): unknown[];
  /** The body of a definition starts to run. */
  enter: (this: void, definition: number) => void;
}

/** A frame of the stack. */
export interface Caller {
  getFileName(): string | null | undefined;
  isAsync(): boolean;
}
