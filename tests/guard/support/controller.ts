import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type GuardCall, GuardReport } from '../../../src/core/guard.ts';
import { AUDIENCE, issuerOf, TOKEN_TYPE } from '../../../src/core/identity.ts';
import { sendJson, serveHttp, type TestServer } from './http.ts';

export const MESH = 'acme';
export const AGENT = 'finance';

/** What a guard needs of a controller: its keys, a token for the guard itself, and an ear for audit rows. */
export interface TestController extends TestServer {
  readonly rows: readonly GuardCall[];
  /** While false, audit rows are answered with 503. */
  takesRows: boolean;
  /** An access token of the agent, with some claims or header fields changed. */
  token(claims?: JWTPayload, header?: { readonly typ?: string; readonly kid?: string }): Promise<string>;
}

export async function startController(): Promise<TestController> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }];
  const rows: GuardCall[] = [];
  const controller = {
    rows,
    takesRows: true,
    token: (claims: JWTPayload = {}, { typ = TOKEN_TYPE, kid = 'k1' } = {}) =>
      new SignJWT({ ...agentClaims(), ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ, kid })
        .sign(privateKey),
  };
  const server = await serveHttp(async (request, response) => {
    const body = await text(request);
    if (request.url === '/.well-known/jwks.json') {
      sendJson(response, 200, { keys });
    } else if (request.url === '/oauth/token') {
      sendJson(response, 200, { access_token: 'of-the-guard', token_type: 'Bearer', expires_in: 600 });
    } else if (request.url === '/guard/calls' && controller.takesRows) {
      rows.push(...GuardReport.parse(JSON.parse(body)).calls);
      response.writeHead(204).end();
    } else {
      sendJson(response, 503, {});
    }
  });
  return Object.assign(controller, server);
}

function agentClaims(): JWTPayload {
  const exp = Math.floor(Date.now() / 1000) + 600;
  return { iss: issuerOf(MESH), aud: AUDIENCE, sub: AGENT, kind: 'agent', roles: ['finance'], exp };
}
