/** One colour for each role, always the same, and never the colours that mean good and bad. */
const ROLE_COLOURS = [
  'cyan',
  'magenta',
  'blue',
  'yellow',
  'cyanBright',
  'magentaBright',
  'blueBright',
  'yellowBright',
] as const;

const KNOWN: Readonly<Record<string, (typeof ROLE_COLOURS)[number]>> = {
  finance: 'cyan',
  manager: 'magenta',
  legal: 'blue',
};

export function colourOfRole(role: string): string {
  const sum = Array.from(role).reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
  return KNOWN[role] ?? ROLE_COLOURS[sum % ROLE_COLOURS.length] ?? 'white';
}
