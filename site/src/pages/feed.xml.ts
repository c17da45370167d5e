import { rssFeed } from "../data/feed.ts";
import { siteOrigin, siteStore } from "../data/site.ts";

export const GET = () => new Response(rssFeed(siteStore(), siteOrigin(process.env)));
