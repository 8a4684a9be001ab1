import { Box, Text } from 'ink';
import type { FeedLine } from '../screen.ts';
import { colourOfRole } from '../theme.ts';

const ROLE_WIDTH = 10;

export function Feed({ feed }: { readonly feed: readonly FeedLine[] }) {
  return (
    <Box flexDirection="column">
      {feed.map(({ seq, role, text }) => (
        <Text key={seq} wrap="truncate">
          <Text color={colourOfRole(role ?? '')}>{(role ?? '').padEnd(ROLE_WIDTH)}</Text> {text}
        </Text>
      ))}
    </Box>
  );
}
