import type { APIRoute } from "astro";
import { readLeaderboard } from "../../data/board.ts";
import { siteStore } from "../../data/site.ts";
import { cardPng, type CardText, siteCard, toolCard } from "../../data/social-card.ts";
import { listTools } from "../../data/tools.ts";
import { cardName } from "../../paths.ts";

export function getStaticPaths() {
  const store = siteStore();
  const tools = listTools(store).map(({ name, run }) => ({ name: cardName(name), card: toolCard(run) }));
  return [{ name: cardName(null), card: siteCard(readLeaderboard(store).totals) }, ...tools].map(({ name, card }) => ({
    params: { name },
    props: { card },
  }));
}

export const GET: APIRoute<{ card: CardText }> = async ({ props }) => new Response(await cardPng(props.card));
