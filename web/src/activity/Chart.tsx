import 'uplot/dist/uPlot.min.css';

import { useEffect, useRef, useState, useSyncExternalStore, type PointerEvent } from 'react';
import Plot from 'uplot';

import { date } from '../text';
import { activityText } from '../text/activity';
import { useWidth } from '../ui';
import { spanOf, step, type Cursor } from './brush';
import css from './Chart.module.css';

interface ChartProps {
  /** The days in their order, "2026-11-26". */
  days: readonly string[];
  values: readonly number[];
  chosen: { from: string; to: string } | undefined;
  onChoose: (span: { from: string; to: string } | undefined) => void;
}

/** Bars of days. Days are chosen by dragging over them, or by keys. */
export default function Chart({ days, values, chosen, onChoose }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Cursor>();
  const [dragged, setDragged] = useState<Cursor>();
  const last = days.at(-1) ?? '';
  const placed = chosen && { from: days.findIndex((day) => day >= chosen.from), to: days.findLastIndex((day) => day <= chosen.to) };
  const going = dragged ?? (cursor?.began === undefined ? undefined : cursor);
  const shown = going ? spanOf(going) : placed && placed.from >= 0 && placed.to >= placed.from ? placed : undefined;
  const share = (n: number): string => `${(n / days.length) * 100}%`;
  const dayAt = ({ currentTarget, clientX }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(days.length - 1, Math.floor(((clientX - left) / width) * days.length)));
  };
  const choose = (some: Cursor): void => {
    const { from, to } = spanOf(some);
    onChoose({ from: days[from] ?? '', to: days[to] ?? '' });
  };
  const at = cursor?.at ?? placed?.to ?? days.length - 1;
  return (
    <>
      <div
        ref={frame}
        className={css['chart']}
        role="slider"
        tabIndex={0}
        aria-label={activityText.perDayKeys}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={at + 1}
        aria-valuetext={valueWords(days, values, cursor ?? { at, began: undefined })}
        onBlur={() => setCursor(undefined)}
        onKeyDown={(event) => {
          const before = cursor ?? { at, began: undefined };
          const next = step(before, event.key, event.shiftKey, days.length);
          if (next) {
            setCursor(next);
          } else if (event.key === 'Enter') {
            choose(before);
            setCursor({ at: before.at, began: undefined });
          } else if (event.key === 'Escape' && (cursor?.began !== undefined || chosen)) {
            setCursor({ at: before.at, began: undefined });
            if (chosen) {
              onChoose(undefined);
            }
          } else {
            return;
          }
          event.preventDefault();
        }}
        onPointerDown={(event) => {
          if (event.button === 0) {
            event.currentTarget.setPointerCapture(event.pointerId);
            setDragged({ at: dayAt(event), began: dayAt(event) });
          }
        }}
        onPointerMove={(event) => dragged && setDragged({ ...dragged, at: dayAt(event) })}
        onPointerUp={() => {
          if (dragged) {
            choose(dragged);
            setDragged(undefined);
          }
        }}
        onPointerCancel={() => setDragged(undefined)}
      >
        {shown && <span className={css['span']} style={{ insetInlineStart: share(shown.from), inlineSize: share(shown.to - shown.from + 1) }} />}
        <Bars frame={frame} values={values} from={shown?.from ?? -1} to={shown?.to ?? -1} />
        {cursor && <span className={css['at']} style={{ insetInlineStart: share(cursor.at + 0.5) }} />}
      </div>
      <div className={css['days']} aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part}>{date(days[Math.round(part * (days.length - 1))] ?? '', last)}</span>
        ))}
      </div>
    </>
  );
}

function valueWords(days: readonly string[], values: readonly number[], cursor: Cursor): string {
  const { from, to } = spanOf(cursor);
  const last = days.at(-1) ?? '';
  const name = (i: number): string => date(days[i] ?? last, last);
  const n = values.slice(from, to + 1).reduce((sum, value) => sum + value, 0);
  return from === to ? activityText.dayValue({ day: name(from), n }) : activityText.spanValue({ span: activityText.span({ from: name(from), to: name(to) }), n });
}

/** The bars themselves, on a canvas; those from one to another in velvet. */
function Bars({ frame, values, from, to }: { frame: React.RefObject<HTMLDivElement | null>; values: readonly number[]; from: number; to: number }) {
  const room = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 1);
  const theme = useScheme();
  useEffect(() => {
    const element = room.current;
    if (!element || width <= 0) {
      return undefined;
    }
    const style = getComputedStyle(document.documentElement);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    const bars = Plot.paths.bars?.({ size: [0.78, 40], radius: 0.12 });
    const series = (fill: string): Plot.Series => ({ fill, width: 0, points: { show: false }, ...(bars && { paths: bars }) });
    const inside = (i: number): boolean => i >= from && i <= to;
    const plot = new Plot(
      {
        width,
        height: element.clientHeight,
        padding: [4, 0, 1, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [-0.5, values.length - 0.5] }, y: { range: (_, __, max) => [0, Math.max(4, max)] } },
        axes: [{ show: false }, { size: 0, gap: 0, ticks: { show: false }, values: (_, splits) => splits.map(() => ''), grid: { stroke: token('--line'), width: 1, dash: [2, 4] } }],
        series: [{}, series(token('--line-2')), series(token('--accent'))],
      },
      [values.map((_, i) => i), values.map((value, i) => (inside(i) ? null : value)), values.map((value, i) => (inside(i) ? value : null))],
      element,
    );
    return () => plot.destroy();
  }, [values, from, to, width, theme]);
  return <div className={css['plot']} ref={room} aria-hidden="true" />;
}

/** The colour scheme that is shown: what is on a canvas is drawn anew when it changes. */
function useScheme(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      const observer = new MutationObserver(listener);
      observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
      return () => observer.disconnect();
    },
    () => document.documentElement.dataset['mantineColorScheme'],
  );
}
