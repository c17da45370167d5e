export { type BuildOptions, type BuildResult, buildSite, recoverSite } from "./build.ts";
export { DriftError } from "./errors.ts";
export { type SiteServer, serveSite } from "./serve.ts";
