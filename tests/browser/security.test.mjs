// SPDX-License-Identifier: Apache-2.0
// What other pages in the same browser can do to the server: nothing. And what the page itself may not do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { after } from 'node:test';
import { expectProblem, profile, seed, serve, settled, test, visit } from './kit.mjs';

const home = seed();
const server = await serve(home);

/** A page of another origin on this machine: another port is the nearest that an attacker can come. */
const elsewhere = createServer((asked, answer) => {
  answer.setHeader('Content-Type', 'text/html');
  answer.end('<!doctype html><title>elsewhere</title><body></body>');
});
elsewhere.listen(0, '127.0.0.1');
await once(elsewhere, 'listening');
after(() => elsewhere.close());
const attacker = `http://127.0.0.1:${elsewhere.address().port}`;

/** A signed-in browser in which the attacker's page is open beside ours; what the attack logs is no problem. */
async function attack(desk) {
  const page = await visit(desk, server, '#/', { origins: [server.origin, attacker] });
  const evil = await page.context().newPage();
  await evil.goto(`${attacker}/`);
  return { page, evil, forget: () => { page.context().problems.length = 0; } };
}

const accountHalted = async (page) => page.evaluate(async () => (await (await fetch('/api/v1/accounts')).json()).items?.[0]?.halted ?? null);

test('a page of another origin reads nothing with fetch', async (desk) => {
  const { evil, forget } = await attack(desk);
  const read = await evil.evaluate(async (origin) => {
    const results = [];
    for (const path of ['/api/v1/session', '/api/v1/runs', '/api/v1/openapi.json', '/api/v1/jobs', '/']) {
      for (const mode of ['cors', 'no-cors']) {
        for (const credentials of ['include', 'omit']) {
          try {
            const answer = await fetch(origin + path, { mode, credentials });
            results.push([path, mode, answer.type, answer.status, await answer.text()]);
          } catch (error) {
            results.push([path, mode, 'refused', 0, '']);
          }
        }
      }
    }
    return results;
  }, server.origin);
  assert.equal(read.length, 20);
  for (const [path, mode, type, status, text] of read) {
    assert.ok(type === 'refused' || type === 'opaque', `${mode} ${path}: ${type}`);
    assert.deepEqual([status, text], [0, ''], path);
  }
  forget();
});

test('a page of another origin changes nothing with fetch', async (desk) => {
  const { page, evil, forget } = await attack(desk);
  const before = await page.evaluate(async () => (await fetch('/api/v1/session')).json());
  await evil.evaluate(async ([origin, token]) => {
    for (const [method, path, body] of [['POST', '/api/v1/session/revoke', ''], ['POST', '/api/v1/runs', '{"strategy":"ema_cross","symbol":"WALK","timeframe":"5m","run_id":"evil"}'], ['POST', '/api/v1/accounts/desk/halt', '{"reason":"evil"}'], ['DELETE', '/api/v1/session', '']]) {
      for (const mode of ['no-cors', 'cors']) {
        const headers = mode === 'cors' ? { 'X-Pixity-Token': token, 'Content-Type': 'application/json' } : {};
        await fetch(origin + path, { method: mode === 'cors' ? method : 'POST', mode, credentials: 'include', headers, body }).catch(() => {});
      }
    }
  }, [server.origin, before.token]);
  const afterwards = await page.evaluate(async () => (await fetch('/api/v1/session')).json());
  assert.equal(afterwards.token, before.token, 'the session is what it was');
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/runs/evil')).status), 404);
  assert.equal(await accountHalted(page), null);
  expectProblem(page.context(), /./);
  forget();
});

test('a form of another origin is refused', async (desk) => {
  const { page, evil, forget } = await attack(desk);
  for (const [path, type] of [['/api/v1/session/revoke', 'text/plain'], ['/api/v1/runs', 'text/plain'], ['/api/v1/session', 'application/x-www-form-urlencoded']]) {
    const [answer] = await Promise.all([
      evil.waitForResponse((response) => response.url() === server.origin + path),
      evil.evaluate(([action, enctype]) => {
        const form = Object.assign(document.createElement('form'), { method: 'POST', action, enctype });
        form.append(Object.assign(document.createElement('input'), { name: '{"strategy":"ema_cross","x":"', value: '"}' }));
        document.body.append(form);
        form.submit();
      }, [server.origin + path, type]),
    ]);
    assert.equal(answer.status(), 403, path);
    await evil.waitForURL(server.origin + path);
    await evil.goto(`${attacker}/`);
  }
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/session')).status), 200);
  forget();
});

