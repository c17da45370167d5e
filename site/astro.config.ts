import { defineConfig } from "astro/config";

/** Astro does the pages and nothing else: no client framework, no network. */
export default defineConfig({
  output: "static",
  trailingSlash: "always",
  compressHTML: true,
  devToolbar: { enabled: false },
  // The highlighter colours by inline styles.
  markdown: { syntaxHighlight: false },
  // Inline styles and scripts are forbidden by the content security policy of every page.
  build: { inlineStylesheets: "never", assets: "assets", format: "directory" },
  vite: {
    build: { assetsInlineLimit: 0 },
    ssr: { external: ["better-sqlite3", "@observablehq/plot", "linkedom", "sharp", "zod"] },
  },
});
