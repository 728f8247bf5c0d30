// SPDX-License-Identifier: Apache-2.0
// Paper is light and has another width: for printing, a chart that cannot redraw at once leaves a picture of itself.
import { h } from '../lib/dom';

/** `take` gives a canvas of the chart as it would look on paper; it is shown in print in place of `live`. `back` sets
 * the chart for the screen again. */
export function printPicture(
  live: HTMLElement,
  signal: AbortSignal,
  take: () => HTMLCanvasElement,
  back: () => void,
): void {
  const holder = h('div', { class: 'print-only chart-picture' });
  live.after(holder);
  live.classList.add('screen-only');
  addEventListener(
    'beforeprint',
    () => {
      if (live.clientWidth > 0) holder.replaceChildren(take());
    },
    { signal },
  );
  addEventListener(
    'afterprint',
    () => {
      holder.replaceChildren();
      back();
    },
    { signal },
  );
}
