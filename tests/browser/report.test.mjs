// SPDX-License-Identifier: Apache-2.0
// The report of a run: one file, opened from a disk with the network cut, on screens of two sizes and on paper.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DESK, PHONE, document as asked, picture, pixity, profile, seed, temporaryFolder, test } from './kit.mjs';
import { accessible, drawn, fits } from './look.mjs';

const home = seed();
const folder = temporaryFolder();
const reportOf = (run) => {
  const file = join(folder, `${run}.html`);
  pixity(home, ['report', run, '--out', file]);
  return file;
};
const files = { meta: reportOf('meta'), 'every-event': reportOf('every-event'), walk: reportOf('walk') };

/** Opens the file with no network; nothing but the file is asked for. */
async function open(desk, file, options = {}) {
  const context = await profile(desk, { offline: true, origins: ['file://'], ...options });
  const asks = [];
  context.on('request', (request) => asks.push(request.url()));
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.querySelector('#static') === null && document.querySelector('[aria-busy="true"], .state.loading') === null);
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  assert.deepEqual(asks.filter((url) => !/^(data|blob):/.test(url)), [pathToFileURL(file).href], 'only the file itself is read');
  return page;
}

for (const theme of ['light', 'dark']) {
  for (const [name, size] of [['desk', DESK], ['phone', PHONE]]) {
    test(`a report in ${theme} on a ${name} draws everything without a network`, async (desk) => {
      const page = await open(desk, files.meta, { theme, size });
      await drawn(page, 'the report', 3);
      await fits(page, 'the report');
      await accessible(page, 'the report');
      await picture(page, `report-${name}-${theme}`, { fullPage: true });
    });
  }
}

test('its figures are those of the run', async (desk) => {
  const page = await open(desk, files.meta);
  const run = asked(home, 'runs', 'show', 'meta');
  const text = await page.innerText('main');
  for (const warning of run.warnings) assert.ok(text.includes(warning), warning);
  assert.ok(text.includes(run.fingerprint.slice(0, 12)), 'the fingerprint');
  const trades = asked(home, 'runs', 'trades', 'meta');
  assert.equal(await page.locator('.run-lists .pager').innerText().then((words) => Number(/of (\d+)/.exec(words)[1])), trades.length);
});

test('a trade that is chosen shows its stop and target', async (desk) => {
  const page = await open(desk, files.meta);
  const [trade] = asked(home, 'runs', 'trades', 'meta');
  await page.locator('.run-lists tbody tr').first().getByRole('button').first().click();
  const words = (await page.locator('.chosen').innerText()).replaceAll(',', '');
  for (const value of [trade.stop, trade.target, trade.entry_price, trade.exit_price]) assert.ok(words.includes(value.toFixed(2)), `${value} in ${words}`);
});

test('thousands of trades stay small and quick to open', async (desk) => {
  assert.ok(asked(home, 'runs', 'trades', 'every-event').length > 1000);
  assert.ok(statSync(files['every-event']).size < 2_000_000, `${statSync(files['every-event']).size} bytes`);
  const page = await open(desk, files['every-event']);
  await drawn(page, 'the report', 3);
});

test('it prints: text, figures and charts on paper', async (desk) => {
  const page = await open(desk, files.walk, { theme: 'dark' });
  const paper = join(folder, 'walk.pdf');
  writeFileSync(paper, await page.pdf({ format: 'A4', printBackground: false }));
  const text = execFileSync('pdftotext', ['-layout', paper, '-'], { encoding: 'utf8' });
  const run = asked(home, 'runs', 'show', 'walk');
  for (const word of ['walk', 'Equity and drawdown', 'Monthly returns', 'All metrics', run.fingerprint.slice(0, 12)]) assert.ok(text.includes(word), `${word} is not on paper`);
  const trades = asked(home, 'runs', 'trades', 'walk');
  const last = trades.at(-1).entry_ts.slice(11, 16);
  assert.ok(text.includes(last), 'all trades are on paper');
  const images = execFileSync('pdfimages', ['-list', paper], { encoding: 'utf8' }).split('\n').length - 3;
  assert.ok(images >= 2, `${images} charts on paper`);
});

test('without JavaScript the figures are there', async (desk) => {
  const context = await profile(desk, { offline: true, origins: ['file://'], javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(files.meta).href);
  const text = await page.innerText('#static');
  assert.ok(text.includes('meta') && text.includes('RELIANCE') && /net/i.test(text) && /gross/i.test(text), text.slice(0, 300));
  await fits(page, 'the plain report');
});
