import { create } from 'zustand';

const useSaid = create<{ words: string }>(() => ({ words: '' }));

/** Says something to those who listen to the page instead of seeing it. */
export function announce(words: string): void {
  useSaid.setState({ words });
}

/** From where announcements are read out: on a page that announces there is one. */
export function Announcer() {
  const words = useSaid((said) => said.words);
  return (
    <div className="vh" role="status">
      {words}
    </div>
  );
}
