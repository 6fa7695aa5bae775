import { Link } from '../address';
import { savedAddress, SavedViewMenu, useSavedViews } from '../savedviews/shared';
import { text } from '../text';
import css from './page.module.css';

/** One's own saved views, in the order that they have in the sidebar. */
export function Pins() {
  const views = useSavedViews().filter(({ team }) => !team);
  return (
    <section className={css['panel']}>
      <div className={css['head']}>
        <h2>{text.savedViews.own}</h2>
        <span className={css['why']}>{views.length > 0 && text.savedViews.why}</span>
      </div>
      {views.length === 0 && <p className={`${css['line']} ${css['why']}`}>{text.savedViews.nothing}</p>}
      {views.map((view) => (
        <div key={view.id} className={css['line']} data-pin={view.name}>
          <Link href={savedAddress(view)}>
            <b>{view.name}</b>
          </Link>
          <SavedViewMenu view={view} last={views.length - 1} className={css['more']} />
        </div>
      ))}
    </section>
  );
}
