// SPDX-License-Identifier: Apache-2.0
// The sheet's colours for what draws on a canvas, and when to draw anew.

export interface Colours {
  surface: string;
  text: string;
  quiet: string;
  line: string;
  lineStrong: string;
  accent: string;
  gain: string;
  loss: string;
  up: string;
  down: string;
  warn: string;
  series: readonly string[];
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: get('surface'),
    text: get('text'),
    quiet: get('quiet'),
    line: get('line'),
    lineStrong: get('line-strong'),
    accent: get('accent'),
    gain: get('gain'),
    loss: get('loss'),
    up: get('candle-up'),
    down: get('candle-down'),
    warn: get('warn-line'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => get(`series-${n}`)),
  };
}

/** "#0b5cad" and 0.2 -> with that opacity. */
export function faint(hex: string, alpha: number): string {
  return hex.startsWith('#')
    ? hex +
        Math.round(alpha * 255)
          .toString(16)
          .padStart(2, '0')
    : hex;
}

/** Pixels of the sheet's rem: canvas text grows with the page's. */
export const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
export const fontFamily = (): string => getComputedStyle(document.body).fontFamily;

/** Calls `draw` when light and dark change, until `signal` aborts. */
export function onTheme(signal: AbortSignal, draw: () => void): void {
  document.addEventListener('pixity:theme', draw, { signal });
}

/** Calls `fit` with the element's width whenever that changes. */
export function onWidth(element: Element, signal: AbortSignal, fit: (width: number) => void): void {
  let last = 0;
  const observer = new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (width === last || width === 0) return;
    last = width;
    fit(width);
  });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}
