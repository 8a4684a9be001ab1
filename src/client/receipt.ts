import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { RECEIPT_TYPE, ReceiptClaims } from '../core/approval.ts';
import { MeshError, messageOf } from '../core/errors.ts';

/**
 * Checks a receipt with the public keys of its mesh, and gives what it states. Needs nothing but the two, so it
 * works offline.
 *
 * @throws MeshError invalid_request, saying what is wrong with the receipt
 */
export async function verifyReceipt(receipt: string, jwks: JSONWebKeySet): Promise<ReceiptClaims> {
  try {
    const { payload } = await jwtVerify(receipt.trim(), createLocalJWKSet(jwks), {
      algorithms: ['EdDSA'],
      typ: RECEIPT_TYPE,
    });
    return ReceiptClaims.parse(payload);
  } catch (error) {
    throw new MeshError('invalid_request', `The receipt is not valid: ${reasonOf(error)}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not match';
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'it was signed with a key that this mesh does not have';
  if (error instanceof errors.JWTExpired) return 'it has expired';
  return messageOf(error);
}
