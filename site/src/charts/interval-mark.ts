/** The small mark beside a figure: where it lies between 0 and 1, and how sure that is. */

const WIDTH = 132;
const HEIGHT = 12;
const PADDING = 4;

/**
 * An SVG of the figure on a scale from 0 to 1: a line for the 95 % interval, a dot for the value and, when given,
 * a short bar at the floor. Figures outside the scale are drawn at its end. It is hidden from screen readers,
 * since the numbers always stand beside it. Empty when there is no figure.
 */
export function intervalMark(
  estimate: { value: number | null; low: number | null; high: number | null },
  floor: number | null = null,
): string {
  const { value, low, high } = estimate;
  if (value === null) return "";
  const middle = HEIGHT / 2;
  const parts = [
    line("mark-axis", position(0), middle, position(1), middle),
    line("mark-axis", position(0), middle - 3, position(0), middle + 3),
    line("mark-axis", position(1), middle - 3, position(1), middle + 3),
  ];
  if (floor !== null) parts.push(line("mark-floor", position(floor), 1, position(floor), HEIGHT - 1));
  if (low !== null && high !== null) parts.push(line("mark-interval", position(low), middle, position(high), middle));
  parts.push(`<circle class="mark-value" cx="${position(value)}" cy="${middle}" r="2.5"/>`);
  return `<svg class="mark" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" focusable="false">${parts.join("")}</svg>`;
}

function position(share: number): number {
  const clipped = Math.min(1, Math.max(0, share));
  return Math.round((PADDING + clipped * (WIDTH - 2 * PADDING)) * 100) / 100;
}

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}
