// SPDX-License-Identifier: Apache-2.0
// A run over bars with an error and a hole: accepted in the form, and told on the run with what else was cut short.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, expectProblem, picture, pixity, serve, settled, temporaryFolder, test, visit } from './kit.mjs';
import { accessible, fits } from './look.mjs';

const DAY = 375;
const home = join(temporaryFolder(), 'home');
pixity(home, ['synth', '--symbol', 'S', '--kind', 'trend', '--days', '60', '--seed', '3', '--start', '2022-01-03']);
const [head, ...bars] = pixity(home, ['data', 'export', '--symbol', 'S', '--csv']).trim().split('\n');
pixity(home, ['data', 'delete', 'S', '--forget']);
const rows = bars.map((line, i) => {
  const [time, ...values] = line.split(',');
  const scale = Math.floor(i / DAY) === 20 ? 1.5 : 1; // a day of another instrument
  return [time, ...values.slice(0, 4).map((value) => (Number(value) * scale).toFixed(2)), values[4]].join(',');
});
rows.splice(5 * DAY + 90, 60); // four bars of 15m
writeFileSync(join(home, '..', 's.csv'), [head, ...rows, ''].join('\n'));
pixity(home, ['import', join(home, '..', 's.csv'), '--symbol', 'S', '--as-is']);
const server = await serve(home);

test('an error of the bars refuses the run until it is accepted, and stays on it', async (desk) => {
  const page = await visit(desk, server, '#/?strategy=ema_cross&symbol=S&timeframe=15m&set.max_position_size=20');
  const command = page.locator('code.command');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForSelector('.job[data-state="failed"]');
  assert.match(await page.locator('.job').getByRole('alert').innerText(), /bad_price: Prices jump[\s\S]*--accept bad_price/);

  await page.getByLabel('Accept findings').fill('bad_price, gapp');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.field-error', { hasText: 'gapp' }).waitFor();
  await page.getByLabel('Accept findings').fill('bad_price split');
  await page.getByLabel('Run id').fill('accepted');
  assert.match(await command.innerText(), /--accept bad_price --accept split/);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/#\/runs\/accepted/);
  await settled(page);
  assert.equal(document(home, 'runs', 'show', 'accepted').request.accept, 'bad_price,split');
  assert.match(await page.locator('.notice.error').innerText(), /findings[\s\S]*Accepted: .*Prices jump to another level/);
  const again = await page.getByRole('link', { name: 'Run again' }).getAttribute('href');
  assert.equal(new URLSearchParams(again.split('?')[1]).get('accept'), 'bad_price,split');
  expectProblem(page.context(), /400 \(Bad Request\)/);
});

test('missing bars and cut quantities are shown', async (desk) => {
  const page = await visit(desk, server, '#/runs/accepted?tab=chart');
  await page.getByText('1 break, where 4 bars are missing.').waitFor();
  const trades = page.getByRole('table', { name: 'Trades' });
  assert.match(await trades.getByRole('row').nth(0).innerText(), /Cut by/);
  assert.match(await trades.getByRole('row').nth(1).innerText(), /max position size/);
  await trades.getByRole('row').nth(1).getByRole('button').click();
  await page.getByText('cut by max position size: the largest quantity of a trade').waitFor();
  await settled(page);
  await fits(page, 'run');
  await accessible(page, 'run');
  await picture(page, 'run-break', { fullPage: true });
  await page.getByRole('button', { name: 'Events', exact: true }).click();
  assert.match(await page.getByRole('table', { name: 'Events' }).getByRole('row').nth(1).innerText(), /max position size/);
});
