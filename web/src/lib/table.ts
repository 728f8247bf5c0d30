// SPDX-License-Identifier: Apache-2.0
// A list endpoint as a table that sorts, filters, searches and pages; what is chosen stands in the address, so that a
// link shows the same rows. The first cell carries the link or button of its row: keys reach every row.
import { type Page, type Query, type Source } from './api';
import { type Child, fill, h, newId } from './dom';
import type { Choice } from './field';
import { count, UNDEFINED } from './format';
import { empty, failure, isAbort, loading, say } from './notice';
import type { Place } from './router';

export interface ListColumn<Row> {
  /** The row's field, and what the server sorts and filters by. */
  key: string;
  title: string;
  /** Shown behind the title: "₹", "R". */
  unit?: string;
  /** What the column means, as a tooltip of its head. */
  help?: string;
  /** Right-aligned figures. */
  num?: boolean;
  /** Default: the field as text, "–" where undefined. */
  cell?: (row: Row) => Child;
  /** False where the server cannot sort by it. */
  sort?: boolean;
  /** Offers column=value above the table. */
  filter?: readonly Choice[];
}

export interface TableOptions<Row> {
  source: Source;
  path: string;
  /** Sent with every request. */
  query?: Query;
  columns: readonly ListColumn<Row>[];
  /** Name of the table for screen readers. */
  caption: string;
  key: (row: Row) => string;
  /** Where a row leads (first cell is the link), or what happens when it is picked (first cell is a button). */
  href?: (row: Row) => string;
  onPick?: (row: Row) => void;
  /** A box in front of each row; given the keys that are ticked, also across pages. */
  onSelect?: (keys: readonly string[]) => void;
  selected?: readonly string[];
  sort?: { key: string; order: 'asc' | 'desc' };
  pageSize?: number;
  /** Placeholder of the search box; absent: no box. */
  search?: string;
  /** No rows at all, without search and filter. */
  empty: { title: string; text: Child; actions?: Child };
  /** More controls in the bar above. */
  tools?: Child;
  /** With it the state is kept in the address, each name with `prefix` before it. */
  place?: Place;
  prefix?: string;
  signal?: AbortSignal;
  /** On paper all rows, not only the page that is shown: for a source that answers at once. */
  printAll?: boolean;
  /** Told each page that was shown. */
  onRows?: (page: Page<Row>) => void;
}

export interface ListTable {
  element: HTMLElement;
  reload(): Promise<void>;
  /** Marks the row with this key; null takes the mark away. */
  mark(key: string | null): void;
}

interface State {
  sort: string;
  order: string;
  q: string;
  page: number;
  filters: Map<string, string>;
}

/** The state that the address holds, else the defaults. */
function readState<Row>(options: TableOptions<Row>): State {
  const query = options.place?.route.query ?? new URLSearchParams();
  const prefix = options.prefix ?? '';
  const known = options.columns.some((column) => column.key === query.get(`${prefix}sort`));
  const filters = new Map<string, string>();
  for (const column of options.columns) {
    const value = query.get(`${prefix}${column.key}`);
    if (column.filter && value && column.filter.some((one) => one.value === value)) filters.set(column.key, value);
  }
  return {
    sort: known ? (query.get(`${prefix}sort`) as string) : (options.sort?.key ?? ''),
    order: known ? (query.get(`${prefix}order`) === 'desc' ? 'desc' : 'asc') : (options.sort?.order ?? 'asc'),
    q: query.get(`${prefix}q`) ?? '',
    page: Math.max(1, Number.parseInt(query.get(`${prefix}page`) ?? '1', 10) || 1),
    filters,
  };
}

function writeState<Row>(options: TableOptions<Row>, state: State): void {
  const prefix = options.prefix ?? '';
  const usual = state.sort === (options.sort?.key ?? '') && state.order === (options.sort?.order ?? 'asc');
  const changes: Record<string, string | null> = {
    [`${prefix}sort`]: usual ? null : state.sort,
    [`${prefix}order`]: usual ? null : state.order,
    [`${prefix}q`]: state.q,
    [`${prefix}page`]: state.page > 1 ? String(state.page) : null,
  };
  for (const column of options.columns) {
    if (column.filter) changes[`${prefix}${column.key}`] = state.filters.get(column.key) ?? null;
  }
  options.place?.setQuery(changes);
}

export const listTable = <Row>(options: TableOptions<Row>): ListTable => new BoundTable(options);

