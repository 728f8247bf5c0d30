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
