// SPDX-License-Identifier: Apache-2.0
// Two products of one build: the page (index.html and assets/) and the template of a report (report.html), one file
// with its script and style inside, since a report is opened from a disk without a server.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, defineConfig, type Plugin, type UserConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const common: UserConfig = {
  root: here('.'),
  publicDir: here('public'),
  clearScreen: false,
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
};

/** Script and style of the report as text: a build of its own, since one file cannot share pieces with the page. */
async function reportParts(): Promise<{ script: string; style: string }> {
  const result = await build({
    ...common,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ...common.build,
      write: false,
      cssCodeSplit: false,
      lib: { entry: here('src/report.ts'), formats: ['iife'], name: 'pixityReport', fileName: 'report' },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
  const script = outputs.find((one) => one.type === 'chunk');
  const style = outputs.find((one) => one.type === 'asset' && one.fileName.endsWith('.css'));
  if (script?.type !== 'chunk' || style?.type !== 'asset') throw new Error('the report has no script or no style');
  return { script: script.code, style: String(style.source) };
}

/** Text that stands inside <script> or <style> must not end it. */
const inside = (text: string, tag: string): string => text.replaceAll(`</${tag}`, `<\\/${tag}`);

function report(): Plugin {
  return {
    name: 'pixity-report',
    apply: 'build',
    async generateBundle() {
      const { script, style } = await reportParts();
      const source = readFileSync(here('report.html'), 'utf8')
        .replace('<link rel="stylesheet" href="/src/style.css" />', () => `<style>${inside(style, 'style')}</style>`)
        .replace('<script type="module" src="/src/report.ts"></script>', () => `<script>${inside(script, 'script')}</script>`);
      if (source.includes('src="/') || source.includes('href="/')) throw new Error('report.html still points to a file');
      this.emitFile({ type: 'asset', fileName: 'report.html', source });
    },
  };
}

export default defineConfig({
  ...common,
  plugins: [report()],
  server: {
    // `pixity serve` answers /api; PIXITY_URL is its address without the token.
    proxy: { '/api': { target: process.env['PIXITY_URL'] ?? 'http://127.0.0.1:8080', changeOrigin: true } },
  },
});
