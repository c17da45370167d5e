/** Where a long step stands; `total` is 0 when it cannot be known. */
export interface Progress {
  phase: string;
  done: number;
  total: number;
}

export type OnProgress = (progress: Progress) => void;
