import { UnmetError } from './unmet-error.ts';

/** Rejects when the run is interrupted: whatever it waits for has then failed. */
export function failOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => {
      reject(new UnmetError({ expected: 'the run to go on', seen: 'it was interrupted' }));
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
