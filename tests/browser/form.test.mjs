// SPDX-License-Identifier: Apache-2.0
// The form of a backtest: names as brokers write them, settings that are refused and searched, a model taken back.
import assert from 'node:assert/strict';
import { endedJobs, expectProblem, picture, pixity, seed, serve, test, visit, waitFor } from './kit.mjs';

const home = seed();
for (const start of ['2022-01-03', '2022-03-01']) pixity(home, ['synth', '--symbol', 'GAPPED', '--kind', 'walk', '--days', '10', '--seed', '7', '--start', start]);
let server = await serve(home);
const jobs = await endedJobs(server, {
  backtest: ['/runs', { symbol: 'RELIANCE', timeframe: '15m', strategy: 'pixityAI_meta', start: '2031-01-01', capital: 250000, set: { cooldown_bars: '3' } }],
  premium: ['/runs', { symbol: 'WALK', timeframe: '5m', strategy: 'premium_tp_sl', start: '2031-01-01', parameters: { stop_atrs: 2.5 } }],
  gbt: ['/models', { symbol: 'RELIANCE', timeframe: '5m', start: '2031-01-01', learner: 'gbt', parameters: { rate: 0.1, max_depth: 4 } }],
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

test('the chosen strategy has a field for each parameter, and only what differs is sent', async (desk) => {
  const page = await visit(desk, server, '#/?symbol=WALK&strategy=ema_cross&timeframe=5m');
  await page.getByText(/^Stored: 1m/).waitFor();
  assert.equal(await page.getByLabel('Hold', { exact: true }).count(), 0, 'of another strategy');
  await page.getByLabel('Strategy').selectOption('premium_tp_sl');
  const strategies = await page.evaluate(async () => (await fetch('/api/v1/strategies')).json());
  const { parameters } = strategies.find((one) => one.id === 'premium_tp_sl');
  assert.ok(parameters.length >= 6);
  for (const one of parameters) {
    const input = page.locator(`input[name="${one.name}"]`);
    assert.equal(await input.getAttribute('placeholder'), `${one.minimum} to ${one.maximum}`.replace('10000', '10,000'), one.name);
    assert.equal(await input.inputValue(), '', 'empty is the usual value');
    const help = page.locator('.field', { has: input }).locator('.field-help');
    assert.equal(await help.innerText(), `${one.name}: ${one.help}. Usually ${one.usual}.`);
  }
  const command = page.locator('code.command');
  const hold = page.getByLabel('Hold', { exact: true });
  const fill = async (input, value) => {
    await input.fill(value);
    await input.press('Tab');
  };
  await fill(hold, '20');
  await fill(page.getByLabel('Stop', { exact: true }), '2.5');
  await waitFor('the command', async () => (await command.innerText()).includes("--param 'stop_atrs=2.5'"));
  assert.ok(!(await command.innerText()).includes('hold_bars'), 'the usual value is not sent');
  assert.ok(page.url().includes('param.stop_atrs=2.5') && !page.url().includes('hold_bars'));
  await picture(page, 'parameters', { fullPage: true });

  await fill(hold, '20000');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('hold_bars of strategy premium_tp_sl is 20000; it takes a whole number from 1 to 10000 bars').waitFor();
  assert.equal(await hold.getAttribute('aria-invalid'), 'true');
  expectProblem(page.context(), /status of 400/);
  await fill(hold, '40');
  await page.getByLabel('Run id').fill('wide');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Parameters: stop_atrs 2.5, hold_bars 40').waitFor();
  const run = JSON.parse(pixity(home, ['runs', 'show', 'wide', '--json']));
  assert.deepEqual(run.request.parameters, { stop_atrs: 2.5, hold_bars: 40 });
  await page.getByRole('link', { name: /again/i }).first().click();
  await page.getByText(/^Stored: 1m/).waitFor();
  assert.equal(await page.getByLabel('Stop', { exact: true }).inputValue(), '2.5');
});

test('parameters of a job that failed come back, of strategies and learners', async (desk) => {
  const backtest = await visit(desk, server, `#/?job=${jobs.premium}`);
  await backtest.getByText(/^Stored: 1m/).waitFor();
  assert.equal(await backtest.getByLabel('Stop', { exact: true }).inputValue(), '2.5');
  const train = await visit(desk, server, `#/train?job=${jobs.gbt}`);
  await train.getByLabel('Learning rate').waitFor();
  assert.equal(await train.getByLabel('Learning rate').inputValue(), '0.1');
  assert.equal(await train.getByLabel('Depth').inputValue(), '4');
  await train.getByLabel('Learner').selectOption('logistic');
  assert.equal(await train.getByLabel('Depth').count(), 0);
  await train.getByLabel('Learner').selectOption('rf');
  assert.equal(await train.getByLabel('Depth').inputValue(), '4', 'what was typed stays with the name');
  await picture(train, 'parameters-train', { fullPage: true });
  const audit = await visit(desk, server, '#/audit?symbol=WALK&strategy=confluence&timeframe=5m&param.min_adx=10');
  assert.equal(await audit.getByLabel('ADX above').inputValue(), '10');
  assert.equal(await audit.getByLabel('Hold', { exact: true }).count(), 0);
});

test('a form has a field for each titled member of its request, and no other', async (desk) => {
  const page = await visit(desk, server, '#/data');
  await page.getByLabel('File to import').setInputFiles({
    name: 'ABC.csv', mimeType: 'text/csv', buffer: Buffer.from('Date,Open,High,Low,Close\n2024-01-02 09:15:00,1,1,1,1\n'),
  });
  await page.waitForSelector('.preview');
  const { components } = await page.evaluate(async () => (await fetch('/api/v1/openapi.json')).json());
  const several = { symbols: 'symbol' }; // picked one by one in the one field
  const forms = { ImportRequest: null, BacktestRequest: '#/?symbol=WALK', TrainRequest: '#/train', AuditRequest: '#/audit' };
  for (const [request, address] of Object.entries(forms)) {
    if (address) {
      await page.goto(`${server.origin}/${address}`);
      await page.locator('form [name="timeframe"]').waitFor();
    }
    // Settings and parameters, which are folded away, are members of "set" and "parameters".
    const there = await page.locator('form .field [name]').evaluateAll((inputs) =>
      inputs.filter((input) => !input.closest('details:not(.reading)')).map((input) => input.getAttribute('name')));
    const { properties, required = [] } = components.schemas[request];
    const titled = Object.keys(properties).filter((name) => properties[name].title).map((name) => several[name] ?? name);
    assert.deepEqual(there.sort(), [...new Set(titled)].sort(), request);
    for (const [name, { enum: choices, title, default: usual }] of Object.entries(properties)) {
      if (!choices || !title) continue;
      const offered = await page.locator(`form select[name="${name}"] option`).evaluateAll((options) => options.map((one) => one.value));
      assert.deepEqual(offered, usual || required.includes(name) ? choices : ['', ...choices], name);
    }
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
