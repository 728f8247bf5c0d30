// SPDX-License-Identifier: Apache-2.0
// The client of /api/v1. What a view shows comes from a Source: the server, or the documents inside a report, so that
// the same components serve both. Paths are written without the prefix: get('/runs').
import { type Columns, decodeColumns, decodeColumnsText } from './columns';

export const PREFIX = '/api/v1';
/** A list is the same parameter once for each of its values. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined | null>;

/** A list's answer. */
export interface Page<Row> {
  total: number;
  offset: number;
  items: Row[];
}

/** The one shape of errors: {"error": {"code", "message", "status"}}; code 'offline' where nobody answered. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

export interface Source {
  /** True: a server, which can be asked for anything and changed. False: a report. */
  readonly live: boolean;
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  columns(path: string, query?: Query, signal?: AbortSignal): Promise<Columns>;
  /** Whether exactly this can be had: a report holds only some documents. */
  has(path: string, query?: Query): boolean;
}

/** "/runs" and {limit: 10, q: undefined} -> "/api/v1/runs?limit=10". Path parts with odd characters: use at(). */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return PREFIX + path + (text ? `?${text}` : '');
}
/** at`/runs/${id}/trades`: percent-encodes what is put in. */
export function at(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((text, part, i) => text + encodeURIComponent(String(values[i - 1])) + part);
}

// ---- the server ----------------------------------------------------------------------------------------

export interface Session {
  token: string;
  version: string;
  home: string;
  schema_version: number;
  bind: string;
  password: boolean;
  limits: Record<string, number>;
}

let session: Promise<Session> | undefined;
/** Asked once; again after a 401 or 403. */
export function getSession(): Promise<Session> {
  session ??= request('GET', '/session').then((response) => response.json() as Promise<Session>);
  session.catch(() => (session = undefined));
  return session;
}

async function failed(response: Response): Promise<ApiError> {
  const retry = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retryAfter = Number.isFinite(retry) ? retry : undefined;
  let code = 'internal';
  let message = `The server answered with status ${response.status} and no explanation.`;
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    ({ code, message } = error);
  } catch {
    /* not the shape: keep the status */
  }
  if (response.status === 401) {
    session = undefined;
    document.dispatchEvent(new CustomEvent('pixity:unauthorized'));
  }
  return new ApiError(code, message, response.status, retryAfter);
}

async function request(method: string, path: string, options: RequestInit & { query?: Query } = {}): Promise<Response> {
  const { query, ...init } = options;
  let response: Response;
  try {
    response = await fetch(address(path, query), { ...init, method, credentials: 'same-origin', cache: 'no-cache' });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError(
      'offline',
      'The server does not answer. Is `pixity serve` still running? Start it again and open the link that it prints.',
      0,
    );
  }
  if (!response.ok) throw await failed(response);
  return response;
}

