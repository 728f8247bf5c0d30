// SPDX-License-Identifier: Apache-2.0
// Train, Audit, Data and Accounts as a reader uses them: what is asked for, what comes back, and what it is told.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, expectProblem, pixity, seed, serve, settled, temporaryFolder, test, visit, waitFor } from './kit.mjs';

const home = seed();
const server = await serve(home);

const rowOf = async (page, table, name) => page.getByRole('table', { name: table }).getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).innerText();
const cells = (text) => text.split(/\t|\n/).map((one) => one.trim()).filter(Boolean);
const done = (page) => page.waitForSelector('.job[data-state="done"]');

// ---- Train ---------------------------------------------------------------------------------------------

test('a training shows its phases, and every event beside the model', async (desk) => {
  const page = await visit(desk, server, '#/train?symbol=RELIANCE&timeframe=15m&end=2022-12-31&learner=logistic&name=by-page');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await done(page);
  await page.waitForSelector('.train-report');
  assert.match(await page.locator('.job details').innerText(), /3 phases/);

  // The figures are those of the same training by the command line.
  const report = document(home, 'train', '--symbol', 'RELIANCE', '--timeframe', '15m', '--end', '2022-12-31', '--learner', 'logistic', '--model-out', 'by-hand');
  const scores = report.out_of_fold;
  const every = cells(await rowOf(page, 'Every event beside the model, out of fold', 'Every event'));
  assert.equal(every[1], String(scores.take_every_event.events));
  assert.equal(every[2], `${scores.take_every_event.mean_R_gross < 0 ? '\u2212' : '+'}${Math.abs(scores.take_every_event.mean_R_gross).toFixed(3)} R`);
  const model = cells(await rowOf(page, 'Every event beside the model, out of fold', 'Model, as configured'));
  assert.equal(model[1], String(scores.as_configured.find((row) => row.side === 'both').events));
  assert.equal(await page.getByRole('table', { name: 'Folds, out of fold' }).getByRole('row').count(), 1 + report.folds_out_of_fold.length);
  assert.equal(await page.locator('.plot circle').count(), scores.calibration.filter((bin) => bin.events > 0).length + scores.thresholds.filter((row) => row.events > 0).length);
  assert.ok((await page.getByText(/in sample/).count()) >= 2, 'what is in sample says so');

  // The scores of one fold are those of that fold.
  await page.getByLabel('Scores of').selectOption('Fold 2');
  assert.equal(cells(await rowOf(page, 'Every event beside the model, out of fold', 'Every event'))[1], String(report.folds_out_of_fold[1].test_events));

  const link = await page.getByRole('link', { name: 'Backtest with this model' }).getAttribute('href');
  assert.match(link, /model=by-page/);
  assert.match(link, /start=2022-12-31/, 'the backtest begins after the training window');

  // A link to the job shows the same again.
  const again = await visit(desk, server, new URL(page.url()).hash);
  await again.waitForSelector('.train-report');
  assert.match(await again.locator('.train-report h2').first().innerText(), /by-page/);
});

test('a training that fails says why, and what is wrong is marked before', async (desk) => {
  const page = await visit(desk, server, '#/train?symbol=WALK&timeframe=1d');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForSelector('.job[data-state="failed"]');
  assert.match(await page.locator('.job').getByRole('alert').innerText(), /WALK/);
  await page.goto(`${server.origin}/#/train?symbol=WALK,RELIANCE&timeframe=15m`);
  await settled(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText('Give the model a name.').waitFor();
});

test('a model is deleted after a question only', async (desk) => {
  document(home, 'train', '--symbol', 'RELIANCE', '--timeframe', '15m', '--end', '2022-12-31', '--model-out', 'short-lived');
  const page = await visit(desk, server, '#/models/short-lived');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.ok(document(home, 'models', 'list').some((model) => model.name === 'short-lived'));
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/#\/train/);
  await settled(page);
  assert.equal(await page.getByRole('link', { name: 'short-lived' }).count(), 0);
  assert.ok(!document(home, 'models', 'list').some((model) => model.name === 'short-lived'));
});

// ---- Audit ---------------------------------------------------------------------------------------------

test('an audit that fails shows the bar on a chart', async (desk) => {
  const page = await visit(desk, server, '#/audit?symbol=WALK&timeframe=5m&profile=reference');
  await page.getByRole('button', { name: 'Audit', exact: true }).click();
  await page.waitForSelector('.checks');
  await settled(page);
  assert.equal(await page.locator('.checks > .check').count(), 15);
  for (const verdict of await page.locator('.checks .verdict').allInnerTexts()) assert.match(verdict, /^\S+\s+(pass|fail|skipped|shown)$/);
  const prefix = page.locator('.check').filter({ has: page.locator('.check-name', { hasText: /^prefix$/ }) });
  assert.match(await prefix.locator('h3').innerText(), /^The first bar: 20\d\d-\d\d-\d\d \d\d:\d\d, swing_(high|low)$/);
  const first = (await prefix.locator('h3').innerText()).slice(15, 31);
  assert.ok((await prefix.locator('.check-detail').innerText()).includes(first), 'the chart is that of the detail');
  assert.ok(await prefix.locator('canvas').first().isVisible());
  assert.equal(await prefix.getByRole('checkbox', { checked: true }).count(), 1, 'the series that differs is drawn');
});

test('an audit can be cancelled', async (desk) => {
  const page = await visit(desk, server, '#/audit?symbol=RELIANCE&timeframe=1m');
  await page.getByRole('button', { name: 'Audit', exact: true }).click();
  await page.locator('.job').getByRole('button', { name: 'Cancel' }).click();
  await page.waitForSelector('.job[data-state="cancelled"]');
  assert.equal(await page.locator('.checks').count(), 0);
});

// ---- Data ----------------------------------------------------------------------------------------------

function fileOfBars(name, lines) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, `Date,Open,High,Low,Close,Volume,remark\n${lines.join('\n')}\n`);
  return path;
}
const minute = (i, close) => `2024-01-02 09:${15 + i}:00,100,102,99,${close},10,x`;

