import type { Suite } from '../suite.ts';
import { activate } from './activate.ts';
import { complete } from './complete.ts';
import { concurrent } from './concurrent.ts';
import { create } from './create.ts';
import { pause } from './pause.ts';
import { restart } from './restart.ts';
import { resume } from './resume.ts';
import { timeOut } from './time-out.ts';

/** The life of sessions, from one end to the other. The time-out comes last: after it every session expires. */
export const lifecycle: Suite = {
  name: 'lifecycle',
  title: 'Sessions move as their state machine says, through crashes and at once, and expire',
  cases: [create, activate, pause, resume, complete, restart, concurrent, timeOut],
};
