import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview';
import { useEffect, type RefObject } from 'react';

import type { Episode } from '../store/episode';
import { carryOver, mayMove, pickUp, putDown } from './carry';
import css from './drag.module.css';

/** Has an element dragged by the pointer, and by a long press on touch screens, to a place where it can be dropped. */
export function useDraggable(ref: RefObject<HTMLElement | null>, id: string, wanted: boolean, onDrop: (began: Episode, place: string) => void): void {
  useEffect(() => {
    const element = ref.current;
    if (!element || !wanted) {
      return undefined;
    }
    return draggable({
      element,
      canDrag: mayMove,
      getInitialData: () => ({ episode: id }),
      onGenerateDragPreview: ({ nativeSetDragImage, location }) => {
        const { left, top, width } = element.getBoundingClientRect();
        const { clientX, clientY } = location.current.input;
        setCustomNativeDragPreview({
          nativeSetDragImage,
          getOffset: () => ({ x: clientX - left + around, y: clientY - top + around }),
          render: ({ container }) => {
            const lifted = element.cloneNode(true) as HTMLElement;
            lifted.classList.add(css['lifted'] ?? '');
            lifted.style.width = `${width}px`;
            const air = document.createElement('div');
            air.className = css['air'] ?? '';
            air.append(lifted);
            container.append(air);
          },
        });
      },
      onDragStart: () => pickUp(id, 'pointer'),
      onDrop: ({ location }) => {
        const carried = putDown();
        const place = location.current.dropTargets[0]?.data['place'];
        if (carried && typeof place === 'string') {
          onDrop(carried.began, place);
        }
      },
    });
  }, [ref, id, wanted, onDrop]);
}

const around = 24; // px of air in the picture, for the tilt and the shadow: as in the style sheet

/** Has episodes dropped on an element that stands for a place. */
export function useDropTarget(ref: RefObject<HTMLElement | null>, place: string): void {
  useEffect(() => {
    const element = ref.current;
    if (!element) {
      return undefined;
    }
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => 'episode' in source.data,
      getData: () => ({ place }),
      onDragEnter: () => carryOver(place),
      onDragLeave: () => carryOver(undefined),
    });
  }, [ref, place]);
}
