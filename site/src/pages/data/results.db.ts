import { smallDatabase } from "../../data/small-database.ts";
import { siteFiles } from "../../data/site.ts";

export const GET = () => new Response(smallDatabase(siteFiles().db));
