import { BlockList, isIP, isIPv6 } from 'node:net';

const near = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  near.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  near.addSubnet(network, prefix, 'ipv6');

/** An address without the IPv6 dress of IPv4 (`::ffff:192.0.2.1`) and without a zone. */
export function plainAddress(address: string): string {
  const bare = address.split('%', 1)[0] ?? '';
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(bare) ? bare.slice(7) : bare;
}

/** What counts as one address: an IPv4 address itself, of an IPv6 address its /64. */
export function addressKey(plain: string): string {
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}

/** How many times the ordinary counts and rates by address an address has: once, more often, or without end. */
export type TimesOf = (plain: string) => number;

/**
 * `exempt` addresses (single ones or CIDR blocks) have no limits by address;
 * private ones and loopback have them `nearTimes` over, since a classroom sits
 * behind one.
 */
export function createTimesOf(exempt: readonly string[], nearTimes: number): TimesOf {
  const free = new BlockList();
  for (const block of exempt) {
    const [network = '', prefix] = block.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) free.addAddress(network, family);
    else free.addSubnet(network, Number(prefix), family);
  }
  return (plain) => {
    const version = isIP(plain);
    if (version === 0) return 1;
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (free.check(plain, family)) return Infinity;
    return near.check(plain, family) ? nearTimes : 1;
  };
}
