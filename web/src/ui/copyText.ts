import { text } from '../text';
import { toast } from './toast';

/** Puts words on the clipboard and says so. Where the browser does not let them, as over plain http, they are shown to be copied by hand. */
export async function copyText(words: string, copied: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(words);
    toast({ words: copied });
  } catch {
    toast({ look: 'news', words: text.copyByHand, more: words });
  }
}
