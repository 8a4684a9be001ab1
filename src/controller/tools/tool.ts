import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { isMeshError, type MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { MeshTool } from '../../core/profile.ts';
import type { Deps } from '../deps.ts';

/** Who calls, and in which session. */
export interface Caller {
  readonly by: Principal;
  readonly sessionId: string;
  /** Told when a tool could not work because something is away: the whole request then fails and can be repeated. */
  readonly onAway: (error: MeshError) => void;
}

export interface ToolCall extends Caller {
  /** Makes a repeated call harmless. */
  readonly key: string;
}

/** A mesh tool: flat arguments with descriptions that a model understands, and what it does. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: MeshTool;
  readonly description: string;
  readonly input: Input;
  /** What the model is told; objects become JSON. */
  run(deps: Deps, call: ToolCall, input: z.infer<Input>): Promise<object>;
}

/** Ties the type of a tool's arguments to its schema. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool<Input> {
  return tool;
}

/** Runs a tool. What the rules refuse reaches the model as an error that says what to try instead. */
export async function callTool<Input extends z.ZodObject>(
  deps: Deps,
  tool: Tool<Input>,
  call: ToolCall,
  input: z.infer<Input>,
): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await tool.run(deps, call, input)) }] };
  } catch (error) {
    const known = isMeshError(error) && error.code !== 'internal' ? error : undefined;
    if (known?.retryable === true) call.onAway(known);
    if (known === undefined) deps.log.error({ err: error, tool: tool.name }, 'a tool broke');
    const text =
      known === undefined
        ? 'The mesh failed to do this.'
        : [known.message, known.hint].filter(Boolean).join(' ');
    return { isError: true, content: [{ type: 'text', text }] };
  }
}
