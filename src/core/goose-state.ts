/**
 * Where Goose keeps its state: among it every prompt in clear text, so an engine keeps this directory in memory
 * (`ServicePlan.tmpfs`). It stands directly in the data directory of its agent: Docker makes what is missing on the way
 * to a mount as root, and Goose could not write beside it.
 */
export const gooseState = (dataDir: string): string => `${dataDir}/state`;
