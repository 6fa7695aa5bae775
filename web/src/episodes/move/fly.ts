// The way back of what was not moved: it flies over the page, since lists cut off what leaves them.

/** The element that stands for an episode in a view that moves episodes. */
function elementOf(id: string): HTMLElement | null {
  return document.querySelector(`[data-movable="${CSS.escape(id)}"]`);
}

/** Where an episode is on the screen; undefined when it is not. */
export function placeOnScreen(id: string): DOMRect | undefined {
  return elementOf(id)?.getBoundingClientRect();
}

/** Shows an episode flying from where it was to where it is once the lists have told of it. */
export function fly(id: string, from: DOMRect | undefined): void {
  const slow = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--m-slow'));
  if (!from || !slow) {
    return;
  }
  setTimeout(() => {
    const element = elementOf(id);
    const to = element?.getBoundingClientRect();
    if (!element || !to || (to.left === from.left && to.top === from.top)) {
      return;
    }
    const double = element.cloneNode(true) as HTMLElement;
    double.setAttribute('aria-hidden', 'true');
    double.removeAttribute('data-movable');
    Object.assign(double.style, { position: 'fixed', zIndex: '20', left: `${from.left}px`, top: `${from.top}px`, width: `${from.width}px`, pointerEvents: 'none' });
    document.body.append(double);
    const timing = { duration: slow, easing: 'cubic-bezier(.2, .8, .2, 1)' };
    const flight = double.animate([{ transform: 'none' }, { transform: `translate(${to.left - from.left}px, ${to.top - from.top}px)` }], timing);
    element.animate([{ opacity: 0 }, { opacity: 0 }], timing);
    flight.onfinish = flight.oncancel = () => double.remove();
  });
}
