import { Box, Text } from 'ink';
import type { ScreenState } from '../screen.ts';
import { Feed } from './feed.tsx';
import { Services } from './services.tsx';
import { Steps } from './steps.tsx';

export function App({ state }: { readonly state: ScreenState }) {
  const { title, facts, services, steps, feed, verdict } = state;
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
          <Services services={services} />
        </Box>
      )}
      {feed.length > 0 && (
        <Box marginTop={1}>
          <Feed feed={feed} />
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
