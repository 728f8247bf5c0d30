// SPDX-License-Identifier: Apache-2.0
import { h } from '../lib/dom';
import type { Place } from '../lib/router';

export function show(place: Place): void {
  place.element.append(h('h1', null, 'Data'));
}
