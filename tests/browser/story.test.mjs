// SPDX-License-Identifier: Apache-2.0
// The way through the page: open the link, run a backtest, understand the run, take it along, compare it with others.
// What the page shows is what the program prints.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { document as asked, pixity, profile, remember, seed, serve, settled, test, visit, waitFor } from './kit.mjs';

const home = seed();
const server = await serve(home);

const suggestion = (page, name) => page.getByRole('listbox').getByRole('option').filter({ hasText: name }).first();
const digits = (text) => Number(text.replace(/[^\d.−-]/g, '').replace('−', '-'));
const rowsOf = (page, caption) => page.getByRole('table', { name: caption }).locator('tbody tr');
/** The texts of one column, named by its head. */
const columnOf = async (page, caption, title) => {
  const table = page.getByRole('table', { name: caption });
  const heads = await table.locator('thead th, thead td').allInnerTexts();
  const at = heads.findIndex((head) => head.replace(/[↑↓▲▼\s]+/g, ' ').trim().startsWith(title));
  assert.ok(at >= 0, `${title} in ${heads}`);
  return table.locator('tbody tr').evaluateAll((rows, i) => rows.map((row) => row.children[i].innerText.trim()), at);
};

test('from the printed link to a result', async (desk) => {
  const context = await profile(desk, { origins: [server.origin] });
  const page = await context.newPage();
  await page.goto(server.link);
  await settled(page);
  assert.equal(new URL(page.url()).search, '', 'the token has left the address');
  await remember(server, context);

  const symbol = page.getByRole('combobox', { name: 'Symbol' });
  await symbol.fill('relian');
  await suggestion(page, 'RELIANCE').click();
  assert.match(await symbol.inputValue(), /^RELIANCE/);
  await page.getByText(/Stored: 2022-01-03 to 2023-11-28/).waitFor();
  await page.getByLabel('Strategy').selectOption('pixityAI_meta');
  await page.getByLabel('Timeframe').selectOption('15m');
  await page.getByLabel('From').fill('2023-02-01');
  await page.getByLabel('To, inclusive').fill('2023-08-31');
  await page.getByLabel('Capital').fill('250000');
  await page.getByLabel('Run id').fill('story');
  await page.getByLabel('Run id').blur();
  const command = await page.locator('code.command').innerText();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/#\/runs\/story/);
  await page.getByRole('heading', { name: 'story' }).waitFor();

  const run = asked(home, 'runs', 'show', 'story');
  assert.deepEqual([run.strategy, run.symbol, run.timeframe, run.start, run.end], ['pixityAI_meta', 'RELIANCE', '15m', '2023-02-01', '2023-08-31']);
  // The command line that the form shows makes the same run.
  const words = command.split(' ').slice(1).map((word) => word.replaceAll("'", ''));
  const again = JSON.parse(pixity(home, [...words.map((word) => (word === 'story' ? 'story-again' : word)), '--json']));
  assert.equal(again.fingerprint, run.fingerprint, command);
});

