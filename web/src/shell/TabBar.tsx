import { Link, useLocation } from '../address';
import { useMayEdit } from '../session';
import { text } from '../text';
import { places } from './places';
import css from './TabBar.module.css';

/** The list comes first: it is what most come for. */
const inOrder = [...places].sort((a, b) => Number(b.path === '/episodes') - Number(a.path === '/episodes'));

/** The bar at the bottom of phones: five entries at most. */
export function TabBar() {
  const [path] = useLocation();
  const mayEdit = useMayEdit();
  return (
    <nav className={css['bar']} aria-label={text.places.nav}>
      {inOrder.map(({ path: at, entry }) => {
        if (!entry || (entry.editors && !mayEdit)) {
          return null;
        }
        const { icon: Icon, Beside, to = at, also } = entry;
        const on = path === to || path === also || path.startsWith(`${to}/`);
        return (
          <Link key={to} href={to} className={on ? `${css['entry']} ${css['on']}` : css['entry']} {...(on ? { 'aria-current': 'page' as const } : {})}>
            <Icon size={22} stroke={1.6} aria-hidden="true" />
            {entry.name}
            {Beside && (
              <span className={css['beside']}>
                <Beside />
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
