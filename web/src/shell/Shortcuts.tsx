import { problemWords } from '../client';
import { setSingleKeys, useMayEdit, useSingleKeys } from '../session';
import { text } from '../text';
import { shortcutsText } from '../text/shortcuts';
import { Button, commandKey, Dialog, Kbd, Switch, toast } from '../ui';
import { goKeys } from './keys';
import { entriesOf } from './places';
import css from './Shortcuts.module.css';

/** The keys, by place. Those by a single letter can be switched off. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const mayEdit = useMayEdit();
  const single = useSingleKeys();
  const words = shortcutsText;
  const go = entriesOf(mayEdit).map(({ name, to }) => ({ name, keys: goKeys(to), edits: false })).filter(({ keys }) => keys.length > 0);
  const places: { name: string; lines: typeof words.list.lines; note?: string }[] = [
    { name: words.everywhere.name, lines: words.everywhere.lines },
    { name: words.goTo, lines: go },
    { name: words.list.name, lines: words.list.lines, ...(mayEdit && { note: words.list.note }) },
    { name: words.episode.name, lines: words.episode.lines },
    { name: words.inbox.name, lines: words.inbox.lines },
  ];
  return (
    <Dialog title={words.title} wide onClose={onClose} acts={<Button onClick={onClose}>{text.close}</Button>}>
      <div className={css['head']}>
        <span aria-hidden="true">{words.singleKeys}</span>
        <Switch
          label={words.singleKeys}
          checked={single}
          onChange={(event) => {
            setSingleKeys(event.target.checked).catch((error: unknown) => toast({ look: 'bad', words: text.failed.notSaved, more: problemWords(error) }));
          }}
        />
      </div>
      <div className={css['places']}>
        {places.map(({ name, lines, note }) => (
          <section key={name} className={css['place']}>
            <h3>{name}</h3>
            <dl>
              {lines
                .filter(({ edits }) => mayEdit || !edits)
                .map((line) => (
                  <div key={line.name} className={css['line']}>
                    <dt>{line.name}</dt>
                    <dd>
                      <span className="vh">{line.keys.map((key) => (key === '⌘' ? commandKey : key)).join(' ')}</span>
                      {line.keys.map((key) => (
                        <Kbd key={key}>{key === '⌘' ? commandKey : key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
            {note && <p className={css['note']}>{note}</p>}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
