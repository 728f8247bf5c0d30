// SPDX-License-Identifier: Apache-2.0
// The form of a backtest: names as brokers write them, settings that are refused and searched, a model taken back.
import assert from 'node:assert/strict';
import { endedJobs, expectProblem, pixity, seed, serve, test, visit, waitFor } from './kit.mjs';

const home = seed();
for (const start of ['2022-01-03', '2022-03-01']) pixity(home, ['synth', '--symbol', 'GAPPED', '--kind', 'walk', '--days', '10', '--seed', '7', '--start', start]);
let server = await serve(home);
const jobs = await endedJobs(server, {
  backtest: ['/runs', { symbol: 'RELIANCE', timeframe: '15m', strategy: 'pixityAI_meta', start: '2031-01-01', capital: 250000, set: { cooldown_bars: '3' } }],
  five: ['/models', { symbol: 'RELIANCE', timeframe: '5m', name: 'five' }],
  train: ['/models', { symbol: 'RELIANCE', timeframe: '5m', start: '2031-01-01', set: { tp_mult: '3' } }],
});

test('a name with a segment is the instrument that it names', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=reliance+%5BFO%5D&timeframe=1h');
  await page.getByText(/^Stored: 1m 2022-01-03/).waitFor();
  assert.equal(await page.getByText('This name is not known').count(), 0);
});

test('a setting that is refused says so at its field, also where a search hid it', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=RELIANCE&strategy=ema_cross&timeframe=1h&set.cooldown_bars=-3');
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('slippage');
  assert.equal(await page.getByLabel('cooldown_bars').isVisible(), false, 'the search leaves only what fits');
  assert.equal(await page.getByLabel('slippage_bps').isVisible(), true);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('cooldown_bars is -3').waitFor();
  const input = page.getByLabel('cooldown_bars');
  assert.equal(await input.getAttribute('aria-invalid'), 'true');
  assert.equal(await input.evaluate((element) => element === document.activeElement), true);
  expectProblem(page.context(), /status of 400/);
});

test('a capital that is refused says so at its field', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=RELIANCE&strategy=ema_cross&timeframe=1h&capital=-5');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('capital is -5').waitFor();
  assert.equal(await page.getByLabel('Capital').getAttribute('aria-invalid'), 'true');
  expectProblem(page.context(), /status of 400/);
});

test('a model that was chosen can be taken back', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=RELIANCE&timeframe=15m');
  const model = page.getByLabel('Model', { exact: true });
  await model.selectOption('RELIANCE_15m');
  await waitFor('the model in the address', () => page.url().includes('model=RELIANCE_15m'));
  await model.selectOption('');
  await waitFor('no model in the address', () => !page.url().includes('model=RELIANCE_15m'));
  assert.equal(await model.inputValue(), '');
});

test('a link to a job that failed brings back what was asked', async (desk) => {
  const backtest = await visit(desk, server, `#/?job=${jobs.backtest}`);
  assert.equal(await backtest.getByRole('combobox', { name: 'Symbol' }).inputValue(), 'RELIANCE');
  for (const [label, value] of [['Timeframe', '15m'], ['From', '2031-01-01'], ['Capital', '250000'], ['cooldown_bars', '3']]) {
    assert.equal(await backtest.getByLabel(label, { exact: true }).inputValue(), value, label);
  }
  const train = await visit(desk, server, `#/train?job=${jobs.train}`);
  await train.getByRole('list', { name: 'Chosen symbols' }).getByText('RELIANCE').waitFor();
  for (const [label, value] of [['Timeframe', '5m'], ['From', '2031-01-01'], ['tp_mult', '3']]) {
    assert.equal(await train.getByLabel(label, { exact: true }).inputValue(), value, label);
  }
});

test('days without bars between the dates are told', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=GAPPED&timeframe=15m');
  await page.getByText(/\d+ trading days between have no bars/).waitFor();
  const from = page.getByLabel('From', { exact: true });
  await from.fill('2022-03-01');
  await from.press('Tab');
  await page.getByText(/trading days between have no bars/).waitFor({ state: 'detached' });
});

test('a model that the rule does not find is asked for', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=RELIANCE&timeframe=5m');
  const told = page.getByText('No model is named RELIANCE_5m');
  await told.waitFor();
  await page.getByLabel('Model', { exact: true }).selectOption('five');
  await told.waitFor({ state: 'detached' });
});

test('when a run was made is told in UTC in every view', async (desk) => {
  const list = await visit(desk, server, '#/runs');
  const made = /\d{4}-\d\d-\d\d \d\d:\d\d UTC/;
  const [inList] = made.exec(await list.getByRole('row', { name: /pivot/ }).innerText());
  const run = await visit(desk, server, '#/runs/pivot');
  assert.equal(made.exec(await run.getByText(/^Made /).first().innerText())[0], inList);
});

test('a tab without a view to ask learns from its stream that the session has ended', async (desk) => {
  const page = await visit(desk, server, '#/');
  await page.context().clearCookies();
  const { port } = server;
  await server.stop();
  server = await serve(home, { port });
  await page.getByText('You are signed out').first().waitFor();
  const { problems } = page.context();
  problems.splice(0, problems.length, ...problems.filter((one) => !/net::ERR_|status of 401/.test(one)));
});
