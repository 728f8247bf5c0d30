// SPDX-License-Identifier: Apache-2.0
// What is around every view: navigation, digits and theme, the signs of a lost session, and the change of views.
import { api, getSession } from './lib/api';
import { h } from './lib/dom';
import { jobsMenu } from './lib/jobs';
import { button, confirm, failure, isAbort, loading, notice, say, toast } from './lib/notice';
import { changedHash, match, parseHash, type Place, type Route, type View } from './lib/router';
import { type Digits, getDigits, getTheme, setDigits, setTheme, startTheme, type Theme } from './lib/settings';

function choice<T extends string>(
  label: string,
  options: readonly [T, string][],
  value: T,
  set: (value: T) => void,
): HTMLElement {
  const select = h(
    'select',
    { 'aria-label': label, title: label, on: { change: () => set(select.value as T) } },
    options.map(([name, text]) => h('option', { value: name, selected: name === value }, text)),
  );
  return select;
}

export function settingsBar(): HTMLElement {
  return h(
    'div',
    { class: 'settings' },
    choice<Digits>(
      'Digit grouping',
      [
        ['indian', '12,34,567'],
        ['international', '1,234,567'],
      ],
      getDigits(),
      setDigits,
    ),
    choice<Theme>(
      'Theme',
      [
        ['auto', 'Auto'],
        ['light', 'Light'],
        ['dark', 'Dark'],
      ],
      getTheme(),
      setTheme,
    ),
  );
}

function navigation(views: readonly View[]): { element: HTMLElement; mark: (name: string) => void } {
  const links = views
    .filter((view) => view.menu)
    .map((view) => ({ name: view.name, element: h('a', { href: `#${view.path}` }, view.title) }));
  const parents: Record<string, string> = { run: 'runs', compare: 'runs', model: 'train', account: 'accounts' };
  return {
    element: h(
      'nav',
      { 'aria-label': 'Views' },
      links.map((one) => one.element),
    ),
    mark(name) {
      const wanted = parents[name] ?? name;
      for (const one of links) {
        if (one.name === wanted) one.element.setAttribute('aria-current', 'page');
        else one.element.removeAttribute('aria-current');
      }
    },
  };
}

export function startFrame(views: readonly View[]): void {
  startTheme();
  const menu = navigation(views);
  const main = h('main', { id: 'main', tabindex: -1 });
  const signs = h('div', { class: 'signs' });
  const version = h('span', { class: 'quiet' });
  document.getElementById('app')?.append(
    h(
      'a',
      {
        class: 'skip',
        href: '#main',
        on: {
          click: (event) => {
            event.preventDefault();
            main.focus();
          },
        },
      },
      'Skip to content',
    ),
    h(
      'header',
      { class: 'top' },
      h('a', { class: 'brand', href: '#/' }, 'Pixity'),
      menu.element,
      jobsMenu(new AbortController().signal),
      settingsBar(),
    ),
    signs,
    main,
    h('footer', { class: 'foot' }, h('span', null, 'Times are the exchange’s local time.'), version, leaveButtons()),
  );
  void getSession().then(
    (session) => {
      version.textContent = `Pixity ${session.version} · ${session.home}`;
    },
    () => undefined,
  );
  document.addEventListener('pixity:unauthorized', () => {
    if (!signs.firstChild) signs.append(signedOut());
  });
  startRouting(views, main, menu.mark);
}

/** Out of this browser, or of every one. The address stays, for who signs in again. */
function leaveButtons(): HTMLElement {
  const leave = async (end: () => Promise<unknown>): Promise<void> => {
    try {
      await end();
      document.dispatchEvent(new Event('pixity:unauthorized'));
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
  };
  const endAll = async (): Promise<void> => {
    const sure = await confirm({
      title: 'End all sessions?',
      action: 'End all sessions',
      text: 'Every browser and script that is signed in here, this one too, has to sign in again. Jobs go on.',
    });
    if (sure) await leave(() => api.post('/session/revoke'));
  };
  return h(
    'span',
    { class: 'leave' },
    button('Sign out', () => void leave(() => api.remove('/session')), 'quiet'),
    button('End all sessions', () => void endAll(), 'quiet'),
  );
}

function signedOut(): HTMLElement {
  return notice(
    'error',
    'You are signed out',
    h(
      'p',
      null,
      'The session has ended, or the server was started anew. Open the link that `pixity serve` printed, or sign in ' +
        'with the password where the server has one.',
    ),
    h(
      'p',
      { class: 'actions' },
      h('a', { class: 'button', href: '/login' }, 'Sign in'),
      button('Reload', () => location.reload()),
    ),
  );
}

function startRouting(views: readonly View[], main: HTMLElement, mark: (name: string) => void): void {
  let leave = new AbortController();
  let shownPath = '';
  let turn = 0;
  const render = async (): Promise<void> => {
    leave.abort();
    leave = new AbortController();
    const mine = (turn += 1);
    const { path, query } = parseHash(location.hash);
    const moved = shownPath !== '' && shownPath !== path;
    shownPath = path;
    const found = findView(views, path);
    if (!found) {
      main.replaceChildren(
        h('h1', null, 'No such page'),
        h('p', null, `There is nothing at ${path}. `, h('a', { href: '#/runs' }, 'See all runs'), '.'),
      );
      return;
    }
    const { view, parts } = found;
    mark(view.name);
    setTitle(view.title);
    const element = h('div', { class: `view view-${view.name}` }, loading());
    main.replaceChildren(element);
    if (moved) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
    try {
      const module = await view.load();
      if (mine !== turn) return;
      element.replaceChildren();
      await module.show(makePlace(element, { path, parts, query }, leave.signal));
      if (mine === turn && moved) say(document.title);
    } catch (error) {
      if (mine !== turn || isAbort(error)) return;
      element.replaceChildren(
        h('h1', null, view.title),
        failure('This view could not be shown', error, () => void render()),
      );
    }
  };
  addEventListener('hashchange', () => void render());
  document.addEventListener('pixity:digits', () => void render());
  void render();
}

const setTitle = (title: string): void => {
  document.title = `${title} · Pixity`;
};

function findView(views: readonly View[], path: string): { view: View; parts: string[] } | undefined {
  for (const view of views) {
    const parts = match(view.path, path);
    if (parts) return { view, parts };
  }
  return undefined;
}

function makePlace(element: HTMLElement, route: Route, signal: AbortSignal): Place {
  return {
    element,
    route,
    signal,
    setTitle,
    setQuery(changes, push = false) {
      if (signal.aborted) return;
      const hash = changedHash(changes);
      route.query = parseHash(hash).query;
      if (push) history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
    },
  };
}
