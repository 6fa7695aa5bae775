
import { problemWords } from '../../client';
import { useNow } from '../../live';
import { useMe, useZone } from '../../session';
import { ago, compareText, exactTime, text } from '../../text';
import { peopleText } from '../../text/people';
import { Avatar, Button, NotLoaded, Skeleton, toast } from '../../ui';
import { Frame } from '../Frame';
import { endConnections, useConnections, type Connection } from './api';
import css from './table.module.css';

const words = peopleText.connections;

/** Who is connected to the server, and how. */
export default function ConnectionsPage() {
  const connections = useConnections();
  return (
    <Frame tab="connections">
      {connections.data ? (
        <>
          <div className={css['outer']}>
            <table className={css['table']}>
              <thead>
                <tr>
                  <th scope="col">{words.who}</th>
                  <th scope="col">{words.how}</th>
                  <th scope="col">{words.since}</th>
                  <th scope="col">{words.channels}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {byPerson(connections.data).map((some) => (
                  <Row key={some[0].user_id} connections={some} />
                ))}
              </tbody>
            </table>
          </div>
          <p className={css['note']}>{connections.data.length === 0 ? words.none : words.node}</p>
        </>
      ) : connections.isError ? (
        <NotLoaded title={peopleText.notLoaded} onAgain={() => void connections.refetch()}>
          {problemWords(connections.error)}
        </NotLoaded>
      ) : (
        <Skeleton rows={6} height={54} />
      )}
    </Frame>
  );
}

type Connections = readonly [Connection, ...Connection[]];

/** The connections of each person, the oldest first: somebody with three tabs has three, and ends all of them or none. */
function byPerson(connections: readonly Connection[]): Connections[] {
  const people = new Map<string, [Connection, ...Connection[]]>();
  for (const one of connections.toSorted((a, b) => a.connected_at.localeCompare(b.connected_at))) {
    const known = people.get(one.user_id);
    if (known) {
      known.push(one);
    } else {
      people.set(one.user_id, [one]);
    }
  }
  return [...people.values()].toSorted((a, b) => compareText(a[0].name, b[0].name));
}

function Row({ connections }: { connections: Connections }) {
  const { user_id, name, connected_at } = connections[0];
  const transports = [...new Set(connections.map(({ transport }) => words.transports[transport] ?? transport))];
  const channels = [...new Set(connections.flatMap((one) => one.channels))];
  const zone = useZone();
  const now = useNow();
  const own = useMe().id === user_id;
  const at = Date.parse(connected_at);
  const end = async (): Promise<void> => {
    try {
      await endConnections(user_id);
      toast({ words: peopleText.users.connectionsEnded({ name }) });
    } catch (error) {
      toast({ look: 'bad', words: peopleText.notDone, more: problemWords(error) });
    }
  };
  return (
    <tr>
      <th scope="row">
        <span className={css['who']}>
          <span aria-hidden="true">
            <Avatar person={{ id: user_id, name }} size="medium" />
          </span>
          <b>
            {name} {own && <span>{peopleText.you}</span>}
          </b>
        </span>
      </th>
      <td className={css['mute']}>{words.n({ n: connections.length, transports })}</td>
      <td className={css['mute']}>
        <time dateTime={connected_at} title={exactTime(at, zone)}>
          {ago(at, now, zone) ?? text.time.now}
        </time>
      </td>
      <td className={`${css['mute']} ${css['wide']}`} title={channels.join('\n')}>
        {words.nChannels({ n: channels.length })}
      </td>
      <td>
        {!own && (
          <Button size="small" aria-label={words.endOf({ name })} act={end}>
            {words.end}
          </Button>
        )}
      </td>
    </tr>
  );
}
