// SPDX-License-Identifier: Apache-2.0
// Server-sent events. The browser connects again by itself and sends Last-Event-ID; where it gave up, we do, with the
// state shown so that a view can say that it may be behind.
import { address, api } from './api';

export type StreamState = 'connecting' | 'open' | 'lost';
export interface StreamHandlers {
  /** By event name: (data parsed from JSON). An event 'end' closes the stream after its handler. */
  on: Record<string, (data: unknown) => void>;
  state?: (state: StreamState) => void;
  signal: AbortSignal;
  /** Closed while the tab is hidden: a browser has few connections for all tabs together. `state` tells when it is
   * back. */
  onlyVisible?: boolean;
}

const AGAIN_MS = 2000;

/** stream('/jobs/3/stream', {on: {progress: …, state: …}, signal}) */
export function stream(path: string, handlers: StreamHandlers): void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    source?.close();
    clearTimeout(timer);
  };
  const open = (): void => {
    if (handlers.signal.aborted) return;
    const current = new EventSource(address(path));
    source = current;
    handlers.state?.('connecting');
    current.onopen = () => handlers.state?.('open');
    current.onerror = () => {
      handlers.state?.('lost');
      if (current.readyState !== EventSource.CLOSED) return; // the browser tries again
      void api.get('/session').catch(() => undefined); // its answer tells whether the session has ended
      timer = setTimeout(open, AGAIN_MS);
    };
    const listen = (name: string, handle: (data: unknown) => void): void =>
      current.addEventListener(name, (event) => {
        const text = (event as MessageEvent<string>).data;
        handle(text ? JSON.parse(text) : undefined);
      });
    for (const [name, handle] of Object.entries(handlers.on)) listen(name, handle);
    current.addEventListener('end', stop);
  };
  handlers.signal.addEventListener('abort', stop);
  if (handlers.onlyVisible) {
    document.addEventListener(
      'visibilitychange',
      () => {
        stop();
        if (!document.hidden) open();
      },
      { signal: handlers.signal },
    );
  }
  if (!handlers.onlyVisible || !document.hidden) open();
}
