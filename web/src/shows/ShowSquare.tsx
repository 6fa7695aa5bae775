import { squareOf } from '../ui';
import css from './ShowSquare.module.css';

/** The square of a show, in one of eight colours. */
export function ShowSquare({ id }: { id: string }) {
  return <span className={`${css['square']} ${css[`square${squareOf(id)}`]}`} aria-hidden="true" />;
}
