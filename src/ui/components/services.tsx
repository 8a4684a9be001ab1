import { Box, Text } from 'ink';
import { IMAGE } from '../../core/progress.ts';
import { formatMs } from '../format.ts';
import type { ServiceLine } from '../screen.ts';

const LOOKS = {
  building: { mark: '◌', colour: 'yellow' },
  waiting: { mark: '·', colour: 'gray' },
  starting: { mark: '◌', colour: 'yellow' },
  kept: { mark: '●', colour: 'green' },
  ready: { mark: '●', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  stopping: { mark: '◌', colour: 'yellow' },
  stopped: { mark: '○', colour: 'gray' },
} as const;

export function Services({ services }: { readonly services: readonly ServiceLine[] }) {
  const width = Math.max(...services.map(({ name }) => name.length));
  return (
    <Box flexDirection="column">
      {services.map(({ name, state, detail, ms }) => (
        <Text key={name} wrap="truncate">
          <Text color={LOOKS[state].colour}>{LOOKS[state].mark}</Text> {name.padEnd(width)}{' '}
          <Text dimColor>
            {state.padEnd(8)} {(ms === undefined ? '' : formatMs(ms)).padStart(7)} {detail ?? ''}
          </Text>
        </Text>
      ))}
    </Box>
  );
}

/** All services in one line, for when they are no longer what matters. */
export function ServicesInBrief({ services: all }: { readonly services: readonly ServiceLine[] }) {
  const services = all.filter(({ name }) => name !== IMAGE);
  const stopped = services.filter(({ state }) => state === 'stopped');
  if (stopped.length > 0) {
    return (
      <Text dimColor>
        ○ {stopped.length} of {services.length} services stopped
      </Text>
    );
  }
  const ready = services.filter(({ state }) => state === 'ready' || state === 'kept');
  if (ready.length < services.length) {
    return (
      <Text>
        <Text color="red">✗</Text> {ready.length} of {services.length} services ready
      </Text>
    );
  }
  const last = Math.max(0, ...ready.map(({ ms }) => ms ?? 0));
  const time = last === 0 ? '' : ` after ${formatMs(last)}`;
  return (
    <Text>
      <Text color="green">●</Text> {services.length} services ready{time}
    </Text>
  );
}
