import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { z } from 'zod';
import { RECEIPT_TYPE, ReceiptClaims } from '../core/approval.ts';
import { MeshError, messageOf } from '../core/errors.ts';

/**
 * Checks a receipt with the public keys of its mesh, and gives what it states. Needs nothing but the two, so it
 * works offline. Whether the receipt was used already, only the controller knows.
 *
 * @throws MeshError invalid_request: it is no receipt at all; expectation_failed: it is one that does not hold,
 * because it was altered, signed by somebody else, or has expired
 */
export async function verifyReceipt(receipt: string, jwks: JSONWebKeySet): Promise<ReceiptClaims> {
  const text = receipt.trim();
  requireReceipt(text);
  try {
    const { payload } = await jwtVerify(text, createLocalJWKSet(jwks), {
      algorithms: ['EdDSA'],
      typ: RECEIPT_TYPE,
    });
    return ReceiptClaims.parse(payload);
  } catch (error) {
    // Signed by the mesh, but of a version that states something else.
    if (error instanceof z.ZodError) throw notReceipt('it states something else than a receipt does');
    throw new MeshError('expectation_failed', `The receipt is not valid: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function requireReceipt(text: string): void {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text))
    throw notReceipt('it does not consist of three parts in base64url');
  if (typeOf(text) !== RECEIPT_TYPE) throw notReceipt(`its header does not say ${RECEIPT_TYPE}`);
}

function typeOf(text: string): string | undefined {
  try {
    return decodeProtectedHeader(text).typ;
  } catch {
    return undefined;
  }
}

function notReceipt(reason: string): MeshError {
  return new MeshError('invalid_request', `Expected the receipt of an approval (a compact JWS): ${reason}.`, {
    hint: '`goose-mesh approval receipt <id>` prints one.',
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not match';
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'it was signed with a key that this mesh does not have';
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with EdDSA';
  return messageOf(error);
}
