import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server sends a strict Content-Security-Policy: nothing inline, no data: fonts.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (/node_modules\/(echarts|zrender|tslib)\//.test(id)) return "charts";
          if (/node_modules\/@tanstack\/(react-table|table-core)\//.test(id)) return "table";
          if (/node_modules\/(react|react-dom|scheduler|@tanstack)\//.test(id)) return "vendor";
          return undefined;
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: { "/api": "http://localhost:8080" },
  },
});
