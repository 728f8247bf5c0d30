// SPDX-License-Identifier: Apache-2.0
// What can be done with a run: take it along, report it, link to it, run it again, delete it.
import { address, api, at } from '../lib/api';
import { type Child, h } from '../lib/dom';
import { button, confirm, messageOf, toast } from '../lib/notice';
import { go, type Place } from '../lib/router';
import type { Run } from './types';

/** A button that opens a list of links. Escape, a choice and a click elsewhere close it. */
export function menu(label: string, items: readonly Child[], signal: AbortSignal): HTMLElement {
  const details = h(
    'details',
    { class: 'menu' },
    h('summary', { class: 'button' }, label),
    h(
      'ul',
      {
        on: {
          click: () => {
            details.open = false;
          },
        },
      },
      items.map((item) => h('li', null, item)),
    ),
  );
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary')?.focus();
  });
  document.addEventListener(
    'click',
    (event) => {
      if (!details.contains(event.target as Node)) details.open = false;
    },
    { signal },
  );
  return details;
}

const PARTS = ['trades', 'equity', 'signals', 'orders', 'fills'];

export function runActions(run: Run, place: Place, again: string): Child {
  const file = (text: string, path: string, query: Record<string, string>): Child =>
    h('a', { href: address(path, query), download: true }, text);
  const exportPath = at`/runs/${run.run_id}/export`;
  const reportPath = at`/runs/${run.run_id}/report`;
  const done = run.status === 'done';
  return [
    h('a', { class: 'button primary', href: again }, 'Run again'),
    done &&
      menu(
        'Report',
        [
          file('HTML, one file', reportPath, { format: 'html' }),
          file('PNG of the equity curve', reportPath, { format: 'png' }),
        ],
        place.signal,
      ),
    done &&
      menu(
        'Export',
        [
          file('Everything, JSON', exportPath, { format: 'json' }),
          PARTS.map((part) =>
            h(
              'span',
              { class: 'menu-row' },
              h('span', null, part),
              file('CSV', exportPath, { format: 'csv', part }),
              file('Parquet', exportPath, { format: 'parquet', part }),
            ),
          ),
        ].flat(),
        place.signal,
      ),
    button('Copy link', () => void copy(location.href)),
    button('Delete', () => void remove(run), 'danger'),
  ];
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast('Copied.');
  } catch {
    toast('The browser does not allow copying here: take it from the address bar.');
  }
}

async function remove(run: Run): Promise<void> {
  const sure = await confirm({
    title: `Delete run ${run.run_id}?`,
    text: h(
      'p',
      null,
      'Its trades, equity and events are removed from the store. This cannot be undone. Models and bars stay.',
    ),
    action: 'Delete run',
  });
  if (!sure) return;
  try {
    await api.remove(at`/runs/${run.run_id}`);
    toast(`Run ${run.run_id} is deleted.`);
    go('#/runs');
  } catch (error) {
    toast(messageOf(error));
  }
}
