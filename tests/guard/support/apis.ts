/** The least that a caller can say in each API whose answers are streamed, and how it says it. */
export const APIS = [
  {
    path: '/v1/chat/completions',
    ask: (content: unknown, more: object = {}) => ({
      model: 'm',
      messages: [{ role: 'user', content }],
      ...more,
    }),
  },
  {
    path: '/v1/responses',
    ask: (content: unknown, more: object = {}) => ({
      model: 'm',
      input: [{ role: 'user', content }],
      ...more,
    }),
  },
  {
    path: '/v1/messages',
    ask: (content: unknown, more: object = {}) => ({
      model: 'm',
      max_tokens: 9,
      messages: [{ role: 'user', content }],
      ...more,
    }),
  },
] as const;
