/** What a function is: who is employed, who leads, who pays, who is turned to, what system is used (domain §4.4). */
export const FUNCTION_TYPES = {
  enhedsrolle: '02e61900-33e0-407f-a2a7-22f70221f003',
  lederrolle: '46c73630-f7ad-4000-9624-c06131cde671',
  udbetalendeEnhed: 'faf29ba2-da6d-49c4-8a2f-0739172f4227',
  henvendelsessted: '7368482a-177e-4e04-8574-f558e6f1ef45',
  /** The standard names no UUID for it; this one is ours. */
  systemrolle: '5b0f3c4e-6f0e-4d0b-9a35-6d3b5f0c7a11',
} as const;

/** What a unit is; some case systems will have one or the other. */
export const UNIT_TYPES = {
  afdeling: '16bf18c3-ed6f-44b0-b7a1-35f94984e519',
  team: '2d9710bf-e9cc-465f-8ec7-46d5f2a64412',
} as const;

/** Whose a user is: a person's within or without, or nobody's. */
export const USER_TYPES = {
  intern: 'fe5bec29-0709-4b45-b935-2748ff554c7a',
  ekstern: '9de1426d-2ffb-4d3b-95aa-2afdec22c133',
  ingenPerson: 'fb24bae4-beb1-4970-9a94-cf7ce215f63c',
} as const;

/** What an address is for, at a unit. */
export const UNIT_ADDRESS_ROLES = {
  Henvendelsessted: '639a3ed9-86b0-4968-825b-434666cf6220',
  PostRetur: '3629ce92-594b-4380-9527-81d6e53edc11',
  Post: '80b610c6-314b-485a-a014-a9a1d7070bc4',
  Email: '2b670843-ce42-411a-8fb5-311dfdd5caf0',
  EmailBemaerkninger: 'd4939781-f2c4-401c-8c2f-0d08221127b9',
  Ean: '9ccaafe4-c4b2-4d25-942a-2ec5730d4ed8',
  Url: 'a99c073d-482e-47d3-9275-13c79f453c3a',
  Telefon: '8dcfa714-5ed3-4000-b551-2ba520e7d8ad',
  FastnetTelefon: '02826f64-5613-468e-ace5-3f089cb3ed20',
  LosKortNavn: '47a33082-4687-4a68-b82f-5bf6f9d8ee13',
  Lokation: 'ec387d90-263c-4cce-8de2-63b407a0daac',
  AabningstidTelefon: 'f6fd6117-c718-4254-a6f5-92538ad5a2f4',
  AabningstidHenvendelse: 'f37e5877-1549-4b5d-a53b-819491f0b933',
} as const;

/** What an address is for, at a user. */
export const USER_ADDRESS_ROLES = {
  Email: '5d13e891-162a-456b-abf2-fd9b864df96d',
  Telefon: '5ef6be2d-59f4-4652-a680-585929924ba9',
  FastnetTelefon: '47c05422-5379-4c27-9ddf-e02b52b3d961',
  Lokation: 'ad04ac80-e24a-45a5-9dd9-8537a916ac74',
} as const;

/** What an address is for, at a function. */
export const FUNCTION_ADDRESS_ROLES = { Url: '560cb83d-386d-43c0-aaa2-986a915b087c' } as const;

/** How a unit or a function has to do with a subject of KLE; the standard gives a UUID for the first only. */
export const TASK_ROLES = { Ansvarlig: '2a5f38d8-7092-4b3f-85cc-7e272c3c4bb0' } as const;
