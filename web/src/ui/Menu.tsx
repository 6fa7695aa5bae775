import type { Menu as Mantine, MenuProps } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { createContext, useContext, type ComponentProps, type ReactNode } from 'react';

import { inRoom } from './layers';
import css from './Menu.module.css';
import { Over, parts, Target, useDrawn } from './over';

const classNames = {
  dropdown: css['dropdown'] ?? '',
  item: css['item'] ?? '',
  itemLabel: css['label'] ?? '',
  itemSection: css['section'] ?? '',
  itemIndicator: css['indicator'] ?? '',
  label: css['head'] ?? '',
  divider: css['divider'] ?? '',
};

/** Without keydown, which Mantine has too: the key that opens a menu comes by the document after the menu is there, and would close it again. */
const outsideEvents = ['mousedown', 'touchstart'];

const How = createContext<MenuProps>({});

/** Mantine's menu as the board has it. Its parts are Menu.Target, Menu.Dropdown, Menu.Item, Menu.Radio, Menu.Check, Menu.Label and Menu.Divider. */
export function Menu({ opened, onChange, children, ...how }: MenuProps) {
  return (
    <Over popup="menu" toggles opened={opened} onChange={onChange}>
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
  const { Anchor, Menu: Drawn, Themed } = drawn;
  return (
    <Themed>
      <Drawn
        id={id}
        opened={opened}
        onChange={change}
        classNames={classNames}
        position="bottom-start"
        offset={4}
        transitionProps={{ duration: 0 }}
        clickOutsideEvents={outsideEvents}
        alignItemsLabels="none"
        withInitialFocusPlaceholder={false}
        portalProps={inRoom}
        checkIcon={checkIcon}
        {...how}
      >
        <Drawn.Target>
          <Anchor at={target} onThere={onThere} />
        </Drawn.Target>
        <Drawn.Dropdown {...props} />
      </Drawn>
    </Themed>
  );
}

const checkIcon = <IconCheck size={14} stroke={2} aria-hidden="true" />;

interface ChoiceProps {
  checked: boolean;
  onChoose: () => void;
  icon?: ReactNode;
  /** At the end, unless it is checked: its key. */
  end?: ReactNode;
  children: string;
}

/** One of several, which closes the menu. */
function Radio({ checked, onChoose, icon, end, children }: ChoiceProps) {
  const { RadioItem } = parts().Menu;
  return (
    <RadioItem value={children} checked={checked} onChange={onChoose} closeMenuOnClick rightSection={!checked && end}>
      <Choice icon={icon}>{children}</Choice>
    </RadioItem>
  );
}

/** On or off; the menu stays. */
function Check({ checked, onChoose, icon, end, children }: ChoiceProps) {
  const { CheckboxItem } = parts().Menu;
  return (
    <CheckboxItem checked={checked} onChange={onChoose} rightSection={!checked && end}>
      <Choice icon={icon}>{children}</Choice>
    </CheckboxItem>
  );
}

function Choice({ icon, children }: { icon: ReactNode; children: string }) {
  return (
    <span className={css['choice']}>
      {icon}
      <span className="cut">{children}</span>
    </span>
  );
}

const Item = ((props: object) => {
  const { Item: Drawn } = parts().Menu;
  return <Drawn {...props} />;
}) as typeof Mantine.Item;

function Label({ children }: { children: ReactNode }) {
  const { Label: Drawn } = parts().Menu;
  return <Drawn>{children}</Drawn>;
}

function Divider() {
  const { Divider: Drawn } = parts().Menu;
  return <Drawn />;
}

Menu.Target = Target;
Menu.Dropdown = Dropdown;
Menu.Item = Item;
Menu.Radio = Radio;
Menu.Check = Check;
Menu.Label = Label;
Menu.Divider = Divider;
