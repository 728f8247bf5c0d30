// SPDX-License-Identifier: Apache-2.0
import { UNDEFINED } from './format';

/** When it was computed: no time of the exchange, so it is written in UTC, the same in every view and every browser. */
export function madeAt(created: string): string {
  const at = new Date(created);
  return Number.isNaN(at.getTime()) ? UNDEFINED : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
