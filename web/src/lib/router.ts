// SPDX-License-Identifier: Apache-2.0
// Addresses are hashes: #/runs/ID?tab=trades&sort=r. Everything that a link needs to show the same again is in them.

/** Where the reader is. `parts` are the {…} of the view's path, decoded. */
export interface Route {
  path: string;
  parts: string[];
  query: URLSearchParams;
}

/** What a view gets. */
export interface Place {
  /** Empty; the view fills it. */
  element: HTMLElement;
  route: Route;
  /** Aborted when the reader leaves: give it to requests, streams and listeners on document or window. */
  signal: AbortSignal;
  setTitle(title: string): void;
  /** Changes the address without rendering again (null and '' remove). `push` makes a step that "back" undoes. */
  setQuery(changes: Record<string, string | number | null | undefined>, push?: boolean): void;
}

/** A view's module exports `show`. Its promise may fail: the frame then shows the error with "try again". */
export interface ViewModule {
  show(place: Place): void | Promise<void>;
}

export interface View {
  name: string;
  /** "/runs/{}": {} stands for one part. */
  path: string;
  title: string;
  /** In the navigation. */
  menu: boolean;
  load(): Promise<ViewModule>;
}

/** link('/runs', id) -> "#/runs/…"; the last argument may be a query. */
export function link(
  path: string,
  ...rest: (string | number | Record<string, string | number | null | undefined>)[]
): string {
  let text = `#${path}`;
  for (const part of rest) {
    if (typeof part === 'object') text += queryText(part);
    else text += `/${encodeURIComponent(String(part))}`;
  }
  return text;
}

function queryText(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

export function go(hash: string): void {
  if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = hash;
}

export function parseHash(hash: string): { path: string; query: URLSearchParams } {
  const text = hash.replace(/^#/, '') || '/';
  const cut = text.indexOf('?');
  return cut < 0
    ? { path: text, query: new URLSearchParams() }
    : { path: text.slice(0, cut), query: new URLSearchParams(text.slice(cut + 1)) };
}

/** The {…} parts where `path` fits the pattern. */
export function match(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parts: string[] = [];
  for (const [i, piece] of wanted.entries()) {
    const text = given[i] as string;
    if (piece !== '{}') {
      if (piece !== text) return undefined;
    } else {
      try {
        parts.push(decodeURIComponent(text));
      } catch {
        return undefined;
      }
    }
  }
  return parts;
}

/** The address that setQuery() makes of the present one. */
export function changedHash(changes: Record<string, string | number | null | undefined>): string {
  const { path, query } = parseHash(location.hash);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString();
  return `#${path}${text ? `?${text}` : ''}`;
}
