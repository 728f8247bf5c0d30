// SPDX-License-Identifier: Apache-2.0
// Values of parameters as requests, addresses and people have them.
import { plain } from './format';

export type Values = Record<string, number>;
const entriesOf = (values: unknown): [string, unknown][] => Object.entries((values as Values | null | undefined) ?? {});

/** What an address ("param.stop_atrs=2") says, else a job's request. */
export function valuesOf(query: URLSearchParams, asked?: unknown): Record<string, string> {
  const found = Object.fromEntries(entriesOf(asked).map(([name, value]) => [name, String(value)]));
  for (const [name, value] of query) if (name.startsWith('param.') && value) found[name.slice('param.'.length)] = value;
  return found;
}

/** A request's values as texts of an address: {param.stop_atrs}. */
export function valuesInAddress(values: unknown): Record<string, string> {
  return Object.fromEntries(entriesOf(values).map(([name, value]) => [`param.${name}`, String(value)]));
}

/** "stop_atrs 2, hold_bars 30". */
export function valuesText(values: unknown): string {
  return entriesOf(values)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? plain(value) : value}`)
    .join(', ');
}