test('images, scripts, frames and event streams of another origin stay empty', async (desk) => {
  const { evil, forget } = await attack(desk);
  const loaded = await evil.evaluate(async (origin) => {
    const wait = (element) => new Promise((done) => { element.onload = () => done('loaded'); element.onerror = () => done('refused'); document.body.append(element); });
    const results = {};
    results.image = await wait(Object.assign(new Image(), { src: `${origin}/icon.svg` }));
    results.run = await wait(Object.assign(new Image(), { src: `${origin}/api/v1/runs/meta/report?format=png` }));
    results.script = await wait(Object.assign(document.createElement('script'), { src: `${origin}/api/v1/runs` }));
    results.style = await wait(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${origin}/` }));
    const frame = Object.assign(document.createElement('iframe'), { src: `${origin}/#/runs` });
    await new Promise((done) => { frame.onload = done; frame.onerror = done; document.body.append(frame); });
    results.frame = (() => { try { return frame.contentDocument === null ? 'closed' : frame.contentDocument.body.textContent; } catch { return 'closed'; } })();
    results.stream = await new Promise((done) => {
      const source = new EventSource(`${origin}/api/v1/stream`, { withCredentials: true });
      source.onopen = () => done('open');
      source.onerror = () => { if (source.readyState === EventSource.CLOSED) done('refused'); };
    });
    return results;
  }, server.origin);
  assert.deepEqual(loaded, { image: 'refused', run: 'refused', script: 'refused', style: 'refused', frame: 'closed', stream: 'refused' });
  const inside = evil.frames().find((frame) => frame !== evil.mainFrame());
  assert.ok(!inside.url().startsWith(server.origin), `the frame shows ${inside.url()}`);
  forget();
});

test('a page of another origin has no hold on ours', async (desk) => {
  const { evil, forget } = await attack(desk);
  const [popup] = await Promise.all([evil.context().waitForEvent('page'), evil.evaluate((url) => { window.theirs = open(url); }, `${server.origin}/#/runs`)]);
  await popup.waitForLoadState();
  assert.equal(await popup.evaluate(() => window.opener), null, 'the page has no opener');
  assert.equal(await evil.evaluate(() => window.theirs.closed), true, 'the window is not theirs');
  forget();
});

/** A request as a browser would never send it. */
const ask = (path, headers) => new Promise((done, failed) => {
  request({ host: '127.0.0.1', port: server.port, path, headers, setHost: headers.Host === undefined }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
  }).on('error', failed).end();
});

test('a name that was bound to this address anew is refused (DNS rebinding)', async (desk) => {
  const page = await visit(desk, server);
  const cookie = (await page.context().cookies(server.origin)).map((one) => `${one.name}=${one.value}`).join('; ');
  assert.equal((await ask('/api/v1/session', { Cookie: cookie, Host: `127.0.0.1:${server.port}` })).status, 200);
  for (const host of ['evil.example', `evil.example:${server.port}`, `127.0.0.1.evil.example:${server.port}`, `127.0.0.1:${server.port + 1}`, `localhost.:${server.port}x`, '', '[::1', `127.0.0.1:${server.port}@evil.example`]) {
    for (const path of ['/', '/api/v1/session', '/api/v1/openapi.json', '/icon.svg']) {
      const answer = await ask(path, { Cookie: cookie, Host: host });
      assert.ok(answer.status === 421 || answer.status === 400, `${host}${path}: ${answer.status}`);
      assert.ok(!answer.text.includes(home), host);
    }
  }
});

