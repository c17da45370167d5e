/** The feed of regressions: what the paired gate convicted, newest first, as RSS and as JSON. */
import { escapeHtml, formatChange, shorten, visible } from "../format.ts";
import { HISTORY_PATH } from "../paths.ts";
import { FEED_ENTRIES } from "./limits.ts";
import { type Alert, listAlerts } from "./history.ts";
import type { Store } from "./open.ts";

interface FeedEntry {
  id: string;
  title: string;
  text: string;
  at: string;
}

function entries(store: Store): FeedEntry[] {
  return listAlerts(store)
    .toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1))
    .slice(0, FEED_ENTRIES)
    .map((alert) => ({ id: alert.id, title: titleOf(alert), text: textOf(alert), at: alert.openedAt }));
}

const titleOf = ({ commit, series, state }: Alert): string =>
  visible(`Commit ${commit.slice(0, 10)}: ${shorten(series.map(({ caseId }) => caseId).join(", "), 200)} (${state})`);

const textOf = ({ series }: Alert): string =>
  series
    .map(({ caseId, ratio, low, high }) =>
      visible(
        `${shorten(caseId, 120)} ${formatChange(ratio - 1)} [${formatChange(low - 1)}, ${formatChange(high - 1)}]`,
      ),
    )
    .join("; ");

/**
 * RSS 2.0.
 *
 * @param origin of the published site, without a final slash
 */
export function rssFeed(store: Store, origin: string): string {
  const page = `${origin}${HISTORY_PATH}`;
  const items = entries(store).map(
    ({ id, title, text, at }) =>
      `<item><title>${escapeHtml(title)}</title><link>${page}</link><guid isPermaLink="false">${escapeHtml(visible(id))}</guid>` +
      `<pubDate>${new Date(at).toUTCString()}</pubDate><description>${escapeHtml(text)}</description></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Drift: regressions</title><link>${page}</link><description>Commits that the paired gate convicted.</description>
${items.join("\n")}
</channel></rss>
`;
}

/** JSON Feed 1.1. */
export function jsonFeed(store: Store, origin: string): string {
  const feed = {
    version: "https://jsonfeed.org/version/1.1",
    title: "Drift: regressions",
    home_page_url: `${origin}${HISTORY_PATH}`,
    feed_url: `${origin}/data/feed.json`,
    items: entries(store).map(({ id, title, text, at }) => ({
      ...{ id, url: `${origin}${HISTORY_PATH}`, title, content_text: text, date_published: at },
    })),
  };
  return `${JSON.stringify(feed, null, 1)}\n`;
}