async function change(
  method: string,
  path: string,
  body: BodyInit | undefined,
  type: string | undefined,
  query?: Query,
): Promise<Response> {
  const headers = async (): Promise<HeadersInit> => ({
    'X-Pixity-Token': (await getSession()).token,
    ...(type ? { 'Content-Type': type } : {}),
  });
  const options = { body: body ?? null, query: query ?? {} };
  try {
    return await request(method, path, { ...options, headers: await headers() });
  } catch (error) {
    // The server may have been started anew: its token is another one.
    if (!(error instanceof ApiError) || error.status !== 403 || !session) throw error;
    const old = (await session).token;
    session = undefined;
    if ((await getSession()).token === old) throw error;
    return request(method, path, { ...options, headers: await headers() });
  }
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const api = {
  live: true as const,
  has: (): boolean => true,
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    request('GET', path, { query: query ?? {}, signal: signal ?? null }).then((response) => answer<T>(response)),
  /** All rows of a list as CSV, for what pages are too small for. */
  csv: (path: string, query?: Query, signal?: AbortSignal): Promise<string> =>
    request('GET', path, { query: { ...query, format: 'csv' }, signal: signal ?? null }).then((response) =>
      response.text(),
    ),
  async columns(path: string, query?: Query, signal?: AbortSignal): Promise<Columns> {
    const headers = { Accept: 'application/vnd.pixity.columns' };
    const response = await request('GET', path, { query: query ?? {}, signal: signal ?? null, headers });
    return decodeColumns(await response.arrayBuffer(), (name) => response.headers.get(name) ?? '');
  },
  post: <T>(path: string, body?: unknown): Promise<T> =>
    change(
      'POST',
      path,
      body === undefined ? undefined : JSON.stringify(body),
      body === undefined ? undefined : 'application/json',
    ).then((response) => answer<T>(response)),
  remove: (path: string): Promise<void> => change('DELETE', path, undefined, undefined).then(() => undefined),
  upload: <T>(path: string, file: Blob, query?: Query): Promise<T> =>
    change('POST', path, file, 'application/octet-stream', query).then((response) => answer<T>(response)),
} satisfies Source & Record<string, unknown>;

/** A list that comes as a page or as it is. */
export async function listOf<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T[]> {
  const answer = await api.get<Page<T> | T[]>(path, query, signal);
  return Array.isArray(answer) ? answer : answer.items;
}

// ---- a report ------------------------------------------------------------------------------------------

/** The documents of a report under the routes of the API; columns are base64 text. A query that is not among them gets
 * the document of the bare path. */
export function embeddedSource(documents: Record<string, unknown>): Source {
  const find = (path: string, query?: Query): unknown => {
    const found = documents[address(path, query)] ?? documents[PREFIX + path];
    if (found === undefined) throw new ApiError('not_found', `This report does not hold ${PREFIX}${path}.`, 404);
    // What could not be had when the report was made stands there as the server would have answered.
    const { error } = found as { error?: { code: string; message: string; status: number } };
    if (error) throw new ApiError(error.code, error.message, error.status);
    return found;
  };
  return {
    live: false,
    has: (path, query) => address(path, query) in documents,
    async get<T>(path: string, query?: Query): Promise<T> {
      const found = find(path, query);
      const rows = isPage(found)
        ? found.items
        : Array.isArray(found) && query?.['limit'] !== undefined
          ? (found as Row[])
          : undefined;
      return (rows ? pageOf(rows, query ?? {}) : found) as T;
    },
    async columns(path, query) {
      const found = find(path, query);
      if (typeof found !== 'string') throw new Error(`${path} is no columns`);
      return decodeColumnsText(found);
    },
  };
}

type Row = Record<string, unknown>;
const isPage = (value: unknown): value is Page<Row> => Array.isArray((value as Page<Row> | null)?.items);

/** What the server does with limit, offset, sort, order, q and column=value, over rows that are all here. */
export function pageOf(rows: readonly Row[], query: Query): Page<Row> {
  const { limit, offset, sort, order, q, ...equal } = query;
  const wanted = Object.entries(equal).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const needle = String(q ?? '').toLowerCase();
  const kept = rows.filter(
    (row) =>
      wanted.every(([name, value]) => String(row[name] ?? '') === String(value)) &&
      (!needle || Object.values(row).some((cell) => typeof cell === 'string' && cell.toLowerCase().includes(needle))),
  );
  if (sort) {
    const sign = order === 'desc' ? -1 : 1;
    kept.sort((a, b) => compare(a[String(sort)], b[String(sort)], sign));
  }
  const from = Number(offset ?? 0);
  return { total: kept.length, offset: from, items: kept.slice(from, from + Number(limit ?? 100)) };
}

/** Undefined goes last in either order. */
function compare(a: unknown, b: unknown, sign: number): number {
  const [noA, noB] = [a === null || a === undefined, b === null || b === undefined];
  if (noA || noB) return noA && noB ? 0 : noA ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0) * sign;
}
