import { jsonFeed } from "../../data/feed.ts";
import { siteOrigin, siteStore } from "../../data/site.ts";

export const GET = () => new Response(jsonFeed(siteStore(), siteOrigin(process.env)));