class BoundTable<Row> implements ListTable {
  readonly element: HTMLElement;
  private readonly state: State;
  private readonly ticked: Set<string>;
  private readonly body = h('div', { class: 'table-body' }, loading());
  private readonly pager: HTMLElement;
  private size: number;
  /** An answer that another request has overtaken is dropped. */
  private turn = 0;
  private marked: string | null = null;

  constructor(private readonly options: TableOptions<Row>) {
    this.state = readState(options);
    this.size = options.pageSize ?? 25;
    this.ticked = new Set(options.selected ?? []);
    this.pager = h('nav', { class: 'pager', 'aria-label': `Pages of ${options.caption}` });
    this.element = h(
      'div',
      { class: 'list' },
      toolbar(options, this.state, () => this.changed()),
      this.body,
      this.pager,
    );
    if (options.printAll && options.signal) this.printAll(this.size, options.signal);
    void this.reload();
  }
  private printAll(size: number, signal: AbortSignal): void {
    const show = (rows: number): void => {
      this.size = rows;
      void this.reload();
    };
    addEventListener('beforeprint', () => show(1e6), { signal });
    addEventListener('afterprint', () => show(size), { signal });
  }
  mark(key: string | null): void {
    this.marked = key;
    for (const element of this.body.querySelectorAll<HTMLElement>('tr[data-key]'))
      element.classList.toggle('marked', element.dataset['key'] === key);
  }

