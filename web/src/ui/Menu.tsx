import { Menu as Mantine, type MenuProps } from '@mantine/core';

import css from './Menu.module.css';

const classNames = {
  dropdown: css['dropdown'] ?? '',
  item: css['item'] ?? '',
  itemLabel: css['label'] ?? '',
  itemSection: css['section'] ?? '',
  label: css['head'] ?? '',
  divider: css['divider'] ?? '',
};

/** Mantine's menu as the board has it. Its parts are Menu.Target, Menu.Dropdown, Menu.Item, Menu.Label and Menu.Divider. */
export function Menu(props: MenuProps) {
  return <Mantine classNames={classNames} position="bottom-start" offset={4} transitionProps={{ duration: 0 }} {...props} />;
}

Menu.Target = Mantine.Target;
Menu.Dropdown = Mantine.Dropdown;
Menu.Item = Mantine.Item;
Menu.Label = Mantine.Label;
Menu.Divider = Mantine.Divider;
