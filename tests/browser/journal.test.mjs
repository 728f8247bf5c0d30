// SPDX-License-Identifier: Apache-2.0
// The journal of stored bars on the page: what changed them, back again, away, another name, and whether files are whole.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESK, document, expectProblem, PHONE, picture, pixity, serve, settled, temporaryFolder, test, visit, waitFor } from './kit.mjs';
import { accessible, fits } from './look.mjs';

const home = join(temporaryFolder(), 'home');
pixity(home, ['synth', '--symbol', 'WALK', '--days', '20', '--seed', '3', '--start', '2022-01-03']);
const [head, ...bars] = pixity(home, ['data', 'export', '--symbol', 'WALK', '--csv']).trim().split('\n');
for (const [name, from, to] of [['january.csv', 0, 3000], ['rest.csv', 3000, 7500]]) {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, [head, ...bars.slice(from, to), ''].join('\n'));
  pixity(home, ['import', file, '--symbol', 'TCS_1min', '--timeframe', '1m']);
}
const server = await serve(home);

const stored = (symbol) => document(home, 'data', 'list').find((one) => one.symbol === symbol)?.bars ?? 0;
const journal = (page, name) => page.getByRole('table', { name }).getByRole('row');
const comesTo = (symbol, bars) => waitFor(`${symbol} to have ${bars} bars`, () => stored(symbol) === bars);
const answer = async (page, button) => {
  await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
  await settled(page);
};

test('a change is taken back after a question, and so is that', async (desk) => {
  const page = await visit(desk, server, '#/data');
  assert.equal(await journal(page, 'Journal').count(), 4, 'the entries of all instruments');
  await page.getByRole('button', { name: 'TCS_1min', exact: true }).click();
  await settled(page);
  const rows = journal(page, 'Journal of TCS_1min');
  assert.match(await rows.nth(1).innerText(), /2\s.*Import of rest\.csv[\s\S]*4,500 new\s+2022-01-1\d to 2022-01-28/);
  await page.getByRole('button', { name: 'Undo entry 2 of TCS_1min 1m' }).click();
  await answer(page, 'Cancel');
  assert.equal(stored('TCS_1min'), 7500);
  await page.getByRole('button', { name: 'Undo entry 2 of TCS_1min 1m' }).click();
  assert.match(await page.getByRole('dialog').innerText(), /Import of rest\.csv: 4,500 new/);
  await answer(page, 'Undo');
  await page.getByText('Entry 2 taken back').waitFor();
  await comesTo('TCS_1min', 3000);
  assert.match(await rows.nth(2).innerText(), /taken back/);
  await page.getByRole('button', { name: 'Undo entry 3 of TCS_1min 1m' }).click();
  await answer(page, 'Undo');
  await page.getByText('Entry 3 taken back').waitFor();
  await comesTo('TCS_1min', 7500);
});

test('what cannot be taken back is told in words', async (desk) => {
  const page = await visit(desk, server, '#/data?symbol=TCS_1min');
  pixity(home, ['data', 'delete', 'TCS_1min', '--start', '2022-01-03', '--end', '2022-01-03']);
  await page.getByRole('button', { name: 'Undo entry 1 of TCS_1min 1m' }).click();
  await answer(page, 'Undo');
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /Entry 1 of TCS_1min 1m was not taken back[\s\S]*entry 5 changed some of the same bars/);
  expectProblem(page.context(), /400 \(Bad Request\)/);
  pixity(home, ['data', 'undo', 'TCS_1min']);
});

test('bars go and come back, and take another name', async (desk) => {
  const page = await visit(desk, server, '#/data?symbol=TCS_1min&timeframe=1m');
  await page.getByText('Delete bars', { exact: true }).first().click();
  await page.getByLabel('From', { exact: true }).fill('2022-01-04');
  await page.getByLabel('To, inclusive').fill('2022-01-04');
  await page.getByRole('button', { name: 'Delete bars' }).click();
  assert.match(await page.getByRole('dialog').innerText(), /1m bars of TCS_1min, 2022-01-04 to 2022-01-04/);
  await answer(page, 'Delete bars');
  await page.getByRole('button', { name: 'Undo entry 7 of TCS_1min 1m' }).waitFor();
  await settled(page);
  assert.equal(stored('TCS_1min'), 7125);

  await page.getByText('Delete bars', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Delete bars' }).click();
  await answer(page, 'Delete bars');
  await comesTo('TCS_1min', 0);
  await page.getByRole('button', { name: /^Undo entry 8 of TCS_1min/ }).click(); // from the journal of all instruments
  await answer(page, 'Undo');
  await page.getByRole('table', { name: 'Journal of TCS_1min' }).waitFor();
  await settled(page);
  assert.equal(stored('TCS_1min'), 7125);

  await page.getByText('Rename', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByText('Give the new name.').waitFor();
  await page.getByLabel('New name').fill('WALK');
  await page.getByRole('button', { name: 'Rename' }).click();
  await answer(page, 'Rename');
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /nothing was changed[\s\S]*WALK has bars of its own/);
  expectProblem(page.context(), /409 \(Conflict\)/);
  await page.getByLabel('New name').fill('TCS');
  await page.getByRole('button', { name: 'Rename' }).click();
  await answer(page, 'Rename');
  await page.getByRole('table', { name: 'Journal of TCS' }).waitFor();
  assert.deepEqual([stored('TCS_1min'), stored('TCS')], [0, 7125]);
});

test('a damaged file is named', async (desk) => {
  const page = await visit(desk, server, '#/data');
  await page.getByRole('button', { name: 'Verify all files' }).click();
  await page.getByText('2 files: each is what was written').waitFor();
  const folder = join(home, 'candles', readdirSync(join(home, 'candles')).find((name) => name.endsWith('WALK')), '1m');
  const file = join(folder, '2022.parquet');
  const whole = readFileSync(file);
  const broken = Buffer.from(whole);
  broken[Math.floor(broken.length / 3)] ^= 4;
  writeFileSync(file, broken);
  await page.getByRole('button', { name: 'Verify all files' }).click();
  await page.getByText('1 of 2 files is damaged').waitFor();
  assert.match(await page.getByRole('table', { name: 'Damaged files' }).innerText(), /WALK\s+1m\s+2022\s+.*2022\.parquet is damaged/);
  await fits(page, 'verified');
  writeFileSync(file, whole);
});

test('it can be read on either screen, in either light', async (desk) => {
  for (const [size, looked] of [['desk', 'light'], ['phone', 'dark']]) {
    const page = await visit(desk, server, '#/data?symbol=TCS&timeframe=1m', { size: { desk: DESK, phone: PHONE }[size] });
    assert.match(await journal(page, 'Journal of TCS').nth(1).innerText(), /NSE_EQ\|TCS_1min is NSE_EQ\|INE467B01029 now/);
    await page.getByText('How it was read').last().click();
    await page.getByText('Rename', { exact: true }).first().click();
    await page.getByText('Delete bars', { exact: true }).first().click();
    await fits(page, size);
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      await settled(page);
      await page.evaluate(() => scrollTo(0, 0));
      await picture(page, `journal-${size}-${theme}`, { fullPage: true });
      if (theme === looked) await accessible(page, `${size}, ${theme}`);
    }
  }
});
