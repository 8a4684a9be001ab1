import { join } from 'node:path';
import { findPackageRoot } from '../core/package-root.ts';
import { PriceTable } from '../core/prices.ts';
import { readYamlFile } from '../core/yaml-file.ts';

/** The price table of the package, with what mesh.yaml says of some models before it. */
export async function loadPrices(own: PriceTable): Promise<PriceTable> {
  return { ...(await readYamlFile(join(findPackageRoot(), 'prices.yaml'), PriceTable)), ...own };
}
