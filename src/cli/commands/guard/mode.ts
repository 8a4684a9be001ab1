import type { Command } from 'commander';
import type { Client } from '../../../client/client.ts';
import { MeshError } from '../../../core/errors.ts';
import { PRIVACY_MODES, PrivacyMode, type RoleMode } from '../../../core/privacy.ts';
import { describeUnknown } from '../../../core/text.ts';
import { renderModes } from '../../render-guard.ts';
import { withClient } from '../../with-client.ts';

/** Takes back what was set. */
const BY_PROFILE = 'profile';

export function addGuardMode(guard: Command): void {
  guard
    .command('mode')
    .description('Show how the guards treat the calls of each role, or switch it for one')
    .argument('[role]', 'of its agents')
    .argument('[mode]', `${PRIVACY_MODES.join(', ')}, or ${BY_PROFILE}: what the profile says`, parseMode)
    .addHelpText(
      'after',
      '\nauto masks; strict also refuses what cannot be read; bypass lets everything pass as it is, and is audited.' +
        '\nA switch reaches the guards within milliseconds, outlives restarts and is an event. The profile says which' +
        '\nmodes there may be (privacy.may_override).\n\nExample:\n  goose-mesh guard mode legal strict',
    )
    .action((role: string | undefined, mode: Wanted | undefined, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const modes = await readModes(client, role, mode);
        output.print(modes, () => renderModes(modes));
      }),
    );
}

interface Wanted {
  readonly mode: PrivacyMode | null;
}

async function readModes(
  { guard }: Client,
  role: string | undefined,
  wanted: Wanted | undefined,
): Promise<readonly RoleMode[]> {
  if (role !== undefined && wanted !== undefined) return [await guard.setMode(role, wanted.mode)];
  const modes = await guard.modes();
  const found = modes.filter((mode) => role === undefined || mode.role === role);
  if (found.length > 0 || role === undefined) return found;
  const known = modes.map((mode) => mode.role);
  throw new MeshError('usage', `${describeUnknown('role', role, known)}.`);
}

function parseMode(text: string): Wanted {
  const mode = PrivacyMode.safeParse(text);
  if (mode.success) return { mode: mode.data };
  if (text === BY_PROFILE) return { mode: null };
  throw new MeshError('usage', `${describeUnknown('mode', text, [...PRIVACY_MODES, BY_PROFILE])}.`);
}
