/** How stored figures are written on a page. Nothing here changes a figure except by rounding it for display. */

/** What stands where nothing was measured. */
export const NOT_MEASURED = "not measured";

/** A share in [0, 1] with three digits, or a dash when it is undefined (its denominator was 0). */
export function formatShare(value: number | null): string {
  if (value === null) return "–";
  return value.toFixed(3).replace("-", "−");
}

/** A share as per cent with one digit. */
export function formatPercent(value: number | null): string {
  if (value === null) return "–";
  return `${(value * 100).toFixed(1).replace("-", "−")} %`;
}

/** Points of a category: score times weight; clipped at 0 for display, as the method says. */
export function formatPoints(value: number): string {
  return Math.max(0, value).toFixed(1);
}

/** Whole numbers in groups that no line break parts: 38 114. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+(?!\d))/g, "\u00A0");
}

/** The interval of a figure, `[0.912, 0.947]`, or empty when there is none. */
export function formatInterval(low: number | null, high: number | null): string {
  if (low === null || high === null) return "";
  return `[${formatShare(low)}, ${formatShare(high)}]`;
}

const UNITS = {
  ns: [
    [1e9, "s"],
    [1e6, "ms"],
    [1e3, "µs"],
    [1, "ns"],
  ],
  bytes: [
    [1024 ** 3, "GiB"],
    [1024 ** 2, "MiB"],
    [1024, "KiB"],
    [1, "B"],
  ],
  count: [
    [1e6, "M"],
    [1e3, "k"],
    [1, ""],
  ],
} as const;

/** The divisor and name that make a quantity of this size readable; an unknown unit is kept as it is. */
export function readableUnit(unit: string, size: number): { divisor: number; name: string } {
  if (!Object.hasOwn(UNITS, unit)) return { divisor: 1, name: unit };
  const steps = UNITS[unit as keyof typeof UNITS];
  const step = steps.find(([divisor]) => Math.abs(size) >= divisor) ?? steps[steps.length - 1];
  return step === undefined ? { divisor: 1, name: unit } : { divisor: step[0], name: step[1] };
}

/** A quantity with three significant digits and its unit: `12.4 ms`. */
export function formatQuantity(value: number, unit: string): string {
  const { divisor, name } = readableUnit(unit, value);
  const scaled = value / divisor;
  const digits = scaled >= 1000 ? Math.round(scaled).toString() : Number(scaled.toPrecision(3)).toString();
  return name === "" ? digits : `${digits} ${name}`;
}

/** Milliseconds with three significant digits and a readable unit; none is `0 s`. */
export function formatDuration(ms: number): string {
  return ms === 0 ? "0 s" : formatQuantity(ms * 1e6, "ns");
}

/** Money in US dollars: `2.35 US dollars`; four digits below one, so that what is not nothing is not shown as nothing. */
export function formatDollars(usd: number): string {
  if (usd > 0 && usd < 0.0001) return "less than 0.0001 US dollars";
  return `${usd.toFixed(usd === 0 || usd >= 1 ? 2 : 4)} US dollars`;
}

/**
 * A ratio of two quantities with three significant digits: `0.412`, `12.5`. What is not one is never shown as one, so
 * `0.99994` becomes `0.9999`.
 */
export function formatRatio(value: number): string {
  if (value >= 1000) return formatCount(value);
  const rounded = [3, 4, 5, 6, 7, 8, 9].map((digits) => Number(value.toPrecision(digits)));
  return (rounded.find((candidate) => candidate !== 1) ?? value).toString();
}

/** A change as per cent with its sign: `+4.2 %`. */
export function formatChange(share: number): string {
  return `${share < 0 ? "−" : "+"}${(Math.abs(share) * 100).toFixed(1)} %`;
}

/** `2026-11-23 11:40 UTC`, or the text itself when it is no date. */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${time.toISOString().slice(0, 10)} ${time.toISOString().slice(11, 16)} UTC`;
}

/** At most `limit` characters; what is cut is marked. Surrogate pairs stay whole. */
export function shorten(text: string, limit: number): string {
  const characters = [...text.slice(0, limit * 2 + 2)];
  if (characters.length <= limit) return text;
  return `${characters.slice(0, limit - 1).join("")}…`;
}

/**
 * Text from a tool or corpus as it may stand in HTML: markup escaped, and control and direction-changing
 * characters, which could make a line lie about what it says, shown as their code point.
 */
export function escapeHtml(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The text with control and direction-changing characters replaced by their code point, `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- these are exactly the characters to be shown
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
    (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
