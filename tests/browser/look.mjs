// SPDX-License-Identifier: Apache-2.0
// What must hold of every page that is shown: charts are drawn, nothing hangs over the edge, and assistive technology
// can read it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** axe-core finds nothing serious or critical. */
export async function accessible(page, where) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const grave = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
  const told = grave.map((one) => `${one.impact} ${one.id}: ${one.help}\n${one.nodes.slice(0, 4).map((node) => `  ${node.html.slice(0, 200)}\n    ${node.failureSummary.split('\n').slice(1, 3).join(' ')}`).join('\n')}`);
  assert.equal(grave.length, 0, `${where}: ${told.join('\n')}`);
}

/** The page itself does not scroll sideways; wide tables and charts do it inside. */
export async function fits(page, where) {
  const found = await page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const inside = (element) => element.parentElement?.closest('.table-scroll, [style*="overflow"], pre') !== null && element.parentElement?.closest('.table-scroll, pre') !== undefined;
    const beyond = [...document.querySelectorAll('main *, header *')].filter((element) => element.getBoundingClientRect().right > wide + 1 && !inside(element));
    return { scroll: document.documentElement.scrollWidth, wide, beyond: beyond.slice(0, 5).map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`) };
  });
  assert.ok(found.scroll <= found.wide, `${where}: ${found.scroll} px wide on a screen of ${found.wide}: ${found.beyond.join('; ')}`);
}

/** Every chart has something on it: of the canvases of each, one at least has several colours; every SVG has shapes. */
export async function drawn(page, where, least) {
  const charts = await page.evaluate(() => {
    const colours = (canvas) => {
      const { width, height } = canvas;
      if (width * height === 0) return 0;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      const words = new Uint32Array(data.buffer);
      const seen = new Set();
      for (let i = 0; i < words.length && seen.size < 8; i += 3) if (words[i] >>> 24 > 0) seen.add(words[i]);
      return seen.size;
    };
    const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
    const stages = new Map();
    for (const canvas of [...document.querySelectorAll('canvas')].filter(shown)) {
      const stage = canvas.closest('.candles-stage, .uplot, .chart-picture');
      stages.set(stage, Math.max(stages.get(stage) ?? 0, colours(canvas)));
    }
    const pictures = [...document.querySelectorAll('main svg')].filter(shown).map((svg) => [svg.closest('figure, section')?.textContent.slice(0, 40), svg.querySelectorAll('rect, path, line').length + 3]);
    return [...[...stages].map(([stage, seen]) => [stage?.getAttribute('aria-label') ?? stage?.className, seen]), ...pictures];
  });
  for (const [name, seen] of charts) assert.ok(seen >= 4, `${where}: the chart ${name} is empty`);
  assert.ok(charts.length >= least, `${where}: ${charts.length} charts, ${least} expected: ${JSON.stringify(charts)}`);
}
