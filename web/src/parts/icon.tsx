const PATHS = {
  mark: 'M3 14h18c0 3.900-2.600 7-6.200 7.400V22H9.200v-.6C5.600 21 3 17.900 3 14ZM8.900 12.200c.3-.9.2-1.700-.4-2.300C7.500 9.100 7 8 7 6.900 7 4.200 9.300 2 12.300 2s5.300 2.200 5.300 4.900-2.300 4.900-5.300 4.900c-.5 0-1-.1-1.400-.2-.6.4-1.300.6-2 .6Z',
  send: 'M4 12 20 4l-5 16-3.500-6.500L4 12Zm7.500 1.500L20 4',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 9c0-3.600 2.700-6 6-6s6 2.400 6 6M16 4.500a3.500 3.500 0 0 1 0 6.500m2 3.500c1.900.9 3 2.900 3 5.500',
  invite:
    'M10 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 9c0-3.600 2.700-6 6-6 1.500 0 2.900.5 4 1.300M18 14v6m-3-3h6',
  close: 'm6 6 12 12M18 6 6 18',
  down: 'm6 9 6 6 6-6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3 2',
} as const;

/** A sign beside words, or in a button that has its own label: never read out. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      className={name === 'mark' ? 'icon icon-solid' : 'icon'}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
