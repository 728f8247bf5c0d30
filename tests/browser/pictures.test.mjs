// SPDX-License-Identifier: Apache-2.0
// The pictures of the README, from a seeded store. They go to build/screenshots, and with PIXITY_README_PICTURES=1 to
// docs/images. What depends on the day and the machine is replaced, so that they change with the page only.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endedJobs, PICTURES, pixity, seed, serve, settled, SOURCE, test, visit, waitFor } from './kit.mjs';
import { drawn } from './look.mjs';

const home = seed();
const server = await serve(home);
pixity(home, ['backtest', '--strategy', 'ema_cross', '--symbol', 'RELIANCE', '--timeframe', '1h', '--start', '2023-01-01', '--run-id', 'crossing']);
const jobs = await endedJobs(server, { train: ['/models', { symbol: 'RELIANCE', timeframe: '5m', start: '2022-01-01', end: '2022-12-31', name: 'RELIANCE_5m' }] });
const folder = process.env.PIXITY_README_PICTURES === '1' ? join(SOURCE, 'docs', 'images') : PICTURES;

/** Every moment of these days, and the folder of this test, in what the server tells; the bars end before. */
const timeless = (text) => text.replaceAll(home, '/home/trader/pixity-data')
  .replace(/"(20\d\d)-\d\d-\d\dT[^"]*"/g, (moment, year) => (year > '2023' ? '"2024-01-02T10:00:00+05:30"' : moment));

const SHOWN = {
  backtest: ['#/?strategy=pixityAI_meta&symbol=RELIANCE&timeframe=15m&start=2023-01-01&end=2023-11-28&model=RELIANCE_15m', 0, 'light'],
  run: ['#/runs/meta', 2, 'light'],
  chart: ['#/runs/meta?tab=chart&trade=43&ind=ema20,vwap', 1, 'dark'],
  compare: ['#/compare?ids=meta,crossing,pivot', 1, 'light'],
  train: [`#/train?symbol=RELIANCE&timeframe=5m&start=2022-01-01&end=2022-12-31&name=RELIANCE_5m&job=${jobs.train}`, 0, 'light'],
};

for (const [name, [address, charts, theme]] of Object.entries(SHOWN)) {
  test(`the picture of ${name}`, async (desk) => {
    const page = await visit(desk, server, '#/nowhere', { theme, size: { width: 1280, height: 860 } });
    await page.route('**/api/v1/**', async (route) => {
      if (route.request().url().endsWith('/stream')) return route.continue();
      const response = await route.fetch();
      if (!/json/.test(response.headers()['content-type'] ?? '')) return route.fulfill({ response });
      return route.fulfill({ response, body: timeless(await response.text()) });
    });
    await page.reload();
    await page.evaluate((hash) => { location.hash = hash; }, address);
    await settled(page);
    await drawn(page, name, charts);
    if (name === 'chart') await page.evaluate(() => document.querySelector('[role="tablist"]').scrollIntoView());
    else await page.evaluate(() => scrollTo(0, 0));
    await page.mouse.move(0, 0);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    let last = Buffer.alloc(0);
    await waitFor('a picture that stays', async () => {
      const now = await page.screenshot({ animations: 'disabled' });
      const same = now.equals(last);
      last = now;
      return same;
    });
    writeFileSync(path, last);
    assert.ok(last.length < 300_000, `${last.length} bytes`);
    assert.ok(!(await page.innerText('body')).includes(home), 'no path of this machine');
  });
}
