
import { problemWords } from '../../client';
import { useNow } from '../../live';
import { useMe, useZone } from '../../session';
import { ago, exactTime, text } from '../../text';
import { Avatar, Button, NotLoaded, Skeleton, toast } from '../../ui';
import { Frame } from '../Frame';
import { endConnections, useConnections, type Connection } from './api';
import css from './table.module.css';

const words = text.people.connections;

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
                {connections.data.map((connection) => (
                  <Row key={connection.id} connection={connection} />
                ))}
              </tbody>
            </table>
          </div>
          <p className={css['note']}>{connections.data.length === 0 ? words.none : words.node}</p>
        </>
      ) : connections.isError ? (
        <NotLoaded title={text.people.notLoaded} onAgain={() => void connections.refetch()}>
          {problemWords(connections.error)}
        </NotLoaded>
      ) : (
        <Skeleton rows={6} height={54} />
      )}
    </Frame>
  );
}

function Row({ connection: { user_id, name, transport, connected_at, channels } }: { connection: Connection }) {
  const zone = useZone();
  const now = useNow();
  const own = useMe().id === user_id;
  const at = Date.parse(connected_at);
  const end = async (): Promise<void> => {
    try {
      await endConnections(user_id);
      toast({ words: text.people.users.connectionsEnded({ name }) });
    } catch (error) {
      toast({ look: 'bad', words: text.people.notDone, more: problemWords(error) });
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
            {name} {own && <span>{text.people.you}</span>}
          </b>
        </span>
      </th>
      <td className={css['mute']}>{words.transports[transport] ?? transport}</td>
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
          <Button size="small" aria-label={words.endOf({ name })} onClick={() => void end()}>
            {words.end}
          </Button>
        )}
      </td>
    </tr>
  );
}