test('a file is shown as it was understood before it is stored', async (desk) => {
  const page = await visit(desk, server, '#/data');
  const choose = async (path) => {
    await page.getByLabel('File to import').setInputFiles(path);
    await page.waitForSelector('.preview');
  };
  await choose(fileOfBars('ABC_2024.csv', [minute(0, 101), minute(1, 100), minute(2, 'no'), minute(3, 101)]));
  assert.equal(await page.getByLabel('Symbol', { exact: true }).inputValue(), 'ABC');
  assert.deepEqual(cells(await rowOf(page, 'Columns of the file', 'Date')), ['Date', 'time']);
  assert.deepEqual(cells(await rowOf(page, 'Columns of the file', 'remark')), ['remark', 'not used']);
  assert.match(await rowOf(page, 'Rows that are left out', '4'), /close is "no"/);
  assert.ok(!document(home, 'data', 'list').some((series) => series.symbol === 'ABC'), 'nothing is stored by a preview');

  // An option that changes shows the file anew.
  await page.getByLabel('Zone of the times').fill('UTC');
  await page.getByLabel('Zone of the times').blur();
  await page.getByText('is read as 2024-01-02 14:45').waitFor();
  await page.getByLabel('Zone of the times').fill('');
  await page.getByLabel('Zone of the times').blur();
  await page.getByText('is read as 2024-01-02 09:15').waitFor();
  await page.getByRole('alert').getByText('--keep-good').waitFor();
  await page.getByText('How the file is read').click();
  await page.getByLabel('Keep the good rows').selectOption('true');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('4 rows read: 3 stored, 1 rejected.').waitFor();
  await page.getByRole('button', { name: 'ABC', exact: true }).waitFor();

  // Other values of stored bars are refused until the reader has said what to do.
  await choose(fileOfBars('ABC.csv', [minute(0, 99.5)]));
  await page.getByRole('alert').getByText('It cannot be imported like this').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled());
  await page.getByRole('button', { name: 'Replace what is stored' }).click();
  await waitFor('the import is possible', () => page.getByRole('button', { name: 'Import', exact: true }).isEnabled());
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('1 rows read: 1 replaced.').waitFor();
});

test('days are reached by keys, and a finding leads to its day', async (desk) => {
  pixity(home, ['import', fileOfBars('days.csv', [minute(0, 101), minute(1, 100), minute(3, 101)]), '--symbol', 'DAYS']);
  const page = await visit(desk, server, '#/data?symbol=DAYS&timeframe=1m');
  const days = page.locator('.calendar-scroll').first();
  await days.focus();
  assert.match(await page.locator('.calendar-day-text').first().innerText(), /^2024-01-02: 3 of 375 bars$/);
  assert.equal(await page.locator('.calendar .patterned').count(), 1, 'a pattern tells what colour tells');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'DAYS on 2024-01-02' }).waitFor();
  await settled(page);
  assert.ok(await page.locator('.candles-stage canvas').first().isVisible());
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  const found = page.locator('.check').filter({ hasText: 'Partial sessions' });
  await found.locator('summary').click();
  await found.getByRole('button', { name: 'Show 2024-01-02 on the chart' }).click();
  assert.match(page.url(), /day=2024-01-02/);
});

// ---- Accounts ------------------------------------------------------------------------------------------

test('an account is halted with a reason, resumed, and reset by its name only', async (desk) => {
  const page = await visit(desk, server, '#/accounts');
  await page.getByRole('link', { name: 'desk' }).click();
  await settled(page);
  const told = document(home, 'account', 'show', 'desk');
  assert.match(await page.locator('.tiles').innerText(), new RegExp(`${told.trades} trades, net of fees`));
  await page.getByRole('button', { name: 'Halt …' }).click();
  await page.keyboard.press('Enter');
  await page.getByText('Say why').waitFor();
  await page.keyboard.type('a look at <b>it</b>');
  await page.keyboard.press('Enter');
  await page.getByText('a look at <b>it</b>').waitFor();
  assert.equal(document(home, 'account', 'show', 'desk').halted, 'a look at <b>it</b>');
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Halt …' }).waitFor();
  assert.equal(document(home, 'account', 'show', 'desk').halted, null);

  await page.getByRole('button', { name: 'Reset …' }).click();
  await page.keyboard.type('Desk');
  await page.keyboard.press('Enter');
  await page.getByText('Type desk exactly.').waitFor();
  assert.equal(document(home, 'account', 'list').length, 1);
  await page.getByRole('dialog').getByLabel('Name of the account').fill('desk');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/accounts$/);
  await page.getByText('No paper accounts yet').waitFor();
  assert.equal(document(home, 'account', 'list').length, 0);
});

test('what is not there says so', async (desk) => {
  const page = await visit(desk, server, '#/models/nothing');
  assert.match(await page.getByRole('alert').innerText(), /no model "nothing"/);
  expectProblem(page.context(), /404/);
});
