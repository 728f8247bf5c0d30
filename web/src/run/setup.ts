// SPDX-License-Identifier: Apache-2.0
// How a run was made, so that it can be made again: settings that differ from the profile's, data, model, fingerprint.
import { type Child, h } from '../lib/dom';
import { count, localTime, number, plain, UNDEFINED } from '../lib/format';
import { link } from '../lib/router';
import { madeAt } from '../lib/made';
import { valuesText } from '../lib/values';
import type { Run, RunContext } from './types';

export interface ConfigKey {
  key: string;
  honest: string | number | boolean | null;
  reference: string | number | boolean | null;
  meaning: string;
  unit?: string | null;
}

const text = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? UNDEFINED
    : typeof value === 'number'
      ? plain(value)
      : typeof value === 'boolean'
        ? value
          ? 'true'
          : 'false'
        : String(value);

/** "100000.0" as the list of keys writes it, like the run's own 100000. */
const asValue = (value: unknown): string =>
  text(typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value);

/** The list of keys has defaults as text, a run its settings as values: "2.0" is 2. */
function same(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) || a === '' || b === '' ? String(a) === String(b) : x === y;
}

export function facts(rows: readonly (readonly [string, Child])[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => [h('dt', null, name), h('dd', null, value)]),
  );
}

const usualOf = (run: Run, key: ConfigKey): unknown => (run.profile === 'reference' ? key.reference : key.honest);
/** The settings that a run had otherwise than its profile has them. */
export function differing(run: Run, keys: readonly ConfigKey[]): ConfigKey[] {
  const config = run.config ?? {};
  return keys.filter((key) => key.key in config && !same(config[key.key], usualOf(run, key)));
}

function settings(context: RunContext, keys: readonly ConfigKey[]): HTMLElement {
  const config = context.run.config ?? {};
  const usual = (key: ConfigKey): unknown => usualOf(context.run, key);
  const known = keys.filter((key) => key.key in config);
  const different = differing(context.run, keys);
  const row = (key: ConfigKey): HTMLElement =>
    h(
      'tr',
      null,
      h('th', { scope: 'row', class: 'mono' }, key.key),
      h('td', null, text(config[key.key]), key.unit && h('span', { class: 'unit' }, ` ${key.unit}`)),
      h('td', { class: 'quiet' }, asValue(usual(key))),
      h('td', { class: 'wrap quiet' }, key.meaning),
    );
  const table = (list: readonly ConfigKey[], label: string): HTMLElement =>
    h(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': label },
      h(
        'table',
        null,
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['Setting', 'Of this run', `Default of ${context.run.profile}`, 'Meaning'].map((title) =>
              h('th', { scope: 'col' }, title),
            ),
          ),
        ),
        h('tbody', null, list.map(row)),
      ),
    );
  const rest = Object.keys(config).filter((name) => !keys.some((key) => key.key === name));
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'Settings'),
    keys.length > 0 &&
      h(
        'h3',
        null,
        different.length
          ? `Differs from the profile ${context.run.profile}`
          : `All as in the profile ${context.run.profile}`,
      ),
    different.length > 0 && table(different, 'Settings that differ'),
    known.length > 0 &&
      h(
        'details',
        { class: 'later' },
        h('summary', null, `All ${known.length} settings`),
        table(known, 'All settings'),
      ),
    rest.length > 0 && facts(rest.map((name) => [name, text(config[name])])),
  );
}

export function setupPanels(context: RunContext, keys: readonly ConfigKey[]): HTMLElement {
  const { run } = context;
  const data = run.data ?? {};
  const get = (name: string): string => text(data[name]);
  const request = Object.entries(run.request ?? {}).filter(([, value]) => value !== null && value !== undefined);
  const adjustments = Array.isArray(data['adjustments']) ? (data['adjustments'] as unknown[]) : [];
  return h(
    'div',
    null,
    settings(context, keys),
    h(
      'div',
      { class: 'grid' },
      h(
        'section',
        { class: 'panel' },
        h('h2', null, 'Request'),
        facts(request.map(([name, value]) => [name, typeof value === 'object' ? valuesText(value) : text(value)])),
      ),
      run.data &&
        h(
          'section',
          { class: 'panel' },
          h('h2', null, 'Data'),
          facts([
            ['Source', get('source')],
            ['Instrument', get('instrument_key')],
            ['Tick and lot', `${get('tick')} and ${data['lot_size'] === 0 ? 'any fraction' : get('lot_size')}`],
            [
              'Bars',
              `${count(data['bars'] as number)}, after ${count(data['warmup_bars'] as number)} of warm-up, from ` +
                `${count(data['source_bars'] as number)} stored`,
            ],
            ['Left out', `${count(data['excluded_bars'] as number)} bars`],
            [
              'First and last bar',
              `${localTime(data['first_bar'] as string)} to ${localTime(data['last_bar'] as string)}`,
            ],
            [
              'Adjustments',
              adjustments.length
                ? adjustments.map((one) => h('div', null, typeof one === 'string' ? one : JSON.stringify(one)))
                : 'none',
            ],
            ['Fingerprint', h('code', null, get('fingerprint'))],
          ]),
        ),
      run.status === 'done' &&
        h(
          'section',
          { class: 'panel' },
          h('h2', null, 'Model'),
          run.model
            ? facts([
                [
                  'Card',
                  context.source.live
                    ? h('a', { href: link('/models', run.model.name) }, run.model.name)
                    : run.model.name,
                ],
                ['Trained on', `${localTime(run.model.train_begin)} to ${localTime(run.model.train_end)}`],
                ['SHA-256', h('code', null, run.model.sha256)],
              ])
            : h('p', { class: 'quiet' }, 'The strategy used no model.'),
        ),
      h(
        'section',
        { class: 'panel' },
        h('h2', null, 'This run'),
        facts([
          ['Fingerprint', h('code', null, text(run.fingerprint))],
          ['Pixity', text(run.version)],
          ['Made', madeAt(run.created)],
          ...Object.entries(run.fees ?? {}).map(
            ([name, value]) => [`Fees: ${name.replaceAll('_', ' ')}`, text(value)] as const,
          ),
        ]),
      ),
      trials(context),
    ),
  );
}

function trials(context: RunContext): Child {
  const found = context.run.trials;
  if (!found) return null;
  const value = (name: string): string => (typeof found[name] === 'number' ? number(found[name], 3) : UNDEFINED);
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'Trials'),
    facts([
      ['Runs compared', count(found['n'] as number)],
      ['Best Sharpe a session', value('best_sharpe')],
      ['Variance of Sharpe', value('sharpe_variance')],
      ['Deflated Sharpe', value('deflated_sharpe')],
    ]),
    h('p', { class: 'quiet small later' }, String(found['basis'] ?? '')),
  );
}
