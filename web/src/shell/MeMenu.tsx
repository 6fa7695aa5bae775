import { IconDots, IconKeyboard, IconLogout, IconUser } from '@tabler/icons-react';
import { useState } from 'react';

import { useLocation } from '../address';
import { base, client } from '../client';
import { connection } from '../live';
import { chooseTheme, chosenTheme, useMe, type Theme } from '../session';
import { text } from '../text';
import { Avatar, Kbd, Menu, usePhone } from '../ui';
import { layers } from './layers';
import css from './MeMenu.module.css';

const themes: readonly Theme[] = ['light', 'dark', 'system'];

/** Who is signed in: theme, and signing out. */
export function MeMenu({ compact }: { compact: boolean }) {
  const me = useMe();
  const [, go] = useLocation();
  const [theme, setTheme] = useState(chosenTheme);
  const phone = usePhone(); // which have no keys
  const signOut = async (): Promise<void> => {
    connection.stop();
    await client.auth.logout().catch(() => undefined); // whoever has no session is signed out, too
    window.addEventListener('pageshow', () => window.location.reload()); // a step back shows the page as it was left
    window.location.assign(`${base}/sign-in`); // nothing of what was read stays
  };
  return (
    <Menu position="top-start">
      <Menu.Target>
        <button type="button" className={css['me']}>
          <span aria-hidden="true">
            <Avatar person={{ id: me.id, name: me.name }} size="medium" />
          </span>
          {compact ? (
            <span className="vh">{text.me.menu({ name: me.name })}</span>
          ) : (
            <>
              <span className={css['who']}>
                <span className={`cut ${css['name']}`}>{me.name}</span>
                <span className={css['role']}>{text.roles[me.role]}</span>
              </span>
              <IconDots size={16} stroke={1.75} aria-hidden="true" />
            </>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUser size={16} stroke={1.75} aria-hidden="true" />} onClick={() => go('/me')}>
          {text.me.profile}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{text.me.theme}</Menu.Label>
        {themes.map((one) => (
          <Menu.Radio
            key={one}
            checked={one === theme}
            onChoose={() => {
              chooseTheme(one);
              setTheme(one);
            }}
          >
            {text.me.themes[one]}
          </Menu.Radio>
        ))}
        <Menu.Divider />
        {!phone && (
          <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.75} aria-hidden="true" />} rightSection={<Kbd>?</Kbd>} onClick={() => layers.open('shortcuts')}>
            {text.me.shortcuts}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} aria-hidden="true" />} onClick={() => void signOut()}>
          {text.me.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
