// SPDX-License-Identifier: Apache-2.0
// Candles from years to minutes: at most POINTS candles (twice as many around one trade or day) are here at a time;
// zooming and moving asks for the visible range again. Marks, one trade's box and indicators lie over them.
import {
  CandlestickSeries,
  CrosshairMode,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPaneApi,
  type ISeriesApi,
  LineSeries,
  LineType,
  type LogicalRange,
  type MouseEventParams,
  type SeriesMarkerBarPosition,
  type SeriesMarkerShape,
  type SeriesType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Column, Columns } from '../lib/columns';
import { h } from '../lib/dom';
import { number, plain, price, wallTime } from '../lib/format';
import { button, failure, isAbort, say } from '../lib/notice';
import { breaksText, breakText, withBreaks } from './breaks';
import { printPicture } from './print';
import { colours, type Colours, faint, fontFamily, onTheme, onWidth, rem } from './theme';
import { type TradeBox, TradeBoxPrimitive } from './tradebox';

export interface CandlesRequest {
  /** Dates, both inside. */
  start?: string;
  end?: string;
  /** Seconds from first to last; absent: everything is asked for. */
  span?: number;
  points: number;
  indicators: readonly string[];
  timeframe: string;
}
/** entry long and short, exit with gain and loss, an event that was or was not traded, a bar that is wrong. */
export type MarkKind = 'long' | 'short' | 'win' | 'loss' | 'taken' | 'passed' | 'bad';
export interface ChartMark {
  id: string;
  /** Wall seconds. */
  time: number;
  kind: MarkKind;
  /** A word beside the sign, shown when few bars are in view. */
  text?: string;
}
export interface CandlesOptions {
  label: string;
  signal: AbortSignal;
  load: (request: CandlesRequest, signal: AbortSignal) => Promise<Columns>;
  /** Bars that can be shown; the first view is `timeframe`. */
  timeframe: string;
  timeframes?: readonly string[];
  /** Names that can be switched on. */
  indicators?: readonly string[];
  /** False where merged candles are all that there is. */
  finer?: boolean;
  shown?: readonly string[];
  /** Told after the reader chose. */
  onChoice?: (timeframe: string, indicators: readonly string[]) => void;
  onPick?: (id: string) => void;
  /** Height in rem. */
  height?: number;
  /** Told every answer: for notes that depend on it. */
  onLoad?: (columns: Columns) => void;
}
export interface Candles {
  element: HTMLElement;
  /** Moves so that this range (wall seconds) is in the middle, with room around it. */
  focus(range: { from: number; to: number }): void;
  marks(marks: readonly ChartMark[]): void;
  box(box: TradeBox | null): void;
}

const POINTS = 1500;
/** More marks in view cannot be told apart. */
const MOST_SIGNS = 300;
/** Bars before and after what is looked at. */
const AROUND = 40;
/** Width of a printed chart, CSS pixels. */
const PAPER = 720;
/** Further out the words beside marks are left away. */
const TEXT_BARS = 160;
const OWN_PANE = new Set(['atr', 'adx', 'vol_z', 'rsi', 'volume_z']);
const STEPS = new Set(['swing_high', 'swing_low']);
const TITLES: Record<string, string> = {
  ema20: 'EMA 20',
  ema50: 'EMA 50',
  vwap: 'VWAP',
  swing_high: 'Swing high',
  swing_low: 'Swing low',
  atr: 'ATR',
  adx: 'ADX',
  vol_z: 'Volume z-score',
};
const titleOf = (name: string): string => TITLES[name] ?? name;

const SHAPES: Record<MarkKind, { position: SeriesMarkerBarPosition; shape: SeriesMarkerShape }> = {
  long: { position: 'belowBar', shape: 'arrowUp' },
  short: { position: 'aboveBar', shape: 'arrowDown' },
  win: { position: 'aboveBar', shape: 'square' },
  loss: { position: 'aboveBar', shape: 'square' },
  taken: { position: 'belowBar', shape: 'circle' },
  passed: { position: 'belowBar', shape: 'circle' },
  bad: { position: 'aboveBar', shape: 'circle' },
};
const markColour = (kind: MarkKind, paint: Colours): string =>
  ({
    long: paint.accent,
    short: paint.series[1] ?? paint.warn,
    win: paint.gain,
    loss: paint.loss,
    taken: paint.accent,
    passed: paint.quiet,
    bad: paint.loss,
  })[kind];

