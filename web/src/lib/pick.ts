// SPDX-License-Identifier: Apache-2.0
// Instruments and settings, as fields that are searched.
import { api, listOf } from './api';
import { type Child, fill, h } from './dom';
import { combobox, type Field, selectField, textField } from './field';
import { count, localDate } from './format';
import { messageOf } from './notice';

export interface StoredSeries {
  timeframe: string;
  first: string;
  last: string;
  bars: number;
}
export interface SymbolInfo {
  symbol: string;
  instrument_key: string;
  exchange: string;
  aliases?: string[];
  tick?: number | null;
  lot_size?: number | null;
  series: StoredSeries[];
}

const found = new Map<string, SymbolInfo>();
export async function findSymbols(text: string, signal?: AbortSignal): Promise<SymbolInfo[]> {
  const { items } = await api.get<{ items: SymbolInfo[] }>('/symbols', { q: text, limit: 20 }, signal);
  for (const one of items) found.set(one.symbol, one);
  return items;
}
/** What is stored of a symbol, or undefined where the store does not know it. */
export async function symbolInfo(symbol: string, signal?: AbortSignal): Promise<SymbolInfo | undefined> {
  if (!found.has(symbol)) await findSymbols(symbol, signal);
  const name = bare(symbol);
  return (
    found.get(symbol) ??
    [...found.values()].find((one) =>
      [one.symbol, one.instrument_key, ...(one.aliases ?? [])].some((each) => bare(each) === name),
    )
  );
}
/** As the server reads a name: case and a segment in brackets ("RELIANCE [FO]") do not matter. */
const bare = (name: string): string => name.replace(/\[.*$/, '').trim().toUpperCase();

export const storedText = (series: readonly StoredSeries[]): string =>
  series
    .map((one) => `${one.timeframe} ${localDate(one.first)} to ${localDate(one.last)} (${count(one.bars)} bars)`)
    .join(', ');

export interface SymbolFieldOptions {
  label?: string;
  value?: string;
  onPick: (symbol: string, info: SymbolInfo | undefined) => void;
}
/** Searchable instrument; its help tells what is stored of it. */
export function symbolField(options: SymbolFieldOptions): Field {
  const field = combobox({
    label: options.label ?? 'Symbol',
    name: 'symbol',
    value: options.value,
    required: true,
    placeholder: 'RELIANCE, NIFTY 50, …',
    nothing: 'No instrument has that name',
    search: async (text, signal) =>
      (await findSymbols(text, signal)).map((one) => ({
        value: one.symbol,
        text: one.symbol,
        detail: one.series.length ? storedText(one.series) : 'no bars stored',
      })),
    onChange: (value) => void look(value),
  });
  const look = async (value: string): Promise<void> => {
    if (!value) return options.onPick('', undefined);
    try {
      const info = await symbolInfo(value);
      if (field.get() !== value) return;
      field.help(
        !info
          ? 'This name is not known.'
          : info.series.length
            ? `Stored: ${storedText(info.series)}`
            : 'No bars of it are stored: import some first.',
      );
      options.onPick(value, info);
    } catch (error) {
      field.error(messageOf(error));
    }
  };
  if (options.value) void look(options.value);
  return field;
}

/** Several instruments: each that was picked becomes a tag that can be taken away. */
export function symbolsField(options: { values: readonly string[]; onChange: (symbols: readonly string[]) => void }): {
  element: HTMLElement;
  get(): string[];
  error(text: string | null): void;
} {
  const symbols = [...options.values];
  const tags = h('ul', { class: 'tags picked', 'aria-label': 'Chosen symbols' });
  const field = symbolField({
    label: 'Symbols',
    onPick: (symbol, info) => {
      if (symbol && info) add(info.symbol);
    },
  });
  field.help('One, or several for one model over all of them.');
  const draw = (): void => {
    fill(
      tags,
      symbols.map((symbol) =>
        h(
          'li',
          { class: 'tag' },
          symbol,
          h(
            'button',
            {
              type: 'button',
              class: 'link',
              'aria-label': `Take ${symbol} away`,
              on: {
                click: () => {
                  symbols.splice(symbols.indexOf(symbol), 1);
                  draw();
                  options.onChange(symbols);
                },
              },
            },
            '×',
          ),
        ),
      ),
    );
    tags.hidden = symbols.length === 0;
  };
  const add = (symbol: string): void => {
    field.set('');
    field.error(null);
    if (symbols.includes(symbol)) return;
    symbols.push(symbol);
    draw();
    options.onChange(symbols);
    void tellStored();
  };
  const tellStored = async (): Promise<void> => {
    const parts: Child[] = [];
    for (const symbol of symbols) {
      const info = await symbolInfo(symbol).catch(() => undefined);
      parts.push(h('div', null, `${symbol}: ${info?.series.length ? storedText(info.series) : 'no bars stored'}`));
    }
    field.help(parts.length ? parts : 'One, or several for one model over all of them.');
  };
  draw();
  if (symbols.length) void tellStored();
  return { element: h('div', null, field.element, tags), get: () => [...symbols], error: (text) => field.error(text) };
}

const LONG: Record<string, string> = {
  '1m': '1 minute',
  '1h': '1 hour',
  '2h': '2 hours',
  '4h': '4 hours',
  '1d': '1 day',
};
export const timeframeName = (name: string): string => LONG[name] ?? name.replace(/^(\d+)m$/, '$1 minutes');

// ---- settings ------------------------------------------------------------------------------------------

export interface ConfigKey {
  key: string;
  honest: string | null;
  reference: string | null;
  unit?: string | null;
  choices?: string[] | null;
  /** number, integer, switch, choice, text, time, days */
  type?: string;
  minimum?: number | null;
  maximum?: number | null;
  nullable?: boolean;
  meaning: string;
}
let keys: Promise<ConfigKey[]> | undefined;
export function configKeys(): Promise<ConfigKey[]> {
  keys ??= listOf<ConfigKey>('/config/keys');
  keys.catch(() => {
    keys = undefined;
  });
  return keys;
}

export interface SettingsField {
  element: HTMLElement;
  /** What was changed from the profile's defaults: the `set` of a request; undefined where nothing was. */
  get(): Record<string, string> | undefined;
  profile(name: string): void;
  /** Marks a setting and shows it; false where it has no such one. Null takes all marks away. */
  error(name: string | null, text?: string): boolean;
}
/** The named settings, folded away; an empty input stands for the profile's default, which it shows. */
export async function settingsField(
  names: readonly string[],
  profile: string,
  values: Record<string, string> = {},
): Promise<SettingsField> {
  const wanted = (await configKeys())
    .filter((one) => names.includes(one.key))
    .sort((a, b) => names.indexOf(a.key) - names.indexOf(b.key));
  const summary = h('summary', null);
  const defaultOf = (one: ConfigKey, name: string): string =>
    String((name === 'reference' ? one.reference : one.honest) ?? 'none');
  const fields = wanted.map((one) => ({
    one,
    field: settingField(one, defaultOf(one, profile), values[one.key] ?? '', () => tell()),
  }));
  const get = (): Record<string, string> | undefined => {
    const changed = Object.fromEntries(
      fields.map(({ one, field }) => [one.key, field.get()]).filter(([, value]) => value !== ''),
    );
    return Object.keys(changed).length ? changed : undefined;
  };
  const tell = (): void => {
    const n = Object.keys(get() ?? {}).length;
    summary.textContent = n ? `Settings (${n} changed)` : 'Settings';
  };
  tell();
  const element = h(
    'details',
    { class: 'settings-more', open: get() !== undefined },
    summary,
    settingsSearch(fields),
    h(
      'div',
      { class: 'fields' },
      fields.map(({ field }) => field.element),
    ),
  );
  return {
    element,
    get,
    profile(name) {
      for (const { one, field } of fields) showDefault(one, field, defaultOf(one, name));
    },
    error(name, text) {
      if (name === null) for (const { field } of fields) field.error(null);
      const wrong = fields.find(({ one }) => one.key === name)?.field;
      if (!wrong) return false;
      element.open = true;
      wrong.element.hidden = false;
      wrong.error(text ?? null);
      wrong.input.focus();
      return true;
    },
  };
}

/** Leaves those whose name or meaning holds what is typed. It is no setting itself: its events end here. */
function settingsSearch(fields: readonly { one: ConfigKey; field: Field }[]): HTMLElement {
  const input = h('input', {
    type: 'search',
    placeholder: 'Search settings',
    'aria-label': 'Search settings',
    autocomplete: 'off',
    spellcheck: 'false',
    on: {
      input: () => {
        const wanted = input.value.trim().toLowerCase();
        for (const { one, field } of fields)
          field.element.hidden = !`${one.key} ${one.meaning}`.toLowerCase().includes(wanted);
      },
      change: (event) => event.stopPropagation(),
      keydown: (event) => {
        if (event.key === 'Enter') event.preventDefault();
      },
    },
  });
  return input;
}

function showDefault(one: ConfigKey, field: Field, value: string): void {
  if (field.input instanceof HTMLInputElement) field.input.placeholder = value;
  else if (field.input instanceof HTMLSelectElement && field.input.options[0])
    field.input.options[0].text = `${value} (default)`;
  field.help(`${one.meaning}.`);
}

/** Longer ones leave no room for the number; the help tells them too. */
const LONGEST_UNIT = 6;

function settingField(one: ConfigKey, value: string, now: string, onChange: () => void): Field {
  const given = one.choices ?? (one.honest === 'true' || one.honest === 'false' ? ['true', 'false'] : undefined);
  const common = {
    label: one.key,
    name: one.key,
    value: now,
    onChange,
    ...(one.unit && one.unit.length <= LONGEST_UNIT ? { unit: one.unit } : {}),
  };
  const field = given?.length
    ? selectField({ ...common, choices: [{ value: '', text: '' }, ...given.map((text) => ({ value: text, text }))] })
    : textField({
        ...common,
        ...((one.type === 'number' || one.type === 'integer') && !one.nullable
          ? {
              type: 'number' as const,
              step: one.type === 'integer' ? 1 : 'any',
              ...(typeof one.minimum === 'number' ? { min: one.minimum } : {}),
              ...(typeof one.maximum === 'number' ? { max: one.maximum } : {}),
            }
          : {}),
      });
  showDefault(one, field, value);
  return field;
}
