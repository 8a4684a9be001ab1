import { expect, test } from 'vitest';
import type { LabelledDocument } from '../../../src/detect/accuracy/dataset.ts';
import { measureAccuracy } from '../../../src/detect/accuracy/measure.ts';

/** A text in which `<LABEL:value>` marks what is labelled. */
function label(marked: string): LabelledDocument {
  const spans: { label: string; start: number; end: number }[] = [];
  let text = '';
  for (const piece of marked.split(/(<[^>]+>)/)) {
    const [, name, value] = /^<(\w+):(.*)>$/.exec(piece) ?? [];
    if (name !== undefined && value !== undefined) {
      spans.push({ label: name, start: text.length, end: text.length + value.length });
    }
    text += value ?? piece;
  }
  return { text, spans };
}

test('what is found, missed and made up is counted by label', () => {
  const { measures, texts, spans } = measureAccuracy([
    label('Write to <EMAIL_ADDRESS:ada@acme.example> or bob@acme.example'),
    label('<EMAIL_ADDRESS:nobody> has <US_SSN:536-22-8724>'),
  ]);
  expect({ texts, spans }).toEqual({ texts: 2, spans: 3 });
  expect(measures.overlap.labels).toMatchObject({
    EMAIL_ADDRESS: { labelled: 2, found: 1, said: 2, right: 1 },
    US_SSN: { labelled: 1, found: 1, said: 1, right: 1 },
  });
  expect(measures.overlap.all).toMatchObject({ labelled: 3, found: 2, said: 3, right: 2 });
});

test('a span found in part counts for overlap, not for strict, and by its characters', () => {
  const { measures } = measureAccuracy([label('<EMAIL_ADDRESS:mail ada@acme.example>')]);
  expect(measures.overlap.all).toMatchObject({ found: 1, right: 1 });
  expect(measures.strict.all).toMatchObject({ found: 0, right: 0 });
  expect(measures.character.all).toMatchObject({ labelled: 21, found: 16, said: 16, right: 16 });
});

test('the wrong kind is no hit, except where kinds are not asked for', () => {
  const { measures } = measureAccuracy([
    label('<US_SSN:ada@acme.example>'),
    label('<EMAIL_ADDRESS:bob@acme.example>'),
  ]);
  expect(measures.overlap.all).toMatchObject({ found: 1, right: 1, said: 2 });
  expect(measures.overlap.any_kind).toMatchObject({ found: 2, right: 2, said: 2 });
});

test('labels that nobody knows are missed and named', () => {
  const { unknown_labels, measures } = measureAccuracy([label('a <SHOE_SIZE:44> foot')]);
  expect(unknown_labels).toEqual({ SHOE_SIZE: 1 });
  expect(measures.overlap.all).toMatchObject({ labelled: 1, found: 0 });
  expect(measures.overlap.claimed).toMatchObject({ labelled: 0 });
});

test('kinds that the set does not label are counted apart', () => {
  const { not_labelled, measures } = measureAccuracy([label('<US_SSN:536-22-8724> from ada@acme.example')]);
  expect(not_labelled).toEqual({ EMAIL: 1 });
  expect(measures.overlap.all).toMatchObject({ said: 1, right: 1 });
});

test('cards whose check digit is wrong are counted with the others, and without them', () => {
  const { invalid_cards, measures } = measureAccuracy([
    label('my card <CREDIT_CARD:4111111111111111>, not <CREDIT_CARD:4111111111111112>'),
  ]);
  expect(invalid_cards).toBe(1);
  expect(measures.overlap.structured).toMatchObject({ labelled: 2 });
  expect(measures.overlap.structured_valid_cards).toMatchObject({ labelled: 1, found: 1 });
});
