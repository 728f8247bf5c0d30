// SPDX-License-Identifier: Apache-2.0
// When something goes wrong in the middle: runs that fail or are cancelled, a server that is killed and started again,
// several tabs at once.
import assert from 'node:assert/strict';
import { document as asked, expectProblem, holdJob, pixity, seed, serve, settled, test, visit, waitFor } from './kit.mjs';

const home = seed();
let server = await serve(home);
pixity(home, ['synth', '--symbol', 'LONG', '--kind', 'trend', '--days', '1500', '--seed', '9', '--start', '2015-01-01']);

const LONG = '#/?strategy=pixityAI_meta&symbol=LONG&timeframe=1m&set.skip_meta_model=true';
const start = async (page) => page.getByRole('button', { name: 'Run', exact: true }).click();
const stateOf = (page) => page.locator('.job').first().getAttribute('data-state');
const name = async (page, id) => page.getByLabel('Run id').fill(id);

test('a backtest that fails says why and what to do', async (desk) => {
  const page = await visit(desk, server, '#/?strategy=ema_cross&symbol=RELIANCE&timeframe=15m&start=2031-01-01');
  await start(page);
  await page.waitForSelector('.job[data-state="failed"]');
  const told = await page.locator('.job').innerText();
  assert.match(told, /2031-01-01/);
  assert.match(told, /failed/i);
  await page.getByText('Change what it names').waitFor();
  await page.getByLabel('From').fill('2023-01-01');
  await name(page, 'after-failure');
  await start(page);
  await page.waitForURL(/#\/runs\/after-failure/);
  await settled(page);
});

test('what the server refuses stands at its field', async (desk) => {
  const page = await visit(desk, server, '#/?strategy=ema_cross&symbol=RELIANCE&timeframe=15m');
  const { problems } = page.context();
  await page.getByRole('combobox', { name: 'Symbol' }).fill('NOSUCHNAME');
  await page.keyboard.press('Escape');
  await start(page);
  await waitFor('a mark at the symbol or a failed job', async () => (await page.locator('[name="symbol"]').getAttribute('aria-invalid')) === 'true' || (await page.locator('.job[data-state="failed"]').count()) > 0);
  assert.match(await page.innerText('main'), /NOSUCHNAME/);
  if (problems.length > 0) expectProblem(page.context(), /status of 4\d\d/);
});

test('a cancelled backtest ends, stores nothing and can be run again', async (desk) => {
  const page = await visit(desk, server, LONG);
  await name(page, 'cancelled');
  await start(page);
  const held = await holdJob(home);
  await page.waitForSelector('.job[data-state="running"]');
  await page.locator('.job').getByRole('button', { name: 'Cancel' }).click();
  held.release();
  await page.waitForSelector('.job[data-state="cancelled"]');
  assert.ok(!asked(home, 'runs', 'list').some((run) => run.run_id === 'cancelled' && run.status === 'done'));
  assert.equal(await page.getByRole('button', { name: 'Run', exact: true }).isEnabled(), true);
});

test('progress is seen while it comes, and again after a reload', async (desk) => {
  const page = await visit(desk, server, LONG);
  await name(page, 'watched');
  await start(page);
  const held = await holdJob(home);
  await page.waitForSelector('.job[data-state="running"]');
  const id = new URL(page.url().replace('#/?', '?')).searchParams.get('job');
  await page.reload();
  await page.waitForSelector('.job[data-state="running"]');
  assert.match(await page.locator('.job').innerText(), new RegExp(`job ${id}\\b`));
  held.release();
  await page.waitForURL(/#\/runs\/watched/);
  await settled(page);
});

test('two tabs say the same', async (desk) => {
  const page = await visit(desk, server, LONG);
  const other = await visit(desk, server, '#/runs');
  await name(page, 'in-step');
  await start(page);
  const held = await holdJob(home);
  await waitFor('the other tab to know of the job', async () => /1 running/.test(await other.locator('.menu.jobs summary').innerText()));
  assert.equal(await other.getByRole('link', { name: 'in-step', exact: true }).count(), 0);
  await other.locator('.menu.jobs summary').click();
  await other.locator('.menu.jobs').getByRole('button', { name: 'Cancel' }).waitFor();
  held.release();
  await other.getByRole('table', { name: 'Stored runs' }).getByRole('link', { name: 'in-step', exact: true }).waitFor();
  await page.waitForURL(/#\/runs\/in-step/);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click();
  await waitFor('the row to go', async () => (await other.getByRole('link', { name: 'in-step', exact: true }).count()) === 0);
});

test('a server killed in the middle and started again: the job is what it was, and the page goes on', async (desk) => {
  const page = await visit(desk, server, LONG);
  const context = page.context();
  await name(page, 'survivor');
  await start(page);
  const held = await holdJob(home);
  await page.waitForSelector('.job[data-state="running"]');
  await server.stop('SIGKILL');
  await page.getByText('Connection lost').waitFor();
  await page.getByText('The server does not answer').waitFor();
  const again = await serve(home, { port: server.port });
  await waitFor('the page to be connected', async () => (await page.getByText('Connection lost').count()) === 0);
  assert.equal(await stateOf(page), 'running', 'the job goes on');
  held.release();
  await page.waitForURL(/#\/runs\/survivor/);
  await settled(page);
  assert.equal(asked(home, 'runs', 'show', 'survivor').status, 'done');
  expectProblem(context, /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
  context.problems.splice(0, context.problems.length, ...context.problems.filter((one) => !/net::ERR_/.test(one)));
  server = again;
});

test('without a server the page says so and comes back', async (desk) => {
  const page = await visit(desk, server, '#/runs');
  await server.stop();
  await page.evaluate(() => { location.hash = '#/runs/meta'; });
  await page.getByRole('alert').first().waitFor();
  server = await serve(home, { port: server.port });
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.getByRole('heading', { name: 'meta' }).waitFor();
  await settled(page);
  const { problems } = page.context();
  problems.splice(0, problems.length, ...problems.filter((one) => !/net::ERR_/.test(one)));
});

test('a session that has ended leads back in', async (desk) => {
  const page = await visit(desk, server, '#/runs');
  const { origin } = server;
  await page.context().clearCookies();
  await page.evaluate(() => { location.hash = '#/accounts'; });
  await page.getByText('You are signed out').first().waitFor();
  expectProblem(page.context(), /status of 401/);
  const link = await asLink(desk);
  await page.goto(link);
  await settled(page);
  assert.ok(page.url().startsWith(origin));
});

/** A further link, from a browser that is signed in. */
async function asLink(desk) {
  const page = await visit(desk, server, '#/accounts');
  return page.evaluate(async () => {
    const { token } = await (await fetch('/api/v1/session')).json();
    return (await (await fetch('/api/v1/session/links', { method: 'POST', headers: { 'X-Pixity-Token': token } })).json()).url;
  });
}
