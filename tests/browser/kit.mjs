// SPDX-License-Identifier: Apache-2.0
// What the tests in a browser share: a store seeded by the program, the program as a server, and a Chromium whose
// pages are watched: a console error, a refusal of the Content-Security-Policy, a failed script or a request to
// another place makes the test fail.
//
//   PIXITY_BIN       the program                                (default: build/pixity)
//   PIXITY_CHROMIUM  the browser                                (default: /usr/bin/chromium)
//   PIXITY_PATIENCE_S  after which a test that hangs is ended (default: 600)
//   PIXITY_PICTURES  folder for screenshots                     (default: build/screenshots)
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const SOURCE = process.env.PIXITY_SOURCE ?? resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const BIN = process.env.PIXITY_BIN ?? join(SOURCE, 'build', 'pixity');
export const PICTURES = process.env.PIXITY_PICTURES ?? join(dirname(BIN), 'screenshots');
const PATIENCE_MS = Number(process.env.PIXITY_PATIENCE_S ?? 600) * 1000; // ends a hang; nothing waits for it

/** The two sizes that every view is read at. */
export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

// ---- the program --------------------------------------------------------------------------------------

const cleanups = [];
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'pixity-browser-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a verb; its standard output. `status`: the exit status that it must have. */
export function pixity(home, args, { status = 0, input = '' } = {}) {
  try {
    const text = execFileSync(BIN, ['--home', home, ...args], { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' });
    assert.equal(0, status, `pixity ${args.join(' ')}: ended well, which it must not`);
    return text;
  } catch (error) {
    if (error.status === undefined || error.code === 'ERR_ASSERTION') throw error;
    assert.equal(error.status, status, `pixity ${args.join(' ')}: ${error.stderr}`);
    return error.stdout;
  }
}
export const document = (home, ...args) => JSON.parse(pixity(home, [...args, '--json']));

/** Runs that every seeded store has, the newest first. */
export const RUNS = ['every-event', 'walk', 'broken', 'pivot', 'cross', 'meta'];

/** A store with everything that a view can show; the same every time. */
export function seed() {
  const home = join(temporaryFolder(), 'home');
  const synth = (symbol, kind, days, number) =>
    pixity(home, ['synth', '--symbol', symbol, '--kind', kind, '--days', `${days}`, '--seed', `${number}`, '--start', '2022-01-03']);
  const backtest = (id, strategy, symbol, timeframe, ...more) =>
    pixity(home, ['backtest', '--strategy', strategy, '--symbol', symbol, '--timeframe', timeframe, '--run-id', id, ...more]);
  synth('RELIANCE', 'trend', 496, 1);
  synth('WALK', 'walk', 60, 3);
  synth('NIFTY', 'index', 60, 5);
  pixity(home, ['train', '--symbol', 'RELIANCE', '--timeframe', '15m', '--end', '2022-12-31', '--model-out', 'RELIANCE_15m']);
  backtest('meta', 'pixityAI_meta', 'RELIANCE', '15m', '--start', '2023-01-01');
  backtest('cross', 'ema_cross', 'RELIANCE', '1h');
  backtest('pivot', 'ehma_pivot', 'RELIANCE', '1h', '--start', '2023-01-01');
  seedBroken(home, backtest);
  backtest('walk', 'premium_tp_sl', 'WALK', '5m');
  backtest('every-event', 'pixityAI_meta', 'RELIANCE', '5m', '--set', 'skip_meta_model=true');
  seedAccount(home);
  return home;
}

/** A run that failed: its bars could not be read. */
function seedBroken(home, backtest) {
  const model = join(home, 'models', 'RELIANCE_15m.ubj');
  const good = readFileSync(model);
  writeFileSync(model, good.subarray(0, good.length / 2));
  try {
    assert.throws(() => backtest('broken', 'pixityAI_meta', 'RELIANCE', '15m'), /RELIANCE_15m/);
  } finally {
    writeFileSync(model, good);
  }
}

function seedAccount(home) {
  const bars = pixity(home, ['data', 'export', '--symbol', 'RELIANCE', '--start', '2023-10-02', '--csv']);
  pixity(home, ['stream', '--symbol', 'RELIANCE', '--timeframe', '5m', '--skip-meta-model', '--account', 'desk'], { input: bars });
}

export const waitFor = async (what, condition) => {
  const start = performance.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(performance.now() - start < PATIENCE_MS, `waited in vain: ${what}`);
    await new Promise((done) => { setTimeout(done, 10); });
  }
};

/** Starts `pixity serve` on a port (0: any free one). `link` opens the page once. */
export async function serve(home, { port = 0, args = [] } = {}) {
  const child = spawn(BIN, ['--home', home, 'serve', '--port', `${port}`, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { log += text; });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  assert.equal(typeof first[0], 'string', `pixity serve ended at once: ${log}`);
  const link = first[0];
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
    return child.exitCode;
  };
  cleanups.push(() => stop());
  return { link, origin: new URL(link).origin, port: Number(new URL(link).port), process: child, stop, log: () => log };
}

/** The processes that do the work of a home folder's jobs; their supervisors and the servers are others. */
export function jobProcesses(home) {
  const found = [];
  for (const name of readdirSync('/proc').filter((text) => /^\d+$/.test(text))) {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (words.includes(`--home=${home}`) && readlinkSync(`/proc/${name}/exe`) === BIN) found.push(Number(name));
    } catch {
      // it has ended meanwhile
    }
  }
  return found;
}

