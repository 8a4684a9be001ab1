import { Box, Text } from 'ink';
import type { StepFailure } from '../../core/run.ts';
import { formatMs } from '../format.ts';
import type { ScreenStep } from '../screen.ts';

const LOOKS = {
  waiting: { mark: '·', colour: 'gray' },
  running: { mark: '◌', colour: 'yellow' },
  passed: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  skipped: { mark: '-', colour: 'gray' },
} as const;

/** Cases stand in one line each, but for what is just being checked and what has failed. */
export function Steps({ steps }: { readonly steps: readonly ScreenStep[] }) {
  return (
    <Box flexDirection="column">
      {listLines(steps).map(({ step, isInner }) => (
        <Box key={`${step.group ?? ''} ${step.name}`} flexDirection="column" marginLeft={isInner ? 2 : 0}>
          <Box justifyContent="space-between">
            <Text dimColor={step.status === 'waiting' || step.status === 'skipped'} wrap="truncate">
              <Text color={LOOKS[step.status].colour}>{LOOKS[step.status].mark}</Text> {step.name}
              {step.reason == null ? '' : ` (${step.reason})`}
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

export function countStepLines(steps: readonly ScreenStep[]): number {
  return listLines(steps).length;
}

interface Line {
  readonly step: ScreenStep;
  readonly isInner: boolean;
}

function listLines(steps: readonly ScreenStep[]): readonly Line[] {
  const groups = new Set(steps.map(({ group }) => group));
  return [...groups].flatMap((group) => {
    const members = steps.filter((step) => step.group === group);
    if (group === undefined) return members.map((step) => ({ step, isInner: false }));
    const heading = summarize(group, members);
    const isOpen = heading.status === 'running';
    const shown = members.filter(({ status }) => isOpen || status === 'failed');
    return [{ step: heading, isInner: false }, ...shown.map((step) => ({ step, isInner: true }))];
  });
}

/** A case as one step. */
function summarize(group: string, members: readonly ScreenStep[]): ScreenStep {
  const status = statusOf(members);
  const reason = status === 'skipped' ? (members[0]?.reason ?? null) : null;
  return { name: group, status, at_ms: members.at(-1)?.at_ms ?? null, failure: null, reason };
}

function statusOf(members: readonly ScreenStep[]): ScreenStep['status'] {
  const are = (...states: readonly ScreenStep['status'][]) =>
    members.every(({ status }) => states.includes(status));
  if (are('waiting')) return 'waiting';
  if (are('skipped')) return 'skipped';
  if (are('passed', 'skipped')) return 'passed';
  return are('passed', 'failed', 'skipped') ? 'failed' : 'running';
}

function Failure({ failure }: { readonly failure: StepFailure }) {
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
