import { readFile } from 'node:fs/promises';
import { type Document, isNode, LineCounter, type ParsedNode, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { MeshError, messageOf } from './errors.ts';
import { didYouMean } from './text.ts';

/**
 * Reads a YAML file by a schema. Mistakes are told with file, line and column, all at once.
 *
 * @throws MeshError configuration
 */
export async function readYamlFile<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new MeshError('configuration', `Cannot read ${path}: ${messageOf(error)}.`, { cause: error });
  });
  return parseYaml(text, path, schema);
}

export function parseYaml<T extends z.ZodType>(text: string, path: string, schema: T): z.output<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new MeshError('configuration', `${at(path, lines, broken.pos[0])}: ${broken.message}.`, {
      hint: 'The file must be valid YAML 1.2; the position is where it stops to be.',
    });
  }
  refuseBadAliases(document, path, lines);
  // A file that is empty, or nothing but comments, says nothing; what it must say is told by the schema.
  const parsed = schema.safeParse(toValue(document, path) ?? {});
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.flatMap(toPlain).map((issue) => {
    const node = findNode(document.contents, issue.path);
    return `${at(path, lines, node?.range[0] ?? 0)}: ${describeIssue(issue, schema)}`;
  });
  throw new MeshError('configuration', mistakes.join('\n'));
}

/** An alias must stand for what was anchored before it, and not for something that it is a part of. */
function refuseBadAliases(document: Document.Parsed, path: string, lines: LineCounter): void {
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      const target = alias.resolve(document);
      if (target !== undefined && !ancestors.includes(target)) return;
      const where = at(path, lines, alias.range?.[0] ?? 0);
      throw target === undefined
        ? new MeshError(
            'configuration',
            `${where}: *${alias.source} stands for nothing that was anchored before.`,
            {
              hint: 'A text that begins with * must be quoted.',
            },
          )
        : new MeshError('configuration', `${where}: *${alias.source} is a part of what it stands for.`);
    },
  });
}

/** A few aliases of aliases can stand for gigabytes, so there is a limit. */
function toValue(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new MeshError('configuration', `${path}: ${messageOf(error)}.`, { cause: error });
  }
}

/** Of something that may be written in several ways, what is wrong with the way that fits best. */
function toPlain(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ways = issue.errors
    .filter((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0))
    .sort((a, b) => a.length - b.length);
  const [best] = ways;
  if (best === undefined) return [issue];
  return best.flatMap(toPlain).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** The node that an issue is about, or the nearest one above it that exists. */
function findNode(root: ParsedNode | null, path: readonly PropertyKey[]): ParsedNode | undefined {
  let node: ParsedNode | undefined = root ?? undefined;
  for (const key of path) {
    const next: unknown = node !== undefined && 'get' in node ? node.get(key, true) : undefined;
    if (!isNode(next)) break;
    node = next as ParsedNode;
  }
  return node;
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}`;
  const known = knownKeys(schema, issue.path);
  const keys = issue.keys.map((key) => {
    const near = didYouMean(key, known);
    return near === undefined
      ? JSON.stringify(key)
      : `${JSON.stringify(key)} (did you mean ${JSON.stringify(near)}?)`;
  });
  const list = known.length === 0 ? '' : `; known keys are ${known.join(', ')}`;
  return `${where} does not take ${keys.join(', ')}${list}`;
}

/** The keys that the schema takes at a path. Empty where the schema is not a plain nest of objects and arrays. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: unknown = schema;
  for (const key of path) current = stepInto(unwrap(current), key);
  const shape = shapeOf(unwrap(current));
  return shape === undefined ? [] : Object.keys(shape);
}

function stepInto(schema: unknown, key: PropertyKey): unknown {
  const shape = shapeOf(schema);
  if (shape !== undefined) return shape[String(key)];
  const { element, valueType } = (schema ?? {}) as { element?: unknown; valueType?: unknown };
  return element ?? valueType;
}

/**
 * Looks through optional, default, prefault and nullable, before transformations and behind preprocessing: what the
 * file may say.
 */
function unwrap(schema: unknown): unknown {
  const current = schema as { unwrap?: () => unknown; in?: { type?: unknown }; out?: unknown } | undefined;
  if (current === undefined || shapeOf(current) !== undefined || 'element' in current) return current;
  if (typeof current.unwrap === 'function') return unwrap(current.unwrap());
  if (current.in === undefined) return current;
  return unwrap(current.in.type === 'transform' ? current.out : current.in);
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  return (schema as { shape?: Readonly<Record<string, unknown>> } | undefined)?.shape;
}

function at(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
}
