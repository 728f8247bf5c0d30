// SPDX-License-Identifier: Apache-2.0
// Changes of a stored series: another name, and bars away. Each is asked for once more before it is made.
import type { DeleteRequest, RenameRequest } from '../api/requests';
import { api } from '../lib/api';
import { type Child, fill, h } from '../lib/dom';
import { type Field, selectField } from '../lib/field';
import { fieldsOf, valuesOfFields } from '../lib/form';
import { count } from '../lib/format';
import { confirm, failure, toast } from '../lib/notice';
import { panel } from '../lib/rows';
import type { Series } from './types';

function form(
  label: string,
  fields: Record<string, Field>,
  action: { text: string; kind: string; failed: string },
  send: () => Promise<void>,
): HTMLElement {
  const trouble = h('div');
  const go = h('button', { type: 'submit', class: action.kind || undefined }, action.text);
  const submit = async (): Promise<void> => {
    fill(trouble);
    go.disabled = true;
    try {
      await send();
    } catch (error) {
      fill(trouble, failure(`${label}: ${action.failed}`, error));
    } finally {
      go.disabled = false;
    }
  };
  return h(
    'form',
    {
      novalidate: true,
      'aria-label': label,
      on: {
        submit: (event) => {
          event.preventDefault();
          void submit();
        },
      },
    },
    h(
      'div',
      { class: 'fields' },
      Object.values(fields).map((field) => field.element),
    ),
    trouble,
    h('p', { class: 'actions' }, go),
  );
}

const folded = (title: string, ...content: Child[]): HTMLElement =>
  h('details', { class: 'settings-more' }, h('summary', null, title), content);

function renameForm(series: Series, changed: (symbol: string) => void): HTMLElement {
  const fields = fieldsOf('rename', () => '', () => undefined, {});
  const action = { text: 'Rename', kind: '', failed: 'nothing was changed' };
  return form(`Rename ${series.symbol}`, fields, action, async () => {
    const name = fields.name.get();
    fields.name.error(name ? null : 'Give the new name.');
    if (!name) return;
    const sure = await confirm({
      title: `Call ${series.symbol} ${name}?`,
      text: h(
        'p',
        null,
        'All its bars, splits, bonuses and its journal have that name then. Runs keep the name that they were made ' +
          'under.',
      ),
      action: 'Rename',
    });
    if (!sure) return;
    const request: RenameRequest = { symbol: series.instrument_key, name };
    const { from, symbol } = await api.post<{ from: string; symbol: string }>('/data/rename', request);
    toast(`${from} is ${symbol} now.`);
    changed(symbol);
  });
}

/** "1m bars of RELIANCE, 2022-01-03 to the last one". */
function stretchOf(series: Series, request: Partial<DeleteRequest>): string {
  const days =
    request.start || request.end ? `, ${request.start ?? 'the first one'} to ${request.end ?? 'the last one'}` : '';
  return `${request.timeframe ? `${request.timeframe} bars` : 'bars of every timeframe'} of ${series.symbol}${days}`;
}

function deleteForm(series: Series, timeframes: readonly string[], changed: () => void): HTMLElement {
  const fields = fieldsOf('delete', () => '', () => undefined, {
    timeframe: selectField({
      label: 'Timeframe',
      name: 'timeframe',
      value: series.timeframe,
      choices: [
        ...timeframes.map((one) => ({ value: one, text: one })),
        { value: '', text: 'every one' },
      ],
    }),
  });
  const action = { text: 'Delete bars', kind: 'danger', failed: 'not all is removed' };
  return form(`Delete bars of ${series.symbol}`, fields, action, async () => {
    const values = valuesOfFields('delete', fields) as Partial<DeleteRequest>;
    const sure = await confirm({
      title: `Delete bars of ${series.symbol}?`,
      text: [
        h('p', null, `${stretchOf(series, values)}.`.replace(/^b/, 'B')),
        h(
          'p',
          null,
          values.forget
            ? 'No copy is kept: this cannot be undone, nor can any change before it.'
            : 'The journal keeps them, and brings them back. Runs that used them stay.',
        ),
      ],
      action: 'Delete bars',
    });
    if (!sure) return;
    const request: DeleteRequest = { ...values, symbol: series.instrument_key };
    const removed = await api.post<{ series: { timeframe: string; removed: number }[] }>('/data/delete', request);
    const deleted = removed.series.map((one) => `${count(one.removed)} bars of ${one.timeframe}`).join(', ');
    toast(deleted ? `Deleted: ${deleted}.` : 'The copies of bars that were gone are deleted.');
    changed();
  });
}

/** `timeframes`: those that the instrument has bars of. `changed` is given the new name, if there is one. */
export function changePanel(
  series: Series,
  timeframes: readonly string[],
  changed: (symbol?: string) => void,
): HTMLElement {
  return panel(
    `Change ${series.symbol}`,
    null,
    folded('Rename', renameForm(series, changed)),
    folded('Delete bars', deleteForm(series, timeframes, () => changed())),
  );
}