test('a run shows its warnings first and the figures of `runs show`', async (desk) => {
  const page = await visit(desk, server, '#/runs/meta');
  const run = asked(home, 'runs', 'show', 'meta');
  assert.ok(run.warnings.length > 0);
  for (const warning of run.warnings) assert.ok((await page.innerText('main')).includes(warning), warning);
  const [warned, figures] = await page.evaluate(() => ['.notice.warning', '.headline'].map((at) => document.querySelector(at).getBoundingClientRect().top));
  assert.ok(warned < figures, 'warnings come first');
  await page.getByRole('tab', { name: 'All metrics' }).click();
  const shown = await page.locator('table.metrics tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.innerText)));
  let compared = 0;
  for (const [name, ...cells] of shown) {
    assert.notEqual(run.metrics[name.trim()], undefined, name);
    for (const [at, basis] of ['', ' (gross)', ' (long)', ' (short)'].entries()) {
      const [text, value] = [cells[at], run.metrics[`${name.trim()}${basis}`]];
      if (value === undefined) { assert.equal(text, '', name + basis); continue; }
      if (value === null) { assert.match(text, /–/, name); continue; }
      const decimals = (/\.(\d+)/.exec(text.replace(/[^\d.]/g, '')) ?? ['', ''])[1].length;
      assert.ok(Math.abs(digits(text) - value) <= 0.5 * 10 ** -decimals + 1e-9 * Math.abs(value), `${name}: ${text} is not ${value}`);
      compared += 1;
    }
  }
  assert.ok(compared > 120, `${compared} figures`);
  await page.getByRole('tab', { name: 'How it was made' }).click();
  await page.getByText(run.fingerprint.slice(0, 12)).first().waitFor();
});

test('a figure explains itself by its formula', async (desk) => {
  const page = await visit(desk, server, '#/runs/meta');
  const term = page.locator('.kpi').filter({ hasText: 'Profit factor' }).getByRole('button').first();
  await term.focus();
  await page.keyboard.press('Enter');
  const { formula } = await page.evaluate(async () => (await (await fetch('/api/v1/metrics')).json()).find((one) => one.key === 'Profit Factor'));
  await page.getByText(formula).first().waitFor();
});

test('the chart zooms from years to minutes', async (desk) => {
  const asks = [];
  const page = await visit(desk, server, '#/runs/every-event?tab=chart');
  page.on('request', (request) => { if (request.url().includes('/candles')) asks.push(new URL(request.url())); });
  const stage = page.locator('.candles-stage');
  const bars = async () => Number(/(\d+) bars? each|each candle holds (\d+)/i.exec(await page.locator('.candles-note').innerText())?.slice(1).find(Boolean) ?? 1);
  assert.ok((await bars()) > 1, `merged: ${await page.locator('.candles-note').innerText()}`);
  await stage.focus();
  await waitFor('single bars', async () => {
    await page.keyboard.press('+');
    await settled(page);
    return (await bars()) === 1;
  });
  assert.ok(asks.length > 0 && asks.every((url) => url.searchParams.has('points')), 'the server was asked for the part that is shown');
  await page.getByLabel('Bars').selectOption('1m');
  await waitFor('minutes', () => asks.some((url) => url.searchParams.get('timeframe') === '1m'));
  await page.getByLabel('EMA 20').check();
  await waitFor('the indicator', () => asks.some((url) => url.searchParams.get('indicators') === 'ema20'));
  await settled(page);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await waitFor('all', async () => (await bars()) > 1);
});

test('a chosen trade shows its stop and target, and a link shows it again', async (desk) => {
  const page = await visit(desk, server, '#/runs/meta?tab=chart');
  const trades = asked(home, 'runs', 'trades', 'meta');
  await rowsOf(page, 'Trades').nth(3).getByRole('button').click();
  const check = async (trade) => {
    const words = (await page.locator('.chosen').innerText()).replaceAll(',', '');
    for (const value of [trade.stop, trade.target, trade.entry_price, trade.exit_price]) assert.ok(words.includes(value.toFixed(2)), `${value} in ${words}`);
    assert.ok(words.includes(trade.entry_ts.slice(0, 16).replace('T', ' ')), words);
  };
  await check(trades[3]);
  const before = await page.locator('.candles-stage').screenshot();
  await page.getByRole('button', { name: 'Next trade' }).click();
  await waitFor('the next trade', async () => (await page.locator('.chosen h3').innerText()).startsWith('Trade 5'));
  await check(trades[4]);
  await settled(page);
  assert.notDeepEqual(await page.locator('.candles-stage').screenshot(), before, 'the chart has moved');
  const other = await page.context().newPage();
  await other.goto(page.url());
  await settled(other);
  await other.locator('.chosen').waitFor();
  assert.match(await other.locator('.chosen h3').innerText(), /^Trade 5/);
});

test('trades are sorted, filtered, searched and paged as the store has them', async (desk) => {
  const page = await visit(desk, server, '#/runs/every-event?tab=chart');
  const trades = asked(home, 'runs', 'trades', 'every-event');
  assert.equal(await rowsOf(page, 'Trades').count(), 25);
  assert.match(await page.locator('.run-lists .pager').innerText(), new RegExp(`1–25 of ${trades.length.toLocaleString('en-IN')}|1–25 of ${trades.length}`));
  await page.getByRole('button', { name: 'Next page' }).click();
  await waitFor('page 2', async () => digits((await columnOf(page, 'Trades', '#'))[0]) === 26);
  const held = page.getByRole('table', { name: 'Trades' }).getByRole('columnheader', { name: /^Held/ }).getByRole('button');
  const inOrder = [...trades].map((one) => one.bars_held).sort((a, b) => a - b);
  for (const order of [[...inOrder].reverse(), inOrder]) { // figures: the largest first
    await held.click();
    await waitFor('sorted', async () => JSON.stringify((await columnOf(page, 'Trades', 'Held')).map(Number)) === JSON.stringify(order.slice(0, 25)));
  }
  await page.getByRole('search', { name: 'Filter Trades' }).getByLabel('Ended').selectOption({ index: 1 });
  await waitFor('filtered', async () => new Set(await columnOf(page, 'Trades', 'Ended')).size === 1);
  const address = page.url();
  await page.reload();
  await settled(page);
  assert.equal(page.url(), address);
  assert.equal(new Set(await columnOf(page, 'Trades', 'Ended')).size, 1, 'the link keeps the filter');
});

test('every event has its fate and probability', async (desk) => {
  const page = await visit(desk, server, '#/runs/meta?tab=chart&list=events');
  const events = asked(home, 'runs', 'events', 'meta');
  const outcomes = await columnOf(page, 'Events', 'Outcome');
  const chances = await columnOf(page, 'Events', 'Probability');
  for (const [i, event] of events.slice(0, 25).entries()) {
    assert.equal(outcomes[i], event.fate.replaceAll('_', ' '));
    if (event.probability !== null) assert.ok(Math.abs(Number(chances[i]) - event.probability) < 0.0006, `${chances[i]} for ${event.probability}`);
  }
  await page.getByRole('search', { name: 'Filter Events' }).getByLabel('Outcome').selectOption('executed');
  await waitFor('executed only', async () => new Set(await columnOf(page, 'Events', 'Outcome')).size === 1);
  await rowsOf(page, 'Events').first().getByRole('button').click();
  assert.match(await page.locator('.chosen').innerText(), /executed/);
});

test('export and report are taken along', async (desk) => {
  const page = await visit(desk, server, '#/runs/meta');
  const take = async (menu, name) => {
    await page.locator('summary', { hasText: menu }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).first().click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const csv = await take('Export', 'CSV');
  const firstColumns = (text, n) => text.trim().split('\n').map((line) => line.split(',').slice(0, n).join(','));
  const printed = firstColumns(pixity(home, ['runs', 'trades', 'meta', '--csv']), 16);
  assert.ok(firstColumns(csv.bytes.toString(), 16).every((line, i) => line === printed[i]), csv.name);
  assert.match(csv.name, /meta.*\.csv$/);
  const whole = await take('Export', /JSON/);
  assert.equal(JSON.parse(whole.bytes.toString()).fingerprint ?? JSON.parse(whole.bytes.toString()).run?.fingerprint, asked(home, 'runs', 'show', 'meta').fingerprint);
  const report = await take('Report', /HTML/);
  assert.match(report.bytes.toString(), /^<!doctype html>/i);
  assert.match(report.name, /meta.*\.html$/);
  const png = await take('Report', /PNG/);
  assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
});

test('runs are searched, sorted and compared', async (desk) => {
  const page = await visit(desk, server, '#/runs');
  const runs = asked(home, 'runs', 'list');
  assert.ok((await rowsOf(page, 'Stored runs').count()) >= Math.min(25, runs.length));
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('walk');
  await waitFor('one row', async () => (await rowsOf(page, 'Stored runs').count()) === 1);
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('');
  await waitFor('all rows', async () => (await rowsOf(page, 'Stored runs').count()) > 3);
  await page.getByRole('table', { name: 'Stored runs' }).getByRole('columnheader', { name: /^Trades/ }).getByRole('button').click();
  const counts = runs.map((one) => one['# Trades']).filter((n) => n !== null).sort((a, b) => b - a);
  await waitFor('sorted', async () => {
    const shown = (await columnOf(page, 'Stored runs', 'Trades')).filter((text) => /\d/.test(text)).map(digits);
    return JSON.stringify(shown) === JSON.stringify(counts);
  });
  for (const id of ['pivot', 'cross']) await page.getByRole('checkbox', { name: `Select ${id}` }).check();
  await page.getByRole('button', { name: 'Compare 2' }).click();
  await page.waitForURL(/#\/compare\?ids=/);
  await settled(page);
  const compared = JSON.parse(pixity(home, ['runs', 'compare', 'pivot', 'cross', '--json']));
  const text = await page.innerText('main');
  for (const word of ['pivot', 'cross', 'ehma_pivot', 'ema_cross']) assert.ok(text.includes(word), word);
  for (const key of Object.keys(compared.config)) assert.ok(text.includes(key), `the setting ${key} differs`);
});

test('a run is deleted only when one says so', async (desk) => {
  pixity(home, ['backtest', '--strategy', 'ema_cross', '--symbol', 'WALK', '--timeframe', '15m', '--run-id', 'to-delete']);
  const page = await visit(desk, server, '#/runs/to-delete');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.keyboard.press('Escape');
  assert.ok(asked(home, 'runs', 'list').some((run) => run.run_id === 'to-delete'));
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click();
  await page.waitForURL(/#\/runs$/);
  assert.ok(!asked(home, 'runs', 'list').some((run) => run.run_id === 'to-delete'));
});

test('back, forward and links lead where they led', async (desk) => {
  const page = await visit(desk, server, '#/runs');
  await rowsOf(page, 'Stored runs').getByRole('link', { name: 'pivot', exact: true }).click();
  await page.getByRole('heading', { name: 'pivot' }).waitFor();
  await page.getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('heading', { name: 'Accounts', exact: true }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'pivot' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  await page.goForward();
  await page.getByRole('heading', { name: 'pivot' }).waitFor();
  await settled(page);
});

test('a backtest with the keyboard alone', async (desk) => {
  const page = await visit(desk, server, '#/');
  const focused = () => page.evaluate(() => document.activeElement.name || document.activeElement.innerText || document.activeElement.tagName);
  const tabTo = async (name) => {
    for (let i = 0; i < 80; i += 1) {
      if ((await focused()) === name) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach ${name}`);
  };
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to content');
  await page.keyboard.press('Enter');
  await tabTo('symbol');
  await page.keyboard.type('WALK');
  await suggestion(page, 'WALK').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo('strategy');
  await page.keyboard.type('ema_c');
  await tabTo('timeframe');
  await page.keyboard.type('15m');
  await tabTo('run_id');
  await page.keyboard.type('by-keys');
  await tabTo('Run');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none', 'one sees where one is');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/runs\/by-keys/);
  const run = asked(home, 'runs', 'show', 'by-keys');
  assert.deepEqual([run.symbol, run.strategy, run.timeframe], ['WALK', 'ema_cross', '15m']);
});
