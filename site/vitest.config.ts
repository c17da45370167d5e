import { packageTests } from "../vitest.base.ts";

export default packageTests({
  exclude: [
    // Endpoints and content that only Astro can load (its router, `import.meta.glob`): pages.test.ts builds them.
    "src/pages/**",
    "src/content/**",
    // These run in the reader's browser: browser.test.ts uses them there.
    "src/scripts/**",
    "src/env.d.ts",
  ],
});
