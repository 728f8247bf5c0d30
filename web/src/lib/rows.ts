// SPDX-License-Identifier: Apache-2.0
// Tables whose rows are all here (lists of the server: lib/table), and names with values.
import { type Child, h } from './dom';

export interface Head {
  title: string;
  unit?: string;
  num?: boolean;
  help?: string;
  /** Long text: may wrap. */
  wrap?: boolean;
}
export interface Row {
  cells: readonly Child[];
  /** Class of the row: 'marked', 'total'. */
  kind?: string;
}

/** The first cell of each row is its heading. */
export function rowsTable(caption: string, heads: readonly Head[], rows: readonly Row[]): HTMLElement {
  const classOf = (head: Head | undefined): string | undefined => (head?.num ? 'num' : head?.wrap ? 'wrap' : undefined);
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      null,
      h('caption', { class: 'hidden' }, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          heads.map((head) =>
            h(
              'th',
              { scope: 'col', class: head.num ? 'num' : undefined, title: head.help },
              head.title || h('span', { class: 'hidden' }, 'Actions'),
              head.unit && h('span', { class: 'unit' }, ` ${head.unit}`),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            { class: row.kind },
            row.cells.map((cell, i) =>
              h(i === 0 ? 'th' : 'td', { scope: i === 0 ? 'row' : undefined, class: classOf(heads[i]) }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

export function facts(rows: readonly (readonly [string, Child])[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => [h('dt', null, name), h('dd', null, value)]),
  );
}

/** One figure with its name, and what it means below. */
export function figure(name: string, value: Child, meaning: Child, tone = ''): HTMLElement {
  return h(
    'div',
    { class: 'tile' },
    h('div', { class: 'tile-name' }, name),
    h('div', { class: `tile-value ${tone}` }, value),
    h('div', { class: 'quiet small' }, meaning),
  );
}

/** A panel with its title and, at the right, a note. */
export function panel(title: string, note: Child, ...content: Child[]): HTMLElement {
  return h(
    'section',
    { class: 'panel' },
    h('div', { class: 'panel-head' }, h('h2', null, title), note && h('span', { class: 'quiet small' }, note)),
    content,
  );
}

/** A command to type, with a button that copies it. */
export function command(text: string): HTMLElement {
  const copy = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'aria-label': `Copy: ${text}`,
      on: {
        click: () => {
          void navigator.clipboard?.writeText(text).then(
            () => {
              copy.textContent = 'Copied';
            },
            () => {
              copy.textContent = 'Select and copy it';
            },
          );
        },
      },
    },
    'Copy',
  );
  return h('span', { class: 'command' }, h('code', null, text), copy);
}