const date = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** The attribution that the licence of the charting library asks for. */
export function attribution(): HTMLElement {
  return h(
    'p',
    { class: 'attribution' },
    'Charts: ',
    h(
      'a',
      { href: 'https://www.tradingview.com/', target: '_blank', rel: 'noopener noreferrer' },
      'TradingView Lightweight Charts™',
    ),
  );
}

export function candles(options: CandlesOptions): Candles {
  return new CandleView(options);
}

class CandleView implements Candles {
  readonly element: HTMLElement;
  private readonly stage = h('div', { class: 'candles-stage' });
  private readonly legend = h('p', { class: 'candles-legend' });
  private readonly note = h('p', { class: 'candles-note quiet small', role: 'status' });
  private readonly trouble = h('div');
  private readonly chart: IChartApi;
  private readonly bars: ISeriesApi<'Candlestick'>;
  private readonly volume: ISeriesApi<'Histogram'>;
  private readonly markers;
  private readonly tradeBox: TradeBoxPrimitive;
  private lines: { name: string; series: ISeriesApi<SeriesType> }[] = [];
  private paint = colours();
  private times: Column = new Uint32Array();
  private columns: Columns | undefined;
  /** Rows that stand for bars that are not there, and how many. */
  private missing: ReadonlyMap<number, number> = new Map();
  /** First and last bar of all that there is, known after the first answer. */
  private whole: { from: number; to: number } | undefined;
  private perPoint = 1;
  private timeframe: string;
  private shown: string[];
  private allMarks: readonly ChartMark[] = [];
  /** Ranges mean nothing before the chart has a width. */
  private readonly sized: Promise<void>;
  private asking = new AbortController();
  private settling = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: CandlesOptions) {
    this.timeframe = options.timeframe;
    this.shown = [...(options.shown ?? [])].filter((name) => options.indicators?.includes(name));
    this.stage.tabIndex = 0;
    this.stage.setAttribute('role', 'application');
    this.stage.setAttribute('aria-roledescription', 'chart');
    this.stage.setAttribute('aria-label', `${options.label}. Left and right move, plus and minus zoom, 0 shows all.`);
    this.stage.style.height = `${options.height ?? 30}rem`;
    this.element = h(
      'div',
      { class: 'candles' },
      this.bar(),
      this.legend,
      this.trouble,
      this.stage,
      h('div', { class: 'candles-foot' }, this.note, attribution()),
    );
    this.chart = createChart(this.stage, { autoSize: true, layout: { attributionLogo: false } });
    this.bars = this.chart.addSeries(CandlestickSeries, { priceLineVisible: false, lastValueVisible: false });
    this.volume = this.chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      priceLineVisible: false,
      lastValueVisible: false,
    });
    this.volume.priceScale().applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } });
    this.bars.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.18 } });
    this.markers = createSeriesMarkers(this.bars, []);
    this.tradeBox = new TradeBoxPrimitive(this.paint, (time) => this.indexOf(time));
    this.bars.attachPrimitive(this.tradeBox);
    this.colour();
    this.chart.subscribeCrosshairMove((event) => this.tell(event));
    this.chart.subscribeClick((event) => this.pick(event));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => this.moved(range));
    this.stage.addEventListener('keydown', (event) => this.key(event));
    onTheme(options.signal, () => this.recolour());
    options.signal.addEventListener('abort', () => {
      this.asking.abort();
      clearTimeout(this.timer);
      this.chart.remove();
    });
    this.sized = new Promise((resolve) => onWidth(this.stage, options.signal, () => setTimeout(resolve)));
    printPicture(
      this.stage,
      options.signal,
      () => this.picture(),
      () => this.chart.applyOptions({ autoSize: true }),
    );
    void this.ask();
  }

  // ---- controls ----

  private bar(): HTMLElement {
    const { timeframes, indicators } = this.options;
    const select =
      timeframes &&
      h(
        'select',
        {
          'aria-label': 'Bars',
          on: {
            change: () => {
              this.timeframe = select?.value ?? this.timeframe;
              this.chose();
            },
          },
        },
        timeframes.map((name) => h('option', { value: name, selected: name === this.timeframe }, name)),
      );
    const boxes = indicators?.map((name) => {
      const input = h('input', {
        type: 'checkbox',
        checked: this.shown.includes(name),
        on: {
          change: () => {
            this.shown = (indicators ?? []).filter((one) => (one === name ? input.checked : this.shown.includes(one)));
            this.chose();
          },
        },
      });
      return h('label', { class: 'inline' }, input, titleOf(name));
    });
    return h(
      'div',
      { class: 'toolbar screen-only' },
      select && h('label', { class: 'inline' }, 'Bars', select),
      boxes,
      h(
        'span',
        { class: 'candles-zoom' },
        button('−', () => this.zoom(2)),
        button('+', () => this.zoom(0.5)),
        button('All', () => this.all()),
      ),
    );
  }
  private chose(): void {
    this.options.onChoice?.(this.timeframe, this.shown);
    void this.ask(this.visible());
  }
  private key(event: KeyboardEvent): void {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (range.to - range.from) / 10;
    const shift = (by: number): void =>
      this.chart.timeScale().setVisibleLogicalRange({ from: range.from + by, to: range.to + by });
    if (event.key === 'ArrowLeft') shift(-step);
    else if (event.key === 'ArrowRight') shift(step);
    else if (event.key === '+' || event.key === '=') this.zoom(0.5);
    else if (event.key === '-') this.zoom(2);
    else if (event.key === '0') this.all();
    else return;
    event.preventDefault();
  }
  private zoom(factor: number): void {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    const middle = (range.from + range.to) / 2;
    const half = Math.max(4, ((range.to - range.from) * factor) / 2);
    this.chart.timeScale().setVisibleLogicalRange({ from: middle - half, to: middle + half });
  }
  private all(): void {
    void this.ask();
  }

  // ---- ranges ----

  /** The place of the bar that holds the time: the last that begins at or before it. */
  private indexOf(time: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
  /** The time at a place, beyond the ends by the mean distance of bars. */
  private timeAt(place: number): number {
    const n = this.times.length;
    const [first, last] = [this.times[0] as number, this.times[n - 1] as number];
    const step = n > 1 ? (last - first) / (n - 1) : 60;
    if (place < 0) return first + place * step;
    if (place > n - 1) return last + (place - n + 1) * step;
    return this.times[Math.round(place)] as number;
  }
  private visible(): { from: number; to: number } | undefined {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range || this.times.length === 0) return undefined;
    return { from: this.timeAt(range.from), to: this.timeAt(range.to) };
  }
  private moved(range: LogicalRange | null): void {
    if (!range || this.settling || this.times.length === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.drawMarks();
      if (this.needsMore(range)) void this.ask(this.visible());
    }, 120);
  }
  private needsMore(range: LogicalRange): boolean {
    const n = this.times.length;
    const { whole } = this;
    if (!whole || n === 0) return false;
    const finer = this.options.finer !== false && this.perPoint > 1 && range.to - range.from < Math.min(n, POINTS) / 4;
    const before = range.from < 0 && (this.times[0] as number) > whole.from;
    const after = range.to > n - 1 && (this.times[n - 1] as number) < whole.to;
    return finer || before || after;
  }
  focus(range: { from: number; to: number }): void {
    // Nights and holidays have no bars: room for AROUND of them takes more time than they last.
    const room = Math.max(range.to - range.from, barSeconds(this.timeframe) * AROUND * 5, 4 * 86400);
    const n = this.times.length;
    const [before, after] = [this.indexOf(range.from), n - 1 - this.indexOf(range.to)];
    const here =
      n > 0 &&
      (before >= AROUND || this.times[0] === this.whole?.from) &&
      (after >= AROUND || this.times[n - 1] === this.whole?.to);
    if (here && this.perPoint === 1) this.settle(range, AROUND);
    else void this.ask(range, room, AROUND, 2 * POINTS);
  }

  // ---- data ----

  /** Asks for a range with `room` seconds beside it and shows it with `around` bars beside it; without a range: all. */
  private async ask(
    range?: { from: number; to: number },
    room = range ? Math.max(range.to - range.from, 86400) : 0,
    around = 0,
    points = POINTS,
  ): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.element.setAttribute('aria-busy', 'true');
    try {
      const columns = await this.options.load(
        {
          points,
          indicators: this.shown,
          timeframe: this.timeframe,
          ...(range
            ? { ...this.dates(range.from - room, range.to + room), span: range.to - range.from + 2 * room }
            : {}),
        },
        signal,
      );
      await this.sized;
      if (signal.aborted || this.options.signal.aborted) return;
      this.trouble.replaceChildren();
      if (columns.rows === 0 && range) return void this.ask();
      this.take(columns, range, around);
    } catch (error) {
      if (!isAbort(error) && !signal.aborted)
        this.trouble.replaceChildren(
          failure('The bars could not be read', error, () => void this.ask(range, room, around, points)),
        );
    } finally {
      if (!signal.aborted) this.element.removeAttribute('aria-busy');
    }
  }
  private dates(from: number, to: number): { start?: string; end?: string } {
    const { whole } = this;
    return {
      ...(whole && from <= whole.from ? {} : { start: date(from) }),
      ...(whole && to >= whole.to ? {} : { end: date(to) }),
    };
  }
  private take(answer: Columns, range: { from: number; to: number } | undefined, around: number): void {
    const { columns, missing } = withBreaks(answer);
    this.columns = columns;
    this.missing = missing;
    this.times = columns.get('time');
    this.perPoint = columns.head.bars_per_point ?? 1;
    const n = columns.rows;
    if (!range && n > 0) this.whole = { from: this.times[0] as number, to: this.times[n - 1] as number };
    this.settling = true;
    this.fillBars(columns);
    this.fillLines(columns);
    if (range && n > 0) this.settle(range, around);
    else this.settle();
    this.drawMarks();
    this.tell();
    this.options.onLoad?.(answer);
  }
  private settle(range?: { from: number; to: number }, around = 0): void {
    this.settling = true;
    const scale = this.chart.timeScale();
    if (range) {
      const [from, to] = [this.indexOf(range.from) - around, this.indexOf(range.to) + around];
      scale.setVisibleLogicalRange({ from: Math.min(from, to - 4), to });
    } else scale.fitContent();
    setTimeout(() => {
      this.settling = false;
      this.drawMarks();
      this.tell();
    }, 60);
  }
  private fillBars(columns: Columns): void {
    const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => columns.get(name)) as [
      Column,
      Column,
      Column,
      Column,
    ];
    const volume = columns.has('volume') ? columns.get('volume') : undefined;
    const at = (i: number): UTCTimestamp => this.times[i] as UTCTimestamp;
    this.bars.setData(
      Array.from(this.times, (_, i) =>
        this.missing.has(i)
          ? { time: at(i) }
          : {
              time: at(i),
              open: open[i] as number,
              high: high[i] as number,
              low: low[i] as number,
              close: close[i] as number,
            },
      ),
    );
    const side = (i: number): string => ((close[i] as number) >= (open[i] as number) ? this.paint.up : this.paint.down);
    this.volume.setData(
      Array.from(volume ?? [], (value, i) =>
        this.missing.has(i) ? { time: at(i) } : { time: at(i), value, color: faint(side(i), 0.35) },
      ),
    );
  }
  private fillLines(columns: Columns): void {
    for (const line of this.lines) this.chart.removeSeries(line.series);
    const names = this.shown.filter((name) => columns.has(name));
    let pane = 0;
    this.lines = names.map((name, i) => {
      const own = OWN_PANE.has(name);
      if (own) pane += 1;
      const series = this.chart.addSeries(
        LineSeries,
        {
          color: this.lineColour(i),
          lineWidth: 1,
          priceLineVisible: false,
          lastValueVisible: own,
          crosshairMarkerVisible: false,
          title: own ? titleOf(name) : '',
          // A swing far away must not press the candles flat.
          ...(STEPS.has(name) ? { autoscaleInfoProvider: () => null } : {}),
          lineType: STEPS.has(name) ? LineType.WithSteps : LineType.Simple,
        },
        own ? pane : 0,
      );
      const values = columns.get(name);
      series.setData(
        Array.from(this.times, (time, k) => {
          const value = values[k] as number;
          return Number.isNaN(value) ? { time: time as UTCTimestamp } : { time: time as UTCTimestamp, value };
        }),
      );
      return { name, series };
    });
    this.chart.panes().forEach((one: IPaneApi<Time>, i: number) => one.setStretchFactor(i === 0 ? 3 : 0.8));
    this.stage.style.height = `${(this.options.height ?? 30) + 6 * pane}rem`;
  }
  private lineColour(i: number): string {
    return this.paint.series[(i + 1) % this.paint.series.length] ?? this.paint.accent;
  }

  // ---- what lies over the bars ----

  marks(marks: readonly ChartMark[]): void {
    this.allMarks = [...marks].sort((a, b) => a.time - b.time);
    this.drawMarks();
  }
  box(box: TradeBox | null): void {
    this.tradeBox.set(box, this.paint);
  }
  /** With words where few bars are in view; where there are too many marks to tell apart, ends of trades as dots. */
  private drawMarks(): void {
    const n = this.times.length;
    if (n === 0) return this.describe();
    const range = this.chart.timeScale().getVisibleLogicalRange();
    const bars = range ? range.to - range.from : n;
    const [first, last] = [
      this.times[0] as number,
      (this.times[n - 1] as number) + barSeconds(this.timeframe) * this.perPoint,
    ];
    const [from, to] = range ? [this.timeAt(range.from - bars / 2), this.timeAt(range.to + bars / 2)] : [first, last];
    const inView = this.allMarks.filter((mark) => mark.time >= Math.max(first, from) && mark.time < Math.min(last, to));
    const crowded = inView.length > MOST_SIGNS;
    const dotted = new Set<string>();
    const drawn = !crowded
      ? inView
      : inView.filter((mark) => {
          const key = `${this.indexOf(mark.time)} ${mark.kind}`;
          if (mark.kind === 'long' || mark.kind === 'short' || dotted.has(key)) return false;
          dotted.add(key);
          return true;
        });
    const near = bars < TEXT_BARS && !crowded && this.perPoint === 1;
    this.markers.setMarkers(
      drawn.map((mark) => ({
        ...SHAPES[mark.kind],
        ...(crowded ? { position: 'inBar' as const, shape: 'circle' as const } : {}),
        time: this.times[this.indexOf(mark.time)] as UTCTimestamp,
        color: markColour(mark.kind, this.paint),
        id: mark.id,
        size: near ? 1 : crowded ? 0.3 : 0.6,
        ...(near && mark.text ? { text: mark.text } : {}),
      })),
    );
    this.describe(crowded);
  }
  private pick(event: MouseEventParams<Time>): void {
    const id = event.hoveredInfo?.objectId;
    if (typeof id === 'string') this.options.onPick?.(id);
  }
  /** Open, high, low, close and indicators under the cross, else of the last bar in view. */
  private tell(event?: MouseEventParams<Time>): void {
    const { columns } = this;
    if (!columns || columns.rows === 0) return;
    const shown = this.chart.timeScale().getVisibleLogicalRange();
    const last = Math.min(columns.rows - 1, Math.max(0, Math.floor(shown?.to ?? columns.rows)));
    const at = event?.time === undefined ? last : this.indexOf(event.time as number);
    const gone = this.missing.get(at);
    if (gone !== undefined) return this.legend.replaceChildren(h('strong', null, breakText(gone)));
    const value = (name: string): number => columns.get(name)[at] as number;
    const item = (name: string, text: string): HTMLElement =>
      h('span', null, h('span', { class: 'quiet' }, `${name} `), text);
    this.legend.replaceChildren(
      h('strong', null, wallTime(this.times[at])),
      item('O', price(value('open'))),
      item('H', price(value('high'))),
      item('L', price(value('low'))),
      item('C', price(value('close'))),
      columns.has('volume') ? item('V', plain(value('volume'), 0)) : '',
      ...this.lines.map((line, i) => {
        const element = item(titleOf(line.name), number(value(line.name)));
        element.style.setProperty('border-bottom', `2px solid ${this.lineColour(i)}`);
        return element;
      }),
    );
  }
  private describe(crowded = false): void {
    const { columns } = this;
    if (!columns) return;
    const zone = columns.head.zone ? `, ${columns.head.zone} time` : '';
    const bars =
      columns.rows === 0
        ? 'There are no bars in this range.'
        : this.perPoint > 1
          ? `${this.timeframe} bars${zone}; each candle holds ${this.perPoint} of ` +
            `them.${this.options.finer === false ? '' : ` Zoom in for single bars${crowded ? ' and entries' : ''}.`}`
          : `${this.timeframe} bars${zone}.${crowded ? ' Zoom in to see entries.' : ''}`;
    const text = bars + breaksText(this.missing);
    if (this.note.textContent !== text) {
      this.note.textContent = text;
      if (document.activeElement === this.stage)
        say(`${text} ${wallTime(this.times[0])} to ${wallTime(this.times[this.times.length - 1])}`);
    }
  }

  /** The present range at the width of paper. A resize is the one way to have the chart drawn at once; a picture while
   * something waits to be drawn, as hiding the crosshair would, never ends in this version of the library. */
  private picture(): HTMLCanvasElement {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    const height = Math.min(this.stage.clientHeight, 420);
    this.chart.applyOptions({ autoSize: false });
    this.chart.resize(PAPER, height + 1, true);
    if (range) this.chart.timeScale().setVisibleLogicalRange(range);
    this.chart.resize(PAPER, height, true);
    return this.chart.takeScreenshot(false, true);
  }

  // ---- colours ----

  private colour(): void {
    const { paint } = this;
    this.chart.applyOptions({
      layout: {
        background: { color: paint.surface },
        textColor: paint.quiet,
        fontFamily: fontFamily(),
        fontSize: Math.round(rem() * 0.78),
        panes: { separatorColor: paint.line, separatorHoverColor: faint(paint.accent, 0.2) },
      },
      grid: { vertLines: { color: paint.line }, horzLines: { color: paint.line } },
      crosshair: {
        mode: CrosshairMode.Normal,
        vertLine: { color: paint.lineStrong, labelBackgroundColor: paint.quiet },
        horzLine: { color: paint.lineStrong, labelBackgroundColor: paint.quiet },
      },
      rightPriceScale: { borderColor: paint.line },
      timeScale: { borderColor: paint.line, timeVisible: true, secondsVisible: false, minBarSpacing: 0.02 },
      localization: {
        priceFormatter: (value: number) => price(value),
        timeFormatter: (time: Time) => wallTime(time as number),
      },
    });
    this.bars.applyOptions({
      upColor: paint.up,
      downColor: paint.down,
      borderUpColor: paint.up,
      borderDownColor: paint.down,
      wickUpColor: paint.up,
      wickDownColor: paint.down,
    });
  }
  private recolour(): void {
    this.paint = colours();
    this.colour();
    if (this.columns) this.fillBars(this.columns);
    this.lines.forEach((line, i) => line.series.applyOptions({ color: this.lineColour(i) }));
    this.tradeBox.set(this.tradeBox.current(), this.paint);
    this.drawMarks();
  }
}

/** "15m" -> 900 */
export function barSeconds(timeframe: string): number {
  const found = /^(\d+)([mhdw])$/.exec(timeframe);
  const unit = { m: 60, h: 3600, d: 86400, w: 604800 }[found?.[2] ?? 'm'] ?? 60;
  return Number(found?.[1] ?? 1) * unit;
}
