import { createMasker } from '../../src/guard/mask.ts';
import { createPlaceholders } from '../../src/guard/placeholders.ts';
import { DEFAULT_PRIVACY } from '../../src/guard/privacy.ts';
import { openaiChat } from '../../src/guard/shapes/openai-chat.ts';

/** What the guard does with the text of a request before it sends it on. */
export function mask(text: string): string {
  const placeholders = createPlaceholders({
    key: 'k'.repeat(32),
    scope: 'bench',
  });
  return JSON.stringify(
    openaiChat.maskRequest(JSON.parse(text), createMasker(placeholders), DEFAULT_PRIVACY).body,
  );
}