test('a link opens one browser, once; a wrong one says what to do', async (desk) => {
  const link = await (await visit(desk, server)).evaluate(async () => {
    const { token } = await (await fetch('/api/v1/session')).json();
    return (await (await fetch('/api/v1/session/links', { method: 'POST', headers: { 'X-Pixity-Token': token } })).json()).url;
  });
  const first = await profile(desk, { origins: [server.origin] });
  const page = await first.newPage();
  await page.goto(link);
  await settled(page);
  assert.equal(new URL(page.url()).search, '', 'the token does not stay in the address');
  const cookies = await first.cookies();
  assert.deepEqual(cookies.map((one) => [one.httpOnly, one.sameSite, one.path]), [[true, 'Strict', '/']]);
  assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees the session');
  for (const wrong of [link, `${server.origin}/?token=${'A'.repeat(43)}`, `${server.origin}/?token=`, `${server.origin}/?token=${'x'.repeat(5000)}`]) {
    const other = await profile(desk, { origins: [server.origin] });
    const refused = await other.newPage();
    const answer = await refused.goto(wrong);
    assert.equal(answer.status(), 403, wrong.slice(0, 80));
    assert.match(await refused.textContent('body'), /pixity serve/);
    assert.deepEqual(await other.cookies(), []);
    assert.equal(await refused.evaluate(async () => (await fetch('/api/v1/session')).status), 401);
    other.problems.length = 0; // the two refusals are in the console
  }
});

test('without the header token nothing changes', async (desk) => {
  const page = await visit(desk, server);
  const statuses = await page.evaluate(async () => {
    const { token } = await (await fetch('/api/v1/session')).json();
    const changed = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const results = [];
    for (const wrong of [undefined, '', changed, token.slice(1), token + token, `${token} `.padEnd(8000, 'x'), 'ü']) {
      for (const [method, path] of [['POST', '/api/v1/session/links'], ['POST', '/api/v1/runs'], ['DELETE', '/api/v1/runs/meta'], ['POST', '/api/v1/accounts/desk/halt'], ['POST', '/api/v1/session/revoke'], ['DELETE', '/api/v1/session']]) {
        const headers = wrong === undefined ? {} : { 'X-Pixity-Token': wrong };
        results.push([method, path, wrong?.slice(0, 10), (await fetch(path, { method, headers })).status]);
      }
    }
    return results;
  });
  for (const [method, path, token, status] of statuses) assert.ok(status === 403 || status === 431, `${method} ${path} with ${token}: ${status}`);
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/session')).status), 200);
  page.context().problems.length = 0; // the refusals are in the console
});

test('the page may not run what is not its own', async (desk) => {
  const page = await visit(desk, server);
  const results = await page.evaluate(async () => {
    const refused = [];
    document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
    const script = Object.assign(document.createElement('script'), { textContent: 'window.ran = true' });
    document.body.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = '<img src="x:y" onerror="window.ran = true">';
    document.body.append(holder);
    setTimeout('window.ran = true', 0);
    await fetch('http://127.0.0.1:9/').catch(() => {});
    await new Promise((done) => { const frame = Object.assign(document.createElement('iframe'), { src: '/' }); frame.onload = done; document.body.append(frame); });
    return { ran: window.ran === true, refused: [...new Set(refused)].sort() };
  });
  assert.equal(results.ran, false);
  for (const directive of ['script-src-elem', 'script-src', 'connect-src', 'frame-src']) assert.ok(results.refused.includes(directive), `${directive} not among ${results.refused}`);
  page.context().problems.length = 0; // the refusals are in the console
});

test('signing out ends the session in every tab', async (desk) => {
  const other = await serve(seed()); // a home has one server
  const page = await visit(desk, other);
  const second = await page.context().newPage();
  await second.goto(`${other.origin}/#/runs`);
  await page.evaluate(async () => {
    const { token } = await (await fetch('/api/v1/session')).json();
    await fetch('/api/v1/session', { method: 'DELETE', headers: { 'X-Pixity-Token': token } });
  });
  const answer = await second.goto(`${other.origin}/`);
  assert.equal(answer.status(), 401);
  assert.match(await second.textContent('body'), /pixity serve/);
  page.context().problems.length = 0; // the refusal is in the console
});
