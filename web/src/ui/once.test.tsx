import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import { Button } from './Button';
import { useBeside } from './useBeside';

describe('an act', () => {
  it('is done once by a double click, and can be done again once it has ended', async () => {
    const ends: (() => void)[] = [];
    const make = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
    render(<Button act={make}>Make</Button>);
    const button = screen.getByRole('button');
    fireEvent.click(button);
    fireEvent.click(button);
    expect(make).toHaveBeenCalledTimes(1);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await act(() => {
      ends[0]?.();
      return Promise.resolve();
    });
    expect(button.getAttribute('aria-disabled')).toBe('false');
    fireEvent.click(button);
    expect(make).toHaveBeenCalledTimes(2);
  });
});

function Box({ onClose }: { onClose: () => void }) {
  return (
    <div data-testid="beside" {...useBeside(onClose)}>
      <input />
    </div>
  );
}

describe('a press beside a dialog', () => {
  it('closes it where it began there, and not where words were selected', () => {
    const close = vi.fn();
    render(<Box onClose={close} />);
    const beside = screen.getByTestId('beside');
    fireEvent.pointerDown(screen.getByRole('textbox'));
    fireEvent.click(beside); // as browsers tell of a press that ends elsewhere
    expect(close).not.toHaveBeenCalled();
    fireEvent.pointerDown(beside);
    fireEvent.click(beside);
    expect(close).toHaveBeenCalledTimes(1);
  });
});
