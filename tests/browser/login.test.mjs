// SPDX-License-Identifier: Apache-2.0
// Signing in with the password, as a browser does it: with what it sends of itself.
import assert from 'node:assert/strict';
import { pixity, profile, serve, settled, temporaryFolder, test } from './kit.mjs';

const PASSWORD = 'a long enough password & more+';

async function submit(page, password) {
  await page.getByLabel('Password').fill(password);
  const answered = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await answered;
}

test('the password opens the page, a wrong one does not', async (desk) => {
  const home = temporaryFolder();
  pixity(home, ['serve', '--set-password'], { input: `${PASSWORD}\n` });
  const server = await serve(home);
  const context = await profile(desk, { origins: [server.origin] });
  const page = await context.newPage();
  await page.goto(`${server.origin}/`);
  assert.equal(page.url(), `${server.origin}/login`);

  await submit(page, 'not the password');
  assert.equal(page.url(), `${server.origin}/login?wrong`);
  assert.match(await page.getByRole('alert').textContent(), /not the password/);

  await submit(page, PASSWORD);
  assert.equal(page.url().split('#')[0], `${server.origin}/`);
  await settled(page);
  assert.equal(await page.evaluate(async () => (await (await fetch('/api/v1/session')).json()).password), true);
  assert.equal(await page.evaluate(() => document.cookie), '');
});

test('the foot signs out, and ends the sessions of every browser', async (desk) => {
  const home = temporaryFolder();
  pixity(home, ['serve', '--set-password'], { input: `${PASSWORD}\n` });
  const server = await serve(home);
  const enter = async () => {
    const context = await profile(desk, { origins: [server.origin] });
    const page = await context.newPage();
    await page.goto(`${server.origin}/`);
    await submit(page, PASSWORD);
    await settled(page);
    return page;
  };
  const status = (page) => page.evaluate(async () => (await fetch('/api/v1/session')).status);
  const first = await enter();
  const second = await enter();
  const third = await enter();
  await first.getByRole('button', { name: 'Sign out' }).click();
  await first.getByText('You are signed out').waitFor();
  assert.deepEqual([await status(first), await status(second), await status(third)], [401, 200, 200]);

  await second.getByRole('button', { name: 'End all sessions' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).click();
  await second.getByText('You are signed out').waitFor();
  assert.deepEqual([await status(second), await status(third)], [401, 401]);
  for (const page of [first, second, third]) {
    const { problems } = page.context(); // the browser reports each 401 that was wanted here
    problems.splice(0, problems.length, ...problems.filter((one) => !/status of 401/.test(one)));
  }
});
