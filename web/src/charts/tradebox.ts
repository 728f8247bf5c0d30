// SPDX-License-Identifier: Apache-2.0
// A trade over the candles: what it could lose and win as two areas from entry to exit, with lines at entry, stop and
// target, and one from the entry's to the exit's price.
import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import { type Colours, faint } from './theme';

export interface TradeBox {
  /** Wall seconds. */
  from: number;
  to: number;
  entry: number;
  exit: number;
  /** NaN = none. */
  stop: number;
  target: number;
}
type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

export class TradeBoxPrimitive implements ISeriesPrimitive<Time> {
  private chart: IChartApi | undefined;
  private series: ISeriesApi<'Candlestick'> | undefined;
  private update: (() => void) | undefined;
  private box: TradeBox | null = null;
  private readonly view: IPrimitivePaneView = {
    zOrder: () => 'bottom',
    renderer: () => ({ draw: (target: Target) => this.draw(target) }),
  };

  /** indexOf: place of the bar that holds a time. */
  constructor(
    private paint: Colours,
    private readonly indexOf: (time: number) => number,
  ) {}

  attached(parameters: SeriesAttachedParameter<Time>): void {
    this.chart = parameters.chart as IChartApi;
    this.series = parameters.series as ISeriesApi<'Candlestick'>;
    this.update = parameters.requestUpdate;
  }
  paneViews(): readonly IPrimitivePaneView[] {
    return [this.view];
  }
  current(): TradeBox | null {
    return this.box;
  }
  set(box: TradeBox | null, paint = this.paint): void {
    this.box = box;
    this.paint = paint;
    this.update?.();
  }

  private draw(target: Target): void {
    const { box, chart, series, paint } = this;
    if (!box || !chart || !series) return;
    const x = (time: number): number =>
      chart.timeScale().logicalToCoordinate(this.indexOf(time) as Logical) ?? Number.NaN;
    const y = (price: number): number =>
      Number.isNaN(price) ? Number.NaN : (series.priceToCoordinate(price) ?? Number.NaN);
    const half = chart.timeScale().options().barSpacing / 2;
    const [left, right] = [x(box.from) - half, Math.max(x(box.to), x(box.from)) + half];
    if (Number.isNaN(left) || Number.isNaN(right)) return;
    target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio: rx, verticalPixelRatio: ry }) => {
      const wide = Math.max(right - left, 3);
      const area = (a: number, b: number, colour: string): void => {
        if (Number.isNaN(a) || Number.isNaN(b)) return;
        context.fillStyle = colour;
        context.fillRect(left * rx, Math.min(a, b) * ry, wide * rx, Math.abs(a - b) * ry);
      };
      const line = (x1: number, y1: number, x2: number, y2: number, colour: string, dash: number[]): void => {
        if (Number.isNaN(y1) || Number.isNaN(y2)) return;
        context.strokeStyle = colour;
        context.lineWidth = Math.max(1, Math.round(1.5 * ry));
        context.setLineDash(dash.map((one) => one * rx));
        context.beginPath();
        context.moveTo(x1 * rx, y1 * ry);
        context.lineTo(x2 * rx, y2 * ry);
        context.stroke();
      };
      context.save();
      const [entry, exit, stop, goal] = [y(box.entry), y(box.exit), y(box.stop), y(box.target)];
      area(entry, stop, faint(paint.loss, 0.16));
      area(entry, goal, faint(paint.gain, 0.16));
      line(left, stop, left + wide, stop, paint.loss, []);
      line(left, goal, left + wide, goal, paint.gain, []);
      line(left, entry, left + wide, entry, paint.accent, []);
      line(left + half, entry, left + wide - half, exit, paint.text, [4, 3]);
      context.restore();
    });
  }
}
