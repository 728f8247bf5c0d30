// SPDX-License-Identifier: Apache-2.0
// What a reader chose for this browser: digit grouping and theme. Kept in localStorage where that is allowed.

export type Digits = 'indian' | 'international';
export type Theme = 'auto' | 'dark' | 'light';

/** Is sent on `document` after a change: 'pixity:theme' (colours: redraw charts), 'pixity:digits' (render anew). */
export type SettingsEvent = 'pixity:theme' | 'pixity:digits';

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off, or this is a file
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* the choice lasts as long as this tab */
  }
}

let digits: Digits = read('pixity.digits') === 'international' ? 'international' : 'indian';
const storedTheme = read('pixity.theme');
let theme: Theme = storedTheme === 'dark' || storedTheme === 'light' ? storedTheme : 'auto';

export const getDigits = (): Digits => digits;
export const getTheme = (): Theme => theme;

export function setDigits(value: Digits): void {
  digits = value;
  write('pixity.digits', value);
  document.dispatchEvent(new Event('pixity:digits'));
}

export function setTheme(value: Theme): void {
  theme = value;
  write('pixity.theme', value);
  applyTheme();
}

/** Light or dark as it is shown now. */
export function shownTheme(): 'dark' | 'light' {
  if (theme !== 'auto') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

let printing = false;
function applyTheme(): void {
  document.documentElement.dataset['theme'] = printing ? 'light' : shownTheme();
  document.dispatchEvent(new Event('pixity:theme'));
}

/** Once, at the start: sets data-theme on <html>, follows the system while the theme is 'auto', and is light on
 * paper. */
export function startTheme(): void {
  applyTheme();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);
  addEventListener('beforeprint', () => {
    printing = true;
    applyTheme();
  });
  addEventListener('afterprint', () => {
    printing = false;
    applyTheme();
  });
}
