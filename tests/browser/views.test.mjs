// SPDX-License-Identifier: Apache-2.0
// Every view at two sizes in both themes: everything is drawn, nothing hangs over the edge, axe-core finds nothing
// serious, the console stays empty. The pictures go to build/screenshots.
import assert from 'node:assert/strict';
import { endedJobs, DESK, PHONE, picture, seed, serve, settled, temporaryFolder, test, visit } from './kit.mjs';
import { accessible, drawn, fits } from './look.mjs';

const server = await serve(seed());
const empty = await serve(temporaryFolder());
const jobs = await endedJobs(server, {
  audit: ['/audits', { symbol: 'RELIANCE', timeframe: '1h' }],
  train: ['/models', { symbol: 'RELIANCE', timeframe: '5m', name: 'shown' }],
  check: ['/data/checks', {}],
  broken: ['/runs', { symbol: 'RELIANCE', timeframe: '15m', strategy: 'pixityAI_meta', start: '2031-01-01' }],
});

/** name: address, how many charts it has, server. */
const VIEWS = {
  backtest: ['#/?strategy=pixityAI_meta&symbol=RELIANCE&timeframe=15m', 0],
  'backtest-failed': [`#/?job=${jobs.broken}`, 0],
  run: ['#/runs/meta', 2],
  'run-chart': ['#/runs/meta?tab=chart&trade=5&ind=ema20,vwap,adx', 1],
  'run-events': ['#/runs/meta?tab=chart&list=events', 1],
  'run-metrics': ['#/runs/meta?tab=metrics', 0],
  'run-setup': ['#/runs/meta?tab=setup', 0],
  'run-failed': ['#/runs/broken', 0],
  runs: ['#/runs', 0],
  compare: ['#/compare?ids=meta,cross,pivot', 1],
  train: [`#/train?job=${jobs.train}`, 0],
  model: ['#/models/RELIANCE_15m', 0],
  audit: [`#/audit?job=${jobs.audit}`, 0],
  data: ['#/data?symbol=RELIANCE&timeframe=1m&day=2022-03-01', 1],
  'data-checked': [`#/data?job=${jobs.check}`, 0],
  accounts: ['#/accounts', 0],
  account: ['#/accounts/desk', 1],
  nowhere: ['#/nowhere', 0],
  'empty-backtest': ['#/', 0, empty],
  'empty-runs': ['#/runs', 0, empty],
  'empty-train': ['#/train', 0, empty],
  'empty-data': ['#/data', 0, empty],
  'empty-accounts': ['#/accounts', 0, empty],
};

for (const [name, [address, charts, where = server]] of Object.entries(VIEWS)) {
  test(`the view ${name} is readable on a desk and a phone, light and dark`, async (desk) => {
    const page = await visit(desk, where, address);
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      for (const [device, size] of [['desk', DESK], ['phone', PHONE]]) {
        await page.setViewportSize(size);
        await settled(page);
        const told = `${name} on a ${device}, ${theme}`;
        await drawn(page, told, charts);
        await fits(page, told);
        if (device === 'desk' || theme === 'light') await accessible(page, told);
        await picture(page, `${name}-${device}-${theme}`, { fullPage: true });
      }
    }
    assert.match(await page.title(), /Pixity/);
  });
}

test('the largest screen is used and stays readable', async (desk) => {
  const page = await visit(desk, server, '#/runs/meta', { size: { width: 3840, height: 2160 } });
  await drawn(page, 'a run at 4K', 2);
  const size = await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  assert.ok(size >= 18, `${size} px`);
  await picture(page, 'run-4k-light');
});

test('what a reader chose is kept: theme and digits', async (desk) => {
  const page = await visit(desk, server, '#/runs/every-event');
  const profit = page.locator('.kpi', { hasText: 'Profit' }).first();
  await page.getByLabel('Digit grouping').selectOption('indian');
  assert.match(await profit.innerText(), /₹-?−?\d,\d\d,\d{3}|₹?−?\d{1,2},\d{3}/);
  await page.getByLabel('Digit grouping').selectOption('international');
  await settled(page);
  await page.getByLabel('Theme').selectOption('dark');
  await page.reload();
  await settled(page);
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  assert.equal(await page.getByLabel('Digit grouping').inputValue(), 'international');
});

test('a day on the chart of its series shows single bars', async (desk) => {
  const page = await visit(desk, server, '#/data?symbol=RELIANCE&timeframe=1m&day=2022-03-01');
  await page.getByText(/^1m bars, Asia\/Kolkata time\.$/).waitFor();
});
