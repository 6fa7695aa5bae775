import { Popover as Mantine, type PopoverProps } from '@mantine/core';

import { inRoom } from './layers';
import css from './Popover.module.css';

const classNames = { dropdown: css['dropdown'] ?? '' };

/** Something small over the page, with controls of its own; a menu is for a list of choices. Its parts are Popover.Target and Popover.Dropdown. */
export function Popover(props: PopoverProps) {
  return <Mantine classNames={classNames} position="bottom-start" offset={4} transitionProps={{ duration: 0 }} trapFocus returnFocus withinPortal portalProps={inRoom} {...props} />;
}

Popover.Target = Mantine.Target;
Popover.Dropdown = Mantine.Dropdown;
