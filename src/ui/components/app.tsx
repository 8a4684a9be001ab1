import { Box, Text } from 'ink';
import type { ScreenState } from '../screen.ts';
import { Feed } from './feed.tsx';
import { Services, ServicesInBrief } from './services.tsx';
import { countStepLines, Steps } from './steps.tsx';

/** What is always there beside feed, steps and services: blank lines, the verdict, the cursor's line. */
const MARGINS = 6;
const SHORTEST_FEED = 3;

/** The whole screen. It stays lower than the terminal, since a taller one makes Ink clear everything for each frame. */
export function App({ state, rows }: { readonly state: ScreenState; readonly rows: number }) {
  const { title, facts, services, steps, feed, verdict } = state;
  const isUp = services.every((line) => line.state === 'ready' || line.state === 'kept');
  const brief = steps.length > 0 && (isUp || verdict !== undefined);
  const used = MARGINS + facts.length + (brief ? 1 : services.length) + countStepLines(steps);
  return (
    <Box flexDirection="column">
      <Text bold>{title}</Text>
      {facts.map((fact) => (
        <Text key={fact} dimColor>
          {fact}
        </Text>
      ))}
      {services.length > 0 && (
        <Box marginTop={1}>
          {brief ? <ServicesInBrief services={services} /> : <Services services={services} />}
        </Box>
      )}
      {feed.length > 0 && (
        <Box marginTop={1}>
          <Feed feed={feed.slice(-Math.max(SHORTEST_FEED, rows - used))} />
        </Box>
      )}
      {steps.length > 0 && (
        <Box marginTop={1}>
          <Steps steps={steps} />
        </Box>
      )}
      {verdict !== undefined && (
        <Box marginTop={1}>
          <Text bold color={verdict.good ? 'green' : 'red'}>
            {verdict.text}
          </Text>
        </Box>
      )}
    </Box>
  );
}
