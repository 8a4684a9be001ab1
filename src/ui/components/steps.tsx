import { Box, Text } from 'ink';
import type { StepResult } from '../../core/run.ts';
import { formatMs } from '../format.ts';

const LOOKS = {
  waiting: { mark: '·', colour: 'gray' },
  running: { mark: '◌', colour: 'yellow' },
  passed: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  skipped: { mark: '-', colour: 'gray' },
} as const;

export function Steps({ steps }: { readonly steps: readonly StepResult[] }) {
  return (
    <Box flexDirection="column">
      {steps.map((step) => (
        <Box key={step.name} flexDirection="column">
          <Box justifyContent="space-between">
            <Text dimColor={step.status === 'waiting' || step.status === 'skipped'}>
              <Text color={LOOKS[step.status].colour}>{LOOKS[step.status].mark}</Text> {step.name}
            </Text>
            <Text dimColor>
              {' '}
              {step.at_ms === null || step.status === 'skipped' ? '' : formatMs(step.at_ms)}
            </Text>
          </Box>
          {step.failure !== null && <Failure failure={step.failure} />}
        </Box>
      ))}
    </Box>
  );
}

function Failure({ failure }: { readonly failure: NonNullable<StepResult['failure']> }) {
  return (
    <Box flexDirection="column" marginLeft={2}>
      <Text>expected: {failure.expected}</Text>
      <Text>seen: {failure.seen}</Text>
      {failure.nearest.map((line) => (
        <Text key={line} dimColor>
          near: {line}
        </Text>
      ))}
    </Box>
  );
}
