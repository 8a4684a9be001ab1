import { describe, expect, test } from 'vitest';
import { found } from '../support/found.ts';

describe('finds', () => {
  test.each([
    ['Please ask Maria Lindgren about it.', ['Maria Lindgren']],
    ['Maria Lindgren’s budget', ['Maria Lindgren']],
    ['J. Lindgren and P. T. Hoffmann agreed', ['J. Lindgren', 'P. T. Hoffmann']],
    ['signed by Dr. Vexu', ['Vexu']],
    ['Mr Brown and Ms. Hill', ['Brown', 'Hill']],
    ['my name is Torvuk', ['Torvuk']],
    ['Dear Orbla,', ['Orbla']],
    ['Hi Vinicio, how are you?', ['Vinicio']],
    ['Best regards,\nSuri Qwerx', ['Suri Qwerx']],
    ['Jana wrote: yes', ['Jana']],
    ['Suri Qwerx <suri@acme.example>', ['Suri Qwerx']],
    ['MARIA LINDGREN', ['MARIA LINDGREN']],
    ['Ludwig van der Berg', ['Ludwig van der Berg']],
    ['Vexu Torosyan called', ['Vexu Torosyan']],
    ['Mark Johnson and Grace Hopkins', ['Mark Johnson', 'Grace Hopkins']],
    ['Seán O’Connor', ['Seán O’Connor']],
    ['Rubija Škoberne', ['Rubija Škoberne']],
    ['Vexu Orbla\nAcme\n12 Some Place 3', ['Vexu Orbla']],
    ['please ask olga krylova today', ['olga krylova']],
    ['my name is olga', ['olga']],
    ['Robert Young Jr. came', ['Robert Young Jr.']],
  ])('in %j', (text, names) => {
    expect(found('PERSON', text)).toEqual(names);
  });

  test('a name that its field announces', () => {
    expect(found('PERSON', 'Vexu Orbla', 'customer_name')).toEqual(['Vexu Orbla']);
  });
});

describe('finds nothing', () => {
  test.each([
    'Marks & Spencer, Johnson & Johnson, Ernst & Young',
    'Ruby on Rails, Julia and Pascal',
    'my name is on the list; her first name is missing',
    'the may grant will mark a price in the park',
    'Please review the Q3 Marketing Budget before Monday.',
    'Finance asks Legal to review the Master Services Agreement.',
    'Will May approve? Mark it as done, or Grant it.',
    'The United States, New York, San Francisco and Hong Kong',
    'Morgan Stanley, Wells Fargo and Goldman Sachs',
    'Use PostgreSQL, TypeScript or Visual Studio Code.',
    'Approved By: Finance Department',
    'Dear Sir or Madam, Dear Customer, Dear Team,',
    'Kind regards,\nThe Finance Team',
    'Price List, Key Risks, Cash Flow, Grant Agreement',
    'class UserRepository extends Repository { findJohn() {} }',
    'const Alice = require("Alice.js")'.replace('Alice ', 'alice '),
    'I’m sure. I’ll ask. Don’t.',
    'https://example.com/Maria/Lindgren.html',
    'Total Cost Of Ownership And Return On Investment',
    'Phase One, Section Two, Appendix Three',
    'January, February, Monday, Christmas',
    'GET /v1/Users HTTP/1.1',
  ])('in %j', (text) => {
    expect(found('PERSON', text)).toEqual([]);
  });
});

test.each([
  'Aa ',
  'Maria ',
  'A. ',
  'Maria-',
  "O'",
  'van der ',
  'olga ',
  'olga krylova ',
  'my name is ',
  'Dr. ',
  'Maria van ',
  'name is ',
  'Ä',
  ' ',
])('1 MB of %j is read in linear time', (unit) => {
  found('PERSON', unit.repeat(1_000_000 / unit.length));
});
