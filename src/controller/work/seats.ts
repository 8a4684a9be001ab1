import type { ApprovalSeat, ApprovalStep } from '../../core/approval.ts';
import type { Principal } from '../../core/identity.ts';
import type { Person } from '../../core/org.ts';
import { placeOf, placesFor } from '../../core/policy/places.ts';
import { allSeats } from '../../core/policy/progress.ts';
import type { Deps } from '../deps.ts';

/** A seat that somebody may take. */
export interface SeatClaim {
  readonly seat: ApprovalSeat;
  /** The role of the seat, or the actor whose it is. */
  readonly role: string;
  /** Who is away, where a deputy takes it. */
  readonly on_behalf_of: string | null;
}

/** The seats that a caller may take at a time, open or not: those of their own first. */
export function claimSeats(
  deps: Deps,
  by: Principal,
  { steps, at }: { readonly steps: readonly ApprovalStep[]; readonly at: string },
): readonly SeatClaim[] {
  const seats = allSeats(steps);
  const claim = (places: readonly string[], on_behalf_of: string | null) =>
    seats
      .filter((seat) => places.includes(placeOf(seat)))
      .map((seat) => ({ seat, role: seat.role ?? placeOf(seat), on_behalf_of }));
  const absent = by.kind === 'user' ? deps.deputies.standsInFor(by.name, at) : [];
  return [
    ...claim(ownPlaces(deps, by), null),
    ...absent.flatMap((person) => claim(placesOfPerson(person), `user:${person.name}`)),
  ];
}

/** The places in which a caller may decide at a time. */
export function placesNow(deps: Deps, by: Principal, at: string): readonly string[] {
  const absent = by.kind === 'user' ? deps.deputies.standsInFor(by.name, at) : [];
  return [...ownPlaces(deps, by), ...absent.flatMap(placesOfPerson)];
}

/** The places in which a caller may decide now or one day, as a deputy too: what is asked there is theirs to see. */
export function placesEver(deps: Deps, by: Principal): readonly string[] {
  const others = by.kind === 'user' ? deps.deputies.mayStandInFor(by.name) : [];
  return [...ownPlaces(deps, by), ...others.flatMap(placesOfPerson)];
}

/** An admin decides for every role, as a person; not as the manager of somebody. */
function ownPlaces({ config }: Deps, by: Principal): readonly string[] {
  const roles =
    by.kind === 'admin'
      ? [...config.profiles.map(({ role }) => role), ...config.clients.flatMap((client) => client.roles)]
      : by.roles;
  return placesFor(by.kind, { actor: by.actor, roles });
}

const placesOfPerson = ({ name, roles }: Person) => placesFor('user', { actor: `user:${name}`, roles });
