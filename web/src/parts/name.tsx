import { hueOf, initialOf } from '../room/names.ts';

/** A person's name in its hue, isolated from the direction of what stands around it. */
export function Name({ nick }: { nick: string }) {
  return <bdi className={`name hue-${hueOf(nick)}`}>{nick}</bdi>;
}

/** The coloured initial beside a name. */
export function Avatar({ nick }: { nick: string }) {
  return (
    <span className={`avatar hue-${hueOf(nick)}`} aria-hidden="true">
      {initialOf(nick)}
    </span>
  );
}
