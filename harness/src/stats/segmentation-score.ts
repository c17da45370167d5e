/** How well change points agree with those that people marked. */

/** What one annotator marked: 0-based first values after a change, ascending; none is an answer too. */
export type Annotation = readonly number[];

/** A mark is met by a change point that is at most so many values away. */
const MARGIN = 5;

/**
 * F1 of change points against several annotators. Index 0 is always a change point and always marked. Precision is
 * against all marks together, recall is the mean over annotators; each mark is met once.
 *
 * @param annotations at least one
 * @returns in (0, 1]
 * @see van den Burg and Williams, "An Evaluation of Change Point Detection Algorithms", 2020, section 5
 */
export function changePointF1(annotations: readonly Annotation[], found: readonly number[]): number {
  const points = withStart(found);
  const marks = annotations.map(withStart);
  const precision = met(withStart(marks.flat()), points) / points.length;
  const recall = mean(marks.map((one) => met(one, points) / one.length));
  return (2 * precision * recall) / (precision + recall);
}

/**
 * Covering: for each annotator, how much of each marked segment the best found one overlaps (Jaccard), weighted by the
 * segment's length; the mean over annotators.
 *
 * @param length of the series
 * @returns in (0, 1]
 * @see as above; Arbelaez et al., "Contour Detection and Hierarchical Image Segmentation", 2010
 */
export function covering(annotations: readonly Annotation[], found: readonly number[], length: number): number {
  const segments = segmentsOf(found, length);
  return mean(
    annotations.map((marks) =>
      segmentsOf(marks, length).reduce(
        (sum, segment) =>
          sum + ((segment.to - segment.from) / length) * Math.max(...segments.map((one) => jaccard(segment, one))),
        0,
      ),
    ),
  );
}

function withStart(points: readonly number[]): number[] {
  return [...new Set([0, ...points])].toSorted((a, b) => a - b);
}

/** How many marks have a point of their own nearby: the nearest one that no earlier mark took. */
function met(marks: readonly number[], points: readonly number[]): number {
  const free = new Set(points);
  return marks.filter((mark) => {
    const near = [...free].filter((point) => Math.abs(point - mark) <= MARGIN);
    const nearest = near.toSorted((a, b) => Math.abs(a - mark) - Math.abs(b - mark))[0];
    return nearest !== undefined && free.delete(nearest);
  }).length;
}

interface Segment {
  from: number;
  /** Exclusive. */
  to: number;
}

function segmentsOf(points: readonly number[], length: number): Segment[] {
  const starts = withStart(points).filter((point) => point < length);
  return starts.map((from, i) => ({ from, to: starts[i + 1] ?? length }));
}

function jaccard(a: Segment, b: Segment): number {
  const both = Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
  return both / (a.to - a.from + (b.to - b.from) - both);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
