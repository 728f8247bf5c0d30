// SPDX-License-Identifier: Apache-2.0
import { localTime, offsetOf } from '../lib/format';

/** When it was computed: no time of the exchange, so its own offset stands with it. */
export const madeAt = (created: string): string => `${localTime(created).slice(0, 16)} ${offsetOf(created).replace(/^(Z|\+00:00)$/, 'UTC')}`;
