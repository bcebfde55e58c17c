import type { NetworkInterfaceInfo } from 'node:os';

/** Bridges, tunnels and virtual machines: nobody on the local network reaches this machine by them. */
const VIRTUAL =
  /^(?:docker|br-|veth|virbr|vmnet|vboxnet|vethernet|utun|tun|tap|wg|zt|tailscale|podman|cni|lxc)/i;
const PRIVATE = [/^192\.168\./, /^10\./, /^172\.(?:1[6-9]|2\d|3[01])\./];

/**
 * The IPv4 address by which others on the local network most likely reach this
 * machine: a private one on a real interface first. Null if there is none but
 * loopback.
 */
export function findLanAddress(
  interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>,
): string | null {
  const found = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ address, rank: rank(name, address) })),
  );
  return found.toSorted((a, b) => a.rank - b.rank)[0]?.address ?? null;
}

function rank(name: string, address: string): number {
  const range = PRIVATE.findIndex((pattern) => pattern.test(address));
  return (VIRTUAL.test(name) ? 10 : 0) + (range === -1 ? PRIVATE.length : range);
}
