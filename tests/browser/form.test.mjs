// SPDX-License-Identifier: Apache-2.0
// The form of a backtest: names as brokers write them, settings that are refused and searched, a model taken back.
import assert from 'node:assert/strict';
import { expectProblem, seed, serve, test, visit, waitFor } from './kit.mjs';

const home = seed();
let server = await serve(home);

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
