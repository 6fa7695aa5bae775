import type { Popover as Mantine, PopoverProps } from '@mantine/core';
import { createContext, useContext, type ComponentProps } from 'react';

import { inRoom } from './layers';
import { Over, Target, useDrawn } from './over';
import css from './Popover.module.css';

const classNames = { dropdown: css['dropdown'] ?? '' };

const How = createContext<PopoverProps>({});

/** Something small over the page, with controls of its own; a menu is for a list of choices. Its parts are Popover.Target and Popover.Dropdown. */
export function Popover({ opened, onChange, children, ...how }: PopoverProps) {
  return (
    <Over popup="dialog" toggles={opened === undefined} opened={opened} onChange={onChange}>
      <How value={how}>{children}</How>
    </Over>
  );
}

function Dropdown(props: ComponentProps<typeof Mantine.Dropdown>) {
  const how = useContext(How);
  const { id, opened, change, target, drawn, onThere } = useDrawn();
  if (!drawn || !target) {
    return null;
  }
  const { Anchor, Popover: Drawn, Themed } = drawn;
  return (
    <Themed>
      <Drawn id={id} opened={opened} onChange={change} classNames={classNames} position="bottom-start" offset={4} transitionProps={{ duration: 0 }} trapFocus returnFocus withinPortal portalProps={inRoom} {...how}>
        <Drawn.Target>
          <Anchor at={target} onThere={onThere} />
        </Drawn.Target>
        <Drawn.Dropdown {...props} />
      </Drawn>
    </Themed>
  );
}

Popover.Target = Target;
Popover.Dropdown = Dropdown;
