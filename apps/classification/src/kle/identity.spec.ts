import { identify, uuidFor } from './identity';

const OFFICIAL = '4eba8818-da19-4e37-b3e1-b9b6be2f2f13';
const OTHER = '4da28ac8-fbb4-4f04-a81d-0af336eab752';
const emne = (nr: string, uuid?: string) => ({ nr, niveau: 'Emne', uuid }) as const;

describe('uuidFor', () => {
  it('takes the official UUID of the file, then that of the list, in lower case', () => {
    const list = new Map([['01.01.01', OTHER.toUpperCase()]]);
    expect(uuidFor(emne('01.01.01', OFFICIAL.toUpperCase()), list)).toBe(OFFICIAL);
    expect(uuidFor(emne('01.01.01'), list)).toBe(OTHER);
  });

  it('makes the same version 5 for the same number, now and always', () => {
    // Written down once: a change here would give every such class a new identity.
    expect(uuidFor(emne('27.18.02'))).toBe('8ea958dd-6496-5a52-8d16-050f8409b2dc');
    expect(uuidFor({ nr: 'G01', niveau: 'Handlingsfacet' })).toBe('052b88de-082c-5abf-afa0-487099b551e7');
    expect(uuidFor({ nr: '27', niveau: 'Hovedgruppe' })).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('identify', () => {
  it('lets a class keep its UUID for life, and tells of the other', () => {
    const { uuid, raad } = identify([emne('01.01.01', OFFICIAL)], new Map([['01.01.01', OTHER]]));
    expect(uuid.get('01.01.01')).toBe(OTHER);
    expect(raad).toEqual([
      { slags: 'uuid-afvigelse', nr: '01.01.01', besked: expect.stringContaining(OFFICIAL) as string },
    ]);
  });

  it('has nothing to say when the file agrees with the register, or is silent', () => {
    const known = new Map([['01.01.01', OFFICIAL]]);
    expect(identify([emne('01.01.01', OFFICIAL.toUpperCase())], known)).toEqual({ uuid: known, raad: [] });
    expect(identify([emne('01.01.01')], known)).toEqual({ uuid: known, raad: [] });
  });

  it('does not give away the UUID of another number', () => {
    const { uuid, raad } = identify([emne('02.02.02', OFFICIAL)], new Map([['01.01.01', OFFICIAL]]));
    expect(uuid.get('02.02.02')).toBe(uuidFor(emne('02.02.02')));
    expect(raad).toMatchObject([{ slags: 'uuid-optaget', nr: '02.02.02' }]);
  });

  it('prefers the file to the list, and tells where they differ', () => {
    const { uuid, raad } = identify([emne('01.01.01', OFFICIAL)], new Map(), new Map([['01.01.01', OTHER]]));
    expect(uuid.get('01.01.01')).toBe(OFFICIAL);
    expect(raad).toMatchObject([{ slags: 'uuid-afvigelse', nr: '01.01.01' }]);
  });

  it('gives every number a UUID of its own', () => {
    const numbers = Array.from(
      { length: 500 },
      (_, i) => `01.01.${String(i % 100).padStart(2, '0')}${Math.floor(i / 100)}`,
    );
    const { uuid } = identify(
      numbers.map((nr) => emne(nr)),
      new Map(),
    );
    expect(new Set(uuid.values()).size).toBe(500);
  });
});
