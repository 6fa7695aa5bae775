import { encode } from 'uqr';

import css from './SecondFactor.module.css';

/** A QR code, dark on light in either theme, as apps want it. */
export default function Qr({ label, value }: { label: string; value: string }) {
  const { size, data } = encode(value, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg className={css['qr']} role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
