import { mask } from './support/mask.ts';
import { median, repeat } from './support/statistics.ts';
import { millis, printTable, times } from './support/table.ts';

const ROUNDS = 400;

const TEXT = `Budget request for Engineering in Q1: three engineers. Ada Morgan, ada.morgan@example.org, SSN 536-22-8724,
phone +1 415 555 2671, card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, server 203.0.113.7. `;

/** Masking a chat request, against parsing and writing the same JSON without masking. */
export async function benchGuard(): Promise<void> {
  const rows: string[][] = [];
  for (const [size, rounds] of [
    [1_000, ROUNDS],
    [100_000, ROUNDS / 20],
  ] as const) {
    const content = TEXT.repeat(Math.ceil(size / TEXT.length)).slice(0, size);
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
    const masked = median(await repeat(rounds, () => Promise.resolve(mask(body))));
    const plain = median(await repeat(rounds, () => Promise.resolve(JSON.stringify(JSON.parse(body)))));
    rows.push([
      `${size / 1000} KB`,
      millis(masked),
      `${times(masked / plain)} of JSON alone (${millis(plain)})`,
    ]);
  }
  printTable('Masking a chat request full of personal data, median', ['size', 'time', 'ratio'], rows);
}