  async reload(): Promise<void> {
    const { options, state, size, body } = this;
    const mine = (this.turn += 1);
    body.setAttribute('aria-busy', 'true');
    const query: Query = { ...options.query, limit: size, offset: (state.page - 1) * size, q: state.q };
    if (state.sort) Object.assign(query, { sort: state.sort, order: state.order });
    for (const [key, value] of state.filters) query[key] = value;
    try {
      const page = await options.source.get<Page<Row>>(options.path, query, options.signal ?? options.place?.signal);
      if (mine !== this.turn) return;
      if (page.items.length === 0 && page.total > 0 && state.page > 1) {
        state.page = Math.ceil(page.total / size);
        return void this.reload();
      }
      this.render(page);
      options.onRows?.(page);
    } catch (error) {
      if (mine === this.turn && !isAbort(error))
        fill(
          body,
          failure(`${options.caption} could not be read`, error, () => void this.reload()),
        );
    } finally {
      if (mine === this.turn) body.removeAttribute('aria-busy');
    }
  }
  private changed(keepPage = false): void {
    if (!keepPage) this.state.page = 1;
    writeState(this.options, this.state);
    void this.reload();
  }
  private render(page: Page<Row>): void {
    const { options, state, body } = this;
    const narrowed = state.q !== '' || state.filters.size > 0;
    if (page.total === 0) {
      fill(
        body,
        narrowed
          ? empty('Nothing fits', 'No row has what you search for. Search for less or take the filters away.')
          : empty(options.empty.title, options.empty.text, options.empty.actions),
      );
      fill(this.pager);
      return;
    }
    const focused = body.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset['focus']
      : undefined;
    fill(
      body,
      h(
        'div',
        { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': options.caption },
        h(
          'table',
          null,
          h('caption', { class: 'hidden' }, options.caption),
          this.head(),
          h(
            'tbody',
            null,
            page.items.map((item) => this.row(item)),
          ),
        ),
      ),
    );
    fill(this.pager, this.pages(page.total));
    if (narrowed) say(`${page.total} rows`);
    if (focused) body.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  private head(): HTMLElement {
    const { options } = this;
    return h(
      'thead',
      null,
      h(
        'tr',
        null,
        options.onSelect && h('th', { class: 'tick' }, h('span', { class: 'hidden' }, 'Selected')),
        options.columns.map((column) => this.headCell(column)),
      ),
    );
  }
  private headCell(column: ListColumn<Row>): HTMLElement {
    const { state } = this;
    const on = state.sort === column.key;
    const title = [column.title, column.unit && h('span', { class: 'unit' }, ` ${column.unit}`)];
    const common = {
      scope: 'col',
      class: column.num ? 'num' : undefined,
      ...(column.help ? { title: column.help } : {}),
    };
    if (column.sort === false) return h('th', common, title);
    return h(
      'th',
      { ...common, 'aria-sort': on ? (state.order === 'desc' ? 'descending' : 'ascending') : undefined },
      h(
        'button',
        { type: 'button', class: 'sort', 'data-focus': `sort ${column.key}`, on: { click: () => this.sortBy(column) } },
        title,
        h('span', { class: 'arrow', 'aria-hidden': 'true' }, on ? (state.order === 'desc' ? '▼' : '▲') : ''),
      ),
    );
  }
  private sortBy(column: ListColumn<Row>): void {
    const { state } = this;
    const first = column.num ? 'desc' : 'asc';
    if (state.sort !== column.key) Object.assign(state, { sort: column.key, order: first });
    else state.order = state.order === 'asc' ? 'desc' : 'asc';
    this.changed();
  }

  private row(item: Row): HTMLElement {
    const { options } = this;
    const key = options.key(item);
    const cells = options.columns.map((column, i) => {
      const content = column.cell ? column.cell(item) : plainCell((item as Record<string, unknown>)[column.key]);
      return h(
        i === 0 ? 'th' : 'td',
        { class: column.num ? 'num' : undefined, scope: i === 0 ? 'row' : undefined },
        i === 0 ? this.lead(item, content) : content,
      );
    });
    const element = h(
      'tr',
      { 'data-key': key, class: key === this.marked ? 'marked' : undefined },
      options.onSelect && this.tick(key),
      cells,
    );
    if (options.onPick) {
      element.classList.add('pickable');
      element.addEventListener('click', (event) => {
        if (!(event.target as Element).closest('a, button, input')) options.onPick?.(item);
      });
    }
    return element;
  }
  private lead(item: Row, content: Child): Child {
    const { options } = this;
    const focus = `row ${options.key(item)}`;
    if (options.href) return h('a', { href: options.href(item), 'data-focus': focus }, content);
    if (options.onPick)
      return h(
        'button',
        { type: 'button', class: 'link', 'data-focus': focus, on: { click: () => options.onPick?.(item) } },
        content,
      );
    return content;
  }
  private tick(key: string): HTMLElement {
    const input = h('input', {
      type: 'checkbox',
      'aria-label': `Select ${key}`,
      checked: this.ticked.has(key),
      'data-focus': `tick ${key}`,
      on: {
        change: () => {
          if (input.checked) this.ticked.add(key);
          else this.ticked.delete(key);
          this.options.onSelect?.([...this.ticked]);
        },
      },
    });
    return h('td', { class: 'tick' }, input);
  }

  private pages(total: number): Child {
    const { state, size } = this;
    const last = Math.ceil(total / size);
    const from = (state.page - 1) * size + 1;
    const turnTo = (page: number, text: string, label: string): Child =>
      h(
        'button',
        {
          type: 'button',
          'aria-label': label,
          disabled: page < 1 || page > last || page === state.page,
          on: {
            click: () => {
              state.page = page;
              this.changed(true);
            },
          },
        },
        text,
      );
    return [
      h(
        'span',
        { class: 'quiet', role: 'status' },
        `${count(from)}–${count(Math.min(from + size - 1, total))} of ${count(total)}`,
      ),
      last > 1 && [
        turnTo(1, '«', 'First page'),
        turnTo(state.page - 1, '‹', 'Page before'),
        h('span', null, `${state.page} / ${last}`),
        turnTo(state.page + 1, '›', 'Next page'),
        turnTo(last, '»', 'Last page'),
      ],
    ];
  }
}

const plainCell = (value: unknown): string =>
  value === null || value === undefined || value === '' ? UNDEFINED : String(value);

function toolbar<Row>(options: TableOptions<Row>, state: State, changed: () => void): Child {
  const filtered = options.columns.filter((column) => column.filter);
  if (!options.search && filtered.length === 0 && !options.tools) return null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const search =
    options.search &&
    h('input', {
      type: 'search',
      placeholder: options.search,
      'aria-label': options.search,
      value: state.q,
      autocomplete: 'off',
      spellcheck: 'false',
      on: {
        input: (event) => {
          clearTimeout(timer);
          timer = setTimeout(() => {
            state.q = (event.target as HTMLInputElement).value.trim();
            changed();
          }, 200);
        },
      },
    });
  return h(
    'div',
    { class: 'toolbar', role: 'search', 'aria-label': `Filter ${options.caption}` },
    search,
    filtered.map((column) => {
      const id = newId('filter');
      const select = h(
        'select',
        {
          id,
          on: {
            change: () => {
              if (select.value) state.filters.set(column.key, select.value);
              else state.filters.delete(column.key);
              changed();
            },
          },
        },
        h('option', { value: '' }, 'all'),
        column.filter?.map((one) =>
          h('option', { value: one.value, selected: state.filters.get(column.key) === one.value }, one.text),
        ),
      );
      return h('label', { for: id, class: 'inline' }, column.title, select);
    }),
    options.tools,
  );
}