/** Holds the next job of a home folder where it stands: with it anything can happen "in the middle". */
export async function holdJob(home) {
  const pid = await waitFor('a job', () => jobProcesses(home)[0]);
  process.kill(pid, 'SIGSTOP');
  let held = true;
  const release = () => {
    if (held) process.kill(pid, 'SIGCONT');
    held = false;
  };
  cleanups.push(release);
  return { pid, release };
}

// ---- the browser --------------------------------------------------------------------------------------

let browser;
async function startBrowser() {
  browser ??= chromium.launch({
    executablePath: process.env.PIXITY_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  }).then((started) => {
    cleanups.push(() => started.close());
    return started;
  });
  return browser;
}

/** A browser profile of its own. What goes wrong in its pages is kept in `problems`. */
export async function profile(desk, { theme = 'light', size = DESK, state, offline = false, origins = [], ...more } = {}) {
  const started = await startBrowser();
  const context = await started.newContext({ viewport: size, colorScheme: theme, storageState: state, offline, locale: 'en-IN', timezoneId: 'America/New_York', reducedMotion: 'reduce', ...more });
  context.setDefaultTimeout(PATIENCE_MS);
  const problems = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) problems.push(`console: ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => problems.push(`script: ${error.error().stack}`));
  context.on('request', (request) => {
    const url = request.url();
    if (/^(data|blob|about):/.test(url) || origins.some((origin) => url.startsWith(`${origin}/`))) return;
    problems.push(`a request to another place: ${url}`);
  });
  context.problems = problems;
  desk.contexts.push(context);
  return context;
}

const states = new Map(); // by origin, since a session outlives its server: what a browser keeps after opening its link

/** Pages that visit() opens from now on are signed in as this profile is. */
export async function remember(server, context) {
  states.set(server.origin, await context.storageState());
}

/** Opens a view of a server as someone who has signed in. */
export async function visit(desk, server, hash = '#/', options = {}) {
  if (!states.has(server.origin)) {
    const context = await profile(desk, { origins: [server.origin] });
    await (await context.newPage()).goto(server.link);
    await remember(server, context);
    assert.deepEqual(context.problems, []);
    await context.close();
  }
  const context = await profile(desk, { state: states.get(server.origin), origins: [server.origin], ...options });
  const page = await context.newPage();
  await page.goto(`${server.origin}/${hash}`);
  await settled(page);
  return page;
}

/** Waits until nothing loads any more: the view is there, and no request but the streams is under way. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('main#main > h1, main#main > .view > *') !== null && document.querySelector('.state.loading, [aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); })));
}

/** A test whose pages had no problem. Those that must have one take it out with expectProblem(). */
export function test(name, body) {
  nodeTest(name, async () => {
    const desk = { contexts: [] };
    try {
      await body(desk);
      for (const context of desk.contexts) assert.deepEqual(context.problems, [], 'problems in the browser');
    } catch (error) {
      await showFailure(desk, name, error);
      throw error;
    } finally {
      for (const context of desk.contexts) await context.close();
    }
  });
}

/** What the pages looked like goes beside the other pictures, and what went wrong in them to the error. */
async function showFailure(desk, name, error) {
  const pages = desk.contexts.flatMap((context) => context.pages());
  for (const [i, page] of pages.entries()) await picture(page, `failed-${name.replace(/\W+/g, '-')}-${i}`).catch(() => {});
  const problems = desk.contexts.flatMap((context) => context.problems);
  if (problems.length > 0) error.message += `\n${problems.join('\n')}`;
}

/** Takes the problems that match, of which there must be one, and keeps the others. */
export function expectProblem(context, pattern) {
  const others = context.problems.filter((problem) => !pattern.test(problem));
  assert.notEqual(others.length, context.problems.length, `no problem like ${pattern} among ${context.problems.join('\n')}`);
  context.problems.splice(0, context.problems.length, ...others);
}

export async function picture(page, name, options = {}) {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled', ...options });
}

/** Starts jobs over the API and waits until they have ended: their numbers by name. */
export async function endedJobs(server, wanted) {
  const welcome = await fetch(server.link, { redirect: 'manual' });
  const headers = { Cookie: welcome.headers.get('set-cookie').split(';')[0], 'Content-Type': 'application/json' };
  const ask = async (path, body) => (await fetch(`${server.origin}/api/v1${path}`, { headers, ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}) })).json();
  headers['X-Pixity-Token'] = (await ask('/session')).token;
  server.link = (await ask('/session/links', {})).url;
  const ids = {};
  for (const [name, [path, body]] of Object.entries(wanted)) ids[name] = (await ask(path, body)).id;
  await waitFor('the jobs to end', async () => (await ask('/jobs')).items.every((job) => job.ended !== null));
  return ids;
}
